"""What happens to a notice: queued with the act it tells of, stopped with it, sent by the clock.

Here: the verbs. Not here: the words (`wording`), the mail server (`post`), when the clock comes
(`humla.ops.jobs`).

The row is written in the transaction of the act: what is undone was never queued, and what is done is sent
though the mail server is down for a day. It is sent at least once: a letter that the server took, and that we
died before marking, goes again under the same Message-ID.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Actor, now
from humla.notifications import rules
from humla.notifications.models import Fault, Notice, NoticeKind, NoticeState
from humla.notifications.post import SERVERS, NotCarried, carry, carry_text
from humla.notifications.visibility import is_about_protected, still_holds
from humla.notifications.wording import BY_PHONE, letter, text_message
from humla.organisation.models import Unit


@transaction.atomic
def queue(
    kind: NoticeKind,
    *,
    unit: Unit,
    about: UUID,
    leaves_at: datetime,
    answer_by: date | None = None,
    by: Actor,
) -> Notice | None:
    """Tell a unit's mailbox, when `leaves_at` comes. None when it has none, or when it is about somebody
    with protected identity (PER-5): then it is told on paper.

    `about` is the id of the summons, disclosure or offer, so that `stop` finds it; it stands in no letter.
    """
    if not unit.mail or is_about_protected(about):
        return None
    notice = Notice(
        association_id=by.association_id,
        kind=NoticeKind(kind),
        unit=unit,
        answer_by=answer_by,
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


@transaction.atomic
def send(
    notice: Notice,
    *,
    token: Callable[[], str],
    opening: Callable[[], str] = str,
    code: Callable[[], str] = str,
    server: Any,
) -> NotCarried | None:
    """Carry one locked notice. None when it left; otherwise what went wrong, and the row says it too.

    `token` makes the link of the letter, `opening` the link that a code opens, `code` the code of a text;
    each is asked for only when it is about to leave.
    """
    if not still_holds(notice):
        _move(notice, state=NoticeState.CANCELLED)
        return None
    try:
        if notice.kind in BY_PHONE:
            carry_text(text_message(code()), to=notice.unit.code_phone, notice_id=notice.pk)
        else:
            words = letter(
                notice.kind,
                unit=notice.unit.name,
                association=notice.association.name,
                answer_by=notice.answer_by,
                token=token(),
                opening_token=opening(),
            )
            carry(words, to=notice.unit.mail, notice_id=notice.pk, server=server)
    except NotCarried as fault:
        if notice.fault in SERVERS and not fault.is_servers:
            # What the server did wrong is not counted against the letter.
            notice.tries = 0
        if rules.is_given_up(notice.tries + 1, fault):
            give_up(notice, fault=fault.fault)
        else:
            postpone(notice, fault=fault)
        return fault
    _move(notice, state=NoticeState.SENT, sent_at=now(), tries=notice.tries + 1, fault="")
    return None


def postpone(notice: Notice, *, fault: NotCarried) -> None:
    """It stays in the queue and is tried again later, after a longer wait each time."""
    tries = notice.tries + 1
    _move(notice, leaves_at=now() + rules.wait_after(tries, fault), tries=tries, fault=fault.fault)


def give_up(notice: Notice, *, fault: Fault) -> None:
    """Not tried again by itself: the administrator sees it and what is wrong."""
    _move(notice, state=NoticeState.FAILED, tries=notice.tries + 1, fault=fault)


@transaction.atomic
def try_again(notice: Notice, *, by: Actor) -> None:
    """What is wrong has been put right: back in the queue, to leave at once."""
    rules.may_try_again(by, notice).enforce()
    _move(notice, state=NoticeState.WAITING, leaves_at=now(), tries=0, fault="")
    record(Tag.NOTICE_RETRIED, items=[("notice", notice.pk, 0)])


def _move(notice: Notice, **fields: Any) -> None:
    """A row that the policy hides would be passed over in silence: update_fields asserts that one is met."""
    for name, value in fields.items():
        setattr(notice, name, value)
    notice.save(update_fields=list(fields))
