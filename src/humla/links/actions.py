"""What happens to a link: made when its letter leaves. It is closed with the notice (`notifications.stop`).

Here: the verb. Not here: the door that a link opens (`humla.web.door.link_page`, `enter_link()` in the
walls), where it also ends: at the meeting's start, wherever the meeting has been moved.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from humla.core.context import Actor, now
from humla.links.models import Link, LinkSubject
from humla.links.tokens import kept_of, token_of
from humla.organisation.models import Unit

LIFE = timedelta(days=90)
"""The longest that a link lives. Meetings are called to some weeks ahead, and most links end with theirs."""


@transaction.atomic
def make(subject: LinkSubject, *, subject_id: UUID, unit: Unit, letter_id: UUID, by: Actor) -> str:
    """The token to put in a letter; the same letter, tried again, gets the same link."""
    token = token_of(letter_id)
    if not Link.objects.filter(token_hash=kept_of(token)).exists():
        link = Link(
            association_id=by.association_id,
            unit=unit,
            token_hash=kept_of(token),
            subject=subject,
            subject_id=subject_id,
            made_at=now(),
            ends_at=now() + LIFE,
        )
        link.save(force_insert=True)
    return token
