"""What there is to see of the protection around a person, for the cleared, and for a unit's manager.

Here: the queries. The row policies show a marking, a clearance and where she is to those who are cleared
alone; the manager gets references and colleagues through the database's own `unit_protected()`, no person.
Not here: which of a case's pages leave her name out (each page asks `Person.is_protected`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection

from humla.cases.models import Case, CaseRole
from humla.core.context import now
from humla.protection.models import Clearance, Marking, ProtectedContact


def marking_of(person_id: UUID) -> Marking | None:
    """The marking that stands."""
    standing = Marking.objects.filter(person=person_id, removed_at__isnull=True)
    return standing.select_related("marked_by", "removal_asked_by").first()


def former_markings(person_id: UUID) -> list[Marking]:
    """Those that have been taken away, newest first."""
    gone = Marking.objects.filter(person=person_id, removed_at__isnull=False)
    found = gone.select_related("marked_by", "removal_asked_by", "removed_by")
    return list(found.order_by("-removed_at"))


def clearances_in(case: Case) -> list[Clearance]:
    """Who is cleared for the case now, whoever runs out first on top."""
    standing = Clearance.objects.filter(case=case.pk, ended_at__isnull=True, ends_at__gt=now())
    return list(standing.select_related("professional", "unit", "given_by").order_by("ends_at", "pk"))


def contact_of(person_id: UUID) -> ProtectedContact | None:
    """Where she is. Whoever asks says on the trail that she did."""
    return ProtectedContact.objects.filter(person=person_id).select_related("written_by").first()


@dataclass(frozen=True)
class TwinCase:
    """A case about the same human, opened by somebody who did not know that she is here."""

    reference: str
    responsible: str


def twin_cases(person_id: UUID) -> list[TwinCase]:
    """Open cases about another registration with her number, for whoever is cleared for her."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference, responsible FROM cases_of_her_twin(%s)", [person_id])
        return [TwinCase(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Worker:
    """One who works in a protected case for the manager's unit."""

    professional_id: UUID
    name: str
    role: str
    cleared_until: datetime | None
    clearance_id: UUID | None


@dataclass(frozen=True)
class GuardedCase:
    """A protected case as the unit's manager sees it: reference and her own people. No person, no content."""

    case_id: UUID
    reference: str
    is_held: bool
    marking_id: UUID | None
    removal_asked_at: datetime | None
    removal_asked_by_id: UUID | None
    removal_asked_by: str
    workers: tuple[Worker, ...]

    @property
    def responsible(self) -> Worker | None:
        """Whoever answers for it, if that is somebody of the unit."""
        return next((one for one in self.workers if one.role == CaseRole.RESPONSIBLE), None)

    @property
    def is_unread(self) -> bool:
        """Is nobody of the unit cleared for it?"""
        return not any(one.cleared_until for one in self.workers)


def guarded_cases() -> list[GuardedCase]:
    """The protected cases that the actor's unit works in; nothing to anybody but its manager."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id, reference, is_held, marking_id, removal_asked_at, removal_asked_by_id,"
            " removal_asked_by, professional_id, professional_name, role, cleared_until, clearance_id"
            " FROM unit_protected()"
        )
        rows = cursor.fetchall()
    return [_guarded(lines) for _case, lines in groupby(rows, lambda row: row[0])]


def guarded_case(case_id: UUID) -> GuardedCase | None:
    """One of them."""
    return next((one for one in guarded_cases() if one.case_id == case_id), None)


def _guarded(lines: Iterable[tuple[Any, ...]]) -> GuardedCase:
    rows = list(lines)
    case_id, reference, is_held, marking, asked_at, asked_by_id, asked_by = rows[0][:7]
    workers = tuple(Worker(*row[7:]) for row in rows)
    return GuardedCase(case_id, reference, is_held, marking, asked_at, asked_by_id, asked_by or "", workers)
