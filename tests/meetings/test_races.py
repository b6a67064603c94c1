"""Two who do the same to a meeting in the same second: it is done once, and the later one is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from humla.cases.visibility import case_seen
from humla.core.context import acting, today
from humla.core.rulings import NotAllowed
from humla.followups.actions import close
from humla.followups.models import CloseReason, Closing
from humla.meetings import actions
from humla.meetings.models import Called, ChangeCause, Meeting, MeetingKind, Summons
from tests import factories
from tests.races import second_of_two


def _refused(act: Callable[[], Any]) -> Callable[[], str]:
    def refused() -> str:
        with pytest.raises(NotAllowed) as no:
            act()
        return no.value.reason

    return refused


def test_a_unit_that_two_summon_in_the_same_second_is_summoned_once(cast, committed_db):
    with transaction.atomic():
        case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
        factories.consent(case, cast.units["amir"], by=cast.siv)
        meeting = factories.planned_meeting(case, by=cast.siv)

    def summon() -> Summons:
        return actions.summon(meeting, called=Called.UNIT, unit=cast.units["amir"], by=cast.siv)

    _first, reason = second_of_two(summon, _refused(summon), by=cast.siv)

    assert reason == "AF Humlesund är redan kallad till mötet."


def test_nobody_is_summoned_to_a_meeting_that_is_being_moved(cast, committed_db):
    with transaction.atomic():
        case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
        meeting = factories.planned_meeting(case, by=cast.siv)
    later = meeting.starts_at + timedelta(days=1)

    def move() -> Meeting:
        return actions.move(meeting, starts_at=later, cause=ChangeCause.PARTY, by=cast.siv)

    def summon() -> Summons:
        return actions.summon(meeting, called=Called.PERSON, by=cast.siv)

    _new, reason = second_of_two(move, _refused(summon), by=cast.siv)

    assert reason == "Mötet är flyttat. Fortsätt i det möte som kom i stället."
    with transaction.atomic(), acting(cast.siv):
        assert Summons.objects.count() == 0


def test_two_who_plan_the_same_meeting_in_the_same_second_get_one(cast, committed_db):
    with transaction.atomic():
        case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    at = datetime.now(UTC) + timedelta(days=10)

    def plan() -> Meeting:
        return actions.plan_meeting(case, kind=MeetingKind.FIRST, starts_at=at, by=cast.siv)

    _first, reason = second_of_two(plan, _refused(plan), by=cast.siv)

    assert reason == "Ett sådant möte är redan planerat den tiden. Öppna det i listan över möten."
    with transaction.atomic(), acting(cast.siv):
        assert Meeting.objects.count() == 1


def test_no_meeting_is_planned_in_a_case_that_is_being_closed(cast, committed_db):
    with transaction.atomic():
        case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
        with acting(cast.siv):
            hers = case_seen(case.pk)
    at = datetime.now(UTC) + timedelta(days=10)

    def end() -> Closing:
        return close(case, reason=CloseReason.NO_CONTACT, closed_on=today(), by=cast.siv)

    def plan() -> Meeting:
        return actions.plan_meeting(hers, kind=MeetingKind.FIRST, starts_at=at, by=cast.siv)

    second_of_two(end, _refused(plan), by=cast.siv)

    with transaction.atomic(), acting(cast.siv):
        assert Meeting.objects.count() == 0
