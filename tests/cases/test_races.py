"""A colleague let in twice in the same second: the second waits, and gets a sentence."""

from django.db import transaction

from humla.cases import actions
from humla.core.context import acting
from humla.organisation.models import Professional
from tests import factories
from tests.races import second_of_two


def test_a_colleague_who_is_let_in_twice_in_the_same_second_is_let_in_once(cast, committed_db):
    with transaction.atomic():
        case = factories.open_case(cast, by=cast.siv)
    with transaction.atomic(), acting(cast.siv):
        maja = Professional.objects.get(pk=cast.maja.id)

    _made, told = second_of_two(
        lambda: actions.assign(case, maja, cast.units["maja"], by=cast.siv),
        lambda: actions.assign(case, maja, cast.units["maja"], by=cast.siv),
        by=cast.siv,
    )

    assert told == "Maja Moberg deltar redan i ärendet."
