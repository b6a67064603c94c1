"""The plain words of a consent: what each kind of information holds, said so that it can be read aloud.

Here: sentences about categories, a list of them, how an answer was given. Not here: the names of the
categories (`humla.cases.models.Category`) and the reasons of a refusal (`rules`).
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.cases.models import RELEASABLE, Category
from humla.consents.models import AnswerGiven, Manner
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


def in_words(categories: Iterable[str]) -> str:
    """The kinds of information in a row, always in the same order. No "och": their names have one already."""
    chosen = set(categories)
    return ", ".join(str(category.label) for category in Category if category in chosen)


def columns() -> list[str]:
    """The heads of the table of receivers and kinds, in order."""
    return [str(SHORT[category]) for category in RELEASABLE]


def how_given(answer: AnswerGiven) -> str:
    """How the person said it: muntligt till Siv Sandberg, på arabiska, med tolk."""
    said = str(Manner(answer.manner).label)
    if answer.heard_by:
        said = _("%(manner)s till %(name)s") % {"manner": said, "name": answer.heard_by}
    spoken = dict(Language.choices).get(answer.language, answer.language)
    words = [said, _("på %(language)s") % {"language": spoken}]
    if answer.with_interpreter:
        words.append(_("med tolk"))
    return ", ".join(words)
