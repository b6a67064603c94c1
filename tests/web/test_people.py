"""Eva's details: her number masked, two who change at once, and two registrations of one human."""

import re

import pytest

from humla.audit.models import Event
from humla.cases.actions import assign, open_case
from humla.cases.models import Case
from humla.core.context import acting
from humla.organisation.models import Professional
from humla.people import actions
from humla.people.actions import PersonDetails
from humla.people.models import Person, PersonLink
from tests import factories
from tests.cast import EVA, Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

STANDS = {
    "given_name": "Eva",
    "family_name": "Ek",
    "language": "sv",
    "communication_support": "",
    "wants_contact_by": "",
    "household_role": "none",
    "sex": "x",
    "version": "1",
}


def text_of(response) -> str:
    """What the page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def trail() -> list[tuple[str, list[str]]]:
    with person_acting(EVA):
        return [(one.tag, [item[0] for item in one.items]) for one in Event.objects.order_by("at")]


def _coded(cast: Cast) -> Case:
    """Somebody without a number, in a case of Siv's."""
    with acting(cast.siv):
        person = actions.register(PersonDetails("Eva", "Utan Nummer"), by=cast.siv).person
        return open_case(person=person, reason="Behövs.", by=cast.siv)


def test_the_number_is_masked_and_the_whole_is_a_look_of_its_own(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    door = sign_in(cast.siv)
    masked = door.get(f"/arenden/{case.pk}/person/").content.decode()
    whole = door.get(f"/arenden/{case.pk}/person/?nummer=visa").content.decode()

    assert ("19860611-••••" in masked, "2384" in masked) == (True, False)
    assert "19860611-2384" in whole
    assert trail()[-2:] == [("cases:case:read", ["person"]), ("people:number:read", ["person"])]


def test_details_are_changed_and_the_next_page_says_so(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    door = sign_in(cast.siv)
    answer = door.send(
        f"/arenden/{case.pk}/person/",
        {**STANDS, "language": "fi", "needs_interpreter": "on", "household_role": "main", "sex": "k"},
    )
    page = text_of(door.get(answer.url))
    with acting(cast.siv):
        person = Person.objects.get()

    assert "Uppgifterna är sparade." in page
    assert (person.language, person.needs_interpreter, person.household_role, person.sex) == (
        "fi",
        True,
        "main",
        "k",
    )
    assert (person.number, person.born_year, person.version) == (EVA, 1986, 2)


def test_the_one_who_was_later_sees_both_texts_and_loses_nothing(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        assign(case, Professional.objects.get(pk=cast.maja.id), cast.units["maja"], by=cast.siv)
    place = f"/arenden/{case.pk}/person/"
    sign_in(cast.maja).send(place, {**STANDS, "wants_contact_by": "sms på kvällen"})
    door = sign_in(cast.siv)
    conflict = door.send(place, {**STANDS, "wants_contact_by": "brev"})
    page = conflict.content.decode()
    again = door.send(place, {**STANDS, "wants_contact_by": "brev", "version": "2"})
    with acting(cast.siv):
        person = Person.objects.get()

    assert conflict.status_code == 200
    assert "En kollega sparade medan du skrev." in page
    assert "sms på kvällen" in page
    assert 'value="brev"' in page
    assert 'name="version" value="2"' in page
    assert again.status_code == 302
    assert (person.wants_contact_by, person.version) == ("brev", 3)


@pytest.mark.parametrize("version", ["", "x", "-1", "99", "9" * 40])
def test_a_version_that_is_not_ours_changes_nothing(cast, sign_in, version):
    case = factories.open_case(cast, by=cast.siv)
    page = sign_in(cast.siv).send(
        f"/arenden/{case.pk}/person/", {**STANDS, "given_name": "Någon", "version": version}
    )

    assert page.status_code == 200
    with acting(cast.siv):
        assert Person.objects.get().given_name == "Eva"


def test_a_mistake_keeps_what_was_typed_and_the_version(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    page = sign_in(cast.siv).send(
        f"/arenden/{case.pk}/person/", {**STANDS, "given_name": "", "family_name": "Al"}
    )

    assert "Skriv förnamnet." in text_of(page)
    assert 'value="Al"' in page.content.decode()
    assert 'name="version" value="1"' in page.content.decode()


def test_what_was_typed_of_somebody_known_is_saved_when_one_says_so(cast, sign_in):
    factories.open_case(cast, by=cast.siv)
    door = sign_in(cast.maja)
    opened = door.send(
        "/arenden/nytt/",
        {
            "number": EVA,
            "given_name": "Eva",
            "family_name": "Ek",
            "reason": "Behövs.",
            "language": "ar",
            "needs_interpreter": "on",
        },
    )
    asked = door.get(opened.url).content.decode()
    saved = door.send(opened.url, {**STANDS, "language": "ar", "needs_interpreter": "on"})
    after = text_of(door.get(saved.url))

    assert 'value="ar" selected' in asked
    assert "Personen fanns redan" in asked
    assert "Personen fanns redan" not in after
    with acting(cast.maja):
        person = Person.objects.get()
    assert (person.language, person.needs_interpreter) == ("ar", True)


def test_a_code_is_exchanged_for_a_number(cast, sign_in):
    case = _coded(cast)
    door = sign_in(cast.siv)
    wrong = door.send(f"/arenden/{case.pk}/person/", {**STANDS, "number": "198606112385"})
    right = door.send(f"/arenden/{case.pk}/person/", {**STANDS, "number": "860611-2384"})

    assert "Kontrollsiffran stämmer inte." in text_of(wrong)
    assert right.status_code == 302
    with acting(cast.siv):
        assert [(one.number, one.code) for one in Person.objects.all()] == [(EVA, "")]


def test_a_number_that_is_there_already_leads_to_linking(cast, sign_in):
    factories.open_case(cast, by=cast.siv)
    case = _coded(cast)
    page = sign_in(cast.siv).send(f"/arenden/{case.pk}/person/", {**STANDS, "number": EVA})

    assert "Numret finns redan hos er myndighet. Koppla ihop registreringarna i stället." in text_of(page)


def test_two_registrations_are_linked_and_taken_apart(cast, sign_in):
    known = factories.open_case(cast, by=cast.siv)
    case = _coded(cast)
    door = sign_in(cast.siv)
    place = f"/arenden/{case.pk}/person/"
    linked = door.send(f"{place}koppla/", {"other": "19860611-2384", "reason": "Hon visade sitt kort."})
    page = door.get(place)
    found = re.search(r"koppla/([0-9a-f-]{36})/ta-isar/", page.content.decode())
    assert found is not None
    apart = door.send(f"{place}koppla/{found[1]}/ta-isar/")

    assert (linked.url, apart.url) == (place, place)
    assert "Hon visade sitt kort." in text_of(page)
    assert "Eva Ek" in text_of(page)
    assert "Hon visade sitt kort." not in text_of(door.get(place))
    with acting(cast.siv):
        link = PersonLink.objects.get()
    assert (link.same_as_id, link.undone_by_id) == (known.person_id, cast.siv.id)


def test_a_link_to_somebody_one_does_not_work_with_tells_nothing_of_her(cast, sign_in):
    factories.open_case(cast, by=cast.maja, name="Eva Hemligast")
    case = _coded(cast)
    door = sign_in(cast.siv)
    door.send(f"/arenden/{case.pk}/person/koppla/", {"other": EVA, "reason": "Hon visade sitt kort."})
    page = text_of(door.get(f"/arenden/{case.pk}/person/"))

    assert "En registrering som du inte arbetar med" in page
    assert "Hemligast" not in page


@pytest.mark.parametrize("other", ["T-XXX-XXX", "hej", "196411182394"])
def test_an_unknown_number_or_code_links_nothing(cast, sign_in, other):
    case = _coded(cast)
    page = sign_in(cast.siv).send(f"/arenden/{case.pk}/person/koppla/", {"other": other, "reason": "Kort."})

    assert "Ingen registrering hos er har det numret eller den koden." in text_of(page)


def test_a_person_elsewhere_cannot_be_linked_or_known(cast, sign_in):
    factories.open_case(cast, by=cast.nils)
    case = _coded(cast)
    page = sign_in(cast.siv).send(f"/arenden/{case.pk}/person/koppla/", {"other": EVA, "reason": "Tror det."})

    assert "Ingen registrering hos er har det numret eller den koden." in text_of(page)


def test_a_receiver_reads_the_plan_and_never_the_persons_row(cast, sign_in):
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )
    door = sign_in(cast.amir)

    assert door.get(f"/arenden/{document.case_id}/person/").status_code == 404
    assert door.send(f"/arenden/{document.case_id}/person/", STANDS).status_code == 404
    assert door.get(f"/arenden/{document.case_id}/person/koppla/").status_code == 404


def test_hostile_words_stay_words(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    door = sign_in(cast.siv)
    door.send(f"/arenden/{case.pk}/person/", {**STANDS, "given_name": "<script>alert(1)</script>\u202eEva"})
    page = door.get(f"/arenden/{case.pk}/person/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;Eva" in page
