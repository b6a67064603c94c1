"""What a summoned unit is told by mail: a summons has come, is changed or is cancelled. Never about whom.

Here: which notice for which act. Not here: the words and the sending (`humla.notifications`). The person,
relatives and others get their summons on paper: they have no mailbox with us.
"""

from datetime import datetime

from humla.core.context import Actor, now
from humla.meetings.models import Meeting, Summons
from humla.notifications.actions import queue
from humla.notifications.actions import stop as stop_notices
from humla.notifications.models import Notice, NoticeKind


def sent(summons: Summons, meeting: Meeting, *, by: Actor) -> Notice | None:
    """A summons: leaves when it can no longer be undone."""
    return _tell(NoticeKind.SUMMONS, summons, meeting, summons.leaves_at, by=by)


def changed(summons: Summons, meeting: Meeting, leaves_at: datetime, *, by: Actor) -> Notice | None:
    """Another time, or something else in it is new."""
    return _tell(NoticeKind.SUMMONS_CHANGED, summons, meeting, leaves_at, by=by)


def cancelled(summons: Summons, meeting: Meeting, *, by: Actor) -> Notice | None:
    """It is not to be; at once."""
    return _tell(NoticeKind.SUMMONS_CANCELLED, summons, meeting, now(), by=by)


def stop(summons: Summons) -> int:
    """Whatever was on its way about it stays, and the links to it close."""
    return stop_notices(summons.pk)


def _tell(kind: NoticeKind, summons: Summons, meeting: Meeting, at: datetime, *, by: Actor) -> Notice | None:
    if summons.unit is None:
        return None
    answer_by = meeting.answer_by if kind != NoticeKind.SUMMONS_CANCELLED else None
    return queue(kind, unit=summons.unit, about=summons.pk, leaves_at=at, answer_by=answer_by, by=by)
