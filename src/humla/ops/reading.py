"""Reads files that people write, and says every fault by file, row and key before anything is believed.

Lives here: TOML files of one folder as rows with provenance, and the questions a row can be asked (a text,
a day, a word out of a list, a reference). Not here: what the rows mean (`organisation_file.py`,
`cases_file.py`) nor writing any of it to the database (`loading.py`).

Faults are gathered, not raised one by one: whoever mends a file wants all of them at once.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from humla.core import dates, text

T = TypeVar("T")
C = TypeVar("C", bound=models.TextChoices)

_LARGEST_FILE = 5_000_000
_LONGEST_TEXT = 10_000
_DAYS = {"dag": 1, "dagar": 1, "vecka": 7, "veckor": 7, "månad": 30, "månader": 30, "år": 365}
_AHEAD = re.compile(r"om (\d{1,4}) (\w+)")
_AGO = re.compile(r"för (\d{1,4}) (\w+) sedan")


@dataclass(frozen=True)
class Fault:
    """What is wrong and where."""

    file: str
    where: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.where, self.reason) if part)


class Refused(Exception):
    """The files cannot be loaded, and nothing of them has been."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass
class Row:
    """One table of a file: the questions are asked of it, and it remembers what was wrong."""

    content: dict[str, Any]
    file: str
    where: str
    faults: list[Fault]
    asked: set[str] = field(default_factory=set)

    def fault(self, key: str, reason: str) -> None:
        """Note a fault; reading goes on."""
        self.faults.append(Fault(self.file, ", ".join(part for part in (self.where, key) if part), reason))

    def text(self, key: str, *, required: bool = True, multiline: bool = False) -> str:
        """A text, cleaned as the forms clean theirs; empty when it may be missing."""
        value = self._value(key, required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(key, "ska vara en text inom citattecken.")
            return ""
        try:
            written = text.clean(value, limit=_LONGEST_TEXT, multiline=multiline)
        except ValidationError as refused:
            self.fault(key, " ".join(refused.messages))
            return ""
        if required and not written:
            self.fault(key, "får inte vara tom.")
        return written

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number from zero."""
        value = self._value(key, default is None)
        if value is None:
            return default or 0
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
            self.fault(key, "ska vara ett heltal från 0 till 10 000.")
            return default or 0
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """true or false."""
        value = self._value(key, required=False)
        if value is not None and not isinstance(value, bool):
            self.fault(key, "ska vara true eller false.")
        return value if isinstance(value, bool) else default

    def day(self, key: str, *, required: bool = True) -> date | None:
        """A date, or one counted from today so that a demonstration never grows old."""
        value = self._value(key, required)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        found = _counted(value.strip()) if isinstance(value, str) else None
        if found is None:
            self.fault(
                key, 'är inget datum. Skriv 2026-11-24, "idag", "om 6 veckor" eller "för 30 dagar sedan".'
            )
        return found

    def choice(self, key: str, choices: type[C], default: C | None = None) -> C:
        """One of our words, written as its Swedish label or its code."""
        words = {str(one.label).casefold(): one for one in choices} | {one.value: one for one in choices}
        return self.word(key, words, default, [str(one.label) for one in choices]) or next(iter(choices))

    def word(
        self, key: str, words: Mapping[str, T], default: T | None = None, shown: list[str] | None = None
    ) -> T | None:
        """What one word of a list stands for."""
        written = self.text(key, required=default is None)
        if not written:
            return default
        found = words.get(written.casefold(), words.get(written))
        if found is None:
            self.fault(key, f"«{written}» går inte att välja. Välj något av: {', '.join(shown or words)}.")
        return found

    def words(self, key: str, *, required: bool = True) -> list[str]:
        """A list of texts."""
        value = self._value(key, required)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fault(key, 'ska vara en lista med texter: ["en", "två"].')
            return []
        return [one.strip() for one in value]

    def refer(self, key: str, things: Mapping[str, T], *, required: bool = True) -> T | None:
        """The row that another row points out by its id."""
        written = self.text(key, required=required)
        if not written:
            return None
        if written not in things:
            self.fault(key, f"«{written}» finns inte i filerna.")
        return things.get(written)

    def row(self, key: str, *, required: bool = False) -> "Row | None":
        """The table inside this one."""
        value = self._value(key, required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.fault(key, "ska vara en tabell.")
            return None
        return Row(value, self.file, ", ".join(part for part in (self.where, key) if part), self.faults)

    def rows(self, key: str) -> "list[Row]":
        """The list of tables inside this one."""
        value = self._value(key, required=False)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.fault(key, "ska vara en lista av tabeller.")
            return []
        return [
            Row(
                one,
                self.file,
                ", ".join(part for part in (self.where, _named(key, number, one)) if part),
                self.faults,
            )
            for number, one in enumerate(value, start=1)
        ]

    def finish(self) -> None:
        """A key that nobody asked for is a misspelling, and would otherwise be silently lost."""
        for key in sorted(set(self.content) - self.asked):
            self.fault(key, "är ingen nyckel som finns här.")

    def _value(self, key: str, required: bool) -> Any:
        self.asked.add(key)
        if required and key not in self.content:
            self.fault(key, "saknas.")
        return self.content.get(key)


def read_folder(path: Path, faults: list[Fault]) -> dict[str, list[Row]]:
    """Every table of every file under its section, in the order of the files."""
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        faults.append(Fault(str(path.name), "", "mappen har ingen fil som slutar på .toml."))
    sections: dict[str, list[Row]] = {}
    for file in files:
        for section, value in _parsed(file, faults).items():
            tables = value if isinstance(value, list) else [value]
            if not all(isinstance(one, dict) for one in tables):
                faults.append(Fault(file.name, section, "är ingen nyckel som finns här."))
                continue
            for number, one in enumerate(tables, start=1):
                where = _named(section, number, one) if isinstance(value, list) else section
                sections.setdefault(section, []).append(Row(one, file.name, where, faults))
    return sections


def gather(rows: list[Row], read: Callable[[Row], T]) -> dict[str, T]:
    """The rows by their `id`; two with the same are a fault."""
    found: dict[str, T] = {}
    for row in rows:
        name = row.text("id")
        if name and name in found:
            row.fault("id", f"«{name}» finns två gånger.")
        found[name] = read(row)
        row.finish()
    return found


def checked(row: Row, thing: Any) -> Any:
    """A model's row, its own fields tried by the model; what points at others is tried by `refer`."""
    pointing = [one.name for one in thing._meta.fields if one.is_relation]
    try:
        thing.clean_fields(exclude=pointing)
    except ValidationError as refused:
        for name, messages in refused.message_dict.items():
            label = str(thing._meta.get_field(name).verbose_name)
            said = f"{label}: {' '.join(messages)}"
            # A missing key has been told already, in words about the file.
            if getattr(thing, name) not in ("", None):
                row.fault("", said)
    return thing


def _parsed(file: Path, faults: list[Fault]) -> dict[str, Any]:
    try:
        if file.stat().st_size > _LARGEST_FILE:
            faults.append(Fault(file.name, "", "filen är större än 5 MB."))
            return {}
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        faults.append(Fault(file.name, "", f"filen går inte att läsa ({error.strerror})."))
    except UnicodeDecodeError:
        faults.append(Fault(file.name, "", "filen är inte sparad som UTF-8."))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = f"rad {place[1]}, kolumn {place[2]}" if place else "slutet av filen"
        faults.append(Fault(file.name, where, "går inte att läsa som TOML."))
    return {}


def _named(section: str, number: int, content: dict[str, Any]) -> str:
    """enheter 3 (psyk): the number in the file and the name that a human looks for."""
    name = content.get("id") or content.get("namn")
    return f"{section} {number} ({name})" if isinstance(name, str) else f"{section} {number}"


def _counted(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        pass
    if written == "idag":
        return dates.today()
    for pattern, sign in ((_AHEAD, 1), (_AGO, -1)):
        if (found := pattern.fullmatch(written)) and found[2] in _DAYS:
            return dates.today() + sign * timedelta(days=int(found[1]) * _DAYS[found[2]])
    return None
