"""Queries of the trail: what the person's own page tells of who has looked.

Here: events about some persons, read in the person's own context; the row policy shows her those about
herself and nobody else's. Not here: the words on the page (`tags`), the units' names
(`humla.organisation`), nor the log reviewer's list.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import TruncDate

from humla.audit.models import Event
from humla.audit.tags import LOOKS, Tag
from humla.core.dates import STOCKHOLM

PAUSE = timedelta(minutes=30)
"""So long without a page, and the next one is a new visit: as long as a session may idle."""

MOST = 500
"""So many lines a page lists; it says so when there are more."""


@dataclass(frozen=True)
class LookGroup:
    """One unit in one role during one day: how many times it looked, and at what."""

    on: date
    unit_id: UUID | None
    role: str
    times: int
    tags: tuple[str, ...]


def looks_at_me(persons: Collection[UUID]) -> list[Event]:
    """When professionals looked at something about her, newest first. Refused looks showed nothing."""
    return list(_looks(persons)[:MOST])


def looks_in_groups(persons: Collection[UUID], *, since: datetime | None) -> list[LookGroup]:
    """The looks since an instant by day, unit and role, newest first; all there are, when there is none."""
    found = _looks(persons)
    if since is not None:
        found = found.filter(at__gt=since)
    rows = (
        found.order_by()
        .values("unit_id", "role", "tag", on=TruncDate("at", tzinfo=STOCKHOLM))
        .annotate(times=Count("id"), last=Max("at"))
        .order_by("-on", "-last")
    )
    groups: dict[tuple[date, UUID | None, str], list[tuple[str, int]]] = {}
    for row in rows:
        key = row["on"], row["unit_id"], row["role"]
        groups.setdefault(key, []).append((row["tag"], row["times"]))
    return [
        LookGroup(*key, times=sum(times for _tag, times in same), tags=tuple(tag for tag, _times in same))
        for key, same in groups.items()
    ]


def acts_about_me(persons: Collection[UUID]) -> list[Event]:
    """Everything that professionals have done with what is about her, looks too, newest first."""
    return list(_done_by_others(persons)[:MOST])


def last_visit(persons: Collection[UUID], at: datetime) -> datetime | None:
    """The last instant of her visit before this one; None the first time.

    A visit is pages with short pauses between them. Counted from her latest page the answer would be
    "nobody has looked" as soon as she loads the page again.
    """
    pages = _about(persons).filter(tag=Tag.OWN_PAGE_READ.value).order_by("-at").values_list("at", flat=True)
    after = at
    for page in pages.distinct()[:MOST]:
        if after - page > PAUSE:
            return page
        after = page
    return None


def _looks(persons: Collection[UUID]) -> QuerySet[Event]:
    return _done_by_others(persons).filter(tag__in=[tag.value for tag in LOOKS])


def _done_by_others(persons: Collection[UUID]) -> QuerySet[Event]:
    others = _about(persons).filter(kind__in=("professional", "representative"), decision="allowed")
    return others.order_by("-at", "-id")


def _about(persons: Collection[UUID]) -> QuerySet[Event]:
    # By person, so that the index is used: the row policy alone would be asked for every line there is.
    return Event.objects.filter(person_id__in=list(persons))
