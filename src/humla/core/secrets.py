"""Sealing texts and making look-up keys of person numbers.

Lives here: encryption of single values (Fernet: AES-CBC with HMAC, newest key first) and the keyed hashes
that let a sealed person number be found without being readable. Not here: where the keys come from
(settings reads the key file), the model field (`sealed_field.py`), changing keys (`humla.ops.keys`).

There are two rings of keys: one for fields in general, and one for where a protected person is, so that
whoever comes by the first still finds nobody. A sealed text begins with the name of its key, made from the
key itself, so that how many texts lie under which key can be counted without opening one.

A person number has fewer than 50 million plausible values, so an unkeyed hash of it is the number itself
in other letters. Everything derived from one is therefore an HMAC with the look-up key, which lives
outside the database.
"""

import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

FIELDS, PROTECTED = "fields", "protected"
RINGS = (FIELDS, PROTECTED)


class CannotUnseal(Exception):
    """The text was sealed with a key we do not have or for another purpose, or has been changed since."""


def seal(text: str, purpose: str, ring: str = FIELDS) -> str:
    """Encrypt with the newest key of a ring, for one purpose: what it is and where it lies.

    The purpose is sealed in with the text. Without it one sealed text could be put in another's place: a
    person number from the database in an address that is unsealed and shown.
    """
    if not purpose or "\x00" in purpose:
        raise ValueError("A seal needs a purpose without NUL.")
    return _named(_ring(ring).encrypt(f"{purpose}\x00{text}".encode()), ring)


def unseal(sealed: str, purpose: str, ring: str = FIELDS) -> str:
    """Decrypt what was sealed for this purpose, with whichever key fits. The exception never has the text."""
    try:
        inside = _ring(ring).decrypt(_token(sealed)).decode("utf-8")
    except (InvalidToken, UnicodeError) as error:
        raise CannotUnseal("The sealed text does not fit any key in the key file.") from error
    sealed_for, _, text = inside.partition("\x00")
    if sealed_for != purpose:
        raise CannotUnseal("The text was sealed for another purpose.")
    return text


def rotate(sealed: str, ring: str = FIELDS) -> str:
    """The same text for the same purpose under the newest key; the time of the first sealing is kept."""
    try:
        return _named(_ring(ring).rotate(_token(sealed)), ring)
    except (InvalidToken, UnicodeError) as error:
        raise CannotUnseal("The sealed text does not fit any key in the key file.") from error


def key_name(key: str) -> str:
    """What a key is called beside what it has sealed. Eight signs of a sum of random bytes tell nothing."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def key_names(ring: str) -> list[str]:
    """The keys of a ring by name, newest first."""
    return [key_name(one) for one in _keys()[ring]]


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


def _named(token: bytes, ring: str) -> str:
    return f"{key_name(_keys()[ring][0])}:{token.decode('ascii')}"


def _token(sealed: str) -> bytes:
    """Without the name of its key: it is for those who count, and a wrong one opens nothing more."""
    return sealed.rpartition(":")[2].encode("ascii")


def _ring(ring: str) -> MultiFernet:
    return _fernet_of(tuple(_keys()[ring]))


@lru_cache(maxsize=8)
def _fernet_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _keys() -> dict[str, Any]:
    """The keys as settings read them, the rings as the file has them now.

    A process that has stood since before a change of keys would otherwise not open what another has sealed,
    and go on sealing under a key that is about to be thrown away.
    """
    keys: dict[str, Any] = settings.HUMLA_KEYS_DATA
    path = getattr(settings, "HUMLA_KEYS_FILE", "")
    if path and _read_at.get(path, settings.HUMLA_KEYS_READ_AT) != (written := os.stat(path).st_mtime_ns):
        with open(path) as file:
            now_there = json.load(file)
        keys.update({ring: now_there[ring] for ring in RINGS})
        _read_at[path] = written
    return keys


_read_at: dict[str, int] = {}


def _lookup_key() -> bytes:
    key = bytes.fromhex(_keys()["lookup"])
    if len(key) < 32:
        raise ValueError("The look-up key must be at least 32 bytes.")
    return key
