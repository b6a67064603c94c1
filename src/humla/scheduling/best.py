"""Which of the offered times is best, and why, in a sentence.

Here: the order of the times (pure: times, those asked and their answers in; the order with its reasons out).
Not here: the answers themselves (`visibility`), nor that one of the times is set (`actions.settle`).

A time that the person has said no to is out. Then the one that most of those who are obliged can, then most
who can if needed, then what suits the person, then most of the invited, then the earliest. Nobody's silence
counts as a yes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from humla.scheduling.models import Can

PERSON, OBLIGED, INVITED = "person", "obliged", "invited"


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked: the person, one who is obliged to come, or one who is invited."""

    key: Any
    name: str
    standing: str


@dataclass(frozen=True)
class Ranked:
    """One time with how it stands to the others, and the sentence that says why."""

    slot: Any
    starts_at: datetime
    weight: tuple[int, ...]
    is_out: bool
    """The person cannot, or has not said that she can: it may not be set."""
    asked: Sequence[Asked] = field(repr=False)
    answers: Mapping[tuple[Any, Any], str] = field(repr=False)

    @cached_property
    def reason(self) -> str:
        """Why it stands where it does, put together when somebody reads it."""
        return _why(self.slot, self.asked, self.answers)


def ranked(
    slots: Sequence[tuple[Any, datetime]], asked: Sequence[Asked], answers: Mapping[tuple[Any, Any], str]
) -> list[Ranked]:
    """Every time, the best first; those that are out last. `answers` is what each said of each time."""
    person = [one.key for one in asked if one.standing == PERSON]
    made = []
    for slot, starts_at in slots:
        said = Counter((one.standing, answers.get((one.key, slot))) for one in asked)
        is_out = any(answers.get((key, slot)) not in (Can.YES, Can.IF_NEEDED) for key in person)
        weight = (
            said[OBLIGED, Can.YES],
            said[OBLIGED, Can.IF_NEEDED],
            said[PERSON, Can.YES],
            said[INVITED, Can.YES],
            said[INVITED, Can.IF_NEEDED],
        )
        made.append(Ranked(slot, starts_at, weight, is_out, asked, answers))
    return sorted(made, key=lambda one: (one.is_out, [-part for part in one.weight], one.starts_at))


def best(order: Sequence[Ranked]) -> Ranked | None:
    """The first of them, when it is one that can be set and that anybody at all but the person can."""
    first = order[0] if order else None
    if first is None or first.is_out:
        return None
    return first if sum(first.weight) - first.weight[2] else None


def _why(slot: Any, asked: Sequence[Asked], answers: Mapping[tuple[Any, Any], str]) -> str:
    """Alla fyra som måste komma kan. Arbetsgivaren kan inte."""
    said = {one: answers.get((one.key, slot)) for one in asked}
    if any(one.standing == PERSON and can == Can.NO for one, can in said.items()):
        return _("Personen kan inte.")
    words = [_obliged([(one, can) for one, can in said.items() if one.standing == OBLIGED])]
    if any(one.standing == PERSON and can is None for one, can in said.items()):
        words.insert(0, _("Personen har inte svarat."))
    for can, sentence in (
        (Can.IF_NEEDED, _("Kan om det behövs: %(who)s.")),
        (Can.NO, _("Kan inte: %(who)s.")),
        (Can.WRONG_UNIT, _("Fel enhet: %(who)s.")),
        (None, _("Har inte svarat: %(who)s.")),
    ):
        who = [one.name for one, given in said.items() if given == can and one.standing != PERSON]
        if who:
            words.append(sentence % {"who": ", ".join(who)})
    return " ".join(word for word in words if word) or _("Alla som frågades kan.")


def _obliged(said: Sequence[tuple[Asked, str | None]]) -> str:
    come = sum(can in (Can.YES, Can.IF_NEEDED) for _one, can in said)
    if not said:
        return ""
    if come == len(said):
        one = _("Den som måste komma kan.")
        return one if come == 1 else _("Alla %(count)s som måste komma kan.") % {"count": _number(come)}
    words = {"come": come, "all": len(said)}
    return (
        ngettext("%(come)s av %(all)s som måste komma kan.", "%(come)s av %(all)s som måste komma kan.", come)
        % words
    )


def _number(count: int) -> str:
    """Two to twelve as a word."""
    words = (
        *(_("två"), _("tre"), _("fyra"), _("fem"), _("sex"), _("sju")),
        *(_("åtta"), _("nio"), _("tio"), _("elva"), _("tolv")),
    )
    return words[count - 2] if 2 <= count <= 12 else str(count)
