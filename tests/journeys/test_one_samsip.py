"""The whole SAMSIP, from the first question to a closed case; and two who see nothing of it at any step.

One walk on purpose, in a database of its own: each step stands on the one before. What each does stands in
`samsip_meetings`, `samsip_plan` and `samsip_end`; who may see which rows is tried cell by cell elsewhere.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from playwright.sync_api import Browser, Page, Route

from tests.journeys import axe
from tests.journeys import samsip_end as end
from tests.journeys import samsip_meetings as meetings
from tests.journeys import samsip_plan as plan
from tests.journeys.conftest import Windows, inside, running
from tests.journeys.samsip_eyes import outsider
from tests.journeys.samsip_story import Story

# One process walks, and the other tests of it look at what it saw.
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("samsip")]


@pytest.fixture(scope="module")
def story(
    template: tuple[str, Path], browser: Browser, tmp_path_factory: Any, django_db_blocker: Any
) -> Iterator[Story]:
    """Nobody else's cases in the lists, nobody else's letters in the post."""
    with running(template[0], tmp_path_factory.mktemp("samsip"), django_db_blocker) as live:
        within = partial(inside, live.database, django_db_blocker)

        @contextmanager
        def beside() -> Iterator[None]:
            with within(), transaction.atomic():
                yield

        windows = Windows(live, browser, beside, [])
        mail.outbox = []
        yield Story(live, windows, within)
        windows.close()


@pytest.fixture(scope="module")
def walked(story: Story) -> Story:
    """The walk itself."""
    _walk(story)
    return story


def _walk(story: Story) -> None:
    story.stand_outside("Lena Lind", "Nils Nyman")
    siv = story.comes("Siv Sandberg")
    meetings.somebody_asks(story, siv)
    story.nobody_else_knows()
    meetings.a_case_opens_of_it(story, siv)
    story.nobody_else_knows()
    meetings.she_says_yes(story, siv)
    story.nobody_else_knows()
    eva = story.comes("Eva Ek", on_the_phone=True)
    meetings.eva_prepares(story, eva)
    meetings.nothing_has_come_yet(story, siv)
    meetings.eva_hands_it_in(story, eva)
    meetings.siv_reads_her_words(story, siv)
    story.nobody_else_knows()
    meetings.the_preparatory_meeting(story, siv)
    story.nobody_else_knows()
    amir = _the_meeting(story, siv, eva)
    _the_plan(story, siv, eva, amir)
    _the_end(story, siv, eva, amir)


def _the_meeting(story: Story, siv: Page, eva: Page) -> Page:
    meeting = meetings.the_first_meeting_is_planned(story, siv)
    preview = meetings.they_are_summoned(story, siv, meeting)
    meetings.one_is_undone_and_summoned_again(story, siv, meeting)
    story.nobody_else_knows()
    story.a_minute_passes()
    link = meetings.the_letters_are_nameless(story)
    meetings.they_answer_by_the_link(story, link)
    amir = story.comes("Amir Haddad")
    meetings.amir_answers(story, amir, preview)
    meetings.the_mothers_answer_is_noted(story, siv, meeting)
    meetings.eva_sees_who_comes(story, eva)
    story.nobody_else_knows()
    meetings.the_meeting_is_held(story, siv, meeting)
    story.nobody_else_knows()
    return amir


def _the_plan(story: Story, siv: Page, eva: Page, amir: Page) -> None:
    plan.it_is_not_adopted_half(story, siv)
    for writes in (plan.goals_and_steps, plan.who_does_what, plan.what_nobody_does, plan.who_answers_for_it):
        writes(story, siv)
    story.nobody_else_knows()
    version = plan.it_is_adopted(story, siv)
    plan.it_is_handed_over(story, siv, version)
    plan.nobody_reads_before_it_has_left(story, amir)
    story.nobody_else_knows()
    story.a_minute_passes()
    plan.amir_reads_his_parts(story, amir)
    plan.farid_reads_his(story, story.comes("Farid Rahimi"))
    plan.amir_says_how_it_goes(story, amir)
    plan.sivs_day_says_so(story, siv)
    plan.eva_reads_it_all(story, eva)
    story.nobody_else_knows()


def _the_end(story: Story, siv: Page, eva: Page, amir: Page) -> None:
    end.the_follow_up_meeting(story, siv)
    paper = end.the_plan_is_followed_up(story, siv)
    end.what_was_wrong_is_put_right(story, siv, paper)
    end.the_plan_gets_a_second_version(story, siv)
    story.nobody_else_knows()
    story.a_minute_passes()
    end.amir_sees_what_is_new(story, amir)
    maja = story.comes("Maja Moberg")
    end.maja_takes_over(story, siv, maja)
    story.nobody_else_knows()
    end.it_is_closed(story, maja)
    end.it_can_only_be_read(story, maja)
    story.a_minute_passes()
    story.nameless_letters(7)
    end.eva_sees_the_end_and_who_has_looked(story, eva)
    story.nobody_else_knows()


def test_the_whole_samsip(walked: Story) -> None:
    """That it came to its end, and that those outside tried as much as there was to try."""
    assert walked.steps == 14
    assert min(each.tried for each in walked.outsiders) > 400
    assert len(walked.watch.album) > 45


def test_what_somebody_inside_gets_is_noticed(walked: Story) -> None:
    """The same questions by Maja, whose case it is: a check that never finds anything would pass above."""
    maja = outsider(walked.pages["Maja Moberg"], "Maja Moberg", walked.live.url)
    told = maja.can_tell(walked.watch.addresses, [walked.reference])
    assert len(told) > 40
    assert f"Maja Moberg /arenden/?lage=avslutade: ['{walked.reference}']" in told


def test_every_page_of_it(walked: Story) -> None:
    """Each page that was met, as it stood then: desk and telephone, light and dark, and the narrowest."""
    page = walked.windows.blank()
    found = []
    for kind, (address, html) in walked.watch.album.items():
        with _as_it_was(page, address, html):
            found += [f"{kind}: {one}" for one in axe.every_look(page)]
    assert found == []


@contextmanager
def _as_it_was(page: Page, address: str, html: str) -> Iterator[None]:
    """Without its scripts: they have run, and what they drew is there."""
    still = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    again: list[str] = []

    def give(route: Route) -> None:
        again.append(address)
        route.fulfill(status=200, content_type="text/html; charset=utf-8", body=still)

    def is_it(asked: str) -> bool:
        return asked == address

    page.route(is_it, give)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": axe.DESK, "height": 900})
    page.goto(address)
    assert again == [address], "otherwise the sign-in page was looked at"
    yield
    page.unroute(is_it, give)
