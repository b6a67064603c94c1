"""The texts of the forms: whole, in order, and asking for everything that a step must write down."""

from datetime import date

import pytest

from humla.agreements.blanks import FILLED, GROUPS, LIFE_AREAS, STANDARD, TEXTS, Blank, blank, blanks, printed
from humla.core.document import Boxes, Sheet

ALL = blanks()


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.slug)
def test_a_form_says_what_it_is_for_whom_and_which_version(one: Blank) -> None:
    assert (one.group in GROUPS, one.version > 0, one.dated <= date(2100, 1, 1)) == (True, True, True)
    assert one.title
    assert one.about.endswith(".")
    assert printed(one).sections


def test_no_two_forms_stand_in_the_same_place() -> None:
    assert [one.order for one in ALL] == list(range(1, len(ALL) + 1))
    assert [one.slug for one in ALL] != sorted(one.slug for one in ALL)


def test_a_box_is_filled_only_with_what_a_case_may_put_there() -> None:
    names = {
        name
        for one in ALL
        for section in one.sections
        for block in section["blocks"]
        for name in block.get("fill", ())
    }

    assert names - {""} == set(FILLED)


def test_what_is_filled_in_stands_in_its_box_and_the_rest_is_empty() -> None:
    found = blank("samtycke")
    assert found is not None

    boxes = printed(found, filled={"name": "Eva Ek", "reference": "HX7-4K2"}).sections[0].blocks[:2]

    assert boxes == (
        Boxes((("Namn", "Eva Ek"), ("Personnummer, samordningsnummer eller tillfällig kod", ""))),
        Boxes((("Ärendets referens", "HX7-4K2"), ("Enhet som frågar", ""), ("Datum", ""))),
    )


@pytest.mark.parametrize(("areas", "shown"), [((), LIFE_AREAS), (("Boende",), ("Boende",))])
def test_life_areas_are_the_agreements_or_the_standard(
    areas: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    found = blank("plan")
    assert found is not None

    sheets = [b for s in printed(found, areas=areas).sections for b in s.blocks if isinstance(b, Sheet)]

    assert shown in [one.first for one in sheets]


def test_a_form_about_what_failed_asks_for_nobodys_name_or_number() -> None:
    found = blank("avvikelse")
    assert found is not None

    assert not found.is_for_case
    text = (TEXTS / STANDARD / "avvikelse.toml").read_text()
    assert "fill" not in text
    assert "Skriv aldrig vem det gäller" in text


def test_a_language_that_a_form_has_not_got_gives_the_standard() -> None:
    assert blank("samtycke", "ar") == blank("samtycke", STANDARD)
    assert blank("../samtycke") is None
