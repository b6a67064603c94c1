"""Swedish person numbers: personnummer and samordningsnummer.

Lives here: reading one number as people write it, checking it, writing it masked or whole, and finding those
that stand in a running text. Not here: sealing and look-up keys (`secrets.py`), who may see one (people).

Folkbokföringslagen (1991:481) 18 and 18 a §§: birth date, birth number, check digit; from the year a person
turns 100 the hyphen is a plus; a samordningsnummer has 60 added to the day. The last digit but one says
nothing certain about anybody's sex and is never read. A person can change number, so a number is a fact
about a person and never their key.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from django.utils.translation import gettext as _
from stdnum import luhn

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"))
_COORDINATION = 60
_WRITTEN = re.compile(r"(?<![0-9])(?:[0-9]{2})?[0-9]{6} ?[-+]? ?[0-9]{4}(?![0-9])")


class Kind(Enum):
    PERSONNUMMER = "personnummer"
    SAMORDNINGSNUMMER = "samordningsnummer"


class NotANumber(ValueError):
    """What was written is no person number. The message says what to do, never what was written."""


@dataclass(frozen=True, slots=True)
class Number:
    """A checked number. Its `repr` is masked, so that it can end up in a log without harm."""

    digits12: str = field(repr=False)
    kind: Kind
    #: None when the day is not known, which a samordningsnummer can say by the days 60 (born 00) only.
    born_on: date | None = field(repr=False)

    @property
    def masked(self) -> str:
        return f"{self.digits12[:8]}-••••"

    @property
    def written(self) -> str:
        return f"{self.digits12[:8]}-{self.digits12[8:]}"

    def __str__(self) -> str:
        return self.masked


def parse(text: str, today: date) -> Number:
    """Read a number written with ten or twelve digits. Raises `NotANumber`."""
    digits12 = _twelve_digits(_compact(text), today)
    kind, born_on = _birth(digits12, today)
    if digits12[8:11] == "000":
        raise NotANumber(_("Födelsenumret kan inte vara 000. Kontrollera de fyra sista siffrorna."))
    if not luhn.is_valid(digits12[2:]):
        raise NotANumber(_("Kontrollsiffran stämmer inte. Kontrollera numret siffra för siffra."))
    return Number(digits12, kind, born_on)


def found_in(text: str, today: date) -> list[Number]:
    """The person numbers that stand in a running text, where none should."""
    found = []
    for written in _WRITTEN.findall(unicodedata.normalize("NFKC", text).translate(_DASHES)):
        try:
            found.append(parse(written, today))
        except NotANumber:
            continue
    return found


def _compact(text: str) -> str:
    """ASCII digits with at most one separator before the last four."""
    # NFKC first: the checksum library takes full-width and Arabic digits for digits, and would then store
    # two spellings of one number. What is not ASCII after that is refused, not guessed.
    written = unicodedata.normalize("NFKC", text).translate(_DASHES)
    written = "".join(each for each in written if not each.isspace() and each not in "\u200b\u2060\ufeff")
    if len(written) in (11, 13) and written[-5] in "-+":
        digits, sign = written[:-5] + written[-4:], written[-5]
    else:
        digits, sign = written, ""
    if len(digits) not in (10, 12) or not (digits.isascii() and digits.isdigit()):
        raise NotANumber(_("Skriv personnumret med tolv siffror, till exempel 19870101-0000."))
    return digits[:-4] + sign + digits[-4:]


def _twelve_digits(compact: str, today: date) -> str:
    sign = compact[-5] if compact[-5] in "-+" else ""
    digits = compact.replace(sign, "") if sign else compact
    if len(digits) == 12:
        if sign == "+" and today.year - int(digits[:4]) < 100:
            raise NotANumber(_("Plustecknet betyder 100 år eller äldre. Skriv bindestreck i stället."))
        return digits
    year = today.year - (today.year - int(digits[:2])) % 100
    # The sign changes at the turn of the year, so only the year decides. Someone born this year and
    # someone turning 100 this year differ by the sign alone.
    if sign == "+":
        year -= 100
    return f"{year:04d}{digits[2:]}"


def _birth(digits12: str, today: date) -> tuple[Kind, date | None]:
    year, month, day = int(digits12[:4]), int(digits12[4:6]), int(digits12[6:8])
    kind = Kind.SAMORDNINGSNUMMER if day >= _COORDINATION else Kind.PERSONNUMMER
    if kind is Kind.SAMORDNINGSNUMMER:
        day -= _COORDINATION
        if day == 0 and 0 <= month <= 12 and 1800 <= year <= today.year:
            return kind, None
    try:
        born_on = date(year, month, day)
    except ValueError:
        raise NotANumber(_("Datumet i numret finns inte. Kontrollera år, månad och dag.")) from None
    if born_on > today:
        raise NotANumber(_("Födelsedatumet ligger i framtiden. Skriv alla tolv siffror."))
    if year < 1840:
        raise NotANumber(_("Födelseåret ligger för långt tillbaka. Kontrollera de fyra första siffrorna."))
    return kind, born_on
