"""Siv asks Amir whether Arbetsförmedlingen takes over the lead; he does, and it is still one SIP."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from humla.audit.models import Event
from humla.cases import rules as case_rules
from humla.cases.models import Case, CaseState, Category
from humla.cases.visibility import case_seen, my_cases
from humla.core.context import acting
from humla.core.rulings import NotAllowed
from humla.disclosures.visibility import parts_seen
from humla.people.models import Person
from humla.plans import actions as plan_actions
from humla.plans.document import commitments_in, goals_in, milestones_in
from humla.plans.lead import (
    decline_lead,
    name_in,
    newest_plan,
    number_in,
    take_back_lead,
    take_over,
    units_to_ask,
)
from humla.plans.models import LeadTransfer
from humla.plans.own import own_cases
from humla.plans.visibility import lead_transfers_in, plan_of
from tests import factories
from tests.cast import EVA, Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Case:
    """Eva's plan, adopted, handed over to Arbetsförmedlingen and taken in by Amir."""
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )
    return document.case


@pytest.fixture
def offered(cast: Cast, case: Case) -> LeadTransfer:
    return factories.lead_offered(case, by=cast.siv, to=cast.units["amir"])


def asked(case: Case) -> LeadTransfer:
    """The question, as the unit that was asked finds it."""
    (found,) = lead_transfers_in(case.pk)
    seen = case_seen(case.pk)
    assert seen is not None
    found.case = seen
    return found


def taken_over(cast: Cast, case: Case) -> Case:
    with acting(cast.amir):
        return take_over(asked(case), given_name="Eva", family_name="Ek", by=cast.amir)


def tags() -> list[str]:
    with person_acting(EVA):
        return [one.tag for one in Event.objects.order_by("at")]


def test_amir_takes_over_and_writes_on_from_what_he_was_given(cast, case, offered):
    new = taken_over(cast, case)
    with acting(cast.amir):
        plan = plan_of(new)
        assert plan is not None
        rows = {(one.what, one.category) for one in commitments_in(plan)}
        goals = [(one.life_area.name, one.text, one.category) for one in goals_in(plan)]

        assert (new.series, new.continues_id, new.authority_id) == (
            case.series,
            case.pk,
            cast.amir.authority_id,
        )
        assert plan.own_goal == factories.OWN_GOAL
        assert (plan.adopted_version, plan.accountable_party) == (0, None)
        assert rows == {("Boka studiebesök", "PLANNING"), ("Ringa vårdcentralen", "PLANNING")}
        assert goals == [("Försörjning", "En egen inkomst.", "NEEDS")]
        assert Person.objects.get(pk=new.person_id).number == EVA
        assert [one.is_responsible for one in my_cases() if one.id == new.pk] == [True]


def test_the_steps_on_the_way_to_a_goal_come_along(cast):
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.consent(case, cast.units["amir"], by=cast.siv)
    factories.whole_plan(cast, case, by=cast.siv)
    factories.besides(cast, case, by=cast.siv)
    with acting(cast.siv):
        plan = plan_of(case)
        assert plan is not None
        document = plan_actions.adopt(plan, version=plan.version, by=cast.siv)
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )
    factories.lead_offered(case, by=cast.siv, to=cast.units["amir"])
    new = taken_over(cast, case)
    with acting(cast.amir):
        mine = plan_of(new)
        assert mine is not None
        (goal,) = goals_in(mine)

        assert {one.text for one in milestones_in(mine, goal)} == {"Ett studiebesök"}


def test_health_and_economy_that_he_was_never_given_are_not_in_the_new_plan(cast, case, offered):
    new = taken_over(cast, case)
    with connection.cursor() as cursor, acting(cast.amir):
        cursor.execute("SELECT count(*) FROM plans_commitment WHERE case_id = %s", [new.pk])
        count = cursor.fetchone()[0]
        everything = repr([(one.what, one.known_by) for one in commitments_in(plan_of(new))])

    assert count == 2
    assert factories.REFERRAL not in everything
    assert factories.BUDGET not in everything


def test_the_old_case_stays_with_its_holder_closed_for_writing(cast, case, offered):
    taken_over(cast, case)
    with acting(cast.siv):
        old = case_seen(case.pk)
        assert old is not None
        ruling = case_rules.may_change(cast.siv, old)
        told = lead_transfers_in(case.pk)[0]
        with pytest.raises(NotAllowed, match="Ledningen är överlämnad"):
            plan_actions.start_plan(old, by=cast.siv)
        listed = [one.reference for one in my_cases(state=CaseState.MOVED)]

    assert (old.state, listed) == (CaseState.MOVED, [case.reference])
    assert "fortsätter hos dem som tog över" in ruling.reason
    assert (told.is_accepted, told.to_unit.name) == (True, "AF Humlesund")


def test_nobody_at_the_old_authority_reads_the_new_case(cast, case, offered):
    new = taken_over(cast, case)
    for who in (cast.siv, cast.maja, cast.lena, cast.nils):
        with acting(who):
            assert case_seen(new.pk) is None


def test_eva_sees_both_as_one(cast, case, offered):
    new = taken_over(cast, case)
    with person_acting(EVA):
        first, second = own_cases()

    assert {first.case.series, second.case.series} == {case.series}
    assert (first.case.pk, second.case.state) == (new.pk, CaseState.MOVED)
    assert (second.next_steps(second.case.closed_at), second.is_moved) == ([], True)
    assert {"plans:lead:offered", "plans:lead:taken_over"} <= set(tags())


def test_consents_are_not_taken_along(cast, case, offered):
    from humla.consents.visibility import consents_of

    new = taken_over(cast, case)
    with acting(cast.amir):
        assert consents_of(new) == []


def test_amir_says_no_and_siv_reads_why(cast, case, offered):
    with acting(cast.amir):
        with pytest.raises(NotAllowed, match="Skriv varför"):
            decline_lead(asked(case), why=" ", by=cast.amir)
        decline_lead(asked(case), why="Eva är inte inskriven hos oss.", by=cast.amir)
    with acting(cast.siv):
        (told,) = lead_transfers_in(case.pk)
        still = case_rules.may_change(cast.siv, case_seen(case.pk))
        again = factories.lead_offered(case, by=cast.siv, to=cast.units["amir"])

    assert (told.is_accepted, told.declined_why) == (False, "Eva är inte inskriven hos oss.")
    assert still
    assert again.pk != told.pk


def test_a_question_taken_back_is_answered_by_nobody(cast, case, offered):
    with acting(cast.amir):
        mine = asked(case)
    with acting(cast.siv):
        offered.case = case
        take_back_lead(offered, by=cast.siv)
    with acting(cast.amir), pytest.raises(NotAllowed, match="redan besvarad eller återtagen"):
        take_over(mine, given_name="Eva", family_name="Ek", by=cast.amir)
    with acting(cast.amir):
        assert [one.reference for one in my_cases()] == [case.reference]


def test_an_answered_question_cannot_be_taken_back(cast, case, offered):
    taken_over(cast, case)
    with acting(cast.siv):
        told = asked(case)
        with pytest.raises(NotAllowed, match="redan besvarad"):
            take_back_lead(told, by=cast.siv)


def test_one_unit_is_asked_at_a_time(cast, case, offered):
    with pytest.raises(NotAllowed, match="AF Humlesund är redan tillfrågad"):
        factories.lead_offered(case, by=cast.siv, to=cast.units["amir"])


def test_a_unit_without_the_plan_or_without_the_yes_is_not_asked(cast, case):
    factories.consent(case, cast.units["farid"], by=cast.siv)
    with acting(cast.siv):
        assert [one.name for one in units_to_ask(case)] == ["AF Humlesund"]
    for unit, sentence in (("farid", "har inte fått den senaste planen"), ("lena", "får inte veta vem")):
        with pytest.raises(NotAllowed, match=sentence):
            factories.lead_offered(case, by=cast.siv, to=cast.units[unit])


def test_a_changed_plan_is_adopted_and_handed_over_first(cast, case):
    with acting(cast.siv):
        plan_actions.add_commitment(plan_of(case), doer="person", what="Skriva cv", by=cast.siv)
    with pytest.raises(NotAllowed, match="Planen är ändrad"):
        factories.lead_offered(case, by=cast.siv, to=cast.units["amir"])


def test_only_the_responsible_asks_and_only_the_one_asked_answers(cast, case, offered):
    with acting(cast.amir), pytest.raises(NotAllowed, match="har ärendet"):
        factories.lead_offered(case, by=cast.amir, to=cast.units["farid"])
    with acting(cast.farid):
        assert list(LeadTransfer.objects.all()) == []
    with acting(replace(cast.amir, role="champion")), pytest.raises(NotAllowed, match="I den här rollen"):
        decline_lead(asked(case), why="Nej.", by=replace(cast.amir, role="champion"))


def test_the_database_lets_nobody_continue_a_case_that_was_not_offered(cast, case):
    document_series = case.series
    with acting(cast.amir), pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.create(
            association_id=cast.amir.association_id,
            authority_id=cast.amir.authority_id,
            unit_id=cast.amir.unit_id,
            person_id=case.person_id,
            reference="CCC-DDD",
            series=document_series,
            continues_id=case.pk,
            opened_at=case.opened_at,
            opened_by_id=cast.amir.id,
        )


def test_the_name_and_number_are_read_from_what_was_handed_over(cast, case):
    with acting(cast.amir):
        parts = newest_plan(parts_seen(case.pk))

        assert name_in(parts) == ("Eva", "Ek")
        assert number_in(parts).digits12 == EVA
        assert Category.HEALTH not in {one.category for one in parts}
