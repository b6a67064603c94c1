"""How far a yes may reach."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from humla.cases.models import Category
from humla.consents import rules, wording
from humla.core.context import acting
from humla.core.dates import end_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("ends_on", "ends_at"),
    [
        (
            date(2026, 3, 28),
            datetime(2026, 3, 28, 23, 0, tzinfo=UTC),
        ),  # the clock goes forward that night
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, 0, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, 0, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)),
    ],
)
def test_a_consent_ends_when_its_last_day_in_sweden_ends(ends_on, ends_at):
    assert end_of(ends_on) == ends_at
    assert rules.last_day(end_of(ends_on)) == ends_on


@pytest.mark.parametrize(
    ("on", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_one(on, months, then):
    assert rules.months_after(on, months) == then


def test_the_suggested_period_is_within_reach():
    assert rules.SUGGESTED_MONTHS <= rules.LONGEST_MONTHS


def test_an_officer_without_a_case_role_takes_no_consent_back(cast):
    case = factories.open_case(cast, by=cast.siv)
    given = factories.consent(case, cast.units["amir"], by=cast.siv)
    with acting(cast.siv):
        rulings = [
            rules.may_withdraw(actor, given).reason
            for actor in (cast.siv, replace(cast.siv, role="log_reviewer"), cast.amir, cast.nils, cast.greta)
        ]

    refusal = "Bara den myndighet som personen gav samtycket till kan ändra det."
    assert rulings == ["", refusal, refusal, refusal, refusal]


def test_the_plan_is_agreed_only_after_a_yes(cast):
    case = factories.open_case(cast, by=cast.siv)
    before = rules.plan_is_agreed(None)
    factories.agreed(case, by=cast.siv)
    with acting(cast.siv):
        from humla.consents.visibility import latest_plan_answer

        after = rules.plan_is_agreed(latest_plan_answer(case))

    assert before.reason == "Personen har inte svarat på om en plan får göras. Skriv in svaret först."
    assert after.reason == ""


def test_what_is_known_is_named_in_one_order():
    assert wording.in_words(["HEALTH", "IDENTITY"]) == "Person, Hälsa"


def test_every_kind_that_can_be_chosen_says_what_it_means():
    from humla.cases.models import RELEASABLE

    assert set(wording.MEANS) == set(RELEASABLE)
    assert Category.INTERNAL not in wording.MEANS
