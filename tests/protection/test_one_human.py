"""One human who is two professionals of the same authority is one where two persons are needed."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import transaction

from humla.cases.actions import assign, hand_over
from humla.cases.models import Case
from humla.cases.visibility import case_seen
from humla.core.context import acting, today
from humla.core.rulings import NotAllowed
from humla.meetings.actions import approve_place
from humla.organisation.models import Professional, UnitAssignment
from humla.protection import actions
from humla.protection.models import MarkingKind
from humla.protection.visibility import marking_of
from tests import factories
from tests.cast import Cast
from tests.conftest import _owner


@pytest.fixture
def hers(cast: Cast, committed_db: str) -> Iterator[Case]:
    """Siv's case about Eva, where Maja works too. Siv, Maja and Ylva sign in with the same e-identity."""
    with psycopg.connect(_owner(committed_db)) as owner:
        owner.execute(
            "UPDATE organisation_professional m SET account_id = s.account_id"
            " FROM organisation_professional s WHERE s.id = %s AND m.id = ANY (%s)",
            [cast.siv.id, [cast.maja.id, cast.ylva.id]],
        )
    with transaction.atomic():
        case = factories.open_case(cast, by=cast.siv)
        with acting(cast.siv):
            assign(case, Professional.objects.get(pk=cast.maja.id), cast.units["maja"], by=cast.siv)
        yield case


def protected(case: Case, cast: Cast) -> None:
    with acting(cast.siv):
        actions.protect(case, kind=MarkingKind.THREAT, reason="Hon har sagt det.", by=cast.siv)


def test_she_does_not_clear_herself_through_her_other_row(hers: Case, cast: Cast):
    protected(hers, cast)
    with acting(cast.siv):
        until = today() + timedelta(days=9)
        with pytest.raises(NotAllowed, match="kunde inte ges"):
            actions.clear(hers.pk, cast.maja.id, cast.maja.unit_id, until=until, by=cast.siv)


def test_she_is_not_both_of_the_two_who_take_the_protection_away(hers: Case, cast: Cast):
    # Maja marks her, so that both rows are cleared for a week.
    with acting(cast.maja):
        actions.protect(hers, kind=MarkingKind.THREAT, reason="Hon har sagt det.", by=cast.maja)
    with acting(cast.siv):
        marking = marking_of(hers.person_id)
        assert marking is not None
        actions.ask_to_unprotect(marking, case=hers, reason="Hotet är över.", by=cast.siv)
    with acting(cast.maja):
        there, marking = case_seen(hers.pk), marking_of(hers.person_id)
        assert there is not None
        assert marking is not None
        with pytest.raises(NotAllowed, match="Två personer"):
            actions.unprotect(marking, case=there, by=cast.maja)
        assert marking_of(hers.person_id) is not None


def test_she_is_no_second_pair_of_eyes_on_a_place_that_she_wrote(hers: Case, cast: Cast):
    meeting = factories.planned_meeting(hers, by=cast.siv, place="Biblioteket")
    with acting(cast.maja), pytest.raises(NotAllowed, match="Du skrev platsen"):
        approve_place(meeting, place=meeting.place, by=cast.maja)


def test_the_manager_does_not_hand_over_to_herself_through_her_other_row(hers: Case, cast: Cast):
    with acting(cast.ylva):
        other = UnitAssignment.objects.select_related("professional", "unit").get(professional=cast.maja.id)
        with pytest.raises(NotAllowed, match="Du kan inte lämna över"):
            hand_over([hers.pk], to=other, by=cast.ylva)
