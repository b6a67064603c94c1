"""What the clock does: found by the worker, each job through the door.

Here: which jobs there are and when. Not here: what they do to a concept (its `actions`).
"""

from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app

from humla.accounts.actions import forget_ended_sessions
from humla.core.context import Actor, Kind
from humla.drafts.actions import forget_old
from humla.links.actions import forget_openings, make
from humla.links.models import LinkKind, LinkSubject
from humla.links.tokens import code_of
from humla.notifications import actions as notifications
from humla.notifications.models import Notice, NoticeKind
from humla.notifications.post import post
from humla.notifications.visibility import associations_with_due, next_due
from humla.notifications.wording import BY_LINK, OPENED_BY_CODE
from humla.ops.door import job_door

_MOST_IN_ONE_GO = 500


@app.periodic(cron="17 3 * * *")
@app.task(name="tidy", queueing_lock="tidy")
def tidy(timestamp: int) -> None:
    """Every night: drafts, used keys and codes older than thirty days, and sessions that ended as long ago.

    Sign-ins that were begun and never finished go too.
    """
    clock = Actor(Kind.SYSTEM)
    with job_door(clock):
        forget_old()
        forget_openings(by=clock)
        forget_ended_sessions()
        SessionStore.clear_expired()


# The sixth column is seconds: who waits the sixty seconds out should not wait another minute.
@app.periodic(cron="* * * * * */15")
@app.task(name="send", queueing_lock="send", lock="send")
def send(timestamp: int) -> None:
    """Four times a minute: what is due leaves. Without a mail server it waits; the administrator sees it."""
    if not settings.MAIL_LEAVES:
        return
    with job_door(Actor(Kind.SYSTEM)):
        waiting = associations_with_due()
    with post() as server:
        for association_id in waiting:
            send_due(association_id, server=server)


def send_due(association_id: UUID, *, server: Any) -> None:
    """One förbund's notices, each in a transaction of its own: a fault in one undoes no other.

    When the server itself is the fault the rest are left as they are until the clock comes again.
    """
    actor = Actor(Kind.SYSTEM, association_id=association_id)
    for _turn in range(_MOST_IN_ONE_GO):
        with job_door(actor):
            notice = next_due()
            if notice is None:
                return
            fault = notifications.send(
                notice,
                token=partial(_token_for, notice, actor),
                opening=partial(_opening_for, notice, actor),
                code=partial(code_of, notice.about_id),
                server=server,
            )
        if fault is not None and fault.is_servers:
            return


def _token_for(notice: Notice, actor: Actor) -> str:
    if notice.kind not in BY_LINK:
        return ""
    return make(
        LinkSubject.SUMMONS,
        subject_id=notice.about_id,
        unit=notice.unit,
        letter_id=notice.pk,
        by=actor,
    )


def _opening_for(notice: Notice, actor: Actor) -> str:
    """The link that a code opens: for a unit that has registered a telephone, where texts can be sent."""
    if notice.kind not in OPENED_BY_CODE or not notice.unit.code_phone or not settings.SMS_LEAVES:
        return ""
    is_document = notice.kind == NoticeKind.DOCUMENT
    return make(
        LinkSubject.DOCUMENT if is_document else LinkSubject.SUMMONS,
        subject_id=notice.about_id,
        unit=notice.unit,
        letter_id=notice.pk,
        kind=LinkKind.OPENING,
        by=actor,
    )
