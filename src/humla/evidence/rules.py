"""What may happen to a question about underlag: who asks whom, who answers, when it is too late.

Here: the rulings. Not here: how far a consent reaches (`meetings.rules.may_be_told`), nor who reads what (the
row policies and the functions in walls/47_evidence.sql).
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from humla.cases.models import Case
from humla.cases.rules import may_change
from humla.consents.kept_away import may_come
from humla.consents.models import Consent, KeptAway
from humla.core.context import Actor, now, today
from humla.core.rulings import YES, Ruling, all_of, no
from humla.evidence.models import EvidenceRequest, Said
from humla.meetings.models import EvidenceKind
from humla.meetings.rules import Call, may_be_told


def may_ask_at_all(actor: Actor, case: Case) -> Ruling:
    """May she ask for underlag in the case? Those who hold it, while it goes on."""
    return may_change(actor, case)


def may_ask(
    actor: Actor,
    case: Case,
    call: Call,
    *,
    kind: str,
    by_when: date,
    consent: Consent | None,
    asked: Iterable[EvidenceRequest],
    kept: Iterable[KeptAway] = (),
) -> Ruling:
    """May this one be asked for this kind by this day? Another authority's only with a yes to planning."""
    return all_of(
        may_ask_at_all(actor, case),
        may_come(kept, unit_id=call.unit.pk if call.unit else None, name=call.name),
        may_be_told(case, call, consent),
        _is_ahead(by_when),
        _is_not_asked(call, kind, asked),
    )


def may_withdraw(actor: Actor, request: EvidenceRequest) -> Ruling:
    """May it be taken back? Until it has left as if it had never been, and afterwards with a letter."""
    return all_of(may_change(actor, request.case), _stands(request))


def may_note(actor: Actor, request: EvidenceRequest) -> Ruling:
    """May whoever asked write down what was answered, or that it has come on paper?"""
    return all_of(may_change(actor, request.case), _stands(request))


def may_change_request(actor: Actor, request: EvidenceRequest, *, by_when: date | None = None) -> Ruling:
    """May it be needed another day, or lie somewhere else?"""
    is_moved = by_when is not None and by_when != request.by_when
    return all_of(may_note(actor, request), _is_ahead(by_when) if is_moved and by_when else YES)


def is_an_answer(said: str, *, promised_on: date | None, cause: str) -> Ruling:
    """Whoever sends it later says when, and whoever cannot says why."""
    if said == Said.PROMISED and promised_on is None:
        return no(_("Välj vilken dag det kommer."))
    if said == Said.PROMISED and promised_on is not None and promised_on < today():
        return no(_("Dagen har redan varit. Välj en dag framåt."))
    if said == Said.REFUSED and not cause:
        return no(_("Välj varför det inte går."))
    return YES


def _is_ahead(by_when: date) -> Ruling:
    return YES if by_when >= today() else no(_("Dagen har redan varit. Välj en dag framåt."))


def _stands(request: EvidenceRequest) -> Ruling:
    return YES if request.withdrawn_at is None else no(_("Frågan är redan återtagen."))


def _is_not_asked(call: Call, kind: str, asked: Iterable[EvidenceRequest]) -> Ruling:
    unit_id = call.unit.pk if call.unit else None
    again = any(
        one.withdrawn_at is None
        and (one.called, one.unit_id, one.name, one.kind) == (call.called, unit_id, call.name, kind)
        for one in asked
    )
    if not again:
        return YES
    who = call.unit.name if call.unit else call.name or _("Personen")
    what = EvidenceKind(kind).label
    return no(_("%(who)s är redan tillfrågad om %(what)s.") % {"who": who, "what": what})


def has_left(request: EvidenceRequest) -> bool:
    """Does the receiver know of it?"""
    return request.leaves_at <= now()
