"""What may be done with a request: who asks, who answers, with which ground, who takes it back.

Here: the rules. Not here: who may start a plan by the agreement (`humla.agreements.rules`): whoever takes
over must, and that is asked through `humla.cases.rules`.
"""

from django.utils.translation import gettext as _

from humla.cases.rules import may_open
from humla.core.context import Actor, Kind
from humla.core.rulings import YES, Ruling, all_of, no
from humla.initiations.models import AskedBy, DeclineGround, PlanRequest, RequestState
from humla.initiations.visibility import Asked
from humla.organisation.models import CASE_ROLES, Role, Unit

ASKING_ROLES = CASE_ROLES | {Role.CHAMPION}

_TELLS_OF_HER = (DeclineGround.PLAN_EXISTS, DeclineGround.PERSON_SAYS_NO)
"""Grounds that say something of the person. Nobody knows who reads an answer without account, and another
authority may not learn that she is known here (25 and 26 chap. OSL)."""


def may_ask(actor: Actor) -> Ruling:
    """May she ask another unit to start a plan? Everybody who works with people at a party."""
    if actor.kind is Kind.PROFESSIONAL and actor.role in ASKING_ROLES:
        return YES
    return no(_("I den här rollen ber man inte om en plan. Byt uppdrag om du har ett annat."))


def may_ask_unit(actor: Actor, unit: Unit, *, names_person: bool, agrees: bool) -> Ruling:
    """May she ask this unit in these words? Another authority learns who it is only by her yes."""
    if unit.pk == actor.unit_id:
        return no(_("Det är din egen enhet. Öppna ärendet, eller be en kollega som får starta."))
    if names_person and unit.authority_id != actor.authority_id and not agrees:
        return no(
            _(
                "Enheten hör till en annan myndighet. Fråga personen först, och kryssa i att hen har sagt ja."
                " Eller skicka utan namn."
            )
        )
    return may_ask(actor)


def may_read(actor: Actor) -> Ruling:
    """May she see what has come to the unit? Those who work in cases."""
    if actor.kind is Kind.PROFESSIONAL and actor.role in CASE_ROLES:
        return YES
    return no(_("De som arbetar i ärenden på enheten läser begäran."))


def may_answer(actor: Actor, one: PlanRequest) -> Ruling:
    """May she answer it? Somebody of the unit that it came to, while it waits."""
    return all_of(_is_ours(actor, one), _stands(one), _waits(one))


def may_take_over(actor: Actor, one: PlanRequest) -> Ruling:
    """May she take it over? Then she opens a case of it, so her profession must be one that starts plans."""
    return all_of(may_answer(actor, one), may_open(actor))


def may_decline(actor: Actor, one: PlanRequest) -> Ruling:
    """May she say no? Also after taking it over, until a case is opened."""
    if one.answer == RequestState.TAKEN:
        return all_of(_is_ours(actor, one), _stands(one), _no_case(one))
    return may_answer(actor, one)


def may_undo(actor: Actor, one: PlanRequest) -> Ruling:
    """May the answer be taken back? Then it waits again, and whoever asked sees that."""
    if one.answer == RequestState.WAITING:
        return no(_("Begäran är inte besvarad."))
    return all_of(_is_ours(actor, one), _stands(one), _no_case(one))


def may_open_of(actor: Actor, one: PlanRequest) -> Ruling:
    """May she open a case of it? Whoever took it over."""
    ruling = all_of(_is_ours(actor, one), _stands(one), _no_case(one))
    if not ruling:
        return ruling
    if one.answer != RequestState.TAKEN:
        return no(_("Ta över begäran först."))
    if one.answered_by_id != actor.id:
        return no(_("En kollega har tagit över begäran och öppnar ärendet."))
    return may_open(actor)


def may_pass_on(actor: Actor, one: PlanRequest, unit: Unit | None = None) -> Ruling:
    """May it be sent on? Within the authority; to another when whoever asked has said so."""
    ruling = may_answer(actor, one)
    if not ruling or unit is None:
        return ruling
    if unit.pk in (one.unit_id, one.asker_unit_id):
        return no(_("Välj en annan enhet än den begäran kommer från."))
    if unit.authority_id != one.authority_id and not one.may_pass_on:
        return no(
            _(
                "Den som frågar har inte sagt att begäran får gå till en annan myndighet."
                " Svara nej, och skriv vart hen kan vända sig."
            )
        )
    return YES


def grounds_for(one: PlanRequest) -> list[DeclineGround]:
    """The grounds that may be told to whoever asks: to a colleague of the authority every one."""
    is_colleague = (
        one.asked_by == AskedBy.PROFESSIONAL
        and one.asker_unit is not None
        and one.asker_unit.authority_id == one.authority_id
    )
    return [ground for ground in DeclineGround if is_colleague or ground not in _TELLS_OF_HER]


def may_decline_so(one: PlanRequest, ground: str, instead: str) -> Ruling:
    """Does a no say why, and what to do instead?"""
    if ground not in [each.value for each in grounds_for(one)]:
        return no(_("Välj varför ni säger nej."))
    return YES if instead.strip() else no(_("Skriv vad personen kan göra i stället."))


def may_count(actor: Actor) -> Ruling:
    """May she see how many there have been? Coordinators and managers of the authority."""
    if actor.kind is Kind.PROFESSIONAL and actor.role in (Role.COORDINATOR, Role.MANAGER):
        return YES
    return no(_("SIP-samordnaren och chefen ser hur många som har frågat."))


def may_take_back(asked: Asked) -> Ruling:
    """May whoever asked take it back? Until it is answered."""
    if asked.taken_back_at:
        return no(_("Begäran är redan tillbakatagen."))
    return YES if asked.answer == RequestState.WAITING else no(_("Begäran är redan besvarad."))


def may_name(asked: Asked) -> Ruling:
    """May she tell who it is about, now that the person has said yes?"""
    if asked.taken_back_at or asked.answer not in (RequestState.WAITING, RequestState.TAKEN):
        return no(_("Begäran är redan besvarad."))
    return YES


def _is_ours(actor: Actor, one: PlanRequest) -> Ruling:
    if one.unit_id == actor.unit_id:
        return may_read(actor)
    return no(_("Begäran är hos en annan enhet."))


def _stands(one: PlanRequest) -> Ruling:
    if one.taken_back_at is not None:
        return no(_("Den som frågade har tagit tillbaka sin begäran."))
    return no(_("Begäran är besvarad och tömd.")) if one.emptied_at is not None else YES


def _waits(one: PlanRequest) -> Ruling:
    if one.answer == RequestState.WAITING:
        return YES
    return no(_("Begäran är redan besvarad."))


def _no_case(one: PlanRequest) -> Ruling:
    return YES if one.case_id is None else no(_("Begäran har redan lett till ett ärende."))
