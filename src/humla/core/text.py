"""What people write, made safe to keep without changing their words.

Lives here: cleaning of single lines and of prose, and the error sentences. Not here: form fields
(`fields.py`), parsing of a person number (`numbers.py`), and what the PDF's fonts can draw (`document.py`).

Names and codes are normalised by NFKC, so that "ﬁ" and full-width letters become what they look like. A
person's own prose only by NFC: NFKC would turn "½" into "1⁄2" and "m²" into "m2", and the words are theirs.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

NUL = "\x00"
# Direction marks turn a name around on other people's screens ("Trojan Source"); <bdi> does the honest work.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Zero-width characters make two different names look the same. U+200C and U+200D are kept in prose, where
# Persian and emoji need them.
_ZERO_WIDTH = re.compile(
    "[\u00ad\u034f\u115f\u1160\u180e\u200b-\u200d\u2060-\u2064\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufff9-\ufffb]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")
# No gap before the line end: with one, a long run of spaces costs its square, and the web stands still.
_LINE_GAPS = re.compile(r"\n\s*|\t")
_WIDE_GAPS = re.compile(r"[^\S\u00a0\u202f]+")
# A letter with more than eight marks on it is a flood that runs over the neighbours' lines, not a language.
_MOST_MARKS = 8


def clean(text: str, *, limit: int, multiline: bool) -> str:
    """The text as it is kept, or a `ValidationError` whose sentence says what to do."""
    if len(text) > 20 * limit + 1_000:
        _refuse_too_long(text, limit)  # before any work is done on it
    _refuse_unstorable(text)
    cleaned = _prose(text) if multiline else _line(text)
    _refuse_too_long(cleaned, limit)
    _refuse_flood(cleaned)
    return cleaned


def written_number(number: int) -> str:
    """12 345, with spaces that do not break."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def _line(text: str) -> str:
    one_line = _LINE_GAPS.sub(" ", _LINE_ENDS.sub("\n", text))
    composed = unicodedata.normalize("NFKC", one_line)
    visible = _ZERO_WIDTH.sub("", _DIRECTION.sub("", _CONTROLS.sub("", composed)))
    # Removing what is invisible can bring a letter and its mark together: compose once more.
    return unicodedata.normalize("NFKC", _WIDE_GAPS.sub(" ", visible)).strip()


def _prose(text: str) -> str:
    lines = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    return _CONTROLS.sub("", lines).strip()


def _refuse_unstorable(text: str) -> None:
    if NUL in text:
        # PostgreSQL cannot keep it, and dropping it silently could join two words or hide an attack.
        raise ValidationError(
            _("Texten innehåller ett tecken som inte går att spara. Skriv om den del som klistrades in."),
            code="nul",
        )
    if _SURROGATES.search(text):
        raise ValidationError(
            _("Texten innehåller ett trasigt tecken. Ta bort det och försök igen."), code="surrogate"
        )


def _refuse_too_long(text: str, limit: int) -> None:
    if len(text) > limit:
        raise ValidationError(
            _("Texten är %(length)s tecken lång. Korta den till högst %(limit)s tecken."),
            code="max_length",
            params={"length": written_number(len(text)), "limit": written_number(limit)},
        )


def _refuse_flood(text: str) -> None:
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if run > _MOST_MARKS:
            raise ValidationError(
                _("Texten innehåller ett tecken med för många accenter på. Skriv om det."), code="marks"
            )
