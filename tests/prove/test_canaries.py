"""Marked words in every text about a person: some pages with every test, all by `./humla prove canaries`."""

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest

from prove import canaries
from prove.ground import leaving, marked
from tests.cast import Cast

_PAGES = (
    "plan",
    "case",
    "received",
    "received_pdf",
    "received_copies",
    "own_page",
    "own_plan",
    "preparation",
)
_READERS = ("amir", "lena", "eva")


@pytest.fixture
def world(committed_db: str, cast: Cast) -> Iterator[marked.Marked]:
    with mock.patch("humla.web.pace.Pace.allows", return_value=True):
        yield canaries.written(cast)


def test_every_text_about_a_person_is_marked_and_nobody_sees_more_than_the_table_says(
    world: marked.Marked, committed_db: str, cast: Cast
) -> None:
    assert canaries.uncovered(world.words) == []
    assert canaries.unwritten(world) == []
    assert canaries.kept_in_the_open(world)[0] == []

    every = leaving.addresses(committed_db, world.links, world.cases[:1])
    told = _looked(world, [one for one in every if one[0] in _PAGES])
    forbidden, _missing, seen = canaries.judged(told.seen, _READERS)
    assert (forbidden, told.ways) == ([], [])
    # That nothing was seen would be the same nought.
    assert {"amir", "eva"} <= set(told.seen["plans_goal.text:NEEDS"])
    assert seen > 60

    # The positive controls: each is noticed.
    assert canaries.page_that_leaks(world, every)
    assert canaries.column_left_out(world)
    assert canaries.line_with_a_number(world, cast)
    assert canaries.fault_in_its_own_words(world, cast)


def _looked(world: marked.Marked, every: list[tuple[str, str]]) -> Any:
    find, told = leaving.Finder(world.words, world.numbers), canaries.Told()
    for who in _READERS:
        left = leaving.Left()
        leaving.asked(world.doors[who], every, left)
        canaries.note(told, who, left, find)
    return told


def test_a_word_is_found_however_it_is_written() -> None:
    find = leaving.Finder({"plans_goal.text": "kanarieabcdefghi"}, {"eva": "198606112384"})

    written = [
        *("Kanarie-abc\u00addef\nghi.", "kanarie%61bcdefghi", "&#107;anarieabcdefghi", "kanarieabcde…"),
        *("860611-2384", "19860611 2384"),
    ]
    assert [sorted(find(one)) for one in written] == [
        *([["plans_goal.text"]] * 4),
        *([["people_person.number:eva"]] * 2),
    ]
    assert find("Eva Ek, född 1986-06-11, ärende HX7-4K2") == set()
