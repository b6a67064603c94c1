"""Queries of the organisation: parties, authorities, units and who acts for them.

Here: what the organisation page lists, what forms choose among, and the names that other pages need. Not
here: who may see a case (`humla.cases`, `humla.disclosures`). Nothing of this is about a person; the row
policies limit it to the reader's own förbund, or leave it open to the person's own session, which has none.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Case, Prefetch, Q, QuerySet, Value, When

from humla.core.context import Actor, now, today
from humla.core.periods import holds
from humla.core.questions import TODAY, Told, prepared
from humla.organisation.models import (
    CASE_ROLES,
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
    return (
        UnitAssignment.objects.filter(holds(now()))
        .select_related("professional__profession")
        .order_by("professional__name", "role")
    )


def units_named(ids: Iterable[UUID]) -> dict[UUID, Unit]:
    """Some units with their authorities, by id."""
    rows = Unit.objects.select_related("authority").filter(pk__in=set(ids))
    return {row.pk: row for row in rows}


def professions_in_cases() -> QuerySet[Profession]:
    """The professions of those who handle cases."""
    return (
        Profession.objects.filter(professional__assignments__role__in=CASE_ROLES).distinct().order_by("name")
    )


def professions() -> QuerySet[Profession]:
    """Every profession in the förbund's own list."""
    return Profession.objects.order_by("name")


def units_to_choose() -> QuerySet[Unit]:
    """Every unit that takes part around a person, with authority and party.

    One that has ended does not, nor the förbund's own office: it finances and learns.
    """
    return _open_on(today()).select_related("authority__party", "stand_in_unit")


def _open_on(day: date) -> QuerySet[Unit]:
    return (
        Unit.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
        .exclude(authority__party__kind=PartyKind.ASSOCIATION)
        .select_related("authority__party")
        .order_by("authority__party__name", "authority__name", "name")
    )


def unit_told(unit_id: UUID) -> Unit | None:
    """One unit with everything that is told about it, also one that has ended."""
    beside = ("authority__party", "stand_in_unit", "owner", "confirmed_by", "successor")
    return Unit.objects.select_related(*beside).filter(pk=unit_id).first()


@prepared
def units_looked_after(_about: None) -> QuerySet[Unit]:
    """The units whose details the reader sees to."""
    return _open_on(TODAY).filter(owner=Told("ctx_actor"))


def units_of_same_party(unit: Unit) -> QuerySet[Unit]:
    """Where something that came to the wrong unit can be passed on: within the same huvudman only.

    Those of its own authority first, and among them its "en väg in".
    """
    others = units_to_choose().filter(authority__party__authorities=unit.authority_id).exclude(pk=unit.pk)
    own_first = Case(When(authority=unit.authority_id, then=Value(0)), default=Value(1))
    return others.order_by(own_first, "-is_way_in", "authority__name", "name")


def units_open() -> list[Unit]:
    """The same for the open context's day, as a form of many choices asks it."""
    return all_units_open(None)


@prepared
def all_units_open(_about: None) -> QuerySet[Unit]:
    """The same, to be asked ahead."""
    return _open_on(TODAY)


def colleagues(actor: Actor) -> QuerySet[UnitAssignment]:
    """Who handles cases at the actor's own authority now, herself left out."""
    return (
        assignments_now()
        .filter(unit__authority=actor.authority_id, role__in=CASE_ROLES)
        .exclude(professional=actor.id)
        .select_related("professional__profession", "unit")
        .order_by("professional__name", "unit__name")
    )


def handles_cases_for(professional_id: UUID, unit_id: UUID) -> bool:
    """Does the professional act for the unit now, in a role that works in cases?"""
    return assignments_now().filter(professional=professional_id, unit=unit_id, role__in=CASE_ROLES).exists()


def profession_of(actor: Actor) -> Profession | None:
    """What the actor is."""
    return _profession.first(actor.id)


@prepared
def _profession(professional_id: UUID) -> QuerySet[Profession]:
    return Profession.objects.filter(professional=professional_id)


def colleagues_with(professions: Iterable[UUID], *, near: Actor, limit: int = 3) -> list[str]:
    """Some who have one of the professions and handle cases: of the same authority first."""
    found = assignments_now().filter(professional__profession__in=set(professions), role__in=CASE_ROLES)
    rows = list(found.exclude(professional=near.id).select_related("professional", "unit"))
    nearest = sorted(rows, key=lambda one: one.unit.authority_id != near.authority_id)
    # One human can act for two units; named once.
    names: dict[UUID, str] = {}
    for one in nearest:
        names.setdefault(one.professional_id, f"{one.professional.name} ({one.unit.name})")
    return list(names.values())[:limit]


def professionals_by_id(ids: Iterable[UUID]) -> dict[UUID, Professional]:
    """Some professionals, for whom to call."""
    return {one.pk: one for one in _professionals(tuple(set(ids)))}


@prepared
def _professionals(ids: tuple[UUID, ...]) -> QuerySet[Professional]:
    return Professional.objects.filter(pk__any=ids)


def names_of_professionals(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of some professionals, for "who wrote this"."""
    return dict(Professional.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def professionals_with_assignments() -> QuerySet[Professional]:
    """Everybody who acts for some unit now, with her assignments: two queries, however many."""
    going_on = assignments_now().select_related("unit__authority")
    everybody = Professional.objects.filter(pk__in=going_on.values("professional"))
    return everybody.prefetch_related(Prefetch("assignments", going_on)).order_by("name", "pk")
