"""A link's token is derived from its letter and kept nowhere; the same letter has the same link."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, transaction

from humla.core.context import Actor, Kind, acting
from humla.links.actions import LIFE, make
from humla.links.models import Link, LinkSubject
from humla.links.tokens import kept_of, token_of
from tests import factories
from tests.cast import Cast

LETTER = UUID("5f0c6a1e-0d4b-4a35-9a55-0f5d9d3c1a11")


def test_a_token_is_long_goes_in_an_address_and_is_the_letters_own() -> None:
    tokens = {token_of(uuid4()) for _turn in range(50)} | {token_of(LETTER)}

    assert len(tokens) == 51
    assert {len(token) for token in tokens} == {43}
    assert {sign for token in tokens for sign in token if not (sign.isalnum() or sign in "-_")} == set()
    assert token_of(LETTER) == token_of(LETTER)


def test_whoever_has_the_letters_id_but_not_the_key_has_no_token(settings: Any) -> None:
    ours = token_of(LETTER)
    settings.HUMLA_KEYS_DATA = {**settings.HUMLA_KEYS_DATA, "lookup": "ab" * 32}

    assert token_of(LETTER) != ours


@pytest.mark.django_db
def test_a_letter_tried_again_gets_the_link_it_had(cast: Cast) -> None:
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    clock = Actor(Kind.SYSTEM, association_id=cast.association.pk)
    with acting(clock):
        first, again = (
            make(
                LinkSubject.SUMMONS,
                subject_id=summons.pk,
                unit=cast.units["amir"],
                letter_id=LETTER,
                by=clock,
            )
            for _try in range(2)
        )
        (link,) = Link.objects.all()

    assert first == again
    assert (link.token_hash, link.ends_at - link.made_at) == (kept_of(first), LIFE)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["siv", "amir", "olof", "stranger"])
def test_nobody_but_the_clock_sees_or_makes_links(who: str, cast: Cast) -> None:
    actor = getattr(cast, who)
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    factories.link_in_letter(summons, unit=cast.units["amir"])
    with acting(actor):
        assert Link.objects.count() == 0
    with pytest.raises(ProgrammingError), transaction.atomic(), acting(actor):
        make(LinkSubject.SUMMONS, subject_id=uuid4(), unit=cast.units["amir"], letter_id=LETTER, by=actor)
