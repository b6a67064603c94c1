"""Every figure that statistics will ask for has a column that is filled when it happens (docs/siffror.md)."""

import re
from pathlib import Path

import pytest
from django.apps import apps

PAGE = (Path(__file__).parents[1] / "docs" / "siffror.md").read_text("utf-8")
COLUMNS = sorted(set(re.findall(r"`([a-z]+)\.([A-Z]\w+)\.(\w+)`", PAGE)))


@pytest.mark.parametrize("column", COLUMNS, ids=".".join)
def test_the_column_is_there(column: tuple[str, str, str]) -> None:
    package, model, name = column

    assert name in {field.name for field in apps.get_model(package, model)._meta.get_fields()}


def test_every_figure_has_a_column_and_an_instant() -> None:
    rows = [line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("| ") and "`" in line]
    lacking = [cells[0].strip() for cells in rows if not all(cell.strip() for cell in cells)]

    assert lacking == []
    assert len(rows) == 39


ASKED_FOR = (
    "SIP",
    "unika personer",
    "konsultationer",
    "per yrke",
    "förmöten",
    "uppföljningar",
    "flyttade",
    "per myndighet",
    "via SIP-samordnaren",
    "mötesform",
    "behovsgrupp",
    "övergång till en insats",
    "roller på mötet",
    "närvaro",
    "avböjda",
    "otillgodosedda behov",
    "Ledtiden",
    "utan nästa datum",
    "försenade",
    "kön och ålder",
)
"""The words of STA-1, in its order."""


@pytest.mark.parametrize("figure", ASKED_FOR)
def test_nothing_that_is_asked_for_is_forgotten(figure: str) -> None:
    assert figure in PAGE
