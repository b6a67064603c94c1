"""The right unit is found by typing what people say, and in the order of somebody who does not know."""

import pytest

from humla.organisation.finding import find
from humla.organisation.models import Authority, Party, Unit

REGION = Authority(name="Region Humleland", party=Party(name="Region Humleland", kind="region"))
KOMMUN = Authority(name="Socialnämnden", party=Party(name="Vassviks kommun", kind="kommun"))
KASSAN = Authority(name="Försäkringskassan", party=Party(name="Försäkringskassan", kind="fk"))

UNITS = [
    Unit(authority=REGION, name="Psykiatrin Humlesund", place="Humlesund", takes_on="Vuxna"),
    Unit(authority=REGION, name="Hälsocentralen Humlesund", place="Humlesund", takes_on="Primärvård"),
    Unit(authority=REGION, name="Hälsocentralen Vassvik", place="Vassvik", serves=["Vassvik", "Norrvik"]),
    Unit(authority=REGION, name="Vägen in", place="Humlesund", is_way_in=True, also_called="lotsen"),
    Unit(authority=KOMMUN, name="Vuxenenheten", place="Vassvik", takes_on="Ekonomiskt bistånd"),
    Unit(authority=KASSAN, name="FK Humlesund", place="Humlesund", takes_on="Sjukskrivna"),
]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("psyk", ["Psykiatrin Humlesund"]),
        ("VÅRDCENTRAL vassvik", ["Hälsocentralen Vassvik"]),
        ("halsocentralen humlesund", ["Hälsocentralen Humlesund"]),
        ("soc", ["Vuxenenheten"]),
        ("kassan", ["FK Humlesund"]),
        ("norrvik", ["Hälsocentralen Vassvik"]),
        ("lotsen", ["Vägen in"]),
        ("vassviks kommun", ["Vuxenenheten"]),
        ("إيفا", []),
    ],
    ids=["begins", "everyday", "no-dots", "soc", "kassan", "serves", "also-called", "party", "nobody"],
)
def test_what_people_type_finds_the_unit(written, names):
    assert [unit.name for unit in find(UNITS, written).units] == names


def test_a_misspelled_word_is_read_kindly_and_said():
    found = find(UNITS, "psyikatrin")

    assert ([unit.name for unit in found.units], found.read_as) == (["Psykiatrin Humlesund"], "psykiatrin")


def test_nothing_typed_gives_everybody_nearest_first_and_the_way_in_before_the_rest():
    names = [unit.name for unit in find(UNITS, "", near=["Vassvik"]).units]

    assert names == [
        "Hälsocentralen Vassvik",
        "Vuxenenheten",
        "Vägen in",
        "FK Humlesund",
        "Hälsocentralen Humlesund",
        "Psykiatrin Humlesund",
    ]
