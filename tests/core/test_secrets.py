"""Sealing and look-up keys."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError

from humla.core import secrets
from humla.core.sealed_field import SealedTextField

EVA = "197804112394"


def test_what_is_sealed_can_be_unsealed_and_not_read(keys):
    sealed = secrets.seal("19780411-2394 åäö 👩")

    assert secrets.unseal(sealed) == "19780411-2394 åäö 👩"
    assert "2394" not in sealed
    assert secrets.seal("x") != secrets.seal("x")


def test_rotation_moves_to_the_newest_key(keys):
    sealed = secrets.seal("ord")
    keys["fields"].insert(0, Fernet.generate_key().decode())
    rotated = secrets.rotate(sealed)
    del keys["fields"][1]

    assert secrets.unseal(rotated) == "ord"
    with pytest.raises(secrets.CannotUnseal):
        secrets.unseal(sealed)


@pytest.mark.parametrize("sealed", ["", "x", "åäö", "gAAAAA=="])
def test_what_was_changed_cannot_be_unsealed(keys, sealed):
    with pytest.raises(secrets.CannotUnseal):
        secrets.unseal(sealed)
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


def test_the_field_seals_on_the_way_in_and_unseals_on_the_way_out(keys):
    field = SealedTextField()
    stored = field.get_prep_value("Storgatan 1")

    assert "Storgatan" not in stored
    assert field.from_db_value(stored, None, None) == "Storgatan 1"
    assert [field.get_prep_value(empty) for empty in ("", None)] == ["", None]
    assert [field.from_db_value(empty, None, None) for empty in ("", None)] == ["", None]


def test_the_field_cannot_be_searched(keys):
    field = SealedTextField(name="number")
    for question in ("exact", "icontains", "in", "startswith"):
        with pytest.raises(FieldError, match="sealed"):
            field.get_lookup(question)
    assert field.get_lookup("isnull") is not None
