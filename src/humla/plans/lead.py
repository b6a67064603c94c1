"""The lead of a plan goes to another authority: offered, taken over, declined, taken back.

Nothing is moved. Whoever takes over registers the person in her own authority's record, opens a case of
her own that continues the old one, and writes on from what has been handed over to her unit. The old case
stays with its holder, closed for writing. Still one SIP (`Case.series`). Consents are given to an authority,
so they are asked for anew.

Here: the four verbs with their rules. Not here: the responsibility within one authority
(`humla.cases.actions.hand_over`), nor the pages (`humla.web.lead`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from humla.agreements.models import LifeArea
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.actions import InitiationDetails, continue_case
from humla.cases.models import Case, CaseAssignment, CaseState, Category
from humla.cases.rules import may_change, may_hand_over
from humla.cases.turns import take_turn
from humla.cases.visibility import is_held, who_works_in
from humla.consents.models import Consent, ConsentState
from humla.consents.visibility import consents_of, state_of
from humla.core.context import Actor, Kind, now, today
from humla.core.dates import day_of
from humla.core.numbers import NotANumber, Number, parse
from humla.core.rulings import YES, NotAllowed, Ruling, all_of, no
from humla.disclosures.actions import GRACE
from humla.disclosures.models import Disclosure, DocumentKind, DocumentPart
from humla.disclosures.visibility import disclosures_of, parts_seen
from humla.notifications import actions as notifications
from humla.notifications.models import NoticeKind
from humla.organisation.models import CASE_ROLES, Unit
from humla.organisation.visibility import profession_of
from humla.people.actions import PersonDetails, register
from humla.plans import actions
from humla.plans.document import Block, blocks_of
from humla.plans.models import Doer, Goal, LeadTransfer, Plan
from humla.plans.visibility import lead_transfers_in, life_areas, versions_of

NEEDED = (Category.IDENTITY, Category.PLANNING)
"""Without who it is about and who does what there is nothing to lead."""


# --- who may be asked, and who may answer -------------------------------------------------------------------


def may_offer_lead(
    actor: Actor,
    case: Case,
    plan: Plan | None,
    *,
    working: Iterable[CaseAssignment],
    transfers: Iterable[LeadTransfer],
) -> Ruling:
    """May the lead be offered to anybody? By the responsible, of an adopted plan, to one unit at a time."""
    return all_of(
        may_change(actor, case),
        may_hand_over(actor, case, working=working),
        _is_not_protected(case),
        _is_adopted(plan),
        _asks_nobody_else(transfers),
    )


def may_be_asked(unit: Unit, case: Case, consents: Iterable[Consent], handed: Disclosure | None) -> Ruling:
    """May this unit be asked? It has the plan in its hands, by a yes in force, at another authority."""
    if unit.authority_id == case.authority_id:
        return no(_("Enheten hör till er myndighet. Lämna över ansvaret till en kollega i stället."))
    if not _may_know(unit, consents):
        words = {"unit": unit.name}
        return no(
            _("%(unit)s får inte veta vem det gäller och vem som gör vad. Fråga personen först.") % words
        )
    if handed is None or handed.opens_at > now():
        return no(_("%(unit)s har inte fått den senaste planen. Lämna ut den först.") % {"unit": unit.name})
    return YES


def may_answer_lead(actor: Actor, case: Case, transfer: LeadTransfer | None) -> Ruling:
    """May she answer for the unit that was asked?"""
    if actor.kind is not Kind.PROFESSIONAL or actor.role not in CASE_ROLES:
        return no(_("I den här rollen leder man inga ärenden. Byt uppdrag om du har ett annat."))
    if transfer is None or transfer.to_unit_id != actor.unit_id:
        return no(_("Er enhet är inte tillfrågad om att ta över ledningen."))
    return all_of(_is_not_protected(case), _is_unanswered(transfer), _is_led_still(case))


def may_take_back_lead(actor: Actor, case: Case, transfer: LeadTransfer) -> Ruling:
    """May the question be taken back? By those who asked, until it has been answered."""
    if not is_held(case, actor):
        return no(_("Bara de som frågade kan ta tillbaka frågan."))
    return _is_unanswered(transfer)


def _is_not_protected(case: Case) -> Ruling:
    """Her name and number would lie in a record that nobody has marked, before anybody could mark it."""
    if not case.is_protected:
        return YES
    return no(
        _(
            "Personen har skyddade uppgifter. Ring den andra myndigheten: de öppnar ett eget ärende, sätter "
            "skyddet där och får underlaget på papper."
        )
    )


# --- what happens -------------------------------------------------------------------------------------------


@transaction.atomic
def offer_lead(case: Case, plan: Plan | None, *, unit: Unit, note: str = "", by: Actor) -> LeadTransfer:
    """Ask a unit that has the plan whether it takes over the lead. Until it answers nothing is changed."""
    may_change(by, case).enforce()
    take_turn(case)
    transfers, working = lead_transfers_in(case.pk), who_works_in(case)
    may_offer_lead(by, case, plan, working=working, transfers=transfers).enforce()
    handed = handed_newest(case, unit)
    may_be_asked(unit, case, consents_of(case), handed).enforce()
    assert handed is not None
    offered_by: dict[str, Any] = {"offered_by_id": by.id}
    transfer = LeadTransfer(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person_id=case.person_id,
        case=case,
        to_unit=unit,
        disclosure=handed,
        note=note,
        offered_at=now(),
        **offered_by,
    )
    transfer.save(force_insert=True)
    notifications.queue(NoticeKind.LEAD_OFFERED, unit=unit, about=transfer.pk, leaves_at=now() + GRACE, by=by)
    _record(Tag.LEAD_OFFERED, case, transfer)
    return transfer


@transaction.atomic
def take_back_lead(transfer: LeadTransfer, *, by: Actor) -> LeadTransfer:
    """Take the question back; the notice of it does not leave, or leads to nothing."""
    may_take_back_lead(by, transfer.case, transfer).enforce()
    _answered(transfer, taken_back_at=now())
    notifications.stop(transfer.pk)
    _record(Tag.LEAD_TAKEN_BACK, transfer.case, transfer)
    return transfer


@transaction.atomic
def decline_lead(transfer: LeadTransfer, *, why: str, by: Actor) -> LeadTransfer:
    """Say no, and why, to those who asked."""
    may_answer_lead(by, transfer.case, transfer).enforce()
    if not why.strip():
        raise NotAllowed(_("Skriv varför ni inte tar över."))
    told = {"is_accepted": False, "declined_why": why}
    _answered(transfer, answered_at=now(), answered_by_id=by.id, **told)
    _record(Tag.LEAD_DECLINED, transfer.case, transfer)
    return transfer


@transaction.atomic
def take_over(transfer: LeadTransfer, *, given_name: str, family_name: str, by: Actor) -> Case:
    """Take over the lead: the person in our own record, a case of our own, and the plan as far as we have it.

    The name is read and written anew by whoever takes over: in what was handed over it stands in one line.
    """
    old = transfer.case
    may_answer_lead(by, old, transfer).enforce()
    _hold(transfer)
    parts = newest_plan(parts_seen(old.pk))
    details = PersonDetails(given_name=given_name, family_name=family_name, number=number_in(parts))
    person = register(details, by=by).person
    unit = Unit.objects.get(pk=by.unit_id)
    beginning = InitiationDetails(
        profession=profession_of(by), unit=unit, need_seen_on=day_of(old.opened_at), via_coordinator=False
    )
    case = continue_case(person=person, after=old, initiation=beginning, by=by)
    if not _accepted(transfer, case):
        raise NotAllowed(_("Frågan är redan besvarad eller återtagen."))
    _write_on(case, parts, by=by)
    _record(Tag.LEAD_TAKEN_OVER, old, transfer)
    _record(Tag.LEAD_TAKEN_OVER, case, transfer)
    return case


# --- what was handed over -----------------------------------------------------------------------------------


def handed_newest(case: Case, unit: Unit) -> Disclosure | None:
    """The act by which a unit got the newest adopted plan, for those who hold the case."""
    return _handed_newest(case).get(unit.pk)


def _handed_newest(case: Case) -> dict[UUID, Disclosure]:
    """The acts by which the newest adopted plan was handed over, by unit: two questions."""
    newest = next(iter(versions_of(case)), None)
    acts = disclosures_of(case.pk) if newest else []
    got = [one for one in acts if newest and one.document_id == newest.pk and one.recalled_at is None]
    return {one.receiver_unit_id: one for one in reversed(got)}


def units_to_ask(case: Case) -> list[Unit]:
    """The units that have the newest plan and may know who it is about and who does what."""
    consents = consents_of(case)
    units = {one.receiver_unit_id: one.receiver_unit for one in consents}
    handed = _handed_newest(case)
    return [unit for unit in units.values() if may_be_asked(unit, case, consents, handed.get(unit.pk))]


def newest_plan(parts: Sequence[DocumentPart]) -> list[DocumentPart]:
    """The parts of the newest plan among what a receiver has."""
    plans = [one for one in parts if one.kind == DocumentKind.PLAN]
    newest = max((one.version for one in plans), default=0)
    return [one for one in plans if one.version == newest]


def name_in(parts: Sequence[DocumentPart]) -> tuple[str, str]:
    """Given and family name as they probably are: the last word is the family's. Whoever takes over looks."""
    given, _gap, family = next((value for _label, value in _identity(parts)), "").rpartition(" ")
    return (given, family) if given else (family, "")


def number_in(parts: Sequence[DocumentPart]) -> Number | None:
    """The number that was handed over; none for a temporary code, which is its holder's own."""
    for _label, value in _identity(parts)[1:2]:
        try:
            return parse(value, today())
        except NotANumber:
            return None
    return None


def _identity(parts: Sequence[DocumentPart]) -> list[list[str]]:
    """Whom it is about, as it was frozen: the name first, then what she is registered by."""
    blocks = blocks_of(parts).get(Category.IDENTITY, [])
    rows: list[list[str]] = next((block["rows"] for block in blocks if block["kind"] == "facts"), [])
    return rows


def _write_on(case: Case, parts: Sequence[DocumentPart], *, by: Actor) -> None:
    """The plan as a draft of our own: what was handed over to us, each row as secret as it was."""
    plan = actions.start_plan(case, by=by)
    goals: dict[str, Goal] = {}
    every = [(category, block) for category, blocks in blocks_of(parts).items() for block in blocks]
    for category, block in _of_kind(every, "own_goal"):
        told = {"text": block["text"], "told_to": block["told_to"], "category": category}
        plan = actions.say_own_goal(plan, **told, said_on=_day(block["said_on"]), version=plan.version, by=by)
    for category, block in _of_kind(every, "goal"):
        area = _area(block["area"])
        if area is not None:
            said = {"situation": block["situation"], "text": block["text"], "category": category}
            goals[block["id"]] = actions.add_goal(plan, life_area=area, **said, by=by)
    for category, block in _of_kind(every, "commitment"):
        details = _commitment(block)
        actions.add_commitment(plan, goal=goals.get(block["goal"]), category=category, **details, by=by)
    _write_beside(plan, every, goals, by=by)


def _write_beside(
    plan: Plan, every: Sequence[tuple[str, Block]], goals: Mapping[str, Goal], *, by: Actor
) -> None:
    """The steps, what nobody does and the other plans, as far as they were handed over."""
    for _category, block in _of_kind(every, "milestone"):
        if block["goal"] in goals:
            words: dict[str, Any] = {"text": block["text"], "due_on": _day(block["due_on"])}
            actions.add_milestone(plan, goal=goals[block["goal"]], **words, by=by)
    for category, block in _of_kind(every, "reservation"):
        unit = Unit.objects.filter(pk=UUID(block["unit"])).first()
        if unit is not None:
            words = {"what": block["what"], "why": block["why"]}
            actions.add_reservation(plan, unit=unit, **words, category=category, by=by)
    for category, block in _of_kind(every, "unmet_need"):
        area = _area(block["area"])
        if area is not None:
            words = {"what": block["what"], "why": block["code"]}
            actions.add_unmet_need(plan, life_area=area, **words, category=category, by=by)
    for category, block in _of_kind(every, "other_plan"):
        words = {"kind": block["code"], "owner": block["who"], "reference": block["reference"]}
        dated_on = _day(block["dated_on"])
        actions.add_other_plan(plan, **words, dated_on=dated_on, category=category, by=by)


def _commitment(block: Block) -> Any:
    unit = Unit.objects.filter(pk=UUID(block["unit"])).first() if block["unit"] else None
    doer = Doer(block["doer"])
    if doer is Doer.UNIT and unit is None:
        doer = Doer.OTHER  # The unit is gone from the förbund; what it was to do is not.
    return {
        "doer": doer,
        "unit": unit,
        "other": block["who"] if doer is Doer.OTHER else "",
        "responsible": block["responsible"],
        "what": block["what"],
        "starts_on": _day(block["starts_on"]),
        "starts_when": block.get("starts_when", ""),
        "due_on": _day(block["due_on"]),
        "known_by": block["known_by"],
        "person_does": block["person_does"],
    }


def _of_kind(every: Iterable[tuple[str, Block]], kind: str) -> list[tuple[str, Block]]:
    return [(category, block) for category, block in every if block["kind"] == kind]


def _area(name: str) -> LifeArea | None:
    """The life area of that name, else the first: a goal is not lost because a word was changed."""
    found = list(life_areas())
    return next((one for one in found if one.name == name), found[0] if found else None)


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


# --- small rules and the writing ----------------------------------------------------------------------------


def _is_adopted(plan: Plan | None) -> Ruling:
    if plan is None or not plan.adopted_version:
        return no(_("Planen är inte fastställd. Den som tar över ska ha något att leda."))
    if plan.is_changed:
        return no(_("Planen är ändrad sedan den fastställdes. Fastställ den och lämna ut den först."))
    return YES


def _asks_nobody_else(transfers: Iterable[LeadTransfer]) -> Ruling:
    for one in transfers:
        if one.answered_at is None and one.taken_back_at is None:
            words = {"unit": one.to_unit.name}
            return no(_("%(unit)s är redan tillfrågad. Ta tillbaka den frågan först.") % words)
    return YES


def _may_know(unit: Unit, consents: Iterable[Consent]) -> bool:
    return any(
        one.receiver_unit_id == unit.pk
        and state_of(one, now()) is ConsentState.IN_FORCE
        and set(NEEDED) <= {*one.categories, Category.IDENTITY}
        for one in consents
    )


def _is_unanswered(transfer: LeadTransfer) -> Ruling:
    if transfer.taken_back_at is not None:
        return no(_("Frågan är återtagen."))
    return no(_("Frågan är redan besvarad.")) if transfer.answered_at is not None else YES


def _is_led_still(case: Case) -> Ruling:
    if case.state == CaseState.OPEN:
        return YES
    return no(_("Ärendet är avslutat hos dem som frågade."))


def _waiting(transfer: LeadTransfer) -> QuerySet[LeadTransfer]:
    return LeadTransfer.objects.filter(pk=transfer.pk, answered_at__isnull=True, taken_back_at__isnull=True)


def _hold(transfer: LeadTransfer) -> None:
    """Nobody else answers it, nor takes it back, until the transaction ends."""
    if _waiting(transfer).select_for_update(of=("self",)).first() is None:
        raise NotAllowed(_("Frågan är redan besvarad eller återtagen."))


def _answered(transfer: LeadTransfer, **fields: Any) -> None:
    """Under the row policies an answer that may not be given hits nothing."""
    if _waiting(transfer).update(**fields) != 1:
        raise NotAllowed(_("Frågan är redan besvarad eller återtagen."))
    for name, value in fields.items():
        setattr(transfer, name, value)


def _accepted(transfer: LeadTransfer, case: Case) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT accept_lead(%s, %s)", [transfer.pk, case.pk])
        row: tuple[bool] = cursor.fetchone()
    return row[0]


def _record(tag: Tag, case: Case, transfer: LeadTransfer) -> None:
    record(tag, case=case.pk, person=case.person_id, items=[("lead_transfer", transfer.pk, 0)])
