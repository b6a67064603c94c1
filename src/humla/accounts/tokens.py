"""The random token of a session, the hash that is kept of it, and the seals on the rows of sign-in.

Lives here: making a token, hashing one, and sealing. Not here: the rows (`models.py`) and the cookie (web).

The token is 256 random bits, so an unkeyed hash cannot be searched; a person number's could, which is why
that one is keyed (`core.secrets`).
"""

import hashlib
import secrets
from uuid import UUID

from humla.core.context import mac
from humla.core.secrets import lookup


def new_token() -> str:
    """What the browser gets, once, in its cookie."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What the database keeps. A cookie can hold anything at all, so nothing is refused here."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def name_of(token_hash: str) -> str:
    """What a form calls a session by: enough to tell one's own apart, and nothing that opens one."""
    return token_hash[:16]


def session_seal(token_hash: str, account_id: UUID, person_key: str) -> str:
    """What makes a session row believed by `enter()`.

    The rows of sign-in lie outside the walls, so somebody who could smuggle SQL into the program could write
    one of her own; she cannot write its seal, for the key is not hers to read.
    """
    return mac(f"session|{token_hash}|{account_id}|{person_key}")


def identity_seal(issuer: str, subject: str, account_id: UUID) -> str:
    """What makes an identity row believed when somebody signs in. Keyed by the look-up key, which stays."""
    return lookup("identity", f"{issuer}\x1f{subject}\x1f{account_id}")
