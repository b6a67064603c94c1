"""Two in the same second about one document: what was called back is not laid out again."""

from functools import partial

from django.db import transaction

from humla.core.context import acting
from humla.disclosures import actions
from humla.disclosures.models import ReceivedCopy
from tests import factories
from tests.cast import Cast
from tests.races import second_of_two


def test_a_copy_is_not_had_back_in_the_instant_after_it_was_called_back(cast: Cast, committed_db: str):
    amir, siv = cast.amir, cast.siv
    with transaction.atomic():
        document = factories.adopted_plan(cast, by=siv)
        given = factories.handed_over(cast, document, by=siv, to=cast.units["amir"])
        factories.taken_in(given, by=amir)
    with transaction.atomic(), acting(amir):
        actions.archive(ReceivedCopy.objects.select_related("disclosure").get(), reference="AF 1", by=amir)
    with transaction.atomic(), acting(amir):
        archived = ReceivedCopy.objects.select_related("disclosure").get()

    recall, have_back = (
        partial(actions.recall, given, why="content", by=siv),
        partial(actions.unarchive, archived, by=amir),
    )
    _none, told = second_of_two(recall, have_back, by=siv, then_by=amir)

    assert "Någon annan hann före" in told
    with transaction.atomic(), acting(amir):
        assert ReceivedCopy.objects.get().parts == {}
