"""Signing in, from the button to the session row, against a real identity provider in a process of its own.

Lives here: that the right ones are let in and the wrong ones are not. Not here: that nothing of what the
provider said is kept (`test_signin_keeps_no_claims.py`), the provider's own rules
(`tests/accounts/test_identity_provider.py`).
"""

import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from http.cookies import Morsel
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client

from humla.accounts.models import Account, Identity, Session
from humla.accounts.tokens import hash_of, identity_seal
from humla.core import dates
from humla.core.context import Actor
from humla.core.secrets import person_key
from humla.ops.identity_provider import DEMO_ISSUER
from tests.accounts.provider_process import PEOPLE, ProviderProcess
from tests.cast import Cast
from tests.web.signin_steps import BEGIN, point_at, way_back

pytestmark = pytest.mark.django_db

NUMBER = PEOPLE[0]["number"]


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderProcess]:
    with ProviderProcess.running(tmp_path_factory.mktemp("provider")) as running:
        yield running


@pytest.fixture(autouse=True)
def _our_provider(provider: ProviderProcess, settings: Any) -> None:
    point_at(settings, provider.url)


def signed_in(client: Client, provider: ProviderProcess, subject: str) -> str:
    """Sign in; returns the session's token."""
    answer = client.get(way_back(client, provider, subject))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.cookies["humla_session"].value)


def session_of(token: str) -> Session:
    return Session.objects.get(token_hash=hash_of(token))


def send(client: Client, path: str, choice: str, acting_as: str = "") -> Any:
    """A choice, as the page's form sends it."""
    return client.post(path, {"choice": choice, "key": str(uuid.uuid4()), "acting_as": acting_as})


def known(cast: Cast, actor: Actor, subject: str) -> None:
    """The organisation has told which identity is this professional's."""
    assert actor.id
    account = cast.accounts[actor.id]
    seal = identity_seal(DEMO_ISSUER, subject, account)
    Identity.objects.create(account_id=account, issuer=DEMO_ISSUER, subject=subject, seal=seal)


def test_a_person_is_let_in_and_only_a_keyed_hash_of_her_is_kept(
    client: Client, provider: ProviderProcess
) -> None:
    session = session_of(signed_in(client, provider, "eva"))

    assert (session.kind, session.level, session.person_key) == ("person", "loa3", person_key(NUMBER))
    assert session.ends_at - session.started_at == timedelta(hours=10)
    assert list(session.account.identities.values_list("issuer", "subject")) == [(DEMO_ISSUER, "eva")]
    assert session.account.person_key == person_key(NUMBER)


def test_who_has_only_one_thing_to_act_as_comes_straight_in(
    client: Client, provider: ProviderProcess
) -> None:
    answer = client.get(way_back(client, provider, "eva"))

    assert answer["Location"] == "/"


@pytest.mark.parametrize(("name", "kind"), [("siv", "professional"), ("greta", "forbund"), ("olof", "admin")])
def test_who_has_one_assignment_acts_in_it_at_once(
    client: Client, provider: ProviderProcess, cast: Cast, name: str, kind: str
) -> None:
    actor: Actor = getattr(cast, name)
    known(cast, actor, name)

    session = session_of(signed_in(client, provider, name))

    assert (session.kind, session.assignment_id, session.person_key) == (kind, actor.assignment_id, "")


def test_who_can_be_several_chooses_and_can_change_later(
    client: Client, provider: ProviderProcess, cast: Cast
) -> None:
    known(cast, cast.amir, "amir")
    token = signed_in(client, provider, "amir")
    page = client.get("/valj-uppdrag/").content.decode()
    assert session_of(token).kind == "none"
    assert [
        each in page for each in ("AF Humlesund", "Amir Haddad", "Som privatperson", "Arbetsmarknadstorget")
    ] == [
        True,
        True,
        True,
        False,
    ]

    chosen = send(client, "/valj-uppdrag/", str(cast.amir.assignment_id))
    assert (chosen["Location"], session_of(token).assignment_id) == ("/", cast.amir.assignment_id)
    assert "Det här är du nu." in client.get("/byt-uppdrag/").content.decode()

    send(client, "/byt-uppdrag/", "person", acting_as=str(cast.amir.assignment_id))
    changed = session_of(token)
    assert (changed.kind, changed.assignment_id, changed.person_key) == (
        "person",
        None,
        person_key(PEOPLE[2]["number"]),
    )


def test_who_has_no_assignment_is_told_so(client: Client, provider: ProviderProcess) -> None:
    answer = client.get(way_back(client, provider, "siv"))

    assert answer["Location"] == "/valj-uppdrag/"
    assert "Du har inget uppdrag i Humla" in client.get("/valj-uppdrag/").content.decode()


@pytest.mark.parametrize(
    ("subject", "check"),
    [
        ("low", "level"),
        ("odd", "person number"),
        ("mix", "sub differs"),
        ("signature", "BadSignatureError"),
        ("unsigned", "UnsupportedAlgorithmError"),
        ("nonce", "'nonce'"),
        ("expired", "expired"),
        ("audience", "'aud'"),
        ("issuer", "'iss'"),
        ("stale", "auth_time"),
    ],
)
def test_a_bad_answer_lets_nobody_in_and_stores_nothing(
    client: Client, provider: ProviderProcess, caplog: pytest.LogCaptureFixture, subject: str, check: str
) -> None:
    before = [Account.objects.count(), Identity.objects.count(), 0]

    answer = client.get(way_back(client, provider, subject))

    assert answer.status_code == 403
    assert "Du är inte inloggad och inget har sparats." in answer.content.decode()
    assert "humla_session" not in answer.cookies
    assert [Account.objects.count(), Identity.objects.count(), Session.objects.count()] == before
    # The technical log says which check it was, and no value that was checked.
    assert check in caplog.text
    assert not any(secret in caplog.text for secret in (NUMBER, DEMO_ISSUER, "testserver"))


def test_too_low_a_level_says_which_level_is_needed(client: Client, provider: ProviderProcess) -> None:
    page = client.get(way_back(client, provider, "low")).content.decode()

    assert "Din e-legitimation räcker inte" in page
    assert "tillitsnivå 3" in page


def test_the_other_signing_algorithm_is_believed_too(client: Client, provider: ProviderProcess) -> None:
    assert session_of(signed_in(client, provider, "rsa")).level == "loa3"


def test_turning_back_is_no_error(client: Client, provider: ProviderProcess) -> None:
    answer = client.get(way_back(client, provider, ""))

    assert "Du avbröt inloggningen" in answer.content.decode()
    assert Session.objects.count() == 0


def test_the_way_back_works_once(client: Client, provider: ProviderProcess) -> None:
    address = way_back(client, provider, "eva")
    client.get(address)

    again = client.get(address)

    assert again.status_code == 403
    assert "Inloggningen hann bli för gammal" in again.content.decode()
    assert Session.objects.count() == 1


def test_a_stolen_code_is_worthless_in_another_browser(client: Client, provider: ProviderProcess) -> None:
    address = way_back(client, provider, "eva")

    stolen = Client().get(address)

    assert stolen.status_code == 403
    assert Session.objects.count() == 0


def test_a_code_from_another_sign_in_does_not_fit_this_ones_verifier(
    client: Client, provider: ProviderProcess
) -> None:
    mallorys = dict(parse_qsl(urlsplit(way_back(Client(), provider, "siv")).query))
    evas = dict(parse_qsl(urlsplit(way_back(client, provider, "eva")).query))

    mixed = client.get(f"{BEGIN}svar/?{urlencode(evas | {'code': mallorys['code']})}")

    assert mixed.status_code == 403
    assert Session.objects.count() == 0


def test_a_tampered_state_is_refused(client: Client, provider: ProviderProcess) -> None:
    address = way_back(client, provider, "eva")
    query = dict(parse_qsl(urlsplit(address).query))

    answer = client.get(f"{BEGIN}svar/?{urlencode(query | {'state': query['state'][::-1]})}")

    assert answer.status_code == 403
    assert Session.objects.count() == 0


def test_the_question_cannot_be_changed_from_outside(client: Client, provider: ProviderProcess) -> None:
    outside = urlencode(
        {"scope": "everything", "auth_params": "acr_values=loa1&prompt=none", "process": "connect"}
    )

    question = dict(parse_qsl(urlsplit(client.post(f"{BEGIN}?{outside}")["Location"]).query))

    assert set(question["scope"].split()) == {"openid", "https://id.oidc.se/scope/naturalPersonNumber"}
    assert (question["prompt"], question["max_age"]) == ("login", "300")
    assert question["code_challenge_method"] == "S256"
    assert "loa1" not in question["acr_values"].split()
    assert len(question["nonce"]) >= 43


def test_signing_in_begins_with_a_form_and_not_a_link(client: Client) -> None:
    assert client.get(BEGIN).status_code == 405
    assert Client(enforce_csrf_checks=True).post(BEGIN).status_code == 403


def test_an_unknown_provider_is_absent(client: Client) -> None:
    assert [client.post("/logga-in/nagon/").status_code, client.get("/logga-in/nagon/svar/").status_code] == [
        404,
        404,
    ]


def test_a_provider_that_does_not_answer_is_said(client: Client, settings: Any) -> None:
    point_at(settings, "http://127.0.0.1:9")

    answer = client.post(BEGIN)

    assert answer.status_code == 503
    assert "Legitimeringstjänsten svarar inte" in answer.content.decode()


def test_a_wrong_secret_lets_nobody_in(client: Client, provider: ProviderProcess, settings: Any) -> None:
    address = way_back(client, provider, "eva")
    point_at(settings, provider.url, secret="wrong")

    assert client.get(address).status_code == 403
    assert Session.objects.count() == 0


def test_every_sign_in_gets_a_new_token_and_ends_the_old_session(
    client: Client, provider: ProviderProcess
) -> None:
    first = signed_in(client, provider, "eva")
    second = signed_in(client, provider, "eva")

    assert first != second
    assert session_of(first).ends_at <= session_of(second).started_at
    assert session_of(first).account == session_of(second).account


def test_a_planted_cookie_is_not_adopted(client: Client, provider: ProviderProcess) -> None:
    client.cookies["humla_session"] = "planted"

    assert signed_in(client, provider, "eva") != "planted"


def test_the_cookie_is_closed_to_scripts_and_other_sites(client: Client, provider: ProviderProcess) -> None:
    cookie: Morsel[str] = client.get(way_back(client, provider, "eva")).cookies["humla_session"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (
        True,
        "Lax",
        "/",
        "",
    )


def test_the_cookie_of_https_is_bound_to_the_host(
    client: Client, provider: ProviderProcess, settings: Any
) -> None:
    settings.SIGNIN_COOKIE = "__Host-humla_session"
    settings.SESSION_COOKIE_SECURE = True

    cookie = client.get(way_back(client, provider, "eva")).cookies["__Host-humla_session"]

    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_the_flow_keeps_its_own_session_under_its_own_path_and_drops_it(
    client: Client, provider: ProviderProcess
) -> None:
    flow = client.post(BEGIN).cookies["humla_flow"]
    assert (flow["path"], flow["max-age"]) == ("/logga-in/", 600)

    ended = client.get(way_back(client, provider, "eva")).cookies["humla_flow"]

    assert ended.value == ""


def test_signing_out_ends_the_session_and_not_only_the_cookie(
    client: Client, provider: ProviderProcess
) -> None:
    token = signed_in(client, provider, "siv")

    answer = send(client, "/logga-ut/", "")

    assert answer["Location"] == "/utloggad/"
    assert answer.cookies["humla_session"].value == ""
    client.cookies["humla_session"] = token
    assert client.get("/valj-uppdrag/")["Location"] == "/logga-in/"
    assert "Du är utloggad" in client.get("/utloggad/").content.decode()


@pytest.mark.parametrize("column", ["ends_at", "seen_at"])
def test_a_session_ends_by_itself(client: Client, provider: ProviderProcess, column: str) -> None:
    token = signed_in(client, provider, "siv")
    assert client.get("/valj-uppdrag/").status_code == 200

    passed = {"ends_at": timedelta(0), "seen_at": timedelta(minutes=30)}[column]
    Session.objects.filter(token_hash=hash_of(token)).update(
        **{column: dates.transaction_now(connection) - passed}
    )

    assert client.get("/valj-uppdrag/")["Location"] == "/logga-in/"


def test_a_closed_account_stays_out(client: Client, provider: ProviderProcess) -> None:
    account = session_of(signed_in(client, provider, "siv")).account
    Account.objects.filter(pk=account.pk).update(is_active=False)

    assert client.get("/valj-uppdrag/")["Location"] == "/logga-in/"
    again = client.get(way_back(client, provider, "siv"))
    assert again.status_code == 403
    assert "Ditt konto är stängt" in again.content.decode()
    assert Session.objects.count() == 1


@pytest.mark.parametrize("wanted", ["person", "nonsense", "lena", ""])
def test_what_is_not_ones_own_cannot_be_chosen(
    client: Client, provider: ProviderProcess, cast: Cast, wanted: str
) -> None:
    token = signed_in(client, provider, "siv")

    answer = send(
        client, "/valj-uppdrag/", getattr(cast, wanted).assignment_id if wanted == "lena" else wanted
    )

    assert answer.status_code == 409
    assert session_of(token).kind == "none"


def test_the_sign_in_page_may_lead_to_the_provider_and_no_other_page_may(
    client: Client, provider: ProviderProcess
) -> None:
    def form_action(path: str) -> str:
        policy = client.get(path)["Content-Security-Policy"]
        return next(part.strip() for part in policy.split(";") if part.strip().startswith("form-action"))

    assert form_action("/logga-in/") == f"form-action 'self' {provider.url}"
    assert form_action("/utloggad/") == "form-action 'self'"


def test_the_sign_in_page_has_one_button_for_each_provider(client: Client) -> None:
    page = client.get("/logga-in/").content.decode()

    assert page.count(f'action="{BEGIN}"') == 1
    assert "Logga in med e-legitimation" in page


def test_the_cast_of_the_demonstration_uses_published_numbers() -> None:
    root = Path(__file__).resolve().parents[2]
    published = (root / "data" / "testnummer.txt").read_text().split()
    people = json.loads((root / "data" / "demo" / "people.json").read_text())

    assert {person["number"] for person in people if person.get("number")} <= set(published)
