"""A running Humla for a real browser: web server, worker's database and sign-in provider, on free ports."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from humla.ops import install
from humla.ops.identity_provider import DEMO_ISSUER
from tests import cast as the_cast
from tests.conftest import _clone, _drop

PEOPLE = [
    ("siv@humledalen", "Siv Sandberg", "SIP-samordnare", ""),
    ("maja@humledalen", "Maja Moberg", "socialsekreterare", ""),
    ("amir@humledalen", "Amir Haddad", "arbetsförmedlare", ""),
    ("lena@humledalen", "Lena Lind", "rehabkoordinator, psykiatrin", ""),
    ("nils@humledalen", "Nils Nyman", "socialsekreterare", ""),
    ("olof@humledalen", "Olof Ohlin", "administratör", ""),
    ("eva", "Eva Ek", "personen i fokus", the_cast.EVA),
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


@pytest.fixture(scope="session")
def live(template: tuple[str, Path], tmp_path_factory: Any) -> Iterator[Live]:
    """The real program on committed data of its own."""
    name = f"live_{os.getpid()}_{secrets.token_hex(3)}"
    _clone(template[0], name)
    folder = tmp_path_factory.mktemp("live")
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
        "idp": [*python, "humla.ops.identity_provider", "--port", str(idp), "--people", str(people), "--redirect", redirect],
        "web": [*python, "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1", "--port", str(web),
                "--workers", "1", "--blocking-threads", "4", "config.wsgi:application"],
    }  # fmt: skip
    processes = {}
    try:
        for what, command in commands.items():
            with (folder / f"{what}.log").open("wb") as log:
                processes[what] = subprocess.Popen(
                    command, env=environment, cwd=install.ROOT, stdout=log, stderr=log, start_new_session=True
                )
        _await(f"http://127.0.0.1:{idp}/.well-known/openid-configuration", processes["idp"], folder / "idp.log")
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's own Chromium. Without one, browser tests fail in CI and are loudly skipped elsewhere."""
    path = next((found for one in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(one))), "")
    if not path:
        if os.environ.get("CI"):
            pytest.fail("Chromium saknas: apt-get install chromium")
        pytest.skip("Chromium saknas, så webbläsartesterna hoppas över: apt-get install chromium")
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=[*root, *quiet, "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def person_at(live: Live, browser: Browser) -> Iterator[Callable[..., Page]]:
    """`person_at("Siv Sandberg")` is a page in a browser of her own where she has signed in."""
    contexts: list[BrowserContext] = []

    def at(name: str, *, width: int = 1280, dark: bool = False, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=live.url,
            viewport={"width": width, "height": 900},
            locale="sv-SE",
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8_000)
        page.goto("/logga-in/")
        page.get_by_role("button", name="Logga in").first.click()
        page.get_by_role("button", name=name).first.click()
        page.wait_for_url(f"{live.url}/**")
        return page

    yield at
    for context in contexts:
        context.close()
