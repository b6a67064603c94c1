"""How one reaches a unit, and how sure that is, in words."""

from datetime import date, datetime

import pytest

from humla.core.dates import STOCKHOLM
from humla.organisation.models import Unit
from humla.organisation.reaching import ages, for_whom, instead, is_due, trust_in

TODAY = date(2026, 11, 24)


def at(day: int, month: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 9, 0, tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    ("unit", "sentence", "tone"),
    [
        (Unit(), "Ingen har bekräftat uppgifterna", "neutral"),
        (Unit(confirmed_at=at(3, 9)), "Bekräftad 3 september 2026", "done"),
        (Unit(confirmed_at=at(3, 3)), "Bekräftad 3 mars 2026, behöver bekräftas igen", "warning"),
        (
            Unit(confirmed_at=at(3, 9), mail_failed_at=at(20, 11), phone="0980-319 240"),
            "Brevlådan svarade inte 20 november 2026: ring 0980-319 240",
            "stop",
        ),
        (Unit(mail_failed_at=at(20, 11)), "Brevlådan svarade inte 20 november 2026", "stop"),
    ],
    ids=["never", "lately", "long-ago", "dead-mailbox", "dead-without-phone"],
)
def test_trust_is_a_sentence(unit, sentence, tone):
    trust = trust_in(unit, TODAY)

    assert (trust.sentence.replace("\N{NO-BREAK SPACE}", " "), trust.tone) == (sentence, tone)


def test_a_confirmation_is_believed_for_half_a_year():
    assert [is_due(Unit(confirmed_at=at(26, 5)), TODAY), is_due(Unit(confirmed_at=at(25, 5)), TODAY)] == [
        False,
        True,
    ]


def test_for_whom_is_one_line():
    unit = Unit(takes_on="Unga utan skola.", from_age=16, to_age=20, serves=["Humlesund", "Vassvik"])

    assert for_whom(unit) == "Unga utan skola. 16–20 år. Tar emot från Humlesund, Vassvik."
    assert (for_whom(Unit()), ages(Unit(from_age=18))) == ("", "från 18 år")


def test_who_answers_instead_is_a_unit_a_name_or_both():
    other = Unit(name="Vägen in", phone="0980-319 299")

    assert instead(Unit()) == ""
    assert instead(Unit(stand_in="Karin", stand_in_phone="070-174 06 42")) == (
        "Svarar ingen: Karin 070-174 06 42."
    )
    assert instead(Unit(stand_in_unit=other)) == "Svarar ingen: Vägen in 0980-319 299."
