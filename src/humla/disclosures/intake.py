"""What has come to a unit and who there takes care of it, for the unit's way in.

Here: one line per act of release, without the person. Not here: the acts themselves (`visibility.arrivals`)
and taking in (`actions.take_in`).

The way in may not read the document, nor the case: what it learns is that something came, from whom, when.
Of the colleagues who work in the case it sees those that the row policies show, at least itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from humla.cases.models import Case, CaseAssignment
from humla.core.context import Actor, now
from humla.core.periods import holds
from humla.disclosures.models import Disclosure
from humla.disclosures.visibility import ArrivalMark, arrivals, is_taken
from humla.organisation.models import CASE_ROLES, UnitAssignment
from humla.organisation.visibility import assignments_now


@dataclass(frozen=True)
class Arrival:
    """One thing that has come. Readable by the one who asks while she works in it and a consent holds."""

    id: UUID
    case_id: UUID
    person_id: UUID
    at: datetime
    authority_name: str
    unit_names: tuple[str, ...]
    taken_by: tuple[str, ...]
    is_mine: bool
    is_readable: bool

    @property
    def mark(self) -> ArrivalMark:
        """Where a page ends that ends with it."""
        return bool(self.taken_by), self.at, self.id


def arrived(actor: Actor, *, before: ArrivalMark | None = None, limit: int = 50) -> list[Arrival]:
    """What has come to the actor's unit, what waits first; four questions however much it is."""
    came = arrivals(before=before, limit=limit)
    senders = _units_of({one.disclosed_by_id for one in came})
    cases = {one.case_id for one in came}
    takers, readable = _takers(actor, cases), cases_seen(cases)
    return [_arrival(one, senders, takers.get(one.case_id, ()), readable, actor) for one in came]


def how_many_wait(actor: Actor) -> int:
    """How much has come to the actor's unit that nobody there works with; one question."""
    came = Disclosure.objects.filter(receiver_unit_id=actor.unit_id, recalled_at__isnull=True)
    return came.filter(~is_taken(actor.unit_id)).count()


def arrival(disclosure_id: UUID, actor: Actor) -> Disclosure | None:
    """One thing that has come to the actor's unit."""
    found = Disclosure.objects.select_related("authority", "receiver_unit")
    return found.filter(pk=disclosure_id, receiver_unit_id=actor.unit_id).first()


def colleagues_in(actor: Actor) -> list[UnitAssignment]:
    """Who can take it in: those who work in cases for the unit now, herself among them."""
    found = assignments_now().filter(unit_id=actor.unit_id, role__in=CASE_ROLES)
    once = {one.professional_id: one for one in found}
    return sorted(once.values(), key=lambda one: (one.professional_id != actor.id, one.professional.name))


def _arrival(
    came: Disclosure,
    senders: dict[UUID, tuple[str, ...]],
    takers: Sequence[CaseAssignment],
    readable: set[UUID],
    actor: Actor,
) -> Arrival:
    return Arrival(
        id=came.pk,
        case_id=came.case_id,
        person_id=came.person_id,
        at=came.disclosed_at,
        authority_name=came.authority.name,
        unit_names=senders.get(came.disclosed_by_id, ()),
        taken_by=tuple(sorted(one.professional.name for one in takers)),
        is_mine=any(one.professional_id == actor.id for one in takers),
        is_readable=came.case_id in readable,
    )


def cases_seen(ids: Collection[UUID]) -> set[UUID]:
    """Those of the cases that the one who asks may open now."""
    return set(Case.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _units_of(professionals: set[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The units that those who handed over act for now: nearly always one each."""
    found = (
        assignments_now().filter(professional__in=professionals, role__in=CASE_ROLES).select_related("unit")
    )
    names: dict[UUID, tuple[str, ...]] = {}
    for one in found:
        known = names.get(one.professional_id, ())
        names[one.professional_id] = known if one.unit.name in known else (*known, one.unit.name)
    return names


def _takers(actor: Actor, cases: set[UUID]) -> dict[UUID, list[CaseAssignment]]:
    takers: dict[UUID, list[CaseAssignment]] = {}
    working = CaseAssignment.objects.filter(holds(now()), case__in=cases, unit_id=actor.unit_id)
    for one in working.select_related("professional"):
        takers.setdefault(one.case_id, []).append(one)
    return takers
