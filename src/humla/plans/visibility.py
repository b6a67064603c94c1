"""Queries of plans, named by what they return; the row policies decide what there is to find.

Here: the plan being written with everything in it, its frozen versions, and what its forms choose among.
Not here: what a receiver reads (`humla.disclosures.visibility.parts_seen`).
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from humla.agreements.models import LawReference, LifeArea
from humla.agreements.visibility import deciding
from humla.cases.models import Case
from humla.core.context import now, today
from humla.core.periods import holds
from humla.core.questions import Question, prepared
from humla.disclosures.models import Document, DocumentKind, DocumentPart
from humla.organisation.models import Party, PartyKind, Professional
from humla.plans.models import (
    Commitment,
    Goal,
    LeadTransfer,
    Milestone,
    OtherPlan,
    Plan,
    Reservation,
    UnmetNeed,
)

SideRow = TypeVar("SideRow", Milestone, Reservation, UnmetNeed, OtherPlan)

HUVUDMAN = frozenset({PartyKind.MUNICIPALITY, PartyKind.REGION})
"""The parties that the statute binds. Arbetsförmedlingen and Försäkringskassan take part by agreement."""

LAW_ON_CONTENT = "plan_content"
"""Under which subject the agreement keeps the reference to what a plan must hold."""


def plan_of(case: Case, names: Iterable[str] | None = None) -> Plan | None:
    """The plan being written with everything in it: seven questions, however long it is.

    As `humla.plans.document.with_everything` would fetch it, asked by the case. `names`: only these of
    `EVERYTHING` now; the rest is fetched when somebody asks for it.
    """
    plan = the_plan.first(case.pk)
    if plan is not None:
        plan.case = case
        for name in EVERYTHING:
            if names is None or name in names:
                _everything(plan, name)
    return plan


def _everything(plan: Plan, name: str) -> list[Any]:
    """The rows of one kind in `EVERYTHING`, struck ones too, asked for once."""
    if not hasattr(plan, name):
        rows = EVERYTHING[name](plan.case_id)
        for row in rows:
            row.plan = plan
        setattr(plan, name, rows)
    found: list[Any] = getattr(plan, name)
    return found


@prepared
def the_plan(case_id: UUID) -> QuerySet[Plan]:
    """The plan of a case by itself; a case has one at most."""
    joined = Plan.objects.select_related("person", "lead", "stand_in", "accountable_party")
    return joined.filter(case_id=case_id)


@prepared
def goals_of(case_id: UUID) -> QuerySet[Goal]:
    """The goals of a case's plan, struck ones too."""
    return Goal.objects.select_related("life_area").filter(case_id=case_id)


@prepared
def commitments_of(case_id: UUID) -> QuerySet[Commitment]:
    """Who does what in a case's plan, struck rows too."""
    return Commitment.objects.select_related("unit__authority__party").filter(case_id=case_id)


@prepared
def milestones_of(case_id: UUID) -> QuerySet[Milestone]:
    """The steps on the way to the goals, struck ones too."""
    return Milestone.objects.filter(case_id=case_id)


@prepared
def reservations_of(case_id: UUID) -> QuerySet[Reservation]:
    """What units do not undertake, struck rows too."""
    return Reservation.objects.select_related("unit__authority__party").filter(case_id=case_id)


@prepared
def unmet_needs_of(case_id: UUID) -> QuerySet[UnmetNeed]:
    """The needs that nobody meets, struck ones too."""
    return UnmetNeed.objects.select_related("life_area").filter(case_id=case_id)


@prepared
def other_plans_of(case_id: UUID) -> QuerySet[OtherPlan]:
    """The plans that stand beside this one, struck ones too."""
    return OtherPlan.objects.filter(case_id=case_id)


EVERYTHING: "Mapping[str, Question[UUID, Any]]" = {
    "all_goals": goals_of,
    "all_commitments": commitments_of,
    "all_milestones": milestones_of,
    "all_reservations": reservations_of,
    "all_unmet_needs": unmet_needs_of,
    "all_other_plans": other_plans_of,
}
"""What a plan holds, by the names that `humla.plans.document.with_everything` gives it."""


def side_row_in(plan: Plan, model: type[SideRow], row_id: UUID) -> SideRow | None:
    """One milestone, reservation, unmet need or other plan of this plan, also when it is struck."""
    joined = {Reservation: ["unit__authority__party"], UnmetNeed: ["life_area"], Milestone: ["goal"]}
    rows = model._default_manager.filter(plan=plan, pk=row_id)
    found = rows.select_related(*joined[model]).first() if model in joined else rows.first()
    if found is not None:
        found.plan = plan
    return found


@prepared
def lead_transfers_in(case_id: UUID) -> QuerySet[LeadTransfer]:
    """Every time the lead has been offered to another unit, newest first, as far as the reader may see."""
    asked = LeadTransfer.objects.select_related("to_unit__authority", "offered_by")
    return asked.filter(case_id=case_id).order_by("-offered_at", "-id")


def goal_in(plan: Plan, goal_id: UUID) -> Goal | None:
    """One goal of this plan, also when it is struck."""
    rows: list[Goal] = _everything(plan, "all_goals")
    return next((one for one in rows if one.pk == goal_id), None)


def commitment_in(plan: Plan, commitment_id: UUID) -> Commitment | None:
    """One commitment of this plan, also when it is struck."""
    rows: list[Commitment] = _everything(plan, "all_commitments")
    return next((one for one in rows if one.pk == commitment_id), None)


@prepared
def the_commitment(commitment_id: UUID) -> QuerySet[Commitment]:
    """One commitment by its id, as it is now."""
    return Commitment.objects.select_related("unit__authority__party").filter(pk=commitment_id)


def versions_of(case: Case) -> list[Document]:
    """The adopted versions, newest first; only for those who hold the case, and the person."""
    return versions_in(case.pk)


@prepared
def versions_in(case_id: UUID) -> QuerySet[Document]:
    """The same by the case's id."""
    return Document.objects.filter(case_id=case_id, kind=DocumentKind.PLAN).order_by("-version")


def parts_in(document: Document) -> list[DocumentPart]:
    """Everything that stands in one version, for those who hold it."""
    return list(DocumentPart.objects.filter(document_id=document.pk))


def parts_of_version(case: Case, version: int) -> list[DocumentPart]:
    """The same by number: the last version, to lay beside the plan as it is now."""
    return list(DocumentPart.objects.filter(case_id=case.pk, kind=DocumentKind.PLAN, version=version))


def life_areas(*, also: UUID | None = None) -> QuerySet[LifeArea]:
    """The life areas of the agreement in force, and the one that a goal already has from an older one."""
    in_force = Q(agreement=deciding(today()))
    return LifeArea.objects.filter(in_force | Q(pk=also) if also else in_force)


def huvudman_to_choose() -> QuerySet[Party]:
    """The kommuner and regions, of which one has the overall responsibility."""
    return Party.objects.filter(kind__in=HUVUDMAN)


def leads_to_choose(plan: Plan) -> QuerySet[Professional]:
    """Those who may hold the plan together: in the case, or at a unit that does something in the plan."""
    at = now()
    units = Commitment.objects.filter(plan=plan, unit__isnull=False, is_removed=False).values("unit")
    at_units = Q(assignments__unit__in=units) & holds(at, "assignments__")
    in_case = Q(case_assignments__case=plan.case_id) & holds(at, "case_assignments__")
    return Professional.objects.filter(at_units | in_case).distinct().order_by("name")


def law_on_content() -> str:
    """What the agreement says that the four parts rest on; nothing when it says nothing."""
    found = LawReference.objects.filter(subject=LAW_ON_CONTENT, agreement=deciding(today()))
    return found.values_list("text", flat=True).first() or ""
