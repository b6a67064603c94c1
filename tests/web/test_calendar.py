"""The time of a meeting in one's own calendar: by the link, signed in, on the person's own page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import vobject
from django.urls import reverse

from humla.audit.models import Event
from humla.core.context import acting
from humla.meetings import actions as meetings
from humla.meetings.models import ChangeCause, Summons
from tests import factories
from tests.cast import Cast
from tests.conftest import Door, person_acting

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Door]


@pytest.fixture
def summons(cast: Cast, clock: Callable[[Any], None]) -> Summons:
    """Amir's unit is summoned, and it has left."""
    made = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    clock(made.leaves_at)
    return made


@pytest.fixture
def address(cast: Cast, summons: Summons) -> str:
    token = factories.link_in_letter(summons, unit=cast.units["amir"])
    return reverse("answer_calendar", kwargs={"token": token})


def read(answer: Any) -> Any:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="mote.ics"'
    assert answer["Cache-Control"] == "no-store"
    return vobject.readOne(answer.content.decode(), validate=True)


def the_time(summons: Summons) -> datetime:
    """A calendar knows no parts of a second."""
    return summons.meeting.starts_at.replace(microsecond=0)


def of_the_meeting(name: str, summons: Summons) -> str:
    return reverse(name, kwargs={"case_id": summons.case_id, "meeting_id": summons.meeting_id})


def test_by_the_link_without_an_account_it_is_a_time_that_leads_back_to_the_link(
    cast: Cast, summons: Summons, address: str
):
    answer = Door().get(address)
    entry = read(answer)

    assert entry.vevent.dtstart.value == the_time(summons)
    assert entry.vevent.url.value.endswith(address.removesuffix("kalender/"))
    could_leak = ["Eva", cast.eva, "Siv", "Individ", summons.case.reference, str(summons.case_id)]
    assert [one for one in could_leak if one in answer.content.decode()] == []


def test_a_dead_link_and_one_that_never_was_give_the_same_page(cast: Cast, summons: Summons, address: str):
    with acting(cast.siv):
        meetings.cancel_summons(summons, by=cast.siv)
    dead = Door().get(address)
    never = Door().get(reverse("answer_calendar", kwargs={"token": "x" * 43}))

    assert (dead.status_code, never.status_code) == (404, 404)
    assert "Länken gäller inte längre" in dead.content.decode()


def test_siv_lays_it_in_her_calendar_from_the_meetings_page(sign_in: SignIn, cast: Cast, summons: Summons):
    siv = sign_in(cast.siv)
    where = of_the_meeting("meeting_calendar", summons)

    assert where in siv.get(of_the_meeting("meeting", summons)).content.decode()
    entry = read(siv.get(where))
    assert entry.method.value == "PUBLISH"
    assert entry.vevent.dtstart.value == the_time(summons)
    with acting(cast.siv):
        assert Event.objects.filter(tag="meetings:meeting:read", actor_id=cast.siv.id).count() == 0
    with person_acting(cast.eva):
        assert Event.objects.filter(tag="meetings:meeting:read").count() == 2


def test_a_moved_meeting_leads_to_the_new_one_and_a_cancelled_takes_the_entry_out(
    sign_in: SignIn, cast: Cast, summons: Summons
):
    siv, old = sign_in(cast.siv), of_the_meeting("meeting_calendar", summons)
    before = read(siv.get(old)).vevent
    later = summons.meeting.starts_at + timedelta(days=3)
    with acting(cast.siv):
        new = meetings.move(summons.meeting, starts_at=later, cause=ChangeCause.PARTY, by=cast.siv)
    moved = siv.get(old)
    after = read(siv.get(moved.url)).vevent
    with acting(cast.siv):
        meetings.cancel(new, cause=ChangeCause.ILLNESS, by=cast.siv)
    gone = read(siv.get(moved.url))

    assert after.dtstart.value == later.replace(microsecond=0)
    assert gone.method.value == "CANCEL"
    assert {before.uid.value, after.uid.value, gone.vevent.uid.value} == {before.uid.value}
    numbers = [int(one.sequence.value) for one in (before, after, gone.vevent)]
    assert numbers == sorted(set(numbers))


def test_amir_lays_what_he_took_in_in_his_calendar_until_the_yes_is_taken_back(
    sign_in: SignIn, cast: Cast, summons: Summons, address: str
):
    assert summons.disclosure is not None
    factories.taken_in(summons.disclosure, by=cast.amir)
    amir = sign_in(cast.amir)
    where = reverse("received_calendar", kwargs={"case_id": summons.case_id, "summons_id": summons.pk})

    assert where in amir.get(reverse("received", kwargs={"case_id": summons.case_id})).content.decode()
    mine, linked = read(amir.get(where)), read(Door().get(address))
    assert mine.vevent.uid.value == linked.vevent.uid.value
    with acting(cast.siv):
        meetings.cancel_summons(summons, by=cast.siv)
    assert amir.get(where).status_code == 404


def test_eva_lays_it_in_hers_from_her_own_page_and_adam_does_not(
    sign_in: SignIn, cast: Cast, summons: Summons
):
    where = reverse("own_calendar", kwargs={"meeting_id": summons.meeting_id})
    eva = sign_in(cast.eva)

    assert where in eva.get(reverse("own_page")).content.decode()
    entry = read(eva.get(where)).vevent
    assert (entry.summary.value, entry.dtstart.value) == ("Möte", the_time(summons))
    assert entry.url.value.endswith("/min-sida/")
    assert sign_in("199001022383").get(where).status_code == 404
