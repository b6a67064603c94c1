"""The coordinator's consultations on pages: written down, found, counted, led on to a case."""

import re
from datetime import timedelta

import pytest

from humla.audit.models import Event
from humla.cases.models import Initiation
from humla.consultations.models import Consultation
from humla.core.context import acting
from humla.core.dates import today
from tests import factories
from tests.cast import EVA
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

MAJA = "Maja Moberg, socialsekreterare, Arbetsmarknadstorget"
LIST_QUERIES = 9
SAID = {
    "asker": MAJA,
    "theme": "is_sip_right",
    "form": "phone",
    "result": "advice",
    "advice": "Prata med personen om ett förmöte.",
}


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def said(**more: str) -> dict[str, str]:
    return {**SAID, "held_on": today().isoformat(), **more}


def test_nobody_but_a_coordinator_finds_the_pages_or_the_way_there(cast, sign_in):
    for who in (cast.maja, cast.amir, cast.greta):
        door = sign_in(who)
        assert door.get("/konsultationer/").status_code == 404
        assert door.get("/konsultationer/ny/").status_code == 404
    assert "/konsultationer/" not in sign_in(cast.maja).get("/arenden/").content.decode()
    assert "/konsultationer/" in sign_in(cast.siv).get("/arenden/").content.decode()


def test_an_empty_list_says_what_it_is_for(cast, sign_in):
    page = text_of(sign_in(cast.siv).get("/konsultationer/"))

    assert "Inga konsultationer än" in page
    assert "Ny konsultation" in page


def test_one_is_written_down_and_counted(cast, sign_in):
    door = sign_in(cast.siv)
    form = door.get("/konsultationer/ny/").content.decode()
    done = door.send("/konsultationer/ny/", said())
    page = text_of(door.get("/konsultationer/"))

    assert f'<option value="{MAJA}">' in form
    assert "Skriv inget som säger vem personen är" in form
    assert done.url == "/konsultationer/"
    assert "Maja Moberg" in page
    assert "är SIP rätt?" in page
    with acting(cast.siv):
        tags = {one.tag for one in Event.objects.all()}
        assert Consultation.objects.get().advice == SAID["advice"]
    assert tags == set() or "consultations:consultation:registered" in tags


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"asker": ""}, "Välj vem som frågade, eller välj yrke och enhet."),
        ({"asker": "Maja Mo"}, "Välj ur listan."),
        ({"theme": ""}, "Välj vad det gällde."),
        ({"result": ""}, "Välj vad det ledde till."),
        ({"advice": f"Gäller {EVA}."}, "Här står ett personnummer."),
        ({"held_on": "2099-01-01"}, "Dagen har inte varit än."),
        ({"reference": "AAA-222"}, "Du har inget pågående ärende med den koden."),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(cast, sign_in, wrong, sentence):
    page = sign_in(cast.siv).send("/konsultationer/ny/", said(**wrong))

    assert page.status_code == 200
    assert text_of(page).count(sentence) == 2
    assert 'value="phone"' in page.content.decode()
    with acting(cast.siv):
        assert list(Consultation.objects.all()) == []


def test_it_is_narrowed_by_month_profession_and_result(cast, sign_in):
    door = sign_in(cast.siv)
    door.send("/konsultationer/ny/", said())
    before = (today().replace(day=1) - timedelta(days=3)).isoformat()
    door.send("/konsultationer/ny/", said(held_on=before, result="evidence"))
    asked = ("", "result=evidence", f"month={before[:7]}", "result=sip", "month=1999-01")
    pages = [door.get(f"/konsultationer/?{query}").content.decode() for query in asked]
    rows = [page.count('data-label="Resultat"') for page in pages]
    nothing = text_of(door.get("/konsultationer/?result=sip"))

    assert rows == [2, 1, 1, 0, 2]  # a month that has none narrows nothing
    assert "Inget hittades" in nothing


def test_the_words_of_a_search_never_stand_in_the_address(cast, sign_in):
    door = sign_in(cast.siv)
    door.send("/konsultationer/ny/", said())
    door.send("/konsultationer/ny/", said(result="evidence"))
    answer = door.send("/konsultationer/?result=advice", {"words": "maja"})
    found = door.get(answer.url).content.decode()
    none = text_of(door.get(door.send("/konsultationer/", {"words": "Amir"}).url))

    assert answer.status_code == 302
    assert "maja" not in answer.url.lower()
    assert (found.count('data-label="Resultat"'), 'value="maja"' in found) == (1, True)
    assert "Inget hittades" in none
    # An address from before says nothing, and nothing of it goes on to the next page.
    assert "Amir" not in door.get("/konsultationer/?words=Amir").content.decode().split("<tbody")[0]


def test_words_sealed_for_another_list_or_by_somebody_else_search_for_nothing(cast, sign_in):
    door = sign_in(cast.siv)
    door.send("/konsultationer/ny/", said())
    factories.open_case(cast, by=cast.siv)
    of_cases = door.send("/arenden/", {"words": "hemligt ord"}).url.partition("?")[2]
    here = door.send("/konsultationer/", {"words": "#hemligt"}).url.partition("?")[2]
    page, cases = door.get(f"/konsultationer/?{of_cases}"), door.get(f"/arenden/?{here}")

    assert (page.content.decode().count('data-label="Resultat"'), cases.status_code) == (1, 200)
    assert ("hemligt" in page.content.decode(), "hemligt" in cases.content.decode()) == (False, False)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(cast, sign_in, django_assert_num_queries, count):
    for _each in range(count):
        factories.consulted(cast, by=cast.siv)
    door = sign_in(cast.siv)
    door.get("/konsultationer/")
    with django_assert_num_queries(LIST_QUERIES):
        page = door.get("/konsultationer/").content.decode()

    assert page.count('data-label="Resultat"') == count


def test_it_is_corrected_removed_and_put_back(cast, sign_in):
    made = factories.consulted(cast, by=cast.siv)
    door, place = sign_in(cast.siv), f"/konsultationer/{made.pk}/"
    done = door.send(place, said(theme="benefit", version="1"))
    late = door.send(place, said(theme="other", version="1"))
    door.send(place, {"ta_bort": "1"})
    listed = text_of(door.get("/konsultationer/"))
    removed = text_of(door.get("/konsultationer/?visa=borttagna"))
    door.send(place, {"ta_tillbaka": "1"})

    assert done.url == "/konsultationer/"
    assert "annan ersättning" in text_of(late)
    assert "Inga konsultationer än" in listed
    assert "Maja Moberg" in removed
    assert "Maja Moberg" in text_of(door.get("/konsultationer/"))


def test_a_case_opened_of_it_has_the_asker_as_initiator_and_is_tied(cast, sign_in):
    made = factories.consulted(cast, by=cast.siv, result="sip")
    door = sign_in(cast.siv)
    link = re.search(
        r'href="(/arenden/nytt/\?konsultation=[^"]+)"',
        door.get(f"/konsultationer/{made.pk}/").content.decode(),
    )
    form = door.get(link[1]).content.decode()
    answer = door.send(
        "/arenden/nytt/",
        {
            "consultation": str(made.pk),
            "number": EVA,
            "given_name": "Eva",
            "family_name": "Ek",
            "reason": "Många kontakter.",
            "initiator": "professional",
            "initiator_profession": str(made.asker_profession_id),
            "initiator_unit": str(made.asker_unit_id),
            "via_coordinator": "on",
            "need_seen_on": today().isoformat(),
            "language": "sv",
        },
    )
    with acting(cast.siv):
        made.refresh_from_db()
        beginning = Initiation.objects.get()

        assert answer.url == f"/arenden/{made.case_id}/"
        assert (beginning.via_coordinator, beginning.initiator_profession_id) == (
            True,
            made.asker_profession_id,
        )
    assert "socialsekreterare, Arbetsmarknadstorget" in form
    assert "Den ledde till ett ärende" in text_of(door.get(f"/konsultationer/{made.pk}/"))
    assert door.get(link[1]).url == f"/konsultationer/{made.pk}/"
    with person_acting(EVA):
        assert "consultations:consultation:changed" in {one.tag for one in Event.objects.all()}


def test_a_tied_one_is_absent_to_another_coordinator(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    door = sign_in(cast.siv)
    door.send("/konsultationer/ny/", said(result="sip", reference=case.reference))

    assert case.reference in text_of(door.get("/konsultationer/"))
    with acting(cast.siv):
        assert Consultation.objects.get().case_id == case.pk
