"""What may happen to a meeting: who plans, summons, answers, writes down who came, and when it is too late.

Here: the rulings. Not here: how far a consent reaches when a summons is handed over
(`humla.disclosures.rules`, asked again inside the act), nor who reads what (the row policies).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from humla.agreements.models import Duty, LocalAgreement
from humla.agreements.rules import duty_of
from humla.cases.models import Case, Category
from humla.cases.rules import may_change
from humla.consents.kept_away import may_come
from humla.consents.models import Consent, KeptAway
from humla.core.context import Actor, now, today
from humla.core.dates import day_of
from humla.core.rulings import YES, Ruling, all_of, no
from humla.meetings.models import (
    Answer,
    Attendance,
    Called,
    Meeting,
    MeetingKind,
    MeetingState,
    PreparatoryResult,
    Summons,
)
from humla.meetings.visibility import is_place_approved
from humla.organisation.models import Professional, Unit


@dataclass(frozen=True)
class Call:
    """One receiver to be summoned: who, what that one should bring, and how that one takes part."""

    called: str
    unit: Unit | None = None
    name: str = ""
    bring: str = ""
    form: str = ""


@dataclass(frozen=True)
class Present:
    """Who was there and who was not: for one summons, for the person, or for somebody more."""

    called: str
    was_present: bool
    cause: str = ""
    summons: Summons | None = None
    unit: Unit | None = None
    name: str = ""
    form: str = ""


# --- planning ----------------------------------------------------------------------------------------------


def may_plan(actor: Actor, case: Case) -> Ruling:
    """May she plan a meeting in the case? Those who hold it, while it goes on."""
    return may_change(actor, case)


def is_in_order(meeting: Meeting) -> Ruling:
    """Can the meeting be as it is written? One that has been may be written down afterwards."""
    if meeting.answer_by is not None and meeting.answer_by > day_of(meeting.starts_at):
        return no(_("Svaren behövs före mötet. Välj en tidigare dag att svara senast."))
    return YES


def is_not_planned_already(meeting: Meeting, others: Iterable[Meeting]) -> Ruling:
    """A colleague may have planned the same a moment ago: one meeting of a kind begins at a time."""
    same = any(
        one.state == MeetingState.PLANNED and (one.kind, one.starts_at) == (meeting.kind, meeting.starts_at)
        for one in others
        if one.pk != meeting.pk
    )
    if not same:
        return YES
    return no(_("Ett sådant möte är redan planerat den tiden. Öppna det i listan över möten."))


def may_change_meeting(actor: Actor, meeting: Meeting) -> Ruling:
    """May the meeting be written otherwise?"""
    return all_of(may_change(actor, meeting.case), _is_planned(meeting))


def may_change_time(meeting: Meeting, starts_at: datetime, *, open_summonses: int) -> Ruling:
    """Nobody has been told the time yet, or it is the same; otherwise the meeting is moved."""
    if starts_at == meeting.starts_at or not open_summonses:
        return YES
    return no(_("Kallelser är skickade med den tid som står. Flytta mötet i stället, så får alla den nya."))


def may_move(actor: Actor, meeting: Meeting, *, starts_at: datetime | None = None, cause: str = "") -> Ruling:
    """May the meeting be moved, to this time, for this cause? Without them: may it be moved at all?"""
    ruling = may_change_meeting(actor, meeting)
    if not ruling or starts_at is None:
        return ruling
    return all_of(_has_cause(cause), _is_another_time(meeting, starts_at), _lies_ahead(starts_at))


def may_cancel(actor: Actor, meeting: Meeting, *, cause: str | None = None) -> Ruling:
    """May the meeting be cancelled, for this cause?"""
    return all_of(may_change_meeting(actor, meeting), YES if cause is None else _has_cause(cause))


# --- summoning ---------------------------------------------------------------------------------------------


def may_summon_to(actor: Actor, meeting: Meeting) -> Ruling:
    """May anybody be summoned to the meeting? It is planned, and has not begun."""
    return all_of(may_change_meeting(actor, meeting), _is_ahead(meeting), place_may_be_told(meeting))


def place_may_be_told(meeting: Meeting) -> Ruling:
    """A place where a protected person will be is read by two before anybody hears of it (PER-5)."""
    if not meeting.case.is_protected or not meeting.place or is_place_approved(meeting):
        return YES
    return no(
        _("Personen har skyddade uppgifter. En till med behörighet ska godkänna platsen innan någon kallas.")
    )


def may_approve_place(actor: Actor, meeting: Meeting) -> Ruling:
    """May she be the second who reads it? Not whoever wrote it."""
    if not meeting.place:
        return no(_("Ingen plats är skriven."))
    if actor.id == (meeting.place_by_id or meeting.planned_by_id):
        return no(_("Du skrev platsen. En annan med behörighet till ärendet godkänner den."))
    return may_change_meeting(actor, meeting)


def may_summon(
    actor: Actor,
    meeting: Meeting,
    call: Call,
    *,
    consent: Consent | None,
    summoned: Iterable[Summons],
    kept: Iterable[KeptAway] = (),
) -> Ruling:
    """May this receiver be summoned to this meeting, now? (10 kap. 1 § OSL for another authority's unit)

    `consent` is the yes to that unit that is in force, `summoned` those who have been summoned before, `kept`
    those whom the person does not want there.
    """
    return all_of(
        may_summon_to(actor, meeting),
        _has_receiver(call),
        may_come(kept, unit_id=call.unit.pk if call.unit else None, name=call.name),
        _is_not_summoned(call, summoned),
        may_be_told(meeting.case, call, consent),
    )


def may_be_told(case: Case, call: Call, consent: Consent | None) -> Ruling:
    """A unit of the holder's own authority needs no yes; another's needs one that covers the planning."""
    if call.unit is None or not needs_consent(case, call):
        return YES
    words = {"unit": call.unit.name}
    if consent is None:
        return no(_("Samtycke saknas för %(unit)s. Skriv in ett samtycke först.") % words)
    if Category.PLANNING not in consent.categories:
        return no(
            _("Samtycket för %(unit)s omfattar inte planering. Då får kallelsen inte säga när mötet är.")
            % words
        )
    return YES


def needs_consent(case: Case, call: Call) -> bool:
    """Is the receiver a unit of another authority? The others get nothing handed over through Humla."""
    return call.unit is not None and call.unit.authority_id != case.authority_id


def duty_in(call: Call, agreement: LocalAgreement | None) -> Duty:
    """Called or invited, by the agreement in force; whoever is no party to it is invited."""
    if call.unit is None:
        return Duty.INVITED
    return duty_of(call.unit.authority.party, agreement, today())


def may_undo(actor: Actor, summons: Summons) -> Ruling:
    """Until it has left it can be taken back as if it had never been."""
    if summons.cancelled_at is not None:
        return no(_("Kallelsen är redan återtagen."))
    if summons.leaves_at <= now():
        return no(_("Kallelsen har redan skickats. Ta tillbaka den i stället."))
    return may_change(actor, summons.case)


def may_cancel_summons(actor: Actor, summons: Summons) -> Ruling:
    """When it has left it can be taken back, and the receiver is told. Also when the yes has ended."""
    if summons.cancelled_at is not None:
        return no(_("Kallelsen är redan återtagen."))
    if now() < summons.leaves_at:
        return no(_("Kallelsen har inte skickats än. Ångra den i stället."))
    return all_of(may_change(actor, summons.case), _is_planned(summons.meeting))


# --- answering ---------------------------------------------------------------------------------------------


def may_note_answer(actor: Actor, summons: Summons) -> Ruling:
    """May the one who summoned write down what was answered?"""
    return all_of(may_change(actor, summons.case), _is_not_cancelled(summons), _is_planned(summons.meeting))


def may_answer(actor: Actor, summons: Summons) -> Ruling:
    """May the summoned unit answer by itself? Whether the meeting is still planned only the wall can see."""
    if summons.unit_id is None or summons.unit_id != actor.unit_id or now() < summons.leaves_at:
        return no(_("Kallelsen är till en annan enhet."))
    return _is_not_cancelled(summons)


def is_right_unit(summons: Summons, unit: Unit | None) -> Ruling:
    """May the wrong unit say that this is the right one? Within its own huvudman: there it knows the way."""
    if unit is None or summons.unit is None:
        return YES
    if unit.pk == summons.unit_id:
        return no(_("%(unit)s är den enhet som kallelsen kom till. Välj en annan.") % {"unit": unit.name})
    if unit.authority.party_id != summons.unit.authority.party_id:
        return no(_("%(unit)s hör till en annan huvudman.") % {"unit": unit.name})
    return YES


def may_forward(actor: Actor, summons: Summons, right: Unit | None, *, told: Ruling) -> Ruling:
    """May the summons go on to the right unit? `told`: may that unit be summoned at all (`may_summon`)."""
    if summons.newest is None or summons.newest.answer != Answer.WRONG_UNIT:
        return no(_("Enheten har inte svarat att det är fel enhet."))
    if right is None:
        return no(_("Ingen har sagt vilken enhet som är rätt."))
    return all_of(may_cancel_summons(actor, summons), told)


def is_an_answer(answer: str, cause: str) -> Ruling:
    """Whoever does not come says why."""
    if answer == Answer.DECLINED and not cause:
        return no(_("Välj varför ni inte kommer."))
    return YES


# --- holding -----------------------------------------------------------------------------------------------


def may_hold_at_all(actor: Actor, meeting: Meeting) -> Ruling:
    """May it be written down that the meeting has been held? Not before its day."""
    return all_of(may_change_meeting(actor, meeting), _has_come(meeting))


def may_hold(
    actor: Actor,
    meeting: Meeting,
    *,
    roles: tuple[Professional | None, Professional | None],
    attendances: Sequence[Present],
    summoned: Collection[Summons],
    result: str,
    next_on: date | None,
    no_next_by: str,
) -> Ruling:
    """May the meeting be closed as held? It says who led and wrote, who was there, and what is next."""
    return all_of(
        may_hold_at_all(actor, meeting),
        _has_roles(meeting, roles),
        _everybody_is_accounted_for(attendances, summoned),
        _absent_for_a_cause(attendances),
        _somebody_came(attendances),
        _has_result(meeting, result),
        _says_what_is_next(meeting, result, next_on, no_next_by),
    )


def may_correct(actor: Actor, attendance: Attendance, *, was_present: bool, cause: str) -> Ruling:
    """May a line of who came be put right?"""
    return all_of(
        may_change(actor, attendance.case),
        _is_held(attendance.meeting),
        YES if was_present or cause else no(_("Välj varför den inte kom.")),
    )


def may_correct_held_at_all(actor: Actor, meeting: Meeting) -> Ruling:
    """May what was written of a held meeting be put right?"""
    return all_of(may_change(actor, meeting.case), _is_held(meeting))


def may_correct_held(
    actor: Actor,
    meeting: Meeting,
    *,
    roles: tuple[Professional | None, Professional | None],
    result: str,
    next_on: date | None,
    no_next_by: str,
) -> Ruling:
    """May it say this instead? What could not be left out when it was held cannot be taken out."""
    return all_of(
        may_correct_held_at_all(actor, meeting),
        _has_roles(meeting, roles),
        _has_result(meeting, result),
        _says_what_is_next(meeting, result, next_on, no_next_by),
    )


def must_have_next(meeting: Meeting, result: str) -> bool:
    """Does the meeting have to say when it goes on, or who decided that it need not? (MEE-5)"""
    return meeting.kind != MeetingKind.PREPARATORY or result == PreparatoryResult.SIP


# --- the sentences -----------------------------------------------------------------------------------------


def _is_planned(meeting: Meeting) -> Ruling:
    match meeting.state:
        case MeetingState.HELD:
            return no(_("Mötet är hållet. Det går inte att ändra, flytta eller ställa in."))
        case MeetingState.MOVED:
            return no(_("Mötet är flyttat. Fortsätt i det möte som kom i stället."))
        case MeetingState.CANCELLED:
            return no(_("Mötet är inställt. Planera ett nytt möte."))
    return YES


def _is_held(meeting: Meeting) -> Ruling:
    return YES if meeting.state == MeetingState.HELD else no(_("Mötet är inte hållet än."))


def _is_ahead(meeting: Meeting) -> Ruling:
    return YES if meeting.starts_at > now() else no(_("Mötets tid har redan varit. Flytta mötet först."))


def _has_come(meeting: Meeting) -> Ruling:
    if day_of(meeting.starts_at) <= today():
        return YES
    return no(_("Mötet har inte varit än. Skriv in vilka som kom när det är hållet."))


def _has_cause(cause: str) -> Ruling:
    return YES if cause else no(_("Välj varför mötet flyttas eller ställs in."))


def _is_another_time(meeting: Meeting, starts_at: datetime) -> Ruling:
    return no(_("Det är samma tid som förut. Välj en annan.")) if starts_at == meeting.starts_at else YES


def _lies_ahead(starts_at: datetime) -> Ruling:
    return YES if starts_at > now() else no(_("Den tiden har redan varit. Välj en tid framåt."))


def _has_receiver(call: Call) -> Ruling:
    unit, name = call.unit is not None, bool(call.name.strip())
    right = {Called.UNIT: (True, False), Called.PERSON: (False, False)}.get(
        Called(call.called), (False, True)
    )
    return YES if (unit, name) == right else no(_("Välj vem som kallas."))


def _is_not_summoned(call: Call, summoned: Iterable[Summons]) -> Ruling:
    unit_id = call.unit.pk if call.unit else None
    again = any(
        one.cancelled_at is None and one.called == call.called and one.unit_id == unit_id
        for one in summoned
        if one.called in (Called.UNIT, Called.PERSON)
    )
    return no(_("%(who)s är redan kallad till mötet.") % {"who": _who(call)}) if again else YES


def _who(call: Call) -> str:
    return call.unit.name if call.unit else call.name or _("Personen")


def _is_not_cancelled(summons: Summons) -> Ruling:
    return YES if summons.cancelled_at is None else no(_("Kallelsen är återtagen och behöver inget svar."))


def _has_roles(meeting: Meeting, roles: tuple[Professional | None, Professional | None]) -> Ruling:
    if meeting.kind == MeetingKind.PREPARATORY or all(roles):
        return YES
    return no(_("Välj mötesledare och dokumenterare."))


def _everybody_is_accounted_for(attendances: Sequence[Present], summoned: Collection[Summons]) -> Ruling:
    told = {one.summons.pk for one in attendances if one.summons}
    if sum(one.called == Called.PERSON for one in attendances) != 1:
        return no(_("Skriv om personen själv var med."))
    if {one.pk for one in summoned if one.called != Called.PERSON} <= told | {None}:
        return YES
    return no(_("Skriv för var och en som var kallad om den var med."))


def _absent_for_a_cause(attendances: Iterable[Present]) -> Ruling:
    if all(one.was_present or one.cause for one in attendances):
        return YES
    return no(_("Välj varför den inte kom."))


def _somebody_came(attendances: Iterable[Present]) -> Ruling:
    if any(one.was_present for one in attendances):
        return YES
    return no(_("Ingen var där, så mötet blev inte av. Ställ in det eller flytta det i stället."))


def _has_result(meeting: Meeting, result: str) -> Ruling:
    if meeting.kind == MeetingKind.PREPARATORY and not result:
        return no(_("Välj vad förmötet ledde till."))
    if meeting.kind != MeetingKind.PREPARATORY and result:
        return no(_("Bara ett förmöte har ett sådant resultat."))
    return YES


def _says_what_is_next(meeting: Meeting, result: str, next_on: date | None, no_next_by: str) -> Ruling:
    if next_on is not None and no_next_by:
        return no(_("Antingen finns ett nästa möte, eller så behövs inget."))
    if next_on is not None and next_on < day_of(meeting.starts_at):
        return no(_("Nästa möte måste vara efter det här. Välj en senare dag."))
    if must_have_next(meeting, result) and next_on is None and not no_next_by.strip():
        return no(_("Skriv när ni ses igen, eller vem som har bestämt att det inte behövs."))
    return YES
