"""The clock of those who have not answered: how long each has been silent, since it was first asked.

Here: the days, and whether they are more than the agreement gives (SUM-8). Not here: reminders
(`humla.notifications.ladder`), nor how long answers take on the whole (`humla.followups.lead_times`).

A meeting that is moved, or a summons that is sent anew or passed on to the right unit, does not put the clock
back. An answer does: whoever could not come on the first day and is asked for another begins anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from humla.agreements.visibility import deadlines_on
from humla.core.context import today
from humla.core.dates import day_of
from humla.meetings.models import Answer, Summons, SummonsAnswer, SummonsState


@dataclass(frozen=True)
class Waited:
    """Since when a receiver is waited for, for how many days, and how many the agreement gives."""

    since: date
    days: int
    allowed: int

    @property
    def is_late(self) -> bool:
        """Longer than the agreement says?"""
        return self.days > self.allowed

    @property
    def is_very_late(self) -> bool:
        """Twice as long, or more?"""
        return self.days >= 2 * self.allowed


def waited_for(summonses: Sequence[Summons]) -> dict[UUID, Waited]:
    """Those of one case's summonses that wait for a unit's answer; at most two questions."""
    silent = [one for one in summonses if one.state is SummonsState.WAITING and one.unit_id]
    if not silent:
        return {}
    allowed = deadlines_on(today()).answer_days
    earlier = _earlier(silent[0].case_id)
    since = {one.pk: day_of(_first(one, earlier).leaves_at) for one in silent}
    return {key: Waited(day, (today() - day).days, allowed) for key, day in since.items()}


def _earlier(case_id: UUID) -> list[Summons]:
    """Every summons of the case that has left, the newest first, and whether it got an answer.

    That it was the wrong unit is none: the right one is still waited for.
    """
    answers = SummonsAnswer.objects.filter(summons=OuterRef("pk")).exclude(answer=Answer.WRONG_UNIT)
    rows = Summons.objects.filter(case=case_id, unit__isnull=False).annotate(is_answered=Exists(answers))
    left = [one for one in rows.select_related("meeting") if _has_left(one)]
    return sorted(left, key=lambda one: one.leaves_at, reverse=True)


def _has_left(one: Summons) -> bool:
    return one.cancelled_at is None or one.cancelled_at >= one.leaves_at


def _first(one: Summons, earlier: Sequence[Summons]) -> Summons:
    """The first of its line: the same unit asked to the same meeting, or the unit that passed it on."""
    first = one
    for before in earlier:
        row: Any = before
        is_same = (before.unit_id, before.meeting.calendar_uid) == (first.unit_id, one.meeting.calendar_uid)
        if before.leaves_at >= first.leaves_at or not (is_same or before.pk == first.forwarded_from_id):
            continue
        if row.is_answered:
            break
        first = before
    return first
