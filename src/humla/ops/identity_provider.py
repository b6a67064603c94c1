"""The demonstration's e-legitimation: an OpenID Connect provider where you choose a fictitious person.

Lives here: the provider's rules (questions, codes, tokens), its small web server and its start-up refusals.
Its page, style and script stand in `identity_pages/`. Not here: how Humla checks what a provider says
(accounts), starting and stopping (`supervisor.py`), who the fictitious people are (`data/demo/people.json`).

It signs anybody in as anybody. So it starts in demonstration mode only, listens on loopback only, and answers
registered return addresses only. It follows the rules a real provider follows (code flow, PKCE S256, codes
that work once and for a minute), since the tests that Humla refuses bad answers need a good one beside them.
The people file can give a person a `fault`: that provider-side misbehaviour, for those tests.
"""

import argparse
import base64
import hashlib
import hmac
import ipaddress
import json
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, TypeVar
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

#: A name and not an address: the port may change from one start to the next, and the identities that were
#: made in the demonstration database must still be the same people's.
DEMO_ISSUER = "https://e-legitimation.demo.invalid"
NUMBER_CLAIM = "https://id.oidc.se/claim/personalIdentityNumber"
NUMBER_SCOPE = "https://id.oidc.se/scope/naturalPersonNumber"
RETURN_PATH = "/logga-in/e-legitimation/svar/"
#: In demonstration mode the secret keeps nothing secret: whoever reaches loopback can choose anybody anyway.
DEMO_SECRET = "endast-for-demonstration"

FAULTS = ("", "mix", "signature", "unsigned", "nonce", "expired", "audience", "issuer", "stale")
CODE_SECONDS = 60
QUESTION_SECONDS = 600
MOST_WAITING = 1_000
MOST_BYTES = 20_000

_PAGES = Path(__file__).with_name("identity_pages")
_PEOPLE = Path(__file__).resolve().parents[3] / "data" / "demo" / "people.json"

Waiting = TypeVar("Waiting", bound="_Timed")


class CannotStart(Exception):
    """The provider refuses to start; the message is for whoever typed the command."""


class Refused(Exception):
    """An answer of the protocol that says no: its error code, as OAuth 2.0 names it."""

    def __init__(self, error: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


@dataclass(frozen=True, slots=True)
class FictitiousPerson:
    """Somebody who does not exist, and how the provider behaves when she is chosen."""

    subject: str
    name: str
    title: str
    group: str
    note: str = ""
    number: str = ""
    acr: str = "loa3"
    algorithm: str = "ES256"
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Timed:
    expires: float


@dataclass(frozen=True, slots=True)
class Question(_Timed):
    """A sign-in that waits for somebody to be chosen."""

    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Grant(_Timed):
    """Somebody has been chosen: what a code, and then an access token, stands for."""

    person: FictitiousPerson
    question: Question
    chosen_at: int


@dataclass(slots=True)
class Provider:
    """The rules of the provider, without any HTTP."""

    issuer: str
    url: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: frozenset[str]
    people: dict[str, FictitiousPerson]
    keys: dict[str, Any] = field(default_factory=lambda: _new_keys(), repr=False)
    questions: dict[str, Question] = field(default_factory=dict, repr=False)
    codes: dict[str, Grant] = field(default_factory=dict, repr=False)
    tokens: dict[str, Grant] = field(default_factory=dict, repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.url}/valj",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/nycklar",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "id_token_signing_alg_values_supported": sorted(self.keys),
            "scopes_supported": ["openid", NUMBER_SCOPE],
            "acr_values_supported": ["loa3"],
        }

    def public_keys(self) -> dict[str, Any]:
        return dict(KeySet(list(self.keys.values())).as_dict(private=False))

    def ask(self, query: dict[str, str]) -> str:
        """Take a question in; returns its id, or raises `Refused` with nothing to send back."""
        if query.get("client_id") != self.client_id:
            raise Refused("unauthorized_client")
        if query.get("redirect_uri", "") not in self.redirect_uris:
            # Never redirect to an address that is not registered: that is how codes leak.
            raise Refused("redirect_uri")
        scopes = frozenset(query.get("scope", "").split())
        if query.get("response_type") != "code" or "openid" not in scopes:
            raise Refused("unsupported_response_type")
        if query.get("code_challenge_method") != "S256" or len(query.get("code_challenge", "")) != 43:
            raise Refused("code_challenge")
        question = Question(
            expires=time.time() + QUESTION_SECONDS,
            redirect_uri=query["redirect_uri"],
            state=query.get("state", ""),
            nonce=query.get("nonce", ""),
            challenge=query["code_challenge"],
            scopes=scopes,
        )
        return self._keep(self.questions, question)

    def answer(self, question_id: str, subject: str) -> str:
        """Somebody was chosen (or nobody, with an empty subject): the address to go back to."""
        question = self._take(self.questions, question_id)
        if question is None:
            raise Refused("question")
        parameters = {"state": question.state, "iss": self.issuer}
        if not subject:
            return f"{question.redirect_uri}?{urlencode({'error': 'access_denied', **parameters})}"
        person = self.people.get(subject)
        if person is None:
            raise Refused("person")
        now = time.time()
        code = self._keep(self.codes, Grant(now + CODE_SECONDS, person, question, int(now)))
        return f"{question.redirect_uri}?{urlencode({'code': code, **parameters})}"

    def exchange(self, form: dict[str, str], client: tuple[str, str]) -> dict[str, Any]:
        """A code for tokens, once."""
        if not _same(client[0], self.client_id) or not _same(client[1], self.client_secret):
            raise Refused("invalid_client", HTTPStatus.UNAUTHORIZED)
        if form.get("grant_type") != "authorization_code":
            raise Refused("unsupported_grant_type")
        grant = self._take(self.codes, form.get("code", ""))
        if grant is None or form.get("redirect_uri") != grant.question.redirect_uri:
            raise Refused("invalid_grant")
        if not _same(_s256(form.get("code_verifier", "")), grant.question.challenge):
            raise Refused("invalid_grant")
        return {
            "access_token": self._keep(self.tokens, grant),
            "token_type": "Bearer",
            "expires_in": CODE_SECONDS,
            "id_token": self._id_token(grant),
        }

    def userinfo(self, token: str) -> dict[str, Any]:
        """What the person is; a token is for one look."""
        grant = self._take(self.tokens, token)
        if grant is None:
            raise Refused("invalid_token", HTTPStatus.UNAUTHORIZED)
        if grant.person.fault == "mix":
            return self._claims_of(next(each for each in self.people.values() if each != grant.person), grant)
        return self._claims_of(grant.person, grant)

    def _claims_of(self, person: FictitiousPerson, grant: Grant) -> dict[str, Any]:
        claims = {"sub": person.subject, "name": person.name}
        if person.number and NUMBER_SCOPE in grant.question.scopes:
            claims[NUMBER_CLAIM] = person.number
        return claims

    def _id_token(self, grant: Grant) -> str:
        person, now = grant.person, int(time.time())
        claims = {
            **self._claims_of(person, grant),
            "iss": "https://nagon-annan.demo.invalid" if person.fault == "issuer" else self.issuer,
            "aud": "nagon-annan" if person.fault == "audience" else self.client_id,
            "nonce": "fel" if person.fault == "nonce" else grant.question.nonce,
            "iat": now,
            "exp": now - 3_600 if person.fault == "expired" else now + CODE_SECONDS,
            "auth_time": now - 3_600 if person.fault == "stale" else grant.chosen_at,
            "acr": person.acr,
        }
        key = self.keys[person.algorithm]
        header = {"alg": person.algorithm, "kid": key.kid}
        if person.fault == "unsigned":
            head, body = (_base64url(json.dumps(part).encode()) for part in ({"alg": "none"}, claims))
            return f"{head}.{body}."
        if person.fault == "signature":
            key = _new_keys()[person.algorithm]  # another key under the same name
        return str(jwt.encode(header, claims, key, algorithms=[person.algorithm]))

    def _keep(self, shelf: dict[str, Waiting], thing: Waiting) -> str:
        name = secrets.token_urlsafe(32)
        with self.lock:
            now = time.time()
            for old in [each for each, waiting in shelf.items() if waiting.expires < now]:
                del shelf[old]
            while len(shelf) >= MOST_WAITING:
                del shelf[next(iter(shelf))]
            shelf[name] = thing
        return name

    def _take(self, shelf: dict[str, Waiting], name: str) -> Waiting | None:
        with self.lock:
            thing = shelf.pop(name, None)
        return thing if thing and thing.expires >= time.time() else None


class Handler(BaseHTTPRequestHandler):
    """One request to the provider."""

    provider: Provider
    server_version = "HumlaDemo"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._dispatch(
            {
                "/.well-known/openid-configuration": lambda: self._json(self.provider.discovery()),
                "/nycklar": lambda: self._json(self.provider.public_keys()),
                "/valj": self._show_people,
                "/userinfo": self._show_userinfo,
                "/stil.css": lambda: self._file("style.css", "text/css; charset=utf-8"),
                "/sok.js": lambda: self._file("search.js", "text/javascript; charset=utf-8"),
            }
        )

    def do_POST(self) -> None:
        self._dispatch({"/valj": self._choose, "/token": self._give_tokens})

    def log_message(self, format: str, *arguments: object) -> None:
        """Silent: the request line holds codes."""

    def _dispatch(self, pages: dict[str, Callable[[], None]]) -> None:
        page = pages.get(urlsplit(self.path).path)
        try:
            if self.headers.get("Host") not in self._own_hosts():
                # A name that somebody pointed at loopback (DNS rebinding) is not us.
                raise Refused("host", HTTPStatus.MISDIRECTED_REQUEST)
            if page is None:
                raise Refused("not_found", HTTPStatus.NOT_FOUND)
            page()
        except Refused as refused:
            if urlsplit(self.path).path in ("/token", "/userinfo"):
                self._json({"error": refused.error}, refused.status)
            else:
                self._html("refused.html", refused.status, error=refused.error)

    def _own_hosts(self) -> set[str]:
        address = urlsplit(self.provider.url)
        return {address.netloc, f"localhost:{address.port}"}

    def _show_people(self) -> None:
        question = self.provider.ask(dict(parse_qsl(urlsplit(self.path).query)))
        self._html("choose.html", question=question, groups=_grouped(self.provider.people.values()))

    def _choose(self) -> None:
        form = self._form()
        address = self.provider.answer(form.get("question", ""), form.get("person", ""))
        self._send(HTTPStatus.SEE_OTHER, "text/plain; charset=utf-8", b"", Location=address)

    def _give_tokens(self) -> None:
        form = self._form()
        self._json(self.provider.exchange(form, self._client(form)))

    def _client(self, form: dict[str, str]) -> tuple[str, str]:
        scheme, _, credentials = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return form.get("client_id", ""), form.get("client_secret", "")
        try:
            name, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
        except ValueError:
            raise Refused("invalid_client", HTTPStatus.UNAUTHORIZED) from None
        return unquote_plus(name), unquote_plus(secret)

    def _show_userinfo(self) -> None:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        self._json(self.provider.userinfo(token if scheme.lower() == "bearer" else ""))

    def _form(self) -> dict[str, str]:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MOST_BYTES:
            self.close_connection = True
            raise Refused("too_long", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return dict(parse_qsl(self.rfile.read(int(length)).decode("utf-8", "replace")))

    def _html(self, template: str, status: HTTPStatus = HTTPStatus.OK, **context: object) -> None:
        page = _templates().get_template(template).render(**context)
        self._send(status, "text/html; charset=utf-8", page.encode())

    def _json(self, content: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(status, "application/json", json.dumps(content).encode())

    def _file(self, name: str, kind: str) -> None:
        self._send(HTTPStatus.OK, kind, (_PAGES / name).read_bytes())

    def _send(self, status: HTTPStatus, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": self._policy(),
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _policy(self) -> str:
        # Browsers hold form-action over the redirect after a form too, so the way back must be listed.
        back = " ".join(sorted({_origin(each) for each in self.provider.redirect_uris}))
        closed = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; img-src data:"
        return f"{closed}; style-src 'self'; script-src 'self'; form-action 'self' {back}"


def read_people(path: Path) -> dict[str, FictitiousPerson]:
    """The people by subject; a faulty file is refused with the row and the reason."""
    try:
        rows = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CannotStart(f"Filen med fiktiva personer går inte att läsa: {path}: {error}") from None
    if not isinstance(rows, list) or not rows:
        raise CannotStart(f"{path}: filen ska vara en lista med minst en person.")
    people: dict[str, FictitiousPerson] = {}
    for row_number, row in enumerate(rows, start=1):
        person = _person(row, f"{path}, person {row_number}")
        if person.subject in people:
            raise CannotStart(f"{path}, person {row_number}: subject finns redan tidigare i filen.")
        people[person.subject] = person
    return people


def _person(row: object, where: str) -> FictitiousPerson:
    known = {each.name for each in fields(FictitiousPerson)}
    if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
        raise CannotStart(f"{where}: ska vara ett objekt med bara textvärden.")
    if unknown := set(row) - known:
        raise CannotStart(f"{where}: okänt fält {', '.join(sorted(unknown))}.")
    if missing := [name for name in ("subject", "name", "title", "group") if not row.get(name)]:
        raise CannotStart(f"{where}: saknar {', '.join(missing)}.")
    if row.get("number") and not (len(row["number"]) == 12 and row["number"].isdigit()):
        raise CannotStart(f"{where}: number ska vara tolv siffror ur Skatteverkets testserie.")
    if row.get("fault", "") not in FAULTS:
        raise CannotStart(f"{where}: fault ska vara något av {', '.join(FAULTS[1:])}.")
    if row.get("algorithm", "ES256") not in ("ES256", "RS256"):
        raise CannotStart(f"{where}: algorithm ska vara ES256 eller RS256.")
    return FictitiousPerson(**row)


def _grouped(people: Iterable[FictitiousPerson]) -> list[tuple[str, list[FictitiousPerson]]]:
    """By authority, in the order of the file."""
    order = {group: place for place, group in enumerate(dict.fromkeys(each.group for each in people))}
    together = sorted(people, key=lambda each: order[each.group])
    return [(group, list(members)) for group, members in groupby(together, key=lambda each: each.group)]


def _new_keys() -> dict[str, Any]:
    """New at every start, so that nothing signed yesterday is worth anything today."""
    return {
        "ES256": ECKey.generate_key("P-256", {"kid": "es", "use": "sig", "alg": "ES256"}),
        "RS256": RSAKey.generate_key(2048, {"kid": "rs", "use": "sig", "alg": "RS256"}),
    }


def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(_PAGES), autoescape=True, undefined=StrictUndefined)


def _same(given: str, ours: str) -> bool:
    return hmac.compare_digest(given.encode(), ours.encode())


def _s256(verifier: str) -> str:
    return _base64url(hashlib.sha256(verifier.encode()).digest())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def open_server(options: argparse.Namespace, environment: dict[str, str]) -> ThreadingHTTPServer:
    """A listening server, or `CannotStart`."""
    if environment.get("HUMLA_DEMO") != "1":
        raise CannotStart(
            "Den påhittade e-legitimationen startar bara i demonstrationsläge (HUMLA_DEMO=1). "
            "Den låter vem som helst logga in som vem som helst."
        )
    _refuse_the_outside(options.host)
    people = read_people(options.people)
    try:
        server = ThreadingHTTPServer((options.host, options.port), BaseHTTPRequestHandler)
    except OSError as error:
        raise CannotStart(
            f"Det går inte att lyssna på {options.host}:{options.port}: {error.strerror}"
        ) from None
    home = environment.get("HUMLA_URL", "http://127.0.0.1:8000").rstrip("/")
    provider = Provider(
        issuer=options.issuer,
        url=f"http://{options.host}:{server.server_port}",
        client_id=environment.get("HUMLA_OIDC_CLIENT", "humla"),
        client_secret=environment.get("HUMLA_OIDC_SECRET") or DEMO_SECRET,
        redirect_uris=frozenset(options.redirect or [home + RETURN_PATH]),
        people=people,
    )
    server.RequestHandlerClass = type("BoundHandler", (Handler,), {"provider": provider})
    server.daemon_threads = True
    return server


def _refuse_the_outside(host: str) -> None:
    try:
        inside = ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        inside = False  # a name can be pointed anywhere, so only an address is believed
    if not inside:
        raise CannotStart(f"{host} är inte en loopback-adress. Använd 127.0.0.1.")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m humla.ops.identity_provider", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="loopback only")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--people", type=Path, default=_PEOPLE, help="JSON file of fictitious people")
    parser.add_argument("--issuer", default=DEMO_ISSUER, help="what the tokens call their issuer")
    parser.add_argument("--redirect", action="append", help="a registered return address (repeatable)")
    return parser.parse_args(arguments)


def _stop(signal_number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    try:
        server = open_server(options, dict(os.environ))
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _stop)
    # The first line on stdout is the address: that is how whoever started us on port 0 learns it.
    print(f"http://{options.host}:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
