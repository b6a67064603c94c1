"""The random token of a session and the hash that is kept of it.

Lives here: making a token and hashing one. Not here: the rows (`models.py`) and the cookie (web).

The token is 256 random bits, so an unkeyed hash cannot be searched; a person number's could, which is why
that one is keyed (`core.secrets`).
"""

import hashlib
import secrets


def new_token() -> str:
    """What the browser gets, once, in its cookie."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What the database keeps. A cookie can hold anything at all, so nothing is refused here."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
