"""Wall 1 over the whole decision table: which rows each reader may read, asked row by row.

Lives here: the questions to `humla.disclosures.visibility` (case, consent, disclosure, part), and the simple
rule of the tables that only the holder and the person read, said once more here in Python. Not here: what
the database answers (`database.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from humla.core.context import Actor, Kind
from humla.disclosures import visibility
from humla.plans.models import Plan
from prove.ground.readers import known
from prove.ground.world import NOW, CaseFile

Decided = Iterator[tuple[UUID, bool]]
"""A row's id and whether the reader may read it."""


def _cases(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    facts: dict[str, Any] = {
        "assignments": file.assignments,
        "disclosures": file.disclosures,
        "consents": file.consents,
    }
    yield file.case.pk, bool(visibility.may_read_case(actor, file.case, **facts, own=own, at=NOW))


def _parts(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    facts: dict[str, Any] = {
        "assignments": file.assignments,
        "disclosures": file.disclosures,
        "consents": file.consents,
    }
    for part in file.parts:
        yield part.pk, bool(visibility.may_read_part(actor, part, case=file.case, **facts, own=own, at=NOW))


def _consents(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    asked: dict[str, Any] = {"case": file.case, "assignments": file.assignments, "own": own, "at": NOW}
    for consent in file.consents:
        yield consent.pk, bool(visibility.may_read_consent(actor, consent, **asked))


def _disclosures(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    asked: dict[str, Any] = {"case": file.case, "assignments": file.assignments, "own": own, "at": NOW}
    for disclosure in file.disclosures:
        yield disclosure.pk, bool(visibility.may_read_disclosure(actor, disclosure, **asked))


def _held(model: str) -> Callable[[Actor, CaseFile, Sequence[UUID]], Decided]:
    """Documents, the plan and the answer to making one: whoever works in the case where it is held."""

    def decided(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
        for row in file.held:
            if row._meta.model_name == model:
                yield row.pk, _is_her_own(actor, file, own) or _holds(actor, file)

    return decided


def _people(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """Who the person is: her own registration, and those who work with her where it is held."""
    yield file.person.pk, _is_her_own(actor, file, own) or _holds(actor, file)


def _assignments(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """Who works in the case: oneself, whoever works where it is held, and a unit's way in what came to it."""
    came_here = actor.role == "receiver" and any(
        one.receiver_unit_id == actor.unit_id and one.association_id == actor.association_id
        for one in file.disclosures
    )
    for one in file.assignments:
        is_mine = (
            actor.kind is Kind.PROFESSIONAL
            and one.professional_id == actor.id
            and one.authority_id == actor.authority_id
            and one.unit_id == actor.unit_id
        )
        is_taken_in = came_here and one.unit_id == actor.unit_id and one.authority_id == actor.authority_id
        is_ours = one.association_id == actor.association_id
        may = is_ours and (is_mine or is_taken_in or _holds(actor, file))
        yield one.pk, _is_her_own(actor, file, own) or may


def _keys(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """The pseudonym over authorities: the person alone, or two authorities could tell whom both know."""
    if file.key:
        yield file.person.pk, _is_her_own(actor, file, own)


def _trail(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """Who has looked: the person. (The log reviewer has no case and stands in tests/walls.)"""
    if any(isinstance(one, Plan) for one in file.held):
        yield known(f"rad {file.case.pk}"), _is_her_own(actor, file, own)


TABLES: dict[str, Callable[[Actor, CaseFile, Sequence[UUID]], Decided]] = {
    "cases_case": _cases,
    "consents_consent": _consents,
    "disclosures_disclosure": _disclosures,
    "disclosures_documentpart": _parts,
    "cases_caseassignment": _assignments,
    "people_person": _people,
    "people_personkey": _keys,
    "consents_planconsent": _held("planconsent"),
    "disclosures_document": _held("document"),
    "plans_plan": _held("plan"),
    "plans_goal": _held("goal"),
    "plans_commitment": _held("commitment"),
    "audit_event": _trail,
}
KEYS = {"people_personkey": "person_id"}
"""The tables whose rows are not called `id`."""


def decide(table: str, actor: Actor, world: Sequence[CaseFile]) -> dict[UUID, bool]:
    """Every cell of one table for one reader."""
    ask = TABLES[table]
    answer: dict[UUID, bool] = {}
    for file in world:
        answer.update(ask(actor, file, own_people(actor, file)))
    return answer


def own_people(actor: Actor, file: CaseFile) -> list[UUID]:
    """Which of the file's registrations the person's own session has a key to that has not ended."""
    if actor.kind is not Kind.PERSON or file.key is None or file.key.ended_at is not None:
        return []
    return [file.person.pk] if file.key.key == actor.person_key else []


def _is_her_own(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> bool:
    return actor.kind is Kind.PERSON and file.person.pk in own


def _holds(actor: Actor, file: CaseFile) -> bool:
    case: Any = file.case
    return (
        actor.kind is Kind.PROFESSIONAL
        and actor.association_id == case.association_id
        and actor.authority_id == case.authority_id
        and any(
            one.professional_id == actor.id
            and one.authority_id == actor.authority_id
            and one.unit_id == actor.unit_id
            and one.starts_at <= NOW
            and (one.ends_at is None or one.ends_at > NOW)
            and (one.has_clearance or not case.is_protected)
            for one in file.assignments
        )
    )
