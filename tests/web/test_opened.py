"""Whoever summoned sees that the unit has opened it: a person there has, and never a mail filter."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from humla.core.context import acting
from humla.meetings.models import Summons
from humla.notifications.visibility import opened_in
from tests import factories
from tests.cast import Cast
from tests.conftest import Door

pytestmark = pytest.mark.django_db


@pytest.fixture
def summons(cast: Cast, clock: Callable[[Any], None]) -> Summons:
    made = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    clock(made.leaves_at + timedelta(minutes=5))
    return made


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " "))


def page(summons: Summons) -> str:
    return reverse("meeting", kwargs={"case_id": summons.case_id, "meeting_id": summons.meeting_id})


def test_a_link_that_is_only_followed_is_not_opened(
    cast: Cast, summons: Summons, client: Any, sign_in: Callable[[Any], Door]
) -> None:
    token = factories.link_in_letter(summons, unit=cast.units["amir"])
    followed = client.get(reverse("answer_link", kwargs={"token": token}))

    assert followed.status_code == 200
    assert "Inte öppnad än" in text(sign_in(cast.siv).get(page(summons)))


def test_whoever_has_signed_in_and_read_it_has_opened_it(
    cast: Cast, summons: Summons, sign_in: Callable[[Any], Door]
) -> None:
    assert summons.disclosure is not None
    factories.taken_in(summons.disclosure, by=cast.amir)
    read = sign_in(cast.amir).get(reverse("received", kwargs={"case_id": summons.case_id}))

    assert read.status_code == 200
    shown = text(sign_in(cast.siv).get(page(summons)))
    assert "Öppnad" in shown
    assert "Amir" not in shown


@pytest.mark.parametrize("who", ["amir", "lena", "nils", "maja", "stranger", "olof"])
def test_nobody_else_learns_who_has_opened_what(who: str, cast: Cast, summons: Summons) -> None:
    with acting(getattr(cast, who)):
        assert opened_in(summons.case_id) == {}
