"""Siv opens a case, lets Maja in and out, and is never able to leave it without a responsible."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from humla.audit.models import Event
from humla.cases import actions, rules
from humla.cases.models import Case, CaseAssignment, CaseRole
from humla.cases.visibility import (
    assignment_in,
    case_seen,
    is_held,
    my_assignment,
    my_cases,
    my_open_cases_about,
    who_works_in,
)
from humla.core.context import Actor, acting
from humla.core.dates import today
from humla.core.numbers import parse
from humla.core.rulings import NotAllowed
from humla.organisation.models import Professional, Role
from humla.organisation.visibility import colleagues_with
from humla.people.actions import PersonDetails, register
from humla.people.visibility import person_seen
from tests import factories
from tests.cast import EVA, Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
NUMBERS = ["196411182394", "196502022772", "196506232880"]


def colleague(cast: Cast, actor: Actor) -> Professional:
    return Professional.objects.get(pk=actor.id)


def tags() -> list[str]:
    with person_acting(EVA):
        return [one.tag for one in Event.objects.all()]


def test_the_one_who_opens_a_case_is_responsible_and_alone_in_it(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        working = who_works_in(case)
        mine = my_assignment(case, cast.siv)

    assert [(one.professional.name, one.role) for one in working] == [("Siv Sandberg", "responsible")]
    assert mine is not None
    assert mine.pk == working[0].pk
    assert (len(case.reference), case.reference[3]) == (7, "-")
    assert {"cases:case:opened", "cases:assignment:made", "people:person:registered"} == set(tags())


def test_a_colleague_at_the_same_unit_cannot_know_of_the_case(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.maja):
        assert case_seen(case.pk) is None
        assert my_cases() == []
        assert my_open_cases_about(case.person_id) == []


@pytest.mark.parametrize("who", ["amir", "lena", "nils", "stranger"])
def test_nobody_elsewhere_can_know_of_the_case(cast, who):
    case = factories.open_case(cast, by=cast.siv)
    with acting(getattr(cast, who)):
        assert case_seen(case.pk) is None
        assert my_cases() == []
        assert my_cases(words=case.reference) == []


def test_the_agreement_decides_who_may_start_and_says_whom_to_ask(cast):
    with acting(cast.amir):
        ruling = rules.may_open(cast.amir)
        with pytest.raises(NotAllowed, match="Ditt yrke"):
            factories.open_case(cast, by=cast.amir)
    with acting(cast.siv):
        assert rules.may_open(cast.siv)

    assert not ruling
    assert "Farid Rahimi (FK Humlesund)" in ruling.reason


def test_a_colleague_of_the_same_authority_is_named_first(cast):
    with acting(cast.maja):
        professions = Professional.objects.values_list("profession_id", flat=True)
        names = colleagues_with(professions, near=cast.maja)

    assert names[0] == "Siv Sandberg (Arbetsmarknadstorget)"
    assert len(names) == 3


@pytest.mark.parametrize("who", ["greta", "olof"])
def test_the_office_opens_no_cases(cast, who):
    actor = getattr(cast, who)
    with acting(actor):
        assert not rules.may_open(actor)


def test_a_champion_opens_no_cases_in_that_role(cast):
    champion = replace(cast.siv, role=Role.CHAMPION.value)
    with acting(champion):
        assert rules.may_open(champion).reason.startswith("I den här rollen")


def test_without_an_agreement_in_force_nobody_starts(cast):
    with acting(cast.stranger):
        assert "ingen överenskommelse" in rules.may_open(cast.stranger).reason


def test_a_reference_that_is_taken_is_drawn_again(cast, monkeypatch):
    first = factories.open_case(cast, by=cast.siv)
    drawn = iter([*first.reference.replace("-", ""), *"CCCDDD"])
    monkeypatch.setattr("humla.core.codes.secrets.choice", lambda signs: next(drawn))

    assert factories.open_case(cast, by=cast.siv, number=NUMBERS[0]).reference == "CCC-DDD"


def test_the_responsible_lets_a_colleague_in_and_out(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        made = actions.assign(case, colleague(cast, cast.maja), cast.units["maja"], by=cast.siv)
    with acting(cast.maja):
        seen = case_seen(case.pk)
        rows = my_cases()
    with acting(cast.siv):
        actions.end_assignment(CaseAssignment.objects.get(pk=made.pk), by=cast.siv)
    with acting(cast.maja):
        after = case_seen(case.pk)

    assert seen is not None
    assert [(one.name, one.is_responsible, one.is_held) for one in rows] == [("Eva Ek", False, True)]
    assert after is None
    assert "cases:assignment:ended" in tags()


def test_a_colleague_who_takes_part_does_not_decide_who_takes_part(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        actions.assign(case, colleague(cast, cast.maja), cast.units["maja"], by=cast.siv)
    with acting(cast.maja):
        siv, _maja = working = who_works_in(case)
        ruling = rules.may_assign(cast.maja, case, working=working)

        assert ruling.reason == "Siv Sandberg är ansvarig för ärendet och bestämmer vilka som deltar."
        with pytest.raises(NotAllowed, match="alltid en ansvarig"):
            actions.end_assignment(siv, by=cast.maja)


def test_a_colleague_may_leave_by_herself(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        actions.assign(case, colleague(cast, cast.maja), cast.units["maja"], by=cast.siv)
    with acting(cast.maja):
        mine = my_assignment(case, cast.maja)
        assert mine is not None
        actions.end_assignment(mine, by=cast.maja)
        assert case_seen(case.pk) is None


def test_the_responsible_cannot_leave_the_case_without_one(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        mine = my_assignment(case, cast.siv)
        assert mine is not None
        with pytest.raises(NotAllowed, match="alltid en ansvarig"):
            actions.end_assignment(mine, by=cast.siv)


def test_nobody_is_let_in_twice(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        actions.assign(case, colleague(cast, cast.maja), cast.units["maja"], by=cast.siv)
        with pytest.raises(NotAllowed, match="Maja Moberg deltar redan"):
            actions.assign(case, colleague(cast, cast.maja), cast.units["maja"], by=cast.siv)


def test_an_ended_assignment_is_not_ended_again(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        made = actions.assign(case, colleague(cast, cast.maja), cast.units["maja"], by=cast.siv)
        actions.end_assignment(made, by=cast.siv)
        with pytest.raises(NotAllowed, match="redan avslutat"):
            actions.end_assignment(made, by=cast.siv)
        assert assignment_in(case, made.pk) is None


def test_somebody_of_another_authority_is_not_let_in(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        with pytest.raises(NotAllowed, match="annan myndighet"):
            actions.assign(case, colleague(cast, cast.amir), cast.units["amir"], by=cast.siv)
        with pytest.raises(NotAllowed, match="handlägger inte ärenden för"):
            actions.assign(case, colleague(cast, cast.amir), cast.units["siv"], by=cast.siv)


def test_there_is_one_responsible_at_a_time(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv), pytest.raises(NotAllowed, match="en ansvarig i taget"):
        actions.assign(
            case, colleague(cast, cast.maja), cast.units["maja"], role=CaseRole.RESPONSIBLE, by=cast.siv
        )


def test_the_database_lets_nobody_assign_herself(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.maja), pytest.raises(DatabaseError), transaction.atomic():
        actions._let_in(case, cast.maja.id, cast.maja.unit_id, CaseRole.MEMBER, cast.maja)


def test_the_database_opens_no_case_about_another_authoritys_person(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.nils), pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.create(
            association_id=cast.nils.association_id,
            authority_id=cast.nils.authority_id,
            unit_id=cast.nils.unit_id,
            person_id=case.person_id,
            reference="ABC-123",
            opened_at=case.opened_at,
            opened_by_id=cast.nils.id,
        )


def test_nobody_opens_a_second_case_beside_her_own_about_the_same_person(cast):
    case = factories.open_case(cast, by=cast.siv)
    with pytest.raises(NotAllowed, match=f"pågående ärende om personen: {case.reference}"):
        factories.open_case(cast, by=cast.siv)

    # Maja may not know that Siv has one, so she is not told.
    assert factories.open_case(cast, by=cast.maja).person_id == case.person_id


def test_a_case_is_opened_about_a_person_of_ones_own_record(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        person = person_seen(case.person_id)
    assert person is not None
    with acting(cast.nils), pytest.raises(NotAllowed, match="registrerad hos en annan myndighet"):
        actions.open_case(person=person, reason="Kort.", by=cast.nils)


def test_a_closed_case_is_not_changed(cast):
    case = factories.open_case(cast, by=cast.siv)
    case.state = "closed"
    with acting(cast.siv):
        assert rules.may_change(cast.siv, case).reason == "Ärendet är avslutat."


def test_a_receiver_reads_the_case_and_does_not_change_it(cast):
    document = factories.adopted_plan(cast, by=cast.siv)
    handed = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(handed, by=cast.amir)
    with acting(cast.amir):
        case = case_seen(document.case_id)
        rows = my_cases()
        assert case is not None
        ruling = rules.may_change(cast.amir, case)
        working = who_works_in(case)
    with acting(cast.lena):
        assert my_cases() == []

    assert not is_held(case, cast.amir)
    assert ruling.reason.startswith("Individ- och arbetsmarknadsnämnden har ärendet.")
    assert [(one.name, one.is_held, one.unit_name) for one in rows] == [("", False, "Arbetsmarknadstorget")]
    assert [one.professional.name for one in working] == ["Amir Haddad"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_many_questions_for_one_case_as_for_three(cast, django_assert_num_queries, count):
    for number in NUMBERS[:count]:
        factories.open_case(cast, by=cast.siv, number=number)
    with acting(cast.siv), django_assert_num_queries(2):
        rows = my_cases()

    assert len(rows) == count


def test_the_list_is_newest_first_and_goes_on_where_it_ended(cast, clock):
    made = []
    for day, number in enumerate(NUMBERS, start=1):
        clock(datetime(2026, 11, day, 9, tzinfo=UTC))
        made.append(factories.open_case(cast, by=cast.siv, number=number, name=f"Eva {day}").reference)
    with acting(cast.siv):
        first = my_cases(limit=2)
        rest = my_cases(limit=2, before=first[-1].mark)

    assert [one.reference for one in first + rest] == list(reversed(made))


def test_the_search_finds_references_and_names_among_ones_own(cast):
    case = factories.open_case(cast, by=cast.siv, name="Eva Ek")
    factories.open_case(cast, by=cast.siv, number=NUMBERS[0], name="Berit Björk")
    factories.open_case(cast, by=cast.nils, number=NUMBERS[1], name="Eva Ekman")
    with acting(cast.siv):
        by_name = [one.name for one in my_cases(words="eva")]
        by_both = [one.name for one in my_cases(words="ek EVA")]
        by_reference = [one.name for one in my_cases(words=case.reference.lower())]
        by_number = my_cases(words="1986")

    assert (by_name, by_both, by_reference, by_number) == (["Eva Ek"], ["Eva Ek"], ["Eva Ek"], [])


def test_a_case_is_opened_about_a_sixteen_year_old_and_not_about_one_who_is_fifteen(cast):
    with acting(cast.siv):
        ida, bo = (
            register(PersonDetails(name, "Ek", born_year=today().year - age), by=cast.siv).person
            for name, age in (("Ida", 16), ("Bo", 15))
        )
        opened = actions.open_case(person=ida, reason="Många kontakter.", by=cast.siv)
        with pytest.raises(NotAllowed, match="Överenskommelsen gäller från 16 år, och personen är yngre"):
            actions.open_case(person=bo, reason="Många kontakter.", by=cast.siv)

    assert opened.person_id == ida.pk


def test_the_age_of_somebody_whom_a_colleague_has_registered_is_read_from_the_number(cast):
    child = PersonDetails("Ida", "Ek", parse("201301102388", today()))
    with acting(cast.maja):
        register(child, by=cast.maja)
    with acting(cast.siv):
        found = register(child, by=cast.siv)
        assert not found.is_new
        with pytest.raises(NotAllowed, match="Överenskommelsen gäller från 16 år"):
            actions.open_case(person=found.person, reason="Många kontakter.", by=cast.siv)


def test_a_tab_that_began_first_and_came_last_opens_no_second_case(cast, clock):
    clock(LATER)
    factories.open_case(cast, by=cast.siv)
    clock(LATER - timedelta(seconds=1))

    with pytest.raises(NotAllowed, match="kanske i en annan flik"):
        factories.open_case(cast, by=cast.siv)
