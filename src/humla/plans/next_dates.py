"""The next date of a case: its meeting ahead, else the follow-up that the plan says; and if it has passed.

Here: the dates of several cases at once, for lists. Not here: one case's own page (`humla.web.waiting`), nor
all that somebody has to do today (`humla.followups.today`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet

from humla.core.context import today
from humla.core.dates import day_of
from humla.core.questions import prepared
from humla.meetings.models import Meeting, MeetingState
from humla.plans.models import Plan


class Soon(StrEnum):
    """How a list is narrowed by the next date."""

    WEEK = "vecka"
    MONTH = "manad"
    PASSED = "passerat"
    MISSING = "saknas"


@dataclass(frozen=True)
class NextDate:
    """A day in a case. `is_meeting` tells a booked meeting from a day that is only set."""

    on: date
    is_meeting: bool

    @property
    def has_passed(self) -> bool:
        """A meeting that nobody has written down, or a follow-up that has not been made."""
        return self.on < today()


def next_dates(cases: Collection[UUID]) -> dict[UUID, NextDate]:
    """The next date of each case that has one; two questions however many they are."""
    if not cases:
        return {}
    some = tuple(cases)
    found = {case: NextDate(on, is_meeting=False) for case, on in _follow_ups(some) if on}
    for case, starts_at in _planned(some):
        found[case] = NextDate(day_of(starts_at), is_meeting=True)  # the soonest is last
    return found


@prepared
def _follow_ups(cases: tuple[UUID, ...]) -> QuerySet[Plan, tuple[UUID, date | None]]:
    found = Plan.objects.filter(case__any=cases, follow_up_on__isnull=False)
    return found.values_list("case", "follow_up_on")


@prepared
def _planned(cases: tuple[UUID, ...]) -> QuerySet[Meeting, tuple[UUID, datetime]]:
    found = Meeting.objects.filter(case__any=cases, state=MeetingState.PLANNED).order_by("-starts_at")
    return found.values_list("case", "starts_at")


def with_next_date(cases: Mapping[UUID, object], soon: Soon) -> set[UUID]:
    """Those of the cases whose next date lies there."""
    dates, on = next_dates(cases.keys()), today()
    if soon is Soon.MISSING:
        return set(cases) - set(dates)
    if soon is Soon.PASSED:
        return {case for case, one in dates.items() if one.has_passed}
    until = on + timedelta(days=7 if soon is Soon.WEEK else 31)
    return {case for case, one in dates.items() if on <= one.on <= until}
