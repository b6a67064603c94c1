"""What happens while a time is looked for: times offered, added, struck, answered, one of them set, or all
taken back.

Every verb takes its turn in the case. The person answers first: the others are told when she has, only of the
times that she can (`tell_of_times()` in the walls, which her own answer calls too). To set a time is to plan
the meeting, or move it, and to summon everybody who was asked, in one transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from humla.agreements.visibility import agreement_in_force
from humla.audit.record import Item, record
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.turns import take_turn
from humla.consents.kept_away import kept_away_from
from humla.core.context import Actor, now, today
from humla.core.rulings import NotAllowed
from humla.meetings import actions as meetings
from humla.meetings.document import OwnWords
from humla.meetings.models import Answer, Called, Meeting, Summons
from humla.meetings.models import AnsweredBy as SummonsAnsweredBy
from humla.meetings.rules import Call, duty_in, place_may_be_told
from humla.meetings.visibility import consents_by_unit, meeting_of, open_summonses, suggested_answer_by
from humla.scheduling import notices, rules
from humla.scheduling.models import AnsweredHow, Can, CloseReason, Invitee, Slot, SlotAnswer, TimeOffer
from humla.scheduling.visibility import Offered, offered, offers_of


class OfferDetails(TypedDict, total=False):
    """What is written of the meeting that a time is looked for."""

    kind: str
    minutes: int
    form: str
    place: str
    video_link: str
    interpreter: str
    purpose: str
    answer_by: date
    moves: Meeting | None
    move_cause: str


@dataclass(frozen=True)
class Settled:
    """The meeting that came of it, and those who were summoned in the same act."""

    meeting: Meeting
    summonses: list[Summons]
    left_out: list[Invitee]
    """Those asked who were not summoned: the wrong unit, or one whose consent has ended."""
    waits_for_place: bool = False
    """The place of a protected person is read by a second before anybody is summoned."""


@transaction.atomic
def offer_times(
    case: Case,
    *,
    times: Sequence[datetime],
    calls: Sequence[Call],
    person_can: Collection[datetime] = (),
    by: Actor,
    **details: Unpack[OfferDetails],
) -> TimeOffer:
    """Offer some times. The person is asked first; has she said what she can, the others are told at once."""
    take_turn(case)
    agreement, kept = agreement_in_force(today()), kept_away_from(case)
    calls = [one for one in calls if one.called != Called.PERSON]
    moves = details.get("moves")
    rules.may_offer(
        by,
        case,
        kind=details["kind"],
        times=times,
        calls=calls,
        answer_by=details["answer_by"],
        consents=consents_by_unit(case),
        kept=kept,
        open_now=[one for one in offers_of(case) if one.offer.closed_at is None],
        moves=meeting_of(case, moves.pk) if moves else None,
    ).enforce()
    offer = TimeOffer(**_of(case), offered_at=now(), offered_by_id=by.id, **details)
    try:
        with transaction.atomic():
            offer.save(force_insert=True)
    except IntegrityError as taken:
        if "time_offer_one_open" not in str(taken):
            raise
        raise NotAllowed(_("Tider är redan föreslagna för ett sådant möte. Öppna det förslaget.")) from None
    for call in [Call(Called.PERSON), *calls]:
        Invitee(
            **_of(case),
            offer=offer,
            called=call.called,
            unit=call.unit,
            name=call.name,
            duty=duty_in(call, agreement),
            asked_at=now(),
        ).save(force_insert=True)
    _lay_out(offer, times)
    _record(Tag.TIMES_OFFERED, offer)
    if person_can:
        whole = _whole(offer)
        said = {one.pk: Can.YES if one.starts_at in person_can else Can.NO for one in whole.open_slots}
        _note(whole, _person_of(whole), said, by=by)
    return offer


@transaction.atomic
def add_times(offer: TimeOffer, *, times: Sequence[datetime], by: Actor) -> TimeOffer:
    """More times to choose among; the person is asked about them before anybody else."""
    found = _turn(offer)
    rules.may_add(by, found, times).enforce()
    _lay_out(found.offer, times)
    _record(Tag.TIMES_CHANGED, found.offer)
    return found.offer


@transaction.atomic
def ask_for_answers_by(offer: TimeOffer, *, answer_by: date, by: Actor) -> TimeOffer:
    """Another day to answer by: whoever got more times gets more days."""
    found = _turn(offer)
    rules.may_withdraw(by, found).enforce()
    _one(TimeOffer.objects.filter(pk=offer.pk, closed_at__isnull=True).update(answer_by=answer_by))
    found.offer.answer_by = answer_by
    return found.offer


@transaction.atomic
def strike_time(offer: TimeOffer, slot: Slot, *, by: Actor) -> Slot:
    """One of the times is no longer offered. What was answered about it stays on the row."""
    found = _turn(offer)
    rules.may_strike(by, found, slot).enforce()
    _one(Slot.objects.filter(pk=slot.pk, withdrawn_at__isnull=True).update(withdrawn_at=now()))
    _record(Tag.TIMES_CHANGED, found.offer, ("slot", slot.pk, 0))
    return slot


@transaction.atomic
def leave_out(offer: TimeOffer, invitee: Invitee, *, by: Actor) -> Invitee:
    """One of those asked is not asked any more, and is told so if it knew."""
    found = _turn(offer)
    rules.may_leave_out(by, found, invitee).enforce()
    notices.stop(invitee)
    _one(Invitee.objects.filter(pk=invitee.pk, withdrawn_at__isnull=True).update(withdrawn_at=now()))
    notices.withdrawn(invitee, by=by)
    _record(Tag.TIMES_CHANGED, found.offer, ("invitee", invitee.pk, 0))
    return invitee


@transaction.atomic
def note_answer(offer: TimeOffer, invitee: Invitee, *, said: Mapping[UUID, str], by: Actor) -> None:
    """What somebody said on the telephone, or the person across the table: of each time, by its id."""
    found = _turn(offer)
    rules.may_note(by, found, invitee).enforce()
    _note(found, invitee, said, by=by)


@transaction.atomic
def answer_asked(
    invitee_id: UUID | None, *, said: Mapping[UUID, str], is_wrong: bool = False, by: Actor
) -> None:
    """An answer by whoever is asked: by the link (then without id), signed in for the unit, or about herself.

    The same answer twice is one, whoever pressed and how often.
    """
    chosen = {can: [slot for slot, one in said.items() if one == can] for can in (Can.YES, Can.IF_NEEDED)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT is_taken, is_new, the_case, the_person, the_offer, which"
            " FROM answer_times(%s, %s::uuid[], %s::uuid[], %s)",
            [invitee_id, chosen[Can.YES], chosen[Can.IF_NEEDED], is_wrong],
        )
        row = cursor.fetchone()
    is_taken, is_new, case_id, person_id, *items = row or (False, False, None, None)
    if not is_taken:
        raise NotAllowed(
            _("Det går inte att svara längre. En tid kan vara bestämd, eller så gäller tiderna inte.")
        )
    if is_new:
        record(
            Tag.TIMES_ANSWERED,
            case=case_id,
            person=person_id,
            items=[(what, which, 0) for what, which in zip(("time_offer", "invitee"), items, strict=True)],
        )


@transaction.atomic
def withdraw(offer: TimeOffer, *, by: Actor) -> TimeOffer:
    """No time is looked for any more. Whoever was told of the times is told so, and nobody else."""
    found = _turn(offer)
    rules.may_withdraw(by, found).enforce()
    _close(found.offer, CloseReason.WITHDRAWN)
    for one in found.asked:
        if one.unit is not None:
            notices.withdrawn(one, by=by)
    _record(Tag.TIMES_WITHDRAWN, found.offer)
    return found.offer


@transaction.atomic
def settle(offer: TimeOffer, slot: Slot, *, own_words: OwnWords | None = None, by: Actor) -> Settled:
    """This is the time: the meeting is planned, or moved, and everybody who was asked is summoned to it.

    Whoever said that the time does has answered the summons with it. Of a protected person nobody is summoned
    before a second has read the place.
    """
    found = _turn(offer)
    rules.may_settle(by, found, slot).enforce()
    meeting = _meeting_at(found.offer, slot.starts_at, by=by)
    calls, left_out = _to_be_called(found, meeting)
    made: list[Summons] = []
    may_be_told = bool(place_may_be_told(meeting))
    if may_be_told:
        made = meetings.summon_all(meeting, calls=calls, own_words=own_words, by=by) if calls else []
        _answer_with_the_time(found, slot, open_summonses(meeting), by=by)
    _close(found.offer, CloseReason.SETTLED, settled_meeting=meeting)
    _record(Tag.TIMES_SETTLED, found.offer, ("meeting", meeting.pk, meeting.version))
    return Settled(meeting, made, left_out, waits_for_place=not may_be_told)


# --- below -------------------------------------------------------------------------------------------------


def _turn(offer: TimeOffer) -> Offered:
    """One at a time in the case, and the offer as it is when our turn has come."""
    take_turn(offer.case)
    return _whole(offer)


def _whole(offer: TimeOffer) -> Offered:
    found = offered(offer.case, offer.pk)
    if found is None:
        raise NotAllowed(_("Förslaget finns inte längre för dig."))
    return found


def _of(case: Case) -> dict[str, Any]:
    return {
        "association_id": case.association_id,
        "authority_id": case.authority_id,
        "person_id": case.person_id,
        "case": case,
    }


def _lay_out(offer: TimeOffer, times: Sequence[datetime]) -> None:
    for starts_at in sorted(times):
        Slot(**_of(offer.case), offer=offer, starts_at=starts_at, added_at=now()).save(force_insert=True)


def _person_of(found: Offered) -> Invitee:
    if found.person is None:
        raise NotAllowed(_("Personen frågas alltid först."))
    return found.person


def _note(found: Offered, invitee: Invitee, said: Mapping[UUID, str], *, by: Actor) -> None:
    """Only what is new is written; the others are told when it was the person who answered."""
    new = [one for one in found.open_slots if one.pk in said and found.can(invitee, one) != said[one.pk]]
    for slot in new:
        SlotAnswer(
            **_of(found.offer.case),
            invitee=invitee,
            slot=slot,
            can=Can(said[slot.pk]),
            answered_how=AnsweredHow.NOTED,
            answered_at=now(),
            answered_by_id=by.id,
        ).save(force_insert=True)
    if not new:
        return
    _record(Tag.TIMES_ANSWERED, found.offer, ("invitee", invitee.pk, 0))
    if invitee.called == Called.PERSON:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tell_of_times(%s)", [found.offer.pk])


def _meeting_at(offer: TimeOffer, starts_at: datetime, *, by: Actor) -> Meeting:
    """The planned meeting of the offer at that time: the old one moved, or a new one."""
    if offer.moves is not None:
        old = meeting_of(offer.case, offer.moves.pk)
        if old is None:
            raise NotAllowed(_("Mötet finns inte längre för dig."))
        return meetings.move(old, starts_at=starts_at, cause=offer.move_cause, by=by)
    return meetings.plan_meeting(
        offer.case,
        kind=offer.kind,
        starts_at=starts_at,
        minutes=offer.minutes,
        form=offer.form,
        place=offer.place,
        video_link=offer.video_link,
        interpreter=offer.interpreter,
        purpose=offer.purpose,
        answer_by=suggested_answer_by(starts_at),
        chair=offer.offered_by,
        by=by,
    )


def _to_be_called(found: Offered, meeting: Meeting) -> tuple[list[Call], list[Invitee]]:
    """Everybody asked who may be told and is the right unit, but those whom a moved meeting has called."""
    case = found.offer.case
    consents, kept = consents_by_unit(case), kept_away_from(case)
    there = {(one.called, one.unit_id, one.name) for one in open_summonses(meeting)}
    calls, left_out = [], [one for one in found.invitees if one.pk in found.lost]
    for one in found.asked:
        call = Call(one.called, one.unit, one.name)
        if (one.called, one.unit_id, one.name) in there:
            continue
        if found.is_wrong_unit(one) or not rules.may_ask(case, call, consents=consents, kept=kept):
            left_out.append(one)
        else:
            calls.append(call)
    return calls, left_out


def _answer_with_the_time(found: Offered, slot: Slot, made: Sequence[Summons], *, by: Actor) -> None:
    """Whoever said yes to the time need not say it twice; what is brought can still be told."""
    can = {(one.called, one.unit_id, one.name) for one in found.others if found.can(one, slot) == Can.YES}
    for summons in made:
        if (summons.called, summons.unit_id, summons.name) in can:
            meetings.answer(summons, answer=Answer.COMES, how=SummonsAnsweredBy.NOTED, by=by)


def _close(offer: TimeOffer, reason: CloseReason, **more: Any) -> None:
    still = TimeOffer.objects.filter(pk=offer.pk, closed_at__isnull=True)
    _one(still.update(closed_at=now(), close_reason=reason, **more))
    offer.closed_at, offer.close_reason = now(), reason
    offer.settled_meeting = more.get("settled_meeting")


def _one(count: int) -> None:
    """An UPDATE of a row that the policies hide, or that somebody else was first with, hits nothing."""
    if count != 1:
        raise NotAllowed(_("Någon annan hann före. Läs sidan igen."))


def _record(tag: Tag, offer: TimeOffer, *items: Item) -> None:
    record(tag, case=offer.case_id, person=offer.person_id, items=[("time_offer", offer.pk, 0), *items])
