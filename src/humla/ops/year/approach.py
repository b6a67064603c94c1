"""Who has come near the cases of the year from outside: asked to read, opened as manager, been gone through.

Here: the rows of `humla.access` and the lines of the trail that they are about. Not here: the cases.

What the person reads is about Eva's own case too, so that her page has a question to answer.
"""

from datetime import datetime, timedelta
from typing import Any

from humla.access.models import (
    AccessRequest,
    ArrivedRequest,
    LogReview,
    LookQuestion,
    ManagerOpening,
    OpennessPolicy,
    RequestAnswer,
    ReviewResult,
)
from humla.audit.models import Event
from humla.audit.tags import Tag
from humla.cases.models import Case, CaseAssignment, CaseRole, CaseState
from humla.core.workdays import working_days_after
from humla.ops.year.setting import Setting
from humla.organisation.models import Professional, Unit

SIV, MANAGER, REVIEWER = "Siv Sandberg", "Birgit Boström", "Ronja Rask"
UNIT = "Arbetsmarknadstorget"

_ASKERS = (
    ("Nils Nyman", "Vuxenenheten Vassvik", "Har flyttat hit och söker försörjningsstöd hos oss."),
    ("Farid Rahimi", "Försäkringskassan Humlesund", "Utredningen gäller samma tid som planen."),
    ("Kaj Karlsson", UNIT, "Börjar i min grupp på måndag."),
    ("Amir Haddad", "Arbetsförmedlingen Humlesund", "Är inskriven hos oss sedan i våras."),
)
_NO = "Gruppen byter handledare först när uppföljningen är gjord."
_WHY_OPENED = (
    "Siv är sjuk och mötet är i dag. Någon måste veta vem som ska komma.",
    "Personen ringde och ville ställa in. Jag behövde se när mötet är.",
    "Ansvarig har slutat. Jag ser efter vad som måste göras innan jag lämnar över.",
)
_DAYS_OF_LOOKS = 16


def write(setting: Setting, cases: list[Case]) -> None:
    """Everything, among cases of the unit that go on and that are nobody's protected."""
    ours = [
        one for one in cases if one.unit.name == UNIT and one.state == CaseState.OPEN and not one.is_protected
    ]
    looks = _looks(setting, ours)
    _openings(setting, ours[3:6])
    _requests(setting, ours[:1] + ours[6:9])
    _questions(setting, looks)
    _reviews(setting, looks)
    unit = setting.units[UNIT]
    setting.add(OpennessPolicy, association_id=unit.association_id, authority_id=unit.authority_id)


def _looks(setting: Setting, cases: list[Case]) -> list[Event]:
    """Those who answer for a case open it now and then: what the week's sample is drawn from."""
    unit = setting.units[UNIT]
    by = {
        one.case_id: one
        for one in CaseAssignment.objects.filter(
            case__in=cases, role=CaseRole.RESPONSIBLE, ends_at__isnull=True
        )
    }
    made = []
    for number, case in enumerate(one for one in cases if one.pk in by):
        day = setting.before(1 + number % _DAYS_OF_LOOKS)
        mine = by[case.pk]
        look: Event = setting.add(
            Event,
            **_signed(unit, mine.professional_id, "handler"),
            at=setting.at(day, 9 + number % 7, number * 7 % 60),
            person_id=case.person_id,
            case_id=case.pk,
            tag=Tag.CASE_READ,
            items=[["case", str(case.pk), case.version]],
            allowed_by=[["assignment", str(mine.pk)]],
            request_id=setting.id(),
        )
        made.append(look)
    return made


def _openings(setting: Setting, cases: list[Case]) -> None:
    """Three, of which the newest waits to be reviewed and one was not as it should."""
    unit, manager = setting.units[UNIT], setting.staff[MANAGER]
    for number, (case, why) in enumerate(zip(cases, _WHY_OPENED, strict=True)):
        opened_at = setting.at(setting.before(1 + 20 * number), 8, 20)
        ends_at = opened_at + timedelta(hours=4)
        assignment = setting.add(
            CaseAssignment,
            **_about(case),
            professional=manager,
            unit=unit,
            role=CaseRole.MEMBER,
            starts_at=opened_at,
            ends_at=ends_at,
            assigned_by=manager,
        )
        opening = setting.add(
            ManagerOpening,
            **_about(case),
            unit=unit,
            professional=manager,
            assignment=assignment,
            reason=why,
            opened_at=opened_at,
            ends_at=ends_at,
        )
        setting.add(
            Event,
            **_signed(unit, manager.pk, "manager"),
            at=opened_at,
            person_id=case.person_id,
            case_id=case.pk,
            tag=Tag.MANAGER_OPENED,
            items=[["manager_opening", str(opening.pk), 0]],
            allowed_by=[["assignment", str(assignment.pk)]],
            request_id=setting.id(),
        )
        if number:
            result = ReviewResult.IN_ORDER if number == 1 else ReviewResult.NOT_IN_ORDER
            told = "" if number == 1 else "Ansvaret kunde ha lämnats över utan att öppna ärendet."
            _review(setting, case, opened_at + timedelta(days=2), result, told, opening=opening)


def _requests(setting: Setting, cases: list[Case]) -> None:
    """Two wait, one was refused, one agreed to; one is for a case that there is not, and looks the same."""
    answers = (RequestAnswer.OPEN, RequestAnswer.OPEN, RequestAnswer.NO, RequestAnswer.YES)
    said = (RequestAnswer.OPEN, RequestAnswer.YES, RequestAnswer.NO, RequestAnswer.YES)
    for number, (case, (name, unit_name, why)) in enumerate(zip(cases, _ASKERS, strict=False)):
        at = setting.at(setting.before(2 + number), 13, 5)
        request = _asked(setting, name, unit_name, case.reference, why, at)
        answer = answers[number]
        told: dict[str, Any] = {}
        if number:
            told = {"person_says": said[number], "person_said_at": at + timedelta(hours=6)}
        if answer != RequestAnswer.OPEN:
            told |= {
                "answer": answer,
                "why": _NO if answer == RequestAnswer.NO else "",
                "answered_at": at + timedelta(hours=20),
                "answered_by_id": setting.staff[SIV].pk,
            }
        setting.add(
            ArrivedRequest,
            **_about(case),
            request=request,
            asking_professional=request.asked_by,
            asking_unit=request.unit,
            reason=why,
            arrived_at=at,
            **told,
        )
    _asked(
        setting,
        "Nils Nyman",
        "Vuxenenheten Vassvik",
        "ZZX-999",
        "Står i en remiss som vi har fått.",
        setting.at(setting.before(30), 10, 40),
    )


def _questions(setting: Setting, looks: list[Event]) -> None:
    """One that waits, one that is late and one with its answer."""
    unit, manager = setting.units[UNIT], setting.staff[MANAGER]
    words = ("Jag känner inte den som har läst.", "", "Varför läste någon på en söndag?")
    answer = "Det var den som leder din plan. Hon läste inför mötet samma dag."
    for number, (look, said) in enumerate(zip(looks[2:5], words, strict=True)):
        asked_at = setting.at(setting.before((1, 14, 21)[number]), 19, 15)
        answered = {"answer": answer, "answered_at": asked_at + timedelta(days=3), "answered_by": manager}
        setting.add(
            LookQuestion,
            association_id=look.association_id,
            authority_id=look.authority_id,
            person_id=look.person_id,
            case_id=look.case_id,
            unit=unit,
            event_id=look.pk,
            about_id=look.actor_id,
            words=said,
            asked_at=asked_at,
            answer_by=working_days_after(asked_at.date(), 5),
            **(answered if number == 2 else {}),
        )


def _reviews(setting: Setting, looks: list[Event]) -> None:
    """Some of the looks have been gone through."""
    cases = {one.pk: one for one in Case.objects.filter(pk__in=[look.case_id for look in looks])}
    for look in looks[5:9]:
        case = cases[look.case_id] if look.case_id else None
        if case is not None:
            at = setting.at(setting.before(1), 15, 30)
            _review(setting, case, at, ReviewResult.IN_ORDER, "Ansvarig i ärendet.", event_id=look.pk)
    asked = cases[looks[9].case_id]  # type: ignore[index]
    at = setting.at(setting.before(1), 15, 40)
    _review(setting, asked, at, ReviewResult.ASKED, "Frågat Birgit Boström.", event_id=looks[9].pk)


def _review(
    setting: Setting, case: Case, at: datetime, result: ReviewResult, why: str, **subject: Any
) -> None:
    about = {one: value for one, value in _about(case).items() if one != "case"}
    reviewer = setting.staff[REVIEWER]
    setting.add(LogReview, **about, **subject, result=result, why=why, reviewed_at=at, reviewed_by=reviewer)


def _asked(
    setting: Setting, name: str, unit_name: str, reference: str, why: str, at: datetime
) -> AccessRequest:
    who: Professional = setting.staff[name]
    unit: Unit = setting.units[unit_name]
    request: AccessRequest = setting.add(
        AccessRequest,
        association_id=unit.association_id,
        authority_id=unit.authority_id,
        unit=unit,
        asked_by=who,
        reference=reference,
        reason=why,
        asked_at=at,
        closes_on=working_days_after(at.date(), 5),
    )
    return request


def _about(case: Case) -> dict[str, Any]:
    return {
        "association_id": case.association_id,
        "authority_id": case.authority_id,
        "person_id": case.person_id,
        "case": case,
    }


def _signed(unit: Unit, who: Any, role: str) -> dict[str, Any]:
    return {
        "association_id": unit.association_id,
        "kind": "professional",
        "actor_id": who,
        "authority_id": unit.authority_id,
        "unit_id": unit.pk,
        "role": role,
    }
