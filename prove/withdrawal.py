"""Prove that nothing is handed over after a consent has been taken back, however close in time the two are.

`./humla prove withdrawal [RACES] [SEED]`. Siv hands over and takes back in the same instant, 10,000 times, on
committed data as the limited role, through the program's own actions. The one who takes back counts what has
left, in her own transaction; when both are done it is counted again. One more is a release after the
withdrawal. After every race the receiver, in a connection that was open all the time, must read nothing.

Then the same is done without the locks that keep the two apart: that must be noticed, or zero means nothing.

Lives here: the programme. Not here: the locks (`humla.disclosures.actions`), the short form that runs with
every test (`tests/prove/test_withdrawal.py`).
"""

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import django

django.setup()

from django.db import ProgrammingError, connections, transaction  # noqa: E402

from humla.cases.models import Case, Category  # noqa: E402
from humla.consents.actions import withdraw  # noqa: E402
from humla.consents.models import Consent  # noqa: E402
from humla.core.context import Actor, acting  # noqa: E402
from humla.core.dates import today  # noqa: E402
from humla.core.rulings import NotAllowed  # noqa: E402
from humla.disclosures import actions as disclosures  # noqa: E402
from humla.disclosures.models import Disclosure, Document, DocumentKind, DocumentPart  # noqa: E402
from humla.organisation.models import Unit  # noqa: E402
from prove.ground import database, faults, stage  # noqa: E402
from tests import cast as the_cast  # noqa: E402
from tests import factories  # noqa: E402

RACES, SEED, PROCESSES = 10_000, 4, 2
_CONTROL_RACES = 400
_PARTS = {Category.PLANNING: [{"kind": "text", "label": "Det här gjordes", "text": "Studiebesöket blev av."}]}
_CASES = 20
"""How many cases each process spreads its races over: one with thousands of consents is nobody's."""

_HANDS_OVER_AFTER = (0.0, 0.002, 0.004)
_TAKES_BACK_AFTER = (0.0, 0.01, 0.02, 0.04, 0.06, 0.1)
"""Seconds; to hand over takes longer, so that both orders come about."""

_WITHOUT_LOCK = faults.Edit("30_facts.sql", "    PERFORM 1 FROM consents_consent k", " FOR SHARE", "")


@dataclass(frozen=True)
class Given:
    """What one process does."""

    races: int
    seed: int
    first: int
    """The number of the first version: each race hands over one that nobody has got."""
    cast: the_cast.Cast
    cases: Sequence[Case]
    without_locks: bool = False


@dataclass
class Round:
    """How many had left when the yes was taken back, counted by the one who took it back."""

    left_before: int | None = None


def prepared(cast: the_cast.Cast, count: int) -> list[Case]:
    """So many cases where Amir works and has read, and reads no longer, each about somebody of her own."""
    cases = []
    for number in stage.numbers(count, today()):
        with transaction.atomic():
            document = factories.adopted_plan(cast, by=cast.siv, number=number)
            disclosure = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
            factories.taken_in(disclosure, by=cast.amir)
        if not _reads(cast.amir, document):
            raise AssertionError("Amir läste aldrig: att han inte gör det efteråt skulle inte visa något")
        with transaction.atomic(), acting(cast.siv):
            assert disclosure.consent is not None
            withdraw(disclosure.consent, by=cast.siv)
        cases.append(document.case)
    return cases


def race(given: Given) -> Counter[str]:
    """Races in one process, and how they ended; `after` and `read` must stay at nought."""
    if given.without_locks:
        setattr(disclosures, "take_turn", lambda _case: None)  # noqa: B010
    chance, told = random.Random(given.seed), Counter[str]()
    unit = given.cast.units["amir"]
    for turn in range(given.races):
        case = given.cases[turn % len(given.cases)]
        _one(given.cast, case, given.first + turn, unit, chance, told)
    return told


def _one(
    cast: the_cast.Cast, case: Case, version: int, unit: Unit, chance: random.Random, told: Counter[str]
) -> None:
    siv = cast.siv
    with transaction.atomic():
        consent = factories.consent(case, unit, by=siv)
        with acting(siv):
            document = disclosures.freeze(
                case, kind=DocumentKind.FOLLOW_UP, version=version, title="Uppföljning", parts=_PARTS, by=siv
            )
    went, gate = Round(), threading.Barrier(2)
    waits = chance.choice(_HANDS_OVER_AFTER), chance.choice(_TAKES_BACK_AFTER)
    threads = [
        _started(_hand_over, gate, waits[0], siv, document, unit),
        _started(_take_back, gate, waits[1], siv, consent, went),
    ]
    for thread in threads:
        thread.join()
    with transaction.atomic(), acting(siv):
        left = Disclosure.objects.filter(consent=consent).count()
    told["races"] += 1
    told["handed over, then taken back" if left else "taken back first"] += 1
    told["after"] += left != went.left_before
    told["read"] += _reads(cast.amir, document)


def _started(work: Callable[..., None], *given: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=given, daemon=True)
    thread.start()
    return thread


def _hand_over(gate: threading.Barrier, wait: float, siv: Actor, document: Document, unit: Unit) -> None:
    try:
        gate.wait()
        time.sleep(wait)
        with transaction.atomic(), acting(siv):
            disclosures.disclose(document, unit=unit, by=siv)
    except (NotAllowed, ProgrammingError):
        pass  # The rule said no, or the wall behind it. What matters is what has left.
    finally:
        connections.close_all()


def _take_back(gate: threading.Barrier, wait: float, siv: Actor, consent: Consent, went: Round) -> None:
    try:
        gate.wait()
        time.sleep(wait)
        with transaction.atomic(), acting(siv):
            withdraw(consent, by=siv)
            went.left_before = Disclosure.objects.filter(consent=consent).count()
    finally:
        connections.close_all()


def _reads(amir: Actor, document: Document) -> bool:
    """Does the receiver, who works in the case, read any part of it in his next statement?"""
    with transaction.atomic(), acting(amir):
        return DocumentPart.objects.filter(document=document).exists()


def main(words: Sequence[str]) -> int:
    """Race, then race without locks; the exit code."""
    races, seed = int(words[0]) if words else RACES, int(words[1]) if len(words) > 1 else SEED
    begun = time.monotonic()
    with stage.staged("w") as cast:
        cases = prepared(cast, PROCESSES * _CASES)
        told = raced(cast, cases, races, seed, first=1)
        print(
            f"{told['races']} kapplöpningar, frö {seed}: "
            + ", ".join(
                f"{count} {name}" for name, count in told.items() if name not in ("races", "after", "read")
            )
        )
        print(f"utlämnat efter återkallelsen: {told['after']} (mål 0)")
        print(f"läst efter återkallelsen: {told['read']} (mål 0)")
        unlock(stage.name_of_the_stage())
        control = raced(cast, cases, _CONTROL_RACES, seed, first=races + 1, without_locks=True)
        print(
            f"utan låsen: {control['after']} av {control['races']} efter återkallelsen (ska vara fler än 0)"
        )
    both_ways = told["handed over, then taken back"] and told["taken back first"]
    print(f"{time.monotonic() - begun:.0f} s")
    return 0 if both_ways and not told["after"] and not told["read"] and control["after"] else 1


def raced(
    cast: the_cast.Cast,
    cases: Sequence[Case],
    races: int,
    seed: int,
    *,
    first: int,
    without_locks: bool = False,
) -> Counter[str]:
    """Races over all processes, counted together."""
    each = [
        Given(races // PROCESSES, seed * 1000 + one, first, cast, cases[one::PROCESSES], without_locks)
        for one in range(PROCESSES)
    ]
    return sum(stage.at_once(race, each), Counter[str]())


def unlock(name: str) -> None:
    """The broken build: the walls without the lock on the consent."""
    with database.as_owner(name) as owner:
        database.apply(owner, faults.changed(database.the_walls(), [_WITHOUT_LOCK]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
