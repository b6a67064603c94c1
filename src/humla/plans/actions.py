"""What happens to a plan: it is started, written in, and adopted, which freezes a version of it.

Every verb is for those who hold the case. Every change moves the plan's version, so that what somebody
read before adopting is what is adopted. Nothing is deleted: what is struck can be put back.
"""

from collections.abc import Mapping
from copy import copy
from datetime import date
from typing import TypedDict, TypeVar, Unpack
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from humla.agreements.models import LifeArea
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Case, Category
from humla.cases.turns import take_turn
from humla.consents.visibility import latest_plan_answer
from humla.core.context import Actor, today
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.disclosures.actions import freeze
from humla.disclosures.models import Document, DocumentKind
from humla.organisation.models import Party, Unit
from humla.plans import rules
from humla.plans.document import LANGUAGE, commitments_in, parts_of
from humla.plans.models import Commitment, Goal, Milestone, OtherPlan, Plan, Reservation, UnmetNeed
from humla.plans.visibility import plan_of, the_commitment

Row = TypeVar("Row", Plan, Goal, Commitment, Milestone, Reservation, UnmetNeed, OtherPlan)
PlanRow = TypeVar("PlanRow", Goal, Commitment, Milestone, Reservation, UnmetNeed, OtherPlan)
SideRow = TypeVar("SideRow", Milestone, Reservation, UnmetNeed, OtherPlan)
"""What stands beside goals and who does what."""


class GoalDetails(TypedDict, total=False):
    """What is written of a goal."""

    life_area: LifeArea
    situation: str
    text: str
    category: str


class CommitmentDetails(TypedDict, total=False):
    """What is written of a commitment."""

    goal: Goal | None
    doer: str
    unit: Unit | None
    other: str
    responsible: str
    what: str
    category: str
    starts_on: date | None
    starts_when: str
    due_on: date | None
    known_by: str
    person_does: str


class MilestoneDetails(TypedDict, total=False):
    """What is written of a step on the way to a goal. It is the kind of information that its goal is."""

    goal: Goal
    text: str
    due_on: date | None


class ReservationDetails(TypedDict, total=False):
    """What is written of something that a unit does not undertake."""

    unit: Unit
    what: str
    why: str
    category: str


class UnmetNeedDetails(TypedDict, total=False):
    """What is written of a need that nobody meets."""

    life_area: LifeArea
    what: str
    why: str
    category: str


class OtherPlanDetails(TypedDict, total=False):
    """What is written of a plan that stands beside this one."""

    kind: str
    owner: str
    dated_on: date | None
    reference: str
    category: str


@transaction.atomic
def start_plan(case: Case, *, by: Actor) -> Plan:
    """Begin the plan of a case. It has one, so starting twice gives the same, also in the same second."""
    rules.may_write(by, case).enforce()
    take_turn(case)
    found = Plan.objects.filter(case_id=case.pk).first()
    if found is not None:
        return found
    plan = Plan.objects.create(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person_id=case.person_id,
        case=case,
    )
    _record(plan, "plan", plan.pk, plan.version)
    return plan


@transaction.atomic
def say_own_goal(
    plan: Plan,
    *,
    text: str,
    said_on: date | None,
    told_to: str = "",
    category: str = "",
    version: int,
    by: Actor,
) -> Plan:
    """Write down what the person wants, in the person's words, with the day they were said.

    New words need their own day; the old ones stay in the versions that were adopted with them.
    """
    rules.may_write(by, plan.case).enforce()
    rules.may_say_own_goal(text, said_on, today()).enforce()
    category = category or plan.own_goal_category
    rules.may_write_category(category).enforce()
    told = {"own_goal": text, "own_goal_said_on": said_on, "own_goal_told_to": told_to}
    changed = _change_plan(plan, version, **told, own_goal_category=category)
    _record(changed, "own_goal", changed.pk, changed.version)
    return changed


@transaction.atomic
def settle(
    plan: Plan,
    *,
    accountable_party: Party | None,
    lead_id: UUID | None,
    nothing_by_others: bool,
    follow_up_on: date | None,
    stand_in_id: UUID | None = None,
    if_worse: str = "",
    if_worse_category: str = Category.NEEDS,
    no_follow_up_by: str = "",
    version: int,
    by: Actor,
) -> Plan:
    """Who answers for the plan, who holds it together and who else, whom to call, when it is looked at next.

    Either `follow_up_on`, or who decided that no follow-up is needed.
    """
    rules.may_write(by, plan.case).enforce()
    rules.may_write_category(if_worse_category).enforce()
    rules.may_share_lead(lead_id, stand_in_id).enforce()
    rules.may_plan_next(follow_up_on, no_follow_up_by).enforce()
    # Asked anew: what the plan was loaded with may be older than what stands in it.
    standing = commitments_in(plan_of(plan.case) or plan)
    rules.may_settle(accountable_party, nothing_by_others=nothing_by_others, commitments=standing).enforce()
    changed = _change_plan(
        plan,
        version,
        accountable_party=accountable_party,
        lead_id=lead_id,
        nothing_by_others=nothing_by_others,
        follow_up_on=follow_up_on,
        stand_in_id=stand_in_id,
        if_worse=if_worse,
        if_worse_category=if_worse_category,
        no_follow_up_by=no_follow_up_by,
    )
    _record(changed, "responsibility", changed.pk, changed.version)
    return changed


@transaction.atomic
def follow_up_next(plan: Plan, *, on: date | None, decided_by: str = "", by: Actor) -> Plan:
    """When the plan is looked at again, as a follow-up settled it; or who decided that it need not be.

    What was adopted is not changed by it: the day stands in the follow-up, which is a document of its own.
    """
    rules.may_write(by, plan.case).enforce()
    changed = Plan.objects.filter(pk=plan.pk)
    _one(changed.update(version=F("version") + 1, follow_up_on=on, no_follow_up_by=decided_by))
    now = _now(plan)
    _record(now, "next_follow_up", now.pk, now.version)
    return now


@transaction.atomic
def add_goal(plan: Plan, *, by: Actor, **details: Unpack[GoalDetails]) -> Goal:
    """What is wanted in one life area."""
    rules.may_write(by, plan.case).enforce()
    goal = Goal(id=uuid4(), plan=plan, position=plan.version, **_held_as(plan), **details)
    rules.may_write_category(goal.category).enforce()
    goal.save(force_insert=True)
    _touch(plan)
    _record(plan, "goal", goal.pk, goal.version)
    return goal


@transaction.atomic
def change_goal(goal: Goal, *, version: int, by: Actor, **details: Unpack[GoalDetails]) -> Goal:
    """Other words for a goal; one that becomes more secret takes its rows along, the struck ones too.

    Raises Stale when somebody else changed it meanwhile.
    """
    rules.may_write(by, goal.plan.case).enforce()
    category = details.get("category", goal.category)
    rules.may_write_category(category).enforce()
    changed = Goal.objects.filter(pk=goal.pk, version=version).update(version=F("version") + 1, **details)
    now = _changed(goal, changed, "goal")
    for row in rules.rows_that_follow(goal, category, Commitment.objects.filter(goal=goal)):
        _one(Commitment.objects.filter(pk=row.pk).update(version=F("version") + 1, category=category))
        _record(goal.plan, "commitment", row.pk, row.version + 1)
    return now


@transaction.atomic
def remove_goal(goal: Goal, *, by: Actor) -> Goal:
    """Strike a goal, and with it what was to be done for it."""
    return _strike(goal, is_removed=True, by=by)


@transaction.atomic
def restore_goal(goal: Goal, *, by: Actor) -> Goal:
    """Put a struck goal back, and with it what was to be done for it."""
    return _strike(goal, is_removed=False, by=by)


@transaction.atomic
def add_commitment(plan: Plan, *, by: Actor, **details: Unpack[CommitmentDetails]) -> Commitment:
    """Who does what by when."""
    rules.may_write(by, plan.case).enforce()
    commitment = Commitment(id=uuid4(), plan=plan, position=plan.version, **_held_as(plan), **details)
    rules.may_write_category(commitment.category).enforce()
    _same_plan(plan, commitment.goal)
    commitment.save(force_insert=True)
    _touch(plan, others_do_something=not rules.is_by_huvudman(commitment))
    _record(plan, "commitment", commitment.pk, commitment.version)
    return commitment


@transaction.atomic
def change_commitment(
    commitment: Commitment, *, version: int, by: Actor, **details: Unpack[CommitmentDetails]
) -> Commitment:
    """Another who, what or when. Raises Stale when somebody else changed it meanwhile."""
    rules.may_write(by, commitment.plan.case).enforce()
    rules.may_write_category(details.get("category", commitment.category)).enforce()
    _same_plan(commitment.plan, details.get("goal"))
    changed = Commitment.objects.filter(pk=commitment.pk, version=version).update(
        version=F("version") + 1, **details
    )
    return _changed(commitment, changed, "commitment", now=_with(commitment, version, details))


@transaction.atomic
def remove_commitment(commitment: Commitment, *, by: Actor) -> Commitment:
    """Strike a commitment."""
    return _strike(commitment, is_removed=True, by=by)


@transaction.atomic
def restore_commitment(commitment: Commitment, *, by: Actor) -> Commitment:
    """Put a struck commitment back."""
    return _strike(commitment, is_removed=False, by=by)


@transaction.atomic
def add_milestone(plan: Plan, *, by: Actor, **details: Unpack[MilestoneDetails]) -> Milestone:
    """A step on the way to a goal, with its day."""
    rules.may_write(by, plan.case).enforce()
    _same_plan(plan, details["goal"])
    return _added(Milestone(id=uuid4(), plan=plan, position=plan.version, **_held_as(plan), **details))


@transaction.atomic
def add_reservation(plan: Plan, *, by: Actor, **details: Unpack[ReservationDetails]) -> Reservation:
    """What a unit does not undertake, and why."""
    rules.may_write(by, plan.case).enforce()
    row = Reservation(id=uuid4(), plan=plan, position=plan.version, **_held_as(plan), **details)
    rules.may_write_category(row.category).enforce()
    return _added(row)


@transaction.atomic
def add_unmet_need(plan: Plan, *, by: Actor, **details: Unpack[UnmetNeedDetails]) -> UnmetNeed:
    """A need that the plan has no answer to."""
    rules.may_write(by, plan.case).enforce()
    row = UnmetNeed(id=uuid4(), plan=plan, position=plan.version, **_held_as(plan), **details)
    rules.may_write_category(row.category).enforce()
    return _added(row)


@transaction.atomic
def add_other_plan(plan: Plan, *, by: Actor, **details: Unpack[OtherPlanDetails]) -> OtherPlan:
    """Point at another plan of the person's."""
    rules.may_write(by, plan.case).enforce()
    row = OtherPlan(id=uuid4(), plan=plan, position=plan.version, **_held_as(plan), **details)
    rules.may_write_category(row.category).enforce()
    return _added(row)


@transaction.atomic
def change_row(row: SideRow, *, version: int, by: Actor, **details: object) -> SideRow:
    """Other words for a milestone, a reservation, an unmet need or another plan.

    Raises Stale when somebody else changed it meanwhile.
    """
    rules.may_write(by, row.plan.case).enforce()
    if "category" in details:
        rules.may_write_category(str(details["category"])).enforce()
    rows = type(row)._default_manager.filter(pk=row.pk, version=version)
    return _changed(row, rows.update(version=F("version") + 1, **details), _kind(row))


@transaction.atomic
def strike_row(row: SideRow, *, by: Actor) -> SideRow:
    """Strike such a row."""
    return _strike(row, is_removed=True, by=by)


@transaction.atomic
def restore_row(row: SideRow, *, by: Actor) -> SideRow:
    """Put a struck one back."""
    return _strike(row, is_removed=False, by=by)


@transaction.atomic
def adopt(plan: Plan, *, version: int, says: str = "", why: str = "", by: Actor) -> Document:
    """Adopt the plan as it was read at `version`: a numbered version is frozen and never changed.

    `says` is whether the person is with the plan, `why` the person's own words about it. Silence is never
    yes: without an answer the version says that there is none. The row is locked first: what somebody else is
    writing right now comes before or after, never half.
    """
    locked = Plan.objects.select_for_update(of=("self",)).filter(pk=plan.pk).first()
    whole = plan_of(plan.case)
    if locked is None or whole is None:
        raise NotAllowed(_("Planen finns inte längre för dig."))
    rules.may_answer(says, why).enforce()
    rules.may_adopt(by, whole, latest_plan_answer(whole.case), says=says).enforce()
    if whole.version != version:
        raise Stale(whole)
    whole.person_says, whole.person_says_why = says, why
    with override(LANGUAGE):
        title = _("Samordnad individuell plan")
    document = freeze(
        whole.case,
        kind=DocumentKind.PLAN,
        version=whole.adopted_version + 1,
        title=title,
        parts=parts_of(whole, adopted_on=today()),
        by=by,
    )
    answer = {"person_says": says, "person_says_why": why}
    _one(Plan.objects.filter(pk=plan.pk).update(adopted_version=document.version, is_changed=False, **answer))
    record(
        Tag.PLAN_ADOPTED,
        case=whole.case_id,
        person=whole.person_id,
        items=[("plan", whole.pk, version), ("document", document.pk, document.version)],
    )
    return document


def _held_as(plan: Plan) -> dict[str, UUID]:
    """What the row policies read, copied from the plan."""
    return {
        "association_id": plan.association_id,
        "authority_id": plan.authority_id,
        "person_id": plan.person_id,
        "case_id": plan.case_id,
    }


def _same_plan(plan: Plan, goal: Goal | None) -> None:
    if goal is not None and goal.plan_id != plan.pk:
        raise NotAllowed(_("Målet hör till en annan plan."))


def _added(row: SideRow) -> SideRow:
    row.save(force_insert=True)
    _touch(row.plan)
    _record(row.plan, _kind(row), row.pk, row.version)
    return row


def _kind(row: PlanRow) -> str:
    """How the trail names what was written."""
    return row._meta.model_name or ""


def _change_plan(plan: Plan, version: int, **fields: object) -> Plan:
    found = Plan.objects.filter(pk=plan.pk, version=version)
    if not found.update(version=F("version") + 1, is_changed=True, **fields):
        raise Stale(_now(plan))
    return _now(plan)


def _touch(plan: Plan, *, others_do_something: bool = False) -> None:
    """Something in the plan changed. When others now do something, "ingen annan" is no longer true."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE plans_plan SET version = version + 1, is_changed = true,"
            " nothing_by_others = nothing_by_others AND NOT %s WHERE id = %s",
            [others_do_something, plan.pk],
        )
        _one(cursor.rowcount)


def _changed(row: PlanRow, count: int, kind: str, *, now: PlanRow | None = None) -> PlanRow:
    if not count:
        raise Stale(_now(row))
    now = now or _now(row)
    _touch(row.plan, others_do_something=_is_done_by_others(now))
    _record(row.plan, kind, row.pk, now.version)
    return now


def _with(row: PlanRow, version: int, details: Mapping[str, object]) -> PlanRow | None:
    """The row as it is after the change, when it was read in the version that was changed: nothing to ask."""
    if row.version != version:
        return None
    changed = copy(row)
    for name, value in {**details, "version": version + 1}.items():
        setattr(changed, name, value)
    return changed


def _is_done_by_others(row: PlanRow) -> bool:
    """Does somebody else than a kommun or region do something in this row, as it stands?"""
    if row.is_removed or not isinstance(row, Goal | Commitment):
        return False
    if isinstance(row, Commitment):
        return not rules.is_by_huvudman(row)
    doers = Commitment.objects.select_related("unit__authority__party").filter(goal=row, is_removed=False)
    return any(not rules.is_by_huvudman(one) for one in doers)


def _strike(row: PlanRow, *, is_removed: bool, by: Actor) -> PlanRow:
    rules.may_write(by, row.plan.case).enforce()
    rows = type(row)._default_manager.filter(pk=row.pk)
    return _changed(row, rows.update(version=F("version") + 1, is_removed=is_removed), _kind(row))


def _now(row: Row) -> Row:
    """The row as it is now. Under the row policies one that is gone is one that may not be known."""
    if isinstance(row, Commitment):
        found = the_commitment.first(row.pk)
    else:
        found = type(row)._default_manager.filter(pk=row.pk).first()
    if found is None:
        raise NotAllowed(_("Det finns inte längre för dig."))
    return found


def _one(count: int) -> None:
    """An UPDATE of a row that the policies hide hits nothing, silently."""
    if count != 1:
        raise NotAllowed(_("Planen finns inte längre för dig."))


def _record(plan: Plan, kind: str, row: UUID, version: int) -> None:
    record(Tag.PLAN_CHANGED, case=plan.case_id, person=plan.person_id, items=[(kind, row, version)])
