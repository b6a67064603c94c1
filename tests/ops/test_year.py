"""The fictitious year: it adds up to the figures of the real report, and every state and choice is in it."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import models

from humla.cases.models import CaseState
from humla.consents.models import ConsentState
from humla.followups.models import CloseReason, FollowUpState, Livelihood, Status
from humla.meetings.models import MeetingState, SummonsState
from humla.notifications.models import NoticeState
from humla.ops.year import figures
from humla.plans.models import LeadTransferState, PlanState
from tests.conftest import _clone, _drop

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def year(template: tuple[str, Path]) -> Iterator[psycopg.Connection[Any]]:
    """A database with the förbund and its year, read as the owner."""
    name = f"year_{os.getpid()}"
    _clone(template[0], name)
    urls = {
        one: os.environ[one].replace("/humla?", f"/{name}?") for one in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    surroundings = os.environ | urls
    with psycopg.connect(urls["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute("UPDATE organisation_association SET short_name = 'cast-' || short_name")
        _run(surroundings, "humla.ops.demo")
        _run(surroundings | {"HUMLA_AS_OWNER": "1"}, "humla.ops.year")
        yield connection
    _drop(name)


def _run(surroundings: dict[str, str], module: str) -> None:
    subprocess.run([sys.executable, "-m", module], env=surroundings, cwd=ROOT, check=True)


def one(year: psycopg.Connection[Any], question: str) -> Any:
    row = year.execute(question.encode()).fetchone()
    return row[0] if row else None


def counted(year: psycopg.Connection[Any], question: str) -> dict[str, int]:
    return dict(year.execute(question.encode()).fetchall())


SIPS = """
    FROM plans_plan p JOIN cases_case c ON c.id = p.case_id JOIN cases_initiation i ON i.case_id = c.id
    JOIN people_person h ON h.id = c.person_id
   WHERE p.adopted_version > 0 AND c.continues_id IS NULL AND c.opened_at::date < current_date
"""
"""The year up to yesterday: the first cases are opened while they are loaded."""


def test_a_hundred_plans_for_a_hundred_persons_forty_two_of_them_women(year: Any) -> None:
    assert counted(year, f"SELECT h.sex, count(DISTINCT h.id) {SIPS} GROUP BY 1") == {"k": 42, "m": 58}
    assert one(year, f"SELECT count(*) {SIPS}") == figures.SIPS


def test_who_saw_the_need_and_how_many_came_by_the_coordinator(year: Any) -> None:
    found = counted(
        year,
        "SELECT (SELECT name FROM organisation_profession r WHERE r.id = i.initiator_profession_id),"
        f" count(*) {SIPS} GROUP BY 1",
    )
    care = sum(found.pop(profession) for profession in figures.CARE)

    assert {**found, "vården": care} == figures.INITIATORS
    assert one(year, f"SELECT count(*) {SIPS} AND i.via_coordinator") == 79


def test_the_consultations_and_their_forty_five_askers(year: Any) -> None:
    assert one(year, "SELECT count(*) FROM consultations_consultation") == figures.CONSULTATIONS
    assert (
        counted(
            year,
            "SELECT p.name, count(DISTINCT asker_id) FROM consultations_consultation c"
            " JOIN organisation_profession p ON p.id = c.asker_profession_id GROUP BY 1",
        )
        == figures.ASKERS
    )


def test_forty_preparatory_meetings_of_those_that_became_plans(year: Any) -> None:
    held = "m.kind = 'preparatory' AND m.state = 'held' AND p.adopted_version > 0"
    meetings = f"FROM meetings_meeting m JOIN plans_plan p ON p.case_id = m.case_id WHERE {held}"
    assert one(year, f"SELECT count(*) {meetings}") == figures.PREPARATORY


def test_what_they_ended_in(year: Any) -> None:
    ended = "FROM followups_livelihoodline WHERE \"end\" = 'after' AND percent = 100 GROUP BY kind"
    found = counted(year, f"SELECT kind, count(*) {ended}")
    assert {kind: found[kind] for kind in figures.OUTCOMES} == figures.OUTCOMES
    assert one(year, "SELECT count(*) FROM followups_livelihoodline WHERE is_pending") == figures.PENDING


STATES = {
    CaseState: """SELECT CASE WHEN state = 'open' AND resting_until > now() THEN 'resting' ELSE state END,
        count(*) FROM cases_case GROUP BY 1""",
    PlanState: """SELECT CASE WHEN adopted_version = 0 THEN 'draft' WHEN is_changed THEN 'changed'
        ELSE 'adopted' END, count(*) FROM plans_plan GROUP BY 1""",
    ConsentState: """SELECT CASE WHEN withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN starts_at > now()
        THEN 'ahead' WHEN ends_at <= now() THEN 'ended' ELSE 'in_force' END, count(DISTINCT case_id)
        FROM consents_consent GROUP BY 1""",
    MeetingState: "SELECT state, count(DISTINCT case_id) FROM meetings_meeting GROUP BY 1",
    SummonsState: """SELECT CASE WHEN s.cancelled_at IS NOT NULL THEN 'cancelled' WHEN s.leaves_at > now()
        THEN 'leaving' ELSE coalesce(a.answer, 'waiting') END, count(DISTINCT s.case_id)
        FROM meetings_summons s LEFT JOIN meetings_summonsanswer a ON a.summons_id = s.id GROUP BY 1""",
    FollowUpState: "SELECT state, count(DISTINCT case_id) FROM followups_followup GROUP BY 1",
    Status: "SELECT status, count(DISTINCT case_id) FROM followups_progress GROUP BY 1",
    LeadTransferState: """SELECT CASE WHEN taken_back_at IS NOT NULL THEN 'taken_back' WHEN answered_at IS
        NULL THEN 'offered' WHEN is_accepted THEN 'accepted' ELSE 'declined' END, count(*)
        FROM plans_leadtransfer GROUP BY 1""",
    NoticeState: "SELECT state, count(*) FROM notifications_notice GROUP BY 1",
}


@pytest.mark.parametrize("states", STATES, ids=lambda one: one.__name__)
def test_every_state_has_at_least_three_cases(year: Any, states: type[models.TextChoices]) -> None:
    found = counted(year, STATES[states])

    assert {state.value: found.get(state.value, 0) for state in states if found.get(state.value, 0) < 3} == {}


CHOSEN_ELSEWHERE = {
    # Before any reader: what a person, a unit or a profession is called is the organisation's to say.
    ("organisation.Party", "kind"),
    ("organisation.UnitAssignment", "role"),
    ("people.Person", "number_kind"),
    # The hundred are women and men by the report's figures, so nobody of them is followed up as neither.
    ("meetings.Meeting", "sex_then"),
    ("followups.FollowUp", "sex_then"),
    ("followups.Closing", "sex_then"),
    ("consents.Consent", "language"),
    # Held by rows that last for a minute or are made by what the program does, not by a choice.
    ("links.Link", "subject"),
    ("links.Link", "kind"),
    # The summonses of the year are told on paper, so nobody has got a copy of one.
    ("disclosures.ReceivedCopy", "kind"),
    ("disclosures.Disclosure", "ground"),
    # Resting is derived and never stored.
    ("cases.Case", "state"),
}

NEVER_WRITTEN = {
    # Only what the person says herself is written down: the row policy takes nobody else's answer.
    ("consents.SurveyConsent", "given_by"): {"guardian", "guardians", "representative"},
    # Every picture is written anew as a photo (`papers.made_safe`), also one that was sent as a png.
    ("consents.SignedPaper", "kind"): {"image/png"},
}


def chosen() -> list[tuple[str, str, str, list[str]]]:
    """Every column of the concepts of issue 3 that holds one of some choices."""
    found = []
    for model in apps.get_models():
        label = model._meta.label
        if label.split(".")[0] not in (
            "cases",
            "meetings",
            "followups",
            "consultations",
            "people",
            "consents",
        ):
            continue
        for column in model._meta.concrete_fields:
            never = NEVER_WRITTEN.get((label, column.name), set())
            values = [str(value) for value, _name in column.flatchoices if value and value not in never]
            if values and (label, column.name) not in CHOSEN_ELSEWHERE:
                found.append((model._meta.db_table, column.column, label, values))
    return found


@pytest.mark.parametrize("where", chosen(), ids=lambda one: f"{one[2]}.{one[1]}")
def test_every_choice_is_used(year: Any, where: tuple[str, str, str, list[str]]) -> None:
    table, column, _label, values = where
    used = {row[0] for row in year.execute(f'SELECT DISTINCT "{column}" FROM {table}'.encode()).fetchall()}

    assert sorted(set(values) - used) == []


def test_somebody_has_thirty_rows_in_every_list(year: Any) -> None:
    siv = one(
        year,
        "SELECT p.id FROM organisation_professional p JOIN organisation_association f"
        " ON f.id = p.association_id AND f.short_name = 'humledalen' WHERE p.name = 'Siv Sandberg'",
    )
    mine = f"professional_id = '{siv}' AND ends_at IS NULL"
    lists = {
        "own cases": f"SELECT count(*) FROM cases_caseassignment WHERE {mine}",
        "what has come to a unit": "SELECT max(n) FROM (SELECT count(*) n FROM disclosures_disclosure"
        " GROUP BY receiver_unit_id) x",
        "requests for a plan": "SELECT max(n) FROM (SELECT count(*) n FROM initiations_planrequest"
        " GROUP BY unit_id) x",
        "consultations": f"SELECT count(*) FROM consultations_consultation WHERE registered_by_id = '{siv}'",
        "who has looked": "SELECT max(n) FROM (SELECT count(*) n FROM audit_event GROUP BY person_id) x",
        "what a unit answers for": "SELECT max(n) FROM (SELECT count(*) n FROM cases_caseassignment a"
        " WHERE role = 'responsible' AND ends_at IS NULL GROUP BY unit_id) x",
    }
    short = {name: rows for name, question in lists.items() if (rows := one(year, question)) < 30}

    assert short == {}


def test_the_longest_text_fills_ten_thousand_signs(year: Any) -> None:
    assert one(year, "SELECT max(length(situation)) FROM plans_goal") == 10_000


def test_the_ones_who_are_not_like_the_others_are_there(year: Any) -> None:
    found = {
        "an Arabic name": one(year, "SELECT count(*) FROM people_person WHERE given_name ~ '[؀-ۿ]'") > 0,
        "a protected identity": one(year, "SELECT count(*) FROM cases_case WHERE is_protected") > 0,
        "somebody who is sixteen": one(
            year, "SELECT count(*) FROM people_person WHERE born_year = extract(year FROM now()) - 16"
        )
        > 0,
        "an interpreter": one(year, "SELECT count(*) FROM people_person WHERE needs_interpreter") > 0,
        "a new lead": one(year, "SELECT count(*) FROM cases_case WHERE continues_id IS NOT NULL") > 0,
        "withdrawn in the middle": one(
            year,
            "SELECT count(*) FROM consents_consent k JOIN plans_plan p ON p.case_id = k.case_id"
            " JOIN cases_case c ON c.id = k.case_id WHERE k.withdrawn_at IS NOT NULL AND c.state = 'open'",
        )
        > 0,
        "another förbund": one(year, "SELECT count(*) FROM organisation_association") > 1,
    }
    assert [who for who, is_there in found.items() if not is_there] == []


def test_a_new_lead_is_still_one_sip(year: Any) -> None:
    assert one(year, "SELECT count(DISTINCT series) FROM cases_case WHERE continues_id IS NOT NULL") == 3
    assert (
        one(
            year,
            "SELECT count(*) FROM cases_case n JOIN cases_case o"
            " ON o.id = n.continues_id AND n.series <> o.series",
        )
        == 0
    )


def test_every_number_is_a_published_one(year: Any) -> None:
    from humla.core.secrets import unseal

    lines = (ROOT / "data" / "testnummer.txt").read_text().splitlines()
    published = {line for line in lines if line.isdigit()}
    used = [row[0] for row in year.execute("SELECT number FROM people_person WHERE number <> ''").fetchall()]

    assert {unseal(number, "people.person.number") for number in used} - published == set()
    assert Counter(len(number) > 0 for number in used)[True] > 100


def test_reasons_for_closing_and_livelihoods_are_all_there(year: Any) -> None:
    assert len(CloseReason) == len(counted(year, "SELECT reason, 1 FROM followups_closing"))
    assert len(Livelihood) == len(counted(year, "SELECT kind, 1 FROM followups_livelihoodline"))


def test_who_came_near_from_outside_is_there_to_go_through(year: psycopg.Connection[Any]) -> None:
    """A reviewer's, a manager's, an asker's and the person's lists are not empty."""
    waiting = {
        "a request": "SELECT count(*) FROM access_arrivedrequest WHERE answer = ''",
        "a refusal": "SELECT count(*) FROM access_arrivedrequest WHERE answer = 'no'",
        "a request that reached nobody": "SELECT count(*) FROM access_accessrequest r WHERE NOT EXISTS"
        " (SELECT 1 FROM access_arrivedrequest a WHERE a.request_id = r.id)",
        "an opening to review": "SELECT count(*) FROM access_manageropening o WHERE NOT EXISTS"
        " (SELECT 1 FROM access_logreview l WHERE l.opening_id = o.id)",
        "looks last week": "SELECT count(*) FROM audit_event WHERE tag = 'cases:case:read'"
        " AND at > now() - interval '14 days'",
        "a question to answer": "SELECT count(*) FROM access_lookquestion WHERE answered_at IS NULL",
        "an answer": "SELECT count(*) FROM access_lookquestion WHERE answered_at IS NOT NULL",
    }
    assert [what for what, question in waiting.items() if not one(year, question)] == []
