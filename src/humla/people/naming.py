"""How a person is written: her name, and what she is registered by, masked or whole.

Here: words only. Not here: who may see them (`visibility`, the row policies), nor that the whole number is
a look of its own on the trail (`humla.web.people`).
"""

from datetime import date

from django.utils.translation import gettext as _

from humla.core import dates, numbers
from humla.people.models import NumberKind, Person

BULLETS = "••••"


def display_name(person: Person) -> str:
    """The name as a page writes it; the code alone when nothing is written.

    One with protected identity is named on the page of her own details alone: a head, a list, a paper or a
    screen says which case it is, and that is enough for those who are to know.
    """
    return (
        protected_name()
        if person.is_protected
        else person.full_name.strip() or person.code or _("Namn saknas")
    )


def protected_name() -> str:
    """What is written instead of a name."""
    return _("Skyddad person")


def called(person: Person) -> str:
    """What she is called in a sentence: her given name."""
    if person.is_protected:
        return _("personen")
    return person.given_name or display_name(person)


def shown_number(person: Person) -> str:
    """The number for the head of a page, which masks it; nothing of one with protected identity, since the
    birth date is a half of it."""
    return "" if person.is_protected else person.number


def masked_number(person: Person) -> str:
    """19860611-••••, or the temporary code, which says nothing about anybody and is written whole."""
    if person.is_protected:
        return BULLETS
    return f"{person.number[:8]}-{BULLETS}" if person.number else person.code


def whole_number(person: Person) -> str:
    """19860611-2384, or the temporary code."""
    return f"{person.number[:8]}-{person.number[8:]}" if person.number else person.code


def number_label(person: Person) -> str:
    """What the number is called, with a capital letter."""
    label = str(NumberKind(person.number_kind).label)
    return label[:1].upper() + label[1:]


def born_on(person: Person) -> date | None:
    """The birth date that the number says, if there is one."""
    return numbers.parse(person.number, dates.today()).born_on if person.number else None
