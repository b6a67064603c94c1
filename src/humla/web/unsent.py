"""What the reader has begun to write and not sent: her list of drafts, with the way back to each form.

Here: the list, and throwing a draft away. Not here: keeping one while it is typed (`start`), filling a form
with it (`two_texts`), nor what a draft holds (`humla.drafts`).

The list never shows what is typed: that stands in the form, whose page writes its look on the trail. A draft
about a case that she may not read any longer is frozen: the database does not give it (`50_own.sql`), and
the list leaves out what it finds no case for, so that either wall holds alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.visibility import cases_seen
from humla.core.context import Kind
from humla.drafts.actions import KEPT, all_drafts, throw_draft
from humla.drafts.models import Draft
from humla.web.door import DoorRequest, writers_page
from humla.web.page import render

Way = Callable[[UUID, UUID], str]
"""Where a form is, by the case and the row that its draft is about."""


@dataclass(frozen=True)
class Written:
    """A form that keeps drafts: what it is called, and where it is."""

    title: str | Promise
    way: Way


@dataclass(frozen=True)
class DraftRow:
    """One line of the list."""

    id: UUID
    case_id: UUID
    title: str
    reference: str
    url: str
    saved_at: datetime
    goes_at: datetime


def _in_case(name: str, row: str = "") -> Way:
    """The page of that name in the case, about the row when it has one."""

    def way(case_id: UUID, row_id: UUID) -> str:
        return reverse(name, kwargs={"case_id": case_id, **({row: row_id} if row else {})})

    return way


def _meeting(case_id: UUID, row_id: UUID) -> str:
    """A new meeting's draft is about the case, for want of a meeting."""
    if row_id == case_id:
        return reverse("plan_meeting", kwargs={"case_id": case_id})
    return reverse("change_meeting", kwargs={"case_id": case_id, "meeting_id": row_id})


FORMS: dict[str, Written] = {
    "own_goal": Written(gettext_lazy("Personens eget mål"), _in_case("own_goal")),
    "settle_plan": Written(gettext_lazy("Ansvar och uppföljning i planen"), _in_case("settle_plan")),
    "goal": Written(gettext_lazy("Mål"), _in_case("goal", "goal_id")),
    "add_goal": Written(gettext_lazy("Nytt mål"), _in_case("add_goal")),
    "commitment": Written(gettext_lazy("Vem gör vad"), _in_case("commitment", "commitment_id")),
    "add_commitment": Written(gettext_lazy("Ny rad: vem gör vad"), _in_case("add_commitment")),
    "milestone": Written(gettext_lazy("Delmål"), _in_case("milestone", "milestone_id")),
    "add_milestone": Written(gettext_lazy("Nytt delmål"), _in_case("add_milestone", "goal_id")),
    "reservation": Written(gettext_lazy("Det vi inte åtar oss"), _in_case("reservation", "reservation_id")),
    "add_reservation": Written(gettext_lazy("Nytt: det vi inte åtar oss"), _in_case("add_reservation")),
    "unmet_need": Written(gettext_lazy("Behov som ingen möter"), _in_case("unmet_need", "unmet_need_id")),
    "add_unmet_need": Written(gettext_lazy("Nytt behov som ingen möter"), _in_case("add_unmet_need")),
    "other_plan": Written(gettext_lazy("Annan plan"), _in_case("other_plan", "other_plan_id")),
    "add_other_plan": Written(gettext_lazy("Ny annan plan"), _in_case("add_other_plan")),
    "meeting": Written(gettext_lazy("Möte"), _meeting),
    "note": Written(gettext_lazy("Egen anteckning"), _in_case("notes")),
    "preparation": Written(gettext_lazy("Din förberedelse"), _in_case("own_preparation")),
    "told": Written(gettext_lazy("Personens förberedelse"), _in_case("preparation")),
    "follow_up": Written(gettext_lazy("Uppföljning"), _in_case("follow_up", "follow_up_id")),
    "close": Written(gettext_lazy("Avslut"), _in_case("close_case")),
    "person": Written(gettext_lazy("Personens uppgifter"), _in_case("person")),
}
"""Every form that keeps drafts, by the first word of its draft's name."""


@writers_page()
def drafts(request: DoorRequest) -> HttpResponse:
    """What is begun and not sent, the latest first."""
    is_person = request.actor.kind is Kind.PERSON
    rows = _rows()
    if rows and not is_person:
        request.looked(Tag.CASES_LISTED, items=[("case", one, 0) for one in {row.case_id for row in rows}])
    context = {
        "layout": "base/person.html" if is_person else "base/staff.html",
        "is_person": is_person,
        "rows": rows,
        "days": KEPT.days,
    }
    return render(request, "drafts/list.html", context)


@writers_page(methods=("POST",))
def throw(request: DoorRequest, draft_id: UUID) -> HttpResponse:
    """Throw one away."""
    if not any(row.id == draft_id for row in _rows()) or not throw_draft(draft_id):
        raise Http404
    messages.success(request, _("Utkastet är borta."))
    return redirect("drafts")


def _rows() -> list[DraftRow]:
    found = all_drafts()
    cases = cases_seen(one.case_id for one in found if one.case_id)
    return [_row(one, cases[one.case_id]) for one in found if one.case_id in cases and _form(one) is not None]


def _row(draft: Draft, case: Case) -> DraftRow:
    form = _form(draft)
    assert form is not None
    return DraftRow(
        draft.pk,
        case.pk,
        str(form.title),
        case.reference,
        form.way(case.pk, UUID(draft.form.partition(":")[2])),
        draft.saved_at,
        draft.saved_at + KEPT,
    )


def _form(draft: Draft) -> Written | None:
    return FORMS.get(draft.form.partition(":")[0])
