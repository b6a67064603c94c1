"""What happens when a plan is followed up: a party says how it goes, a follow-up is made, a case is closed.

Every verb but `report` is for those who hold the case; a party reports what it has itself undertaken. What is
finished is frozen (`humla.disclosures.freeze`) and never changed: a follow-up is corrected by a new one of
the same day (docs/decisions/0014), a closing by reopening.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Case, CaseState, Category, InCase
from humla.cases.turns import take_turn
from humla.cases.visibility import case_seen, my_open_cases_about
from humla.core.context import Actor, now, today
from humla.core.dates import day_of
from humla.core.refusals import refused_by_the_wall
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.disclosures.actions import GRACE, disclose, freeze
from humla.disclosures.models import Document, DocumentKind
from humla.disclosures.visibility import newest_version
from humla.followups import rules
from humla.followups.document import closing_parts, follow_up_parts
from humla.followups.models import (
    Closing,
    CommitmentResult,
    FollowUp,
    FollowUpState,
    GoalResult,
    LivelihoodLine,
    Progress,
    Status,
)
from humla.followups.visibility import (
    Sheet,
    begun_in,
    closing_of,
    corrected_by,
    follow_up_in,
    follow_ups_of,
    lead_offered,
    reports_of,
    sheet_of,
    still_planned,
    the_one_before,
    undertaking_in,
)
from humla.meetings.models import Meeting
from humla.organisation.models import Unit
from humla.people.ages import then
from humla.people.models import Person
from humla.plans.actions import follow_up_next
from humla.plans.document import LANGUAGE
from humla.plans.visibility import the_plan


class FollowUpDetails(TypedDict, total=False):
    """What a follow-up says beside its rows."""

    held_on: date
    step_by_staff: int | None
    step_by_person: int | None
    person_words: str
    next_on: date | None
    no_next_by: str


class CommitmentFound(TypedDict, total=False):
    """What was found of one commitment."""

    outcome: str
    hinder: str
    why: str


class GoalFound(TypedDict, total=False):
    """How near one goal is, 1 to 5; None is no answer."""

    by_person: int | None
    by_staff: int | None


class LivelihoodDetails(TypedDict, total=False):
    """What the person lived on, at one end of the case."""

    end: str
    kind: str
    percent: int | None
    decided_on: date | None
    is_pending: bool


class ClosingDetails(TypedDict, total=False):
    """How a case ended."""

    reason: str
    result: str
    other_way: str
    takes_over: str
    verdict: int | None
    verdict_words: str
    closed_on: date


# --- each party's own status --------------------------------------------------------------------------------


@transaction.atomic
def report(
    commitment_id: UUID, case: Case, *, status: str, hinder: str = "", note: str = "", by: Actor
) -> Progress:
    """Say how a commitment goes: one's own unit's, or as the holder what somebody else has told.

    Nothing is changed and nothing deleted: the newest counts.
    """
    found = undertaking_in(case, commitment_id)
    rules.may_report(by, case, found).enforce()
    rules.may_be_so(status, hinder).enforce()
    assert found is not None
    told = Progress(
        id=uuid4(),
        association_id=case.association_id,
        authority_id=by.authority_id,
        person_id=case.person_id,
        case_id=case.pk,
        commitment_id=found.id,
        unit_id=found.unit_id,
        status=status,
        hinder=hinder,
        note=note,
        reported_at=now(),
        reported_by_id=by.id,
    )
    _insert_report(told)
    items = [("commitment", found.id, 0), ("progress", told.pk, 0)]
    mine = [("assignment", case.my_assignment_id)] if case.my_assignment_id else []
    record(Tag.PROGRESS_REPORTED, case=case.pk, person=case.person_id, items=items, allowed_by=mine)
    return told


@transaction.atomic
def take_back_report(commitment_id: UUID, case: Case, *, by: Actor) -> Progress:
    """Undo one's own last word on a commitment: what one said before it is said again.

    Raises NotAllowed when somebody else said what stood before: nobody speaks in another's name.
    """
    told = reports_of(case, commitment_id)
    if not told or told[0].reported_by_id != by.id:
        raise NotAllowed(_("Bara den som sa det senast kan ångra det."))
    if len(told) == 1:
        return report(commitment_id, case, status=Status.NOT_STARTED, by=by)
    former = told[1]
    if former.reported_by_id != by.id:
        # Said again it would be in her name, and no longer the words of whoever said it.
        raise NotAllowed(_("Det som sades före är någon annans ord. Skriv läget på nytt i stället."))
    return report(commitment_id, case, status=former.status, hinder=former.hinder, note=former.note, by=by)


def _insert_report(told: Progress) -> None:
    """The wall asks whether the yes still holds: it may have been taken back since the page was drawn."""
    reason = _("Det går inte längre. Samtycket är återkallat, eller så hör åtagandet till en annan enhet.")
    with refused_by_the_wall(reason):
        told.save(force_insert=True)


# --- follow-ups ---------------------------------------------------------------------------------------------


@transaction.atomic
def begin_follow_up(
    case: Case, *, document: Document, held_on: date, meeting: Meeting | None = None, by: Actor
) -> FollowUp:
    """Begin to follow up an adopted version; one at a time in a case."""
    take_turn(case)
    rules.may_begin(
        by,
        case,
        document,
        follow_ups_of(case),
        newest=newest_version(case.pk, DocumentKind.PLAN),
        held_on=held_on,
        on=today(),
        meeting=meeting,
    ).enforce()
    return _begin(case, document=document, held_on=held_on, meeting=meeting, by=by)


@transaction.atomic
def correct_follow_up(follow_up: FollowUp, *, by: Actor) -> FollowUp:
    """A new follow-up of the same version and day with the same answers, to be put right and finished.

    The old one stays as it was, and counts until the new one is done.
    """
    case = follow_up.case
    take_turn(case)
    rules.may_correct(by, follow_up, follow_ups_of(case)).enforce()
    told = {name: getattr(follow_up, name) for name in ("step_by_staff", "step_by_person", "person_words")}
    told |= {"next_on": follow_up.next_on, "no_next_by": follow_up.no_next_by}
    made = _begin(
        case, document=follow_up.document, held_on=follow_up.held_on, meeting=follow_up.meeting, by=by, **told
    )
    sheet = sheet_of(follow_up)
    for one in sheet.commitments:
        if one.result is not None:
            found = CommitmentFound(outcome=one.result.outcome, hinder=one.result.hinder, why=one.result.why)
            _write_commitment(made, one.id, found)
    for each in sheet.goals:
        if each.result is not None:
            near = GoalFound(by_person=each.result.by_person, by_staff=each.result.by_staff)
            _write_goal(made, each.id, near)
    return made


@transaction.atomic
def keep_follow_up(
    follow_up: FollowUp,
    *,
    version: int,
    commitments: Mapping[UUID, CommitmentFound] | None = None,
    goals: Mapping[UUID, GoalFound] | None = None,
    by: Actor,
    **details: Unpack[FollowUpDetails],
) -> FollowUp:
    """Keep what is answered so far, much or little. Raises Stale when somebody else was first."""
    rules.may_write_in(by, follow_up).enforce()
    rules.on_the_scale(details.get("step_by_staff"), details.get("step_by_person")).enforce()
    if details.get("next_on") is not None and details.get("no_next_by"):
        rules.next_or_not(details["next_on"], details["no_next_by"], on=today()).enforce()
    _same_day(follow_up, details.get("held_on"))
    found = FollowUp.objects.filter(
        pk=follow_up.pk, version=version, state=FollowUpState.OPEN, is_removed=False
    )
    if not found.update(version=F("version") + 1, **details):
        raise Stale(_now(follow_up))
    sheet = sheet_of(follow_up)
    for key, told in (commitments or {}).items():
        rules.is_asked(sheet, key).enforce()
        _write_commitment(follow_up, key, told)
    for key, near in (goals or {}).items():
        rules.is_asked(sheet, key).enforce()
        _write_goal(follow_up, key, near)
    kept = _now(follow_up)
    _record(kept, Tag.FOLLOW_UP_CHANGED)
    return kept


@transaction.atomic
def finish_follow_up(
    follow_up: FollowUp, *, version: int, by: Actor, **details: Unpack[FollowUpDetails]
) -> Document:
    """Everything is answered: the follow-up is frozen, and the plan gets its next day.

    A correction of an earlier day leaves the plan's next day as the later follow-up settled it.
    It can be given the last answers on the way. Raises Stale when somebody else changed it meanwhile.
    """
    if details:
        follow_up = keep_follow_up(follow_up, version=version, by=by, **details)
        version = follow_up.version
    case = follow_up.case
    take_turn(case)
    follow_up = _now(follow_up)
    if follow_up.version != version:
        raise Stale(follow_up)
    sheet = sheet_of(follow_up)
    rules.may_finish(by, sheet, on=today()).enforce()
    document = _freeze(sheet, by=by)
    done = FollowUp.objects.filter(pk=follow_up.pk, version=version, state=FollowUpState.OPEN)
    _one(done.update(state=FollowUpState.DONE, done_at=now(), version=F("version") + 1))
    plan = the_plan.first(case.pk)
    assert plan is not None
    plan.case = case
    if not _is_overtaken(follow_up):
        follow_up_next(plan, on=follow_up.next_on, decided_by=follow_up.no_next_by, by=by)
    _record(follow_up, Tag.FOLLOW_UP_DONE, ("document", document.pk, document.version))
    return document


@transaction.atomic
def remove_follow_up(follow_up: FollowUp, *, by: Actor) -> FollowUp:
    """Begun by mistake, or it came to nothing: it counts no more and stops nothing. It can be restored."""
    return _set_removed(follow_up, is_removed=True, by=by)


@transaction.atomic
def restore_follow_up(follow_up: FollowUp, *, by: Actor) -> FollowUp:
    """It was removed by mistake: it goes on, with everything that was answered."""
    return _set_removed(follow_up, is_removed=False, by=by)


def _set_removed(follow_up: FollowUp, *, is_removed: bool, by: Actor) -> FollowUp:
    case = follow_up.case
    take_turn(case)
    found = _now(follow_up)
    found.case = case
    if is_removed:
        rules.may_remove(by, found).enforce()
    else:
        rules.may_restore(by, found, follow_ups_of(case)).enforce()
    rows = FollowUp.objects.filter(pk=found.pk, version=found.version)
    _one(rows.update(is_removed=is_removed, version=F("version") + 1))
    changed = _now(found)
    _record(changed, Tag.FOLLOW_UP_REMOVED if is_removed else Tag.FOLLOW_UP_RESTORED)
    return changed


def _is_overtaken(follow_up: FollowUp) -> bool:
    """Has a follow-up of a later day been finished? Then that one has settled when the next is."""
    return any(
        one.state == FollowUpState.DONE and one.held_on > follow_up.held_on
        for one in follow_ups_of(follow_up.case)
    )


def _freeze(sheet: Sheet, *, by: Actor) -> Document:
    follow_up = sheet.follow_up
    case = follow_up.case
    number = newest_version(case.pk, DocumentKind.FOLLOW_UP) + 1
    plan = the_plan.first(case.pk)
    parts = follow_up_parts(
        sheet,
        _person(case),
        number=number,
        words_category=plan.own_goal_category if plan else Category.NEEDS,
        before=the_one_before(follow_up, follow_ups_of(case)),
    )
    with override(LANGUAGE):
        title = _("Uppföljning av planen")
    return freeze(case, kind=DocumentKind.FOLLOW_UP, version=number, title=title, parts=parts, by=by)


def _begin(
    case: Case, *, document: Document, held_on: date, meeting: Meeting | None, by: Actor, **told: Any
) -> FollowUp:
    made = FollowUp(
        id=uuid4(),
        **_held_as(case),
        document=document,
        meeting=meeting,
        held_on=held_on,
        begun_at=now(),
        begun_by_id=by.id,
        **then(_person(case), held_on),
        **told,
    )
    made.case = case
    made.save(force_insert=True)
    _record(made, Tag.FOLLOW_UP_BEGUN)
    return made


def _same_day(follow_up: FollowUp, held_on: date | None) -> None:
    if held_on is None or held_on == follow_up.held_on:
        return
    others = [one for one in follow_ups_of(follow_up.case) if one.pk != follow_up.pk]
    rules.same_day_as_what_it_corrects(held_on, corrected_by(follow_up, others)).enforce()
    rules.may_be_held_on(follow_up.document, held_on, others, today()).enforce()


def _write_commitment(follow_up: FollowUp, commitment_id: UUID, told: CommitmentFound) -> None:
    rules.may_be_found(told["outcome"], told.get("hinder", "")).enforce()
    _upsert(CommitmentResult, follow_up, {"commitment_id": commitment_id}, dict(told))


def _write_goal(follow_up: FollowUp, goal_id: UUID, near: GoalFound) -> None:
    rules.on_the_scale(near.get("by_person"), near.get("by_staff")).enforce()
    _upsert(GoalResult, follow_up, {"goal_id": goal_id}, dict(near))


def _upsert(model: Any, follow_up: FollowUp, key: dict[str, UUID], told: dict[str, Any]) -> None:
    if model.objects.filter(follow_up=follow_up, **key).update(**told):
        return
    row = model(id=uuid4(), follow_up=follow_up, **_held_as(follow_up.case), **key, **told)
    row.save(force_insert=True)


def _now(follow_up: FollowUp) -> FollowUp:
    found = follow_up_in(follow_up.case, follow_up.pk)
    if found is None:
        raise NotAllowed(_("Uppföljningen finns inte längre för dig."))
    return found


# --- the end of a case --------------------------------------------------------------------------------------


@transaction.atomic
def close(
    case: Case,
    *,
    livelihood: Iterable[LivelihoodDetails] = (),
    tell: Sequence[Unit] = (),
    by: Actor,
    **details: Unpack[ClosingDetails],
) -> Closing:
    """End the case: how it ended is written down, frozen, and handed to those who are to know.

    `tell`: units that get the closing, each by its consent; it leaves after the minute of grace. The person's
    consents are hers and stay as they are: what a receiver has got lawfully it may read until its yes ends,
    and nothing new comes.
    """
    take_turn(case)
    fresh = case_seen(case.pk) or case
    rules.may_close(
        by, fresh, planned=still_planned(fresh), begun=begun_in(fresh), offered=lead_offered(fresh)
    ).enforce()
    lines = [dict(one) for one in livelihood]
    closed_on = details.get("closed_on") or today()
    rules.may_close_so(
        reason=details.get("reason", ""),
        result=details.get("result", ""),
        takes_over=details.get("takes_over", ""),
        verdict=details.get("verdict"),
        closed_on=closed_on,
        livelihood=lines,
        opened_on=day_of(fresh.opened_at),
        on=today(),
    ).enforce()
    person = _person(fresh)
    _end_rest(fresh)
    made = Closing(
        id=uuid4(),
        **_held_as(fresh),
        **{**details, "closed_on": closed_on},
        **then(person, closed_on),
        closed_at=now(),
        closed_by_id=by.id,
    )
    made.case = fresh
    made.save(force_insert=True)
    document = _freeze_closing(made, _write_lines(made, lines), person, by=by)
    for unit in tell:
        disclose(document, unit=unit, by=by, leaves_in=GRACE)
    _set_state(fresh, CaseState.OPEN, state=CaseState.CLOSED, closed_at=now())
    items = [("closing", made.pk, 0), ("document", document.pk, document.version)]
    record(Tag.CASE_CLOSED, case=fresh.pk, person=fresh.person_id, items=items)
    return made


@transaction.atomic
def reopen(closing: Closing, *, why: str, by: Actor) -> Case:
    """Take a closed case up again. How it ended then stays written; it can be closed once more."""
    case = case_seen(closing.case_id) or closing.case
    take_turn(case)
    case = case_seen(case.pk) or case
    newest = closing_of(case)
    is_newest = newest is not None and newest.pk == closing.pk
    going_on = my_open_cases_about(case.person_id)
    rules.may_reopen(by, case, newest if is_newest else None, why, going_on=going_on).enforce()
    again = Closing.objects.filter(pk=closing.pk, reopened_at__isnull=True)
    _one(again.update(reopened_at=now(), reopened_why=why))
    _set_state(case, CaseState.CLOSED, state=CaseState.OPEN, closed_at=None)
    record(Tag.CASE_REOPENED, case=case.pk, person=case.person_id, items=[("closing", closing.pk, 0)])
    return case_seen(case.pk) or case


def _write_lines(closing: Closing, lines: Iterable[Mapping[str, Any]]) -> list[LivelihoodLine]:
    made = [LivelihoodLine(id=uuid4(), closing=closing, **_held_as(closing.case), **one) for one in lines]
    for one in made:
        one.save(force_insert=True)
    return made


def _freeze_closing(
    closing: Closing, lines: Iterable[LivelihoodLine], person: Person, *, by: Actor
) -> Document:
    case = closing.case
    with override(LANGUAGE):
        title = _("Avslut av planen")
    return freeze(
        case,
        kind=DocumentKind.CLOSING,
        version=newest_version(case.pk, DocumentKind.CLOSING) + 1,
        title=title,
        parts=closing_parts(closing, lines, person),
        by=by,
    )


def _end_rest(case: Case) -> None:
    """A case that rests is not woken by hand to be ended, but in one that rests nothing is frozen."""
    if case.resting_until is None:
        return
    rest = {"resting_until": None, "resting_reason": ""}
    _set_state(case, CaseState.OPEN, **rest)
    for name, value in rest.items():
        setattr(case, name, value)


def _set_state(case: Case, before: CaseState, **fields: object) -> None:
    _one(Case.objects.filter(pk=case.pk, state=before).update(version=F("version") + 1, **fields))


# --- shared -------------------------------------------------------------------------------------------------


def _held_as(case: Case) -> dict[str, UUID]:
    """What the row policies read, copied from the case."""
    return {
        "association_id": case.association_id,
        "authority_id": case.authority_id,
        "person_id": case.person_id,
        "case_id": case.pk,
    }


def _person(case: InCase | Case) -> Person:
    found = Person.objects.filter(pk=case.person_id).first()
    if found is None:
        raise NotAllowed(_("Personen finns inte längre för dig."))
    return found


def _one(count: int) -> None:
    """An UPDATE of a row that the policies hide hits nothing, silently."""
    if count != 1:
        raise NotAllowed(_("Det finns inte längre för dig."))


def _record(follow_up: FollowUp, tag: Tag, *more: tuple[str, UUID, int]) -> None:
    items = [("follow_up", follow_up.pk, follow_up.version), *more]
    record(tag, case=follow_up.case_id, person=follow_up.person_id, items=items)
