"""The plain words of a consent: what each kind of information holds, said so that it can be read aloud.

Here: sentences about categories, and how an answer was given. Not here: the categories' own names
(`humla.cases.models.Category`) and the reasons of a refusal (`rules`).
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.cases.models import Category
from humla.consents.models import AnswerGiven, Manner
from humla.core.dates import written_date
from humla.people.models import Language
from humla.representatives.models import GivenBy

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


def hints() -> dict[str, str]:
    """The same beside each box."""
    return {category.value: str(words) for category, words in MEANS.items()}


def said_of(categories: Iterable[str]) -> dict[str, str]:
    """Each kind by its name, and what it holds."""
    return {str(one.label): str(words) for one, words in MEANS.items() if one in set(categories)}


def in_words(categories: Iterable[str]) -> str:
    """Their names in a row, always in the same order."""
    return ", ".join(names_of(categories))


def names_of(categories: Iterable[str]) -> list[str]:
    """The same as a list."""
    chosen = set(categories)
    return [str(category.label) for category in Category if category in chosen]


def how_given(answer: AnswerGiven) -> str:
    """How the person said it: muntligt till Siv Sandberg, på arabiska, med tolk, 24 november 2026."""
    said = str(Manner(answer.manner).label)
    if answer.heard_by:
        said = _("%(manner)s till %(name)s") % {"manner": said, "name": answer.heard_by}
    if answer.given_by != GivenBy.PERSON:
        who = str(GivenBy(answer.given_by).label)
        said = _("%(manner)s, av %(who)s") % {"manner": said, "who": who}
    spoken = dict(Language.choices).get(answer.language, answer.language)
    words = [said, _("på %(language)s") % {"language": spoken}]
    if answer.with_interpreter:
        words.append(_("med tolk"))
    if answer.said_on:
        words.append(written_date(answer.said_on))
    return ", ".join(words)
