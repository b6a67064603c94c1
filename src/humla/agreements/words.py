"""The words of the agreement: what letters say, how each step is explained, the questions of "är SIP rätt?".

Here: the program's own words (`texts/*.toml`), with the förbund's own laid over them part by part. Not here:
writing them (`drafting`), laying out a letter (`humla.letters`), the forms to write on by hand (`blanks`).

A text holds no name, day or place, and nothing is put into it: it is the same whoever it is about, so what
is previewed is what is sent.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from humla.agreements.models import (
    AgreementText,
    GuidanceStep,
    LetterOccasion,
    LetterRole,
    LocalAgreement,
    TextKind,
)
from humla.agreements.visibility import agreement_in_force
from humla.core.context import today

TEXTS = Path(__file__).parent / "texts"
STANDARD = "sv"
EASY = "sv-lattlast"
LETTER_PARTS = ("heading", "opening", "to_do", "closing")
GUIDANCE_PARTS = ("do", "why", "example")
QUESTION_PARTS = ("text", "help")
PARTS: dict[str, tuple[str, ...]] = {
    TextKind.LETTER: LETTER_PARTS,
    TextKind.GUIDANCE: GUIDANCE_PARTS,
    TextKind.QUESTION: QUESTION_PARTS,
}

Place = tuple[str, str, str, str]
"""Where a part of a text belongs: kind, key, language, part."""


@dataclass(frozen=True)
class Letter:
    """One letter: its heading, what has happened, what the reader does, and what else is to be known."""

    role: LetterRole
    occasion: LetterOccasion
    language: str
    heading: str
    opening: str
    to_do: str
    closing: str


@dataclass(frozen=True)
class Guidance:
    """One step for whoever does it for the first time; `form` is a blank to print, or nothing."""

    step: GuidanceStep
    label: str
    do: str
    why: str
    example: str
    form: str


@dataclass(frozen=True)
class SipQuestion:
    """One of the six questions; `yes` and `no` say what the answer speaks for, and are the program's."""

    key: str
    text: str
    help: str
    yes: str
    no: str


@dataclass(frozen=True)
class Words:
    """Every text, as one agreement has it."""

    own: Mapping[Place, str] = field(default_factory=dict)
    """What the förbund has written itself."""
    reviewed: frozenset[Place] = frozenset()

    def letter(self, role: str, occasion: str, language: str = STANDARD) -> Letter:
        """A letter in that language if it can be read in it, else in Swedish."""
        key = letter_key(role, occasion)
        spoken = language if self.has_letter(role, occasion, language) else STANDARD
        parts = {part: self.part(TextKind.LETTER, key, part, spoken) for part in LETTER_PARTS}
        return Letter(LetterRole(role), LetterOccasion(occasion), spoken, **parts)

    def has_letter(self, role: str, occasion: str, language: str) -> bool:
        """Is there a whole letter in that language, that may be read?"""
        key = letter_key(role, occasion)
        if language in (STANDARD, EASY):
            return all(self.part(TextKind.LETTER, key, part, language) for part in LETTER_PARTS)
        return all((TextKind.LETTER, key, language, part) in self.reviewed for part in LETTER_PARTS)

    def guidance(self, step: str) -> Guidance:
        """What to do in a step, and why."""
        parts = {part: self.part(TextKind.GUIDANCE, step, part) for part in GUIDANCE_PARTS}
        label = str(GuidanceStep(step).label)
        return Guidance(GuidanceStep(step), label, form=came_with_guidance()[step]["form"], **parts)

    def questions(self) -> list[SipQuestion]:
        """All six, in order."""
        return [
            SipQuestion(
                one["key"],
                self.part(TextKind.QUESTION, one["key"], "text"),
                self.part(TextKind.QUESTION, one["key"], "help"),
                one["yes"],
                one["no"],
            )
            for one in came_with_questions()
        ]

    def part(self, kind: str, key: str, part: str, language: str = STANDARD) -> str:
        """One part: the förbund's own words if it has written any, else the program's, else nothing."""
        return self.own.get((kind, key, language, part)) or came_with().get((kind, key, language, part), "")


def letter_text(role: str, occasion: str, *, language: str = STANDARD, words: Words | None = None) -> Letter:
    """What a letter says by the agreement in force. `words`: asked for once, by whoever writes several."""
    return (words or words_in_force()).letter(role, occasion, language)


def guidance(step: str, *, words: Words | None = None) -> Guidance:
    """How a step is explained by the agreement in force."""
    return (words or words_in_force()).guidance(step)


def sip_questions(*, words: Words | None = None) -> list[SipQuestion]:
    """The questions of "är SIP rätt?" by the agreement in force."""
    return (words or words_in_force()).questions()


def words_in_force(on: date | None = None, *, association: UUID | None = None) -> Words:
    """Every text as it stands on a day. `association`: whose, in the person's own session."""
    found = agreement_in_force(on or today(), association=association)
    return words_of(found) if found else standard_words()


def words_of(agreement: LocalAgreement) -> Words:
    """Every text as one version has it, also a draft."""
    rows = list(AgreementText.objects.filter(agreement_id=agreement.pk))
    places = {(row.kind, row.key, row.language, row.part): row for row in rows}
    return Words(
        own={place: row.text for place, row in places.items()},
        reviewed=frozenset(place for place, row in places.items() if row.reviewed_on),
    )


def standard_words() -> Words:
    """The program's own, without asking anything: where the reader belongs to no förbund."""
    return Words()


def letter_key(role: str, occasion: str) -> str:
    """How a letter is named among the texts."""
    return f"{role}.{occasion}"


@lru_cache
def came_with() -> Mapping[Place, str]:
    """Every text that the program came with, by where it belongs."""
    found: dict[Place, str] = {}
    for language, roles in _read("letters").items():
        for role, occasions in roles.items():
            for occasion, parts in occasions.items():
                key = letter_key(role, occasion)
                found |= {(TextKind.LETTER, key, language, part): parts[part] for part in LETTER_PARTS}
    for step, parts in came_with_guidance().items():
        found |= {(TextKind.GUIDANCE, step, STANDARD, part): parts[part] for part in GUIDANCE_PARTS}
    for one in came_with_questions():
        found |= {(TextKind.QUESTION, one["key"], STANDARD, part): one[part] for part in QUESTION_PARTS}
    return found


@lru_cache
def came_with_guidance() -> Mapping[str, Mapping[str, str]]:
    """The steps as the program explains them, by name."""
    return _read("guidance")


@lru_cache
def came_with_questions() -> tuple[Mapping[str, str], ...]:
    """The questions as the program asks them, in order."""
    return tuple(_read("questions")["question"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))
