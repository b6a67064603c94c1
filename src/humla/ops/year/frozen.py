"""What is frozen and handed over, and what rests on it: follow-ups, offers of the lead, the close.

Here: documents made by the program's own words for them. Not here: the rows they are made of (`course.py`).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from humla.audit.models import Event
from humla.audit.tags import Tag
from humla.cases.models import RELEASABLE, Case, CaseAssignment, CaseRole, CaseState, Initiation, Initiator
from humla.core.secrets import person_key, person_lookup
from humla.disclosures.models import (
    Disclosure,
    Document,
    DocumentKind,
    DocumentPart,
    Ground,
    RecallCause,
    ReceivedCopy,
)
from humla.followups.models import (
    Before,
    Closing,
    CommitmentResult,
    FollowUp,
    FollowUpState,
    GoalResult,
    Hinder,
    Livelihood,
    LivelihoodLine,
    Outcome,
    Progress,
    Status,
)
from humla.meetings.models import MeetingKind
from humla.ops.year import words
from humla.ops.year.cases import Reach
from humla.ops.year.gatherings import as_held, made
from humla.ops.year.held import RECEIVERS, Held
from humla.ops.year.setting import Setting
from humla.organisation.models import Unit
from humla.people.models import Person, PersonKey
from humla.plans.document import parts_of
from humla.plans.models import Doer, LeadTransfer, Plan


def write(setting: Setting, held: Held) -> None:
    """What follows when the plan has been adopted."""
    if held.plan is None or held.adopted_on is None:
        _close(setting, held)
        return
    at = setting.at(held.adopted_on, 15)
    parts = parts_of(Plan.objects.get(pk=held.plan.pk), adopted_on=held.adopted_on)
    document = freeze(setting, held, DocumentKind.PLAN, "Samordnad individuell plan", parts, at)
    trace(setting, held, Tag.PLAN_ADOPTED, at, [["document", str(document.pk), 1]])
    disclosures = {unit.pk: hand_over(setting, held, document, unit, parts, at) for unit in held.consented}
    _progress(setting, held, at)
    if held.course.reach >= Reach.FOLLOWED:
        _follow(setting, held, document)
    _transfer(setting, held, disclosures)
    _close(setting, held)


def freeze(
    setting: Setting,
    held: Held,
    kind: DocumentKind,
    title: str,
    parts: Mapping[Any, Sequence[Any]],
    at: datetime,
    version: int = 1,
) -> Document:
    """A frozen document with its parts."""
    said = {str(category): list(blocks) for category, blocks in parts.items()}
    written = json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    shared = {"kind": kind, "version": version, "title": title}
    document: Document = setting.add(
        Document,
        **held.about,
        **shared,
        sha256=hashlib.sha256(written.encode("ascii")).hexdigest(),
        frozen_at=at,
        frozen_by_id=held.by.pk,
    )
    for category, blocks in said.items():
        setting.add(
            DocumentPart,
            **held.about,
            **shared,
            document=document,
            category=category,
            content={"blocks": blocks},
        )
    return document


def hand_over(
    setting: Setting,
    held: Held,
    document: Document,
    unit: Unit,
    parts: Mapping[Any, Sequence[Any]],
    at: datetime,
    *,
    is_first: bool = True,
) -> Disclosure | None:
    """Handed over under the unit's consent, taken in and read; nothing when no consent was in force then.

    What comes after the first is read by whoever took that in.
    """
    consent = held.consents[unit.pk]
    if not consent.starts_at <= at < consent.ends_at:
        return None
    categories = [one for one in RELEASABLE if one in consent.categories and one in parts]
    disclosure: Disclosure = setting.add(
        Disclosure,
        **held.about,
        document=document,
        receiver_id=unit.authority_id,
        receiver_unit=unit,
        categories=categories,
        ground=Ground.CONSENT,
        consent=consent,
        disclosed_at=at,
        disclosed_by_id=held.by.pk,
        opens_at=at + timedelta(seconds=60),
    )
    trace(setting, held, Tag.DOCUMENT_DISCLOSED, at, [["disclosure", str(disclosure.pk), 0]])
    copy = _copy(setting, held, document, disclosure, {one: parts[one] for one in categories})
    # Not everybody has taken in what has come: the newest wait.
    if at < setting.at(setting.before(12)):
        if is_first:
            _take_in(setting, held, unit, at + timedelta(hours=20))
        _kept(setting, copy, at + timedelta(hours=20))
    return disclosure


def _copy(
    setting: Setting,
    held: Held,
    document: Document,
    disclosure: Disclosure,
    parts: Mapping[Any, Sequence[Any]],
) -> ReceivedCopy:
    """What the receiver has in its own record, as `lay_copy()` in the walls lays it."""
    copy: ReceivedCopy = setting.add(
        ReceivedCopy,
        **{**held.about, "authority_id": disclosure.receiver_id},
        unit=disclosure.receiver_unit,
        disclosure=disclosure,
        giver_id=held.case.authority_id,
        giver_unit_id=held.case.unit_id,
        reference=held.case.reference,
        kind=document.kind,
        version=document.version,
        title=document.title,
        parts={str(one): {"blocks": list(blocks)} for one, blocks in parts.items()},
        opens_at=disclosure.opens_at,
    )
    return copy


def _kept(setting: Setting, copy: ReceivedCopy, at: datetime) -> None:
    """Most have given their receipt, many have archived it themselves, and now and then one was wrong."""
    act, reader = copy.disclosure, setting.staff[RECEIVERS[copy.unit.name]]
    became = setting.next("copies", ("archived", "received", "archived", "new", "received", "archived"))
    if became != "new":
        act.received_at, act.received_by_id = at, reader.pk
    if became == "archived" and at + timedelta(days=6) < setting.now:
        copy.archived_at, copy.archived_by_id = at + timedelta(days=6), reader.pk
        copy.archive_reference = f"{at:%Y}/{copy.reference}"
        copy.parts = {}
    # A few in a year went to the wrong unit; what the rest of the story rests on is left alone.
    if setting.next("called back", range(40)) == 39 and at + timedelta(days=1) < setting.now:
        act.recalled_at, act.recalled_by_id = at + timedelta(days=1), act.disclosed_by_id
        act.recalled_why = setting.next("recall causes", RecallCause)
        copy.parts, copy.archived_at, copy.archived_by_id, copy.archive_reference = {}, None, None, ""


def _take_in(setting: Setting, held: Held, unit: Unit, at: datetime) -> None:
    reader = setting.staff[RECEIVERS[unit.name]]
    role = setting.next("reader roles", (*[CaseRole.MEMBER] * 9, CaseRole.READER))
    setting.add(
        CaseAssignment,
        **{**held.about, "authority_id": unit.authority_id},
        professional=reader,
        unit=unit,
        role=role,
        is_protected=held.course.is_protected,
        starts_at=at,
        assigned_by=reader,
    )
    # Somebody's page of who has looked is long.
    for look in range(40 if held.course.is_long else 1):
        when = min(at + timedelta(hours=look), setting.now)
        trace(setting, held, Tag.DOCUMENT_READ, when, [], reader=reader, unit=unit)


def trace(
    setting: Setting,
    held: Held,
    tag: Tag,
    at: datetime,
    items: list[Any],
    reader: Any = None,
    unit: Any = None,
) -> None:
    """A line on the trail, as the program would have written it."""
    who, where = reader or held.by, unit or held.unit
    setting.add(
        Event,
        at=at,
        association_id=where.association_id,
        kind="professional",
        actor_id=who.pk,
        authority_id=where.authority_id,
        unit_id=where.pk,
        role="handler",
        person_id=held.person.pk,
        case_id=held.case.pk,
        tag=tag,
        items=items,
        request_id=setting.id(),
    )


# --- what became of it --------------------------------------------------------------------------------------


def _progress(setting: Setting, held: Held, adopted_at: datetime) -> None:
    for commitment in held.commitments:
        if commitment.doer != Doer.UNIT or commitment.unit is None:
            continue
        status = setting.next(
            "status", (Status.DONE, Status.UNDER_WAY, None, Status.HINDERED, Status.DONE, Status.NOT_STARTED)
        )
        if status is None:
            continue
        setting.add(
            Progress,
            **{**held.about, "authority_id": commitment.unit.authority_id},
            commitment=commitment,
            unit=commitment.unit,
            status=status,
            hinder=setting.next("hinders", Hinder) if status == Status.HINDERED else "",
            reported_at=adopted_at + timedelta(days=min(10, held.course.days_ago - 21)),
            reported_by_id=held.by.pk,
        )


def _follow(setting: Setting, held: Held, document: Document) -> None:
    """One follow-up, or two for the oldest; some have just begun."""
    times = 2 if held.course.days_ago > 250 else 1
    for turn in range(times):
        day = held.opened_on + timedelta(days=105 + 90 * turn)
        if day >= setting.today:
            return
        kind = MeetingKind.CLOSING if held.course.close and turn == times - 1 else MeetingKind.FOLLOW_UP
        meeting = as_held(held, made(setting, held, kind, setting.at(day, 10)))
        meeting.no_next_by = "Personen" if held.course.close else ""
        meeting.next_on = None if held.course.close or held.plan is None else held.plan.follow_up_on
        if not meeting.next_on:
            meeting.no_next_by = "Personen och den som leder planen"
        is_open = (
            turn == times - 1 and not held.course.close and setting.next("open follow-ups", range(6)) == 0
        )
        follow_up = setting.add(
            FollowUp,
            **held.about,
            **held.then,
            document=document,
            meeting=meeting,
            state=FollowUpState.OPEN if is_open else FollowUpState.DONE,
            held_on=day,
            step_by_staff=min(5, 1 + turn + setting.next("steps staff", (0, 1, 2))),
            step_by_person=min(5, 1 + turn + setting.next("steps person", (1, 0, 2))),
            person_words=setting.next("after", words.WORDS_AFTER),
            next_on=meeting.next_on,
            no_next_by=meeting.no_next_by,
            begun_at=setting.at(day, 10),
            begun_by=held.by,
            done_at=None if is_open else setting.at(day, 11),
        )
        _results(setting, held, follow_up)


def _results(setting: Setting, held: Held, follow_up: FollowUp) -> None:
    for commitment in held.commitments:
        outcome = setting.next(
            "outcomes", (Outcome.DONE, Outcome.DONE, Outcome.PARTLY, Outcome.DONE, Outcome.NOT)
        )
        hinder = "" if outcome == Outcome.DONE else setting.next("result hinders", Hinder)
        setting.add(
            CommitmentResult,
            **held.about,
            follow_up=follow_up,
            commitment=commitment,
            outcome=outcome,
            hinder=hinder,
            why="" if outcome == Outcome.DONE else "Tas upp igen nästa gång.",
        )
    for goal in held.goals:
        setting.add(
            GoalResult,
            **held.about,
            follow_up=follow_up,
            goal=goal,
            by_person=setting.next("goal by person", (3, 4, 2, 5, None)),
            by_staff=setting.next("goal by staff", (3, 3, 4, 2, 5)),
        )


def _transfer(setting: Setting, held: Held, disclosures: dict[Any, Disclosure | None]) -> None:
    what = held.course.transfer
    unit = next((one for one in held.consented if disclosures.get(one.pk)), None)
    if not what or unit is None:
        return
    offered = setting.at(setting.before(10), 11)
    answered = offered + timedelta(days=2)
    new_case = _continued(setting, held, unit, answered) if what == "accepted" else None
    is_answered = what in ("accepted", "declined")
    setting.add(
        LeadTransfer,
        **held.about,
        to_unit=unit,
        disclosure=disclosures[unit.pk],
        note="Ni har mest kontakt med personen nu.",
        offered_at=offered,
        offered_by=held.by,
        answered_at=answered if is_answered else None,
        answered_by_id=setting.staff[RECEIVERS[unit.name]].pk if is_answered else None,
        is_accepted=(what == "accepted") if is_answered else None,
        declined_why="Vi avslutar snart vår egen kontakt." if what == "declined" else "",
        taken_back_at=answered if what == "taken_back" else None,
        to_case=new_case,
    )


def _continued(setting: Setting, held: Held, unit: Unit, at: datetime) -> Case:
    """The case that the new lead holds: the same SIP, another authority's rows."""
    lead = setting.staff[RECEIVERS[unit.name]]
    old = held.person
    columns = (
        "given_name",
        "family_name",
        "number_kind",
        "number",
        "born_year",
        "sex",
        "language",
        "needs_interpreter",
    )
    person = setting.add(
        Person,
        association_id=unit.association_id,
        authority_id=unit.authority_id,
        number_lookup=person_lookup(unit.authority_id, old.number),
        **{name: getattr(old, name) for name in columns},
    )
    setting.rows.setdefault(PersonKey, []).append(PersonKey(person=person, key=person_key(old.number)))
    case: Case = setting.add(
        Case,
        association_id=unit.association_id,
        authority_id=unit.authority_id,
        person=person,
        unit=unit,
        reference=setting.code(),
        series=held.case.series,
        continues=held.case,
        opened_at=at,
        opened_by=lead,
    )
    about = {"association_id": unit.association_id, "authority_id": unit.authority_id}
    setting.add(
        Initiation,
        **about,
        **held.then,
        person=person,
        case=case,
        initiator=Initiator.PROFESSIONAL,
        initiator_profession=lead.profession,
        initiator_unit=unit,
    )
    setting.add(
        CaseAssignment,
        **about,
        person=person,
        case=case,
        professional=lead,
        unit=unit,
        role=CaseRole.RESPONSIBLE,
        starts_at=at,
        assigned_by=lead,
    )
    Case.objects.filter(pk=held.case.pk).update(state=CaseState.MOVED, closed_at=at)
    return case


def _close(setting: Setting, held: Held) -> None:
    course = held.course
    if course.close is None:
        return
    day = _closed_on(setting, held)
    closing = setting.add(
        Closing,
        **held.about,
        **held.then,
        reason=course.close,
        result="Planen är genomförd så långt det gick." if course.is_sip else "",
        other_way=setting.next("other ways", ("", "Utbildning på folkhögskola.", "")),
        takes_over=setting.next("takes over", ("Arbetskonsulenten fortsätter.", "Hälsocentralen.", "")),
        verdict=setting.next("verdicts", (4, 5, None, 3, 5, 2)) if course.is_sip else None,
        verdict_words=setting.next("verdict words", words.WORDS_AFTER) if course.is_sip else "",
        closed_on=day,
        closed_at=setting.at(day, 16),
        closed_by=held.by,
        reopened_at=setting.at(day + timedelta(days=9), 9) if course.is_reopened else None,
        reopened_why="Personen har hört av sig igen." if course.is_reopened else "",
    )
    if not course.is_reopened:
        Case.objects.filter(pk=held.case.pk).update(state=CaseState.CLOSED, closed_at=closing.closed_at)
    if course.is_sip:
        _livelihood(setting, held, closing)


def _closed_on(setting: Setting, held: Held) -> date:
    days = 112 if held.course.is_sip else 14
    if held.course.days_ago > 250:
        days = 200
    return min(held.opened_on + timedelta(days=days), setting.before(1))


def _livelihood(setting: Setting, held: Held, closing: Closing) -> None:
    row = {**held.about, "closing": closing}
    setting.add(LivelihoodLine, **row, end=Before.BEFORE, kind=setting.next("lived on", _BEFORE), percent=100)
    if held.course.outcome:
        decided = closing.closed_on - timedelta(days=5)
        setting.add(
            LivelihoodLine, **row, end=Before.AFTER, kind=held.course.outcome, percent=100, decided_on=decided
        )
    elif held.course.is_pending:
        setting.add(
            LivelihoodLine, **row, end=Before.AFTER, kind=Livelihood.SICKNESS_COMPENSATION, is_pending=True
        )
    else:
        setting.add(
            LivelihoodLine, **row, end=Before.AFTER, kind=setting.next("lives on", _AFTER), percent=50
        )


_BEFORE = (
    Livelihood.INCOME_SUPPORT,
    Livelihood.INCOME_SUPPORT,
    Livelihood.SICKNESS_BENEFIT,
    Livelihood.UNEMPLOYMENT,
)
_AFTER = (
    Livelihood.SUBSIDISED_WORK,
    Livelihood.STUDIES,
    Livelihood.PRACTICE,
    Livelihood.JOB_SEEKING,
    Livelihood.PENSION,
    Livelihood.NOTHING,
    Livelihood.INCOME_SUPPORT,
)
