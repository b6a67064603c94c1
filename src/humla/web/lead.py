"""Another authority takes over the lead: asking it, and answering when one is asked.

Here: the two pages. Not here: what happens (`humla.plans.lead`), nor handing over to a colleague
(`humla.web.case_life`).
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.naming import case_title, holder
from humla.cases.visibility import is_held, who_works_in
from humla.core.fields import ChoiceField, LineField, ProseField
from humla.core.rulings import NotAllowed
from humla.disclosures.visibility import parts_seen
from humla.plans.lead import (
    decline_lead,
    may_answer_lead,
    may_offer_lead,
    may_take_back_lead,
    name_in,
    newest_plan,
    number_in,
    offer_lead,
    take_back_lead,
    take_over,
    units_to_ask,
)
from humla.plans.models import LeadTransfer
from humla.plans.visibility import lead_transfers_in, plan_of
from humla.web.door import DoorRequest, case_page
from humla.web.page import render
from humla.web.stage import is_open


class OfferForm(forms.Form):
    """Which unit, with a word on the way."""

    unit = ChoiceField(
        label=_("Vilken enhet ska leda planen?"),
        help_text=_("Här står de som har den senaste planen och får veta vem den gäller."),
        widget=forms.RadioSelect,
        missing=_("Välj en enhet."),
    )
    note = ProseField(
        1000,
        rows=4,
        label=_("Att veta för den som tar över"),
        help_text=_("Läses av dem som frågas. Skriv bara det som samtycket låter dem veta."),
        required=False,
    )


class TakeOverForm(forms.Form):
    """The name as it will stand in one's own record."""

    given_name = LineField(80, label=_("Förnamn"), missing=_("Skriv förnamnet."))
    family_name = LineField(80, label=_("Efternamn"), missing=_("Skriv efternamnet."))


class DeclineForm(forms.Form):
    """Why not."""

    why = LineField(500, label=_("Varför tar ni inte över?"), missing=_("Skriv varför ni inte tar över."))


@case_page(methods=("GET", "POST"))
def offer(request: DoorRequest, case: Case) -> HttpResponse:
    """Ask a unit that has the plan whether it takes over; see what it answered; take the question back."""
    if not is_held(case, request.actor):
        raise Http404
    plan, transfers = plan_of(case), lead_transfers_in(case.pk)
    open_one = next((one for one in transfers if is_open(one)), None)
    units = {str(one.pk): one for one in units_to_ask(case)}
    if request.method == "POST" and request.POST.get("ta_tillbaka"):
        return _taken_back(request, case, open_one)
    form = OfferForm(request.POST or None)
    form.fields["unit"].choices = [  # type: ignore[attr-defined]
        (key, f"{one.name}, {one.authority.name}") for key, one in units.items()
    ]
    if request.method == "POST" and form.is_valid():
        try:
            note = form.cleaned_data["note"]
            offer_lead(case, plan, unit=units[form.cleaned_data["unit"]], note=note, by=request.actor)
            messages.success(request, gettext("Frågan är ställd. Ni leder planen tills de har svarat ja."))
            return redirect("case", case_id=case.pk)
        except NotAllowed as refused:
            form.add_error("unit", refused.reason)
    request.looked_in(case, Tag.CASE_READ, items=[("lead_transfer", one.pk, 0) for one in transfers])
    may = may_offer_lead(request.actor, case, plan, working=who_works_in(case), transfers=transfers)
    context = {
        "case": case,
        "title": case_title(case),
        "form": form,
        "units": units,
        "open": open_one,
        "before": [_told(one) for one in transfers if one is not open_one],
        "may_offer": may,
        "may_take_back": may_take_back_lead(request.actor, case, open_one) if open_one else may,
    }
    return render(request, "lead/offer.html", context)


@case_page(methods=("GET", "POST"))
def answer(request: DoorRequest, case: Case) -> HttpResponse:
    """The unit that was asked takes over, or says no and why."""
    transfers = [] if is_held(case, request.actor) else lead_transfers_in(case.pk)
    transfer = next((one for one in transfers if is_open(one)), None)
    if transfer is None:
        raise Http404
    transfer.case = case
    parts = newest_plan(parts_seen(case.pk))
    given, family = name_in(parts)
    taking = TakeOverForm(
        request.POST if "ta_over" in request.POST else None,
        initial={"given_name": given, "family_name": family},
    )
    declining = DeclineForm(request.POST if "avboj" in request.POST else None)
    if request.method == "POST":
        done = _answered(request, transfer, taking, declining)
        if done is not None:
            return done
    request.looked_in(case, Tag.DOCUMENT_READ, items=[("lead_transfer", transfer.pk, 0)])
    number = number_in(parts)
    context = {
        "case": case,
        "transfer": transfer,
        "holder": holder(case),
        "asked_by": transfer.offered_by,
        "taking": taking,
        "declining": declining,
        "number": number.digits12 if number else "",
        "has_number": number is not None,
        "may_answer": may_answer_lead(request.actor, case, transfer),
    }
    return render(request, "lead/answer.html", context)


def _taken_back(request: DoorRequest, case: Case, transfer: LeadTransfer | None) -> HttpResponse:
    if transfer is None:
        raise NotAllowed(gettext("Frågan är redan besvarad eller återtagen."))
    transfer.case = case
    take_back_lead(transfer, by=request.actor)
    messages.success(request, gettext("Frågan är återtagen. Ni leder planen som förut."))
    return redirect("case", case_id=case.pk)


def _answered(
    request: DoorRequest, transfer: LeadTransfer, taking: TakeOverForm, declining: DeclineForm
) -> HttpResponse | None:
    """Where it leads; or nowhere, and one of the forms says why."""
    try:
        if taking.is_bound and taking.is_valid():
            new = take_over(transfer, **taking.cleaned_data, by=request.actor)
            messages.success(request, gettext("Ni leder planen nu. Fråga personen om samtycken på nytt."))
            return redirect("case", case_id=new.pk)
        if declining.is_bound and declining.is_valid():
            decline_lead(transfer, why=declining.cleaned_data["why"], by=request.actor)
            messages.success(request, gettext("Ni har tackat nej. De som frågade ser varför."))
            return redirect("received", case_id=transfer.case_id)
    except NotAllowed as refused:
        form = taking if taking.is_bound else declining
        form.add_error(None, refused.reason)
    return None


def _told(one: LeadTransfer) -> dict[str, Any]:
    """A question that has been answered or taken back, in words."""
    if one.taken_back_at is not None:
        what, at = gettext("Frågan togs tillbaka."), one.taken_back_at
    elif one.is_accepted:
        what, at = gettext("De tog över ledningen."), one.answered_at or one.offered_at
    else:
        what = gettext("De tackade nej: %(why)s") % {"why": one.declined_why}
        at = one.answered_at or one.offered_at
    return {"at": at, "who": one.to_unit.name, "unit": one.to_unit.authority.name, "what": what}
