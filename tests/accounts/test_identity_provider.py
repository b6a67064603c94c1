"""The demonstration's identity provider keeps the rules of a real one, and starts nowhere else.

Lives here: its protocol and its refusals, in the process as it is started. Not here: how Humla meets it
(`tests/web/test_signin.py`). No database is needed.
"""

import base64
import hashlib
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from humla.ops import identity_provider
from humla.ops.identity_provider import DEMO_ISSUER, NUMBER_CLAIM, NUMBER_SCOPE, CannotStart, read_people
from tests.accounts.provider_process import BACK, PEOPLE, SECRET, ProviderProcess

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
QUESTION = {
    "client_id": "humla",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": f"openid {NUMBER_SCOPE}",
    "state": "the state",
    "nonce": "the nonce",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def code_of(provider: ProviderProcess, subject: str, /, **changed: str) -> str:
    address = provider.choose(f"{provider.url}/valj?{urlencode(QUESTION | changed)}", subject)
    return dict(parse_qsl(urlsplit(address).query))["code"]


def exchange(provider: ProviderProcess, code: str, /, **changed: str) -> dict[str, str]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "client_id": "humla",
        "client_secret": SECRET,
        "code_verifier": VERIFIER,
    }
    answer: dict[str, str] = json.loads(provider.open("/token", form | changed))
    return answer


def error_of(call: object, /, *arguments: object, **named: object) -> tuple[int, str]:
    with pytest.raises(urllib.error.HTTPError) as refused:
        call(*arguments, **named)  # type: ignore[operator]
    with refused.value as response:
        return response.code, response.read().decode()


def test_a_chosen_person_comes_back_as_a_signed_token(provider: ProviderProcess) -> None:
    answer = exchange(provider, code_of(provider, "eva"))

    keys = KeySet.import_key_set(json.loads(provider.open("/nycklar")))
    claims = jwt.decode(answer["id_token"], keys, algorithms=["ES256"]).claims
    assert {name: claims[name] for name in ("iss", "aud", "sub", "acr", "nonce")} == {
        "iss": DEMO_ISSUER,
        "aud": "humla",
        "sub": "eva",
        "acr": "loa3",
        "nonce": "the nonce",
    }
    assert claims[NUMBER_CLAIM] == PEOPLE[0]["number"]
    assert json.loads(provider.open("/userinfo", bearer=answer["access_token"]))["sub"] == "eva"


def test_the_number_is_given_only_to_who_asks_for_it(provider: ProviderProcess) -> None:
    answer = exchange(provider, code_of(provider, "eva", scope="openid"))

    assert NUMBER_CLAIM not in json.loads(provider.open("/userinfo", bearer=answer["access_token"]))


def test_the_other_algorithm_is_signed_with_its_own_key(provider: ProviderProcess) -> None:
    keys = KeySet.import_key_set(json.loads(provider.open("/nycklar")))

    token = exchange(provider, code_of(provider, "rsa"))["id_token"]

    assert jwt.decode(token, keys, algorithms=["RS256"]).claims["sub"] == "rsa"


def test_a_code_works_once(provider: ProviderProcess) -> None:
    code = code_of(provider, "eva")
    exchange(provider, code)

    assert error_of(exchange, provider, code) == (400, '{"error": "invalid_grant"}')


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"code_verifier": "w" * 64}, (400, '{"error": "invalid_grant"}')),
        ({"redirect_uri": f"{BACK}?x"}, (400, '{"error": "invalid_grant"}')),
        ({"client_secret": "wrong"}, (401, '{"error": "invalid_client"}')),
        ({"client_id": "somebody"}, (401, '{"error": "invalid_client"}')),
        ({"grant_type": "password"}, (400, '{"error": "unsupported_grant_type"}')),
        ({"code": "guessed"}, (400, '{"error": "invalid_grant"}')),
    ],
)
def test_a_wrong_exchange_is_refused(
    provider: ProviderProcess, changed: dict[str, str], answer: tuple[int, str]
) -> None:
    assert error_of(exchange, provider, code_of(provider, "eva"), **changed) == answer


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://example.com/"},
        {"client_id": "somebody"},
        {"response_type": "token"},
        {"scope": "profile"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
    ],
)
def test_a_wrong_question_gets_a_page_and_no_way_back(
    provider: ProviderProcess, changed: dict[str, str]
) -> None:
    status, page = error_of(provider.open, f"/valj?{urlencode(QUESTION | changed)}")

    assert status == 400
    assert "Det går inte att fortsätta" in page
    assert "example.com" not in page


def test_turning_back_is_told_to_the_client(provider: ProviderProcess) -> None:
    address = provider.choose(f"{provider.url}/valj?{urlencode(QUESTION)}", "")

    assert dict(parse_qsl(urlsplit(address).query)) == {
        "error": "access_denied",
        "state": "the state",
        "iss": DEMO_ISSUER,
    }


def test_the_list_is_grouped_and_says_that_nobody_is_real(provider: ProviderProcess) -> None:
    page = provider.open(f"/valj?{urlencode(QUESTION)}")

    assert "Ingen här finns på riktigt." in page
    assert page.index("Privatpersoner") < page.index("Eva Ek") < page.index("Prova att bli nekad")
    assert "<script>" not in page
    assert "style=" not in page


def test_a_hostile_name_is_text(provider: ProviderProcess) -> None:
    page = provider.open(f"/valj?{urlencode(QUESTION)}")

    assert "<b>Fet</b>" not in page
    assert "&lt;b&gt;Fet&lt;/b&gt;" in page


def test_another_host_name_is_refused(provider: ProviderProcess) -> None:
    question = urllib.request.Request(f"{provider.url}/nycklar", headers={"Host": "rebound.example"})

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(question)
    with refused.value as response:
        assert response.code == 421


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "humla.ops.identity_provider", *arguments],
        env={**{name: value for name, value in os.environ.items() if name != "HUMLA_DEMO"}, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_it_does_not_start_outside_the_demonstration() -> None:
    refused = start()

    assert (refused.returncode, refused.stdout) == (2, "")
    assert "bara i demonstrationsläge" in refused.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "example.com", "localhost"])
def test_it_listens_on_loopback_only(host: str) -> None:
    refused = start("--host", host, HUMLA_DEMO="1")

    assert refused.returncode == 2
    assert f"{host} är inte en loopback-adress" in refused.stderr


def test_a_taken_port_is_said(provider: ProviderProcess) -> None:
    refused = start("--port", str(urlsplit(provider.url).port), HUMLA_DEMO="1")

    assert refused.returncode == 2
    assert "Det går inte att lyssna på" in refused.stderr


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("nonsense", "går inte att läsa"),
        ("[]", "minst en person"),
        ('[{"subject": "a"}]', "person 1: saknar name, title, group"),
        ('[{"subject": "a", "name": "A", "title": "t", "group": "g", "pin": "1"}]', "okänt fält pin"),
        ('[{"subject": "a", "name": "A", "title": "t", "group": "g", "fault": "?"}]', "fault ska vara"),
        ('[{"subject": "a", "name": "A", "title": "t", "group": "g", "number": "12"}]', "tolv siffror"),
        ('[{"subject": "a", "name": "A", "title": "t", "group": 1}]', "bara textvärden"),
    ],
)
def test_a_faulty_file_is_refused_with_the_row_and_the_reason(
    tmp_path: Path, rows: str, sentence: str
) -> None:
    file = tmp_path / "people.json"
    file.write_text(rows)

    with pytest.raises(CannotStart, match=sentence.replace("?", r"\?")):
        read_people(file)


def test_the_demonstration_has_its_cast() -> None:
    people = read_people(identity_provider._PEOPLE)

    first_names = [person.name.split()[0] for person in people.values() if person.acr == "loa3"]
    assert {"Siv", "Amir", "Lena", "Nils", "Eva", "Farid", "Greta", "Olof"} <= set(first_names)
    assert [person.name for person in people.values() if person.number][:1] == ["Eva Ek"]
