"""Times that are looked for in the year: one offer in each way that it can stand.

Here: rows of `humla.scheduling` in open cases. Not here: the meetings (`gatherings`).
"""

from datetime import datetime, time, timedelta
from typing import Any

from humla.agreements.models import Duty
from humla.cases.models import Case, CaseState
from humla.core.workdays import working_days_after
from humla.meetings.models import Called, Meeting, MeetingForm, MeetingKind, MeetingState
from humla.ops.year import words
from humla.ops.year.setting import Setting
from humla.organisation.models import Unit
from humla.scheduling.models import AnsweredHow, Can, CloseReason, Invitee, Slot, SlotAnswer, TimeOffer
from humla.scheduling.suggestions import instant_of

_TIMES, _EACH = 4, 2
_YES, _MAYBE, _NO = Can.YES, Can.IF_NEEDED, Can.NO
# What the person says of the four times, what the first unit says and then the second: none is silence.
_SAID: dict[str, tuple[tuple[Can, ...], ...]] = {
    "person": ((), (), ()),
    "answers": ((_YES, _YES, _NO, _YES), (_NO, _YES, _NO, _YES), ()),
    "enough": ((_YES, _YES, _YES, _NO), (_NO, _YES, _MAYBE, _NO), (_YES, _YES, _NO, _NO)),
    "nobody": ((_NO, _YES, _NO, _NO), (_NO,) * 4, (_NO,) * 4),
    "expired": ((_YES,) * 4, (_YES, _NO, _NO, _NO), ()),
    "withdrawn": ((_YES,) * 4, (), (Can.WRONG_UNIT,) * 4),
    "settled": ((_YES,) * 4, (_YES, _YES, _NO, _NO), (_YES, _MAYBE, _YES, _NO)),
}


def write(setting: Setting) -> None:
    """So many of each, as far as there are cases for them."""
    cases = [one for one in _cases(setting) if len(_consented(setting, one)) > 1]
    eva = next((one for one in cases if one.person.full_name == "Eva Ek"), None)
    if eva is not None:
        # She has a page of her own to answer on. Her case goes on as the demonstration tells it.
        cases.remove(eva)
        _offer(setting, eva, "person", _SAID["person"], None, kind=MeetingKind.CLOSING)
    planned = {one.case_id: one for one in Meeting.objects.filter(state=MeetingState.PLANNED)}
    held = set(Meeting.objects.filter(state=MeetingState.HELD).values_list("case_id", flat=True))
    free = iter([one for one in cases if one.pk not in planned])
    busy = iter([one for one in cases if one.pk in planned])
    for state, said in _SAID.items():
        for _one in range(_EACH):
            case = next(busy if state == "settled" else free, None)
            if case is not None:
                meeting = planned.get(case.pk) if state == "settled" else None
                kind = MeetingKind.FOLLOW_UP if case.pk in held else MeetingKind.FIRST
                _offer(setting, case, state, said, meeting, kind=kind)


def _cases(setting: Setting) -> list[Case]:
    found = Case.objects.filter(association=next(iter(setting.units.values())).association_id)
    found = found.filter(state=CaseState.OPEN, is_protected=False, resting_until__isnull=True)
    return list(found.select_related("unit", "person").order_by("-opened_at", "id"))


def _consented(setting: Setting, case: Case) -> list[Unit]:
    given = case.consents.filter(
        withdrawn_at__isnull=True,
        starts_at__lte=setting.now,
        ends_at__gt=setting.now,
        categories__contains=["PLANNING"],
    )
    return [one.receiver_unit for one in given.select_related("receiver_unit").order_by("given_at", "id")]


def _offer(
    setting: Setting,
    case: Case,
    state: str,
    said: tuple[tuple[Can, ...], ...],
    meeting: Meeting | None,
    *,
    kind: MeetingKind,
) -> None:
    about: dict[str, Any] = {
        "association_id": case.association_id,
        "authority_id": case.authority_id,
        "person_id": case.person_id,
        "case": case,
    }
    offered_at = setting.at(setting.before(9 if state == "expired" else 3), 10)
    offer = setting.add(
        TimeOffer,
        **about,
        kind=meeting.kind if meeting else kind,
        form=MeetingForm.IN_PERSON,
        place=f"{case.unit.name}, rum 2",
        purpose=setting.next("time purposes", words.PURPOSES),
        answer_by=working_days_after(offered_at.date(), 5),
        offered_at=offered_at,
        offered_by_id=case.opened_by_id,
        settled_meeting=meeting,
        closed_at=setting.now - timedelta(hours=5) if state in CloseReason.values else None,
        close_reason=state if state in CloseReason.values else "",
    )
    slots = [
        setting.add(
            Slot,
            **about,
            offer=offer,
            starts_at=at,
            added_at=offered_at,
            told_at=offered_at + timedelta(hours=1) if said[0] and said[0][place] != Can.NO else None,
        )
        for place, at in enumerate(_instants(setting, meeting))
    ]
    for place, unit in enumerate((None, *_consented(setting, case)[:2])):
        _ask(setting, about, offer, slots, unit, said[place], told=bool(said[0]))


def _instants(setting: Setting, meeting: Meeting | None) -> list[datetime]:
    days = [working_days_after(setting.today, 8 + 2 * one) for one in range(_TIMES)]
    every = [instant_of(day, time(9 if day.toordinal() % 2 else 14)) for day in days]
    return [meeting.starts_at, *every[1:]] if meeting else every


def _ask(
    setting: Setting,
    about: dict[str, Any],
    offer: TimeOffer,
    slots: list[Slot],
    unit: Unit | None,
    said: tuple[Can, ...],
    *,
    told: bool,
) -> None:
    answered_at = offer.offered_at + timedelta(hours=20 if unit else 1)
    asked = setting.add(
        Invitee,
        **about,
        offer=offer,
        called=Called.UNIT if unit else Called.PERSON,
        unit=unit,
        duty=Duty.OBLIGED if unit else Duty.INVITED,
        asked_at=offer.offered_at,
        leaves_at=offer.offered_at + timedelta(hours=1, minutes=1) if unit and told else None,
    )
    how = setting.next("how times", (AnsweredHow.LINK, AnsweredHow.SIGNED_IN, AnsweredHow.NOTED))
    for slot, can in zip(slots, said, strict=False):
        if unit is not None and slot.told_at is None:
            continue
        setting.add(
            SlotAnswer,
            **about,
            invitee=asked,
            slot=slot,
            can=can,
            answered_how=how if unit else AnsweredHow.HERSELF,
            answered_at=answered_at,
            answered_by_id=offer.offered_by_id,
        )
