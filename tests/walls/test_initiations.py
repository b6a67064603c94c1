"""Requests for a plan, straight at the database: who writes, who reads, what the public can find out."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from humla.core.context import Actor, Kind, acting, now
from humla.initiations.models import PlanRequest
from tests.walls.conftest import REFUSED, Scene, attempt
from tests.walls.rows import sees, update

pytestmark = pytest.mark.django_db

TABLE = "initiations_planrequest"
LOOKUP = "a" * 64
PUBLIC = Actor(Kind.PUBLIC)
CLOCK = Actor(Kind.SYSTEM)
SEND = (
    "SELECT send_request(%s, %s, 'AAAA-1111', %s, %s, %s, %s, '', %s, '', 'sv', false, %s,"
    " current_date + 5, %s)"
)


def sent(
    unit: UUID,
    *,
    by: Actor = PUBLIC,
    who: str = "person",
    lookup: str = LOOKUP,
    words: str = "x",
    pass_on: bool = False,
) -> tuple[UUID, str]:
    """A request, and the word for how it went."""
    row, theme = uuid4(), "work" if who == "professional" else ""
    with acting(by), connection.cursor() as cursor:
        cursor.execute(SEND, [row, unit, lookup, who, theme, words, words, pass_on, uuid4()])
        return row, str(cursor.fetchone()[0])


def answered(by: Actor, question: str, about: list[Any]) -> Any:
    with acting(by), connection.cursor() as cursor:
        cursor.execute(question, about)
        found = cursor.fetchone()
    return found[0] if found else None


def of_siv(scene: Scene, **more: Any) -> UUID:
    return sent(scene.cast.siv.unit_id, **more)[0]


def reads(by: Actor, row: UUID) -> bool:
    with acting(by):
        return PlanRequest.objects.filter(pk=row).exists()


# --- who reads ---


@pytest.mark.parametrize("who", ["siv", "maja", "ylva"])
def test_those_of_the_unit_who_work_in_cases_read_it(who: str, scene: Scene):
    assert reads(getattr(scene.cast, who), of_siv(scene))


@pytest.mark.parametrize("who", ["rut", "amir", "farid", "lena", "nils", "greta", "olof", "stranger"])
def test_nobody_else_reads_it(who: str, scene: Scene):
    of_siv(scene)
    assert sees(getattr(scene.cast, who), TABLE) == 0


@pytest.mark.parametrize("kind", [Kind.PUBLIC, Kind.PERSON, Kind.LINK, Kind.SYSTEM, Kind.ADMIN, Kind.FORBUND])
def test_no_other_kind_reads_it_even_with_sivs_own_ids(kind: Kind, scene: Scene):
    of_siv(scene)
    assert sees(replace(scene.cast.siv, kind=kind), TABLE) == 0


def test_for_another_unit_of_her_own_she_does_not_read_it(scene: Scene):
    of_siv(scene)
    assert sees(replace(scene.cast.siv, unit_id=uuid4()), TABLE) == 0


def test_what_led_to_a_case_is_read_by_those_who_work_in_it(scene: Scene):
    row, siv = of_siv(scene), scene.cast.siv
    with acting(siv):
        at = now()
    answer = {"answer": "taken", "answered_at": at, "answered_by_id": siv.id}
    with acting(siv):
        assert PlanRequest.objects.filter(pk=row).update(**answer) == 1
        assert PlanRequest.objects.filter(pk=row).update(case_id=scene.ours.case.pk) == 1

    assert [reads(who, row) for who in (siv, scene.cast.maja, scene.cast.ylva)] == [True, False, False]


# --- who writes ---


def test_nobody_writes_or_removes_past_the_functions(scene: Scene):
    row, siv = of_siv(scene), scene.cast.siv

    assert attempt(siv, f"DELETE FROM {TABLE} WHERE id = %s", [row]).startswith(REFUSED)
    for column in ("words", "unit_id", "authority_id", "reference", "code_lookup", "arrived_at", "answer_by"):
        turned = f"UPDATE {TABLE} SET {column} = {column} WHERE id = %s"
        assert attempt(siv, turned, [row]).startswith(REFUSED), column
    assert attempt(siv, f"INSERT INTO {TABLE} (id) VALUES (%s)", [uuid4()]).startswith(REFUSED)


@pytest.mark.parametrize("who", ["amir", "lena", "nils", "rut", "olof", "stranger"])
def test_nobody_else_answers(who: str, scene: Scene):
    row, by = of_siv(scene), getattr(scene.cast, who)
    with acting(by):
        at = now()
    told = {"answer": "thrown", "answered_at": at, "answered_by_id": by.id}
    assert update(by, TABLE, row, **told) in ("0", REFUSED)


def test_an_answer_is_signed_by_whoever_gives_it_now(scene: Scene):
    row, siv = of_siv(scene), scene.cast.siv
    with acting(siv):
        at = now()
    told = {"answer": "taken", "answered_at": at, "answered_by_id": siv.id}

    assert update(siv, TABLE, row, **told | {"answered_by_id": scene.cast.maja.id}).startswith(REFUSED)
    assert update(siv, TABLE, row, **told | {"answered_at": at - timedelta(days=1)}).startswith(REFUSED)
    assert update(siv, TABLE, row, **told) == "1"


def test_it_is_tied_to_no_case_that_one_does_not_work_in(scene: Scene):
    row, siv = of_siv(scene), scene.cast.siv
    with acting(siv):
        at = now()
        PlanRequest.objects.filter(pk=row).update(answer="taken", answered_at=at, answered_by_id=siv.id)

    hidden = update(siv, TABLE, row, case_id=scene.hidden.case.pk)
    nowhere = update(siv, TABLE, row, case_id=uuid4())

    assert hidden.startswith(REFUSED)
    assert hidden == nowhere


# --- the public ---


def test_the_public_reads_no_table_and_finds_nothing_without_the_code(scene: Scene):
    of_siv(scene)
    status = "SELECT reference FROM request_status(%s)"

    assert sees(PUBLIC, TABLE) == 0
    assert answered(PUBLIC, status, [LOOKUP]) == "AAAA-1111"
    assert [answered(PUBLIC, status, [one]) for one in ("b" * 64, "", "%")] == [None] * 3


def test_a_way_in_is_a_unit_where_somebody_answers_and_never_the_office(scene: Scene):
    with acting(PUBLIC), connection.cursor() as cursor:
        cursor.execute("SELECT unit_id FROM public_ways_in()")
        found = {row[0] for row in cursor.fetchall()}

    assert scene.cast.siv.unit_id in found
    assert scene.cast.olof.unit_id not in found


def test_without_a_context_nothing_is_sent_or_told(scene: Scene):
    of_siv(scene)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('humla.ctx', '', true)")
        cursor.execute("SELECT count(*) FROM request_status(%s)", [LOOKUP])
        told = cursor.fetchone()
        cursor.execute(
            SEND, [uuid4(), scene.cast.siv.unit_id, LOOKUP, "person", "", "x", "x", False, uuid4()]
        )
        went = cursor.fetchone()

    assert (told, went) == ((0,), ("refused",))


def test_the_public_signs_for_no_professional_and_needs_words_and_a_code(scene: Scene):
    unit = scene.cast.siv.unit_id
    assert [
        sent(unit, who="professional", lookup="")[1],
        sent(unit, lookup="kort")[1],
        sent(unit, words="")[1],
        sent(uuid4())[1],
        sent(scene.cast.olof.unit_id)[1],
    ] == ["refused"] * 5


def test_more_than_forty_in_an_hour_wait_and_another_unit_is_not_held_up(scene: Scene):
    unit = scene.cast.siv.unit_id
    went = [sent(unit, lookup=f"{one:064x}")[1] for one in range(41)]

    assert (went[39], went[40]) == ("", "full")
    assert sent(scene.cast.amir.unit_id, lookup="c" * 64)[1] == ""


def test_the_letter_about_it_does_not_tell_who_had_signed_in_when_she_asked(scene: Scene):
    eva = Actor(Kind.PERSON, id=uuid4(), person_key="e" * 64)
    row, went = sent(scene.cast.amir.unit_id, by=eva)
    assert went == ""

    with acting(scene.cast.olof), connection.cursor() as cursor:
        cursor.execute("SELECT queued_by_id FROM notifications_notice WHERE about_id = %s", [row])
        assert cursor.fetchall() == [(row,)]


# --- whoever asks, and sending on ---


def test_who_asked_is_told_her_own_and_nothing_of_the_case(scene: Scene):
    amir = scene.cast.amir
    row = of_siv(scene, by=amir, who="professional", lookup="")
    columns = "SELECT to_jsonb(r)::text FROM asked_requests() r WHERE r.id = %s"
    told = answered(amir, columns, [row])

    assert str(row) in told
    assert "case" not in told
    assert "answered_by" not in told
    for who in ("siv", "lena", "farid"):
        assert answered(getattr(scene.cast, who), columns, [row]) is None
    assert answered(replace(amir, unit_id=uuid4()), columns, [row]) is None


def test_only_who_asked_takes_it_back_names_or_reminds(scene: Scene):
    amir = scene.cast.amir
    row = of_siv(scene, by=amir, who="professional", lookup="")
    for who in (scene.cast.siv, scene.cast.farid, PUBLIC, replace(amir, unit_id=uuid4())):
        assert answered(who, "SELECT take_back_request(%s, '')", [row]) is False
        assert answered(who, "SELECT name_in_request(%s, 'x', '', '', 1)", [row]) is False
        assert answered(who, "SELECT remind_of_request(%s, %s)", [row, uuid4()]) is False
    assert answered(amir, "SELECT name_in_request(%s, 'x', '', '', 1)", [row]) is True
    assert answered(amir, "SELECT take_back_request(%s, '')", [row]) is True


def test_an_empty_code_takes_back_nothing_that_has_none(scene: Scene):
    row = of_siv(scene, by=scene.cast.amir, who="professional", lookup="")

    assert answered(PUBLIC, "SELECT take_back_request(%s, '')", [row]) is False
    assert answered(PUBLIC, "SELECT reference FROM request_status('')", []) is None


def test_it_goes_to_another_authority_only_with_the_askers_word(scene: Scene):
    siv, away = scene.cast.siv, scene.cast.lena.unit_id
    kept, free = of_siv(scene), of_siv(scene, lookup="d" * 64, pass_on=True)
    go = "SELECT pass_on_request(%s, %s, 1, %s)"

    assert answered(siv, go, [kept, away, uuid4()]) is False
    assert answered(scene.cast.nils, go, [free, scene.cast.nils.unit_id, uuid4()]) is False
    assert answered(siv, go, [free, scene.cast.stranger.unit_id, uuid4()]) is False
    assert answered(siv, go, [free, away, uuid4()]) is True
    assert (reads(siv, free), reads(scene.cast.lena, free)) == (False, True)


# --- counted, and emptied ---


def test_the_counts_are_for_coordinator_and_manager_of_the_authority(scene: Scene):
    of_siv(scene)
    count = "SELECT sum(requests) FROM requests_counted()"

    told = {
        who: answered(getattr(scene.cast, who), count, []) for who in ("siv", "ylva", "maja", "rut", "amir")
    }
    assert told == {"siv": 1, "ylva": 1, "maja": None, "rut": None, "amir": None}
    assert answered(scene.cast.stranger, count, []) is None


def test_ninety_days_after_the_answer_only_a_day_and_an_answer_are_left(scene: Scene):
    old, young, siv = of_siv(scene), of_siv(scene, lookup="e" * 64), scene.cast.siv
    for row, days in ((old, 91), (young, 89)):
        with acting(siv):
            at = now()
        _at_then(at - timedelta(days=days))
        with acting(siv):
            told: dict[str, Any] = {"answer": "declined", "ground": "other", "instead": "x", "why": "x"}
            PlanRequest.objects.filter(pk=row).update(**told, answered_at=now(), answered_by_id=siv.id)
        _at_then(at)

    assert answered(siv, "SELECT empty_old_requests()", []) == 0
    assert answered(CLOCK, "SELECT empty_old_requests()", []) == 1
    with acting(siv):
        columns = ("words", "reach", "why", "instead", "code_lookup", "reference", "language", "ground")
        assert PlanRequest.objects.values_list(*columns).get(pk=old) == ("",) * 7 + ("other",)
        assert PlanRequest.objects.values_list("code_lookup").get(pk=young) == ("e" * 64,)
    assert answered(PUBLIC, "SELECT reference FROM request_status(%s)", [LOOKUP]) is None


def _at_then(at: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('humla.test_clock', %s, true)", [at.isoformat()])
