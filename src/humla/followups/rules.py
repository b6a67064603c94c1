"""What may happen when a plan is followed up and a case closed.

Here: who says how a commitment goes, what a follow-up must answer before it is done, what must be settled
before a case is closed. Not here: who reads it (row policies, `humla.disclosures.visibility`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from humla.cases.models import Case, CaseState
from humla.cases.rules import may_change, may_conclude
from humla.cases.visibility import is_held
from humla.core.context import Actor
from humla.core.dates import day_of, written_date
from humla.core.rulings import YES, Ruling, all_of, no
from humla.disclosures.models import Document, DocumentKind
from humla.followups.models import Before, CloseReason, Closing, FollowUp, FollowUpState, Outcome, Status
from humla.followups.visibility import HOLDS_FOLLOW_UPS, Sheet, Undertaking
from humla.meetings.models import Meeting, MeetingState
from humla.plans.models import LeadTransfer

SCALE = range(1, 6)
"""How near a goal is, which step somebody stands on, what somebody thinks: one to five."""

PERCENTS = (25, 50, 75, 100)

CAME_TO_AN_END = frozenset({CloseReason.GOAL_REACHED, CloseReason.NO_LONGER_NEEDED, CloseReason.OTHER_PLAN})
"""The reasons after which there is an outcome to tell: what came of it, and what the person lives on."""

_NAMED = 4
"""So many missing answers are named; the rest are counted."""


# --- each party's own status --------------------------------------------------------------------------------


def may_report(actor: Actor, case: Case, undertaking: Undertaking | None) -> Ruling:
    """May she say how it goes? Her own unit's, as far as it was handed over; the holder anybody's."""
    if undertaking is None:
        return no(_("Åtagandet står inte i den plan som din enhet har fått."))
    if is_held(case, actor):
        return all_of(may_change(actor, case), _is_in_force(undertaking))
    return all_of(_goes_on(case), _is_ours(actor, undertaking))


def may_be_so(status: str, hinder: str) -> Ruling:
    """A hinder says what it is, and nothing else has one."""
    if status not in Status.values:
        return no(_("Välj hur det går."))
    if status == Status.HINDERED and not hinder:
        return no(_("Välj vad som hindrar."))
    if status != Status.HINDERED and hinder:
        return no(_("Bara ett hinder har en orsak. Välj Hinder, eller ta bort orsaken."))
    return YES


def _is_in_force(undertaking: Undertaking) -> Ruling:
    if undertaking.is_in_force:
        return YES
    return no(_("Åtagandet står inte i en fastställd plan."))


def _goes_on(case: Case) -> Ruling:
    return YES if case.state == CaseState.OPEN else no(_("Ärendet är avslutat."))


def _is_ours(actor: Actor, undertaking: Undertaking) -> Ruling:
    if undertaking.unit_id is not None and undertaking.unit_id == actor.unit_id:
        return YES
    return no(_("%(who)s säger själv hur det går med sitt åtagande.") % {"who": undertaking.who})


# --- follow-ups ---------------------------------------------------------------------------------------------


def may_begin(
    actor: Actor,
    case: Case,
    document: Document | None,
    follow_ups: Iterable[FollowUp],
    *,
    newest: int,
    held_on: date,
    on: date,
    meeting: Meeting | None = None,
) -> Ruling:
    """May a follow-up of this version be begun? Of the newest version, one at a time, once for each day."""
    rows = list(follow_ups)
    return all_of(
        may_change(actor, case),
        _is_an_adopted_plan(case, document, newest),
        _no_other_goes_on(rows),
        _on_a_day_that_was(document, held_on, on),
        _not_twice_a_day(rows, document, held_on),
        _at_a_held_meeting(case, meeting),
    )


def may_start_one(actor: Actor, case: Case, document: Document | None, rows: Iterable[FollowUp]) -> Ruling:
    """The same before anybody has said which day: for the button."""
    newest = document.version if document else 0
    return all_of(
        may_change(actor, case), _is_an_adopted_plan(case, document, newest), _no_other_goes_on(list(rows))
    )


def may_write_in(actor: Actor, follow_up: FollowUp) -> Ruling:
    """May she write in this follow-up? One that is done stands as it is; a new one corrects it."""
    if follow_up.state == FollowUpState.DONE:
        return no(_("Uppföljningen är klar. Rätta den med en ny som gäller i stället."))
    if follow_up.is_removed:
        return no(_("Uppföljningen är borttagen. Ta tillbaka den, eller börja en ny."))
    return may_change(actor, follow_up.case)


def may_remove(actor: Actor, follow_up: FollowUp) -> Ruling:
    """May a follow-up that was begun be taken away? While nothing of it is frozen."""
    if follow_up.state == FollowUpState.DONE:
        return no(_("Uppföljningen är klar och tas inte bort. Rätta den med en ny."))
    return may_write_in(actor, follow_up)


def may_restore(actor: Actor, follow_up: FollowUp, follow_ups: Iterable[FollowUp]) -> Ruling:
    """May it be taken back? Not beside another that has been begun since."""
    if not follow_up.is_removed:
        return no(_("Uppföljningen är inte borttagen."))
    return all_of(may_change(actor, follow_up.case), _no_other_goes_on(list(follow_ups)))


def may_correct(actor: Actor, follow_up: FollowUp, follow_ups: Iterable[FollowUp]) -> Ruling:
    """May a finished follow-up be corrected by a new one of the same day?"""
    if follow_up.state != FollowUpState.DONE:
        return no(_("Uppföljningen pågår. Ändra i den i stället."))
    return all_of(may_change(actor, follow_up.case), _no_other_goes_on(list(follow_ups)))


def may_finish(actor: Actor, sheet: Sheet, *, on: date) -> Ruling:
    """Is everything answered? Otherwise the answer names what is missing."""
    writes = may_write_in(actor, sheet.follow_up)
    if not writes:
        return writes
    left = missing_in(sheet, on=on)
    if not left:
        return YES
    named = "; ".join(left[:_NAMED])
    if len(left) > _NAMED:
        named = _("%(named)s och %(count)s till") % {"named": named, "count": len(left) - _NAMED}
    return no(_("Det här är inte besvarat: %(what)s.") % {"what": named})


def missing_in(sheet: Sheet, *, on: date) -> list[str]:
    """What the follow-up still asks, in the order of the page.

    The person may decline to judge; staff may not. An empty answer of hers says that she gave none.
    """
    left = [
        _("åtagandet ”%(what)s”") % {"what": _short(one.block["what"])}
        for one in sheet.commitments
        if one.result is None
    ]
    left += [
        _("målet ”%(what)s”") % {"what": _short(one.block["text"])}
        for one in sheet.goals
        if one.result is None or one.result.by_staff is None
    ]
    if sheet.follow_up.step_by_staff is None:
        left.append(_("steget enligt personalen"))
    ruling = next_or_not(sheet.follow_up.next_on, sheet.follow_up.no_next_by, on=on)
    return left if ruling else [*left, _("nästa uppföljning, eller vem som har bestämt att ingen behövs")]


def next_or_not(next_on: date | None, no_next_by: str, *, on: date) -> Ruling:
    """Either a day ahead, or somebody who decided that no more is needed; never both, never neither."""
    if next_on is not None and no_next_by:
        return no(_("Antingen finns en dag för nästa uppföljning, eller så behövs ingen."))
    if next_on is None and not no_next_by:
        return no(_("Välj en dag för nästa uppföljning, eller skriv vem som har bestämt att ingen behövs."))
    if next_on is not None and next_on <= on:
        return no(_("Nästa uppföljning är en dag framåt."))
    return YES


def may_be_found(outcome: str, hinder: str) -> Ruling:
    """What was not done, or not wholly, says what was in the way."""
    if outcome not in Outcome.values:
        return no(_("Välj om det blev gjort."))
    if outcome != Outcome.DONE and not hinder:
        return no(_("Välj vad som hindrade."))
    return YES


def on_the_scale(*answers: int | None) -> Ruling:
    """One to five, or no answer."""
    if all(one is None or one in SCALE for one in answers):
        return YES
    return no(_("Svaret är mellan 1 och 5."))


def is_asked(sheet: Sheet, row: UUID) -> Ruling:
    """Does what is answered stand in the version that is followed up?"""
    asked = {one.id for one in sheet.commitments} | {one.id for one in sheet.goals}
    return YES if row in asked else no(_("Det står inte i den version som följs upp."))


def same_day_as_what_it_corrects(held_on: date, corrected: FollowUp | None) -> Ruling:
    """A correction is of the same day: that is how it is known what it replaces."""
    if corrected is None or corrected.held_on == held_on:
        return YES
    return no(_("En rättelse gäller samma dag som uppföljningen den rättar."))


def may_be_held_on(document: Document, held_on: date, follow_ups: Iterable[FollowUp], on: date) -> Ruling:
    """Another day for one that goes on."""
    return all_of(_on_a_day_that_was(document, held_on, on), _not_twice_a_day(follow_ups, document, held_on))


def _is_an_adopted_plan(case: Case, document: Document | None, newest: int) -> Ruling:
    if document is None or document.kind != DocumentKind.PLAN or document.case_id != case.pk:
        return no(_("Det finns ingen fastställd plan att följa upp."))
    if document.version < newest:
        return no(
            _("Det finns en nyare version av planen. Följ upp version %(number)s.") % {"number": newest}
        )
    return YES


def _no_other_goes_on(follow_ups: Iterable[FollowUp]) -> Ruling:
    for one in follow_ups:
        if one.state == FollowUpState.OPEN:
            sentence = _("En uppföljning från %(day)s pågår redan. Gör klar den, eller ta bort den, först.")
            return no(sentence % {"day": written_date(one.held_on)})
    return YES


def _on_a_day_that_was(document: Document | None, held_on: date, on: date) -> Ruling:
    if held_on > on:
        return no(_("Dagen är inte här än. En uppföljning skrivs den dag den görs, eller efteråt."))
    if document is not None and held_on < day_of(document.frozen_at):
        return no(_("Planen fastställdes senare än så. Välj en dag efter det."))
    return YES


def _not_twice_a_day(follow_ups: Iterable[FollowUp], document: Document | None, held_on: date) -> Ruling:
    if document is not None and (document.pk, held_on) in {
        (one.document_id, one.held_on) for one in follow_ups
    }:
        return no(_("Det finns redan en uppföljning från den dagen. Rätta den i stället."))
    return YES


def _at_a_held_meeting(case: Case, meeting: Meeting | None) -> Ruling:
    if meeting is None:
        return YES
    if meeting.case_id == case.pk and meeting.state == MeetingState.HELD and meeting.kind in HOLDS_FOLLOW_UPS:
        return YES
    return no(_("Välj ett hållet uppföljningsmöte, eller inget möte."))


# --- the end of a case --------------------------------------------------------------------------------------


def may_close(
    actor: Actor,
    case: Case,
    *,
    planned: Sequence[Meeting],
    begun: FollowUp | None,
    offered: LeadTransfer | None,
) -> Ruling:
    """May the case be closed now? Nothing may be left that somebody else waits for."""
    return all_of(
        may_conclude(actor, case),
        _nothing_planned(planned),
        _no_other_goes_on([begun] if begun else []),
        _not_offered(offered),
    )


def may_close_so(
    *,
    reason: str,
    result: str,
    takes_over: str,
    verdict: int | None,
    closed_on: date,
    livelihood: Collection[Mapping[str, Any]],
    opened_on: date,
    on: date,
) -> Ruling:
    """Does what is told of the end hang together, and is the outcome there when there is one?"""
    return all_of(
        YES if reason in CloseReason.values else no(_("Välj varför ärendet avslutas.")),
        on_the_scale(verdict),
        _on_a_day_in_the_case(closed_on, opened_on, on),
        _lines_hang_together(livelihood),
        _tells_the_outcome(reason, result, takes_over, livelihood),
    )


def may_reopen(
    actor: Actor, case: Case, closing: Closing | None, why: str, *, going_on: Sequence[Case]
) -> Ruling:
    """May a closed case be taken up again? With a reason, by its holder, and not beside another."""
    if closing is None or closing.reopened_at is not None or case.state != CaseState.CLOSED:
        return no(_("Ärendet är inte avslutat."))
    if not is_held(case, actor):
        return may_change(actor, case)
    if not why.strip():
        return no(_("Skriv varför ärendet öppnas igen."))
    return _no_other_case(going_on)


def may_take_up_again(actor: Actor, case: Case, *, going_on: Sequence[Case]) -> Ruling:
    """The same before anybody has said why: for the button."""
    if case.state != CaseState.CLOSED:
        return no(_("Ärendet är inte avslutat."))
    return _no_other_case(going_on) if is_held(case, actor) else may_change(actor, case)


def _no_other_case(going_on: Sequence[Case]) -> Ruling:
    if not going_on:
        return YES
    sentence = _("Du har redan ett pågående ärende om personen: %(reference)s. Fortsätt i det.")
    return no(sentence % {"reference": going_on[0].reference})


def _nothing_planned(planned: Sequence[Meeting]) -> Ruling:
    if not planned:
        return YES
    days = ", ".join(written_date(day_of(one.starts_at)) for one in planned[:_NAMED])
    sentence = _("Det finns möten som inte är avslutade: %(days)s. Håll dem, eller ställ in dem, först.")
    return no(sentence % {"days": days})


def _not_offered(offered: LeadTransfer | None) -> Ruling:
    if offered is None:
        return YES
    sentence = _("%(unit)s har frågan om att ta över ledningen. Ta tillbaka frågan, eller vänta på svaret.")
    return no(sentence % {"unit": offered.to_unit.name})


def _on_a_day_in_the_case(closed_on: date, opened_on: date, on: date) -> Ruling:
    if opened_on <= closed_on <= on:
        return YES
    return no(_("Ärendet avslutas en dag mellan att det öppnades och i dag."))


def _lines_hang_together(lines: Collection[Mapping[str, Any]]) -> Ruling:
    named = [(one["end"], one["kind"]) for one in lines]
    if len(named) != len(set(named)):
        return no(_("Samma försörjning står två gånger. Skriv den en gång, med hela omfattningen."))
    for one in lines:
        if one.get("percent") is not None and one["percent"] not in PERCENTS:
            return no(_("Omfattningen är 25, 50, 75 eller 100 procent."))
        if one.get("is_pending") and one.get("decided_on"):
            return no(_("Antingen finns ett beslut med en dag, eller så väntar personen på beslut."))
    return YES


def _tells_the_outcome(
    reason: str, result: str, takes_over: str, lines: Collection[Mapping[str, Any]]
) -> Ruling:
    """Where there was a plan that came to its end, the outcome is what all of it was for (STA-1)."""
    if reason not in CAME_TO_AN_END:
        return YES
    if not result.strip():
        return no(_("Skriv vad det blev av planen."))
    if {one["end"] for one in lines} != set(Before.values):
        return no(_("Skriv försörjning eller sysselsättning både när planen började och vid avslut."))
    if reason == CloseReason.OTHER_PLAN and not takes_over.strip():
        return no(_("Skriv vem som tar vid med den andra planen."))
    return YES


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 50 else f"{line[:49].rstrip()}…"
