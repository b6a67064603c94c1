"""A key is changed while there are rows: every text is readable all the way, and the old key can go."""

import json
import os
import time
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import connection, transaction

from humla.core import secrets
from humla.core.context import acting
from humla.ops import install, keys
from humla.ops.sentences import Stop
from humla.people.models import Person
from humla.protection import actions
from humla.protection.models import MarkingKind, ProtectedContact
from tests import factories
from tests.conftest import _owning


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key file of the test's own, signing as everything else, read as a process reads it."""
    path = tmp_path / "keys.json"
    made = {**settings.HUMLA_KEYS_DATA, **{ring: [install.new_key()] for ring in secrets.RINGS}}
    path.write_text(json.dumps(made))
    monkeypatch.setattr(settings, "HUMLA_KEYS_DATA", dict(made))
    monkeypatch.setattr(settings, "HUMLA_KEYS_FILE", str(path))
    monkeypatch.setattr(settings, "HUMLA_KEYS_READ_AT", path.stat().st_mtime_ns)
    monkeypatch.setenv("HUMLA_KEYS", str(path))
    return path


def an_hour_ago(path: Path) -> None:
    at = time.time() - 3700
    os.utime(path, (at, at))


def test_every_text_is_sealed_anew_and_the_old_key_can_be_thrown_away(cast, committed_db, file, capsys):
    with transaction.atomic():
        case = factories.open_case(cast, by=cast.siv)
        with acting(cast.siv):
            actions.protect(case, kind=MarkingKind.SECRECY, reason="Polisen ringde.", by=cast.siv)
            actions.write_contact(case, places={"address": "Ljungvägen 4"}, version=0, by=cast.siv)
    old = {ring: secrets.key_names(ring)[0] for ring in secrets.RINGS}
    with _owning(committed_db):
        before = {ring: keys.counted(ring) for ring in secrets.RINGS}
        for ring in secrets.RINGS:
            keys.main(["rotate", ring])
        new = {ring: secrets.key_names(ring)[0] for ring in secrets.RINGS}
        after = {ring: keys.counted(ring) for ring in secrets.RINGS}
        said = capsys.readouterr().out
        again = keys.reseal(secrets.FIELDS)
        with pytest.raises(Stop, match="mindre än en timme"):
            keys.forget(file, old["fields"])
        an_hour_ago(file)
        keys.forget(file, old["fields"])
        an_hour_ago(file)
        keys.main(["forget", old["protected"]])
    connection.close()
    with transaction.atomic(), acting(cast.siv):
        read = (Person.objects.get().number, ProtectedContact.objects.get().address)

    assert before["protected"] == {old["protected"]: 1}
    assert before["fields"][old["fields"]] > 2
    assert after == {ring: {new[ring]: before[ring][old[ring]]} for ring in secrets.RINGS}
    assert f"{before['fields'][old['fields']]} texter förseglades om" in said
    assert again == 0
    assert read == (cast.eva, "Ljungvägen 4")
    assert {ring: len(json.loads(file.read_text())[ring]) for ring in secrets.RINGS} == {
        "fields": 1,
        "protected": 1,
    }


def test_a_key_that_something_lies_under_stays_and_so_does_the_newest(cast, committed_db, file):
    with transaction.atomic():
        factories.open_case(cast, by=cast.siv)
    used = secrets.key_names(secrets.FIELDS)[0]
    written = json.loads(file.read_text())
    install.replace_keys(file, written | {"fields": [install.new_key(), *written["fields"]]})
    an_hour_ago(file)
    with _owning(committed_db):
        with pytest.raises(Stop, match="ligger kvar under äldre nycklar"):
            keys.forget(file, used)
        with pytest.raises(Stop, match="är den som används"):
            keys.forget(file, secrets.key_names(secrets.FIELDS)[0])
        with pytest.raises(Stop, match="ingen nyckel"):
            keys.forget(file, "00000000")
    with pytest.raises(Stop, match="två slags"):
        keys.main(["rotate", "context"])


def test_what_was_sealed_before_keys_had_names_is_read_and_sealed_anew(cast, committed_db, file):
    with transaction.atomic():
        factories.open_case(cast, by=cast.siv)
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"].replace("/humla?", f"/{committed_db}?")) as owner:
        owner.execute("UPDATE people_person SET number = split_part(number, ':', 2)")
    with transaction.atomic(), acting(cast.siv):
        read = Person.objects.get().number
    with _owning(committed_db):
        nameless = keys.counted(secrets.FIELDS)[keys.WITHOUT_NAME]
        keys.main(["reseal"])
        left = keys.counted(secrets.FIELDS)[keys.WITHOUT_NAME]

    assert (read, nameless, left) == (cast.eva, 1, 0)


def test_a_running_process_opens_what_another_sealed_under_a_newer_key(file):
    sealed = secrets.seal("före", "p")
    written = json.loads(file.read_text())
    install.replace_keys(file, written | {"fields": [Fernet.generate_key().decode(), *written["fields"]]})
    after = secrets.seal("efter", "p")

    assert (secrets.unseal(sealed, "p"), secrets.unseal(after, "p")) == ("före", "efter")
    assert sealed.split(":")[0] != after.split(":")[0]


def test_where_she_is_does_not_open_with_the_keys_of_everything_else(file):
    sealed = secrets.seal("Ljungvägen 4", "p", secrets.PROTECTED)
    with pytest.raises(secrets.CannotUnseal):
        secrets.unseal(sealed, "p")

    assert secrets.unseal(sealed, "p", secrets.PROTECTED) == "Ljungvägen 4"


def test_an_older_key_file_gets_the_ring_that_it_lacks_and_keeps_the_rest(file):
    written = json.loads(file.read_text())
    before = {name: value for name, value in written.items() if name != "protected"}
    file.write_text(json.dumps(before))
    install.make_keys(file, data_exists=True)
    after = json.loads(file.read_text())

    assert len(after.pop("protected")) == 1
    assert after == before
