"""What may happen to a notice: who may try one again, when it is tried by itself, when it is given up.

Here: the rulings and the waiting times. Not here: the acts (`actions`).
"""

from datetime import timedelta

from django.utils.translation import gettext as _

from humla.core.context import Actor, Kind
from humla.core.rulings import YES, Ruling, no
from humla.notifications.models import Notice, NoticeState
from humla.notifications.post import NotCarried

MOST_TRIES = 12
"""After so many tries, sixteen hours, the clock gives a letter up and the administrator sees it.

The tries that met a fault of the server's own are not among them.
"""

_LONGEST_WAIT = timedelta(hours=4)
_LONGEST_WAIT_FOR_SERVER = timedelta(minutes=10)


def may_try_again(actor: Actor, notice: Notice) -> Ruling:
    """May this notice be sent once more?"""
    if actor.kind is not Kind.ADMIN or actor.association_id != notice.association_id:
        return no(_("Bara administratören försöker igen."))
    if notice.state != NoticeState.FAILED:
        return no(_("Aviseringen väntar eller har redan lämnat Humla."))
    return YES


def is_given_up(tries: int, fault: NotCarried) -> bool:
    """Is there no reason to ask again? A server that is down is waited for however long it takes."""
    return fault.is_final or (tries >= MOST_TRIES and not fault.is_servers)


def wait_after(tries: int, fault: NotCarried) -> timedelta:
    """How long until the next try: one minute, two, four … until the longest wait."""
    longest = _LONGEST_WAIT_FOR_SERVER if fault.is_servers else _LONGEST_WAIT
    return min(timedelta(minutes=2 ** min(tries - 1, 10)), longest)
