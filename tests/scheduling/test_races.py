"""Two in the same second on one offer of times: one meeting, one offer, one letter to each."""

import pytest
from django.db import transaction

from humla.cases.models import Case
from humla.core.context import acting
from humla.meetings.models import Called, Meeting, MeetingKind
from humla.meetings.rules import Call
from humla.meetings.visibility import summonses_of
from humla.notifications.models import Notice, NoticeKind
from humla.scheduling import actions
from humla.scheduling.models import TimeOffer
from humla.scheduling.visibility import offered
from tests import factories
from tests.cast import Cast
from tests.races import second_of_two
from tests.scheduling.conftest import answer_day, times


@pytest.fixture
def case(cast: Cast, committed_db: str) -> Case:
    """Eva has said yes to a plan, and to Amir's unit; written for good."""
    with transaction.atomic():
        made = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
        factories.consent(made, cast.units["amir"], by=cast.siv)
    return made


def offers(cast: Cast, case: Case) -> TimeOffer:
    """Siv has Eva beside her: she can every time, and Amir's unit is told."""
    given = times()
    return actions.offer_times(
        case,
        times=given,
        calls=[Call(Called.UNIT, cast.units["amir"])],
        person_can=given,
        kind=MeetingKind.FIRST,
        answer_by=answer_day(),
        by=cast.siv,
    )


def test_the_same_times_offered_in_two_tabs_are_offered_once(cast: Cast, case: Case) -> None:
    first, told = second_of_two(lambda: offers(cast, case), lambda: offers(cast, case), by=cast.siv)

    assert told == "Tider är redan föreslagna för ett sådant möte. Öppna det förslaget i listan."
    with transaction.atomic(), acting(cast.siv):
        assert [one.pk for one in TimeOffer.objects.all()] == [first.pk]
        assert Notice.objects.filter(kind=NoticeKind.TIMES_OFFERED).count() == 1


def test_two_colleagues_who_choose_different_times_plan_one_meeting(cast: Cast, case: Case) -> None:
    with transaction.atomic(), acting(cast.siv):
        offer = offers(cast, case)
        found = offered(case, offer.pk)
        assert found is not None
        early, late = found.open_slots[0], found.open_slots[-1]

    made, told = second_of_two(
        lambda: actions.settle(offer, early, by=cast.siv),
        lambda: actions.settle(offer, late, by=cast.siv),
        by=cast.siv,
    )

    assert told == "Tiden är redan bestämd. Flytta mötet om det behöver bli en annan."
    with transaction.atomic(), acting(cast.siv):
        (meeting,) = Meeting.objects.all()
        assert (meeting.pk, meeting.starts_at) == (made.meeting.pk, early.starts_at)
        assert len(summonses_of(meeting)) == 2


def test_a_time_chosen_while_the_times_are_taken_back_is_not_chosen(cast: Cast, case: Case) -> None:
    with transaction.atomic(), acting(cast.siv):
        offer = offers(cast, case)
        found = offered(case, offer.pk)
        assert found is not None
        slot = found.open_slots[0]

    _done, told = second_of_two(
        lambda: actions.withdraw(offer, by=cast.siv),
        lambda: actions.settle(offer, slot, by=cast.siv),
        by=cast.siv,
    )

    assert told == "Förslaget är återtaget. Föreslå nya tider."
    with transaction.atomic(), acting(cast.siv):
        assert Meeting.objects.count() == 0
