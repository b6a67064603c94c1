"""What may happen to a document: who hands it over to whom, who takes care of what has come.

Here: the rulings of the acts. Not here: what may be read (`visibility`) and what a consent may hold
(`humla.consents.rules`).
"""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from humla.cases.models import RELEASABLE, Case
from humla.cases.rules import may_change
from humla.cases.visibility import is_held
from humla.consents.models import Consent, ConsentState
from humla.consents.visibility import state_of
from humla.core.context import Actor, Kind, now
from humla.core.rulings import YES, Ruling, all_of, no
from humla.disclosures.models import Disclosure, Document, ReceivedCopy
from humla.disclosures.visibility import has_left
from humla.organisation.models import Professional, Role, Unit

GRACE = timedelta(seconds=60)
"""How long a summons or a disclosure waits before it leaves, and an emptied copy can be had back."""


def may_disclose(
    actor: Actor,
    case: Case,
    document: Document,
    consent: Consent | None,
    *,
    unit: Unit,
    categories: Collection[str],
    handed: Iterable[Disclosure],
    newest: int,
) -> Ruling:
    """May these parts of the document be handed over under this consent, now? (10 kap. 1 § OSL)

    `handed` is what the unit has got of the document before, `newest` the number of its last version: an old
    plan handed over today would be worked by as if it held. Consent is the only ground that a page offers:
    the exceptions without it are narrow, and are no basis for working together (10 kap. 2, 27, 28 §§ OSL).
    """
    return all_of(
        may_change(actor, case),
        _is_of_the_case(case, document),
        _is_the_newest(document, newest),
        _has_consent(case, consent, unit),
        _is_news(document, unit, categories, handed),
    )


def released(has: Collection[str], consent: Consent | None) -> list[str]:
    """Of the categories that a document has, those that the consent opens, in their order."""
    opened = consent.categories if consent else ()
    return [one.value for one in RELEASABLE if one in has and one in opened]


def has_all(categories: Collection[str], handed: Iterable[Disclosure]) -> bool:
    """Has everything in these categories been handed over already?"""
    return set(categories) <= {category for one in handed for category in one.categories}


def may_take_in(actor: Actor, disclosure: Disclosure, professional: Professional | None) -> Ruling:
    """May she give what has come to her unit to this colleague, or take it herself?"""
    return all_of(_is_way_in(actor, disclosure), _works_with_us(actor, professional))


def may_undo(actor: Actor, case: Case, disclosure: Disclosure) -> Ruling:
    """May this handing-over be taken back? Only before it has left (SUM-10).

    Also when the case was closed meanwhile: its closing leaves in the same minute.
    """
    holds = YES if is_held(case, actor) else may_change(actor, case)
    return all_of(holds, _is_not_undone(disclosure), _is_still_here(disclosure))


def may_recall(actor: Actor, case: Case, disclosure: Disclosure) -> Ruling:
    """May what has left be called back? It was the wrong unit, or the wrong words; it cannot be unread."""
    holds = YES if is_held(case, actor) else may_change(actor, case)
    return all_of(holds, _is_not_undone(disclosure), _has_gone(disclosure), _stands(disclosure))


def may_receive(actor: Actor, copy: ReceivedCopy) -> Ruling:
    """May she give the receipt for her unit?"""
    return all_of(_is_for_us(actor, copy), _stands(copy.disclosure), _is_unanswered(copy.disclosure))


def may_archive(actor: Actor, copy: ReceivedCopy) -> Ruling:
    """May the copy be emptied here, since the unit has it in its own archive?"""
    return all_of(_is_for_us(actor, copy), _stands(copy.disclosure), _is_kept_here(copy))


def may_unarchive(actor: Actor, copy: ReceivedCopy) -> Ruling:
    """May she have the copy back? For a minute, if it was she who emptied it."""
    return all_of(_is_for_us(actor, copy), _stands(copy.disclosure), _is_just_archived(actor, copy))


def _is_for_us(actor: Actor, copy: ReceivedCopy) -> Ruling:
    if actor.kind is Kind.PROFESSIONAL and copy.unit_id == actor.unit_id:
        return YES
    return no(_("Handlingen är en annan enhets."))


def _has_gone(disclosure: Disclosure) -> Ruling:
    if has_left(disclosure, now()):
        return YES
    return no(_("Det har inte skickats än. Ångra i stället, så får ingen veta något."))


def _stands(disclosure: Disclosure) -> Ruling:
    return YES if disclosure.recalled_at is None else no(_("Handlingen är återkallad."))


def _is_unanswered(disclosure: Disclosure) -> Ruling:
    return YES if disclosure.received_at is None else no(_("Handlingen är redan kvitterad."))


def _is_kept_here(copy: ReceivedCopy) -> Ruling:
    return YES if copy.archived_at is None else no(_("Handlingen är redan arkiverad hos er."))


def _is_just_archived(actor: Actor, copy: ReceivedCopy) -> Ruling:
    if copy.archived_at is None:
        return no(_("Handlingen ligger kvar i Humla."))
    if copy.archived_by_id != actor.id:
        return no(_("Bara den som markerade handlingen kan ångra."))
    if now() < copy.archived_at + GRACE:
        return YES
    return no(_("Minuten har gått. Läs handlingen i ert eget arkiv."))


def _is_of_the_case(case: Case, document: Document) -> Ruling:
    if document.case_id == case.pk and document.authority_id == case.authority_id:
        return YES
    return no(_("Handlingen hör till ett annat ärende."))


def _is_the_newest(document: Document, newest: int) -> Ruling:
    if document.version >= newest:
        return YES
    return no(_("Det finns en nyare version. Lämna ut version %(version)s i stället.") % {"version": newest})


def _is_not_undone(disclosure: Disclosure) -> Ruling:
    return YES if disclosure.undone_at is None else no(_("Utlämnandet är redan ångrat. Inget har skickats."))


def _is_still_here(disclosure: Disclosure) -> Ruling:
    if now() < disclosure.opens_at:
        return YES
    return no(
        _("Det har redan lämnat myndigheten och kan inte ångras. Återkalla i stället, och ring %(unit)s.")
        % {"unit": disclosure.receiver_unit.name}
    )


def _has_consent(case: Case, consent: Consent | None, unit: Unit) -> Ruling:
    name = unit.name
    if consent is None or consent.case_id != case.pk:
        return no(_("Samtycke saknas för %(unit)s. Skriv in ett samtycke först.") % {"unit": name})
    if consent.receiver_unit_id != unit.pk:
        return no(_("Samtycket gäller en annan enhet än %(unit)s.") % {"unit": name})
    match state_of(consent, now()):
        case ConsentState.WITHDRAWN:
            return no(_("Samtycket för %(unit)s är återkallat. Inget kan lämnas ut.") % {"unit": name})
        case ConsentState.ENDED:
            return no(_("Samtyckets tid är slut för %(unit)s. Fråga personen igen.") % {"unit": name})
        case ConsentState.AHEAD:
            return no(_("Samtycket för %(unit)s har inte börjat gälla än.") % {"unit": name})
    return YES


def _is_news(
    document: Document, unit: Unit, categories: Collection[str], handed: Iterable[Disclosure]
) -> Ruling:
    if has_all(categories, handed):
        words = {"unit": unit.name, "version": document.version}
        return no(_("%(unit)s har redan fått version %(version)s.") % words)
    return YES


def _is_way_in(actor: Actor, disclosure: Disclosure) -> Ruling:
    if (
        actor.kind is Kind.PROFESSIONAL
        and actor.role == Role.RECEIVER
        and actor.unit_id == disclosure.receiver_unit_id
    ):
        return YES
    return no(_("Bara enhetens mottagare tar emot det som har kommit."))


def _works_with_us(actor: Actor, professional: Professional | None) -> Ruling:
    if professional is not None and professional.authority_id == actor.authority_id:
        return YES
    return no(_("Välj någon som arbetar på enheten."))
