"""The token of a link and the code that opens one: derived, never kept.

Here: the token of a letter, the one-time code of an opening, and the hashes that the database holds. Not
here: the rows (`models`, `actions`), nor when a code is good (`use_code()` in the walls).

Both are made from a row's own id with the look-up key, which is outside the database: whoever reads every
table can neither open a link nor make one, a letter sent twice carries the same link, and the demonstration
can show the letter as it was without having kept it.
"""

import base64
from secrets import token_urlsafe
from uuid import UUID

from humla.accounts.tokens import hash_of
from humla.core.secrets import lookup

_DIGITS = 6


def token_of(letter_id: UUID, *, opens: bool = False) -> str:
    """Forty-three letters that nobody guesses: 256 bits. A letter's neutral and opening links differ."""
    purpose = "token of an opening link" if opens else "token of a link"
    raw = bytes.fromhex(lookup(purpose, str(letter_id)))
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def kept_of(token: str) -> str:
    """What the database holds of a token."""
    return hash_of(token)


def code_of(opening_id: UUID) -> str:
    """The six digits that go to the unit's telephone."""
    return f"{int(lookup('one-time code', str(opening_id)), 16) % 10**_DIGITS:0{_DIGITS}}"


def kept_of_code(code: str, *, link_id: UUID) -> str:
    """What the database holds of a code: keyed, or a million tries over the table would tell it."""
    return lookup("one-time code of a link", f"{link_id} {code}")


def browser_token() -> str:
    """What the browser that a code opened in keeps for twenty minutes."""
    return token_urlsafe(32)
