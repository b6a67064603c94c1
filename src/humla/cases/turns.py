"""One at a time in a case, for what is to be done once in it; and about a person, before there is a case.

Lives here: the locks that the verbs of a case share. Not here: the verbs (`actions` here and above), nor the
lock on a consent, which is always taken after this one (`humla.disclosures.actions`), so that two who wait
never wait for each other.
"""

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from humla.cases.models import Case
from humla.core.rulings import NotAllowed

_ABOUT = 7202
"""Keeps these locks apart from all others."""


def take_turn(case: Case) -> None:
    """Wait for those who are before us in this case, and keep others waiting until the transaction ends.

    `case` knows afterwards how it stands now: it may have been closed, or its lead handed over, while we
    waited, and the rules that are asked from here on must see that. Only the holder's update policy lets the
    row be locked.
    """
    now_it_is = Case.objects.select_for_update(no_key=True).filter(pk=case.pk).first()
    if now_it_is is None:
        raise NotAllowed(_("Det finns inte längre för dig."))
    for column in ("state", "resting_until", "closed_at", "is_protected", "version"):
        setattr(case, column, getattr(now_it_is, column))


def take_turn_about(person_id: UUID) -> None:
    """The same before a case is opened about somebody: two tabs have no row of a case to lock.

    Not an index that allows one: a colleague's case, or another unit's, is not hers to know of, and a closed
    one is followed by a second. Released when the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_ABOUT, str(person_id)])
