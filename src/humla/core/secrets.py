"""Sealing texts and making look-up keys of person numbers.

Lives here: encryption of single values (Fernet: AES-CBC with HMAC, newest key first) and the keyed hashes
that let a sealed person number be found without being readable. Not here: where the keys come from
(settings reads the key file), and the model field (`sealed_field.py`).

A person number has fewer than 50 million plausible values, so an unkeyed hash of it is the number itself
in other letters. Everything derived from one is therefore an HMAC with the look-up key, which lives
outside the database.
"""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotUnseal(Exception):
    """The text was sealed with a key we do not have or for another purpose, or has been changed since."""


def seal(text: str, purpose: str) -> str:
    """Encrypt with the newest key, for one purpose: what it is and where it lies.

    The purpose is sealed in with the text. Without it one sealed text could be put in another's place: a
    person number from the database in an address that is unsealed and shown.
    """
    if not purpose or "\x00" in purpose:
        raise ValueError("A seal needs a purpose without NUL.")
    return _fernet().encrypt(f"{purpose}\x00{text}".encode()).decode("ascii")


def unseal(sealed: str, purpose: str) -> str:
    """Decrypt what was sealed for this purpose, with whichever key fits. The exception never has the text."""
    try:
        inside = _fernet().decrypt(sealed.encode("ascii")).decode("utf-8")
    except (InvalidToken, UnicodeError) as error:
        raise CannotUnseal("The sealed text does not fit any key in the key file.") from error
    sealed_for, _, text = inside.partition("\x00")
    if sealed_for != purpose:
        raise CannotUnseal("The text was sealed for another purpose.")
    return text


def rotate(sealed: str) -> str:
    """The same text for the same purpose under the newest key; the time of the first sealing is kept."""
    try:
        return _fernet().rotate(sealed.encode("ascii")).decode("ascii")
    except (InvalidToken, UnicodeError) as error:
        raise CannotUnseal("The sealed text does not fit any key in the key file.") from error


def lookup(kind: str, value: str) -> str:
    """A hash that only holders of the look-up key can make. Different kinds never give equal hashes."""
    if not kind or "\x00" in kind:
        raise ValueError("A look-up needs a kind without NUL.")
    message = f"{kind}\x00{value}".encode()
    return hmac.new(_lookup_key(), message, hashlib.sha256).hexdigest()


def person_key(digits12: str) -> str:
    """The hash that says two records are the same human being, over the authorities of this installation."""
    return lookup("person", _twelve(digits12))


def person_lookup(authority_id: object, digits12: str) -> str:
    """The hash by which one authority finds its own people.

    It differs between authorities, so that equal people in two authorities' rows cannot be matched by
    anyone who reads both: that X is known at two places is itself secret (OSL 25:1, 26:1).
    """
    return lookup(f"person at {authority_id}", _twelve(digits12))


def _twelve(digits12: str) -> str:
    if len(digits12) != 12 or not (digits12.isascii() and digits12.isdigit()):
        raise ValueError("A look-up of a person needs twelve digits: parse the number first.")
    return digits12


def _fernet() -> MultiFernet:
    return _fernet_of(tuple(_keys()["fields"]))


@lru_cache(maxsize=4)
def _fernet_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _keys() -> dict[str, Any]:
    keys: dict[str, Any] = settings.HUMLA_KEYS_DATA
    return keys


def _lookup_key() -> bytes:
    key = bytes.fromhex(_keys()["lookup"])
    if len(key) < 32:
        raise ValueError("The look-up key must be at least 32 bytes.")
    return key
