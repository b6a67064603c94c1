"""What a link without sign-in opens: one summons without a name, one coded answer, and nothing else at all.

The link's context is tried with orders of one's own, as somebody could who had smuggled SQL into its page.
"""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from humla.consents.models import Consent
from humla.core.context import Actor, Kind, acting, now
from humla.meetings.models import Answer, DeclineCause, SummonsAnswer
from tests.walls import rows
from tests.walls.conftest import REFUSED, Scene, attempt
from tests.walls.rows import insert, keep, sees
from tests.walls.test_course import Course, course  # noqa: F401  (the fixture)
from tests.walls.test_writes import LAWFUL

pytestmark = pytest.mark.django_db


def clock_of(scene: Scene) -> Actor:
    return Actor(Kind.SYSTEM, association_id=scene.cast.siv.association_id)


def link_to(scene: Scene, **change: Any) -> tuple[Actor, str]:
    """A link to Arbetsförmedlingen's summons in Siv's case: its context, and the hash of its token."""
    row = rows.link(scene.ours, scene.ours.summons.pk, scene.cast.amir.unit_id) | change
    keep(clock_of(scene), "links_link", row)
    opened = Actor(Kind.LINK, association_id=row["association_id"], id=row["id"], unit_id=row["unit_id"])
    return opened, row["token_hash"]


def shown(by: Actor) -> list[dict[str, Any]]:
    with acting(by), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM linked_summons()")
        names = [one.name for one in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def answer(
    by: Actor,
    said: str,
    cause: str = "",
    *,
    how: str = "",
    stay: str = "",
    brings: Any = (),
    passed: UUID | None = None,
) -> bool:
    """Is it taken?"""
    with acting(by), connection.cursor() as cursor:
        cursor.execute(
            "SELECT is_taken FROM answer_by_link(%s, %s, %s, %s, %s::jsonb, false, %s, %s)",
            [said, cause, how, stay, json.dumps(brings), passed, uuid4()],
        )
        return bool(cursor.fetchone()[0])


def test_the_token_gives_a_context_of_its_own_and_a_guessed_one_the_publics(scene: Scene):
    opened, token = link_to(scene)
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, link, unit FROM enter_link(%s, %s)", [token, uuid4()])
        assert cursor.fetchone() == ("link", opened.id, opened.unit_id)
        cursor.execute("SELECT string_to_array(current_setting('humla.ctx'), '|')")
        fields = cursor.fetchone()[0]
        assert fields[:8] == [
            "link",
            str(opened.association_id),
            str(opened.id),
            "",
            str(opened.unit_id),
            "",
            "",
            "",
        ]
        cursor.execute("SELECT kind, link, unit FROM enter_link(%s, %s)", ["0" * 64, uuid4()])
        assert cursor.fetchone() == ("public", None, None)
        cursor.execute("SELECT set_config('humla.ctx', '', true)")


def test_a_link_sees_no_row_of_any_walled_table(scene: Scene):
    opened, _ = link_to(scene)
    for table, columns in LAWFUL.items():
        if table != "people_person":
            keep(scene.cast.siv, table, columns(scene))
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM humla_list WHERE list <> 'open' AND rights LIKE 'SELECT%%'")
        walled = [row[0] for row in cursor.fetchall()]

    assert len(walled) > 40
    assert {table: sees(opened, table) for table in walled} == dict.fromkeys(walled, 0)


def test_a_yes_that_is_taken_back_closes_the_link_in_the_same_second(scene: Scene):
    opened, _ = link_to(scene)
    siv = scene.cast.siv
    before = (len(shown(opened)), answer(opened, "comes"))
    with acting(siv):
        yes = Consent.objects.filter(case=scene.ours.case, receiver_unit=scene.cast.amir.unit_id)
        yes.filter(withdrawn_at=None).update(withdrawn_at=now(), withdrawn_by_id=siv.id)

    assert before == (1, True)
    assert (shown(opened), answer(opened, "reads")) == ([], False)


def test_nobody_changes_their_mind_more_than_twenty_times(scene: Scene):
    opened, _ = link_to(scene)
    for at in range(80):
        answer(opened, ("comes", "reads")[at % 2])
    with acting(scene.cast.siv):
        assert SummonsAnswer.objects.filter(answered_by="link").count() == 20


@pytest.mark.parametrize("table", LAWFUL)
def test_a_link_writes_nothing(table: str, scene: Scene):
    opened, _ = link_to(scene)
    row = LAWFUL[table](scene)
    signed = {one: opened.id for one, who in row.items() if one.endswith("_by_id") and who}

    assert insert(opened, table, row).startswith(REFUSED)
    assert insert(opened, table, row | signed).startswith(REFUSED)


@pytest.mark.parametrize("answered_by", ["link", "signed_in", "noted"])
def test_a_link_writes_no_answer_past_its_function(answered_by: str, scene: Scene):
    opened, _ = link_to(scene)
    row = rows.summons_answer(scene.ours) | {"answered_by": answered_by, "answered_by_id": opened.id}

    assert insert(opened, "meetings_summonsanswer", row).startswith(REFUSED)
    assert attempt(opened, "UPDATE meetings_summons SET cancelled_at = humla_now()", []) == "0"
    assert attempt(opened, "UPDATE links_link SET ends_at = humla_now()", []).startswith(REFUSED)


def test_a_link_gets_no_answer_from_any_function(scene: Scene):
    opened, _ = link_to(scene)
    held = scene.ours
    case, person, unit = held.case.pk, held.person.pk, opened.unit_id
    questions: dict[str, list[Any]] = {
        "wall_works_in(%s)": [case],
        "wall_holds(%s, %s)": [case, person],
        "wall_person_is_ours(%s)": [person],
        "wall_is_protected(%s)": [person],
        "wall_came_here(%s)": [case],
        "wall_consents(%s, %s, 'PLANNING')": [case, held.by.authority_id],
        "wall_offered(%s)": [keep(held.by, "plans_leadtransfer", rows.lead_transfer(held))],
        "wall_continues(%s, %s)": [case, held.case.series],
        "wall_narrows(%s, %s)": [held.consent.pk, case],
        "wall_is_meeting_of(%s, %s)": [held.meeting.pk, case],
        "wall_may_answer(%s, %s, %s, %s, 'signed_in')": [held.summons.pk, case, person, held.by.authority_id],
        "wall_may_report(%s, %s, %s, %s)": [held.commitment.pk, case, person, unit],
        "wall_is_digest_for(%s, %s)": [
            keep(held.by, "notifications_notice", LAWFUL["notifications_notice"](scene)),
            unit,
        ],
        "wall_may_tell(%s, %s)": [held.summons.pk, unit],
        "wall_summoned(%s, %s, %s, humla_now(), %s)": [case, held.by.authority_id, unit, held.disclosure.pk],
        "lock_consent(%s)": [held.consent.pk],
        "wall_find_person(%s) IS NOT NULL": [held.person.number_lookup],
        "set_person_key(%s, %s)": [person, "c" * 64],
        "hand_over_case(%s, %s, %s, '', %s) IS NOT NULL": [
            case,
            scene.cast.maja.id,
            scene.cast.maja.unit_id,
            uuid4(),
        ],
        "accept_lead(%s, %s)": [uuid4(), uuid4()],
        "stop_notices(%s) > 0": [held.summons.pk],
        "EXISTS (SELECT 1 FROM unit_caseload())": [],
        "EXISTS (SELECT 1 FROM notices_due())": [],
        "EXISTS (SELECT 1 FROM notices_anywhere())": [],
        "notice_holds(%s)": [keep(held.by, "notifications_notice", LAWFUL["notifications_notice"](scene))],
    }
    for question, parameters in questions.items():
        with acting(opened), connection.cursor() as cursor:
            cursor.execute(f"SELECT {question}", parameters)
            assert (question, cursor.fetchone()) == (question, (False,))
    for question in ("wall_linked()", "wall_about(gen_random_uuid())"):
        assert attempt(opened, f"SELECT * FROM {question}", []).startswith(REFUSED)


def test_a_link_shows_when_and_never_who(scene: Scene):
    opened, _ = link_to(scene)

    (only,) = shown(opened)
    assert only["reference"] == scene.ours.case.reference
    ids = {scene.ours.case.pk, scene.ours.person.pk, scene.ours.summons.pk, scene.ours.meeting.pk}
    assert ids.isdisjoint(only.values())
    assert set(only) == {
        "reference", "starts_at", "minutes", "form", "duty", "answer_by", "is_open", "answer", "cause",
        "how", "stay", "brings", "sends_evidence", "passed_to", "answered_at", "letter",
    }  # fmt: skip
    assert shown(scene.cast.siv) == shown(scene.cast.amir) == shown(Actor(Kind.PUBLIC)) == []


def test_the_answer_is_one_of_our_codes_and_stands_as_the_links(scene: Scene):
    opened, _ = link_to(scene)

    assert all(answer(opened, one.value, "other") for one in Answer)
    assert all(answer(opened, "declined", one.value) for one in DeclineCause)
    assert answer(opened, "comes", how="phone", stay="end", brings=["view", "other"])
    assert not answer(opened, "comes", how="ring mig")
    assert not answer(opened, "comes", stay="hela")
    for smuggled in (["Eva dricker"], "view", {"view": 1}, [["view"]]):
        assert not answer(opened, "comes", brings=smuggled)
    assert not answer(opened, "declined", "other", how="phone")
    assert not answer(opened, "wrong_unit", passed=scene.cast.siv.unit_id)
    assert not answer(opened, "wrong_unit", passed=opened.unit_id)
    assert not answer(opened, "ring mig")
    assert not answer(opened, "declined", "hon dricker")
    for other in (scene.cast.amir, scene.cast.siv, clock_of(scene), Actor(Kind.PUBLIC)):
        assert not answer(other, "comes")
    with acting(scene.cast.siv), connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT answered_by, answered_by_id, who_comes || passed_to FROM meetings_summonsanswer"
        )
        assert cursor.fetchall() == [("link", opened.id, "")]


@pytest.mark.parametrize(
    "change",
    [
        lambda s: {"unit_id": s.cast.farid.unit_id},
        lambda s: {"subject_id": s.hidden.summons.pk},
        lambda s: {"subject": "other"},
        lambda s: {"subject_id": uuid4()},
    ],
)
def test_a_link_that_does_not_fit_its_summons_opens_nothing(change: Any, scene: Scene):
    opened, _ = link_to(scene, **change(scene))

    assert shown(opened) == []
    assert not answer(opened, "comes")


def test_a_link_ends_is_stopped_and_waits_for_its_summons(course: Course):  # noqa: F811
    scene, siv = course.scene, course.siv
    opened, token = link_to(scene)
    other, other_token = link_to(scene)
    with acting(siv), connection.cursor() as cursor:
        cursor.execute("SELECT stop_notices(%s)", [scene.ours.summons.pk])
    fresh, _ = link_to(scene)

    assert [len(shown(one)) for one in (opened, other, fresh)] == [0, 0, 1]
    assert [_kind(one) for one in (token, other_token)] == ["public", "public"]
    course.later(timedelta(days=9))
    assert shown(fresh) == []
    course.later(timedelta(hours=-2))
    assert shown(fresh) == []


def test_a_cancelled_summons_takes_no_answer(course: Course):  # noqa: F811
    opened, _ = link_to(course.scene)
    with acting(course.siv), connection.cursor() as cursor:
        order = "UPDATE meetings_summons SET cancelled_at = humla_now() WHERE id = %s"
        cursor.execute(order, [course.ours.summons.pk])

    assert [one["is_open"] for one in shown(opened)] == [False]
    assert not answer(opened, "comes")


def test_only_the_clock_makes_links_and_only_for_units_of_the_forbund(scene: Scene):
    row = rows.link(scene.ours, scene.ours.summons.pk, scene.cast.amir.unit_id)
    clock = clock_of(scene)

    assert insert(clock, "links_link", row) == "1"
    for other in (scene.cast.siv, scene.cast.amir, scene.cast.olof, scene.cast.greta, Actor(Kind.PUBLIC)):
        assert insert(other, "links_link", row).startswith(REFUSED)
    away = insert(clock, "links_link", row | {"unit_id": scene.cast.stranger.unit_id})
    assert away.startswith(REFUSED)
    assert away == insert(clock, "links_link", row | {"unit_id": uuid4()})
    assert insert(replace(clock, association_id=uuid4()), "links_link", row).startswith(REFUSED)


def _kind(token: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM enter_link(%s, %s)", [token, uuid4()])
        kind = str(cursor.fetchone()[0])
        cursor.execute("SELECT set_config('humla.ctx', '', true)")
    return kind
