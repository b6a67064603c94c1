"""What happens in a case after it was opened, as rows: meetings, summonses, notes, follow-ups, the outbox.

Lives here: the rows, with what varies between them. Not here: the cases that they hang on and the facts of
the rule (`world.py`), and who may read them (`decisions.py`).

What varies is drawn from the file's own name by a hash, so that no variant follows a dimension of the table.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Model

from humla.cases.models import Handover, Initiation, Note
from humla.consultations.models import Consultation
from humla.disclosures.models import Disclosure, ReceivedCopy, Reply
from humla.followups.models import (
    Closing,
    CommitmentResult,
    FollowUp,
    GoalResult,
    LivelihoodLine,
    Progress,
)
from humla.links.models import Link
from humla.meetings.models import Attendance, Meeting, Preparation, Summons, SummonsAnswer
from humla.notifications.models import Notice, ReminderStop
from humla.plans.models import (
    LeadTransfer,
    Milestone,
    OtherPlan,
    Reservation,
    UnmetNeed,
)
from prove.ground.readers import COLLEAGUE, HANNA, HOLDER, RECEIVER, THIRD, UNITS, known

if TYPE_CHECKING:
    from prove.ground.world import CaseFile

IN_ORDER: tuple[type[Model], ...] = (
    Initiation, Handover, Note, Meeting, Summons, SummonsAnswer, Attendance, Preparation, Milestone,
    Reservation, UnmetNeed, OtherPlan, LeadTransfer, Progress, FollowUp, CommitmentResult, GoalResult,
    Closing, LivelihoodLine, Consultation, Notice, ReminderStop, Link, ReceivedCopy, Reply,
)  # fmt: skip
"""In an order that foreign keys accept, after documents, plans and disclosures."""

_TICK, _DAY = timedelta(microseconds=1), timedelta(days=1)


def after_a_disclosure(
    file: "CaseFile", about: dict[str, Any], disclosure: Disclosure, at: datetime
) -> Iterator[Model]:
    """A summons to the unit that it went to, the answer to it, the lead offered to the unit, and the letters.

    The summons has an instant of its own: either may hold back what the other lets through.
    """
    name, case_id = known(f"variant {file.case.pk}").int, file.case.pk
    meeting = _meeting(about, f"kallat {case_id}", at)
    leaves_at, cancelled_at = (
        (at - _DAY, None),
        (at - _DAY, None),
        (at, None),
        (at + _TICK, None),
        (at - _DAY, at - 2 * _DAY),
        (at - 2 * _DAY, at - _DAY),
    )[name % 6]
    summons = Summons(
        id=known(f"kallelse {case_id}"),
        **about,
        meeting=meeting,
        called="unit",
        unit_id=disclosure.receiver_unit_id,
        duty="obliged",
        # Now and then one without a document, beside a document that is out.
        disclosure=None if name % 11 == 0 else disclosure,
        sent_at=at - 3 * _DAY,
        leaves_at=leaves_at,
        sent_by_id=HANNA,
        cancelled_at=cancelled_at,
    )
    yield from (meeting, summons, _answer(about, summons, at))
    offered_to = UNITS[THIRD][0] if name % 7 == 0 else disclosure.receiver_unit_id
    yield LeadTransfer(
        id=known(f"byte {case_id}"),
        **about,
        to_unit_id=offered_to,
        disclosure=disclosure,
        offered_at=at - _DAY,
        offered_by_id=HANNA,
    )
    yield from _in_the_record(about, disclosure, at)
    outbox = {"association_id": about["association_id"], "unit_id": disclosure.receiver_unit_id}
    yield Notice(
        id=known(f"avisering {case_id}"),
        **outbox,
        kind="summons",
        about_id=summons.pk,
        queued_at=at - _DAY,
        queued_by_id=HANNA,
        leaves_at=at,
    )
    yield ReminderStop(
        id=known(f"stoppade påminnelser {case_id}"),
        **outbox,
        about_id=summons.pk,
        stopped_at=at - _DAY,
        stopped_by_id=HANNA,
    )
    yield Link(
        id=known(f"länk {case_id}"),
        **outbox,
        token_hash=known(f"token {case_id}").hex * 2,
        subject="summons",
        subject_id=summons.pk,
        made_at=at - _DAY,
        ends_at=at + _DAY,
    )


def _in_the_record(about: dict[str, Any], disclosure: Disclosure, at: datetime) -> Iterator[Model]:
    """The receiver's own copy of what was handed over, and what came back by a link."""
    yield ReceivedCopy(
        id=known(f"kopia {disclosure.pk}"),
        **about | {"association_id": disclosure.association_id, "authority_id": disclosure.receiver_id},
        unit_id=disclosure.receiver_unit_id,
        disclosure=disclosure,
        giver_id=about["authority_id"],
        giver_unit_id=UNITS[HOLDER][0],
        reference="X",
        kind="plan",
        version=1,
        title="t",
        parts={},
        opens_at=disclosure.opens_at,
    )
    yield Reply(
        id=known(f"svar om {disclosure.pk}"),
        **about,
        disclosure=disclosure,
        text="t",
        written_at=at - _DAY,
        link_id=known("en länk"),
    )


def beside_a_plan(
    file: "CaseFile", about: dict[str, Any], document_id: UUID, at: datetime
) -> Iterator[Model]:
    """One of everything that the holder writes, and what each unit writes for itself."""
    case_id = file.case.pk
    meeting = _meeting(about, f"hållet {case_id}", at)
    yield Initiation(id=known(f"initiering {case_id}"), **about, initiator="person")
    yield Handover(
        id=known(f"överlämning {case_id}"),
        **about,
        from_professional_id=COLLEAGUE,
        to_professional_id=HANNA,
        handed_over_at=at - _DAY,
        handed_over_by_id=COLLEAGUE,
    )
    yield meeting
    yield Attendance(
        id=known(f"närvaro {case_id}"), **about, meeting=meeting, called="person", was_present=True
    )
    yield from _words(about, case_id, at)
    yield from _rest_of_the_plan(about, case_id)
    yield from _followed_up(about, case_id, document_id, meeting, at)
    yield from _of_units(file, about, at)
    yield from _consultations(about, case_id, at)


def _meeting(about: dict[str, Any], name: str, at: datetime) -> Meeting:
    return Meeting(
        id=known(f"möte {name}"),
        **about,
        kind="first",
        starts_at=at + _DAY,
        planned_at=at - _DAY,
        planned_by_id=HANNA,
    )


def _answer(about: dict[str, Any], summons: Summons, at: datetime) -> SummonsAnswer:
    return SummonsAnswer(
        id=known(f"svar på {summons.pk}"),
        **about,
        summons=summons,
        answer="comes",
        answered_by="noted",
        answered_at=at - _DAY,
        answered_by_id=HANNA,
    )


def _words(about: dict[str, Any], case_id: UUID, at: datetime) -> Iterator[Model]:
    """The person's own: kept to herself, handed in a moment ago, at this instant, and in a tick."""
    for name, handed_in_at in (("egna", None), ("förut", at - _DAY), ("nu", at), ("strax", at + _TICK)):
        yield Preparation(
            id=known(f"förberedelse {name} {case_id}"),
            **about,
            written_at=at - _DAY,
            written_by_id=HANNA,
            handed_in_at=handed_in_at,
        )


def _rest_of_the_plan(about: dict[str, Any], case_id: UUID) -> Iterator[Model]:
    row = about | {"plan_id": known(f"plan {case_id}")}
    yield Milestone(id=known(f"delmål {case_id}"), **row, goal_id=known(f"mål {case_id}"), text="t")
    yield Reservation(
        id=known(f"reservation {case_id}"), **row, unit_id=UNITS[RECEIVER][0], what="t", why="t"
    )
    yield UnmetNeed(
        id=known(f"behov {case_id}"), **row, life_area_id=known("livsområde"), what="t", why="queue"
    )
    yield OtherPlan(id=known(f"annan plan {case_id}"), **row, kind="lss", owner="t")


def _followed_up(
    about: dict[str, Any], case_id: UUID, document_id: UUID, meeting: Meeting, at: datetime
) -> Iterator[Model]:
    held = FollowUp(
        id=known(f"uppföljning {case_id}"),
        **about,
        document_id=document_id,
        meeting=meeting,
        held_on=at.date(),
        begun_at=at - _DAY,
        begun_by_id=HANNA,
    )
    closing = Closing(
        id=known(f"avslut {case_id}"),
        **about,
        reason="goal_reached",
        closed_on=at.date(),
        closed_at=at - _DAY,
        closed_by_id=HANNA,
    )
    yield held
    yield CommitmentResult(
        id=known(f"gjort {case_id}"),
        **about,
        follow_up=held,
        commitment_id=known(f"åtagande {case_id}"),
        outcome="done",
    )
    yield GoalResult(id=known(f"nått {case_id}"), **about, follow_up=held, goal_id=known(f"mål {case_id}"))
    yield closing
    yield LivelihoodLine(id=known(f"lever på {case_id}"), **about, closing=closing, end="after", kind="work")


def _of_units(file: "CaseFile", about: dict[str, Any], at: datetime) -> Iterator[Model]:
    """A note and a word about a commitment from each unit; the holder's own word about another's."""
    case_id = file.case.pk
    for authority in (HOLDER, RECEIVER, THIRD):
        for unit in UNITS[authority]:
            held = about | {"authority_id": authority}
            yield Note(
                id=known(f"anteckning {unit} {case_id}"),
                **held,
                unit_id=unit,
                text="t",
                written_by_id=HANNA,
                written_at=at - _DAY,
            )
            yield _progress(held, case_id, unit, f"lämnat av {unit}", at)
    yield _progress(about, case_id, UNITS[RECEIVER][0], "noterat", at)


def _progress(about: dict[str, Any], case_id: UUID, unit: UUID, name: str, at: datetime) -> Progress:
    return Progress(
        id=known(f"läge {name} {case_id}"),
        **about,
        commitment_id=known(f"åtagande {case_id}"),
        unit_id=unit,
        status="done",
        reported_at=at - _DAY,
        reported_by_id=HANNA,
    )


def _consultations(about: dict[str, Any], case_id: UUID, at: datetime) -> Iterator[Model]:
    """The coordinator's own record: tied to the case, tied to none, and another unit's."""
    held = {one: about[one] for one in ("association_id", "authority_id")}
    unit, beside = UNITS[HOLDER]
    for name, of_unit, tied in (
        ("bunden", unit, case_id),
        ("fri", unit, None),
        ("annan enhets", beside, None),
    ):
        yield Consultation(
            id=known(f"konsultation {name} {case_id}"),
            **held,
            unit_id=of_unit,
            case_id=tied,
            held_on=at.date(),
            asker_profession_id=known("ett yrke"),
            asker_unit_id=UNITS[RECEIVER][0],
            theme="other",
            form="phone",
            result="sip",
            registered_by_id=HANNA,
            registered_at=at - _DAY,
        )
