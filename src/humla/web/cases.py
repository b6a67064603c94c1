"""Pages about cases: mine in a list, opening one, the case itself, and who works in it.

Here: the views and their forms. Not here: who waits for whom (`humla.web.waiting`), the person's own
details (`humla.web.people`), nor what a receiver reads (`humla.web.received`).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
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

from humla.audit.tags import Tag
from humla.cases import actions
from humla.cases.models import Case, CaseAssignment, CaseRole, CaseState
from humla.cases.naming import case_title, holder
from humla.cases.rules import may_assign, may_end, may_open
from humla.cases.visibility import (
    Mark,
    assignment_in,
    is_held,
    my_cases,
    my_open_cases_about,
    my_received_cases,
    who_works_in,
)
from humla.core.fields import LineField, PersonNumberField, ProseField
from humla.core.rulings import YES, NotAllowed
from humla.core.secrets import CannotUnseal, seal, unseal
from humla.disclosures.naming import names_received
from humla.drafts.actions import keep_draft
from humla.organisation.visibility import colleagues as colleagues_of
from humla.people.actions import PersonDetails, Registered, register
from humla.people.models import Language, Person
from humla.people.naming import display_name
from humla.people.visibility import person_seen
from humla.plans.visibility import plan_of
from humla.web.door import DoorRequest, case_page, staff_page
from humla.web.page import render
from humla.web.people import ContactFields, NameFields, born_fact, differs, draft_name
from humla.web.seeking import may_seek, note_sought
from humla.web.waiting import case_steps, next_step, receivers_of, stage_of, who_waits

PAGE = 50
MOST_WORDS = 60

ABOUT = (*NameFields.base_fields, *ContactFields.base_fields)
"""What is asked about the person when a case is opened, the number apart."""


class OpenCaseForm(NameFields, ContactFields):
    """All that is needed to begin, in one go."""

    number = PersonNumberField(
        label=_("Personnummer eller samordningsnummer"),
        help_text=_("Tolv siffror, till exempel 19870101-0000."),
        missing=_("Skriv numret, eller kryssa i att personen inte har något."),
    )
    has_no_number = forms.BooleanField(
        label=_("Personen har inget nummer och får en tillfällig kod"), required=False
    )
    reason = ProseField(
        500,
        rows=3,
        label=_("Varför behövs en samordnad plan?"),
        help_text=_("Kort. Det här läser bara de som arbetar i ärendet hos er."),
        missing=_("Skriv med några ord varför en plan behövs."),
    )
    field_order = (
        "number",
        "has_no_number",
        "given_name",
        "family_name",
        "reason",
        *ContactFields.base_fields,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["number"].required = not self.data.get("has_no_number")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("number") and cleaned.get("has_no_number"):
            sentence = gettext("Du har skrivit ett nummer. Ta bort krysset eller numret.")
            self.add_error("has_no_number", sentence)
        return cleaned

    def details(self) -> PersonDetails:
        """What the form says about the person, as the action takes it."""
        about = {name: self.cleaned_data[name] for name in ABOUT}
        return PersonDetails(number=self.cleaned_data["number"], **about)


class SearchForm(forms.Form):
    """Words to find among one's own cases."""

    words = LineField(MOST_WORDS, required=False)


class ColleagueForm(forms.Form):
    """Which colleague, at which unit: one of the unit assignments that hold now."""

    colleague = forms.UUIDField(
        error_messages={"required": _("Välj en kollega."), "invalid": _("Välj en kollega.")}
    )


@staff_page(methods=("GET", "POST"))
def cases(request: DoorRequest) -> HttpResponse:
    """The cases that one works in, held and received together, newest first."""
    state = CaseState.CLOSED if request.GET.get("lage") == "avslutade" else CaseState.OPEN
    if request.method == "POST":
        return _searched(request, state)
    words, before = _unsealed(request), _mark_in(request.GET.get("fore", ""))
    received = names_received(my_received_cases()) if words else {}
    found = my_cases(words=words, state=state, before=before, limit=PAGE + 1, received=received)
    rows, more = found[:PAGE], len(found) > PAGE
    request.looked(Tag.CASES_LISTED, items=[("case", one.id, 0) for one in rows])
    here = {"lage": "avslutade"} if state == CaseState.CLOSED else {}
    searched = {"sok": request.GET["sok"]} if words else {}
    context = {
        "rows": rows,
        "received": received or names_received([one.id for one in rows if not one.is_held]),
        "words": words,
        "is_first_page": before is None,
        "first_page": _list_url(**here, **searched),
        "next_page": _list_url(**here, **searched, fore=_written_mark(rows[-1].mark)) if more else "",
        "here": _list_url(**here),
        "without_search": _list_url(**here),
        "tabs": _tabs(state),
        "is_closed_list": state == CaseState.CLOSED,
        "may_open": may_open(request.actor),
    }
    return render(request, "cases/list.html", context)


@staff_page(methods=("GET", "POST"))
def open_case(request: DoorRequest) -> HttpResponse:
    """Person, reason and how to meet her on one page."""
    form = OpenCaseForm(request.POST or None)
    already: list[Case] = []
    if request.method == "POST" and form.is_valid():
        may_open(request.actor).enforce()
        found = _registered(request, form)
        answer = _opened(request, found, form) if found else None
        if answer is not None:
            return answer
        already = my_open_cases_about(found.person.pk) if found else []
    context = {"form": form, "may_open": may_open(request.actor), "already": already}
    return render(request, "cases/open.html", context)


@case_page()
def case(request: DoorRequest, case: Case) -> HttpResponse:
    """The case: who waits for whom, where it stands, who it is about and who works in it."""
    if not is_held(case, request.actor):
        return redirect("received", case_id=case.pk)
    person = person_seen(case.person_id)
    if person is None:
        raise Http404
    working = who_works_in(case)
    mine = [one for one in working if _is_me(one, request)]
    items = [("case", case.pk, case.version), ("person", person.pk, person.version)]
    request.looked_in(case, Tag.CASE_READ, items=items)
    plan = plan_of(case)
    receivers = receivers_of(case, plan, working)
    stage = stage_of(case, person, plan, working, receivers, is_mine=_is_responsible(mine))
    context = {
        "case": case,
        "title": case_title(case),
        "sentence": who_waits(stage),
        "next": next_step(stage),
        "steps": case_steps(stage, _step_urls(case)),
        "name": display_name(person),
        "number": person.number,
        "facts": _facts(person),
        "about": _about(case, person),
        "working": [_colleague_row(one, request, working) for one in working],
        "receivers": receivers,
        "may_assign": may_assign(request.actor, case, working=working),
    }
    return render(request, "cases/case.html", context)


@case_page(methods=("GET", "POST"))
def colleagues(request: DoorRequest, case: Case) -> HttpResponse:
    """Who works in the case, and letting a colleague of one's own authority in."""
    if not is_held(case, request.actor):
        raise Http404
    form = ColleagueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = colleagues_of(request.actor).filter(pk=form.cleaned_data["colleague"]).first()
        if chosen is None:
            form.add_error(
                "colleague", gettext("Kollegan handlägger inte ärenden hos er längre. Välj en annan.")
            )
        else:
            actions.assign(case, chosen.professional, chosen.unit, role=CaseRole.MEMBER, by=request.actor)
            messages.success(request, gettext("Kollegan deltar nu i ärendet."))
            return redirect("colleagues", case_id=case.pk)
    working = who_works_in(case)
    request.looked_in(case, Tag.CASE_READ, items=[("assignment", one.pk, 0) for one in working])
    inside = {(one.professional_id, one.unit_id) for one in working}
    context = {
        "case": case,
        "title": case_title(case),
        "form": form,
        "working": [_colleague_row(one, request, working) for one in working],
        "to_choose": [
            one for one in colleagues_of(request.actor) if (one.professional_id, one.unit_id) not in inside
        ],
        "may_assign": may_assign(request.actor, case, working=working),
    }
    return render(request, "cases/colleagues.html", context)


@case_page(methods=("POST",))
def end_colleague(request: DoorRequest, case: Case, assignment_id: UUID) -> HttpResponse:
    """Let a colleague, or oneself, out of the case."""
    assignment = assignment_in(case, assignment_id)
    if assignment is None:
        raise Http404
    actions.end_assignment(assignment, by=request.actor)
    if assignment.professional_id == request.actor.id:
        messages.success(request, gettext("Du deltar inte längre i ärendet."))
        return redirect("cases")
    messages.success(request, gettext("Kollegan deltar inte längre i ärendet."))
    return redirect("colleagues", case_id=case.pk)


def _searched(request: DoorRequest, state: CaseState) -> HttpResponse:
    """The words travel sealed: an address ends up in histories and logs, and names do not belong there."""
    form = SearchForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    here = {"lage": "avslutade"} if state == CaseState.CLOSED else {}
    return redirect(_list_url(**here, **({"sok": seal(words, _search(request))} if words else {})))


def _unsealed(request: DoorRequest) -> str:
    try:
        return unseal(request.GET.get("sok", ""), _search(request))
    except CannotUnseal:
        return ""


def _search(request: DoorRequest) -> str:
    """What the words are sealed for: her own search, so that no other sealed text opens in its place."""
    return f"search:{request.actor.id}"


def _list_url(**parts: str) -> str:
    query = urlencode(parts)
    return reverse("cases") + (f"?{query}" if query else "")


def _written_mark(mark: Mark) -> str:
    at, last = mark
    return f"{at.astimezone(UTC).isoformat()}_{last}"


def _mark_in(written: str) -> Mark | None:
    at, _sign, last = written.partition("_")
    try:
        instant = datetime.fromisoformat(at)
        return None if instant.tzinfo is None else (instant, UUID(last))
    except ValueError:
        return None


def _tabs(state: CaseState) -> list[dict[str, Any]]:
    return [
        {"label": gettext("Pågår"), "url": _list_url(), "current": state == CaseState.OPEN},
        {
            "label": gettext("Avslutade"),
            "url": _list_url(lage="avslutade"),
            "current": state == CaseState.CLOSED,
        },
    ]


def _registered(request: DoorRequest, form: OpenCaseForm) -> Registered | None:
    """The authority's row for the person; or none, and the form says why."""
    number = form.cleaned_data["number"]
    ruling = may_seek() if number else YES
    if not ruling:
        form.add_error("number", ruling.reason)
        return None
    found = register(form.details(), by=request.actor)
    if number:
        note_sought(request, None if found.is_new else found.person.pk)
    return found


def _opened(request: DoorRequest, found: Registered, form: OpenCaseForm) -> HttpResponse | None:
    """To the new case; or nowhere, and the form says why."""
    try:
        made = actions.open_case(person=found.person, reason=form.cleaned_data["reason"], by=request.actor)
        return _to_what_was_made(made, found, form)
    except NotAllowed as refused:
        form.add_error("number", refused.reason)
        return None


def _to_what_was_made(made: Case, found: Registered, form: OpenCaseForm) -> HttpResponse:
    """To the new case; or first to what stood about the person already, when something else was typed."""
    stood = None if found.is_new else person_seen(found.person.pk)
    typed = {name: _as_typed(form.cleaned_data[name]) for name in ABOUT}
    if stood is None or not differs(typed, stood):
        return redirect("case", case_id=made.pk)
    keep_draft(draft_name(stood.pk), typed, case=made.pk)
    return redirect("person", case_id=made.pk)


def _as_typed(value: Any) -> str:
    return ("on" if value else "") if isinstance(value, bool) else str(value)


def _step_urls(case: Case) -> dict[str, str]:
    return {
        "consent": reverse("consents", kwargs={"case_id": case.pk}),
        "plan": reverse("plan", kwargs={"case_id": case.pk}),
        "handed_over": "#utlamnat",
    }


def _facts(person: Person) -> list[str]:
    spoken = gettext("Språk: %(language)s") % {"language": str(Language(person.language).label)}
    code = [person.code] if person.code else []
    return [
        *code,
        *born_fact(person),
        spoken,
        *([gettext("Behöver tolk")] if person.needs_interpreter else []),
    ]


def _about(case: Case, person: Person) -> list[dict[str, str]]:
    rows = [
        (gettext("Ärendekod"), case.reference),
        (gettext("Finns hos"), holder(case)),
        (gettext("Varför"), case.reason),
        (gettext("Stöd för att förstå och bli förstådd"), person.communication_support),
        (gettext("Vill bli nådd så här"), person.wants_contact_by),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _colleague_row(
    one: CaseAssignment, request: DoorRequest, working: Sequence[CaseAssignment]
) -> dict[str, Any]:
    profession = one.professional.profession
    return {
        "id": one.pk,
        "name": one.professional.name,
        "phone": one.professional.phone,
        "profession": profession.name if profession else "",
        "unit": one.unit.name,
        "authority": one.unit.authority.name,
        "role": str(CaseRole(one.role).label),
        "is_responsible": one.role == CaseRole.RESPONSIBLE,
        "is_me": _is_me(one, request),
        "is_ours": one.authority_id == request.actor.authority_id,
        "starts_at": one.starts_at,
        "may_end": may_end(request.actor, one, working=working),
    }


def _is_me(one: CaseAssignment, request: DoorRequest) -> bool:
    return (one.professional_id, one.unit_id) == (request.actor.id, request.actor.unit_id)


def _is_responsible(mine: Sequence[CaseAssignment]) -> bool:
    return any(one.role == CaseRole.RESPONSIBLE for one in mine)
