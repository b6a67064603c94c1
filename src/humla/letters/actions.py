"""What happens to a letter: how its receiver is reached is written down, it is sent, it is asked for again.

Nothing is laid in a queue when somebody is called, moved or called off: which letters wait follows from that
(`visibility`), so an act that is undone leaves no letter behind.
"""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from humla.agreements.models import LetterOccasion
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.turns import take_turn
from humla.core.context import Actor, now, today
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.letters import rules
from humla.letters.models import Addressee, PaperLetter
from humla.letters.visibility import Wanted, addressee_of, letter_of, letters_waiting
from humla.meetings.models import Summons


@transaction.atomic
def say_way(summons: Summons, *, way: str, address: str = "", version: int = 0, by: Actor) -> Addressee:
    """How this receiver gets letters in the case. Raises Stale when somebody else wrote it meanwhile."""
    take_turn(summons.case)
    rules.may_say_way(by, summons, way=way, address=address).enforce()
    known = addressee_of(summons)
    if (known.version if known else 0) != version:
        raise Stale(known or summons)
    said = known or Addressee(
        association_id=summons.association_id,
        authority_id=summons.authority_id,
        person_id=summons.person_id,
        case_id=summons.case_id,
        called=summons.called,
        unit_id=summons.unit_id,
        name=summons.name,
        version=0,
    )
    said.way, said.address = way, address
    said.written_at, said.written_by_id, said.version = now(), by.id, said.version + 1
    if known is None:
        said.save(force_insert=True)
    else:
        said.save(update_fields=["way", "address", "written_at", "written_by", "version"])
    record(
        Tag.LETTER_ADDRESSED,
        case=summons.case_id,
        person=summons.person_id,
        items=[("addressee", said.pk, said.version), ("summons", summons.pk, 0)],
    )
    return said


@transaction.atomic
def send_letters(wanted: Iterable[Wanted], *, on: date | None = None, by: Actor) -> int:
    """They have been posted, given, or told on the phone, on that day. All of them, or none."""
    chosen = {one.key: one for one in wanted}
    for case in sorted({one.case for one in chosen.values()}, key=lambda each: each.pk):
        take_turn(case)
    standing = [one for one in letters_waiting() if one.key in chosen]
    if len(standing) < len(chosen):
        raise NotAllowed(_("Någon annan hann före. Läs sidan igen."))
    for one in standing:
        rules.may_send(by, one).enforce()
        letter = one.letter or _letter(one, by=by)
        letter.way, letter.sent_on, letter.sent_by_id = one.way or "", on or today(), by.id
        _save(letter, is_new=one.letter is None)
        _record(Tag.LETTER_SENT, letter)
    return len(standing)


@transaction.atomic
def remind(wanted: Wanted, *, by: Actor) -> PaperLetter:
    """One more letter about the same summons, that asks for the answer."""
    take_turn(wanted.case)
    found = letter_of(wanted.summons.pk, wanted.occasion)
    if found is None:
        raise NotAllowed(_("Någon annan hann före. Läs sidan igen."))
    rules.may_remind(by, found).enforce()
    letter = _letter(found, by=by)
    letter.occasion = LetterOccasion.REMINDER
    _save(letter, is_new=True)
    _record(Tag.LETTER_QUEUED, letter)
    return letter


@transaction.atomic
def take_back(letter: PaperLetter, *, by: Actor) -> PaperLetter:
    """It was never sent, or not wanted: the row is struck, and what is still wanted waits again."""
    take_turn(letter.case)
    rules.may_take_back(by, letter).enforce()
    standing = PaperLetter.objects.filter(pk=letter.pk, withdrawn_at__isnull=True)
    if standing.update(withdrawn_at=now()) != 1:
        raise Stale(letter)
    letter.withdrawn_at = now()
    _record(Tag.LETTER_TAKEN_BACK, letter)
    return letter


def _letter(wanted: Wanted, *, by: Actor) -> PaperLetter:
    summons = wanted.summons
    return PaperLetter(
        association_id=summons.association_id,
        authority_id=summons.authority_id,
        person_id=summons.person_id,
        case_id=summons.case_id,
        summons=summons,
        occasion=wanted.occasion,
        queued_at=now(),
        queued_by_id=by.id,
    )


def _save(letter: PaperLetter, *, is_new: bool) -> None:
    """Two tabs send the same letter once: the second is told so."""
    try:
        with transaction.atomic():
            if is_new:
                letter.save(force_insert=True)
            else:
                letter.save(update_fields=["way", "sent_on", "sent_by"])
    except IntegrityError:
        raise NotAllowed(_("Någon annan hann före. Läs sidan igen.")) from None


def _record(tag: Tag, letter: PaperLetter) -> None:
    record(
        tag,
        case=letter.case_id,
        person=letter.person_id,
        items=[("letter", letter.pk, 0), ("summons", letter.summons_id, 0)],
    )
