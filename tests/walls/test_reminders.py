"""Reminders and collected letters: who writes them, who stops them, and that nobody else gets an answer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from humla.core.context import Actor, Kind, acting
from tests.walls import rows
from tests.walls.conftest import REFUSED, Scene, attempt
from tests.walls.rows import insert, keep, moment, update

pytestmark = pytest.mark.django_db

OTHERS = ["maja", "ylva", "amir", "lena", "nils", "greta", "olof", "stranger"]


def the_clock(scene: Scene) -> Actor:
    return Actor(Kind.SYSTEM, association_id=scene.cast.association.pk)


def stop(scene: Scene) -> dict[str, Any]:
    return rows.reminder_stop(scene.ours, scene.ours.summons.pk, scene.cast.amir.unit_id)


def reminder(scene: Scene) -> dict[str, Any]:
    row = rows.notice(scene.ours, scene.ours.summons.pk, scene.cast.amir.unit_id)
    return row | {"kind": "reminder", "reminds_of": "summons", "queued_by_id": None}


def delivery(scene: Scene, by: Actor, unit_id: Any) -> dict[str, Any]:
    return rows.delivery(scene.ours, by, unit_id)


def test_the_holder_stops_and_lets_it_go_on_and_changes_nothing_else(scene: Scene) -> None:
    siv, table = scene.cast.siv, "notifications_reminderstop"
    kept = keep(siv, table, stop(scene))

    assert update(siv, table, kept, ended_at=moment(scene.ours) - timedelta(days=1)).startswith(REFUSED)
    assert update(siv, table, kept, about_id=uuid4()).startswith(REFUSED)
    assert update(siv, table, kept, ended_at=moment(scene.ours)) == "1"


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_stops_it_sees_it_or_lets_it_go_on(who: str, scene: Scene) -> None:
    other, table = getattr(scene.cast, who), "notifications_reminderstop"
    kept = keep(scene.cast.siv, table, stop(scene))

    assert insert(other, table, stop(scene) | {"id": uuid4()}).startswith(REFUSED)
    assert insert(other, table, stop(scene) | {"id": uuid4(), "stopped_by_id": other.id}).startswith(REFUSED)
    assert attempt(other, f"SELECT 1 FROM {table}", []) == "0"
    assert update(other, table, kept, ended_at=moment(scene.ours)) == "0"


@pytest.mark.parametrize(
    "forged",
    [{"stopped_by_id": uuid4}, {"about_id": uuid4}, {"unit_id": uuid4}, {"association_id": uuid4}],
    ids=lambda one: next(iter(one)),
)
def test_a_stop_is_signed_and_about_what_she_holds(forged: dict[str, Any], scene: Scene) -> None:
    row = stop(scene) | {name: make() for name, make in forged.items()}

    assert insert(scene.cast.siv, "notifications_reminderstop", row).startswith(REFUSED)


def test_the_clock_reminds_whom_it_was_said_to_and_signs_for_nobody(scene: Scene) -> None:
    clock, row = the_clock(scene), reminder(scene)

    assert insert(clock, "notifications_notice", row) == "1"
    for forged in (
        {"unit_id": scene.cast.lena.unit_id},
        {"about_id": uuid4()},
        {"queued_by_id": scene.cast.siv.id},
        {"state": "sent", "sent_at": moment(scene.ours)},
        {"kind": "summons", "reminds_of": ""},
    ):
        assert insert(clock, "notifications_notice", row | {"id": uuid4()} | forged).startswith(REFUSED)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_reminds(who: str, scene: Scene) -> None:
    other = getattr(scene.cast, who)

    assert insert(other, "notifications_notice", reminder(scene)).startswith(REFUSED)
    signed = reminder(scene) | {"queued_by_id": other.id}
    assert insert(other, "notifications_notice", signed).startswith(REFUSED)


def test_a_collected_letter_is_about_its_unit_and_made_by_the_clock(scene: Scene) -> None:
    clock, unit = the_clock(scene), scene.cast.amir.unit_id
    row = rows.notice(scene.ours, unit, unit) | {"kind": "digest", "queued_by_id": None}

    assert insert(clock, "notifications_notice", row) == "1"
    assert insert(clock, "notifications_notice", row | {"about_id": scene.ours.summons.pk}).startswith(
        REFUSED
    )
    assert insert(scene.cast.siv, "notifications_notice", row).startswith(REFUSED)
    away = scene.cast.stranger.unit_id
    assert insert(clock, "notifications_notice", row | {"unit_id": away, "about_id": away}).startswith(
        REFUSED
    )


def test_the_manager_and_the_administrator_choose_for_a_unit_and_nobody_else(scene: Scene) -> None:
    cast, table = scene.cast, "notifications_delivery"
    siv_unit, amir_unit = cast.siv.unit_id, cast.amir.unit_id
    for who in ("siv", "maja", "rut", "amir", "lena", "nils", "greta", "stranger"):
        by = getattr(cast, who)
        assert insert(by, table, delivery(scene, by, siv_unit)).startswith(REFUSED)
    assert insert(cast.ylva, table, delivery(scene, cast.ylva, amir_unit)).startswith(REFUSED)
    assert insert(
        cast.ylva, table, delivery(scene, cast.ylva, siv_unit) | {"chosen_by_id": uuid4()}
    ).startswith(REFUSED)
    kept = keep(cast.ylva, table, delivery(scene, cast.ylva, siv_unit))
    now = moment(scene.ours)
    assert update(cast.siv, table, kept, is_collected=True, chosen_at=now, chosen_by_id=cast.siv.id) == "0"
    assert update(cast.olof, table, kept, is_collected=True, chosen_at=now, chosen_by_id=cast.olof.id) == "1"
    assert update(cast.ylva, table, kept, unit_id=amir_unit).startswith(REFUSED)
    assert [attempt(getattr(cast, one), f"SELECT 1 FROM {table}", []) for one in ("siv", "amir", "olof")] == [
        "1",
        "0",
        "1",
    ]


def test_only_the_clock_and_the_holder_get_an_answer(scene: Scene) -> None:
    held = scene.ours
    asked: dict[str, list[Any]] = {
        "EXISTS (SELECT 1 FROM silent())": [],
        "EXISTS (SELECT 1 FROM silent_anywhere())": [],
        "EXISTS (SELECT 1 FROM silence(%s, %s))": [held.case.pk, held.summons.pk],
        "EXISTS (SELECT 1 FROM opened_in(%s))": [held.case.pk],
        "was_asked(%s, %s)": [held.case.pk, held.summons.pk],
    }
    link = replace(held.to, kind=Kind.LINK, id=uuid4())
    person = Actor(Kind.PERSON, id=uuid4(), person_key="x")
    others = [getattr(scene.cast, who) for who in OTHERS]
    for other in (*others, link, person, Actor(Kind.PUBLIC), replace(held.by, unit_id=uuid4())):
        for question, parameters in asked.items():
            with acting(other), connection.cursor() as cursor:
                cursor.execute(f"SELECT {question}", parameters)
                assert (other.kind, question, cursor.fetchone()) == (other.kind, question, (False,))
    for question in ("wall_silent()", "silent_summonses()"):
        assert attempt(scene.cast.siv, f"SELECT * FROM {question}", []).startswith(REFUSED)


def test_only_the_clock_says_that_a_mailbox_is_not_there(scene: Scene) -> None:
    unit = scene.cast.amir.unit_id
    for who in (scene.cast.siv, scene.cast.olof, scene.cast.amir, the_clock(scene)):
        with acting(who), connection.cursor() as cursor:
            cursor.execute("SELECT mail_got_there(%s, false)", [unit])
            cursor.execute("SELECT mail_failed_at IS NOT NULL FROM organisation_unit WHERE id = %s", [unit])
            assert cursor.fetchone() == (who.kind is Kind.SYSTEM,)
