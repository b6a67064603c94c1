"""The person is asked about one receiver: she answers on her own page, or has said no already.

Here: the staff's pages for the question, with the receiver's page beside the boxes, and taking it back. Not
here: her own pages (`own_consents`), a yes that is written down (`consents`), nor what may be asked
(`humla.consents.asking`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.consents import rules, wording
from humla.consents.asking import (
    ask_person,
    may_take_back,
    record_no,
    request_of,
    requests_of,
    stands,
    take_back_request,
)
from humla.consents.models import ConsentRequest, Manner, RequestState
from humla.consents.visibility import latest_plan_answer
from humla.core.context import Actor, now, today
from humla.core.fields import ChoiceField, MultipleChoiceField, ProseField
from humla.core.rulings import NotAllowed, Ruling
from humla.core.versions import Stale
from humla.organisation.models import Unit
from humla.organisation.visibility import names_of_professionals
from humla.web.consent_forms import HeardByField, boxes, day_field, manners, only_if_oral, within_reach
from humla.web.consent_ways import units_to_name, whose
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.page import render
from humla.web.preview import chosen_in
from humla.web.unit_choice import FormWithUnits, UnitField, near, offer_units

HERSELF, SAID_NO = "sjalv", "nej"


class AskForm(FormWithUnits):
    """One receiver, what it would get to know and why; and what happens if the answer is no."""

    unit = UnitField(
        among="andra", label=_("Vem skulle få veta?"), missing=_("Välj den enhet som frågan gäller.")
    )
    categories = MultipleChoiceField(
        label=_("Vad skulle enheten få veta?"),
        help_text=_("Så mycket som behövs och inte mer. Personen kan säga ja till mindre."),
        choices=boxes,
        missing=_("Kryssa i minst en ruta."),
    )
    ends_on = day_field(_("Till och med"))
    why = ProseField(
        500,
        rows=3,
        label=_("Varför behöver de veta?"),
        help_text=_("Personen läser det här. Skriv till personen, med vanliga ord."),
        missing=_("Skriv varför enheten behöver veta."),
    )
    instead = ProseField(
        500,
        rows=3,
        label=_("Vad händer om svaret är nej?"),
        help_text=_("Stödet finns kvar. Skriv vad ni gör i stället, så vet personen vad ett nej betyder."),
        missing=_("Skriv vad som händer om personen säger nej."),
    )
    how = ChoiceField(
        label=_("Hur svarar personen?"),
        choices=[
            (HERSELF, _("Själv, inloggad på sin sida")),
            (SAID_NO, _("Personen har redan sagt nej till mig")),
        ],
        widget=forms.RadioSelect,
        missing=_("Välj hur personen svarar."),
    )
    manner = ChoiceField(
        label=_("Hur gavs svaret?"), choices=manners, widget=forms.RadioSelect, required=False
    )
    heard_by = HeardByField(
        120, label=_("Vem hörde det?"), help_text=_("Behövs när svaret var ett muntligt nej.")
    )

    def __init__(self, *args: Any, case: Case, units: Sequence[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        offer_units(self, "unit", units, near=near(case.unit))

    def clean_ends_on(self) -> Any:
        return within_reach(self.cleaned_data["ends_on"])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("how") == SAID_NO:
            if not said.get("manner"):
                self.add_error("manner", gettext("Välj hur svaret gavs."))
            only_if_oral(self, said)
        return said


@dataclass(frozen=True)
class AskedRow:
    """One question as the overview shows it."""

    asked: ConsentRequest
    state: RequestState
    kinds: list[str]
    by: str
    may_take_back: Ruling

    @property
    def is_open(self) -> bool:
        """Does it wait for the person?"""
        return self.state is RequestState.OPEN

    @property
    def tone(self) -> str:
        """The colour beside the word for its state: a no is nothing to be warned of."""
        return {RequestState.OPEN: "info", RequestState.YES: "done"}.get(self.state, "neutral")


def asked_rows(case: Case, actor: Actor) -> list[AskedRow]:
    """Every question of the case, newest first."""
    found = requests_of(case)
    names = names_of_professionals({one.asked_by_id for one in found})
    for one in found:
        one.case = case
    return [
        AskedRow(
            asked=one,
            state=stands(one, now()),
            kinds=wording.names_of(one.categories),
            by=names.get(one.asked_by_id, ""),
            may_take_back=may_take_back(actor, one),
        )
        for one in found
    ]


@case_page(methods=("GET", "POST"))
def ask_consent(request: DoorRequest, case: Case) -> HttpResponse:
    """Put a question to the person, or write down the no that she has said."""
    only_where_held(request, case)
    units = units_to_name(case)
    form = AskForm(request.POST or None, case=case, units=units, initial=_suggested(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _asked(request, case, form)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
    request.looked_in(case, Tag.CASE_READ, items=[("case", case.pk, 0)])
    context = {
        **whose(case),
        "form": form,
        "hints": wording.hints(),
        "may_ask": rules.may_ask(request.actor, case, latest_plan_answer(case)),
    }
    return render(request, "consents/ask.html", context)


@case_page(methods=("POST",))
def take_back_question(request: DoorRequest, case: Case, request_id: UUID) -> HttpResponse:
    """The question is no longer asked."""
    only_where_held(request, case)
    asked = request_of(request_id)
    if asked is None or asked.case_id != case.pk:
        raise Http404
    try:
        take_back_request(asked, by=request.actor)
    except (Stale, NotAllowed):
        messages.info(request, gettext("Frågan var redan besvarad eller återtagen."))
    else:
        messages.success(request, gettext("Frågan är återtagen. Den står inte längre på personens sida."))
    return redirect("consents", case_id=case.pk)


def _asked(request: DoorRequest, case: Case, form: AskForm) -> HttpResponse:
    said = dict(form.cleaned_data)
    how, manner, heard_by = said.pop("how"), said.pop("manner"), said.pop("heard_by")
    if how == HERSELF:
        ask_person(case, **said, by=request.actor)
        messages.success(request, gettext("Frågan står nu på personens egen sida. Inget är utlämnat."))
    else:
        record_no(case, **said, manner=manner, heard_by=heard_by, by=request.actor)
        messages.success(request, gettext("Nejet är sparat. Enheten får inte veta något."))
    return redirect("consents", case_id=case.pk)


def _suggested(request: DoorRequest) -> dict[str, Any]:
    return {
        "unit": request.GET.get("unit", ""),
        "categories": chosen_in(request.GET.getlist("categories")),
        "ends_on": rules.months_after(today(), rules.SUGGESTED_MONTHS),
        "how": HERSELF,
        "manner": Manner.ORAL,
        "heard_by": request.actor.name,
    }
