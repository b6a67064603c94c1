"""Queries of those who act for the person, and where a mandate stands at an instant.

Here: what the pages list, and the mandate that the open session acts by. Not here: whose yes is needed
(`rules`), nor what a mandate opens: the row policies say that.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from humla.cases.models import Case, CaseRole, CaseState
from humla.cases.visibility import mine_now
from humla.core.context import now
from humla.core.questions import NOW, Told, prepared
from humla.core.secrets import unseal
from humla.organisation.models import Authority, PartyKind
from humla.people.models import Person
from humla.representatives.models import Mandate, MandateKind, MandateState, Withheld


def state_of(mandate: Mandate, at: datetime) -> MandateState:
    """Where the mandate stands at an instant. At its end it has ended; one that rests opens nothing."""
    if mandate.ended_at is not None or mandate.ends_at <= at:
        return MandateState.ENDED
    if mandate.rested_at is not None:
        return MandateState.RESTING
    return MandateState.AHEAD if at < mandate.starts_at else MandateState.IN_FORCE


def mandates_of(person: Person) -> list[Mandate]:
    """Every mandate there has been for this person at her authority, newest first."""
    return mandates_in(person.pk)


@prepared
def mandates_in(person_id: UUID) -> QuerySet[Mandate]:
    """The same by the person's id."""
    found = Mandate.objects.select_related("attested_by")
    return found.filter(person_id=person_id).order_by("-attested_at", "-id")


def mandates_for(persons: Collection[UUID]) -> list[Mandate]:
    """Every mandate for several registrations of one human, for her own page."""
    found = Mandate.objects.select_related("authority", "attested_by")
    return list(found.filter(person__in=persons).order_by("-attested_at", "-id"))


def mandate_of(person: Person, mandate_id: UUID) -> Mandate | None:
    """One mandate of this person."""
    return Mandate.objects.select_related("attested_by").filter(person=person, pk=mandate_id).first()


def own_mandate(mandate_id: UUID) -> Mandate | None:
    """One mandate, for the person whom it is about."""
    return Mandate.objects.select_related("authority", "attested_by").filter(pk=mandate_id).first()


@prepared
def objections_waiting(_none: None) -> QuerySet[Case]:
    """The reader's own cases whose person has said no to somebody, and nobody has decided (Idag)."""
    resting = Mandate.objects.filter(
        authority=Told("ctx_authority"), rested_at__isnull=False, ended_at__isnull=True, ends_at__gt=NOW
    )
    going_on = mine_now().filter(case=OuterRef("pk"))
    rows = Case.objects.filter(
        Exists(going_on),
        person__in=resting.values("person"),
        authority=Told("ctx_authority"),
        state=CaseState.OPEN,
    ).annotate(is_mine=Exists(going_on.filter(role=CaseRole.RESPONSIBLE)))
    return rows.defer("reason", "resting_reason").order_by("opened_at", "id")


def answering(mandates: Collection[Mandate]) -> list[Mandate]:
    """Of some mandates, those by which somebody may answer about consent now."""
    at = now()
    return [one for one in mandates if one.may_consent and state_of(one, at) is MandateState.IN_FORCE]


def withheld_in(case: Case) -> list[Withheld]:
    """What is kept from somebody in the case now, newest first."""
    found = Withheld.objects.select_related("mandate").filter(case=case, undone_at__isnull=True)
    return list(found.order_by("-withheld_at", "-id"))


def withheld_of(case: Case, withheld_id: UUID) -> Withheld | None:
    """One of them."""
    found = Withheld.objects.select_related("mandate")
    return found.filter(case=case, pk=withheld_id, undone_at__isnull=True).first()


def authorities_with_policy() -> QuerySet[Authority]:
    """The authorities that a child's case can be held by: all but the förbund's own."""
    found = Authority.objects.select_related("party").exclude(party__kind=PartyKind.ASSOCIATION)
    return found.order_by("party__name", "name")


@dataclass(frozen=True)
class ActedBy:
    """The mandate of the open session, without the evidence and without what the person has said of it."""

    id: UUID
    person_id: UUID
    authority_id: UUID
    kind: MandateKind
    name: str
    categories: list[str]
    may_consent: bool
    may_receive_summons: bool
    may_represent_at_meeting: bool
    ends_at: datetime


def mandate_acted_by() -> ActedBy | None:
    """What the open session acts by; nothing for any other kind, or when the mandate has just ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mandate_acted_by()")
        row = cursor.fetchone()
    if row is None:
        return None
    one, person_id, authority_id, kind, name, *rest = row
    return ActedBy(
        one, person_id, authority_id, MandateKind(kind), unseal(name, "representatives.mandate.name"), *rest
    )


@dataclass(frozen=True)
class MeetingAhead:
    """A meeting as far as a mandate lets it be known."""

    id: UUID
    case_id: UUID
    kind: str
    starts_at: datetime
    minutes: int
    form: str
    place: str
    video_link: str
    interpreter: str
    purpose: str
    questions: str
    health_questions: str
    bring: str
    units: list[str]


def meetings_ahead() -> list[MeetingAhead]:
    """Those that the open session's mandate may know of, soonest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM represented_meetings()")
        return [MeetingAhead(*row) for row in cursor.fetchall()]
