"""Queries of meetings, named by what they return; the row policies decide what there is to find.

Here: the meetings of a case, who has been summoned to one and where each summons stands, the days that a
form suggests. Not here: what a summoned unit reads (`humla.disclosures.visibility`), nor the person's
preparation (`preparation`).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value

from humla.agreements.visibility import deadlines_on
from humla.cases.models import Case, Category
from humla.consents.models import Consent, ConsentState
from humla.consents.visibility import consents_of, state_of
from humla.core.context import now, today
from humla.core.dates import day_of
from humla.core.periods import holds
from humla.core.questions import prepared
from humla.disclosures.models import DocumentPart
from humla.meetings.models import (
    Answer,
    AnsweredBy,
    Attendance,
    Called,
    Meeting,
    MeetingState,
    PlaceApproval,
    Summons,
    SummonsAnswer,
    SummonsState,
)
from humla.notifications.models import Notice, NoticeState
from humla.organisation.models import Professional, Unit

TAKES_ANSWERS = Func(
    *(F(one) for one in ("id", "case_id", "person_id", "authority_id")),
    Value(AnsweredBy.SIGNED_IN.value),
    function="wall_may_answer",
    output_field=BooleanField(),
)
"""Of a summons to the reader's own unit: may it be answered now? The wall sees whether the meeting stands."""


def meetings_of(case: Case) -> list[Meeting]:
    """Every meeting of the case, the latest first; moved and cancelled ones too, as they were."""
    return _in_case(case, meetings_in(case.pk))


@prepared
def meetings_in(case_id: UUID) -> QuerySet[Meeting]:
    """The same by the case's id."""
    return _meetings().filter(case_id=case_id).order_by("-starts_at", "-planned_at")


def meeting_of(case: Case, meeting_id: UUID) -> Meeting | None:
    """One meeting of this case."""
    return next(iter(_in_case(case, _meetings().filter(case_id=case.pk, pk=meeting_id))), None)


def own_meeting(meeting_id: UUID) -> Meeting | None:
    """One of the person's own meetings, in whichever of her cases; the row policies say which are hers."""
    return _meetings().filter(pk=meeting_id).first()


def is_place_approved(meeting: Meeting) -> bool:
    """Has somebody other than its writer read the place, in these words, for this case?"""
    return PlaceApproval.objects.filter(case=meeting.case_id, place=meeting.place).exists()


def next_meeting(case: Case) -> Meeting | None:
    """The planned meeting that comes next, or goes on right now."""
    return next_meetings([case]).get(case.pk)


def next_meetings(cases: Collection[Case]) -> dict[UUID, Meeting]:
    """The same for several cases, in one question."""
    by_id = {case.pk: case for case in cases}
    planned = _meetings().filter(case__in=by_id, state=MeetingState.PLANNED)
    found: dict[UUID, Meeting] = {}
    for one in planned.filter(starts_at__gt=now() - timedelta(hours=10)).order_by("starts_at", "id"):
        if ends_at(one) > now():
            one.case = by_id[one.case_id]
            found.setdefault(one.case_id, one)
    return found


def ends_at(meeting: Meeting) -> datetime:
    """When it is planned to be over."""
    return meeting.starts_at + timedelta(minutes=meeting.minutes)


def summonses_of(meeting: Meeting) -> list[Summons]:
    """Everybody summoned to the meeting, each with its newest answer and where it stands."""
    return summonses_by_meeting([meeting]).get(meeting.pk, [])


def summonses_by_meeting(meetings: Sequence[Meeting]) -> dict[UUID, list[Summons]]:
    """The same for several meetings of one case: three questions however many they are."""
    if not meetings:
        return {}
    whose = {one.pk: one for one in meetings}
    spent = Notice.objects.filter(about_id=OuterRef("pk"), state=NoticeState.SENT, staff_from__lte=today())
    found = list(
        Summons.objects.select_related("unit__authority__party", "disclosure", "sent_by")
        .filter(meeting__in=whose)
        .annotate(reminders_spent=Exists(spent))
    )
    with_answers(found)
    consents = consents_of(meetings[0].case) if found else []
    open_to = units_told_of_planning(consents)
    ended = {(one.receiver_unit_id, one.withdrawn_at) for one in consents if one.withdrawn_at}
    by_meeting: dict[UUID, list[Summons]] = {}
    for one in found:
        one.is_reminded_out = one.reminders_spent
        one.meeting = whose[one.meeting_id]
        one.case = one.meeting.case
        one.state = stands(one, one.newest, may_still_read=_may_still_read(one, open_to))
        one.ended_with_consent = (one.unit_id, one.cancelled_at) in ended
        by_meeting.setdefault(one.meeting_id, []).append(one)
    for several in by_meeting.values():
        several.sort(key=_person_first)
    return by_meeting


def summons_of(case: Case, summons_id: UUID) -> Summons | None:
    """One summons of this case, with its meeting."""
    meeting_id = (
        Summons.objects.filter(case_id=case.pk, pk=summons_id).values_list("meeting_id", flat=True).first()
    )
    meeting = meeting_of(case, meeting_id) if meeting_id else None
    return next((one for one in summonses_of(meeting) if one.pk == summons_id), None) if meeting else None


def with_answers(summonses: Sequence[Summons]) -> None:
    """Give each its newest answer."""
    newest = {one.summons_id: one for one in _answers(summonses)}
    for one in summonses:
        one.newest = newest.get(one.pk)


def stands(summons: Summons, newest: SummonsAnswer | None, *, may_still_read: bool = True) -> SummonsState:
    """Where a summons stands now: its instants, the newest answer, and whether the yes behind it holds.

    A yes taken back cancels it in the same second (`end_what_rested_on()`). One whose time is over cancels
    nothing: so that is seen here, at every look, and whoever summoned is offered to tell the unit.
    """
    if summons.cancelled_at is not None or not may_still_read:
        return SummonsState.CANCELLED
    if newest is not None:
        return SummonsState(newest.answer)
    return SummonsState.LEAVING if now() < summons.leaves_at else SummonsState.WAITING


def open_summonses(meeting: Meeting) -> list[Summons]:
    """Those that have not been taken back."""
    return [one for one in summonses_of(meeting) if one.cancelled_at is None]


def still_called(meetings: Iterable[Meeting]) -> dict[UUID, list[Summons]]:
    """Who has been summoned to each and not taken back; one question, without answers and consents."""
    called: dict[UUID, list[Summons]] = {}
    for one in Summons.objects.select_related("unit").filter(
        meeting__in=list(meetings), cancelled_at__isnull=True
    ):
        called.setdefault(one.meeting_id, []).append(one)
    for several in called.values():
        several.sort(key=_person_first)
    return called


def expected_at(meeting: Meeting) -> list[Summons]:
    """Those who were to come: a summons still stands, and so does the yes behind it."""
    return [one for one in summonses_of(meeting) if one.state is not SummonsState.CANCELLED]


def answers_to(summons: Summons) -> list[SummonsAnswer]:
    """Every answer there has been, newest first."""
    return list(reversed(_answers([summons])))


def right_unit(summons: Summons) -> Unit | None:
    """The unit that the wrong one has pointed at; none when it only wrote a name, or answers otherwise."""
    newest = summons.newest
    return newest.passed_unit if newest is not None and newest.answer == Answer.WRONG_UNIT else None


def summonses_received(case: Case, unit_id: UUID) -> dict[UUID, Summons]:
    """The summonses in the case that have come to the reader's own unit, by their document.

    The meeting is the holder's: a receiver has what was frozen, the summons and the answers to it.
    """
    ours = Summons.objects.filter(case_id=case.pk, unit_id=unit_id, document__isnull=False)
    found = list(ours.annotate(is_taken=TAKES_ANSWERS))
    with_answers(found)
    for one in found:
        row: Any = one
        one.case, one.takes_answers = case, bool(row.is_taken)
        one.state = stands(one, one.newest)
    return {one.document_id: one for one in found if one.document_id}


def attendances_of(meeting: Meeting) -> list[Attendance]:
    """Who was at the meeting and who was not; the person first."""
    rows = list(Attendance.objects.select_related("unit").filter(meeting=meeting))
    for one in rows:
        one.meeting, one.case = meeting, meeting.case
    return sorted(rows, key=lambda one: (one.called != Called.PERSON, one.called != Called.UNIT))


def attendance_in(case: Case, attendance_id: UUID) -> Attendance | None:
    """One line of who came, in this case."""
    found = (
        Attendance.objects.select_related("meeting", "unit").filter(case_id=case.pk, pk=attendance_id).first()
    )
    if found is not None:
        found.case = found.meeting.case = case
    return found


def parts_of_summons(summons: Summons) -> list[DocumentPart]:
    """What was frozen when it was sent."""
    return list(DocumentPart.objects.filter(document_id=summons.document_id)) if summons.document_id else []


def consents_by_unit(case: Case) -> dict[UUID, Consent]:
    """The yes in force for each unit, as `consent_to` finds it for one; one question for all of them."""
    said = [one for one in consents_of(case) if state_of(one, now()) is ConsentState.IN_FORCE]
    return {one.receiver_unit_id: one for one in sorted(said, key=lambda one: (one.starts_at, one.pk))}


def units_told_of_planning(consents: Iterable[Consent]) -> set[UUID]:
    """The units that may know who does what and when, by a yes in force now."""
    return {
        one.receiver_unit_id
        for one in consents
        if Category.PLANNING in one.categories and state_of(one, now()) is ConsentState.IN_FORCE
    }


def who_can_lead(case: Case, meeting: Meeting | None = None) -> list[Professional]:
    """Who can be mötesledare or dokumenterare: in the case, or at a unit that has been summoned."""
    in_case = Q(case_assignments__case=case.pk) & holds(now(), "case_assignments__")
    chosen = Q()
    if meeting is not None:
        units = [one.unit_id for one in open_summonses(meeting) if one.unit_id]
        chosen = Q(assignments__unit__in=units) & holds(now(), "assignments__")
        chosen |= Q(pk__in=[one for one in (meeting.chair_id, meeting.note_taker_id) if one])
    return list(
        Professional.objects.filter(in_case | chosen if chosen else in_case).distinct().order_by("name")
    )


def suggested_answer_by(starts_at: datetime) -> date | None:
    """The last day to answer that the agreement gives, but before the meeting; none when it is too near."""
    days = deadlines_on(today()).answer_days
    latest = day_of(starts_at) - timedelta(days=1)
    return min(today() + timedelta(days=days), latest) if latest > today() else None


def _person_first(one: Summons) -> tuple[bool, bool, str, datetime]:
    return (
        one.called != Called.PERSON,
        one.called != Called.UNIT,
        one.unit.name if one.unit else one.name,
        one.sent_at,
    )


def _meetings() -> QuerySet[Meeting]:
    return Meeting.objects.select_related("chair", "note_taker", "planned_by")


def _in_case(case: Case, meetings: Iterable[Meeting]) -> list[Meeting]:
    found = list(meetings)
    for one in found:
        one.case = case
    return found


def _answers(summonses: Collection[Summons]) -> list[SummonsAnswer]:
    """Oldest first, so that the newest has the last word."""
    if not summonses:
        return []
    found = SummonsAnswer.objects.select_related("passed_unit__authority").filter(summons__in=summonses)
    return list(found.order_by("answered_at", "id"))


def _may_still_read(summons: Summons, open_to: set[UUID]) -> bool:
    """Afterwards it says how it went; only while the meeting is ahead does a yes taken back change it."""
    if summons.disclosure_id is None or summons.meeting.state != MeetingState.PLANNED:
        return True
    return summons.unit_id in open_to
