"""What may happen while a time is looked for: who offers times to whom, who answers, when one may be set.

Not here: which time is best (`best`), nor the right to summon (`humla.meetings.rules`), which is asked too.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from humla.cases.models import Case
from humla.cases.rules import may_change
from humla.consents.kept_away import may_come
from humla.consents.models import Consent, KeptAway
from humla.core.context import Actor, now, today
from humla.core.dates import day_of
from humla.core.rulings import YES, Ruling, all_of, no
from humla.meetings.models import Called, Meeting
from humla.meetings.rules import Call, may_be_told, may_move
from humla.scheduling.models import Can, Invitee, Slot
from humla.scheduling.visibility import Offered

FEWEST, MOST = 3, 6
"""So many times are offered at once: fewer leave nothing to choose, more are too many for two taps."""


def may_look_for_time(actor: Actor, case: Case) -> Ruling:
    """May she offer times in the case? Those who hold it, while it goes on."""
    return may_change(actor, case)


def may_offer(
    actor: Actor,
    case: Case,
    *,
    kind: str,
    times: Sequence[datetime],
    calls: Sequence[Call],
    answer_by: date,
    consents: Mapping[UUID, Consent],
    kept: Iterable[KeptAway],
    open_now: Iterable[Offered],
    moves: Meeting | None,
) -> Ruling:
    """May these times be offered to these? Those who could be summoned, and no others (10 kap. 1 § OSL)."""
    kept = list(kept)
    return all_of(
        may_look_for_time(actor, case),
        _is_not_offered_already(kind, open_now),
        are_times(times, there=0),
        _is_answered_before(answer_by, times),
        YES if moves is None else may_move(actor, moves),
        _somebody_is_asked(calls),
        *(may_ask(case, call, consents=consents, kept=kept) for call in calls),
    )


def may_ask(
    case: Case, call: Call, *, consents: Mapping[UUID, Consent], kept: Iterable[KeptAway] = ()
) -> Ruling:
    """May this one be asked which times would do? Being asked tells that there is somebody and a meeting."""
    consent = consents.get(call.unit.pk) if call.unit else None
    return all_of(
        may_come(kept, unit_id=call.unit.pk if call.unit else None, name=call.name),
        may_be_told(case, call, consent),
    )


def are_times(times: Sequence[datetime], *, there: int) -> Ruling:
    """Three to six times ahead, each of them once. `there` is how many still are offered."""
    if len(set(times)) < len(times):
        return no(_("Samma tid står två gånger."))
    if any(one <= now() for one in times):
        return no(_("En av tiderna har redan varit. Välj en tid framåt."))
    if there + len(times) < FEWEST or not times:
        return no(_("Föreslå minst tre tider, så finns det något att välja på."))
    if there + len(times) > MOST:
        return no(_("Föreslå högst sex tider. Ta bort några."))
    return YES


def may_add(actor: Actor, found: Offered, times: Sequence[datetime]) -> Ruling:
    """May more times be added to those that are offered?"""
    again = {one.starts_at for one in found.open_slots} & set(times)
    return all_of(
        may_change(actor, found.offer.case),
        _is_open(found),
        no(_("En av tiderna är redan föreslagen.")) if again else YES,
        are_times(times, there=len(found.open_slots)),
    )


def may_strike(actor: Actor, found: Offered, slot: Slot) -> Ruling:
    """May one time be taken out again?"""
    there = any(one.pk == slot.pk for one in found.open_slots)
    return all_of(
        may_change(actor, found.offer.case),
        _is_open(found),
        YES if there else no(_("Tiden är redan borttagen eller har varit.")),
        YES if len(found.open_slots) > 1 else no(_("Det är den enda tiden. Lägg till fler först.")),
    )


def may_note(actor: Actor, found: Offered, invitee: Invitee) -> Ruling:
    """May she write down what somebody said? When she heard it, whatever day the answers were wanted by."""
    there = any(one.pk == invitee.pk for one in found.asked)
    return all_of(
        may_change(actor, found.offer.case),
        _is_open(found),
        YES if there else no(_("Den är inte tillfrågad längre.")),
        _is_told(found, invitee),
    )


def may_leave_out(actor: Actor, found: Offered, invitee: Invitee) -> Ruling:
    """May one of those asked be left out? The person herself never."""
    if invitee.called == Called.PERSON:
        return no(_("Personen frågas alltid först."))
    there = any(one.pk == invitee.pk for one in found.invitees if one.withdrawn_at is None)
    return all_of(
        may_change(actor, found.offer.case),
        _is_open(found),
        YES if there else no(_("Den är inte tillfrågad längre.")),
    )


def may_withdraw(actor: Actor, found: Offered) -> Ruling:
    """May the whole offer be taken back?"""
    return all_of(may_change(actor, found.offer.case), _is_open(found))


def may_settle(actor: Actor, found: Offered, slot: Slot | None = None) -> Ruling:
    """May this be the time? Not one that the person has said no to, nor one that she has not heard of."""
    ruling = all_of(may_change(actor, found.offer.case), _is_open(found))
    if not ruling or slot is None:
        return ruling
    if all(one.pk != slot.pk for one in found.open_slots):
        return no(_("Tiden är borttagen eller har redan varit. Välj en annan."))
    if found.person is not None and found.can(found.person, slot) not in (Can.YES, Can.IF_NEEDED):
        return no(_("Personen har inte sagt att den tiden går. Fråga personen först."))
    return YES if found.offer.moves is None else may_move(actor, found.offer.moves)


def _is_open(found: Offered) -> Ruling:
    if found.offer.closed_at is None:
        return YES
    if found.offer.settled_meeting_id:
        return no(_("Tiden är redan bestämd. Flytta mötet om det behöver bli en annan."))
    return no(_("Förslaget är återtaget. Föreslå nya tider."))


def _is_told(found: Offered, invitee: Invitee) -> Ruling:
    """The others hear of the times when the person has said which she can."""
    if invitee.called == Called.PERSON or any(found.is_told_of(one) for one in found.open_slots):
        return YES
    return no(_("Personen svarar först. Sedan frågas de andra."))


def _is_not_offered_already(kind: str, open_now: Iterable[Offered]) -> Ruling:
    if all(one.offer.kind != kind for one in open_now):
        return YES
    return no(_("Tider är redan föreslagna för ett sådant möte. Öppna det förslaget i listan."))


def _somebody_is_asked(calls: Sequence[Call]) -> Ruling:
    if any(one.called != Called.PERSON for one in calls):
        return YES
    return no(_("Välj minst en som ska frågas."))


def _is_answered_before(answer_by: date, times: Sequence[datetime]) -> Ruling:
    if answer_by < today():
        return no(_("Den dagen har varit. Välj en dag framåt."))
    if times and answer_by >= min(day_of(one) for one in times):
        return no(_("Svaren behövs före den första tiden. Välj en tidigare dag, eller senare tider."))
    return YES
