"""What every page of a plan begins with: the plan or nowhere, the look on the trail, the head of the page.

Here: also the way back to the one screen. Not here: what the edit pages share (`editing`).
"""

from typing import Any, TypeVar

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.visibility import is_held
from humla.people.naming import display_name
from humla.plans.models import Plan, PlanState
from humla.plans.visibility import EVERYTHING, plan_of, the_plan
from humla.web.door import DoorRequest

Row = TypeVar("Row")

_TONES = {PlanState.DRAFT: "neutral", PlanState.ADOPTED: "done", PlanState.CHANGED: "warning"}


ROWS = ("all_goals", "all_commitments")
"""What a form of the plan chooses among and changes; the rest is fetched where it is asked for."""

TO_WRITE = (the_plan, *(EVERYTHING[name] for name in ROWS))
"""What a deed in the plan asks first: the door asks it ahead."""


def plan_or_404(request: DoorRequest, case: Case) -> Plan:
    """The plan being written, for those who hold the case; to others it is not there."""
    if not is_held(case, request.actor):
        raise Http404
    return or_404(plan_of(case, ROWS))


def or_404(found: Row | None) -> Row:
    """A row of this plan; one of another plan is as absent as one that never was."""
    if found is None:
        raise Http404
    return found


def looked(request: DoorRequest, case: Case, plan: Plan | None) -> None:
    """Say on the trail that the plan was read, as it was then."""
    items = [("plan", plan.pk, plan.version)] if plan else []
    request.looked_in(case, Tag.PLAN_READ, items=items)


def head(case: Case, plan: Plan) -> dict[str, Any]:
    """Whose plan it is and where it stands."""
    return {
        "case": case,
        "plan": plan,
        "name": display_name(plan.person),
        "state": {"label": plan.state.label, "tone": _TONES[plan.state]},
    }


def plan_url(case: Case, where: str = "") -> str:
    """The one screen, at a place in it."""
    return reverse("plan", kwargs={"case_id": case.pk}) + where


def back(case: Case, where: str = "") -> HttpResponse:
    """To the one screen, at the place where something was changed."""
    return redirect(plan_url(case, where))
