"""What the person reads of her own: her cases over all authorities, and what happens next in them.

Here: queries for the person's own session, or for whoever acts for her, and what follows from them at a day.
The row policies give a representative less of the same rows. Not here: what a
professional reads (`humla.disclosures.visibility`), nor the words of the pages (`humla.web.own`). The row
policies find her rows by the pseudonym of her session; nothing here says which person it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from humla.cases.models import Case, CaseAssignment, CaseRole, CaseState, InCase
from humla.consents.models import Consent, ConsentState, PlanConsent
from humla.consents.visibility import state_of
from humla.core.context import Kind, now, standing
from humla.core.dates import day_of
from humla.core.periods import holds
from humla.disclosures.models import Disclosure, Document, DocumentKind, DocumentPart
from humla.people.models import Person, PersonKey
from humla.plans.document import Block, ShownPart, blocks_of, shown
from humla.plans.models import Doer, Plan
from humla.plans.visibility import parts_in
from humla.representatives.visibility import mandate_acted_by

Row = TypeVar("Row", bound=InCase)


@dataclass(frozen=True)
class NextStep:
    """Something in the adopted plan with a day ahead: who does what, or the follow-up."""

    on: date
    what: str
    who: str = ""
    is_mine: bool = False
    is_follow_up: bool = False
    is_known: bool = True
    """Does the one who is to do it have it in her hands? Else nobody has promised anything."""


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
    def is_closed(self) -> bool:
        """Has it ended? Then nothing in the plan lies ahead."""
        return self.case.state == CaseState.CLOSED

    @property
    def is_moved(self) -> bool:
        """Does somebody else lead it now? Then what happens next stands in the case that continues it."""
        return self.case.state == CaseState.MOVED

    @property
    def own_goal(self) -> Block | None:
        """Her own words in the adopted plan."""
        return next((block for block in self._blocks() if block["kind"] == "own_goal"), None)

    @property
    def own_answer(self) -> Block | None:
        """What she said of the adopted plan, with her own words about it."""
        return next((block for block in self._blocks() if block["kind"] == "own_answer"), None)

    @property
    def if_worse(self) -> str:
        """Whom she calls if it gets worse, by the adopted plan."""
        return next((block["text"] for block in self._blocks() if block.get("id") == "if_worse"), "")

    def next_steps(self, at: datetime) -> list[NextStep]:
        """What lies ahead at an instant, soonest first."""
        if self.is_moved or self.is_closed:
            return []
        on = day_of(at)
        steps = [
            NextStep(
                block["due_on"],
                block["what"],
                block["who"],
                is_mine=block["doer"] == Doer.PERSON,
                is_known=self._is_known(block, part.category, at),
            )
            for part in self.parts
            for block in part.blocks
            if block["kind"] == "commitment" and block["due_on"] and block["due_on"] >= on
        ]
        if self.version is not None and self.follow_up_on is not None and self.follow_up_on >= on:
            steps.append(NextStep(self.follow_up_on, "", is_follow_up=True))
        return sorted(steps, key=lambda step: (step.on, step.is_follow_up))

    def _is_known(self, commitment: Block, category: str, at: datetime) -> bool:
        """A unit knows what it does when it holds the case, or has got this part of this version and may
        read it still.
        """
        unit = commitment.get("unit")
        if commitment["doer"] != Doer.UNIT or unit == str(self.case.unit_id):
            return True
        readable = {
            one.pk
            for one in self.consents
            if category in one.categories and state_of(one, at) is ConsentState.IN_FORCE
        }
        return any(
            str(one.receiver_unit_id) == unit
            and self.version is not None
            and one.document_id == self.version.pk
            and category in one.categories
            and (one.consent_id is None or one.consent_id in readable)
            for one in self.disclosures
        )

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
    hers = Person.objects.filter(pk__in=_about_her())
    return list(hers.only("id", "given_name", "family_name", "code").order_by("id"))


def own_cases() -> list[OwnCase]:
    """Her cases, newest first, whatever is led on before what it continues; eight questions in all."""
    hers = Case.objects.filter(person__in=_about_her()).select_related("unit", "authority", "association")
    cases = _in_series(hers.order_by("-opened_at", "-id"))
    ids = [case.pk for case in cases]
    responsible, answers, versions = _responsible_in(ids), _answers_in(ids), _versions_in(ids)
    parts = _by_case(DocumentPart.objects.filter(document__in=[one.pk for one in versions.values()]))
    follow_ups = dict(Plan.objects.filter(case__in=ids).values_list("case_id", "follow_up_on"))
    consents, disclosures = _consents_in(ids), _disclosures_in(ids)
    return [
        OwnCase(
            case=case,
            responsible=responsible.get(case.pk),
            answer=answers.get(case.pk),
            version=versions.get(case.pk),
            parts=shown(blocks_of(parts.get(case.pk, [])), to_person=_is_she()),
            follow_up_on=follow_ups.get(case.pk),
            consents=consents.get(case.pk, []),
            disclosures=disclosures.get(case.pk, []),
        )
        for case in cases
    ]


def _in_series(cases: Iterable[Case]) -> list[Case]:
    """The same SIP stands together, whoever has led it, the one that goes on first."""
    series: dict[UUID, list[Case]] = {}
    for case in cases:
        series.setdefault(case.series, []).append(case)
    return [case for same in series.values() for case in sorted(same, key=_is_moved)]


def _is_moved(case: Case) -> bool:
    return case.state == CaseState.MOVED


def _about_her() -> QuerySet[PersonKey, Any] | list[UUID]:
    # From her pseudonym to the rows: the policy alone would be asked about every person there is.
    if not _is_she():
        acting = mandate_acted_by()
        return [acting.person_id] if acting else []
    return PersonKey.objects.filter(key=standing().actor.person_key).values("person")


def _is_she() -> bool:
    return standing().actor.kind is Kind.PERSON


def own_version(document_id: UUID) -> Document | None:
    """One adopted version of a plan of hers."""
    found = Document.objects.select_related("case__unit", "case__authority", "case__association")
    return found.filter(pk=document_id, kind=DocumentKind.PLAN).first()


def own_consent(consent_id: UUID) -> Consent | None:
    """One consent that she has given."""
    found = Consent.objects.select_related("receiver", "receiver_unit", "case__unit")
    return found.filter(pk=consent_id).first()


def own_handed(consent: Consent) -> list[Disclosure]:
    """What has left under one consent of hers, newest first: what they had got when it ended."""
    found = Disclosure.objects.filter(consent=consent, undone_at__isnull=True, opens_at__lte=now())
    return list(found.select_related("receiver_unit", "document").order_by("-disclosed_at"))


def own_consents(ids: set[UUID]) -> dict[UUID, Consent]:
    """Some of the consents that she has given, by id."""
    return {one.pk: one for one in Consent.objects.select_related("receiver_unit").filter(pk__in=ids)}


def own_papers_named(ids: Iterable[UUID]) -> dict[UUID, DocumentKind]:
    """What kind of paper some documents about her are, by id."""
    sought = set(ids)
    found = Document.objects.filter(pk__in=sought).values_list("pk", "kind") if sought else []
    return {one: DocumentKind(kind) for one, kind in found}


def own_parts(document: Document, *, on_paper: bool = False) -> list[ShownPart]:
    """A whole version as she reads it; on paper with her number, as everybody's paper."""
    return shown(blocks_of(parts_in(document)), to_person=_is_she() and not on_paper)


def _responsible_in(cases: list[UUID]) -> dict[UUID, CaseAssignment]:
    found = CaseAssignment.objects.filter(holds(now()), case__in=cases, role=CaseRole.RESPONSIBLE)
    return {one.case_id: one for one in found.select_related("professional")}


def _answers_in(cases: list[UUID]) -> dict[UUID, PlanConsent]:
    """The latest in each."""
    found = PlanConsent.objects.filter(case__in=cases).order_by("case", "-given_at", "-id").distinct("case")
    return {one.case_id: one for one in found}


def _versions_in(cases: list[UUID]) -> dict[UUID, Document]:
    """The latest in each."""
    found = Document.objects.filter(case__in=cases, kind=DocumentKind.PLAN)
    return {one.case_id: one for one in found.order_by("case", "-version").distinct("case")}


def _consents_in(cases: list[UUID]) -> dict[UUID, list[Consent]]:
    found = Consent.objects.filter(case__in=cases).select_related("receiver", "receiver_unit")
    return _by_case(found.order_by("-given_at", "-id"))


def _disclosures_in(cases: list[UUID]) -> dict[UUID, list[Disclosure]]:
    found = Disclosure.objects.filter(case__in=cases, undone_at__isnull=True).select_related(
        "receiver_unit", "document"
    )
    return _by_case(found.order_by("-disclosed_at"))


def _by_case(rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found
