"""Choosing a unit by typing: the one field that every form has where somebody is to be named.

Here: the field, its form, and the small page that follows the typing. Not here: which units fit and in which
order (`humla.organisation.finding`), which of them a form may offer (the form says it with `offer_units`).

Without JavaScript "Sök" sends the form as it is and it comes back with the units that fit, everything else
kept and nothing saved. With it the list follows the typing. What is typed is never in an address: a name can
be typed anywhere.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from humla.core import text
from humla.core.context import Kind, today
from humla.core.fields import CHOOSE_FROM_LIST
from humla.organisation.finding import Found, find
from humla.organisation.models import Unit
from humla.organisation.reaching import Trust, for_whom, instead, trust_in
from humla.organisation.visibility import units_named, units_to_choose
from humla.web.door import DoorRequest, hook
from humla.web.page import render

SHOWN = 12
"""So many at once: what can be taken in by looking. The rest is found by typing more."""

AMONG = ("alla", "andra", "egna", "bara")
"""What the list that follows the typing is made of: all units, those of other authorities, one's own. `bara`:
only what the form offers, so that nothing follows the typing and "Sök" does it."""

_OFFICE = (Kind.PROFESSIONAL, Kind.FORBUND, Kind.ADMIN)
_SEARCH_LIMIT = 60
_PRESSED = "sok_enhet"
_NAME_OF = "%s_sok"


@dataclass(frozen=True)
class Choice:
    """One unit to choose, with what one needs to know to choose it."""

    unit: Unit
    is_chosen: bool
    for_whom: str
    instead: str
    trust: Trust


@dataclass(frozen=True)
class Choices:
    """What the list holds now."""

    rows: list[Choice]
    found: int
    """How many fit, also those that are not shown."""
    read_as: str

    @property
    def has_chosen(self) -> bool:
        """Is one of them chosen?"""
        return any(row.is_chosen for row in self.rows)

    @property
    def left(self) -> int:
        """Those that fit and are not shown."""
        return self.found - len([row for row in self.rows if not row.is_chosen])


class UnitBound(BoundField):
    """The field on its form: what is typed, what is chosen and what there is to choose."""

    @property
    def written(self) -> str:
        """What stands in the search box."""
        return _cleaned(self.form.data.get(self.search_name, "")) if self.form.is_bound else ""

    @property
    def search_name(self) -> str:
        """The search box's own name."""
        return _NAME_OF % self.html_name

    @cached_property
    def choices(self) -> Choices:
        """What the list shows: what is chosen first, then what fits."""
        field: Any = self.field
        chosen = self.value() or ()
        ids = {str(getattr(one, "pk", one)) for one in (chosen if _is_many(chosen) else [chosen])}
        return _choices(field.units.values(), self.written, ids, field.near)


class UnitField(forms.Field):
    """One unit, or with `many` some of them; cleans to `Unit` or a list. What it offers is the fence."""

    def __init__(
        self, *, many: bool = False, among: str = "alla", missing: Any = None, **options: Any
    ) -> None:
        assert among in AMONG
        self.many, self.among = many, among
        self.units: dict[str, Unit] = {}
        self.near: Collection[str] = ()
        missing = missing or _("Välj en enhet. Sök på namn, ort eller vad den tar emot.")
        options.setdefault("widget", forms.CheckboxSelectMultiple if many else forms.RadioSelect)
        super().__init__(error_messages={"required": missing}, **options)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> UnitBound:
        """The field as the macro `unit_choice` draws it."""
        return UnitBound(form, self, field_name)

    def to_python(self, value: Any) -> Any:
        """The unit that an id stands for."""
        ids = [str(one) for one in (value if _is_many(value) else [value]) if one]
        if any(one not in self.units for one in ids):
            raise ValidationError(CHOOSE_FROM_LIST, code="invalid_choice")
        found = [self.units[one] for one in dict.fromkeys(ids)]
        return found if self.many else next(iter(found), None)


class FormWithUnits(forms.Form):
    """A form with a unit to choose. "Sök" brings it back without a word about what is not filled in."""

    @property
    def is_searching(self) -> bool:
        """Was it "Sök" that sent it?"""
        return self.is_bound and _PRESSED in self.data

    def is_valid(self) -> bool:
        return not self.is_searching and super().is_valid()

    def full_clean(self) -> None:
        if self.is_searching:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()


def offer_units(form: forms.Form, name: str, units: Iterable[Unit], *, near: Collection[str] = ()) -> None:
    """Give a field the units to choose among; those that take on people from the places come first."""
    field: Any = form.fields[name]
    field.units, field.near = {str(unit.pk): unit for unit in units}, near


def near(unit: Unit | None) -> list[str]:
    """The places of one's own unit, or the case's: where the people whom one meets most often live."""
    return [unit.place, *unit.serves] if unit else []


@hook
def choices_by_typing(request: DoorRequest) -> HttpResponse:
    """The list under the search box, for what is typed in it now. Holds no person, and changes nothing."""
    name, among = request.GET.get("falt", ""), request.GET.get("bland", "")
    if request.actor.kind not in _OFFICE or not name.isidentifier() or among not in AMONG[:-1]:
        raise Http404
    units = units_to_choose()
    if among == "andra":
        units = units.exclude(authority_id=request.actor.authority_id)
    elif among == "egna":
        units = units.filter(authority_id=request.actor.authority_id)
    context = {
        "name": name,
        "many": "flera" in request.GET,
        "may_be_none": "ingen" in request.GET,
        "choices": _choices(
            units,
            _cleaned(request.POST.get(_NAME_OF % name, "")),
            set(request.POST.getlist(name)),
            near(units_named([request.actor.unit_id]).get(request.actor.unit_id)),
        ),
    }
    return render(request, "units/choices.html", context)


def _choices(units: Iterable[Unit], written: str, chosen: set[str], close: Collection[str]) -> Choices:
    every = list(units)
    there = [unit for unit in every if str(unit.pk) in chosen]
    found: Found = find([unit for unit in every if str(unit.pk) not in chosen], written, near=close)
    on = today()
    rows = [
        Choice(unit, str(unit.pk) in chosen, for_whom(unit), instead(unit), trust_in(unit, on))
        for unit in (*there, *found.units[:SHOWN])
    ]
    return Choices(rows, len(found.units), found.read_as)


def _cleaned(written: str) -> str:
    """What was typed to search with; nothing when it cannot be read."""
    try:
        return text.clean(written, limit=_SEARCH_LIMIT, multiline=False)
    except ValidationError:
        return ""


def _is_many(value: Any) -> bool:
    return isinstance(value, list | tuple | set)
