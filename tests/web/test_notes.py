"""Siv's and Amir's own notes beside the same case, and that neither reads the other's."""

import re

import pytest

from humla.audit.models import Event
from humla.cases.models import Note
from humla.core.context import acting
from tests import factories
from tests.cast import EVA
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

NOTE_QUERIES = 8


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def case(cast):
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )
    return document.case


def test_a_note_is_written_read_by_its_unit_and_by_no_other(cast, sign_in, case):
    place = f"/arenden/{case.pk}/anteckningar/"
    siv, amir = sign_in(cast.siv), sign_in(cast.amir)
    siv.send(place, {"text": "Fråga om LENA kan vara med.", "stage": "meeting"})
    amir.send(place, {"text": "Kolla inskrivningen.", "stage": "plan"})
    hers, his = text_of(siv.get(place)), text_of(amir.get(place))

    assert ("Fråga om LENA" in hers, "Kolla inskrivningen" in hers) == (True, False)
    assert ("Fråga om LENA" in his, "Kolla inskrivningen" in his) == (False, True)
    for who in ("maja", "lena", "nils"):
        assert sign_in(getattr(cast, who)).get(place).status_code == 404
    own = sign_in(cast.eva).get("/min-sida/").content.decode()
    assert "LENA" not in own
    with person_acting(EVA):
        assert {"cases:note:written", "cases:notes:read"} <= {one.tag for one in Event.objects.all()}


def test_a_note_is_changed_removed_and_put_back_by_its_writer(cast, sign_in, case):
    place, door = f"/arenden/{case.pk}/anteckningar/", sign_in(cast.siv)
    door.send(place, {"text": "Boka tolk.", "stage": "meeting"})
    with acting(cast.siv):
        note = Note.objects.get()
    form = door.get(f"{place}?andra={note.pk}").content.decode()
    changed = {"note": str(note.pk), "text": "Boka tolk på somaliska.", "stage": "meeting"}
    door.send(place, {**changed, "version": "1"})
    late = door.send(place, {**changed, "text": "Annat.", "version": "1"})
    door.send(place, {"ta_bort": str(note.pk)})
    removed = text_of(door.get(place))
    door.send(place, {"ta_tillbaka": str(note.pk)})

    assert "Ändra anteckningen" in form
    assert "Två olika texter" in text_of(late)
    assert "1 borttagen anteckning" in removed
    assert "Boka tolk på somaliska." in text_of(door.get(place))


def test_what_is_wrong_is_told_and_ten_thousand_signs_are_kept(cast, sign_in, case):
    place, door = f"/arenden/{case.pk}/anteckningar/", sign_in(cast.siv)
    empty = door.send(place, {"text": " ", "stage": "meeting"})
    whole = door.send(place, {"text": "اختبار " * 1400, "stage": "meeting"})
    too_long = door.send(place, {"text": "å" * 10_001, "stage": "meeting"})

    assert "Skriv något i anteckningen." in text_of(empty)
    assert whole.status_code == 302
    assert "Korta den till högst 10\xa0000 tecken." in too_long.content.decode()
    assert door.get(f"{place}?andra=nonsens").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_one_as_for_three(cast, sign_in, case, django_assert_num_queries, count):
    place, door = f"/arenden/{case.pk}/anteckningar/", sign_in(cast.siv)
    for number in range(count):
        door.send(place, {"text": f"Nummer {number}", "stage": "meeting"})
    door.get(place)
    with django_assert_num_queries(NOTE_QUERIES):
        page = door.get(place)

    assert page.content.decode().count("Nummer ") >= count
