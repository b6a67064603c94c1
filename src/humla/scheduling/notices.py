"""What a unit that was asked is told by mail when it need not answer any more. Never about whom.

Here: which notice for which act. Not here: that times are offered, which follows from the person's answer and
is laid in the queue by it (`tell_of_times()` in the walls), nor the words and the sending
(`humla.notifications`).
"""

from humla.core.context import Actor, now
from humla.notifications.actions import queue
from humla.notifications.actions import stop as stop_notices
from humla.notifications.models import Notice, NoticeKind
from humla.scheduling.models import Invitee


def withdrawn(invitee: Invitee, *, by: Actor) -> Notice | None:
    """The times no longer hold; at once. Whoever has not been told of them hears nothing."""
    if invitee.unit is None or invitee.leaves_at is None or invitee.leaves_at > now():
        return None
    return queue(NoticeKind.TIMES_WITHDRAWN, unit=invitee.unit, about=invitee.pk, leaves_at=now(), by=by)


def stop(invitee: Invitee) -> int:
    """Whatever was on its way to this one stays, and the links to it close."""
    return stop_notices(invitee.pk)
