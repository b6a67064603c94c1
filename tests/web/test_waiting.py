"""Whose turn it is, in one sentence; the button that it asks for; and the line that says the same."""

from datetime import date
from uuid import UUID

import pytest

from humla.cases.models import CaseState
from humla.meetings.models import MeetingKind
from humla.scheduling.models import OfferState
from humla.web.waiting import (
    LABELS,
    LooksForTime,
    MeetingAhead,
    Stage,
    Step,
    case_steps,
    in_words,
    next_step,
    turn_of,
    who_waits,
)

TODAY = date(2026, 11, 22)
LATER, PASSED = date(2026, 12, 1), date(2026, 11, 20)
AF, FK, VC = "AF Humlesund", "FK Humlesund", "Vårdcentralen"
YES = {"answer": True}
ADOPTED = {**YES, "is_started": True, "missing": 0, "version": 1}
GIVEN = {**ADOPTED, "consented": [AF]}


def stage(**more: object) -> Stage:
    """Eva's case, with Siv reading the page."""
    known = {"person": "Eva", "responsible": "Siv Sandberg", "is_mine": True, "today": TODAY}
    return Stage(**{**known, "opened_on": date(2026, 11, 3), **more})  # type: ignore[arg-type]


def ahead(**more: object) -> MeetingAhead:
    """The first SIP meeting, on 1 December."""
    known = {"id": UUID(int=7), "kind": MeetingKind.FIRST, "on": LATER, "called": 2, "answer_by": LATER}
    return MeetingAhead(**{**known, **more})  # type: ignore[arg-type]


def looks(state: OfferState, *waits_for: str) -> LooksForTime:
    """A time is looked for, with answers by 1 December."""
    return LooksForTime(UUID(int=8), MeetingKind.FIRST, state, LATER, waits_for)


PREPARATORY = ahead(kind=MeetingKind.PREPARATORY, called=0)

# What is known, the sentence, the button's page, and the line: d(one) n(ow) w(aiting) s(topped) a(head)
# l(eft out), in the order behov, samtycke, förmöte, kallelse, möte, plan, uppföljning.
TABLE = [
    ({"state": CaseState.CLOSED, **YES}, "Ärendet är avslutat. Ingen väntar på någon.", None, "ddlllll"),
    (
        {"state": CaseState.MOVED, "went_to": AF, **ADOPTED},
        "AF Humlesund har tagit över ledningen. Ärendet fortsätter där.",
        None,
        "dddddda",
    ),
    (
        {"state": CaseState.RESTING, "resting_until": LATER, **YES},
        "Ärendet vilar till den 1 december 2026. Då kommer det tillbaka av sig självt.",
        None,
        "ddaaaaa",
    ),
    ({}, "Du frågar Eva om en plan ska göras. Skriv sedan in svaret.", "answer_plan", "dnaaaaa"),
    ({"answer": False}, "Eva har sagt nej till en plan. Ingen väntar på någon.", "close_case", "dsaaaaa"),
    (
        {**GIVEN, "offered_to": AF},
        "AF Humlesund svarar på om de tar över ledningen. Tills dess leder ni planen.",
        "offer_lead",
        "ddddddw",
    ),
    (
        YES,
        "Eva har sagt ja till en plan. Du förbereder mötet tillsammans med Eva.",
        "plan_meeting",
        "ddnaaaa",
    ),
    (
        {**YES, "meeting": PREPARATORY},
        "Förmötet med Eva är den 1 december 2026.",
        "meeting",
        "ddwaaaa",
    ),
    (
        {**YES, "meeting": ahead(kind=MeetingKind.PREPARATORY, on=PASSED, has_been=True)},
        "Förmötet var den 20 november 2026. Du skriver in hur det gick.",
        "hold_meeting",
        "ddnaaaa",
    ),
    (
        {**YES, "is_prepared": True, "prepared_on": PASSED, "result": "sip"},
        "Förberedelsen är klar. Du bestämmer en tid för mötet och kallar.",
        "plan_meeting",
        "dddnaaa",
    ),
    (
        {**YES, "is_prepared": True, "result": "later"},
        "Efter förmötet: inte just nu. Du låter ärendet vila tills det är dags.",
        "rest_case",
        "ddsaaaa",
    ),
    (
        {**YES, "is_prepared": True, "result": "no"},
        "Förmötet ledde till något annat än en SIP. Du avslutar ärendet.",
        "close_case",
        "ddsaaaa",
    ),
    (
        {**YES, "looking": looks(OfferState.PERSON, "Eva")},
        "Eva säger vilka mötestider som går. Sedan frågas de andra.",
        "time_offer",
        "ddawaaa",
    ),
    (
        {**YES, "looking": looks(OfferState.ANSWERS, AF)},
        "Väntar på tider från AF Humlesund, senast den 1 december 2026.",
        "time_offer",
        "ddawaaa",
    ),
    (
        {**YES, "looking": looks(OfferState.ENOUGH)},
        "Dags att välja tid. Du väljer den bästa och kallar.",
        "time_offer",
        "ddanaaa",
    ),
    (
        {**YES, "looking": looks(OfferState.NOBODY)},
        "Ingen av mötestiderna går. Du föreslår nya.",
        "time_offer",
        "ddanaaa",
    ),
    (
        {**YES, "meeting": ahead(called=0)},
        "Mötet är den 1 december 2026. Du kallar dem som ska komma.",
        "summon",
        "dddnaaa",
    ),
    (
        {**YES, "meeting": ahead(unanswered=[AF, FK])},
        "AF Humlesund och FK Humlesund svarar senast den 1 december 2026.",
        "meeting",
        "dddwaaa",
    ),
    (
        {**YES, "meeting": ahead(unanswered=[AF], answer_by=None)},
        "AF Humlesund har inte svarat än. Mötet är den 1 december 2026.",
        "meeting",
        "dddwaaa",
    ),
    (
        {**YES, "meeting": ahead(unanswered=[AF, FK], reminded_out=[AF])},
        "AF Humlesund har påmints och har inte svarat. Du ringer och skriver in svaret.",
        "meeting",
        "dddsaaa",
    ),
    (
        {**YES, "meeting": ahead(unanswered=[AF], answer_by=PASSED)},
        "AF Humlesund skulle ha svarat den 20 november 2026. Du ringer och skriver in svaret.",
        "meeting",
        "dddnaaa",
    ),
    (
        {**YES, "meeting": ahead(unanswered=[AF], other_time=[FK])},
        "FK Humlesund kan inte den tiden. Du flyttar mötet eller håller fast vid tiden.",
        "meeting",
        "dddnaaa",
    ),
    (
        {**YES, "meeting": ahead(other_time=[FK], wrong_unit=[VC])},
        "Vårdcentralen är fel enhet för kallelsen. Du kallar den rätta.",
        "meeting",
        "dddnaaa",
    ),
    (
        {**YES, "meeting": ahead()},
        "Alla har svarat. Mötet är den 1 december 2026.",
        "meeting",
        "ddddwaa",
    ),
    (
        {**YES, "meeting": ahead(on=PASSED, has_been=True)},
        "Mötet var den 20 november 2026. Du skriver in vilka som kom.",
        "hold_meeting",
        "ddddnaa",
    ),
    (
        {**YES, "met_on": PASSED},
        "Eva har sagt ja och väntar på planen. Du skriver klart den.",
        "plan",
        "dddddna",
    ),
    (
        {**YES, "is_started": True, "missing": 2},
        "Eva har sagt ja och väntar på planen. Du skriver klart den.",
        "plan",
        "ddaaana",
    ),
    (
        {**YES, "is_started": True, "missing": 0},
        "Planen är skriven. Du går igenom den med Eva och fastställer den.",
        "adopt_plan",
        "ddaaana",
    ),
    (
        ADOPTED,
        "Planen är fastställd. Ingen annan får läsa den förrän Eva samtycker.",
        "give_consent",
        "dsdddda",
    ),
    (
        {**ADOPTED, "withdrawn": [AF]},
        "Eva har tagit tillbaka samtycket till AF Humlesund. Ingen annan får läsa planen.",
        "give_consent",
        "dsdddda",
    ),
    (
        {**ADOPTED, "consented": [AF, FK], "waiting": [AF, FK]},
        "AF Humlesund och FK Humlesund väntar på att du lämnar ut planen till dem.",
        "plan_version",
        "dddddna",
    ),
    (
        {**GIVEN, "unread": [AF]},
        "AF Humlesund har fått planen. Ingen där har tagit emot den än.",
        None,
        "dddddwa",
    ),
    (
        {**GIVEN, "version": 2, "is_changed": True, "waiting": [AF]},
        "Planen är ändrad sedan version 2. Du fastställer den på nytt.",
        "adopt_plan",
        "dddddna",
    ),
    (
        {**GIVEN, "waiting": [AF], "meeting": ahead(kind=MeetingKind.FOLLOW_UP, unanswered=[AF])},
        "AF Humlesund väntar på att du lämnar ut planen.",
        "plan_version",
        "dddddna",
    ),
    (
        {**GIVEN, "met_on": PASSED, "meeting": ahead(kind=MeetingKind.FOLLOW_UP, unanswered=[AF])},
        "AF Humlesund svarar senast den 1 december 2026.",
        "meeting",
        "dddwdda",
    ),
    (
        GIVEN,
        "Alla som ska ha planen har fått den. Du bestämmer en dag för uppföljning.",
        "settle_plan",
        "ddddddn",
    ),
    (
        {**GIVEN, "follow_up_on": LATER},
        "Alla som ska ha planen har fått den. Nästa uppföljning är 1 december 2026.",
        "plan_meeting",
        "ddddddw",
    ),
    (
        {**GIVEN, "follow_up_on": PASSED},
        "Uppföljningen är bestämd till den 20 november 2026. Du följer upp, eller bestämmer en ny dag.",
        "begin_follow_up",
        "ddddddn",
    ),
    (
        {**GIVEN, "follow_up_on": PASSED, "is_following_up": True},
        "Uppföljningen är påbörjad. Du skriver klart den.",
        "follow_ups",
        "ddddddn",
    ),
    (
        {**GIVEN, "needs_no_follow_up": True, "followed_up_on": PASSED},
        "Alla har fått planen, och ingen mer uppföljning behövs. Du avslutar ärendet.",
        "close_case",
        "ddddddn",
    ),
]


@pytest.mark.parametrize(("now", "sentence", "page", "line"), TABLE)
def test_the_sentence_the_button_and_the_line_agree(now, sentence, page, line):
    here = stage(**now)
    step = next_step(here)

    assert who_waits(here).replace("\xa0", " ") == sentence
    assert (step.page if step else None) == page
    assert "".join(one["state"][0] for one in case_steps(here, {})) == line


@pytest.mark.parametrize("now", [row[0] for row in TABLE])
def test_a_colleague_reads_whom_it_waits_for_and_gets_no_button(now):
    hers = stage(**now, is_mine=False)

    assert next_step(hers) is None
    assert " du " not in f" {who_waits(hers).lower()} "


@pytest.mark.parametrize("now", [row[0] for row in TABLE])
def test_at_most_one_step_is_the_one_where_it_stands(now):
    states = [one["state"] for one in case_steps(stage(**now), {})]

    assert sum(one in ("now", "waiting", "stopped") for one in states) == (
        turn_of(stage(**now)).step is not None
    )


def test_every_turn_but_the_first_step_is_somebodys_at_some_time():
    turns = {turn_of(stage(**row[0])).step for row in TABLE}

    assert turns == {*Step} - {Step.NEED} | {None}


def test_the_line_has_its_steps_in_order_with_their_pages():
    steps = case_steps(stage(), {"plan": "/planen/"})

    assert [one["label"] for one in steps] == [str(label) for label in LABELS.values()]
    assert [one["url"] for one in steps] == ["", "", "", "", "", "/planen/", ""]


def test_a_step_that_is_not_reached_says_what_is_known_of_it():
    steps = case_steps(stage(**GIVEN, follow_up_on=LATER, waiting=[AF]), {})

    assert steps[-1] == {
        "label": "Uppföljning",
        "state": "ahead",
        "text": "Nästa är den 1\xa0december\xa02026",
        "url": "",
    }


def test_a_colleague_reads_the_name_of_the_one_who_is_responsible():
    assert who_waits(stage(is_mine=False)) == "Siv Sandberg frågar Eva om en plan ska göras."


def test_a_name_with_a_percent_sign_does_no_harm():
    assert who_waits(stage(person="Eva %(x)s 100%")).startswith("Du frågar Eva %(x)s 100% om")


@pytest.mark.parametrize(
    ("names", "words"),
    [([], ""), ([AF], AF), ([AF, FK], f"{AF} och {FK}"), ([AF, FK, "A", "B"], f"{AF}, {FK} och 2 till")],
)
def test_many_names_are_counted(names, words):
    assert in_words(names) == words
