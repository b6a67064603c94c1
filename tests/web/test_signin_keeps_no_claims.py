"""After any kind of sign-in, let in or refused, no table of the database holds what the provider said.

allauth by itself stores every claim, of a refused sign-in too (docs of the trap: `humla.accounts.provider`).
These are real commits in a database of the test's own, and every table is searched.
"""

import os
from typing import Any

import psycopg
from django.contrib.sessions.models import Session as FlowSession
from django.test import Client

from humla.core.secrets import person_key
from humla.ops.identity_provider import DEMO_ISSUER
from tests.accounts.provider_process import FAULTS, PEOPLE, ProviderProcess
from tests.web.signin_steps import BEGIN, point_at, way_back

NUMBER = PEOPLE[0]["number"]


def everything_stored(database: str) -> dict[str, str]:
    """Every table of the database with all its rows as text, read as the owner."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"].replace("/humla?", f"/{database}?")) as owner:
        names = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {name: repr(owner.execute(f'SELECT t::text FROM "{name}" t').fetchall()) for (name,) in names}


def test_no_table_holds_a_claim(committed_db: str, settings: Any, tmp_path: Any) -> None:
    before = everything_stored(committed_db)
    with ProviderProcess.running(tmp_path) as provider:
        point_at(settings, provider.url)
        for subject in ["eva", "siv", "low", "odd", "", *FAULTS]:
            client = Client()
            client.get(way_back(client, provider, subject))

    changed = {name: rows for name, rows in everything_stored(committed_db).items() if rows != before[name]}

    assert sorted(changed) == ["accounts_account", "accounts_identity", "accounts_session", "audit_event"]
    # The search sees what is there: the hash of the number is found, the number and the name are not.
    assert person_key(NUMBER) in changed["accounts_account"]
    assert DEMO_ISSUER in changed["accounts_identity"]
    assert not any(claim in repr(changed) for claim in (NUMBER, NUMBER[2:], "Eva Ek", "Siv Sandberg", "eyJ"))


def test_a_sign_in_under_way_keeps_its_secrets_of_ten_minutes_only(
    committed_db: str, settings: Any, tmp_path: Any
) -> None:
    with ProviderProcess.running(tmp_path) as provider:
        point_at(settings, provider.url)
        Client().post(BEGIN)

    kept = FlowSession.objects.get().get_decoded()

    assert list(kept) == ["socialaccount_states"]
    ((state, _begun, _provider),) = kept["socialaccount_states"].values()
    assert sorted(state) == ["data", "nonce", "pkce_code_verifier", "process"]
