"""The only writer of the trail.

A change is recorded inside the action that makes it; a look is recorded by the door, committed before
the first byte is sent. Who, where and when come from the open context, so nobody can sign for another.
"""

import json
from collections.abc import Iterable, Sequence
from uuid import UUID, uuid4

from django.db import connection

from humla.audit.tags import Tag
from humla.core.context import standing

Item = tuple[str, UUID, int]
"""What was touched: its kind, its id and its version (0 when it has none)."""

# Every look writes a line before its first byte leaves, so the line is one prepared statement, not a model.
_LINE = """
    INSERT INTO audit_event (id, at, association_id, kind, actor_id, authority_id, unit_id, role,
                             person_id, case_id, tag, items, allowed_by, decision, request_id)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s, %s)
"""


def record(
    tag: Tag,
    *,
    case: UUID | None = None,
    person: UUID | None = None,
    items: Iterable[Item] = (),
    allowed_by: Sequence[tuple[str, UUID]] = (),
    decision: str = "allowed",
) -> None:
    """Write one line on the trail, in the transaction that does the act.

    `allowed_by` names the assignment, consent or disclosure that gave the right. Raises LookupError when
    no context is open, and ValueError for a tag that is not in the vocabulary.
    """
    place = standing()
    actor = place.actor
    with connection.cursor() as cursor:
        cursor.execute(
            _LINE,
            [
                uuid4(),
                place.at,
                actor.association_id,
                actor.kind.value,
                actor.id,
                actor.authority_id,
                actor.unit_id,
                actor.role,
                person,
                case,
                Tag(tag).value,
                json.dumps([[kind, str(one), version] for kind, one, version in items]),
                json.dumps([[kind, str(one)] for kind, one in allowed_by]),
                decision,
                place.request_id,
            ],
        )
