"""Who should have a copy of an adopted version: the person, and everybody who does something in it.

Here: which units a version names, and where each stands. Not here: whom the person has said yes to
(`receivers`), handing over (`humla.disclosures.actions`), nor how the page tells it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from humla.cases.models import Case
from humla.organisation.models import Unit
from humla.organisation.visibility import units_named
from humla.plans.document import Blocks


class CopyState(StrEnum):
    """Where a unit's copy stands."""

    OURS = "ours"
    HAS_IT = "has_it"
    LEAVES_SOON = "leaves_soon"
    MAY_GET = "may_get"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True)
class Copy:
    """One unit that does something in the plan, and whether it has it."""

    unit: Unit
    state: CopyState


def copies_of(
    case: Case,
    blocks: Blocks,
    *,
    has_it: Collection[UUID],
    leaves_soon: Collection[UUID],
    may_get: Collection[UUID],
) -> list[Copy]:
    """One for each unit that a version names, those who lack it first."""
    known = [
        (CopyState.LEAVES_SOON, leaves_soon),
        (CopyState.HAS_IT, has_it),
        (CopyState.MAY_GET, may_get),
    ]
    rows = (block for every in blocks.values() for block in every if block["kind"] == "commitment")
    named = {block["unit"] for block in rows if block.get("unit")}
    order = list(reversed(CopyState))
    copies = [
        Copy(unit, _state(case, unit, known)) for unit in units_named(UUID(one) for one in named).values()
    ]
    return sorted(copies, key=lambda one: (order.index(one.state), one.unit.name))


def _state(case: Case, unit: Unit, known: Iterable[tuple[CopyState, Collection[UUID]]]) -> CopyState:
    if unit.authority_id == case.authority_id:
        return CopyState.OURS
    return next((state for state, units in known if unit.pk in units), CopyState.NO_CONSENT)
