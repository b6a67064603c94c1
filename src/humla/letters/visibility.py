"""Which letters wait and which have been sent, for whoever works in the cases.

Here: the queue, worked out from the summonses at every look. Not here: what a letter says (`document`), nor
who may see the case (the row policies).

A summons wants a letter when its receiver has no mailbox with us: the person, a relative, an employer, a unit
without one, and everybody when the person is protected. A new one that came instead of one whose letter was
sent is a change; one that was taken back after its letter was sent is called off, unless a newer one stands.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from humla.agreements.models import Duty, LetterOccasion, LetterRole
from humla.cases.models import Case, CaseState, Category
from humla.cases.visibility import mine_now
from humla.consents.models import Consent
from humla.core.context import now
from humla.core.periods import holds
from humla.core.questions import NOW, Told, prepared
from humla.disclosures.models import DocumentPart
from humla.letters.models import Addressee, PaperLetter, Way
from humla.meetings.models import Called, MeetingState, Summons
from humla.scheduling.models import Invitee

Key = tuple[UUID, str, UUID | None, str]
"""One receiver in one case: the case, what it is, which unit, which name."""

_FIRST = (LetterOccasion.CALLED.value, LetterOccasion.CHANGED.value)
LATELY = timedelta(days=60)
"""So far back the letters that have been sent are listed."""


@dataclass(frozen=True)
class Wanted:
    """One letter: about which summons, to whom and how, and the row of it when there is one."""

    summons: Summons
    occasion: LetterOccasion
    since: datetime
    addressee: Addressee | None
    letter: PaperLetter | None = None

    @property
    def case(self) -> Case:
        """The case that it is in."""
        return self.summons.case

    @property
    def role(self) -> LetterRole:
        """Whom it is written to."""
        return role_of(self.summons)

    @property
    def key(self) -> str:
        """What a form calls it."""
        return f"{self.summons.pk}:{self.occasion.value}"

    @property
    def has_protected_receiver(self) -> bool:
        """Is it to the protected person or somebody near her? Then no address is written here."""
        return self.case.is_protected and self.summons.called != Called.UNIT

    @property
    def way(self) -> Way | None:
        """How it goes; nothing until somebody has said."""
        return Way(self.addressee.way) if self.addressee else None

    @property
    def address(self) -> str:
        """Where to, as it was written; never of the protected."""
        return "" if self.has_protected_receiver or self.addressee is None else self.addressee.address or ""

    @property
    def can_be_printed(self) -> bool:
        """Is there somewhere to send it, or somebody to give it to?"""
        return self.way in (Way.BY_HAND, Way.FORWARDED) or (self.way is Way.POST and bool(self.address))

    @property
    def needs_address(self) -> bool:
        """Must somebody say how it goes before it can?"""
        return self.way is None or (self.way is Way.POST and not self.address)


def role_of(one: Summons | Invitee) -> LetterRole:
    """The person, a unit by what the agreement says of it, an employer, or somebody else near her."""
    match one.called:
        case Called.PERSON:
            return LetterRole.PERSON
        case Called.UNIT:
            return LetterRole.OBLIGED if one.duty == Duty.OBLIGED else LetterRole.INVITED
        case Called.EMPLOYER:
            return LetterRole.EMPLOYER
    return LetterRole.RELATIVE


def letters_waiting() -> list[Wanted]:
    """Every letter that is to be sent in the cases that the reader holds, the oldest first."""
    found = _waiting(_summonses().filter(authority=Told("ctx_authority")))
    return [one for one in found if one.way is not Way.PAGE]


def letters_of(case: Case) -> list[Wanted]:
    """The same in one case."""
    return _waiting(_summonses().filter(case=case.pk))


def letter_of(summons_id: UUID, occasion: str) -> Wanted | None:
    """One letter, that waits or has been sent."""
    found = Summons.objects.filter(pk=summons_id).values_list("case_id", flat=True).first()
    if found is None:
        return None
    waiting = _waiting(_summonses().filter(case=found, authority=Told("ctx_authority")))
    both = [*waiting, *_as_wanted(_sent().filter(summons=summons_id))]
    return next((one for one in both if (one.summons.pk, one.occasion) == (summons_id, occasion)), None)


@prepared
def unsent(_none: None) -> QuerySet[Summons]:
    """Summonses that wait for a letter: for the line of the day, which only counts them."""
    sent = PaperLetter.objects.filter(sent_on__isnull=False, withdrawn_at__isnull=True)
    told = sent.filter(summons=OuterRef("pk"), occasion__in=_FIRST)
    told_off = sent.filter(summons=OuterRef("pk"), occasion=LetterOccasion.CANCELLED.value)
    on_page = Addressee.objects.filter(case=OuterRef("case_id"), called=OuterRef("called"), way=Way.PAGE)
    newer = Summons.objects.filter(
        Q(meeting=OuterRef("meeting_id")) | Q(meeting=OuterRef("meeting__moved_to_id")),
        case=OuterRef("case_id"),
        called=OuterRef("called"),
        name=OuterRef("name"),
        cancelled_at__isnull=True,
    )
    is_first = Q(cancelled_at__isnull=True) & ~Exists(told)
    is_off = Q(cancelled_at__isnull=False) & Exists(told) & ~Exists(told_off) & ~Exists(newer)
    rows = _summonses(NOW).filter(is_first | is_off, ~Exists(on_page))
    rows = rows.filter(case__in=mine_now().values("case"), authority=Told("ctx_authority"))
    return rows.select_related(None).only("pk")


def own_letter(summons_id: UUID) -> Wanted | None:
    """The person's own letter about her summons, for her page."""
    found = _related(Summons.objects.filter(pk=summons_id, called=Called.PERSON)).first()
    return Wanted(found, LetterOccasion.CALLED, found.leaves_at, None) if found else None


def receiver_of(summons_id: UUID) -> Wanted | None:
    """Whoever a summons is to, with how she gets letters, whether one waits or not."""
    found = _related(Summons.objects.filter(pk=summons_id, authority=Told("ctx_authority"))).first()
    if found is None:
        return None
    return Wanted(found, LetterOccasion.CALLED, found.leaves_at, addressee_of(found))


def parts_of(chosen: Iterable[Wanted]) -> dict[UUID | None, list[DocumentPart]]:
    """What was frozen for each of the letters, by document; one question."""
    found: dict[UUID | None, list[DocumentPart]] = {}
    documents = {one.summons.document_id for one in chosen if one.summons.document_id}
    for part in DocumentPart.objects.filter(document__in=documents):
        found.setdefault(part.document_id, []).append(part)
    return found


def letters_sent() -> list[Wanted]:
    """What has lately been sent, newest first."""
    rows = _sent().filter(authority=Told("ctx_authority"), queued_at__gt=now() - LATELY)
    return _as_wanted(rows.order_by("-sent_on", "-queued_at", "id"))


def may_still_be_told(chosen: Iterable[Wanted]) -> set[str]:
    """The keys of those whose receiver may be told what the letter says: one question at most.

    What was posted while there was a yes is not printed again after it has ended. That something is called
    off tells of nobody.
    """
    letters = list(chosen)
    resting = [
        one for one in letters if one.summons.disclosure_id and one.occasion != LetterOccasion.CANCELLED
    ]
    yes: set[tuple[UUID, UUID]] = set()
    if resting:
        standing = Consent.objects.filter(
            holds(now()),
            case__in={one.summons.case_id for one in resting},
            categories__contains=[Category.PLANNING.value],
            withdrawn_at__isnull=True,
        )
        yes = set(standing.values_list("case_id", "receiver_unit_id"))
    ended = {one.key for one in resting if (one.summons.case_id, one.summons.unit_id) not in yes}
    return {one.key for one in letters} - ended


def addressee_of(one: Summons | Invitee) -> Addressee | None:
    """How this receiver gets letters in the case, if anybody has said."""
    return Addressee.objects.filter(
        case=one.case_id, called=one.called, unit=one.unit_id, name=one.name
    ).first()


def suggested_address(summons: Summons) -> str:
    """What was written for the same unit in another case that the reader works in."""
    if summons.unit_id is None:
        return ""
    known = Addressee.objects.filter(unit=summons.unit_id, way=Way.POST).order_by("-written_at").first()
    return known.address or "" if known else ""


def _summonses(at: Any = None) -> QuerySet[Summons]:
    """Those to meetings ahead whose receiver no mail reaches, and whose yes still stands."""
    at = now() if at is None else at
    yes = Consent.objects.filter(
        holds(at),
        case=OuterRef("case_id"),
        receiver_unit=OuterRef("unit_id"),
        categories__contains=[Category.PLANNING.value],
        withdrawn_at__isnull=True,
    )
    on_paper = ~Q(called=Called.UNIT) | Q(unit__mail="") | Q(case__is_protected=True)
    standing = Q(cancelled_at__isnull=True, meeting__state=MeetingState.PLANNED, leaves_at__lte=at)
    told = Q(disclosure__isnull=True) | Exists(yes)
    taken_back = Q(cancelled_at__gte=F("leaves_at"))
    rows = Summons.objects.filter(on_paper, standing & told | taken_back)
    rows = rows.filter(meeting__starts_at__gt=at, case__state__in=[CaseState.OPEN, CaseState.RESTING])
    return _related(rows).order_by("sent_at", "id")


def _related(rows: QuerySet[Summons]) -> QuerySet[Summons]:
    return rows.select_related(
        "case__person", "case__unit", "case__authority", "disclosure", "meeting", "unit", "sent_by"
    )


def _waiting(rows: Iterable[Summons]) -> list[Wanted]:
    """Three questions however many letters there are."""
    summonses = list(rows)
    cases = {one.case_id for one in summonses}
    letters = _letters_in(cases)
    receivers = addressees_in(cases)
    wanted = (_wanted(one, summonses, letters, receivers.get(key_of(one))) for one in summonses)
    return [one for each in wanted for one in each]


def _wanted(
    summons: Summons,
    summonses: Sequence[Summons],
    letters: Mapping[Key, list[PaperLetter]],
    addressee: Addressee | None,
) -> list[Wanted]:
    """What is to be sent about this summons now."""
    written = letters.get(key_of(summons), [])
    ours = {one.occasion: one for one in written if one.summons_id == summons.pk}
    first = next((ours[one] for one in _FIRST if one in ours), None)
    if summons.cancelled_at is not None:
        if first is None or LetterOccasion.CANCELLED in ours or _is_followed(summons, summonses):
            return []
        return [Wanted(summons, LetterOccasion.CANCELLED, summons.cancelled_at, addressee)]
    if first is None:
        anew = any(_came_instead(summons, one.summons) for one in written if one.sent_on)
        occasion = LetterOccasion.CHANGED if anew else LetterOccasion.CALLED
        return [Wanted(summons, occasion, summons.leaves_at, addressee)]
    reminder = ours.get(LetterOccasion.REMINDER)
    if reminder is None or reminder.sent_on is not None:
        return []
    return [Wanted(summons, LetterOccasion.REMINDER, reminder.queued_at, addressee, reminder)]


def _is_followed(summons: Summons, summonses: Iterable[Summons]) -> bool:
    """Does a newer summons to the same receiver stand? Then that one tells what holds."""
    return any(
        other.cancelled_at is None and key_of(other) == key_of(summons) and _came_instead(other, summons)
        for other in summonses
    )


def _came_instead(summons: Summons, before: Summons) -> bool:
    """To the same meeting, or to the one that it was moved to, and later."""
    meetings = (before.meeting_id, before.meeting.moved_to_id)
    return before.pk != summons.pk and before.sent_at <= summons.sent_at and summons.meeting_id in meetings


def key_of(summons: Summons) -> Key:
    """Who it is to, in its case."""
    return summons.case_id, summons.called, summons.unit_id, summons.name


def _letters_in(cases: Collection[UUID]) -> dict[Key, list[PaperLetter]]:
    found: dict[Key, list[PaperLetter]] = {}
    rows = PaperLetter.objects.filter(case__in=cases, withdrawn_at__isnull=True)
    for one in rows.select_related("summons__meeting"):
        found.setdefault(key_of(one.summons), []).append(one)
    return found


def addressees_in(cases: Collection[UUID]) -> dict[Key, Addressee]:
    """How each receiver in these cases gets letters."""
    rows = Addressee.objects.filter(case__in=cases)
    return {(one.case_id, one.called, one.unit_id, one.name): one for one in rows}


def _sent() -> QuerySet[PaperLetter]:
    rows = PaperLetter.objects.filter(sent_on__isnull=False, withdrawn_at__isnull=True)
    paths = ("case__person", "case__unit", "case__authority", "disclosure", "meeting", "unit", "sent_by")
    return rows.select_related("sent_by", *(f"summons__{one}" for one in paths))


def _as_wanted(rows: Iterable[PaperLetter]) -> list[Wanted]:
    letters = list(rows)
    receivers = addressees_in({one.case_id for one in letters})
    return [
        Wanted(
            one.summons,
            LetterOccasion(one.occasion),
            one.queued_at,
            receivers.get(key_of(one.summons)),
            one,
        )
        for one in letters
    ]
