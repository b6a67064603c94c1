"""Releases against withdrawals: some dozens with every test, ten thousand by `./humla prove withdrawal`."""

import time
from typing import Any

import pytest

from humla.disclosures import actions as disclosures
from prove import withdrawal
from tests.cast import Cast


def _given(cast: Cast, races: int) -> withdrawal.Given:
    return withdrawal.Given(races, seed=4, first=1, cast=cast, cases=withdrawal.prepared(cast, 2))


def test_nothing_is_handed_over_after_a_withdrawal_however_near(committed_db: str, cast: Cast) -> None:
    told = withdrawal.race(_given(cast, 24))

    assert (told["races"], told["after"], told["read"]) == (24, 0, 0)


def test_without_the_locks_it_is_and_the_race_says_so(
    committed_db: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control: a release that tarries before its commit, and nothing that waits for it."""
    queue: Any = disclosures.queue

    def tarrying(*given: Any, **named: Any) -> Any:
        time.sleep(0.2)
        return queue(*given, **named)

    monkeypatch.setattr(disclosures, "queue", tarrying)
    monkeypatch.setattr(withdrawal, "_HANDS_OVER_AFTER", (0.0,))
    monkeypatch.setattr(withdrawal, "_TAKES_BACK_AFTER", (0.1,))
    given = _given(cast, 2)
    with_locks = withdrawal.race(given)
    monkeypatch.setattr(disclosures, "take_turn", lambda _case: None)
    withdrawal.unlock(committed_db)
    without = withdrawal.race(withdrawal.Given(2, 4, 100, cast, given.cases))

    assert (with_locks["after"], with_locks["handed over, then taken back"]) == (0, 2)
    assert without["after"] == 2
