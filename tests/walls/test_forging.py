"""What somebody who could run SQL of her own would try: a made-up context, a guessed session, the tools."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from humla.core.context import Actor, Kind, acting
from tests.walls.conftest import REFUSED, Scene, attempt

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table", ["drafts_draft", "drafts_submission"])
def test_a_made_up_context_writes_no_draft_in_anothers_name(table: str, scene: Scene):
    siv = scene.cast.siv
    row: dict[str, Any] = {
        "drafts_draft": {
            "id": uuid4(),
            "owner_id": siv.id,
            "form": "f",
            "fields": "x",
            "saved_at": timezone.now(),
        },
        "drafts_submission": {
            "key": uuid4(),
            "owner_id": siv.id,
            "payload": "p",
            "answer": "",
            "sent_at": timezone.now(),
        },
    }[table]
    line = siv.signed(uuid4()).rpartition("|")[0] + "|" + "0" * 64

    assert _with_line(line, table, row).startswith(REFUSED)
    assert _with_line(siv.signed(uuid4()), table, row) == "1"


@pytest.mark.parametrize("field", range(10))
def test_an_altered_field_makes_the_context_worthless(field: int, scene: Scene):
    fields = scene.cast.siv.signed(uuid4()).split("|")
    fields[field] = (
        "person" if field == 0 else fields[field][:-1] + ("0" if fields[field][-1:] != "0" else "1")
    )

    assert _seen_with("|".join(fields)) == 0


def test_the_untouched_context_sees_the_case_and_an_unsigned_or_old_one_nothing(scene: Scene):
    line = scene.cast.siv.signed(uuid4())

    assert _seen_with(line) == 2
    assert [
        _seen_with(one) for one in ("", "x", line[:-64], line[:-64] + "0" * 64, line + "0", "0" + line)
    ] == [0] * 6


@pytest.mark.parametrize(
    "order",
    [
        "SELECT * FROM humla_key",
        "SELECT wall_mac('x')",
        "SELECT wall_set_key(repeat('00', 32))",
        "CREATE OR REPLACE FUNCTION humla_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
        "CREATE TABLE public.x (id integer)",
        "ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY",
        "DROP POLICY held_or_disclosed ON cases_case",
        "SET ROLE humla_owner",
        "SET SESSION AUTHORIZATION humla_owner",
        "UPDATE humla_wall SET live = 'x'",
        "DELETE FROM humla_list",
        "COPY cases_case TO PROGRAM 'cat'",
        "UPDATE accounts_session SET kind = 'admin'",
        "UPDATE accounts_session SET assignment_id = NULL",
        "UPDATE accounts_session SET person_key = repeat('a', 64)",
        "UPDATE people_personkey SET ended_at = NULL",
    ],
)
def test_the_limited_role_cannot_touch_what_holds_the_wall_up(order: str, scene: Scene):
    assert attempt(scene.cast.siv, order, []).startswith(REFUSED)


def test_a_forged_line_does_not_open_a_context(scene: Scene):
    forged = scene.cast.siv.signed(uuid4()).rpartition("|")[0] + "|" + "f" * 64

    assert attempt(scene.cast.siv, "SELECT open_context(%s)", [forged]).startswith(REFUSED)
    assert attempt(scene.cast.siv, "SELECT open_context(%s)", [scene.cast.siv.signed(uuid4())]) == "1"


def test_a_guessed_session_enters_as_the_public(scene: Scene):
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, actor, authority FROM enter(%s, %s)", ["0" * 64, uuid4()])
        assert cursor.fetchone() == ("public", None, None)
        cursor.execute("SELECT count(*) FROM cases_case")
        assert cursor.fetchone() == (0,)


def test_a_definer_function_gives_no_answer_that_the_asker_may_not_have(scene: Scene):
    maja, hidden = scene.cast.maja, scene.hidden
    questions: list[tuple[str, list[Any]]] = [
        ("SELECT wall_works_in(%s)", [hidden.case.pk]),
        ("SELECT wall_holds(%s, %s)", [hidden.case.pk, hidden.person.pk]),
        ("SELECT wall_person_is_ours(%s)", [hidden.person.pk]),
        ("SELECT wall_is_protected(%s)", [hidden.person.pk]),
        ("SELECT wall_narrows(%s, %s)", [hidden.consent.pk, hidden.case.pk]),
        ("SELECT wall_came_here(%s)", [hidden.case.pk]),
        ("SELECT lock_consent(%s)", [hidden.consent.pk]),
        ("SELECT wall_may_key(%s)", [hidden.person.pk]),
        ("SELECT set_person_key(%s, %s)", [hidden.person.pk, "c" * 64]),
    ]
    for sql, parameters in questions:
        with acting(maja), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            assert cursor.fetchone() == (False,)


def test_a_made_up_context_gets_no_answer_from_a_definer_function(scene: Scene):
    siv, amir, lena = scene.cast.siv, scene.cast.amir, scene.cast.lena
    clock = Actor(Kind.SYSTEM, association_id=siv.association_id)
    questions: list[tuple[Actor, str, list[Any]]] = [
        (clock, "SELECT wall_may_remind(%s, %s)", [scene.ours.summons.pk, amir.unit_id]),
        (siv, "SELECT wall_is_unit_here(%s, %s)", [lena.unit_id, siv.association_id]),
    ]
    for by, sql, parameters in questions:
        signed = by.signed(uuid4())
        forged = signed.rpartition("|")[0] + "|" + "0" * 64
        assert [_answer(line, sql, parameters) for line in (signed, forged, "")] == [True, False, False]
    away = scene.cast.stranger
    with acting(siv), connection.cursor() as cursor:
        cursor.execute("SELECT wall_is_unit_here(%s, %s)", [away.unit_id, away.association_id])
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT wall_may_remind(%s, %s)", [scene.ours.summons.pk, amir.unit_id])
        assert cursor.fetchone() == (False,)


def _answer(line: str, sql: str, parameters: list[Any]) -> Any:
    with acting(Actor(Kind.PUBLIC)), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('humla.ctx', %s, true)", [line])
        cursor.execute(sql, parameters)
        return bool(cursor.fetchone()[0])


def test_every_definer_function_of_the_program_asks_who_it_is(db: None):
    """Itself, or through one that does; those that open a context or lie in a policy are named."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosrc, prosecdef AND has_function_privilege('humla_app', oid, 'EXECUTE')"
            " FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        )
        functions = cursor.fetchall()
    asking = {"ctx_ok"}
    while more := {
        name for name, body, _ in functions if name not in asking and any(f"{one}(" in body for one in asking)
    }:
        asking |= more
    opening = {"enter", "enter_link", "enter_opening", "wall_fingerprint"}
    signing_in = {
        "signin_assignments", "signin_choose", "signin_choose_mandate", "signin_choose_person",
        "signin_mandates",
    }  # fmt: skip
    in_policies = {"wall_answered_by", "wall_is_myself", "wall_place_approved", "wall_withheld"}

    silent = {name for name, _, is_ours in functions if is_ours} - asking
    assert silent == opening | signing_in | in_policies


def _with_line(line: str, table: str, row: dict[str, Any]) -> str:
    """An insert under a context line of one's own making, as injected SQL could do it."""
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    order = f"INSERT INTO {table} ({names}) VALUES ({marks})"
    with acting(Actor(Kind.PUBLIC)), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('humla.ctx', %s, true)", [line])
        return _bare(order, list(row.values()))


def _bare(order: str, parameters: list[Any]) -> str:
    with connection.cursor() as cursor:
        point = transaction.savepoint()
        try:
            cursor.execute(order, parameters)
            said = str(cursor.rowcount)
        except DatabaseError as error:
            cause: Any = error.__cause__
            said = str(cause.sqlstate)
        transaction.savepoint_rollback(point)
    return said


def _seen_with(line: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('humla.ctx', %s, true)", [line])
        cursor.execute("SELECT count(*) FROM cases_caseassignment WHERE professional_id IS NOT NULL")
        row = cursor.fetchone()
        cursor.execute("SELECT set_config('humla.ctx', '', true)")
    return int(row[0])
