"""The next version of the agreement: begun as a copy, written chapter by chapter, sent for signature.

Here: the administrator's verbs on a draft. Not here: the signatures (`actions.sign`), what a version says
(`chapters`, `words`), how two versions differ (`comparing`).

Nothing rests on a draft, so a chapter is written whole: its old rows go. From the day it is sent the walls
let nobody change it, since that is what the parties sign.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils.translation import gettext as _

from humla.agreements.chapters import Chapter, content, mark
from humla.agreements.models import (
    AgreementParty,
    AgreementText,
    InitiatingProfession,
    LawReference,
    LifeArea,
    LocalAgreement,
    NeedsGroup,
    TextKind,
)
from humla.agreements.rules import may_draft, may_send, may_take_back
from humla.agreements.visibility import (
    USUAL_ANSWER_DAYS,
    agreement_of,
    draft_agreement,
    latest_agreement,
)
from humla.agreements.words import came_with
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Actor, now, standing, today
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale

_TURN = 7205
"""The advisory lock of those who write in the same agreement."""

_COPIED: tuple[type[Model], ...] = (
    AgreementParty,
    InitiatingProfession,
    LifeArea,
    NeedsGroup,
    LawReference,
    AgreementText,
)


@transaction.atomic
def begin_draft(*, by: Actor) -> LocalAgreement:
    """A copy of the agreement in force, unsigned, to write in; the draft that there is, if there is one."""
    may_draft(by).enforce()
    take_turn(by.association_id)
    begun = draft_agreement()
    if begun is not None:
        return begun
    before = latest_agreement(today())
    draft = _copy(before, by) if before else _blank(by)
    record(Tag.AGREEMENT_DRAFTED, items=[("agreement", draft.pk, draft.version)])
    return draft


@transaction.atomic
def write_chapter(draft: LocalAgreement, chapter: Chapter, written: Any, *, seen: int, by: Actor) -> None:
    """Write a chapter whole, as `chapters.content` gives it. Raises Stale when it is not what was seen."""
    draft = _opened(draft, by)
    before = content(draft, chapter)
    if mark(before) != seen:
        raise Stale(draft)
    if before == written:
        return
    match chapter:
        case Chapter.FRAME | Chapter.DEADLINES:
            _set(draft, written)
        case Chapter.PARTIES:
            _replace(
                draft, AgreementParty, [{"party_id": key, "duty": duty} for key, duty in written.items()]
            )
        case Chapter.PROFESSIONS:
            _replace(draft, InitiatingProfession, [{"profession_id": key} for key in written])
        case Chapter.AREAS:
            rows = [{"name": name, "icf": icf, "position": at} for at, (name, icf) in enumerate(written)]
            _replace(draft, LifeArea, rows)
        case Chapter.GROUPS:
            _replace(draft, NeedsGroup, [{"name": name, "position": at} for at, name in enumerate(written)])
        case Chapter.LAW:
            _replace(draft, LawReference, [{"subject": key, "text": text} for key, text in written.items()])
    record(Tag.AGREEMENT_CHANGED, items=[("agreement", draft.pk, draft.version)])


@transaction.atomic
def write_text(
    draft: LocalAgreement,
    kind: TextKind,
    key: str,
    parts: Mapping[str, str],
    *,
    language: str,
    reviewed_by: str = "",
    reviewed_on: date | None = None,
    seen: int,
    by: Actor,
) -> None:
    """Write one text in the förbund's words. What the program says itself is not kept."""
    draft = _opened(draft, by)
    rows = draft.texts.filter(kind=kind, key=key, language=language)
    if text_mark(draft, kind, key, language) != seen:
        raise Stale(draft)
    if bool(reviewed_by) != bool(reviewed_on):
        raise ValidationError({"reviewed_by": _("Skriv både vem som har granskat texten och vilken dag.")})
    own = {
        part: text
        for part, text in parts.items()
        if text and text != came_with().get((kind, key, language, part))
    }
    rows.delete()
    for part, text in own.items():
        _add(
            AgreementText,
            draft,
            kind=kind,
            key=key,
            language=language,
            part=part,
            text=text,
            reviewed_by=reviewed_by,
            reviewed_on=reviewed_on,
        )
    record(Tag.AGREEMENT_CHANGED, items=[("agreement", draft.pk, draft.version)])


def text_mark(draft: LocalAgreement, kind: str, key: str, language: str) -> int:
    """How one text stands in the draft, for whoever writes in it."""
    rows = draft.texts.filter(kind=kind, key=key, language=language).order_by("part")
    return mark([*rows.values_list("part", "text", "reviewed_by", "reviewed_on")])


@transaction.atomic
def throw_draft(draft: LocalAgreement, *, by: Actor) -> None:
    """Throw the draft away; it lies where it is and can be picked up again."""
    draft = _opened(draft, by)
    LocalAgreement.objects.filter(pk=draft.pk).update(thrown_at=now())
    record(Tag.AGREEMENT_THROWN, items=[("agreement", draft.pk, draft.version)])


@transaction.atomic
def pick_up_draft(draft: LocalAgreement, *, by: Actor) -> None:
    """Take a thrown draft back, unless another has been begun meanwhile."""
    may_draft(by).enforce()
    take_turn(by.association_id)
    if draft_agreement() is not None:
        raise NotAllowed(_("Det finns redan ett annat utkast. Skicka eller kasta det först."))
    if LocalAgreement.objects.filter(pk=draft.pk, is_draft=True).update(thrown_at=None) != 1:
        raise NotAllowed(_("Utkastet finns inte längre."))
    record(Tag.AGREEMENT_PICKED_UP, items=[("agreement", draft.pk, draft.version)])


@transaction.atomic
def send_for_signature(draft: LocalAgreement, *, by: Actor) -> None:
    """It is what the parties sign from now on, and is in force when all have."""
    draft = _opened(draft, by)
    may_send(by, draft).enforce()
    LocalAgreement.objects.filter(pk=draft.pk).update(is_draft=False, sent_at=now(), sent_by_id=by.id)
    record(Tag.AGREEMENT_SENT, items=[("agreement", draft.pk, draft.version)])


@transaction.atomic
def take_back_draft(sent: LocalAgreement, *, by: Actor) -> None:
    """Take back what was sent, to change it, while nobody has signed."""
    take_turn(by.association_id)
    current = agreement_of(sent.pk)
    if current is None:
        raise NotAllowed(_("Överenskommelsen finns inte längre."))
    may_take_back(by, current, draft_agreement()).enforce()
    # The row policy finds no row if somebody signed it in the same moment.
    back = LocalAgreement.objects.filter(pk=sent.pk)
    if back.update(is_draft=True, sent_at=None, sent_by_id=None) != 1:
        raise NotAllowed(_("En part har just skrivit under. Börja på en ny version i stället."))
    record(Tag.AGREEMENT_TAKEN_BACK, items=[("agreement", sent.pk, current.version)])


def take_turn(association_id: UUID) -> None:
    """Wait for whoever writes in the agreements of the förbund, or signs one, until the transaction ends.

    Not a locked row: one that has been signed is nobody's to lock, and a first draft has no row yet.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_TURN, str(association_id)])


def _opened(draft: LocalAgreement, by: Actor) -> LocalAgreement:
    """The draft as it stands now, ours to write in until the transaction ends."""
    may_draft(by).enforce()
    take_turn(by.association_id)
    current = draft_agreement()
    if current is None or current.pk != draft.pk:
        raise NotAllowed(_("Utkastet har skickats eller kastats. Det du skrev är inte sparat."))
    return current


def _copy(before: LocalAgreement, by: Actor) -> LocalAgreement:
    """Everything as it was, but for the signatures and the period: that begins where the old one ends."""
    old = before.pk
    draft = LocalAgreement.objects.get(pk=old)
    length = before.ends_on - before.starts_on
    draft.starts_on = max(before.ends_on + timedelta(days=1), today())
    draft.ends_on = draft.starts_on + length
    draft.renewal_decided_by = draft.ends_on - timedelta(days=90)
    draft.follows_id = old
    _save_new(draft, by)
    for model in _COPIED:
        for row in model._default_manager.filter(agreement_id=old):
            row.pk, row.agreement_id = uuid4(), draft.pk  # type: ignore[attr-defined]
            if isinstance(row, AgreementParty):
                row.signed_on, row.signed_by = None, ""
            row.save(force_insert=True)
    return draft


def _blank(by: Actor) -> LocalAgreement:
    """Where there is nothing to copy: the numbers that are suggested, and the parties to be chosen."""
    draft = LocalAgreement(
        association_id=by.association_id,
        title=_("Lokal överenskommelse om SAMSIP"),
        target_group=_("Alla från 16 år som behöver samordning mellan minst två parter."),
        starts_on=today(),
        ends_on=today() + timedelta(days=3 * 365),
        answer_days=USUAL_ANSWER_DAYS,
        meeting_days=21,
        follow_up_months=3,
        reminder_days=2,
    )
    _save_new(draft, by)
    return draft


def _save_new(draft: LocalAgreement, by: Actor) -> None:
    highest = LocalAgreement.objects.aggregate(highest=Max("version"))["highest"] or 0
    draft.pk, draft.version = uuid4(), highest + 1
    draft.is_draft, draft.thrown_at, draft.sent_at, draft.sent_by_id = True, None, None, None
    draft.drafted_at, draft.drafted_by_id = standing().at, by.id
    draft.save(force_insert=True)


def _set(draft: LocalAgreement, written: Mapping[str, Any]) -> None:
    for name, value in written.items():
        setattr(draft, name, value)
    draft.full_clean(validate_unique=False)
    LocalAgreement.objects.filter(pk=draft.pk).update(**written)


def _replace(draft: LocalAgreement, model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    model._default_manager.filter(agreement_id=draft.pk).delete()
    for row in rows:
        _add(model, draft, **row)


def _add(model: type[Model], draft: LocalAgreement, **columns: Any) -> None:
    row = model(association_id=draft.association_id, agreement_id=draft.pk, **columns)
    row.full_clean(validate_unique=False, validate_constraints=False)
    row.save(force_insert=True)
