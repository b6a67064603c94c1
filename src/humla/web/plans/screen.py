"""The plan on one screen: the person's words, each life area, who answers for what, what is missing.

Here: the page and the rows it is made of, with the empty row at its end. Not here: what happens when
something is written (`goals`, `commitments`, `settling`), nor what is missing in words (`missing`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from humla.cases.models import Case
from humla.cases.visibility import is_held
from humla.consents.rules import plan_is_agreed
from humla.consents.visibility import latest_plan_answer
from humla.plans import actions, rules
from humla.plans.document import commitments_in, who_does
from humla.plans.models import Commitment, Goal, Plan
from humla.plans.visibility import law_on_content, plan_of
from humla.web.door import DoorRequest, case_page
from humla.web.page import render
from humla.web.plans.commitments import CommitmentForm, fresh_row
from humla.web.plans.editing import draft_url, prefilled
from humla.web.plans.missing import todo
from humla.web.plans.opening import head, looked


@dataclass
class GoalRow:
    """One goal with what is done for it; what has been struck stands there too, to be put back."""

    goal: Goal
    commitments: list[Commitment] = field(default_factory=list)


@dataclass
class AreaCard:
    """One life area of the plan."""

    name: str
    rows: list[GoalRow] = field(default_factory=list)


@dataclass
class Responsible:
    """One party, the person, or somebody else, with everything it answers for."""

    name: str
    kind: str
    commitments: list[Commitment] = field(default_factory=list)


@case_page(methods=("GET", "POST"))
def plan(request: DoorRequest, case: Case) -> HttpResponse:
    """The plan on one screen. POST starts it."""
    if not is_held(case, request.actor):
        # Another authority reads what has been handed over to it, never the plan being written.
        return redirect("received", case_id=case.pk)
    if request.method == "POST":
        actions.start_plan(case, by=request.actor)
        return redirect("plan", case_id=case.pk)
    found = plan_of(case)
    if found is None:
        looked(request, case, None)
        return render(
            request, "plans/start.html", {"case": case, "may_write": rules.may_write(request.actor, case)}
        )
    looked(request, case, found)
    return render(request, "plans/plan.html", _screen(request, case, found))


def _screen(request: DoorRequest, case: Case, found: Plan) -> dict[str, Any]:
    missing = rules.missing_parts(found)
    row_form, drafted_at = _row_form(request, found)
    return {
        **head(case, found),
        "areas": _areas(_everything(found, "all_goals"), _everything(found, "all_commitments")),
        "loose": [one for one in _everything(found, "all_commitments") if one.goal_id is None],
        "responsible": _responsible(found),
        "todo": [todo(case, one) for one in missing],
        "law": law_on_content() if missing else "",
        "agreed": plan_is_agreed(latest_plan_answer(case)),
        "form": row_form,
        "drafted_at": drafted_at,
        "draft_url": draft_url(case, f"add_commitment:{found.pk}"),
        "focus": ("what" if request.GET.get("vem") else "who") if "ny" in request.GET else "",
        "may_write": rules.may_write(request.actor, case),
        "versions": list(range(found.adopted_version, 0, -1)),
    }


def _areas(goals: Iterable[Goal], commitments: Iterable[Commitment]) -> list[AreaCard]:
    areas: dict[str, AreaCard] = {}
    rows: dict[UUID, GoalRow] = {}
    for goal in goals:
        rows[goal.pk] = GoalRow(goal)
        areas.setdefault(goal.life_area.name, AreaCard(goal.life_area.name)).rows.append(rows[goal.pk])
    for commitment in commitments:
        if commitment.goal_id in rows:
            rows[commitment.goal_id].commitments.append(commitment)
    return list(areas.values())


def _everything(plan: Plan, name: str) -> list[Any]:
    """What stands and what is struck; `goals_in` and `commitments_in` give what stands."""
    found: list[Any] = getattr(plan, name)
    return found


def _responsible(plan: Plan) -> list[Responsible]:
    parties: dict[tuple[str, str], Responsible] = {}
    for one in commitments_in(plan):
        party = one.unit.authority.party if one.unit else None
        key = (party.name, party.kind) if party else (who_does(one), one.doer)
        parties.setdefault(key, Responsible(*key)).commitments.append(one)
    return list(parties.values())


def _row_form(request: DoorRequest, plan: Plan) -> tuple[CommitmentForm, datetime | None]:
    """The empty row at the end of the page; after a row was saved it keeps goal and doer for the next."""
    initial, drafted_at = prefilled(request, f"add_commitment:{plan.pk}", fresh_row(request, plan))
    return CommitmentForm(plan=plan, initial=initial, auto_id="id_rad_%s"), drafted_at
