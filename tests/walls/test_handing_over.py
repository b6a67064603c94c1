"""The responsibility handed over: by the one who has it or the unit's manager, never into nobody's hands."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from humla.core.context import Actor, acting
from tests.walls.conftest import REFUSED, Scene, attempt
from tests.walls.rows import assignment, insert, keep

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(scene: Scene) -> Actor:
    """Maja manages Siv's unit and works in no case."""
    return replace(scene.cast.maja, role="manager")


def hand_over(by: Actor, case: Any, to: Actor, *, unit: Any = None) -> bool:
    with acting(by), connection.cursor() as cursor:
        order = "SELECT hand_over_case(%s, %s, %s, '', %s)"
        cursor.execute(order, [case, to.id, unit or to.unit_id, uuid4()])
        return cursor.fetchone()[0] is not None


def responsible(scene: Scene) -> list[Any]:
    """Who is responsible now, as the database's owner would see it: asked by both who could be."""
    found = []
    for who in (scene.cast.siv, scene.cast.maja):
        own = "SELECT 1 FROM cases_caseassignment WHERE case_id = %s AND professional_id = %s"
        now = "AND role = 'responsible' AND ends_at IS NULL"
        if attempt(who, f"{own} {now}", [scene.ours.case.pk, who.id]) == "1":
            found.append(who.id)
    return found


def caseload(by: Actor) -> list[tuple[Any, ...]]:
    with acting(by), connection.cursor() as cursor:
        cursor.execute("SELECT case_id, professional_name FROM unit_caseload()")
        return cursor.fetchall()


def test_the_one_who_has_it_hands_it_over_and_is_out(scene: Scene):
    siv, maja = scene.cast.siv, scene.cast.maja

    assert hand_over(siv, scene.ours.case.pk, maja)
    assert responsible(scene) == [maja.id]
    assert attempt(siv, "SELECT 1 FROM cases_case WHERE id = %s", [scene.ours.case.pk]) == "0"
    assert attempt(maja, "SELECT 1 FROM cases_handover", []) == "1"
    assert not hand_over(siv, scene.ours.case.pk, maja)


@pytest.mark.parametrize("who", ["maja", "amir", "lena", "nils", "stranger", "greta", "olof"])
def test_nobody_else_hands_it_over(who: str, scene: Scene):
    by: Actor = getattr(scene.cast, who)

    assert not hand_over(by, scene.ours.case.pk, scene.cast.maja)
    assert not hand_over(by, scene.ours.case.pk, by)
    assert responsible(scene) == [scene.cast.siv.id]


@pytest.mark.parametrize("to", ["siv", "lena", "amir", "greta", "stranger"])
def test_it_goes_to_a_colleague_who_acts_for_a_unit_of_the_authority(to: str, scene: Scene):
    assert not hand_over(scene.cast.siv, scene.ours.case.pk, getattr(scene.cast, to))
    assert not hand_over(scene.cast.siv, scene.ours.case.pk, scene.cast.maja, unit=scene.cast.nils.unit_id)
    assert responsible(scene) == [scene.cast.siv.id]


def test_a_hidden_case_and_one_that_is_not_are_refused_alike(scene: Scene):
    for case in (scene.hidden.case.pk, uuid4()):
        assert not hand_over(scene.cast.siv, case, scene.cast.maja)


def test_the_manager_sees_which_and_who_and_nothing_of_the_case(manager: Actor, scene: Scene):
    assert caseload(manager) == [(scene.ours.case.pk, "Siv Sandberg")]
    for table in (
        "cases_case",
        "people_person",
        "cases_caseassignment",
        "plans_plan",
        "disclosures_documentpart",
    ):
        assert attempt(manager, f"SELECT 1 FROM {table}", []) == "0"
    for other in (scene.cast.maja, scene.cast.siv, replace(scene.cast.nils, role="manager"), scene.cast.olof):
        assert caseload(other) == []


def test_the_manager_hands_over_within_the_unit_and_never_to_herself(manager: Actor, scene: Scene):
    siv, maja, case = scene.cast.siv, scene.cast.maja, scene.ours.case.pk
    managing_siv = replace(siv, role="manager")

    assert not hand_over(manager, case, maja)
    assert not hand_over(replace(manager, unit_id=scene.cast.nils.unit_id), case, siv)
    assert hand_over(siv, case, maja)
    assert not hand_over(managing_siv, case, siv)
    assert responsible(scene) == [maja.id]
    assert attempt(managing_siv, "SELECT 1 FROM cases_case WHERE id = %s", [case]) == "0"


def test_the_manager_of_the_unit_gives_it_to_a_colleague(scene: Scene):
    """The other way round: Maja has it, and a third person manages the unit."""
    siv, case = scene.cast.siv, scene.ours.case.pk
    hand_over(siv, case, scene.cast.maja)
    third = replace(siv, id=scene.cast.nils.id, role="manager")

    assert hand_over(third, case, siv)
    assert responsible(scene) == [siv.id]


def test_a_protected_case_is_seen_by_no_manager_and_goes_to_nobody_without_clearance(
    manager: Actor, scene: Scene
):
    siv = scene.cast.siv
    with acting(siv), connection.cursor() as cursor:
        cursor.execute("SELECT case_id FROM cases_caseassignment WHERE is_protected")
        (case,) = cursor.fetchone()

    assert case not in [row[0] for row in caseload(manager)]
    for by in (siv, manager, replace(siv, role="manager")):
        assert not hand_over(by, case, scene.cast.maja)


def test_a_handover_is_not_written_by_hand(scene: Scene):
    siv = scene.cast.siv
    row = {"id": uuid4(), **scene.ours.about, "from_professional_id": siv.id, "to_professional_id": siv.id}

    assert insert(siv, "cases_handover", row | {"note": "", "handed_over_by_id": siv.id}).startswith(REFUSED)


def test_the_one_who_takes_over_keeps_one_assignment(scene: Scene):
    siv, maja = scene.cast.siv, scene.cast.maja
    keep(siv, "cases_caseassignment", assignment(scene.ours, maja))

    assert hand_over(siv, scene.ours.case.pk, maja)
    own = "SELECT 1 FROM cases_caseassignment WHERE case_id = %s AND professional_id = %s AND ends_at IS NULL"
    assert attempt(maja, own, [scene.ours.case.pk, maja.id]) == "1"
