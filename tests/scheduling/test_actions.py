"""A time is looked for around Eva: who hears of it and when, who never does, and what comes of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from humla.audit.models import Event
from humla.cases.models import Case
from humla.consents import actions as consents
from humla.consents.kept_away import keep_away
from humla.consents.models import Consent
from humla.core.context import acting, now, standing
from humla.core.dates import STOCKHOLM
from humla.core.rulings import NotAllowed
from humla.disclosures.actions import GRACE
from humla.meetings import actions as meetings
from humla.meetings.models import Called, ChangeCause, Meeting, MeetingState, SummonsState
from humla.meetings.rules import Call
from humla.meetings.visibility import summonses_of
from humla.notifications.models import Notice, NoticeKind, NoticeState
from humla.protection.actions import protect
from humla.protection.models import MarkingKind
from humla.scheduling import actions
from humla.scheduling.models import Can, Invitee, OfferState, TimeOffer
from humla.scheduling.visibility import Offered, offered
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting
from tests.scheduling.conftest import Clock, Look, times

pytestmark = pytest.mark.django_db


def now_of(cast: Cast, offer: TimeOffer) -> Offered:
    with acting(cast.siv):
        found = offered(offer.case, offer.pk)
        assert found is not None
        _ = found.state, found.best  # Worked out while the clock of the transaction is at hand.
    return found


def state(cast: Cast, offer: TimeOffer) -> OfferState:
    with acting(cast.siv):
        found = offered(offer.case, offer.pk)
        assert found is not None
        return found.state


def invitee(cast: Cast, offer: TimeOffer, name: str) -> Invitee:
    """One of those asked: by the first name of somebody at the unit, "Eva", or the name that was written."""
    unit = cast.units.get(name)
    with acting(cast.siv):
        rows = Invitee.objects.filter(offer=offer)
        if name == "Eva":
            return rows.get(called=Called.PERSON)
        return rows.get(unit=unit) if unit else rows.get(name=name)


def note(cast: Cast, offer: TimeOffer, who: str, *said: str) -> None:
    """What one of them said of the times, in order."""
    whom = invitee(cast, offer, who)
    with acting(cast.siv):
        found = offered(offer.case, offer.pk)
        assert found is not None
        words = {slot.pk: can for slot, can in zip(found.open_slots, said, strict=True)}
        actions.note_answer(offer, whom, said=words, by=cast.siv)


def letters(cast: Cast, **more: Any) -> list[tuple[str, str, str]]:
    with acting(cast.siv):
        rows = Notice.objects.select_related("unit").filter(**more).order_by("kind", "unit__name")
        return [(one.kind, one.unit.name, one.state) for one in rows]


def refused(cast: Cast, act: Callable[[], Any]) -> str:
    with acting(cast.siv), pytest.raises(NotAllowed) as no:
        act()
    return no.value.reason


# --- offering -----------------------------------------------------------------------------------------------


def test_nobody_but_eva_hears_of_the_times_until_she_has_answered(cast: Cast, look: Look) -> None:
    offer = look()

    assert state(cast, offer) is OfferState.PERSON
    assert letters(cast, kind=NoticeKind.TIMES_OFFERED) == []


def test_when_she_has_the_others_are_told_in_a_minute_and_only_of_those_she_can(
    cast: Cast, look: Look, clock: Clock
) -> None:
    offer = look()

    note(cast, offer, "Eva", Can.YES, Can.NO, Can.IF_NEEDED)

    assert letters(cast) == [
        (NoticeKind.TIMES_OFFERED, "AF Humlesund", NoticeState.WAITING),
        (NoticeKind.TIMES_OFFERED, "FK Humlesund", NoticeState.WAITING),
    ]
    found = now_of(cast, offer)
    assert [found.is_told_of(one) for one in found.open_slots] == [True, False, True]
    assert invitee(cast, offer, "amir").leaves_at == found.offer.offered_at + GRACE
    assert found.state is OfferState.ANSWERS


def test_eva_beside_her_it_is_one_act(cast: Cast, look: Look) -> None:
    offered_times = times()

    offer = look(times=offered_times, person_can=offered_times)

    assert state(cast, offer) is OfferState.ANSWERS
    assert len(letters(cast, kind=NoticeKind.TIMES_OFFERED)) == 2


def test_a_unit_without_consent_is_not_asked(cast: Cast, look: Look) -> None:
    lena = Call(Called.UNIT, cast.units["lena"])

    with pytest.raises(NotAllowed, match="Samtycke saknas för Psykiatrin Humlesund"):
        look(calls=[lena])


def test_nor_is_one_that_eva_does_not_want_there(cast: Cast, case: Case, look: Look) -> None:
    with acting(cast.siv):
        keep_away(case, unit=cast.units["amir"], by=cast.siv)

    with pytest.raises(NotAllowed, match="Personen vill inte att AF Humlesund är med"):
        look()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (lambda: times(2), "minst tre"),
        (lambda: times(7), "högst sex"),
        (lambda: [*times(3), times(1)[0]], "står två gånger"),
        (lambda: [*times(2), datetime(2026, 1, 7, 10, tzinfo=STOCKHOLM)], "redan varit"),
    ],
)
def test_three_to_six_different_times_ahead(
    look: Look, wrong: Callable[[], list[datetime]], reason: str
) -> None:
    with pytest.raises(NotAllowed, match=reason):
        look(times=wrong())


def test_answers_are_wanted_before_the_first_time(cast: Cast, look: Look) -> None:
    given = times()

    with pytest.raises(NotAllowed, match="före den första tiden"):
        look(times=given, answer_by=given[0].date())


def test_two_coordinators_do_not_look_for_the_same_meeting_at_once(cast: Cast, look: Look) -> None:
    look()

    with pytest.raises(NotAllowed, match="redan föreslagna"):
        look()
    assert look(kind="follow_up").pk


# --- answering and changing ---------------------------------------------------------------------------------


def test_everybody_has_answered_and_it_is_time_to_choose(cast: Cast, look: Look) -> None:
    offer = look()
    note(cast, offer, "Eva", Can.YES, Can.YES, Can.YES)
    note(cast, offer, "amir", Can.NO, Can.YES, Can.YES)
    note(cast, offer, "farid", Can.NO, Can.YES, Can.IF_NEEDED)
    assert state(cast, offer) is OfferState.ANSWERS
    note(cast, offer, "Bageriet", Can.YES, Can.NO, Can.NO)

    found = now_of(cast, offer)

    assert found.state is OfferState.ENOUGH
    assert found.best is not None
    assert found.best.starts_at == found.open_slots[1].starts_at
    assert found.best.reason == "Alla två som måste komma kan. Kan inte: Bageriet."


def test_what_is_noted_twice_is_noted_once(cast: Cast, look: Look) -> None:
    offer = look()
    note(cast, offer, "Eva", Can.YES, Can.YES, Can.YES)

    note(cast, offer, "Eva", Can.YES, Can.YES, Can.YES)

    with person_acting(cast.eva):
        assert Event.objects.filter(tag="scheduling:offer:answered").count() == 1


def test_no_time_suits_her_and_nobody_is_asked(cast: Cast, look: Look) -> None:
    offer = look()

    note(cast, offer, "Eva", Can.NO, Can.NO, Can.NO)

    assert state(cast, offer) is OfferState.NOBODY
    assert letters(cast) == []
    amir = invitee(cast, offer, "amir")
    assert "Personen svarar först" in refused(
        cast, lambda: actions.note_answer(offer, amir, said={}, by=cast.siv)
    )


def test_more_times_go_to_her_first_and_then_to_everybody_again(cast: Cast, look: Look, clock: Clock) -> None:
    offer = look()
    note(cast, offer, "Eva", Can.NO, Can.NO, Can.NO)
    more = times(2, hour=14)
    with acting(cast.siv):
        actions.add_times(offer, times=more, by=cast.siv)
    assert state(cast, offer) is OfferState.PERSON

    note(cast, offer, "Eva", Can.NO, Can.YES, Can.NO, Can.YES, Can.NO)

    assert len(letters(cast, kind=NoticeKind.TIMES_OFFERED)) == 2


def test_a_time_can_be_taken_out_but_not_the_last(cast: Cast, look: Look) -> None:
    offer = look()
    slots = now_of(cast, offer).open_slots
    with acting(cast.siv):
        actions.strike_time(offer, slots[0], by=cast.siv)
        actions.strike_time(offer, slots[1], by=cast.siv)

    assert "enda tiden" in refused(cast, lambda: actions.strike_time(offer, slots[2], by=cast.siv))
    assert [one.pk for one in now_of(cast, offer).open_slots] == [slots[2].pk]


def test_when_the_day_has_passed_it_is_time_to_choose_among_those_who_answered(
    cast: Cast, look: Look, clock: Clock
) -> None:
    offer = look()
    note(cast, offer, "Eva", Can.YES, Can.YES, Can.YES)

    with acting(cast.siv):
        clock(now() + timedelta(days=7))

    assert state(cast, offer) is OfferState.EXPIRED


def test_taken_back_only_those_who_knew_are_told(cast: Cast, look: Look, clock: Clock) -> None:
    offer = look()
    note(cast, offer, "Eva", Can.YES, Can.YES, Can.YES)
    farid = invitee(cast, offer, "farid")
    with acting(cast.siv):
        actions.leave_out(offer, farid, by=cast.siv)
        clock(now() + GRACE)
    with acting(cast.siv):
        actions.withdraw(offer, by=cast.siv)

    assert letters(cast, kind=NoticeKind.TIMES_WITHDRAWN) == [
        (NoticeKind.TIMES_WITHDRAWN, "AF Humlesund", NoticeState.WAITING)
    ]
    assert state(cast, offer) is OfferState.WITHDRAWN


def test_eva_takes_back_her_yes_and_the_unit_is_not_asked_any_more(
    cast: Cast, case: Case, look: Look, clock: Clock
) -> None:
    offer = look()
    note(cast, offer, "Eva", Can.YES, Can.YES, Can.YES)
    with acting(cast.siv):
        clock(now() + GRACE)
    with person_acting(cast.eva):
        yes = Consent.objects.get(receiver_unit=cast.units["amir"])
        consents.withdraw(yes, by=standing().actor)

    assert [one.unit.name for one in now_of(cast, offer).others if one.unit] == ["FK Humlesund"]
    assert letters(cast, kind=NoticeKind.TIMES_WITHDRAWN) == [
        (NoticeKind.TIMES_WITHDRAWN, "AF Humlesund", NoticeState.WAITING)
    ]


def test_the_silent_are_reminded_until_they_answer(cast: Cast, case: Case, look: Look, clock: Clock) -> None:
    offer = look()
    note(cast, offer, "Eva", Can.YES, Can.YES, Can.YES)
    amir = invitee(cast, offer, "amir")
    assert _silence(cast, case, amir) == []
    with acting(cast.siv):
        clock(now() + GRACE)

    assert _silence(cast, case, amir) == [NoticeKind.TIMES_OFFERED]
    note(cast, offer, "amir", Can.NO, Can.NO, Can.NO)
    assert _silence(cast, case, amir) == []


def _silence(cast: Cast, case: Case, asked: Invitee) -> list[str]:
    with acting(cast.siv), connection.cursor() as cursor:
        cursor.execute("SELECT reminds_of FROM silence(%s, %s)", [case.pk, asked.pk])
        return [row[0] for row in cursor.fetchall()]


# --- a time is set ------------------------------------------------------------------------------------------


def settled(cast: Cast, offer: TimeOffer, place: int = 0) -> actions.Settled:
    with acting(cast.siv):
        return settle_in(offer, place, cast)


def settle_in(offer: TimeOffer, place: int, cast: Cast) -> actions.Settled:
    found = offered(offer.case, offer.pk)
    assert found is not None
    return actions.settle(offer, found.open_slots[place], by=cast.siv)


def test_the_time_is_set_and_everybody_asked_is_summoned(cast: Cast, case: Case, look: Look) -> None:
    offer = look()
    note(cast, offer, "Eva", Can.YES, Can.YES, Can.YES)
    note(cast, offer, "amir", Can.YES, Can.NO, Can.NO)

    made = settled(cast, offer)

    with acting(cast.siv):
        assert made.meeting.starts_at == times()[0]
        assert [
            (one.unit.name if one.unit else one.called, one.state) for one in summonses_of(made.meeting)
        ] == [
            ("person", SummonsState.LEAVING),
            ("AF Humlesund", SummonsState.COMES),
            ("FK Humlesund", SummonsState.LEAVING),
            ("employer", SummonsState.LEAVING),
        ]
    assert state(cast, offer) is OfferState.SETTLED
    assert "redan bestämd" in refused(cast, lambda: settle_in(offer, 1, cast))


def test_not_a_time_that_eva_has_said_no_to(cast: Cast, look: Look) -> None:
    offer = look()
    note(cast, offer, "Eva", Can.NO, Can.YES, Can.YES)

    assert "Personen har inte sagt att den tiden går" in refused(cast, lambda: settle_in(offer, 0, cast))


def test_the_wrong_unit_is_not_summoned(cast: Cast, look: Look) -> None:
    offer = look()
    note(cast, offer, "Eva", Can.YES, Can.YES, Can.YES)
    note(cast, offer, "farid", Can.WRONG_UNIT, Can.WRONG_UNIT, Can.WRONG_UNIT)

    made = settled(cast, offer)

    assert [one.unit.name for one in made.left_out if one.unit] == ["FK Humlesund"]
    assert len(made.summonses) == 3


def test_a_planned_meeting_stands_until_the_new_time_is_set(cast: Cast, case: Case, look: Look) -> None:
    meeting = factories.planned_meeting(case, by=cast.siv)
    with acting(cast.siv):
        meetings.summon(meeting, called=Called.UNIT, unit=cast.units["amir"], by=cast.siv)
    offer = look(moves=meeting, move_cause=ChangeCause.PARTY)
    note(cast, offer, "Eva", Can.YES, Can.YES, Can.YES)
    note(cast, offer, "amir", Can.YES, Can.NO, Can.NO)
    with acting(cast.siv):
        assert Meeting.objects.get(pk=meeting.pk).state == MeetingState.PLANNED

    made = settled(cast, offer)

    with acting(cast.siv):
        old = Meeting.objects.get(pk=meeting.pk)
        assert (old.state, old.moved_to_id) == (MeetingState.MOVED, made.meeting.pk)
        assert [(one.unit.name, one.state) for one in summonses_of(made.meeting) if one.unit] == [
            ("AF Humlesund", SummonsState.COMES),
            ("FK Humlesund", SummonsState.LEAVING),
        ]


def test_moved_by_a_colleague_meanwhile_it_cannot_be_moved_again(cast: Cast, case: Case, look: Look) -> None:
    meeting = factories.planned_meeting(case, by=cast.siv)
    offer = look(moves=meeting, move_cause=ChangeCause.PARTY)
    note(cast, offer, "Eva", Can.YES, Can.YES, Can.YES)
    with acting(cast.siv):
        meetings.cancel(meeting, cause=ChangeCause.ILLNESS, by=cast.siv)

    assert "Mötet är inställt" in refused(cast, lambda: settle_in(offer, 0, cast))


def test_of_somebody_protected_no_letter_leaves_and_nobody_is_summoned_before_two_have_read_the_place(
    cast: Cast, case: Case, look: Look
) -> None:
    with acting(cast.siv):
        protect(case, kind=MarkingKind.SECRECY, reason="r", by=cast.siv)
    offer = look()
    note(cast, offer, "Eva", Can.YES, Can.YES, Can.YES)

    made = settled(cast, offer)

    assert (made.waits_for_place, made.summonses) == (True, [])
    assert letters(cast, kind=NoticeKind.TIMES_OFFERED) == []
