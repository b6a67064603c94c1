"""A time that is looked for, as rows: the times offered, who is asked, and what they answered.

Lives here: the rows of `humla.scheduling`. Not here: who may read this (`decisions.py`).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from humla.scheduling.models import Invitee, Slot, SlotAnswer, TimeOffer
from prove.ground.readers import HANNA, RECEIVER, UNITS, known

if TYPE_CHECKING:
    from prove.ground.world import CaseFile

IN_ORDER: tuple[type[Model], ...] = (TimeOffer, Slot, Invitee, SlotAnswer)
"""In an order that foreign keys accept, after meetings."""

_DAY = timedelta(days=1)


def around(file: "CaseFile", about: dict[str, Any], at: datetime) -> Iterator[Model]:
    """Hanna has offered a time; the person and the receiver's unit are asked, and the unit has answered."""
    case_id = file.case.pk
    offer = TimeOffer(
        id=known(f"tider {case_id}"),
        **about,
        kind="first",
        answer_by=at.date() + _DAY,
        offered_at=at - _DAY,
        offered_by_id=HANNA,
    )
    yield offer
    slot = Slot(
        id=known(f"tid {case_id}"),
        **about,
        offer=offer,
        starts_at=at + 9 * _DAY,
        added_at=at - _DAY,
        told_at=at - _DAY,
    )
    yield slot
    for name, unit in (("person", None), ("unit", UNITS[RECEIVER][0])):
        asked = Invitee(
            id=known(f"tillfrågad {name} {case_id}"),
            **about,
            offer=offer,
            called=name,
            unit_id=unit,
            duty="obliged",
            asked_at=at - _DAY,
            leaves_at=at - _DAY,
        )
        yield asked
        yield SlotAnswer(
            id=known(f"svar om tid {name} {case_id}"),
            **about,
            invitee=asked,
            slot=slot,
            can="yes",
            answered_how="noted",
            answered_at=at - _DAY,
            answered_by_id=HANNA,
        )
