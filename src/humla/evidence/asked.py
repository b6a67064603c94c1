"""What a unit that is asked for underlag sees: a kind, a day, a reference, and its own answer.

Here: the one question and its answer, by a neutral link or signed in for the unit. It goes through the
owner's functions in the walls (`asked_evidence()`, `answer_evidence()`, `write_view()`): a unit that is
asked can read no row of the person's at all.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Actor
from humla.core.rulings import NotAllowed
from humla.core.sealed_field import sealed_for
from humla.evidence import rules
from humla.evidence.models import OwnView, Said


@dataclass(frozen=True)
class AskedEvidence:
    """One question. `sender` only where somebody has signed in."""

    id: UUID
    reference: str
    sender: str
    kind: str
    by_when: date
    meeting_at: datetime | None
    is_open: bool
    said: str
    promised_on: date | None
    cause: str
    answered_at: datetime | None
    views: int


def asked_evidence(request_id: UUID | None = None) -> AskedEvidence | None:
    """The one that the link leads to, or one by its id for whoever has signed in."""
    return next(iter(_asked(request_id)), None)


def all_asked_evidence() -> list[AskedEvidence]:
    """Everything that the reader's unit is asked for now and has not sent; the soonest first."""
    return _asked(None)


@transaction.atomic
def answer_asked(
    request_id: UUID | None, *, said: str, promised_on: date | None = None, cause: str = "", by: Actor
) -> None:
    """An answer in codes, by the link (then without id) or signed in. The same answer twice is one."""
    promised_on = promised_on if said == Said.PROMISED else None
    cause = cause if said == Said.REFUSED else ""
    rules.is_an_answer(said, promised_on=promised_on, cause=cause).enforce()
    row_id = uuid4()
    row = _row(
        "SELECT is_taken, is_new, the_case, the_person, which FROM answer_evidence(%s, %s, %s, %s, %s)",
        [request_id, said, promised_on, cause, row_id],
    )
    _recorded(row, ("evidence_answer", row_id, 0), by)


@transaction.atomic
def write_view(request_id: UUID, text: str, *, by: Actor) -> None:
    """The unit's own view before the meeting, by somebody who has signed in for it."""
    row_id = uuid4()
    row = _row(
        "SELECT is_taken, true, the_case, the_person, which FROM write_view(%s, %s, %s)",
        [request_id, row_id, sealed_for(OwnView, "text", text)],
    )
    _recorded(row, ("own_view", row_id, 0), by)


def _recorded(row: tuple[Any, ...] | None, item: tuple[str, UUID, int], by: Actor) -> None:
    is_taken, is_new, case_id, person_id, which = row or (False, False, None, None, None)
    if not is_taken:
        raise NotAllowed(
            _("Det går inte att svara längre. Underlaget behövs inte, eller så gäller frågan inte.")
        )
    if is_new:
        record(
            Tag.EVIDENCE_ANSWERED,
            case=case_id,
            person=person_id,
            items=[("evidence", which, 0), item],
            allowed_by=[("link", by.id)] if by.kind.value == "link" and by.id else [],
        )


def _asked(request_id: UUID | None) -> list[AskedEvidence]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM asked_evidence(%s)", [request_id])
        return [AskedEvidence(*row) for row in cursor.fetchall()]


def _row(question: str, words: list[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(question, words)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
