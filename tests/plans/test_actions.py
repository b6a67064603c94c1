"""What happens to Eva's plan when Siv writes in it: kept, struck, put back, frozen; and never by others."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from humla.audit.models import Event
from humla.cases.models import Case, Category
from humla.core.context import acting
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.disclosures.models import DocumentPart
from humla.plans import actions
from humla.plans.document import blocks_of, commitments_in
from humla.plans.models import Commitment, Doer, Goal, Plan, PlanState
from humla.plans.visibility import plan_of
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Case:
    return factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)


@pytest.fixture
def plan(cast: Cast, case: Case) -> Iterator[Plan]:
    with acting(cast.siv):
        yield actions.start_plan(case, by=cast.siv)


def goal_in(plan: Plan, cast: Cast, text: str = "Ett jobb.") -> Goal:
    return actions.add_goal(plan, life_area=cast.agreement.life_areas.all()[0], text=text, by=cast.siv)


def test_starting_twice_gives_the_same_plan(plan: Plan, cast: Cast, case: Case) -> None:
    assert actions.start_plan(case, by=cast.siv).pk == plan.pk
    assert Plan.objects.count() == 1


def test_every_change_moves_the_version_that_is_adopted(plan: Plan, cast: Cast) -> None:
    goal = goal_in(plan, cast)
    actions.change_goal(goal, version=1, text="En praktikplats.", by=cast.siv)
    one = actions.add_commitment(plan, doer=Doer.PERSON, what="Ringa", by=cast.siv)
    actions.remove_commitment(one, by=cast.siv)
    plan.refresh_from_db()

    assert plan.version == 5


def test_the_later_of_two_writers_is_told_and_nothing_is_overwritten(plan: Plan, cast: Cast) -> None:
    goal = goal_in(plan, cast)
    actions.change_goal(goal, version=1, text="En praktikplats.", by=cast.siv)

    with pytest.raises(Stale) as stale:
        actions.change_goal(goal, version=1, text="En utbildning.", by=cast.siv)
    assert isinstance(stale.value.theirs, Goal)
    assert (stale.value.theirs.text, stale.value.theirs.version) == ("En praktikplats.", 2)
    assert Goal.objects.get().text == "En praktikplats."


def test_a_plan_is_adopted_as_it_was_read_or_not_at_all(cast: Cast, case: Case) -> None:
    plan = factories.whole_plan(cast, case, by=cast.siv)

    with acting(cast.siv):
        actions.add_commitment(plan, doer=Doer.PERSON, what="Något nytt", by=cast.siv)
        with pytest.raises(Stale):
            actions.adopt(plan, version=plan.version, by=cast.siv)
        assert DocumentPart.objects.count() == 0


def test_each_adoption_freezes_a_version_and_old_words_stay_in_theirs(cast: Cast, case: Case) -> None:
    plan = factories.whole_plan(cast, case, by=cast.siv)

    with acting(cast.siv):
        first = actions.adopt(plan, version=plan.version, by=cast.siv)
        plan.refresh_from_db()
        assert plan.state == PlanState.ADOPTED
        plan = actions.say_own_goal(
            plan, text="Jag vill sova.", said_on=date(2026, 11, 21), version=plan.version, by=cast.siv
        )
        assert plan.state == PlanState.CHANGED
        second = actions.adopt(plan, version=plan.version, by=cast.siv)
        said = [
            [
                block["text"]
                for block in blocks_of(document.parts.all())["NEEDS"]
                if block["kind"] == "own_goal"
            ]
            for document in (first, second)
        ]
    assert (first.version, second.version) == (1, 2)
    assert said == [[factories.OWN_GOAL], ["Jag vill sova."]]


def test_a_struck_goal_takes_its_rows_with_it_and_brings_them_back(
    plan: Plan, cast: Cast, case: Case
) -> None:
    goal = goal_in(plan, cast)
    actions.add_commitment(plan, goal=goal, doer=Doer.PERSON, what="Ringa", by=cast.siv)

    def standing() -> list[str]:
        whole = plan_of(case)
        assert whole is not None
        return [one.what for one in commitments_in(whole)]

    before = standing()
    actions.remove_goal(goal, by=cast.siv)
    struck = standing()
    actions.restore_goal(goal, by=cast.siv)

    assert (before, struck, standing()) == (["Ringa"], [], ["Ringa"])


def test_a_row_cannot_be_identity_or_protected(plan: Plan, cast: Cast) -> None:
    for category in (Category.IDENTITY, Category.PROTECTED):
        with pytest.raises(NotAllowed, match="slag av uppgift"):
            actions.add_commitment(plan, doer=Doer.PERSON, what="Ringa", category=category, by=cast.siv)


def test_a_goal_of_another_plan_is_refused(plan: Plan, cast: Cast) -> None:
    theirs = Goal(plan_id=cast.association.pk)

    with pytest.raises(NotAllowed, match="hör till en annan plan"):
        actions.add_commitment(plan, goal=theirs, doer=Doer.PERSON, what="Ringa", by=cast.siv)


def _known_to_siv(cast: Cast, case: Case) -> Plan:
    """The plan as Siv has it in her hands: what others try to write in."""
    factories.whole_plan(cast, case, by=cast.siv)
    with acting(cast.siv):
        plan = plan_of(case)
    assert plan is not None
    return plan


@pytest.mark.parametrize("who", ["amir", "lena", "nils"])
def test_another_authority_writes_nothing_in_the_plan(who: str, cast: Cast, case: Case) -> None:
    plan, other = _known_to_siv(cast, case), getattr(cast, who)

    with acting(other):
        assert list(Plan.objects.all()) == []
        with pytest.raises(NotAllowed, match="har ärendet"):
            actions.add_commitment(plan, doer=Doer.PERSON, what="Ringa", by=other)


def test_a_colleague_outside_the_case_is_stopped_by_the_wall(cast: Cast, case: Case) -> None:
    plan = _known_to_siv(cast, case)

    with acting(cast.maja):
        assert list(Plan.objects.all()) == []
        with pytest.raises(NotAllowed, match="finns inte längre för dig"):
            actions.say_own_goal(
                plan, text="Sova.", said_on=date(2026, 11, 1), version=plan.version, by=cast.maja
            )


def test_eva_reads_her_own_plan(cast: Cast, case: Case) -> None:
    factories.whole_plan(cast, case, by=cast.siv)

    with person_acting(cast.eva):
        assert [plan.own_goal for plan in Plan.objects.all()] == [factories.OWN_GOAL]


def test_the_trail_says_what_was_touched_and_never_what_it_says(cast: Cast, case: Case) -> None:
    plan = factories.whole_plan(cast, case, by=cast.siv)
    with acting(cast.siv):
        actions.adopt(plan, version=plan.version, by=cast.siv)

    with acting(replace(cast.siv, role="log_reviewer")):
        events = list(Event.objects.filter(tag__startswith="plans:"))
    kinds = [one.items[0][0] for one in events]
    assert sorted(kinds) == ["commitment"] * 4 + ["goal", "own_goal", "plan", "plan", "responsibility"]
    assert [factories.REFERRAL in str(one.items) for one in events] == [False] * 9


def test_a_goal_that_becomes_health_takes_its_rows_along_and_never_leads_them_back(
    plan: Plan, cast: Cast
) -> None:
    goal = goal_in(plan, cast)
    for what, category in (
        ("Boka tid", Category.PLANNING),
        ("Struken", Category.PLANNING),
        ("Gå igenom skulderna", Category.ECONOMY),
    ):
        row = actions.add_commitment(
            plan, goal=goal, doer=Doer.PERSON, what=what, category=category, by=cast.siv
        )
        if what == "Struken":
            actions.remove_commitment(row, by=cast.siv)
    actions.add_commitment(plan, doer=Doer.PERSON, what="Utan mål", category=Category.PLANNING, by=cast.siv)

    def categories() -> dict[str, str]:
        return {row.what: row.category for row in Commitment.objects.filter(plan=plan)}

    hidden = actions.change_goal(goal, version=1, category=Category.HEALTH, by=cast.siv)
    followed = categories()
    actions.change_goal(hidden, version=2, category=Category.NEEDS, by=cast.siv)

    assert followed == categories()
    assert followed == {
        "Boka tid": "HEALTH",
        "Struken": "HEALTH",
        "Gå igenom skulderna": "ECONOMY",
        "Utan mål": "PLANNING",
    }
    with acting(replace(cast.siv, role="log_reviewer")):
        told = [event.items[0][0] for event in Event.objects.filter(tag="plans:plan:changed").order_by("at")]
    assert told.count("commitment") == 7
