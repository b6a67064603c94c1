"""Sealing and look-up keys."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import models

from humla.core import secrets
from humla.core.sealed_field import SealedTextField

EVA = "197804112394"


def test_what_is_sealed_can_be_unsealed_and_not_read(keys):
    sealed = secrets.seal("19780411-2394 åäö 👩", "a.b.c")

    assert secrets.unseal(sealed, "a.b.c") == "19780411-2394 åäö 👩"
    assert "2394" not in sealed
    assert secrets.seal("x", "a.b.c") != secrets.seal("x", "a.b.c")


@pytest.mark.parametrize("other", ["search:siv", "people.person", "people.person.numbe", ""])
def test_what_was_sealed_for_one_purpose_opens_for_no_other(keys, other):
    sealed = secrets.seal("19780411-2394", "people.person.number")
    with pytest.raises(secrets.CannotUnseal, match="another purpose") as refused:
        secrets.unseal(sealed, other)

    assert "2394" not in str(refused.value)


def test_what_was_sealed_without_a_purpose_opens_for_none(keys):
    bare = Fernet(keys["fields"][0]).encrypt(b"19780411-2394").decode()
    with pytest.raises(secrets.CannotUnseal):
        secrets.unseal(bare, "people.person.number")


@pytest.mark.parametrize("purpose", ["", "a\x00b"])
def test_a_purpose_cannot_run_into_the_text(keys, purpose):
    with pytest.raises(ValueError, match="purpose"):
        secrets.seal("ord", purpose)

    assert secrets.unseal(secrets.seal("a\x00b", "p"), "p") == "a\x00b"


def test_rotation_moves_to_the_newest_key(keys):
    sealed = secrets.seal("ord", "p")
    keys["fields"].insert(0, Fernet.generate_key().decode())
    rotated = secrets.rotate(sealed)
    del keys["fields"][1]

    assert secrets.unseal(rotated, "p") == "ord"
    with pytest.raises(secrets.CannotUnseal):
        secrets.unseal(sealed, "p")
    with pytest.raises(secrets.CannotUnseal):
        secrets.unseal(rotated, "q")


@pytest.mark.parametrize("sealed", ["", "x", "åäö", "gAAAAA=="])
def test_what_was_changed_cannot_be_unsealed(keys, sealed):
    with pytest.raises(secrets.CannotUnseal):
        secrets.unseal(sealed, "p")
    with pytest.raises(secrets.CannotUnseal):
        secrets.rotate(sealed)


def test_a_person_has_one_key_and_one_lookup_for_each_authority(keys):
    made = {
        secrets.person_key(EVA),
        secrets.person_lookup("nämnden", EVA),
        secrets.person_lookup("regionen", EVA),
        secrets.lookup("e-post", EVA),
    }

    assert len(made) == 4
    assert secrets.person_key(EVA) == secrets.person_key(EVA)


def test_another_installation_gives_other_keys(keys):
    here = secrets.person_key(EVA)
    keys["lookup"] = "cd" * 32

    assert secrets.person_key(EVA) != here


def test_kinds_cannot_run_into_values(keys):
    with pytest.raises(ValueError, match="kind"):
        secrets.lookup("a\x00b", "c")
    assert secrets.lookup("a", "bc") != secrets.lookup("ab", "c")


@pytest.mark.parametrize("written", ["7804112394", "19780411-2394", "１９７８０４１１２３９４", ""])
def test_only_twelve_digits_are_looked_up(keys, written):
    with pytest.raises(ValueError, match="twelve digits"):
        secrets.person_key(written)


def test_a_short_lookup_key_is_refused(keys):
    keys["lookup"] = "ab" * 16
    with pytest.raises(ValueError, match="32 bytes"):
        secrets.person_key(EVA)


class Letter(models.Model):
    """Two sealed columns, so that one's token can be put in the other."""

    name = SealedTextField()
    address = SealedTextField()

    class Meta:
        app_label = "post"
        managed = False


def test_the_field_seals_on_the_way_in_and_unseals_on_the_way_out(keys):
    field = Letter._meta.get_field("address")
    stored = field.get_prep_value("Storgatan 1")

    assert field.purpose == "post.letter.address"
    assert "Storgatan" not in stored
    assert field.from_db_value(stored, None, None) == "Storgatan 1"
    assert [field.get_prep_value(empty) for empty in ("", None)] == ["", None]
    assert [field.from_db_value(empty, None, None) for empty in ("", None)] == ["", None]


def test_a_token_moved_to_another_column_does_not_open(keys):
    name, address = (Letter._meta.get_field(one) for one in ("name", "address"))
    with pytest.raises(secrets.CannotUnseal):
        name.from_db_value(address.get_prep_value("Storgatan 1"), None, None)


def test_the_field_cannot_be_searched(keys):
    field = SealedTextField(name="number")
    for question in ("exact", "icontains", "in", "startswith"):
        with pytest.raises(FieldError, match="sealed"):
            field.get_lookup(question)
    assert field.get_lookup("isnull") is not None
