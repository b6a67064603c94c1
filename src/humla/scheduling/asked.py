"""What somebody who is asked sees: the times and its own answers, and nothing of whom they are about.

Here: the one question, for a unit by its link or signed in, for the person and for whoever receives summonses
for her. Not here: the answer that comes back (`actions.answer_asked`), nor the door. It goes through
`asked_times()` in the walls: a unit that is asked can read no row of the person's at all.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from humla.scheduling.models import Can, CloseReason


@dataclass(frozen=True)
class AskedTime:
    """One time, and what was answered about it last."""

    id: UUID
    starts_at: datetime
    can: str


@dataclass
class AskedTimes:
    """One question about times. `sender` only where somebody has signed in, `person_id` only for her own."""

    invitee_id: UUID
    offer_id: UUID
    person_id: UUID | None
    kind: str
    reference: str
    sender: str
    minutes: int
    form: str
    duty: str
    answer_by: date
    ended: str
    moves_at: datetime | None
    times: list[AskedTime] = field(default_factory=list)
    answered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """May it be answered still? Also when the day has passed: nobody has chosen yet."""
        return not self.ended and bool(self.times)

    @property
    def is_settled(self) -> bool:
        """Has a time been set meanwhile?"""
        return self.ended == CloseReason.SETTLED

    @property
    def has_answered(self) -> bool:
        """Is every time answered?"""
        return bool(self.times) and all(one.can for one in self.times)

    @property
    def is_wrong_unit(self) -> bool:
        """Has it said that it is the wrong one?"""
        return any(one.can == Can.WRONG_UNIT for one in self.times)

    @property
    def can(self) -> list[AskedTime]:
        """The times that do."""
        return [one for one in self.times if one.can in (Can.YES, Can.IF_NEEDED)]


def asked_times(invitee_id: UUID | None = None) -> AskedTimes | None:
    """The one that the link leads to, or one by its id for whoever has signed in."""
    return next(iter(_asked(invitee_id)), None)


def all_asked_times() -> list[AskedTimes]:
    """Everything that the unit of the reader, or the person, is asked about times now; soonest first."""
    return _asked(None)


def _asked(invitee_id: UUID | None) -> list[AskedTimes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM asked_times(%s)", [invitee_id])
        rows = cursor.fetchall()
    found: dict[UUID, AskedTimes] = {}
    for *whole, slot_id, starts_at, can, answered_at in rows:
        one = found.setdefault(whole[0], AskedTimes(*whole))
        if slot_id is None:
            continue
        one.times.append(AskedTime(slot_id, starts_at, can or ""))
        if answered_at is not None:
            one.answered_at = max(answered_at, one.answered_at or answered_at)
    return list(found.values())
