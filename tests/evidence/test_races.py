"""Two in the same second about one underlag: one question, and an answer to what still is asked."""

import pytest
from django.db import transaction

from humla.cases.models import Case
from humla.core.context import acting, today
from humla.core.workdays import working_days_after
from humla.evidence import actions
from humla.evidence.models import EvidenceRequest, Said
from humla.meetings.models import Called, EvidenceKind
from humla.meetings.rules import Call
from tests import factories
from tests.cast import Cast
from tests.races import second_of_two


@pytest.fixture
def case(cast: Cast, committed_db: str) -> Case:
    with transaction.atomic():
        made = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
        factories.consent(made, cast.units["amir"], by=cast.siv)
    return made


def asks(cast: Cast, case: Case) -> list[EvidenceRequest]:
    return actions.ask_all(
        case,
        kind=EvidenceKind.DECISION,
        calls=[Call(Called.UNIT, cast.units["amir"])],
        by_when=working_days_after(today(), 5),
        by=cast.siv,
    )


def test_the_same_asked_in_two_tabs_is_asked_once(cast: Cast, case: Case) -> None:
    (first,), told = second_of_two(lambda: asks(cast, case), lambda: asks(cast, case), by=cast.siv)

    assert told.startswith("AF Humlesund är redan tillfrågad om ")
    with transaction.atomic(), acting(cast.siv):
        assert [one.pk for one in EvidenceRequest.objects.all()] == [first.pk]


def test_what_is_taken_back_meanwhile_is_not_noted_as_come(cast: Cast, case: Case) -> None:
    with transaction.atomic(), acting(cast.siv):
        (request,) = asks(cast, case)

    _done, told = second_of_two(
        lambda: actions.withdraw(request, by=cast.siv),
        lambda: actions.note(request, said=Said.ARRIVED, by=cast.siv),
        by=cast.siv,
    )

    assert told == "Frågan är redan återtagen."
