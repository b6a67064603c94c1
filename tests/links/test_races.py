"""Two thumbs on the same answer in the same second: one answer, one line on the trail."""

from functools import partial

import psycopg
from django.db import transaction

from humla.core.context import Actor, Kind, acting
from humla.links.models import Link
from humla.meetings.linked import answer_by_link
from humla.meetings.models import SummonsAnswer
from tests import factories
from tests.cast import Cast
from tests.conftest import _owner
from tests.races import second_of_two


def test_the_same_answer_at_once_is_one(cast: Cast, committed_db: str) -> None:
    with transaction.atomic():
        summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
        factories.link_in_letter(summons, unit=cast.units["amir"])
    with psycopg.connect(_owner(committed_db)) as owner:
        owner.execute(
            "UPDATE meetings_summons SET sent_at = sent_at - interval '2 minutes', leaves_at = now()"
        )
    clock = Actor(Kind.SYSTEM, association_id=cast.association.pk)
    with transaction.atomic(), acting(clock):
        link = Link.objects.get()
    reader = Actor(Kind.LINK, association_id=cast.association.pk, id=link.pk, unit_id=link.unit_id)
    answers = partial(answer_by_link, answer="comes", by=reader)

    second_of_two(answers, answers, by=reader)

    with transaction.atomic(), acting(cast.siv):
        assert SummonsAnswer.objects.count() == 1
    with psycopg.connect(_owner(committed_db)) as owner:
        found = owner.execute("SELECT count(*) FROM audit_event WHERE tag = 'meetings:summons:answered'")
        assert found.fetchone() == (1,)
