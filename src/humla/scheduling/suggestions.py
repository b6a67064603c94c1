"""Which times are worth offering: working days within office hours that collide with nothing that is known.

Here: the wall clock turned into an instant, the candidates, and the few that a form proposes. All of it pure.
Not here: what is taken (`visibility.taken_times`), nor which of the offered is best (`best`).
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _

from humla.core.dates import STOCKHOLM, day_of
from humla.core.workdays import is_working_day, working_days_after

MOST_CANDIDATES = 200
_HOURS = (time(9), time(10), time(13), time(14), time(15), time(8), time(11))
"""The hours of a day, those that suit most first; nobody is called over lunch."""

Taken = tuple[datetime, datetime]
"""From when until when somebody who is asked has something else."""


class NoSuchTime(ValueError):
    """The clock skips that time, or strikes it twice, on that night."""


def instant_of(day: date, clock: time) -> datetime:
    """The instant of a Swedish wall clock. Raises NoSuchTime when the night makes it none or two."""
    early = datetime.combine(day, clock, STOCKHOLM)
    if early.astimezone(UTC).astimezone(STOCKHOLM).replace(fold=0) != early:
        raise NoSuchTime(_("Klockan ställs fram den natten, så den tiden finns inte. Välj en annan."))
    if early.utcoffset() != early.replace(fold=1).utcoffset():
        raise NoSuchTime(
            _("Klockan ställs tillbaka den natten, så den tiden kommer två gånger. Välj en annan.")
        )
    return early


def candidates(
    *, after: date, minutes: int, taken: Collection[Taken] = (), most: int = MOST_CANDIDATES
) -> list[datetime]:
    """Times on the working days after that day that collide with nothing, in order, at most so many."""
    length = timedelta(minutes=minutes)
    free: list[datetime] = []
    for day in _working_days(after):
        for clock in sorted(_HOURS):
            starts_at = datetime.combine(day, clock, STOCKHOLM)
            if not any(starts_at < end and begin < starts_at + length for begin, end in taken):
                free.append(starts_at)
            if len(free) == most:
                return free
    return free


def suggested(free: Sequence[datetime], *, count: int = 9) -> list[datetime]:
    """Some of them, on different days and at different times of the day; the first three are the proposal."""
    rank = {clock: place for place, clock in enumerate(_HOURS)}
    by_day: dict[date, list[datetime]] = {}
    for one in free:
        by_day.setdefault(day_of(one), []).append(one)
    chosen: list[datetime] = []
    for place, day in enumerate(sorted(by_day)[::2] + sorted(by_day)[1::2]):
        wants_afternoon = place % 2 == 1
        chosen.append(
            min(by_day[day], key=lambda one: ((one.hour >= 12) != wants_afternoon, rank[one.time()]))
        )
        if len(chosen) == count:
            break
    return chosen


def first_day(today: date, times_days: int) -> date:
    """The day after which to look: they answer first, and then the summons has a few days to travel."""
    return working_days_after(today, times_days + _TRAVEL_DAYS)


_TRAVEL_DAYS = 5
_LOOK_AHEAD = 120
"""So many days ahead nobody looks further: there is always a free hour before."""


def _working_days(after: date) -> Iterator[date]:
    for ahead in range(1, _LOOK_AHEAD):
        day = after + timedelta(days=ahead)
        if is_working_day(day):
            yield day
