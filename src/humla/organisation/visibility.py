"""Queries of the organisation: parties, authorities, units and who acts for them.

Here: what the organisation page lists and the names that other pages need. Not here: who may see a case
(`humla.cases`, `humla.disclosures`). Nothing of this is about a person; the row policies limit it to the
reader's own förbund, or leave it open to the person's own session, which has none.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from humla.core.context import Actor, now
from humla.organisation.models import (
    CASE_ROLES,
    Association,
    Authority,
    Party,
    PartyKind,
    Profession,
    Professional,
    Unit,
    UnitAssignment,
)


def parties() -> QuerySet[Party]:
    """All parties with authorities, units and the assignments that hold now: four queries, however many."""
    return Party.objects.prefetch_related(
        Prefetch(
            "authorities",
            Authority.objects.prefetch_related(
                Prefetch("units", Unit.objects.prefetch_related(Prefetch("assignments", assignments_now())))
            ),
        )
    )


def assignments_now() -> QuerySet[UnitAssignment]:
    """Who acts for which unit at this instant, by name."""
    at = now()
    return (
        UnitAssignment.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__lte=at)
        .select_related("professional__profession")
        .order_by("professional__name", "role")
    )


def units_named(ids: Iterable[UUID]) -> dict[UUID, Unit]:
    """Some units with their authorities, by id."""
    rows = Unit.objects.select_related("authority").filter(pk__in=set(ids))
    return {row.pk: row for row in rows}


def professions() -> QuerySet[Profession]:
    """The förbund's own list of professions."""
    return Profession.objects.order_by("name")
