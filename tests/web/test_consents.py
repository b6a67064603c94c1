"""Siv writes down what Eva says yes to, and sees first what each receiver would see."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.audit.models import Event
from humla.cases.models import CHOSEN, Case, Category
from humla.consents import actions
from humla.consents.models import Consent, ConsentState, PlanConsent
from humla.consents.visibility import consent_to, consents_of, latest_plan_answer, state_of
from humla.core.context import acting, now
from humla.core.versions import Stale
from humla.plans import actions as plans
from humla.plans.models import Doer
from humla.plans.visibility import plan_of
from tests import factories
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

SAID = {
    "said_on": datetime.now(UTC).date().isoformat(),
    "manner": "oral",
    "heard_by": "Siv Sandberg",
    "language": "sv",
}


@pytest.fixture
def case(cast) -> Case:
    """Eva's case, where she has said yes to a plan and a plan is written."""
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.whole_plan(cast, case, by=cast.siv)
    return case


def at(name: str, case: Case, **more: Any) -> str:
    return reverse(name, kwargs={"case_id": case.pk, **more})


def text(response: Any) -> str:
    return response.content.decode()


def written(unit: Any, *categories: str, **more: Any) -> dict[str, Any]:
    """The form as somebody fills it in."""
    return {
        **SAID,
        "unit": str(unit.pk),
        "categories": categories,
        "ends_on": (datetime.now(UTC) + timedelta(days=90)).date().isoformat(),
        "exceptions": "",
        "knowing": "",
        **more,
    }


def test_the_answer_to_the_plan_is_written_down(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    answer = sign_in(cast.siv).send(at("answer_plan", case), {**SAID, "agrees": "ja", "instead": ""})
    with acting(cast.siv):
        latest = latest_plan_answer(case)

    assert answer["Location"] == at("consents", case)
    assert latest is not None
    assert (latest.agrees, latest.heard_by, latest.recorded_by_id) == (True, "Siv Sandberg", cast.siv.id)


def test_a_no_asks_what_happens_instead_and_keeps_what_was_typed(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    page = sign_in(cast.siv).send(at("answer_plan", case), {**SAID, "agrees": "nej", "instead": ""})
    with acting(cast.siv):
        kept = PlanConsent.objects.count()

    assert "Skriv vad som händer i stället för en plan." in text(page)
    assert kept == 0


def test_after_a_no_the_overview_says_it_with_respect_and_closes_the_button(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    siv = sign_in(cast.siv)
    siv.send(at("answer_plan", case), {**SAID, "agrees": "nej", "instead": "Siv ringer i januari."})
    page = text(siv.get(at("consents", case)))

    assert "Nej, personen vill inte ha någon plan" in page
    assert "Siv ringer i januari." in page
    assert "Personen har sagt nej till en plan. Skriv in ett nytt svar om personen har ändrat sig." in page


def test_a_yes_is_written_down_and_stands_in_the_matrix(cast, sign_in, case):
    siv = sign_in(cast.siv)
    answer = siv.send(at("give_consent", case), written(cast.units["amir"], "PLANNING", "NEEDS"))
    page = text(siv.get(at("consents", case)))
    row = re.search(r"<tbody.*?</tbody>", page, re.DOTALL)

    assert answer["Location"] == at("consents", case)
    assert row is not None
    assert re.findall(r"(Ja|Nej)</span>", row[0]) == ["Ja", "Ja", "Ja", "Nej", "Nej"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("unit", "", "Välj den enhet som får veta."),
        ("categories", [], "Kryssa i minst en ruta."),
        ("ends_on", "", "Skriv ett datum, till exempel 2026-11-24."),
        ("ends_on", "2099-01-01", "Ett samtycke kan gälla i högst 12 månader."),
        ("ends_on", "2020-01-01", "Samtyckets sista dag har redan varit."),
        ("said_on", "2099-01-01", "Dagen har inte varit än. Skriv den dag då svaret gavs."),
        ("heard_by", "", "Skriv vem som hörde det muntliga svaret."),
        ("categories", ["INTERNAL"], "Välj ett av alternativen i listan."),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_lost(cast, sign_in, case, field, value, sentence):
    form = written(cast.units["amir"], "HEALTH", exceptions="Inget om min bror.") | {field: value}
    page = text(sign_in(cast.siv).send(at("give_consent", case), form))
    with acting(cast.siv):
        given = consents_of(case)

    assert sentence in page
    assert "Inget om min bror." in page
    assert given == []


def test_sivs_own_authority_is_not_among_the_receivers(cast, sign_in, case):
    page = text(sign_in(cast.siv).get(at("give_consent", case)))

    assert f'value="{cast.units["amir"].pk}"' in page
    assert f'value="{cast.units["siv"].pk}"' not in page


def test_a_double_click_writes_one_consent(cast, sign_in, case):
    siv = sign_in(cast.siv)
    form = written(cast.units["amir"], "PLANNING") | {"key": str(uuid4())}
    first, second = siv.send(at("give_consent", case), form), siv.send(at("give_consent", case), form)
    with acting(cast.siv):
        given = len(consents_of(case))

    assert first["Location"] == second["Location"]
    assert given == 1


def test_siv_who_did_not_know_of_the_other_yes_sees_both_and_can_save_again(cast, sign_in, case):
    siv = sign_in(cast.siv)
    theirs = factories.consent(case, cast.units["amir"], by=cast.siv, categories=[Category.ECONOMY])
    page = text(siv.send(at("give_consent", case), written(cast.units["amir"], "HEALTH")))
    again = siv.send(at("give_consent", case), written(cast.units["amir"], "HEALTH", knowing=str(theirs.pk)))
    with acting(cast.siv):
        in_force = consent_to(case, cast.units["amir"])

    assert "Någon annan har skrivit in ett samtycke för samma enhet medan du skrev" in page
    assert f'name="knowing" value="{theirs.pk}"' in page
    assert again.status_code == 302
    assert in_force is not None
    assert in_force.categories == ["IDENTITY", "HEALTH"]


# --- the preview --------------------------------------------------------------------------------------------


def test_the_preview_shows_the_ticked_kinds_and_nothing_else(cast, sign_in, case):
    siv = sign_in(cast.siv)
    path = at("preview_consent", case)
    planning = text(siv.get(path, {"unit": str(cast.units["farid"].pk), "categories": ["PLANNING"]}))
    health = text(siv.get(path, {"unit": str(cast.units["farid"].pk), "categories": ["HEALTH"]}))
    identity = text(siv.get(path))

    assert "Så här ser det ut för FK Humlesund" in planning
    assert [words in planning for words in ("Boka studiebesök", factories.REFERRAL, factories.BUDGET)] == [
        True,
        False,
        False,
    ]
    assert [words in health for words in ("Boka studiebesök", factories.REFERRAL, factories.BUDGET)] == [
        False,
        True,
        False,
    ]
    assert [words in identity for words in ("Eva Ek", factories.OWN_GOAL, factories.REFERRAL)] == [
        True,
        False,
        False,
    ]


def test_the_preview_never_shows_own_notes_even_when_asked_in_the_address(cast, sign_in, case):
    with acting(cast.siv):
        plan = plan_of(case)
        assert plan is not None
        note = {"doer": Doer.PERSON, "what": "HEMLIG NOT", "category": Category.INTERNAL}
        plans.add_commitment(plan, **note, by=cast.siv)
    page = text(sign_in(cast.siv).get(at("preview_consent", case), {"categories": ["PLANNING", "INTERNAL"]}))

    assert "Boka studiebesök" in page
    assert "HEMLIG NOT" not in page


def test_the_preview_is_the_page_that_the_receiver_gets(cast, sign_in, case):
    """Byte for byte in what is said of the plan. Its version and date differ, draft or adopted, and what the
    person says of it, which is asked when it is adopted."""
    siv, amir = sign_in(cast.siv), sign_in(cast.amir)
    chosen = {"unit": str(cast.units["amir"].pk), "categories": ["PLANNING", "HEALTH"]}
    preview = text(siv.get(at("preview_consent", case), chosen))
    factories.consent(case, cast.units["amir"], by=cast.siv, categories=[Category.PLANNING, Category.HEALTH])
    with acting(cast.siv):
        plan = plan_of(case)
        assert plan is not None
        document = plans.adopt(plan, version=plan.version, by=cast.siv)
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )
    page = text(amir.get(at("received", case)))

    assert _parts(preview) == _parts(page)


def _parts(page: str) -> list[str]:
    """The chapters of the plan, without the facts that say which version it is and what she says of it."""
    asked_at_adoption = r"\s*<div><dt>Är personen med på planen\?</dt>.*?</div>"
    without = re.sub(asked_at_adoption, "", page, flags=re.DOTALL)
    chapters = re.findall(r'<section class="card plan-part".*?</section>', without, re.DOTALL)
    return [chapter for chapter in chapters if ">Person<" not in chapter]


def test_every_preview_is_on_evas_trail(cast, sign_in, case):
    sign_in(cast.siv).get(at("preview_consent", case), {"categories": ["HEALTH"]})
    with person_acting(cast.eva):
        event = Event.objects.get(tag="consents:preview:read")

    assert (event.actor_id, event.items[0][0], event.allowed_by[0][0]) == (cast.siv.id, "plan", "assignment")


def test_the_way_on_from_the_preview_keeps_receiver_and_boxes(cast, sign_in, case):
    siv = sign_in(cast.siv)
    page = text(
        siv.get(at("preview_consent", case), {"unit": cast.units["amir"].pk, "categories": ["HEALTH"]})
    )
    onwards = re.search(r'href="([^"]*/samtycke/nytt/\?[^"]*)"', page)
    assert onwards is not None
    form = text(siv.get(onwards[1].replace("&amp;", "&")))

    assert f'<input type="radio" name="unit" value="{cast.units["amir"].pk}" id="id_unit_0" checked>' in form
    assert re.findall(r'name="categories" value="(\w+)"[^>]* checked', form) == ["HEALTH", "HEALTH"]


# --- less, and no longer ------------------------------------------------------------------------------------


def test_before_taking_it_back_siv_reads_what_cannot_be_called_back(cast, sign_in):
    document = factories.adopted_plan(cast, by=cast.siv)
    given = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    path = at("withdraw_consent", document.case, consent_id=given.consent_id)
    page = text(sign_in(cast.siv).get(path))

    assert "Det här går inte att kalla tillbaka" in page
    assert "Planen, version 1" in page
    assert "Planering, Behov" in page


def test_where_nothing_has_left_the_page_says_so(cast, sign_in, case):
    given = factories.consent(case, cast.units["amir"], by=cast.siv)
    page = text(sign_in(cast.siv).get(at("withdraw_consent", case, consent_id=given.pk)))

    assert "Inget har lämnats ut till den här enheten." in page


def test_taken_back_twice_says_that_it_was_done(cast, sign_in, case):
    given = factories.consent(case, cast.units["amir"], by=cast.siv)
    siv, path = sign_in(cast.siv), at("withdraw_consent", case, consent_id=given.pk)
    first = siv.send(path)
    second = siv.send(path)
    page = text(siv.get(at("consents", case)))
    with acting(cast.siv):
        state = state_of(Consent.objects.get(pk=given.pk), now())

    assert (first.status_code, second.status_code) == (302, 302)
    assert "Någon annan hann före: samtycket var redan återkallat eller ändrat." in page
    assert state is ConsentState.WITHDRAWN


def test_narrowing_takes_out_what_is_unticked(cast, sign_in, case):
    given = factories.consent(
        case, cast.units["amir"], by=cast.siv, categories=[Category.PLANNING, Category.HEALTH]
    )
    form = {**SAID, "categories": ["PLANNING"], "ends_on": ""}
    path = at("narrow_consent", case, consent_id=given.pk)
    siv = sign_in(cast.siv)
    without_day = text(siv.send(path, form))
    answer = siv.send(path, form | {"ends_on": (given.ends_at - timedelta(days=1)).date().isoformat()})
    with acting(cast.siv):
        in_force = consent_to(case, cast.units["amir"])

    assert "Skriv ett datum" in without_day
    assert answer["Location"] == at("consents", case)
    assert in_force is not None
    assert (in_force.categories, in_force.narrows_id) == (["IDENTITY", "PLANNING"], given.pk)


def test_a_yes_taken_back_in_the_instant_it_was_given_was_not_replaced(cast, sign_in, case):
    given = factories.consent(case, cast.units["amir"], by=cast.siv)
    with acting(cast.siv):
        actions.withdraw(given, by=cast.siv)
    page = text(sign_in(cast.siv).get(at("consent", case, consent_id=given.pk)))

    assert given.withdrawn_at == given.given_at
    assert ("återkallat" in page, "ersatt av ett nytt" in page) == (True, False)


def test_a_yes_that_another_took_the_place_of_says_so(cast, sign_in, case):
    before = factories.consent(case, cast.units["amir"], by=cast.siv)
    factories.consent(case, cast.units["amir"], by=cast.siv, categories=[Category.PLANNING])
    page = text(sign_in(cast.siv).get(at("consent", case, consent_id=before.pk)))

    assert "ersatt av ett nytt" in page


def test_the_pages_of_staff_speak_of_the_person_and_never_to_her(cast, sign_in, case):
    siv = sign_in(cast.siv)
    given = factories.consent(case, cast.units["amir"], by=cast.siv)
    pages = [
        *(text(siv.get(at(name, case))) for name in ("consents", "give_consent", "preview_consent")),
        *(
            text(siv.get(at(name, case, consent_id=given.pk)))
            for name in ("consent", "narrow_consent", "withdraw_consent")
        ),
    ]

    assert [re.findall(r"(?i)vem du är|hur du har det", page) for page in pages] == [[]] * 6


def test_a_kind_has_one_name_on_its_box_over_its_column_and_as_a_chapter(cast, sign_in, case):
    siv = sign_in(cast.siv)
    factories.consent(case, cast.units["amir"], by=cast.siv)
    box, column = (text(siv.get(at(name, case))) for name in ("give_consent", "consents"))
    chapter = text(siv.get(at("preview_consent", case), {"categories": [kind.value for kind in CHOSEN]}))
    names = [str(kind.label) for kind in CHOSEN]

    assert names == ["Planering", "Behov", "Hälsa", "Ekonomi"]
    for name in names:
        assert re.search(rf"<span>{name}\s*<span class=\"choice-hint\">", box)
        assert f'scope="col">{name}</th>' in column
        assert f'aria-label="{name}"' in chapter


def test_a_kind_that_was_never_given_cannot_be_ticked_when_narrowing(cast, sign_in, case):
    given = factories.consent(case, cast.units["amir"], by=cast.siv, categories=[Category.PLANNING])
    form = {**SAID, "categories": ["HEALTH"], "ends_on": "2026-12-24", "manner": "paper", "heard_by": ""}
    page = text(sign_in(cast.siv).send(at("narrow_consent", case, consent_id=given.pk), form))

    assert "Välj ett av alternativen i listan." in page


# --- who may come here --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["consents", "answer_plan", "give_consent", "preview_consent"])
def test_only_those_who_hold_the_case_see_what_the_person_has_said(cast, sign_in, name):
    document = factories.adopted_plan(cast, by=cast.siv)
    given = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(given, by=cast.amir)
    answers = {}
    for actor in (cast.siv, cast.amir, cast.lena, cast.nils, cast.maja):
        answers[actor.name] = sign_in(actor).get(at(name, document.case)).status_code

    assert answers == {
        "Siv Sandberg": 200,
        "Amir Haddad": 404,
        "Lena Lind": 404,
        "Nils Nyman": 404,
        "Maja Moberg": 404,
    }


@pytest.mark.parametrize("name", ["consent", "narrow_consent", "withdraw_consent"])
def test_a_consent_of_another_case_is_not_here(cast, sign_in, name):
    case = factories.open_case(cast, by=cast.siv)
    other = factories.open_case(cast, by=cast.siv, number="196803259297", name="Ida Ek")
    given = factories.consent(other, cast.units["amir"], by=cast.siv)
    siv = sign_in(cast.siv)

    assert siv.get(at(name, other, consent_id=given.pk)).status_code == 200
    assert siv.get(at(name, case, consent_id=given.pk)).status_code == 404


def test_three_receivers_take_as_many_questions_as_one(cast, sign_in, case):
    siv, counts = sign_in(cast.siv), []
    units = [[cast.units["amir"]], [cast.units["farid"], cast.units["lena"]]]
    for some in units:
        for unit in some:
            factories.consent(case, unit, by=cast.siv)
        with CaptureQueriesContext(connection) as asked:
            siv.get(at("consents", case))
        counts.append(len(asked))

    assert counts == [counts[0]] * 2


def test_what_somebody_wrote_is_shown_as_text(cast, sign_in, case):
    with acting(cast.siv):
        actions.give(
            case,
            unit=cast.units["amir"],
            categories=[Category.PLANNING],
            exceptions="<script>alert(1)</script>",
            ends_on=now().date() + timedelta(days=30),
            manner="oral",
            heard_by="Siv",
            language="sv",
            with_interpreter=False,
            by=cast.siv,
        )
    page = text(sign_in(cast.siv).get(at("consents", case)))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def _said_first(cast: Any, **change: Any) -> dict[str, Any]:
    amir, farid = (cast.units[one].pk.hex for one in ("amir", "farid"))
    return {
        **SAID,
        "agrees": "ja",
        "instead": "",
        "knowing": "",
        "ends_on": (datetime.now(UTC) + timedelta(days=90)).date().isoformat(),
        f"kinds_{amir}": ["PLANNING", "NEEDS"],
        f"kinds_{farid}": ["PLANNING"],
        **change,
    }


@pytest.fixture
def new_case(cast) -> Case:
    """Nobody has asked Eva yet."""
    return factories.open_case(cast, by=cast.siv)


def test_the_answer_and_what_each_may_know_are_saved_at_once(sign_in, cast, new_case: Case):
    siv = sign_in(cast.siv)
    asked = text(siv.get(at("answer_plan", new_case)))
    boxes = asked.partition("vilka får veta vad?")[2].partition("Vad betyder rutorna?")[0]
    assert ("AF Humlesund" in boxes, "checked" in boxes) == (True, False)

    told = text(siv.send(at("answer_plan", new_case), _said_first(cast), follow=True))

    assert "AF Humlesund och FK Humlesund får veta det ni kryssade i" in told
    with acting(cast.siv):
        said = {one.receiver_unit.name: one.categories for one in consents_of(new_case)}
    assert said == {
        "AF Humlesund": ["IDENTITY", "PLANNING", "NEEDS"],
        "FK Humlesund": ["IDENTITY", "PLANNING"],
    }


def test_a_no_to_a_plan_opens_nothing(sign_in, cast, new_case: Case):
    no = _said_first(cast, agrees="nej", instead="Siv ringer i mars.")

    page = text(sign_in(cast.siv).send(at("answer_plan", new_case), no))

    assert "Svaret är nej till en plan. Ta bort kryssen, eller välj ja." in page
    assert "Siv ringer i mars." in page
    with acting(cast.siv):
        assert (list(consents_of(new_case)), latest_plan_answer(new_case)) == ([], None)


def test_a_yes_that_a_colleague_wrote_meanwhile_is_not_written_over(cast, new_case: Case):
    factories.consent(new_case, cast.units["amir"], by=cast.siv)

    with acting(cast.siv), pytest.raises(Stale):
        actions.answer_first(
            new_case,
            agrees=True,
            instead="",
            given={cast.units["farid"]: [Category.PLANNING], cast.units["amir"]: [Category.PLANNING]},
            ends_on=(now() + timedelta(days=30)).date(),
            knowing=[],
            manner="oral",
            heard_by="Siv Sandberg",
            language="sv",
            with_interpreter=False,
            by=cast.siv,
        )
    with acting(cast.siv):
        assert latest_plan_answer(new_case) is None
        assert [one.receiver_unit.name for one in consents_of(new_case)] == ["AF Humlesund"]
