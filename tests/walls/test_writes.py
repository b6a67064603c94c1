"""What the database refuses to write, whoever asks and however; and that the lawful version goes through.

Each refusal stands beside the same row with one thing changed, so that it is that thing which was refused.
A hidden row and one that does not exist must give the same answer: foreign keys bypass row policies and
would otherwise tell them apart.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from humla.core.context import Actor, Kind, acting
from humla.organisation.models import Profession, UnitAssignment
from tests.walls import rows
from tests.walls.conftest import REFUSED, Scene, attempt
from tests.walls.rows import (
    a_case,
    assignment,
    consent,
    disclosure,
    document,
    event,
    insert,
    keep,
    moment,
    person,
    update,
)

pytestmark = pytest.mark.django_db


LAWFUL = {
    "cases_caseassignment": lambda s: rows.assignment(s.ours, s.cast.maja),
    "cases_initiation": lambda s: rows.initiation(s.ours),
    "cases_note": lambda s: rows.note(s.ours),
    "consents_consent": lambda s: rows.consent(s.ours, s.cast.farid),
    "consents_planconsent": lambda s: rows.plan_answer(s.ours),
    "consents_consentrequest": lambda s: rows.consent_request(s.ours, s.cast.farid),
    "consents_keptaway": lambda s: rows.kept_away(s.ours),
    "consents_surveyconsent": lambda s: rows.survey_consent(s.ours),
    "consents_signedpaper": lambda s: rows.signed_paper(s.ours),
    "disclosures_document": lambda s: rows.document(s.ours),
    "disclosures_disclosure": lambda s: rows.disclosure(s.ours, s.cast.amir),
    "plans_goal": lambda s: rows.goal(s.ours),
    "plans_commitment": lambda s: rows.commitment(s.ours),
    "plans_milestone": lambda s: rows.milestone(s.ours),
    "plans_reservation": lambda s: rows.reservation(s.ours),
    "plans_unmetneed": lambda s: rows.unmet_need(s.ours),
    "plans_otherplan": lambda s: rows.other_plan(s.ours),
    "plans_leadtransfer": lambda s: rows.lead_transfer(s.ours),
    "meetings_meeting": lambda s: rows.meeting(s.ours),
    "meetings_summons": lambda s: rows.summons(s.ours, s.cast.farid),
    "meetings_summonsanswer": lambda s: rows.summons_answer(s.ours),
    "meetings_attendance": lambda s: rows.attendance(s.ours),
    "scheduling_timeoffer": lambda s: rows.time_offer(s.ours),
    "scheduling_slot": lambda s: rows.slot(s.ours),
    # A unit of the holder's own authority, which needs no consent.
    "scheduling_invitee": lambda s: rows.invitee(s.ours, s.cast.siv.unit_id),
    "scheduling_slotanswer": lambda s: rows.slot_answer(s.ours),
    "evidence_evidencerequest": lambda s: rows.evidence_request(s.ours, s.cast.siv.unit_id),
    "evidence_evidenceanswer": lambda s: rows.evidence_answer(s.ours),
    "meetings_preparation": lambda s: rows.preparation(s.ours),
    "letters_addressee": lambda s: rows.addressee(s.ours),
    "letters_paperletter": lambda s: rows.paper_letter(s.ours),
    "followups_progress": lambda s: rows.progress(s.ours),
    "followups_followup": lambda s: rows.follow_up(s.ours),
    "followups_commitmentresult": lambda s: rows.commitment_result(s.ours),
    "followups_goalresult": lambda s: rows.goal_result(s.ours),
    "followups_closing": lambda s: rows.closing(s.ours),
    "followups_livelihoodline": lambda s: rows.livelihood(s.ours),
    "consultations_consultation": lambda s: rows.consultation(s.ours, _a_profession(s)),
    "notifications_notice": lambda s: rows.notice(s.ours, s.ours.summons.pk, s.cast.amir.unit_id),
    "people_person": lambda s: rows.person(s.cast.siv),
    "representatives_mandate": lambda s: rows.mandate(s.ours),
    "representatives_withheld": lambda s: rows.withheld(s.ours),
}

OF_NO_CASE = ("people_person", "notifications_notice", "representatives_mandate")
OF_A_CASE = [one for one in LAWFUL if one not in OF_NO_CASE]


def _a_profession(scene: Scene) -> Any:
    with acting(scene.cast.siv):
        return Profession.objects.values_list("pk", flat=True)[0]


@pytest.mark.parametrize("table", LAWFUL)
def test_the_holder_writes_what_is_lawful(table: str, scene: Scene):
    assert insert(scene.cast.siv, table, LAWFUL[table](scene)) == "1"


@pytest.mark.parametrize("table", OF_A_CASE)
@pytest.mark.parametrize("who", ["maja", "amir", "lena", "nils", "stranger", "greta", "olof"])
def test_nobody_else_writes_it(table: str, who: str, scene: Scene):
    assert insert(getattr(scene.cast, who), table, LAWFUL[table](scene)).startswith(REFUSED)


@pytest.mark.parametrize("table", OF_A_CASE)
@pytest.mark.parametrize("who", ["maja", "amir", "lena"])
def test_nobody_else_writes_it_in_her_own_name_and_authority_either(table: str, who: str, scene: Scene):
    by: Actor = getattr(scene.cast, who)
    signed = {"authority_id": by.authority_id} | {
        one: by.id for one, who in LAWFUL[table](scene).items() if one.endswith("_by_id") and who
    }

    assert insert(by, table, LAWFUL[table](scene) | signed).startswith(REFUSED)


@pytest.mark.parametrize("table", OF_A_CASE)
def test_she_writes_nothing_of_it_while_she_acts_for_another_unit(table: str, scene: Scene):
    elsewhere = replace(scene.cast.siv, unit_id=uuid4())

    assert insert(elsewhere, table, LAWFUL[table](scene)).startswith(REFUSED)


@pytest.mark.parametrize("table", OF_A_CASE)
def test_a_hidden_case_and_one_that_is_not_give_the_same_refusal(table: str, scene: Scene):
    columns = LAWFUL[table](scene)
    hidden = insert(scene.cast.siv, table, columns | {"case_id": scene.hidden.case.pk})
    about_her = {"person_id": scene.hidden.person.pk} if "person_id" in columns else {}
    hers = insert(scene.cast.siv, table, columns | {"case_id": scene.hidden.case.pk} | about_her)
    nowhere = insert(scene.cast.siv, table, columns | {"case_id": uuid4()})

    assert hidden.startswith(REFUSED)
    assert hers == hidden == nowhere


def _keys() -> dict[tuple[str, str], str]:
    """Every foreign key of the tables above but those of the case itself, and the table that it points at."""
    # Who wrote a place is set by a trigger, whatever the row says (tests/walls/test_protection.py).
    about = {"association_id", "authority_id", "person_id", "case_id", "place_by_id"}
    models = {model._meta.db_table: model for model in apps.get_models()}
    return {
        (table, field.column): field.related_model._meta.db_table
        for table in LAWFUL
        for field in models[table]._meta.concrete_fields
        if field.is_relation and field.related_model and field.column not in about
    }


KEYS = _keys()


def _hidden(scene: Scene, table: str) -> Any:
    """A row of that table which Siv may not know of: in Lena's case, or in the other förbund."""
    of_the_case = {
        "cases_case": scene.hidden.case,
        "consents_consent": scene.hidden.consent,
        "disclosures_document": scene.hidden.document,
        "disclosures_disclosure": scene.hidden.disclosure,
        "plans_plan": scene.hidden.plan,
        "plans_goal": scene.hidden.goal,
        "plans_commitment": scene.hidden.commitment,
        "meetings_meeting": scene.hidden.meeting,
        "meetings_summons": scene.hidden.summons,
        "scheduling_timeoffer": scene.hidden.offer,
        "scheduling_slot": scene.hidden.slot,
        "scheduling_invitee": scene.hidden.invitee,
        "evidence_evidencerequest": scene.hidden.evidence,
        "followups_followup": scene.hidden.follow_up,
        "followups_closing": scene.hidden.closing,
        "representatives_mandate": scene.hidden.mandate,
    }
    if table == "consents_planconsent":
        return keep(scene.hidden.by, table, rows.plan_answer(scene.hidden))
    if table == "notifications_notice":
        summons = scene.hidden.summons
        return keep(scene.hidden.by, table, rows.notice(scene.hidden, summons.pk, summons.unit_id))
    if table == "consents_consentwording":
        elsewhere = Actor(Kind.ADMIN, association_id=scene.cast.stranger.association_id, id=uuid4())
        return keep(elsewhere, table, rows.wording(elsewhere))
    found: Any = of_the_case.get(table)
    return found.pk if found else _of_the_other_forbund(scene, table)


@pytest.mark.parametrize("key", KEYS, ids=".".join)
def test_a_key_to_a_hidden_row_and_to_none_give_the_same_refusal(key: tuple[str, str], scene: Scene):
    table, column = key
    columns = LAWFUL[table](scene)
    hidden = insert(scene.cast.siv, table, columns | {column: _hidden(scene, KEYS[key])})

    assert hidden.startswith(REFUSED)
    assert hidden == insert(scene.cast.siv, table, columns | {column: uuid4()})


# Nobody in a case changes a notice: only the clock does.
@pytest.mark.parametrize(
    "table", sorted({table for table, _ in KEYS} - {"notifications_notice"} | {"plans_plan"})
)
def test_a_changed_key_does_not_tell_either(table: str, scene: Scene):
    with acting(scene.cast.siv), connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.column_privileges WHERE grantee = 'humla_app'"
            " AND privilege_type = 'UPDATE' AND table_name = %s",
            [table],
        )
        changeable = {row[0] for row in cursor.fetchall()}
    keys = {column: other for (of, column), other in (KEYS | _OF_A_PLAN).items() if of == table}
    row = scene.ours.plan.pk if table == "plans_plan" else None
    for column in sorted(set(keys) & changeable):
        row = row or keep(scene.cast.siv, table, LAWFUL[table](scene))
        said = update(scene.cast.siv, table, row, **{column: _hidden(scene, keys[column])})
        assert (column, said[:5]) == (column, REFUSED)
        assert said == update(scene.cast.siv, table, row, **{column: uuid4()})


_OF_A_PLAN = {
    ("plans_plan", "accountable_party_id"): "organisation_party",
    ("plans_plan", "lead_id"): "organisation_professional",
    ("plans_plan", "stand_in_id"): "organisation_professional",
}


@pytest.mark.parametrize(
    "change",
    [
        ("meetings_meeting", {"planned_by_id": uuid4()}),
        ("meetings_meeting", {"planned_at": timezone.now() - timedelta(days=3)}),
        ("meetings_summons", {"sent_at": timezone.now() - timedelta(days=3)}),
        ("meetings_summons", {"leaves_at": timezone.now() - timedelta(days=3)}),
        ("meetings_summonsanswer", {"answered_by": "signed_in"}),
        ("meetings_summonsanswer", {"answered_by": "link"}),
        ("meetings_summonsanswer", {"answered_by_id": uuid4()}),
        ("meetings_summonsanswer", {"answered_at": timezone.now() - timedelta(days=3)}),
        ("letters_addressee", {"written_by_id": uuid4()}),
        ("letters_addressee", {"written_at": timezone.now() - timedelta(days=3)}),
        ("letters_paperletter", {"queued_by_id": uuid4()}),
        ("letters_paperletter", {"summons_id": uuid4()}),
        ("letters_paperletter", {"withdrawn_at": timezone.now()}),
        ("scheduling_timeoffer", {"offered_by_id": uuid4()}),
        ("scheduling_timeoffer", {"offered_at": timezone.now() - timedelta(days=3)}),
        ("scheduling_slot", {"added_at": timezone.now() - timedelta(days=3)}),
        # Told before she has answered: the others would know of it.
        ("scheduling_slot", {"told_at": timezone.now()}),
        ("scheduling_invitee", {"leaves_at": timezone.now()}),
        ("scheduling_slotanswer", {"answered_how": "herself"}),
        ("scheduling_slotanswer", {"answered_how": "link"}),
        ("scheduling_slotanswer", {"answered_by_id": uuid4()}),
        ("evidence_evidencerequest", {"asked_by_id": uuid4()}),
        ("evidence_evidencerequest", {"asked_at": timezone.now() - timedelta(days=3)}),
        ("evidence_evidencerequest", {"leaves_at": timezone.now() - timedelta(days=3)}),
        ("evidence_evidencerequest", {"withdrawn_at": timezone.now()}),
        ("evidence_evidenceanswer", {"how": "link"}),
        ("evidence_evidenceanswer", {"how": "signed_in"}),
        ("evidence_evidenceanswer", {"answered_by_id": uuid4()}),
        ("meetings_preparation", {"told_to": ""}),
        ("meetings_preparation", {"handed_in_at": None}),
        ("followups_progress", {"reported_by_id": uuid4()}),
        ("followups_progress", {"unit_id": None}),
        ("followups_followup", {"begun_by_id": uuid4()}),
        ("followups_closing", {"closed_by_id": uuid4()}),
        ("followups_closing", {"reopened_at": timezone.now()}),
        ("plans_leadtransfer", {"offered_by_id": uuid4()}),
        ("plans_leadtransfer", {"is_accepted": True}),
        ("plans_leadtransfer", {"answered_by_id": uuid4()}),
        ("cases_note", {"written_by_id": uuid4()}),
        ("cases_note", {"unit_id": uuid4()}),
        ("consents_consentrequest", {"asked_by_id": uuid4()}),
        ("consents_consentrequest", {"asked_at": timezone.now() - timedelta(days=3)}),
        ("consents_consentrequest", {"taken_back_at": timezone.now()}),
        ("consents_keptaway", {"recorded_by_id": uuid4()}),
        ("consents_keptaway", {"ended_at": timezone.now()}),
        ("consents_surveyconsent", {"recorded_by_id": uuid4()}),
        ("consents_surveyconsent", {"given_at": timezone.now() - timedelta(days=3)}),
        ("consents_signedpaper", {"scanned_by_id": uuid4()}),
        ("consents_signedpaper", {"scanned_at": timezone.now() - timedelta(days=3)}),
        ("consultations_consultation", {"registered_by_id": uuid4()}),
        ("consultations_consultation", {"unit_id": uuid4()}),
        ("notifications_notice", {"queued_by_id": uuid4()}),
        ("notifications_notice", {"state": "sent"}),
        ("notifications_notice", {"leaves_at": timezone.now() - timedelta(days=3)}),
    ],
    ids=lambda change: f"{change[0]}.{next(iter(change[1]))}",
)
def test_a_row_is_signed_by_whoever_writes_it_and_now(change: tuple[str, dict[str, Any]], scene: Scene):
    table, forged = change

    assert insert(scene.cast.siv, table, LAWFUL[table](scene) | forged).startswith(REFUSED)


# --- working in a case ---


def test_nobody_lets_herself_into_a_case_of_her_own_authority(scene: Scene):
    maja = scene.cast.maja
    for role in ("member", "responsible"):
        row = assignment(scene.ours, maja) | {"assigned_by_id": maja.id, "role": role}
        assert insert(maja, "cases_caseassignment", row).startswith(REFUSED)


@pytest.mark.parametrize(
    "change",
    [
        {"cleared_until": timezone.now() + timedelta(days=9)},
        {"is_protected": True},
        {"role": "responsible"},
        {"ends_at": timezone.now()},
    ],
)
def test_an_assignment_gives_nothing_more_than_the_case_has(change: dict[str, Any], scene: Scene):
    row = assignment(scene.ours, scene.cast.maja) | change

    assert insert(scene.cast.siv, "cases_caseassignment", row) != "1"


@pytest.mark.parametrize("moved", [timedelta(microseconds=-1), timedelta(microseconds=1), timedelta(days=-1)])
def test_an_assignment_begins_when_it_is_written(moved: timedelta, scene: Scene):
    row = assignment(scene.ours, scene.cast.maja)

    assert insert(
        scene.cast.siv, "cases_caseassignment", row | {"starts_at": row["starts_at"] + moved}
    ).startswith(REFUSED)


def test_the_way_in_takes_in_what_has_come_and_only_that(scene: Scene):
    amir = scene.cast.amir
    row = assignment(scene.ours, amir) | {"authority_id": amir.authority_id, "assigned_by_id": amir.id}
    not_hers = assignment(scene.hidden, amir) | {"authority_id": amir.authority_id, "assigned_by_id": amir.id}

    assert insert(amir, "cases_caseassignment", row) == "1"
    assert insert(amir, "cases_caseassignment", row | {"role": "responsible"}).startswith(REFUSED)
    assert insert(amir, "cases_caseassignment", not_hers).startswith(REFUSED)
    assert insert(scene.cast.farid, "cases_caseassignment", row).startswith(REFUSED)


def test_the_way_in_takes_in_nothing_when_the_consent_is_withdrawn(scene: Scene):
    amir = scene.cast.amir
    row = assignment(scene.ours, amir) | {"authority_id": amir.authority_id, "assigned_by_id": amir.id}
    _withdraw(scene.cast.siv, scene.ours.consent.pk)

    assert insert(amir, "cases_caseassignment", row).startswith(REFUSED)


def test_the_way_in_takes_nothing_in_on_a_yes_to_another_unit(scene: Scene):
    siv, lena, vera = scene.cast.siv, scene.cast.lena, scene.cast.vera
    for to in (lena, vera):
        keep(siv, "consents_consent", consent(scene.ours, to) | {"id": (given := uuid4())})
        keep(
            siv,
            "disclosures_disclosure",
            disclosure(scene.ours, to) | {"consent_id": given, "categories": ["IDENTITY"]},
        )
        if to is lena:
            _withdraw(siv, given)
    rows = {
        who: assignment(scene.ours, who) | {"authority_id": who.authority_id, "assigned_by_id": who.id}
        for who in (lena, vera)
    }

    assert insert(lena, "cases_caseassignment", rows[lena]).startswith(REFUSED)
    assert insert(vera, "cases_caseassignment", rows[vera]) == "1"


def _withdraw(by: Actor, row: Any) -> None:
    with acting(by), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consents_consent SET withdrawn_at = humla_now(), withdrawn_by_id = %s WHERE id = %s",
            [by.id, row],
        )


def test_an_assignment_is_ended_now_and_never_again(scene: Scene):
    siv, row = scene.cast.siv, scene.ours.assignment.pk
    at = moment(scene.ours)

    assert update(siv, "cases_caseassignment", row, ends_at=at) == "1"
    assert update(siv, "cases_caseassignment", row, ends_at=at + timedelta(days=1)).startswith(REFUSED)
    assert update(siv, "cases_caseassignment", row, cleared_until=at).startswith(REFUSED)
    assert update(scene.cast.maja, "cases_caseassignment", row, ends_at=at) == "0"
    assert update(replace(siv, unit_id=uuid4()), "cases_caseassignment", row, ends_at=at) == "0"
    assert update(scene.cast.lena, "cases_caseassignment", row, ends_at=at) == "0"


# --- consents ---


@pytest.mark.parametrize(
    "change",
    [
        {"withdrawn_at": None},
        {"ends_at": timezone.now() + timedelta(days=900)},
        {"starts_at": timezone.now()},
        {"categories": ["IDENTITY", "PLANNING", "HEALTH"]},
        {"receiver_id": uuid4()},
        {"receiver_unit_id": uuid4()},
        {"case_id": uuid4()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_consent_is_never_made_wider(change: dict[str, Any], scene: Scene):
    row = scene.ours.withdrawn.pk if "withdrawn_at" in change else scene.ours.consent.pk

    assert update(scene.cast.siv, "consents_consent", row, **change) in (
        "0",
        _DENIED.format("consents_consent"),
    )


_DENIED = "42501 permission denied for table {}"


def test_a_consent_is_withdrawn_now_and_in_ones_own_name(scene: Scene):
    siv, row, at = scene.cast.siv, scene.ours.consent.pk, moment(scene.ours)
    mine = {"withdrawn_by_id": siv.id}

    assert update(siv, "consents_consent", row, withdrawn_at=at, **mine) == "1"
    assert update(siv, "consents_consent", row, withdrawn_at=at + timedelta(days=9), **mine).startswith(
        REFUSED
    )
    assert update(siv, "consents_consent", row, withdrawn_at=at, withdrawn_by_id=uuid4()).startswith(REFUSED)
    assert update(siv, "consents_consent", scene.ours.withdrawn.pk, withdrawn_at=at, **mine) == "0"
    for other in (scene.cast.maja, scene.cast.amir, scene.cast.lena):
        assert update(other, "consents_consent", row, withdrawn_at=at, withdrawn_by_id=other.id) == "0"


@pytest.mark.parametrize(
    "change",
    [
        {"given_at": timezone.now() - timedelta(days=3)},
        {"starts_at": timezone.now() - timedelta(days=3)},
        {"recorded_by_id": uuid4()},
        {"categories": ["IDENTITY", "INTERNAL"]},
        {"categories": ["PLANNING"]},
    ],
)
def test_a_consent_is_recorded_as_it_was_given(change: dict[str, Any], scene: Scene):
    row = consent(scene.ours, scene.cast.farid) | change

    assert insert(scene.cast.siv, "consents_consent", row)[:5] in (REFUSED, "23514")


# --- disclosures and frozen documents ---


@pytest.mark.parametrize(
    "change",
    [
        lambda s: {"consent_id": None},
        lambda s: {"consent_id": None, "ground": "law", "law": "10 kap. 28 § OSL"},
        lambda s: {"consent_id": s.ours.withdrawn.pk},
        lambda s: {"categories": ["IDENTITY", "PLANNING", "HEALTH"]},
        lambda s: {"categories": ["INTERNAL"]},
        lambda s: {"receiver_id": s.cast.farid.authority_id, "receiver_unit_id": s.cast.farid.unit_id},
        lambda s: {"receiver_unit_id": s.cast.farid.unit_id},
        lambda s: {"disclosed_at": moment(s.ours) - timedelta(days=1)},
        lambda s: {"disclosed_by_id": s.cast.maja.id},
    ],
)
def test_a_disclosure_goes_no_further_than_its_consent(change: Any, scene: Scene):
    row = disclosure(scene.ours, scene.cast.amir) | change(scene)

    assert insert(scene.cast.siv, "disclosures_disclosure", row)[:5] in (REFUSED, "23514")


def test_a_frozen_document_gets_no_more_parts_and_a_new_one_is_whole_at_once(scene: Scene):
    siv, fresh = scene.cast.siv, document(scene.ours)
    part = {
        "id": uuid4(),
        **scene.ours.about,
        "kind": "plan",
        "title": "t",
        "category": "HEALTH",
        "content": "{}",
    }
    old = scene.ours.document.pk
    keep(siv, "disclosures_document", fresh)

    table = "disclosures_documentpart"
    assert insert(siv, table, part | {"document_id": fresh["id"], "version": 2}) == "1"
    assert insert(siv, table, part | {"document_id": fresh["id"], "version": 1}).startswith(REFUSED)
    assert insert(siv, table, part | {"document_id": old, "version": 1}).startswith(REFUSED)
    assert insert(siv, table, part | {"document_id": scene.hidden.document.pk, "version": 1}).startswith(
        REFUSED
    )
    assert insert(
        siv, "disclosures_document", fresh | {"id": uuid4(), "version": 3, "frozen_by_id": uuid4()}
    ).startswith(REFUSED)


# --- what a row is about never moves ---


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        *(
            ("cases_case", "case", one)
            for one in ("authority_id", "association_id", "person_id", "is_protected")
        ),
        ("cases_case", "case", "opened_by_id"),
        *(("plans_plan", "plan", one) for one in ("authority_id", "person_id", "case_id")),
        *(("plans_goal", "goal", one) for one in ("authority_id", "person_id", "case_id", "plan_id")),
        *(("people_person", "person", one) for one in ("id", "authority_id", "association_id")),
        *(("meetings_meeting", "meeting", one) for one in ("case_id", "planned_by_id")),
        *(
            ("meetings_summons", "summons", one)
            for one in ("case_id", "meeting_id", "unit_id", "disclosure_id")
        ),
        *(("meetings_summons", "summons", one) for one in ("sent_by_id", "sent_at", "leaves_at")),
        *(("followups_followup", "follow_up", one) for one in ("case_id", "begun_by_id")),
        *(
            ("followups_closing", "closing", one)
            for one in ("case_id", "closed_by_id", "closed_at", "reason")
        ),
        *(
            ("disclosures_disclosure", "disclosure", one)
            for one in ("case_id", "opens_at", "receiver_unit_id")
        ),
    ],
)
def test_a_row_is_never_moved(table: str, row: str, column: str, scene: Scene):
    value = False if column == "is_protected" else uuid4()
    if column.endswith("_at"):
        value = timezone.now()

    assert update(scene.cast.siv, table, getattr(scene.ours, row).pk, **{column: value}) == _DENIED.format(
        table
    )


def test_the_holder_changes_what_is_written_in_a_row_and_nobody_else_does(scene: Scene):
    changes: list[tuple[str, Any, dict[str, Any]]] = [
        ("cases_case", scene.ours.case.pk, {"resting_reason": "x", "version": 2}),
        ("plans_plan", scene.ours.plan.pk, {"own_goal_told_to": "x", "version": 2}),
        ("plans_goal", scene.ours.goal.pk, {"text": "x"}),
        ("meetings_meeting", scene.ours.meeting.pk, {"place": "x"}),
        ("meetings_summons", scene.ours.summons.pk, {"cancelled_at": moment(scene.ours)}),
        ("followups_followup", scene.ours.follow_up.pk, {"person_words": "x"}),
        ("people_person", scene.ours.person.pk, {"given_name": "x"}),
    ]
    for table, row, columns in changes:
        assert (table, update(scene.cast.siv, table, row, **columns)) == (table, "1")
        elsewhere = replace(scene.cast.siv, unit_id=uuid4())
        cast = scene.cast
        for other in (elsewhere, cast.maja, cast.amir, cast.lena, cast.greta, cast.olof):
            assert update(other, table, row, **columns) == "0"


# --- persons ---


@pytest.mark.parametrize("who", ["lena", "stranger", "greta", "olof"])
def test_nobody_registers_a_person_at_another_authority(who: str, scene: Scene):
    assert insert(getattr(scene.cast, who), "people_person", person(scene.cast.siv)).startswith(REFUSED)


def test_a_number_of_another_authority_gives_the_same_answer_as_a_free_one(scene: Scene):
    siv, lena = scene.cast.siv, scene.cast.lena
    taken = person(lena)
    keep(lena, "people_person", taken)
    same = {"number_lookup": taken["number_lookup"]}

    assert insert(siv, "people_person", person(siv) | same) == "1"
    assert insert(lena, "people_person", person(lena) | same).startswith("23505")
    theirs = insert(siv, "people_person", person(siv) | same | {"authority_id": lena.authority_id})
    assert theirs == insert(siv, "people_person", person(siv) | {"authority_id": lena.authority_id})
    assert theirs.startswith(REFUSED)


def test_a_case_is_opened_about_a_person_of_ones_own_and_in_ones_own_name(scene: Scene):
    siv = scene.cast.siv
    row = a_case(siv, scene.ours.person.pk) | {"opened_at": moment(scene.ours)}

    assert insert(siv, "cases_case", row) == "1"
    hidden = insert(siv, "cases_case", row | {"person_id": scene.hidden.person.pk})
    assert hidden.startswith(REFUSED)
    assert hidden == insert(siv, "cases_case", row | {"person_id": uuid4()})
    assert insert(siv, "cases_case", row | {"authority_id": scene.cast.lena.authority_id}).startswith(REFUSED)
    assert insert(siv, "cases_case", row | {"opened_by_id": scene.cast.maja.id}).startswith(REFUSED)


def test_a_protected_person_is_not_reached_through_a_new_case(scene: Scene):
    maja = scene.cast.maja
    row = a_case(maja, scene.protected.pk) | {"opened_at": moment(scene.ours)}

    assert insert(maja, "cases_case", row).startswith(REFUSED)
    assert insert(maja, "cases_case", row | {"is_protected": True}) == "1"


def test_nobody_reads_or_changes_the_pseudonym_of_a_person(scene: Scene):
    siv, key = scene.cast.siv, "c" * 64
    row = {"person_id": scene.ours.person.pk, "key": key}
    hidden = insert(siv, "people_personkey", row | {"person_id": scene.hidden.person.pk})

    assert insert(siv, "people_personkey", row) == "1"
    assert hidden.startswith(REFUSED)
    assert hidden == insert(siv, "people_personkey", row | {"person_id": uuid4()})
    assert insert(siv, "people_personkey", row | {"ended_at": timezone.now()}).startswith(REFUSED)
    assert attempt(siv, "SELECT key FROM people_personkey", []) == "0"
    assert attempt(siv, "UPDATE people_personkey SET key = %s", [key]).startswith(REFUSED)


def test_a_key_is_laid_once_and_only_where_there_is_a_number(scene: Scene):
    siv, by_code = scene.cast.siv, person(scene.cast.siv)
    by_code |= {"number_kind": "code", "number_lookup": "", "code": "T-1"}
    keep(siv, "people_person", by_code)

    assert insert(siv, "people_personkey", {"person_id": by_code["id"], "key": "c" * 64}).startswith(REFUSED)
    keep(siv, "people_personkey", {"person_id": scene.ours.person.pk, "key": "c" * 64})
    again = insert(siv, "people_personkey", {"person_id": scene.ours.person.pk, "key": "d" * 64})
    assert again.startswith(REFUSED)


def test_the_key_follows_the_number_and_is_changed_by_those_who_work_with_her(scene: Scene):
    siv, her = scene.cast.siv, scene.ours.person
    keep(siv, "people_personkey", {"person_id": her.pk, "key": "c" * 64})
    for other in (scene.cast.maja, scene.cast.lena, scene.cast.olof, replace(siv, unit_id=uuid4())):
        assert _set_key(other, her.pk, "d" * 64) is False
    assert _set_key(siv, her.pk, "") is False
    assert _set_key(siv, her.pk, "not a key") is False

    assert _set_key(siv, her.pk, "d" * 64) is True
    assert [_sees_herself(key * 64) for key in "cd"] == [0, 1]
    _write(
        siv,
        "UPDATE people_person SET number_kind = 'code', code = 'T-2', number_lookup = '' WHERE id = %s",
        her.pk,
    )
    assert _set_key(siv, her.pk, "e" * 64) is False
    assert _set_key(siv, her.pk, "") is True
    assert [_sees_herself(key * 64) for key in "cde"] == [0, 0, 0]
    _write(
        siv,
        "UPDATE people_person SET number_kind = 'pnr', code = '', number_lookup = 'y' WHERE id = %s",
        her.pk,
    )
    assert _set_key(siv, her.pk, "e" * 64) is True
    assert [_sees_herself(key * 64) for key in "cde"] == [0, 0, 1]


def _set_key(by: Actor, who: Any, key: str) -> bool:
    with acting(by), connection.cursor() as cursor:
        cursor.execute("SELECT set_person_key(%s, %s)", [who, key])
        return bool(cursor.fetchone()[0])


def _write(by: Actor, order: str, row: Any) -> None:
    with acting(by), connection.cursor() as cursor:
        cursor.execute(order, [row])
        assert cursor.rowcount == 1


def _sees_herself(key: str) -> int:
    with acting(Actor(Kind.PERSON, id=uuid4(), person_key=key)), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person")
        return int(cursor.fetchone()[0])


# --- the trail ---


@pytest.mark.parametrize(
    "change",
    [
        {"actor_id": uuid4()},
        {"authority_id": uuid4()},
        {"unit_id": None},
        {"role": "manager"},
        {"kind": "system"},
        {"association_id": uuid4()},
        {"at": timezone.now() - timedelta(days=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_one_signs_the_trail_for_oneself_and_now(change: dict[str, Any], scene: Scene):
    assert insert(scene.cast.siv, "audit_event", event(scene.cast.siv)) == "1"
    assert insert(scene.cast.siv, "audit_event", event(scene.cast.siv, **change)).startswith(REFUSED)


@pytest.mark.parametrize("order", ["UPDATE audit_event SET tag = 'x'", "DELETE FROM audit_event"])
def test_the_trail_is_never_changed(order: str, scene: Scene):
    assert attempt(scene.cast.siv, order, []).startswith(REFUSED)


# --- drafts ---


def test_a_draft_is_ones_own(scene: Scene):
    siv = scene.cast.siv
    row = {"id": uuid4(), "owner_id": siv.id, "form": "f", "fields": "x", "saved_at": timezone.now()}

    assert insert(siv, "drafts_draft", row) == "1"
    assert insert(siv, "drafts_draft", row | {"owner_id": scene.cast.maja.id}).startswith(REFUSED)
    assert insert(siv, "drafts_draft", row | {"unit_id": siv.unit_id}) == "1"
    assert insert(siv, "drafts_draft", row | {"unit_id": scene.cast.amir.unit_id}).startswith(REFUSED)


def test_the_person_withdraws_her_own_consent_and_nobody_elses(scene: Scene):
    key = "d" * 64
    with acting(scene.cast.siv), connection.cursor() as cursor:
        row = [scene.ours.person.pk, key]
        cursor.execute("INSERT INTO people_personkey (person_id, key) VALUES (%s, %s)", row)
    eva = Actor(Kind.PERSON, id=uuid4(), person_key=key)
    columns = {"withdrawn_at": moment(scene.ours), "withdrawn_by_id": eva.id}

    assert update(eva, "consents_consent", scene.ours.consent.pk, **columns) == "1"
    assert update(eva, "consents_consent", scene.hidden.consent.pk, **columns) == "0"
    assert update(eva, "people_person", scene.ours.person.pk, given_name="x") == "0"


def _of_the_other_forbund(scene: Scene, table: str) -> Any:
    with acting(scene.cast.stranger), connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} LIMIT 1")
        return cursor.fetchone()[0]


def test_the_other_forbund_has_rows_that_could_leak(scene: Scene):
    with acting(scene.cast.stranger):
        assert UnitAssignment.objects.count() == 1


def test_without_a_context_nothing_is_written(scene: Scene):
    nobody = Actor(Kind.PUBLIC)
    for table, columns in LAWFUL.items():
        assert insert(nobody, table, columns(scene)).startswith(REFUSED)
