"""What Eva wants to say before the meeting: hers alone until she hands it in, then never changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.db import connection

from humla.audit.models import Event
from humla.audit.tags import Tag
from humla.cases.models import Case, CaseState
from humla.cases.visibility import case_seen
from humla.core.context import Actor, Kind, acting
from humla.core.rulings import NotAllowed
from humla.core.secrets import person_key
from humla.core.versions import Stale
from humla.meetings.models import Preparation
from humla.meetings.preparation import (
    hand_in,
    keep_preparation,
    open_of,
    preparations_of,
    said_in,
    tell_preparation,
    who_will_read,
)
from tests import factories
from tests.cast import EVA, Cast

pytestmark = pytest.mark.django_db

WORRY = "Att ingen ska tro mig."
HERSELF = Actor(Kind.PERSON, id=uuid4(), person_key=person_key(EVA))


@pytest.fixture
def case(cast: Cast) -> Case:
    """Siv's case about Eva; Arbetsförmedlingen has a yes and Lena's clinic none."""
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.consent(case, cast.units["amir"], by=cast.siv)
    return case


@contextmanager
def eva_in(case: Case) -> Iterator[Case]:
    """Eva in her own session, with the case as she sees it."""
    with acting(HERSELF):
        seen = case_seen(case.pk)
        assert seen is not None
        yield seen


def _kept(case: Case, version: int = 0, **words: str) -> Preparation:
    with eva_in(case) as seen:
        return keep_preparation(seen, version=version, by=HERSELF, **(words or {"worries": WORRY}))


def _handed_in(case: Case) -> Preparation:
    kept = _kept(case)
    with acting(HERSELF):
        return hand_in(kept, version=kept.version, by=HERSELF)


def test_before_she_hands_it_in_nobody_else_finds_or_counts_it(cast: Cast, case: Case) -> None:
    _kept(case)

    for who in (cast.siv, cast.maja, cast.amir, cast.lena, cast.nils):
        with acting(who):
            found = (Preparation.objects.count(), open_of(case), preparations_of(case))
        assert found == (0, None, [])
    with eva_in(case) as seen:
        begun = open_of(seen)
        assert begun is not None
        assert begun.worries == WORRY


def test_afterwards_siv_reads_it_and_nobody_outside_the_case_does(cast: Cast, case: Case) -> None:
    _handed_in(case)

    with acting(cast.siv):
        assert [one.worries for one in preparations_of(case)] == [WORRY]
    for who in (cast.maja, cast.amir, cast.lena, cast.nils, cast.stranger):
        with acting(who):
            assert Preparation.objects.count() == 0


def test_she_is_told_exactly_who_will_read(cast: Cast, case: Case) -> None:
    with eva_in(case) as seen:
        assert [one.professional.name for one in who_will_read(seen)] == ["Siv Sandberg"]


def test_what_she_writes_again_takes_the_place_of_what_stood(case: Case) -> None:
    first = _kept(case)
    second = _kept(case, version=first.version, worries="", questions="Får jag ta med min syster?")

    assert second.pk == first.pk
    assert said_in(second) == [("Det här vill jag fråga mötet", "Får jag ta med min syster?")]


def test_two_windows_of_hers_do_not_write_over_each_other(case: Case) -> None:
    first = _kept(case)
    _kept(case, version=first.version, worries="Något annat.")

    with pytest.raises(Stale) as stale:
        _kept(case, version=first.version, worries="Från telefonen.")

    assert isinstance(stale.value.theirs, Preparation)
    assert stale.value.theirs.worries == "Något annat."


def test_a_window_that_was_empty_does_not_begin_a_second_sheet(case: Case) -> None:
    _kept(case)

    with pytest.raises(Stale):
        _kept(case, worries="Från telefonen.")


def test_what_is_handed_in_is_never_changed_and_she_can_write_a_new_one(cast: Cast, case: Case) -> None:
    handed = _handed_in(case)

    with acting(HERSELF), pytest.raises(Stale):
        hand_in(handed, version=handed.version, by=HERSELF)
    new = _kept(case, worries="En sak till.")
    with eva_in(case) as seen:
        assert [one.worries for one in preparations_of(seen)] == [WORRY]
    assert new.pk != handed.pk
    for who in (HERSELF, cast.siv):
        with acting(who):
            changed = Preparation.objects.filter(pk=handed.pk).update(worries="Inget.")
        assert changed == 0


def test_it_is_handed_in_as_she_read_it_or_not_at_all(case: Case) -> None:
    read = _kept(case)
    _kept(case, version=read.version, worries="Det här har jag inte läst igenom.")

    with acting(HERSELF), pytest.raises(Stale):
        hand_in(read, version=read.version, by=HERSELF)

    with eva_in(case) as seen:
        assert preparations_of(seen) == []


def test_an_empty_sheet_is_not_handed_in(case: Case) -> None:
    empty = _kept(case, worries="  ")

    with acting(HERSELF), pytest.raises(NotAllowed, match="Skriv något först"):
        hand_in(empty, version=empty.version, by=HERSELF)


def test_nobody_else_writes_or_hands_in_for_her(cast: Cast, case: Case) -> None:
    kept = _kept(case)

    with acting(cast.siv):
        with pytest.raises(NotAllowed, match="Bara personen själv"):
            keep_preparation(case, worries="x", version=0, by=cast.siv)
        with pytest.raises(NotAllowed, match="Bara personen själv"):
            hand_in(kept, version=kept.version, by=cast.siv)


def test_what_she_tells_is_written_down_with_for_whom(cast: Cast, case: Case) -> None:
    with acting(cast.siv):
        told = tell_preparation(case, worries=WORRY, told_to="Siv Sandberg", by=cast.siv)

    with eva_in(case) as seen:
        [read] = preparations_of(seen)
    assert (read.pk, read.told_to, read.worries) == (told.pk, "Siv Sandberg", WORRY)


@pytest.mark.parametrize(
    ("words", "told_to", "refusal"),
    [({"worries": WORRY}, " ", "för vem personen"), ({"worries": " "}, "Siv", "vad personen berättar")],
)
def test_what_is_told_says_what_and_to_whom(
    cast: Cast, case: Case, words: dict[str, str], told_to: str, refusal: str
) -> None:
    with acting(cast.siv), pytest.raises(NotAllowed, match=refusal):
        tell_preparation(case, told_to=told_to, by=cast.siv, **words)  # type: ignore[misc]


def test_a_receiver_writes_nothing_down_in_anothers_case(cast: Cast, case: Case) -> None:
    with acting(cast.amir), pytest.raises(NotAllowed, match="Bara den som har ärendet"):
        tell_preparation(case, worries=WORRY, told_to="Amir", by=cast.amir)


def test_in_a_closed_case_nothing_is_prepared(case: Case) -> None:
    with eva_in(case) as seen:
        seen.state = CaseState.CLOSED
        with pytest.raises(NotAllowed, match="avslutat"):
            keep_preparation(seen, worries="x", version=0, by=HERSELF)


def test_the_trail_says_that_she_wrote_and_handed_in_and_never_what(case: Case) -> None:
    handed = _handed_in(case)

    with acting(HERSELF):
        lines = Event.objects.filter(tag__in=[Tag.PREPARATION_KEPT, Tag.PREPARATION_HANDED_IN]).order_by(
            "tag"
        )
        written = [(one.tag, one.kind, one.items) for one in lines]
    assert written == [
        (Tag.PREPARATION_HANDED_IN.value, "person", [["preparation", str(handed.pk), 2]]),
        (Tag.PREPARATION_KEPT.value, "person", [["preparation", str(handed.pk), 1]]),
    ]
    assert WORRY not in str(written)


def test_the_database_has_room_for_one_open_sheet_in_a_case(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'preparation_one_open'")
        assert "WHERE (handed_in_at IS NULL)" in str(cursor.fetchone())
