"""Every answer carries the guards, whatever made it: a page, a form, a file, a refusal or a fault."""

import json
import logging
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from humla.ops.install import ROOT
from humla.web import reports, start
from humla.web.pace import Pace
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db

GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Reporting-Endpoints": 'sidfel="/sidfel/"',
    "Cache-Control": "no-store",
}
POLICY = [
    "default-src 'none'",
    "script-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "report-uri /sidfel/",
    "report-to sidfel",
]


def missing(answer: Any) -> list[str]:
    """Which guards the answer lacks."""
    lacks = [name for name, value in GUARDS.items() if value not in answer.headers.get(name, "")]
    policy = answer.headers.get("Content-Security-Policy", "")
    return lacks + [rule for rule in POLICY if rule not in policy]


@pytest.fixture
def answers(cast: Cast, sign_in: Any, monkeypatch: Any) -> dict[str, Any]:
    """One of every kind of answer."""
    document = factories.plan_at_work(cast, by=cast.siv)
    case = f"/arenden/{document.case_id}"
    siv, eva, olof, nobody = sign_in(cast.siv), sign_in(cast.eva), sign_in(cast.olof), Client()
    nobody.raise_request_exception = False
    form = "application/x-www-form-urlencoded"
    found = {
        "page": siv.get(f"{case}/"),
        "file": siv.get(f"{case}/plan/version/1/pdf/"),
        "csv": siv.get("/arenden/?som=csv"),
        "text": siv.get(f"{case}/plan/version/1/text/"),
        "her page": eva.get("/min-sida/"),
        "office": olof.get(reverse("organisation")),
        "start": nobody.get("/"),
        "sign in": nobody.get("/logga-in/"),
        "health": nobody.get("/halsa/levande/"),
        "link": nobody.get("/svar/finns-inte/"),
        "sent away": nobody.get("/idag/"),
        "hook": siv.post("/utkast/?form=a", {"text": "x"}),
        "absent": siv.get("/finns-inte/"),
        "hidden": olof.get(f"{case}/"),
        "refused form": siv.send(f"{case}/anteckningar/", {"text": ""}),
        "no key": siv.post("/arenden/nytt/", {"acting_as": str(cast.siv.assignment_id)}),
        "signed out": nobody.post("/arenden/nytt/", {}),
        "other method": nobody.put("/idag/"),
        "too large": nobody.post("/", b"x" * 2_000_001, content_type=form),
        "strange letters": nobody.generic("POST", "/", b"x", content_type=f"{form}; charset=zlib"),
        "report": nobody.post("/sidfel/", b"{}", content_type="application/csp-report"),
        "forged": Client(enforce_csrf_checks=True).post("/logga-in/e-legitimation/"),
    }
    monkeypatch.setattr(start, "render", lambda *_any: _fault())
    return {**found, "fault": nobody.get("/")}


SECRET = "Eva Ek i koden"


def _fault() -> None:
    raise RuntimeError(SECRET)


def test_every_kind_of_answer_has_every_guard(answers: dict[str, Any]) -> None:
    assert {name: lacks for name, one in answers.items() if (lacks := missing(one))} == {}
    assert {one.status_code for one in answers.values()} >= {
        200,
        204,
        302,
        400,
        401,
        403,
        404,
        405,
        413,
        415,
        500,
    }


def test_every_kind_of_answer_says_what_it_is(answers: dict[str, Any]) -> None:
    """Text says its letters too; what has no body says nothing."""
    kinds = {name: one.headers.get("Content-Type", "") for name, one in answers.items() if one.content}

    assert kinds["file"] == "application/pdf"
    assert {kind for name, kind in kinds.items() if name not in ("file", "hook")} == {
        "text/html; charset=utf-8",
        "text/csv; charset=utf-8",
        "text/plain; charset=utf-8",
    }
    assert kinds["hook"] == "application/problem+json"


def test_no_answer_says_what_it_is_made_with(answers: dict[str, Any]) -> None:
    told = {name for one in answers.values() for name in one.headers}
    bodies = b"".join(one.content for name, one in answers.items() if name not in ("file",))

    assert told & {"Server", "X-Powered-By", "X-Generator", "Via"} == set()
    assert [word for word in (b"Django", b"Traceback", b"granian", b"psycopg") if word in bodies] == []


def test_a_fault_is_in_the_log_and_not_on_the_page(answers: dict[str, Any], caplog: Any) -> None:
    page = answers["fault"].content.decode()

    assert answers["fault"].status_code == 500
    assert [word for word in (SECRET, "RuntimeError", "render") if word in page] == []
    faults = [line for line in caplog.get_records("setup") if line.name == "django.request"]
    assert [line.getMessage() for line in faults if line.levelno >= logging.ERROR] == [
        "Internal Server Error: /"
    ]


def test_the_browser_s_own_store_holds_two_choices_of_looks() -> None:
    scripts = "".join(
        one.read_text() for one in (ROOT / "src/humla/web/static/js").glob("*.js") if "htmx" not in one.name
    )

    assert set(re.findall(r"localStorage\.(\w+)", scripts)) == {"keys", "theme"}
    assert re.findall(r"sessionStorage|indexedDB|document\.cookie|caches\.|serviceWorker", scripts) == []


def test_only_the_way_to_the_issuer_may_send_a_form_elsewhere(client: Any, settings: Any) -> None:
    settings.SIGNIN_ORIGINS = ["https://legitimering.example"]

    assert (
        "form-action 'self' https://legitimering.example"
        in client.get("/logga-in/")["Content-Security-Policy"]
    )
    assert "legitimering.example" not in client.get("/")["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "CONNECT", "FOO"])
def test_a_method_that_no_page_has_is_refused_everywhere(cast: Cast, sign_in: Any, method: str) -> None:
    browser = sign_in(cast.siv)
    guarded = Client(enforce_csrf_checks=True)
    guarded.cookies = browser.cookies
    places = ["/", "/idag/", "/utkast/", "/logga-in/e-legitimation/", "/finns-inte/", "/sidfel/"]

    answers = [guarded.generic(method, place) for place in places]

    assert [one.status_code for one in answers] == [405] * len(answers)
    assert {one["Allow"] for one in answers} == {"GET, HEAD, POST"}


def test_a_form_is_not_fetched_and_a_page_is_not_sent_to(cast: Cast, sign_in: Any) -> None:
    siv = sign_in(cast.siv)

    assert siv.get(reverse("sign_out")).status_code == 405
    assert siv.send("/idag/").status_code == 405


_AS_TOLD = """
import json, django
from django.conf import settings
django.setup()
names = ["SIGNIN_COOKIE", "CSRF_COOKIE_NAME", "SESSION_COOKIE_NAME", "SESSION_COOKIE_PATH",
         "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY",
         "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT"]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def test_over_https_the_cookies_are_bound_to_the_host_and_the_browser_stays_there() -> None:
    environment = {
        **os.environ,
        "HUMLA_URL": "https://humla.example",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", _AS_TOLD],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)

    assert told["SIGNIN_COOKIE"].startswith("__Host-")
    assert told["CSRF_COOKIE_NAME"].startswith("__Host-")
    # Of a flow under way only: sent to the pages of signing in alone, so that it cannot be bound to the host.
    assert (told["SESSION_COOKIE_NAME"][:9], told["SESSION_COOKIE_PATH"]) == ("__Secure-", "/logga-in/")
    flags = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY"]
    assert {told[name] for name in [*flags, "SECURE_SSL_REDIRECT"]} == {True}
    assert told["SECURE_HSTS_SECONDS"] >= 31_536_000


def test_over_https_every_answer_says_that_the_browser_stays_there(client: Any, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000

    answer = Client().get("/finns-inte/", secure=True)

    assert answer["Strict-Transport-Security"] == "max-age=31536000"


CASE_ID = "5b0e6b0e-2f5e-4a52-9a0e-6f6f2f9b7f10"
TOLD = {
    "document-uri": f"https://humla.example/arenden/{CASE_ID}/",
    "blocked-uri": "https://elak.example/?namn=Eva+Ek",
    "script-sample": "Eva Ek 19860611-2384",
    "violated-directive": "script-src-elem",
}


@pytest.mark.parametrize(
    "sent",
    [
        {"csp-report": TOLD},
        [{"type": "csp-violation", "body": {**TOLD, "effectiveDirective": "script-src-elem"}}],
    ],
)
def test_a_browser_s_report_is_counted_and_nothing_of_it_kept(client: Any, caplog: Any, sent: Any) -> None:
    with caplog.at_level(logging.WARNING, logger="humla"):
        answer = client.post("/sidfel/", json.dumps(sent), content_type="application/csp-report")

    assert (answer.status_code, answer.content) == (204, b"")
    assert [line.getMessage() for line in caplog.records] == ["A page broke its own policy: script-src"]
    assert all(word not in caplog.text for word in (CASE_ID, "elak", "Eva", "2384"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"inte json",
        b"[]",
        b'"text"',
        b'{"csp-report": []}',
        b'{"csp-report": {"violated-directive": "Eva Ek\\nERROR humla allt gick fel"}}',
        b'{"csp-report": {"violated-directive": {"a": 1}}}',
        b"[" * 19_000,
        b'{"csp-report": {"violated-directive": "script-src", "x": "' + b"x" * 30_000 + b'"}}',
    ],
)
def test_what_no_browser_sends_leaves_no_line(client: Any, caplog: Any, body: bytes) -> None:
    with caplog.at_level(logging.WARNING, logger="humla"):
        answer = client.post("/sidfel/", body, content_type="application/csp-report")

    assert (answer.status_code, caplog.records) == (204, [])


def test_reports_without_end_do_not_fill_the_log(client: Any, caplog: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(reports, "_PACE", Pace(2, seconds=3600))
    with caplog.at_level(logging.WARNING, logger="humla"):
        for _each in range(5):
            client.post("/sidfel/", json.dumps({"csp-report": TOLD}), content_type="application/csp-report")

    assert len(caplog.records) == 2
