"""The pages where a time is found: Siv offers, Eva and the others answer, and one tap sets it and summons."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.cases.models import Case
from humla.consents import actions as consents
from humla.consents.models import Consent
from humla.core.context import Actor, Kind, acting, now
from humla.core.dates import STOCKHOLM
from humla.links.actions import make
from humla.links.models import LinkSubject
from humla.meetings.models import Meeting, MeetingState, Summons
from humla.notifications.models import Notice, NoticeKind
from humla.scheduling import actions
from humla.scheduling.models import Can, Invitee, Slot, SlotAnswer, TimeOffer
from humla.scheduling.visibility import offered
from tests import factories
from tests.cast import Cast
from tests.doors import Door
from tests.scheduling.conftest import Look, answer_day, case, look, times
from tests.scheduling.test_actions import invitee, note

pytestmark = pytest.mark.django_db

__all__ = ["case", "look"]
STATE_QUERIES = 12
SignIn = Callable[[Any], Door]
Clock = Callable[[datetime], None]


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\xa0", " ")


def address(name: str, one: Case, **ids: Any) -> str:
    return reverse(name, kwargs={"case_id": one.pk, **ids})


def of(cast: Cast, model: Any, **more: Any) -> list[Any]:
    with acting(cast.siv):
        return list(model.objects.filter(**more))


def filled(cast: Cast, **more: Any) -> dict[str, Any]:
    """The form as it comes, sent as it is."""
    return {
        "kind": "first",
        "suggested": [f"{one.astimezone(STOCKHOLM):%Y-%m-%dT%H:%M}" for one in times()],
        "who": [str(cast.units["amir"].pk), str(cast.units["farid"].pk)],
        "answer_by": answer_day().isoformat(),
        "minutes": "60",
        "form": "in_person",
        "place": "Rum 4",
        **more,
    }


# --- the holder ---------------------------------------------------------------------------------------------


def test_everything_is_filled_in_and_one_tap_sends_it(sign_in: SignIn, cast: Cast, case: Case) -> None:
    door = sign_in(cast.siv)

    page = text(door.get(address("offer_times", case)))

    assert page.count('name="suggested"') == 9
    assert page.count('name="suggested" value') - page.count("checked") <= 9
    assert "AF Humlesund" in page
    assert "Psykiatrin Humlesund" not in page
    answer = door.send(address("offer_times", case), filled(cast))
    offer = of(cast, TimeOffer)[0]
    assert answer["Location"] == address("time_offer", case, offer_id=offer.pk)
    assert "Väntar på: Personen." in text(door.get(answer["Location"]))


def test_the_person_is_here_and_everybody_is_asked_at_once(sign_in: SignIn, cast: Cast, case: Case) -> None:
    sign_in(cast.siv).send(address("offer_times", case), filled(cast, bredvid="1"))

    assert len(of(cast, Notice, kind=NoticeKind.TIMES_OFFERED)) == 2


def test_what_was_typed_stays_and_the_error_stands_at_the_field(
    sign_in: SignIn, cast: Cast, case: Case
) -> None:
    sent = filled(cast, suggested=[], day_1="2027-03-28", clock_1="02:30", place="Rum 4 <b>")

    page = text(sign_in(cast.siv).send(address("offer_times", case), sent))

    assert "den tiden finns inte" in page
    assert "Rum 4 &lt;b&gt;" in page
    assert of(cast, TimeOffer) == []


def test_a_unit_that_eva_has_not_said_yes_to_cannot_be_sent_in_either(
    sign_in: SignIn, cast: Cast, case: Case
) -> None:
    page = text(
        sign_in(cast.siv).send(address("offer_times", case), filled(cast, who=[str(cast.units["lena"].pk)]))
    )

    assert "Fel:" in page
    assert of(cast, TimeOffer) == []


def test_the_best_time_is_chosen_and_one_tap_summons(
    sign_in: SignIn, cast: Cast, case: Case, look: Look
) -> None:
    offer = look()
    note(cast, offer, "Eva", Can.YES, Can.YES, Can.NO)
    for who in ("amir", "farid", "Bageriet"):
        note(cast, offer, who, Can.IF_NEEDED, Can.YES, Can.NO)
    door = sign_in(cast.siv)

    page = text(door.get(address("time_offer", case, offer_id=offer.pk)))

    second = of(cast, Slot, offer=offer.pk)[1]
    assert f'value="{second.pk}" checked' in page or f'value="{second.pk}" id' in page
    assert "Alla två som måste komma kan." in page
    door.send(address("settle_times", case, offer_id=offer.pk), {"slot": str(second.pk)})
    meeting = of(cast, Meeting)[0]
    assert (meeting.starts_at, meeting.state) == (second.starts_at, MeetingState.PLANNED)
    assert len(of(cast, Summons)) == 4


def test_nobody_can_and_the_page_says_what_to_do(sign_in: SignIn, cast: Cast, case: Case, look: Look) -> None:
    offer = look()
    note(cast, offer, "Eva", Can.NO, Can.NO, Can.NO)
    door = sign_in(cast.siv)

    assert "Ingen av tiderna går" in text(door.get(address("time_offer", case, offer_id=offer.pk)))
    more = text(door.get(address("add_times", case, offer_id=offer.pk)))
    assert "De här tiderna finns kvar" in more
    door.send(
        address("add_times", case, offer_id=offer.pk),
        {"suggested": [f"{times(1, hour=15)[0]:%Y-%m-%dT%H:%M}"], "answer_by": answer_day().isoformat()},
    )
    assert len(of(cast, Slot, offer=offer.pk)) == 4


def test_a_time_is_struck_somebody_left_out_and_all_taken_back(
    sign_in: SignIn, cast: Cast, case: Case, look: Look
) -> None:
    offer, door = look(), sign_in(cast.siv)
    slot = of(cast, Slot, offer=offer.pk)[0]
    amir = invitee(cast, offer, "amir")

    door.send(address("strike_time", case, offer_id=offer.pk, slot_id=slot.pk))
    door.send(address("leave_out", case, offer_id=offer.pk, invitee_id=amir.pk))
    door.send(address("withdraw_times", case, offer_id=offer.pk))

    assert of(cast, Slot, pk=slot.pk)[0].withdrawn_at
    assert of(cast, Invitee, pk=amir.pk)[0].withdrawn_at
    assert of(cast, TimeOffer)[0].close_reason == "withdrawn"


def test_what_somebody_said_on_the_telephone(sign_in: SignIn, cast: Cast, case: Case, look: Look) -> None:
    offer, door = look(), sign_in(cast.siv)
    eva = invitee(cast, offer, "Eva")
    here = address("note_times", case, offer_id=offer.pk, invitee_id=eva.pk)

    assert "Vad säger personen?" in text(door.get(here))
    door.send(here, {"alla": "1"})

    assert [one.can for one in of(cast, SlotAnswer)] == ["yes", "yes", "yes"]
    assert len(of(cast, Notice, kind=NoticeKind.TIMES_OFFERED)) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_three_as_for_one(
    sign_in: SignIn, cast: Cast, case: Case, look: Look, count: int
) -> None:
    calls: Any = [actions.Call("relative", name=f"Nära {one}") for one in range(count)]
    offer, door = look(calls=calls), sign_in(cast.siv)

    with CaptureQueriesContext(connection) as asked:
        door.get(address("time_offer", case, offer_id=offer.pk))

    assert len(asked) == STATE_QUERIES


def test_another_authority_does_not_find_it(sign_in: SignIn, cast: Cast, case: Case, look: Look) -> None:
    offer = look()

    for who in (cast.amir, cast.nils, cast.lena):
        door = sign_in(who)
        assert door.get(address("time_offer", case, offer_id=offer.pk)).status_code == 404
        assert door.get(address("times", case)).status_code == 404


# --- those asked --------------------------------------------------------------------------------------------


@pytest.fixture
def asked(cast: Cast, look: Look, clock: Clock) -> TimeOffer:
    """Eva can the first two times, and the letters have left."""
    offer = look(purpose="Evas adress är hemlig.")
    note(cast, offer, "Eva", Can.YES, Can.YES, Can.NO)
    with acting(cast.siv):
        clock(now() + timedelta(minutes=2))
    return offer


def link_to(cast: Cast, offer: TimeOffer, who: str) -> str:
    row, clock = invitee(cast, offer, who), Actor(Kind.SYSTEM, association_id=cast.association.pk)
    with acting(clock):
        letter = Notice.objects.filter(about_id=row.pk).values_list("pk", flat=True)[0]
        token = make(LinkSubject.TIMES, subject_id=row.pk, unit=cast.units[who], letter_id=letter, by=clock)
    return reverse("answer_link", kwargs={"token": token})


def test_two_taps_by_the_link_without_a_word_of_whom(
    cast: Cast, case: Case, asked: TimeOffer, clock: Clock
) -> None:
    here, phone = link_to(cast, asked, "amir"), Door()
    slots = of(cast, Slot, offer=asked.pk)

    page = text(phone.get(here))

    assert [str(slot.pk) in page for slot in slots] == [True, True, False]
    for secret in ("Eva Ek", cast.eva, "Rum 4", "är hemlig", "Siv Sandberg", str(case.pk)):
        assert secret not in page
    assert of(cast, SlotAnswer, invitee__unit=cast.units["amir"]) == []
    assert phone.post(here, {"yes": [str(slots[1].pk)]}).status_code == 302
    said = {one.slot_id: (one.can, one.answered_how) for one in of(cast, SlotAnswer, answered_how="link")}
    assert said == {slots[0].pk: ("no", "link"), slots[1].pk: ("yes", "link")}
    assert "Tack. Ni har svarat." in text(phone.get(here))


def test_the_way_in_has_it_on_its_first_page_until_it_has_answered(
    sign_in: SignIn, cast: Cast, case: Case, asked: TimeOffer
) -> None:
    amir, here = sign_in(cast.amir), link_to(cast, asked, "amir")

    before = text(amir.get(reverse("today")))
    Door().post(here, {"svar": "ingen"})

    assert "Vilka tider kan ni?" in before
    assert [word in before for word in ("Eva", case.reference)] == [False, False]
    assert "Vilka tider kan ni?" not in text(amir.get(reverse("today")))


def test_the_same_answer_twice_is_one(cast: Cast, asked: TimeOffer) -> None:
    here, phone = link_to(cast, asked, "amir"), Door()
    slots = of(cast, Slot, offer=asked.pk)

    for _twice in range(2):
        phone.post(here, {"yes": [str(slots[1].pk)]})

    assert len(of(cast, SlotAnswer, answered_how="link")) == 2


def test_nothing_ticked_is_said_and_none_of_them_is_an_answer(cast: Cast, asked: TimeOffer) -> None:
    here, phone = link_to(cast, asked, "amir"), Door()

    assert "Tryck på tiderna som ni kan" in text(phone.post(here, {}))
    phone.post(here, {"svar": "ingen"})

    assert [one.can for one in of(cast, SlotAnswer, answered_how="link")] == ["no", "no"]


def test_the_wrong_unit_says_so(cast: Cast, asked: TimeOffer) -> None:
    phone = Door()

    phone.post(link_to(cast, asked, "amir"), {"svar": "fel"})

    assert {one.can for one in of(cast, SlotAnswer, answered_how="link")} == {"wrong_unit"}


def test_a_time_that_another_offer_has_is_no_answer(
    cast: Cast, case: Case, look: Look, asked: TimeOffer
) -> None:
    other = of(cast, Slot, offer=look(kind="follow_up", times=times(hour=8)).pk)[0]

    page = text(Door().post(link_to(cast, asked, "amir"), {"yes": [str(other.pk)]}))

    assert "Fel:" in page
    assert of(cast, SlotAnswer, answered_how="link") == []


def test_after_the_day_the_answer_still_helps_and_after_the_choice_it_is_said_kindly(
    cast: Cast, case: Case, asked: TimeOffer, clock: Clock
) -> None:
    here, phone = link_to(cast, asked, "amir"), Door()
    with acting(cast.siv):
        clock(now() + timedelta(days=7))
    assert "svaret hjälper fortfarande" in text(phone.get(here))
    with acting(cast.siv):
        found = offered(asked.case, asked.pk)
        assert found is not None
        actions.settle(asked, found.open_slots[0], by=cast.siv)

    page = text(phone.get(here))

    assert "En tid är redan bestämd" in page
    assert phone.post(here, {"svar": "ingen"}).status_code == 302
    assert of(cast, SlotAnswer, answered_how="link") == []


def test_a_consent_taken_back_closes_the_link(cast: Cast, asked: TimeOffer) -> None:
    here, phone = link_to(cast, asked, "amir"), Door()
    with acting(cast.siv):
        yes = Consent.objects.get(receiver_unit=cast.units["amir"])
        consents.withdraw(yes, by=cast.siv)

    assert phone.get(here).status_code == 404
    assert phone.post(here, {"svar": "ingen"}).status_code in (302, 403, 404)
    assert of(cast, SlotAnswer, answered_how="link") == []


def test_the_units_way_in_answers_signed_in(sign_in: SignIn, cast: Cast, asked: TimeOffer) -> None:
    door, row = sign_in(cast.amir), invitee(cast, asked, "amir")
    slots = of(cast, Slot, offer=asked.pk)
    here = reverse("unit_times", kwargs={"invitee_id": row.pk})

    assert here in text(door.get(reverse("arrivals")))
    assert "Arbetsmarknadstorget" in text(door.get(here))
    door.send(here, {"yes": [str(slots[0].pk)], "if_needed": [str(slots[1].pk)]})

    said = {one.slot_id: one.can for one in of(cast, SlotAnswer, answered_how="signed_in")}
    assert said == {slots[0].pk: "yes", slots[1].pk: "if_needed"}
    for other in (cast.lena, cast.farid, cast.siv):
        assert sign_in(other).get(here).status_code == 404


# --- the person ---------------------------------------------------------------------------------------------


def test_eva_answers_first_and_then_the_others_are_asked(sign_in: SignIn, cast: Cast, look: Look) -> None:
    offer = look(purpose="Hur ska Eva orka?")
    row, slots = invitee(cast, offer, "Eva"), of(cast, Slot, offer=offer.pk)
    door, here = sign_in(cast.eva), reverse("own_times", kwargs={"invitee_id": row.pk})

    assert here in text(door.get(reverse("own_page")))
    page = text(door.get(here))
    assert [word in page for word in ("Rum 4", "Hur ska Eva orka?", "AF Humlesund", "Bageriet")] == [True] * 4
    door.send(here, {"yes": [str(slots[0].pk), str(slots[2].pk)]})

    assert [one.can for one in of(cast, SlotAnswer, answered_how="herself")] == ["yes", "no", "yes"] or len(
        of(cast, SlotAnswer, answered_how="herself", can="yes")
    ) == 2
    assert len(of(cast, Notice, kind=NoticeKind.TIMES_OFFERED)) == 2
    front = text(door.get(reverse("own_page")))
    assert [one in front for one in (here, "Ändra svaret", "Se tiderna och svara")] == [True, True, False]


def test_whoever_receives_summonses_for_her_answers_too(
    sign_in: SignIn, cast: Cast, case: Case, look: Look
) -> None:
    made = factories.mandate(case, by=cast.siv)
    ralf = factories.representative(made)
    offer = look()
    row = invitee(cast, offer, "Eva")
    door = sign_in(ralf)
    ids = {"person_id": case.person_id, "invitee_id": row.pk}
    here = reverse("represented_times", kwargs=ids)

    assert here in text(door.get(reverse("represented", kwargs={"person_id": case.person_id})))
    assert "Du svarar genom ditt uppdrag" in text(door.get(here))
    door.send(here, {"svar": "ingen"})

    assert {one.can for one in of(cast, SlotAnswer, answered_how="herself")} == {"no"}


def test_nobody_else_answers_for_her(sign_in: SignIn, cast: Cast, case: Case, look: Look) -> None:
    made = factories.mandate(case, by=cast.siv, may_receive_summons=False)
    offer = look()
    row = invitee(cast, offer, "Eva")
    ids = {"person_id": case.person_id, "invitee_id": row.pk}

    assert (
        sign_in(factories.representative(made)).get(reverse("represented_times", kwargs=ids)).status_code
        == 404
    )
    assert sign_in("199004142382").get(reverse("own_times", kwargs={"invitee_id": row.pk})).status_code == 404
