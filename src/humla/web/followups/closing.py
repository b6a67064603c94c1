"""The end of a case: why, what came of it, what the person lives on, who takes over; and taking it up again.

Here: the form, the page of a closed case and reopening. Not here: what must be settled first
(`humla.followups.rules.may_close`), nor the closing as a document (`documents`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.cases.models import Case, CaseState
from humla.cases.visibility import my_open_cases_about
from humla.consents.models import ConsentState
from humla.consents.visibility import consents_of, state_of
from humla.core.context import now, today
from humla.core.fields import ChoiceField, LineField, MultipleChoiceField, ProseField, SwedishDateField, offer
from humla.core.rulings import NotAllowed
from humla.disclosures.models import DocumentKind
from humla.drafts.actions import drop_draft
from humla.followups import actions, rules
from humla.followups.document import ENDS, shown
from humla.followups.models import Before, CloseReason, Closing, Livelihood
from humla.followups.visibility import (
    begun_in,
    closing_of,
    closings_of,
    documents_of,
    lead_offered,
    still_planned,
)
from humla.organisation.models import Unit
from humla.people.naming import display_name, shown_number
from humla.people.visibility import person_seen
from humla.plans.visibility import parts_in
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.page import render
from humla.web.two_texts import draft_url, prefilled

LINES = 3
"""So many sources of livelihood can be told at each end: wages in part, benefit in part, and one more."""

_EXTENTS = [("", _("Omfattning")), *((str(one), f"{one} %") for one in rules.PERCENTS)]


class CloseForm(forms.Form):
    """How the case ends, on one page."""

    reason = ChoiceField(
        label=_("Varför avslutas ärendet?"),
        choices=[(value, capfirst(str(label))) for value, label in CloseReason.choices],
        widget=forms.RadioSelect,
        missing=_("Välj varför ärendet avslutas."),
    )
    closed_on = SwedishDateField(
        label=_("Dag"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    result = ProseField(
        10_000,
        rows=4,
        label=_("Vad blev det av planen?"),
        help_text=_("Behövs när målet är nått, samordning inte behövs mer eller en annan plan ersätter."),
        required=False,
    )
    other_way = LineField(
        500,
        label=_("Annan väg framåt"),
        help_text=_("Om personen går vidare på ett annat sätt än planen tänkte sig."),
        required=False,
    )
    takes_over = LineField(
        300,
        label=_("Vem tar vid?"),
        help_text=_("Den som personen vänder sig till nu: enhet, namn och telefon."),
        required=False,
    )
    verdict = ChoiceField(
        label=_("Personens omdöme om planen"),
        help_text=_("1 är inte alls bra, 5 är mycket bra."),
        choices=[("", _("Inget svar")), *((str(mark), str(mark)) for mark in rules.SCALE)],
        widget=forms.RadioSelect,
        required=False,
    )
    verdict_words = ProseField(10_000, rows=3, label=_("Med personens ord"), required=False)
    tell = MultipleChoiceField(
        label=_("Vilka ska få avslutet?"),
        help_text=_("Varje enhet får bara det som personen har sagt ja till. Det lämnas ut efter en minut."),
        required=False,
    )

    def __init__(self, *args: Any, units: Sequence[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        self.units = {str(one.pk): one for one in units}
        offer(self, "tell", [(key, one.name) for key, one in self.units.items()])
        for end in Before.values:
            for at in range(LINES):
                self._ask_line(f"{end}_{at}")

    def _ask_line(self, name: str) -> None:
        kinds = [("", gettext("Välj")), *((key, capfirst(str(label))) for key, label in Livelihood.choices)]
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.fields[f"{name}_kind"] = ChoiceField(
            label=gettext("Försörjning eller sysselsättning"), choices=kinds, required=False
        )
        self.fields[f"{name}_percent"] = ChoiceField(
            label=gettext("Omfattning"), choices=_EXTENTS, required=False
        )
        self.fields[f"{name}_decided_on"] = SwedishDateField(
            label=gettext("Beslutsdag"), widget=day, required=False
        )
        self.fields[f"{name}_is_pending"] = forms.BooleanField(
            label=gettext("Väntar på beslut"), required=False
        )

    def groups(self) -> list[dict[str, Any]]:
        """The lines of livelihood as the page lays them out, one group for each end."""
        return [
            {"label": ENDS[end], "lines": [self._line(f"{end}_{at}") for at in range(LINES)]}
            for end in Before.values
        ]

    def _line(self, name: str) -> dict[str, Any]:
        asked = ("kind", "percent", "decided_on", "is_pending")
        fields = {each: self[f"{name}_{each}"] for each in asked}
        return {**fields, "is_used": any(one.value() or one.errors for one in fields.values())}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        for end in Before.values:
            for at in range(LINES):
                name = f"{end}_{at}"
                rest = (told.get(f"{name}_percent"), told.get(f"{name}_decided_on"))
                if not told.get(f"{name}_kind") and (any(rest) or told.get(f"{name}_is_pending")):
                    self.add_error(f"{name}_kind", gettext("Välj vad det är."))
        return told

    def livelihood(self) -> list[actions.LivelihoodDetails]:
        """The lines that say something."""
        told, lines = self.cleaned_data, []
        for end in Before.values:
            for name in (f"{end}_{at}" for at in range(LINES)):
                if kind := told[f"{name}_kind"]:
                    percent = told[f"{name}_percent"]
                    line = actions.LivelihoodDetails(
                        end=end,
                        kind=kind,
                        percent=int(percent) if percent else None,
                        decided_on=told[f"{name}_decided_on"],
                        is_pending=told[f"{name}_is_pending"],
                    )
                    lines.append(line)
        return lines

    def details(self) -> actions.ClosingDetails:
        """The rest."""
        told = self.cleaned_data
        return actions.ClosingDetails(
            reason=told["reason"],
            closed_on=told["closed_on"],
            result=told["result"],
            other_way=told["other_way"],
            takes_over=told["takes_over"],
            verdict=int(told["verdict"]) if told["verdict"] else None,
            verdict_words=told["verdict_words"],
        )


class ReopenForm(forms.Form):
    """Why a closed case is taken up again."""

    why = LineField(300, label=_("Varför öppnas det igen?"), missing=_("Skriv varför ärendet öppnas igen."))


@case_page(methods=("GET", "POST"))
def close_case(request: DoorRequest, case: Case) -> HttpResponse:
    """Close the case. What must be settled first is said before anybody begins to write."""
    only_where_held(request, case)
    if case.state == CaseState.CLOSED and request.method == "GET":
        return redirect("closing", case_id=case.pk)
    units = _units_that_may_know(case)
    if request.method == "POST":
        form = CloseForm(request.POST, units=units)
        if form.is_valid():
            try:
                _close(request, case, form)
            except NotAllowed as refused:
                form.add_error(None, refused.reason)
            else:
                return redirect("closing", case_id=case.pk)
        return _form_page(request, case, form)
    initial, drafted_at = prefilled(request, _draft(case), {"closed_on": today()})
    return _form_page(request, case, CloseForm(initial=initial, units=units), drafted_at)


@case_page()
def closing(request: DoorRequest, case: Case) -> HttpResponse:
    """How the case ended, and taking it up again."""
    only_where_held(request, case)
    found = closing_of(case)
    if found is None:
        return redirect("close_case", case_id=case.pk)
    return _closing_page(request, case, found, ReopenForm())


@case_page(methods=("POST",))
def reopen_case(request: DoorRequest, case: Case) -> HttpResponse:
    """Take the case up again, with a reason that stays written."""
    only_where_held(request, case)
    found, form = _closing_or_404(case), ReopenForm(request.POST)
    if not form.is_valid():
        return _closing_page(request, case, found, form)
    actions.reopen(found, why=form.cleaned_data["why"], by=request.actor)
    messages.success(request, gettext("Ärendet är öppnat igen."))
    return redirect("case", case_id=case.pk)


def _close(request: DoorRequest, case: Case, form: CloseForm) -> None:
    tell = [form.units[key] for key in form.cleaned_data["tell"]]
    actions.close(case, livelihood=form.livelihood(), tell=tell, by=request.actor, **form.details())
    drop_draft(_draft(case))
    messages.success(request, gettext("Ärendet är avslutat."))


def _form_page(
    request: DoorRequest, case: Case, form: CloseForm, drafted_at: datetime | None = None
) -> HttpResponse:
    person, planned, begun = person_seen(case.person_id), still_planned(case), begun_in(case)
    if person is None:
        raise Http404
    request.looked_in(case, Tag.CASE_READ, items=[("case", case.pk, case.version)])
    context = {
        "case": case,
        "name": display_name(person),
        "number": shown_number(person),
        "form": form,
        "groups": form.groups(),
        "planned": planned,
        "begun": begun,
        "may_close": rules.may_close(
            request.actor, case, planned=planned, begun=begun, offered=lead_offered(case)
        ),
        "draft_url": draft_url(case, _draft(case)),
        "drafted_at": drafted_at,
    }
    return render(request, "followups/close.html", context)


def _closing_page(request: DoorRequest, case: Case, found: Closing, form: ReopenForm) -> HttpResponse:
    documents = documents_of(case, DocumentKind.CLOSING)
    document = next((one for one in documents if one.frozen_at == found.closed_at), None)
    request.looked_in(case, Tag.CLOSING_READ, items=[("closing", found.pk, 0)])
    going_on = my_open_cases_about(case.person_id) if case.state == CaseState.CLOSED else []
    context = {
        "case": case,
        "closing": found,
        "document": document,
        "chapters": shown(parts_in(document)) if document else [],
        "earlier": [one for one in closings_of(case) if one.pk != found.pk],
        "form": form,
        "is_closed": case.state == CaseState.CLOSED,
        "may_reopen": rules.may_take_up_again(request.actor, case, going_on=going_on),
    }
    return render(request, "followups/closing.html", context)


def _units_that_may_know(case: Case) -> list[Unit]:
    """The units with a yes in force: the others cannot be told."""
    open_now = [one for one in consents_of(case) if state_of(one, now()) is ConsentState.IN_FORCE]
    once = {one.receiver_unit_id: one.receiver_unit for one in open_now}
    return sorted(once.values(), key=lambda one: one.name)


def _closing_or_404(case: Case) -> Closing:
    found = closing_of(case)
    if found is None:
        raise Http404
    return found


def _draft(case: Case) -> str:
    return f"close:{case.pk}"
