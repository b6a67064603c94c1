"""A running Humla for a real browser: web server, database and sign-in provider, on free ports.

Lives here: the program, the browser, signing in, and data put in beside the pages. Not here: what people do
on the pages (`steps.py`), nor who they are (`tests/cast.py`).
"""

import contextlib
import json
import os
import pickle
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections, transaction
from playwright.sync_api import Browser, BrowserContext, Page

from humla.accounts import tokens
from humla.accounts.models import Account, Session
from humla.core.context import Actor, Kind
from humla.core.secrets import person_key
from humla.ops import install
from humla.ops.identity_provider import DEMO_ISSUER
from humla.organisation.models import Professional, Role, Unit, UnitAssignment
from tests import cast as the_cast
from tests.conftest import _clone, _drop, _owning

# So that what fails in the story says why, as in a test.
for _story in ("story", "meetings", "plan", "end"):
    pytest.register_assert_rewrite(f"tests.journeys.samsip_{_story}")

MONA = "197604202395"
"""The person of everything but the thread, so that the thread's pages hold the thread alone."""

PEOPLE = [
    ("siv@humledalen", "Siv Sandberg", "SIP-samordnare", ""),
    ("maja@humledalen", "Maja Moberg", "socialsekreterare", ""),
    ("amir@humledalen", "Amir Haddad", "arbetsförmedlare", ""),
    ("farid@humledalen", "Farid Rahimi", "handläggare", ""),
    ("lena@humledalen", "Lena Lind", "rehabkoordinator, psykiatrin", ""),
    ("nils@humledalen", "Nils Nyman", "socialsekreterare", ""),
    ("olof@humledalen", "Olof Ohlin", "administratör", ""),
    ("ture@humledalen", "Ture Tall", "SIP-samordnare på två enheter", ""),
    ("eva", "Eva Ek", "personen i fokus", the_cast.EVA),
    ("mona", "Mona Mo", "personen i fokus", MONA),
]


@dataclass
class Live:
    """A running program: where it answers, its database, and how to open more browsers."""

    url: str
    database: str
    owner_url: str
    environment: dict[str, str]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise AssertionError(f"{url} svarade inte:\n{log.read_text(errors='replace')[-3000:]}")


def _hire_ture() -> None:
    """Somebody with two units, who can be at the wrong one: in this database only, beside the cast."""
    first = Unit.objects.select_related("authority", "association").get(
        name="Arbetsmarknadstorget", association__short_name="humledalen"
    )
    second = Unit.objects.create(
        association=first.association, authority=first.authority, name="Vuxenenheten"
    )
    the_cast._somebody(first, "Ture Tall", "SIP-samordnare", Role.COORDINATOR)
    UnitAssignment.objects.create(
        association=first.association,
        professional=Professional.objects.get(name="Ture Tall"),
        unit=second,
        role=Role.COORDINATOR,
        starts_at=the_cast.SINCE,
    )


@pytest.fixture(scope="session")
def live(template: tuple[str, Path], tmp_path_factory: Any, django_db_blocker: Any) -> Iterator[Live]:
    """The real program on committed data of its own."""
    with running(template[0], tmp_path_factory.mktemp("live"), django_db_blocker) as program:
        yield program


@contextmanager
def running(template: str, folder: Path, django_db_blocker: Any) -> Iterator[Live]:
    """The program on a database that nobody else writes in, for as long as this lasts."""
    name = f"live_{os.getpid()}_{secrets.token_hex(3)}"
    _clone(template, name)
    with django_db_blocker.unblock(), _owning(name):
        _hire_ture()
    people = folder / "people.json"
    people.write_text(
        json.dumps(
            [
                {"subject": subject, "name": who, "title": title, "group": "Test", "acr": "loa3"}
                | ({"number": number} if number else {})
                for subject, who, title, number in PEOPLE
            ]
        )
    )
    web, idp = _free_port(), _free_port()
    environment = dict(
        os.environ,
        DATABASE_URL=os.environ["DATABASE_URL"].replace("/humla?", f"/{name}?"),
        HUMLA_URL=f"http://127.0.0.1:{web}",
        HUMLA_OIDC_URL=f"http://127.0.0.1:{idp}",
        HUMLA_OIDC_ISSUER=DEMO_ISSUER,
        HUMLA_OIDC_SECRET=secrets.token_urlsafe(24),
        HUMLA_DEMO="1",
        PYTHONPATH=os.pathsep.join(["src", "."]),
    )
    owner_url = environment.pop("DATABASE_OWNER_URL").replace("/humla?", f"/{name}?")
    install.collect_static(install.VAR)
    python = [sys.executable, "-m"]
    redirect = f"{environment['HUMLA_URL']}/logga-in/e-legitimation/svar/"
    commands = {
        "idp": [*python, "humla.ops.identity_provider", "--port", str(idp), "--people", str(people),
                "--redirect", redirect],
        "web": [*python, "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1",
                "--port", str(web), "--workers", "1", "--blocking-threads", "4", "config.wsgi:application"],
    }  # fmt: skip
    processes = {}
    try:
        for what, command in commands.items():
            with (folder / f"{what}.log").open("wb") as log:
                processes[what] = subprocess.Popen(
                    command, env=environment, cwd=install.ROOT, stdout=log, stderr=log, start_new_session=True
                )
        _await(
            f"http://127.0.0.1:{idp}/.well-known/openid-configuration", processes["idp"], folder / "idp.log"
        )
        _await(f"{environment['HUMLA_URL']}/halsa/levande/", processes["web"], folder / "web.log")
        yield Live(environment["HUMLA_URL"], name, owner_url, environment)
    finally:
        for process in processes.values():
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
            owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        _drop(name)


Beside = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="session")
def everybody(template: tuple[str, Path]) -> the_cast.Cast:
    """The cast, for what lasts longer than one test."""
    gathered: the_cast.Cast = pickle.loads(template[1].read_bytes())
    return gathered


@pytest.fixture(scope="session")
def beside(live: Live, django_db_blocker: Any) -> Beside:
    """`with beside():` the actions and the factories write in the live database, all at one instant."""

    @contextmanager
    def all_at_once() -> Iterator[None]:
        with inside(live.database, django_db_blocker), transaction.atomic():
            yield

    return all_at_once


@contextmanager
def inside(database: str, django_db_blocker: Any) -> Iterator[None]:
    """Django in this process speaks with that database, for as long as this lasts."""
    place = connections["default"].settings_dict
    before = place["NAME"]
    with django_db_blocker.unblock():
        connections["default"].close()
        place["NAME"] = database
        try:
            yield
        finally:
            connections["default"].close()
            place["NAME"] = before


@pytest.fixture(scope="session")
def new_number() -> Callable[[], str]:
    """Each call is a person nobody has met: the next of Skatteverket's test numbers."""
    written = (install.ROOT / "data" / "testnummer.txt").read_text().split()
    left = (
        one
        for one in reversed(written)
        if len(one) == 12 and one.startswith("19") and one not in (the_cast.EVA, MONA)
    )
    return left.__next__


@dataclass
class Windows:
    """Browsers of people, each with her own cookies; all closed when the test ends."""

    live: Live
    browser: Browser
    beside: Beside
    opened: list[BrowserContext]

    def blank(
        self, *, width: int = 1280, dark: bool = False, script: bool = True, phone: bool = False
    ) -> Page:
        """A page where nobody has signed in."""
        context = self.browser.new_context(
            base_url=self.live.url,
            viewport={"width": width, "height": 844 if phone else 900},
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            has_touch=phone,
        )
        self.opened.append(context)
        page = context.new_page()
        page.set_default_timeout(8_000)
        return page

    def signed_in(self, name: str, **how: Any) -> Page:
        """Through the sign-in page, the identity provider and back."""
        page = self.blank(**how)
        page.goto("/")
        page.get_by_role("link", name="Logga in").first.click()
        sign_in_as(page, name)
        page.wait_for_url(f"{self.live.url}/**")
        return page

    def already_in(self, who: Actor | str, everybody: the_cast.Cast, **how: Any) -> Page:
        """The same without the walk, for journeys about other things: a professional, or a number."""
        page = self.blank(**how)
        with self.beside():
            token = _open_session(who, everybody)
        page.context.add_cookies([{"name": settings.SIGNIN_COOKIE, "value": token, "url": self.live.url}])
        return page

    def close(self) -> None:
        """Everybody goes home."""
        while self.opened:
            self.opened.pop().close()


def sign_in_as(page: Page, name: str) -> None:
    """From the sign-in page, by way of the identity provider's list of people."""
    page.get_by_role("button", name="Logga in").first.click()
    page.get_by_role("button", name=name).first.click()


def _open_session(who: Actor | str, everybody: the_cast.Cast) -> str:
    who = Actor(Kind.PERSON, person_key=person_key(who)) if isinstance(who, str) else who
    for_somebody = who.kind is Kind.REPRESENTATIVE
    if who.person_key:
        account = Account.objects.create(person_key=who.person_key)
    else:
        assert who.id is not None
        account = Account.objects.get(pk=everybody.accounts[who.id])
    token, started = tokens.new_token(), datetime.now().astimezone()
    Session.objects.create(
        token_hash=tokens.hash_of(token),
        seal=tokens.session_seal(tokens.hash_of(token), account.pk, account.person_key),
        account=account,
        level="loa3",
        kind=who.kind.value,
        assignment_id=who.assignment_id,
        mandate_id=who.id if for_somebody else None,
        person_key=who.person_key,
        started_at=started,
        seen_at=started,
        ends_at=started + timedelta(hours=10),
    )
    return token


@pytest.fixture
def windows(live: Live, browser: Browser, beside: Beside) -> Iterator[Windows]:
    """Browsers to open in one test."""
    everyones = Windows(live, browser, beside, [])
    yield everyones
    everyones.close()


@pytest.fixture
def a_minute_passes(live: Live) -> Callable[[], None]:
    """What waits to leave has waited its minute: nobody sits here and watches a clock."""

    return partial(let_a_minute_pass, live)


def let_a_minute_pass(live: Live) -> None:
    """The same, where the program is another than the one that most tests share."""
    with psycopg.connect(live.owner_url) as owner:
        for table, leaves, *before in [
            ("disclosures_disclosure", "opens_at", "disclosed_at", "undone_at"),
            ("disclosures_receivedcopy", "opens_at"),
            ("meetings_summons", "leaves_at", "sent_at", "cancelled_at"),
            ("notifications_notice", "leaves_at", "queued_at"),
            ("scheduling_invitee", "leaves_at", "asked_at"),
            ("evidence_evidencerequest", "leaves_at", "asked_at"),
        ]:
            earlier = ", ".join(f"{one} = {one} - interval '61 seconds'" for one in (leaves, *before))
            owner.execute(f"UPDATE {table} SET {earlier} WHERE {leaves} > now()")


@pytest.fixture
def person_at(windows: Windows) -> Callable[..., Page]:
    """`person_at("Siv Sandberg")` is a page in a browser of her own where she has signed in."""
    return windows.signed_in


@pytest.fixture
def at_once(windows: Windows, everybody: the_cast.Cast) -> Callable[..., Page]:
    """`at_once(cast.siv)` or `at_once(MONA)`: signed in without the walk."""

    def already_in(who: Actor | str, **how: Any) -> Page:
        return windows.already_in(who, everybody, **how)

    return already_in
