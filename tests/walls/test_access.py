"""Asking, opening, reviewing and questioning, straight at the database: what it writes, for whom."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from humla.access.models import ArrivedRequest, LookQuestion, ManagerOpening
from humla.audit.models import Event
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Actor, Kind, acting, now
from humla.people.models import PersonKey
from tests.walls.conftest import REFUSED, Held, Scene, attempt
from tests.walls.rows import insert, keep, moment, sees, update

pytestmark = pytest.mark.django_db

HER_KEY = "e" * 64


def herself() -> Actor:
    """The person of the held case, in her own session."""
    return Actor(Kind.PERSON, id=uuid4(), person_key=HER_KEY)


def keyed(held: Held) -> Actor:
    with acting(held.by):
        PersonKey.objects.bulk_create([PersonKey(person=held.person, key=HER_KEY)])
    return herself()


def looked(held: Held, *, by: Actor | None = None) -> UUID:
    """A line on the trail of the case; its id."""
    who = by or held.by
    with acting(who):
        record(Tag.CASE_READ, case=held.case.pk, person=held.person.pk)
    with acting(replace(who, role="log_reviewer")):
        return Event.objects.filter(actor_id=who.id, person_id=held.person.pk).order_by("-at")[0].pk


def asked(by: Actor, reference: str) -> UUID:
    row = uuid4()
    with acting(by), connection.cursor() as cursor:
        cursor.execute("SELECT ask_for_access(%s, %s, 'x', 'x', current_date)", [row, reference])
        assert cursor.fetchone()[0]
    return row


def opened(by: Actor, case_id: UUID) -> UUID | None:
    row = uuid4()
    with acting(by), connection.cursor() as cursor:
        cursor.execute("SELECT open_as_manager(%s, 'x', %s, %s)", [case_id, row, uuid4()])
        return row if cursor.fetchone()[0] else None


def question(held: Held, event: UUID, at: Any) -> dict[str, Any]:
    return {
        "id": uuid4(),
        **held.about,
        "unit_id": held.by.unit_id,
        "event_id": event,
        "about_id": held.by.id,
        "words": "",
        "asked_at": at,
        "answer_by": at.date(),
        "answer": "",
    }


def a_review(held: Held, by: Actor, **subject: UUID) -> dict[str, Any]:
    about = {one: value for one, value in held.about.items() if one != "case_id"}
    return {
        "id": uuid4(),
        **about,
        **subject,
        "result": "in_order",
        "why": "",
        "reviewed_at": moment(held),
        "reviewed_by_id": by.id,
    }


# --- asking ---


@pytest.mark.parametrize("who", ["nils", "amir", "lena", "maja"])
def test_the_askers_own_row_is_the_same_for_a_case_that_is_and_one_that_is_not(who: str, scene: Scene):
    by: Actor = getattr(scene.cast, who)
    other = scene.hidden if by.authority_id != scene.hidden.by.authority_id else scene.ours
    rows = [asked(by, reference) for reference in (other.case.reference, "ZZZ-999")]
    with acting(by), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, to_jsonb(r) - 'id' - 'reference' FROM access_accessrequest r WHERE id = ANY (%s)",
            [rows],
        )
        told = [columns for _row, columns in cursor.fetchall()]
        cursor.execute("SELECT count(*) FROM access_answers()")
        answers = cursor.fetchone()

    assert len(told) == 2
    assert told[0] == told[1]
    assert answers == (0,)
    assert sees(by, "access_arrivedrequest") == 0


def test_nobody_writes_a_request_past_the_function(scene: Scene):
    nils, at = scene.cast.nils, moment(scene.ours)
    mine = {
        "id": uuid4(),
        "association_id": nils.association_id,
        "authority_id": nils.authority_id,
        "unit_id": nils.unit_id,
        "asked_by_id": nils.id,
        "reference": "ZZZ-999",
        "reason": "x",
        "asked_at": at,
        "closes_on": at.date(),
    }
    assert insert(nils, "access_accessrequest", mine).startswith(REFUSED)
    row = asked(nils, scene.ours.case.reference)
    assert update(nils, "access_accessrequest", row, reference="AAA-111").startswith(REFUSED)


def test_another_forbunds_case_is_not_reached(scene: Scene):
    asked(scene.cast.stranger, scene.ours.case.reference)
    assert sees(scene.cast.siv, "access_arrivedrequest") == 0


def test_only_the_responsible_answers_and_a_yes_stands(scene: Scene):
    asked(scene.cast.nils, scene.ours.case.reference)
    with acting(scene.cast.siv):
        row = ArrivedRequest.objects.values_list("pk", flat=True).get()
    at = moment(scene.ours)
    no = {"answer": "no", "answered_at": at, "answered_by_id": scene.cast.siv.id}
    table = "access_arrivedrequest"

    for who in ("maja", "ylva", "amir", "nils", "rut", "olof", "stranger"):
        assert update(getattr(scene.cast, who), table, row, **no) in ("0", REFUSED), who
    assert update(scene.cast.siv, table, row, **no | {"answered_by_id": scene.cast.maja.id}).startswith(
        REFUSED
    )
    assert update(scene.cast.siv, table, row, person_says="yes").startswith(REFUSED)
    assert update(scene.cast.siv, table, row, **no) == "1"
    with acting(scene.cast.siv):
        ArrivedRequest.objects.filter(pk=row).update(**no | {"answer": "yes"})
    assert update(scene.cast.siv, table, row, **no) == "0"


def test_the_person_speaks_through_the_function_alone_and_only_of_her_own(scene: Scene):
    eva = keyed(scene.ours)
    asked(scene.cast.nils, scene.ours.case.reference)
    with acting(scene.cast.siv):
        row = ArrivedRequest.objects.values_list("pk", flat=True).get()
    assert update(eva, "access_arrivedrequest", row, answer="no") in ("0", REFUSED)
    said = []
    for by in (replace(eva, person_key="f" * 64), scene.cast.siv, scene.cast.nils, eva):
        with acting(by), connection.cursor() as cursor:
            cursor.execute("SELECT say_about_request(%s, 'no')", [row])
            said.append(cursor.fetchone()[0])

    assert said == [False, False, False, True]
    with acting(scene.cast.siv):
        one = ArrivedRequest.objects.defer("reason").get()
    assert (one.person_says, one.answer, one.answered_by_id) == ("no", "no", eva.id)


# --- a manager opens ---


def test_a_manager_opens_what_her_own_unit_answers_for_and_nothing_else(scene: Scene):
    ylva, case = scene.cast.ylva, scene.ours.case.pk
    others = (
        replace(ylva, unit_id=scene.cast.nils.unit_id),
        replace(ylva, role="handler"),
        replace(ylva, kind=Kind.ADMIN),
        replace(scene.cast.vera, role="manager"),
        replace(scene.cast.lena, role="manager"),
        replace(scene.cast.stranger, role="manager"),
    )
    assert [opened(one, case) for one in others] == [None] * len(others)
    assert opened(ylva, scene.hidden.case.pk) is None
    assert opened(ylva, uuid4()) is None
    assert opened(ylva, case) is not None
    assert opened(ylva, case) is None


def test_a_protected_case_is_not_opened(scene: Scene):
    with acting(scene.cast.siv), connection.cursor() as cursor:
        cursor.execute("SELECT protect_person(%s, 'secrecy', 'r', %s)", [scene.ours.case.pk, uuid4()])
    assert opened(scene.cast.ylva, scene.ours.case.pk) is None


def test_nobody_writes_or_changes_an_opening(scene: Scene):
    row = opened(scene.cast.ylva, scene.ours.case.pk)
    with acting(scene.cast.ylva):
        found = ManagerOpening.objects.defer("reason").get()
    fields = [field for field in ManagerOpening._meta.concrete_fields if field.name != "reason"]
    columns = {field.column: getattr(found, field.attname) for field in fields} | {"reason": "x"}
    for by in (scene.cast.ylva, scene.cast.rut, scene.cast.siv):
        assert insert(by, "access_manageropening", columns | {"id": uuid4()}).startswith(REFUSED)
        assert update(by, "access_manageropening", row, ends_at=now_of(scene)).startswith(REFUSED)
        assert attempt(by, "DELETE FROM access_manageropening", []).startswith(REFUSED)


def test_an_opening_is_read_by_the_opener_the_case_the_reviewer_and_the_person(scene: Scene):
    eva = keyed(scene.ours)
    opened(scene.cast.ylva, scene.ours.case.pk)
    told = {
        who: sees(getattr(scene.cast, who), "access_manageropening")
        for who in ("siv", "ylva", "rut", "maja", "amir", "lena", "nils", "olof", "greta", "stranger")
    }
    assert {who for who, count in told.items() if count} == {"siv", "ylva", "rut"}
    assert (
        sees(eva, "access_manageropening"),
        sees(replace(eva, person_key="f" * 64), "access_manageropening"),
    ) == (1, 0)
    assert sees(replace(scene.cast.lena, role="log_reviewer"), "access_manageropening") == 0


# --- reviewing ---


def test_a_review_is_written_by_the_reviewer_of_her_own_authority_and_never_of_herself(scene: Scene):
    rut, ylva = scene.cast.rut, scene.cast.ylva
    opening = opened(ylva, scene.ours.case.pk)
    assert opening is not None
    look, hers = looked(scene.ours), looked(scene.ours, by=rut)
    lawful = a_review(scene.ours, rut, opening_id=opening)
    of_look = a_review(scene.ours, rut, event_id=look)
    table = "access_logreview"

    assert insert(rut, table, lawful) == "1"
    assert insert(rut, table, of_look) == "1"
    for wrong in (
        {"reviewed_by_id": ylva.id},
        {"authority_id": scene.cast.lena.authority_id},
        {"association_id": scene.cast.stranger.association_id},
        {"person_id": scene.hidden.person.pk},
        {"opening_id": uuid4()},
    ):
        assert insert(rut, table, lawful | wrong).startswith(REFUSED), wrong
    assert insert(rut, table, of_look | {"event_id": hers}).startswith(REFUSED)
    assert insert(rut, table, of_look | {"event_id": uuid4()}).startswith(REFUSED)
    for by in (
        ylva,
        scene.cast.siv,
        replace(ylva, role="log_reviewer"),
        replace(scene.cast.lena, role="log_reviewer"),
    ):
        signed = {"reviewed_by_id": by.id}
        assert insert(by, table, lawful | signed).startswith(REFUSED)
    row = keep(rut, table, lawful)
    assert update(rut, table, row, result="not").startswith(REFUSED)
    assert sees(ylva, table) == 0


def test_another_human_under_the_same_account_is_herself_too(scene: Scene):
    """Rut who is also a handler somewhere has two rows and one account."""
    opening = opened(scene.cast.ylva, scene.ours.case.pk)
    assert opening is not None
    with acting(scene.cast.rut), connection.cursor() as cursor:
        cursor.execute(
            "SELECT wall_is_myself(%s), wall_is_myself(%s)", [scene.cast.rut.id, scene.cast.ylva.id]
        )
        assert cursor.fetchone() == (True, False)


# --- the person's question ---


def test_a_question_is_about_a_line_of_her_own_trail_as_it_stands(scene: Scene):
    eva, event = keyed(scene.ours), looked(scene.ours)
    hidden = looked(scene.hidden)
    lawful, table = question(scene.ours, event, moment(scene.ours)), "access_lookquestion"

    assert insert(eva, table, lawful) == "1"
    for wrong in (
        {"event_id": uuid4()},
        {"event_id": hidden},
        {"about_id": scene.cast.maja.id},
        {"unit_id": scene.cast.amir.unit_id},
        {"authority_id": scene.cast.amir.authority_id},
        {"association_id": scene.cast.stranger.association_id},
        {"person_id": scene.hidden.person.pk},
        {"case_id": scene.hidden.case.pk},
        {"case_id": None},
        {"answer": "x", "answered_at": moment(scene.ours), "answered_by_id": scene.cast.siv.id},
    ):
        assert insert(eva, table, lawful | wrong).startswith(REFUSED), wrong
    for by in (scene.cast.siv, scene.cast.ylva, scene.cast.rut, replace(eva, person_key="f" * 64)):
        assert insert(by, table, lawful).startswith(REFUSED)


def test_it_is_answered_by_the_units_manager_or_the_reviewer_and_by_nobody_it_is_about(scene: Scene):
    eva, ylva, rut = keyed(scene.ours), scene.cast.ylva, scene.cast.rut
    at, table = moment(scene.ours), "access_lookquestion"
    row = keep(eva, table, question(scene.ours, looked(scene.ours), at))
    about_ylva = question(scene.ours, looked(scene.ours, by=ylva), at) | {"about_id": ylva.id}
    hers = keep(eva, table, about_ylva)

    def answer(by: Actor, one: Any, **change: Any) -> str:
        signed = {"answer": "x", "answered_at": at, "answered_by_id": by.id} | change
        return update(by, table, one, **signed)

    for who in ("siv", "maja", "amir", "nils", "olof", "stranger"):
        assert answer(getattr(scene.cast, who), row) == "0", who
    assert answer(replace(scene.cast.nils, role="manager"), row) == "0"
    assert answer(eva, row).startswith(REFUSED)
    assert answer(ylva, row, answered_by_id=rut.id).startswith(REFUSED)
    assert answer(ylva, row, answer="").startswith(REFUSED)
    assert answer(ylva, row, taken_back_at=at).startswith(REFUSED)
    assert answer(ylva, hers) == "0"
    assert [answer(ylva, row), answer(rut, row), answer(rut, hers)] == ["1", "1", "1"]
    assert update(eva, table, row, taken_back_at=at) == "1"
    with acting(ylva):
        LookQuestion.objects.filter(pk=row).update(answer="x", answered_at=at, answered_by_id=ylva.id)
    assert update(eva, table, row, taken_back_at=at) == "0"
    assert answer(rut, row) == "0"


def test_a_manager_calls_a_case_by_its_reference_only_when_she_is_asked_about_it(scene: Scene):
    def references(by: Actor) -> list[Any]:
        with acting(by), connection.cursor() as cursor:
            cursor.execute(
                "SELECT reference FROM reviewed_references(%s)", [[scene.ours.case.pk, scene.hidden.case.pk]]
            )
            return cursor.fetchall()

    eva = keyed(scene.ours)
    ylva, event = scene.cast.ylva, looked(scene.ours)
    assert references(ylva) == []
    keep(eva, "access_lookquestion", question(scene.ours, event, moment(scene.ours)))
    assert references(ylva) == [(scene.ours.case.reference,)]
    assert references(scene.cast.rut) == [(scene.ours.case.reference,)]
    for other in (scene.cast.siv, scene.cast.nils, scene.cast.olof, replace(scene.cast.vera, role="manager")):
        assert references(other) == []


# --- what an authority has decided ---


def test_the_administrator_alone_writes_what_an_authority_has_decided(scene: Scene):
    columns = {
        "id": uuid4(),
        "association_id": scene.cast.siv.association_id,
        "authority_id": scene.cast.siv.authority_id,
        "names_staff": True,
        "answer_days": 5,
        "weekly_sample": 20,
        "version": 1,
    }
    table = "access_opennesspolicy"
    assert insert(scene.cast.olof, table, columns) == "1"
    for by in (scene.cast.siv, scene.cast.ylva, scene.cast.rut, scene.cast.greta):
        assert insert(by, table, columns).startswith(REFUSED)
    theirs = {"authority_id": scene.cast.stranger.authority_id}
    nowhere = {"authority_id": uuid4()}
    assert insert(scene.cast.olof, table, columns | theirs) == insert(
        scene.cast.olof, table, columns | nowhere
    )


def now_of(scene: Scene) -> Any:
    with acting(scene.cast.siv):
        return now()
