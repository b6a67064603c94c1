"""What may be done with a letter: who says how it goes, who sends it, who takes back that it was sent.

Here: the rulings. Not here: which letters there are (`visibility`).
"""

from django.utils.translation import gettext as _

from humla.agreements.models import LetterOccasion
from humla.cases.rules import may_change
from humla.core.context import Actor
from humla.core.rulings import YES, Ruling, all_of, no
from humla.letters.models import PaperLetter, Way
from humla.letters.visibility import Wanted
from humla.meetings.models import Called, MeetingState, Summons

MOST_LINES = 7
"""So many lines stand in the window of the envelope."""
LONGEST_LINE = 45


def may_say_way(
    actor: Actor, summons: Summons, *, way: str | None = None, address: str | None = None
) -> Ruling:
    """May she say how this receiver gets letters, and where to? Without them: at all?"""
    ruling = may_change(actor, summons.case)
    if not ruling or way is None:
        return ruling
    protected = summons.case.is_protected and summons.called != Called.UNIT
    return all_of(
        _is_way_of(summons, way, is_protected=protected),
        _has_no_address(address or "") if protected else _fits_window(way, address or ""),
    )


def may_send(actor: Actor, wanted: Wanted) -> Ruling:
    """May it be noted as sent? It is known how it goes, and it has not been sent before."""
    return all_of(
        may_change(actor, wanted.case),
        no(_("Säg först hur brevet ska lämnas.")) if wanted.needs_address else YES,
        no(_("Brevet är redan skickat.")) if wanted.letter and wanted.letter.sent_on else YES,
    )


def may_take_back(actor: Actor, letter: PaperLetter) -> Ruling:
    """May she say that it was never sent? It then waits again."""
    return all_of(
        may_change(actor, letter.case),
        YES if letter.withdrawn_at is None else no(_("Brevet väntar redan i kön igen.")),
    )


def may_remind(actor: Actor, wanted: Wanted) -> Ruling:
    """May a reminder be laid in the queue? Of a summons that stands, when its letter has been sent."""
    summons = wanted.summons
    stands = summons.cancelled_at is None and summons.meeting.state == MeetingState.PLANNED
    is_call = wanted.occasion in (LetterOccasion.CALLED, LetterOccasion.CHANGED)
    return all_of(
        may_change(actor, wanted.case),
        YES if stands and is_call else no(_("Kallelsen gäller inte längre.")),
        YES if wanted.letter and wanted.letter.sent_on else no(_("Brevet är inte skickat än.")),
    )


def _is_way_of(summons: Summons, way: str, *, is_protected: bool) -> Ruling:
    if way == Way.PAGE and summons.called != Called.PERSON:
        return no(_("Bara personen själv har en egen sida."))
    if way == Way.FORWARDED and not is_protected:
        return no(_("Skatteverkets förmedling är för den som har skyddade uppgifter."))
    if way == Way.POST and is_protected:
        return no(_("Personen har skyddade uppgifter. Lämna brevet själv eller skicka genom Skatteverket."))
    return YES


def _has_no_address(address: str) -> Ruling:
    if not address.strip():
        return YES
    return no(_("Personen har skyddade uppgifter. Skriv ingen adress här."))


def _fits_window(way: str, address: str) -> Ruling:
    lines = [line for line in address.splitlines() if line.strip()]
    if way == Way.POST and len(lines) < 2:
        return no(_("Skriv gatuadress eller box på en rad, och postnummer och ort på nästa."))
    if len(lines) > MOST_LINES or any(len(line.strip()) > LONGEST_LINE for line in lines):
        return no(
            _("Adressen ryms inte i kuvertets fönster. Högst %(lines)s rader med %(signs)s tecken var.")
            % {"lines": MOST_LINES, "signs": LONGEST_LINE}
        )
    return YES
