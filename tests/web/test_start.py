"""The start page, the pages for when something did not go, health, and drafts."""

import html
import os
import re
import uuid
from typing import Any

import psycopg
import pytest
from django.db import connection

from humla.core.context import acting
from humla.drafts.actions import draft_of, keep_draft, typed_in
from humla.drafts.models import Draft
from humla.plans.models import Goal
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db

ROW = "5b0e6b0e-2f5e-4a52-9a0e-6f6f2f9b7f10"
GOAL = f"own_goal:{ROW}"


def test_the_start_page_says_what_it_is_and_leads_in(client: Any) -> None:
    page = client.get("/").content.decode()

    words = page.split('class="lede">')[1].split("Logga in")[0]
    assert words.count(". ") + words.count(".</p>") == 5
    assert 'href="/logga-in/"' in page


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("siv", "/idag/"),
        ("greta", "/overenskommelsen/"),
        ("olof", "/overenskommelsen/"),
        ("eva", "/min-sida/"),
    ],
)
def test_who_has_signed_in_comes_to_where_she_works(cast: Cast, sign_in: Any, who: str, place: str) -> None:
    answer = sign_in(getattr(cast, who)).get("/")

    assert (answer.status_code, answer.headers["Location"]) == (302, place)


@pytest.mark.parametrize("language", ["sv", "sv-lattlast", "en", "ar"])
def test_the_language_stays_put(client: Any, language: str) -> None:
    client.get(f"/?sprak={language}")

    page = client.get("/").content.decode()

    assert f'<html lang="{language.split("-")[0]}" dir="{"rtl" if language == "ar" else "ltr"}">' in page


def test_what_is_missing_and_what_is_forbidden_look_the_same(cast: Cast, sign_in: Any) -> None:
    case = factories.open_case(cast, by=cast.siv)
    lena = sign_in(cast.lena)

    forbidden, missing = lena.get(f"/arenden/{case.pk}/"), lena.get(f"/arenden/{uuid.uuid4()}/")

    assert (forbidden.status_code, missing.status_code) == (404, 404)
    assert forbidden.content == missing.content


def test_what_was_typed_when_the_session_ended_is_kept_and_can_be_sent_again(cast: Cast, client: Any) -> None:
    key = str(uuid.uuid4())
    words = "Första raden\nandra <b>raden</b>"

    answer = client.post(
        "/arenden/nytt/",
        {"key": key, "acting_as": "7c1f", "reason": words, "unit": str(cast.units["siv"].pk)},
    )

    page = answer.content.decode()
    assert answer.status_code == 401
    assert f'name="key" value="{key}"' in page
    assert 'name="acting_as" value="7c1f"' in page
    assert "andra &lt;b&gt;raden&lt;/b&gt;</textarea>" in page
    assert page.count("data-kept=") == 1


def test_health_is_told_without_signing_in(client: Any) -> None:
    answers = [client.get(path) for path in ("/halsa/levande/", "/halsa/redo/")]

    assert [(one.status_code, one.content) for one in answers] == [(200, b"ok"), (200, b"ok")]


def test_altered_walls_are_not_ready(client: Any, committed_db: str) -> None:
    url = os.environ["DATABASE_OWNER_URL"].replace("/humla?", f"/{committed_db}?")
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("DROP POLICY own ON drafts_draft")

    assert client.get("/halsa/redo/").status_code == 503
    assert client.get("/halsa/levande/").status_code == 200


def _save(browser: Any, path: str, **fields: str) -> Any:
    acting_as = str(browser.actor.assignment_id or browser.actor.id)
    return browser.post(path, {"acting_as": acting_as, **fields})


@pytest.fixture
def place(cast: Cast) -> str:
    """Where the page of Eva's own goal sends what Siv types."""
    return f"/utkast/?case={factories.open_case(cast, by=cast.siv).pk}&form={GOAL}"


def test_a_draft_is_kept_for_the_one_who_typed_it(cast: Cast, sign_in: Any, place: str) -> None:
    answer = _save(sign_in(cast.siv), place, text="Jag vill", key="k", version="3")

    assert answer.status_code == 200
    assert list(answer.json()) == ["saved_at"]
    with acting(cast.siv):
        draft = draft_of(GOAL)
        assert draft is not None
        assert typed_in(draft) == {"text": "Jag vill"}
    with acting(cast.maja):
        assert list(Draft.objects.all()) == []


def test_every_form_that_says_it_keeps_what_is_typed_does(cast: Cast, sign_in: Any) -> None:
    """The page names where its draft goes: that address must take it, or the words are lost in silence."""
    document = factories.adopted_plan(cast, by=cast.siv)
    beside = factories.besides(cast, document.case, by=cast.siv)
    case, siv = f"/arenden/{document.case_id}", sign_in(cast.siv)
    with acting(cast.siv):
        goal = Goal.objects.filter(case=document.case)[0].pk
    pages = [
        f"{case}/plan/?ny=1",
        f"{case}/plan/ansvar/",
        f"{case}/plan/mal/{goal}/",
        f"{case}/plan/?till=delmal&mal={goal}",
        *(f"{case}/plan/?till={what}" for what in ("forbehall", "behov", "andra-planer")),
        f"{case}/plan/delmal/{beside['milestone_id']}/",
        f"{case}/moten/nytt/",
        f"{case}/forberedelse/",
        f"{case}/anteckningar/",
        f"{case}/avsluta/",
    ]
    drafts = {
        html.unescape(address)
        for page in pages
        for address in re.findall(r'data-draft-url="([^"]+)"', siv.get(page).content.decode())
    }

    assert len(drafts) >= 7
    assert {one: status for one in drafts if (status := _save(siv, one, text="x").status_code) != 200} == {}


def test_a_draft_lies_sealed(cast: Cast, sign_in: Any, place: str) -> None:
    _save(sign_in(cast.siv), place, text="hemligheten")

    with acting(cast.siv), connection.cursor() as cursor:
        cursor.execute("SELECT fields FROM drafts_draft")
        stored = cursor.fetchall()
    assert (len(stored), "hemligheten" in stored[0][0]) == (1, False)


def test_a_later_draft_takes_the_place_of_the_earlier(cast: Cast, sign_in: Any, place: str) -> None:
    siv = sign_in(cast.siv)
    _save(siv, place, text="Jag")
    _save(siv, place, text="Jag vill")

    with acting(cast.siv):
        assert [typed_in(one) for one in Draft.objects.all()] == [{"text": "Jag vill"}]


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("", {"text": "x"}, 400),
        ("form=own_goal", {"text": "x"}, 400),
        ("form=number_misses:2026-11-22", {"count": "0"}, 400),
        (f"form=number_misses:{ROW}", {"count": "0"}, 400),
        (f"form=person:{ROW}", {"text": "x"}, 400),
        (f"form={GOAL}%0a", {"text": "x"}, 400),
        (f"form={GOAL}", {"text": "å" * 100_001}, 413),
        (f"form={GOAL}", {"text": "x" * 450_000}, 413),
        (f"form={GOAL}", {"text": "x"}, 404),
        (f"form={GOAL}&case={ROW}", {"text": "x"}, 404),
        (f"form={GOAL}&case=fel", {"text": "x"}, 404),
    ],
)
def test_a_draft_that_cannot_be_kept_is_told_in_few_words(
    cast: Cast, sign_in: Any, path: str, fields: dict[str, str], status: int
) -> None:
    answer = _save(sign_in(cast.siv), f"/utkast/?{path}", **fields)

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status
    with acting(cast.siv):
        assert list(Draft.objects.all()) == []


def test_every_form_that_asks_for_drafts_may_keep_them(cast: Cast, sign_in: Any) -> None:
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    plan, siv = factories.whole_plan(cast, case, by=cast.siv), sign_in(cast.siv)
    with acting(cast.siv):
        goal, commitment = plan.goals.all()[0].pk, plan.commitments.all()[0].pk
    pages = ["", "eget-mal/", "mal/nytt/", f"mal/{goal}/", "atagande/nytt/", f"atagande/{commitment}/"]
    asked = set()
    for page in pages:
        shown = siv.get(f"/arenden/{case.pk}/plan/{page}").content.decode()
        asked |= {html.unescape(one) for one in re.findall(r'data-draft-url="([^"]+)"', shown)}

    assert len(asked) == 5
    assert {_save(siv, one, text="x").status_code for one in asked} == {200}


def test_the_fifty_first_draft_is_refused_in_few_words(cast: Cast, sign_in: Any, place: str) -> None:
    with acting(cast.siv):
        for number in range(50):
            keep_draft(f"goal:{number}", {"text": "x"})
    answer = _save(sign_in(cast.siv), place, text="Jag vill")

    assert (answer.status_code, answer.headers["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["detail"] == "Du har för många utkast. Spara något av det du har börjat skriva."
    with acting(cast.siv):
        assert draft_of(GOAL) is None


def test_a_draft_of_somebody_signed_out_is_refused(client: Any) -> None:
    answer = client.post("/utkast/?form=a", {"text": "x"})

    assert (answer.status_code, answer.json()["detail"]) == (
        401,
        "Du är utloggad. Texten finns kvar i formuläret.",
    )


def test_a_draft_made_for_another_unit_is_refused(cast: Cast, sign_in: Any) -> None:
    answer = sign_in(cast.siv).post("/utkast/?form=a", {"text": "x", "acting_as": str(uuid.uuid4())})

    assert (answer.status_code, answer.headers["Content-Type"]) == (409, "application/problem+json")


def test_a_draft_is_not_fetched(cast: Cast, sign_in: Any) -> None:
    assert sign_in(cast.siv).get("/utkast/?form=a").status_code == 405
