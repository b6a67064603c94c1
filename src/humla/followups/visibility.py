"""Queries of following up, named by what they return; the row policies decide what there is to find.

Here: the newest status of each commitment, a follow-up with everything it asks, and how a case ended. Not
here: what a professional has to do today (`today`), nor what a receiver reads of a finished follow-up, which
is a frozen document (`humla.disclosures`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from humla.cases.models import Case
from humla.cases.visibility import is_held
from humla.core.context import standing
from humla.core.questions import prepared
from humla.disclosures.models import Document, DocumentKind, DocumentPart
from humla.disclosures.visibility import parts_in as parts_seen_in
from humla.followups.models import (
    Closing,
    CommitmentResult,
    FollowUp,
    FollowUpState,
    GoalResult,
    Progress,
)
from humla.meetings.models import Meeting, MeetingKind, MeetingState
from humla.plans.document import who_does
from humla.plans.models import Commitment, LeadTransfer
from humla.plans.visibility import parts_in, versions_of

HOLDS_FOLLOW_UPS = (MeetingKind.FOLLOW_UP, MeetingKind.CLOSING)
"""The kinds of meeting at which a plan is followed up."""


# --- each party's own status --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Undertaking:
    """A commitment as somebody who may say how it goes has it: the row itself, or what was handed over."""

    id: UUID
    unit_id: UUID | None
    who: str
    what: str
    category: str
    due_on: date | None
    is_in_force: bool
    """Does it stand in an adopted plan? One that is still being written has no status yet."""


@prepared
def progress_in(case_id: UUID) -> QuerySet[Progress]:
    """The newest status of each commitment in a case, of those that the reader may see."""
    told = Progress.objects.filter(case_id=case_id)
    return told.order_by("commitment_id", "-reported_at", "-id").distinct("commitment_id")


def newest_progress(case_id: UUID) -> dict[UUID, Progress]:
    """The same, by commitment."""
    return {one.commitment_id: one for one in progress_in(case_id)}


def reports_of(case: Case, commitment_id: UUID) -> list[Progress]:
    """Everything that has been said of one commitment, newest first."""
    told = Progress.objects.filter(case_id=case.pk, commitment_id=commitment_id)
    return list(told.order_by("-reported_at", "-id"))


def undertaking_in(case: Case, commitment_id: UUID) -> Undertaking | None:
    """The commitment, for those who hold the case or have been handed it; to others it is not there."""
    if is_held(case, standing().actor):
        return _undertaking_held(case, commitment_id)
    return _undertaking_given(case, commitment_id)


def _undertaking_held(case: Case, commitment_id: UUID) -> Undertaking | None:
    rows = Commitment.objects.select_related("unit", "plan", "goal").filter(case_id=case.pk)
    one = rows.filter(pk=commitment_id).first()
    if one is None:
        return None
    stands = not one.is_removed and not (one.goal is not None and one.goal.is_removed)
    return Undertaking(
        id=one.pk,
        unit_id=one.unit_id,
        who=who_does(one),
        what=one.what,
        category=one.category,
        due_on=one.due_on,
        is_in_force=stands and one.plan.adopted_version > 0,
    )


def _undertaking_given(case: Case, commitment_id: UUID) -> Undertaking | None:
    """In the newest version that the reader has: what was struck since is nothing to report on."""
    parts = [part for part in parts_seen_in(case.pk) if part.kind == DocumentKind.PLAN]
    newest = max((part.version for part in parts), default=0)
    for part in parts:
        for block in part.content["blocks"] if part.version == newest else ():
            if block.get("kind") == "commitment" and block.get("id") == str(commitment_id):
                return _from_block(block, part.category)
    return None


def _from_block(block: Mapping[str, Any], category: str) -> Undertaking:
    return Undertaking(
        id=UUID(block["id"]),
        unit_id=UUID(block["unit"]) if block.get("unit") else None,
        who=block["who"],
        what=block["what"],
        category=category,
        due_on=date.fromisoformat(block["due_on"]) if block.get("due_on") else None,
        is_in_force=True,
    )


# --- follow-ups ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AskedCommitment:
    """One commitment of the version that is followed up, and what was found of it."""

    id: UUID
    category: str
    block: Mapping[str, Any]
    result: CommitmentResult | None


@dataclass(frozen=True)
class AskedGoal:
    """One goal of the version that is followed up, and how near it is."""

    id: UUID
    category: str
    block: Mapping[str, Any]
    result: GoalResult | None


@dataclass(frozen=True)
class Sheet:
    """A follow-up with everything it asks: what was adopted, and the answers so far."""

    follow_up: FollowUp
    commitments: Sequence[AskedCommitment]
    goals: Sequence[AskedGoal]


def follow_ups_of(case: Case) -> list[FollowUp]:
    """The follow-ups of a case, the newest first; not those that were begun and removed."""
    return [one for one in follow_ups_in(case.pk) if not one.is_removed]


@prepared
def follow_ups_in(case_id: UUID) -> QuerySet[FollowUp]:
    """Every one of them by the case's id, also the removed."""
    rows = FollowUp.objects.select_related("document", "meeting", "begun_by")
    return rows.filter(case_id=case_id).order_by("-held_on", "-begun_at", "-id")


def begun_in(case: Case) -> FollowUp | None:
    """The follow-up that goes on; there is one at a time in a case."""
    going = FollowUp.objects.filter(case_id=case.pk, state=FollowUpState.OPEN, is_removed=False)
    return going.order_by("begun_at").first()


def follow_up_in(case: Case, follow_up_id: UUID) -> FollowUp | None:
    """One follow-up of this case."""
    rows = FollowUp.objects.select_related("document", "meeting", "begun_by")
    found = rows.filter(case_id=case.pk, pk=follow_up_id).first()
    if found is not None:
        found.case = case
    return found


def replaced_in(follow_ups: Iterable[FollowUp]) -> dict[UUID, UUID]:
    """Which follow-ups have been corrected by a later one of the same version and day, and by which.

    A correction that is not finished has replaced nothing yet.
    """
    newest: dict[tuple[UUID, date], FollowUp] = {}
    found = sorted(follow_ups, key=lambda one: (one.begun_at, one.pk))
    for one in found:
        if one.state == FollowUpState.DONE:
            newest[one.document_id, one.held_on] = one
    return {
        one.pk: later.pk
        for one in found
        if (later := newest.get((one.document_id, one.held_on))) is not None
        and later.pk != one.pk
        and one.state == FollowUpState.DONE
    }


def corrected_by(follow_up: FollowUp, follow_ups: Iterable[FollowUp]) -> FollowUp | None:
    """The finished follow-up that this one corrects, if it does."""
    same = [
        one
        for one in follow_ups
        if (one.document_id, one.held_on) == (follow_up.document_id, follow_up.held_on)
        and one.pk != follow_up.pk
        and one.begun_at <= follow_up.begun_at
        and one.state == FollowUpState.DONE
    ]
    return max(same, key=lambda one: one.begun_at, default=None)


def the_one_before(follow_up: FollowUp, follow_ups: Iterable[FollowUp]) -> FollowUp | None:
    """The finished follow-up of an earlier day that this one is compared with."""
    rows = list(follow_ups)
    replaced = replaced_in(rows)
    earlier = [
        one
        for one in rows
        if one.state == FollowUpState.DONE and one.held_on < follow_up.held_on and one.pk not in replaced
    ]
    return max(earlier, key=lambda one: (one.held_on, one.begun_at), default=None)


def sheet_of(follow_up: FollowUp) -> Sheet:
    """Everything the follow-up asks, from the frozen version, with the answers so far: three questions."""
    parts = parts_in(follow_up.document)
    commitments = {one.commitment_id: one for one in CommitmentResult.objects.filter(follow_up=follow_up)}
    goals = {one.goal_id: one for one in GoalResult.objects.filter(follow_up=follow_up)}
    return Sheet(
        follow_up,
        [
            AskedCommitment(key, category, block, commitments.get(key))
            for key, category, block in _asked(parts, "commitment")
        ],
        [AskedGoal(key, category, block, goals.get(key)) for key, category, block in _asked(parts, "goal")],
    )


def _asked(parts: Iterable[DocumentPart], kind: str) -> list[tuple[UUID, str, Mapping[str, Any]]]:
    return [
        (UUID(block["id"]), part.category, block)
        for part in parts
        for block in part.content["blocks"]
        if block["kind"] == kind
    ]


def adopted(case: Case) -> Document | None:
    """The newest adopted version of the plan: what a follow-up is of."""
    return next(iter(versions_of(case)), None)


def meetings_to_follow_up_at(case: Case) -> QuerySet[Meeting]:
    """The held meetings that a follow-up can have been made at, the newest first."""
    rows = Meeting.objects.filter(case_id=case.pk, state=MeetingState.HELD, kind__in=HOLDS_FOLLOW_UPS)
    return rows.order_by("-starts_at")


# --- the end of a case --------------------------------------------------------------------------------------


def closing_of(case: Case) -> Closing | None:
    """How the case ended, the last time it did."""
    rows = Closing.objects.select_related("closed_by").prefetch_related("livelihood")
    found = rows.filter(case_id=case.pk).order_by("-closed_at", "-id").first()
    if found is not None:
        found.case = case
    return found


def closings_of(case: Case) -> list[Closing]:
    """Every time the case has been closed, the last first."""
    rows = Closing.objects.select_related("closed_by").filter(case_id=case.pk)
    return list(rows.order_by("-closed_at", "-id"))


def still_planned(case: Case) -> list[Meeting]:
    """Meetings ahead, or never written down: to be held, moved or cancelled before the case is closed."""
    rows = Meeting.objects.filter(case_id=case.pk, state=MeetingState.PLANNED)
    return list(rows.order_by("starts_at"))


def lead_offered(case: Case) -> LeadTransfer | None:
    """A question to another unit to take over the lead, not answered yet."""
    rows = LeadTransfer.objects.select_related("to_unit")
    return rows.filter(case_id=case.pk, answered_at__isnull=True, taken_back_at__isnull=True).first()


def document_in(case: Case, document_id: UUID) -> Document | None:
    """A finished follow-up or a closing as it was frozen."""
    kinds = (DocumentKind.FOLLOW_UP, DocumentKind.CLOSING)
    found = Document.objects.filter(case_id=case.pk, pk=document_id, kind__in=kinds).first()
    if found is not None:
        found.case = case
    return found


def documents_of(case: Case, kind: str) -> list[Document]:
    """The frozen documents of a kind, newest first."""
    return list(Document.objects.filter(case_id=case.pk, kind=kind).order_by("-version"))


def own_document(document_id: UUID) -> Document | None:
    """One of the person's own, in her own session."""
    kinds = (DocumentKind.FOLLOW_UP, DocumentKind.CLOSING)
    rows = Document.objects.select_related("case__unit", "case__authority")
    return rows.filter(pk=document_id, kind__in=kinds).first()


def own_documents(cases: Iterable[UUID]) -> list[Document]:
    """What has been followed up and closed in some of her cases, newest first."""
    kinds = (DocumentKind.FOLLOW_UP, DocumentKind.CLOSING)
    return list(Document.objects.filter(case__in=list(cases), kind__in=kinds).order_by("-frozen_at", "-id"))


def own_progress(cases: Iterable[UUID]) -> dict[str, Progress]:
    """What has been said last of each commitment in some of her cases, by its id as a text."""
    told = Progress.objects.filter(case__in=list(cases))
    newest = told.order_by("commitment_id", "-reported_at", "-id").distinct("commitment_id")
    return {str(one.commitment_id): one for one in newest}


def given_parts(case: Case, document_id: UUID) -> list[DocumentPart]:
    """The parts of a finished follow-up or a closing that the reader has."""
    kinds = (DocumentKind.FOLLOW_UP, DocumentKind.CLOSING)
    return list(DocumentPart.objects.filter(case_id=case.pk, document_id=document_id, kind__in=kinds))


def given_documents(parts: Iterable[DocumentPart]) -> list[DocumentPart]:
    """One part of each finished follow-up or closing that a receiver has, newest first: enough to name it."""
    kinds = (DocumentKind.FOLLOW_UP, DocumentKind.CLOSING)
    once = {part.document_id: part for part in parts if part.kind in kinds}
    return sorted(once.values(), key=lambda part: (part.kind, -part.version))
