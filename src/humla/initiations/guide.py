"""Is a SIP right? Six answers and what they speak for. It decides nothing: it says what is usual, and why.

Here: weighing the answers, purely. Not here: the questions' words, which are the agreement's
(`humla.agreements.words`), nor the page (`humla.web.is_sip_right`).

Försäkringskassans avstämningsmöte is another kind of meeting with rules of its own (110 kap. 14 § SFB): it is
pointed at, never made here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from humla.agreements.words import SipQuestion


class Said(StrEnum):
    """What one may answer to a question."""

    YES = "ja"
    NO = "nej"
    UNSURE = "vet-inte"


class Points(StrEnum):
    """What the answers point at."""

    SIP = "sip"
    MEETING = "meeting"
    EXISTING = "existing"
    FIRST = "first"
    OTHER = "other"


@dataclass(frozen=True)
class Advice:
    """Where the answers point, and the questions whose answers made it so."""

    points: Points
    because: Sequence[SipQuestion]


def advise(questions: Sequence[SipQuestion], said: Mapping[str, str]) -> Advice:
    """What the answers speak for.

    What is urgent comes first, and a plan that there is comes before a new one. A way back to work alone is
    Försäkringskassans meeting; otherwise nothing that speaks for something else is a SIP. Who is unsure is
    answered as if she had said yes: to ask costs less than to go without.
    """
    by_key = {one.key: one for one in questions}
    yes = {key for key in by_key if said.get(key) in (Said.YES, Said.UNSURE)}
    surely = {key for key in by_key if said.get(key) == Said.YES}

    def because(points: Points, *keys: str) -> Advice:
        return Advice(points, [by_key[key] for key in keys if key in by_key])

    if "urgent" in surely:
        return because(Points.FIRST, "urgent")
    if "has_plan" in surely:
        return because(Points.EXISTING, "has_plan")
    if "sick_leave" in surely and "several" not in surely:
        return because(Points.MEETING, "sick_leave")
    if {"several", "coordinate", "wants"} <= yes:
        return because(Points.SIP, "several", "coordinate", "wants")
    return because(Points.OTHER, *(key for key in ("several", "coordinate", "wants") if key not in yes))
