"""Which cases there are for the one who asks, and who works in them.

Here: the queries that pages and actions fetch cases and assignments by. What a context may see at all is
said by the row policies; these questions only narrow it. Not here: the parts of a disclosed document
(`humla.disclosures.visibility`), nor what may be done in a case (`rules`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from humla.cases.models import Case, CaseAssignment, CaseRole, CaseState
from humla.core.context import Actor, now, standing
from humla.core.periods import holds
from humla.organisation.models import Professional, Unit
from humla.people.visibility import named_in_search, names_of

Mark = tuple[datetime, UUID]
"""Where a page of the list ended: the instant and the id of its last case."""


def case_seen(case_id: UUID) -> Case | None:
    """The case, when the one who asks may know that it exists.

    Never joins the person: a receiver reads the case but not the person's row, and the inner join would
    take the case away from her. Nor the holder's reason, which is fetched when a page of hers asks for it.
    """
    mine = _mine_now().filter(case=OuterRef("pk")).order_by("-role", "starts_at").values("pk")[:1]
    seen = Case.objects.select_related("unit", "authority").defer("reason")
    found = seen.annotate(my_assignment_id=Subquery(mine))  # type: ignore[no-redef]
    return found.filter(pk=case_id).first()


def is_held(case: Case, actor: Actor) -> bool:
    """Does the authority that the actor acts for hold the case? Otherwise she has received it."""
    return case.authority_id == actor.authority_id


@dataclass(frozen=True)
class CaseRow:
    """One line of "my cases". `name` is empty where the person's row is another authority's."""

    id: UUID
    person_id: UUID
    reference: str
    name: str
    is_held: bool
    is_responsible: bool
    is_protected: bool
    unit_name: str
    authority_name: str
    opened_at: datetime

    @property
    def mark(self) -> Mark:
        """Where the next page begins, if this was the last line."""
        return self.opened_at, self.id


def my_cases(
    *,
    words: str = "",
    state: CaseState = CaseState.OPEN,
    before: Mark | None = None,
    limit: int = 50,
    received: Mapping[UUID, str] | None = None,
) -> list[CaseRow]:
    """The cases that the actor works in now for her unit, newest first; a fixed number of questions.

    Words search references and names. The names of received cases stand in what was handed over, which is
    read above this concept: give them by case in `received`.
    """
    found = _worked_in_now().filter(state=state)
    for word in words.split():
        named = [case for case, name in (received or {}).items() if word.casefold() in name.casefold()]
        by_name = Q(person__in=named_in_search(word)) | Q(pk__in=named)
        found = found.filter(Q(reference__icontains=word) | by_name)
    if before is not None:
        at, last = before
        found = found.filter(Q(opened_at__lt=at) | Q(opened_at=at, pk__lt=last))
    responsible = _mine_now().filter(case=OuterRef("pk"), role=CaseRole.RESPONSIBLE)
    found = found.annotate(is_responsible=Exists(responsible)).select_related("unit", "authority")
    return _rows(found.order_by("-opened_at", "-pk")[:limit])


def my_received_cases() -> list[UUID]:
    """The cases of other authorities that the actor works in now."""
    elsewhere = _worked_in_now().exclude(authority=standing().actor.authority_id)
    return list(elsewhere.values_list("pk", flat=True))


def my_open_cases_about(person_id: UUID) -> list[Case]:
    """The open cases about this person that the actor works in; her colleagues' are not hers to know of."""
    return list(_worked_in_now().filter(person=person_id, state=CaseState.OPEN).order_by("-opened_at"))


def who_works_in(case: Case) -> list[CaseAssignment]:
    """Everybody who works in the case now, the responsible first. Who has only received it sees herself."""
    working = CaseAssignment.objects.filter(holds(now()), case=case).select_related(
        "professional", "professional__profession", "unit", "unit__authority"
    )
    return sorted(working, key=lambda one: (one.role != CaseRole.RESPONSIBLE, one.professional.name))


def assignment_in(case: Case, assignment_id: UUID) -> CaseAssignment | None:
    """One assignment of the case that goes on now."""
    return (
        CaseAssignment.objects.filter(holds(now()), case=case, pk=assignment_id)
        .select_related("professional", "unit")
        .first()
    )


def my_assignment(case: Case, actor: Actor) -> CaseAssignment | None:
    """The actor's own assignment in the case: what her right to read rests on, for the trail."""
    mine = CaseAssignment.objects.filter(
        holds(now()), case=case, professional=actor.id, authority=actor.authority_id, unit=actor.unit_id
    ).select_related("unit")
    return min(mine, key=lambda one: (one.role != CaseRole.RESPONSIBLE, one.starts_at), default=None)


def already_works(case: Case, professional: Professional, unit: Unit) -> bool:
    """Does somebody work in the case for that unit, without an end?"""
    there = CaseAssignment.objects.filter(case=case, professional=professional, unit=unit)
    return there.filter(ends_at__isnull=True).exists()


def is_protected_here(person_id: UUID) -> bool:
    """Does the actor's own authority hold a protected case about the person? Says only that."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_is_protected(%s)", [person_id])
        row: tuple[bool] = cursor.fetchone()
    return row[0]


def _worked_in_now() -> QuerySet[Case]:
    """From the assignments to the cases: the other way around, the policy would be asked for every case."""
    return Case.objects.filter(pk__in=_mine_now().values("case"))


def _mine_now() -> QuerySet[CaseAssignment]:
    """One works for a unit: what one does for another unit of the same authority is another list."""
    actor = standing().actor
    return CaseAssignment.objects.filter(
        holds(now()), professional=actor.id, authority=actor.authority_id, unit=actor.unit_id
    )


def _rows(found: Any) -> list[CaseRow]:
    actor, cases = standing().actor, list(found)
    names = names_of({one.person_id for one in cases if is_held(one, actor)})
    return [
        CaseRow(
            id=one.pk,
            person_id=one.person_id,
            reference=one.reference,
            name=names.get(one.person_id, ""),
            is_held=is_held(one, actor),
            is_responsible=one.is_responsible,
            is_protected=one.is_protected,
            unit_name=one.unit.name,
            authority_name=one.authority.name,
            opened_at=one.opened_at,
        )
        for one in cases
    ]
