"""The meetings of a case: preparation, the first meeting, summonses with their answers, who came.

Here: rows of `humla.meetings` and the notices about them. Not here: the follow-ups (`frozen.py`).
"""

from datetime import datetime, timedelta
from typing import Any

from humla.agreements.models import Duty
from humla.meetings.models import (
    AbsenceCause,
    Answer,
    AnsweredBy,
    Attendance,
    Called,
    ChangeCause,
    DeclineCause,
    EvidenceKind,
    Meeting,
    MeetingForm,
    MeetingKind,
    MeetingState,
    PlaceApproval,
    Preparation,
    PreparatoryResult,
    Stay,
    Summons,
    SummonsAnswer,
)
from humla.notifications.models import Notice, NoticeKind, NoticeState
from humla.ops.year import words
from humla.ops.year.cases import Reach
from humla.ops.year.held import RECEIVERS, Held
from humla.ops.year.setting import Setting
from humla.organisation.models import Unit


def made(setting: Setting, held: Held, kind: MeetingKind, at: datetime, **columns: Any) -> Meeting:
    form = setting.next("form", MeetingForm)
    made: Meeting = setting.add(
        Meeting,
        **held.about,
        kind=kind,
        starts_at=at,
        minutes=setting.next("minutes", (60, 45, 90)),
        form=form,
        place="" if form in (MeetingForm.PHONE, MeetingForm.VIDEO) else f"{held.unit.name}, rum 2",
        interpreter="" if not held.person.needs_interpreter else "Bokad hos Språkbron",
        purpose=setting.next("purposes", words.PURPOSES),
        questions=setting.next("questions", words.QUESTIONS),
        answer_by=at.date() - timedelta(days=7),
        chair=held.by,
        note_taker=held.by,
        planned_at=setting.at(held.opened_on + timedelta(days=2), 9),
        planned_by=held.by,
        place_by=held.by,
        **columns,
    )
    if held.course.is_protected and made.place:
        setting.add(
            PlaceApproval,
            **held.about,
            meeting=made,
            place=made.place,
            written_by=held.by,
            approved_at=made.planned_at + timedelta(hours=1),
            approved_by=setting.staff["Céline Chahine"],
        )
    return made


def as_held(held: Held, meeting: Meeting) -> Meeting:
    meeting.state = MeetingState.HELD
    meeting.held_at = meeting.starts_at + timedelta(hours=1)
    meeting.sex_then, meeting.age_then = held.then["sex_then"], held.then["age_then"]
    return meeting


def prepare(setting: Setting, held: Held) -> None:
    day = held.opened_on + timedelta(days=4)
    if held.course.reach == Reach.PREPARED:
        day = setting.today + timedelta(days=setting.dice.randint(1, 10))
    meeting = made(setting, held, MeetingKind.PREPARATORY, setting.at(day, 10))
    if day < setting.today:
        as_held(held, meeting)
        meeting.result = PreparatoryResult.SIP
        if held.course.reach == Reach.CALLED:
            meeting.result = setting.next("preparatory", PreparatoryResult)
        _came(setting, held, meeting, Called.PERSON, None, None)
    written = setting.at(held.opened_on + timedelta(days=3), 20)
    setting.add(
        Preparation,
        **held.about,
        important=setting.next("important", words.IMPORTANT),
        worries=setting.next("worries", words.WORRIES),
        strengths="Jag är noga och kommer i tid.",
        should_come="Min kontakt på vårdcentralen.",
        practical="En paus efter en halvtimme.",
        told_to=held.by.name,
        written_at=written,
        written_by_id=held.by.pk,
        handed_in_at=written,
    )


def call(setting: Setting, held: Held) -> None:
    """The first meeting: sometimes moved, sometimes cancelled before it is planned again."""
    ahead = held.course.reach == Reach.CALLED
    day = (
        setting.today + timedelta(days=setting.dice.randint(2, 25))
        if ahead
        else held.opened_on + timedelta(days=18)
    )
    at = setting.at(day, setting.next("hour", (9, 10, 13, 14)))
    meeting = made(setting, held, MeetingKind.FIRST, at)
    trouble = setting.next("trouble", ("", "", "", "", "moved", "", "", "cancelled", "", ""))
    if trouble and not ahead:
        earlier = made(setting, held, MeetingKind.FIRST, at - timedelta(days=7))
        earlier.state = trouble
        earlier.change_cause = setting.next("causes", ChangeCause)
        earlier.changed_at = at - timedelta(days=9)
        earlier.moved_to = meeting if trouble == MeetingState.MOVED else None
        for unit in held.consented:
            _summon(setting, held, earlier, Called.UNIT, unit).cancelled_at = earlier.changed_at
    if not ahead:
        as_held(held, meeting)
    for unit in held.consented:
        _summon(setting, held, meeting, Called.UNIT, unit)
    _summon(setting, held, meeting, Called.PERSON, None)
    other = setting.next("others", (None, Called.RELATIVE, None, Called.EMPLOYER, None, Called.OTHER))
    if other:
        _summon(setting, held, meeting, other, None)
    held.meeting = meeting


def _summon(setting: Setting, held: Held, meeting: Meeting, called: Called, unit: Unit | None) -> Summons:
    # The newest of all are leaving in this very minute.
    is_leaving = meeting.state == MeetingState.PLANNED and setting.next("leaving", range(9)) == 8
    sent = setting.now if is_leaving else meeting.planned_at + timedelta(hours=2)
    names = {Called.RELATIVE: "Syster", Called.EMPLOYER: "Byggvaruhuset", Called.OTHER: "Personligt ombud"}
    summons: Summons = setting.add(
        Summons,
        **held.about,
        meeting=meeting,
        called=called,
        unit=unit,
        name=names.get(called, ""),
        duty=Duty.OBLIGED if unit else Duty.INVITED,
        bring=setting.next("bring", words.BRING) if unit else "",
        form=setting.next("summons forms", ("", *MeetingForm)) if unit else "",
        sent_at=sent,
        leaves_at=sent + timedelta(seconds=60),
        sent_by=held.by,
    )
    if unit is not None:
        _notice(setting, summons, unit, sent)
    if is_leaving or meeting.state in (MeetingState.MOVED, MeetingState.CANCELLED):
        return summons
    answer = Answer.COMES
    if unit is not None:
        among = [Answer.COMES] * 6 + [None, Answer.DECLINED, Answer.COMES, Answer.READS]
        if meeting.state == MeetingState.PLANNED:
            among = [
                None,
                Answer.COMES,
                Answer.OTHER_TIME,
                Answer.COMES,
                Answer.WRONG_UNIT,
                None,
                Answer.DECLINED,
            ]
        answer = setting.next(f"answers {meeting.state}", among)
    if answer is not None:
        _answer(setting, held, summons, answer)
    if meeting.state == MeetingState.HELD:
        came = answer in (Answer.COMES, None) and setting.dice.random() < 0.93
        cause = (
            ""
            if came
            else AbsenceCause.DECLINED
            if answer == Answer.DECLINED
            else setting.next("absent", AbsenceCause)
        )
        _came(setting, held, meeting, called, unit, summons, cause)
    return summons


def _notice(setting: Setting, summons: Summons, unit: Unit, sent: datetime) -> None:
    """The mail about it; some never came through, and some were taken back in time."""
    is_leaving = sent == setting.now
    state = NoticeState.WAITING if is_leaving else setting.next("notices", _NOTICES)
    setting.add(
        Notice,
        association_id=unit.association_id,
        kind=NoticeKind.SUMMONS,
        unit=unit,
        answer_by=summons.meeting.answer_by,
        about_id=summons.pk,
        state=state,
        queued_at=sent,
        queued_by_id=summons.sent_by_id,
        leaves_at=summons.leaves_at,
        sent_at=summons.leaves_at if state == NoticeState.SENT else None,
        tries=5 if state == NoticeState.FAILED else 0 if is_leaving else 1,
        fault="refused" if state == NoticeState.FAILED else "",
    )


_NOTICES = (*[NoticeState.SENT] * 40, NoticeState.FAILED, *[NoticeState.SENT] * 20, NoticeState.CANCELLED)


_HOW = (MeetingForm.IN_PERSON, *MeetingForm)
_STAY = (Stay.WHOLE, *Stay)
_BRINGS: tuple[list[str], ...] = (
    [],
    [EvidenceKind.OWN_PLAN.value],
    [],
    [EvidenceKind.CERTIFICATE.value, EvidenceKind.VIEW.value],
)


def _answer(setting: Setting, held: Held, summons: Summons, answer: Answer) -> None:
    by_others = (AnsweredBy.LINK, AnsweredBy.SIGNED_IN, AnsweredBy.NOTED)
    how = setting.next("answered by", by_others) if summons.unit else AnsweredBy.NOTED
    if summons.called == Called.PERSON:
        how = setting.next(
            "answered herself",
            (AnsweredBy.NOTED, AnsweredBy.PERSON, AnsweredBy.PERSON, AnsweredBy.MANDATE),
        )
    is_hers = how in (AnsweredBy.PERSON, AnsweredBy.MANDATE)
    says_who = how in (AnsweredBy.SIGNED_IN, AnsweredBy.NOTED) and answer == Answer.COMES
    setting.add(
        SummonsAnswer,
        **held.about,
        summons=summons,
        answer=answer,
        cause=setting.next("decline", DeclineCause) if answer == Answer.DECLINED else "",
        who_comes=RECEIVERS.get(summons.unit.name, "") if summons.unit and says_who else "",
        passed_unit=_right_one(setting, summons) if answer == Answer.WRONG_UNIT else None,
        sends_evidence=answer == Answer.DECLINED,
        form=setting.next("comes how", _HOW) if summons.unit and answer == Answer.COMES else "",
        stay=setting.next("comes stay", _STAY) if summons.unit and answer == Answer.COMES else "",
        brings=setting.next("brings", _BRINGS) if summons.unit and answer == Answer.COMES else [],
        wish=setting.next("wishes", words.WISHES) if is_hers else "",
        answered_by=how,
        answered_at=min(summons.leaves_at + timedelta(days=2), setting.at(setting.today, 7)),
        answered_by_id=held.person.pk if is_hers else held.by.pk,
    )


def _right_one(setting: Setting, summons: Summons) -> Unit | None:
    """Another unit of the same authority, where there is one."""
    wrong = summons.unit
    if wrong is None:
        return None
    same = (one for one in setting.units.values() if one.authority_id == wrong.authority_id)
    return next((one for one in same if one.pk != wrong.pk), None)


def _came(
    setting: Setting,
    held: Held,
    meeting: Meeting,
    called: Called,
    unit: Unit | None,
    summons: Summons | None,
    cause: str = "",
) -> None:
    setting.add(
        Attendance,
        **held.about,
        meeting=meeting,
        summons=summons,
        called=called,
        unit=unit,
        name=RECEIVERS.get(unit.name, "") if unit else "" if called == Called.PERSON else str(called.label),
        was_present=not cause,
        form="" if cause else meeting.form,
        cause=cause,
    )
