"""A case of Eva's, brought as far as a test needs it, through the real actions and both walls."""

from collections.abc import Collection
from datetime import date, timedelta

from humla.cases.actions import open_case as open_the_case
from humla.cases.models import Case, Category
from humla.consents import actions as consent_actions
from humla.consents.models import Consent, Manner
from humla.core.context import Actor, acting, now
from humla.core.dates import today
from humla.core.numbers import parse
from humla.disclosures import actions as disclosure_actions
from humla.disclosures.models import Disclosure, Document
from humla.organisation.models import Unit
from humla.people.actions import PersonDetails, register
from humla.people.models import Language
from humla.plans import actions as plan_actions
from humla.plans.models import Doer, Plan
from tests.cast import Cast

OWN_GOAL = "Jag vill orka vara med mina barn på sportlovet."
REFERRAL = "Skriva remiss till neuropsykiatrisk utredning"
BUDGET = "Gå igenom skulderna tillsammans med Eva"


def open_case(cast: Cast, *, by: Actor, number: str = "", name: str = "Eva Ek") -> Case:
    """Siv opens a case about Eva."""
    given, _, family = name.partition(" ")
    with acting(by):
        details = PersonDetails(
            given_name=given,
            family_name=family,
            number=parse(number or cast.eva, today()),
            language=Language.SWEDISH,
        )
        registered = register(details, by=by)
        return open_the_case(person=registered.person, reason="Många kontakter, ingen gemensam plan.", by=by)


def agreed(case: Case, *, by: Actor) -> Case:
    """Eva has said yes to a plan being made."""
    with acting(by):
        consent_actions.answer_plan(
            case,
            agrees=True,
            manner=Manner.ORAL,
            heard_by="Siv Sandberg",
            language="sv",
            with_interpreter=False,
            instead="",
            by=by,
        )
    return case


def consent(
    case: Case,
    unit: Unit,
    *,
    by: Actor,
    categories: Collection[Category] = (Category.PLANNING, Category.NEEDS),
) -> Consent:
    """Eva has said yes to one receiver, for half a year."""
    with acting(by):
        return consent_actions.give(
            case,
            unit=unit,
            categories=categories,
            exceptions="",
            ends_on=now().date() + timedelta(days=180),
            manner=Manner.ORAL,
            heard_by="Siv Sandberg",
            language="sv",
            with_interpreter=False,
            by=by,
        )


def whole_plan(cast: Cast, case: Case, *, by: Actor) -> Plan:
    """A plan with the four statutory parts, one of its rows about health and one about economy."""
    with acting(by):
        plan = plan_actions.start_plan(case, by=by)
        area = cast.agreement.life_areas.order_by("position")[0]
        plan = plan_actions.say_own_goal(
            plan,
            text=OWN_GOAL,
            said_on=date(2026, 11, 20),
            told_to="Siv Sandberg",
            version=plan.version,
            by=by,
        )
        goal = plan_actions.add_goal(
            plan, life_area=area, situation="Försörjningsstöd sedan två år.", text="En egen inkomst.", by=by
        )
        unit, by_when = cast.units["siv"], date(2027, 1, 15)
        plan_actions.add_commitment(
            plan, goal=goal, doer=Doer.UNIT, unit=unit, what="Boka studiebesök", due_on=by_when, by=by
        )
        plan_actions.add_commitment(
            plan, doer=Doer.UNIT, unit=cast.units["lena"], what=REFERRAL, category=Category.HEALTH, by=by
        )
        plan_actions.add_commitment(
            plan, doer=Doer.UNIT, unit=unit, what=BUDGET, category=Category.ECONOMY, due_on=by_when, by=by
        )
        plan_actions.add_commitment(plan, doer=Doer.PERSON, what="Ringa vårdcentralen", by=by)
        plan.refresh_from_db()
        return plan_actions.settle(
            plan,
            accountable_party=cast.parties["Humlesunds kommun"],
            lead_id=by.id,
            nothing_by_others=False,
            follow_up_on=date(2027, 2, 20),
            version=plan.version,
            by=by,
        )


def adopted_plan(cast: Cast, *, by: Actor) -> Document:
    """Eva's case with a consent to Arbetsförmedlingen and an adopted plan, not yet handed over."""
    case = agreed(open_case(cast, by=by), by=by)
    consent(case, cast.units["amir"], by=by)
    plan = whole_plan(cast, case, by=by)
    with acting(by):
        return plan_actions.adopt(plan, version=plan.version, by=by)


def handed_over(cast: Cast, document: Document, *, by: Actor, to: Unit) -> Disclosure:
    """The document handed over to a unit that the person has consented to."""
    with acting(by):
        return disclosure_actions.disclose(document, unit=to, by=by)


def taken_in(disclosure: Disclosure, *, by: Actor) -> None:
    """The receiving unit's way in takes it herself."""
    with acting(by):
        disclosure_actions.take_in(disclosure, by.id, by=by)
