"""What the clock does: found by the worker, each job through the door.

Here: which jobs there are and when. Not here: what they do to a concept (its `actions`).
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app

from humla.accounts.actions import forget_ended_sessions
from humla.agreements.visibility import agreement_in_force, rungs_of
from humla.core.context import Actor, Kind, now, today
from humla.drafts.actions import forget_old
from humla.initiations.actions import empty_old as empty_old_requests
from humla.links.actions import forget_openings, make
from humla.links.models import LinkKind, LinkSubject
from humla.links.tokens import code_of
from humla.meetings.calendar import invitation_with
from humla.notifications import actions as notifications
from humla.notifications.digest import gather
from humla.notifications.ladder import Silence, associations_with_silent, is_time, silent
from humla.notifications.models import Notice, NoticeKind
from humla.notifications.post import NotCarried, post
from humla.notifications.visibility import associations_with_due, next_due
from humla.notifications.wording import BY_LINK, BY_PHONE, OPENED_BY_CODE, Line, line_of
from humla.ops.door import job_door

_MOST_IN_ONE_GO = 500

One = TypeVar("One")
Made = TypeVar("Made")

_LEADS_TO = {
    NoticeKind.SUMMONS: LinkSubject.SUMMONS,
    NoticeKind.SUMMONS_CHANGED: LinkSubject.SUMMONS,
    NoticeKind.TIMES_OFFERED: LinkSubject.TIMES,
    NoticeKind.EVIDENCE_ASKED: LinkSubject.EVIDENCE,
}
"""What the neutral link in a letter leads to. A reminder's leads where the first letter's did."""


@app.periodic(cron="17 3 * * *")
@app.task(name="tidy", queueing_lock="tidy")
def tidy(timestamp: int) -> None:
    """Every night: drafts, used keys and codes older than thirty days, and sessions that ended as long ago.

    Sign-ins that were begun and never finished go too, and what was said of a person in a request for a plan
    that was answered three months ago. Each in a transaction of its own: a fault in one stops no other.
    """
    clock = Actor(Kind.SYSTEM)

    def swept(sweep: Callable[[], object]) -> None:
        with job_door(clock):
            sweep()

    sweeps: list[Callable[[], object]] = [
        forget_old,
        partial(forget_openings, by=clock),
        partial(empty_old_requests, by=clock),
        forget_ended_sessions,
        SessionStore.clear_expired,
    ]
    _each(swept, sweeps)


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
        _each(partial(send_due, server=server), waiting)


@app.periodic(cron="7 * * * *")
@app.task(name="remind", queueing_lock="remind", lock="remind")
def remind(timestamp: int) -> None:
    """Once an hour while people are at work: whoever has been silent long enough is reminded.

    A worker that was down in the morning does it later in the day; whoever has been reminded today is no
    longer due, so it is never done twice.
    """
    with job_door(Actor(Kind.SYSTEM)):
        waiting = associations_with_silent() if is_time(now()) else []
    _each(remind_silent, waiting)


def remind_silent(association_id: UUID) -> int:
    """One förbund's, by its agreement, each in a transaction of its own; how many were reminded."""
    actor = Actor(Kind.SYSTEM, association_id=association_id)
    with job_door(actor):
        rungs = rungs_of(agreement_in_force(today()))
        due = [one for one in silent() if one.is_due(rungs, today())]

    def reminded(one: Silence) -> bool:
        with job_door(actor):
            return notifications.remind(one, rungs=rungs, by=actor) is not None

    return sum(_each(reminded, due))


def send_due(association_id: UUID, *, server: Any) -> None:
    """One förbund's notices, each in a transaction of its own: a fault in one undoes no other.

    One that cannot be written is set aside, so that it does not stand first in the queue for ever. When the
    server itself is the fault the rest are left as they are until the clock comes again.
    """
    actor = Actor(Kind.SYSTEM, association_id=association_id)
    with job_door(actor):
        gather(by=actor)
    wrong: list[Exception] = []
    for _turn in range(_MOST_IN_ONE_GO):
        notice = None
        try:
            with job_door(actor):
                notice = next_due()
                fault = _sent(notice, actor, server) if notice else None
        except Exception as our_fault:
            if notice is None:
                raise
            wrong.append(our_fault)
            with job_door(actor):
                notifications.set_aside(notice.pk)
            continue
        if notice is None or (fault is not None and fault.is_servers and notice.kind not in BY_PHONE):
            break
    _tell(wrong)


def _sent(notice: Notice, actor: Actor, server: Any) -> NotCarried | None:
    return notifications.send(
        notice,
        token=partial(_token_for, notice, actor),
        opening=partial(_opening_for, notice, actor),
        collected=partial(_line_for, actor=actor),
        code=partial(code_of, notice.about_id),
        calendar=partial(invitation_with, notice),
        server=server,
    )


def _line_for(notice: Notice, actor: Actor) -> Line:
    return line_of(notice, token=_token_for(notice, actor), opening_token=_opening_for(notice, actor))


def _token_for(notice: Notice, actor: Actor) -> str:
    if notice.kind not in BY_LINK:
        return ""
    return make(
        _LEADS_TO[NoticeKind(notice.reminds_of or notice.kind)],
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


def _each(work: Callable[[One], Made], over: Iterable[One]) -> list[Made]:
    """Do it with every one, though it fails with some; what went wrong is told when all have been tried."""
    made: list[Made] = []
    wrong: list[Exception] = []
    for one in over:
        try:
            made.append(work(one))
        except Exception as fault:
            wrong.append(fault)
    _tell(wrong)
    return made


def _tell(wrong: list[Exception]) -> None:
    """The worker writes it in its log, and the job stands as failed."""
    if wrong:
        raise ExceptionGroup("Some of the work was not done; the rest was.", wrong)
