"""What happens to a notice: queued with the act it tells of, stopped with it, sent by the clock.

Here: the verbs, also of reminders. Not here: the words (`wording`), the mail server (`post`), when the clock
comes (`humla.ops.jobs`), when somebody is reminded (`ladder`), nor what is collected (`digest`).

The row is written in the transaction of the act: what is undone was never queued, and what is done is sent
though the mail server is down for a day. It is sent at least once: a letter that the server took, and that we
died before marking, goes again under the same Message-ID.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Actor, now, today
from humla.core.workdays import working_days_after
from humla.notifications import digest, rules
from humla.notifications.ladder import Rungs, Silence, Unanswered, stopped_among
from humla.notifications.models import Fault, Notice, NoticeKind, NoticeState, ReminderStop
from humla.notifications.post import SERVERS, NotCarried, carry, carry_text
from humla.notifications.visibility import is_about_protected, still_holds
from humla.notifications.wording import BY_PHONE, Letter, Line, digest_letter, letter, line_of, text_of
from humla.organisation.models import Unit

_REGRET = timedelta(minutes=1)
"""So long what somebody has done in a hurry can be undone."""


@transaction.atomic
def queue(
    kind: NoticeKind,
    *,
    unit: Unit,
    about: UUID,
    leaves_at: datetime,
    answer_by: date | None = None,
    reminds_of: NoticeKind | None = None,
    by: Actor,
) -> Notice | None:
    """Tell a unit's mailbox, when `leaves_at` comes. None when it has none, or when it is about somebody
    with protected identity (PER-5): then it is told on paper.

    `about` is the id of the summons, disclosure or offer, so that `stop` finds it; it stands in no letter.
    `reminds_of` is what a reminder leads to, and of nothing else.
    """
    if not unit.mail or is_about_protected(about):
        return None
    notice = Notice(
        association_id=by.association_id,
        kind=NoticeKind(kind),
        unit=unit,
        answer_by=answer_by,
        reminds_of=reminds_of or "",
        about_id=about,
        queued_at=now(),
        queued_by_id=by.id,
        leaves_at=max(leaves_at, now()),
    )
    notice.save(force_insert=True)
    return notice


def stop(about: UUID) -> int:
    """What has not left about this stays, and its links are closed. How many letters were stopped."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT stop_notices(%s)", [about])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


# --- reminders ---------------------------------------------------------------------------------------------


@transaction.atomic
def remind(silence: Silence, *, rungs: Rungs, by: Actor) -> Notice | None:
    """The clock's next step: a letter that leads to the same page as the one that nobody has answered.

    None when whoever asked has just done it herself: one letter is on its way, and that is enough.
    """
    is_last = silence.reminders + 1 >= rungs.times
    notice = Notice(
        association_id=by.association_id,
        kind=NoticeKind.REMINDER,
        reminds_of=silence.reminds_of,
        unit_id=silence.unit_id,
        about_id=silence.about_id,
        answer_by=_still_ahead(silence.answer_by),
        queued_at=now(),
        leaves_at=now(),
        staff_from=working_days_after(today(), rungs.days) if is_last else None,
    )
    if not _is_first(notice):
        return None
    record(Tag.REMINDER_QUEUED, items=[("notice", notice.pk, 0)])
    return notice


@transaction.atomic
def remind_now(silence: Unanswered, unit: Unit, *, case: UUID, rungs: Rungs, by: Actor) -> Notice:
    """Whoever asked does not wait for the clock. It is one of the steps; for a minute it can be stopped."""
    told = list(Notice.objects.filter(about_id=silence.about_id).order_by("leaves_at", "id"))
    is_stopped = silence.about_id in stopped_among([silence.about_id])
    rules.may_remind(by, unit, told, is_stopped=is_stopped).enforce()
    sent = [one for one in told if one.kind == NoticeKind.REMINDER and one.sent_at]
    notice = Notice(
        association_id=by.association_id,
        kind=NoticeKind.REMINDER,
        reminds_of=silence.reminds_of,
        unit=unit,
        about_id=silence.about_id,
        answer_by=_still_ahead(silence.answer_by),
        queued_at=now(),
        queued_by_id=by.id,
        leaves_at=now() + _REGRET,
        staff_from=working_days_after(today(), rungs.days) if len(sent) + 1 >= rungs.times else None,
    )
    if not _is_first(notice):
        rules.no_second_letter().enforce()
    record(Tag.REMINDED, case=case, person=silence.person_id, items=[("notice", notice.pk, 0)])
    return notice


@transaction.atomic
def stop_reminding(silence: Unanswered, unit: Unit, *, case: UUID, by: Actor) -> ReminderStop | None:
    """No more reminders of this, nor one that has not left: she takes it up herself. Twice is once.

    The links in what has left stay open.
    """
    if silence.about_id in stopped_among([silence.about_id]):
        return None
    stopped = ReminderStop(
        association_id=by.association_id,
        unit=unit,
        about_id=silence.about_id,
        stopped_at=now(),
        stopped_by_id=by.id,
    )
    if not _is_first(stopped):
        return None
    record(Tag.REMINDERS_STOPPED, case=case, person=silence.person_id, items=[("reminders", stopped.pk, 0)])
    return stopped


@transaction.atomic
def go_on_reminding(silence: Unanswered, *, case: UUID, by: Actor) -> int:
    """The ladder goes on where it stood. How many stops were lifted: none when nobody had stopped it."""
    found = ReminderStop.objects.filter(about_id=silence.about_id, ended_at__isnull=True)
    ids = list(found.values_list("pk", flat=True))
    lifted = found.update(ended_at=now())
    for one in ids[:lifted]:
        record(Tag.REMINDERS_RESUMED, case=case, person=silence.person_id, items=[("reminders", one, 0)])
    return lifted


def _is_first(row: Notice | ReminderStop) -> bool:
    """Written; not when somebody did the same in the moment between: the unique index takes one of two."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as second:
        if not any(name in str(second) for name in _ONCE):
            raise
        return False
    return True


_ONCE = ("notice_one_reminder_on_its_way", "reminders_stopped_once")


def _still_ahead(answer_by: date | None) -> date | None:
    """A day that has been is no day to answer by."""
    return answer_by if answer_by is not None and answer_by >= today() else None


# --- what leaves -------------------------------------------------------------------------------------------


@transaction.atomic
def send(
    notice: Notice,
    *,
    token: Callable[[], str],
    opening: Callable[[], str] = str,
    collected: Callable[[Notice], Line] = line_of,
    code: Callable[[], str] = str,
    calendar: Callable[[str], bytes] = lambda _token: b"",
    server: Any,
) -> NotCarried | None:
    """Carry one locked notice. None when it left; otherwise what went wrong, and the row says it too.

    `token` makes the link of the letter, `opening` the link that a code opens, `code` the code of a text;
    each is asked for only when it is about to leave. `calendar` makes what goes to the reader's calendar,
    given the token; `collected` a line of a collected letter, with its links.
    """
    if not still_holds(notice):
        _move(notice, state=NoticeState.CANCELLED)
        return None
    if digest.waits(notice):
        digest.postpone_to_collection(notice)
        return None
    within = _still_in(notice) if notice.kind == NoticeKind.DIGEST else []
    if notice.kind == NoticeKind.DIGEST and not within:
        _move(notice, state=NoticeState.CANCELLED)
        return None
    try:
        if notice.kind in BY_PHONE:
            text, telephone = text_of(notice, code)
            carry_text(text, to=telephone, notice_id=notice.pk)
        else:
            link = token()
            words = (
                _collected_letter(notice, within, collected)
                if within
                else letter(
                    notice.kind,
                    unit=notice.unit.name,
                    association=notice.association.name,
                    answer_by=notice.answer_by,
                    token=link,
                    opening_token=opening(),
                )
            )
            to, at_hand = notice.unit.mail, calendar(link)
            carry(words, to=to, notice_id=notice.pk, server=server, calendar=at_hand)
    except NotCarried as fault:
        _not_carried(notice, fault)
        return fault
    for one in (*within, notice):
        _move(one, state=NoticeState.SENT, sent_at=now(), tries=one.tries + 1, fault="")
    if notice.unit.mail_failed_at is not None and notice.kind not in BY_PHONE:
        _trust_mailbox(notice, got_there=True)
    return None


def set_aside(notice_id: UUID) -> None:
    """It could not even be written: the fault is ours. It is tried again later; the others go first."""
    waiting = Notice.objects.filter(pk=notice_id, state=NoticeState.WAITING)
    notice = waiting.select_for_update(of=("self",)).select_related("unit").first()
    if notice is not None:
        _not_carried(notice, NotCarried(Fault.OURS))


def _not_carried(notice: Notice, fault: NotCarried) -> None:
    """Put off, or given up when there is no reason to ask again."""
    if notice.fault in SERVERS and not fault.is_servers:
        # What the server did wrong is not counted against the letter.
        notice.tries = 0
    if not rules.is_given_up(notice.tries + 1, fault):
        postpone(notice, fault=fault)
        return
    give_up(notice, fault=fault.fault)
    if fault.fault is Fault.ADDRESS and notice.kind not in BY_PHONE:
        _trust_mailbox(notice, got_there=False)


def _still_in(collected: Notice) -> list[Notice]:
    """What is to leave in it and still holds; the rest is not told of."""
    found = digest.collected_in(collected)
    holding = [one for one in found if still_holds(one)]
    for one in found:
        if one not in holding:
            _move(one, state=NoticeState.CANCELLED)
    return holding


def _collected_letter(notice: Notice, within: Sequence[Notice], line: Callable[[Notice], Line]) -> Letter:
    lines = [line(one) for one in within]
    return digest_letter(lines, unit=notice.unit.name, association=notice.association.name)


def postpone(notice: Notice, *, fault: NotCarried) -> None:
    """It stays in the queue and is tried again later, after a longer wait each time."""
    tries = notice.tries + 1
    _move(notice, leaves_at=now() + rules.wait_after(tries, fault), tries=tries, fault=fault.fault)


def give_up(notice: Notice, *, fault: Fault) -> None:
    """Not tried again by itself: the administrator sees it and what is wrong.

    Of a collected letter it is what was in it that never got there: those who asked see that, and each of
    them can be tried again.
    """
    tries = notice.tries + 1
    if notice.kind == NoticeKind.DIGEST:
        for one in digest.collected_in(notice):
            _move(one, state=NoticeState.FAILED, tries=tries, fault=fault, is_collected=False, digest=None)
        _move(notice, state=NoticeState.CANCELLED, tries=tries, fault=fault)
        return
    _move(notice, state=NoticeState.FAILED, tries=tries, fault=fault)


@transaction.atomic
def try_again(notice: Notice, *, by: Actor) -> None:
    """What is wrong has been put right: back in the queue, to leave at once."""
    rules.may_try_again(by, notice).enforce()
    _move(notice, state=NoticeState.WAITING, leaves_at=now(), tries=0, fault="")
    record(Tag.NOTICE_RETRIED, items=[("notice", notice.pk, 0)])


def _trust_mailbox(notice: Notice, *, got_there: bool) -> None:
    """Whoever chooses the unit next is told to ring it, until a letter gets there again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mail_got_there(%s, %s)", [notice.unit_id, got_there])


def _move(notice: Notice, **fields: Any) -> None:
    """A row that the policy hides would be passed over in silence: update_fields asserts that one is met."""
    for name, value in fields.items():
        setattr(notice, name, value)
    notice.save(update_fields=list(fields))
