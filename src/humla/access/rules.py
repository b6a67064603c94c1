"""What may be done about access: who asks, who decides, who opens, who reviews, who answers a person.

Here: the rules. Not here: what a yes leads to, a consent (`humla.consents.rules`) or a colleague's assignment
(`humla.cases.rules`).

There is no emergency opening across authorities: planning is not an emergency. Within one, the manager of the
unit that answers for the case may open it in the open.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from humla.access.models import ArrivedRequest, LookQuestion, RequestAnswer
from humla.cases.models import Case, CaseAssignment, CaseRole, CaseState
from humla.core.context import Actor, Kind
from humla.core.rulings import YES, Ruling, all_of, no
from humla.organisation.models import CASE_ROLES, Role

OPEN_FOR = timedelta(hours=4)
"""So long a manager's opening lasts (`open_as_manager()` in the walls)."""

ASKS_A_DAY = 10
"""So many times one may ask: whoever guesses at references learns nothing, and is not let go on either."""


def may_ask(actor: Actor, asked_last_day: int) -> Ruling:
    """May she ask to be let in to a case? Whoever works in cases, and some times a day."""
    if actor.kind is not Kind.PROFESSIONAL or actor.role not in CASE_ROLES:
        return no(_("I den här rollen arbetar man inte i ärenden. Byt uppdrag om du har ett annat."))
    if asked_last_day >= ASKS_A_DAY:
        words = _("Du har frågat %(count)s gånger på ett dygn. Vänta till i morgon, eller ring enheten.")
        return no(words % {"count": asked_last_day})
    return YES


def may_answer_request(
    actor: Actor, case: Case, arrived: ArrivedRequest, *, working: Iterable[CaseAssignment]
) -> Ruling:
    """May she answer somebody who asks? The responsible, while it is not a yes."""
    return all_of(_holds(actor, case), _goes_on(case), _is_responsible(actor, working), _is_not_yes(arrived))


def may_speak_of(actor: Actor, arrived: ArrivedRequest) -> Ruling:
    """May the person say what she wants? Until it has been answered by somebody else."""
    if actor.kind is not Kind.PERSON:
        return no(_("Det är personen själv som säger vad hon vill."))
    if arrived.answer == RequestAnswer.OPEN or (
        arrived.answer == RequestAnswer.NO and arrived.answered_by_id == actor.id
    ):
        return YES
    return no(_("Frågan är redan besvarad."))


def may_open_as_manager(actor: Actor) -> Ruling:
    """May she open a case of her unit without being in it? Its manager, in the open, for four hours."""
    if actor.kind is Kind.PROFESSIONAL and actor.role == Role.MANAGER:
        return YES
    return no(_("Bara enhetens chef öppnar ett ärende som hon inte deltar i."))


def may_read_log(actor: Actor) -> Ruling:
    """May she go through who has looked? The authority's log reviewer."""
    if actor.kind is Kind.PROFESSIONAL and actor.role == Role.LOG_REVIEWER:
        return YES
    return no(_("Bara loggranskaren går igenom vilka som har läst."))


def may_review(actor: Actor, who: UUID | None, authority: UUID | None) -> Ruling:
    """May she say whether somebody had a reason? Of her own authority's people, and never of herself."""
    return all_of(
        may_read_log(actor),
        YES if authority == actor.authority_id else no(_("En annan myndighets loggranskare granskar det.")),
        no(_("Du granskar inte dig själv. Någon annan loggranskare gör det.")) if who == actor.id else YES,
    )


def may_read_questions(actor: Actor) -> Ruling:
    """May she read what persons ask about looks? The unit's manager and the authority's log reviewer."""
    if actor.kind is Kind.PROFESSIONAL and actor.role in (Role.MANAGER, Role.LOG_REVIEWER):
        return YES
    return no(_("Enhetens chef och loggranskaren läser personernas frågor."))


def may_answer_look(actor: Actor, question: LookQuestion) -> Ruling:
    """May she answer? Not about herself; and what somebody has answered only she says better."""
    return all_of(
        may_read_questions(actor),
        YES if question.authority_id == actor.authority_id else no(_("Frågan är till en annan myndighet.")),
        no(_("Frågan gäller dig själv. Loggranskaren svarar.")) if question.about_id == actor.id else YES,
        no(_("Frågan är redan besvarad av en kollega."))
        if question.answered_by_id not in (None, actor.id)
        else YES,
    )


def may_take_back(actor: Actor, question: LookQuestion) -> Ruling:
    """May the person take her question back? Until it has been answered."""
    if actor.kind is not Kind.PERSON:
        return no(_("Bara den som har frågat tar tillbaka sin fråga."))
    return YES if question.answered_at is None else no(_("Frågan är redan besvarad."))


def may_set_openness(actor: Actor) -> Ruling:
    """May she write down what an authority has decided? The administrator."""
    if actor.kind is Kind.ADMIN:
        return YES
    return no(_("Förbundets administratör skriver in vad myndigheten har bestämt."))


def _holds(actor: Actor, case: Case) -> Ruling:
    if case.authority_id == actor.authority_id:
        return YES
    return no(_("%(authority)s har ärendet och svarar.") % {"authority": case.authority.name})


def _goes_on(case: Case) -> Ruling:
    return YES if case.state == CaseState.OPEN else no(_("Ärendet är avslutat."))


def _is_responsible(actor: Actor, working: Iterable[CaseAssignment]) -> Ruling:
    responsible = next((one for one in working if one.role == CaseRole.RESPONSIBLE), None)
    if responsible is None:
        return no(_("Ärendet har ingen ansvarig just nu."))
    if (responsible.professional_id, responsible.unit_id) == (actor.id, actor.unit_id):
        return YES
    return no(_("%(name)s är ansvarig för ärendet och svarar.") % {"name": responsible.professional.name})


def _is_not_yes(arrived: ArrivedRequest) -> Ruling:
    return no(_("Svaret är redan ja.")) if arrived.answer == RequestAnswer.YES else YES
