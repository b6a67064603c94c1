"""What happens to a meeting: planned, changed, moved, cancelled, summoned to, answered, held, put right.

Every verb takes its turn in the case, so that nobody is summoned to a meeting that is being moved. A summons
to another authority's unit is a frozen document handed over in the same transaction, under a yes that
covers it; it leaves after a minute, and until then it can be undone (SUM-10). Nothing is overwritten: a
moved meeting stays as it was and points at the new one, an answer stands beside the one before it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from humla.agreements.models import LocalAgreement
from humla.agreements.visibility import agreement_in_force
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.turns import take_turn
from humla.consents.kept_away import kept_away_from
from humla.consents.models import Consent, KeptAway
from humla.core.context import Actor, now, today
from humla.core.dates import day_of
from humla.core.refusals import refused_by_the_wall
from humla.core.rulings import NotAllowed, Ruling
from humla.core.versions import Stale
from humla.disclosures.actions import GRACE, disclose, freeze
from humla.disclosures.actions import undo as undo_disclosure
from humla.disclosures.models import DocumentKind
from humla.disclosures.visibility import newest_version
from humla.meetings import notices, rules
from humla.meetings.document import OwnWords, own_words_in, parts_of, title
from humla.meetings.models import (
    Answer,
    AnsweredBy,
    Attendance,
    Meeting,
    MeetingState,
    PlaceApproval,
    Summons,
    SummonsAnswer,
    SummonsState,
)
from humla.meetings.rules import Call, Present
from humla.meetings.visibility import (
    consents_by_unit,
    expected_at,
    meeting_of,
    meetings_of,
    open_summonses,
    parts_of_summons,
    right_unit,
    suggested_answer_by,
    summons_of,
    summonses_of,
)
from humla.organisation.models import Professional, Unit
from humla.organisation.visibility import professionals_by_id
from humla.people.ages import then


class MeetingDetails(TypedDict, total=False):
    """What is written of a meeting when it is planned."""

    kind: str
    starts_at: datetime
    minutes: int
    form: str
    place: str
    video_link: str
    interpreter: str
    purpose: str
    questions: str
    health_questions: str
    answer_by: date | None
    chair: Professional | None
    note_taker: Professional | None


_KEPT = (
    *(
        "association_id",
        "authority_id",
        "person_id",
        "case",
        "kind",
        "minutes",
        "form",
        "place",
        "video_link",
    ),
    *("interpreter", "purpose", "questions", "health_questions", "chair_id", "note_taker_id", "calendar_uid"),
)
"""What a meeting takes with it to another time."""

_IN_SUMMONS = (
    *("starts_at", "minutes", "form", "place", "video_link", "interpreter", "purpose", "questions"),
    *("health_questions", "answer_by", "kind"),
)
"""What a summons says of its meeting: when one of these changes, those who were summoned know another."""


# --- the meeting -------------------------------------------------------------------------------------------


@transaction.atomic
def plan_meeting(case: Case, *, by: Actor, **details: Unpack[MeetingDetails]) -> Meeting:
    """Set a time for a meeting in the case; nobody is summoned yet. It may also be one that has been."""
    take_turn(case)
    rules.may_plan(by, case).enforce()
    meeting = Meeting(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person_id=case.person_id,
        case=case,
        planned_at=now(),
        planned_by_id=by.id,
        **details,
    )
    _keep_then(meeting)
    rules.is_in_order(meeting).enforce()
    rules.is_not_planned_already(meeting, meetings_of(case)).enforce()
    meeting.save(force_insert=True)
    _record(Tag.MEETING_PLANNED, meeting)
    return meeting


@transaction.atomic
def change_meeting(
    meeting: Meeting, *, version: int, send_anew: bool = True, by: Actor, **details: Unpack[MeetingDetails]
) -> Meeting:
    """Other details. Those who have been summoned get the summons as it is now, unless told not to.

    To one that has begun nobody is summoned anew: it is only put right. Raises Stale when somebody else
    changed it meanwhile. Another time is no detail: see `move`.
    """
    old = _turn(meeting)
    rules.may_change_meeting(by, old).enforce()
    if old.version != version:
        raise Stale(old)
    summoned = open_summonses(old)
    rules.may_change_time(
        old, details.get("starts_at", old.starts_at), open_summonses=len(summoned)
    ).enforce()
    told = any(
        name in details and getattr(old, name) != value
        for name, value in details.items()
        if name in _IN_SUMMONS
    )
    _update(old, calendar_sequence=old.calendar_sequence + told, **details)
    changed = _now(old)
    rules.is_in_order(changed).enforce()
    rules.is_not_planned_already(changed, meetings_of(old.case)).enforce()
    _record(Tag.MEETING_CHANGED, changed)
    if told and send_anew and changed.starts_at > now():
        if summoned:
            rules.place_may_be_told(changed).enforce()
        _say_anew(summoned, changed, by=by)
    return changed


@transaction.atomic
def move(meeting: Meeting, *, starts_at: datetime, cause: str, by: Actor) -> Meeting:
    """Another time for the meeting; the old one stays and points at it. Whoever was summoned is told.

    A receiver whose yes has ended gets no new summons, only that the old one no longer holds.
    """
    old = _turn(meeting)
    rules.may_move(by, old, starts_at=starts_at, cause=cause).enforce()
    summoned = open_summonses(old)
    new = Meeting(starts_at=starts_at, planned_at=now(), planned_by_id=by.id, **_kept(old))
    new.calendar_sequence = old.calendar_sequence + 1
    new.answer_by = suggested_answer_by(starts_at) if old.answer_by else None
    _keep_then(new)
    rules.is_not_planned_already(new, meetings_of(old.case)).enforce()
    new.save(force_insert=True)
    _update(old, state=MeetingState.MOVED, change_cause=cause, changed_at=now(), moved_to=new)
    _record(Tag.MEETING_MOVED, new, also=old)
    if summoned:
        rules.place_may_be_told(new).enforce()
    _summon_anew(summoned, new, by=by)
    return new


@transaction.atomic
def approve_place(meeting: Meeting, *, place: str, by: Actor) -> PlaceApproval:
    """A second person has read where a protected person will be, in these words, and nobody else's."""
    whole = _turn(meeting)
    if whole.place != place:
        raise NotAllowed(_("Platsen har ändrats sedan du läste den. Läs sidan igen."))
    rules.may_approve_place(by, whole).enforce()
    approval = PlaceApproval(
        association_id=whole.association_id,
        authority_id=whole.authority_id,
        person_id=whole.person_id,
        case=whole.case,
        meeting=whole,
        place=whole.place,
        written_by_id=whole.place_by_id,  # type: ignore[misc]
        approved_at=now(),
        approved_by_id=by.id,
    )
    # The wall knows when whoever wrote it and she are one human.
    with refused_by_the_wall(_("Du skrev platsen. En annan med behörighet till ärendet godkänner den.")):
        approval.save(force_insert=True)
    _record(Tag.PLACE_APPROVED, whole, ("place_approval", approval.pk, 0))
    return approval


@transaction.atomic
def cancel(meeting: Meeting, *, cause: str, by: Actor) -> Meeting:
    """The meeting will not be. Everybody who has been told of it is told so; the others never hear of it."""
    old = _turn(meeting)
    rules.may_cancel(by, old, cause=cause).enforce()
    for one in open_summonses(old):
        if known := _take_back(one, by=by):
            notices.cancelled(known, old, by=by)
    _update(
        old,
        state=MeetingState.CANCELLED,
        change_cause=cause,
        changed_at=now(),
        calendar_sequence=old.calendar_sequence + 1,
    )
    cancelled = _now(old)
    _record(Tag.MEETING_CANCELLED, cancelled)
    return cancelled


@transaction.atomic
def hold(
    meeting: Meeting,
    *,
    attendances: Sequence[Present],
    result: str = "",
    next_on: date | None = None,
    no_next_by: str = "",
    chair: Professional | None = None,
    note_taker: Professional | None = None,
    by: Actor,
) -> Meeting:
    """The meeting has been: who led and wrote, who came and who did not and why, and what is next.

    `held_at` is when this was written down; the meeting was at its own time. Sex and age are kept as on that
    day.
    """
    old = _turn(meeting)
    summoned = expected_at(old)
    roles = chair or old.chair, note_taker or old.note_taker
    rules.may_hold(
        by,
        old,
        roles=roles,
        attendances=attendances,
        summoned=summoned,
        result=result,
        next_on=next_on,
        no_next_by=no_next_by,
    ).enforce()
    for one in attendances:
        _attended(old, one)
    for summons in open_summonses(old):
        # Nobody is to be told of a meeting that has been, nor reminded to answer.
        notices.stop(summons)
    _keep_then(old)
    _update(
        old,
        state=MeetingState.HELD,
        held_at=now(),
        chair=roles[0],
        note_taker=roles[1],
        result=result,
        next_on=next_on,
        no_next_by=no_next_by,
        sex_then=old.sex_then,
        age_then=old.age_then,
    )
    held = _now(old)
    _record(Tag.MEETING_HELD, held)
    return held


@transaction.atomic
def correct_attendance(
    attendance: Attendance, *, was_present: bool, cause: str = "", by: Actor
) -> Attendance:
    """Put right who came. That it was put right, and by whom, stands on the trail."""
    cause = "" if was_present else cause
    rules.may_correct(by, attendance, was_present=was_present, cause=cause).enforce()
    _one(Attendance.objects.filter(pk=attendance.pk).update(was_present=was_present, cause=cause))
    attendance.was_present, attendance.cause = was_present, cause
    _record(Tag.ATTENDANCE_CORRECTED, attendance.meeting, ("attendance", attendance.pk, 0))
    return attendance


@transaction.atomic
def correct_held(
    meeting: Meeting,
    *,
    version: int,
    result: str = "",
    next_on: date | None = None,
    no_next_by: str = "",
    chair: Professional | None = None,
    note_taker: Professional | None = None,
    also: Sequence[Present] = (),
    by: Actor,
) -> Meeting:
    """Put right what was written when it was held, and add somebody who was there and was forgotten."""
    old = _turn(meeting)
    rules.may_correct_held(
        by, old, roles=(chair, note_taker), result=result, next_on=next_on, no_next_by=no_next_by
    ).enforce()
    if old.version != version:
        raise Stale(old)
    for one in also:
        _attended(old, one)
    _update(old, result=result, next_on=next_on, no_next_by=no_next_by, chair=chair, note_taker=note_taker)
    corrected = _now(old)
    _record(Tag.MEETING_CHANGED, corrected)
    return corrected


# --- summonses ---------------------------------------------------------------------------------------------


@transaction.atomic
def summon(
    meeting: Meeting,
    *,
    called: str,
    unit: Unit | None = None,
    name: str = "",
    bring: str = "",
    form: str = "",
    own_words: OwnWords | None = None,
    by: Actor,
) -> Summons:
    """Summon one receiver; it leaves in a minute. Called or invited follows from the agreement."""
    call = Call(called, unit, name, bring, form)
    return summon_all(meeting, calls=[call], own_words=own_words, by=by)[0]


@transaction.atomic
def summon_all(
    meeting: Meeting, *, calls: Sequence[Call], own_words: OwnWords | None = None, by: Actor
) -> list[Summons]:
    """Summon several at once, so that each is told of the others. All of them, or none."""
    whole = _turn(meeting)
    desk, before = _desk(whole, by), summonses_of(whole)
    made: list[Summons] = []
    for call in calls:
        summoned = [*before, *made]
        desk.may_summon(whole, call, summoned, by=by).enforce()
        others = [one for one in (*_called(summoned), *calls) if not _is_same(one, call)]
        made.append(_send(whole, call, others, own_words, desk, by=by))
    for summons in made:
        notices.sent(summons, whole, by=by)
    return made


@transaction.atomic
def undo_summons(summons: Summons, *, by: Actor) -> Summons:
    """Before it has left: it never was, and nobody hears of it. One that replaced another is called off."""
    take_turn(summons.case)
    rules.may_undo(by, summons).enforce()
    if known := _take_back(summons, by=by):
        notices.cancelled(known, summons.meeting, by=by)
    _record_summons(Tag.SUMMONS_UNDONE, summons)
    return summons


@transaction.atomic
def cancel_summons(summons: Summons, *, by: Actor) -> Summons:
    """After it has left: it no longer holds, and the unit is told so without a word about whom."""
    take_turn(summons.case)
    rules.may_cancel_summons(by, summons).enforce()
    _take_back(summons, by=by)
    notices.cancelled(summons, summons.meeting, by=by)
    _record_summons(Tag.SUMMONS_CANCELLED, summons)
    return summons


@transaction.atomic
def forward(summons: Summons, *, by: Actor) -> Summons:
    """It came to the wrong unit: the right one, which that unit has named, is summoned instead.

    The day to answer by stands on the meeting and is the same: the clock runs from the first. The wrong unit
    is told that it no longer holds, so that nothing is left there to read or to wait for.
    """
    take_turn(summons.case)
    found = summons_of(summons.case, summons.pk)
    if found is None:
        raise NotAllowed(_("Kallelsen finns inte längre för dig."))
    meeting, desk, right = found.meeting, _desk(found.meeting, by), right_unit(found)
    call = Call(found.called, right, "", found.bring, found.form)
    told = desk.may_summon(meeting, call, summonses_of(meeting), by=by)
    rules.may_forward(by, found, right, told=told).enforce()
    known = _take_back(found, by=by)
    others = [_call(one) for one in open_summonses(meeting)]
    sent = _send(meeting, call, others, own_words_in(parts_of_summons(found)), desk, by=by, instead_of=found)
    if known:
        notices.cancelled(known, meeting, by=by)
    notices.sent(sent, meeting, by=by)
    _record_summons(Tag.SUMMONS_FORWARDED, sent, ("summons", found.pk, 0))
    return sent


@transaction.atomic
def answer(
    summons: Summons,
    *,
    answer: str,
    cause: str = "",
    who_comes: str = "",
    passed_to: str = "",
    passed_unit: Unit | None = None,
    sends_evidence: bool = False,
    form: str = "",
    stay: str = "",
    brings: Sequence[str] = (),
    how: str,
    by: Actor,
) -> SummonsAnswer:
    """An answer, by the unit itself or noted by whoever summoned. The ones before it stay as they are."""
    if how == AnsweredBy.NOTED:
        take_turn(summons.case)
        rules.may_note_answer(by, summons).enforce()
    else:
        _wait_for(summons)
        rules.may_answer(by, summons).enforce()
    cause = cause if answer == Answer.DECLINED else ""
    rules.is_an_answer(answer, cause).enforce()
    passed_unit = passed_unit if answer == Answer.WRONG_UNIT else None
    rules.is_right_unit(summons, passed_unit).enforce()
    given = SummonsAnswer(
        association_id=summons.association_id,
        authority_id=summons.authority_id,
        person_id=summons.person_id,
        case_id=summons.case_id,
        summons=summons,
        answer=answer,
        cause=cause,
        who_comes=who_comes if answer == Answer.COMES else "",
        passed_to=passed_to if answer == Answer.WRONG_UNIT else "",
        passed_unit=passed_unit,
        sends_evidence=sends_evidence,
        form=form if answer == Answer.COMES else "",
        stay=stay if answer == Answer.COMES else "",
        brings=sorted(brings),
        answered_by=how,
        answered_at=now(),
        answered_by_id=by.id,
    )
    _insert(given)
    record(
        Tag.SUMMONS_ANSWERED,
        case=summons.case_id,
        person=summons.person_id,
        items=[("summons", summons.pk, 0), ("answer", given.pk, 0)],
    )
    return given


# --- below -------------------------------------------------------------------------------------------------


def _turn(meeting: Meeting) -> Meeting:
    """One at a time in the case, and the meeting as it is when our turn has come."""
    take_turn(meeting.case)
    return _now(meeting)


def _now(meeting: Meeting) -> Meeting:
    found = meeting_of(meeting.case, meeting.pk)
    if found is None:
        raise NotAllowed(_("Mötet finns inte längre för dig."))
    return found


def _update(meeting: Meeting, **fields: Any) -> None:
    found = Meeting.objects.filter(pk=meeting.pk, version=meeting.version)
    if not found.update(version=F("version") + 1, **fields):
        raise Stale(_now(meeting))


def _kept(old: Meeting) -> dict[str, Any]:
    return {name: getattr(old, name) for name in _KEPT}


def _keep_then(meeting: Meeting) -> None:
    """What is counted is the event: sex and age as on the day of the meeting (STA-1)."""
    kept: dict[str, Any] = then(meeting.case.person, day_of(meeting.starts_at))
    meeting.sex_then, meeting.age_then = kept["sex_then"], kept["age_then"]


@dataclass
class _Desk:
    """What all the summonses of one act rest on: asked once, in our turn, however many they are."""

    caller: Professional
    agreement: LocalAgreement | None
    consents: Mapping[UUID, Consent]
    version: int
    """The number of the last summons that was frozen in the case."""
    kept: Sequence[KeptAway]
    """Whom the person does not want at her meetings."""

    def may_summon(self, meeting: Meeting, call: Call, summoned: Iterable[Summons], *, by: Actor) -> Ruling:
        """May this one be summoned, beside those who have been? Handing over asks for the yes once more."""
        needed = call.unit is not None and rules.needs_consent(meeting.case, call)
        consent = self.consents.get(call.unit.pk) if call.unit and needed else None
        return rules.may_summon(by, meeting, call, consent=consent, summoned=summoned, kept=self.kept)


def _desk(meeting: Meeting, by: Actor) -> _Desk:
    return _Desk(
        caller=professionals_by_id({by.id})[by.id],
        agreement=agreement_in_force(today()),
        consents=consents_by_unit(meeting.case),
        version=newest_version(meeting.case_id, DocumentKind.SUMMONS),
        kept=kept_away_from(meeting.case),
    )


def _send(
    meeting: Meeting,
    call: Call,
    others: Iterable[Call],
    own_words: OwnWords | None,
    desk: _Desk,
    *,
    by: Actor,
    instead_of: Summons | None = None,
) -> Summons:
    """Freeze what it says, hand it over to a unit of another authority, and keep the row."""
    case, duty = meeting.case, rules.duty_in(call, desk.agreement)
    parts = parts_of(meeting, call, duty=duty, caller=desk.caller, others=others, own_words=own_words)
    desk.version += 1
    document = freeze(
        case, kind=DocumentKind.SUMMONS, version=desk.version, title=title(), parts=parts, by=by
    )
    disclosure = None
    if call.unit is not None and rules.needs_consent(case, call):
        disclosure = disclose(document, unit=call.unit, by=by, leaves_in=GRACE)
    summons = Summons(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person_id=case.person_id,
        case=case,
        meeting=meeting,
        called=call.called,
        unit=call.unit,
        name=call.name,
        duty=duty,
        bring=call.bring,
        form=call.form,
        document=document,
        disclosure=disclosure,
        sent_at=now(),
        leaves_at=disclosure.opens_at if disclosure else now() + GRACE,
        sent_by_id=by.id,
        forwarded_from=instead_of,
    )
    summons.save(force_insert=True)
    _record_summons(Tag.SUMMONS_SENT, summons, ("document", document.pk, document.version))
    return summons


def _summon_anew(summoned: Sequence[Summons], new: Meeting, *, by: Actor) -> None:
    """To the new time: everybody but those who said that they were the wrong unit."""
    known = {one.pk: _take_back(one, by=by) for one in summoned}
    wanted = {one.pk: one for one in summoned if one.newest is None or one.newest.answer != Answer.WRONG_UNIT}
    desk = _desk(new, by)
    calls = {key: _call(one) for key, one in wanted.items() if desk.may_summon(new, _call(one), (), by=by)}
    for one in summoned:
        told, call = known[one.pk], calls.get(one.pk)
        if call is None:
            if told:
                notices.cancelled(told, new, by=by)
            continue
        others = [other for key, other in calls.items() if key != one.pk]
        sent = _send(new, call, others, own_words_in(parts_of_summons(one)), desk, by=by)
        _tell_anew(sent, new, is_told=told is not None, by=by)


def _say_anew(summoned: Sequence[Summons], meeting: Meeting, *, by: Actor) -> None:
    """The same receivers, told what is new. A sent summons never changes, so each gets another instead; the
    answer goes with it, noted by whoever changed the meeting, since the time is the same.
    """
    anew = [one for one in summoned if one.state is not SummonsState.CANCELLED]
    known = {one.pk: _take_back(one, by=by) for one in anew}
    desk = _desk(meeting, by)
    for one in anew:
        others = [_call(other) for other in anew if other.pk != one.pk]
        sent = _send(meeting, _call(one), others, own_words_in(parts_of_summons(one)), desk, by=by)
        if one.newest is not None:
            _answer_again(sent, one.newest, by=by)
        _tell_anew(sent, meeting, is_told=known[one.pk] is not None, by=by)


def _answer_again(summons: Summons, given: SummonsAnswer, *, by: Actor) -> None:
    answer(
        summons,
        answer=given.answer,
        cause=given.cause,
        who_comes=given.who_comes,
        passed_to=given.passed_to,
        passed_unit=given.passed_unit,
        sends_evidence=given.sends_evidence,
        form=given.form,
        stay=given.stay,
        brings=given.brings,
        how=AnsweredBy.NOTED,
        by=by,
    )


def _tell_anew(sent: Summons, meeting: Meeting, *, is_told: bool, by: Actor) -> None:
    """It is something else than they know; or, when nothing had left, the first they hear."""
    if is_told:
        notices.changed(sent, meeting, sent.leaves_at, by=by)
    else:
        notices.sent(sent, meeting, by=by)


def _take_back(summons: Summons, *, by: Actor) -> Summons | None:
    """The summons no longer holds. Which one does its receiver know of, that it has to be told so?

    One that has not left is never handed over.
    """
    known = _known_of(summons)
    if summons.leaves_at > now() and summons.disclosure is not None:
        undo_disclosure(summons.disclosure, by=by)
    notices.stop(summons)
    _one(Summons.objects.filter(pk=summons.pk, cancelled_at__isnull=True).update(cancelled_at=now()))
    summons.cancelled_at = now()
    return known


def _known_of(summons: Summons) -> Summons | None:
    """This one if it has left; otherwise the nearest that had, of those it came instead of."""
    chain = [summons]
    for one in chain:  # It grows as it is followed back.
        if one.leaves_at <= (one.cancelled_at or now()):
            return one
        chain += [before for before in _replaced_by(one) if before not in chain]
    return None


def _replaced_by(summons: Summons) -> list[Summons]:
    """What this one came instead of: to the same unit, taken back in the act that sent this."""
    if summons.unit_id is None:
        return []
    return list(
        Summons.objects.select_related("unit").filter(
            Q(meeting__moved_to=summons.meeting_id) | Q(meeting=summons.meeting_id),
            case=summons.case_id,
            unit_id=summons.unit_id,
            cancelled_at=summons.sent_at,
        )
    )


def _call(summons: Summons) -> Call:
    return Call(summons.called, summons.unit, summons.name, summons.bring, summons.form)


def _called(summonses: Iterable[Summons]) -> list[Call]:
    return [_call(one) for one in summonses if one.cancelled_at is None]


def _is_same(one: Call, other: Call) -> bool:
    """The same receiver, whatever it is to bring."""
    return replace(one, bring="", form="") == replace(other, bring="", form="")


def _attended(meeting: Meeting, one: Present) -> None:
    summons = one.summons
    Attendance(
        association_id=meeting.association_id,
        authority_id=meeting.authority_id,
        person_id=meeting.person_id,
        case=meeting.case,
        meeting=meeting,
        summons=summons,
        called=summons.called if summons else one.called,
        unit=summons.unit if summons else one.unit,
        name=one.name or (summons.name if summons else ""),
        was_present=one.was_present,
        form=one.form or (summons.form if summons else "") or meeting.form,
        cause="" if one.was_present else one.cause,
    ).save(force_insert=True)


def _wait_for(summons: Summons) -> None:
    """The receiver's turn in a case that is not hers: answers are before a change of the meeting or after."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wait_for_summons(%s)", [summons.pk])


def _insert(given: SummonsAnswer) -> None:
    """The wall asks whether the meeting is still to be: a receiver does not see the meeting."""
    reason = _("Mötet är ändrat, flyttat eller inställt. Har det kommit en nyare kallelse gäller den.")
    with refused_by_the_wall(reason):
        given.save(force_insert=True)


def _one(count: int) -> None:
    """An UPDATE of a row that the policies hide, or that somebody else was first with, hits nothing."""
    if count != 1:
        raise NotAllowed(_("Någon annan hann före. Läs sidan igen."))


def _record(tag: Tag, meeting: Meeting, *items: tuple[str, UUID, int], also: Meeting | None = None) -> None:
    both = [one for one in (meeting, also) if one is not None]
    record(
        tag,
        case=meeting.case_id,
        person=meeting.person_id,
        items=[*(("meeting", one.pk, one.version) for one in both), *items],
    )


def _record_summons(tag: Tag, summons: Summons, *items: tuple[str, UUID, int]) -> None:
    record(
        tag,
        case=summons.case_id,
        person=summons.person_id,
        items=[("summons", summons.pk, 0), ("meeting", summons.meeting_id, 0), *items],
    )
