"""Times worth offering: on working days, when nobody is known to be elsewhere, on a clock that exists."""

from datetime import date, datetime, time, timedelta

import pytest

from humla.core.dates import STOCKHOLM, day_of
from humla.core.workdays import is_working_day
from humla.scheduling.suggestions import NoSuchTime, candidates, first_day, instant_of, suggested

THURSDAY = date(2026, 12, 17)


def test_never_on_a_free_day_nor_over_lunch():
    free = candidates(after=THURSDAY, minutes=60)

    assert len(free) == 200
    assert all(is_working_day(day_of(one)) for one in free)
    assert date(2026, 12, 24) not in {day_of(one) for one in free}
    assert 12 not in {one.hour for one in free}


def test_never_when_somebody_asked_is_elsewhere():
    begins = datetime(2026, 12, 18, 9, 30, tzinfo=STOCKHOLM)

    free = candidates(after=THURSDAY, minutes=60, taken=[(begins, begins + timedelta(hours=1))])

    that_day = [one.hour for one in free if day_of(one) == date(2026, 12, 18)]
    assert that_day == [8, 11, 13, 14, 15]


def test_the_proposal_is_spread_over_days_and_hours():
    proposal = suggested(candidates(after=THURSDAY, minutes=60))[:3]

    assert len({day_of(one) for one in proposal}) == 3
    assert {one.hour >= 12 for one in proposal} == {True, False}


def test_they_answer_first_and_the_summons_travels():
    assert first_day(date(2026, 11, 23), 3) == date(2026, 12, 3)


@pytest.mark.parametrize(
    ("day", "why"), [(date(2027, 3, 28), "finns inte"), (date(2026, 10, 25), "två gånger")]
)
def test_on_the_nights_when_the_clock_is_set(day: date, why: str):
    with pytest.raises(NoSuchTime, match=why):
        instant_of(day, time(2, 30))


def test_any_other_time_is_what_it_says():
    assert instant_of(date(2027, 3, 28), time(10)).astimezone(STOCKHOLM).hour == 10
