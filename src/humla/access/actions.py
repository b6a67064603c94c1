"""What happens about access: asked for, decided, opened by a manager, reviewed, questioned by the person.

Here: the verbs. Not here: the consent that a yes to another authority leads to (`humla.consents.actions`).
Whoever asks or opens does not see the case, so the database writes those rows (`ask_for_access()`,
`open_as_manager()` in the walls).
"""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from humla.access import rules
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
from humla.access.visibility import asked_since, openness_here, openness_of
from humla.audit.models import Event
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.actions import assign
from humla.cases.models import Case
from humla.cases.turns import take_turn
from humla.cases.visibility import already_works, who_works_in
from humla.core.context import Actor, now, today
from humla.core.rulings import NotAllowed
from humla.core.sealed_field import sealed_for
from humla.core.versions import Stale
from humla.core.workdays import working_days_after

A_DAY = timedelta(days=1)


@transaction.atomic
def ask(reference: str, *, reason: str, by: Actor) -> UUID:
    """Ask to be let in to a case, wherever it is. The answer is the same whether there is one or not."""
    rules.may_ask(by, asked_since(now() - A_DAY)).enforce()
    if not reason.strip():
        raise NotAllowed(_("Skriv varför du behöver läsa."))
    row, why = uuid4(), reason.strip()
    closes_on = working_days_after(today(), openness_here().answer_days)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ask_for_access(%s, %s, %s, %s, %s)",
            # Sealed once for each: a sealed text opens in its own column only.
            [
                row,
                reference,
                sealed_for(AccessRequest, "reason", why),
                sealed_for(ArrivedRequest, "reason", why),
                closes_on,
            ],
        )
        if not cursor.fetchone()[0]:
            raise NotAllowed(_("Begäran kunde inte skickas. Vänta till i morgon, eller ring enheten."))
    # Without case and person: whoever asks does not know of them, and her line must not either.
    record(Tag.ACCESS_ASKED, items=[("access_request", row, 0)])
    return row


@transaction.atomic
def say_yes(arrived: ArrivedRequest, *, case: Case, by: Actor) -> ArrivedRequest:
    """The responsible says yes. A colleague of the same authority is let in at once; to another authority the
    person gives her consent afterwards, and until then nothing is opened."""
    take_turn(case)
    rules.may_answer_request(by, case, arrived, working=who_works_in(case)).enforce()
    _answered(arrived, RequestAnswer.YES, "", by)
    whom = arrived.asking_professional, arrived.asking_unit
    if arrived.asking_unit.authority_id == case.authority_id and not already_works(case, *whom):
        assign(case, *whom, by=by)
    _record_of(arrived, Tag.ACCESS_GRANTED)
    return arrived


@transaction.atomic
def say_no(arrived: ArrivedRequest, *, case: Case, why: str, by: Actor) -> ArrivedRequest:
    """The responsible says no, with a reason for the case's own record and for the person. The asker is not
    told: a no would tell that the case exists."""
    rules.may_answer_request(by, case, arrived, working=who_works_in(case)).enforce()
    if not why.strip():
        raise NotAllowed(_("Skriv varför svaret är nej."))
    _answered(arrived, RequestAnswer.NO, why, by)
    _record_of(arrived, Tag.ACCESS_DECLINED)
    return arrived


@transaction.atomic
def person_says(arrived: ArrivedRequest, *, says: str, by: Actor) -> ArrivedRequest:
    """The person says what she wants. Her no to another authority is the answer."""
    rules.may_speak_of(by, arrived).enforce()
    with connection.cursor() as cursor:
        cursor.execute("SELECT say_about_request(%s, %s)", [arrived.pk, RequestAnswer(says).value])
        if not cursor.fetchone()[0]:
            raise NotAllowed(_("Frågan är redan besvarad."))
    _record_of(arrived, Tag.ACCESS_SPOKEN_OF)
    arrived.refresh_from_db(
        fields=["person_says", "person_said_at", "answer", "answered_at", "answered_by_id"]
    )
    return arrived


@transaction.atomic
def open_as_manager(case_id: UUID, *, reason: str, by: Actor) -> UUID:
    """Open a case of the manager's own unit for four hours; the person and the reviewer see it at once."""
    rules.may_open_as_manager(by).enforce()
    if not reason.strip():
        raise NotAllowed(_("Skriv varför du öppnar ärendet. Personen läser det du skriver."))
    opening, assignment = uuid4(), uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT open_as_manager(%s, %s, %s, %s)",
            [case_id, sealed_for(ManagerOpening, "reason", reason.strip()), opening, assignment],
        )
        found: tuple[UUID | None] = cursor.fetchone()
    if found[0] is None:
        raise NotAllowed(
            _("Ärendet går inte att öppna. Enheten ansvarar inte för det längre, eller så deltar du redan.")
        )
    rests_on = [("assignment", assignment)]
    record(
        Tag.MANAGER_OPENED,
        case=case_id,
        person=found[0],
        items=[("manager_opening", opening, 0)],
        allowed_by=rests_on,
    )
    return opening


@transaction.atomic
def review_opening(opening: ManagerOpening, *, result: str, why: str, by: Actor) -> LogReview:
    """Say of a manager's opening whether it was in order."""
    rules.may_review(by, opening.professional_id, opening.authority_id).enforce()
    return _reviewed(opening.person_id, opening.case_id, result, why, by, opening_id=opening.pk)


@transaction.atomic
def review_look(look: Event, *, result: str, why: str, by: Actor) -> LogReview:
    """Say of one look whether there was a reason for it."""
    rules.may_review(by, look.actor_id, look.authority_id).enforce()
    return _reviewed(look.person_id, look.case_id, result, why, by, event_id=look.pk)


@transaction.atomic
def ask_about_look(look: Event, *, words: str, by: Actor) -> LookQuestion:
    """The person asks about one look. The unit's manager is to answer within the authority's own days."""
    days = openness_of([look.authority_id])[_there(look.authority_id)].answer_days
    columns: dict[str, Any] = {
        "association_id": look.association_id,
        "authority_id": look.authority_id,
        "person_id": look.person_id,
        "case_id": look.case_id,
        "unit_id": look.unit_id,
        "about_id": look.actor_id,
    }
    question = LookQuestion(
        **columns,
        event_id=look.pk,
        words=words.strip(),
        asked_at=now(),
        answer_by=working_days_after(today(), days),
    )
    try:
        with transaction.atomic():
            question.save(force_insert=True)
    except IntegrityError as twice:
        raise NotAllowed(_("Du har redan frågat om den gången.")) from twice
    _record_question(question, Tag.LOOK_QUESTIONED)
    return question


@transaction.atomic
def take_back_question(question: LookQuestion, *, by: Actor) -> LookQuestion:
    """The person takes her question back before it has been answered."""
    rules.may_take_back(by, question).enforce()
    waiting = LookQuestion.objects.filter(
        pk=question.pk, answered_at__isnull=True, taken_back_at__isnull=True
    )
    if waiting.update(taken_back_at=now()) != 1:
        raise NotAllowed(_("Frågan är redan besvarad."))
    _record_question(question, Tag.LOOK_QUESTION_TAKEN_BACK)
    return question


@transaction.atomic
def answer_look(question: LookQuestion, *, answer: str, by: Actor) -> LookQuestion:
    """Answer the person in words. Whoever answered may say it better."""
    rules.may_answer_look(by, question).enforce()
    if not answer.strip():
        raise NotAllowed(_("Skriv ett svar."))
    as_it_was = LookQuestion.objects.filter(
        pk=question.pk, answered_at=question.answered_at, taken_back_at__isnull=True
    )
    if as_it_was.update(answer=answer.strip(), answered_at=now(), answered_by_id=by.id) != 1:
        raise NotAllowed(_("En kollega har svarat, eller så har personen tagit tillbaka sin fråga."))
    _record_question(question, Tag.LOOK_ANSWERED)
    question.refresh_from_db(fields=["answer", "answered_at", "answered_by"])
    return question


@transaction.atomic
def set_openness(
    policy: OpennessPolicy,
    *,
    names_staff: bool,
    answer_days: int,
    weekly_sample: int,
    version: int,
    by: Actor,
) -> OpennessPolicy:
    """Write down what an authority has decided about being looked into."""
    rules.may_set_openness(by).enforce()
    decided = {"names_staff": names_staff, "answer_days": answer_days, "weekly_sample": weekly_sample}
    if policy._state.adding:
        policy = OpennessPolicy(
            association_id=by.association_id, authority_id=policy.authority_id, version=1, **decided
        )
        policy.full_clean(validate_unique=False)
        try:
            with transaction.atomic():
                policy.save(force_insert=True)
        except IntegrityError as twice:
            raise Stale(OpennessPolicy.objects.get(authority=policy.authority_id)) from twice
    else:
        for name, value in decided.items():
            setattr(policy, name, value)
        policy.full_clean(validate_unique=False)
        found = OpennessPolicy.objects.filter(pk=policy.pk, version=version)
        if found.update(version=F("version") + 1, **decided) != 1:
            raise Stale(OpennessPolicy.objects.get(pk=policy.pk))
        policy.version = version + 1
    record(Tag.OPENNESS_SET, items=[("openness", policy.pk, policy.version)])
    return policy


def _answered(arrived: ArrivedRequest, answer: RequestAnswer, why: str, by: Actor) -> None:
    as_it_was = ArrivedRequest.objects.filter(pk=arrived.pk, answer=arrived.answer)
    told: dict[str, Any] = {
        "answer": answer,
        "why": why.strip(),
        "answered_at": now(),
        "answered_by_id": by.id,
    }
    if as_it_was.update(**told) != 1:
        raise NotAllowed(_("Frågan är redan besvarad."))
    for column, value in told.items():
        setattr(arrived, column, value)


def _reviewed(
    person_id: UUID | None, case_id: UUID | None, result: str, why: str, by: Actor, **subject: UUID
) -> LogReview:
    if ReviewResult(result) is not ReviewResult.IN_ORDER and not why.strip():
        raise NotAllowed(_("Skriv vad som inte var i sin ordning, eller vem du har frågat."))
    columns: dict[str, Any] = {
        "association_id": by.association_id,
        "authority_id": by.authority_id,
        "person_id": person_id,
        "reviewed_by_id": by.id,
    }
    review = LogReview(**columns, **subject, result=result, why=why.strip(), reviewed_at=now())
    review.save(force_insert=True)
    record(Tag.LOG_REVIEWED, case=case_id, person=person_id, items=[("log_review", review.pk, 0)])
    return review


def _record_of(arrived: ArrivedRequest, tag: Tag) -> None:
    items = [("arrived_request", arrived.pk, 0)]
    record(tag, case=arrived.case_id, person=arrived.person_id, items=items)


def _record_question(question: LookQuestion, tag: Tag) -> None:
    items = [("look_question", question.pk, 0)]
    record(tag, case=question.case_id, person=question.person_id, items=items)


def _there(authority_id: UUID | None) -> UUID:
    if authority_id is None:
        raise NotAllowed(_("Det går inte att fråga om den raden."))
    return authority_id
