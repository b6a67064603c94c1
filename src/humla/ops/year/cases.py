"""Which cases the year has: who each is about, who started it, how far it comes and how it ends.

Here: one `Course` per case, drawn so that the figures come out exactly. Not here: the rows (`course.py`).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import cycle

from humla.followups.models import CloseReason, Livelihood
from humla.ops.year import figures, words
from humla.representatives.models import GivenBy


class Reach(IntEnum):
    """How far a case has come."""

    OPENED = 0
    DECLINED = 1
    AGREED = 2
    PREPARED = 3
    CALLED = 4
    PLANNED = 5
    """The plan is adopted: from here on it is a SIP."""
    FOLLOWED = 6


@dataclass
class Course:
    """One case, before it is written."""

    is_woman: bool
    born: int
    number: str
    """Twelve digits, or "" for a temporary code."""
    given_name: str
    family_name: str
    initiator: str
    reach: Reach
    days_ago: int
    has_preparatory: bool = False
    close: CloseReason | None = None
    outcome: Livelihood | None = None
    is_pending: bool = False
    is_reopened: bool = False
    language: str = "sv"
    is_protected: bool = False
    transfer: str = ""
    consent: str = "in_force"
    rests: bool = False
    is_changed: bool = False
    is_long: bool = False
    is_unstated: bool = False
    age: int = 0
    """Of a child, who has no published number; an adult is as old as `born` says."""
    given_by: GivenBy = GivenBy.PERSON
    acting_number: str = ""
    """Of whoever acts for the person."""

    @property
    def is_of_care(self) -> bool:
        """Held by a unit of the region, which started it without the coordinator."""
        return self.initiator in figures.CARE

    @property
    def is_child(self) -> bool:
        return self.age > 0

    @property
    def is_sip(self) -> bool:
        return self.reach >= Reach.PLANNED


def courses(numbers: list[str], dice: random.Random) -> list[Course]:
    """The year's SIPs, then those that have not come so far."""
    women = [one for one in numbers if int(one[10]) % 2 == 0]
    men = [one for one in numbers if int(one[10]) % 2]
    dice.shuffle(women)
    dice.shuffle(men)
    names = _names()
    initiators = _initiators(dice)
    sexes = [True] * figures.WOMEN + [False] * figures.MEN
    dice.shuffle(sexes)
    made = [
        _course(is_woman, women if is_woman else men, names, initiators[at], Reach.PLANNED, 355 - at * 3)
        for at, is_woman in enumerate(sexes)
    ]
    _prepare(made, dice)
    _follow(made)
    _end(made)
    _trouble(made)
    return made + list(_early(women, men, names))


def _names() -> Iterator[tuple[str, str, str]]:
    """Woman's name, man's name, family name. The lists have lengths without a common factor."""
    return zip(
        cycle(words.WOMEN), cycle(words.MEN), cycle(words.FAMILIES[:-1] + words.STAFF_LAST), strict=False
    )


def _course(
    is_woman: bool,
    numbers: list[str],
    names: Iterator[tuple[str, str, str]],
    initiator: str,
    reach: Reach,
    days: int,
) -> Course:
    woman, man, family = next(names)
    number = numbers.pop() if numbers else ""
    return Course(
        is_woman=is_woman,
        born=int(number[:4]) if number else 1998,
        number=number,
        given_name=woman if is_woman else man,
        family_name=words.FAMILIES[-1]
        if (woman if is_woman else man) in ("فاطمة الزهراء", "عبد الرحمن")
        else family,
        initiator=initiator,
        reach=reach,
        days_ago=days,
    )


def _initiators(dice: random.Random) -> list[str]:
    care = cycle(figures.CARE)
    every = [
        next(care) if who == "vården" else who
        for who, count in figures.INITIATORS.items()
        for _one in range(count)
    ]
    dice.shuffle(every)
    return every


def _prepare(made: list[Course], dice: random.Random) -> None:
    """The förmöten were the coordinator's, so they are drawn among the cases that came by her."""
    hers = [one for one in made if not one.is_of_care]
    for one in dice.sample(hers, figures.PREPARATORY):
        one.has_preparatory = True


def _follow(made: list[Course]) -> None:
    for one in made:
        if one.days_ago > 130:
            one.reach = Reach.FOLLOWED


def _end(made: list[Course]) -> None:
    """The older half of the year: what they ended in, with the outcomes of the report."""
    followed = [one for one in made if one.reach == Reach.FOLLOWED]
    outcomes = [kind for kind, count in figures.OUTCOMES.items() for _one in range(count)]
    reasons = cycle((CloseReason.GOAL_REACHED, CloseReason.NO_LONGER_NEEDED, CloseReason.OTHER_PLAN))
    for one, outcome in zip(followed[::3], outcomes, strict=False):
        one.outcome, one.close = outcome, next(reasons)
    rest = [one for one in followed if one.close is None]
    for one in rest[: figures.PENDING]:
        one.close, one.is_pending = CloseReason.OTHER_PLAN, True
    rest = rest[figures.PENDING :]
    others = (CloseReason.MOVED_AWAY, CloseReason.NO_CONTACT, CloseReason.WITHDRAWN)
    for one, reason in zip(rest[:9], cycle(others), strict=False):
        one.close = reason
        one.consent = "withdrawn" if reason == CloseReason.WITHDRAWN else one.consent
    rest[9].close = CloseReason.DIED
    for one in rest[10:13]:
        one.close, one.is_reopened = CloseReason.NO_CONTACT, True


def _trouble(made: list[Course]) -> None:
    """What happens in every year: offers of the lead, consents that end, cases that rest, other languages."""
    open_ones = [one for one in made if one.close is None]
    by_her = iter([one for one in open_ones if not one.is_of_care])
    for what in ("offered", "accepted", "declined", "taken_back"):
        for _one in range(3):
            next(by_her).transfer = what
    for what in ("withdrawn", "ended", "ahead"):
        for _one in range(3):
            next(by_her).consent = what
    for _one in range(4):
        next(by_her).rests = True
    for _one in range(4):
        next(by_her).is_changed = True
    next(by_her).is_long = True
    next(by_her).is_protected = True
    spoken = ("ar", "ti", "so", "uk", "prs", "fi", "en", "sgn", "other", "ar", "ti")
    for one, language in zip(made[3::9], spoken, strict=False):
        one.language = language


def _early(women: list[str], men: list[str], names: Iterator[tuple[str, str, str]]) -> Iterator[Course]:
    """Cases on their way: a year is never finished."""
    initiators = cycle(("socialsekreterare", "arbetskonsulent", "socialsekreterare", "person", "relative"))
    reaches = (
        [Reach.OPENED] * 6
        + [Reach.DECLINED] * 4
        + [Reach.AGREED] * 6
        + [Reach.PREPARED] * 5
        + [Reach.CALLED] * 12
    )
    for at, reach in enumerate(reaches):
        is_woman = at % 2 == 0
        one = _course(is_woman, women if is_woman else men, names, next(initiators), reach, 28 - at % 25)
        if reach == Reach.DECLINED:
            one.close, one.days_ago = CloseReason.DECLINED, 120
        if at == 0:
            one.close, one.days_ago = CloseReason.WRONGLY_OPENED, 60
        if at == 1:
            _is_child(one, 16)
        # The first three who agree: two guardians' yes, the only guardian's, and a god man's.
        if at == 10:
            _is_child(one, 15, GivenBy.GUARDIANS)
        if at == 11:
            _is_child(one, 14, GivenBy.GUARDIAN)
        if at == 12:
            others = men if is_woman else women
            one.given_by, one.acting_number = GivenBy.REPRESENTATIVE, others.pop() if others else ""
        one.is_unstated = at == 2
        yield one


def _is_child(one: Course, age: int, given_by: GivenBy = GivenBy.PERSON) -> None:
    """Not yet of age, and born so late that no published number is hers."""
    one.number, one.born, one.age, one.given_by = "", 0, age, given_by
