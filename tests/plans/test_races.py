"""Two who start the plan of a case in the same second get the same plan."""

from django.db import transaction

from humla.plans.actions import start_plan
from tests import factories
from tests.races import second_of_two


def test_a_plan_that_is_started_twice_in_the_same_second_is_one_plan(cast, committed_db):
    with transaction.atomic():
        case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)

    first, second = second_of_two(
        lambda: start_plan(case, by=cast.siv), lambda: start_plan(case, by=cast.siv), by=cast.siv
    )

    assert second == first
