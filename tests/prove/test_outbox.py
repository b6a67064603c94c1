"""The outbox against a server's bad days: dozens of acts with every test, hundreds by `prove outbox`."""

import pytest

from prove import outbox
from tests.cast import Cast

ACTS, SEED = 40, 5


def test_what_was_done_is_told_and_what_was_undone_is_not(committed_db: str, cast: Cast) -> None:
    told = outbox.run(cast, outbox.summons_of(cast), ACTS, SEED)

    assert told.complaints == 0
    assert told.letters == told.acts["commits"]
    assert min(told.acts["rolls back"], told.acts["dies"], told.twice, told.killed) > 0


@pytest.mark.parametrize(
    "build", outbox.BROKEN, ids=lambda build: build.queues + str(build.names_each_try_anew)
)
def test_a_broken_build_is_heard(committed_db: str, cast: Cast, build: outbox.Build) -> None:
    told = outbox.run(cast, outbox.summons_of(cast), ACTS, SEED, build)

    assert told.complaints > 0
