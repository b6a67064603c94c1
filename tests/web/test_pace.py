"""Nobody types that fast: who tries too often is asked to wait, and loses nothing."""

import logging
from typing import Any

import pytest

from humla.web import door, pace, signin, words
from humla.web.pace import Pace, address_of
from tests import factories
from tests.cast import Cast
from tests.doors import Door

pytestmark = pytest.mark.django_db


def test_a_pace_counts_each_by_herself_and_forgets_when_its_time_is_over(monkeypatch: Any) -> None:
    clock = [1_000.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: clock[0])
    slow = Pace(2, seconds=60)

    tried = [slow.allows("siv"), slow.allows("siv"), slow.allows("siv"), slow.allows("amir")]
    clock[0] += 60

    assert tried == [True, True, False, True]
    assert slow.allows("siv")


def test_what_is_counted_is_kept_under_no_name(monkeypatch: Any) -> None:
    slow = Pace(2, seconds=60)
    slow.allows("192.0.2.17")

    assert "192.0.2.17" not in repr(vars(slow))
    assert len(slow._counts) == 1


def test_more_addresses_than_anybody_has_are_counted_as_one(monkeypatch: Any) -> None:
    monkeypatch.setattr(pace, "_MOST_COUNTED", 3)
    slow = Pace(2, seconds=60)

    tried = [slow.allows(str(number)) for number in range(6)]

    assert tried == [True, True, True, True, True, False]
    assert len(slow._counts) == 4


def test_who_searches_too_often_is_asked_to_wait_and_others_are_not(
    cast: Cast, sign_in: Any, monkeypatch: Any, caplog: Any
) -> None:
    monkeypatch.setattr(words, "SEARCHES", Pace(2, seconds=3600))
    siv, maja = sign_in(cast.siv), sign_in(cast.maja)

    with caplog.at_level(logging.WARNING, logger="humla"):
        answers = [siv.send("/arenden/", {"words": "Ek"}) for _each in range(3)]

    assert [one.status_code for one in answers] == [302, 302, 429]
    page = answers[2].content.decode()
    assert "Vänta en minut" in page
    assert 'name="words" hidden>\nEk</textarea>' in page
    assert answers[2]["Retry-After"] == "60"
    assert maja.send("/arenden/", {"words": "Ek"}).status_code == 302
    assert [line.getMessage() for line in caplog.records if "often" in line.getMessage()] == [
        "Too often: search"
    ]


def test_a_sign_in_is_not_begun_again_and_again(client: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(signin, "BEGUN", Pace(0, seconds=3600))

    answer = client.post("/logga-in/e-legitimation/")

    assert (answer.status_code, "Vänta en minut" in answer.content.decode()) == (429, True)


def test_a_link_is_not_answered_again_and_again(cast: Cast, clock: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(door, "_ANSWERS", Pace(1, seconds=3600))
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    token = factories.link_in_letter(summons, unit=cast.units["amir"])
    clock(summons.leaves_at)
    client = Door()
    answers = [client.post(f"/svar/{token}/", {"answer": one}).status_code for one in ("comes", "other_time")]

    assert answers == [302, 429]
    assert client.get(f"/svar/{token}/").status_code == 200


@pytest.mark.parametrize(
    ("https", "told", "believed"),
    [
        (False, "198.51.100.9", "127.0.0.1"),
        (True, "198.51.100.9", "198.51.100.9"),
        (True, "203.0.113.5, 198.51.100.9", "198.51.100.9"),
        (True, "inte en adress", "127.0.0.1"),
        (True, "", "127.0.0.1"),
    ],
)
def test_only_what_our_own_proxy_wrote_says_where_somebody_is(
    rf: Any, settings: Any, https: bool, told: str, believed: str
) -> None:
    settings.HTTPS = https

    assert address_of(rf.get("/", headers={"X-Forwarded-For": told})) == believed
