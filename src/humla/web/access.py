"""Asking to be let in to a case, answering those who ask, and a manager's opening.

Here: the pages of those who ask, who decide and who open. Not here: what the person says (`own_access`), the
consent that a yes to another authority leads to (`consents`), nor the review of it all (`review`).
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.access import actions
from humla.access.models import ArrivedRequest
from humla.access.naming import read_reference
from humla.access.rules import OPEN_FOR, may_answer_request, may_ask, may_open_as_manager
from humla.access.visibility import (
    MOST,
    my_requests,
    openings_of,
    request_to,
    requests_to,
)
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.naming import case_title
from humla.cases.visibility import caseload, who_works_in
from humla.core.context import now
from humla.core.fields import LineField, ProseField
from humla.core.rulings import NotAllowed
from humla.web.door import DoorRequest, case_page, only_where_held, staff_page
from humla.web.page import render


class AskForm(forms.Form):
    """Which case, and why."""

    reference = LineField(
        20,
        label=_("Ärendekod"),
        help_text=_("Den som har ärendet kan ge dig koden. Så här ser en ut: HX7-4K2."),
        missing=_("Skriv ärendekoden."),
    )
    reason = ProseField(
        1000,
        rows=4,
        label=_("Varför behöver du läsa?"),
        help_text=_("Personen och den som är ansvarig läser det du skriver."),
        missing=_("Skriv varför du behöver läsa."),
    )

    def clean_reference(self) -> str:
        return read_reference(self.cleaned_data["reference"])


class NoForm(forms.Form):
    """Why not."""

    why = ProseField(
        1000,
        rows=3,
        label=_("Varför är svaret nej?"),
        help_text=_("Personen läser det. Den som frågade får inte veta något, inte ens att ärendet finns."),
        missing=_("Skriv varför svaret är nej."),
    )


class OpeningForm(forms.Form):
    """Why a manager opens."""

    reason = ProseField(
        1000,
        rows=4,
        label=_("Varför öppnar du ärendet?"),
        help_text=_("Personen läser det du skriver, på sin egen sida, genast."),
        missing=_("Skriv varför du öppnar ärendet. Personen läser det du skriver."),
    )


@staff_page(methods=("GET", "POST"))
def ask_access(request: DoorRequest) -> HttpResponse:
    """Ask to be let in to a case at any authority. The answer is the same whether there is one or not."""
    allowed = may_ask(request.actor, 0)
    if not allowed:
        raise Http404
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask(form.cleaned_data["reference"], reason=form.cleaned_data["reason"], by=request.actor)
            messages.success(request, gettext("Om ärendet finns har din fråga kommit fram."))
            return redirect("ask_access")
        except NotAllowed as refused:
            form.add_error("reference", refused.reason)
    rows = my_requests()
    last_day = sum(one.request.asked_at > now() - actions.A_DAY for one in rows)
    context = {
        "form": form,
        "rows": rows,
        "most": MOST if len(rows) == MOST else 0,
        "may_ask": may_ask(request.actor, last_day),
    }
    return render(request, "access/ask.html", context)


@case_page()
def case_requests(request: DoorRequest, case: Case) -> HttpResponse:
    """Who has asked to read this case, and when a manager has opened it."""
    only_where_held(request, case)
    rows, openings = requests_to(case), openings_of(case)
    _looked(request, case, rows)
    context = {"case": case, "title": case_title(case), "rows": rows, "openings": openings}
    return render(request, "access/requests.html", context)


@case_page(methods=("GET", "POST"))
def answer_request(request: DoorRequest, case: Case, arrived_id: UUID) -> HttpResponse:
    """Somebody wants to read: yes, which leads on to what opens it, or no with a reason."""
    only_where_held(request, case)
    arrived = request_to(case, arrived_id)
    if arrived is None:
        raise Http404
    says_no = request.POST.get("svar") == "nej"
    form = NoForm(request.POST if says_no else None)
    try:
        if request.method == "POST" and request.POST.get("svar") == "ja":
            return _yes(request, case, arrived)
        if request.method == "POST" and says_no and form.is_valid():
            actions.say_no(arrived, case=case, why=form.cleaned_data["why"], by=request.actor)
            messages.success(request, gettext("Svaret är nej. Den som frågade får inte veta något."))
            return redirect("case_requests", case_id=case.pk)
    except NotAllowed as refused:
        form = NoForm(request.POST)
        form.is_valid()
        form.add_error("why", refused.reason)
    _looked(request, case, [arrived])
    context = {
        "case": case,
        "title": case_title(case),
        "arrived": arrived,
        "form": form,
        "is_same_authority": arrived.asking_unit.authority_id == case.authority_id,
        "may_answer": may_answer_request(request.actor, case, arrived, working=who_works_in(case)),
    }
    return render(request, "access/answer.html", context)


@staff_page(methods=("GET", "POST"))
def open_as_manager(request: DoorRequest, case_id: UUID) -> HttpResponse:
    """The unit's manager opens a case that she is not in: for four hours, in the open."""
    row = next((one for one in caseload() if one.case_id == case_id), None)
    if not may_open_as_manager(request.actor) or row is None:
        raise Http404
    form = OpeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_as_manager(case_id, reason=form.cleaned_data["reason"], by=request.actor)
            messages.success(
                request,
                gettext("Ärendet är öppet för dig i fyra timmar. Personen och loggranskaren ser det."),
            )
            return redirect("case", case_id=case_id)
        except NotAllowed as refused:
            form.add_error("reason", refused.reason)
    request.looked(Tag.CASELOAD_READ, items=[("case", case_id, 0)])
    hours = int(OPEN_FOR.total_seconds() // 3600)
    return render(request, "access/open.html", {"form": form, "row": row, "hours": hours})


def _yes(request: DoorRequest, case: Case, arrived: ArrivedRequest) -> HttpResponse:
    actions.say_yes(arrived, case=case, by=request.actor)
    if arrived.asking_unit.authority_id == case.authority_id:
        messages.success(request, gettext("Kollegan deltar nu i ärendet."))
        return redirect("colleagues", case_id=case.pk)
    messages.success(request, gettext("Skriv nu in vad personen säger ja till. Inget är öppnat än."))
    address = reverse("give_consent", kwargs={"case_id": case.pk})
    return redirect(f"{address}?unit={arrived.asking_unit_id}")


def _looked(request: DoorRequest, case: Case, rows: list[Any]) -> None:
    items = [("arrived_request", one.pk, 0) for one in rows]
    request.looked_in(case, Tag.ACCESS_REQUESTS_READ, items=items or [("case", case.pk, 0)])
