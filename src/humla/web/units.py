"""The units: finding the right one by typing, how it is reached and how sure that is, and who keeps it true.

Here: the list, one unit, "stämmer" and what those who work there tell. Not here: choosing one on a form
(`humla.web.unit_choice`), which fit what is typed (`humla.organisation.finding`), the organisation as a whole
(`humla.web.organisation`).
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.core.context import today
from humla.core.fields import ChoiceField, LineField, ProseField, offer
from humla.core.versions import Stale
from humla.organisation import actions
from humla.organisation.finding import find
from humla.organisation.models import Professional, Unit
from humla.organisation.reaching import Trust, ages, for_whom, instead, is_due, trust_in
from humla.organisation.rules import may_look_after, may_set_code_phone
from humla.organisation.visibility import (
    assignments_now,
    unit_told,
    units_of_same_party,
    units_to_choose,
)
from humla.web.door import DoorRequest, office_page
from humla.web.page import render
from humla.web.two_texts import differing, sent_version
from humla.web.unit_choice import FormWithUnits, UnitField, near, offer_units
from humla.web.words import page_asked, sealed, sought, words_sent

PAGE = 50
"""So many units on a page."""

_PLACES = 20
_PLACE = 80
_TEXTS = ("takes_on", "serves", "also_called", "place", "phone", "phone_hours", "hours", "mail", "stand_in")


@dataclass(frozen=True)
class UnitRow:
    """One unit in the list."""

    unit: Unit
    for_whom: str
    instead: str
    trust: Trust


class UnitForm(FormWithUnits):
    """What others need to find the unit and to reach it. The name and where it belongs stay."""

    takes_on = ProseField(
        300, rows=3, label=_("Vilka tar ni emot?"), help_text=_("Så att andra hittar rätt."), required=False
    )
    serves = LineField(
        1000,
        label=_("Från vilka orter?"),
        help_text=_("Med komma emellan. Lämna tomt om orten inte spelar någon roll."),
        required=False,
    )
    from_age = forms.IntegerField(label=_("Från vilken ålder?"), min_value=0, max_value=120, required=False)
    to_age = forms.IntegerField(label=_("Till och med?"), min_value=0, max_value=120, required=False)
    is_way_in = forms.BooleanField(
        label=_("Vi är en väg in: hit vänder man sig när man inte vet vilken enhet det är"), required=False
    )
    also_called = LineField(
        200,
        label=_("Vad säger folk?"),
        help_text=_("Vardagliga namn som andra söker på, till exempel soc eller psyk."),
        required=False,
    )
    place = LineField(80, label=_("Ort"), required=False)
    phone = LineField(40, label=_("Telefon"), required=False)
    phone_hours = LineField(120, label=_("Telefontid"), required=False)
    hours = LineField(200, label=_("Öppet"), required=False)
    mail = forms.EmailField(
        label=_("Funktionsbrevlåda"),
        help_text=_("Enhetens egen, aldrig någons egen adress. Hit kommer besked utan namn."),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Skriv adressen så här: enheten@kommunen.se")},
    )
    stand_in_unit = UnitField(
        label=_("Vilken enhet svarar när ni inte svarar?"),
        help_text=_("Till exempel under semestern."),
        required=False,
    )
    stand_in = LineField(120, label=_("Eller vem?"), required=False)
    stand_in_phone = LineField(40, label=_("Telefon dit"), required=False)
    owner = ChoiceField(
        label=_("Vem sköter de här uppgifterna?"),
        help_text=_("Får en påminnelse på Idag två gånger om året."),
        required=False,
    )

    def __init__(self, *args: Any, unit: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        here = assignments_now().filter(unit=unit.pk)
        self.staff = {str(one.professional_id): one.professional for one in here}
        if unit.owner is not None:
            self.staff.setdefault(str(unit.owner_id), unit.owner)
        offer(self, "owner", [("", gettext("Ingen")), *((key, one.name) for key, one in self.staff.items())])
        others = (*units_of_same_party(unit), *([unit.stand_in_unit] if unit.stand_in_unit else ()))
        offer_units(self, "stand_in_unit", others, near=near(unit))

    def clean_serves(self) -> list[str]:
        places = [one.strip() for one in self.cleaned_data["serves"].split(",")]
        places = list(dict.fromkeys(one for one in places if one))
        if len(places) > _PLACES or any(len(one) > _PLACE for one in places):
            raise forms.ValidationError(gettext("Skriv högst tjugo orter, med komma emellan."))
        return places

    def clean_owner(self) -> Professional | None:
        return self.staff.get(self.cleaned_data["owner"])

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        low, high = told.get("from_age"), told.get("to_age")
        if low is not None and high is not None and high < low:
            self.add_error("to_age", gettext("Den lägre åldern måste stå först."))
        return told


class CodePhoneForm(forms.Form):
    """Where the codes come that open what is sent to the unit."""

    phone = LineField(
        20,
        label=_("Telefon för engångskoder"),
        help_text=_("Enhetens egen. Den som har den kan öppna det som skickas till er. Tomt: ingen kan det."),
        required=False,
    )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone:
            Unit._meta.get_field("code_phone").run_validators(phone)
        return phone


@office_page(methods=("GET", "POST"))
def units(request: DoorRequest) -> HttpResponse:
    """Every unit that takes part around a person, nearest first; found by typing what one knows."""
    if request.method == "POST":
        return redirect(_list_url(sok=sealed(request, words_sent(request))))
    search, page = sought(request), page_asked(request)
    every = list(units_to_choose())
    own = next((one for one in every if one.pk == request.actor.unit_id), None)
    found = find(every, search.words, near=near(own))
    shown = found.units[(page - 1) * PAGE : page * PAGE]
    on = today()
    context = {
        "rows": [UnitRow(one, for_whom(one), instead(one), trust_in(one, on)) for one in shown],
        "words": search.words,
        "read_as": found.read_as,
        "count": len(found.units),
        "previous": _list_url(sok=search.sealed, sida=page - 1) if page > 1 else "",
        "next": _list_url(sok=search.sealed, sida=page + 1) if len(found.units) > page * PAGE else "",
    }
    return render(request, "units/list.html", context)


@office_page()
def unit(request: DoorRequest, unit_id: UUID) -> HttpResponse:
    """One unit: how it is reached, how sure that is, and what can be done about it."""
    found, on = _unit_or_404(unit_id), today()
    context = {
        "unit": found,
        "for_whom": for_whom(found),
        "ages": ages(found),
        "instead": instead(found),
        "trust": trust_in(found, on),
        "is_due": is_due(found, on),
        "may": may_look_after(request.actor, found),
        "may_set_code_phone": may_set_code_phone(request.actor, found),
        "others": [one for one in units_of_same_party(found) if one.is_way_in and not found.is_way_in],
    }
    return render(request, "units/unit.html", context)


@office_page(methods=("POST",))
def confirm_unit(request: DoorRequest, unit_id: UUID) -> HttpResponse:
    """Stämmer: one tap, for half a year."""
    found = _unit_or_404(unit_id)
    if not may_look_after(request.actor, found):
        raise Http404
    try:
        actions.confirm_unit(found, version=sent_version(request), by=request.actor)
    except Stale:
        messages.info(request, gettext("Någon annan har just ändrat uppgifterna. Läs dem igen."))
    else:
        messages.success(request, gettext("Tack. Uppgifterna är bekräftade i dag."))
    return redirect("unit", unit_id=found.pk)


@office_page(methods=("GET", "POST"))
def describe_unit(request: DoorRequest, unit_id: UUID) -> HttpResponse:
    """What those who work there tell about their unit."""
    found = _unit_or_404(unit_id)
    if not may_look_after(request.actor, found):
        raise Http404
    form = UnitForm(request.POST or None, unit=found, initial=_written(found))
    conflicts = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.describe_unit(found, version=sent_version(request), by=request.actor, **form.cleaned_data)
        except Stale:
            found = _unit_or_404(unit_id)
            asked = {name: form.fields[name] for name in _TEXTS}
            mine = {name: form[name].value() for name in _TEXTS}
            conflicts = differing(asked, mine, _written(found))
        else:
            messages.success(request, gettext("Sparat. Uppgifterna är bekräftade i dag."))
            return redirect("unit", unit_id=found.pk)
    context = {"unit": found, "form": form, "conflicts": conflicts}
    return render(request, "units/describe.html", context)


@office_page(methods=("GET", "POST"))
def code_phone(request: DoorRequest, unit_id: UUID) -> HttpResponse:
    """The telephone that gets the codes; the one before is told by SMS."""
    found = _unit_or_404(unit_id)
    if not may_set_code_phone(request.actor, found):
        raise Http404
    form = CodePhoneForm(request.POST or None, initial={"phone": found.code_phone})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_code_phone(
                found, phone=form.cleaned_data["phone"], version=sent_version(request), by=request.actor
            )
        except Stale:
            found = _unit_or_404(unit_id)
            form.add_error(None, gettext("Någon annan har just ändrat uppgifterna. Läs dem och spara igen."))
        else:
            messages.success(request, gettext("Sparat. Nya koder går till den telefonen."))
            return redirect("unit", unit_id=found.pk)
    return render(request, "units/code_phone.html", {"unit": found, "form": form})


def _unit_or_404(unit_id: UUID) -> Unit:
    found = unit_told(unit_id)
    if found is None:
        raise Http404
    return found


def _written(found: Unit) -> dict[str, Any]:
    names = set(UnitForm.base_fields) - {"serves", "stand_in_unit", "owner"}
    return {name: getattr(found, name) for name in names} | {
        "serves": ", ".join(found.serves),
        "stand_in_unit": found.stand_in_unit_id,
        "owner": found.owner_id,
    }


def _list_url(**more: str | int) -> str:
    asked = urlencode({name: value for name, value in more.items() if value})
    return f"{reverse('units')}?{asked}" if asked else reverse("units")
