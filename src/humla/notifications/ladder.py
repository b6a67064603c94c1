"""The reminder ladder: who is reminded, how many times, and when somebody rings instead.

Here: the days of the ladder (pure), and who is silent. Not here: the acts (`actions`), how many days and
times the local agreement says (whoever asks brings them), nor who counts as silent (walls/44_silence.sql).

Only working days count. The first step is so many days after the letter left, each of the next as many days
later; as long after the last one somebody rings. An answer, a withdrawn yes and a cancelled meeting end it
without anybody doing anything: whoever is not silent is not found.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from humla.core.context import today
from humla.core.dates import STOCKHOLM, day_of
from humla.core.workdays import first_working_day, is_working_day, working_days_after
from humla.notifications.models import Notice, NoticeKind, NoticeState, ReminderStop

HOURS = range(8, 17)
"""Nobody is reminded at night."""


@dataclass(frozen=True)
class Rungs:
    """What the agreement says: so many working days of silence before each, and so many reminders."""

    days: int = 3
    times: int = 2


@dataclass(frozen=True)
class Silence:
    """One thing that a unit has been asked and has not answered, as the clock finds it."""

    reminds_of: NoticeKind
    about_id: UUID
    unit_id: UUID
    told_at: datetime
    answer_by: date | None
    reminders: int

    def is_due(self, rungs: Rungs, on: date) -> bool:
        """Is it time for the next reminder, and is there one left?"""
        return self.reminders < rungs.times and self.next_on(rungs) <= on

    def next_on(self, rungs: Rungs) -> date:
        """The day of the next step, whichever that is."""
        return working_days_after(day_of(self.told_at), rungs.days)


@dataclass(frozen=True)
class Unanswered:
    """The same as those who asked see it, in a case of theirs."""

    reminds_of: NoticeKind
    about_id: UUID
    unit_id: UUID
    answer_by: date | None
    person_id: UUID
    asked_at: datetime


@dataclass(frozen=True)
class Ladder:
    """How far it has come with one letter, for those who asked."""

    reminded_on: Sequence[date]
    on_its_way: bool
    next_on: date | None
    """When the next reminder leaves; none when there are no more, or they are stopped."""
    staff_from: date | None
    """When somebody rings instead, once there are no more."""
    is_stopped: bool
    has_failed: bool
    """The letter did not get there: a reminder would not either."""
    told: Sequence[Notice]
    """Everything that has been written about it, oldest first."""

    def is_staffs(self, on: date) -> bool:
        """Is it somebody's turn to ring?"""
        return self.has_failed or (self.staff_from is not None and self.staff_from <= on)


def is_time(at: datetime) -> bool:
    """Are reminders sent now? On working days, while somebody is there to read them."""
    there = at.astimezone(STOCKHOLM)
    return is_working_day(there.date()) and there.hour in HOURS


def associations_with_silent() -> list[UUID]:
    """The förbund in which somebody is silent; asked by the clock before it acts for any of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM silent_anywhere()")
        return [row[0] for row in cursor.fetchall()]


def silent() -> list[Silence]:
    """Everybody in the clock's förbund who has a mailbox and has not answered, the longest silent first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM silent()")
        return [Silence(NoticeKind(row[0]), *row[1:]) for row in cursor.fetchall()]


def unanswered(case_id: UUID, about_id: UUID) -> Unanswered | None:
    """What somebody in a case that I hold has been asked and not answered; none when it is answered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM silence(%s, %s)", [case_id, about_id])
        row = cursor.fetchone()
    return Unanswered(NoticeKind(row[0]), *row[1:]) if row else None


def was_asked(case_id: UUID, about_id: UUID) -> bool:
    """Has somebody in a case that I hold been asked this, answered or not?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT was_asked(%s, %s)", [case_id, about_id])
        row = cursor.fetchone()
    return bool(row and row[0])


def ladders(asked: Mapping[UUID, datetime], rungs: Rungs) -> dict[UUID, Ladder]:
    """How far it has come with each, by what it is about; `asked` says when. Two questions for any number."""
    if not asked:
        return {}
    told: dict[UUID, list[Notice]] = {one: [] for one in asked}
    for notice in Notice.objects.filter(about_id__in=asked).order_by("leaves_at", "id"):
        told[notice.about_id].append(notice)
    stopped = stopped_among(asked)
    return {
        about: _ladder(at, told[about], rungs, is_stopped=about in stopped) for about, at in asked.items()
    }


def stopped_among(abouts: Collection[UUID]) -> set[UUID]:
    """Those of them that are not reminded of any more."""
    found = ReminderStop.objects.filter(about_id__in=list(abouts), ended_at__isnull=True)
    return set(found.values_list("about_id", flat=True))


def _ladder(asked_at: datetime, told: Sequence[Notice], rungs: Rungs, *, is_stopped: bool) -> Ladder:
    sent = [one for one in told if one.state == NoticeState.SENT]
    reminded = [_left(one) for one in sent if one.kind == NoticeKind.REMINDER]
    newest = told[-1] if told else None
    has_failed = newest is not None and newest.state == NoticeState.FAILED
    on_its_way = newest is not None and newest.state == NoticeState.WAITING
    last = max([day_of(asked_at), *(_left(one) for one in sent)])
    step = max(working_days_after(last, rungs.days), today())
    goes_on = not (is_stopped or has_failed or on_its_way)
    is_spent = len(reminded) >= rungs.times
    return Ladder(
        reminded_on=reminded,
        on_its_way=on_its_way and bool(newest and newest.kind == NoticeKind.REMINDER),
        next_on=first_working_day(step) if goes_on and not is_spent else None,
        staff_from=working_days_after(last, rungs.days) if goes_on and is_spent else None,
        is_stopped=is_stopped,
        has_failed=has_failed,
        told=told,
    )


def _left(one: Notice) -> date:
    return day_of(one.sent_at or one.leaves_at)
