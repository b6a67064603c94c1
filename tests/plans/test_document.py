"""Eva's plan as a document: nothing stands in the wrong part, and a reader is shown what she has."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from humla.cases.models import Case, Category
from humla.core.context import acting
from humla.core.document import render_pdf
from humla.plans import actions
from humla.plans.document import Block, Change, difference, parts_of, shown
from humla.plans.models import Commitment, Doer, Goal
from humla.plans.paper import printed
from humla.plans.visibility import plan_of
from tests import factories
from tests.cast import Cast
from tests.core.test_document import squeezed, words

pytestmark = pytest.mark.django_db

SECRET_AREA = "Hälsa"
Parts = Mapping[Category, Sequence[Block]]
PRINT: dict[str, Any] = {"title": "Plan", "reference": "HX7", "dated": date(2026, 11, 22), "issuer": ""}


@pytest.fixture
def case(cast: Cast) -> Case:
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.whole_plan(cast, case, by=cast.siv)
    return case


def parts(cast: Cast, case: Case) -> Parts:
    with acting(cast.siv):
        plan = plan_of(case)
        assert plan is not None
        return parts_of(plan)


def kinds(parts: Parts) -> dict[str, list[str]]:
    return {category.value: [block["kind"] for block in blocks] for category, blocks in parts.items()}


def test_everything_stands_in_its_own_part(cast: Cast, case: Case) -> None:
    made = parts(cast, case)

    assert kinds(made) == {
        "IDENTITY": ["facts"],
        "PLANNING": ["facts", "commitment", "commitment"],
        "NEEDS": ["own_goal", "goal"],
        "HEALTH": ["commitment"],
        "ECONOMY": ["commitment"],
    }
    assert [factories.REFERRAL in str(blocks) for blocks in made.values()] == [
        False,
        False,
        False,
        True,
        False,
    ]
    assert [factories.BUDGET in str(blocks) for blocks in made.values()] == [False, False, False, False, True]
    assert ["19860611-2384" in str(blocks) for blocks in made.values()] == [True, False, False, False, False]
    assert ["Eva" in str(blocks) for blocks in made.values()] == [True, False, False, False, True]


def test_who_does_what_never_tells_the_life_area_of_a_goal_about_health(cast: Cast, case: Case) -> None:
    with acting(cast.siv):
        plan = plan_of(case)
        assert plan is not None
        area = cast.agreement.life_areas.get(name=SECRET_AREA)
        goal = actions.add_goal(
            plan, life_area=area, text="Nykterhet.", category=Category.HEALTH, by=cast.siv
        )
        actions.add_commitment(
            plan, goal=goal, doer=Doer.UNIT, unit=cast.units["siv"], what="Följa med", by=cast.siv
        )
    made = parts(cast, case)
    follow = [block for block in made[Category.PLANNING] if block.get("what") == "Följa med"]

    assert [block["goal"] for block in follow] == [str(goal.pk)]
    assert SECRET_AREA in str(made[Category.HEALTH])
    assert [SECRET_AREA in str(blocks) for key, blocks in made.items() if key != Category.HEALTH] == [
        False
    ] * 4


def test_a_reader_with_both_parts_gets_the_area_joined_in(cast: Cast, case: Case) -> None:
    made = parts(cast, case)
    alone = shown({Category.PLANNING: made[Category.PLANNING]})
    both = shown({key: made[key] for key in (Category.PLANNING, Category.NEEDS)})

    def areas(given: Sequence[object]) -> list[str]:
        blocks = [block for part in given for block in part.blocks]  # type: ignore[attr-defined]
        return [block["area"] for block in blocks if block["kind"] == "commitment"]

    assert sorted(areas(alone)) == ["", ""]
    assert sorted(areas(both)) == ["", "Försörjning"]


def test_her_own_words_are_read_first_and_whom_it_is_about_last(cast: Cast, case: Case) -> None:
    made = parts(cast, case)
    read = shown(made)
    document = printed(read, **PRINT)
    expected = [
        "Egna ord",
        "Behov",
        "Planering",
        "Hälsa",
        "Ekonomi",
        "Person",
    ]

    assert [part.label for part in read] == expected
    assert [section.heading for section in document.sections] == expected
    assert document.head == ()


def test_the_person_reads_du_and_her_number_masked_and_the_paper_has_it_whole(cast: Cast, case: Case) -> None:
    made = parts(cast, case)
    hers, paper = str(shown(made, to_person=True)), str(printed(shown(made), **PRINT))

    assert [text in hers for text in ("'who': 'Du'", "19860611-••••", "'who': 'Personen själv'")] == [
        True,
        True,
        False,
    ]
    assert [text in paper for text in ("Personen själv", "19860611-2384", "••••")] == [True, True, False]


def test_what_the_readers_own_unit_does_is_marked(cast: Cast, case: Case) -> None:
    read = shown(parts(cast, case), unit=cast.units["lena"].pk)
    ours = [block["what"] for part in read for block in part.blocks if block.get("is_ours")]

    assert ours == [factories.REFERRAL]
    assert [part.label for part in read if part.has_ours] == ["Hälsa"]


def test_nothing_by_others_is_said_in_the_plan(cast: Cast, case: Case) -> None:
    with acting(cast.siv):
        plan = plan_of(case)
        assert plan is not None
        for one in Commitment.objects.filter(doer=Doer.PERSON):
            actions.remove_commitment(one, by=cast.siv)
        plan.refresh_from_db()
        actions.settle(
            plan,
            accountable_party=cast.parties["Humlesunds kommun"],
            lead_id=None,
            nothing_by_others=True,
            follow_up_on=None,
            version=plan.version,
            by=cast.siv,
        )
    blocks = parts(cast, case)[Category.PLANNING]

    assert [block["text"] for block in blocks if block["kind"] == "statement"] == [
        "Ingen annan ska göra något."
    ]


def test_the_difference_says_what_is_new_changed_and_struck(cast: Cast, case: Case) -> None:
    before = parts(cast, case)
    with acting(cast.siv):
        plan = plan_of(case)
        assert plan is not None
        goal = Goal.objects.get(plan=plan)
        actions.change_goal(goal, version=goal.version, text="Ett eget företag.", by=cast.siv)
        actions.remove_commitment(Commitment.objects.get(what="Ringa vårdcentralen"), by=cast.siv)
        visit = Commitment.objects.get(what="Boka studiebesök")
        actions.change_commitment(visit, version=1, due_on=date(2027, 3, 1), by=cast.siv)
        actions.add_commitment(plan, doer=Doer.OTHER, other="Mamma", what="Passa barnen", by=cast.siv)

    nb = "\N{NO-BREAK SPACE}"
    assert difference(before, parts(cast, case)) == [
        Change("new", "Mamma: Passa barnen"),
        Change(
            "changed",
            "Arbetsmarknadstorget: Boka studiebesök",
            [f"Klart senast: 1{nb}mars{nb}2027 (förut: 15{nb}januari{nb}2027)"],
        ),
        Change(
            "changed", "Försörjning: Ett eget företag.", ["Text: Ett eget företag. (förut: En egen inkomst.)"]
        ),
        Change("struck", "Personen själv: Ringa vårdcentralen"),
    ]


def test_what_moves_to_another_part_is_told(cast: Cast, case: Case) -> None:
    before = parts(cast, case)
    with acting(cast.siv):
        budget = Commitment.objects.get(what=factories.BUDGET)
        actions.change_commitment(budget, version=1, category=Category.PLANNING, by=cast.siv)

    assert [change.details for change in difference(before, parts(cast, case))] == [
        ["Flyttat till Planering (förut: Ekonomi)"]
    ]


def test_the_same_plan_does_not_differ_from_itself(cast: Cast, case: Case) -> None:
    made = parts(cast, case)

    assert difference(made, made) == []


def test_the_pdf_holds_the_readers_parts_and_nothing_else(cast: Cast, case: Case) -> None:
    made = parts(cast, case)
    hers = {key: made[key] for key in (Category.IDENTITY, Category.PLANNING, Category.NEEDS)}
    document = printed(
        shown(hers), title="Plan", reference=case.reference, dated=date(2026, 11, 22), issuer="Torget"
    )
    with pikepdf.open(BytesIO(render_pdf(document))) as pdf:
        read = squeezed(words(pdf))
    expected = {factories.OWN_GOAL: True, "Boka studiebesök": True, "19860611-2384": True}
    withheld = {factories.REFERRAL: False, factories.BUDGET: False}

    assert {text: squeezed(text) in read for text in expected | withheld} == expected | withheld
    assert squeezed(factories.REFERRAL) in squeezed(str(made[Category.HEALTH]))


def test_long_hostile_text_and_three_hundred_rows_can_be_printed(cast: Cast) -> None:
    hostile = "#set page() <script> \\ أريد 🐝 " + "å" * 2000
    row = dict.fromkeys(("goal", "party", "known_by", "person_does", "area"), "") | {
        "kind": "commitment",
        "id": "1",
        "doer": "other",
        "who": hostile,
        "what": hostile,
        "responsible": hostile,
        "starts_on": "2026-11-22",
        "due_on": "2027-11-22",
    }
    rows = [
        row,
        *({**row, "id": str(at), "who": "Mamma", "what": "Ringa", "responsible": ""} for at in range(300)),
    ]
    document = printed(
        shown({Category.PLANNING: rows}), title="Plan", reference="HX7", dated=date(2026, 11, 22), issuer=""
    )
    with pikepdf.open(BytesIO(render_pdf(document))) as pdf:
        assert len(pdf.pages) > 5
