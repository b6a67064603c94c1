"""What is being sent: a key has one effect, and a draft belongs to one user."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from humla.core.context import Actor, Kind, acting, now
from humla.core.rulings import NotAllowed
from humla.drafts.actions import (
    MOST_DRAFTS,
    KeyUsedForOther,
    count_up,
    counted,
    draft_of,
    drop_draft,
    finish_submission,
    forget_old,
    keep_draft,
    start_submission,
    typed_in,
)
from humla.drafts.models import Draft, Submission

pytestmark = pytest.mark.django_db


def test_a_key_leads_to_the_same_place_the_second_time(cast):
    key = uuid4()
    with acting(cast.siv):
        assert start_submission(key, payload="a") is None
        finish_submission(key, answer="/arenden/")

        assert start_submission(key, payload="a") == "/arenden/"


def test_a_key_leads_to_a_long_address_whole(cast):
    key, address = uuid4(), "/arenden/?sok=" + "a" * 1986
    with acting(cast.siv):
        start_submission(key, payload="a")
        finish_submission(key, answer=address)

        assert (len(address), start_submission(key, payload="a")) == (2000, address)


def test_a_key_with_other_content_is_refused(cast):
    key = uuid4()
    with acting(cast.siv):
        start_submission(key, payload="a")
        with pytest.raises(KeyUsedForOther):
            start_submission(key, payload="b")


def test_a_key_of_somebody_else_is_refused_and_not_seen(cast):
    key = uuid4()
    with acting(cast.siv):
        start_submission(key, payload="a")
    with acting(cast.amir):
        assert list(Submission.objects.all()) == []
        with pytest.raises(KeyUsedForOther):
            start_submission(key, payload="a")


def test_a_draft_is_kept_sealed_and_replaced_by_the_next(cast):
    with acting(cast.siv):
        keep_draft("own_goal", {"text": "Jag vill"})
        draft = keep_draft("own_goal", {"text": "Jag vill orka mer"})

        assert typed_in(draft_of("own_goal")) == {"text": "Jag vill orka mer"}
        assert Draft.objects.count() == 1
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT fields FROM drafts_draft WHERE id = %s", [draft.pk])
            assert "orka" not in cursor.fetchone()[0]


def test_nobody_else_sees_a_draft_and_it_goes_when_sent(cast):
    with acting(cast.siv):
        keep_draft("own_goal", {"text": "Jag vill"})
    with acting(cast.maja):
        assert draft_of("own_goal") is None
    with acting(cast.siv):
        drop_draft("own_goal")
        assert draft_of("own_goal") is None


def test_what_was_typed_for_one_unit_is_not_there_for_her_other_one(cast):
    """Siv works at two units. What she began for the one is there when she acts for it again."""
    elsewhere = replace(cast.siv, unit_id=uuid4())
    with acting(cast.siv):
        keep_draft("own_goal:1", {"text": "för torget"})
    with acting(elsewhere):
        there_before = draft_of("own_goal:1"), Draft.objects.count()
        keep_draft("own_goal:1", {"text": "för mottagningen"})
        drop_draft("own_goal:1")
        keep_draft("own_goal:1", {"text": "för mottagningen, igen"})
    with acting(cast.siv):
        kept = typed_in(draft_of("own_goal:1"))

    assert there_before == (None, 0)
    assert kept == {"text": "för torget"}


def test_the_night_forgets_what_is_older_than_thirty_days_and_nothing_else(cast, clock):
    with acting(cast.siv):
        keep_draft("old", {"text": "gammalt"})
        start_submission(uuid4(), payload="a")
        later = now() + timedelta(days=31)
    clock(later)
    with acting(cast.siv):
        keep_draft("new", {"text": "nytt"})
    with acting(Actor(Kind.SYSTEM)):
        assert forget_old() == (1, 1)
    with acting(cast.siv):
        assert [draft.form for draft in Draft.objects.all()] == ["new"]


def test_the_tidying_itself_says_the_thirty_days_whoever_runs_it(cast):
    with acting(cast.siv):
        keep_draft("new", {"text": "nytt"})
        start_submission(uuid4(), payload="a")

        assert forget_old() == (0, 0)
        assert (Draft.objects.count(), Submission.objects.count()) == (1, 1)


def test_one_user_has_fifty_drafts_and_the_next_is_refused(cast):
    with acting(cast.siv):
        for number in range(MOST_DRAFTS):
            keep_draft(f"goal:{number}", {"text": "x"})
        with pytest.raises(NotAllowed, match="för många utkast"):
            keep_draft("goal:x", {"text": "x"})
        keep_draft("goal:0", {"text": "y"})

        assert typed_in(draft_of("goal:0")) == {"text": "y"}
        assert Draft.objects.count() == MOST_DRAFTS == 50
    with acting(cast.maja):
        keep_draft("goal:x", {"text": "hennes"})


def test_tries_are_counted_by_the_day_and_by_user(cast):
    first, second = date(2026, 11, 22), date(2026, 11, 23)
    with acting(cast.siv):
        assert counted("tries", first) == 0
        assert [count_up("tries", first) for _each in range(3)] == [1, 2, 3]
        assert (counted("tries", first), counted("tries", second), counted("others", first)) == (3, 0, 0)
        assert count_up("tries", second) == 1
        assert [draft.form for draft in Draft.objects.all()] == ["tries:2026-11-23"]
    with acting(cast.maja):
        assert counted("tries", second) == 0
    with acting(replace(cast.siv, unit_id=uuid4())):
        # No new day's worth of tries at each unit.
        assert counted("tries", second) == 1
