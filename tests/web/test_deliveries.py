"""How a unit wants its letters: its manager and the administrator choose; to others there is no page."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.core.context import Actor, Kind, acting
from humla.links.tokens import token_of
from humla.notifications.digest import choose_delivery, delivery_to
from humla.notifications.models import Notice, NoticeKind
from tests import factories
from tests.cast import Cast
from tests.conftest import Door

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Door]
LIST = reverse("deliveries")


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " "))


def of(cast: Cast, who: str) -> str:
    return reverse("delivery", kwargs={"unit_id": cast.units[who].pk})


def test_the_administrator_chooses_for_a_unit(cast: Cast, sign_in: SignIn) -> None:
    olof = sign_in(cast.olof)
    before = text(olof.get(LIST))
    form = text(olof.get(of(cast, "amir")))
    after = text(
        olof.send(of(cast, "amir"), {"how": "samlat", "urgent_days": "4", "version": "0"}, follow=True)
    )

    assert "samlat, vardagar kl. 07.30" not in before
    assert "Ett samlat brev, vardagar kl. 07.30" in form
    assert "samlat, vardagar kl. 07.30" in after
    with acting(cast.olof):
        chosen = delivery_to(cast.units["amir"].pk)
    assert chosen is not None
    assert (chosen.is_collected, chosen.urgent_days) == (True, 4)


def test_the_manager_comes_straight_to_her_own_unit(cast: Cast, sign_in: SignIn) -> None:
    ylva = sign_in(cast.ylva)
    page = text(ylva.get(LIST))
    others = ylva.get(of(cast, "amir"))
    saved = ylva.send(of(cast, "siv"), {"how": "samlat", "urgent_days": "5", "version": "0"}, follow=True)

    assert "Brev till <bdi>Arbetsmarknadstorget</bdi>" in page
    assert others.status_code == 404
    assert "Sparat." in text(saved)


@pytest.mark.parametrize("days", ["", "0", "31", "x"])
def test_a_wrong_number_is_said_at_the_field_and_what_was_chosen_stays(
    days: str, cast: Cast, sign_in: SignIn
) -> None:
    answer = sign_in(cast.olof).send(of(cast, "amir"), {"how": "samlat", "urgent_days": days, "version": "0"})

    assert "Skriv ett antal dagar, 1 till 30." in text(answer)
    assert re.search(r'value="samlat"[^>]*checked', answer.content.decode())


def test_whoever_saves_second_sees_what_the_first_saved(cast: Cast, sign_in: SignIn) -> None:
    olof = sign_in(cast.olof)
    with acting(cast.olof):
        choose_delivery(cast.units["amir"], is_collected=True, urgent_days=9, version=0, by=cast.olof)
    answer = olof.send(of(cast, "amir"), {"how": "genast", "urgent_days": "3", "version": "0"})
    version = re.search(r'name="version" value="(\d+)"', answer.content.decode())

    assert "Någon annan sparade före dig: samlat, 9 dagar." in text(answer)
    assert version is not None
    assert version[1] == "1"


def test_the_list_costs_as_many_questions_whatever_has_been_chosen(cast: Cast, sign_in: SignIn) -> None:
    olof = sign_in(cast.olof)
    olof.get(LIST)
    with CaptureQueriesContext(connection) as none:
        olof.get(LIST)
    with acting(cast.olof):
        for who in ("amir", "farid", "lena"):
            choose_delivery(cast.units[who], is_collected=True, urgent_days=5, version=0, by=cast.olof)
    with CaptureQueriesContext(connection) as chosen:
        olof.get(LIST)

    assert len(none) == len(chosen)


def test_a_unit_is_found_by_its_name(cast: Cast, sign_in: SignIn) -> None:
    olof = sign_in(cast.olof)
    found = text(olof.send(LIST, {"words": "psyk"}, follow=True))
    none = text(olof.send(LIST, {"words": "vulkan"}, follow=True))

    assert "Psykiatrin Humlesund" in found
    assert "AF Humlesund" not in found
    assert "Inget hittades" in none


def test_the_list_of_what_has_left_says_which_reminder_it_was_and_what_was_collected(
    cast: Cast, sign_in: SignIn, clock: Callable[[Any], None]
) -> None:
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    clock(summons.leaves_at)
    the_clock = Actor(Kind.SYSTEM, association_id=cast.association.pk)
    with acting(the_clock):
        (notice,) = Notice.objects.all()
        Notice.objects.update(is_collected=True)
        reminder = Notice(
            association_id=cast.association.pk,
            kind=NoticeKind.REMINDER,
            reminds_of=NoticeKind.SUMMONS,
            unit=cast.units["amir"],
            about_id=summons.pk,
            queued_at=summons.leaves_at,
            leaves_at=summons.leaves_at,
            staff_from=summons.leaves_at.date(),
        )
        reminder.save(force_insert=True)
    page = text(sign_in(cast.olof).get(reverse("notices") + "?lage=vantar"))

    assert "i samlat brev" in page
    assert "kallelse till möte, sista, sedan ringer någon" in page
    assert str(summons.pk) not in page
    assert token_of(notice.pk) not in page
