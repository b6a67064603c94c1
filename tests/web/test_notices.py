"""The administrator's list of notices: kinds, units and times; what failed goes again; nobody is in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.audit.models import Event
from humla.core.context import Actor, Kind, acting, now
from humla.links.tokens import token_of
from humla.meetings.models import Summons
from humla.notifications.actions import give_up, send
from humla.notifications.models import Fault, Notice
from humla.notifications.post import post
from humla.notifications.visibility import next_due
from tests import factories
from tests.cast import AF_MAIL, Cast
from tests.conftest import Door

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Door]


@pytest.fixture
def olof(sign_in: SignIn, cast: Cast) -> Door:
    return sign_in(cast.olof)


@pytest.fixture
def summons(cast: Cast) -> Summons:
    return factories.summoned(cast, by=cast.siv, to=cast.units["amir"])


@pytest.fixture
def the_clock(cast: Cast) -> Actor:
    return Actor(Kind.SYSTEM, association_id=cast.association.pk)


@pytest.fixture
def sent(summons: Summons, the_clock: Actor, cast: Cast, clock: Callable[[Any], None]) -> Notice:
    clock(summons.leaves_at)
    factories.link_in_letter(summons, unit=cast.units["amir"])
    with acting(the_clock), post() as server:
        notice = next_due()
        assert notice is not None
        send(notice, token=lambda: token_of(notice.pk), server=server)
    return notice


@pytest.fixture
def failed(summons: Summons, the_clock: Actor, clock: Callable[[Any], None]) -> Notice:
    clock(summons.leaves_at)
    with acting(the_clock):
        notice = next_due()
        assert notice is not None
        give_up(notice, fault=Fault.ADDRESS)
    return notice


def text_of(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


def test_an_empty_list_says_when_something_comes(olof: Door):
    page = text_of(olof.get(reverse("notices")))

    assert "En avisering görs när någon kallar en enhet" in page


def test_what_was_sent_stands_with_unit_kind_and_time(olof: Door, sent: Notice):
    page = text_of(olof.get(reverse("notices")))

    assert "AF Humlesund" in page
    assert AF_MAIL in page
    assert "kallelse till möte" in page


def test_nobody_is_in_the_list(olof: Door, cast: Cast, sent: Notice, summons: Summons):
    page = text_of(olof.get(reverse("notices")))

    told = ["Eva", cast.eva, "Siv Sandberg", str(summons.pk), str(summons.case_id), token_of(sent.pk)]
    assert [one for one in told if one in page] == []


def test_what_failed_comes_first_says_why_and_goes_again(olof: Door, cast: Cast, failed: Notice):
    page = text_of(olof.get(reverse("notices")))
    answer = olof.send(reverse("retry_notices"), {"notice": str(failed.pk)})
    after = text_of(olof.get(reverse("notices") + "?lage=vantar"))

    assert "Brevlådan finns inte. Rätta enhetens adress." in page
    assert ">Skicka igen<" in page
    assert answer.url == reverse("notices")
    assert "1 avisering skickas igen inom en minut." in after
    with acting(cast.olof):
        assert Notice.objects.get().state == "waiting"


def test_all_that_failed_goes_again_at_once(olof: Door, cast: Cast, failed: Notice):
    olof.send(reverse("retry_notices"))

    with acting(cast.olof):
        assert [one.state for one in Notice.objects.all()] == ["waiting"]


def test_trying_again_and_looking_are_on_the_trail(olof: Door, cast: Cast, failed: Notice):
    olof.get(reverse("notices"))
    olof.send(reverse("retry_notices"))

    reviewer = replace(cast.olof, kind=Kind.PROFESSIONAL, role="log_reviewer")
    with acting(reviewer):
        tags = list(Event.objects.filter(kind="admin").order_by("at", "tag").values_list("tag", flat=True))
    assert sorted(tags) == ["notifications:list:read", "notifications:notice:retried"]


def test_one_that_has_left_does_not_go_again(olof: Door, sent: Notice):
    answer = olof.send(reverse("retry_notices"), {"notice": str(sent.pk)})

    assert answer.status_code == 409


@pytest.mark.parametrize("who", ["siv", "amir", "greta", "stranger"])
def test_only_the_administrator_comes_in(who: str, sign_in: SignIn, cast: Cast, failed: Notice):
    door = sign_in(getattr(cast, who))

    assert door.get(reverse("notices")).status_code == 404
    assert door.send(reverse("retry_notices")).status_code == 404


def test_without_a_mail_server_the_page_says_that_letters_wait(olof: Door, settings: Any):
    settings.MAIL_LEAVES, settings.EMAIL_HOST = False, ""

    assert "Breven väntar tills den som driver Humla ställer in en" in text_of(olof.get(reverse("notices")))


def _more(cast: Cast, one: Notice, times: int) -> None:
    """As many more of the same, from the one who queued it."""
    with acting(cast.siv):
        at = now()
        for _turn in range(times):
            Notice(
                association_id=one.association_id,
                kind=one.kind,
                unit_id=one.unit_id,
                about_id=one.about_id,
                queued_at=at,
                queued_by_id=cast.siv.id,
                leaves_at=at + timedelta(minutes=5),
            ).save(force_insert=True)


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_as_few_questions_for_three_as_for_one(
    more: int, olof: Door, cast: Cast, summons: Summons
):
    with acting(cast.siv):
        one = Notice.objects.get()
    _more(cast, one, more)
    here = reverse("notices") + "?lage=vantar"
    olof.get(here)
    with CaptureQueriesContext(connection) as asked:
        page = text_of(olof.get(here))

    statements = [
        each["sql"] for each in asked if "SAVEPOINT" not in each["sql"] and "set_config" not in each["sql"]
    ]
    assert page.count("kallelse till möte") == more + 1
    assert len(statements) == 3


def test_the_list_is_searched_and_turned(olof: Door, cast: Cast, summons: Summons):
    with acting(cast.siv):
        one = Notice.objects.get()
    _more(cast, one, 100)
    here = reverse("notices") + "?lage=vantar"
    first, second = text_of(olof.get(here)), text_of(olof.get(f"{here}&sida=2"))
    answers = [olof.send(here, {"words": words}) for words in ("af", "zzz")]
    found, none = [text_of(olof.get(one.url)) for one in answers]
    turned = text_of(olof.get(f"{answers[0].url}&sida=2"))

    assert (first.count("kallelse till möte"), second.count("kallelse till möte")) == (100, 1)
    assert (found.count("kallelse till möte"), turned.count("kallelse till möte")) == (100, 1)
    assert "Inget hittades" in none
    assert "sok=zzz" not in answers[1].url


# --- the demonstration's post ------------------------------------------------------------------------------


def test_the_demonstration_shows_the_letter_as_it_was_with_a_link_that_works(
    client: Any, cast: Cast, sent: Notice, settings: Any
):
    settings.DEMO = True
    page = text_of(Door().get(reverse("demo_mail")))
    link = f"/svar/{token_of(sent.pk)}/"

    assert "Kallelse till ett möte" in page
    assert "Till AF Humlesund" in page
    assert link in page
    assert Door().get(link).status_code == 200
    assert "Eva" not in page


def test_what_has_not_left_is_not_shown(client: Any, summons: Summons, settings: Any):
    settings.DEMO = True

    assert "Ingen post än" in text_of(Door().get(reverse("demo_mail")))


def test_in_a_real_installation_there_is_no_such_page(client: Any, sent: Notice, settings: Any):
    settings.DEMO = False

    assert Door().get(reverse("demo_mail")).status_code == 404
