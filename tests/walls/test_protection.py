"""What the database itself refuses about a protected person, past our own actions."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from humla.core.context import Actor, acting, now
from tests.walls import rows
from tests.walls.conftest import REFUSED, Scene, attempt

pytestmark = pytest.mark.django_db


def answered(by: Actor, sentence: str, *values: Any) -> Any:
    with acting(by), connection.cursor() as cursor:
        cursor.execute(sentence, list(values))
        return cursor.fetchone()[0]


def protect(scene: Scene, by: Actor) -> Any:
    return answered(by, "SELECT protect_person(%s, 'secrecy', 'r', %s)", scene.ours.case.pk, uuid4())


def contact(scene: Scene, by: Actor) -> dict[str, Any]:
    return rows.protected_contact(scene.ours, by)


@pytest.mark.parametrize("who", ["maja", "amir", "lena", "nils", "stranger", "greta", "olof", "ylva"])
def test_only_those_who_hold_the_case_protect_her(scene: Scene, who: str):
    assert protect(scene, getattr(scene.cast, who)) is None
    assert protect(scene, scene.cast.siv) == scene.ours.person.pk


def test_no_address_of_hers_is_written_among_the_letters_whatever_the_row_calls_her(scene: Scene):
    siv, row = scene.cast.siv, rows.addressee(scene.ours)
    unit = {"called": "unit", "unit_id": scene.cast.amir.unit_id}
    assert rows.insert(siv, "letters_addressee", row) == "1"

    protect(scene, siv)

    assert rows.insert(siv, "letters_addressee", row).startswith(REFUSED)
    assert rows.insert(siv, "letters_addressee", row | {"called": "unit"}).startswith(REFUSED)
    assert rows.insert(siv, "letters_addressee", row | {"way": "by_hand", "address": ""}) == "1"
    assert rows.insert(siv, "letters_addressee", row | unit) == "1"


def test_a_hidden_case_and_none_give_the_same_answer(scene: Scene):
    for sentence in (
        "SELECT protect_person(%s, 'secrecy', 'r', gen_random_uuid())",
        f"SELECT give_clearance(%s, '{scene.cast.maja.id}', '{scene.cast.maja.unit_id}',"
        " humla_now() + interval '1 day', gen_random_uuid())",
        "SELECT carry_clearance(%s, gen_random_uuid())",
    ):
        hidden = answered(scene.cast.siv, sentence, scene.hidden.case.pk)
        assert hidden == answered(scene.cast.siv, sentence, uuid4())


@pytest.mark.parametrize("who", ["siv", "ylva", "maja"])
def test_nobody_writes_a_marking_or_a_clearance_by_an_insert(scene: Scene, who: str):
    by: Actor = getattr(scene.cast, who)
    for table in ("protection_marking", "protection_clearance"):
        assert attempt(by, f"INSERT INTO {table} (id) VALUES (gen_random_uuid())", []).startswith(REFUSED)
        assert attempt(by, f"DELETE FROM {table}", []).startswith(REFUSED)


def test_where_she_is_is_written_by_the_cleared_about_their_own(scene: Scene):
    siv, maja = scene.cast.siv, scene.cast.maja
    before = rows.insert(siv, "protection_protectedcontact", contact(scene, siv))
    protect(scene, siv)
    hidden = {"person_id": scene.hidden.person.pk}
    nowhere = {"person_id": uuid4()}

    assert before.startswith(REFUSED)
    assert rows.insert(siv, "protection_protectedcontact", contact(scene, siv)) == "1"
    assert rows.insert(maja, "protection_protectedcontact", contact(scene, maja)).startswith(REFUSED)
    assert rows.insert(siv, "protection_protectedcontact", contact(scene, siv) | hidden) == rows.insert(
        siv, "protection_protectedcontact", contact(scene, siv) | nowhere
    )


def test_the_one_who_wrote_the_place_is_no_second_pair_of_eyes(scene: Scene):
    siv = scene.cast.siv
    rows_ours = rows.place_approval(scene.ours, siv)
    with acting(siv), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE meetings_meeting SET place = 'Biblioteket' WHERE id = %s", [scene.ours.meeting.pk]
        )
        cursor.execute("SELECT place_by_id FROM meetings_meeting WHERE id = %s", [scene.ours.meeting.pk])
        wrote = cursor.fetchone()[0]

    assert wrote == siv.id
    assert rows.insert(siv, "meetings_placeapproval", rows_ours).startswith(("42501", "23514"))
    forged = rows_ours | {"written_by_id": scene.cast.maja.id}
    assert rows.insert(siv, "meetings_placeapproval", forged).startswith(REFUSED)


def test_a_summons_with_a_place_that_one_alone_has_read_is_refused(scene: Scene):
    siv = scene.cast.siv
    lawful = rows.insert(siv, "meetings_summons", rows.summons(scene.ours, scene.cast.maja))
    with acting(siv), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE meetings_meeting SET place = 'Biblioteket' WHERE id = %s", [scene.ours.meeting.pk]
        )
    protect(scene, siv)

    assert lawful == "1"
    assert rows.insert(siv, "meetings_summons", rows.summons(scene.ours, scene.cast.maja)).startswith(REFUSED)


def test_no_letter_is_queued_about_her(scene: Scene):
    siv, to = scene.cast.siv, scene.cast.amir.unit_id
    before = rows.insert(siv, "notifications_notice", rows.notice(scene.ours, scene.ours.summons.pk, to))
    protect(scene, siv)
    after = rows.insert(siv, "notifications_notice", rows.notice(scene.ours, scene.ours.summons.pk, to))

    assert (before, after[:5]) == ("1", REFUSED)


def test_what_came_to_the_unit_is_on_its_way_ins_list_until_she_is_protected(scene: Scene):
    before = rows.sees(scene.cast.amir, "disclosures_disclosure")
    protect(scene, scene.cast.siv)

    assert (before, rows.sees(scene.cast.amir, "disclosures_disclosure")) == (1, 0)


def test_a_clearance_that_has_ended_writes_nothing_either(scene: Scene, clock):
    siv = scene.cast.siv
    protect(scene, siv)
    with acting(siv):
        at = now()
    clock(at + timedelta(days=7))

    assert rows.insert(siv, "cases_note", rows.note(scene.ours)).startswith(REFUSED)
    assert rows.insert(siv, "protection_protectedcontact", contact(scene, siv)).startswith(REFUSED)
