"""Documents as PDF: what is printed of a plan, a summons, a list.

Lives here: the shape of a printed document, free of any concept of ours, and `render_pdf`. Not here: what a
plan's document contains (each concept's own `document.py`), and the looks (`typst/document.typ`). Forms to
write on by hand are documents too: lines, boxes and sheets are blocks beside the others.

The result is PDF/A-2a and PDF/UA-1 at once, tagged, and the same document gives the same bytes every time,
so that its SHA-256 can be stored and checked. That holds for one version of typst and of our fonts.

Three traps are handled here. Under PDF/UA one character that no font can draw stops the whole document:
such characters become □ and the document says so. A person's text goes in as data and can never become
markup. A long unbroken word runs off the page without warning: it gets places to break.
"""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from humla.core import dates

if TYPE_CHECKING:
    import typst

FONTS = Path(__file__).parent / "fonts"
TEMPLATE = Path(__file__).parent / "typst" / "document.typ"

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "he", "prs", "ps", "ur"})
_NOT_DRAWN = "□"
_LONG_WORD = re.compile(r"[^\s\u200b]{25,}")
_BREAK_EVERY = 12
_FOOTER_LINE = 95
_LONGEST_LABEL = 26
# They shape Arabic letters; with emoji and Indic scripts, which we cannot draw, they join nothing.
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Written:
    """A text in another language than the document's, such as the person's own words."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str | Written


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words, with who said them and when."""

    text: str | Written
    said_by: str = ""
    said_on: date | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Facts: what it is, and what it says."""

    rows: tuple[tuple[str | Written, str | Written], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are the columns' shares of the page, for example (2, 5, 2)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | Written, ...], ...]
    widths: tuple[int, ...]
    caption: str = ""

    def __post_init__(self) -> None:
        if not self.columns or {len(self.columns)} != {len(self.widths), *map(len, self.rows)}:
            raise ValueError("Every row of a table has as many cells as there are columns and widths.")


@dataclass(frozen=True, slots=True)
class Points:
    """A list of short things, or of steps in order."""

    items: tuple[str | Written, ...]
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes side by side to write one thing each in: (label, what already stands there)."""

    boxes: tuple[tuple[str, str | Written], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A question, and lines to answer it on by hand."""

    label: str
    lines: int = 3


@dataclass(frozen=True, slots=True)
class Ticks:
    """A question, and a square to tick for each answer."""

    label: str
    choices: tuple[str, ...]
    is_row: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to fill in by hand: `first` is what stands in the first column of each row, often nothing."""

    columns: tuple[str, ...]
    first: tuple[str, ...]
    widths: tuple[int, ...]
    caption: str = ""
    #: Room to write in each row, in millimetres.
    height: int = 12

    def __post_init__(self) -> None:
        if not self.columns or len(self.columns) != len(self.widths):
            raise ValueError("A sheet has a width for each of its columns.")


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps after each other as a map: (what the step is called, who does it, what happens)."""

    steps: tuple[tuple[str, str, str], ...]


Block = Paragraph | Quote | Rows | Table | Points | Boxes | Lines | Ticks | Sheet | Chain


@dataclass(frozen=True, slots=True)
class Section:
    heading: str | Written
    blocks: tuple[Block, ...]
    #: 2 for a section, 3 for a part of the section before it.
    level: int = 2

    def __post_init__(self) -> None:
        if self.level not in (2, 3):
            raise ValueError("A section is at level 2 or 3; level 1 is the title.")


@dataclass(frozen=True, slots=True)
class PrintedDocument:
    """A whole document. Everything the page shows is here; nothing is looked up while printing."""

    title: str
    reference: str
    dated: date
    issuer: str = ""
    language: str = "sv"
    head: tuple[tuple[str | Written, str | Written], ...] = ()
    sections: tuple[Section, ...] = ()
    #: Who released the document to whom, and on which ground. The first line stands on every page.
    footer: tuple[str, ...] = ()

    @property
    def direction(self) -> str:
        return _direction_of_language(self.language)


def render_pdf(document: PrintedDocument, *, is_large: bool = False, is_form: bool = False) -> bytes:
    """The document as PDF/A-2a and PDF/UA-1.

    `is_large`: in large print. `is_form`: nobody has said anything on it yet, so there is no content to
    vouch for with a fingerprint.
    """
    told = Told(document)
    import typst  # With fontTools a tenth of the web process's memory: only who prints pays for it.

    made: bytes = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(told.whole(is_large, is_form), ensure_ascii=False)},
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
    )
    return made


def fingerprint(document: PrintedDocument) -> str:
    """SHA-256 of the document's content, as printed at its end: the same words give the same print."""
    content = json.dumps(_plain(document), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode("ascii")).hexdigest()


class Told:
    """One document on its way to the page; remembers whether a character could not be drawn."""

    def __init__(self, document: PrintedDocument) -> None:
        self.document = document
        self.replaced = False

    def whole(self, is_large: bool = False, is_form: bool = False) -> dict[str, Any]:
        document = self.document
        with translation.override(_interface_language(document.language)):
            title = self.one_line(document.title) or self.one_line(_("Handling"))
            data: dict[str, Any] = {
                "title": {**self.text(title), "plain": _without_breaks(title)},
                "short_title": self.text(title if len(title) <= 70 else f"{title[:69].rstrip()}…"),
                "reference": self.text(self.one_line(document.reference)),
                "issuer": self.text(self.one_line(document.issuer)),
                "author": _without_breaks(self.one_line(document.issuer)),
                "language": _printed_language(document.language),
                "direction": document.direction,
                "dated": [document.dated.year, document.dated.month, document.dated.day],
                "written_date": self.drawn(dates.written_date(document.dated, document.language)),
                "labels": {"page": _("Sida {page} av {pages}")},
                "head": self.pairs(document.head),
                "sections": [self.section(section) for section in document.sections],
                "footer": [self.text(line) for line in document.footer if line.strip()],
                "fingerprint": None if is_form else self.text(_written_fingerprint(document)),
                "is_large": is_large,
            }
            data["footer_lines"] = _lines_of_footer(document.footer)
            data["note"] = self.text(_glyph_note()) if self.replaced else None
        return data

    def section(self, section: Section) -> dict[str, Any]:
        heading = self.text(section.heading, one_line=True)
        return {
            # An empty heading is an error under PDF/UA, and rightly: it would be a blank line in the
            # table of contents that a screen reader reads out.
            "heading": heading if heading["paragraphs"] else None,
            "level": section.level,
            "blocks": [told for block in section.blocks if (told := self.block(block))],
        }

    def block(self, block: Block) -> dict[str, Any] | None:
        """One block, or None when there is nothing in it to show."""
        match block:
            case Paragraph():
                told = self.text(block.text)
                return {"kind": "paragraph", "text": told} if told["paragraphs"] else None
            case Quote():
                told = self.text(block.text)
                by = [self.text(part) for part in _said_by(block, self.document.language)]
                return {"kind": "quote", "text": told, "by": by} if told["paragraphs"] else None
            case Rows():
                return {"kind": "rows", "rows": self.pairs(block.rows)} if block.rows else None
            case Table():
                return self.table(block) if block.rows else None
            case _:
                return self.to_write_on(block)

    def to_write_on(self, block: Points | Boxes | Lines | Ticks | Sheet | Chain) -> dict[str, Any] | None:
        """What a form or a guide is made of; empty lists are no lists."""
        match block:
            case Points():
                items = [told for item in block.items if (told := self.text(item))["paragraphs"]]
                return {"kind": "points", "items": items, "is_numbered": block.is_numbered} if items else None
            case Boxes():
                return {"kind": "boxes", "boxes": self.pairs(block.boxes)} if block.boxes else None
            case Lines():
                label = self.text(block.label, one_line=True)
                return {"kind": "lines", "label": label, "lines": block.lines}
            case Ticks():
                choices = [self.text(choice, one_line=True) for choice in block.choices]
                label = self.text(block.label, one_line=True)
                return {"kind": "ticks", "label": label, "choices": choices, "is_row": block.is_row}
            case Sheet():
                rest = ("",) * (len(block.columns) - 1)
                rows = tuple((first, *rest) for first in block.first)
                filled = Table(block.columns, rows, block.widths, block.caption)
                return {**self.table(filled), "room": block.height} if rows else None
            case Chain():
                steps = [[self.text(part, one_line=True) for part in step] for step in block.steps]
                return {"kind": "chain", "steps": steps} if steps else None

    def table(self, table: Table) -> dict[str, Any]:
        caption = self.text(table.caption, one_line=True)
        return {
            "kind": "table",
            "room": 0,
            "caption": caption if caption["paragraphs"] else None,
            "columns": [self.text(column) for column in table.columns],
            "widths": list(table.widths),
            "rows": [
                {"cells": [self.text(cell) for cell in row], "is_long": max(map(_length, row)) > 600}
                for row in table.rows
            ],
        }

    def pairs(self, pairs: tuple[tuple[str | Written, str | Written], ...]) -> list[dict[str, Any]]:
        return [
            {
                "label": self.text(label, one_line=True),
                "value": self.text(value),
                "own_line": _length(label) > _LONGEST_LABEL,
            }
            for label, value in pairs
        ]

    def text(self, text: str | Written, *, one_line: bool = False) -> dict[str, Any]:
        words = text.text if isinstance(text, Written) else text
        language = text.language if isinstance(text, Written) else self.document.language
        drawn = self.one_line(words) if one_line else self.drawn(words).strip()
        paragraphs = [part.split("\n") for part in re.split(r"\n[^\S\n]*\n\s*", drawn) if part.strip()]
        return {
            "paragraphs": paragraphs,
            "language": _language_of(drawn, language),
            "direction": _direction_of(drawn, language),
        }

    def one_line(self, text: str) -> str:
        return " ".join(self.drawn(text).split())

    def drawn(self, text: str) -> str:
        shown, replaced = _drawable(text)
        self.replaced = self.replaced or replaced
        return _LONG_WORD.sub(_with_breaks, shown)


# --- what the fonts can draw --------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@lru_cache(maxsize=1)
def _characters_of_families() -> tuple[frozenset[int], ...]:
    """What each family can draw in every face we use of it, in the order the template names them."""
    families = []
    for family in ("SourceSans3", "Vazirmatn", "NotoSansEthiopic"):
        faces = [_characters_of(face) for face in sorted(FONTS.glob(f"{family}-*.ttf"))]
        families.append(frozenset.intersection(*faces))
    return tuple(families)


def _characters_of(face: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(face, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _drawable(text: str) -> tuple[str, bool]:
    """The text with □ for what cannot be drawn, and whether anything was replaced."""
    made: list[str] = []
    replaced = False
    for cluster in _clusters(unicodedata.normalize("NFC", _visible(text))):
        shown = _drawn_cluster(cluster)
        made.append(_NOT_DRAWN if shown is None else shown)
        replaced = replaced or shown is None
    return "".join(made), replaced


def _visible(text: str) -> str:
    """The text without what leaves no ink; first of all, since a mark must not change letter by it later."""
    kept: list[str] = []
    for character in text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "):
        joins = character in _JOINERS and bool(kept) and "\u0600" <= kept[-1] <= "\u06ff"
        if joins or character == "\n" or not _leaves_no_ink(character):
            kept.append(character)
    return "".join(kept)


def _leaves_no_ink(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf") or "\ufe00" <= character <= "\ufe0f"


def _clusters(text: str) -> list[str]:
    """The text in pieces of one letter and its marks: a mark is drawn in its letter's font or not at all."""
    pieces: list[str] = []
    for character in text:
        if pieces and not pieces[-1].isspace() and _is_mark(character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc", "Me")


@lru_cache(maxsize=4096)
def _drawn_cluster(cluster: str) -> str | None:
    """The cluster as it is printed; None when it cannot be."""
    if cluster in ("\n", " ", "\u00a0", "\u202f"):
        return cluster
    if cluster.isspace():
        # Thin and ideographic spaces are missing from some fonts; a space is a space.
        return " "
    if _is_mark(cluster[0]):
        return None
    for characters in _characters_of_families():
        for form in (cluster, unicodedata.normalize("NFD", cluster)):
            if characters.issuperset(map(ord, form)):
                return cluster
    return None


def _with_breaks(word: re.Match[str]) -> str:
    """Zero-width spaces in a word too long for a line, never between a letter and its marks."""
    pieces = _clusters(word[0])
    return "\u200b".join(
        "".join(pieces[at : at + _BREAK_EVERY]) for at in range(0, len(pieces), _BREAK_EVERY)
    )


def _without_breaks(text: str) -> str:
    return text.replace("\u200b", "")


# --- languages ----------------------------------------------------------------------------------------------


def _direction_of_language(language: str) -> str:
    return "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def _direction_of(text: str, language: str) -> str:
    """The direction of the first letter that has one, as a browser does for dir=auto."""
    for character in text:
        if (found := unicodedata.bidirectional(character)) in ("L", "R", "AL"):
            return "ltr" if found == "L" else "rtl"
    return _direction_of_language(language)


def _language_of(text: str, language: str) -> str:
    """The language of the text; unknown when its script cannot be that language's.

    A wrong language makes a screen reader spell out gibberish; an unknown one lets it look for itself.
    """
    if _direction_of(text, language) == _direction_of_language(language):
        return _printed_language(language)
    return "und"


def _printed_language(language: str) -> str:
    return language.split("-")[0].lower()


def _interface_language(language: str) -> str:
    return language if translation.check_for_language(language) else "sv"


def _said_by(quote: Quote, language: str) -> list[str]:
    # Two texts, not one: a Swedish name and an Arabic date in one text change places with each other.
    on = dates.written_date(quote.said_on, language) if quote.said_on else ""
    return [part for part in (quote.said_by.strip(), on) if part]


def _length(text: str | Written) -> int:
    return len(text.text if isinstance(text, Written) else text)


# --- the end of the document --------------------------------------------------------------------------------


def _glyph_note() -> str:
    return _("Tecknet □ står för ett tecken som inte går att skriva ut. Det finns kvar i systemet.")


def _written_fingerprint(document: PrintedDocument) -> str:
    digits = fingerprint(document)
    groups = " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))
    return _("Innehållets kontrollsumma (SHA-256): %(digits)s") % {"digits": groups}


def _lines_of_footer(footer: tuple[str, ...]) -> int:
    """How many lines the page footer takes; the margin must be known before the text is set."""
    first = next((line for line in footer if line.strip()), "")
    return min(6, max(1, -(-len(first) // _FOOTER_LINE)))


def _plain(part: Any) -> Any:
    """A document as lists and texts, for the fingerprint; the kind of each part is in it."""
    if isinstance(part, date):
        return part.isoformat()
    if isinstance(part, tuple):
        return [_plain(each) for each in part]
    if hasattr(part, "__dataclass_fields__"):
        return [type(part).__name__, *(_plain(getattr(part, name)) for name in part.__dataclass_fields__)]
    return part
