"""A case opened with who saw the need, laid to rest, handed over by one and by many, and put right."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from humla.audit.models import Event
from humla.cases.actions import hand_over, rest
from humla.cases.models import CaseState, Initiation
from humla.cases.visibility import case_seen, initiation_of, my_cases
from humla.core.context import acting
from humla.core.dates import today
from humla.organisation.models import Profession, UnitAssignment
from humla.people.models import Person
from tests import factories
from tests.cast import EVA
from tests.conftest import person_acting
from tests.walls.conftest import _case

pytestmark = pytest.mark.django_db

NUMBERS = ["196411182394", "196502022772", "196506232880"]
NEW = {
    "number": EVA,
    "given_name": "Eva",
    "family_name": "Ek",
    "reason": "Många kontakter.",
    "initiator": "professional",
    "language": "sv",
}
MANY_QUERIES = 8


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def at_unit(actor) -> UnitAssignment:
    found = UnitAssignment.objects.select_related("professional", "unit__authority")
    return found.get(pk=actor.assignment_id)


# --- how it began -------------------------------------------------------------------------------------------


def test_the_form_says_what_is_true_most_often(cast, sign_in):
    page = sign_in(cast.siv).get("/arenden/nytt/").content.decode()

    assert "Vem tog initiativet? Du själv, i dag" in page
    assert re.search(r'value="professional"[^>]*checked', page)
    assert re.search(r'name="via_coordinator"[^>]*checked', page)
    assert today().isoformat() in page


def test_who_saw_the_need_is_kept_with_the_case(cast, sign_in):
    with acting(cast.siv):
        profession = Profession.objects.get(name="rehabkoordinator")
    seen_on = (today() - timedelta(days=12)).isoformat()
    said = {
        "initiator_profession": str(profession.pk),
        "initiator_unit": str(cast.units["lena"].pk),
        "need_seen_on": seen_on,
    }
    answer = sign_in(cast.siv).send("/arenden/nytt/", {**NEW, **said})
    with acting(cast.siv):
        found = Initiation.objects.get()

        assert answer.status_code == 302
        assert (found.initiator_profession, found.initiator_unit) == (profession, cast.units["lena"])
        assert (found.need_seen_on.isoformat(), found.via_coordinator) == (seen_on, False)


def test_a_professional_without_a_profession_is_told_at_the_field(cast, sign_in):
    page = text_of(sign_in(cast.siv).send("/arenden/nytt/", NEW))

    assert page.count("Välj yrket hos den som tog initiativet.") == 2


def test_the_beginning_is_put_right_and_two_who_do_it_see_both(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    door, place = sign_in(cast.siv), f"/arenden/{case.pk}/initiering/"
    done = door.send(place, {"version": "1", "initiator": "person", "need_seen_on": ""})
    late = door.send(place, {"version": "1", "initiator": "relative", "need_seen_on": ""})
    with acting(cast.siv):
        found = initiation_of(case)

        assert done.url == f"/arenden/{case.pk}/"
        assert "Två olika svar" in text_of(late)
        assert "personen själv" in text_of(late)
        assert (found.initiator, found.version) == ("person", 2)
    assert "personen själv" in text_of(door.get(done.url))


# --- rest ---------------------------------------------------------------------------------------------------


def test_a_case_is_laid_to_rest_listed_so_and_taken_up(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    door, place = sign_in(cast.siv), f"/arenden/{case.pk}/"
    until = (today() + timedelta(days=30)).isoformat()
    form = text_of(door.get(f"{place}vila/"))
    door.send(f"{place}vila/", {"until": until, "reason": "Eva opereras.", "version": "1"})
    resting = text_of(door.get(place))
    listed = text_of(door.get("/arenden/?lage=vilar")), text_of(door.get("/arenden/"))
    refused = door.send(f"{place}samtycke/plan/", {"agrees": "ja", "manner": "oral", "heard_by": "S"})
    door.send(f"{place}ta-upp/")

    assert "Låt ärendet vila" in form
    assert "Ärendet vilar till den" in resting
    assert "Eva opereras." in resting
    assert (case.reference in listed[0], case.reference in listed[1]) == (True, False)
    assert refused.status_code in (200, 409)
    assert "Du frågar Eva om en plan ska göras." in text_of(door.get(place))


def test_a_day_that_has_been_is_told_at_the_field_with_what_was_typed(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    sent = {"until": today().isoformat(), "reason": "Eva opereras.", "version": "1"}
    page = sign_in(cast.siv).send(f"/arenden/{case.pk}/vila/", sent)

    assert "Välj en dag framåt." in text_of(page)
    assert "Eva opereras." in page.content.decode()


# --- handing over -------------------------------------------------------------------------------------------


def test_one_case_is_handed_over_and_the_new_one_reads_the_word_on_the_way(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    siv, maja = sign_in(cast.siv), sign_in(cast.maja)
    place = f"/arenden/{case.pk}/lamna-over/"
    chosen = re.search(r'<option value="([0-9a-f-]{36})">Maja', siv.get(place).content.decode())
    done = siv.send(place, {"to": chosen[1], "note": "Ring Eva på tisdagar."})
    page = text_of(maja.get(f"/arenden/{case.pk}/"))

    assert done.url == "/arenden/"
    assert "1 ärende är överlämnat." in text_of(siv.get("/arenden/"))
    assert siv.get(f"/arenden/{case.pk}/").status_code == 404
    assert "Siv Sandberg lämnade över ärendet till dig" in page
    assert "Ring Eva på tisdagar." in page
    assert "Ansvaret har lämnats över 1 gång" in page
    with person_acting(EVA):
        assert "cases:case:handed_over" in {one.tag for one in Event.objects.all()}


def test_many_are_chosen_by_ticking_and_nothing_is_lost_without_a_receiver(cast, sign_in):
    for number in NUMBERS:
        factories.open_case(cast, by=cast.siv, number=number, name="Berit Björk")
    with acting(cast.siv):
        ids = [str(one.id) for one in my_cases()]
        to = str(UnitAssignment.objects.get(professional=cast.maja.id).pk)
    door = sign_in(cast.siv)
    came_back = door.send("/arenden/lamna-over/", {"cases": ids[:2], "to": ""}).content.decode()
    none = door.send("/arenden/lamna-over/", {"to": to})
    done = door.send("/arenden/lamna-over/", {"cases": ids[:2], "to": to})

    assert "Välj vem som tar över." in came_back
    assert len(re.findall(r'name="cases"[^>]* checked', came_back)) == 2
    assert "Välj minst ett ärende." in text_of(none)
    assert done.url == "/arenden/"
    with acting(cast.siv):
        assert [str(one.id) for one in my_cases()] == ids[2:]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_for_many_asks_as_much_for_one_as_for_three(cast, sign_in, django_assert_num_queries, count):
    for number in NUMBERS[:count]:
        factories.open_case(cast, by=cast.siv, number=number)
    door = sign_in(cast.siv)
    with django_assert_num_queries(MANY_QUERIES):
        door.get("/arenden/lamna-over/")


def test_only_a_manager_has_the_units_list(cast, sign_in):
    for who in (cast.siv, cast.maja, cast.amir, cast.nils):
        assert sign_in(who).get("/enhetens-arenden/").status_code == 404


# --- putting right ------------------------------------------------------------------------------------------


def test_what_went_wrong_leads_to_its_own_button(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    door = sign_in(cast.siv)
    page = door.get(f"/arenden/{case.pk}/ratta/").content.decode()
    led = set(re.findall(rf'href="(/arenden/{case.pk}/[a-z/-]*)(?:#[a-z]+)?"', page))

    assert len(led) > 8
    assert {door.get(one).status_code for one in led} == {200}
    assert "Ärendet gäller fel person" in page


def test_a_resting_case_is_handed_over_and_rests_still(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        until = today() + timedelta(days=3)
        rest(case, until=until, reason="Väntar.", version=1, by=cast.siv)
        hand_over([case.pk], to=at_unit(cast.maja), by=cast.siv)
    page = text_of(sign_in(cast.maja).get(f"/arenden/{case.pk}/"))

    assert "Ta upp det nu" in page
    with acting(cast.maja):
        assert case_seen(case.pk).state_on(today()) is CaseState.RESTING


def test_a_case_whose_beginning_was_never_written_down_leads_to_no_page_about_it(cast, sign_in):
    """Opened before it was asked for: a link would lead to a page that is not there."""
    eva = factories.open_case(cast, by=cast.siv).person_id
    with acting(cast.siv):
        case, _assignment = _case(cast.siv, Person.objects.get(pk=eva))
    siv, address = sign_in(cast.siv), reverse("initiation", kwargs={"case_id": case.pk})
    pages = [reverse(name, kwargs={"case_id": case.pk}) for name in ("case", "correct_case")]
    answers = [siv.get(page) for page in pages]

    assert siv.get(address).status_code == 404
    assert [(one.status_code, address in one.content.decode()) for one in answers] == [(200, False)] * 2
