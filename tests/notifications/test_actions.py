"""A notice is queued with its act, stopped with it, and knows nothing of anybody."""

from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction

from humla.core.context import Actor, Kind, acting, now
from humla.core.rulings import NotAllowed
from humla.notifications.actions import queue, stop, try_again
from humla.notifications.models import Notice, NoticeKind
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def clock(cast: Cast) -> Actor:
    return Actor(Kind.SYSTEM, association_id=cast.association.pk)


def test_a_unit_without_a_mailbox_is_told_on_paper(cast: Cast) -> None:
    with acting(cast.siv):
        made = queue(
            NoticeKind.DOCUMENT, unit=cast.units["vera"], about=uuid4(), leaves_at=now(), by=cast.siv
        )

    assert made is None


def test_a_disclosure_tells_the_unit_and_says_when_it_opens(cast: Cast) -> None:
    document = factories.adopted_plan(cast, by=cast.siv)
    disclosure = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])

    with acting(clock(cast)):
        (notice,) = Notice.objects.all()
    assert (notice.kind, notice.unit_id, notice.about_id, notice.leaves_at) == (
        "document",
        cast.units["amir"].pk,
        disclosure.pk,
        disclosure.opens_at,
    )


def test_a_summons_tells_once_and_its_document_not_again(cast: Cast) -> None:
    factories.summoned(cast, by=cast.siv, to=cast.units["amir"])

    with acting(clock(cast)):
        assert [one.kind for one in Notice.objects.all()] == ["summons"]


def test_what_is_stopped_does_not_leave(cast: Cast) -> None:
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    with acting(cast.siv):
        assert (stop(summons.pk), stop(summons.pk)) == (1, 0)

    with acting(clock(cast)):
        assert [one.state for one in Notice.objects.all()] == ["cancelled"]


@pytest.mark.parametrize("who", ["stranger", "nils", "amir", "maja"])
def test_whoever_does_not_hold_it_stops_nothing(who: str, cast: Cast) -> None:
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    with acting(getattr(cast, who)):
        assert stop(summons.pk) == 0


@pytest.mark.parametrize("who", ["amir", "lena", "nils", "greta", "maja", "stranger"])
def test_only_the_sender_and_the_administrator_see_that_it_was_queued(who: str, cast: Cast) -> None:
    factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    seen = {}
    for name in (who, "siv", "olof"):
        with acting(getattr(cast, name)):
            seen[name] = Notice.objects.count()

    assert seen == {who: 0, "siv": 1, "olof": 1}


def test_only_the_administrator_tries_again_and_only_what_failed(cast: Cast) -> None:
    factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    with acting(cast.siv), pytest.raises(NotAllowed, match="Bara administratören"):
        try_again(Notice.objects.get(), by=cast.siv)
    with acting(cast.olof), pytest.raises(NotAllowed, match="väntar eller har redan lämnat"):
        try_again(Notice.objects.get(), by=cast.olof)


def test_a_letter_cannot_be_sent_about_what_is_another_units(cast: Cast) -> None:
    """The wall asks: a mailbox is told only of what is addressed to it."""
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    with pytest.raises(ProgrammingError), transaction.atomic(), acting(cast.siv):
        queue(NoticeKind.SUMMONS, unit=cast.units["lena"], about=summons.pk, leaves_at=now(), by=cast.siv)
