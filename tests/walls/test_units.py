"""How a unit is reached: who writes it, who signs it, and which telephone opens what is sent there."""

from uuid import uuid4

import pytest
from django.db import connection

from humla.core.context import Actor, Kind, acting
from tests.walls import rows
from tests.walls.conftest import REFUSED, Scene
from tests.walls.rows import insert, update

pytestmark = pytest.mark.django_db

TABLE = "organisation_unit"
EVERYBODY = ["siv", "maja", "ylva", "rut", "amir", "farid", "lena", "nils", "stranger", "greta", "olof"]
LEADS = {"ylva", "olof"}


def of(scene: Scene, column: str) -> object:
    with acting(scene.cast.siv), connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {TABLE} WHERE id = %s", [scene.cast.siv.unit_id])
        (found,) = cursor.fetchone()
        return found


def write(by: Actor, unit: object, **columns: object) -> None:
    """An update that stands."""
    sets = ", ".join(f"{one} = %s" for one in columns)
    with acting(by), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET {sets} WHERE id = %s", [*columns.values(), unit])
        assert cursor.rowcount == 1


def code_phone(by: Actor, unit: object, version: int = 1) -> bool:
    with acting(by), connection.cursor() as cursor:
        cursor.execute("SELECT set_code_phone(%s, '070-174 06 99', %s, true)", [unit, version])
        (was_set,) = cursor.fetchone()
        return bool(was_set)


def test_the_manager_and_the_administrator_write_it_and_nobody_else(scene: Scene) -> None:
    unit = scene.cast.siv.unit_id
    wrote = {who for who in EVERYBODY if update(getattr(scene.cast, who), TABLE, unit, phone="1") == "1"}
    person = Actor(Kind.PERSON, id=uuid4(), person_key="x")

    assert wrote == LEADS
    assert update(person, TABLE, unit, phone="1") == "0"
    assert update(scene.cast.ylva, TABLE, scene.cast.amir.unit_id, phone="1") == "0"


def test_whoever_looks_after_it_writes_it_while_she_acts_for_it(scene: Scene) -> None:
    cast = scene.cast
    write(cast.ylva, cast.siv.unit_id, owner_id=cast.siv.id)

    assert update(cast.siv, TABLE, cast.siv.unit_id, phone="1") == "1"
    assert update(cast.maja, TABLE, cast.siv.unit_id, phone="1") == "0"


def test_nobody_of_another_authority_looks_after_it_and_no_unit_of_another_forbund_stands_in(
    scene: Scene,
) -> None:
    cast = scene.cast
    for column, row in (
        ("owner_id", cast.amir.id),
        ("owner_id", cast.stranger.id),
        ("stand_in_unit_id", cast.stranger.unit_id),
    ):
        assert update(cast.olof, TABLE, cast.siv.unit_id, **{column: row}).startswith(REFUSED)
    assert update(cast.olof, TABLE, cast.siv.unit_id, stand_in_unit_id=cast.amir.unit_id) == "1"


@pytest.mark.parametrize(
    "column", ["name", "authority_id", "association_id", "ends_on", "code_phone", "mail_failed_at"]
)
def test_where_it_belongs_and_where_codes_go_is_not_written_this_way(column: str, scene: Scene) -> None:
    assert update(scene.cast.olof, TABLE, scene.cast.siv.unit_id, **{column: None}).startswith(REFUSED)


def test_a_confirmation_is_signed_by_whoever_makes_it_and_now(scene: Scene) -> None:
    cast = scene.cast
    write(
        cast.ylva,
        cast.siv.unit_id,
        confirmed_at="2020-01-01T00:00:00Z",
        confirmed_by_id=cast.siv.id,
    )

    assert of(scene, "confirmed_by_id") == cast.ylva.id
    assert of(scene, "confirmed_at = humla_now()") is True


def test_a_new_mailbox_has_not_failed_yet(scene: Scene) -> None:
    cast, clock = scene.cast, Actor(Kind.SYSTEM, association_id=scene.cast.association.pk)
    with acting(clock), connection.cursor() as cursor:
        cursor.execute("SELECT mail_got_there(%s, false)", [cast.siv.unit_id])
    before = of(scene, "mail_failed_at IS NOT NULL")
    write(cast.ylva, cast.siv.unit_id, mail="ny@humlesund.example")

    assert (before, of(scene, "mail_failed_at IS NOT NULL")) == (True, False)


def test_the_telephone_for_codes_is_set_by_those_who_lead_and_never_over_another_change(scene: Scene) -> None:
    unit = scene.cast.siv.unit_id
    write(scene.cast.ylva, unit, owner_id=scene.cast.siv.id)
    took = [
        who
        for who in EVERYBODY
        if code_phone(getattr(scene.cast, who), unit, version=2 if who == "olof" else 1)
    ]

    assert took == ["ylva", "olof"]
    assert code_phone(scene.cast.ylva, unit, version=1) is False
    assert code_phone(scene.cast.ylva, scene.cast.amir.unit_id) is False


def test_the_right_unit_is_never_another_huvudmans_nor_the_wrong_one_itself(scene: Scene) -> None:
    cast, table = scene.cast, "meetings_summonsanswer"
    row = rows.summons_answer(scene.ours) | {"answer": "wrong_unit"}

    assert insert(cast.siv, table, row) == "1"
    for unit in (cast.siv.unit_id, cast.lena.unit_id, cast.stranger.unit_id, scene.ours.summons.unit_id):
        assert insert(cast.siv, table, row | {"passed_unit_id": unit}).startswith(REFUSED)
