"""Two in the same second on one link: one answer, one line on the trail, and to the summons that holds."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import psycopg
import pytest
from django.db import transaction

from humla.core.context import Actor, Kind, acting
from humla.links.models import Link
from humla.meetings.actions import change_meeting, move
from humla.meetings.linked import Given, answer_by_link
from humla.meetings.models import ChangeCause, Meeting, Summons, SummonsAnswer
from humla.meetings.visibility import with_answers
from tests import factories
from tests.cast import Cast
from tests.conftest import _owner
from tests.races import second_of_two

CHANGED = "Rum 7"


@pytest.fixture
def summons(cast: Cast, committed_db: str) -> Summons:
    """Amir's unit is summoned; the letter has left, with a link in it."""
    with transaction.atomic():
        summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
        factories.link_in_letter(summons, unit=cast.units["amir"])
    with psycopg.connect(_owner(committed_db)) as owner:
        owner.execute(
            "UPDATE meetings_summons SET sent_at = sent_at - interval '2 minutes', leaves_at = now()"
        )
        owner.execute("UPDATE disclosures_disclosure SET opens_at = now() WHERE opens_at > now()")
    return summons


def _reader(cast: Cast) -> Actor:
    """Whoever holds the link."""
    with transaction.atomic(), acting(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        link = Link.objects.get()
    return Actor(Kind.LINK, association_id=cast.association.pk, id=link.pk, unit_id=link.unit_id)


def _changes(cast: Cast, summons: Summons) -> Callable[[], Meeting]:
    """Siv writes another room: everybody who was summoned gets another summons to the same time."""
    return lambda: change_meeting(summons.meeting, version=1, place=CHANGED, by=cast.siv)


def _answers_that_hold(cast: Cast) -> list[tuple[str, str]]:
    """Each summons that holds to Amir's unit, by its room, with the answer that stands there."""
    with transaction.atomic(), acting(cast.siv):
        held = list(Summons.objects.select_related("meeting").filter(cancelled_at=None))
        with_answers(held)
        return [(one.meeting.place, one.newest.answer if one.newest else "") for one in held]


def test_an_answer_in_the_instant_before_the_meeting_is_changed_goes_with_it(
    cast: Cast, summons: Summons
) -> None:
    reader = _reader(cast)
    answers = partial(answer_by_link, Given("comes"), by=reader)

    second_of_two(answers, _changes(cast, summons), by=reader, then_by=cast.siv)

    assert _answers_that_hold(cast) == [(CHANGED, "comes")]


def test_an_answer_in_the_instant_after_the_meeting_is_changed_is_to_the_new_summons(
    cast: Cast, summons: Summons
) -> None:
    reader = _reader(cast)
    answers = partial(answer_by_link, Given("comes"), by=reader)

    second_of_two(_changes(cast, summons), answers, by=cast.siv, then_by=reader)

    assert _answers_that_hold(cast) == [(CHANGED, "comes")]


def test_an_answer_in_the_instant_after_the_meeting_is_moved_is_not_one_to_the_new_time(
    cast: Cast, summons: Summons
) -> None:
    reader, later = _reader(cast), summons.meeting.starts_at + timedelta(days=1)
    answers = partial(answer_by_link, Given("comes"), by=reader)

    def moves() -> Meeting:
        return move(summons.meeting, starts_at=later, cause=ChangeCause.PARTY, by=cast.siv)

    _new, told = second_of_two(moves, answers, by=cast.siv, then_by=reader)

    assert told == "Mötet tar inte emot svar längre. Har det kommit en nyare kallelse gäller den."
    assert [answer for _room, answer in _answers_that_hold(cast)] == [""]


def test_the_same_answer_at_once_is_one(cast: Cast, summons: Summons, committed_db: str) -> None:
    reader = _reader(cast)
    answers = partial(answer_by_link, Given("comes"), by=reader)

    second_of_two(answers, answers, by=reader)

    with transaction.atomic(), acting(cast.siv):
        assert SummonsAnswer.objects.count() == 1
    with psycopg.connect(_owner(committed_db)) as owner:
        found = owner.execute("SELECT count(*) FROM audit_event WHERE tag = 'meetings:summons:answered'")
        assert found.fetchone() == (1,)
