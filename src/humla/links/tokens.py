"""The token of a link: derived, never kept.

Here: the token of a letter and the hash that the database holds. Not here: the rows (`models`, `actions`).

It is made from the letter's own id with the look-up key, which is outside the database: whoever reads every
table can neither open a link nor make one, a letter sent twice carries the same link, and the demonstration
can show the letter as it was without having kept it.
"""

import base64
from uuid import UUID

from humla.accounts.tokens import hash_of
from humla.core.secrets import lookup


def token_of(letter_id: UUID) -> str:
    """Forty-three letters that nobody guesses: 256 bits."""
    raw = bytes.fromhex(lookup("token of a link", str(letter_id)))
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def kept_of(token: str) -> str:
    """What the database holds of a token."""
    return hash_of(token)
