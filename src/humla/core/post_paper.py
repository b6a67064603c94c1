"""Letters as one PDF, to print and post: each with its receiver in the window of the envelope.

Here: the shape of a letter, free of any concept of ours, and `render_letters`. Not here: documents that are
not posted (`document`, whose blocks these are), what a letter says (`humla.letters.document`), the looks
(`typst/letters.typ`).

PDF/A-2a and PDF/UA-1 at once, like our documents, and under the same traps.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from humla.core.document import PrintedDocument, Section, Told, fonts

TEMPLATE = Path(__file__).parent / "typst" / "letters.typ"


@dataclass(frozen=True, slots=True)
class PostedLetter:
    """One letter. `to` stands in the window, `slip` below a dashed line at the end, to tear off."""

    document: PrintedDocument
    to: tuple[str, ...]
    sender: tuple[str, ...]
    slip: tuple[Section, ...] = ()


def render_letters(letters: Sequence[PostedLetter], *, title: str) -> bytes:
    """All of them in one file, in the order given."""
    first = letters[0].document
    whole = {
        "title": title,
        "author": first.issuer,
        "language": "sv",
        "dated": [first.dated.year, first.dated.month, first.dated.day],
        "letters": [_told(one) for one in letters],
    }
    import typst  # Only who prints pays for it, as in `document`.

    made: bytes = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"letters": json.dumps(whole, ensure_ascii=False)},
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
    )
    return made


def _told(letter: PostedLetter) -> dict[str, Any]:
    told = Told(letter.document)
    return told.whole(is_form=True) | {
        "to": [told.text(line, one_line=True) for line in letter.to if line.strip()],
        "from": [told.text(line, one_line=True) for line in letter.sender if line.strip()],
        "slip": [told.section(one) for one in letter.slip],
    }
