"""The best time is the one that nothing beats, whoever was asked and whatever they said; and it says why."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bench.slots import beats
from humla.scheduling.best import INVITED, OBLIGED, PERSON, Asked, best, ranked
from humla.scheduling.models import Can

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
EVA, AMIR, FARID, BAGERIET = (
    Asked("eva", "Eva", PERSON),
    Asked("amir", "AF Humlesund", OBLIGED),
    Asked("farid", "FK Humlesund", OBLIGED),
    Asked("bageriet", "Bageriet", INVITED),
)


def slots(count: int) -> list[tuple[int, datetime]]:
    return [(one, START + timedelta(hours=one)) for one in range(count)]


def said(*rows: tuple[Asked, str]) -> dict[tuple[Any, Any], str]:
    """y: can, i: if needed, n: cannot, -: silent; one letter per time."""
    words = {"y": Can.YES, "i": Can.IF_NEEDED, "n": Can.NO, "w": Can.WRONG_UNIT}
    return {
        (one.key, place): words[letter]
        for one, letters in rows
        for place, letter in enumerate(letters)
        if letter != "-"
    }


def chosen(asked: list[Asked], answers: dict[tuple[Any, Any], str], count: int = 3) -> Any:
    found = best(ranked(slots(count), asked, answers))
    return found.slot if found else None


def test_what_the_person_cannot_is_out_though_everybody_else_can():
    assert chosen([EVA, AMIR], said((EVA, "ny-"), (AMIR, "ynn"))) is None
    assert chosen([EVA, AMIR], said((EVA, "nyy"), (AMIR, "yny"))) == 2


def test_those_who_must_come_go_before_those_who_may():
    answers = said((EVA, "yyy"), (AMIR, "yny"), (FARID, "nny"), (BAGERIET, "yyn"))

    assert chosen([EVA, AMIR, FARID, BAGERIET], answers) == 2


def test_a_yes_goes_before_a_yes_if_needed_and_then_the_earliest():
    assert chosen([EVA, AMIR], said((EVA, "yyy"), (AMIR, "iyy"))) == 1


def test_nobody_can_and_none_is_best():
    assert chosen([EVA, AMIR, BAGERIET], said((EVA, "yyy"), (AMIR, "nnn"), (BAGERIET, "nww"))) is None


def test_the_reason_is_a_sentence():
    answers = said((EVA, "yn"), (AMIR, "yy"), (FARID, "iy"), (BAGERIET, "n-"))

    order = ranked(slots(2), [EVA, AMIR, FARID, BAGERIET], answers)

    assert [one.reason for one in order] == [
        "Alla två som måste komma kan. Kan om det behövs: FK Humlesund. Kan inte: Bageriet.",
        "Personen kan inte.",
    ]


LETTERS = st.text(alphabet="yinw-", min_size=4, max_size=4)


@given(person=LETTERS, obliged=st.lists(LETTERS, max_size=4), invited=st.lists(LETTERS, max_size=4))
def test_nothing_beats_the_best_and_the_order_of_the_asked_is_nothing(
    person: str, obliged: list[str], invited: list[str]
) -> None:
    asked = [EVA, *(Asked(f"o{one}", "o", OBLIGED) for one in range(len(obliged)))]
    asked += [Asked(f"i{one}", "i", INVITED) for one in range(len(invited))]
    answers = said(*zip(asked, [person, *obliged, *invited], strict=True))

    order = ranked(slots(4), asked, answers)

    whole = [one.slot for one in order if not one.is_out]
    assert not any(beats(b, a, asked, answers) for a, b in pairwise(whole))
    assert [one.slot for one in ranked(slots(4)[::-1], asked[::-1], answers)] == [one.slot for one in order]


def test_every_order_of_the_times_gives_the_same():
    asked, answers = [EVA, AMIR, FARID], said((EVA, "yyy"), (AMIR, "iyy"), (FARID, "yyi"))

    assert {ranked(list(one), asked, answers)[0].slot for one in permutations(slots(3))} == {1}
