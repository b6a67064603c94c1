"""Who comes near a case from outside: what was asked for, what a manager opened, what was reviewed.

Lives here: the rows of `humla.access` around a case, and of those who asked for a plan. Not here: the case
(`world.py`), who may read them (`decisions.py`).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from humla.access.models import (
    AccessRequest,
    ArrivedRequest,
    LogReview,
    LookQuestion,
    ManagerOpening,
)
from humla.initiations.models import AskedBy, PlanRequest, RequestState
from prove.ground.readers import HANNA, HOLDER, MANAGER, RECEIVER, RUNE, THIRD, UNITS, known

if TYPE_CHECKING:
    from prove.ground.world import CaseFile

IN_ORDER: tuple[type[Model], ...] = (
    AccessRequest,
    ArrivedRequest,
    ManagerOpening,
    LogReview,
    LookQuestion,
    PlanRequest,
)
"""In an order that foreign keys accept, after assignments."""

_DAY = timedelta(days=1)


def around(file: "CaseFile", about: dict[str, Any], at: datetime) -> Iterator[Model]:
    """Rune has asked to read, the holder's manager has opened, and the person asks why somebody looked."""
    case_id = file.case.pk
    asked = {"association_id": about["association_id"], "authority_id": RECEIVER, "asked_by_id": RUNE}
    for name, unit in zip(("", " för annan enhet"), UNITS[RECEIVER], strict=True):
        yield AccessRequest(
            id=known(f"begäran{name} {case_id}"),
            **asked,
            unit_id=unit,
            reference="AAA-111",
            reason="t",
            asked_at=at - _DAY,
            closes_on=at.date(),
        )
    yield ArrivedRequest(
        id=known(f"vill läsa {case_id}"),
        **about,
        request_id=known(f"begäran {case_id}"),
        asking_professional_id=RUNE,
        asking_unit_id=UNITS[RECEIVER][0],
        reason="t",
        arrived_at=at - _DAY,
    )
    if file.assignments:
        yield ManagerOpening(
            id=known(f"öppning {case_id}"),
            **about,
            unit_id=UNITS[HOLDER][0],
            professional_id=MANAGER,
            assignment=file.assignments[0],
            reason="t",
            opened_at=at - _DAY,
            ends_at=at,
        )
    row = {one: value for one, value in about.items() if one != "case_id"}
    yield LogReview(
        id=known(f"granskning {case_id}"),
        **row,
        event_id=known(f"rad {case_id}"),
        result="in_order",
        reviewed_at=at - _DAY,
        reviewed_by_id=MANAGER,
    )
    for name, unit in zip(("", " om annan enhet"), UNITS[HOLDER], strict=True):
        yield LookQuestion(
            id=known(f"fråga{name} {case_id}"),
            **about,
            unit_id=unit,
            event_id=known(f"rad{name} {case_id}"),
            about_id=HANNA,
            asked_at=at - _DAY,
            answer_by=at.date(),
        )
    yield from _asked_for_plan(file, about, at)


def _asked_for_plan(file: "CaseFile", about: dict[str, Any], at: datetime) -> Iterator[Model]:
    """Requests at the holder's units: one that waits at each, one of another authority's by its stamp alone,
    and one that led to the case."""
    whose = {"association_id": about["association_id"], "authority_id": about["authority_id"]}
    first, second = UNITS[HOLDER]
    asked: dict[str, Any] = {
        "reference": "AAAA-1111",
        "asked_by": AskedBy.PERSON,
        "words": "t",
        "reach": "t",
        "arrived_at": at - _DAY,
        "answer_by": at.date(),
    }
    taken: dict[str, Any] = {
        "answer": RequestState.TAKEN,
        "answered_at": at - _DAY,
        "answered_by_id": HANNA,
        "case_id": file.case.pk,
    }
    for name, where, answer in (
        ("väntar", {**whose, "unit_id": first}, {}),
        ("väntar hos annan enhet", {**whose, "unit_id": second}, {}),
        ("stämplad annan myndighet", {**whose, "authority_id": THIRD, "unit_id": first}, {}),
        ("ledde till ärendet", {**whose, "unit_id": first}, taken),
    ):
        yield PlanRequest(id=known(f"plan begärd {name} {file.case.pk}"), **where, **asked, **answer)
