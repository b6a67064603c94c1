"""What may happen to a notice: who reminds, who tries one again, when it is tried by itself and given up.

Here: the rulings and the waiting times. Not here: the acts (`actions`).
"""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from humla.core.context import Actor, Kind, today
from humla.core.dates import day_of
from humla.core.rulings import YES, Ruling, no
from humla.notifications.models import Notice, NoticeState
from humla.notifications.post import NotCarried
from humla.organisation.models import Role, Unit

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


def may_remind(actor: Actor, unit: Unit, told: Sequence[Notice], *, is_stopped: bool = False) -> Ruling:
    """May this unit be reminded now? `told` is what has been written to it about this, oldest first."""
    if is_stopped:
        return no(_("Påminnelserna är stoppade. Låt dem fortsätta först."))
    if actor.kind is not Kind.PROFESSIONAL:
        return no(_("Bara den som har frågat kan påminna."))
    if not unit.mail:
        return no(_("Enheten har ingen brevlåda. Ring i stället."))
    newest = told[-1] if told else None
    if newest is None or newest.state == NoticeState.CANCELLED:
        return YES
    if newest.state == NoticeState.WAITING:
        return no_second_letter()
    if newest.state == NoticeState.FAILED:
        return no(_("Det förra brevet gick inte fram. Ring i stället."))
    if newest.sent_at is not None and day_of(newest.sent_at) == today():
        return no(_("Enheten har redan fått ett brev om det här i dag."))
    return YES


def no_second_letter() -> Ruling:
    """The no to whoever reminds of what somebody just has been reminded of."""
    return no(_("Ett brev om det här är redan på väg."))


def may_choose_delivery(actor: Actor, unit: Unit) -> Ruling:
    """May she say how the unit wants its letters? Its manager, or the administrator."""
    if actor.association_id != unit.association_id:
        return no(_("Enheten finns inte."))
    if actor.kind is Kind.ADMIN:
        return YES
    if actor.kind is Kind.PROFESSIONAL and actor.role == Role.MANAGER and actor.unit_id == unit.pk:
        return YES
    return no(_("Enhetens chef eller administratören väljer hur breven kommer."))


def is_given_up(tries: int, fault: NotCarried) -> bool:
    """Is there no reason to ask again? A server that is down is waited for however long it takes."""
    return fault.is_final or (tries >= MOST_TRIES and not fault.is_servers)


def wait_after(tries: int, fault: NotCarried) -> timedelta:
    """How long until the next try: one minute, two, four … until the longest wait."""
    longest = _LONGEST_WAIT_FOR_SERVER if fault.is_servers else _LONGEST_WAIT
    return min(timedelta(minutes=2 ** min(tries - 1, 10)), longest)
