"""What happens in a case, table by table: who reads it, from which instant, and until when.

Each row is written by the holder in a case that the receiver works in too, with a yes in force: it is the
table's own rule that is tried, and not that nobody is let in.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from humla.core.context import Actor, Kind, acting
from tests.walls import rows
from tests.walls.conftest import REFUSED, Held, Scene, attempt
from tests.walls.rows import insert, keep, moment, sees, update, update_all
from tests.walls.test_writes import LAWFUL

pytestmark = pytest.mark.django_db

HER_KEY = "e" * 64
EVA = Actor(Kind.PERSON, id=uuid4(), person_key=HER_KEY)


@dataclass
class Course:
    """Siv leads, Amir works in the case for Arbetsförmedlingen, Eva has her own session."""

    scene: Scene
    siv: Actor
    amir: Actor
    ours: Held
    later: Callable[[timedelta], None]


@pytest.fixture
def course(scene: Scene, clock: Callable[[datetime], None]) -> Course:
    amir, begun = scene.cast.amir, moment(scene.ours)
    let_in(scene.ours, amir)
    keep(scene.cast.siv, "people_personkey", {"person_id": scene.ours.person.pk, "key": HER_KEY})
    return Course(scene, scene.cast.siv, amir, scene.ours, lambda wait: clock(begun + wait))


def let_in(held: Held, who: Actor) -> None:
    """The unit's way in takes in what has come."""
    row = rows.assignment(held, who) | {"authority_id": who.authority_id, "assigned_by_id": who.id}
    keep(who, "cases_caseassignment", row)


def reads(by: Actor, table: str, row: Any) -> bool:
    return attempt(by, f"SELECT 1 FROM {table} WHERE id = %s", [row]) == "1"


# --- who reads ---

_OLD = ("people_", "consents_", "disclosures_", "cases_caseassignment")
NEW = sorted(one for one in LAWFUL if not one.startswith(_OLD))
NOT_HERS = {"cases_note", "consultations_consultation", "letters_addressee", "notifications_notice"}
"""What the person does not read: working notes, the coordinator's own record, the outbox."""
THE_RECEIVERS = {"plans_leadtransfer", "meetings_summonsanswer"}
"""What the receiving unit reads: the lead offered to it, and the answers to its own summons."""


@pytest.mark.parametrize("table", NEW)
def test_the_holder_and_the_person_read_it_and_the_receiver_only_what_is_said_to_it(
    table: str, course: Course
):
    row = keep(course.siv, table, LAWFUL[table](course.scene))

    assert reads(course.siv, table, row)
    assert reads(EVA, table, row) == (table not in NOT_HERS)
    assert reads(course.amir, table, row) == (table in THE_RECEIVERS)
    assert not reads(replace(EVA, person_key="f" * 64), table, row)


@pytest.mark.parametrize("table", NEW)
def test_nobody_else_reads_it(table: str, course: Course):
    row, cast = keep(course.siv, table, LAWFUL[table](course.scene)), course.scene.cast
    elsewhere = replace(course.siv, unit_id=cast.nils.unit_id)
    handlers = [elsewhere, replace(cast.maja, role="coordinator"), cast.lena, cast.vera, cast.farid]
    others = [
        Actor(Kind.LINK, association_id=course.siv.association_id, id=uuid4(), unit_id=course.siv.unit_id),
        replace(course.siv, kind=Kind.FORBUND),
        replace(course.siv, kind=Kind.REPRESENTATIVE),
        Actor(Kind.PUBLIC),
    ]
    offices = [] if table == "notifications_notice" else [cast.olof, replace(course.siv, kind=Kind.SYSTEM)]
    for other in (*handlers, cast.nils, cast.greta, cast.stranger, *others, *offices):
        assert not reads(other, table, row)


@pytest.mark.parametrize("table", NEW)
def test_nobody_else_hits_a_row_with_an_order_that_asks_for_none(table: str, course: Course):
    """An UPDATE that reads no column needs no right to read: its own policy must refuse by itself."""
    keep(course.siv, table, LAWFUL[table](course.scene))
    cast, siv = course.scene.cast, course.siv
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND has_column_privilege('humla_app', attrelid, attnum, 'UPDATE') ORDER BY attnum LIMIT 1",
            [table],
        )
        changeable = [row[0] for row in cursor.fetchall()]
    others = [cast.maja, cast.vera, cast.farid, cast.nils, cast.greta, cast.stranger]
    others += [replace(EVA, person_key="f" * 64), replace(siv, kind=Kind.LINK), Actor(Kind.PUBLIC)]
    others += [replace(siv, unit_id=cast.nils.unit_id), replace(siv, kind=Kind.FORBUND)]
    others += [course.amir] if table != "plans_leadtransfer" else []
    for column in changeable:
        for other in others:
            assert (other.kind, update_all(other, table, **{column: None})) == (other.kind, "0")


def test_a_case_is_said_to_continue_another_only_by_those_it_is_offered_to(course: Course):
    amir = course.amir
    keep(amir, "people_person", person := rows.person(amir))
    row = rows.a_case(amir, person["id"]) | {"opened_at": moment(course.ours)}
    ours = {"continues_id": course.ours.case.pk, "series": course.ours.case.series}
    hidden = {"continues_id": course.scene.hidden.case.pk, "series": course.scene.hidden.case.series}

    nowhere = insert(amir, "cases_case", row | {"continues_id": uuid4()})
    assert nowhere.startswith(REFUSED)
    assert insert(amir, "cases_case", row | hidden) == insert(amir, "cases_case", row | ours) == nowhere
    _offer(course)
    assert insert(amir, "cases_case", row | ours | {"series": uuid4()}) == nowhere
    assert insert(amir, "cases_case", row | ours) == "1"


def test_whoever_has_left_the_case_reads_nothing_of_it(course: Course):
    for table in NEW:
        if table not in ("consultations_consultation", "notifications_notice"):
            keep(course.siv, table, LAWFUL[table](course.scene))
    _order(
        course.siv,
        "UPDATE cases_caseassignment SET ends_at = humla_now() WHERE id = %s",
        course.ours.assignment.pk,
    )

    assert {table: sees(course.siv, table) for table in NEW if table != "notifications_notice"} == {
        table: 0 for table in NEW if table != "notifications_notice"
    }


# --- sixty seconds ---


def test_during_the_minute_before_it_leaves_the_receiver_learns_nothing(course: Course):
    siv, farid, ours = course.siv, course.scene.cast.farid, course.ours
    given = keep(siv, "consents_consent", rows.consent(ours, farid))
    sent = rows.disclosure(ours, farid) | {"consent_id": given, "categories": ["IDENTITY", "HEALTH"]}
    leaves = sent["disclosed_at"] + timedelta(seconds=60)
    row = keep(siv, "disclosures_disclosure", sent | {"opens_at": leaves})
    taking_in = rows.assignment(ours, farid) | {
        "authority_id": farid.authority_id,
        "assigned_by_id": farid.id,
    }

    for waited in (timedelta(0), timedelta(seconds=60, microseconds=-1)):
        course.later(waited)
        at = {"starts_at": moment(ours)}
        assert known(farid, ours) == [0] * 5
        assert insert(farid, "cases_caseassignment", taking_in | at).startswith(REFUSED)
        assert reads(siv, "disclosures_disclosure", row)
        assert reads(EVA, "disclosures_disclosure", row)
    course.later(timedelta(seconds=60))
    assert reads(farid, "disclosures_disclosure", row)
    keep(farid, "cases_caseassignment", taking_in | {"starts_at": moment(ours)})
    # Case, assignment, release and consent, and of the seven parts who it is about and the health.
    assert known(farid, ours) == [1, 1, 1, 1, 2]


def known(by: Actor, held: Held) -> list[int]:
    """How many rows of what a receiver can have of a case."""
    tables = {"cases_case": "id", "cases_caseassignment": "case_id", "disclosures_disclosure": "case_id"}
    tables |= {"consents_consent": "case_id", "disclosures_documentpart": "case_id"}
    return [
        int(attempt(by, f"SELECT 1 FROM {table} WHERE {column} = %s", [held.case.pk]))
        for table, column in tables.items()
    ]


def test_one_who_works_there_already_reads_no_more_before_the_next_has_left(course: Course):
    siv, amir, ours = course.siv, course.amir, course.ours
    given = keep(siv, "consents_consent", rows.consent(ours, amir))
    sent = rows.disclosure(ours, amir) | {"consent_id": given, "categories": ["IDENTITY", "HEALTH"]}
    before = sees(amir, "disclosures_documentpart")
    keep(siv, "disclosures_disclosure", sent | {"opens_at": sent["disclosed_at"] + timedelta(seconds=60)})

    course.later(timedelta(seconds=59))
    assert [sees(amir, "disclosures_documentpart"), sees(amir, "disclosures_disclosure")] == [before, 1]
    course.later(timedelta(seconds=60))
    assert [sees(amir, "disclosures_documentpart"), sees(amir, "disclosures_disclosure")] == [before + 1, 2]


def test_what_is_taken_back_in_time_never_opens(course: Course):
    siv, farid, ours = course.siv, course.scene.cast.farid, course.ours
    given = keep(siv, "consents_consent", rows.consent(ours, farid))
    sent = rows.disclosure(ours, farid) | {"consent_id": given, "categories": ["IDENTITY"]}
    row = keep(
        siv, "disclosures_disclosure", sent | {"opens_at": sent["disclosed_at"] + timedelta(seconds=60)}
    )
    course.later(timedelta(seconds=59))
    back = {"undone_at": moment(ours)}
    for other in (course.amir, farid, course.scene.cast.maja, course.scene.cast.lena, course.scene.cast.olof):
        assert update(other, "disclosures_disclosure", row, **back) == "0"
    _order(siv, "UPDATE disclosures_disclosure SET undone_at = humla_now() WHERE id = %s", row)

    course.later(timedelta(days=1))
    assert known(farid, ours) == [0] * 5
    assert reads(siv, "disclosures_disclosure", row)


def test_what_has_left_is_not_taken_back(course: Course):
    at = moment(course.ours)

    assert update(course.siv, "disclosures_disclosure", course.ours.disclosure.pk, undone_at=at) == "0"


# --- a summons ---


def _summoned(course: Course, who: Actor, *, wait: timedelta) -> tuple[Any, Any]:
    """A summons to a unit with a yes, whose document leaves after a while; the unit works in the case."""
    siv, ours = course.siv, course.ours
    about = {"categories": ["IDENTITY", "PLANNING"]}
    given = keep(siv, "consents_consent", rows.consent(ours, who) | about)
    first = rows.disclosure(ours, who) | {"consent_id": given, "categories": ["IDENTITY"]}
    keep(siv, "disclosures_disclosure", first)
    let_in(ours, who)
    leaves = moment(ours) + wait
    act = keep(
        siv, "disclosures_disclosure", rows.disclosure(ours, who) | {"consent_id": given, "opens_at": leaves}
    )
    return keep(siv, "meetings_summons", rows.summons(ours, who, act) | {"leaves_at": leaves}), given


def test_a_summons_is_read_and_answered_when_it_has_left_while_the_yes_stands(course: Course):
    farid = course.scene.cast.farid
    row, given = _summoned(course, farid, wait=timedelta(seconds=60))
    answer = rows.summons_answer(course.ours) | {
        "summons_id": row,
        "answered_by": "signed_in",
        "answered_by_id": farid.id,
    }
    for wait, may in ((59, False), (60, True)):
        course.later(timedelta(seconds=wait))
        now = {"answered_at": moment(course.ours)}
        assert reads(farid, "meetings_summons", row) is may
        assert (insert(farid, "meetings_summonsanswer", answer | now) == "1") is may
    _withdraw(course, given)
    assert not reads(farid, "meetings_summons", row)
    assert insert(farid, "meetings_summonsanswer", answer | now).startswith(REFUSED)


def test_a_summons_without_its_document_opens_nothing(course: Course):
    farid = course.scene.cast.farid
    row, _ = _summoned(course, farid, wait=timedelta(seconds=60))
    act = "UPDATE disclosures_disclosure SET undone_at = humla_now() WHERE receiver_unit_id = %s"
    _order(course.siv, f"{act} AND opens_at > humla_now()", farid.unit_id)
    bare = rows.summons(course.ours, course.amir) | {
        "meeting_id": keep(course.siv, "meetings_meeting", rows.meeting(course.ours))
    }
    keep(course.siv, "meetings_summons", bare)

    course.later(timedelta(days=1))
    assert not reads(farid, "meetings_summons", row)
    assert not reads(course.amir, "meetings_summons", bare["id"])


@pytest.mark.parametrize("who", ["maja", "lena", "farid", "nils", "stranger", "olof"])
def test_nobody_answers_a_summons_to_another(who: str, course: Course):
    other: Actor = getattr(course.scene.cast, who)
    for how in ("signed_in", "noted", "link"):
        row = rows.summons_answer(course.ours) | {"answered_by": how, "answered_by_id": other.id}
        assert insert(other, "meetings_summonsanswer", row).startswith(REFUSED)


def test_the_summoned_unit_does_not_answer_in_the_holders_name(course: Course):
    row = rows.summons_answer(course.ours) | {"answered_by_id": course.amir.id}

    assert insert(course.amir, "meetings_summonsanswer", row).startswith(REFUSED)
    assert insert(course.amir, "meetings_summonsanswer", row | {"answered_by": "signed_in"}) == "1"


def test_a_summons_is_cancelled_once_and_now(course: Course):
    siv, row, at = course.siv, course.ours.summons.pk, moment(course.ours)

    assert update(siv, "meetings_summons", row, cancelled_at=at - timedelta(days=1)).startswith(REFUSED)
    assert update(course.amir, "meetings_summons", row, cancelled_at=at) == "0"
    _order(siv, "UPDATE meetings_summons SET cancelled_at = humla_now() WHERE id = %s", row)
    assert update(siv, "meetings_summons", row, cancelled_at=None) == "0"
    assert insert(siv, "meetings_summonsanswer", rows.summons_answer(course.ours)).startswith(REFUSED)


# --- the lead ---


def _offer(course: Course) -> Any:
    return keep(course.siv, "plans_leadtransfer", rows.lead_transfer(course.ours))


def test_the_offer_closes_with_the_yes(course: Course):
    row = _offer(course)
    assert reads(course.amir, "plans_leadtransfer", row)
    _withdraw(course)

    at = {"answered_at": moment(course.ours), "answered_by_id": course.amir.id, "is_accepted": False}
    assert not reads(course.amir, "plans_leadtransfer", row)
    assert update_all(course.amir, "plans_leadtransfer", **at) == "0"
    assert _accept(course, course.amir, row, _continued(course)) is False


def test_the_offered_unit_declines_or_takes_over_and_nobody_else_does(course: Course):
    row, cast = _offer(course), course.scene.cast
    no = {"answered_at": moment(course.ours), "is_accepted": False}
    for other in (cast.maja, cast.lena, cast.farid, cast.nils, cast.stranger, cast.olof):
        assert update_all(other, "plans_leadtransfer", **no, answered_by_id=other.id) == "0"
        assert _accept(course, other, row, uuid4()) is False
    yes = no | {"is_accepted": True, "answered_by_id": course.amir.id}
    assert update(course.amir, "plans_leadtransfer", row, **yes).startswith(REFUSED)
    assert update(course.siv, "plans_leadtransfer", row, **no, answered_by_id=course.siv.id).startswith(
        REFUSED
    )
    assert update(course.amir, "plans_leadtransfer", row, **no, answered_by_id=course.amir.id) == "1"
    assert _accept(course, course.amir, row, uuid4()) is False
    assert _accept(course, course.amir, row, course.ours.case.pk) is False
    assert _accept(course, course.amir, row, _continued(course)) is True


def _continued(course: Course) -> Any:
    """A case of Amir's own that continues Siv's; nothing when he may not open one."""
    amir = course.amir
    person = rows.person(amir)
    keep(amir, "people_person", person)
    case = rows.a_case(amir, person["id"]) | {
        "opened_at": moment(course.ours),
        "continues_id": course.ours.case.pk,
        "series": course.ours.case.series,
    }
    assert insert(course.scene.cast.farid, "cases_case", case).startswith(REFUSED)
    if insert(amir, "cases_case", case) == "1":
        return keep(amir, "cases_case", case)
    return uuid4()


def _accept(course: Course, by: Actor, row: Any, case: Any) -> bool:
    return _asked(by, "SELECT accept_lead(%s, %s)", row, case)


# --- own notes, own words, own commitments ---


def test_each_unit_reads_and_changes_its_own_notes(course: Course):
    siv, amir, cast = course.siv, course.amir, course.scene.cast
    hers = keep(siv, "cases_note", rows.note(course.ours))
    his_row = rows.note(course.ours) | {
        "authority_id": amir.authority_id,
        "unit_id": amir.unit_id,
        "written_by_id": amir.id,
    }
    his = keep(amir, "cases_note", his_row)
    keep(siv, "cases_caseassignment", rows.assignment(course.ours, cast.maja))

    assert [reads(siv, "cases_note", hers), reads(siv, "cases_note", his)] == [True, False]
    assert [reads(amir, "cases_note", hers), reads(amir, "cases_note", his)] == [False, True]
    assert reads(cast.maja, "cases_note", hers)
    assert update(cast.maja, "cases_note", hers, text="x") == "0"
    assert update(siv, "cases_note", hers, text="x") == "1"
    assert update(siv, "cases_note", his, text="x") == "0"
    for other in (siv, cast.maja, cast.lena):
        assert insert(other, "cases_note", his_row | {"id": uuid4()}).startswith(REFUSED)
    assert attempt(siv, "SELECT 1 FROM cases_note WHERE unit_id = %s", [amir.unit_id]) == "0"


def test_the_persons_words_are_hers_alone_until_she_hands_them_in(course: Course):
    at = moment(course.ours)
    row = rows.preparation(course.ours) | {"told_to": "", "handed_in_at": None, "written_by_id": EVA.id}
    words = keep(EVA, "meetings_preparation", row)

    assert reads(EVA, "meetings_preparation", words)
    assert sees(course.siv, "meetings_preparation") == 0
    assert update_all(course.siv, "meetings_preparation", important="x") == "0"
    assert insert(EVA, "meetings_preparation", row | {"id": uuid4(), "told_to": "Siv"}).startswith(REFUSED)
    early = {"id": uuid4(), "handed_in_at": at - timedelta(days=1)}
    assert insert(EVA, "meetings_preparation", row | early).startswith(REFUSED)
    hidden = course.scene.hidden.about
    assert insert(EVA, "meetings_preparation", row | {"id": uuid4()} | hidden).startswith(REFUSED)
    assert update(EVA, "meetings_preparation", words, important="y") == "1"
    _order(EVA, "UPDATE meetings_preparation SET handed_in_at = humla_now() WHERE id = %s", words)
    assert reads(course.siv, "meetings_preparation", words)
    assert not reads(course.amir, "meetings_preparation", words)
    for by in (EVA, course.siv):
        assert update(by, "meetings_preparation", words, important="z") == "0"


def test_a_unit_reports_its_own_commitment_once_it_has_been_given_it(course: Course):
    amir, ours, cast = course.amir, course.ours, course.scene.cast
    said = rows.progress(ours) | {"authority_id": amir.authority_id, "reported_by_id": amir.id}
    fresh = rows.commitment(ours) | {"doer": "unit", "unit_id": amir.unit_id}
    drafted = keep(course.siv, "plans_commitment", fresh)

    row = keep(amir, "followups_progress", said)
    nowhere = insert(amir, "followups_progress", said | {"id": uuid4(), "commitment_id": uuid4()})
    assert nowhere.startswith(REFUSED)
    assert insert(amir, "followups_progress", said | {"id": uuid4(), "commitment_id": drafted}) == nowhere
    assert [reads(amir, "followups_progress", row), reads(course.siv, "followups_progress", row)] == [
        True,
        True,
    ]
    assert reads(EVA, "followups_progress", row)
    for other in (cast.farid, cast.lena, cast.maja, cast.olof):
        signed = {"authority_id": other.authority_id, "reported_by_id": other.id, "id": uuid4()}
        assert insert(other, "followups_progress", said | signed).startswith(REFUSED)
        assert not reads(other, "followups_progress", row)
    _withdraw(course)
    assert insert(amir, "followups_progress", said | {"id": uuid4()}).startswith(REFUSED)
    assert reads(amir, "followups_progress", row)


def test_another_receiver_in_the_case_does_not_learn_that_a_party_has_said_anything(course: Course):
    farid, amir = course.scene.cast.farid, course.amir
    _summoned(course, farid, wait=timedelta(0))
    said = rows.progress(course.ours) | {"authority_id": amir.authority_id, "reported_by_id": amir.id}
    row = keep(amir, "followups_progress", said)

    assert [sees(farid, "cases_case"), sees(farid, "followups_progress")] == [1, 0]
    assert not reads(farid, "followups_progress", row)
    theirs = said | {"id": uuid4(), "authority_id": farid.authority_id, "reported_by_id": farid.id}
    assert insert(farid, "followups_progress", theirs).startswith(REFUSED)


# --- the coordinator's record ---


def test_a_consultation_tied_to_a_case_is_read_by_those_who_work_in_it(course: Course):
    siv, cast = course.siv, course.scene.cast
    maja = replace(cast.maja, role="coordinator")
    tied = LAWFUL["consultations_consultation"](course.scene)
    row = keep(siv, "consultations_consultation", tied)
    loose = keep(siv, "consultations_consultation", tied | {"id": uuid4(), "case_id": None})

    assert [reads(maja, "consultations_consultation", one) for one in (row, loose)] == [False, True]
    assert not reads(cast.maja, "consultations_consultation", loose)
    hidden = update(siv, "consultations_consultation", loose, case_id=course.scene.hidden.case.pk)
    assert hidden.startswith(REFUSED)
    assert hidden == update(siv, "consultations_consultation", loose, case_id=uuid4())
    assert update(maja, "consultations_consultation", loose, case_id=course.ours.case.pk).startswith(REFUSED)
    assert update_all(maja, "consultations_consultation", theme="other") == "1"


# --- the outbox ---


def test_a_notice_is_queued_by_the_holder_to_the_one_it_concerns(course: Course):
    siv, ours, cast = course.siv, course.ours, course.scene.cast
    row = LAWFUL["notifications_notice"](course.scene)
    hidden = course.scene.hidden

    assert insert(siv, "notifications_notice", row) == "1"
    elsewhere = insert(siv, "notifications_notice", row | {"unit_id": cast.farid.unit_id})
    theirs = row | {"about_id": hidden.summons.pk, "unit_id": hidden.to.unit_id}
    assert elsewhere.startswith(REFUSED)
    assert insert(siv, "notifications_notice", theirs) == elsewhere
    assert insert(siv, "notifications_notice", row | {"about_id": uuid4()}) == elsewhere
    for other in (course.amir, cast.maja, cast.lena, cast.olof):
        assert insert(other, "notifications_notice", row | {"queued_by_id": other.id}).startswith(REFUSED)
    assert insert(siv, "notifications_notice", row | {"about_id": ours.disclosure.pk}) == "1"


def test_the_clock_sends_what_is_due_and_an_administrator_only_tries_again(course: Course):
    at, clock = moment(course.ours), replace(course.siv, kind=Kind.SYSTEM, role="")
    admin = course.scene.cast.olof
    row = LAWFUL["notifications_notice"](course.scene)
    due = keep(course.siv, "notifications_notice", row)
    waits = keep(
        course.siv, "notifications_notice", row | {"id": uuid4(), "leaves_at": at + timedelta(seconds=1)}
    )
    sent = {"state": "sent", "sent_at": at}

    assert update(clock, "notifications_notice", due, **sent) == "1"
    assert update(clock, "notifications_notice", waits, **sent) == "0"
    for other in (course.siv, course.amir, admin):
        assert update(other, "notifications_notice", due, **sent) == "0"
    _order(clock, "UPDATE notifications_notice SET state = 'failed' WHERE id = %s", due)
    assert update(admin, "notifications_notice", due, **sent).startswith(REFUSED)
    assert update(admin, "notifications_notice", due, state="waiting", leaves_at=at) == "1"
    assert update(course.siv, "notifications_notice", due, state="waiting") == "0"


@pytest.mark.parametrize("who", ["amir", "maja", "lena", "nils", "stranger", "greta", "olof"])
def test_nobody_stops_a_notice_of_anothers(who: str, course: Course):
    keep(course.siv, "notifications_notice", LAWFUL["notifications_notice"](course.scene))
    other: Actor = getattr(course.scene.cast, who)
    about = course.ours.summons.pk

    assert _asked(other, "SELECT stop_notices(%s)", about) == 0
    assert _asked(replace(EVA, person_key="f" * 64), "SELECT stop_notices(%s)", about) == 0
    assert attempt(course.siv, "SELECT 1 FROM notifications_notice WHERE state = 'waiting'", []) == "1"


@pytest.mark.parametrize("by", ["siv", "eva"])
def test_the_holder_stops_it_and_so_does_the_person(by: str, course: Course):
    keep(course.siv, "notifications_notice", LAWFUL["notifications_notice"](course.scene))
    who = {"siv": course.siv, "eva": EVA}[by]

    assert _asked(who, "SELECT stop_notices(%s)", course.ours.summons.pk) == 1
    assert attempt(course.siv, "SELECT 1 FROM notifications_notice WHERE state = 'waiting'", []) == "0"


def _withdraw(course: Course, consent: Any = None) -> None:
    order = f"UPDATE consents_consent SET withdrawn_at = humla_now(), withdrawn_by_id = '{course.siv.id}'"
    _order(course.siv, f"{order} WHERE id = %s", consent or course.ours.consent.pk)


def _order(by: Actor, order: str, *parameters: Any) -> None:
    """An order that stands, and hits something."""

    with acting(by), connection.cursor() as cursor:
        cursor.execute(order, list(parameters))
        assert cursor.rowcount > 0


def _asked(by: Actor, question: str, *parameters: Any) -> Any:

    with acting(by), connection.cursor() as cursor:
        cursor.execute(question, list(parameters))
        return cursor.fetchone()[0]
