"""Where the year takes place: the förbund's units and people, the days, and the rows that are being made.

Here: what the courses of the cases share. Not here: the courses themselves (`course.py`).
"""

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model

from humla.agreements.models import LifeArea, NeedsGroup
from humla.core.codes import SIGNS
from humla.ops.year import words
from humla.organisation.models import Profession, Professional, Unit, UnitAssignment

STOCKHOLM = ZoneInfo("Europe/Stockholm")

Workers = dict[str, list[Professional]]
"""By profession: those who ask and start cases."""


@dataclass
class Setting:
    """The förbund as it stands when the year is written."""

    now: datetime
    today: date
    dice: random.Random
    units: dict[str, Unit]
    professions: dict[str, Profession]
    staff: dict[str, Professional]
    """By name: those of the organisation's file."""
    life_areas: list[LifeArea]
    needs_groups: list[NeedsGroup]
    rows: dict[type[Model], list[Any]] = field(default_factory=dict)
    turns: dict[str, int] = field(default_factory=dict)

    def add(self, model: type[Model], **columns: Any) -> Any:
        """One more unsaved row, with an id that the seed decides."""
        row = model(id=self.id(), **columns)
        self.rows.setdefault(model, []).append(row)
        return row

    def id(self) -> uuid.UUID:
        return uuid.UUID(int=self.dice.getrandbits(128), version=4)

    def code(self) -> str:
        signs = "".join(self.dice.choice(SIGNS) for _one in range(6))
        return f"{signs[:3]}-{signs[3:]}"

    def next(self, what: str, among: Any) -> Any:
        """The next of these in turn: every one of them is used."""
        turn = self.turns.get(what, 0)
        self.turns[what] = turn + 1
        every = list(among)
        return every[turn % len(every)]

    def at(self, day: date, hour: int = 10, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), STOCKHOLM)

    def before(self, days: int) -> date:
        return self.today - timedelta(days=days)


def colleagues(setting: Setting, unit: Unit, profession: str, count: int) -> list[Professional]:
    """So many of a profession at a unit, from the organisation's file as far as they go, then invented."""
    known = [
        one
        for one in setting.staff.values()
        if one.profession_id == setting.professions[profession].pk and one.authority_id == unit.authority_id
    ][:count]
    return known + [_invented(setting, unit, profession) for _one in range(count - len(known))]


def _invented(setting: Setting, unit: Unit, profession: str) -> Professional:
    first = setting.next("staff first", words.STAFF_FIRST)
    last = setting.next("staff last", words.STAFF_LAST)
    made: Professional = setting.add(
        Professional,
        association_id=unit.association_id,
        authority_id=unit.authority_id,
        profession=setting.professions[profession],
        name=f"{first} {last}",
    )
    setting.add(
        UnitAssignment,
        association_id=unit.association_id,
        professional=made,
        unit=unit,
        role="handler",
        starts_at=setting.at(setting.before(900)),
    )
    return made
