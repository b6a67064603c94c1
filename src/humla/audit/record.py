"""The only writer of the trail.

A change is recorded inside the action that makes it; a look is recorded by the door, committed before
the first byte is sent. Who, where and when come from the open context, so nobody can sign for another.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from humla.audit.models import Event
from humla.audit.tags import Tag
from humla.core.context import standing

Item = tuple[str, UUID, int]
"""What was touched: its kind, its id and its version (0 when it has none)."""


def record(
    tag: Tag,
    *,
    case: UUID | None = None,
    person: UUID | None = None,
    items: Iterable[Item] = (),
    allowed_by: Sequence[tuple[str, UUID]] = (),
    decision: str = "allowed",
) -> Event:
    """Write one line on the trail, in the transaction that does the act.

    `allowed_by` names the assignment, consent or disclosure that gave the right. Raises LookupError when
    no context is open.
    """
    place = standing()
    actor = place.actor
    return Event.objects.create(
        at=place.at,
        association_id=actor.association_id,
        kind=actor.kind.value,
        actor_id=actor.id,
        authority_id=actor.authority_id,
        unit_id=actor.unit_id,
        role=actor.role,
        person_id=person,
        case_id=case,
        tag=Tag(tag).value,
        items=[[kind, str(one), version] for kind, one, version in items],
        allowed_by=[[kind, str(one)] for kind, one in allowed_by],
        decision=decision,
        request_id=place.request_id,
    )
