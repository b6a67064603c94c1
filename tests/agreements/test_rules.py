"""A local agreement decides who must come, once all its parties have signed."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from humla.agreements.models import AgreementParty, AgreementState, Duty, InitiatingProfession, LocalAgreement
from humla.agreements.rules import duty_of, may_concern, may_initiate, may_sign
from humla.agreements.visibility import is_in_force, missing_signatures, state_of
from humla.core.context import Actor, Kind
from humla.organisation.models import Party, PartyKind, Profession

SIGNED = date(2026, 3, 1)
STARTS = date(2026, 4, 1)
ENDS = date(2026, 12, 31)
DAY = timedelta(days=1)

REGION = Party(name="Region Humleland", kind=PartyKind.REGION)
OFFICE = Party(name="Arbetsförmedlingen", kind=PartyKind.EMPLOYMENT_SERVICE)
KOMMUN = Party(name="Vassviks kommun", kind=PartyKind.MUNICIPALITY)
PROFESSION = Profession(name="socialsekreterare")

Agree = Callable[..., LocalAgreement]


def _agreed(*signed: date | None) -> LocalAgreement:
    """An agreement between as many parties as there are days, the first two obliged."""
    agreement = LocalAgreement(starts_on=STARTS, ends_on=ENDS)
    duties = [Duty.OBLIGED, Duty.OBLIGED, Duty.INVITED]
    rows = [
        AgreementParty(
            agreement=agreement, party=party, duty=duty, signed_on=on, signed_by="Rut Rask" if on else ""
        )
        for party, duty, on in zip([REGION, OFFICE, KOMMUN], duties, signed, strict=False)
    ]
    starting: list[Any] = [InitiatingProfession(agreement=agreement, profession=PROFESSION)]
    # As a prefetched agreement comes from `visibility`.
    agreement._prefetched_objects_cache = {"parties": _Rows(rows), "initiating": _Rows(starting)}  # type: ignore[attr-defined]
    return agreement


class _Rows(list[Any]):
    def all(self) -> "_Rows":
        return self


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (SIGNED - DAY, AgreementState.UNSIGNED),
        (SIGNED, AgreementState.AHEAD),
        (STARTS - DAY, AgreementState.AHEAD),
        (STARTS, AgreementState.IN_FORCE),
        (ENDS, AgreementState.IN_FORCE),
        (ENDS + DAY, AgreementState.ENDED),
    ],
)
def test_an_agreement_stands_where_its_dates_and_signatures_put_it(on: date, state: AgreementState) -> None:
    assert state_of(_agreed(SIGNED, SIGNED, SIGNED), on) == state


def test_one_missing_signature_is_enough_to_stop_it() -> None:
    agreement = _agreed(SIGNED, None, SIGNED)

    assert is_in_force(agreement, STARTS) is False
    assert [row.party.name for row in missing_signatures(agreement, STARTS)] == ["Arbetsförmedlingen"]


def test_an_agreement_without_parties_binds_nobody() -> None:
    assert state_of(_agreed(), STARTS) == AgreementState.UNSIGNED


def test_before_all_have_signed_everybody_is_only_invited() -> None:
    agreement = _agreed(SIGNED, SIGNED, None)

    assert [duty_of(party, agreement, STARTS) for party in (REGION, OFFICE, KOMMUN)] == [Duty.INVITED] * 3


def test_when_all_have_signed_each_party_has_its_own_duty() -> None:
    agreement = _agreed(SIGNED, SIGNED, SIGNED)

    duties = [duty_of(party, agreement, STARTS) for party in (REGION, OFFICE, KOMMUN)]

    assert duties == [Duty.OBLIGED, Duty.OBLIGED, Duty.INVITED]


def test_the_last_day_is_one_of_duty_and_the_day_after_is_not() -> None:
    agreement = _agreed(SIGNED, SIGNED, SIGNED)

    assert [duty_of(REGION, agreement, on) for on in (ENDS, ENDS + DAY)] == [Duty.OBLIGED, Duty.INVITED]


def test_without_an_agreement_everybody_is_invited() -> None:
    assert duty_of(REGION, None, STARTS) == Duty.INVITED


def test_a_party_outside_the_agreement_is_invited() -> None:
    outside = Party(name="Klöverby kommun", kind=PartyKind.MUNICIPALITY)

    assert duty_of(outside, _agreed(SIGNED, SIGNED), STARTS) == Duty.INVITED


def test_only_the_professions_that_are_named_may_start() -> None:
    agreement = _agreed(SIGNED, SIGNED, SIGNED)
    other = Profession(name="arbetscoach")

    assert may_initiate(PROFESSION.pk, agreement, STARTS)
    assert may_initiate(other.pk, agreement, STARTS).reason.startswith("Ditt yrke får inte starta")
    assert not may_initiate(None, agreement, STARTS)


@pytest.mark.parametrize(
    ("agreement", "reason"),
    [
        (None, "Det finns ingen överenskommelse som gäller."),
        (_agreed(None, SIGNED, SIGNED), "Överenskommelsen gäller inte nu: väntar på underskrifter."),
    ],
)
def test_nobody_starts_without_an_agreement_in_force(agreement: LocalAgreement | None, reason: str) -> None:
    assert may_initiate(PROFESSION.pk, agreement, STARTS).reason == reason


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [(Kind.ADMIN, True), (Kind.PROFESSIONAL, False), (Kind.FORBUND, False), (Kind.PERSON, False)],
)
def test_only_the_administrator_writes_signatures(kind: Kind, allowed: bool) -> None:
    row = AgreementParty(party=REGION, agreement=LocalAgreement())

    assert bool(may_sign(Actor(kind), row)) is allowed


def test_a_signature_is_written_once() -> None:
    row = AgreementParty(party=REGION, agreement=LocalAgreement(), signed_on=SIGNED, signed_by="Rut Rask")

    assert may_sign(Actor(Kind.ADMIN), row).reason == "Parten har redan skrivit under."


@pytest.mark.parametrize(
    ("born", "is_allowed"),
    [
        (date(2010, 5, 4), True),  # sixteen today
        (date(2010, 5, 5), False),  # tomorrow
        (2010, True),  # perhaps already
        (2011, False),  # fifteen at the most
        (None, True),
    ],
)
def test_only_who_is_surely_younger_than_the_agreement_says_is_refused(
    born: date | int | None, is_allowed: bool
) -> None:
    agreement = _agreed(SIGNED, SIGNED)
    ruling = may_concern(born, agreement, date(2026, 5, 4))

    assert bool(ruling) is is_allowed
    assert ruling.reason == (
        ""
        if is_allowed
        else "Överenskommelsen gäller från 16 år, och personen är yngre."
        " Gör planen på det vanliga sättet med socialtjänsten och vården."
    )
