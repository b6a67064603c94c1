"""The clock of those who have not answered: a moved meeting does not put it back, an answer does."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from humla.cases.models import Case
from humla.core.context import acting, now
from humla.meetings import actions
from humla.meetings.models import Answer, AnsweredBy, Called, ChangeCause, Meeting, Summons
from humla.meetings.visibility import next_meeting, summonses_of
from humla.meetings.waited import Waited, waited_for
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db

Clock = Callable[[datetime], None]


@pytest.fixture
def case(cast: Cast) -> Case:
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.consent(case, cast.units["amir"], by=cast.siv)
    return case


@pytest.fixture
def meeting(cast: Cast, case: Case) -> Meeting:
    return factories.planned_meeting(case, by=cast.siv, days=40)


@pytest.fixture
def summons(cast: Cast, meeting: Meeting, clock: Clock) -> Summons:
    """Amir's unit has been asked."""
    with acting(cast.siv):
        made = actions.summon(meeting, called=Called.UNIT, unit=cast.units["amir"], by=cast.siv)
    clock(made.leaves_at)
    return made


def waits(cast: Cast, case: Case) -> list[Waited]:
    with acting(cast.siv):
        meeting = next_meeting(case)
        assert meeting is not None
        return list(waited_for(summonses_of(meeting)).values())


def days(cast: Cast, case: Case) -> list[int]:
    return [one.days for one in waits(cast, case)]


def test_it_counts_the_days_and_says_when_they_are_more_than_the_agreement_gives(
    cast: Cast, case: Case, summons: Summons, clock: Clock
) -> None:
    said = []
    for after in (0, 5, cast.agreement.answer_days + 1, 2 * cast.agreement.answer_days):
        clock(summons.leaves_at + timedelta(days=after))
        (one,) = waits(cast, case)
        said.append((one.days, one.is_late, one.is_very_late))

    allowed = cast.agreement.answer_days
    assert said == [
        (0, False, False),
        (5, allowed < 5, allowed * 2 <= 5),
        (allowed + 1, True, False),
        (2 * allowed, True, True),
    ]


def test_moved_it_goes_on_where_it_stood(cast: Cast, case: Case, summons: Summons, clock: Clock) -> None:
    clock(summons.leaves_at + timedelta(days=4))
    with acting(cast.siv):
        later = summons.meeting.starts_at + timedelta(days=7)
        new = actions.move(summons.meeting, starts_at=later, cause=ChangeCause.PERSON, by=cast.siv)
        (anew,) = summonses_of(new)
    clock(anew.leaves_at + timedelta(days=2))

    assert days(cast, case) == [6]


def test_an_answer_stops_it_and_another_time_begins_anew(
    cast: Cast, case: Case, summons: Summons, clock: Clock
) -> None:
    clock(summons.leaves_at + timedelta(days=4))
    with acting(cast.siv):
        actions.answer(summons, answer=Answer.OTHER_TIME, how=AnsweredBy.NOTED, by=cast.siv)
        answered = days(cast, case)
    with acting(cast.siv):
        later = summons.meeting.starts_at + timedelta(days=7)
        new = actions.move(summons.meeting, starts_at=later, cause=ChangeCause.PARTY, by=cast.siv)
        (anew,) = summonses_of(new)
    clock(anew.leaves_at + timedelta(days=1))

    assert answered == []
    assert days(cast, case) == [1]


def test_what_has_not_left_waits_for_nobody(cast: Cast, case: Case, meeting: Meeting) -> None:
    with acting(cast.siv):
        actions.summon(meeting, called=Called.UNIT, unit=cast.units["amir"], by=cast.siv)
        assert now() < meeting.starts_at

    assert days(cast, case) == []
