"""Eva's details: her number masked, two who change at once, and two registrations of one human."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from humla.audit.models import Event
from humla.cases.actions import assign, open_case
from humla.cases.models import Case
from humla.core.context import acting, now, today
from humla.drafts.actions import counted
from humla.organisation.models import Professional
from humla.people import actions
from humla.people.actions import PersonDetails
from humla.people.models import Person, PersonLink
from humla.web.seeking import may_seek
from tests import factories
from tests.cast import EVA, Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

STRANGER = "196411182394"
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


def sought(cast: Cast) -> list[UUID | None]:
    """Whose the numbers were that Siv's authority has looked up, as its log reviewer reads it."""
    with acting(replace(cast.siv, role="log_reviewer")):
        lines = Event.objects.filter(tag="people:number:sought").order_by("person_id")
        return [one.person_id for one in lines]


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
            "initiator": "person",
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


def test_a_wrong_number_is_corrected_on_a_page_of_its_own(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv, number=STRANGER)
    door, stranger = sign_in(cast.siv), sign_in(STRANGER)
    place = f"/arenden/{case.pk}/person/nummer/"
    shown = "Det finns ingen plan för dig här" not in text_of(stranger.get("/min-sida/"))
    asked = door.get(f"/arenden/{case.pk}/person/").content.decode()
    page = text_of(door.get(place))
    answer = door.send(place, {"number": EVA, "reason": "Hon visade sitt kort.", "version": "1"})
    after = text_of(door.get(answer.url))

    assert shown
    assert place in asked
    assert "19641118-•••• Född 18 november 1964" in page
    assert "Numret är rättat. Den som hade det gamla numret ser inget längre." in after
    assert "Numret är rättat: Hon visade sitt kort." in after
    assert "19860611-••••" in after
    assert "Det finns ingen plan för dig här" in text_of(stranger.get("/min-sida/"))
    assert "Det finns ingen plan för dig här" not in text_of(sign_in(EVA).get("/min-sida/"))
    assert "rättade ditt personnummer" in text_of(sign_in(EVA).get("/min-sida/vem-har-last/?visa=allt"))


def test_a_wrong_number_is_taken_away_when_nobody_knows_the_right_one(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv, number=STRANGER)
    door = sign_in(cast.siv)
    place = f"/arenden/{case.pk}/person/nummer/"
    answer = door.send(place, {"is_unknown": "on", "reason": "Hon säger att det är fel.", "version": "1"})
    page = text_of(door.get(answer.url))

    assert "T-" in page
    assert "Fel nummer?" not in page
    assert "Personen har inget nummer som kan rättas." in text_of(door.get(place))
    assert "Det finns ingen plan för dig här" in text_of(sign_in(STRANGER).get("/min-sida/"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Skriv det rätta numret, eller kryssa i att det inte är känt än."),
        (
            {"number": EVA, "is_unknown": "on"},
            "Skriv det rätta numret, eller kryssa i att det inte är känt än.",
        ),
        ({"number": "198606112385"}, "Kontrollsiffran stämmer inte."),
        ({"number": STRANGER}, "Det är numret som står redan."),
        ({"number": EVA, "reason": ""}, "Skriv hur du vet det, så att en kollega kan förstå det senare."),
        ({"number": EVA, "version": "7"}, "En kollega ändrade uppgifterna medan du skrev."),
    ],
)
def test_a_mistake_in_correcting_is_told_and_nothing_is_changed(cast, sign_in, typed, sentence):
    case = factories.open_case(cast, by=cast.siv, number=STRANGER)
    page = sign_in(cast.siv).send(
        f"/arenden/{case.pk}/person/nummer/", {"reason": "Hon sa det.", "version": "1", **typed}
    )

    assert page.status_code == 200
    assert sentence in text_of(page)
    with acting(cast.siv):
        assert [(one.number, one.version) for one in Person.objects.all()] == [(STRANGER, 1)]


def test_a_number_that_another_has_leads_to_linking_and_she_reads_that_somebody_looked(cast, sign_in):
    theirs = factories.open_case(cast, by=cast.maja)
    case = factories.open_case(cast, by=cast.siv, number=STRANGER)
    coded = _coded(cast)
    door, sent = sign_in(cast.siv), {"number": EVA, "reason": "Kort.", "version": "1"}
    corrected = door.send(f"/arenden/{case.pk}/person/nummer/", sent)
    numbered = door.send(f"/arenden/{coded.pk}/person/", {**STANDS, "number": EVA})

    for page in (corrected, numbered):
        assert "Koppla ihop registreringarna i stället." in text_of(page)
    assert sought(cast).count(theirs.person_id) == 2
    with person_acting(EVA):
        hers = Event.objects.filter(tag="people:number:sought")
        assert {(one.person_id, one.case_id) for one in hers} == {(theirs.person_id, None)}


def test_a_form_that_is_too_old_looks_nobody_up(cast, sign_in):
    factories.open_case(cast, by=cast.maja)
    case, before = _coded(cast), sought(cast)
    page = sign_in(cast.siv).send(f"/arenden/{case.pk}/person/", {**STANDS, "number": EVA, "version": "7"})

    assert "Numret finns redan" not in text_of(page)
    assert sought(cast) == before


def test_nobody_is_looked_up_for_a_link_that_cannot_be_made(cast, sign_in):
    known = factories.open_case(cast, by=cast.siv, number=STRANGER)
    factories.open_case(cast, by=cast.maja)
    case, door = _coded(cast), sign_in(cast.siv)
    place = f"/arenden/{case.pk}/person/koppla/"
    door.send(place, {"other": STRANGER, "reason": "Kort."})
    before = sought(cast)
    page = text_of(door.send(place, {"other": EVA, "reason": "Kort."}))

    assert before.count(known.person_id) == 1
    assert "Personen är redan ihopkopplad. Ta isär den kopplingen först." in page
    assert sought(cast) == before


def test_numbers_are_not_tried_without_end(cast, sign_in, clock):
    known, case = factories.open_case(cast, by=cast.maja), _coded(cast)
    door, place = sign_in(cast.siv), f"/arenden/{case.pk}/person/koppla/"
    tries = [door.send(place, {"other": STRANGER, "reason": "Kort."}) for _each in range(20)]
    stopped = [
        door.send(place, {"other": EVA, "reason": "Kort."}),
        door.send(f"/arenden/{case.pk}/person/", {**STANDS, "number": EVA}),
        door.send(
            "/arenden/nytt/",
            {**STANDS, "number": EVA, "reason": "R", "initiator": "person"},
        ),
    ]

    assert {"Ingen registrering hos er har det numret" in text_of(one) for one in tries} == {True}
    for page in stopped:
        assert "Du har sökt på många nummer i dag. Vänta till i morgon eller prata med din chef." in text_of(
            page
        )
    assert (sought(cast).count(None), sought(cast).count(known.person_id)) == (21, 0)
    with acting(cast.siv):
        tomorrow = now() + timedelta(days=1)
    clock(tomorrow)
    with acting(cast.siv):
        assert may_seek()


def test_numbers_that_nobody_has_are_counted_also_when_they_are_saved(cast, sign_in):
    door = sign_in(cast.siv)
    door.send(f"/arenden/{_coded(cast).pk}/person/", {**STANDS, "number": STRANGER})
    with acting(cast.siv):
        person = Person.objects.get()
        case = Case.objects.get()
        before = counted("number_misses", today())
    door.send(
        f"/arenden/{case.pk}/person/nummer/", {"number": EVA, "reason": "K", "version": str(person.version)}
    )
    with acting(cast.siv):
        assert (before, counted("number_misses", today())) == (1, 2)


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
