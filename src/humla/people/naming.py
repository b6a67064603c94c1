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
    """The name as a page writes it; the code alone when nothing is written."""
    return person.full_name.strip() or person.code or _("Namn saknas")


def masked_number(person: Person) -> str:
    """19860611-••••, or the temporary code, which says nothing about anybody and is written whole."""
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
