"""`./humla bench slots`: the best time for twelve who are asked among two hundred, against its brute-force
optimum.

Here: the same rule written once more as slowly as it is said (does one time beat another?), random cases with
many ties, and how long each takes. Not here: the rule that pages use (`humla.scheduling.best`). Ends with 1
when a single answer differs.
"""

import random
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from humla.scheduling.best import INVITED, OBLIGED, PERSON, Asked, ranked  # noqa: E402
from humla.scheduling.models import Can  # noqa: E402

ASKED, TIMES, CASES, SEED = 12, 200, 2000, 20261122
MOST_MICROSECONDS = 20_000
"""A page may wait so long for the order of two hundred times; a real offer has six."""

_RESULT = Path(__file__).parent / "results" / "slots.txt"
_START = datetime(2026, 12, 1, 8, tzinfo=UTC)

Answers = Mapping[tuple[Any, Any], str]


def beats(one: Any, other: Any, asked: Sequence[Asked], answers: Answers) -> bool:
    """Is the one better than the other, but for which comes first? The rule as it is said, line by line."""
    person = [each for each in asked if each.standing == PERSON]
    one_goes = all(answers.get((each.key, one)) in (Can.YES, Can.IF_NEEDED) for each in person)
    other_goes = all(answers.get((each.key, other)) in (Can.YES, Can.IF_NEEDED) for each in person)
    if one_goes != other_goes:
        return one_goes
    for standing, can in (
        (OBLIGED, Can.YES),
        (OBLIGED, Can.IF_NEEDED),
        (PERSON, Can.YES),
        (INVITED, Can.YES),
        (INVITED, Can.IF_NEEDED),
    ):
        mine, theirs = 0, 0
        for each in asked:
            if each.standing == standing:
                mine += answers.get((each.key, one)) == can
                theirs += answers.get((each.key, other)) == can
        if mine != theirs:
            return mine > theirs
    return False


def brute_force(times: Sequence[tuple[Any, datetime]], asked: Sequence[Asked], answers: Answers) -> Any:
    """The earliest of those that no other beats, each compared with every other."""
    unbeaten = [
        (starts_at, one)
        for one, starts_at in times
        if not any(beats(other, one, asked, answers) for other, _at in times)
    ]
    return min(unbeaten)[1]


def a_case(chance: random.Random, *, people: int = ASKED, times: int = TIMES) -> tuple[Any, Any, Any]:
    """Some who are asked and what they said; often so that many times are equally good."""
    asked = [
        Asked(0, "p", PERSON),
        *(Asked(one, "x", chance.choice((OBLIGED, INVITED))) for one in range(1, people)),
    ]
    slots = [(one, _START + timedelta(hours=one)) for one in range(times)]
    chance.shuffle(slots)
    words = chance.choice(([*Can, None], [Can.YES, Can.NO], [Can.YES], [Can.YES, Can.IF_NEEDED, None]))
    said = {(each.key, slot): chance.choice(words) for each in asked for slot, _at in slots}
    return slots, asked, {key: can for key, can in said.items() if can is not None}


def main(words: Sequence[str]) -> int:
    """Run the cases and say how it went. `--quick`: a tenth of them."""
    cases = CASES // 10 if "--quick" in words else CASES
    chance = random.Random(SEED)
    fast: list[float] = []
    slow: list[float] = []
    wrong = ties = 0
    for turn in range(cases):
        # The brute force is the square of the times: every twentieth case has all two hundred.
        times = TIMES if turn % 20 == 0 else chance.randint(1, 12)
        people = ASKED if times == TIMES else chance.randint(2, ASKED)
        slots, asked, answers = a_case(chance, people=people, times=times)
        begun = time.perf_counter()
        order = ranked(slots, asked, answers)
        reason = order[0].reason
        between = time.perf_counter()
        optimum = brute_force(slots, asked, answers)
        ended = time.perf_counter()
        wrong += order[0].slot != optimum or not reason
        ties += len(order) > 1 and order[0].weight == order[1].weight
        if times == TIMES:
            fast.append(between - begun)
            slow.append(ended - between)
    mine, theirs = statistics.median(fast) * 1e6, statistics.median(slow) * 1e6
    is_good = not wrong and mine <= MOST_MICROSECONDS
    lines = [
        f"Bästa tiden för {ASKED} tillfrågade och {TIMES} tider, mot uttömmande jämförelse (frö {SEED})",
        f"fall {cases}, varav {ties} med lika bra tider; fel svar {wrong} (mål 0)",
        f"ordningen av alla {TIMES}, med orsak: {mine:.0f} µs (mål högst {MOST_MICROSECONDS})",
        f"uttömmande: {theirs:.0f} µs, {theirs / mine:.1f} gånger så lång tid",
        "MÅLEN NÅDDA" if is_good else "ETT MÅL MISSAT",
    ]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if "--quick" not in words:
        _RESULT.write_text(text)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
