"""Whose yes counts: her own, her guardians' by the policy of the authority, a mandate that reaches so far."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from humla.core.context import Actor, Kind, stand
from humla.people.models import NumberKind, Person
from humla.representatives.models import Disagreement, GivenBy, Mandate, MandateKind, Needed
from humla.representatives.policy import Policy, age_of, bands_of, of_age_on, standard
from humla.representatives.rules import (
    BY_HERSELF,
    Answered,
    may_answer,
    may_be_guardian,
    may_hold_until,
    may_last,
    may_let_stand,
    may_reach,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SIV = Actor(Kind.PROFESSIONAL, id=uuid4(), authority_id=uuid4(), role="coordinator")


@pytest.fixture(autouse=True)
def today():
    with stand(SIV, NOW, uuid4()):
        yield


def person(born: int = 1986) -> Person:
    return Person(number_kind=NumberKind.CODE, code="T-CDF-234", born_year=born)


def a_mandate(kind: str = MandateKind.GUARDIAN, **change: object) -> Mandate:
    told = {
        "kind": kind,
        "may_consent": True,
        "authority_id": SIV.authority_id,
        "starts_at": NOW - timedelta(days=1),
        "ends_at": NOW + timedelta(days=100),
    }
    return Mandate(**told | change)


MOTHER, FATHER = a_mandate(), a_mandate()
PARENTS = [MOTHER, FATHER]


def policy(needed: str, if_disagree: str = Disagreement.NO) -> Policy:
    return Policy(bands_of([{"from_age": 0, "needed": needed}]), if_disagree, 16, "x", 1, date(2026, 1, 1))


def by(given_by: str, *mandates: Mandate, view: str = "Jag vill bo kvar.") -> Answered:
    first, second = (*mandates, None, None)[:2]
    return Answered(given_by, first, second, view)


def test_an_adult_answers_herself_and_nobody_is_asked_for_a_mandate():
    assert may_answer(person(), BY_HERSELF, mandates=[], policy=standard())


def test_a_god_man_answers_within_the_mandate_and_not_without_it():
    within = a_mandate(MandateKind.GOD_MAN)
    without = a_mandate(MandateKind.GOD_MAN, may_consent=False)

    assert may_answer(person(), by("representative", within), mandates=[within], policy=standard())
    refused = may_answer(person(), by("representative", without), mandates=[without], policy=standard())
    assert "räcker inte" in refused.reason


@pytest.mark.parametrize(
    "change",
    [
        {"ends_at": NOW},
        {"starts_at": NOW + timedelta(microseconds=1)},
        {"rested_at": NOW - timedelta(days=1)},
        {"ended_at": NOW - timedelta(days=1)},
    ],
)
def test_a_mandate_that_has_not_begun_has_ended_or_rests_answers_for_nobody(change: dict[str, datetime]):
    gone = a_mandate(MandateKind.GOD_MAN, **change)

    assert not may_answer(person(), by("representative", gone), mandates=[gone], policy=standard())


def test_a_parent_does_not_answer_for_somebody_who_has_turned_18():
    assert "vuxen" in may_answer(person(), by("guardian", MOTHER), mandates=PARENTS, policy=standard()).reason


def test_the_policy_that_comes_with_the_program_asks_both_parents_and_hears_the_child():
    child = person(2010)

    assert may_answer(child, by("guardians", *PARENTS), mandates=PARENTS, policy=standard())
    unheard = may_answer(child, by("guardians", *PARENTS, view=" "), mandates=PARENTS, policy=standard())
    assert "barnet självt" in unheard.reason
    assert "Båda" in may_answer(child, by("guardian", MOTHER), mandates=PARENTS, policy=standard()).reason
    assert "vårdnadshavarnas ja" in may_answer(child, BY_HERSELF, mandates=PARENTS, policy=standard()).reason


def test_from_16_the_child_alone_says_yes_to_a_plan_and_before_that_not():
    assert may_answer(person(2010), BY_HERSELF, mandates=PARENTS, policy=standard(), to_plan=True)
    assert not may_answer(person(2011), BY_HERSELF, mandates=PARENTS, policy=standard(), to_plan=True)


def test_one_guardian_is_enough_when_there_is_no_other():
    assert may_answer(person(2012), by("guardian", MOTHER), mandates=[MOTHER], policy=standard())


@pytest.mark.parametrize(
    ("needed", "if_disagree", "answered", "may"),
    [
        (Needed.CHILD, Disagreement.NO, BY_HERSELF, True),
        (Needed.CHILD, Disagreement.NO, by("guardians", *PARENTS), False),
        (Needed.CHILD_AND_ONE, Disagreement.NO, by("guardian", MOTHER), True),
        (Needed.CHILD_AND_ONE, Disagreement.NO, BY_HERSELF, False),
        (Needed.CHILD_AND_ALL, Disagreement.NO, by("guardian", MOTHER), False),
        (Needed.CHILD_AND_ALL, Disagreement.ONE_IS_ENOUGH, by("guardian", MOTHER), True),
        (Needed.CHILD_AND_ALL, Disagreement.CHILD_DECIDES, BY_HERSELF, True),
        (Needed.CHILD_AND_ALL, Disagreement.CHILD_DECIDES, by("guardian", MOTHER), False),
        (Needed.ALL, Disagreement.CHILD_DECIDES, BY_HERSELF, False),
    ],
)
def test_the_authoritys_own_policy_decides(needed: str, if_disagree: str, answered: Answered, may: bool):
    ruling = may_answer(person(2010), answered, mandates=PARENTS, policy=policy(needed, if_disagree))

    assert bool(ruling) is may


def test_the_answer_names_as_many_mandates_as_it_says():
    child = person(2010)
    once = by("guardians", MOTHER)
    same = by("guardians", MOTHER, MOTHER)
    none = by("guardian")

    for answered in (once, same, none):
        assert not may_answer(child, answered, mandates=PARENTS, policy=standard())


def test_another_persons_mandate_answers_for_nobody_here():
    assert not may_answer(
        person(), by("representative", a_mandate(MandateKind.GOD_MAN)), mandates=[], policy=standard()
    )


def test_a_relative_or_a_personligt_ombud_never_consents():
    for kind in (MandateKind.RELATIVE, MandateKind.PERSONAL):
        assert not may_reach(kind, categories=["PLANNING"], may_consent=True)
        assert may_reach(kind, categories=["PLANNING"], may_consent=False)


def test_notes_and_protected_data_open_for_no_mandate():
    assert not may_reach(MandateKind.GOD_MAN, categories=["INTERNAL"], may_consent=False)
    assert not may_reach(MandateKind.GOD_MAN, categories=["PROTECTED"], may_consent=False)


def test_every_mandate_but_a_guardians_has_a_day_when_it_ends():
    on = NOW.date()

    assert not may_last(MandateKind.GOD_MAN, starts_on=on, ends_on=None)
    assert not may_last(MandateKind.GOD_MAN, starts_on=on, ends_on=on - timedelta(days=1))
    assert not may_last(MandateKind.GOD_MAN, starts_on=on, ends_on=date(2032, 1, 1))
    assert may_last(MandateKind.GUARDIAN, starts_on=on, ends_on=None)


def test_a_guardian_is_of_a_child_whose_age_is_known():
    assert may_be_guardian(person(2012))
    assert not may_be_guardian(person(2008))
    assert not may_be_guardian(Person(number_kind=NumberKind.CODE, code="T-CDF-234"))


def test_whom_the_person_has_chosen_herself_is_not_kept_against_her_word():
    for kind, may in (
        (MandateKind.GOD_MAN, True),
        (MandateKind.GUARDIAN, True),
        (MandateKind.RELATIVE, False),
    ):
        assert bool(may_let_stand(SIV, a_mandate(kind, rested_at=NOW))) is may


def test_a_guardians_yes_ends_before_the_child_is_of_age():
    child, both = person(2009), by("guardians", *PARENTS)

    assert may_hold_until(child, both, date(2026, 12, 31))
    assert "18" in may_hold_until(child, both, date(2027, 1, 1)).reason
    assert may_hold_until(child, BY_HERSELF, date(2027, 6, 1))


def test_age_is_counted_to_the_day_when_the_number_says_it():
    born = Person(number_kind=NumberKind.PERSONNUMMER, number="200002292381")

    assert age_of(born, date(2018, 2, 28)) == 17
    assert age_of(born, date(2018, 3, 1)) == 18
    assert of_age_on(born) == date(2018, 3, 1)
    assert age_of(person(2010), date(2026, 1, 1)) == 16


def test_the_bands_follow_on_each_other_whatever_order_they_were_written_in():
    bands = bands_of([{"from_age": 15, "needed": "child"}, {"from_age": 0, "needed": "all"}])

    assert [(one.from_age, one.to_age) for one in bands] == [(0, 15), (15, 18)]


def test_every_word_for_who_answered_has_its_rule():
    for word in GivenBy:
        assert may_answer(person(2010), Answered(word), mandates=[], policy=standard()).reason
