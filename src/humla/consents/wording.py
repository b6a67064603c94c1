"""The plain words of a consent: what each kind of information holds, said so that it can be read aloud.

Here: sentences about categories, their names where the person is spoken of, how an answer was given. Not
here: their names said to the person (`humla.cases.models.Category`) and the reasons of a refusal (`rules`).
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.cases.models import RELEASABLE, Category
from humla.consents.models import AnswerGiven, Manner
from humla.core.dates import written_date
from humla.people.models import Language

MEANS: dict[Category, str | Promise] = {
    Category.IDENTITY: gettext_lazy("Namn och personnummer, ärendekoden och vem som håller ihop planen."),
    Category.PLANNING: gettext_lazy("Vad som ska göras, vem som gör det och när det ska vara klart."),
    Category.NEEDS: gettext_lazy(
        "Eget mål, hur det är nu och vad som behövs, till exempel boende eller arbete."
    ),
    Category.HEALTH: gettext_lazy("Sjukdomar, besvär, vård och behandling, och sådant som gäller missbruk."),
    Category.ECONOMY: gettext_lazy("Inkomst, skulder, ersättningar och försörjningsstöd."),
}
"""What the person is told before saying yes."""

SHORT: dict[Category, str | Promise] = {
    Category.IDENTITY: gettext_lazy("Vem"),
    Category.PLANNING: gettext_lazy("Vem gör vad"),
    Category.NEEDS: gettext_lazy("Behov"),
    Category.HEALTH: gettext_lazy("Hälsa"),
    Category.ECONOMY: gettext_lazy("Ekonomi"),
}
"""One or two words over a column."""


OF_THE_PERSON: dict[Category, str | Promise] = {
    Category.IDENTITY: gettext_lazy("vem personen är och att det finns ett ärende"),
    Category.NEEDS: gettext_lazy("hur personen har det och vad personen behöver"),
}
"""The names that are another when a professional reads them: the category's own says "du" to the person."""


def staff_label(category: Category) -> str:
    """What the kind of information is called on a page that somebody else than the person reads."""
    return str(OF_THE_PERSON.get(category, category.label))


def in_words(categories: Iterable[str]) -> str:
    """For staff, in a row, always in the same order. No "och": their names have one already."""
    chosen = set(categories)
    return ", ".join(staff_label(category) for category in Category if category in chosen)


def columns() -> list[str]:
    """The heads of the table of receivers and kinds, in order."""
    return [str(SHORT[category]) for category in RELEASABLE]


def how_given(answer: AnswerGiven) -> str:
    """How the person said it: muntligt till Siv Sandberg, på arabiska, med tolk, 24 november 2026."""
    said = str(Manner(answer.manner).label)
    if answer.heard_by:
        said = _("%(manner)s till %(name)s") % {"manner": said, "name": answer.heard_by}
    spoken = dict(Language.choices).get(answer.language, answer.language)
    words = [said, _("på %(language)s") % {"language": spoken}]
    if answer.with_interpreter:
        words.append(_("med tolk"))
    if answer.said_on:
        words.append(written_date(answer.said_on))
    return ", ".join(words)
