"""Siv asks Amir's office to take over the lead, on pages; he takes over, or says no and why."""

import re

import pytest

from humla.cases.models import Case, CaseState
from humla.cases.visibility import case_seen, my_cases
from humla.core.context import acting
from tests import factories
from tests.cast import EVA

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def case(cast) -> Case:
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )
    return document.case


def test_the_question_is_asked_and_stands_on_both_sides(cast, sign_in, case):
    siv, amir, place = sign_in(cast.siv), sign_in(cast.amir), f"/arenden/{case.pk}/ledning/"
    form = siv.get(place).content.decode()
    siv.send(place, {"unit": str(cast.units["amir"].pk), "note": "Ni träffar Eva mest."})
    front = text_of(siv.get(f"/arenden/{case.pk}/"))
    received = text_of(amir.get(f"/mottagna/{case.pk}/"))
    answer = text_of(amir.get(f"/mottagna/{case.pk}/ledning/"))

    assert ("AF Humlesund" in form, "Psykiatrin" in form) == (True, False)
    assert "AF Humlesund svarar på om de tar över ledningen." in front
    assert "Ni är tillfrågade om att ta över ledningen av planen" in received
    assert "Ni träffar Eva mest." in answer
    assert "19860611-••••" in answer
    assert "AF Humlesund är tillfrågad" in text_of(siv.get(place))


def test_amir_takes_over_and_siv_reads_where_it_went(cast, sign_in, case):
    factories.lead_offered(case, by=cast.siv, to=cast.units["amir"])
    siv, amir = sign_in(cast.siv), sign_in(cast.amir)
    place = f"/mottagna/{case.pk}/ledning/"
    wrong = amir.send(place, {"ta_over": "1", "given_name": "", "family_name": "Ek"})
    done = amir.send(place, {"ta_over": "1", "given_name": "Eva", "family_name": "Ek"})
    his = text_of(amir.get(done.url))
    hers = text_of(siv.get(f"/arenden/{case.pk}/"))

    assert text_of(wrong).count("Skriv förnamnet.") == 2
    assert "Du frågar Eva om en plan ska göras." in his
    assert "AF Humlesund har tagit över ledningen. Ärendet fortsätter där." in hers
    assert case.reference in text_of(siv.get("/arenden/?lage=overlamnade"))
    assert amir.get(place).status_code == 404
    assert "Ni leder planen nu" in text_of(amir.get(f"/mottagna/{case.pk}/"))
    assert siv.get(done.url).status_code == 404
    own = text_of(sign_in(EVA).get("/min-sida/"))
    assert "De ledde din plan tidigare." in own


def test_amir_says_no_and_siv_reads_why(cast, sign_in, case):
    factories.lead_offered(case, by=cast.siv, to=cast.units["amir"])
    amir, place = sign_in(cast.amir), f"/mottagna/{case.pk}/ledning/"
    silent = amir.send(place, {"avboj": "1", "why": ""})
    amir.send(place, {"avboj": "1", "why": "Eva är inte inskriven hos oss."})

    assert text_of(silent).count("Skriv varför ni inte tar över.") == 2
    assert "De tackade nej: Eva är inte inskriven hos oss." in text_of(
        sign_in(cast.siv).get(f"/arenden/{case.pk}/ledning/")
    )
    with acting(cast.amir):
        assert len(my_cases()) == 1


def test_siv_takes_the_question_back(cast, sign_in, case):
    factories.lead_offered(case, by=cast.siv, to=cast.units["amir"])
    siv = sign_in(cast.siv)
    siv.send(f"/arenden/{case.pk}/ledning/", {"ta_tillbaka": "1"})

    assert sign_in(cast.amir).get(f"/mottagna/{case.pk}/ledning/").status_code == 404
    with acting(cast.siv):
        assert case_seen(case.pk).state == CaseState.OPEN


@pytest.mark.parametrize("who", ["farid", "lena", "maja", "nils"])
def test_nobody_else_finds_either_page(cast, sign_in, case, who):
    factories.lead_offered(case, by=cast.siv, to=cast.units["amir"])
    door = sign_in(getattr(cast, who))

    assert door.get(f"/arenden/{case.pk}/ledning/").status_code == 404
    assert door.get(f"/mottagna/{case.pk}/ledning/").status_code == 404
