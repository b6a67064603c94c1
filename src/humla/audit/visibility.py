"""Queries of the trail: what the person's own page tells of who has looked.

Here: events about some persons, read in the person's own context; the row policy shows her those about
herself and nobody else's. Not here: the words on the page (`tags`), the units' names
(`humla.organisation`), nor the log reviewer's list.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from humla.audit.models import Event
from humla.audit.tags import LOOKS, Tag

PAUSE = timedelta(minutes=30)
"""So long without a page, and the next one is a new visit: as long as a session may idle."""

_MOST = 500


def looks_at_me(persons: Collection[UUID], *, since: datetime | None = None) -> list[Event]:
    """When professionals looked at something about her, newest first. Refused looks showed nothing."""
    found = _done_by_others(persons).filter(tag__in=[tag.value for tag in LOOKS])
    if since is not None:
        found = found.filter(at__gt=since)
    return list(found[:_MOST])


def looks_since(persons: Collection[UUID], since: datetime | None) -> int:
    """How many times somebody has looked since an instant; ever, when there is none."""
    found = _done_by_others(persons).filter(tag__in=[tag.value for tag in LOOKS])
    return (found.filter(at__gt=since) if since is not None else found).count()


def acts_about_me(persons: Collection[UUID]) -> list[Event]:
    """Everything that professionals have done with what is about her, looks too, newest first."""
    return list(_done_by_others(persons)[:_MOST])


def last_visit(persons: Collection[UUID], at: datetime) -> datetime | None:
    """The last instant of her visit before this one; None the first time.

    A visit is pages with short pauses between them. Counted from her latest page the answer would be
    "nobody has looked" as soon as she loads the page again.
    """
    pages = _about(persons).filter(tag=Tag.OWN_PAGE_READ.value).order_by("-at").values_list("at", flat=True)
    after = at
    for page in pages.distinct()[:_MOST]:
        if after - page > PAUSE:
            return page
        after = page
    return None


def _done_by_others(persons: Collection[UUID]) -> QuerySet[Event]:
    return _about(persons).filter(kind="professional", decision="allowed").order_by("-at", "-id")


def _about(persons: Collection[UUID]) -> QuerySet[Event]:
    # By person, so that the index is used: the row policy alone would be asked for every line there is.
    return Event.objects.filter(person_id__in=list(persons))
