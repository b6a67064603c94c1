"""What may happen to a plan: who writes in it, and what must stand in it before it can be adopted.

Here: the four parts that the law asks of a plan, each with the sentence that says what to do. Not here:
the text of the law (`humla.agreements.LawReference`: sections move, SoL did in 2025), nor who reads a plan
(`humla.disclosures.visibility`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from humla.cases.models import CHOSEN, Case, Category
from humla.cases.rules import may_change
from humla.consents.models import PlanConsent
from humla.consents.rules import plan_is_agreed
from humla.core.context import Actor
from humla.core.rulings import YES, Ruling, all_of, no
from humla.organisation.models import Party
from humla.plans.document import commitments_in
from humla.plans.models import Commitment, Doer, Goal, PersonSays, Plan
from humla.plans.visibility import HUVUDMAN

CATEGORIES = (*CHOSEN, Category.INTERNAL)
"""What a row of a plan can be. That there is a case is IDENTITY by itself; contacts are not plan rows."""


_ORDINARY = (Category.PLANNING, Category.NEEDS)
_WIDER_THAN: dict[str, tuple[Category, ...]] = {
    Category.HEALTH: _ORDINARY,
    Category.ECONOMY: _ORDINARY,
    Category.INTERNAL: (*_ORDINARY, Category.HEALTH, Category.ECONOMY),
}
"""What is told to more than each of the secret kinds."""


class StatutoryPart(StrEnum):
    """The four things that a plan must show."""

    NEEDED = "needed"
    HUVUDMAN = "huvudman"
    OTHERS = "others"
    ACCOUNTABLE = "accountable"


@dataclass(frozen=True, slots=True)
class MissingPart:
    """One of them that is not there, and what to do about it."""

    part: StatutoryPart
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def may_write(actor: Actor, case: Case) -> Ruling:
    """May she write in the plan of this case? Only those who work in it where it is held."""
    return may_change(actor, case)


def may_write_category(category: str) -> Ruling:
    """May a row of a plan be this kind of information?"""
    return YES if category in CATEGORIES else no(_("Välj vilket slag av uppgift det är."))


def category_as(goal: Goal | None) -> Category:
    """What a row is when it follows its goal: as secret as that, and otherwise who does what and when."""
    secret = (Category.HEALTH, Category.ECONOMY, Category.INTERNAL)
    return Category(goal.category) if goal and goal.category in secret else Category.PLANNING


def rows_that_follow(goal: Goal, category: str, rows: Iterable[Commitment]) -> list[Commitment]:
    """Which rows go with a goal that becomes this kind: those that would else be told to more than it is.

    "Boka tid på psykiatrin" tells what the goal is about. What somebody has said is more secret stays so.
    """
    if category == goal.category:
        return []
    wider = _WIDER_THAN.get(category, ())
    return [row for row in rows if row.goal_id == goal.pk and row.category in wider]


def may_say_own_goal(text: str, said_on: date | None, today: date) -> Ruling:
    """The person's own words always say when they were said; nobody says anything tomorrow."""
    if not text.strip():
        return no(_("Skriv målet med personens egna ord."))
    if said_on is None:
        return no(_("Skriv vilken dag personen sa det."))
    return YES if said_on <= today else no(_("Dagen har inte varit än. Skriv den dag personen sa det."))


def may_settle(
    accountable: Party | None, *, nothing_by_others: bool, commitments: Iterable[Commitment]
) -> Ruling:
    """Only a kommun or a region can have the overall responsibility, and "ingen annan" must be true."""
    if accountable is not None and accountable.kind not in HUVUDMAN:
        return no(_("Bara en kommun eller en region kan ha det övergripande ansvaret för planen."))
    if nothing_by_others and any(not is_by_huvudman(one) for one in commitments):
        return no(
            _("I planen står redan att någon annan ska göra något. Ta bort det, eller ta bort krysset.")
        )
    return YES


def may_share_lead(lead_id: UUID | None, stand_in_id: UUID | None) -> Ruling:
    """The stand-in is there when the one who holds the plan together is not."""
    if stand_in_id is not None and stand_in_id == lead_id:
        return no(_("Ersättaren måste vara någon annan än den som är huvudansvarig."))
    return YES


def may_plan_next(follow_up_on: date | None, no_follow_up_by: str) -> Ruling:
    """Either there is a day, or somebody has decided that none is needed."""
    if follow_up_on is not None and no_follow_up_by:
        return no(_("Välj antingen en dag eller att ingen uppföljning behövs, inte båda."))
    return YES


def may_answer(says: str, why: str) -> Ruling:
    """What the person says of the plan. That somebody could not answer is only taken with its reason: else
    it would be the easy way past asking."""
    if says == PersonSays.COULD_NOT and not why.strip():
        return no(_("Skriv varför personen inte kunde svara."))
    if why and says not in PersonSays.values:
        return no(_("Skriv först om personen är med på planen: ja, nej eller kunde inte svara."))
    return YES


def may_adopt(actor: Actor, plan: Plan, answer: PlanConsent | None, *, says: str | None = "") -> Ruling:
    """Can the plan be adopted now: agreed to by the person, whole, with a next time, and not as last time?

    `says` is what the person says of it; None when it is not asked yet. A no does not stop the plan: it
    stands in it. A new answer to the same words is a new version.
    """
    return all_of(
        may_write(actor, plan.case),
        plan_is_agreed(answer),
        _is_whole(plan),
        has_next(plan),
        _differs_from_last(plan, says),
    )


def has_next(plan: Plan) -> Ruling:
    """No plan without a next time: a day, or who decided that none is needed. The process asks it, not the
    law."""
    if plan.follow_up_on is None and not plan.no_follow_up_by:
        return no(
            _(
                "Det står inte när planen följs upp."
                " Välj en dag, eller skriv vem som har bestämt att ingen uppföljning behövs."
            )
        )
    return YES


def missing_parts(plan: Plan) -> list[MissingPart]:
    """Which of the four statutory parts the plan does not show yet, in the order of the law."""
    commitments = commitments_in(plan)
    found = {
        StatutoryPart.NEEDED: any(one.doer == Doer.UNIT for one in commitments),
        StatutoryPart.HUVUDMAN: any(is_by_huvudman(one) for one in commitments),
        StatutoryPart.OTHERS: plan.nothing_by_others != any(not is_by_huvudman(one) for one in commitments),
        StatutoryPart.ACCOUNTABLE: plan.accountable_party is not None
        and plan.accountable_party.kind in HUVUDMAN,
    }
    return [MissingPart(part, sentence) for part, sentence in _sentences().items() if not found[part]]


def is_by_huvudman(commitment: Commitment) -> bool:
    """Is this an insats that a kommun or region answers for? Everything else is done by others."""
    unit = commitment.unit
    return unit is not None and unit.authority.party.kind in HUVUDMAN


def _sentences() -> dict[StatutoryPart, str]:
    return {
        StatutoryPart.NEEDED: _(
            "Det står inte vilka insatser som behövs. Lägg till det som en enhet ska göra."
        ),
        StatutoryPart.HUVUDMAN: _(
            "Det står inte vad kommunen eller regionen svarar för. Lägg till något som en enhet där ska göra."
        ),
        StatutoryPart.OTHERS: _(
            "Det står inte vad andra gör, till exempel personen själv eller Arbetsförmedlingen."
            " Lägg till det, eller kryssa i att ingen annan ska göra något."
        ),
        StatutoryPart.ACCOUNTABLE: _(
            "Det står inte vem som har det övergripande ansvaret för planen. Välj kommunen eller regionen."
        ),
    }


def _is_whole(plan: Plan) -> Ruling:
    missing = missing_parts(plan)
    return no(missing[0].sentence) if missing else YES


def _differs_from_last(plan: Plan, says: str | None) -> Ruling:
    may_be_new = says is None and plan.person_says != PersonSays.YES
    is_new = bool(says) and says != plan.person_says
    if plan.adopted_version and not plan.is_changed and not (may_be_new or is_new):
        return no(_("Planen är redan fastställd och har inte ändrats sedan dess."))
    return YES
