"""Deadlines in working days, over the holidays that Swedish offices keep."""

from datetime import date

import pytest

from humla.core.workdays import is_working_day, working_days_after


@pytest.mark.parametrize(
    ("on", "days", "then"),
    [
        (date(2026, 11, 23), 5, date(2026, 11, 30)),  # a week of five
        (date(2026, 12, 22), 5, date(2027, 1, 4)),  # over Christmas and New Year
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # Good Friday and Easter Monday
        (date(2026, 5, 13), 1, date(2026, 5, 15)),  # Ascension Day
        (date(2026, 6, 18), 1, date(2026, 6, 22)),  # Midsummer Eve
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # from a Saturday
    ],
)
def test_a_deadline_falls_on_the_right_day(on: date, days: int, then: date):
    assert working_days_after(on, days) == then
    assert is_working_day(then)


@pytest.mark.parametrize("on", [date(2025, 4, 18), date(2024, 4, 1), date(2038, 4, 23), date(2027, 1, 6)])
def test_a_holiday_is_no_working_day(on: date):
    assert not is_working_day(on)
