"""What a mandate opens in the database, who may write one, and what is kept from it: past our own actions."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from humla.core.context import Actor, Kind, acting
from humla.core.secrets import lookup
from tests.walls import rows
from tests.walls.conftest import REFUSED, Scene, attempt, by_mandate
from tests.walls.rows import insert, keep, moment, sees, update

pytestmark = pytest.mark.django_db

OPENED = {
    "people_person": 1,
    "cases_case": 1,
    "cases_caseassignment": 1,
    "consents_consent": 2,
    "disclosures_document": 1,
    "disclosures_documentpart": 3,
    "disclosures_disclosure": 1,
    "representatives_mandatekey": 1,
}
"""What the mandate of Siv's case opens: the person, the case, who is responsible, and its own three kinds."""


def asked(by: Actor, question: str) -> list[tuple[Any, ...]]:
    with acting(by), connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def person_tables(scene: Scene) -> list[str]:
    found = asked(scene.cast.siv, "SELECT name FROM humla_list WHERE list = 'person' AND rights <> ''")
    return [row[0] for row in found]


def test_a_mandate_opens_its_own_rows_and_no_others(scene: Scene):
    ralf = by_mandate(scene.ours.mandate)
    mine = ("drafts_draft", "drafts_submission")
    seen = {table: sees(ralf, table) for table in person_tables(scene) if table not in mine}

    assert {table: many for table, many in seen.items() if many} == OPENED


def test_of_the_parts_it_opens_those_kinds_that_it_says(scene: Scene):
    found = asked(by_mandate(scene.ours.mandate), "SELECT category FROM disclosures_documentpart")

    assert sorted(row[0] for row in found) == ["HEALTH", "IDENTITY", "PLANNING"]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": Kind.PERSON},
        {"kind": Kind.PROFESSIONAL},
        {"kind": Kind.LINK},
        {"person_key": lookup("walls", "another")},
        {"person_key": ""},
        {"id": UUID(int=9)},
    ],
    ids=str,
)
def test_without_its_key_or_its_kind_it_opens_nothing(change: dict[str, Any], scene: Scene):
    ralf = replace(by_mandate(scene.ours.mandate), **change)

    assert {table: sees(ralf, table) for table in OPENED if sees(ralf, table)} == {}


def test_anothers_mandate_with_ones_own_key_opens_nothing(scene: Scene):
    """Ids are not secret; the key decides whose it is."""
    ralf = replace(by_mandate(scene.ours.mandate), id=scene.hidden.mandate.pk)

    assert sees(ralf, "cases_case") == 0


def _ended(scene: Scene) -> None:
    at = moment(scene.ours)
    _write(scene.cast.siv, scene, ended_at=at, ended_by_id=scene.cast.siv.id)


def _rested(scene: Scene) -> None:
    at = moment(scene.ours)
    _write(scene.cast.siv, scene, rested_at=at, rested_by_id=scene.cast.siv.id)


def _write(by: Actor, scene: Scene, **columns: Any) -> None:
    sets = ", ".join(f"{one} = %s" for one in columns)
    with acting(by), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE representatives_mandate SET {sets} WHERE id = %s",
            [*columns.values(), scene.ours.mandate.pk],
        )
        assert cursor.rowcount == 1


@pytest.mark.parametrize("stop", [_ended, _rested])
def test_one_that_has_ended_or_rests_opens_nothing(stop: Any, scene: Scene):
    stop(scene)

    assert {table: sees(by_mandate(scene.ours.mandate), table) for table in OPENED} == {
        one: 1 if one == "representatives_mandatekey" else 0 for one in OPENED
    }


def test_it_holds_until_its_very_end_and_not_at_it(scene: Scene, clock: Any):
    ralf, ends = by_mandate(scene.ours.mandate), scene.ours.mandate.ends_at
    clock(ends - timedelta(microseconds=1))
    assert sees(ralf, "cases_case") == 1
    clock(ends)
    assert sees(ralf, "cases_case") == 0


def test_what_is_withheld_is_not_there_and_comes_back_when_it_is_undone(scene: Scene):
    siv, ralf = scene.cast.siv, by_mandate(scene.ours.mandate)
    part = rows.withheld(scene.ours) | {"kind": "part", "category": "HEALTH"}
    kept = keep(siv, "representatives_withheld", part)
    assert sees(ralf, "disclosures_documentpart") == 2
    assert sees(ralf, "disclosures_document") == 1

    whole = keep(siv, "representatives_withheld", rows.withheld(scene.ours))
    assert [sees(ralf, one) for one in OPENED if one.startswith("disclosures")] == [0, 0, 0]
    undo = "UPDATE representatives_withheld SET undone_at = humla_now(), undone_by_id = %s WHERE id = %s"
    for one in (kept, whole):
        with acting(siv), connection.cursor() as cursor:
            cursor.execute(undo, [siv.id, one])
    assert sees(ralf, "disclosures_documentpart") == 3


def test_what_is_withheld_from_one_is_not_withheld_from_another(scene: Scene):
    siv = scene.cast.siv
    other = keep(siv, "representatives_mandate", rows.mandate(scene.ours))
    keep(siv, "representatives_withheld", rows.withheld(scene.ours) | {"mandate_id": other})

    assert sees(by_mandate(scene.ours.mandate), "disclosures_document") == 1


def test_a_mandate_without_the_tick_reads_no_consent_and_nothing_handed_over(scene: Scene):
    siv = scene.cast.siv
    row = rows.mandate(scene.ours) | {"categories": ["IDENTITY", "PLANNING"]}
    keep(siv, "representatives_mandate", row)
    key = lookup("walls", str(row["id"]))
    with acting(siv), connection.cursor() as cursor:
        cursor.execute("INSERT INTO representatives_mandatekey VALUES (%s, %s)", [row["id"], key])
    relative = replace(by_mandate(scene.ours.mandate), id=row["id"], person_key=key)

    assert sees(relative, "disclosures_documentpart") == 2
    assert [sees(relative, one) for one in ("consents_consent", "disclosures_disclosure")] == [0, 0]
    assert asked(relative, "SELECT id FROM represented_meetings()") == []


def test_the_meeting_ahead_is_told_without_health_to_one_who_reads_none(scene: Scene):
    found = asked(by_mandate(scene.ours.mandate), "SELECT id, units FROM represented_meetings()")
    assert [row[0] for row in found] == [scene.ours.meeting.pk]
    assert found[0][1] == ["AF Humlesund"]


def test_a_meeting_can_be_withheld(scene: Scene):
    row = rows.withheld(scene.ours) | {"kind": "meeting", "subject_id": scene.ours.meeting.pk}
    keep(scene.cast.siv, "representatives_withheld", row)

    assert asked(by_mandate(scene.ours.mandate), "SELECT id FROM represented_meetings()") == []


@pytest.mark.parametrize(("kind", "stands"), [("relative", REFUSED), ("power", REFUSED), ("god_man", "1")])
def test_whom_she_chose_herself_is_not_let_stand_over_her_no(kind: str, stands: str, scene: Scene):
    siv, table = scene.cast.siv, "representatives_mandate"
    row = keep(siv, table, rows.mandate(scene.ours) | {"kind": kind})
    with acting(siv), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE representatives_mandate SET rested_at = humla_now(), rested_by_id = %s WHERE id = %s",
            [siv.id, row],
        )

    assert update(siv, table, row, rested_at=None, rested_by_id=None)[:5] == stands


@pytest.mark.parametrize("who", ["maja", "amir", "lena", "nils", "stranger", "greta", "olof"])
def test_nobody_else_attests_ends_or_reads_it(who: str, scene: Scene):
    by: Actor = getattr(scene.cast, who)
    row = rows.mandate(scene.ours) | {"attested_by_id": by.id}
    gone = {"ended_at": moment(scene.ours), "ended_by_id": by.id}

    assert insert(by, "representatives_mandate", row).startswith(REFUSED)
    assert insert(by, "representatives_mandate", row | {"authority_id": by.authority_id})[:5] == REFUSED
    assert update(by, "representatives_mandate", scene.ours.mandate.pk, **gone) == "0"
    assert sees(by, "representatives_mandate") == (1 if who == "lena" else 0)  # Her own clinic's.


@pytest.mark.parametrize(
    "change",
    [
        {"attested_by_id": UUID(int=9)},
        {"attested_at": None},
        {"starts_at": None},
        {"ended_at": None, "ended_by_id": UUID(int=9)},
        {"rested_at": None, "rested_by_id": UUID(int=9)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_it_is_attested_by_whoever_writes_it_now_and_stands(change: dict[str, Any], scene: Scene):
    before = moment(scene.ours) - timedelta(days=1)
    forged = {one: value or before for one, value in change.items()}

    said = insert(scene.cast.siv, "representatives_mandate", rows.mandate(scene.ours) | forged)
    assert said.startswith(REFUSED)


def test_it_never_comes_back_and_is_never_widened(scene: Scene):
    siv, row = scene.cast.siv, scene.ours.mandate.pk
    for column, value in {
        "categories": ["IDENTITY", "PLANNING", "HEALTH", "ECONOMY"],
        "ends_at": moment(scene.ours) + timedelta(days=900),
        "may_represent_at_meeting": True,
        "person_id": scene.hidden.person.pk,
        "number": "y",
    }.items():
        assert update(siv, "representatives_mandate", row, **{column: value}).startswith(REFUSED)
    _ended(scene)
    assert update(siv, "representatives_mandate", row, ended_at=None, ended_by_id=None) == "0"


def test_the_representative_writes_nothing(scene: Scene):
    ralf, at = by_mandate(scene.ours.mandate), moment(scene.ours)
    mandate = rows.mandate(scene.ours) | {"attested_by_id": ralf.id}
    consent = rows.consent(scene.ours, scene.cast.farid) | {"recorded_by_id": ralf.id}

    assert insert(ralf, "representatives_mandate", mandate).startswith(REFUSED)
    assert insert(ralf, "consents_consent", consent).startswith(REFUSED)
    stop = {"rested_at": at, "rested_by_id": ralf.id}
    assert update(ralf, "representatives_mandate", scene.ours.mandate.pk, **stop) == "0"


def test_he_takes_back_only_a_yes_that_was_given_by_mandate(scene: Scene):
    siv, ralf, at = scene.cast.siv, by_mandate(scene.ours.mandate), moment(scene.ours)
    row = rows.consent(scene.ours, scene.cast.farid)
    his = keep(siv, "consents_consent", row | {"given_by": "representative", "mandate_id": ralf.id})
    gone = {"withdrawn_at": at, "withdrawn_by_id": ralf.id}

    assert update(ralf, "consents_consent", his, **gone) == "1"
    assert update(ralf, "consents_consent", scene.ours.consent.pk, **gone) == "0"
    assert update(ralf, "consents_consent", scene.hidden.consent.pk, **gone) == "0"


@pytest.mark.parametrize("table", ["consents_consent", "consents_planconsent"])
def test_an_answer_names_a_mandate_that_holds_and_reaches(table: str, scene: Scene):
    siv = scene.cast.siv
    row = (
        rows.consent(scene.ours, scene.cast.farid)
        if table == "consents_consent"
        else rows.plan_answer(scene.ours)
    )
    by = {"given_by": "representative"}
    weak = keep(siv, "representatives_mandate", rows.mandate(scene.ours))

    assert insert(siv, table, row | by | {"mandate_id": scene.ours.mandate.pk}) == "1"
    assert insert(siv, table, row | by | {"mandate_id": weak}).startswith(REFUSED)
    _ended(scene)
    assert insert(siv, table, row | by | {"mandate_id": scene.ours.mandate.pk}).startswith(REFUSED)


def test_a_key_is_laid_once_by_whoever_attested_it_now(scene: Scene):
    siv = scene.cast.siv
    key = {"mandate_id": scene.ours.mandate.pk, "key": "a" * 64}
    assert insert(siv, "representatives_mandatekey", key).startswith(REFUSED)

    without = keep(siv, "representatives_mandate", rows.mandate(scene.ours) | {"number": ""})
    fresh = keep(siv, "representatives_mandate", rows.mandate(scene.ours))
    assert insert(siv, "representatives_mandatekey", key | {"mandate_id": without}).startswith(REFUSED)
    assert insert(siv, "representatives_mandatekey", key | {"mandate_id": fresh}) == "1"
    assert insert(scene.cast.maja, "representatives_mandatekey", key | {"mandate_id": fresh})[:5] == REFUSED
    assert sees(siv, "representatives_mandatekey") == 0


@pytest.mark.parametrize("what", ["document", "meeting"])
def test_what_is_withheld_is_of_the_case(what: str, scene: Scene):
    hidden = scene.hidden.document if what == "document" else scene.hidden.meeting
    row = rows.withheld(scene.ours) | {"kind": what}

    told = insert(scene.cast.siv, "representatives_withheld", row | {"subject_id": hidden.pk})
    assert told == insert(scene.cast.siv, "representatives_withheld", row | {"subject_id": uuid4()})
    assert told.startswith(REFUSED)


def test_only_the_administrator_writes_whose_yes_is_asked_for(scene: Scene):
    row = rows.guardian_policy(scene.ours, scene.cast.olof)

    assert insert(scene.cast.olof, "representatives_guardianpolicy", row) == "1"
    for who in (scene.cast.siv, scene.cast.greta, scene.cast.stranger):
        signed = row | {"written_by_id": who.id}
        assert insert(who, "representatives_guardianpolicy", signed).startswith(REFUSED)
    forged = row | {"written_by_id": uuid4()}
    assert insert(scene.cast.olof, "representatives_guardianpolicy", forged).startswith(REFUSED)


def test_the_choice_at_sign_in_is_the_accounts_own(scene: Scene):
    """The functions answer a token; without a session row of one's own there is nobody to choose for."""
    said = attempt(scene.cast.siv, "SELECT * FROM signin_mandates(%s)", ["0" * 64])

    assert said == "0"


def _question(scene: Scene, to: Actor) -> dict[str, Any]:
    row = rows.consent_request(scene.ours, to)
    keep(scene.cast.siv, "consents_consentrequest", row)
    return row


def _yes(scene: Scene, by: Actor, to: Actor) -> dict[str, Any]:
    given = {"given_by": "representative", "mandate_id": by.id, "recorded_by_id": by.id, "manner": "eid"}
    return rows.consent(scene.ours, to) | given | {"categories": ["IDENTITY", "PLANNING"]}


def test_he_says_yes_only_to_what_is_asked_and_by_his_own_mandate(scene: Scene):
    ralf, farid = by_mandate(scene.ours.mandate), scene.cast.farid
    lawful = _yes(scene, ralf, farid)
    assert insert(ralf, "consents_consent", lawful).startswith(REFUSED)  # Nobody has asked.

    asked = _question(scene, farid)
    assert insert(ralf, "consents_consent", lawful) == "1"
    for beyond in (
        {"categories": ["IDENTITY", "PLANNING", "HEALTH"]},
        {"ends_at": asked["ends_at"] + timedelta(days=1)},
        {"given_by": "person", "mandate_id": None},
        {"given_by": "guardian"},
        {"mandate_id": scene.hidden.mandate.pk},
        {"manner": "paper"},
        {"recorded_by_id": scene.cast.siv.id},
        {"case_id": scene.hidden.case.pk},
    ):
        assert insert(ralf, "consents_consent", lawful | beyond)[:5] == REFUSED, beyond
    guardian = replace(ralf, role="guardian")
    assert insert(guardian, "consents_consent", lawful).startswith(REFUSED)
    assert (sees(ralf, "consents_consentrequest"), sees(guardian, "consents_consentrequest")) == (1, 0)


def test_he_opens_for_nobody_what_his_mandate_does_not_open_for_himself(scene: Scene):
    ralf, farid = by_mandate(scene.ours.mandate), scene.cast.farid
    row = rows.consent_request(scene.ours, farid) | {"categories": ["PLANNING", "ECONOMY", "HEALTH", "NEEDS"]}
    keep(scene.cast.siv, "consents_consentrequest", row)
    reads = set(scene.ours.mandate.categories)
    beyond = next(one for one in ("ECONOMY", "HEALTH", "NEEDS") if one not in reads)

    lawful = _yes(scene, ralf, farid) | {"categories": ["IDENTITY", *sorted(reads - {"IDENTITY"})]}
    assert insert(ralf, "consents_consent", lawful | {"categories": ["IDENTITY", beyond]})[:5] == REFUSED
    assert insert(ralf, "consents_consent", lawful) == "1"


def test_he_answers_a_question_once_and_never_takes_it_back(scene: Scene):
    ralf, at = by_mandate(scene.ours.mandate), moment(scene.ours)
    asked = _question(scene, scene.cast.farid)
    said = {"answered_at": at, "answered_by_id": ralf.id, "manner": "eid"}

    assert update(ralf, "consents_consentrequest", asked["id"], **said) == "1"
    assert update(ralf, "consents_consentrequest", asked["id"], **said | {"manner": "paper"})[:5] == REFUSED
    assert update(ralf, "consents_consentrequest", asked["id"], taken_back_at=at).startswith(REFUSED)
