"""Who reads: every kind of context, and the ways one can almost be the right one.

Lives here: the two förbund with their authorities, units and professionals, and the readers. Not here: the
cases (`world.py`). Each reader differs from one who may read in exactly one thing.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from django.db.models import Model

from humla.core.context import Actor, Kind
from humla.ops import walls
from humla.organisation.models import Association, Authority, Party, PartyKind, Professional, Unit

_SPACE = UUID("5d0a3c1e-6f7b-4a43-9d6e-2f6f0d3b7a10")
HER_KEY, ANOTHER_KEY, DEPUTY_KEY = "a" * 64, "b" * 64, "c" * 64


def known(name: str) -> UUID:
    """The same id for the same name in every run."""
    return uuid5(_SPACE, name)


OWN, OTHER = known("förbund"), known("annat förbund")
HOLDER, RECEIVER, THIRD, AWAY = (known(f"myndighet {one}") for one in ("H", "M", "T", "annat förbund"))
# Two units of each: what is another unit's is not ours, though the authority is the same.
UNITS = {one: (known(f"enhet 1 {one}"), known(f"enhet 2 {one}")) for one in (HOLDER, RECEIVER, THIRD, AWAY)}
HANNA, RUNE, TORA, OLLE = (known(name) for name in ("Hanna", "Rune", "Tora", "Olle"))
"""Those who work in the cases: at the holder, the receiver, a third authority, and in the other förbund."""
COLLEAGUE, RUNES_COLLEAGUE, WAY_IN, OTHER_WAY_IN = (known(f"kollega {n}") for n in range(4))
MANAGER, REVIEWER = known("chef"), known("loggranskare")
"""Of the holder's own unit; neither works in any case."""

_TENANT = {HOLDER: OWN, RECEIVER: OWN, THIRD: OWN, AWAY: OTHER}
_WORKS_AT = {
    HANNA: HOLDER,
    RUNE: RECEIVER,
    TORA: THIRD,
    OLLE: AWAY,
    COLLEAGUE: HOLDER,
    RUNES_COLLEAGUE: RECEIVER,
    WAY_IN: RECEIVER,
    OTHER_WAY_IN: RECEIVER,
    MANAGER: HOLDER,
    REVIEWER: HOLDER,
}


@dataclass(frozen=True)
class Reader:
    """A context by name. `actor` is what wall 1 is asked about; `line()` is what wall 2 gets."""

    name: str
    actor: Actor
    signed: Callable[[Actor], str]

    def line(self) -> str:
        return self.signed(self.actor)


DEPUTIES = (
    "ombud med uppdrag",
    "ombud vars uppdrag vilar",
    "ombud vars uppdrag slutar nu",
    "ombud utan att få samtycka",
    "ombud för en skyddad person",
)
"""Each acts by the mandate of its name (`deputies.TRIED`); all of them are one human."""


def readers() -> list[Reader]:
    """Everybody, those who may read first."""
    hanna = _professional(HANNA, HOLDER)
    rune = _professional(RUNE, RECEIVER)
    her = Actor(Kind.PERSON, id=known("hennes konto"), person_key=HER_KEY)
    nobody = Actor(Kind.PUBLIC)
    return [
        Reader("innehavarens handläggare", hanna, _signed),
        Reader("hennes kollega utan uppdrag", _professional(COLLEAGUE, HOLDER), _signed),
        Reader("hon själv för annan myndighet", _professional(HANNA, RECEIVER), _signed),
        Reader("hon själv för annan enhet", _professional(HANNA, HOLDER, 1), _signed),
        Reader("mottagarens handläggare", rune, _signed),
        Reader("hans kollega utan uppdrag", _professional(RUNES_COLLEAGUE, RECEIVER), _signed),
        Reader("han själv för annan myndighet", _professional(RUNE, HOLDER), _signed),
        Reader("han själv för annan enhet", _professional(RUNE, RECEIVER, 1), _signed),
        Reader("mottagare för enheten", _professional(WAY_IN, RECEIVER, role="receiver"), _signed),
        Reader("mottagare för annan enhet", _professional(OTHER_WAY_IN, RECEIVER, 1, "receiver"), _signed),
        Reader("samordnaren", replace(hanna, role="coordinator"), _signed),
        Reader("samordnare utan uppdrag", _professional(COLLEAGUE, HOLDER, role="coordinator"), _signed),
        Reader("innehavarens chef", _professional(MANAGER, HOLDER, role="manager"), _signed),
        Reader("chef för annan enhet", _professional(MANAGER, HOLDER, 1, "manager"), _signed),
        Reader("innehavarens loggranskare", _professional(REVIEWER, HOLDER, role="log_reviewer"), _signed),
        Reader("mottagarens loggranskare", _professional(REVIEWER, RECEIVER, role="log_reviewer"), _signed),
        Reader("tredje myndighet", _professional(TORA, THIRD), _signed),
        Reader("annat förbund", _professional(OLLE, AWAY), _signed),
        Reader("personen", her, _signed),
        Reader("annan person", replace(her, person_key=ANOTHER_KEY), _signed),
        Reader("ombud", replace(her, kind=Kind.REPRESENTATIVE), _signed),
        *(Reader(one, _deputy(one), _signed) for one in DEPUTIES),
        Reader("ombud med annans nyckel", replace(_deputy(DEPUTIES[0]), person_key=ANOTHER_KEY), _signed),
        # The rest carry everything that Hanna's own context has, except its kind, its signature or its time.
        Reader("förbundet", replace(hanna, kind=Kind.FORBUND), _signed),
        Reader("administratör", replace(hanna, kind=Kind.ADMIN), _signed),
        Reader("länk", replace(hanna, kind=Kind.LINK), _signed),
        Reader("allmänheten", replace(hanna, kind=Kind.PUBLIC), _signed),
        Reader("systemet", replace(hanna, kind=Kind.SYSTEM), _signed),
        Reader("utan sammanhang", nobody, lambda _actor: ""),
        Reader("förfalskad handläggare", nobody, lambda _actor: _forged(hanna)),
        Reader("förfalskad person", nobody, lambda _actor: _forged(her)),
        Reader("utgånget sammanhang", nobody, lambda _actor: _expired(hanna)),
    ]


def organisation() -> dict[type[Model], list[Model]]:
    """The two förbund, as rows."""
    tenants = [Association(id=one, name=str(one), short_name=str(one)[:8]) for one in (OWN, OTHER)]
    parties = [
        Party(id=known(f"part {one}"), association_id=one, kind=PartyKind.OTHER, name="p")
        for one in (OWN, OTHER)
    ]
    authorities = [
        Authority(id=one, association_id=tenant, party_id=known(f"part {tenant}"), name=str(one))
        for one, tenant in _TENANT.items()
    ]
    units = [
        Unit(id=unit, association_id=_TENANT[one], authority_id=one, name=str(unit))
        for one, both in UNITS.items()
        for unit in both
    ]
    professionals = [
        Professional(id=who, association_id=_TENANT[one], authority_id=one, name="n")
        for who, one in _WORKS_AT.items()
    ]
    return {
        Association: [*tenants],
        Party: [*parties],
        Authority: [*authorities],
        Unit: [*units],
        Professional: [*professionals],
    }


def _professional(who: UUID, authority: UUID, unit: int = 0, role: str = "handler") -> Actor:
    return Actor(
        Kind.PROFESSIONAL,
        association_id=_TENANT[authority],
        id=who,
        authority_id=authority,
        unit_id=UNITS[authority][unit],
        role=role,
    )


def _deputy(name: str) -> Actor:
    """The mandate is the actor, as `enter()` says it."""
    return Actor(
        Kind.REPRESENTATIVE, association_id=OWN, id=known(name), role="god_man", person_key=DEPUTY_KEY
    )


def _signed(actor: Actor) -> str:
    return actor.signed(known("begäran"))


def _forged(actor: Actor) -> str:
    """A line that injected SQL could write: all fields right, the signature made up."""
    line = actor.signed(known("begäran")).rpartition("|")[0]
    return f"{line}|{'0' * 64}"


def _expired(actor: Actor) -> str:
    """Rightly signed, long ago: what a log or a dump could hold."""
    fields = actor.signed(known("begäran")).split("|")[:-1]
    fields[8] = "0"
    line = "|".join(fields)
    return f"{line}|{hmac.new(bytes.fromhex(walls.context_key()), line.encode(), hashlib.sha256).hexdigest()}"
