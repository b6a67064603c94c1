"""A summons that came to the wrong unit goes on to the right one of the same huvudman, with a yes."""

from datetime import timedelta

import pytest

from humla.core.context import acting
from humla.core.rulings import NotAllowed
from humla.meetings.actions import answer, forward
from humla.meetings.models import Answer, AnsweredBy, Summons, SummonsState
from humla.meetings.visibility import summons_of, summonses_of
from humla.notifications.models import Notice, NoticeKind
from humla.organisation.models import Unit
from humla.organisation.visibility import units_of_same_party
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic(cast) -> Unit:
    """The vårdcentral: of the same region as psykiatrin, and no unit of anybody in the cast."""
    with acting(cast.siv):
        return Unit.objects.select_related("authority").get(name="Vårdcentralen Humlesund")


@pytest.fixture
def wrong(cast, clock, clinic) -> Summons:
    """Psykiatrin was summoned, and has said that it is the vårdcentral's."""
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["lena"])
    clock(summons.leaves_at)
    return passed(cast, summons, clinic)


def passed(cast, summons: Summons, unit: Unit | None) -> Summons:
    with acting(cast.siv):
        found = summons_of(summons.case, summons.pk)
        assert found is not None
        answer(found, answer="wrong_unit", passed_unit=unit, how=AnsweredBy.NOTED, by=cast.siv)
        again = summons_of(summons.case, summons.pk)
        assert again is not None
        return again


def test_the_right_unit_is_of_the_same_huvudman_and_open(cast, clinic):
    with acting(cast.siv):
        names = [unit.name for unit in units_of_same_party(cast.units["lena"])]

    assert names == [clinic.name]


def test_the_right_unit_is_summoned_instead_and_the_wrong_one_is_told(cast, wrong, clinic):
    factories.consent(wrong.case, clinic, by=cast.siv)
    with acting(cast.siv):
        before = wrong.meeting.answer_by
        sent = forward(wrong, by=cast.siv)
        states = {one.unit.name: one.state for one in summonses_of(sent.meeting) if one.unit}
        told = [one.kind for one in Notice.objects.filter(about_id=wrong.pk).order_by("queued_at")]

    assert (sent.unit_id, sent.forwarded_from_id) == (clinic.pk, wrong.pk)
    assert states == {
        "Psykiatrin Humlesund": SummonsState.CANCELLED,
        "Vårdcentralen Humlesund": SummonsState.LEAVING,
    }
    assert (sent.meeting.answer_by, told[-1]) == (before, NoticeKind.SUMMONS_CANCELLED)


def test_without_a_yes_for_the_right_unit_nothing_goes_there(cast, wrong):
    with acting(cast.siv), pytest.raises(NotAllowed, match="Samtycke saknas för Vårdcentralen Humlesund"):
        forward(wrong, by=cast.siv)
    with acting(cast.siv):
        assert [one.unit.name for one in Summons.objects.select_related("unit")] == ["Psykiatrin Humlesund"]


def test_what_came_wrong_goes_on_only_when_somebody_says_where(cast, wrong, clock):
    clock(wrong.leaves_at + timedelta(minutes=1))
    with acting(cast.siv):
        answer(wrong, answer="wrong_unit", passed_to="Någon annan", how=AnsweredBy.NOTED, by=cast.siv)
        with pytest.raises(NotAllowed, match="Ingen har sagt vilken enhet som är rätt"):
            forward(wrong, by=cast.siv)


def test_a_unit_that_has_thought_again_and_comes_is_left_as_it_is(cast, wrong, clock):
    clock(wrong.leaves_at + timedelta(minutes=1))
    with acting(cast.siv):
        answer(wrong, answer="comes", how=AnsweredBy.NOTED, by=cast.siv)
        with pytest.raises(NotAllowed, match="inte svarat att det är fel enhet"):
            forward(wrong, by=cast.siv)


def test_another_huvudmans_unit_is_never_the_right_one(cast, wrong):
    with acting(cast.siv):
        other = Unit.objects.select_related("authority").get(pk=cast.units["amir"].pk)
        with pytest.raises(NotAllowed, match="AF Humlesund hör till en annan huvudman"):
            answer(wrong, answer=Answer.WRONG_UNIT, passed_unit=other, how=AnsweredBy.NOTED, by=cast.siv)


def test_a_right_unit_that_is_called_already_is_not_called_twice(cast, wrong, clinic):
    factories.consent(wrong.case, clinic, by=cast.siv)
    with acting(cast.siv):
        forward(wrong, by=cast.siv)
        with pytest.raises(NotAllowed):
            forward(wrong, by=cast.siv)
