"""The plan on one screen: the person's words, each life area, who answers for what, what is missing.

Here: the page and the rows it is made of, with the row being written at its end. Not here: what happens
when something is written (`goals`, `commitments`, `besides`, `settling`), nor what is missing in words
(`missing`).

A form is drawn only for the one who asked for it: `?ny` a row of who does what, `?till=` a row beside it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from humla.cases.models import Case, Category
from humla.cases.visibility import is_held
from humla.consents.rules import plan_is_agreed
from humla.consents.visibility import latest_answer_in, latest_plan_answer
from humla.drafts.actions import drafts_in
from humla.followups.visibility import progress_in
from humla.plans import actions, rules
from humla.plans.document import commitments_in, who_does
from humla.plans.models import Commitment, Goal, Milestone, Plan
from humla.plans.visibility import EVERYTHING, law_on_content, plan_of, the_plan
from humla.web.door import DoorRequest, case_page
from humla.web.followups.progress import going_in
from humla.web.page import render
from humla.web.plans.besides import BLOCKS, Block, MilestoneForm, RowForm, Written
from humla.web.plans.commitments import CommitmentForm, fresh_row
from humla.web.plans.missing import next_time, todo
from humla.web.plans.opening import head, looked
from humla.web.two_texts import draft_url, prefilled

SECRET = (Category.HEALTH, Category.ECONOMY, Category.INTERNAL)
"""The kinds that a row is marked with a lock for."""


@dataclass
class GoalRow:
    """One goal with what is done for it; what has been struck stands there too, to be put back."""

    goal: Goal
    milestones: list[Milestone] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    form: RowForm | None = None


@dataclass
class SideRow:
    """A row beside who does what, with where it is changed and struck."""

    pk: UUID
    words: Written
    is_removed: bool
    secret: str
    change_url: str
    remove_url: str


@dataclass
class SideBlock:
    """Rows of one kind, and the form of a new one when it is asked for."""

    block: Block
    rows: list[SideRow]
    form: RowForm | None
    drafted_at: datetime | None
    draft: str
    draft_url: str
    add_url: str


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


@case_page(
    methods=("GET", "POST"), ahead=(the_plan, *EVERYTHING.values(), latest_answer_in, drafts_in, progress_in)
)
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
    row_form, drafted_at = _row_form(request, case, found)
    return {
        **head(case, found),
        "areas": _areas(request, case, found),
        "loose": [one for one in _everything(found, "all_commitments") if one.goal_id is None],
        "responsible": _responsible(found),
        "blocks": [_side_block(request, case, found, one) for one in BLOCKS],
        "todo": [todo(case, one) for one in missing],
        "next_time": next_time(case, found),
        "going": going_in(case, request.actor) if found.adopted_version else None,
        "law": law_on_content() if missing else "",
        "agreed": plan_is_agreed(latest_plan_answer(case)),
        "form": row_form,
        "drafted_at": drafted_at,
        "draft": _row_draft(found),
        "draft_url": draft_url(case, _row_draft(found)),
        "focus": ("what" if request.GET.get("vem") else "who") if "ny" in request.GET else "",
        "may_write": rules.may_write(request.actor, case),
        "versions": list(range(found.adopted_version, 0, -1)),
    }


def _areas(request: DoorRequest, case: Case, plan: Plan) -> list[AreaCard]:
    areas: dict[str, AreaCard] = {}
    rows: dict[UUID, GoalRow] = {}
    for goal in _everything(plan, "all_goals"):
        rows[goal.pk] = GoalRow(goal, form=_milestone_form(request, case, goal))
        areas.setdefault(goal.life_area.name, AreaCard(goal.life_area.name)).rows.append(rows[goal.pk])
    for step in _everything(plan, "all_milestones"):
        rows[step.goal_id].milestones.append(step)
    for commitment in _everything(plan, "all_commitments"):
        if commitment.goal_id in rows:
            rows[commitment.goal_id].commitments.append(commitment)
    return list(areas.values())


def _milestone_form(request: DoorRequest, case: Case, goal: Goal) -> RowForm | None:
    draft = f"add_milestone:{goal.pk}"
    is_asked_for = request.GET.get("till") == "delmal" and request.GET.get("mal") == str(goal.pk)
    if not is_asked_for and not _is_begun(case, draft):
        return None
    return MilestoneForm(initial=prefilled(request, draft, {})[0], auto_id="id_delmal_%s")


def _side_block(request: DoorRequest, case: Case, plan: Plan, block: Block) -> SideBlock:
    here, draft = {"case_id": case.pk}, f"{block.adds}:{plan.pk}"
    form, drafted_at = None, None
    if request.GET.get("till") == block.place or _is_begun(case, draft):
        initial, drafted_at = prefilled(request, draft, {})
        form = block.form(initial=initial, auto_id=f"id_{block.name}_%s")
    return SideBlock(
        block=block,
        rows=[
            SideRow(
                pk=row.pk,
                words=block.in_words(row),
                is_removed=row.is_removed,
                secret=row.get_category_display() if row.category in SECRET else "",
                change_url=reverse(block.name, kwargs={**here, f"{block.name}_id": row.pk}),
                remove_url=reverse(f"remove_{block.name}", kwargs={**here, f"{block.name}_id": row.pk}),
            )
            for row in _everything(plan, block.rows)
        ],
        form=form,
        drafted_at=drafted_at,
        draft=draft,
        draft_url=draft_url(case, draft),
        add_url=reverse(block.adds, kwargs=here),
    )


def _is_begun(case: Case, draft: str) -> bool:
    """Was something typed in this form and never sent?"""
    return any(one.form == draft for one in drafts_in(case.pk))


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


def _row_form(request: DoorRequest, case: Case, plan: Plan) -> tuple[CommitmentForm | None, datetime | None]:
    """The row at the end of the page, for the one who writes in it: it is the plan's first, or asked for, or
    begun and never sent. After a row was saved it keeps goal and doer for the next.

    Most looks only read. Its choices are every unit there is, and cost as much as the rest of the page.
    """
    is_asked_for = "ny" in request.GET or "sparat" in request.GET
    if commitments_in(plan) and not is_asked_for and not _is_begun(case, _row_draft(plan)):
        return None, None
    initial, drafted_at = prefilled(request, _row_draft(plan), fresh_row(request, plan))
    return CommitmentForm(plan=plan, initial=initial, auto_id="id_rad_%s"), drafted_at


def _row_draft(plan: Plan) -> str:
    return f"add_commitment:{plan.pk}"
