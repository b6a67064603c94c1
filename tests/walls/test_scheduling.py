"""A time is looked for: who may be asked, what whoever is asked may know, and when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from humla.core.context import Actor, Kind, acting
from humla.scheduling.models import Invitee
from tests.walls import rows
from tests.walls.conftest import REFUSED, Scene, attempt, by_mandate
from tests.walls.rows import insert, keep, moment

pytestmark = pytest.mark.django_db

EVA = Actor(Kind.PERSON, id=uuid4(), person_key="e" * 64)


def asked(by: Actor, question: str, *values: Any) -> Any:
    """What a function answers, and it stands."""
    with acting(by), connection.cursor() as cursor:
        cursor.execute(question, list(values))
        return cursor.fetchall()


@pytest.fixture
def person(scene: Scene) -> Any:
    """The person's own line of the offer; she has a session of her own."""
    keep(scene.cast.siv, "people_personkey", {"person_id": scene.ours.person.pk, "key": EVA.person_key})
    row = rows.invitee(scene.ours, None) | {"called": "person", "duty": "invited"}
    return keep(scene.cast.siv, "scheduling_invitee", row)


def link(scene: Scene, subject: str = "times", about: Any = None) -> Actor:
    """The link in the letter to Amir's unit."""
    clock = Actor(Kind.SYSTEM, association_id=scene.cast.siv.association_id)
    at, made = moment(scene.ours), uuid4()
    row = {
        "id": made,
        "association_id": clock.association_id,
        "unit_id": scene.cast.amir.unit_id,
        "token_hash": uuid4().hex,
        "kind": "neutral",
        "subject": subject,
        "subject_id": about or scene.ours.invitee.pk,
        "made_at": at,
        "ends_at": at + timedelta(days=9),
    }
    keep(clock, "links_link", row)
    return Actor(Kind.LINK, association_id=clock.association_id, id=made, unit_id=scene.cast.amir.unit_id)


def says(by: Actor, invitee: Any, *yes: Any) -> Any:
    return asked(
        by,
        "SELECT is_taken, is_new FROM answer_times(%s, %s::uuid[], '{}', false)",
        invitee,
        list(yes),
    )[0]


def test_only_a_unit_with_a_yes_to_planning_is_asked(scene: Scene):
    siv, farid = scene.cast.siv, scene.cast.farid
    row = rows.invitee(scene.ours, farid.unit_id)

    assert insert(siv, "scheduling_invitee", row).startswith(REFUSED)
    keep(siv, "consents_consent", rows.consent(scene.ours, farid))  # To health alone.
    assert insert(siv, "scheduling_invitee", row).startswith(REFUSED)
    keep(siv, "consents_consent", rows.consent(scene.ours, farid) | {"categories": ["IDENTITY", "PLANNING"]})
    assert insert(siv, "scheduling_invitee", row) == "1"


def test_until_the_person_has_said_which_she_can_the_link_shows_no_time(scene: Scene, person: Any):
    opened = link(scene)

    assert asked(opened, "SELECT slot_id FROM asked_times(NULL)") == []
    assert says(opened, None, scene.ours.slot.pk) == (False, False)


def test_her_answer_lets_the_others_know_and_in_a_minute_the_link_shows_the_time(
    scene: Scene, person: Any, clock: Callable[[Any], None]
):
    assert says(EVA, person, scene.ours.slot.pk) == (True, True)
    with acting(scene.cast.siv):
        leaves_at = Invitee.objects.get(pk=scene.ours.invitee.pk).leaves_at
    assert leaves_at is not None
    opened = link(scene)
    assert asked(opened, "SELECT slot_id FROM asked_times(NULL)") == []
    clock(leaves_at)

    shown = asked(opened, "SELECT slot_id, person_id, kind, sender FROM asked_times(NULL)")

    assert shown == [(scene.ours.slot.pk, None, "", "")]
    assert says(opened, None, scene.ours.slot.pk) == (True, True)
    assert says(opened, None, scene.ours.slot.pk) == (True, False)


def test_a_link_to_something_else_and_another_unit_open_nothing(
    scene: Scene, person: Any, clock: Callable[[Any], None]
):
    says(EVA, person, scene.ours.slot.pk)
    clock(moment(scene.ours) + timedelta(minutes=2))

    for other in (
        link(scene, "summons"),
        link(scene, about=scene.hidden.invitee.pk),
        scene.cast.lena,
        scene.cast.siv,
        scene.cast.nils,
        Actor(Kind.PUBLIC),
    ):
        assert says(other, scene.ours.invitee.pk, scene.ours.slot.pk) == (False, False)
        assert asked(other, "SELECT 1 FROM asked_times(%s)", scene.ours.invitee.pk) == []
    assert says(scene.cast.amir, scene.ours.invitee.pk, scene.ours.slot.pk) == (True, True)


def test_a_yes_taken_back_closes_the_link_in_the_same_second(
    scene: Scene, person: Any, clock: Callable[[Any], None]
):
    says(EVA, person, scene.ours.slot.pk)
    clock(moment(scene.ours) + timedelta(minutes=2))
    opened, siv = link(scene), scene.cast.siv
    at = moment(scene.ours)
    asked(
        siv,
        "UPDATE consents_consent SET withdrawn_at = %s, withdrawn_by_id = %s WHERE id = %s RETURNING 1",
        at,
        siv.id,
        scene.ours.consent.pk,
    )

    assert asked(opened, "SELECT 1 FROM asked_times(NULL)") == []
    assert says(opened, None, scene.ours.slot.pk) == (False, False)
    ended = asked(siv, "SELECT what, which FROM end_what_rested_on(%s)", scene.ours.consent.pk)
    assert ("invitee", scene.ours.invitee.pk) in ended


def test_a_letter_that_waited_until_the_yes_ran_out_does_not_leave(
    scene: Scene, person: Any, clock: Callable[[Any], None]
):
    siv, farid = scene.cast.siv, scene.cast.farid
    ends_at = moment(scene.ours) + timedelta(hours=2)
    yes = {"categories": ["IDENTITY", "PLANNING"], "ends_at": ends_at}
    keep(siv, "consents_consent", rows.consent(scene.ours, farid) | yes)
    invitee = keep(siv, "scheduling_invitee", rows.invitee(scene.ours, farid.unit_id))
    says(EVA, person, scene.ours.slot.pk)
    row = rows.notice(scene.ours, invitee, farid.unit_id) | {"kind": "times_offered"}
    notice = keep(siv, "notifications_notice", row)
    the_clock = Actor(Kind.SYSTEM, association_id=siv.association_id)

    assert asked(the_clock, "SELECT notice_holds(%s)", notice) == [(True,)]
    clock(ends_at)
    assert asked(the_clock, "SELECT notice_holds(%s)", notice) == [(False,)]


def test_only_she_or_whoever_receives_summonses_for_her_answers_for_her(scene: Scene, person: Any):
    ralf = by_mandate(scene.ours.mandate)

    for other in (scene.cast.siv, scene.cast.amir, by_mandate(scene.hidden.mandate), link(scene)):
        assert says(other, person, scene.ours.slot.pk) == (False, False)
    assert says(ralf, person, scene.ours.slot.pk) == (True, True)


def test_nobody_else_makes_the_others_hear_of_it(scene: Scene, person: Any):
    for other in (scene.cast.amir, scene.cast.maja, scene.cast.nils, link(scene)):
        assert asked(other, "SELECT tell_of_times(%s)", scene.ours.offer.pk) == [(0,)]


def test_nobody_is_reminded_of_times_that_she_has_said_no_to_since(
    scene: Scene, person: Any, clock: Callable[[Any], None]
):
    silence = "SELECT reminds_of FROM silence(%s, %s)"
    about = [scene.ours.case.pk, scene.ours.invitee.pk]
    says(EVA, person, scene.ours.slot.pk)
    clock(moment(scene.ours) + timedelta(minutes=2))
    assert asked(scene.cast.siv, silence, *about) == [("times_offered",)]
    clock(moment(scene.ours) + timedelta(minutes=3))

    assert says(EVA, person) == (True, True)
    assert asked(scene.cast.siv, silence, *about) == []


def test_who_is_silent_is_nothing_that_a_page_may_ask(scene: Scene):
    clock = Actor(Kind.SYSTEM, association_id=scene.cast.siv.association_id)

    for who in (scene.cast.siv, clock):
        assert attempt(who, "SELECT 1 FROM silent_times()", []).startswith(REFUSED)
