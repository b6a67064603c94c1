"""A row of sign-in that the program did not write is believed by nobody."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection

from humla.accounts import tokens
from humla.accounts.actions import sign_in as sign_in_with
from humla.accounts.evidence import Proof, SignInRefused
from humla.accounts.models import Account, Identity, Session
from humla.core.secrets import person_key

pytestmark = pytest.mark.django_db


def _entered(token: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM enter(%s, %s)", [tokens.hash_of(token), uuid.uuid4()])
        return cursor.fetchone()[0]


def _session(account: Account, *, seal: str, token: str) -> None:
    at = datetime.now().astimezone()
    Session.objects.create(
        token_hash=tokens.hash_of(token),
        seal=seal,
        account=account,
        level="loa3",
        kind="person",
        person_key=account.person_key,
        started_at=at,
        seen_at=at,
        ends_at=at + timedelta(hours=1),
    )


def test_a_session_that_somebody_smuggled_in_opens_nothing(cast):
    eva = Account.objects.create(person_key=person_key(cast.eva))
    _session(eva, seal="0" * 64, token="smuggled")
    ours = tokens.session_seal(tokens.hash_of("ours"), eva.pk, eva.person_key)
    _session(eva, seal=ours, token="ours")

    assert (_entered("smuggled"), _entered("ours")) == ("public", "person")


def test_a_session_does_not_follow_its_account_to_another_person(cast):
    eva = Account.objects.create(person_key=person_key(cast.eva))
    _session(eva, seal=tokens.session_seal(tokens.hash_of("t"), eva.pk, eva.person_key), token="t")
    Account.objects.filter(pk=eva.pk).update(person_key=person_key("199001022383"))

    assert _entered("t") == "public"


def test_an_identity_that_somebody_smuggled_in_signs_nobody_in(cast):
    siv = cast.accounts[cast.siv.id]
    Identity.objects.create(account_id=siv, issuer="https://idp.example", subject="tjuv", seal="0" * 64)
    proof = Proof(issuer="https://idp.example", subject="tjuv", level="loa3", person_key="")

    with pytest.raises(SignInRefused):
        sign_in_with(proof, language="sv")
