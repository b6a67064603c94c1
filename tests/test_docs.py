"""What is written for readers is true: its files, links, tests, addresses and pictures are there.

Lives here: README, docs/, data/README.md and the changelog as text, and the backup that docs/drift.md
describes. Not here: pages generated from code (`test_consistency.py`).
"""

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.urls import get_resolver
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from humla.audit.tags import Tag
from humla.ops import binaries
from humla.ops.install import ROOT

PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("data/**/*.md")]
    if path.name not in ("states.md", "who-may-do-what.md")
)
FUNCTIONS = ROOT / "docs" / "funktioner.md"
ISSUED = [
    "PRE-1",
    "PRE-3",
    "KON-5",
    "SUM-3",
    "SUM-9",
    "SUM-1",
    "SUM-2",
    "SUM-6",
    "SUM-7",
    "SUM-10",
    "MEE-1",
    "MEE-4",
    "MEE-5",
    "MEE-6",
    "PER-1",
    "PER-2",
    "PER-3",
    "PER-4",
    "PER-5",
    "PER-8",
    "CON-1",
    "CON-2",
    "CON-3",
    "CON-4",
    "CON-5",
    "CON-6",
    "CON-7",
    "FOL-1",
    "FOL-3",
    "FOL-4",
    "FOL-6",
    "PLA-1",
    "PRE-2",
    "PLA-2",
    "PLA-3",
    "PLA-4",
    "PLA-5",
    "PLA-6",
    "PLA-7",
    "PLA-8",
    "PLA-9",
    "PLA-13",
    "ORG-1",
    "ORG-2",
    "ORG-5",
    "OPS-1",
    "SEC-1",
    "SEC-3",
    "SEC-5",
    "SEC-7",
    "INI-1",
    "INI-6",
    "INI-2",
    "INI-3",
    "INI-4",
    "INI-5",
    "INI-7",
    "INI-8",
    "INI-9",
    "INI-10",
    "INI-11",
    "INI-12",
    "INI-13",
    "KON-1",
    "MEE-7",
    "OWN-1",
    "OWN-2",
    "OWN-4",
    "OWN-5",
    "SUM-4",
    "SUM-8",
    "NOT-1",
    "NOT-2",
    "NOT-3",
    "SUM-5",
]
LARGEST_PICTURE = 200_000


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _rows() -> dict[str, list[str]]:
    lines = [line for line in FUNCTIONS.read_text().splitlines() if re.match(r"\| [A-Z]{3}-\d+ \|", line)]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[1:] for row in cells}


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    here = [link.split("#")[0] for link in links if not re.match(r"[a-z]+:|#", link)]

    assert [link for link in here if not (page.parent / link).exists()] == []


def test_every_capability_has_its_row() -> None:
    assert sorted(_rows()) == sorted(ISSUED)


@pytest.mark.parametrize("capability", ISSUED)
def test_a_row_names_tests_and_pages_that_exist(capability: str) -> None:
    decision, where, proof, _left = _rows()[capability]
    tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", proof)

    assert decision
    assert tests, "no test proves it"
    missing = [(file, name) for file, name in tests if f"def {name}(" not in _text(ROOT / file)]
    assert missing == []
    assert [path for path in re.findall(r"`(/[^`]*)`", where) if not _is_a_page(path)] == []


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_files_that_are_named_exist(page: Path) -> None:
    named = re.findall(r"`((?:src|tests|docs|data|prove|bench|config)/[\w./-]+)`", page.read_text())

    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_life_of_a_case_uses_the_words_of_the_trail_and_the_pages_that_exist() -> None:
    text = (ROOT / "docs" / "case-life.md").read_text()
    tags = set(re.findall(r"`([a-z]+:[a-z_]+:[a-z]+)`", text))

    assert tags
    assert tags - set(Tag) == set()
    assert [path for path in re.findall(r"`(/[^`]*)`", text) if not _is_a_page(path)] == []


def test_every_picture_is_used_and_light() -> None:
    pictures = [*ROOT.glob("docs/handbok/bilder/*"), *ROOT.glob("docs/bilder/*")]
    told = "".join(page.read_text() for page in PAGES)

    assert len(pictures) >= 14
    assert [_named(one) for one in pictures if f"bilder/{one.name}" not in told] == []
    assert [_named(one) for one in pictures if one.stat().st_size > LARGEST_PICTURE] == []


def test_every_setting_that_the_program_reads_is_told_to_the_one_who_runs_it() -> None:
    settings = _text(ROOT / "config/settings.py")
    read = set(re.findall(r'environ(?:\.get)?[(\[]"((?:HUMLA|DATABASE)_\w+)"', settings))
    # Between the program's own processes; nobody sets them.
    told_by_itself = {"HUMLA_AS_OWNER"}
    text = (ROOT / "docs" / "drift.md").read_text()

    assert read
    assert [name for name in sorted(read - told_by_itself) if f"`{name}`" not in text] == []


@pytest.mark.django_db
def test_the_backup_is_taken_as_it_is_told(tmp_path: Path) -> None:
    """The command of docs/drift.md, as the role that it names: tables and sequences, without the key."""
    from django.db import connection

    told = re.search(r"^pg_dump .*", (ROOT / "docs" / "drift.md").read_text(), re.MULTILINE)
    assert told is not None
    options = re.findall(r"--(?!file)\S+", told[0])
    host = conninfo_to_dict(os.environ["DATABASE_URL"])["host"]
    url = make_conninfo("", host=host, user="humla_backup", dbname=connection.settings_dict["NAME"])
    programs, _major = binaries.find()
    copy = tmp_path / "humla.dump"

    command = [programs / "pg_dump", url, *options, "--file", copy]
    done = subprocess.run(command, capture_output=True, text=True)

    assert done.stderr == ""
    held = subprocess.run([programs / "pg_restore", "--list", copy], capture_output=True, text=True).stdout
    assert "TABLE DATA public audit_event" in held
    assert "humla_key" not in re.sub(r".*FUNCTION.*", "", held)


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _is_a_page(path: str) -> bool:
    """Is it an address of the site map? `…` stands for an id that the reader has."""
    wanted = path.strip("/").split("/")
    return any(_fits(str(pattern.pattern), wanted) for pattern in get_resolver().url_patterns)


def _fits(route: str, wanted: list[str]) -> bool:
    steps = route.strip("/").split("/")
    return len(steps) == len(wanted) and all(
        step == one or (step.startswith("<") and (one == "…" or one.isdigit()))
        for step, one in zip(steps, wanted, strict=True)
    )
