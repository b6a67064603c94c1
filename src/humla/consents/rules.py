"""What may happen to a consent: who writes it down, how far it may reach, when it can be taken back.

Here: answers about one consent or one answer. Not here: what a consent opens for reading
(`humla.disclosures.visibility`) nor the handing over (`humla.disclosures.rules`).

Consent breaks secrecy (10 kap. 1 § and 12 kap. 2 § OSL) only as far as it says something: to whom, which
kinds of information, for how long. So "alla parter, allt, tills vidare" has no way in here: receivers one
by one, always an end, and an end within reach.
"""

from calendar import monthrange
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from humla.cases.models import RELEASABLE, Case, Category
from humla.cases.rules import may_change
from humla.consents.models import Consent, ConsentState, PlanConsent, WordingKind
from humla.consents.reviewed import in_use
from humla.consents.visibility import state_of
from humla.core.context import Actor, Kind, now, today
from humla.core.dates import day_of, written_date
from humla.core.rulings import YES, Ruling, all_of, no
from humla.organisation.models import CASE_ROLES, Unit
from humla.organisation.visibility import units_to_choose
from humla.people.models import Language
from humla.representatives.models import GivenBy

SUGGESTED_MONTHS = 6
"""What the form suggests: a plan is followed up at least that often, and then the question is asked anew."""

ASK_AGAIN = timedelta(days=30)
"""So long before a consent ends the person is asked again: it takes a meeting to ask."""

LONGEST_MONTHS = 12
"""The law sets no limit; a consent is to be limited in time and to this coordination. After a year nobody
remembers what was said, so it is asked again."""


def may_record(actor: Actor, case: Case) -> Ruling:
    """May she write down what the person has answered, in this case?"""
    return may_change(actor, case)


def may_answer_plan(actor: Actor, case: Case, *, agrees: bool, instead: str) -> Ruling:
    """The answer to making a plan. A no is as good as a yes, and says what happens instead."""
    return all_of(
        may_record(actor, case),
        YES if agrees or instead.strip() else no(_("Skriv vad som händer i stället för en plan.")),
    )


def may_ask(actor: Actor, case: Case, answer: PlanConsent | None) -> Ruling:
    """May a consent to some receiver be written down at all?"""
    return all_of(may_record(actor, case), _plan_is_not_refused(answer))


def may_give(
    actor: Actor,
    case: Case,
    *,
    unit: Unit,
    categories: Collection[str],
    ends_on: date,
    answer: PlanConsent | None,
) -> Ruling:
    """May a yes to this receiver be written down as it is said?"""
    return all_of(
        may_ask(actor, case, answer),
        _is_another_authority(case, unit),
        _takes_part(unit),
        _can_be_released(categories),
        ends_within_reach(ends_on),
    )


def may_withdraw(actor: Actor, consent: Consent) -> Ruling:
    """The person, always; else those of the authority where it was given. Also when the case is closed."""
    return all_of(_is_giver(actor, consent), _is_open(consent))


def may_narrow(actor: Actor, consent: Consent, *, categories: Collection[str], ends_on: date) -> Ruling:
    """Less than before and nothing more; to get more, the person is asked for a new consent."""
    return all_of(
        may_withdraw(actor, consent), _can_be_released(categories), _is_less(consent, categories, ends_on)
    )


def plan_is_agreed(answer: PlanConsent | None) -> Ruling:
    """Has the person said yes to a plan being made?"""
    if answer is None:
        return no(_("Personen har inte svarat på om en plan får göras. Skriv in svaret först."))
    return YES if answer.agrees else no(_("Personen har sagt nej till en plan."))


def ends_within_reach(ends_on: date) -> Ruling:
    """Is the last day ahead, and not further than a consent may reach?"""
    furthest = months_after(today(), LONGEST_MONTHS)
    if ends_on < today():
        return no(_("Samtyckets sista dag har redan varit. Välj en dag framåt."))
    if ends_on > furthest:
        return no(
            _("Ett samtycke kan gälla i högst %(months)s månader. Välj senast den %(day)s.")
            % {"months": LONGEST_MONTHS, "day": written_date(furthest)}
        )
    return YES


def is_offered(case: Case, about: WordingKind, language: str, *, with_interpreter: bool) -> Ruling:
    """Is there a reviewed text in the language? Otherwise the Swedish one is read, through an interpreter."""
    if with_interpreter or language == Language.SWEDISH or language in in_use(case.association_id, about):
        return YES
    spoken = dict(Language.choices).get(language, language)
    return no(
        _("Ingen har granskat texten på %(language)s. Läs den svenska, och kryssa i att tolk var med.")
        % {"language": spoken}
    )


def was_said(said_on: date) -> Ruling:
    """An answer is written down when it has been given, the same day or later."""
    return YES if said_on <= today() else no(_("Dagen har inte varit än. Skriv den dag då svaret gavs."))


def last_day(ends_at: datetime) -> date:
    """The last day on which a consent that ends at this instant holds."""
    return day_of(ends_at - timedelta(microseconds=1))


def months_after(on: date, months: int) -> date:
    """The same day some months later, or that month's last day."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def ends_soon(consent: Consent, at: datetime) -> bool:
    """Is it time to ask again? While it holds, and its last days have come."""
    return state_of(consent, at) is ConsentState.IN_FORCE and consent.ends_at <= at + ASK_AGAIN


def _plan_is_not_refused(answer: PlanConsent | None) -> Ruling:
    if answer is None or answer.agrees:
        return YES
    return no(_("Personen har sagt nej till en plan. Skriv in ett nytt svar om personen har ändrat sig."))


def _is_another_authority(case: Case, unit: Unit) -> Ruling:
    if unit.association_id == case.association_id and unit.authority_id != case.authority_id:
        return YES
    return no(_("Samtycke behövs bara för en annan myndighet. Välj en enhet där."))


def _takes_part(unit: Unit) -> Ruling:
    if units_to_choose().filter(pk=unit.pk).exists():
        return YES
    return no(
        _("%(unit)s har upphört eller deltar inte i planer. Välj en annan enhet.") % {"unit": unit.name}
    )


def _can_be_released(categories: Collection[str]) -> Ruling:
    if set(categories) <= set(RELEASABLE):
        return YES
    return no(_("Egna anteckningar och skyddade uppgifter kan aldrig lämnas ut."))


def _is_giver(actor: Actor, consent: Consent) -> Ruling:
    if actor.kind is Kind.PERSON:
        return YES  # Only her own consents reach her: the row policies show no other.
    if actor.kind is Kind.REPRESENTATIVE:
        return _was_not_hers_alone(consent)
    if (
        actor.kind is Kind.PROFESSIONAL
        and actor.role in CASE_ROLES
        and actor.association_id == consent.association_id
        and actor.authority_id == consent.authority_id
    ):
        return YES
    return no(_("Bara den myndighet som personen gav samtycket till kan ändra det."))


def _was_not_hers_alone(consent: Consent) -> Ruling:
    """The row policies show a representative only what her mandate reaches."""
    if consent.given_by == GivenBy.PERSON:
        return no(
            _("Personen har själv sagt ja. Bara personen tar tillbaka det, själv eller genom er kontakt.")
        )
    return YES


def may_replace_by_mandate(case: Case, unit: Unit) -> Ruling:
    """Whoever answers for the person does not write over what she has said herself."""
    hers = Consent.objects.filter(
        case_id=case.pk,
        receiver_unit_id=unit.pk,
        given_by=GivenBy.PERSON,
        withdrawn_at__isnull=True,
        ends_at__gt=now(),
    )
    if hers.exists():
        return no(_("Personen har själv svarat om den enheten, och det svaret gäller."))
    return YES


def _is_open(consent: Consent) -> Ruling:
    match state_of(consent, now()):
        case ConsentState.WITHDRAWN:
            return no(_("Samtycket är redan återkallat."))
        case ConsentState.ENDED:
            return no(_("Samtyckets tid är redan slut."))
    return YES


def _is_less(consent: Consent, categories: Collection[str], ends_on: date) -> Ruling:
    before, after = set(consent.categories), set(categories) | {Category.IDENTITY}
    until = last_day(consent.ends_at)
    if not after <= before or ends_on > until:
        return no(
            _("Här går det bara att ta bort. Skriv in ett nytt samtycke om personen vill säga ja till mer.")
        )
    if ends_on < today():
        return no(_("Den nya sista dagen har redan varit. Återkalla samtycket om det ska sluta gälla nu."))
    if after == before and ends_on == until:
        return no(_("Inget är ändrat. Ta bort det som enheten inte längre får veta."))
    return YES
