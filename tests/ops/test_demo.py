"""`./humla demo`: what it says, and that the sign-in's people are those of the file."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from humla.core import numbers
from humla.core.dates import today
from humla.ops import demo
from humla.ops.loading import read

NUMBERS = {
    line.split()[0]
    for line in (Path(__file__).parents[2] / "data" / "testnummer.txt").read_text().splitlines()
    if line and not line.startswith("#")
}


@pytest.fixture
def empty(committed_db: str) -> Iterator[str]:
    url = os.environ["DATABASE_OWNER_URL"].replace("/humla?", f"/{committed_db}?")
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("UPDATE organisation_association SET short_name = 'cast-' || short_name")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_OWNER_URL", url)
        yield committed_db


def _people() -> list[dict[str, str]]:
    people: list[dict[str, str]] = json.loads((demo.DEMO / "people.json").read_text("utf-8"))
    return people


def test_everybody_in_the_file_who_can_sign_in_is_among_the_fictitious_people() -> None:
    organisation, _cases = read(demo.DEMO)
    named = {one["subject"]: one["name"] for one in _people()}

    signing_in = {one.subject: one.professional.name for one in organisation.sign_ins}

    assert {subject: named.get(subject) for subject in signing_in} == signing_in


def test_every_person_number_comes_out_of_the_published_test_series() -> None:
    _organisation, cases = read(demo.DEMO)
    used = {case.person.number.digits12 for case in cases if case.person.number}
    used |= {one["number"] for one in _people() if "number" in one}

    assert used - NUMBERS == set()
    assert all(numbers.parse(one, today()) for one in used)


def test_the_command_says_what_it_did_and_then_that_it_is_there(empty: str, capsys: Any) -> None:
    codes = [demo.main([]), demo.main([])]

    said = capsys.readouterr().err
    assert codes == [0, 0]
    assert said.splitlines() == [
        "Samordningsförbundet Humledalen är inläst:"
        " 8 parter, 9 myndigheter, 13 enheter, 18 medarbetare, 5 ärenden.",
        "Samordningsförbundet Humledalen finns redan. Inget är ändrat.",
    ]


def test_the_table_of_keys_names_every_key_that_is_read() -> None:
    ops = Path(demo.__file__).parent
    code = (ops / "organisation_file.py").read_text() + (ops / "cases_file.py").read_text()
    asked = r"(?:\.(?:text|day|number|flag|choice|word|words|refer|row|rows)\(|_optional\(\w+, )\"(\w+)\""
    read_keys = set(re.findall(asked, code))
    table = (demo.DEMO.parent / "README.md").read_text()
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", table.replace("```", "")))))

    assert len(read_keys) > 60
    assert read_keys - told == set()


def test_a_faulty_folder_is_told_row_by_row(empty: str, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "f.toml").write_text('[forbund]\nnamn = "F"\n')

    code = demo.main([str(tmp_path)])

    assert code == 1
    assert capsys.readouterr().err.splitlines()[0].strip() == "f.toml: forbund, kortnamn: saknas."


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, capsys: Any) -> None:
    assert demo.main([str(tmp_path / "nej")]) == 1
    assert "finns inte." in capsys.readouterr().err
