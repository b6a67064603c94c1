"""What the person reads of her own: her cases over all authorities, and what happens next in them.

Here: queries for the person's own session and what follows from them at a day. Not here: what a
professional reads (`humla.disclosures.visibility`), nor the words of the pages (`humla.web.own`). The row
policies find her rows by the pseudonym of her session; nothing here says which person it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from humla.cases.models import Case, CaseAssignment
from humla.cases.visibility import responsible_for
from humla.consents.models import Consent, PlanConsent
from humla.consents.visibility import consents_of, latest_plan_answer
from humla.disclosures.models import Disclosure, Document, DocumentKind
from humla.disclosures.visibility import disclosures_of
from humla.people.models import Person
from humla.plans.document import Block, ShownPart, blocks_of, shown
from humla.plans.models import Doer, Plan
from humla.plans.visibility import parts_in, versions_of


@dataclass(frozen=True)
class NextStep:
    """Something in the adopted plan with a day ahead: who does what, or the follow-up."""

    on: date
    what: str
    who: str = ""
    is_mine: bool = False
    is_follow_up: bool = False


@dataclass(frozen=True)
class OwnCase:
    """One case about her, with everything its part of the page tells."""

    case: Case
    responsible: CaseAssignment | None
    answer: PlanConsent | None
    version: Document | None
    parts: list[ShownPart]
    follow_up_on: date | None
    consents: list[Consent]
    disclosures: list[Disclosure]

    @property
    def own_goal(self) -> Block | None:
        """Her own words in the adopted plan."""
        return next((block for block in self._blocks() if block["kind"] == "own_goal"), None)

    def next_steps(self, on: date) -> list[NextStep]:
        """What lies ahead of a day, soonest first."""
        steps = [
            NextStep(block["due_on"], block["what"], block["who"], is_mine=block["doer"] == Doer.PERSON)
            for block in self._blocks()
            if block["kind"] == "commitment" and block["due_on"] and block["due_on"] >= on
        ]
        if self.version is not None and self.follow_up_on is not None and self.follow_up_on >= on:
            steps.append(NextStep(self.follow_up_on, "", is_follow_up=True))
        return sorted(steps, key=lambda step: (step.on, step.is_follow_up))

    def mine(self) -> list[str]:
        """What she does herself, by the adopted plan."""
        return [
            block["what"]
            for block in self._blocks()
            if block["kind"] == "commitment" and block["doer"] == Doer.PERSON
        ]

    def handed_on(self, consent: Consent) -> list[Disclosure]:
        """What has been handed over with this consent."""
        return [one for one in self.disclosures if one.consent_id == consent.pk]

    def by_law(self) -> list[Disclosure]:
        """What has been handed over with support in law instead of a consent."""
        return [one for one in self.disclosures if one.consent_id is None]

    def _blocks(self) -> Iterator[Block]:
        for part in self.parts:
            yield from part.blocks


def own_persons() -> list[Person]:
    """Her rows, one for each authority that has registered her."""
    return list(Person.objects.only("id", "given_name", "family_name", "code").order_by("id"))


def own_cases() -> list[OwnCase]:
    """Her cases, newest first."""
    cases = Case.objects.select_related("unit", "authority", "association").order_by("-opened_at", "-id")
    return [_own(case) for case in cases]


def own_version(document_id: UUID) -> Document | None:
    """One adopted version of a plan of hers."""
    found = Document.objects.select_related("case__unit", "case__authority", "case__association")
    return found.filter(pk=document_id, kind=DocumentKind.PLAN).first()


def own_consent(consent_id: UUID) -> Consent | None:
    """One consent that she has given."""
    found = Consent.objects.select_related("receiver", "receiver_unit", "case__unit")
    return found.filter(pk=consent_id).first()


def own_consents(ids: set[UUID]) -> dict[UUID, Consent]:
    """Some of the consents that she has given, by id."""
    return {one.pk: one for one in Consent.objects.select_related("receiver_unit").filter(pk__in=ids)}


def own_parts(document: Document) -> list[ShownPart]:
    """A whole version as she reads it."""
    return shown(blocks_of(parts_in(document)))


def _own(case: Case) -> OwnCase:
    version = next(iter(versions_of(case)), None)
    plan = Plan.objects.filter(case_id=case.pk).only("follow_up_on").first()
    return OwnCase(
        case=case,
        responsible=responsible_for(case),
        answer=latest_plan_answer(case),
        version=version,
        parts=own_parts(version) if version else [],
        follow_up_on=plan.follow_up_on if plan else None,
        consents=consents_of(case),
        disclosures=list(disclosures_of(case.pk)),
    )
