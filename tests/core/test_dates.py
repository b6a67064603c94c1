"""Dates: the clock, the Swedish day, what holds at an instant, and how dates are written."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from humla.core import context, dates
from humla.core.context import Actor, Kind
from humla.core.periods import holds
from humla.organisation.models import UnitAssignment
from tests.cast import SINCE


def test_now_is_swedish_time_and_today_is_its_date():
    now = dates.now()

    assert (str(now.tzinfo), dates.today() - now.date()) == ("Europe/Stockholm", now.date() - now.date())


def test_the_day_of_an_instant_is_the_swedish_one():
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)

    assert dates.day_of(late) == date(2026, 11, 25)
    with context.stand(Actor(Kind.SYSTEM), late, uuid4()):
        assert context.today() == date(2026, 11, 25)


@pytest.mark.django_db
@pytest.mark.parametrize(("after", "holding"), [(-1, 0), (0, 1), (1_000_000, 1)])
def test_what_has_begun_holds_from_its_first_instant_and_without_an_end_for_good(cast, after, holding):
    with context.acting(cast.siv):
        mine = UnitAssignment.objects.filter(professional=cast.siv.id)

        assert mine.filter(holds(SINCE + timedelta(microseconds=after))).count() == holding
        assert (
            mine.filter(holds(SINCE + timedelta(microseconds=after), "professional__assignments__")).count()
            == holding
        )


def test_a_date_is_written_as_people_read_it():
    assert dates.written_date(date(2026, 11, 24)) == "24\xa0november\xa02026"
    assert dates.written_date(date(2026, 11, 24), "sv-lattlast") == "24\xa0november\xa02026"
    assert dates.written_date(date(2026, 11, 24), "en") == "November 24, 2026"
    assert dates.written_date(date(2026, 11, 24), "xx") == "2026-11-24"
    assert "2026" in dates.written_date(date(2026, 11, 24), "so")
