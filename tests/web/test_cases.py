"""Siv's list, a new case on one page, the case itself, and who takes part in it."""

import re
from dataclasses import replace

import pytest
from django.db import connection

from humla.audit.models import Event
from humla.cases import actions
from humla.cases.actions import assign
from humla.cases.models import Case
from humla.cases.visibility import my_cases, who_works_in
from humla.core.context import acting
from humla.meetings.actions import summon
from humla.meetings.models import Called
from humla.organisation.models import Professional, Role
from humla.people.models import Person
from humla.protection.actions import protect
from tests import factories
from tests.cast import EVA
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

NUMBERS = ["196411182394", "196502022772", "196506232880"]
LIST_QUERIES = 13
CASE_QUERIES = 28
"""The door's own, the trail's and the page's, whatever the number of rows."""

NEW = {
    "number": "19860611-2384",
    "given_name": "Eva",
    "family_name": "Ek",
    "reason": "Många kontakter, ingen gemensam plan.",
    "initiator": "person",
    "need_seen_on": "2026-11-20",
    "language": "so",
    "needs_interpreter": "on",
    "communication_support": "bilder",
    "wants_contact_by": "sms",
}


def text_of(response) -> str:
    """What the page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def looks() -> list[str]:
    with person_acting(EVA):
        return [one.tag for one in Event.objects.order_by("at")]


def test_an_empty_list_says_how_a_case_comes_into_it(cast, sign_in):
    page = text_of(sign_in(cast.siv).get("/arenden/"))

    assert "Du har inga ärenden än" in page
    assert "Nytt ärende" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(cast, sign_in, django_assert_num_queries, count):
    for number in NUMBERS[:count]:
        factories.open_case(cast, by=cast.siv, number=number, name="Berit Björk")
    door = sign_in(cast.siv)
    with django_assert_num_queries(LIST_QUERIES):
        page = door.get("/arenden/")

    assert page.content.decode().count("Berit Björk") == count


def test_three_hundred_cases_come_in_pages_of_fifty(cast, sign_in, django_assert_num_queries):
    first = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        _copies_of(first, cast, 299)
    door = sign_in(cast.siv)
    with django_assert_num_queries(LIST_QUERIES):
        page = door.get("/arenden/").content.decode()
    seen = set()
    while True:
        seen |= set(re.findall(r'/arenden/([0-9a-f-]{36})/"', page))
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if not following:
            break
        page = door.get(following[1].replace("&amp;", "&")).content.decode()

    assert len(seen) == 300


def test_a_mark_that_is_not_ours_begins_from_the_start(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    for mark in ("x", "2026-11-22_y", "2026-11-22T00:00:00_" + str(case.pk), "%00"):
        assert case.reference in text_of(sign_in(cast.siv).get(f"/arenden/?fore={mark}&sok=nonsense"))


def test_the_words_of_a_search_never_stand_in_the_address(cast, sign_in):
    factories.open_case(cast, by=cast.siv)
    factories.open_case(cast, by=cast.siv, number=NUMBERS[0], name="Berit Björk")
    door = sign_in(cast.siv)
    answer = door.send("/arenden/", {"words": "berit"})
    page = text_of(door.get(answer.url))

    assert answer.status_code == 302
    assert "berit" not in answer.url.lower()
    assert ("Berit Björk" in page, "Eva Ek" in page) == (True, False)


def test_no_other_sealed_text_is_shown_by_the_search(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    with connection.cursor() as cursor, acting(cast.siv):
        cursor.execute("SELECT p.number, c.reason FROM people_person p, cases_case c")
        number, reason = cursor.fetchone()
    hers = sign_in(cast.maja).send("/arenden/", {"words": "hemligt ord"}).url
    door = sign_in(cast.siv)
    for address in (f"/arenden/?sok={number}", f"/arenden/?sok={reason}", hers):
        page = door.get(address).content.decode()

        assert case.reference in page  # not searched at all
        assert (EVA in page, "Många kontakter" in page, "hemligt ord" in page) == (False, False, False)


def test_a_search_that_finds_nothing_says_what_to_do(cast, sign_in):
    factories.open_case(cast, by=cast.nils, name="Berit Björk")
    door = sign_in(cast.siv)

    page = text_of(door.get(door.send("/arenden/", {"words": "berit"}).url))
    assert "Inget av dina ärenden stämmer" in page


def test_the_receiver_finds_what_she_has_received_in_the_same_list(cast, sign_in):
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )
    door = sign_in(cast.amir)
    page = text_of(door.get("/arenden/"))

    found = text_of(door.get(door.send("/arenden/", {"words": "eva"}).url))

    assert "Mottaget" in page
    assert "Eva Ek" in page
    assert "Eva Ek" in found
    assert document.case.reference in page
    assert door.get(f"/arenden/{document.case_id}/").url == f"/mottagna/{document.case_id}/"


def test_a_case_is_opened_on_one_page(cast, sign_in):
    door = sign_in(cast.siv)
    answer = door.send("/arenden/nytt/", NEW)
    page = text_of(door.get(answer.url))
    with acting(cast.siv):
        person = Person.objects.get()

    assert "Du frågar Eva om en plan ska göras." in page
    assert (person.number, person.language, person.needs_interpreter) == (EVA, "so", True)
    assert {"cases:case:opened", "people:person:registered", "cases:case:read"} <= set(looks())


def test_without_a_number_there_is_a_code(cast, sign_in):
    door = sign_in(cast.siv)
    answer = door.send("/arenden/nytt/", {**NEW, "number": "", "has_no_number": "on"})
    with acting(cast.siv):
        code = Person.objects.get().code

    assert code in text_of(door.get(answer.url))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"number": "19860611-2385"}, "Kontrollsiffran stämmer inte. Kontrollera numret siffra för siffra."),
        ({"number": ""}, "Skriv numret, eller kryssa i att personen inte har något."),
        ({"has_no_number": "on"}, "Du har skrivit ett nummer. Ta bort krysset eller numret."),
        ({"given_name": " "}, "Skriv förnamnet."),
        ({"reason": ""}, "Skriv med några ord varför en plan behövs."),
        ({"reason": "å" * 501}, "Texten är 501 tecken lång. Korta den till högst 500 tecken."),
    ],
)
def test_a_mistake_is_told_at_the_field_and_nothing_typed_is_lost(cast, sign_in, wrong, sentence):
    door = sign_in(cast.siv)
    page = door.send("/arenden/nytt/", {**NEW, **wrong})

    assert page.status_code == 200
    assert page.content.decode().count(sentence) == 2  # in the summary and at the field
    assert 'value="Ek"' in page.content.decode()
    with acting(cast.siv):
        assert my_cases() == []


def test_a_double_click_opens_one_case(cast, sign_in):
    door = sign_in(cast.siv)
    same = {**NEW, "key": "7c0de6f8-1f2b-4f2c-9f0e-0d1b5c8a9a11"}
    first, second = door.send("/arenden/nytt/", same), door.send("/arenden/nytt/", same)

    assert first.url == second.url
    with acting(cast.siv):
        assert len(my_cases()) == 1


def test_a_known_number_uses_the_same_row_and_does_not_tell_of_other_cases(cast, sign_in):
    theirs = factories.open_case(cast, by=cast.siv)
    door = sign_in(cast.maja)
    answer = door.send("/arenden/nytt/", NEW)
    page = door.get(answer.url).content.decode()

    assert answer.url.endswith("/person/")
    assert "Personen fanns redan hos er myndighet." in text_of(door.get(answer.url))
    assert theirs.reference not in page
    assert "somaliska" in page
    with acting(cast.maja):
        assert [one.language for one in Person.objects.all()] == ["sv"]


def test_a_known_number_is_on_the_trail_with_whose_it_was_also_when_the_form_comes_back(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    sign_in(cast.maja).send("/arenden/nytt/", NEW)
    came_back = sign_in(cast.siv).send("/arenden/nytt/", NEW)
    with person_acting(EVA):
        lines = Event.objects.filter(tag="people:number:sought")
        seekers = {(one.actor_id, one.person_id) for one in lines}

    assert came_back.status_code == 200
    assert seekers == {(cast.maja.id, case.person_id), (cast.siv.id, case.person_id)}


def test_a_known_number_with_the_same_details_goes_straight_to_the_case(cast, sign_in):
    factories.open_case(cast, by=cast.siv)
    same = {"number": EVA, "given_name": "Eva", "family_name": "Ek", "reason": "Behövs."}
    same |= {"language": "sv", "initiator": "person"}
    answer = sign_in(cast.maja).send("/arenden/nytt/", same)

    assert re.fullmatch(r"/arenden/[0-9a-f-]{36}/", answer.url)


def test_one_does_not_open_a_second_case_about_the_same_person_by_mistake(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    page = text_of(sign_in(cast.siv).send("/arenden/nytt/", NEW))

    assert f"Du har redan ett pågående ärende om personen: {case.reference}." in page


def test_whoever_may_not_start_is_told_why_and_whom_to_ask(cast, sign_in):
    door = sign_in(cast.amir)
    page = door.get("/arenden/nytt/").content.decode()

    assert "Ditt yrke får inte starta en SAMSIP" in page
    assert "Farid Rahimi" in page
    assert 'name="given_name"' not in page
    assert door.send("/arenden/nytt/", NEW).status_code == 409


@pytest.mark.parametrize("who", ["maja", "amir", "lena", "nils", "stranger"])
def test_a_case_that_one_may_not_know_of_is_absent(cast, sign_in, who):
    case = factories.open_case(cast, by=cast.siv)
    door = sign_in(getattr(cast, who)) if who != "stranger" else sign_in(cast.nils)
    hidden = door.get(f"/arenden/{case.pk}/")
    nowhere = door.get("/arenden/00000000-0000-4000-8000-000000000000/")

    assert (hidden.status_code, nowhere.status_code) == (404, 404)
    assert _same(hidden) == _same(nowhere)
    assert door.get(f"/arenden/{case.pk}/medarbetare/").status_code == 404
    assert door.get(f"/arenden/{case.pk}/person/").status_code == 404


def test_the_case_page_says_who_waits_names_nobody_in_its_title_and_masks_the_number(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    page = sign_in(cast.siv).get(f"/arenden/{case.pk}/").content.decode()

    assert f"<title>Ärende {case.reference} · Humla</title>" in page
    assert "19860611-••••" in page
    assert "Född 11\N{NO-BREAK SPACE}juni\N{NO-BREAK SPACE}1986" in page
    assert f'/arenden/{case.pk}/person/nummer/"' in page
    assert "2384" not in page
    assert page.index("Du frågar Eva om en plan ska göras.") < page.index("<h1")


def test_the_case_page_asks_as_much_with_one_colleague_as_with_three(
    cast, sign_in, django_assert_num_queries
):
    case = factories.open_case(cast, by=cast.siv)
    door = sign_in(cast.siv)
    with django_assert_num_queries(CASE_QUERIES):
        door.get(f"/arenden/{case.pk}/")
    with acting(cast.siv):
        assign(case, Professional.objects.get(pk=cast.maja.id), cast.units["maja"], by=cast.siv)
    with django_assert_num_queries(CASE_QUERIES):
        page = door.get(f"/arenden/{case.pk}/")

    assert "Maja Moberg" in page.content.decode()


def test_the_case_page_shows_what_has_been_handed_over_and_to_whom(cast, sign_in):
    document = factories.adopted_plan(cast, by=cast.siv)
    door = sign_in(cast.siv)
    waiting = text_of(door.get(f"/arenden/{document.case_id}/"))
    handed = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    arrived = text_of(door.get(f"/arenden/{document.case_id}/"))
    factories.taken_in(handed, by=cast.amir)
    done = text_of(door.get(f"/arenden/{document.case_id}/"))

    assert "AF Humlesund väntar på att du lämnar ut planen." in waiting
    assert "AF Humlesund har fått planen. Ingen där har tagit emot den än." in arrived
    assert "Alla som ska ha planen har fått den." in done
    assert "Läser planen" in done
    assert "Amir Haddad" in done


def test_a_colleague_is_let_in_and_out_and_the_trail_says_so(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    door = sign_in(cast.siv)
    place = f"/arenden/{case.pk}/medarbetare/"
    chosen = re.search(r'name="colleague" value="([^"]+)"', door.get(place).content.decode())
    assert chosen is not None
    door.send(place, {"colleague": chosen[1]})
    inside = text_of(door.get(place))
    with acting(cast.siv):
        maja = next(one for one in who_works_in(case) if one.professional.name == "Maja Moberg")
    ended = door.send(f"{place}{maja.pk}/avsluta/")

    assert "Kollegan deltar nu i ärendet." in inside
    assert chosen[1] not in inside
    assert ended.url == place
    with acting(cast.siv):
        assert [one.professional.name for one in who_works_in(case)] == ["Siv Sandberg"]
    assert {"cases:assignment:made", "cases:assignment:ended"} <= set(looks())


def test_a_colleague_leaves_by_herself_and_sees_no_more(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        made = assign(case, Professional.objects.get(pk=cast.maja.id), cast.units["maja"], by=cast.siv)
    door = sign_in(cast.maja)
    left = door.send(f"/arenden/{case.pk}/medarbetare/{made.pk}/avsluta/")

    assert left.url == "/arenden/"
    assert door.get(f"/arenden/{case.pk}/").status_code == 404


def test_one_who_takes_part_sees_why_she_cannot_let_others_in(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        assign(case, Professional.objects.get(pk=cast.maja.id), cast.units["maja"], by=cast.siv)
    page = text_of(sign_in(cast.maja).get(f"/arenden/{case.pk}/medarbetare/"))

    assert "Siv Sandberg är ansvarig för ärendet och bestämmer vilka som deltar." in page


def test_a_colleague_of_another_authority_cannot_be_posted_in(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    page = sign_in(cast.siv).send(
        f"/arenden/{case.pk}/medarbetare/", {"colleague": str(cast.amir.assignment_id)}
    )

    assert "Kollegan handlägger inte ärenden hos er längre. Välj en annan." in text_of(page)


def test_the_responsible_cannot_be_removed_from_the_page_either(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    door = sign_in(cast.siv)
    with acting(cast.siv):
        mine = who_works_in(case)[0]

    assert "alltid en ansvarig" in text_of(door.get(f"/arenden/{case.pk}/medarbetare/"))
    assert door.send(f"/arenden/{case.pk}/medarbetare/{mine.pk}/avsluta/").status_code == 409


def _copies_of(case: Case, cast, count: int) -> None:
    """Many cases at once, written straight past the actions: only the list is under test."""
    for number in range(count):
        made = Case.objects.create(
            association_id=case.association_id,
            authority_id=case.authority_id,
            unit_id=case.unit_id,
            person_id=case.person_id,
            reference=f"N{number:06d}",
            opened_at=case.opened_at,
            opened_by_id=cast.siv.id,
        )
        actions._let_in(made, cast.siv.id, cast.siv.unit_id, actions.CaseRole.RESPONSIBLE, cast.siv)


def _same(response) -> str:
    """The page without what differs on every page: form keys and the guard against forgery."""
    return re.sub(r'value="[^"]*"', "", response.content.decode())


def test_a_whole_number_is_looked_up_on_the_trail_and_finds_ones_own(cast, sign_in):
    factories.open_case(cast, by=cast.siv)
    factories.open_case(cast, by=cast.siv, number=NUMBERS[0], name="Berit Björk")
    factories.open_case(cast, by=cast.maja, number=NUMBERS[1], name="Cia Cole")
    door = sign_in(cast.siv)
    answer = door.send("/arenden/", {"words": "19860611-2384"})
    page = text_of(door.get(answer.url))
    of_hers = text_of(door.get(door.send("/arenden/", {"words": NUMBERS[1]}).url))

    assert "2384" not in answer.url
    assert ("Eva Ek" in page, "Berit Björk" in page) == (True, False)
    assert "Inget hittades" in of_hers
    assert "people:number:sought" in looks()


def test_the_list_is_narrowed_by_ones_part_and_by_what_comes_next(cast, sign_in):
    mine = factories.adopted_plan(cast, by=cast.siv).case  # to be followed up in February 2027
    hers = factories.open_case(cast, by=cast.maja, number=NUMBERS[0], name="Berit Björk")
    with acting(cast.maja):
        assign(hers, Professional.objects.get(pk=cast.siv.id), cast.units["siv"], by=cast.maja)
    door = sign_in(cast.siv)
    found = {
        query: [
            one for one in (mine.reference, hers.reference) if one in text_of(door.get(f"/arenden/?{query}"))
        ]
        for query in ("part=responsible", "part=member", "part=received", "soon=saknas", "soon=vecka")
    }

    assert found == {
        "part=responsible": [mine.reference],
        "part=member": [hers.reference],
        "part=received": [],
        "soon=saknas": [hers.reference],
        "soon=vecka": [],
    }


def test_the_list_is_taken_home_as_a_file_that_no_spreadsheet_runs(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv, name="=cmd Ek")
    answer = sign_in(cast.siv).get("/arenden/?som=csv")
    lines = answer.content.decode("utf-8-sig").splitlines()

    assert answer["Content-Disposition"].startswith('attachment; filename="mina-arenden-')
    assert lines[0].startswith("Ärendekod;Person;Din del;Läge")
    assert lines[1].startswith(f"{case.reference};'=cmd Ek;Ansvarig;pågår;")
    with acting(replace(cast.siv, role=Role.LOG_REVIEWER.value)):
        # A file on somebody's desk is another thing than a look at a list.
        assert [one.tag for one in Event.objects.filter(tag__startswith="cases:list")] == [
            "cases:list:exported"
        ]


def test_a_protected_person_stands_by_her_code_in_the_lists_and_in_the_file(cast, sign_in):
    open_one, hidden = (
        factories.open_case(cast, by=cast.siv),
        factories.open_case(cast, by=cast.siv, number=NUMBERS[0], name="Berit Björk"),
    )
    with acting(cast.siv):
        protect(hidden, kind="secrecy", reason="Polisen ringde.", by=cast.siv)
    door = sign_in(cast.siv)
    pages = [door.get(one).content.decode() for one in ("/arenden/", "/arenden/lamna-over/")]
    file = door.get("/arenden/?som=csv").content.decode("utf-8-sig").splitlines()[1:]

    assert [page.count("Skyddade personuppgifter") for page in pages] == [1, 1]
    assert [(hidden.reference in one, "Berit" in one) for one in pages] == [(True, False)] * 2
    assert {line.split(";")[0]: line.split(";")[1] for line in file} == {
        open_one.reference: "Eva Ek",
        hidden.reference: "Skyddade personuppgifter",
    }


def test_the_whole_list_stands_on_one_page_to_print(cast, sign_in):
    first = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        _copies_of(first, cast, 60)
    page = sign_in(cast.siv).get("/arenden/?som=utskrift").content.decode()

    assert page.count('role="rowheader"') == 61
    assert 'rel="next"' not in page


def test_the_case_page_asks_as_much_with_one_summons_as_with_three(cast, sign_in, django_assert_num_queries):
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    for name in ("amir", "farid", "lena"):
        factories.consent(case, cast.units[name], by=cast.siv)
    first = factories.summons_in(case, by=cast.siv, to=cast.units["amir"])
    door = sign_in(cast.siv)
    with django_assert_num_queries(CASE_QUERIES + 2):
        one = text_of(door.get(f"/arenden/{case.pk}/"))
    with acting(cast.siv):
        for name in ("farid", "lena"):
            summon(first.meeting, called=Called.UNIT, unit=cast.units[name], by=cast.siv)
    factories.planned_meeting(case, by=cast.siv, days=40)
    with django_assert_num_queries(CASE_QUERIES + 2):
        three = text_of(door.get(f"/arenden/{case.pk}/"))

    assert "AF Humlesund svarar senast den" in one
    assert "AF Humlesund, FK Humlesund och Psykiatrin Humlesund svarar senast den" in three
    assert "Till mötet" in one
