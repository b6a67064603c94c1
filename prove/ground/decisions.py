"""Wall 1 over the whole decision table: which rows each reader may read, asked row by row.

Lives here: the questions to `humla.disclosures.visibility` (case, consent, disclosure, part), and for the
tables that have no rule in Python (their screens ask the database) the design's own words, said once more:
who holds a thing, to whom it was said, from when. Not here: what the database answers (`database.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model

from humla.access.models import AccessRequest, LogReview, LookQuestion, ManagerOpening
from humla.cases.models import Category, Handover, Note
from humla.consultations.models import Consultation
from humla.core.context import Actor, Kind
from humla.disclosures import visibility
from humla.disclosures.models import ReceivedCopy
from humla.followups.models import Progress
from humla.initiations.models import PlanRequest
from humla.letters.models import Addressee
from humla.links.models import Link
from humla.meetings.models import Preparation, Summons, SummonsAnswer
from humla.notifications.models import Notice, ReminderStop
from humla.organisation.models import CASE_ROLES
from humla.plans.models import LeadTransfer, Plan
from humla.protection.models import Clearance, ProtectedContact
from prove.ground import deputies
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


def _copies(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """What lies in the receiver's own record: theirs who work with it there, whatever became of the yes."""
    asked: dict[str, Any] = {"assignments": file.assignments, "own": own, "at": NOW}
    for copy in _rows(file, ReceivedCopy):
        may = visibility.may_read_copy(
            actor, copy, disclosure=copy.disclosure, is_protected=bool(file.case.is_protected), **asked
        )
        yield copy.pk, bool(may)


def _held(model: str) -> Callable[[Actor, CaseFile, Sequence[UUID]], Decided]:
    """What the holder writes: whoever works in the case where it is held, and the person."""

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
    came_here = (
        actor.role == "receiver"
        and not file.case.is_protected
        and any(
            one.receiver_unit_id == actor.unit_id
            and one.association_id == actor.association_id
            and _has_left(one)
            for one in file.disclosures
        )
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
    """Who has looked: the person, and the log reviewer of the authority whose people they are."""
    if any(isinstance(one, Plan) for one in file.held):
        reviews = _reviews(actor, file.case)
        yield known(f"rad {file.case.pk}"), _is_her_own(actor, file, own) or reviews


def _summonses(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """A summons is the unit's too: once sent, while its document is out and the yes covers planning."""
    for row in _rows(file, Summons):
        yield row.pk, _may_read_summons(actor, file, own, row)


def _answers(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """Whoever reads the summons reads the answers to it."""
    for row in _rows(file, SummonsAnswer):
        yield row.pk, _may_read_summons(actor, file, own, row.summons)


def _may_read_summons(actor: Actor, file: CaseFile, own: Sequence[UUID], row: Any) -> bool:
    never_left = row.cancelled_at is not None and row.cancelled_at < row.leaves_at
    is_sent = row.leaves_at <= NOW and not never_left
    said_to_us = is_sent and row.unit_id == actor.unit_id and _planning_is_ours(actor, file, row)
    return _is_her_own(actor, file, own) or _holds(actor, file) or said_to_us


def _transfers(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """The lead is offered to a unit in a document: the offer is read as long as the document may be."""
    for row in _rows(file, LeadTransfer):
        offered_to_us = row.to_unit_id == actor.unit_id and _has_come_to_us(actor, file, row)
        yield row.pk, _is_her_own(actor, file, own) or _holds(actor, file) or offered_to_us


def _planning_is_ours(actor: Actor, file: CaseFile, row: Any) -> bool:
    act = row.disclosure
    return act is not None and Category.PLANNING in act.categories and _has_come_to_us(actor, file, row)


def _has_come_to_us(actor: Actor, file: CaseFile, row: Any) -> bool:
    """Its document has left for my unit, I work in the case, and a yes in force covers planning."""
    act = row.disclosure
    return (
        actor.association_id == row.association_id
        and _works_in(actor, file)
        and act.receiver_unit_id == actor.unit_id
        and _has_left(act)
        and act.recalled_at is None
        and any(
            one.authority_id == file.case.authority_id
            and one.receiver_unit_id == actor.unit_id
            and Category.PLANNING in one.categories
            and visibility.is_in_force(one, NOW)
            for one in file.consents
        )
    )


def _handovers(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """Who took over from whom is the holder's own affair."""
    for row in _rows(file, Handover):
        yield row.pk, _holds(actor, file)


def _notes(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """A unit's own working notes, for those of it who work in the case; never the person's."""
    for row in _rows(file, Note):
        yield row.pk, _is_of_our_unit(actor, row) and _works_in(actor, file)


def _words(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """The person's own text is hers alone before she hands it in; then the holder reads it."""
    for row in _rows(file, Preparation):
        is_handed_in = row.handed_in_at is not None and row.handed_in_at <= NOW
        yield row.pk, _is_her_own(actor, file, own) or (is_handed_in and _holds(actor, file))


def _addressees(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """Where somebody gets her letters is for those who send them: not even the person reads a relative's."""
    for row in _rows(file, Addressee):
        yield row.pk, _holds(actor, file)


def _progress(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """The status of a commitment is held by the party that gave it, and told to those who lead."""
    for row in _rows(file, Progress):
        is_ours = _is_of_our_unit(actor, row) and _works_in(actor, file)
        yield row.pk, _is_her_own(actor, file, own) or _holds(actor, file) or is_ours


def _consultations(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """The coordinators' own record; one that led to a case is for those of them who work in it."""
    for row in _rows(file, Consultation):
        is_theirs = actor.role == "coordinator" and _is_of_our_unit(actor, row)
        yield row.pk, is_theirs and (row.case_id is None or _works_in(actor, file))


def _notices(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """Letters without anybody's name: the clock sends them, an administrator sees what went wrong."""
    for row in _rows(file, Notice):
        is_office = actor.kind in (Kind.ADMIN, Kind.SYSTEM) and actor.association_id == row.association_id
        yield row.pk, is_office or _holds(actor, file)


def _stops(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """Reminders that somebody has stopped: those who hold what they were about."""
    for row in _rows(file, ReminderStop):
        yield row.pk, actor.kind is Kind.PROFESSIONAL and _holds(actor, file)


def _requests(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """What somebody asked to read is her own for the unit that she asked for; not even the case's is it."""
    for row in _rows(file, AccessRequest):
        yield row.pk, _is_of_our_unit(actor, row) and row.asked_by_id == actor.id


def _openings(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """A manager's opening is hers, those who work in the case read it, and the reviewer, and the person."""
    for row in _rows(file, ManagerOpening):
        is_mine = _is_of_our_unit(actor, row) and row.professional_id == actor.id
        may = is_mine or _reviews(actor, row) or _holds(actor, file)
        yield row.pk, _is_her_own(actor, file, own) or may


def _log_reviews(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """What a reviewer found: the authority's reviewers, and the person."""
    for row in _rows(file, LogReview):
        yield row.pk, _is_her_own(actor, file, own) or _reviews(actor, row)


def _look_questions(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """Why somebody looked: the manager of that unit answers, the reviewer sees it, the person asked."""
    for row in _rows(file, LookQuestion):
        is_manager = actor.role == "manager" and _is_of_our_unit(actor, row)
        yield row.pk, _is_her_own(actor, file, own) or is_manager or _reviews(actor, row)


def _plan_requests(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """Who asks for a plan is known at the unit that was asked, by those who work in cases there; what led to
    a case by those who work in that."""
    for row in _rows(file, PlanRequest):
        is_theirs = actor.role in CASE_ROLES and _is_of_our_unit(actor, row)
        yield row.pk, is_theirs and (row.case_id is None or _works_in(actor, file))


def _nobodys(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """Whoever acts for her reads the key of her own mandate (`deputies`); nobody else reads any."""
    yield from ()


def _clearances(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """Who is cleared: whoever works in the case reads her own, and all of them where it is held."""
    for row in _rows(file, Clearance):
        is_mine = row.professional_id == actor.id and row.unit_id == actor.unit_id
        works = actor.association_id == row.association_id and _works_in(actor, file)
        yield row.pk, _is_her_own(actor, file, own) or (works and (is_mine or _holds(actor, file)))


def _places(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """Where she is: the holder's, while she is protected, with a clearance in force."""
    for row in _rows(file, ProtectedContact):
        yield row.pk, _is_her_own(actor, file, own) or (file.case.is_protected and _holds(actor, file))


def _links(actor: Actor, file: CaseFile, own: Sequence[UUID]) -> Decided:
    """Hashes of tokens: the clock's alone."""
    for row in _rows(file, Link):
        yield row.pk, actor.kind is Kind.SYSTEM and actor.association_id == row.association_id


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
    **{
        table: _held(table.partition("_")[2])
        for table in (
            "cases_initiation", "meetings_meeting", "meetings_attendance", "plans_milestone",
            "plans_reservation", "plans_unmetneed", "plans_otherplan", "followups_followup",
            "followups_commitmentresult", "followups_goalresult", "followups_closing",
            "followups_livelihoodline",
        )
    },
    "disclosures_receivedcopy": _copies,
    "disclosures_reply": _held("reply"),
    "meetings_summons": _summonses,
    "meetings_summonsanswer": _answers,
    "meetings_preparation": _words,
    "letters_addressee": _addressees,
    "letters_paperletter": _held("paperletter"),
    "plans_leadtransfer": _transfers,
    "cases_handover": _handovers,
    "cases_note": _notes,
    "followups_progress": _progress,
    "consultations_consultation": _consultations,
    "notifications_notice": _notices,
    "notifications_reminderstop": _stops,
    "links_link": _links,
    "representatives_mandate": _held("mandate"),
    "representatives_mandatekey": _nobodys,
    "representatives_withheld": _held("withheld"),
    "protection_marking": _held("marking"),
    "protection_clearance": _clearances,
    "protection_protectedcontact": _places,
    "meetings_placeapproval": _held("placeapproval"),
    "scheduling_timeoffer": _held("timeoffer"),
    "scheduling_slot": _held("slot"),
    "scheduling_invitee": _held("invitee"),
    "scheduling_slotanswer": _held("slotanswer"),
    "evidence_evidencerequest": _held("evidencerequest"),
    "evidence_evidenceanswer": _held("evidenceanswer"),
    "evidence_ownview": _held("ownview"),
    "consents_consentrequest": _held("consentrequest"),
    "consents_keptaway": _held("keptaway"),
    "consents_surveyconsent": _held("surveyconsent"),
    "consents_signedpaper": _held("signedpaper"),
    "access_accessrequest": _requests,
    "access_arrivedrequest": _held("arrivedrequest"),
    "access_manageropening": _openings,
    "access_logreview": _log_reviews,
    "access_lookquestion": _look_questions,
    "initiations_planrequest": _plan_requests,
}  # fmt: skip
KEYS = {"people_personkey": "person_id", "representatives_mandatekey": "mandate_id"}
"""The tables whose rows are not called `id`."""


def decide(table: str, actor: Actor, world: Sequence[CaseFile]) -> dict[UUID, bool]:
    """Every cell of one table for one reader."""
    if actor.kind is Kind.REPRESENTATIVE:
        return {row: True for file in world for row in deputies.opened(table, actor, file, NOW)}
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


def _rows(file: CaseFile, model: type[Model]) -> list[Any]:
    return [row for row in file.held if isinstance(row, model)]


def _has_left(act: Any) -> bool:
    return act.opens_at <= NOW and act.undone_at is None


def _is_of_our_unit(actor: Actor, row: Any) -> bool:
    return (
        actor.kind is Kind.PROFESSIONAL
        and actor.association_id == row.association_id
        and actor.authority_id == row.authority_id
        and actor.unit_id == row.unit_id
    )


def _reviews(actor: Actor, row: Any) -> bool:
    """Is she the log reviewer of the authority that holds this?"""
    return (
        actor.kind is Kind.PROFESSIONAL
        and actor.role == "log_reviewer"
        and actor.association_id == row.association_id
        and actor.authority_id == row.authority_id
    )


def _holds(actor: Actor, file: CaseFile) -> bool:
    case: Any = file.case
    return (
        actor.association_id == case.association_id
        and actor.authority_id == case.authority_id
        and _works_in(actor, file)
    )


def _works_in(actor: Actor, file: CaseFile) -> bool:
    case: Any = file.case
    return actor.kind is Kind.PROFESSIONAL and any(
        one.professional_id == actor.id
        and one.authority_id == actor.authority_id
        and one.unit_id == actor.unit_id
        and one.starts_at <= NOW
        and (one.ends_at is None or one.ends_at > NOW)
        and (not case.is_protected or (one.cleared_until is not None and one.cleared_until > NOW))
        for one in file.assignments
    )
