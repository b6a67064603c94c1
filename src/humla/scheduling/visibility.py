"""Queries of the times offered, named by what they return, and where each offer stands now.

Here: the offers of a case with everything that was answered, what is taken for those who are asked, and what
the ladder of reminders may know. Not here: what a unit that is asked sees (`asked`): it reads no row of
these.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from humla.agreements.models import Duty
from humla.cases.models import Case
from humla.consents.visibility import consents_of
from humla.core.context import now, today
from humla.meetings.models import Called, Meeting, MeetingState, Summons
from humla.meetings.visibility import units_told_of_planning
from humla.scheduling import best
from humla.scheduling.best import Asked, Ranked
from humla.scheduling.models import Can, CloseReason, Invitee, OfferState, Slot, SlotAnswer, TimeOffer
from humla.scheduling.suggestions import Taken


@dataclass
class Offered:
    """One offer with its times, those asked, and the newest answer of each about each time."""

    offer: TimeOffer
    slots: list[Slot] = field(default_factory=list)
    invitees: list[Invitee] = field(default_factory=list)
    newest: dict[tuple[UUID, UUID], SlotAnswer] = field(default_factory=dict)
    lost: frozenset[UUID] = frozenset()
    """Those asked whose consent has run out: they may not be told more, and count no longer."""

    @cached_property
    def open_slots(self) -> list[Slot]:
        """The times that are still offered and have not been."""
        return [one for one in self.slots if one.withdrawn_at is None and one.starts_at > now()]

    @cached_property
    def asked(self) -> list[Invitee]:
        """Those who still are asked, the person first."""
        return [one for one in self.invitees if one.withdrawn_at is None and one.pk not in self.lost]

    @cached_property
    def person(self) -> Invitee | None:
        """The person's own line."""
        return next((one for one in self.asked if one.called == Called.PERSON), None)

    @cached_property
    def others(self) -> list[Invitee]:
        """Everybody asked but the person."""
        return [one for one in self.asked if one.called != Called.PERSON]

    def can(self, invitee: Invitee, slot: Slot) -> Can | None:
        """What was answered last about one time."""
        said = self.newest.get((invitee.pk, slot.pk))
        return Can(said.can) if said else None

    def is_told_of(self, slot: Slot) -> bool:
        """Do the others know of this time? Not before the person has said that she can, nor after a no."""
        return slot.told_at is not None and self._person_can(slot)

    def has_answered(self, invitee: Invitee) -> bool:
        """Has this one answered about a time that still is offered?"""
        return any((invitee.pk, one.pk) in self.newest for one in self.open_slots)

    def is_wrong_unit(self, invitee: Invitee) -> bool:
        """Has it said that it is the wrong one?"""
        said = [self.can(invitee, one) for one in self.open_slots]
        return Can.WRONG_UNIT in said

    @cached_property
    def waits_for(self) -> list[Invitee]:
        """The silent: asked, told, and not a word about any time."""
        if self.waits_for_person:
            return [self.person] if self.person else []
        return [one for one in self.others if not self.has_answered(one)]

    @cached_property
    def waits_for_person(self) -> bool:
        """Is there a time that she has not said anything of, and none that she can?"""
        if self.person is None or any(self._person_can(one) for one in self.open_slots):
            return False
        return any(self.can(self.person, one) is None for one in self.open_slots)

    @cached_property
    def order(self) -> list[Ranked]:
        """The times that still are offered, the best first."""
        asked = [Asked(one.pk, called_by(one), _standing(one)) for one in self.asked]
        answers = {key: said.can for key, said in self.newest.items()}
        return best.ranked([(one.pk, one.starts_at) for one in self.open_slots], asked, answers)

    @cached_property
    def best(self) -> Ranked | None:
        """The time to choose first, when there is any to choose."""
        return best.best(self.order)

    @cached_property
    def state(self) -> OfferState:
        """Where it stands, by its instants and the newest answers."""
        if self.offer.closed_at is not None:
            is_settled = self.offer.close_reason == CloseReason.SETTLED
            return OfferState.SETTLED if is_settled else OfferState.WITHDRAWN
        if not self.open_slots:
            return OfferState.EXPIRED
        if self.waits_for_person:
            return OfferState.PERSON
        if not any(self._person_can(one) for one in self.open_slots):
            return OfferState.NOBODY
        if not self.waits_for:
            return OfferState.ENOUGH if self.best else OfferState.NOBODY
        return OfferState.EXPIRED if self.offer.answer_by < today() else OfferState.ANSWERS

    def _person_can(self, slot: Slot) -> bool:
        return self.person is None or self.can(self.person, slot) in (Can.YES, Can.IF_NEEDED)


def called_by(invitee: Invitee) -> str:
    """Whom it says: the unit, the name, or the person."""
    if invitee.unit is not None:
        return invitee.unit.name
    return invitee.name or _("Personen")


def offers_of(case: Case) -> list[Offered]:
    """Every offer of the case, the latest first: five questions however many they are."""
    return _whole(case, _offers().filter(case=case.pk).order_by("-offered_at", "-id"))


def offered(case: Case, offer_id: UUID) -> Offered | None:
    """One offer of this case."""
    return next(iter(_whole(case, _offers().filter(case=case.pk, pk=offer_id))), None)


def open_offers_of(case: Case) -> list[Offered]:
    """What is looked for in the case now, the first begun first; one question when it is nothing."""
    return _whole(case, _offers().filter(case=case.pk, closed_at__isnull=True).order_by("offered_at", "id"))


def own_offer(offer_id: UUID) -> Offered | None:
    """One offer, for the person whom it is about; the row policies say whose."""
    found = TimeOffer.objects.select_related("case__unit", "case__authority", "case__person", "moves").filter(
        pk=offer_id
    )
    one = found.first()
    return next(iter(_whole(one.case, [one]))) if one else None


def taken_times(case: Case, units: Collection[UUID], *, after: date) -> list[Taken]:
    """What the reader can see is taken: the meetings of this case and those these units are called to."""
    called = Summons.objects.filter(meeting=OuterRef("pk"), unit__in=list(units), cancelled_at__isnull=True)
    planned = Meeting.objects.filter(state=MeetingState.PLANNED, starts_at__date__gte=after)
    rows = planned.filter(Exists(called)) | planned.filter(case=case)
    found = rows.values_list("starts_at", "minutes").distinct()
    return [(at, at + timedelta(minutes=minutes)) for at, minutes in found]


def _offers() -> QuerySet[TimeOffer]:
    return TimeOffer.objects.select_related("offered_by", "moves", "settled_meeting")


def _whole(case: Case, offers: Iterable[TimeOffer]) -> list[Offered]:
    made: dict[UUID, Offered] = {}
    for offer in offers:
        offer.case = case
        made[offer.pk] = Offered(offer)
    if not made:
        return []
    for slot in Slot.objects.filter(offer__in=made).order_by("starts_at", "id"):
        made[slot.offer_id].slots.append(slot)
    for invitee in Invitee.objects.filter(offer__in=made).select_related("unit__authority__party"):
        made[invitee.offer_id].invitees.append(invitee)
    answers = SlotAnswer.objects.filter(slot__offer__in=made).order_by("answered_at", "id")
    for said, offer_id in ((one, one.slot.offer_id) for one in answers.select_related("slot")):
        made[offer_id].newest[said.invitee_id, said.slot_id] = said
    consented = units_told_of_planning(consents_of(case))
    for one in made.values():
        one.invitees.sort(key=_person_first)
        one.lost = frozenset(row.pk for row in one.invitees if _has_lost_consent(row, one.offer, consented))
    return list(made.values())


def _has_lost_consent(invitee: Invitee, offer: TimeOffer, consented: Collection[UUID]) -> bool:
    if offer.closed_at is not None or invitee.unit is None:
        return False
    return invitee.unit.authority_id != offer.authority_id and invitee.unit_id not in consented


def _standing(invitee: Invitee) -> str:
    if invitee.called == Called.PERSON:
        return best.PERSON
    return best.OBLIGED if invitee.duty == Duty.OBLIGED else best.INVITED


def _person_first(one: Invitee) -> tuple[bool, bool, str]:
    return (one.called != Called.PERSON, one.duty != Duty.OBLIGED, called_by(one))
