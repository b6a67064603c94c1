"""Swedish working days: what a deadline in working days falls on.

Lives here: which days are working days, and the day so many of them, or so many months, ahead. Not here: the
clock (`dates`), nor which deadlines there are (the agreement and each authority's own decisions).

A day is free by lagen (1989:253) om allmänna helgdagar, and so are the eves that no authority answers on
(the library's "de facto" holidays: Midsummer Eve, Christmas Eve, New Year's Eve).
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

import holidays

_DAY = timedelta(days=1)


def is_working_day(on: date) -> bool:
    """Monday to Friday, and not a holiday."""
    return on.weekday() < 5 and on not in _free(on.year)


def working_days_after(on: date, days: int) -> date:
    """The day so many working days after this one, which is not counted itself."""
    while days > 0:
        on += _DAY
        days -= is_working_day(on)
    return on


def first_working_day(on: date) -> date:
    """That day, or the first working day after it."""
    while not is_working_day(on):
        on += _DAY
    return on


def months_after(on: date, months: int) -> date:
    """The same day so many months ahead; the last of the month where it has no such day."""
    year, month = on.year + (on.month - 1 + months) // 12, (on.month - 1 + months) % 12 + 1
    return date(year, month, min(on.day, monthrange(year, month)[1]))


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after the first and up to the last; none when it has not come."""
    return sum(is_working_day(first + one * _DAY) for one in range(1, (last - first).days + 1))


@lru_cache(maxsize=64)
def _free(year: int) -> frozenset[date]:
    return frozenset(
        holidays.country_holidays("SE", years=year, categories=(holidays.PUBLIC, holidays.DE_FACTO))
    )
