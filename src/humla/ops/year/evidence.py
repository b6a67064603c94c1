"""Underlag that is asked for in the year: a question in each way that it can stand.

Here: rows of `humla.evidence` in open cases with a meeting ahead, and the letters about them. Not here: the
meetings (`gatherings`).
"""

from datetime import date, timedelta
from typing import Any

from humla.cases.models import CaseState
from humla.evidence.models import AnsweredHow, EvidenceAnswer, EvidenceRequest, OwnView, RefusalCause, Said
from humla.meetings.models import Called, EvidenceKind, Meeting, MeetingState
from humla.notifications.models import Notice, NoticeKind, NoticeState
from humla.ops.year.setting import Setting
from humla.organisation.models import Unit

_MOST = 24
"""In so many cases: enough for every page to show each kind, few enough to write in a moment."""

_SAID = (None, Said.PROMISED, Said.SENT, Said.ARRIVED, None, Said.REFUSED, Said.ARRIVED, Said.WRONG_UNIT)
_VIEWS = (
    "Vi ser att praktik på halvtid fungerar. Mer än så är för tidigt.",
    "För oss är det viktigt att läkarkontakten är klar före mötet.",
    "Vi kan vara med och följa upp efter sommaren.",
)


def write(setting: Setting) -> None:
    """Each unit that has a yes is asked for something; the person for a little."""
    ahead = Meeting.objects.filter(
        state=MeetingState.PLANNED,
        starts_at__gt=setting.now,
        case__state=CaseState.OPEN,
        case__is_protected=False,
    )
    for meeting in ahead.select_related("case").order_by("starts_at", "id")[:_MOST]:
        for unit in _consented(setting, meeting):
            _ask(setting, meeting, unit)
        if setting.next("evidence of the person", range(3)) == 0:
            _ask(setting, meeting, None)


def _consented(setting: Setting, meeting: Meeting) -> list[Unit]:
    given = meeting.case.consents.filter(
        withdrawn_at__isnull=True,
        starts_at__lte=setting.now,
        ends_at__gt=setting.now,
        categories__contains=["PLANNING"],
    )
    found = {one.receiver_unit_id: one.receiver_unit for one in given.select_related("receiver_unit")}
    return sorted(found.values(), key=lambda one: one.name)[:2]


def _ask(setting: Setting, meeting: Meeting, unit: Unit | None) -> None:
    case = meeting.case
    about: dict[str, Any] = {
        "association_id": case.association_id,
        "authority_id": case.authority_id,
        "person_id": case.person_id,
        "case": case,
    }
    at = setting.at(setting.before(setting.next("evidence asked", (12, 4, 7))), 10)
    said = setting.next("evidence said", _SAID) if unit else Said.PROMISED
    kind = setting.next("evidence kind", EvidenceKind) if unit else EvidenceKind.DECISION
    arrived = said == Said.ARRIVED
    asked = setting.add(
        EvidenceRequest,
        **about,
        called=Called.UNIT if unit else Called.PERSON,
        unit=unit,
        kind=kind,
        by_when=_needed(setting, meeting),
        meeting=meeting,
        where_it_lies="Akten, flik 3" if arrived and kind != EvidenceKind.VIEW else "",
        asked_at=at,
        leaves_at=at + timedelta(seconds=60),
        asked_by_id=meeting.planned_by_id,
    )
    if unit is not None and unit.mail:
        _letter(setting, asked, unit)
    if said is None:
        return
    how = setting.next("evidence how", (AnsweredHow.LINK, AnsweredHow.SIGNED_IN, AnsweredHow.NOTED))
    setting.add(
        EvidenceAnswer,
        **about,
        request=asked,
        said=said,
        promised_on=setting.today + timedelta(days=3) if said == Said.PROMISED else None,
        cause=setting.next("evidence cause", RefusalCause) if said == Said.REFUSED else "",
        how=AnsweredHow.NOTED if arrived or unit is None else how,
        answered_at=at + timedelta(days=1),
        answered_by_id=meeting.planned_by_id,
    )
    if arrived and kind == EvidenceKind.VIEW:
        setting.add(
            OwnView,
            **about,
            request=asked,
            text=setting.next("views", _VIEWS),
            written_at=at + timedelta(days=1),
            written_by_id=meeting.planned_by_id,
        )


def _needed(setting: Setting, meeting: Meeting) -> date:
    late = setting.next("evidence late", range(6)) == 0
    if late:
        return setting.before(1)
    return max(meeting.starts_at.date() - timedelta(days=3), setting.today)


def _letter(setting: Setting, asked: EvidenceRequest, unit: Unit) -> None:
    setting.add(
        Notice,
        association_id=asked.association_id,
        kind=NoticeKind.EVIDENCE_ASKED,
        unit=unit,
        answer_by=asked.by_when,
        about_id=asked.pk,
        state=NoticeState.SENT,
        queued_at=asked.asked_at,
        queued_by_id=asked.asked_by_id,
        leaves_at=asked.leaves_at,
        sent_at=asked.leaves_at,
        tries=1,
    )
