"""Underlag asked for, as rows: the question, an answer to it, and a unit's own view.

Lives here: the rows of `humla.evidence`. Not here: who may read this (`decisions.py`).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from humla.evidence.models import EvidenceAnswer, EvidenceRequest, OwnView
from prove.ground.readers import HANNA, RECEIVER, UNITS, known

if TYPE_CHECKING:
    from prove.ground.world import CaseFile

IN_ORDER: tuple[type[Model], ...] = (EvidenceRequest, EvidenceAnswer, OwnView)
"""In an order that foreign keys accept, after meetings."""

_DAY = timedelta(days=1)


def around(file: "CaseFile", about: dict[str, Any], at: datetime) -> Iterator[Model]:
    """Hanna has asked the receiver's unit for its view, and it has come."""
    case_id = file.case.pk
    asked = EvidenceRequest(
        id=known(f"underlag {case_id}"),
        **about,
        called="unit",
        unit_id=UNITS[RECEIVER][0],
        kind="view",
        by_when=at.date() + _DAY,
        asked_at=at - _DAY,
        leaves_at=at - _DAY,
        asked_by_id=HANNA,
    )
    yield asked
    yield EvidenceAnswer(
        id=known(f"svar om underlag {case_id}"),
        **about,
        request=asked,
        said="arrived",
        how="noted",
        answered_at=at - _DAY,
        answered_by_id=HANNA,
    )
    yield OwnView(
        id=known(f"enhetens syn {case_id}"),
        **about,
        request=asked,
        text="t",
        written_at=at - _DAY,
        written_by_id=HANNA,
    )
