"""Which cases there are for the one who asks, and who works in them.

Here: the queries that pages and actions fetch cases and assignments by. What a context may see at all is
said by the row policies; these questions only narrow it. Not here: the parts of a disclosed document
(`humla.disclosures.visibility`), nor what may be done in a case (`rules`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from humla.cases.models import Case, CaseAssignment, CaseRole, CaseState, Handover, Initiation, Note
from humla.core.context import Actor, Kind, now, standing, today
from humla.core.dates import day_of
from humla.core.periods import holds
from humla.core.questions import NOW, TODAY, Told, prepared
from humla.organisation.models import CASE_ROLES, Professional, Unit, UnitAssignment
from humla.organisation.visibility import assignments_now
from humla.people.visibility import named_in_search, names_of

Mark = tuple[datetime, UUID]
"""Where a page of the list ended: the instant and the id of its last case."""

FIRST_PAGE = 51
"""So many cases has a page of the list, and one more that says whether there is another page."""

RESPONSIBLE, MEMBER, RECEIVED = "responsible", "member", "received"
"""The reader's own part in a case, as the list is narrowed by it."""


def case_seen(case_id: UUID) -> Case | None:
    """The case, when the one who asks may know that it exists.

    Never joins the person: a receiver reads the case but not the person's row, and the inner join would
    take the case away from her. Nor the holder's reason, which is fetched when a page of hers asks for it.
    """
    return the_case.first(case_id)


def cases_seen(ids: Iterable[UUID]) -> dict[UUID, Case]:
    """Those of the cases that the one who asks may know of, with no more than what each is called by."""
    return {one.pk: one for one in Case.objects.filter(pk__in=set(ids)).only("reference")}


@prepared
def the_case(case_id: UUID) -> QuerySet[Case]:
    """The same, in at most one row; asked ahead by the door of every page about a case."""
    mine = mine_now().filter(case=OuterRef("pk")).order_by("-role", "starts_at").values("pk")[:1]
    seen = Case.objects.select_related("unit", "authority").defer("reason", "resting_reason")
    found = seen.annotate(my_assignment_id=Subquery(mine))  # type: ignore[no-redef]
    return found.filter(pk=case_id)


def mine_now() -> QuerySet[CaseAssignment]:
    """What the one who asks works in, for prepared questions to narrow by.

    One works for a unit: what one does for another unit of the same authority is another list.
    """
    return CaseAssignment.objects.filter(
        holds(NOW), professional=Told("ctx_actor"), authority=Told("ctx_authority"), unit=Told("ctx_unit")
    )


def is_held(case: Case, actor: Actor) -> bool:
    """Does the authority that the actor acts for hold the case? Otherwise she has received it."""
    return case.authority_id == actor.authority_id


@dataclass(frozen=True)
class CaseRow:
    """One line of "my cases". `name` is empty where the person's row is another authority's."""

    id: UUID
    person_id: UUID
    reference: str
    name: str
    is_held: bool
    is_responsible: bool
    is_protected: bool
    unit_name: str
    authority_name: str
    opened_at: datetime
    state: CaseState
    resting_until: date | None

    @property
    def mark(self) -> Mark:
        """Where the next page begins, if this was the last line."""
        return self.opened_at, self.id


def my_cases(
    *,
    words: str = "",
    state: CaseState = CaseState.OPEN,
    part: str = "",
    before: Mark | None = None,
    limit: int = 50,
    received: Mapping[UUID, str] | None = None,
    person: UUID | None = None,
    among: Collection[UUID] | None = None,
) -> list[CaseRow]:
    """The cases that the actor works in now for her unit, newest first; a fixed number of questions.

    Words search references and names. The names of received cases stand in what was handed over, which is
    read above this concept: give them by case in `received`. `person` is whose number was looked up, and
    `among` narrows to what a concept above has found.
    """
    if _is_plain(words, state, part, before, person, among) and limit == FIRST_PAGE:
        return _rows(first_cases(None))
    found = _worked_in_now().filter(_stands(state), _has_part(part))
    if person is not None:
        found = found.filter(person=person, is_protected=False)
    if among is not None:
        found = found.filter(pk__in=among)
    for word in words.split():
        named = [case for case, name in (received or {}).items() if word.casefold() in name.casefold()]
        by_name = Q(person__in=named_in_search(word)) | Q(pk__in=named)
        found = found.filter(Q(reference__icontains=word) | by_name & Q(is_protected=False))
    if before is not None:
        at, last = before
        found = found.filter(Q(opened_at__lt=at) | Q(opened_at=at, pk__lt=last))
    return _rows(_listed(found, limit))


def _is_plain(words: str, state: CaseState, part: str, *narrowed: object) -> bool:
    return not words and not part and state is CaseState.OPEN and all(one is None for one in narrowed)


@prepared
def first_cases(_about: None) -> QuerySet[Case]:
    """The first page of the list as it is opened: those that go on, not narrowed by anything."""
    return _listed(_worked_in_now().filter(_stands(CaseState.OPEN)), FIRST_PAGE)


def _listed(found: QuerySet[Case], limit: int) -> QuerySet[Case]:
    responsible = mine_now().filter(case=OuterRef("pk"), role=CaseRole.RESPONSIBLE)
    seen = found.annotate(is_responsible=Exists(responsible)).select_related("unit", "authority")
    return seen.order_by("-opened_at", "-pk")[:limit]


def my_received_cases() -> list[UUID]:
    """The cases of other authorities that the actor works in now."""
    elsewhere = _worked_in_now().exclude(authority=standing().actor.authority_id)
    return list(elsewhere.values_list("pk", flat=True))


def my_held_cases() -> dict[UUID, date | None]:
    """The open cases of the actor's own authority that she works in, each with until when it rests."""
    held = _worked_in_now().filter(authority=standing().actor.authority_id, state=CaseState.OPEN)
    return dict(held.values_list("pk", "resting_until"))


def my_open_cases_about(person_id: UUID) -> list[Case]:
    """The open cases about this person that the actor works in; her colleagues' are not hers to know of."""
    return list(_worked_in_now().filter(person=person_id, state=CaseState.OPEN).order_by("-opened_at"))


def opened_just_now(person_id: UUID) -> bool:
    """Has the actor begun to work with this person after the instant that our own transaction stands at?

    Another tab was a moment later and yet done first. Its case is ahead of our time, so no list has it.
    """
    actor = standing().actor
    mine = CaseAssignment.objects.filter(
        person=person_id, professional=actor.id, authority=actor.authority_id, unit=actor.unit_id
    )
    return mine.filter(starts_at__gt=now(), ends_at__isnull=True).exists()


def who_works_in(case: Case) -> list[CaseAssignment]:
    """Everybody who works in the case now, the responsible first. Who has only received it sees herself."""
    return sorted(
        working_in(case.pk), key=lambda one: (one.role != CaseRole.RESPONSIBLE, one.professional.name)
    )


@prepared
def working_in(case_id: UUID) -> QuerySet[CaseAssignment]:
    """The same in no order."""
    found = CaseAssignment.objects.filter(holds(NOW), case_id=case_id)
    return found.select_related("professional__profession", "unit__authority")


def assignment_in(case: Case, assignment_id: UUID) -> CaseAssignment | None:
    """One assignment of the case that goes on now."""
    return (
        CaseAssignment.objects.filter(holds(now()), case=case, pk=assignment_id)
        .select_related("professional", "unit")
        .first()
    )


def my_assignment(case: Case, actor: Actor) -> CaseAssignment | None:
    """The actor's own assignment in the case: what her right to read rests on, for the trail."""
    mine = CaseAssignment.objects.filter(
        holds(now()), case=case, professional=actor.id, authority=actor.authority_id, unit=actor.unit_id
    ).select_related("unit")
    return min(mine, key=lambda one: (one.role != CaseRole.RESPONSIBLE, one.starts_at), default=None)


def my_right_in(case: Case, actor: Actor) -> list[tuple[str, UUID]]:
    """What the actor's deed in the case rests on, as the trail names it. The person needs no right."""
    if actor.kind is Kind.REPRESENTATIVE and actor.id is not None:
        return [("mandate", actor.id)]
    mine = my_assignment(case, actor) if actor.kind is Kind.PROFESSIONAL else None
    return [("assignment", mine.pk)] if mine else []


def initiation_of(case: Case) -> Initiation | None:
    """How the case came to be; for those who hold it."""
    return initiation_in.first(case.pk)


def need_known_on(case: Case) -> date:
    """When it was known that she needs a plan: as it was told, or else when the case was opened."""
    found = initiation_of(case)
    return (found.need_seen_on if found else None) or day_of(case.opened_at)


@prepared
def initiation_in(case_id: UUID) -> QuerySet[Initiation]:
    """The same by the case's id, in at most one row."""
    found = Initiation.objects.select_related("initiator_profession", "initiator_unit", "needs_group")
    return found.filter(case_id=case_id)


@prepared
def handovers_in(case_id: UUID) -> QuerySet[Handover]:
    """Who took over the responsibility from whom, newest first; for those who hold the case."""
    found = Handover.objects.select_related("from_professional", "to_professional")
    return found.filter(case_id=case_id).order_by("-handed_over_at", "-id")


def notes_of(case: Case) -> list[Note]:
    """The own notes of the reader's unit beside the case, newest first; removed ones too, to be put back."""
    found = Note.objects.filter(case_id=case.pk).select_related("written_by")
    return list(found.order_by("-written_at", "-id"))


def note_in(case: Case, note_id: UUID) -> Note | None:
    """One of them."""
    found = Note.objects.filter(case_id=case.pk, pk=note_id).select_related("written_by").first()
    if found is not None:
        found.case = case
    return found


def who_can_take_over(actor: Actor, *, within_unit: bool = False) -> QuerySet[UnitAssignment]:
    """Who can be given the responsibility: those who handle cases now at the actor's authority, or unit."""
    there = assignments_now().filter(unit__authority=actor.authority_id, role__in=CASE_ROLES)
    there = there.exclude(professional=actor.id, unit=actor.unit_id)
    if within_unit:
        there = there.filter(unit=actor.unit_id)
    return there.select_related("professional__profession", "unit").order_by(
        "professional__name", "unit__name"
    )


@dataclass(frozen=True)
class LoadRow:
    """One case that the unit answers for, as its manager sees it: no person, no content."""

    case_id: UUID
    reference: str
    professional_id: UUID
    professional: str
    since: datetime


def caseload() -> list[LoadRow]:
    """What the actor's unit is responsible for; nothing to anybody but its manager."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id, reference, professional_id, professional_name, since FROM unit_caseload()"
        )
        return [LoadRow(*row) for row in cursor.fetchall()]


def my_assignments_in(cases: Iterable[UUID]) -> dict[UUID, UUID]:
    """The actor's own assignments in these cases, by case: what her right to read rests on, for the trail."""
    mine = mine_now().filter(case__in=list(cases)).order_by("role", "-starts_at")
    return dict(mine.values_list("case_id", "pk"))


def already_works(case: Case, professional: Professional, unit: Unit) -> bool:
    """Does somebody work in the case for that unit, without an end?"""
    there = CaseAssignment.objects.filter(case=case, professional=professional, unit=unit)
    return there.filter(ends_at__isnull=True).exists()


def is_protected_here(person_id: UUID) -> bool:
    """Is the person of the actor's own authority marked as protected? Her row may not be readable yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_is_protected(%s)", [person_id])
        row: tuple[bool] = cursor.fetchone()
    return row[0]


def is_cleared_for(person_id: UUID) -> bool:
    """Is the actor cleared for a protected case about the person? Then also for the next one she opens."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_cleared_for(%s)", [person_id])
        row: tuple[bool] = cursor.fetchone()
    return row[0]


def _worked_in_now() -> QuerySet[Case]:
    """From the assignments to the cases: the other way around, the policy would be asked for every case."""
    return Case.objects.filter(pk__in=mine_now().values("case"))


def _stands(state: CaseState) -> Q:
    """Where it stands. Whether a case rests is its holder's own matter: who has received it sees it go on."""
    resting = Q(state=CaseState.OPEN, resting_until__gt=TODAY, authority=Told("ctx_authority"))
    if state is CaseState.RESTING:
        return resting
    return Q(state=CaseState.OPEN) & ~resting if state is CaseState.OPEN else Q(state=state)


def _has_part(part: str) -> Q:
    ours = Q(authority=Told("ctx_authority"))
    if part == RECEIVED:
        return ~ours
    if part in (RESPONSIBLE, MEMBER):
        mine = Exists(mine_now().filter(case=OuterRef("pk"), role=CaseRole.RESPONSIBLE))
        return ours & (Q(mine) if part == RESPONSIBLE else ~Q(mine))
    return Q()


def _rows(found: Any) -> list[CaseRow]:
    actor, cases = standing().actor, list(found)
    names = names_of({one.person_id for one in cases if is_held(one, actor)})
    return [
        CaseRow(
            id=one.pk,
            person_id=one.person_id,
            reference=one.reference,
            name=names.get(one.person_id, ""),
            is_held=is_held(one, actor),
            is_responsible=one.is_responsible,
            is_protected=one.is_protected,
            unit_name=one.unit.name,
            authority_name=one.authority.name,
            opened_at=one.opened_at,
            state=one.state_on(today()) if is_held(one, actor) else CaseState(one.state),
            resting_until=one.resting_until if is_held(one, actor) else None,
        )
        for one in cases
    ]
