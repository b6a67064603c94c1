"""What happens to the underlag asked for: asked, needed another day, noted as answered or come, taken back.

Every verb takes its turn in the case. A question leaves after a minute, and until then it can be undone
(SUM-10). Nothing is overwritten: an answer stands beside the one before it. What the unit itself answers is
in `asked`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.turns import take_turn
from humla.consents.kept_away import kept_away_from
from humla.core.context import Actor, now
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.disclosures.actions import GRACE
from humla.evidence import notices, rules
from humla.evidence.models import AnsweredHow, EvidenceAnswer, EvidenceRequest, Said
from humla.evidence.visibility import evidence_of, evidence_request
from humla.meetings.models import Meeting
from humla.meetings.rules import Call
from humla.meetings.visibility import consents_by_unit


@transaction.atomic
def ask_all(
    case: Case,
    *,
    kind: str,
    calls: Sequence[Call],
    by_when: date,
    meeting: Meeting | None = None,
    by: Actor,
) -> list[EvidenceRequest]:
    """Ask several for one kind of underlag at once. All of them, or none."""
    take_turn(case)
    rules.may_ask_at_all(by, case).enforce()
    asked = [one.request for one in evidence_of(case) if one.is_open]
    consents, kept = consents_by_unit(case), kept_away_from(case)
    made = [
        _ask(case, call, kind, by_when, meeting, asked=asked, consents=consents, kept=kept, by=by)
        for call in calls
    ]
    for one in made:
        notices.asked(one, by=by)
    return made


@transaction.atomic
def change(
    request: EvidenceRequest, *, by_when: date, where_it_lies: str, version: int, by: Actor
) -> EvidenceRequest:
    """Needed another day, or it lies somewhere else with us. Raises Stale when somebody changed it first."""
    old = _turn(request)
    rules.may_change_request(by, old, by_when=by_when).enforce()
    if old.version != version:
        raise Stale(old)
    _update(old, by_when=by_when, where_it_lies=where_it_lies)
    _record(Tag.EVIDENCE_CHANGED, old)
    return old


@transaction.atomic
def note(
    request: EvidenceRequest, *, said: str, promised_on: date | None = None, cause: str = "", by: Actor
) -> EvidenceAnswer:
    """What they said on the telephone, that it came on paper, or that it had not after all."""
    old = _turn(request)
    rules.may_note(by, old).enforce()
    promised_on = promised_on if said == Said.PROMISED else None
    cause = cause if said == Said.REFUSED else ""
    rules.is_an_answer(said, promised_on=promised_on, cause=cause).enforce()
    given = EvidenceAnswer(
        **_of(old.case),
        request=old,
        said=said,
        promised_on=promised_on,
        cause=cause,
        how=AnsweredHow.NOTED,
        answered_at=now(),
        answered_by_id=by.id,
    )
    given.save(force_insert=True)
    _record(Tag.EVIDENCE_NOTED, old, ("evidence_answer", given.pk, 0))
    return given


@transaction.atomic
def withdraw(request: EvidenceRequest, *, by: Actor) -> EvidenceRequest:
    """It is not needed. Whoever has been asked is told; before it has left it never was."""
    old = _turn(request)
    rules.may_withdraw(by, old).enforce()
    notices.stop(old)
    _update(old, withdrawn_at=now())
    if rules.has_left(old):
        notices.withdrawn(old, by=by)
    _record(Tag.EVIDENCE_WITHDRAWN, old)
    return old


def _ask(
    case: Case,
    call: Call,
    kind: str,
    by_when: date,
    meeting: Meeting | None,
    *,
    asked: list[EvidenceRequest],
    consents: Any,
    kept: Any,
    by: Actor,
) -> EvidenceRequest:
    consent = consents.get(call.unit.pk) if call.unit else None
    rules.may_ask(
        by, case, call, kind=kind, by_when=by_when, consent=consent, asked=asked, kept=kept
    ).enforce()
    made = EvidenceRequest(
        **_of(case),
        called=call.called,
        unit=call.unit,
        name=call.name,
        kind=kind,
        by_when=by_when,
        meeting=meeting,
        asked_at=now(),
        leaves_at=now() + GRACE,
        asked_by_id=by.id,
    )
    made.save(force_insert=True)
    asked.append(made)
    _record(Tag.EVIDENCE_ASKED, made)
    return made


def _turn(request: EvidenceRequest) -> EvidenceRequest:
    """One at a time in the case, and the question as it is when our turn has come."""
    take_turn(request.case)
    found = evidence_request(request.case, request.pk)
    if found is None:
        raise NotAllowed(_("Frågan finns inte längre för dig."))
    return found.request


def _update(request: EvidenceRequest, **fields: Any) -> None:
    found = EvidenceRequest.objects.filter(pk=request.pk, version=request.version)
    if not found.update(version=F("version") + 1, **fields):
        raise Stale(request)
    for name, value in fields.items():
        setattr(request, name, value)
    request.version += 1


def _of(case: Case) -> dict[str, Any]:
    return {
        "association_id": case.association_id,
        "authority_id": case.authority_id,
        "person_id": case.person_id,
        "case": case,
    }


def _record(tag: Tag, request: EvidenceRequest, *items: tuple[str, UUID, int]) -> None:
    record(
        tag,
        case=request.case_id,
        person=request.person_id,
        items=[("evidence", request.pk, request.version), *items],
    )
