"""The administrator writes in signatures: once, never ahead of time, and on the trail."""

import os
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from humla.agreements.actions import sign
from humla.agreements.models import AgreementParty, AgreementState, Duty
from humla.agreements.rules import duty_of
from humla.agreements.visibility import agreement_party, latest_agreement, state_of
from humla.audit.models import Event
from humla.core.context import Actor, acting, today
from humla.core.rulings import NotAllowed
from tests.cast import Cast


@pytest.fixture
def unsigned(committed_db: str, cast: Cast) -> UUID:
    """Humledalen's agreement, waiting for Arbetsförmedlingen alone; in a database where commits are real."""
    url = os.environ["DATABASE_OWNER_URL"].replace("/humla?", f"/{committed_db}?")
    with psycopg.connect(url, autocommit=True) as owner:
        row = owner.execute(
            "UPDATE agreements_agreementparty SET signed_on = NULL, signed_by = ''"
            " WHERE association_id = %s AND party_id = %s RETURNING id",
            [cast.association.pk, cast.parties["Arbetsförmedlingen"].pk],
        ).fetchone()
    assert row is not None
    return UUID(str(row[0]))


def _sign(row_id: UUID, by: Actor, *, name: str = "Agneta Alm", days: int = 0) -> AgreementParty:
    with transaction.atomic(), acting(by):
        row = agreement_party(row_id)
        assert row is not None
        return sign(row, name=name, signed_on=today() + timedelta(days=days), by=by)


def test_the_last_signature_puts_the_agreement_in_force_and_the_parties_under_duty(
    unsigned: UUID, cast: Cast
) -> None:
    def standing() -> tuple[AgreementState, Duty]:
        with transaction.atomic(), acting(cast.greta):
            agreement = latest_agreement(today())
            assert agreement is not None
            return state_of(agreement, today()), duty_of(
                cast.parties["Försäkringskassan"], agreement, today()
            )

    before = standing()
    _sign(unsigned, cast.olof)

    assert before == (AgreementState.UNSIGNED, Duty.INVITED)
    assert standing() == (AgreementState.IN_FORCE, Duty.OBLIGED)


def test_a_signature_is_on_the_trail(unsigned: UUID, cast: Cast) -> None:
    _sign(unsigned, cast.olof)

    url = os.environ["DATABASE_OWNER_URL"].replace("/humla?", f"/{connection.settings_dict['NAME']}?")
    with psycopg.connect(url) as owner:
        rows = owner.execute("SELECT tag, kind, actor_id, items FROM audit_event").fetchall()
    assert rows == [
        ("agreements:agreement:signed", "admin", cast.olof.id, [["agreement_party", str(unsigned), 1]])
    ]


def test_a_signature_is_never_written_over(unsigned: UUID, cast: Cast) -> None:
    _sign(unsigned, cast.olof)

    with pytest.raises(NotAllowed, match="Parten har redan skrivit under"):
        _sign(unsigned, cast.olof, name="Någon Annan")

    with transaction.atomic(), acting(cast.olof):
        assert AgreementParty.objects.get(pk=unsigned).signed_by == "Agneta Alm"


def test_two_administrators_at_once_write_one_signature(unsigned: UUID, cast: Cast) -> None:
    with transaction.atomic(), acting(cast.olof):
        mine = agreement_party(unsigned)
    assert mine is not None
    _sign(unsigned, cast.olof)

    with (
        pytest.raises(NotAllowed, match="Parten har redan skrivit under"),
        transaction.atomic(),
        acting(cast.olof),
    ):
        sign(mine, name="Någon Annan", signed_on=today(), by=cast.olof)


def test_nobody_signs_ahead_of_time(unsigned: UUID, cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Datumet ligger framåt i tiden"):
        _sign(unsigned, cast.olof, days=1)


def test_a_signature_has_a_name(unsigned: UUID, cast: Cast) -> None:
    with pytest.raises(ValidationError, match="En underskrift har både datum och namn"):
        _sign(unsigned, cast.olof, name="")


def test_a_professional_cannot_sign_even_past_the_rule(unsigned: UUID, cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="administratör"):
        _sign(unsigned, cast.siv)

    with transaction.atomic(), acting(cast.siv):
        hit = AgreementParty.objects.filter(pk=unsigned).update(signed_on=today(), signed_by="Siv Sandberg")
    assert hit == 0


def test_another_forbunds_agreement_does_not_exist(unsigned: UUID, cast: Cast) -> None:
    with transaction.atomic(), acting(cast.stranger):
        assert agreement_party(unsigned) is None
        assert Event.objects.count() == 0
