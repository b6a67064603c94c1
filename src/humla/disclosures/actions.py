"""What happens to documents: frozen, handed over, taken in, received, archived, called back.

Here: the acts. Not here: what a document says (`humla.plans.document`) and who may read it (`visibility`).

The order of locks is the same everywhere: first the case's row, then the consent's. A handing-over holds
the consent it rests on (FOR SHARE) until it is committed, so a withdrawal comes wholly before it or wholly
after it, and the page that the withdrawal was decided on tells the truth about what has left.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Case, CaseAssignment, CaseRole, Category
from humla.cases.rules import may_change
from humla.cases.turns import take_turn
from humla.cases.visibility import my_right_in
from humla.consents.models import Consent
from humla.consents.visibility import consent_to
from humla.core.context import Actor, now
from humla.core.refusals import refused_by_the_wall
from humla.core.rulings import NotAllowed
from humla.disclosures import rules
from humla.disclosures.models import (
    Disclosure,
    Document,
    DocumentKind,
    DocumentPart,
    Ground,
    RecallCause,
    ReceivedCopy,
)
from humla.disclosures.visibility import handed_to, newest_version
from humla.notifications.actions import queue, stop
from humla.notifications.models import NoticeKind
from humla.organisation.models import Professional, Unit

GRACE = rules.GRACE

Blocks = Mapping[Category, Sequence[Mapping[str, Any]]]


@transaction.atomic
def freeze(case: Case, *, kind: str, version: int, title: str, parts: Blocks, by: Actor) -> Document:
    """Keep a version as it is now, in parts by category, with a sum over them all.

    The title goes with every part, so it may say nothing that belongs to one of them.
    """
    may_change(by, case).enforce()
    held_by = {
        "association_id": case.association_id,
        "authority_id": case.authority_id,
        "person_id": case.person_id,
        "case": case,
    }
    document = Document(
        **held_by,
        kind=kind,
        version=version,
        title=title,
        sha256=_sum_of(parts),
        frozen_at=now(),
        frozen_by_id=by.id,
    )
    document.save(force_insert=True)
    for category, blocks in parts.items():
        part = DocumentPart(
            **held_by,
            document=document,
            kind=kind,
            version=version,
            title=title,
            category=category,
            content={"blocks": list(blocks)},
        )
        part.save(force_insert=True)
    return document


@transaction.atomic
def disclose(document: Document, *, unit: Unit, leaves_in: timedelta = timedelta(0), by: Actor) -> Disclosure:
    """Hand a document over to a unit: those of its parts that the person's consent covers.

    It leaves after `leaves_in`; until then it can be taken back and the receiver knows nothing (SUM-10).
    """
    case = document.case
    may_change(by, case).enforce()
    take_turn(case)
    # Asked again: while we waited the case may have been closed, or its lead handed over.
    may_change(by, case).enforce()
    found, handed = consent_to(case, unit), handed_to(unit, document)
    categories = _released(document, found)
    rules.may_disclose(
        by,
        case,
        document,
        found,
        unit=unit,
        categories=categories,
        handed=handed,
        newest=newest_version(case.pk, document.kind),
    ).enforce()
    consent = _held(found)
    disclosure = Disclosure(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person_id=case.person_id,
        case=case,
        document=document,
        receiver_id=unit.authority_id,
        receiver_unit=unit,
        categories=categories,
        ground=Ground.CONSENT,
        consent=consent,
        disclosed_at=now(),
        disclosed_by_id=by.id,
        opens_at=now() + leaves_in,
    )
    disclosure.save(force_insert=True)
    _done("lay_copy(%s, %s)", [disclosure.pk, uuid4()])
    record(
        Tag.DOCUMENT_DISCLOSED,
        case=case.pk,
        person=case.person_id,
        items=[("document", document.pk, document.version), ("disclosure", disclosure.pk, 0)],
        allowed_by=[*my_right_in(case, by), ("consent", consent.pk)],
    )
    if document.kind != DocumentKind.SUMMONS:  # Who summons tells of it herself.
        queue(
            NoticeKind.DOCUMENT,
            unit=unit,
            about=disclosure.pk,
            leaves_at=disclosure.opens_at,
            by=by,
        )
    return disclosure


@transaction.atomic
def undo(disclosure: Disclosure, *, by: Actor) -> None:
    """Take a handing-over back while it has not left. The receiver never knows of it."""
    case = disclosure.case
    take_turn(case)
    rules.may_undo(by, case, disclosure).enforce()
    disclosure.undone_at = now()
    disclosure.save(update_fields=["undone_at"])
    stop(disclosure.pk)
    record(
        Tag.DISCLOSURE_UNDONE,
        case=case.pk,
        person=case.person_id,
        items=[("document", disclosure.document_id, 0), ("disclosure", disclosure.pk, 0)],
        allowed_by=my_right_in(case, by),
    )


@transaction.atomic
def recall(disclosure: Disclosure, *, why: str, by: Actor) -> None:
    """Call back what has left: every reading of it ends, the copy is emptied, the receipt stays for both."""
    case = disclosure.case
    take_turn(case)
    disclosure.refresh_from_db(fields=["undone_at", "recalled_at"])
    rules.may_recall(by, case, disclosure).enforce()
    _done("recall_disclosure(%s, %s)", [disclosure.pk, RecallCause(why).value])
    disclosure.recalled_at, disclosure.recalled_by_id, disclosure.recalled_why = now(), by.id, why
    stop(disclosure.pk)
    queue(NoticeKind.RECALLED, unit=disclosure.receiver_unit, about=disclosure.pk, leaves_at=now(), by=by)
    record(
        Tag.DISCLOSURE_RECALLED,
        case=case.pk,
        person=case.person_id,
        items=[("document", disclosure.document_id, 0), ("disclosure", disclosure.pk, 0)],
        allowed_by=my_right_in(case, by),
    )


@transaction.atomic
def receive(copy: ReceivedCopy, *, by: Actor) -> None:
    """The unit's receipt: the giver and the person see that it has come."""
    rules.may_receive(by, copy).enforce()
    _done("receive_document(%s)", [copy.disclosure_id])
    copy.disclosure.received_at, copy.disclosure.received_by_id = now(), by.id
    _said_of(Tag.DOCUMENT_RECEIVED, copy)


@transaction.atomic
def archive(copy: ReceivedCopy, *, reference: str, by: Actor) -> None:
    """The unit has it in its own archive, so its copy here is emptied. What is archived has been received."""
    rules.may_archive(by, copy).enforce()
    if copy.disclosure.received_at is None:
        receive(copy, by=by)
    _done("archive_copy(%s, %s)", [copy.pk, reference])
    _said_of(Tag.COPY_ARCHIVED, copy)


@transaction.atomic
def unarchive(copy: ReceivedCopy, *, by: Actor) -> None:
    """Within the minute: it was the wrong one, and lies there again as it came."""
    rules.may_unarchive(by, copy).enforce()
    _done("unarchive_copy(%s)", [copy.pk])
    _said_of(Tag.COPY_TAKEN_BACK, copy)


@transaction.atomic
def take_in(disclosure: Disclosure, professional_id: UUID | None, *, by: Actor) -> CaseAssignment:
    """The unit's way in lets a colleague, or herself, read what has come. She sees no person to do it."""
    professional = Professional.objects.filter(pk=professional_id).first() if professional_id else None
    rules.may_take_in(by, disclosure, professional).enforce()
    assert professional is not None
    assignment = CaseAssignment(
        association_id=disclosure.association_id,
        authority_id=by.authority_id,
        person_id=disclosure.person_id,
        case_id=disclosure.case_id,
        professional=professional,
        unit_id=disclosure.receiver_unit_id,
        role=CaseRole.MEMBER,
        starts_at=now(),
        assigned_by_id=by.id,
    )
    _insert(assignment)
    record(
        Tag.CASE_ASSIGNED,
        case=disclosure.case_id,
        person=disclosure.person_id,
        items=[("assignment", assignment.pk, 0)],
        allowed_by=[("disclosure", disclosure.pk)],
    )
    return assignment


def _sum_of(parts: Blocks) -> str:
    """SHA-256 over every part as canonical JSON: the same words give the same sum, in any order of parts."""
    content = {Category(category).value: list(blocks) for category, blocks in parts.items()}
    written = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode("ascii")).hexdigest()


def _held(consent: Consent | None) -> Consent:
    """The consent as it is once nobody can take it back before we are done.

    `FOR SHARE` in a query of ours would silently drop the row that the update policy hides; the owner's
    function takes it. A withdrawal that was committed while we waited may carry a later instant than this
    transaction's own, so any withdrawal at all counts here, whatever its time.
    """
    assert consent is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock_consent(%s)", [consent.pk])
        row = cursor.fetchone()
    now_it_is = Consent.objects.filter(pk=consent.pk).first() if row and row[0] else None
    if now_it_is is None or now_it_is.withdrawn_at is not None:
        raise NotAllowed(_("Samtycket togs tillbaka medan du arbetade. Inget har lämnats ut."))
    return now_it_is


def _released(document: Document, consent: Consent | None) -> list[str]:
    if consent is None:
        return []
    return rules.released(
        set(DocumentPart.objects.filter(document=document).values_list("category", flat=True)), consent
    )


def _done(what: str, words: Sequence[Any]) -> None:
    """An act that only the owner's function can do: it asks again, and answers no to what we did not see."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {what}", words)
        row = cursor.fetchone()
    if not (row and row[0]):
        raise NotAllowed(_("Det går inte längre. Någon annan hann före. Ladda om sidan."))


def _said_of(tag: Tag, copy: ReceivedCopy) -> None:
    record(
        tag,
        case=copy.case_id,
        person=copy.person_id,
        items=[("copy", copy.pk, 0), ("disclosure", copy.disclosure_id, 0)],
        allowed_by=[("disclosure", copy.disclosure_id)],
    )


def _insert(assignment: CaseAssignment) -> None:
    """The wall asks whether the consent still holds: only it can, the way in does not see the consent."""
    try:
        with refused_by_the_wall(
            _("Det går inte att ta emot längre. Samtycket är återkallat eller så är tiden slut.")
        ):
            assignment.save(force_insert=True)
    except IntegrityError:
        raise NotAllowed(_("Den du valde arbetar redan i ärendet.")) from None
