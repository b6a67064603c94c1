"""Swedish working days: what a deadline in working days falls on.

Lives here: which days are working days, and the day so many of them ahead. Not here: the clock (`dates`), nor
which deadlines there are (the agreement and each authority's own decisions).

A day is free by lagen (1989:253) om allmänna helgdagar, and so are the eves that no authority answers on.
"""

from datetime import date, timedelta
from functools import lru_cache

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


@lru_cache(maxsize=64)
def _free(year: int) -> frozenset[date]:
    easter = _easter(year)
    midsummer = next(date(year, 6, day) for day in range(19, 26) if date(year, 6, day).weekday() == 4)
    fixed = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
    # All Saints' Day is always a Saturday, and Whit Sunday a Sunday.
    moving = (easter - 2 * _DAY, easter + _DAY, easter + 39 * _DAY, midsummer)
    return frozenset({*moving, *(date(year, month, day) for month, day in fixed)})


def _easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the method of Meeus, Jones and Butcher)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    to_sunday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
