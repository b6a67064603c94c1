"""What is known about a case now: the facts that decide whose turn it is, and who may read what.

Here: the facts of one case laid together from every concept, for those whose authority holds it. Not here:
whose turn it is by them (`humla.web.waiting`), nor the page (`humla.web.front`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from humla.agreements.visibility import meeting_due
from humla.cases.models import Case, CaseAssignment, CaseRole
from humla.cases.visibility import need_known_on
from humla.consents.visibility import consents_of, latest_plan_answer
from humla.core.context import now, today
from humla.core.dates import day_of
from humla.disclosures.visibility import disclosures_of
from humla.evidence.visibility import evidence_of
from humla.followups.models import FollowUp, FollowUpState
from humla.followups.visibility import follow_ups_of
from humla.meetings.models import Called, Meeting, MeetingKind, MeetingState, Summons, SummonsState
from humla.meetings.preparation import preparations_of
from humla.meetings.visibility import ends_at, meetings_of, summonses_of
from humla.meetings.waited import waited_for
from humla.people.models import Person
from humla.people.naming import called
from humla.plans.models import LeadTransfer, Plan
from humla.plans.receivers import PlanReceiver, receivers_of
from humla.plans.rules import missing_parts
from humla.plans.visibility import lead_transfers_in, versions_of
from humla.scheduling.visibility import called_by, open_offers_of
from humla.web.waiting import LooksForTime, MeetingAhead, Stage


@dataclass(frozen=True)
class Receiver:
    """A unit that may read, or could: what it has been handed, and whether its consent is in force."""

    unit: str
    authority: str
    party_kind: str
    version: int
    at: datetime | None
    is_open: bool
    is_withdrawn: bool
    is_current: bool
    has_reader: bool


def stage_of(
    case: Case,
    person: Person,
    plan: Plan | None,
    working: Sequence[CaseAssignment],
    receivers: Sequence[Receiver],
    *,
    is_mine: bool,
) -> Stage:
    """What is known about the case now, for those whose authority holds it."""
    transfers = lead_transfers_in(case.pk)
    return Stage(
        person=called(person),
        responsible=next((one.professional.name for one in working if one.role == CaseRole.RESPONSIBLE), ""),
        is_mine=is_mine,
        opened_on=day_of(case.opened_at),
        today=today(),
        state=case.state_on(today()),
        resting_until=case.resting_until,
        went_to=next((one.to_unit.name for one in transfers if one.is_accepted), ""),
        offered_to=next((one.to_unit.name for one in transfers if is_open(one)), ""),
        **_agreed(case),
        looking=_looking(case),
        meeting_by=meeting_due(need_known_on(case)),
        **_met(case),
        **_planned(plan),
        **_followed_up(case),
        **_read(receivers),
    )


def is_open(transfer: LeadTransfer) -> bool:
    """Does the one who was asked still have to answer?"""
    return transfer.answered_at is None and transfer.taken_back_at is None


def receivers_shown(case: Case, plan: Plan | None, working: Sequence[CaseAssignment]) -> list[Receiver]:
    """Every unit that has a consent in force or has been handed something, and how far it has come."""
    current = plan.adopted_version if plan else 0
    versions = {one.pk: one.version for one in versions_of(case)} if current else {}
    readers = {one.unit_id for one in working}
    handed = [act for act in disclosures_of(case.pk) if act.recalled_at is None] if current else []
    rows = receivers_of(consents_of(case), handed)
    return [
        _receiver(one, versions, current, has_reader=one.unit.pk in readers)
        for one in rows
        if one.consent or one.handed
    ]


def _agreed(case: Case) -> dict[str, Any]:
    answer = latest_plan_answer(case)
    return {"answer": None if answer is None else answer.agrees}


def _met(case: Case) -> dict[str, Any]:
    """The meetings: what was prepared, the one ahead, and when they last met."""
    meetings = meetings_of(case)
    held = [one for one in meetings if one.state == MeetingState.HELD]
    before = next((one for one in held if one.kind == MeetingKind.PREPARATORY), None)
    met = next((one for one in held if one.kind != MeetingKind.PREPARATORY), None)
    planned = [one for one in meetings if one.state == MeetingState.PLANNED]
    return {
        "is_prepared": before is not None or any(one.handed_in_at for one in preparations_of(case)),
        "prepared_on": day_of(before.starts_at) if before else None,
        "result": before.result if before else "",
        "meeting": _ahead(min(planned, key=lambda one: one.starts_at)) if planned else None,
        "met_on": day_of(met.starts_at) if met else None,
    }


def _looking(case: Case) -> LooksForTime | None:
    """The offer of times that waits for somebody, when there is one."""
    found = next(iter(open_offers_of(case)), None)
    if found is None:
        return None
    offer = found.offer
    waits_for = [called_by(one) for one in found.waits_for]
    return LooksForTime(offer.pk, MeetingKind(offer.kind), found.state, offer.answer_by, waits_for)


def _ahead(meeting: Meeting) -> MeetingAhead:
    expected = [one for one in summonses_of(meeting) if one.state is not SummonsState.CANCELLED]
    return MeetingAhead(
        id=meeting.pk,
        kind=MeetingKind(meeting.kind),
        on=day_of(meeting.starts_at),
        has_been=ends_at(meeting) <= now(),
        answer_by=meeting.answer_by,
        called=len(expected),
        unanswered=_those(expected, *_SILENT),
        other_time=_those(expected, SummonsState.OTHER_TIME),
        wrong_unit=_those(expected, SummonsState.WRONG_UNIT),
        evidence_from=[] if _those(expected, *_SILENT) else _evidence_from(meeting.case),
        waited=max((one.days for one in waited_for(expected).values()), default=0),
        reminded_out=_those([one for one in expected if one.is_reminded_out], SummonsState.WAITING),
    )


_SILENT = (SummonsState.WAITING, SummonsState.LEAVING)


def _evidence_from(case: Case) -> list[str]:
    """Who has underlag left to send; asked first when nobody is silent about the meeting itself."""
    who = [one.who or called(case.person) for one in evidence_of(case) if one.is_open]
    return list(dict.fromkeys(who))


def _those(summonses: Sequence[Summons], *states: SummonsState) -> list[str]:
    return [_called(one) for one in summonses if one.state in states]


def _called(one: Summons) -> str:
    if one.unit is not None:
        return one.unit.name
    return one.name or str(Called(one.called).label).capitalize()


def _planned(plan: Plan | None) -> dict[str, Any]:
    if plan is None:
        return {}
    return {
        "is_started": True,
        "missing": len(missing_parts(plan)),
        "version": plan.adopted_version,
        "is_changed": plan.is_changed,
        "follow_up_on": plan.follow_up_on,
        "needs_no_follow_up": bool(plan.no_follow_up_by),
    }


def _followed_up(case: Case) -> dict[str, Any]:
    found: list[FollowUp] = follow_ups_of(case)
    done = [one for one in found if one.state == FollowUpState.DONE]
    return {
        "is_following_up": any(one.state == FollowUpState.OPEN for one in found),
        "followed_up_on": max((one.held_on for one in done), default=None),
    }


def _read(receivers: Sequence[Receiver]) -> dict[str, Any]:
    reading = [one for one in receivers if one.is_open]
    return {
        "consented": [one.unit for one in reading],
        "waiting": [one.unit for one in reading if not one.is_current],
        "unread": [one.unit for one in reading if one.is_current and not one.has_reader],
        "withdrawn": [one.unit for one in receivers if one.is_withdrawn],
    }


def _receiver(one: PlanReceiver, versions: Mapping[UUID, int], current: int, *, has_reader: bool) -> Receiver:
    newest = max((act for act in one.handed), key=lambda act: versions.get(act.document_id, 0), default=None)
    version = versions.get(newest.document_id, 0) if newest else 0
    return Receiver(
        unit=one.unit.name,
        authority=one.authority.name,
        party_kind=one.authority.party.kind,
        version=version,
        at=newest.disclosed_at if newest else None,
        is_open=one.consent is not None,
        is_withdrawn=one.is_withdrawn,
        is_current=bool(current) and version == current,
        has_reader=has_reader,
    )
