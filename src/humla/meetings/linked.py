"""A summons as the neutral link shows it, and the answer that comes back by it.

Here: the one question and the one verb that somebody without an account has. Not here: the link and its door
(`humla.links`, `humla.web.door`), nor answers by those who have signed in (`actions`).

What is asked goes through the owner's functions in the walls (`linked_summons()`, `answer_by_link()`): in a
link's own context no row of a person can be read at all.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Actor
from humla.core.rulings import NotAllowed
from humla.meetings.models import Answer, DeclineCause


@dataclass(frozen=True)
class LinkedSummons:
    """What tells nobody whose case it is: a reference, a time, and the unit's own answer."""

    reference: str
    starts_at: datetime
    minutes: int
    form: str
    duty: str
    answer_by: date | None
    is_open: bool
    answer: str
    cause: str
    sends_evidence: bool
    answered_at: datetime | None


def linked_summons() -> LinkedSummons | None:
    """The summons that the open link leads to."""
    row = _row("SELECT * FROM linked_summons()", [])
    if row is None:
        return None
    reference, starts_at, minutes, form, duty, answer_by, is_open, answer, cause, evidence, answered_at = row
    return LinkedSummons(
        reference=reference,
        starts_at=starts_at,
        minutes=minutes,
        form=form,
        duty=duty,
        answer_by=answer_by,
        is_open=is_open,
        answer=answer or "",
        cause=cause or "",
        sends_evidence=bool(evidence),
        answered_at=answered_at,
    )


@transaction.atomic
def answer_by_link(*, answer: str, cause: str = "", sends_evidence: bool = False, by: Actor) -> None:
    """Take the unit's answer, in codes. The same answer twice is one, whoever pressed and how often."""
    if answer == Answer.DECLINED and cause not in DeclineCause.values:
        raise NotAllowed(_("Välj varför ni inte kommer."))
    if answer != Answer.DECLINED:
        cause = ""
    row_id = uuid4()
    row = _row(
        "SELECT * FROM answer_by_link(%s, %s, %s, %s)",
        [Answer(answer).value, cause, sends_evidence, row_id],
    )
    is_taken, is_new, case_id, person_id = row or (False, False, None, None)
    if not is_taken:
        raise NotAllowed(_("Mötet tar inte emot svar längre. Har det kommit en nyare kallelse gäller den."))
    if is_new:
        record(
            Tag.SUMMONS_ANSWERED,
            case=case_id,
            person=person_id,
            items=[("answer", row_id, 0)],
            allowed_by=[("link", by.id)],
        )


def _row(question: str, words: list[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(question, words)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
