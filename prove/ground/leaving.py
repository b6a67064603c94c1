"""Everything that leaves the program: pages, documents, answers, letters, lines of the log, raw rows.

Lives here: which addresses there are to ask for, asking for them as a reader, and finding marked words in
what came back. Not here: what was marked (`marked.py`), who may see which (`allowed.py`), the verdict
(`prove/canaries.py`).
"""

import html
import io
import logging
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import product
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from uuid import UUID

import pikepdf
from django.apps import apps
from django.urls import reverse
from psycopg import sql

from humla.agreements.blanks import blanks
from humla.web.log_lines import WithoutLinks, WithoutValues
from humla.web.urls import urlpatterns
from prove.ground import database
from prove.ground.marked import LETTERS
from tests.core.test_document import words as words_of_pdf

_PATTERNS: list[Any] = urlpatterns

_ROWS = 3
"""So many rows of each table and case are asked for by id; links in pages give the rest."""

_MORE, _GIVEN = 16, ("disclosures_receivedcopy", "disclosures_document", "disclosures_disclosure")
"""What is handed over is asked for one by one: each receiver has her own."""

_LINKS, _ALIKE = 900, 25
"""So many more addresses that its pages link to are asked for by each reader, at most; and so many that ask
for the same after the question mark."""

_NAMED: dict[str, tuple[str, ...]] = {
    "assignment_id": ("organisation_unitassignment", "cases_caseassignment"),
    "link_id": ("people_personlink",),
    "arrived_id": ("access_arrivedrequest",),
    "plan_request_id": ("initiations_planrequest",),
    "asked_id": ("initiations_planrequest",),
    "request_id": ("consents_consentrequest",),
    "kept_id": ("consents_keptaway",),
    "called_id": ("meetings_summons",),
    "about_id": ("meetings_summons",),
    "offer_id": ("scheduling_timeoffer",),
    "evidence_id": ("evidence_evidencerequest",),
    "survey_id": ("consents_surveyconsent",),
    "scan_id": ("consents_signedpaper",),
    "answer_id": ("consents_planconsent", "consents_consent"),
    "paper_id": ("disclosures_document",),
    "copy_id": ("disclosures_receivedcopy",),
    "event_id": ("access_logreview.event_id", "access_lookquestion.event_id"),
    "question_id": ("access_lookquestion",),
    "opening_id": ("access_manageropening",),
    "wording_id": ("consents_consentwording",),
    "agreement_id": ("agreements_localagreement",),
}
"""Ids in addresses that are not called as their table is."""

_WORDS: dict[str, Sequence[Any]] = {
    "provider_id": ["e-legitimation"],
    "slug": [one.slug for one in blanks()],
    "subject": ["barn"],
    "about": ["consent"],
    "chapter": ["frister"],
    "kind": ["letter"],
    "key": ["person.called"],
    "language": ["sv"],
    "version": [1],
    "occasion": ["called"],
}
"""What stands in addresses and is no id."""

_SIGN_IN = ("openid_connect_login", "openid_connect_callback", "sign_out")
"""Whose answers are the sign-in's own."""


# --- words --------------------------------------------------------------------------------------------------

_LEFT_OUT = re.compile(r"[\s\u00ad\u200b\u2010\u2011-]+")
_WORD = re.compile(rf"kanarie([a-z]{{0,{LETTERS}}})")


class Finder:
    """Finds marked words and numbers, also hyphenated, broken over lines, escaped or cut short."""

    def __init__(self, words: Mapping[str, str], numbers: Mapping[str, str]) -> None:
        self._marks = {word: mark for mark, word in words.items()}
        self._numbers = {number[2:]: f"people_person.number:{who}" for who, number in numbers.items()}

    def __call__(self, text: str) -> set[str]:
        """The marks whose word stands in the text."""
        plain = _LEFT_OUT.sub("", unquote(html.unescape(text))).lower()
        found = {self._mark(match[0]) for match in _WORD.finditer(plain)}
        return found | {mark for digits, mark in self._numbers.items() if digits in plain}

    def _mark(self, word: str) -> str:
        if word in self._marks:
            return self._marks[word]
        alike = [mark for known, mark in self._marks.items() if known.startswith(word) and len(word) > 10]
        return alike[0] if alike else f"ett avhugget ord ({word})"


# --- addresses ----------------------------------------------------------------------------------------------


def addresses(name: str, links: Iterable[str], cases: Sequence[UUID]) -> list[tuple[str, str]]:
    """Every address of the site map, with the ids of rows in these cases. An id of nothing is an error."""
    rows = _Rows(name, cases)
    words = {**_WORDS, "token": list(links)}
    found = []
    for one in _PATTERNS:
        wanted = re.findall(r"<(?:(\w+):)?(\w+)>", str(one.pattern))
        ids = [part for kind, part in wanted if kind == "uuid"]
        others = [part for kind, part in wanted if kind != "uuid"]
        for said in product(*(words[part] for part in others)):
            for given in rows.fitting(ids):
                keywords = {**dict(zip(others, said, strict=True)), **given}
                found.append((one.name, reverse(one.name, kwargs=keywords)))
    return found


class _Rows:
    """The ids there are, read by the owner."""

    def __init__(self, name: str, cases: Sequence[UUID]) -> None:
        self._name = name
        self._kept: dict[str, list[dict[str, Any]]] = {"case_id": [{"id": one} for one in cases]}

    def fitting(self, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Values for these ids that belong together, as the rows say."""
        if not ids:
            yield {}
            return
        *before, last = ids
        for row in self._of(last):
            known = {part: row[part] for part in before if row.get(part)}
            missing = [part for part in before if part not in known]
            for others in product(*(self._of(part) for part in missing)):
                filled = {part: other["id"] for part, other in zip(missing, others, strict=True)}
                yield {**known, **filled, last: row["id"]}

    def _of(self, part: str) -> list[dict[str, Any]]:
        if part not in self._kept:
            self._kept[part] = [row for table in _tables(part) for row in self._read(table)]
        return self._kept[part]

    def _read(self, place: str) -> list[dict[str, Any]]:
        table, _, column = place.partition(".")
        with database.as_owner(self._name) as owner:
            found = owner.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", [table]
            )
            columns = {str(one[0]) for one in found}
            parts = [one for one in sorted(columns) if one.endswith("_id")]
            spread = (
                "case_id" if "case_id" in columns else "authority_id" if "authority_id" in columns else "id"
            )
            query = sql.SQL(
                "SELECT {} FROM (SELECT *, row_number() OVER (PARTITION BY {} ORDER BY id) AS nth FROM {}) t"
                " WHERE nth <= {} ORDER BY nth, id LIMIT {}"
            ).format(
                sql.SQL(", ").join(sql.Identifier(one) for one in (column or "id", *parts)),
                sql.Identifier(spread),
                sql.Identifier(table),
                sql.Literal(_MORE if table in _GIVEN else _ROWS),
                sql.Literal(_MORE if table in _GIVEN else 4 * _ROWS),
            )
            rows = owner.execute(query).fetchall()
        return [dict(zip(("id", *parts), row, strict=True)) for row in rows if row[0]]


def _tables(part: str) -> tuple[str, ...]:
    if part in _NAMED:
        return _NAMED[part]
    stem = part.removesuffix("_id").replace("_", "")
    return tuple(
        [
            model._meta.db_table
            for model in apps.get_models()
            if model.__name__.lower() == stem and "humla" in model.__module__
        ]
    ) or _unknown(part)


def _unknown(part: str) -> tuple[str, ...]:
    raise LookupError(f"okänt id i en adress: {part}. Skriv vilken tabell det är i _NAMED.")


# --- asking -------------------------------------------------------------------------------------------------


@dataclass
class Left:
    """What came out to one reader."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    """Where it stood, and what."""
    ways: list[tuple[str, str]] = field(default_factory=list)
    """Addresses in it: where they stood, and the address. And cookies."""
    broken: list[str] = field(default_factory=list)
    """Pages that answered with a fault of ours."""
    shown: int = 0
    asked: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)


def looked(door: Any, every: Sequence[tuple[str, str]], left: Left) -> None:
    """Every address there is, and then those that its own pages lead to."""
    seen = {where for _name, where in every}
    todo = [(name, where) for name, where in every if name not in _SIGN_IN]
    more, alike = 0, Counter[tuple[str, str]]()
    while todo:
        name, where = todo.pop(0)
        answer = door.get(where)
        for further in taken(name, where, answer, left):
            path, _, query = further.partition("?")
            asks = query and "&".join(sorted(part.partition("=")[0] for part in query.split("&")))
            if further in seen or more >= _LINKS or alike[path, asks] >= 2 or alike["", asks] >= _ALIKE:
                continue
            seen.add(further)
            more += 1
            alike.update([(path, asks), *([("", asks)] if asks else [])])
            todo.append((name, further))


def searched(door: Any, where: str, words: str, left: Left) -> bool:
    """Search with these words: does the answer have them? Where it leads is put to the rest."""
    led = door.send(where, {"words": words})
    taken("sökning", where, led, left)
    there = led.headers.get("Location", where)
    left.ways.append(("sökning: dit", there))
    return words in door.get(there).content.decode()


def asked(door: Any, some: Sequence[tuple[str, str]], left: Left) -> None:
    """These addresses, and no further."""
    for name, where in some:
        taken(name, where, door.get(where), left)


def sent(door: Any, every: Sequence[tuple[str, str]], left: Left) -> None:
    """A bare form to every address that takes one: where it leads, and what is said of what is missing."""
    for name, where in every:
        one = next(one for one in _PATTERNS if one.name == name)
        if "POST" in getattr(one.callback, "door_methods", ()) and name not in _SIGN_IN:
            send = getattr(door, "send", door.post)
            taken(name, where, send(where, headers={"Accept": "application/json"}), left)


def taken(name: str, where: str, answer: Any, left: Left) -> list[str]:
    """Put an answer to the rest: its text, headers, cookies and addresses. Gives the links of a page."""
    left.asked += 1
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    content = answer.getvalue() if answer.streaming else answer.content
    if answer.status_code >= 500:
        left.broken.append(f"{name} {where} svarade {answer.status_code}")
    if answer.status_code == 200:
        left.shown += 1
        left.by_kind[kind] = left.by_kind.get(kind, 0) + 1
    left.texts.append((f"{name} {where}", read(kind, content)))
    headers = "\n".join(f"{key}: {value}" for key, value in answer.headers.items())
    cookies = "\n".join(morsel.OutputString() for morsel in answer.cookies.values())
    left.ways.append((f"{name}: huvuden", headers))
    left.ways.append((f"{name}: kakor", cookies))
    found = []
    if kind == "text/html" and answer.status_code == 200:
        for way in _ways_in(content.decode()):
            if not urlsplit(way).netloc:
                left.ways.append((f"{name}: länk", way))
                further = urljoin(where, way).partition("#")[0]
                if further.startswith("/"):
                    found.append(further)
    return found


def read(kind: str, content: bytes) -> str:
    """The text of an answer, as somebody who gets it can read it."""
    if kind == "application/pdf":
        with pikepdf.open(io.BytesIO(content)) as pdf:
            about = " ".join(str(value) for value in pdf.docinfo.values())
            # The raw bytes too: what is not in the text of a page may lie beside it.
            return f"{_words(pdf)} {about} {content.decode('latin1')}"
    return content.decode("utf-8", "replace")


def _words(pdf: Any) -> str:
    try:
        return str(words_of_pdf(pdf))  # type: ignore[no-untyped-call]
    except (AttributeError, KeyError):
        return ""  # A scan: pictures only.


class _Ways(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if not value:
                continue
            leads = tag in ("a", "link", "script", "img") and name in ("href", "src")
            for_script = name.startswith("data-") and value.startswith("/")
            if leads or for_script or name in ("action", "formaction"):
                self.found.append(value)


def _ways_in(page: str) -> list[str]:
    reader = _Ways()
    reader.feed(page)
    return [one for one in reader.found if not one.startswith(("/static/", "mailto:", "tel:", "data:"))]


# --- what is kept -------------------------------------------------------------------------------------------


def raw_rows(name: str, tables: Collection[str]) -> dict[str, str]:
    """Every row of these tables as a dump would hold it."""
    with database.as_owner(name) as owner:
        return {
            table: "\n".join(
                str(row[0])
                for row in owner.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
            )
            for table in tables
        }


def raw_columns(name: str, columns: Iterable[tuple[str, str]]) -> dict[str, str]:
    """These columns as a dump would hold them."""
    found = {}
    with database.as_owner(name) as owner:
        for table, column in columns:
            rows = owner.execute(
                sql.SQL("SELECT {}::text FROM {}").format(sql.Identifier(column), sql.Identifier(table))
            )
            found[f"{table}.{column}"] = "\n".join(str(row[0] or "") for row in rows)
    return found


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Everything that would be written, with its traceback."""
        self.lines.append(self.format(record))


@contextmanager
def log() -> Iterator[list[str]]:
    """Every line of the technical log, of any level, as the web process would write it."""
    handler = _Lines()
    for one in (WithoutLinks(), WithoutValues()):
        handler.addFilter(one)
    root = logging.getLogger()
    before, others = root.level, root.handlers
    root.handlers = [handler]
    root.setLevel(logging.DEBUG)
    try:
        yield handler.lines
    finally:
        root.handlers = others
        root.setLevel(before)
