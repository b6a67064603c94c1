"""What stands beside who does what in Eva's plan: kept by kind, struck, put back, told to nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from humla.audit.models import Event
from humla.cases.models import Case, Category
from humla.cases.visibility import case_seen
from humla.core.context import acting
from humla.core.document import render_pdf
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.disclosures.models import Document
from humla.plans import actions
from humla.plans.document import Change, blocks_of, difference, parts_of, shown
from humla.plans.lead import take_over
from humla.plans.models import Milestone, OtherPlan, PersonSays, Plan, Reservation, UnmetNeed
from humla.plans.paper import plain, printed
from humla.plans.visibility import lead_transfers_in, parts_in, plan_of
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting
from tests.core.test_document import squeezed, words

pytestmark = pytest.mark.django_db

PRINT: dict[str, Any] = {"title": "Plan", "reference": "HX7", "dated": date(2026, 11, 22), "issuer": ""}
EVERYTHING = (factories.REFUSAL, factories.QUEUE, factories.NOBODYS, "Ett studiebesök", "HP 44")


@pytest.fixture
def case(cast: Cast) -> Case:
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.whole_plan(cast, case, by=cast.siv)
    return case


@pytest.fixture
def plan(cast: Cast, case: Case) -> Iterator[Plan]:
    factories.besides(cast, case, by=cast.siv)
    with acting(cast.siv):
        yield whole(case)


def whole(case: Case) -> Plan:
    found = plan_of(case)
    assert found is not None
    return found


def adopted(case: Case, cast: Cast, **answer: str) -> Document:
    plan = whole(case)
    return actions.adopt(plan, version=plan.version, by=cast.siv, **answer)


def test_each_row_stands_in_its_own_kind_and_a_step_in_that_of_its_goal(plan: Plan) -> None:
    where = {
        block["kind"]: category.value
        for category, blocks in parts_of(plan).items()
        for block in blocks
        if block["kind"] in ("milestone", "reservation", "unmet_need", "other_plan")
    }

    assert where == {
        "milestone": "NEEDS",
        "reservation": "HEALTH",
        "unmet_need": "NEEDS",
        "other_plan": "PLANNING",
    }


def test_a_goal_that_becomes_health_takes_its_steps_along(plan: Plan, cast: Cast, case: Case) -> None:
    goal = plan.goals.all()[0]
    actions.change_goal(goal, version=goal.version, category=Category.HEALTH, by=cast.siv)
    said = parts_of(whole(case))

    assert [
        factories.NOBODYS in str(said[Category.NEEDS]),
        "Ett studiebesök" in str(said[Category.NEEDS]),
    ] == [
        True,
        False,
    ]
    assert "Ett studiebesök" in str(said[Category.HEALTH])


@pytest.mark.usefixtures("plan")
def test_who_may_not_know_health_never_learns_what_the_clinic_refused(cast: Cast, case: Case) -> None:
    factories.consent(case, cast.units["amir"], by=cast.siv)
    with acting(cast.siv):
        document = adopted(case, cast)
    disclosure = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(disclosure, by=cast.amir)
    with acting(cast.siv):
        held = str([part.content for part in parts_in(document)])
    with acting(cast.amir):
        read = str([part.content for part in parts_in(document)])
        rows = [model.objects.count() for model in (Milestone, Reservation, UnmetNeed, OtherPlan)]

    assert [text in held for text in EVERYTHING] == [True] * 5
    assert [text in read for text in EVERYTHING] == [False, False, True, True, True]
    assert rows == [0, 0, 0, 0]


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize("who", ["amir", "lena", "nils", "stranger", "maja"])
def test_nobody_else_reads_the_rows(who: str, cast: Cast) -> None:
    with acting(getattr(cast, who)):
        assert [model.objects.count() for model in (Milestone, Reservation, UnmetNeed, OtherPlan)] == [0] * 4


@pytest.mark.parametrize("who", ["amir", "lena", "nils", "maja"])
def test_nobody_else_writes_the_rows(who: str, plan: Plan, cast: Cast) -> None:
    refusal, other = Reservation.objects.get(), getattr(cast, who)
    refusal.plan = plan
    with acting(other):
        with pytest.raises(NotAllowed):
            actions.change_row(refusal, version=1, what="Inget.", by=other)
        with pytest.raises(NotAllowed):
            actions.strike_row(refusal, by=other)


def test_the_person_reads_every_row_of_her_plan(plan: Plan, cast: Cast) -> None:
    with person_acting(cast.eva):
        assert [model.objects.count() for model in (Milestone, Reservation, UnmetNeed, OtherPlan)] == [1] * 4


@pytest.mark.parametrize(
    ("model", "field"),
    [(Milestone, "text"), (Reservation, "why"), (UnmetNeed, "what"), (OtherPlan, "owner")],
)
def test_a_row_is_changed_struck_and_put_back_and_the_later_writer_is_told(
    model: type[Any], field: str, plan: Plan, cast: Cast, case: Case
) -> None:
    row = model.objects.get()
    row.plan, before = plan, plan.version
    actions.change_row(row, version=1, by=cast.siv, **{field: "Andra ord"})
    with pytest.raises(Stale) as stale:
        actions.change_row(row, version=1, by=cast.siv, **{field: "Mina ord"})
    actions.strike_row(row, by=cast.siv)
    struck = str(parts_of(whole(case)))
    actions.restore_row(row, by=cast.siv)

    assert getattr(stale.value.theirs, field) == "Andra ord"
    assert ("Andra ord" in struck, "Andra ord" in str(parts_of(whole(case)))) == (False, True)
    assert whole(case).version == before + 3


def test_a_struck_goal_takes_its_steps_along(plan: Plan, cast: Cast, case: Case) -> None:
    actions.remove_goal(plan.goals.all()[0], by=cast.siv)

    assert "Ett studiebesök" not in str(parts_of(whole(case)))


def test_what_is_written_is_on_the_trail_by_kind_and_version(plan: Plan, cast: Cast) -> None:
    row = Reservation.objects.get()
    row.plan = plan
    actions.change_row(row, version=1, why="Kön är lång.", by=cast.siv)
    with acting(replace(cast.siv, role="log_reviewer")):
        items = [item for event in Event.objects.filter(tag="plans:plan:changed") for item in event.items]

    assert ["reservation", str(row.pk), 2] in [list(item) for item in items]


def test_a_category_that_no_row_can_have_is_refused(plan: Plan, cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="Välj vilket slag"):
        actions.add_reservation(
            plan, unit=cast.units["lena"], what="x", why="y", category=Category.PROTECTED, by=cast.siv
        )


# --- how versions differ and what is printed ----------------------------------------------------------------


def test_the_difference_names_each_kind_of_row(plan: Plan, cast: Cast, case: Case) -> None:
    refusal, need = Reservation.objects.get(), UnmetNeed.objects.get()
    refusal.plan = need.plan = plan
    before = parts_of(plan)
    actions.change_row(refusal, version=1, why="Bara ett år.", by=cast.siv)
    actions.strike_row(need, by=cast.siv)
    goal = whole(case).goals.all()[0]
    actions.add_milestone(whole(case), goal=goal, text="En vecka på prov", by=cast.siv)

    clinic = cast.units["lena"].name
    assert difference(before, parts_of(whole(case))) == [
        Change("new", "Delmål: En vecka på prov"),
        Change(
            "changed",
            f"{clinic} åtar sig inte: {factories.REFUSAL}",
            [f"Varför: Bara ett år. (förut: {factories.QUEUE})"],
        ),
        Change("struck", f"Behov som ingen möter: {factories.NOBODYS}"),
    ]


def test_everything_is_on_paper_and_in_the_text(plan: Plan) -> None:
    document = printed(shown(parts_of(plan)), **PRINT)
    with pikepdf.open(BytesIO(render_pdf(document))) as pdf:
        read = squeezed(words(pdf))
    text = plain(document)

    assert {each: (squeezed(each) in read, each in text) for each in EVERYTHING} == dict.fromkeys(
        EVERYTHING, (True, True)
    )
    assert "För att: " + factories.QUEUE in text


def test_a_version_from_before_these_rows_can_still_be_read_and_printed(cast: Cast, case: Case) -> None:
    with acting(cast.siv):
        made = parts_of(whole(case))
    for blocks in made.values():
        for block in blocks:
            block.pop("starts_when", None)

    read = shown(made)
    assert factories.OWN_GOAL in plain(printed(read, **PRINT))
    assert difference(made, made) == []


# --- the next time, the person's answer, whom to call -------------------------------------------------------


def settled(plan: Plan, cast: Cast, **other: Any) -> Plan:
    told: dict[str, Any] = {
        "accountable_party": plan.accountable_party,
        "lead_id": plan.lead_id,
        "nothing_by_others": False,
        "follow_up_on": None,
        **other,
    }
    return actions.settle(plan, version=whole(plan.case).version, by=cast.siv, **told)


def test_no_plan_is_adopted_without_a_next_time_or_who_decided_that_none_is_needed(
    plan: Plan, cast: Cast, case: Case
) -> None:
    settled(plan, cast)
    with pytest.raises(NotAllowed, match="Det står inte när planen följs upp"):
        adopted(case, cast)
    settled(plan, cast, no_follow_up_by="Eva och Siv")
    document = adopted(case, cast)

    assert "Behövs inte. Bestämt av: Eva och Siv" in str(blocks_of(parts_in(document))["PLANNING"])


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"follow_up_on": date(2027, 1, 1), "no_follow_up_by": "Siv"}, "inte båda"),
        ({"stand_in_id": "lead"}, "någon annan"),
        ({"if_worse": "112", "if_worse_category": Category.PROTECTED}, "Välj vilket slag"),
    ],
)
def test_what_contradicts_itself_is_refused(
    told: dict[str, Any], sentence: str, plan: Plan, cast: Cast
) -> None:
    if told.get("stand_in_id"):
        told = {"stand_in_id": plan.lead_id}
    with pytest.raises(NotAllowed, match=sentence):
        settled(plan, cast, **told)


def test_whom_to_call_is_told_by_its_own_kind_and_the_stand_in_with_the_lead(
    plan: Plan, cast: Cast, case: Case
) -> None:
    settled(
        plan,
        cast,
        stand_in_id=cast.maja.id,
        if_worse="Psykiatrins akutmottagning 060-18 10 00",
        if_worse_category=Category.HEALTH,
        follow_up_on=date(2027, 2, 20),
    )
    said = parts_of(whole(case))

    assert [category for category, blocks in said.items() if "akutmottagning" in str(blocks)] == [
        Category.HEALTH
    ]
    assert [category for category, blocks in said.items() if cast.maja.name in str(blocks)] == [
        Category.IDENTITY
    ]


def test_silence_is_never_yes(plan: Plan, cast: Cast, case: Case) -> None:
    document = adopted(case, cast)

    assert ["Är personen med på planen?", "har inte svarat"] in blocks_of(parts_in(document))["PLANNING"][0][
        "rows"
    ]


def test_a_no_does_not_stop_the_plan_and_stands_in_it_with_her_words(
    plan: Plan, cast: Cast, case: Case
) -> None:
    document = adopted(case, cast, says=PersonSays.NO, why="Det går för fort.")
    blocks = blocks_of(parts_in(document))
    hers, others = shown(blocks, to_person=True), shown(blocks)

    assert ["Är personen med på planen?", "nej"] in blocks["PLANNING"][0]["rows"]
    assert [key for key, every in blocks.items() if "Det går för fort." in str(every)] == ["NEEDS"]
    assert ("Du är inte med på planen" in str(hers), "Är du med på planen?" in str(hers)) == (True, True)
    assert "Personen är inte med på planen" in str(others)
    assert "Det går för fort." in plain(printed(others, **PRINT))


def test_that_she_could_not_answer_needs_its_reason(plan: Plan, cast: Cast, case: Case) -> None:
    with pytest.raises(NotAllowed, match="Skriv varför personen inte kunde svara"):
        adopted(case, cast, says=PersonSays.COULD_NOT)
    document = adopted(case, cast, says=PersonSays.COULD_NOT, why="Ligger på sjukhus.")
    blocks = [block for every in blocks_of(parts_in(document)).values() for block in every]

    assert [
        block["heading"] for block in blocks if block["kind"] == "statement" and "sjukhus" in block["text"]
    ] == ["Personen kunde inte svara"]
    assert [block for block in blocks if block["kind"] == "own_answer"] == []


def test_an_answer_is_for_the_version_it_was_given_to(plan: Plan, cast: Cast, case: Case) -> None:
    first = adopted(case, cast, says=PersonSays.YES)
    with pytest.raises(NotAllowed, match="redan fastställd"):
        adopted(case, cast, says=PersonSays.YES)
    second = adopted(case, cast, says=PersonSays.NO, why="Jag ångrade mig.")
    changes = difference(blocks_of(parts_in(first)), blocks_of(parts_in(second)))

    assert (second.version, [change.what for change in changes]) == (
        2,
        ["Personens svar om planen", "Är personen med på planen?"],
    )
    assert difference(blocks_of(parts_in(second)), parts_of(whole(case))) == []


# --- another authority takes over the lead ------------------------------------------------------------------


@pytest.mark.usefixtures("plan")
def test_the_new_lead_writes_on_from_the_rows_it_was_given_and_no_others(cast: Cast, case: Case) -> None:
    factories.consent(case, cast.units["amir"], by=cast.siv)
    with acting(cast.siv):
        document = adopted(case, cast)
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )
    factories.lead_offered(case, by=cast.siv, to=cast.units["amir"])
    with acting(cast.amir):
        (offer,) = lead_transfers_in(case.pk)
        seen = case_seen(case.pk)
        assert seen is not None
        offer.case = seen
        take_over(offer, given_name="Eva", family_name="Ek", by=cast.amir)
        steps, needs, others = Milestone.objects.get(), UnmetNeed.objects.get(), OtherPlan.objects.get()
        refusals = Reservation.objects.count()

    assert (steps.text, steps.due_on) == ("Ett studiebesök", date(2027, 1, 10))
    assert (needs.what, needs.why, needs.category) == (factories.NOBODYS, "not_offered", "NEEDS")
    assert (others.kind, others.reference, refusals) == ("handlingsplan", "HP 44", 0)
