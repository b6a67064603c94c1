"""The rows beside who does what, on the one screen: asked for, filled in, changed, struck, both texts."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.urls import reverse

from humla.cases.models import Case
from humla.core.context import acting
from humla.drafts.actions import keep_draft
from humla.plans import actions
from humla.plans.models import Milestone, OtherPlan, Plan, Reservation, UnmetNeed
from tests import factories
from tests.cast import Cast
from tests.core.test_document import squeezed, words

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Any]


@pytest.fixture
def case(cast: Cast) -> Case:
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.whole_plan(cast, case, by=cast.siv)
    return case


@pytest.fixture
def siv(sign_in: SignIn, cast: Cast) -> Any:
    return sign_in(cast.siv)


def at(name: str, case: Case, **ids: Any) -> str:
    return reverse(name, kwargs={"case_id": case.pk, **ids})


def text_of(response: Any) -> str:
    content: str = response.content.decode()
    return content


def pdf_of(response: Any) -> str:
    with pikepdf.open(BytesIO(response.content)) as pdf:
        return str(squeezed(words(pdf)))


def goal_of(cast: Cast, case: Case) -> Any:
    with acting(cast.siv):
        return Plan.objects.get(case=case).goals.all()[0]


def filled(name: str, cast: Cast) -> dict[str, Any]:
    with acting(cast.siv):
        area = cast.agreement.life_areas.order_by("position")[0].pk
    forms: dict[str, dict[str, Any]] = {
        "reservation": {
            "unit": str(cast.units["lena"].pk),
            "what": factories.REFUSAL,
            "why": factories.QUEUE,
            "category": "HEALTH",
        },
        "unmet_need": {
            "life_area": area,
            "what": factories.NOBODYS,
            "why": "not_offered",
            "category": "NEEDS",
        },
        "other_plan": {
            "kind": "lss",
            "owner": "Vassviks kommun",
            "reference": "LSS 7",
            "dated_on": "2026-05-02",
            "category": "HEALTH",
        },
    }
    return forms[name]


PLACES = [
    ("reservation", "forbehall", Reservation, factories.REFUSAL),
    ("unmet_need", "behov", UnmetNeed, factories.NOBODYS),
    ("other_plan", "andra-planer", OtherPlan, "LSS 7"),
]


def test_a_plan_without_them_shows_only_the_ways_there(siv: Any, case: Case) -> None:
    page = text_of(siv.get(at("plan", case)))

    assert [f'href="?till={place}#{place}"' in page for _name, place, _model, _text in PLACES] == [True] * 3
    assert at("add_reservation", case) not in page
    assert '<option value="not_offered">' not in page


@pytest.mark.parametrize(("name", "place", "model", "text"), PLACES)
def test_a_row_is_asked_for_filled_in_and_followed_by_an_empty_one(
    name: str, place: str, model: type[Any], text: str, siv: Any, cast: Cast, case: Case
) -> None:
    asked = text_of(siv.get(at("plan", case) + f"?till={place}"))
    answer = siv.send(at(f"add_{name}", case), filled(name, cast))
    page = text_of(siv.get(answer.url.partition("#")[0]))

    form = asked.partition(f'id="{place}"')[2].partition("</form>")[0]
    assert (f'action="{at(f"add_{name}", case)}"' in form, form.count("autofocus")) == (True, 1)
    assert answer.url == f"{at('plan', case)}?till={place}#{place}"
    assert text in page
    assert page.partition(f'id="{place}"')[2].count("autofocus") == 1
    with acting(cast.siv):
        assert model.objects.get().category == filled(name, cast)["category"]


@pytest.mark.parametrize(("name", "place", "model", "text"), PLACES)
def test_what_kind_it_is_is_asked_and_never_guessed(
    name: str, place: str, model: type[Any], text: str, siv: Any, cast: Cast, case: Case
) -> None:
    answer = siv.send(at(f"add_{name}", case), {**filled(name, cast), "category": ""})

    assert answer.status_code == 200
    assert "Välj vilket slag av uppgift det är." in text_of(answer)
    assert text in text_of(answer)
    with acting(cast.siv):
        assert model.objects.count() == 0


def test_a_step_is_written_at_its_goal(siv: Any, cast: Cast, case: Case) -> None:
    goal = goal_of(cast, case)
    asked = text_of(siv.get(at("plan", case) + f"?till=delmal&mal={goal.pk}"))
    path = at("add_milestone", case, goal_id=goal.pk)
    empty = siv.send(path, {"text": "", "due_on": ""})
    answer = siv.send(path, {"text": "Ett studiebesök", "due_on": "2027-01-10"})
    page = text_of(siv.get(answer.url.partition("#")[0]))

    assert f'action="{path}"' in asked
    assert "Skriv vad delmålet är." in text_of(empty)
    assert answer.url == f"{at('plan', case)}?till=delmal&mal={goal.pk}#nytt-delmal"
    assert page.index("Ett studiebesök") < page.index('id="nytt-delmal"')


@pytest.mark.parametrize(
    ("name", "model", "field"),
    [
        ("milestone", Milestone, "text"),
        ("reservation", Reservation, "why"),
        ("unmet_need", UnmetNeed, "what"),
        ("other_plan", OtherPlan, "owner"),
    ],
)
def test_a_row_is_changed_struck_put_back_and_two_who_wrote_see_both_texts(
    name: str, model: type[Any], field: str, siv: Any, cast: Cast, case: Case
) -> None:
    ids = factories.besides(cast, case, by=cast.siv)
    with acting(cast.siv):
        row = model.objects.select_related("plan__case").get()
        row.plan.case = case
        actions.change_row(row, version=1, by=cast.siv, **{field: "En kollegas ord"})
    key = {f"{name}_id": ids[f"{name}_id"]}
    form = text_of(siv.get(at(name, case, **key)))
    told = {"text": "Ett studiebesök", "due_on": ""} if name == "milestone" else filled(name, cast)
    conflict = siv.send(at(name, case, **key), {**told, field: "Mina ord", "version": 1})
    saved = siv.send(at(name, case, **key), {**told, field: "Mina ord", "version": 2})
    siv.send(at(f"remove_{name}", case, **key))
    struck = text_of(siv.get(at("plan", case)))
    siv.send(at(f"remove_{name}", case, **key), {"angra": "1"})
    back = text_of(siv.get(at("plan", case)))

    assert "En kollegas ord" in form
    assert [text in text_of(conflict) for text in ("En kollegas ord", "Mina ord")] == [True, True]
    assert saved.url == f"{at('plan', case)}#rad-{row.pk}"
    assert ('<s dir="auto">' in struck, '<s dir="auto">' in back) == (True, False)


def test_what_was_typed_and_never_sent_draws_the_form_again(siv: Any, cast: Cast, case: Case) -> None:
    with acting(cast.siv):
        plan = Plan.objects.get(case=case)
        keep_draft(f"add_reservation:{plan.pk}", {"what": "Någon som sover över"}, case=case.pk)
    page = text_of(siv.get(at("plan", case)))

    assert "Någon som sover över" in page
    assert "Du har ett utkast" in page


def test_a_row_of_another_plan_is_absent(siv: Any, cast: Cast, case: Case) -> None:
    other = factories.open_case(cast, by=cast.siv, number="192401019183", name="Ulla Urban")
    factories.whole_plan(cast, other, by=cast.siv)
    ids = factories.besides(cast, other, by=cast.siv)

    for name in ("milestone", "reservation", "unmet_need", "other_plan"):
        key = f"{name}_id"
        assert siv.get(at(name, case, **{key: ids[key]})).status_code == 404
        assert siv.send(at(f"remove_{name}", case, **{key: ids[key]})).status_code == 404


def test_long_and_hostile_text_stays_text(siv: Any, cast: Cast, case: Case) -> None:
    hostile = "<script>alert(1)</script> أريد " + "å" * 400
    siv.send(at("add_reservation", case), {**filled("reservation", cast), "what": hostile, "why": hostile})
    pages = [text_of(siv.get(at(name, case))) for name in ("plan", "adopt_plan")]
    too_long = siv.send(at("add_reservation", case), {**filled("reservation", cast), "why": "å" * 501})

    assert ["<script>alert(1)" in page for page in pages] == [False, False]
    assert ["أريد" in page for page in pages] == [True, True]
    assert ("å" * 501 in text_of(too_long), too_long.status_code) == (True, 200)


# --- responsibility, the next time, the person's answer ----------------------------------------------------


def test_either_a_day_or_who_decided_that_none_is_needed(siv: Any, cast: Cast, case: Case) -> None:
    form = text_of(siv.get(at("settle_plan", case)))
    was = form.partition('name="was" value="')[2].partition('"')[0]
    told = {
        "accountable_party": cast.parties["Humlesunds kommun"].pk,
        "lead": cast.siv.id,
        "stand_in": cast.siv.id,
        "follow_up_on": "2027-02-20",
        "no_follow_up_by": "Eva och Siv",
        "if_worse": "Ring 1177",
        "was": was,
        "version": 0,
    }
    same = siv.send(at("settle_plan", case), told)
    both = siv.send(at("settle_plan", case), {**told, "stand_in": ""})
    saved = siv.send(at("settle_plan", case), {**told, "stand_in": "", "follow_up_on": ""})
    page = text_of(siv.get(at("plan", case)))

    assert "Ersättaren måste vara någon annan" in text_of(same)
    assert ("inte båda" in text_of(both), "Ring 1177" in text_of(both)) == (True, True)
    assert saved.status_code == 302
    assert [text in page for text in ("Behövs inte", "Eva och Siv", "Ring 1177")] == [True] * 3


def test_what_the_meeting_decided_of_the_next_time_is_not_asked_again(
    siv: Any, cast: Cast, case: Case
) -> None:
    factories.held_meeting(case, by=cast.siv, next_on=date(2027, 3, 3))
    kept = text_of(siv.get(at("settle_plan", case)))
    with acting(cast.siv):
        Plan.objects.filter(case=case).update(follow_up_on=None)
    suggested = text_of(siv.get(at("settle_plan", case)))

    assert ('value="2027-02-20"' in kept, 'value="2027-03-03"' in kept) == (True, False)
    assert 'value="2027-03-03"' in suggested


def test_the_page_asks_for_the_next_time_apart_from_what_the_law_asks(
    siv: Any, cast: Cast, case: Case
) -> None:
    with acting(cast.siv):
        Plan.objects.filter(case=case).update(follow_up_on=None)
    pages = [text_of(siv.get(at(name, case))) for name in ("plan", "adopt_plan")]

    for page in pages:
        assert "Det står inte när planen följs upp." in page
        assert f'href="{at("settle_plan", case)}#id_follow_up_on">Välj dag</a>' in page
    assert "Lagen kräver det" not in pages[0]


def test_the_person_is_asked_when_the_plan_is_adopted(siv: Any, cast: Cast, case: Case) -> None:
    with acting(cast.siv):
        version = Plan.objects.get(case=case).version
    unasked = siv.send(at("adopt_plan", case), {"version": version, "why": "Det går för fort."})
    why = siv.send(at("adopt_plan", case), {"version": version, "says": "could_not", "why": ""})
    answer = siv.send(at("adopt_plan", case), {"version": version, "says": "no", "why": "Det går för fort."})
    page = text_of(siv.get(answer.url))

    assert "Fråga personen, och välj svaret." in text_of(unasked)
    assert "Det går för fort." in text_of(unasked)
    assert "Skriv varför personen inte kunde svara." in text_of(why)
    assert ("Det går för fort." in page, "Personen är inte med på planen" in page) == (True, True)


def test_the_person_reads_all_of_it_said_to_her(sign_in: SignIn, cast: Cast, case: Case) -> None:
    factories.besides(cast, case, by=cast.siv)
    with acting(cast.siv):
        plan = Plan.objects.select_related("case", "accountable_party").get(case=case)
        plan = actions.settle(
            plan,
            accountable_party=plan.accountable_party,
            lead_id=plan.lead_id,
            nothing_by_others=False,
            follow_up_on=plan.follow_up_on,
            if_worse="Ring 1177",
            version=plan.version,
            by=cast.siv,
        )
        document = actions.adopt(plan, version=plan.version, says="no", why="För fort.", by=cast.siv)
    page = text_of(sign_in(cast.eva).get(reverse("own_plan", kwargs={"document_id": document.pk})))

    first = text_of(sign_in(cast.eva).get(reverse("own_page")))

    said = (factories.REFUSAL, factories.QUEUE, factories.NOBODYS, "Ett studiebesök", "HP 44")
    assert [text in page for text in said] == [True] * 5
    assert ("Du är inte med på planen" in page, "Personen är" in page) == (True, False)
    assert [text in first for text in ("För fort.", "Du är inte med på planen", "Ring 1177")] == [True] * 3


# --- copies ------------------------------------------------------------------------------------------------


def test_the_version_says_who_should_have_a_copy_and_who_has_it(siv: Any, cast: Cast) -> None:
    document = factories.plan_at_work(cast, by=cast.siv)
    page = text_of(siv.get(at("plan_version", document.case, version=1)))
    box = page.partition("Vem ska ha ett exemplar?")[2].partition("Lämna ut planen")[0]
    by_unit = {row.partition("<strong>")[2]: row for row in box.split("<li>")[1:]}

    def state(name: str) -> str:
        row = next(row for key, row in by_unit.items() if name in key)
        return next(
            words
            for words in ("har den", "inte utlämnad än", "samtycke saknas", "er myndighet")
            if words in row
        )

    assert {name: state(name) for name in ("Personen", *(cast.units[one].name for one in WHO))} == {
        "Personen": "har den",
        cast.units["amir"].name: "har den",
        cast.units["farid"].name: "inte utlämnad än",
        cast.units["lena"].name: "samtycke saknas",
        cast.units["siv"].name: "er myndighet",
    }


WHO = ("amir", "farid", "lena", "siv")


def test_the_persons_own_copy_can_be_printed_for_her(siv: Any, cast: Cast) -> None:
    document = factories.plan_at_work(cast, by=cast.siv)
    path = at("plan_version_pdf", document.case, version=1)
    hers, ours = (pdf_of(siv.get(path + query)) for query in ("?till=personen", ""))

    assert [squeezed("Personens eget exemplar.") in paper for paper in (hers, ours)] == [True, False]
    assert squeezed(factories.REFERRAL) in hers


def test_the_text_for_another_system_holds_each_kind_in_its_own_box(siv: Any, cast: Cast) -> None:
    document = factories.plan_at_work(cast, by=cast.siv)
    path = at("plan_version_text", document.case, version=1)
    page, amirs = text_of(siv.get(path)), text_of(siv.get(f"{path}?mottagare={cast.units['amir'].pk}"))
    file = siv.get(f"{path}?mottagare={cast.units['amir'].pk}&fil=1")

    assert [page.count("<textarea"), amirs.count("<textarea")] == [6, 4]
    assert (factories.REFERRAL in page, factories.REFERRAL in amirs) == (True, False)
    assert file["Content-Type"] == "text/plain; charset=utf-8"
    assert f"plan-{document.case.reference}-v1.txt" in file["Content-Disposition"]
    told = file.content.decode()
    assert [text in told for text in (factories.FIND_PRACTICE, factories.REFERRAL, factories.BUDGET)] == [
        True,
        False,
        False,
    ]


def test_the_receivers_text_holds_its_parts_and_nothing_else(sign_in: SignIn, cast: Cast) -> None:
    document = factories.plan_at_work(cast, by=cast.siv)
    path = reverse("received_text", kwargs={"case_id": document.case_id})
    amir = sign_in(cast.amir)
    page, file = text_of(amir.get(path)), text_of(amir.get(f"{path}?fil=1"))

    for told in (page, file):
        assert [text in told for text in (factories.FIND_PRACTICE, factories.REFERRAL, factories.BUDGET)] == [
            True,
            False,
            False,
        ]
    assert [sign_in(one).get(path).status_code for one in (cast.siv, cast.lena, cast.nils)] == [404] * 3
