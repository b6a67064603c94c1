"""Eva's case with consents, and a time that is looked for."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from humla.cases.models import Case
from humla.core.context import acting
from humla.core.dates import today
from humla.core.workdays import working_days_after
from humla.meetings.models import Called, MeetingKind
from humla.meetings.rules import Call
from humla.scheduling import actions
from humla.scheduling.models import TimeOffer
from humla.scheduling.suggestions import instant_of
from tests import factories
from tests.cast import Cast

Clock = Callable[[datetime], None]
Look = Callable[..., TimeOffer]


def times(count: int = 3, *, hour: int = 10) -> list[datetime]:
    """Some times on working days, a good while ahead."""
    days = [working_days_after(today(), 15 + one) for one in range(count)]
    return [instant_of(day, time(hour)) for day in days]


def answer_day() -> date:
    return today() + timedelta(days=5)


@pytest.fixture
def case(cast: Cast) -> Case:
    """Eva has said yes to Amir's unit and to Farid's; never to Lena's."""
    made = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    for name in ("amir", "farid"):
        factories.consent(made, cast.units[name], by=cast.siv)
    return made


@pytest.fixture
def look(cast: Cast, case: Case) -> Look:
    """Siv offers three times to Amir's and Farid's units and Eva's employer."""

    def offer(**more: Any) -> TimeOffer:
        given = {
            "kind": MeetingKind.FIRST,
            "times": times(),
            "calls": [
                Call(Called.UNIT, cast.units["amir"]),
                Call(Called.UNIT, cast.units["farid"]),
                Call(Called.EMPLOYER, name="Bageriet"),
            ],
            "answer_by": answer_day(),
            "place": "Rum 4",
            **more,
        }
        with acting(cast.siv):
            return actions.offer_times(case, by=cast.siv, **given)

    return offer
