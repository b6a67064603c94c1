"""What may be read: the first wall, in Python, and the queries that pass the second.

The rule is pure: it is given the facts and answers with a ruling, so that a screen can say why and
`./humla prove authorisation` can lay it cell by cell beside the row policies (`humla.walls`). It is
written from the law and the design, not from the SQL.

A professional reads what her authority holds in a case she works in, or what has been disclosed to her
unit while a consent to that unit in force covers it (8 kap. 1 §, 10 kap. 1 § OSL). The person names a unit,
so whether somebody works in a case is asked for the unit that she acts for now; rights never add up, not
even within an authority (docs/decisions/0008).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from humla.cases.models import Case, CaseAssignment, Category
from humla.consents.models import Consent
from humla.core.context import Actor, Kind, now, standing
from humla.core.periods import holds
from humla.core.questions import prepared
from humla.core.rulings import YES, Ruling, all_of, any_of, no
from humla.disclosures.models import Disclosure, Document, DocumentPart, Ground, ReceivedCopy, Reply
from humla.organisation.models import Unit

NEVER_RELEASED = frozenset({Category.INTERNAL, Category.PROTECTED})

ArrivalMark = tuple[bool, datetime, UUID]
"""Where a page of what has come ended: was it taken, when did it come, which was it."""


def may_read_case(
    actor: Actor,
    case: Case,
    *,
    assignments: Iterable[CaseAssignment],
    disclosures: Iterable[Disclosure],
    consents: Iterable[Consent],
    own: Collection[UUID],
    at: datetime,
) -> Ruling:
    """That there is a case, and who it is about."""
    if actor.kind is Kind.PERSON:
        return _is_her_own(case.person_id, own)
    return all_of(
        _same_tenant(actor, case.association_id),
        _works_in(actor, case.pk, case.is_protected, assignments, at),
        any_of(
            _held_by_us(actor, case.authority_id),
            _something_disclosed(actor, case, list(disclosures), list(consents), at),
        ),
    )


def may_read_part(
    actor: Actor,
    part: DocumentPart,
    *,
    case: Case,
    assignments: Iterable[CaseAssignment],
    disclosures: Iterable[Disclosure],
    consents: Iterable[Consent],
    own: Collection[UUID],
    at: datetime,
) -> Ruling:
    """One category of one frozen document."""
    if actor.kind is Kind.PERSON:
        return _is_her_own(part.person_id, own)
    return all_of(
        _same_tenant(actor, part.association_id),
        _works_in(actor, part.case_id, case.is_protected, assignments, at),
        any_of(
            _held_by_us(actor, part.authority_id),
            _part_disclosed(actor, part, disclosures, list(consents), at),
        ),
    )


def may_read_consent(
    actor: Actor,
    consent: Consent,
    *,
    case: Case,
    assignments: Iterable[CaseAssignment],
    own: Collection[UUID],
    at: datetime,
) -> Ruling:
    """A consent is seen by those who work in the case where it was given or at the unit that receives."""
    if actor.kind is Kind.PERSON:
        return _is_her_own(consent.person_id, own)
    return all_of(
        _same_tenant(actor, consent.association_id),
        _works_in(actor, consent.case_id, case.is_protected, assignments, at),
        any_of(_held_by_us(actor, consent.authority_id), _received_by_us(actor, consent.receiver_unit_id)),
    )


def may_read_disclosure(
    actor: Actor,
    disclosure: Disclosure,
    *,
    case: Case,
    assignments: Iterable[CaseAssignment],
    own: Collection[UUID],
    at: datetime,
) -> Ruling:
    """An act of release: those who work in the case on either side, and the unit's way in (that it came).

    The receiving side knows of it once it has left; the giver and the person from the first second.
    """
    if actor.kind is Kind.PERSON:
        return _is_her_own(disclosure.person_id, own)
    return all_of(
        _same_tenant(actor, disclosure.association_id),
        any_of(
            all_of(
                _is_way_in(actor, disclosure.receiver_unit_id),
                _has_come(disclosure, at),
                _goes_not_by_paper(case),
            ),
            all_of(
                _works_in(actor, disclosure.case_id, case.is_protected, assignments, at),
                any_of(
                    _held_by_us(actor, disclosure.authority_id),
                    all_of(_received_by_us(actor, disclosure.receiver_unit_id), _has_come(disclosure, at)),
                ),
            ),
        ),
    )


def may_read_copy(
    actor: Actor,
    copy: ReceivedCopy,
    *,
    disclosure: Disclosure,
    is_protected: bool,
    assignments: Iterable[CaseAssignment],
    own: Collection[UUID],
    at: datetime,
) -> Ruling:
    """The receiver's own copy: read by those who work with it there, whatever has become of the consent."""
    if actor.kind is Kind.PERSON:
        return _is_her_own(copy.person_id, own)
    return all_of(
        _same_tenant(actor, copy.association_id),
        _held_by_us(actor, copy.authority_id),
        _received_by_us(actor, copy.unit_id),
        _has_come(disclosure, at),
        _works_in(actor, copy.case_id, is_protected, assignments, at),
    )


def is_in_force(consent: Consent, at: datetime) -> bool:
    """Half-open: from its first instant, until its end or its withdrawal, not at it."""
    return consent.starts_at <= at < consent.ends_at and (
        consent.withdrawn_at is None or at < consent.withdrawn_at
    )


def has_left(disclosure: Disclosure, at: datetime) -> bool:
    """From the instant it opens, unless it was taken back before (SUM-10): one undone opens nothing, ever."""
    return disclosure.undone_at is None and disclosure.opens_at <= at


def is_open(disclosure: Disclosure, at: datetime) -> bool:
    """Does it open anything? One that was called back was given, and received perhaps, and opens no more."""
    return has_left(disclosure, at) and disclosure.recalled_at is None


def parts_seen(case_id: UUID) -> Sequence[DocumentPart]:
    """The parts of the case's documents that the open context may read, newest version first."""
    order = list(Category)
    return sorted(parts_in(case_id), key=lambda part: (-part.version, order.index(Category(part.category))))


@prepared
def parts_in(case_id: UUID) -> QuerySet[DocumentPart]:
    """The same, in no order."""
    return DocumentPart.objects.filter(case_id=case_id)


def arrivals(*, before: ArrivalMark | None = None, limit: int) -> Sequence[Disclosure]:
    """What has come to the unit that the open context is the way in of, from a mark on: no person in it.

    First what nobody there works with, so that nothing waits unseen behind what is taken, then the newest.
    """
    unit_id = standing().actor.unit_id
    came = Disclosure.objects.filter(receiver_unit_id=unit_id).annotate(is_taken=is_taken(unit_id))
    came = came.filter(Q(recalled_at=None) | Q(is_taken=True))  # Nobody can take in what was called back.
    if before is not None:
        was_taken, at, last = before
        older = Q(disclosed_at__lt=at) | Q(disclosed_at=at, pk__lt=last)
        came = came.filter(older, is_taken=True) if was_taken else came.filter(older | Q(is_taken=True))
    shown = came.select_related("authority", "receiver_unit")
    return list(shown.order_by("is_taken", "-disclosed_at", "-pk")[:limit])


def is_taken(unit_id: UUID) -> Exists:
    """Of a disclosure: does somebody work in its case now for the unit that received it?"""
    return Exists(CaseAssignment.objects.filter(holds(now()), case=OuterRef("case_id"), unit=unit_id))


@prepared
def disclosures_of(case_id: UUID) -> QuerySet[Disclosure]:
    """The acts of release in a case that the open context may know of, newest first; the undone are none."""
    acts = Disclosure.objects.select_related("receiver", "receiver_unit", "authority")
    return acts.filter(case_id=case_id, undone_at__isnull=True).order_by("-disclosed_at")


def replied_to(case_id: UUID) -> set[UUID]:
    """The acts of release in a case that somebody has written back about."""
    return set(Reply.objects.filter(case_id=case_id).values_list("disclosure_id", flat=True))


def replies_to(disclosure: Disclosure) -> list[Reply]:
    """What was written back about it by somebody without an account, oldest first."""
    return list(Reply.objects.filter(disclosure=disclosure))


def documents_of(case_id: UUID) -> dict[UUID, Document]:
    """Every frozen document of the case by id, of whatever kind; for those who hold it."""
    return {one.pk: one for one in Document.objects.filter(case_id=case_id)}


def newest_version(case_id: UUID, kind: str) -> int:
    """The number of the last version of a document in the case, 0 when there is none."""
    found = Document.objects.filter(case_id=case_id, kind=kind).order_by("-version")
    return found.values_list("version", flat=True).first() or 0


def handed_to(unit: Unit, document: Document) -> list[Disclosure]:
    """What a unit has got of one document, or is about to get; what was called back it has not got."""
    acts = Disclosure.objects.filter(document=document, receiver_unit=unit)
    return list(acts.filter(undone_at__isnull=True, recalled_at__isnull=True))


def _same_tenant(actor: Actor, association_id: UUID) -> Ruling:
    if actor.kind is Kind.PROFESSIONAL and actor.association_id == association_id:
        return YES
    return no(_("Det finns inget att visa."))


def _is_her_own(person_id: UUID, own: Collection[UUID]) -> Ruling:
    return YES if person_id in own else no(_("Det finns inget att visa."))


def _works_in(
    actor: Actor, case_id: UUID, is_protected: bool, assignments: Iterable[CaseAssignment], at: datetime
) -> Ruling:
    for one in assignments:
        if (
            one.case_id == case_id
            and one.professional_id == actor.id
            and one.authority_id == actor.authority_id
            and one.unit_id == actor.unit_id
            and one.starts_at <= at
            and (one.ends_at is None or at < one.ends_at)
            and (not is_protected or (one.cleared_until is not None and at < one.cleared_until))
        ):
            return YES
    return no(_("Du har inget uppdrag i ärendet."))


def _held_by_us(actor: Actor, authority_id: UUID) -> Ruling:
    return YES if actor.authority_id == authority_id else no(_("En annan myndighet har uppgiften."))


def _received_by_us(actor: Actor, receiver_unit_id: UUID) -> Ruling:
    return YES if actor.unit_id == receiver_unit_id else no(_("En annan enhet är mottagare."))


def _has_come(disclosure: Disclosure, at: datetime) -> Ruling:
    return YES if has_left(disclosure, at) else no(_("Det finns inget att visa."))


def _goes_not_by_paper(case: Case) -> Ruling:
    """What is about somebody with protected identity stands on no list of what has come (PER-5)."""
    return no(_("Handlingen lämnas på papper.")) if case.is_protected else YES


def _is_way_in(actor: Actor, receiver_unit_id: UUID) -> Ruling:
    if actor.unit_id == receiver_unit_id and actor.role == "receiver":
        return YES
    return no(_("Bara enhetens mottagare ser vad som har kommit."))


def _something_disclosed(
    actor: Actor, case: Case, disclosures: Sequence[Disclosure], consents: Sequence[Consent], at: datetime
) -> Ruling:
    for one in disclosures:
        if (
            one.case_id == case.pk
            and one.authority_id == case.authority_id
            and one.receiver_unit_id == actor.unit_id
            and is_open(one, at)
        ):
            if one.ground == Ground.LAW:
                return YES
            if any(_covers(consent, actor, case.pk, case.authority_id, at) for consent in consents):
                return YES
    return no(_("Inget har lämnats ut till din enhet med ett samtycke som gäller nu."))


def _part_disclosed(
    actor: Actor,
    part: DocumentPart,
    disclosures: Iterable[Disclosure],
    consents: Sequence[Consent],
    at: datetime,
) -> Ruling:
    if part.category in NEVER_RELEASED:
        return no(_("Myndighetens egna anteckningar lämnas aldrig ut."))
    for one in disclosures:
        if (
            one.document_id != part.document_id
            or one.authority_id != part.authority_id
            or one.receiver_unit_id != actor.unit_id
            or part.category not in one.categories
            or not is_open(one, at)
        ):
            continue
        if one.ground == Ground.LAW:
            return YES
        for consent in consents:
            if part.category in consent.categories and _covers(
                consent, actor, part.case_id, part.authority_id, at
            ):
                return YES
    return no(_("Den delen är inte utlämnad till din enhet med ett samtycke som gäller nu."))


def _covers(consent: Consent, actor: Actor, case_id: UUID, giver_id: UUID, at: datetime) -> bool:
    return (
        consent.case_id == case_id
        and consent.authority_id == giver_id
        and consent.receiver_unit_id == actor.unit_id
        and is_in_force(consent, at)
    )
