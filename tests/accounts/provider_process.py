"""The identity provider as a process of its own, and a visitor to it without Humla.

Lives here: starting and stopping it, the people it is started with in tests, and choosing one of them. Not
here: the fixture (`conftest.py`).
"""

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit

import pytest

BACK = "http://testserver/logga-in/e-legitimation/svar/"
SECRET = "the-secret-of-the-test"

_REFUSED = "Prova att bli nekad"
FAULTS = ["mix", "signature", "unsigned", "nonce", "expired", "audience", "issuer", "stale"]
PEOPLE: list[dict[str, str]] = [
    # From data/testnummer.txt; the odd one has a wrong check digit.
    {
        "subject": "eva",
        "name": "Eva Ek",
        "title": "privatperson",
        "group": "Privatpersoner",
        "number": "198606112384",
    },
    {"subject": "siv", "name": "Siv Sandberg", "title": "SIP-samordnare", "group": "Humlesunds kommun"},
    {
        "subject": "amir",
        "name": "Amir Haddad",
        "title": "arbetsförmedlare",
        "group": "AF",
        "number": "198508172395",
    },
    {"subject": "greta", "name": "Greta Grahn", "title": "förbundschef", "group": "Samordningsförbundet"},
    {"subject": "olof", "name": "Olof Ohlin", "title": "administratör", "group": "Samordningsförbundet"},
    {
        "subject": "rsa",
        "name": "<b>Fet</b>",
        "title": "RS256",
        "group": "Humlesunds kommun",
        "algorithm": "RS256",
    },
    {"subject": "low", "name": "Låg", "title": "låg nivå", "group": _REFUSED, "acr": "loa2"},
    {
        "subject": "odd",
        "name": "Udda",
        "title": "trasigt nummer",
        "group": _REFUSED,
        "number": "198606112385",
    },
    *(
        {
            "subject": fault,
            "name": fault,
            "title": "fel",
            "group": _REFUSED,
            "fault": fault,
            "number": "198606112384",
        }
        for fault in FAULTS
    ),
]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        """The way back leads to the test client, so it is handed to the test and not followed."""


@dataclass
class ProviderProcess:
    """A running identity provider."""

    process: subprocess.Popen[str]
    url: str

    @classmethod
    def start(cls, folder: Path, *arguments: str) -> "ProviderProcess":
        people = folder / "people.json"
        people.write_text(json.dumps(PEOPLE), encoding="utf-8")
        words = ["-m", "humla.ops.identity_provider", "--people", str(people), "--redirect", BACK, *arguments]
        process = subprocess.Popen(
            [sys.executable, *words],
            env={**os.environ, "HUMLA_DEMO": "1", "HUMLA_OIDC_SECRET": SECRET},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        return cls(process, process.stdout.readline().strip())

    @classmethod
    @contextmanager
    def running(cls, folder: Path) -> "Iterator[ProviderProcess]":
        provider = cls.start(folder)
        try:
            yield provider
        finally:
            provider.stop()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def open(self, path: str, form: dict[str, str] | None = None, *, bearer: str = "") -> str:
        """What the provider answers; raises urllib's HTTPError when it refuses."""
        data = urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(self.url + path, data)
        if bearer:
            request.add_header("Authorization", f"Bearer {bearer}")
        with urllib.request.urlopen(request, timeout=10) as response:
            page: bytes = response.read()
        return page.decode()

    def choose(self, address: str, subject: str) -> str:
        """Follow a sign-in's redirect here, choose somebody (or turn back), and say where we are sent."""
        assert address.startswith(f"{self.url}/valj?")
        parts = urlsplit(address)
        page = self.open(f"{parts.path}?{parts.query}")
        found = re.search(r'name="question" value="([^"]+)"', page)
        assert found, page
        form = {"question": found[1], **({"person": subject} if subject else {"cancel": "1"})}
        with pytest.raises(HTTPError) as sent_back:
            urllib.request.build_opener(_NoRedirect).open(
                f"{self.url}/valj", urlencode(form).encode(), timeout=10
            )
        with sent_back.value as answer:
            assert answer.code == 303, answer.read()
            return str(answer.headers["Location"])
