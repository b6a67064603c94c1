"""What happens to a link: made when its letter leaves. It is closed with the notice (`notifications.stop`).

Here: the verb. Not here: the door that a link opens (`humla.web.door.link_page`, `enter_link()` in the
walls), where it also ends: at the meeting's start, wherever the meeting has been moved.
"""

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from humla.core.context import Actor, Kind, now
from humla.links.models import Link, LinkKind, LinkSubject
from humla.links.tokens import kept_of, token_of
from humla.organisation.models import Unit

LIFE = timedelta(days=90)
"""The longest that a link lives. Meetings are called to some weeks ahead, and most links end with theirs."""


@transaction.atomic
def make(
    subject: LinkSubject,
    *,
    subject_id: UUID,
    unit: Unit,
    letter_id: UUID,
    kind: LinkKind = LinkKind.NEUTRAL,
    by: Actor,
) -> str:
    """The token to put in a letter; the same letter, tried again, gets the same link."""
    token = token_of(letter_id, opens=kind is LinkKind.OPENING)
    if not Link.objects.filter(token_hash=kept_of(token)).exists():
        link = Link(
            association_id=by.association_id,
            unit=unit,
            token_hash=kept_of(token),
            kind=kind,
            subject=subject,
            subject_id=subject_id,
            made_at=now(),
            ends_at=now() + LIFE,
        )
        link.save(force_insert=True)
    return token


def forget_openings(*, by: Actor) -> int:
    """Codes that were asked for a month ago are cleared away, by the clock; how many."""
    if by.kind is not Kind.SYSTEM:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_openings()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
