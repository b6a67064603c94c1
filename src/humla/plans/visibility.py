"""Queries of plans, named by what they return; the row policies decide what there is to find.

Here: the plan being written with everything in it, its frozen versions, and what its forms choose among.
Not here: what a receiver reads (`humla.disclosures.visibility.parts_seen`).
"""

from uuid import UUID

from django.db.models import Q, QuerySet

from humla.agreements.models import LawReference, LifeArea
from humla.cases.models import Case
from humla.core.context import now, today
from humla.core.periods import holds
from humla.disclosures.models import Document, DocumentKind, DocumentPart
from humla.organisation.models import Party, PartyKind, Professional
from humla.plans.document import with_everything
from humla.plans.models import Commitment, Goal, Plan

HUVUDMAN = frozenset({PartyKind.MUNICIPALITY, PartyKind.REGION})
"""The parties that the statute binds. Arbetsförmedlingen and Försäkringskassan take part by agreement."""

LAW_ON_CONTENT = "plan_content"
"""Under which subject the agreement keeps the reference to what a plan must hold."""


def plan_of(case: Case) -> Plan | None:
    """The plan being written with everything in it: three questions, however long it is."""
    found = Plan.objects.select_related("case", "person", "lead", "accountable_party")
    return found.filter(case_id=case.pk).prefetch_related(*with_everything()[4:]).first()


def goal_in(plan: Plan, goal_id: UUID) -> Goal | None:
    """One goal of this plan, also when it is struck."""
    found = Goal.objects.select_related("life_area").filter(plan=plan, pk=goal_id).first()
    if found is not None:
        found.plan = plan
    return found


def commitment_in(plan: Plan, commitment_id: UUID) -> Commitment | None:
    """One commitment of this plan, also when it is struck."""
    rows = Commitment.objects.select_related("unit__authority__party")
    found = rows.filter(plan=plan, pk=commitment_id).first()
    if found is not None:
        found.plan = plan
    return found


def versions_of(case: Case) -> list[Document]:
    """The adopted versions, newest first; only for those who hold the case, and the person."""
    return list(Document.objects.filter(case_id=case.pk, kind=DocumentKind.PLAN).order_by("-version"))


def version_of(case: Case, version: int) -> Document | None:
    """One adopted version."""
    return Document.objects.filter(case_id=case.pk, kind=DocumentKind.PLAN, version=version).first()


def parts_in(document: Document) -> list[DocumentPart]:
    """Everything that stands in one version, for those who hold it."""
    return list(DocumentPart.objects.filter(document_id=document.pk))


def parts_of_version(case: Case, version: int) -> list[DocumentPart]:
    """The same by number: the last version, to lay beside the plan as it is now."""
    return list(DocumentPart.objects.filter(case_id=case.pk, kind=DocumentKind.PLAN, version=version))


def life_areas(*, also: UUID | None = None) -> QuerySet[LifeArea]:
    """The life areas of the agreements in force, and the one that a goal already has from an older one."""
    on = today()
    in_force = Q(agreement__starts_on__lte=on, agreement__ends_on__gte=on)
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
    on = today()
    found = LawReference.objects.filter(
        subject=LAW_ON_CONTENT, agreement__starts_on__lte=on, agreement__ends_on__gte=on
    )
    return found.order_by("-agreement__starts_on").values_list("text", flat=True).first() or ""
