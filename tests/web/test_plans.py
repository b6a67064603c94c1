"""The pages where Siv writes Eva's plan: one screen, few keystrokes, nothing lost, nothing leaked."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.audit.models import Event
from humla.cases.models import Case, Category
from humla.core.context import acting
from humla.core.dates import today
from humla.drafts.actions import count_up, counted, draft_of, keep_draft
from humla.plans import actions
from humla.plans.models import Commitment, Doer, Goal, Plan
from humla.plans.visibility import plan_of
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Any]


@pytest.fixture
def case(cast: Cast) -> Case:
    return factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)


@pytest.fixture
def siv(sign_in: SignIn, cast: Cast) -> Any:
    return sign_in(cast.siv)


def at(name: str, case: Case, **ids: Any) -> str:
    return reverse(name, kwargs={"case_id": case.pk, **ids})


def whole(cast: Cast, case: Case) -> Plan:
    with acting(cast.siv):
        plan = plan_of(case)
    assert plan is not None
    return plan


def started(cast: Cast, case: Case) -> Plan:
    with acting(cast.siv):
        return actions.start_plan(case, by=cast.siv)


def text_of(response: Any) -> str:
    content: str = response.content.decode()
    return content


def row(cast: Cast, **other: Any) -> dict[str, Any]:
    return {
        "who": str(cast.units["siv"].pk),
        "what": "Boka studiebesök",
        "category": "PLANNING",
        "goal": "",
        **other,
    }


def test_siv_starts_the_plan_with_one_button(siv: Any, cast: Cast, case: Case) -> None:
    before = text_of(siv.get(at("plan", case)))
    answer = siv.send(at("plan", case))

    assert "Planen är inte påbörjad" in before
    assert (answer.status_code, answer.url) == (302, at("plan", case))
    assert whole(cast, case).version == 1


def test_the_page_says_every_missing_part_with_its_way_there(siv: Any, cast: Cast, case: Case) -> None:
    started(cast, case)
    page = text_of(siv.get(at("plan", case)))

    for sentence in ("vilka insatser som behövs", "svarar för", "vad andra gör", "övergripande ansvaret"):
        assert sentence in page
    assert f'href="{at("settle_plan", case)}"' in page
    assert f'href="{at("add_commitment", case)}?vem=person">Skriv vad andra gör</a>' in page
    assert f'href="{at("plan", case)}?ny=1#id_rad_who"' in page
    assert "10 kap. 9 § socialtjänstlagen (2025:400)" in page


def test_the_box_shrinks_when_the_plan_is_whole(siv: Any, cast: Cast, case: Case) -> None:
    factories.whole_plan(cast, case, by=cast.siv)
    page = text_of(siv.get(at("plan", case)))

    assert "Planen är hel och kan fastställas." in page
    assert "saknas för att planen" not in page
    assert factories.OWN_GOAL in page


def test_a_plan_that_is_adopted_and_unchanged_offers_to_hand_it_over(
    siv: Any, cast: Cast, case: Case
) -> None:
    plan = factories.whole_plan(cast, case, by=cast.siv)
    with acting(cast.siv):
        actions.adopt(plan, version=plan.version, by=cast.siv)
    adopted = text_of(siv.get(at("plan", case)))
    siv.send(at("add_commitment", case), row(cast))
    changed = text_of(siv.get(at("plan", case)))

    hand_over, read = f'href="{at("plan_version", case, version=1)}"', f'href="{at("adopt_plan", case)}"'
    heads = [
        page.partition('class="page-head"')[2].partition('class="split"')[0] for page in (adopted, changed)
    ]
    assert [(hand_over in head, read in head) for head in heads] == [(True, False), (False, True)]
    assert "Lämna ut version 1" in heads[0]


def test_a_row_takes_who_and_what_and_a_fresh_one_waits(siv: Any, cast: Cast, case: Case) -> None:
    plan = started(cast, case)
    with acting(cast.siv):
        goal = actions.add_goal(
            plan, life_area=cast.agreement.life_areas.all()[0], text="Ett jobb.", by=cast.siv
        )
    answer = siv.send(at("add_commitment", case), row(cast, goal=str(goal.pk), due_on="2027-01-15"))
    page = text_of(siv.get(answer.url.partition("#")[0]))

    unit = cast.units["siv"].pk
    assert answer.url == f"{at('plan', case)}?mal={goal.pk}&vem={unit}&ny=1#id_rad_what"
    assert "Boka studiebesök" in page
    assert f'<option value="{unit}" selected>' in page
    assert f'<option value="{goal.pk}" selected>' in page
    assert "autofocus" in page


def test_on_a_telephone_what_is_missing_comes_before_the_long_list(siv: Any, cast: Cast, case: Case) -> None:
    started(cast, case)
    page = text_of(siv.get(at("plan", case)))

    assert page.index("Det här saknas") < page.index("Vad vill personen själv?")


def test_the_way_to_what_others_do_has_the_person_chosen_and_says_what_to_do_if_nobody_does(
    siv: Any, cast: Cast, case: Case
) -> None:
    started(cast, case)
    page = text_of(siv.get(at("add_commitment", case) + "?vem=person"))

    assert '<option value="person" selected>' in page
    assert "Kryssa då i Ingen annan ska göra något i stället." in page
    assert f'href="{at("settle_plan", case)}#id_nothing_by_others"' in page


# --- what a row tells, and to whom -------------------------------------------------------------------------


def goal_about(cast: Cast, plan: Plan, category: Category) -> Goal:
    with acting(cast.siv):
        area = cast.agreement.life_areas.all()[0]
        return actions.add_goal(plan, life_area=area, text="Må bättre.", category=category, by=cast.siv)


@pytest.mark.parametrize(
    ("goals", "rows"),
    [
        (Category.HEALTH, "HEALTH"),
        (Category.ECONOMY, "ECONOMY"),
        (Category.INTERNAL, "INTERNAL"),
        (Category.NEEDS, "PLANNING"),
        (Category.PLANNING, "PLANNING"),
    ],
)
def test_a_row_that_is_left_as_its_goal_is_as_secret_as_the_goal(
    goals: Category, rows: str, siv: Any, cast: Cast, case: Case
) -> None:
    plan = started(cast, case)
    goal = goal_about(cast, plan, goals)
    form = text_of(siv.get(at("plan", case) + f"?mal={goal.pk}&ny=1"))
    siv.send(at("add_commitment", case), row(cast, goal=str(goal.pk), category="goal"))

    assert '<option value="goal" selected>Som målet</option>' in form
    with acting(cast.siv):
        assert Commitment.objects.get(plan=plan).category == rows


def test_what_is_said_of_a_row_counts_more_than_its_goal(siv: Any, cast: Cast, case: Case) -> None:
    plan = started(cast, case)
    goal = goal_about(cast, plan, Category.HEALTH)
    siv.send(at("add_commitment", case), row(cast, goal=str(goal.pk), category="PLANNING"))

    with acting(cast.siv):
        assert Commitment.objects.get(plan=plan).category == "PLANNING"


@pytest.mark.parametrize(
    ("has_goals", "unsaid", "sentence"),
    [
        (False, "", "Välj vilket slag av uppgift det är."),
        (True, "goal", "Raden hör inte till något mål. Välj slag av uppgift."),
    ],
)
def test_a_row_without_a_goal_is_asked_what_it_tells(
    has_goals: bool, unsaid: str, sentence: str, siv: Any, cast: Cast, case: Case
) -> None:
    plan = started(cast, case)
    if has_goals:
        goal_about(cast, plan, Category.HEALTH)
    form = text_of(siv.get(at("plan", case)))
    answer = siv.send(at("add_commitment", case), row(cast, what=factories.REFERRAL, category=unsaid))

    assert answer.status_code == 200
    assert f'<option value="{unsaid}" selected>' in form.partition('name="category"')[2]
    assert (sentence in text_of(answer), factories.REFERRAL in text_of(answer)) == (True, True)
    with acting(cast.siv):
        assert list(Commitment.objects.filter(plan=plan)) == []


def test_who_makes_a_goal_health_is_told_that_its_rows_went_along(siv: Any, cast: Cast, case: Case) -> None:
    plan = started(cast, case)
    goal = goal_about(cast, plan, Category.NEEDS)
    siv.send(at("add_commitment", case), row(cast, goal=str(goal.pk), category="goal"))
    told = {"life_area": goal.life_area_id, "situation": "", "text": goal.text, "version": "1"}
    siv.send(at("goal", case, goal_id=goal.pk), told | {"category": "HEALTH"})
    page = text_of(siv.get(at("plan", case)))

    assert "Raden som hör till det är också Hälsa nu" in page
    with acting(cast.siv):
        assert Commitment.objects.get(plan=plan).category == "HEALTH"


def test_a_row_that_is_moved_to_a_goal_about_health_becomes_health_and_never_the_other_way(
    siv: Any, cast: Cast, case: Case
) -> None:
    plan = started(cast, case)
    health, work = goal_about(cast, plan, Category.HEALTH), goal_about(cast, plan, Category.NEEDS)
    with acting(cast.siv):
        open_row = actions.add_commitment(plan, goal=work, doer=Doer.PERSON, what="Ringa", by=cast.siv)
        care = actions.add_commitment(
            plan, goal=health, doer=Doer.PERSON, what="Boka tid", category=Category.HEALTH, by=cast.siv
        )
    for one, goal in ((open_row, health), (care, work)):
        path = at("commitment", case, commitment_id=one.pk)
        form = text_of(siv.get(path))
        field = form.partition('name="category"')[2].partition("</select>")[0]
        shown = field.partition(" selected")[0].rpartition('value="')[2].strip('"')
        moved = row(cast, who="person", what=one.what, goal=str(goal.pk), category=shown)
        siv.send(path, {**moved, "version": one.version})

    with acting(cast.siv):
        rows = Commitment.objects.filter(plan=plan)
        assert {one.what: one.category for one in rows} == {"Ringa": "HEALTH", "Boka tid": "HEALTH"}


def test_a_row_by_somebody_else_needs_a_name(siv: Any, cast: Cast, case: Case) -> None:
    started(cast, case)
    answer = siv.send(at("add_commitment", case), row(cast, who="other", what="Bjuda in till praktik"))

    assert answer.status_code == 200
    assert "Skriv vem det är." in text_of(answer)
    assert "Bjuda in till praktik" in text_of(answer)


def test_a_row_must_end_after_it_begins(siv: Any, cast: Cast, case: Case) -> None:
    started(cast, case)
    answer = siv.send(at("add_commitment", case), row(cast, starts_on="2027-02-01", due_on="2027-01-01"))

    assert "Det måste vara klart efter att det börjar." in text_of(answer)


def test_new_words_for_the_own_goal_ask_for_a_new_day(siv: Any, cast: Cast, case: Case) -> None:
    factories.whole_plan(cast, case, by=cast.siv)
    form = text_of(siv.get(at("own_goal", case)))
    refused = siv.send(
        at("own_goal", case), {"text": "Sova.", "told_to": "Siv", "category": "NEEDS", "version": "0"}
    )
    plan = whole(cast, case)

    assert 'name="said_on"' in form
    assert 'value="2026-11-20"' not in form
    assert refused.status_code == 200
    assert "Skriv ett datum" in text_of(refused)
    assert plan.own_goal == factories.OWN_GOAL


def test_the_own_goal_is_saved_though_a_row_was_added_meanwhile(siv: Any, cast: Cast, case: Case) -> None:
    plan = started(cast, case)
    form = text_of(siv.get(at("own_goal", case)))
    was = form.partition('name="was" value="')[2].partition('"')[0]
    with acting(cast.siv):
        actions.add_commitment(plan, doer=Doer.PERSON, what="Ringa", by=cast.siv)
    told = {"text": "Sova.", "said_on": "2026-11-20", "told_to": "Siv", "category": "NEEDS"}
    answer = siv.send(at("own_goal", case), {**told, "was": was, "version": plan.version})

    assert answer.status_code == 302
    assert whole(cast, case).own_goal == "Sova."


def test_two_who_changed_the_same_goal_see_both_texts(siv: Any, cast: Cast, case: Case) -> None:
    plan = started(cast, case)
    with acting(cast.siv):
        area = cast.agreement.life_areas.all()[0]
        goal = actions.add_goal(plan, life_area=area, text="Ett jobb.", by=cast.siv)
        actions.change_goal(goal, version=1, text="En praktikplats.", by=cast.siv)
    mine = {"life_area": area.pk, "situation": "", "text": "En utbildning.", "category": "NEEDS"}
    stale = siv.send(at("goal", case, goal_id=goal.pk), {**mine, "version": 1})
    page = text_of(stale)
    again = siv.send(at("goal", case, goal_id=goal.pk), {**mine, "version": 2})

    assert stale.status_code == 200
    assert ("En praktikplats." in page, "En utbildning." in page) == (True, True)
    assert '<input type="hidden" name="version" value="2">' in page
    assert again.status_code == 302
    with acting(cast.siv):
        assert Goal.objects.get(pk=goal.pk).text == "En utbildning."


def test_two_who_changed_the_own_goal_see_both_texts(siv: Any, cast: Cast, case: Case) -> None:
    factories.whole_plan(cast, case, by=cast.siv)
    told = {"text": "Sova hela natten.", "said_on": "2026-11-21", "told_to": "Siv", "category": "NEEDS"}
    page = text_of(siv.send(at("own_goal", case), {**told, "was": "gammalt", "version": 1}))

    assert ("Sova hela natten." in page, factories.OWN_GOAL in page) == (True, True)
    assert whole(cast, case).own_goal == factories.OWN_GOAL


def test_a_struck_row_stands_there_until_it_is_put_back(siv: Any, cast: Cast, case: Case) -> None:
    plan = started(cast, case)
    with acting(cast.siv):
        one = actions.add_commitment(plan, doer=Doer.PERSON, what="Ringa vårdcentralen", by=cast.siv)
    path = at("remove_commitment", case, commitment_id=one.pk)
    answer = siv.send(path)
    struck = text_of(siv.get(at("plan", case)))
    siv.send(path, {"angra": "1"})
    back = text_of(siv.get(at("plan", case)))

    assert answer.url == f"{at('plan', case)}#rad-{one.pk}"
    assert '<s dir="auto">Ringa vårdcentralen</s>' in struck
    assert "Ångra" in struck
    assert ('<s dir="auto">' in back, "Ringa vårdcentralen" in back) == (False, True)


def test_what_was_typed_and_never_sent_stands_in_the_form(siv: Any, cast: Cast, case: Case) -> None:
    plan = started(cast, case)
    keep = text_of(siv.get(at("own_goal", case))).partition('data-draft-url="')[2].partition('"')[0]
    kept = siv.send(keep.replace("&amp;", "&"), {"text": "Jag vill sova", "told_to": "Siv"})
    with_draft = text_of(siv.get(at("own_goal", case)))
    saved = text_of(siv.get(at("own_goal", case) + "?sparat=1"))
    told = {"text": "Jag vill sova.", "said_on": "2026-11-20", "told_to": "Siv", "category": "NEEDS"}
    siv.send(at("own_goal", case), {**told, "version": plan.version})

    assert kept.status_code == 200
    assert ("Du har ett utkast från kl." in with_draft, "Jag vill sova" in with_draft) == (True, True)
    assert "Jag vill sova" not in saved
    with acting(cast.siv):
        assert draft_of(f"own_goal:{plan.pk}") is None


def test_a_draft_is_thrown_away_with_one_button_and_nothing_else_of_hers_is(
    siv: Any, cast: Cast, case: Case
) -> None:
    plan = started(cast, case)
    with acting(cast.siv):
        keep_draft(f"add_commitment:{plan.pk}", {"what": "Boka lägenhet"}, case=case.pk)
        count_up("numbers", today())
    page = text_of(siv.get(at("plan", case)))
    thrown = siv.send(at("throw_draft", case), {"draft": f"add_commitment:{plan.pk}"})
    siv.send(at("throw_draft", case), {"draft": f"numbers:{today()}"})
    after = text_of(siv.get(at("plan", case)))

    assert "Det står i fälten och är inte sparat i planen." in page
    assert ">Släng utkastet<" in page
    assert thrown.url == at("plan", case)
    assert "Utkastet är slängt." in after
    assert "Boka lägenhet" not in after
    with acting(cast.siv):
        assert counted("numbers", today()) == 1


def test_a_draft_keeps_the_version_it_was_typed_over(siv: Any, cast: Cast, case: Case) -> None:
    plan = started(cast, case)
    with acting(cast.siv):
        area = cast.agreement.life_areas.all()[0]
        goal = actions.add_goal(plan, life_area=area, text="Ett jobb.", by=cast.siv)
        keep_draft(f"goal:{goal.pk}", {"text": "En utbildning.", "made_for": "1"}, case=case.pk)
        actions.change_goal(goal, version=1, text="En praktikplats.", by=cast.siv)
    page = text_of(siv.get(at("goal", case, goal_id=goal.pk)))

    assert "En utbildning." in page
    assert '<input type="hidden" name="version" value="1">' in page


def test_siv_reads_the_whole_and_adopts_it(siv: Any, cast: Cast, case: Case) -> None:
    plan = factories.whole_plan(cast, case, by=cast.siv)
    read = text_of(siv.get(at("adopt_plan", case)))
    answer = siv.send(at("adopt_plan", case), {"version": plan.version, "says": "yes"})

    assert [text in read for text in (factories.OWN_GOAL, factories.REFERRAL, factories.BUDGET)] == [True] * 3
    assert answer.url == at("plan_version", case, version=1)
    assert whole(cast, case).state == "adopted"


def test_what_changed_after_she_read_is_not_adopted(siv: Any, cast: Cast, case: Case) -> None:
    plan = factories.whole_plan(cast, case, by=cast.siv)
    with acting(cast.siv):
        actions.add_commitment(plan, doer=Doer.PERSON, what="Något nytt", by=cast.siv)
    answer = siv.send(at("adopt_plan", case), {"version": plan.version, "says": "yes"})

    assert answer.status_code == 200
    assert "Planen ändrades medan du läste" in text_of(answer)
    assert "Något nytt" in text_of(answer)
    assert whole(cast, case).adopted_version == 0


def test_the_button_says_why_the_plan_cannot_be_adopted(siv: Any, cast: Cast, case: Case) -> None:
    started(cast, case)
    page = text_of(siv.get(at("adopt_plan", case)))

    assert "disabled" in page
    assert "Det står inte vilka insatser som behövs." in page


def test_reading_the_plan_is_on_the_trail(siv: Any, cast: Cast, case: Case) -> None:
    started(cast, case)
    siv.get(at("plan", case))

    with acting(replace(cast.siv, role="log_reviewer")):
        events = Event.objects.filter(tag="plans:plan:read")
        assert [(one.case_id, one.person_id, one.actor_id) for one in events] == [
            (case.pk, case.person_id, cast.siv.id)
        ]


@pytest.mark.parametrize("who", ["amir", "lena", "nils", "stranger"])
def test_the_plan_being_written_is_absent_for_others(
    who: str, sign_in: SignIn, cast: Cast, case: Case
) -> None:
    plan = factories.whole_plan(cast, case, by=cast.siv)
    factories.consent(case, cast.units["amir"], by=cast.siv)
    other = sign_in(getattr(cast, who))
    with acting(cast.siv):
        goal, one = Goal.objects.filter(plan=plan)[0], Commitment.objects.filter(plan=plan)[0]
    pages = [
        at("plan", case),
        at("own_goal", case),
        at("adopt_plan", case),
        at("goal", case, goal_id=goal.pk),
        at("commitment", case, commitment_id=one.pk),
    ]
    nowhere = text_of(other.get(reverse("plan", kwargs={"case_id": uuid4()})))
    answers = [other.get(page) for page in pages]

    assert [answer.status_code for answer in answers] == [404] * len(pages)
    assert {text_of(answer) == nowhere for answer in answers} == {True}


def test_a_row_of_another_plan_is_absent(siv: Any, cast: Cast, case: Case) -> None:
    started(cast, case)
    number = "192401019183"
    other = factories.open_case(cast, by=cast.siv, number=number, name="Ulla Urban")
    plan = factories.whole_plan(cast, other, by=cast.siv)
    with acting(cast.siv):
        one = Commitment.objects.filter(plan=plan)[0]

    assert siv.get(at("commitment", case, commitment_id=one.pk)).status_code == 404


def _filled(cast: Cast, case: Case, goals: int, commitments: int) -> None:
    plan = started(cast, case)
    with acting(cast.siv):
        areas = list(cast.agreement.life_areas.all())
        made = [
            actions.add_goal(plan, life_area=areas[at % len(areas)], text=f"Mål {at}", by=cast.siv)
            for at in range(goals)
        ]
        for at_row in range(commitments):
            unit = cast.units[["siv", "lena", "amir"][at_row % 3]]
            goal = made[at_row % goals]
            actions.add_commitment(
                plan, goal=goal, doer=Doer.UNIT, unit=unit, what=f"Rad {at_row}", by=cast.siv
            )


@pytest.mark.parametrize(("goals", "commitments"), [(1, 1), (10, 40)])
def test_the_page_asks_as_few_questions_however_long_the_plan_is(
    goals: int, commitments: int, siv: Any, cast: Cast, case: Case
) -> None:
    _filled(cast, case, goals, commitments)
    siv.get(at("plan", case))
    with CaptureQueriesContext(connection) as asked:
        page = text_of(siv.get(at("plan", case)))

    assert page.count('id="rad-') == commitments
    statements = [
        one["sql"] for one in asked if "SAVEPOINT" not in one["sql"] and "set_config" not in one["sql"]
    ]
    assert len(statements) == 13


def test_long_and_hostile_text_stays_text(siv: Any, cast: Cast, case: Case) -> None:
    plan = started(cast, case)
    hostile = "<script>alert(1)</script>{{ 7*7 }}" + "å" * 1500
    with acting(cast.siv):
        goal = actions.add_goal(
            plan, life_area=cast.agreement.life_areas.all()[0], text=hostile, situation=hostile, by=cast.siv
        )
        actions.add_commitment(
            plan,
            goal=goal,
            doer=Doer.OTHER,
            other="<b>Mamma</b>",
            what=hostile,
            category=Category.HEALTH,
            by=cast.siv,
        )
    pages = [text_of(siv.get(at(name, case))) for name in ("plan", "adopt_plan")]

    assert ["<script>alert(1)" in page for page in pages] == [False, False]
    assert ["&lt;b&gt;Mamma" in page for page in pages] == [True, True]


def test_three_hundred_rows_are_shown(siv: Any, cast: Cast, case: Case) -> None:
    _filled(cast, case, 10, 300)

    assert text_of(siv.get(at("plan", case))).count('id="rad-') == 300


def test_the_office_of_the_forbund_cannot_be_given_anything_to_do(cast: Cast, case: Case, siv: Any) -> None:
    started(cast, case)
    page = siv.get(at("add_commitment", case)).content.decode()

    assert ("Psykiatrin Humlesund" in page, "Kansliet" in page) == (True, False)
