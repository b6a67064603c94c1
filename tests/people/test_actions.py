"""Eva is written down once at every authority, whatever she has for a number."""

import threading
from dataclasses import replace

import pytest
from django.db import connections, transaction

from humla.audit.models import Event
from humla.cases.actions import open_case
from humla.cases.models import Case, CaseState
from humla.core.context import acting, now
from humla.core.dates import today
from humla.core.numbers import parse
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.people import actions
from humla.people.actions import NumberTaken, PersonDetails
from humla.people.models import HouseholdRole, Language, NumberKind, Person, PersonLink
from humla.people.naming import born_on, masked_number, number_label, whole_number
from humla.people.visibility import links_of, person_seen
from tests import factories
from tests.cast import EVA, Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

ANOTHER = "196411182394"
COORDINATION = "197010632391"


def eva(number: str = EVA, **more: object) -> PersonDetails:
    """What Siv types about Eva."""
    return PersonDetails("Eva", "Ek", parse(number, today()) if number else None, **more)  # type: ignore[arg-type]


def tags_about(number: str) -> list[tuple[str, int]]:
    """What the trail says about somebody, and how many things each line names; asked as herself."""
    with person_acting(number):
        return [(one.tag, len(one.items)) for one in Event.objects.order_by("at", "tag")]


def sought(cast: Cast) -> list[object]:
    """Whose the numbers were that Siv's authority has looked up, as its log reviewer reads it."""
    with acting(replace(cast.siv, role="log_reviewer")):
        lines = Event.objects.filter(tag="people:number:sought").order_by("person_id")
        return [one.person_id for one in lines]


def test_eva_is_registered_with_her_number_sealed_and_shown_masked(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        person = person_seen(case.person_id)

    assert person is not None
    assert (person.number_kind, masked_number(person), whole_number(person), person.code) == (
        NumberKind.PERSONNUMMER,
        "19860611-••••",
        "19860611-2384",
        "",
    )
    assert (number_label(person), born_on(person).isoformat(), person.born_year) == (  # type: ignore[union-attr]
        "Personnummer",
        "1986-06-11",
        1986,
    )
    assert tags_about(EVA)[-1] == ("people:person:registered", 1)


def test_the_same_number_again_is_the_same_row_and_says_nothing_more(cast):
    first = factories.open_case(cast, by=cast.siv)
    with acting(cast.maja):
        again = actions.register(eva(), by=cast.maja)

        assert (again.person.pk, again.is_new) == (first.person_id, False)
        with pytest.raises(Person.DoesNotExist):
            _ = again.person.given_name


def test_a_found_person_can_be_read_once_one_works_with_her(cast):
    factories.open_case(cast, by=cast.siv)
    hers = factories.open_case(cast, by=cast.maja, name="Eva Felskriven")
    with acting(cast.maja):
        person = person_seen(hers.person_id)

    assert person is not None
    assert person.full_name == "Eva Ek"


def test_two_authorities_have_a_row_each_and_cannot_match_them(cast):
    at_siv = factories.open_case(cast, by=cast.siv)
    at_nils = factories.open_case(cast, by=cast.nils)
    with acting(cast.siv):
        one = person_seen(at_siv.person_id)
        nothing = person_seen(at_nils.person_id)
    with acting(cast.nils):
        other = person_seen(at_nils.person_id)

    assert one is not None
    assert other is not None
    assert nothing is None
    assert one.pk != other.pk
    assert one.number_lookup != other.number_lookup
    with person_acting(EVA):
        assert set(Person.objects.values_list("pk", flat=True)) == {one.pk, other.pk}


def test_somebody_without_a_number_gets_a_code_of_her_own(cast):
    with acting(cast.siv):
        first, second = (actions.register(eva(""), by=cast.siv).person for _each in range(2))

    assert (first.number_kind, first.number, first.number_lookup) == (NumberKind.CODE, "", "")
    assert (len(first.code), first.code[:2], first.code[5]) == (9, "T-", "-")
    assert first.code != second.code
    assert masked_number(first) == first.code
    assert born_on(first) is None


def test_a_coordination_number_is_called_that(cast):
    with acting(cast.siv):
        person = actions.register(eva(COORDINATION), by=cast.siv).person

    assert (person.number_kind, number_label(person)) == (NumberKind.SAMORDNINGSNUMMER, "Samordningsnummer")


def test_household_language_and_wishes_belong_to_the_person(cast):
    with acting(cast.siv):
        person = actions.register(
            eva(
                household_role=HouseholdRole.CO_APPLICANT,
                language=Language.ARABIC,
                needs_interpreter=True,
                communication_support="bilder",
                wants_contact_by="sms",
            ),
            by=cast.siv,
        ).person

    assert (person.household_role, person.language, person.needs_interpreter) == ("co", "ar", True)
    assert (person.communication_support, person.wants_contact_by) == ("bilder", "sms")


def test_only_those_who_handle_cases_register_people(cast):
    with acting(cast.greta), pytest.raises(NotAllowed, match="handlägger ärenden"):
        actions.register(eva(), by=cast.greta)


def test_a_change_raises_the_version_and_is_on_the_trail(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        person = Person.objects.get(pk=case.person_id)
        changed = actions.change(person, eva(language=Language.SOMALI), version=1, by=cast.siv)

    assert (changed.language, changed.version, changed.number) == ("so", 2, EVA)
    assert ("people:person:changed", 1) in tags_about(EVA)


def test_the_one_who_was_later_is_told_and_nothing_is_written_over(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        person = Person.objects.get(pk=case.person_id)
        actions.change(person, eva(wants_contact_by="sms"), version=1, by=cast.siv)
        with pytest.raises(Stale) as stale:
            actions.change(person, eva(wants_contact_by="brev"), version=1, by=cast.siv)

        assert isinstance(stale.value.theirs, Person)
        assert (stale.value.theirs.wants_contact_by, stale.value.theirs.version) == ("sms", 2)


def test_a_code_is_exchanged_for_a_number_and_then_her_own_page_finds_her(cast):
    with acting(cast.siv):
        person = actions.register(eva(""), by=cast.siv).person
    case = _case_about(person, cast)
    with acting(cast.siv):
        changed = actions.change(person, eva(), version=1, by=cast.siv)

    assert (changed.number_kind, changed.number, changed.code) == (NumberKind.PERSONNUMMER, EVA, "")
    with person_acting(EVA):
        assert [one.pk for one in Person.objects.all()] == [case.person_id]


def test_a_number_that_stands_is_never_written_over(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv), pytest.raises(NotAllowed, match="Numret står fast"):
        actions.change(Person.objects.get(pk=case.person_id), eva(ANOTHER), version=1, by=cast.siv)


def test_a_number_that_another_row_has_leads_to_linking(cast):
    factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        person = actions.register(eva(""), by=cast.siv).person
    _case_about(person, cast)
    with acting(cast.siv), pytest.raises(NotAllowed, match="Koppla ihop"):
        actions.change(person, eva(), version=1, by=cast.siv)


def test_a_wrong_number_is_corrected_and_the_stranger_sees_nothing_more(cast):
    case = factories.open_case(cast, by=cast.siv, number=ANOTHER)
    with person_acting(ANOTHER):
        assert [one.pk for one in Case.objects.all()] == [case.pk]
    with acting(cast.siv):
        person = Person.objects.get(pk=case.person_id)
        corrected = actions.correct_number(
            person, parse(EVA, today()), reason="Hon visade sitt kort.", version=1, by=cast.siv
        )

    assert (corrected.number, corrected.born_year, corrected.version) == (EVA, 1986, 2)
    assert (corrected.code, corrected.number_reason) == ("", "Hon visade sitt kort.")
    with person_acting(ANOTHER):
        assert (list(Case.objects.all()), list(Person.objects.all()), list(Event.objects.all())) == (
            [],
            [],
            [],
        )
    with person_acting(EVA):
        assert [one.pk for one in Case.objects.all()] == [case.pk]
    assert ("people:number:corrected", 1) in tags_about(EVA)


def test_a_wrong_number_without_a_right_one_is_a_code_again_and_her_page_is_found_later(cast):
    case = factories.open_case(cast, by=cast.siv, number=ANOTHER)
    with acting(cast.siv):
        person = Person.objects.get(pk=case.person_id)
        coded = actions.correct_number(person, None, reason="Hon heter en annan.", version=1, by=cast.siv)

    assert (coded.number_kind, coded.number, coded.number_lookup) == (NumberKind.CODE, "", "")
    assert (coded.code[:2], coded.born_year) == ("T-", None)
    with person_acting(ANOTHER):
        assert list(Case.objects.all()) == []
    with acting(cast.siv):
        numbered = actions.change(coded, eva(), version=2, by=cast.siv)
    assert numbered.number == EVA
    with person_acting(EVA):
        assert [one.pk for one in Case.objects.all()] == [case.pk]
    with person_acting(ANOTHER):
        assert list(Case.objects.all()) == []


def test_a_number_is_not_corrected_to_one_that_another_registration_has(cast):
    theirs = factories.open_case(cast, by=cast.maja)
    case = factories.open_case(cast, by=cast.siv, number=ANOTHER)
    with acting(cast.siv):
        person = Person.objects.get(pk=case.person_id)
    with acting(cast.siv), pytest.raises(NumberTaken, match="Koppla ihop") as taken:
        actions.correct_number(person, parse(EVA, today()), reason="Kort.", version=1, by=cast.siv)

    assert taken.value.person_id == theirs.person_id


def test_a_number_is_corrected_with_a_reason_and_to_something_else(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        person = Person.objects.get(pk=case.person_id)
        with pytest.raises(NotAllowed, match="hur du vet"):
            actions.correct_number(person, None, reason=" ", version=1, by=cast.siv)
        with pytest.raises(NotAllowed, match="står redan"):
            actions.correct_number(person, parse(EVA, today()), reason="Kort.", version=1, by=cast.siv)
        coded = actions.register(eva(""), by=cast.siv).person
        with pytest.raises(NotAllowed, match="inget nummer som kan rättas"):
            actions.correct_number(coded, parse(ANOTHER, today()), reason="Kort.", version=1, by=cast.siv)


def test_a_wrong_number_is_corrected_also_when_the_case_is_closed_but_not_from_elsewhere(cast):
    case = factories.open_case(cast, by=cast.siv, number=ANOTHER)
    with acting(cast.siv):
        Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, closed_at=now())
        person = Person.objects.get(pk=case.person_id)
    with acting(cast.nils), pytest.raises(NotAllowed, match="annan myndighet"):
        actions.correct_number(person, None, reason="Fel.", version=1, by=cast.nils)
    with acting(cast.siv):
        assert actions.correct_number(person, None, reason="Fel.", version=1, by=cast.siv).number == ""


def test_a_colleague_who_does_not_work_with_her_corrects_nothing(cast):
    case = factories.open_case(cast, by=cast.siv, number=ANOTHER)
    with acting(cast.siv):
        person = Person.objects.get(pk=case.person_id)
    with acting(cast.maja), pytest.raises(Stale):
        actions.correct_number(person, parse(EVA, today()), reason="Fel.", version=1, by=cast.maja)
    with person_acting(ANOTHER):
        assert [one.number for one in Person.objects.all()] == [ANOTHER]


def test_every_look_up_by_number_is_on_the_trail_with_whose_it_was(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        actions.found_by_number(parse(EVA, today()), by=cast.siv)
        actions.found_by_number(parse(ANOTHER, today()), by=cast.siv)
        actions.register(eva(), by=cast.siv)

    # Two of hers; two of nobody's: the other number, and hers before she was registered.
    assert sought(cast) == [case.person_id, case.person_id, None, None]
    assert tags_about(EVA).count(("people:number:sought", 1)) == 2


def test_a_form_that_is_too_old_looks_nobody_up(cast):
    theirs = factories.open_case(cast, by=cast.maja)
    with acting(cast.siv):
        coded = actions.register(eva(""), by=cast.siv).person
    _case_about(coded, cast)
    numbered = factories.open_case(cast, by=cast.siv, number=ANOTHER)
    before = sought(cast)
    with acting(cast.siv):
        with pytest.raises(Stale):
            actions.change(coded, eva(), version=7, by=cast.siv)
        person = Person.objects.get(pk=numbered.person_id)
        with pytest.raises(Stale):
            actions.correct_number(person, parse(EVA, today()), reason="Kort.", version=7, by=cast.siv)

    assert theirs.person_id not in sought(cast)
    assert sought(cast) == before


def test_nobody_corrects_another_authoritys_record(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        person = Person.objects.get(pk=case.person_id)
    with acting(cast.nils), pytest.raises(NotAllowed, match="annan myndighet"):
        actions.change(person, eva(), version=1, by=cast.nils)
    with acting(cast.nils):
        assert Person.objects.filter(pk=person.pk).update(given_name="Någon") == 0


def test_two_rows_are_linked_and_taken_apart_and_neither_is_changed(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        coded = actions.register(eva(""), by=cast.siv).person
    _case_about(coded, cast)
    with acting(cast.siv):
        known = Person.objects.get(pk=case.person_id)
        made = actions.link(coded, known, reason="Hon visade sitt kort.", by=cast.siv)
        linked = [one.other.pk for one in links_of(known) if one.other]
        actions.unlink(made, by=cast.siv)

        assert linked == [coded.pk]
        assert links_of(known) == []
        assert [one.version for one in Person.objects.order_by("number_kind")] == [1, 1]
        assert PersonLink.objects.filter(undone_at__isnull=False).count() == 1
    assert {("people:link:made", 1), ("people:link:undone", 1)} <= set(tags_about(EVA))


def test_a_row_is_not_linked_to_itself_nor_twice(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        known = Person.objects.get(pk=case.person_id)
        coded = actions.register(eva(""), by=cast.siv).person
        with pytest.raises(NotAllowed, match="samma registrering"):
            actions.link(known, known, reason="?", by=cast.siv)
        actions.link(known, coded, reason="Hon sa det.", by=cast.siv)
        with pytest.raises(NotAllowed, match="redan ihopkopplad"):
            actions.link(known, coded, reason="Hon sa det igen.", by=cast.siv)


def test_what_is_apart_is_not_taken_apart_again(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        coded = actions.register(eva(""), by=cast.siv).person
        made = actions.link(Person.objects.get(pk=case.person_id), coded, reason="Kort.", by=cast.siv)
        actions.unlink(made, by=cast.siv)
        with pytest.raises(NotAllowed, match="redan isärtagna"):
            actions.unlink(made, by=cast.siv)


def test_a_number_is_found_at_ones_own_authority_only(cast):
    case = factories.open_case(cast, by=cast.siv)
    number = parse(EVA, today())
    with acting(cast.maja):
        mine = actions.found_by_number(number, by=cast.maja)
    with acting(cast.nils):
        theirs = actions.found_by_number(number, by=cast.nils)

    assert mine is not None
    assert (mine.pk, theirs) == (case.person_id, None)


def test_two_colleagues_in_the_same_second_make_one_row(cast, committed_db):
    found: list[tuple[object, bool]] = []
    together = threading.Barrier(2)

    def register(actor: object) -> None:
        try:
            with transaction.atomic(), acting(actor):  # type: ignore[arg-type]
                together.wait(5)
                one = actions.register(eva(), by=actor)  # type: ignore[arg-type]
                found.append((one.person.pk, one.is_new))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=register, args=[actor]) for actor in (cast.siv, cast.maja)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)

    assert sorted(is_new for _id, is_new in found) == [False, True]
    assert len({person for person, _new in found}) == 1


def _case_about(person: Person, cast: Cast) -> Case:
    with acting(cast.siv):
        return open_case(person=person, reason="Det behövs.", by=cast.siv)
