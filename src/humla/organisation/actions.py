"""What happens to a unit and to those who act for it.

Here: how a unit is reached, told by those who work there; and the administrator's way to end a colleague's
sign-ins, when a computer is lost or somebody leaves. Not here: the organisation itself, which is loaded from
the förbund's file (`humla.ops.loading`).
"""

from typing import TypedDict, Unpack

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from humla.accounts.actions import end_sessions_of
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Actor, now
from humla.core.versions import Stale
from humla.organisation import rules
from humla.organisation.models import Professional, Unit


@transaction.atomic
def sign_out(professional: Professional, *, by: Actor) -> None:
    """End all of a professional's sign-ins. She may sign in again: closing the account is another matter."""
    rules.may_sign_out(professional, by).enforce()
    assert professional.account_id is not None
    end_sessions_of(professional.account_id)
    record(Tag.SIGNED_OUT_BY_OTHER, items=[("professional", professional.pk, 0)])


class UnitDetails(TypedDict):
    """What those who work there tell about their unit."""

    also_called: str
    place: str
    serves: list[str]
    takes_on: str
    from_age: int | None
    to_age: int | None
    is_way_in: bool
    phone: str
    phone_hours: str
    hours: str
    mail: str
    stand_in_unit: Unit | None
    stand_in: str
    stand_in_phone: str
    owner: Professional | None


@transaction.atomic
def describe_unit(unit: Unit, *, version: int, by: Actor, **details: Unpack[UnitDetails]) -> Unit:
    """Tell how it is reached. Whoever has just written it has said that it is true."""
    rules.may_look_after(by, unit).enforce()
    _update(unit, version, **details, confirmed_at=now(), confirmed_by=by.id)
    record(Tag.UNIT_DESCRIBED, items=[("unit", unit.pk, version + 1)])
    return unit


@transaction.atomic
def confirm_unit(unit: Unit, *, version: int, by: Actor) -> Unit:
    """What stands about it is still true: read by somebody who knows, and said in one tap."""
    rules.may_look_after(by, unit).enforce()
    _update(unit, version, confirmed_at=now(), confirmed_by=by.id)
    record(Tag.UNIT_CONFIRMED, items=[("unit", unit.pk, version + 1)])
    return unit


@transaction.atomic
def set_code_phone(unit: Unit, *, phone: str, version: int, by: Actor) -> Unit:
    """Another telephone gets the codes that open what is sent to the unit; none, when it is empty.

    The one before is told by SMS: whoever took it over by stealth is seen by those who lost it.
    """
    rules.may_set_code_phone(by, unit).enforce()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_code_phone(%s, %s, %s, %s)", [unit.pk, phone, version, settings.SMS_LEAVES]
        )
        (was_set,) = cursor.fetchone()
    if not was_set:
        raise Stale(Unit.objects.get(pk=unit.pk))
    record(Tag.CODE_PHONE_CHANGED, items=[("unit", unit.pk, version + 1)])
    return unit


def _update(unit: Unit, version: int, **fields: object) -> None:
    """An UPDATE of a row that the policies hide, or that somebody else was first with, hits nothing."""
    found = Unit.objects.filter(pk=unit.pk, version=version)
    if not found.update(version=F("version") + 1, **fields):
        raise Stale(Unit.objects.get(pk=unit.pk))
