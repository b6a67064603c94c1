"""Rulings: yes, or no with a reason."""

import pytest

from humla.core.rulings import YES, NotAllowed, all_of, any_of, no


def test_yes_is_truthy_and_stops_nothing():
    YES.enforce()

    assert (bool(YES), YES.reason) == (True, "")


def test_no_is_falsy_and_says_why():
    ruling = no("Samtycke saknas för Psykiatrin.")

    assert (bool(ruling), ruling.reason) == (False, "Samtycke saknas för Psykiatrin.")
    with pytest.raises(NotAllowed, match="Samtycke saknas för Psykiatrin") as refused:
        ruling.enforce()
    assert refused.value.reason == "Samtycke saknas för Psykiatrin."


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_a_no_without_a_reason_cannot_be_made(reason):
    with pytest.raises(ValueError, match="reason"):
        no(reason)


def test_the_first_no_is_the_answer_of_all():
    assert all_of(YES, no("först"), no("sedan")) == no("först")
    assert all_of(YES, YES) == YES
    assert all_of() == YES


def test_one_yes_is_enough_for_any_and_nothing_at_all_is_refused():
    assert any_of(no("a"), YES) == YES
    assert any_of(no("a"), no("b")) == no("b")
    with pytest.raises(ValueError, match="at least one"):
        any_of()
