"""The forms on paper: blank for anybody, with the case's head for those who hold it."""

import re
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from humla.agreements.blanks import blanks
from humla.audit.models import Event
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.core.context import acting
from humla.web.forms import in_the_boxes
from tests import factories
from tests.cast import AREAS, Cast
from tests.conftest import person_acting
from tests.core.test_document import squeezed, words

pytestmark = pytest.mark.django_db

EIGHT = [
    *("information", "rutiner", "samtycke", "kallelse"),
    *("plan", "uppfoljning", "avvikelse", "karta"),
]
"""What Samspelet publishes about SAMSIP."""


def _said(answer: Any) -> str:
    assert answer.headers["Content-Type"] == "application/pdf"
    return squeezed(words(pikepdf.open(BytesIO(answer.content))))


@pytest.fixture
def case(cast: Cast) -> Case:
    """Siv's case about Eva."""
    return factories.open_case(cast, by=cast.siv)


def test_anybody_finds_the_eight_documents(client: Any) -> None:
    page = client.get("/blanketter/").content.decode()

    found = re.findall(r'href="/blanketter/([\w-]+)/pdf/"', page)
    assert set(EIGHT) <= set(found)
    assert sorted(found) == sorted(one.slug for one in blanks())
    assert page.count("storstil=1") == len(found)


@pytest.mark.parametrize("slug", [one.slug for one in blanks()])
def test_each_is_printed_empty_and_says_its_version(client: Any, slug: str) -> None:
    answer = client.get(f"/blanketter/{slug}/pdf/")

    said = _said(answer)
    title = next(one.title for one in blanks() if one.slug == slug)
    assert squeezed(f"Blanketten {title}, version 1, 22 november 2026.") in said
    assert "kontrollsumma" not in said
    assert answer.headers["Content-Disposition"] == f'attachment; filename="samsip-{slug}.pdf"'


def test_a_language_without_forms_gets_them_in_swedish(client: Any) -> None:
    client.get("/blanketter/?sprak=ar")

    assert "Samtycke till SAMSIP" in client.get("/blanketter/").content.decode()
    assert "Vemfårvetavad?" in _said(client.get("/blanketter/samtycke/pdf/"))


def test_in_large_print_there_are_more_pages(client: Any) -> None:
    ordinary, large = (
        client.get(f"/blanketter/information/pdf/{how}").content for how in ("", "?storstil=1")
    )

    assert len(pikepdf.open(BytesIO(large)).pages) > len(pikepdf.open(BytesIO(ordinary)).pages)


def test_an_unknown_form_is_absent(client: Any) -> None:
    assert client.get("/blanketter/finns-inte/pdf/").status_code == 404


def test_the_life_areas_are_those_of_ones_own_agreement(cast: Cast, sign_in: Any, client: Any) -> None:
    mine, anybodys = (_said(one.get("/blanketter/plan/pdf/")) for one in (sign_in(cast.siv), client))

    assert all(squeezed(area) in mine for area in AREAS)
    assert "Fritid" not in mine
    assert "Fritid" in anybodys


def test_in_a_case_the_head_is_filled_in_and_the_look_is_on_the_trail(
    cast: Cast, case: Case, sign_in: Any
) -> None:
    siv = sign_in(cast.siv)
    listed = siv.get(f"/arenden/{case.pk}/blanketter/").content.decode()
    answer = siv.get(f"/arenden/{case.pk}/blanketter/samtycke/pdf/")

    said = _said(answer)
    assert f"/arenden/{case.pk}/blanketter/samtycke/pdf/" in listed
    for text in ("Eva Ek", "19860611-2384", case.reference, "Arbetsmarknadstorget", "Siv Sandberg"):
        assert squeezed(text) in said
    assert "Eva" not in answer.headers["Content-Disposition"]
    with person_acting(cast.eva):
        assert Event.objects.filter(tag=Tag.FORM_PRINTED, case_id=case.pk).count() == 1


def test_with_a_protected_identity_neither_name_nor_number_is_on_the_paper(cast: Cast, case: Case) -> None:
    with acting(cast.siv):
        case.is_protected = True
        filled = in_the_boxes(case, cast.siv)

    assert set(filled) == {"reference", "unit", "by", "phone"}
    assert "Eva" not in str(filled)


@pytest.mark.parametrize("slug", ["avvikelse", "kallelse", "rutiner", "karta", "finns-inte"])
def test_a_form_that_must_carry_nobodys_name_is_not_filled_in(
    cast: Cast, case: Case, sign_in: Any, slug: str
) -> None:
    siv = sign_in(cast.siv)

    assert slug not in siv.get(f"/arenden/{case.pk}/blanketter/").content.decode()
    assert siv.get(f"/arenden/{case.pk}/blanketter/{slug}/pdf/").status_code == 404


def test_a_receiver_prints_nothing_with_evas_name(cast: Cast, sign_in: Any) -> None:
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )

    for who in (cast.amir, cast.lena, cast.nils, cast.maja):
        door = sign_in(who)
        assert door.get(f"/arenden/{document.case_id}/blanketter/").status_code == 404
        assert door.get(f"/arenden/{document.case_id}/blanketter/samtycke/pdf/").status_code == 404
