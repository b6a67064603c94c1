"""Whose turn it is, in one sentence; and the line of steps that says the same."""

from datetime import date

import pytest

from humla.web.waiting import Stage, case_steps, in_words, next_step, who_waits


def stage(**more: object) -> Stage:
    """Eva's case, with Siv reading the page."""
    known = {"person": "Eva", "responsible": "Siv Sandberg", "is_mine": True, "opened_on": date(2026, 11, 3)}
    return Stage(**(known | more))  # type: ignore[arg-type]


AF, FK = "AF Humlesund", "FK Humlesund"


@pytest.mark.parametrize(
    ("now", "sentence", "states"),
    [
        ({}, "Du frågar Eva om en plan ska göras. Skriv sedan in svaret.", "done now ahead ahead"),
        (
            {"answer": False},
            "Eva har sagt nej till en plan. Ingen väntar på någon.",
            "done stopped ahead ahead",
        ),
        (
            {"answer": True, "missing": 4},
            "Eva har sagt ja och väntar på planen. Du skriver klart den.",
            "done done now ahead",
        ),
        (
            {"answer": True},
            "Planen är skriven. Du går igenom den med Eva och fastställer den.",
            "done done now ahead",
        ),
        (
            {"answer": True, "version": 1},
            "Planen är fastställd. Ingen annan får läsa den förrän Eva samtycker.",
            "done stopped done ahead",
        ),
        (
            {"answer": True, "version": 1, "consented": [AF, FK], "waiting": [AF, FK]},
            "AF Humlesund och FK Humlesund väntar på att du lämnar ut planen till dem.",
            "done done done now",
        ),
        (
            {"answer": True, "version": 1, "consented": [AF], "unread": [AF]},
            "AF Humlesund har fått planen. Ingen där har tagit emot den än.",
            "done done done waiting",
        ),
        (
            {"answer": True, "version": 2, "is_changed": True, "consented": [AF], "waiting": [AF]},
            "Planen är ändrad sedan version 2. Du fastställer den på nytt.",
            "done done now now",
        ),
        (
            {"answer": True, "version": 1, "consented": [AF], "follow_up_on": date(2027, 2, 20)},
            "Alla som ska ha planen har fått den. Nästa uppföljning är 20\xa0februari\xa02027.",
            "done done done done",
        ),
        (
            {"answer": True, "version": 1, "consented": [AF]},
            "Alla som ska ha planen har fått den.",
            "done done done done",
        ),
        ({"is_closed": True}, "Ärendet är avslutat. Ingen väntar på någon.", "done ahead ahead ahead"),
    ],
)
def test_the_sentence_and_the_line_agree(now, sentence, states):
    assert who_waits(stage(**now)) == sentence
    assert " ".join(step["state"] for step in case_steps(stage(**now), {})) == states


def test_a_colleague_reads_whom_it_waits_for():
    assert who_waits(stage(is_mine=False)) == "Siv Sandberg frågar Eva om en plan ska göras."


def test_a_name_with_a_percent_sign_does_no_harm():
    assert who_waits(stage(person="Eva %(x)s 100%")).startswith("Du frågar Eva %(x)s 100% om")


@pytest.mark.parametrize(
    ("names", "words"),
    [([], ""), ([AF], AF), ([AF, FK], f"{AF} och {FK}"), ([AF, FK, "A", "B"], f"{AF}, {FK} och 2 till")],
)
def test_many_names_are_counted(names, words):
    assert in_words(names) == words


@pytest.mark.parametrize(
    ("now", "page"),
    [
        ({}, "answer_plan"),
        ({"answer": True, "missing": 4}, "plan"),
        ({"answer": True}, "adopt_plan"),
        ({"answer": True, "version": 1, "consented": [AF], "waiting": [AF]}, "plan_version"),
        ({"answer": True, "version": 1}, "give_consent"),
        ({"answer": True, "version": 1, "consented": [AF]}, None),
        ({"answer": False}, None),
        ({"is_mine": False}, None),
    ],
)
def test_the_button_beside_the_sentence_leads_where_it_points(now, page):
    step = next_step(stage(**now))
    assert (step.page if step else None) == page


def test_a_consent_taken_back_is_said_when_nobody_is_left_to_read():
    said = who_waits(stage(answer=True, version=1, withdrawn=[AF]))
    assert said == "Eva har tagit tillbaka samtycket till AF Humlesund. Ingen annan får läsa planen."
