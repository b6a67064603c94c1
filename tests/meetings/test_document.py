"""What a letter to somebody without a consent of her own never says."""

from typing import Any

import pytest

from humla.agreements.models import Duty
from humla.cases.models import Category
from humla.core.context import acting
from humla.meetings.document import OwnWords, parts_of
from humla.meetings.models import Called
from humla.meetings.rules import Call
from humla.organisation.models import Professional
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db

SECRET = "Jag vill bli av med skulderna"


def _letter(cast: Cast, call: Call, category: str) -> dict[Category, list[Any]]:
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    meeting = factories.planned_meeting(case, by=cast.siv)
    with acting(cast.siv):
        siv = Professional.objects.get(pk=cast.siv.id)
        words = OwnWords(SECRET, category=category)
        return parts_of(meeting, call, duty=Duty.INVITED, caller=siv, own_words=words)


@pytest.mark.parametrize("category", [one.value for one in Category])
def test_an_employer_never_reads_her_own_words(category: str, cast: Cast) -> None:
    letter = _letter(cast, Call(called=Called.EMPLOYER, name="Byggvaruhuset"), category)

    assert (set(letter) <= {Category.IDENTITY, Category.PLANNING}, SECRET in repr(letter)) == (True, False)


@pytest.mark.parametrize(
    ("category", "is_told"), [(Category.NEEDS, True), (Category.INTERNAL, False), (Category.PROTECTED, False)]
)
def test_what_is_never_released_is_in_no_letter_to_a_unit(
    category: Category, is_told: bool, cast: Cast
) -> None:
    letter = _letter(cast, Call(called=Called.UNIT, unit=cast.units["amir"]), category)

    assert (SECRET in repr(letter)) is is_told
