"""When Siv may adopt Eva's plan, and what the program says when she may not yet."""

from collections.abc import Iterator
from datetime import date

import pytest

from humla.cases.models import Case
from humla.core.context import acting
from humla.core.rulings import NotAllowed
from humla.organisation.models import Unit
from humla.plans import actions, rules
from humla.plans.models import Doer, Plan
from humla.plans.rules import StatutoryPart
from humla.plans.visibility import plan_of
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Case:
    return factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)


@pytest.fixture
def plan(cast: Cast, case: Case) -> Iterator[Plan]:
    with acting(cast.siv):
        yield actions.start_plan(case, by=cast.siv)


def missing(plan: Plan) -> list[str]:
    whole = plan_of(plan.case)
    assert whole is not None
    return [one.part for one in rules.missing_parts(whole)]


def does(plan: Plan, cast: Cast, unit: Unit | None = None, **details: object) -> None:
    doer = Doer.UNIT if unit else Doer.PERSON
    actions.add_commitment(plan, doer=doer, unit=unit, what="Ringa", by=cast.siv, **details)  # type: ignore[arg-type]


def settled(plan: Plan, cast: Cast, party: str = "Humlesunds kommun", *, nobody_else: bool = False) -> Plan:
    plan.refresh_from_db()
    return actions.settle(
        plan,
        accountable_party=cast.parties[party],
        lead_id=cast.siv.id,
        nothing_by_others=nobody_else,
        follow_up_on=None,
        version=plan.version,
        by=cast.siv,
    )


def test_an_empty_plan_misses_all_four_parts(plan: Plan) -> None:
    assert missing(plan) == [
        StatutoryPart.NEEDED,
        StatutoryPart.HUVUDMAN,
        StatutoryPart.OTHERS,
        StatutoryPart.ACCOUNTABLE,
    ]


def test_only_the_person_doing_something_shows_no_insats(plan: Plan, cast: Cast) -> None:
    does(plan, cast)

    assert missing(plan) == [StatutoryPart.NEEDED, StatutoryPart.HUVUDMAN, StatutoryPart.ACCOUNTABLE]


def test_arbetsformedlingen_alone_is_not_a_huvudman(plan: Plan, cast: Cast) -> None:
    does(plan, cast, cast.units["amir"])

    assert missing(plan) == [StatutoryPart.HUVUDMAN, StatutoryPart.ACCOUNTABLE]


def test_the_kommun_alone_leaves_what_others_do_unsaid(plan: Plan, cast: Cast) -> None:
    does(plan, cast, cast.units["siv"])

    assert missing(plan) == [StatutoryPart.OTHERS, StatutoryPart.ACCOUNTABLE]


def test_the_region_is_a_huvudman_too(plan: Plan, cast: Cast) -> None:
    does(plan, cast, cast.units["lena"])
    does(plan, cast)
    settled(plan, cast, "Region Humleland")

    assert missing(plan) == []


def test_nobody_else_is_an_answer_as_good_as_any(plan: Plan, cast: Cast) -> None:
    does(plan, cast, cast.units["siv"])
    settled(plan, cast, nobody_else=True)

    assert missing(plan) == []


def test_somebody_else_doing_something_takes_away_nobody_else(plan: Plan, cast: Cast) -> None:
    does(plan, cast, cast.units["siv"])
    settled(plan, cast, nobody_else=True)
    does(plan, cast)
    plan.refresh_from_db()

    assert plan.nothing_by_others is False
    assert missing(plan) == []


def test_nobody_else_is_refused_while_eva_does_something(plan: Plan, cast: Cast) -> None:
    does(plan, cast)

    with pytest.raises(NotAllowed, match="står redan att någon annan ska göra något"):
        settled(plan, cast, nobody_else=True)


def test_forsakringskassan_cannot_have_the_overall_responsibility(plan: Plan, cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="Bara en kommun eller en region"):
        settled(plan, cast, "Försäkringskassan")


def test_what_is_struck_does_not_count(plan: Plan, cast: Cast) -> None:
    area = cast.agreement.life_areas.all()[0]
    goal = actions.add_goal(plan, life_area=area, text="En egen inkomst.", by=cast.siv)
    does(plan, cast, cast.units["siv"], goal=goal)
    before = missing(plan)
    actions.remove_goal(goal, by=cast.siv)

    assert (before, missing(plan)) == (
        [StatutoryPart.OTHERS, StatutoryPart.ACCOUNTABLE],
        [StatutoryPart.NEEDED, StatutoryPart.HUVUDMAN, StatutoryPart.OTHERS, StatutoryPart.ACCOUNTABLE],
    )


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ("insatser", "vilka insatser som behövs"),
        ("huvudman", "vad kommunen eller regionen svarar för"),
        ("others", "vad andra gör"),
        ("accountable", "övergripande ansvaret"),
    ],
)
def test_adopting_is_refused_with_the_part_that_is_missing(
    left_out: str, sentence: str, plan: Plan, cast: Cast
) -> None:
    if left_out == "huvudman":
        does(plan, cast, cast.units["amir"])
    elif left_out != "insatser":
        does(plan, cast, cast.units["siv"])
    if left_out != "others":
        does(plan, cast)
    if left_out != "accountable":
        settled(plan, cast)
    plan.refresh_from_db()

    with pytest.raises(NotAllowed, match=sentence):
        actions.adopt(plan, version=plan.version, by=cast.siv)


def test_a_plan_is_not_adopted_without_the_persons_yes(cast: Cast) -> None:
    case = factories.open_case(cast, by=cast.siv)
    plan = factories.whole_plan(cast, case, by=cast.siv)

    with acting(cast.siv), pytest.raises(NotAllowed, match="inte svarat"):
        actions.adopt(plan, version=plan.version, by=cast.siv)


def test_a_plan_that_has_not_changed_is_not_adopted_twice(cast: Cast, case: Case) -> None:
    plan = factories.whole_plan(cast, case, by=cast.siv)

    with acting(cast.siv):
        actions.adopt(plan, version=plan.version, by=cast.siv)
        with pytest.raises(NotAllowed, match="inte ändrats"):
            actions.adopt(plan, version=plan.version, by=cast.siv)


def test_the_own_goal_says_when_it_was_said_and_never_tomorrow(plan: Plan, cast: Cast) -> None:
    def say(said_on: date | None) -> None:
        actions.say_own_goal(plan, text="Sova.", said_on=said_on, version=plan.version, by=cast.siv)

    with pytest.raises(NotAllowed, match="vilken dag personen sa det"):
        say(None)
    with pytest.raises(NotAllowed, match="har inte varit än"):
        say(date(2999, 1, 1))
