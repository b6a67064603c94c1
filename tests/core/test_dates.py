"""Dates: the clock, periods and how dates are written."""

from datetime import UTC, date, datetime

import pytest

from humla.core import dates


def test_now_is_swedish_time_and_today_is_its_date():
    now = dates.now()

    assert (str(now.tzinfo), dates.today() - now.date()) == ("Europe/Stockholm", now.date() - now.date())


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2026, 11, 29), True),
        (date(2026, 11, 30), False),
    ],
)
def test_a_period_has_its_first_day_and_not_its_last(at, inside):
    assert dates.in_period(at, date(2026, 11, 1), date(2026, 11, 30)) is inside


def test_a_period_without_end_goes_on():
    assert dates.in_period(date(2999, 1, 1), date(2026, 11, 1), None) is True


def test_dates_and_instants_are_not_mixed():
    with pytest.raises(TypeError, match="mixed"):
        dates.in_period(dates.now(), date(2026, 11, 1), None)


def test_a_date_is_written_as_people_read_it():
    assert dates.written_date(date(2026, 11, 24)) == "24\xa0november\xa02026"
    assert dates.written_date(date(2026, 11, 24), "sv-lattlast") == "24\xa0november\xa02026"
    assert dates.written_date(date(2026, 11, 24), "en") == "November 24, 2026"
    assert dates.written_date(date(2026, 11, 24), "xx") == "2026-11-24"
    assert "2026" in dates.written_date(date(2026, 11, 24), "so")


def test_an_instant_is_written_in_swedish_time():
    at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    assert dates.written_instant(at) == "tisdag 24\xa0november\xa02026 kl.\xa013.00"
