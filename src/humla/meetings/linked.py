"""A summons as the neutral link shows it, and the answer that comes back by it.

Here: what somebody without an account may ask, and the one verb. Not here: the link and its door
(`humla.links`, `humla.web.door`), nor answers by those who have signed in (`actions`).

What is asked goes through the owner's functions in the walls (`linked_summons()`, `linked_units()`,
`answer_by_link()`): in a link's own context no row of a person can be read at all.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

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
    how: str
    stay: str
    brings: Sequence[str]
    sends_evidence: bool
    passed_to: str
    """The name of the unit that is the right one."""
    answered_at: datetime | None
    letter: UUID | None
    """The letter that leads to what the summons says; none when the unit has no telephone for codes."""


@dataclass(frozen=True)
class Given:
    """An answer in our own codes: who has no account writes no words."""

    answer: str
    cause: str = ""
    how: str = ""
    stay: str = ""
    brings: Sequence[str] = ()
    sends_evidence: bool = False
    passed_unit: UUID | None = None


@dataclass(frozen=True)
class LinkedUnit:
    """Another unit of the same huvudman."""

    id: UUID
    name: str
    place: str


def linked_summons() -> LinkedSummons | None:
    """The summons that the open link leads to."""
    row = _row("SELECT * FROM linked_summons()", [])
    if row is None:
        return None
    reference, starts_at, minutes, form, duty, answer_by, is_open, *answered, letter = row
    answer, cause, how, stay, brings, evidence, passed_to, answered_at = answered
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
        how=how or "",
        stay=stay or "",
        brings=json.loads(brings or "[]"),
        sends_evidence=bool(evidence),
        passed_to=passed_to or "",
        answered_at=answered_at,
        letter=letter,
    )


def linked_units() -> list[LinkedUnit]:
    """The other units of the huvudman whose mailbox the letter came to, those of the same place first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM linked_units()")
        return [LinkedUnit(*row) for row in cursor.fetchall()]


@transaction.atomic
def answer_by_link(given: Given, *, by: Actor) -> None:
    """Take the unit's answer, in codes. The same answer twice is one, whoever pressed and how often."""
    given = _in_codes(given)
    row_id = uuid4()
    row = _row(
        "SELECT * FROM answer_by_link(%s, %s, %s, %s, %s::jsonb, %s, %s, %s)",
        [
            given.answer,
            given.cause,
            given.how,
            given.stay,
            json.dumps(sorted(given.brings)),
            given.sends_evidence,
            given.passed_unit,
            row_id,
        ],
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


def _in_codes(given: Given) -> Given:
    """What belongs to the answer, and nothing that was left from another one."""
    if given.answer == Answer.DECLINED and given.cause not in DeclineCause.values:
        raise NotAllowed(_("Välj varför ni inte kommer."))
    comes, declines = given.answer == Answer.COMES, given.answer == Answer.DECLINED
    is_wrong = given.answer == Answer.WRONG_UNIT
    return replace(
        given,
        answer=Answer(given.answer).value,
        cause=given.cause if declines else "",
        how=given.how if comes else "",
        stay=given.stay if comes else "",
        brings=() if is_wrong else given.brings,
        sends_evidence=given.sends_evidence and not is_wrong,
        passed_unit=given.passed_unit if is_wrong else None,
    )


def _row(question: str, words: list[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(question, words)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
