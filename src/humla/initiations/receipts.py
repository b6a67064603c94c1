"""The number and the code of a request without account: derived, and the code kept nowhere.

Here: how they are made and read. Not here: the row that they find (`visibility`, the walls).

Both come from the form's own key with the look-up key, which is outside the database. So a form that is sent
twice has one receipt, and whoever reads every table can neither make a code nor find a request by one.
"""

from dataclasses import dataclass
from uuid import UUID

from humla.core.codes import SIGNS
from humla.core.secrets import lookup

_SIGNS = 8


@dataclass(frozen=True)
class Receipt:
    """What whoever asked takes with her."""

    number: str
    code: str

    @property
    def kept(self) -> str:
        """What the database holds of the two: one without the other finds nothing."""
        return lookup("receipt of a request", f"{self.number} {self.code}")


def receipt_of(key: UUID) -> Receipt:
    """The receipt of the form that was sent with this key."""
    return Receipt(_spoken("number of a request", key), _spoken("code of a request", key))


def row_of(key: UUID) -> UUID:
    """The row's own id. Not the key itself: who reads a row's address must not know its receipt's source."""
    return UUID(lookup("row of a request", str(key))[:32])


def read(written: str) -> str:
    """A number or a code however it was written: "hx74k2mp" is HX74-K2MP. What is none is nothing."""
    signs = "".join(one for one in written.upper() if one.isascii() and one.isalnum())
    return f"{signs[:4]}-{signs[4:]}" if len(signs) == _SIGNS else ""


def _spoken(purpose: str, key: UUID) -> str:
    left, signs = int(lookup(purpose, str(key)), 16), ""
    for _one in range(_SIGNS):
        left, which = divmod(left, len(SIGNS))
        signs += SIGNS[which]
    return f"{signs[:4]}-{signs[4:]}"
