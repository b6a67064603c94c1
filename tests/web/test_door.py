"""The door: one context, one effect, and the trail before the first byte."""

import uuid

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from humla.accounts import tokens
from humla.accounts.models import Session
from humla.core.context import acting
from humla.plans.models import Goal, Plan
from humla.web import door
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal_form(cast, sign_in):
    """Siv's case with a plan, and the form for a new goal."""
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    plan = factories.whole_plan(cast, case, by=cast.siv)
    with acting(cast.siv):
        area = str(plan.goals.all()[0].life_area_id)
    return {
        "url": reverse("add_goal", kwargs={"case_id": case.pk}),
        "data": {"life_area": area, "situation": "", "text": "En egen bostad.", "category": "NEEDS"},
        "case": case,
        "door": sign_in(cast.siv),
    }


def goals(cast, case) -> int:
    with acting(cast.siv):
        return Goal.objects.filter(case=case, text="En egen bostad.").count()


def test_a_double_click_has_one_effect_and_leads_to_the_same_place(cast, goal_form):
    sent = {**goal_form["data"], "key": str(uuid.uuid4())}
    first = goal_form["door"].send(goal_form["url"], sent)
    second = goal_form["door"].send(goal_form["url"], sent)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert goals(cast, goal_form["case"]) == 1


def test_the_same_key_with_other_words_is_refused(cast, goal_form):
    key = str(uuid.uuid4())
    goal_form["door"].send(goal_form["url"], {**goal_form["data"], "key": key})
    other = goal_form["door"].send(
        goal_form["url"], {**goal_form["data"], "text": "Något annat.", "key": key}
    )

    assert other.status_code == 400
    assert goals(cast, goal_form["case"]) == 1


def test_a_form_without_its_key_does_nothing(cast, goal_form):
    answer = goal_form["door"].send(goal_form["url"], {**goal_form["data"], "key": "inte en nyckel"})

    assert answer.status_code == 400
    assert goals(cast, goal_form["case"]) == 0


def test_a_form_that_comes_back_with_errors_may_use_its_key_again(cast, goal_form):
    key = str(uuid.uuid4())
    wrong = goal_form["door"].send(goal_form["url"], {**goal_form["data"], "text": "", "key": key})
    right = goal_form["door"].send(goal_form["url"], {**goal_form["data"], "key": key})

    assert (wrong.status_code, right.status_code) == (200, 302)
    assert goals(cast, goal_form["case"]) == 1


def test_a_form_made_for_another_unit_keeps_what_was_typed(cast, goal_form):
    answer = goal_form["door"].send(goal_form["url"], {**goal_form["data"], "acting_as": str(uuid.uuid4())})

    assert answer.status_code == 409
    assert "En egen bostad." in answer.content.decode()
    assert goals(cast, goal_form["case"]) == 0


def test_a_session_that_ended_meanwhile_keeps_what_was_typed(cast, goal_form):
    token = goal_form["door"].cookies[settings.SIGNIN_COOKIE].value
    Session.objects.filter(token_hash=tokens.hash_of(token)).update(ends_at="2020-01-01T00:00:00Z")
    answer = goal_form["door"].send(goal_form["url"], goal_form["data"])

    assert answer.status_code == 401
    assert "En egen bostad." in answer.content.decode()
    assert goals(cast, goal_form["case"]) == 0


def test_a_rule_that_says_no_gives_its_reason_and_keeps_what_was_typed(cast, goal_form, monkeypatch):
    with acting(cast.siv):
        plan = Plan.objects.get(case=goal_form["case"])
    url = reverse("adopt_plan", kwargs={"case_id": goal_form["case"].pk})
    with acting(cast.siv):
        Plan.objects.filter(pk=plan.pk).update(accountable_party=None)
    answer = goal_form["door"].send(url, {"version": plan.version})

    assert answer.status_code in (200, 409)
    assert "övergripande ansvaret" in answer.content.decode().lower()


def test_a_look_cannot_write(cast, sign_in, monkeypatch):
    def writes(request):
        Session.objects.update(language="fi")

    page = door.signed_in_page()(writes)
    request = _request(sign_in(cast.siv))
    with pytest.raises(DatabaseError, match="read-only"):
        page(request)


def test_a_page_that_shows_a_case_and_does_not_say_so_is_broken(cast, sign_in):
    from django.http import HttpResponse

    case = factories.open_case(cast, by=cast.siv)
    page = door.case_page()(lambda request, case: HttpResponse("visar"))
    with pytest.raises(AssertionError, match=r"request\.looked"):
        page(_request(sign_in(cast.siv)), case_id=case.pk)


def test_every_answer_carries_the_guards_and_is_kept_by_no_cache(cast, sign_in):
    for path in (reverse("cases"), "/finns-inte/", reverse("sign_in")):
        answer = sign_in(cast.siv).get(path)
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cache-Control"] == "no-store"


def test_a_form_without_the_guard_against_forgery_is_refused_and_not_shown(cast, goal_form):
    guarded = Client(enforce_csrf_checks=True)
    guarded.cookies = goal_form["door"].cookies
    answer = guarded.post(goal_form["url"], goal_form["data"])

    assert answer.status_code == 403
    assert "En egen bostad." not in answer.content.decode()


def _request(browser):
    """A GET as the browser would send it, without walking the middleware."""
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.COOKIES[settings.SIGNIN_COOKIE] = browser.cookies[settings.SIGNIN_COOKIE].value
    return request
