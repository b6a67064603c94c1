"""docs/asvs.md has every requirement of ASVS 5.0.0 once, each with a test or a written reason."""

import re
from collections import Counter
from functools import cache

import pytest

from humla.ops.install import ROOT

PAGE = ROOT / "docs" / "asvs.md"
#: How many requirements each section has (345 in all).
SECTIONS = {
    "1": (2, 10, 12, 3, 3),
    "2": (3, 3, 5, 2),
    "3": (1, 3, 5, 8, 8, 1, 5),
    "4": (5, 5, 2, 4),
    "5": (1, 6, 3, 3),
    "6": (3, 12, 8, 6, 8, 4, 2, 4),
    "7": (3, 4, 2, 5, 3, 2),
    "8": (4, 4, 3, 2),
    "9": (3, 4),
    "10": (2, 3, 5, 16, 5, 2, 3),
    "11": (4, 5, 5, 4, 2, 2, 2),
    "12": (5, 2, 5),
    "13": (4, 6, 4, 7),
    "14": (2, 8, 3),
    "15": (5, 5, 7, 4),
    "16": (1, 5, 4, 3, 4),
    "17": (2, 8, 2),
}
#: Promised at level 3 too; a reason there says what it is that stands instead.
WITH_LEVEL_THREE = ("2.3.", "8.", "14.", "15.4.", "16.")


@cache
def _rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text().splitlines() if re.match(r"\| \d+\.\d+\.\d+", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _numbers(cell: str) -> list[str]:
    """`1.2.6–1.2.8, 1.3.8` as its four numbers."""
    found = []
    for part in cell.split(","):
        first, _dash, last = part.strip().partition("–")
        section, _dot, begins = first.rpartition(".")
        ends = last.rpartition(".")[2] or begins
        assert not last or last.rpartition(".")[0] == section, f"{part} går över ett avsnitt"
        found += [f"{section}.{number}" for number in range(int(begins), int(ends) + 1)]
    return found


def test_every_requirement_stands_there_once() -> None:
    asked = {
        f"{chapter}.{section}.{number}"
        for chapter, sections in SECTIONS.items()
        for section, many in enumerate(sections, 1)
        for number in range(1, many + 1)
    }
    told = Counter(number for row in _rows() for number in _numbers(row[0]))

    assert len(asked) == 345
    assert sorted(asked - set(told)) == []
    assert sorted(set(told) - asked) == []
    assert [number for number, times in told.items() if times > 1] == []


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0])
def test_a_row_names_tests_that_exist_or_says_why_not(row: list[str]) -> None:
    _which, requirement, proof = row
    tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", proof)
    reason = proof.partition("Skäl: ")[2]

    assert len(requirement) > 5
    assert tests or len(reason) > 10, "neither a test nor a reason"
    assert [f"{file}::{name}" for file, name in tests if not _is_there(file, name)] == []
    assert re.findall(r"`tests/[^`:]+`", proof) == [], "name the test, not the file"


def test_the_count_at_the_top_is_right() -> None:
    proven = [row for row in _rows() if "::" in row[2]]
    reasoned = [row for row in _rows() if "::" not in row[2]]
    told = re.search(r"(\d+) rader har prov och (\d+) har ett skäl", PAGE.read_text())

    assert told is not None
    assert (int(told[1]), int(told[2])) == (len(proven), len(reasoned))


def test_where_level_three_is_promised_most_is_proven() -> None:
    rows = [row for row in _rows() if row[0].startswith(WITH_LEVEL_THREE)]

    assert len([row for row in rows if "::" in row[2]]) * 3 > len(rows) * 2


def _is_there(file: str, name: str) -> bool:
    path = ROOT / file
    return path.exists() and f"def {name}(" in path.read_text()
