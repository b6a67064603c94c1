"""Siv has forgotten to sign out at the library; Olof ends what a lost computer has open."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from humla.accounts.actions import end_other_sessions
from humla.accounts.models import Session
from humla.audit.models import Event
from humla.audit.tags import Tag
from humla.core import dates
from humla.core.context import acting
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def names(page: Any) -> list[str]:
    return re.findall(r'name="end" value="([0-9a-f]{16})"', page.content.decode())


def test_siv_sees_her_other_sign_in_and_ends_it_and_this_one_stays(cast: Cast, sign_in: Any) -> None:
    library, office = sign_in(cast.siv), sign_in(cast.siv)

    page = office.get("/inloggningar/")
    [library_name] = names(page)
    ended = office.send("/inloggningar/", {"end": library_name})

    assert "SIP-samordnare, Arbetsmarknadstorget" in page.content.decode()
    assert (ended.status_code, ended["Location"]) == (302, "/inloggningar/")
    assert library.get("/idag/")["Location"] == "/logga-in/"
    assert office.get("/idag/").status_code == 200
    assert "Du är inte inloggad någon annanstans" in office.get("/inloggningar/").content.decode()


def test_all_others_are_ended_at_once_and_the_trail_says_it(cast: Cast, sign_in: Any) -> None:
    others, here = [sign_in(cast.siv) for _each in range(3)], sign_in(cast.siv)

    here.send("/inloggningar/", {"end": "others"})

    assert [one.get("/idag/").status_code for one in others] == [302, 302, 302]
    assert here.get("/idag/").status_code == 200
    with acting(cast.rut):
        assert Event.objects.filter(tag=Tag.SIGNED_OUT_ELSEWHERE).count() == 1


@pytest.mark.parametrize("wanted", ["", "fel", "%" * 16, "_" * 16, "0" * 64])
def test_what_no_page_sends_ends_nothing(cast: Cast, sign_in: Any, wanted: str) -> None:
    other, here = sign_in(cast.siv), sign_in(cast.siv)

    assert here.send("/inloggningar/", {"end": wanted}).status_code == 404
    assert other.get("/idag/").status_code == 200


def test_nobody_ends_another_s_sign_in_by_its_name(cast: Cast, sign_in: Any) -> None:
    amir, siv = sign_in(cast.amir), sign_in(cast.siv)
    [his] = Session.objects.filter(account=cast.accounts[cast.amir.id]).values_list("token_hash", flat=True)

    siv.send("/inloggningar/", {"end": his[:16]})

    assert amir.get("/idag/").status_code == 200
    assert his[:16] not in siv.get("/inloggningar/").content.decode()


def test_a_sign_in_that_has_been_idle_too_long_is_not_listed_as_open(cast: Cast, sign_in: Any) -> None:
    sign_in(cast.siv)
    long_ago = dates.transaction_now(connection) - settings.SIGNIN_SESSION_IDLE - timedelta(seconds=1)
    Session.objects.update(seen_at=long_ago)

    assert names(sign_in(cast.siv).get("/inloggningar/")) == []


def test_eva_and_who_has_not_chosen_yet_have_the_page_too(cast: Cast, sign_in: Any) -> None:
    sign_in(cast.eva)
    eva = sign_in(cast.eva).get("/inloggningar/").content.decode()

    assert "<title>Min sida</title>" in eva
    assert "Dina inloggningar" in eva


def test_the_page_says_how_long_a_sign_in_lasts(cast: Cast, sign_in: Any) -> None:
    page = sign_in(cast.siv).get("/inloggningar/").content.decode()

    assert "Du loggas ut när du inte har gjort något på 30 minuter, och alltid efter 10 timmar." in page
    lengths = [settings.SIGNIN_SESSION_IDLE, settings.SIGNIN_SESSION_LENGTH]
    assert lengths == [timedelta(minutes=30), timedelta(hours=10)]


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("siv", "/idag/"),
        ("olof", "/overenskommelsen/"),
        ("greta", "/overenskommelsen/"),
        ("eva", "/min-sida/"),
    ],
)
def test_every_page_has_a_way_out(cast: Cast, sign_in: Any, who: str, page: str) -> None:
    assert 'action="/logga-ut/"' in sign_in(getattr(cast, who)).get(page).content.decode()


def test_olof_ends_all_of_siv_s_sign_ins_and_nobody_else_s(cast: Cast, sign_in: Any) -> None:
    first, second, amir, olof = sign_in(cast.siv), sign_in(cast.siv), sign_in(cast.amir), sign_in(cast.olof)

    done = olof.send(f"/organisation/inloggningar/{cast.siv.id}/avsluta/")

    assert done["Location"] == "/organisation/inloggningar/"
    assert [one.get("/idag/").status_code for one in (first, second, amir)] == [302, 302, 200]


def test_what_siv_types_is_kept_when_olof_ends_her_sign_in(cast: Cast, sign_in: Any) -> None:
    siv, olof = sign_in(cast.siv), sign_in(cast.olof)
    olof.send(f"/organisation/inloggningar/{cast.siv.id}/avsluta/")

    answer = siv.send("/arenden/nytt/", {"reason": "Halva meningen"})

    assert (answer.status_code, "Halva meningen" in answer.content.decode()) == (401, True)


def test_olof_does_not_learn_that_a_colleague_has_a_plan_of_her_own(cast: Cast, sign_in: Any) -> None:
    """Amir is signed in as the private person he also is: that is his."""
    at = dates.transaction_now(connection)
    Session.objects.create(
        token_hash="a" * 64,
        account_id=cast.accounts[cast.amir.id],
        level="loa3",
        kind="person",
        person_key="b" * 64,
        started_at=at,
        seen_at=at,
        ends_at=at + timedelta(hours=10),
    )
    olof = sign_in(cast.olof)
    his_own = _row(olof.get("/organisation/inloggningar/").content.decode(), "Amir Haddad")
    sign_in(cast.amir)
    at_work = _row(olof.get("/organisation/inloggningar/").content.decode(), "Amir Haddad")

    assert ("ja, sågs senast" in his_own, "ja, sågs senast" in at_work) == (False, True)


def test_another_forbund_s_administrator_ends_nothing_here(cast: Cast, sign_in: Any) -> None:
    siv, olof = sign_in(cast.siv), sign_in(cast.olof)

    foreign = olof.send(f"/organisation/inloggningar/{cast.stranger.id}/avsluta/")
    made_up = olof.send(f"/organisation/inloggningar/{uuid4()}/avsluta/")

    assert (foreign.status_code, foreign.content) == (made_up.status_code, made_up.content)
    assert siv.send(f"/organisation/inloggningar/{cast.amir.id}/avsluta/").status_code == 404


def test_the_lists_ask_the_same_for_one_sign_in_and_for_three(cast: Cast, sign_in: Any) -> None:
    counts = []
    for more in (1, 2):
        for _each in range(more):
            sign_in(cast.siv)
        for who, page in ((cast.siv, "/inloggningar/"), (cast.olof, "/organisation/inloggningar/")):
            browser = sign_in(who)
            with CaptureQueriesContext(connection) as asked:
                browser.get(page)
            counts.append(len(asked))

    assert counts[:2] == counts[2:]


def test_a_name_is_matched_as_it_is_and_never_as_a_pattern(cast: Cast, sign_in: Any) -> None:
    other = sign_in(cast.siv)

    assert end_other_sessions(cast.accounts[cast.siv.id], token="x", name="%") == 0
    assert other.get("/idag/").status_code == 200


def _row(page: str, name: str) -> str:
    return next(row for row in page.split("<tr ") if f"<bdi>{name}</bdi>" in row)
