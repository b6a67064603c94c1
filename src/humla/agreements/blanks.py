"""The blank forms of SAMSIP: their texts with versions, and each as a document to print and write on.

Here: reading the texts in `texts/<language>/<slug>.toml`, and what of a case may stand in a form's boxes
already. Not here: the pages (`humla.web.forms`), how paper looks (`humla.core.document`), nor documents that
a case makes itself: a summons, an adopted plan and a finished follow-up are printed from what was said.

They belong to the local agreement: the förbund's own words replace these (INI-7), each with its version.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from humla.core import dates
from humla.core import document as printing

TEXTS = Path(__file__).parent / "texts"
STANDARD = "sv"
"""The language that every form exists in; a form that is not translated comes in this."""

GROUPS = {
    "person": gettext_lazy("Till personen"),
    "case": gettext_lazy("I ett ärende"),
    "staff": gettext_lazy("För er som arbetar"),
}
"""Who a form is for, in the order of the list."""

FILLED = ("name", "number", "reference", "unit", "by", "phone")
"""What of a case may stand in a form's boxes already."""

LIFE_AREAS = (
    *("Försörjning", "Boende", "Arbete och sysselsättning", "Utbildning", "Familj och nätverk"),
    *("Hälsa och vård", "Beroende", "Vardag", "Fritid"),
)
"""Where the reader has no agreement of her own to take them from: on the public page."""


@dataclass(frozen=True)
class Blank:
    """One form: what it is called, whom it is for, and which version of its text this is."""

    slug: str
    language: str
    title: str
    about: str
    group: str
    order: int
    version: int
    dated: date
    is_for_case: bool
    """Can its head be filled in from a case?"""
    sections: tuple[Mapping[str, Any], ...]


def blanks(language: str = STANDARD) -> list[Blank]:
    """All of them, in the order a case meets them; each in the language if there is one, else in Swedish."""
    slugs = sorted(file.stem for file in (TEXTS / STANDARD).glob("*.toml"))
    return sorted((_read(slug, _language(slug, language)) for slug in slugs), key=lambda one: one.order)


def blank(slug: str, language: str = STANDARD) -> Blank | None:
    """One of them."""
    return next((one for one in blanks(language) if one.slug == slug), None)


def printed(
    blank: Blank,
    *,
    filled: Mapping[str, str] | None = None,
    areas: Sequence[str] = (),
    issuer: str = "",
    on: date | None = None,
) -> printing.PrintedDocument:
    """The form to print. `filled`: what of a case stands in its head, by the names in FILLED."""
    words = filled or {}
    with override(blank.language):
        which = _("Blanketten %(title)s, version %(version)s, %(on)s.") % {
            "title": blank.title,
            "version": blank.version,
            "on": dates.written_date(blank.dated, blank.language),
        }
        plain = _("Version %(version)s") % {"version": blank.version}
    return printing.PrintedDocument(
        title=blank.title,
        reference=words.get("reference") or plain,
        dated=on or blank.dated,
        issuer=issuer,
        language=blank.language,
        sections=tuple(
            printing.Section(
                section["heading"], tuple(_block(one, words, areas) for one in section["blocks"])
            )
            for section in blank.sections
        ),
        footer=(which,),
    )


def _language(slug: str, language: str) -> str:
    return language if (TEXTS / language / f"{slug}.toml").is_file() else STANDARD


@lru_cache(maxsize=256)
def _read(slug: str, language: str) -> Blank:
    text = tomllib.loads((TEXTS / language / f"{slug}.toml").read_text("utf-8"))
    sections = tuple(text.pop("sections"))
    return Blank(slug=slug, language=language, sections=sections, **text)


def _block(block: Mapping[str, Any], filled: Mapping[str, str], areas: Sequence[str]) -> printing.Block:
    """One block of a text: its first key says which kind it is."""
    match next(iter(block)):
        case "say":
            return printing.Paragraph(block["say"])
        case "points":
            return printing.Points(tuple(block["points"]), is_numbered=block.get("numbered", False))
        case "boxes":
            names = block.get("fill", [""] * len(block["boxes"]))
            pairs = zip(block["boxes"], names, strict=True)
            return printing.Boxes(tuple((label, filled.get(name, "")) for label, name in pairs))
        case "write":
            return printing.Lines(block["write"], block["lines"])
        case "tick":
            return printing.Ticks(block["tick"], tuple(block["choices"]), is_row=block.get("row", False))
        case "chain":
            return printing.Chain(tuple((what, who, then) for what, who, then in block["chain"]))
        case "sheet":
            columns, widths = tuple(block["sheet"]), tuple(block["widths"])
            return printing.Sheet(columns, _first(block, areas), widths, height=block.get("height", 12))
    raise ValueError(f"A form has no block called {next(iter(block))}.")


def _first(sheet: Mapping[str, Any], areas: Sequence[str]) -> tuple[str, ...]:
    """What stands first in each row of a sheet: given, the life areas, or nothing to write on."""
    if sheet.get("each") == "life_areas":
        return tuple(areas or LIFE_AREAS)
    return tuple(sheet.get("first", [""] * sheet.get("rows", 0)))
