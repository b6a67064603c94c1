"""What happens to consents: an answer is written down, a yes is given, narrowed, taken back.

Here: every way a consent's row comes to be or ends. Not here: what has been handed over under it
(`humla.disclosures`), which stays with the receiver, nor the closing of pages: reading follows from the
consent at read time, so a withdrawal closes everything with no code at all. What is on its way all the same
(a summons to a meeting ahead, a letter, a link, the lead offered) is ended in the same transaction by
`end_what_rested_on()` in the walls: it lies in layers above, and the person herself may not write there.

A receiver has at most one consent in force per case: the person's latest word is the one that counts, and
two that overlap would add up to more than she said last. So a new yes to the same unit replaces the old
one, and those who change the receivers of one case do it one at a time (the case's row is held, and always
before a consent's, so that two who wait never wait for each other).
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Required, TypedDict, Unpack
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from humla.audit.record import Item, record
from humla.audit.tags import Tag
from humla.cases.models import RELEASABLE, Case, Category
from humla.cases.turns import take_turn
from humla.cases.visibility import my_right_in
from humla.consents import rules
from humla.consents.models import Consent, ConsentRequest, Manner, PlanConsent, WordingKind
from humla.consents.reviewed import row_for
from humla.consents.visibility import latest_plan_answer
from humla.core.context import Actor, Kind, now, today
from humla.core.dates import end_of
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.organisation.models import Unit
from humla.representatives.models import GivenBy
from humla.representatives.rules import (
    BY_HERSELF,
    Answered,
    may_answer_by_mandate,
    may_answer_in,
    may_hold_until,
)
from humla.representatives.visibility import answering


class Said(TypedDict, total=False):
    """How an answer was given, and by whom."""

    manner: Required[str]
    heard_by: Required[str]
    language: Required[str]
    with_interpreter: Required[bool]
    said_on: date | None
    answered: Answered


@transaction.atomic
def answer_plan(
    case: Case,
    *,
    agrees: bool,
    manner: str,
    heard_by: str,
    language: str,
    with_interpreter: bool,
    instead: str,
    said_on: date | None = None,
    answered: Answered = BY_HERSELF,
    by: Actor,
) -> PlanConsent:
    """Write down whether the person wants a plan. Every answer is kept; the latest one counts."""
    rules.may_answer_plan(by, case, agrees=agrees, instead=instead).enforce()
    rules.is_offered(case, WordingKind.PLAN, language, with_interpreter=with_interpreter).enforce()
    if agrees:
        may_answer_in(case, answered, to_plan=True).enforce()
    said_on = _said_on(said_on)
    answer = PlanConsent(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person_id=case.person_id,
        case=case,
        agrees=agrees,
        instead="" if agrees else instead,
        manner=manner,
        heard_by=heard_by,
        language=language,
        wording=row_for(case.association_id, WordingKind.PLAN, language),
        with_interpreter=with_interpreter,
        said_on=said_on,
        **_who_answered(answered),
        given_at=now(),
        recorded_by_id=by.id,
    )
    answer.save(force_insert=True)
    _note(Tag.PLAN_CONSENT_GIVEN, case, [("plan_consent", answer.pk, 0)], by)
    return answer


@transaction.atomic
def answer_first(
    case: Case,
    *,
    agrees: bool,
    instead: str,
    given: Mapping[Unit, Collection[str]],
    ends_on: date | None,
    knowing: Collection[UUID] | None = None,
    by: Actor,
    **said: Unpack[Said],
) -> list[Consent]:
    """The answer to a plan and her yes to each of those who will be asked, said at once: all or nothing.

    Raises `Stale` as `give` does, and NotAllowed as each of them does.
    """
    turn_in(case, by=by)
    answer_plan(case, agrees=agrees, instead=instead, by=by, **said)
    if ends_on is None:
        return []
    return [
        give(
            case,
            unit=unit,
            categories=categories,
            exceptions="",
            ends_on=ends_on,
            knowing=knowing,
            by=by,
            **said,
        )
        for unit, categories in given.items()
    ]


@transaction.atomic
def give(
    case: Case,
    *,
    unit: Unit,
    categories: Collection[str],
    exceptions: str,
    ends_on: date,
    manner: str,
    heard_by: str,
    language: str,
    with_interpreter: bool,
    said_on: date | None = None,
    answered: Answered = BY_HERSELF,
    knowing: Collection[UUID] | None = None,
    by: Actor,
) -> Consent:
    """Write down the person's yes to one receiver, from now until the end of a day.

    An earlier yes to the same unit ends at the same instant. `knowing` is the consents that the recorder
    had before her: when another has been written since, `Stale` is raised with it and nothing is changed.
    """
    turn_in(case, by=by)
    said_on, answer = _said_on(said_on), latest_plan_answer(case)
    rules.may_give(by, case, unit=unit, categories=categories, ends_on=ends_on, answer=answer).enforce()
    rules.is_offered(case, WordingKind.CONSENT, language, with_interpreter=with_interpreter).enforce()
    may_answer_in(case, answered).enforce()
    may_hold_until(case.person, answered, ends_on).enforce()
    replaced = _replace(case, unit, knowing=knowing, by=by)
    consent = Consent(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person_id=case.person_id,
        case=case,
        receiver_id=unit.authority_id,
        receiver_unit=unit,
        categories=_in_order(categories),
        exceptions=exceptions,
        starts_at=now(),
        ends_at=end_of(ends_on),
        manner=manner,
        heard_by=heard_by,
        language=language,
        wording=row_for(case.association_id, WordingKind.CONSENT, language),
        with_interpreter=with_interpreter,
        said_on=said_on,
        **_who_answered(answered),
        given_at=now(),
        recorded_by_id=by.id,
    )
    consent.save(force_insert=True)
    _answer_question(consent, by)
    return _given(consent, replaced, by)


@transaction.atomic
def give_herself(
    case: Case, *, unit: Unit, categories: Collection[str], ends_on: date, language: str, by: Actor
) -> Consent:
    """The person's own yes in answer to a question (`asking.answer_yes`, which asks what may be said to it).

    Or that of whoever answers for her by a mandate, which replaces nothing that she has said herself. The row
    policies ask the same: in answer to an open question of her case, and never beyond it.
    """
    for_her = by.kind is Kind.REPRESENTATIVE
    if for_her:
        may_answer_by_mandate(case.person, by.role).enforce()
        rules.may_replace_by_mandate(case, unit).enforce()
    else:
        may_answer_in(case, BY_HERSELF).enforce()
    replaced = _replace(case, unit, knowing=None, by=by)
    consent = Consent(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person_id=case.person_id,
        case=case,
        receiver_id=unit.authority_id,
        receiver_unit=unit,
        categories=_in_order(categories),
        starts_at=now(),
        ends_at=end_of(ends_on),
        manner=Manner.EID,
        language=language,
        wording=row_for(case.association_id, WordingKind.CONSENT, language),
        said_on=today(),
        given_by=GivenBy.REPRESENTATIVE if for_her else GivenBy.PERSON,
        mandate_id=by.id if for_her else None,
        given_at=now(),
        recorded_by_id=by.id,
    )
    consent.save(force_insert=True)
    return _given(consent, replaced, by)


@transaction.atomic
def narrow(
    consent: Consent,
    *,
    categories: Collection[str],
    ends_on: date | None = None,
    exceptions: str | None = None,
    manner: str = Manner.ORAL,
    heard_by: str = "",
    said_on: date | None = None,
    by: Actor,
) -> Consent:
    """Take something out of a consent, or let it end sooner: this one ends now, and one with less begins."""
    case = consent.case
    until = ends_on or rules.last_day(consent.ends_at)
    rules.may_narrow(by, consent, categories=categories, ends_on=until).enforce()
    turn_in(case, by=by)
    _end(consent, by)
    is_hers = by.kind is Kind.PERSON
    less = Consent(
        association_id=consent.association_id,
        authority_id=consent.authority_id,
        person_id=consent.person_id,
        case=case,
        receiver_id=consent.receiver_id,
        receiver_unit_id=consent.receiver_unit_id,
        categories=_in_order(categories),
        exceptions=consent.exceptions if exceptions is None else exceptions,
        starts_at=max(now(), consent.starts_at),
        ends_at=end_of(ends_on) if ends_on else consent.ends_at,
        narrows=consent,
        manner=Manner.EID if is_hers else manner,
        heard_by="" if is_hers else heard_by or by.name,
        language=consent.language,
        wording_id=consent.wording_id,
        with_interpreter=consent.with_interpreter,
        said_on=_said_on(said_on),
        **_who_answered(BY_HERSELF if is_hers else _as_given(consent)),
        given_at=now(),
        recorded_by_id=by.id,
    )
    less.save(force_insert=True)
    ended = _end_what_rested_on(consent)
    _note(Tag.CONSENT_NARROWED, case, [("consent", less.pk, 0), ("consent", consent.pk, 0), *ended], by)
    return less


@transaction.atomic
def withdraw(consent: Consent, *, by: Actor) -> Consent:
    """Take a consent back: the receiver's pages are closed in the next statement that anybody runs.

    Waits for a handing-over that is under way (it holds the case's row, see `humla.disclosures.actions`).
    What has left stays with the receiver; what was on its way does not leave. Raises `Stale` when somebody
    else has taken it back meanwhile.
    """
    rules.may_withdraw(by, consent).enforce()
    turn_in(consent.case, by=by)
    _end(consent, by)
    ended = _end_what_rested_on(consent)
    _note(Tag.CONSENT_WITHDRAWN, consent.case, [("consent", consent.pk, 0), *ended], by)
    return consent


def turn_in(case: Case, *, by: Actor) -> None:
    """One at a time in the case: the holder by the row that she may change, the person through the walls."""
    if by.kind is Kind.PROFESSIONAL:
        take_turn(case)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT take_my_turn(%s)", [case.pk])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise NotAllowed(_("Det finns inte längre för dig."))
    case.state = row[0]


def _who_answered(answered: Answered) -> dict[str, Any]:
    return {
        "given_by": answered.given_by,
        "mandate": answered.mandate,
        "second_mandate": answered.second_mandate,
        "childs_view": answered.childs_view,
    }


def _as_given(consent: Consent) -> Answered:
    """What is left of a yes by mandate is one by the same mandate, or whoever gave it could not take it back.

    Of a mandate that has ended nothing new comes: then what is left is the person's own.
    """
    given = [one for one in (consent.mandate, consent.second_mandate) if one is not None]
    if len(answering(given)) < len(given):
        return BY_HERSELF
    return Answered(consent.given_by, consent.mandate, consent.second_mandate, consent.childs_view)


def _said_on(day: date | None) -> date:
    """The day when the person answered: today, when nothing else is said, and never ahead."""
    said_on = day or today()
    rules.was_said(said_on).enforce()
    return said_on


def _replace(case: Case, unit: Unit, *, knowing: Collection[UUID] | None, by: Actor) -> list[Consent]:
    """Whatever held towards the unit ends now: the latest word is the one that counts."""
    replaced = list(
        Consent.objects.filter(
            case_id=case.pk, receiver_unit_id=unit.pk, withdrawn_at__isnull=True, ends_at__gt=now()
        )
    )
    for one in replaced:
        if knowing is not None and one.pk not in knowing:
            raise Stale(one)
        _end(one, by)
    return replaced


def _given(consent: Consent, replaced: Collection[Consent], by: Actor) -> Consent:
    ended = [item for one in replaced for item in _end_what_rested_on(one)]
    rows: list[Item] = [("consent", one.pk, 0) for one in (consent, *replaced)]
    _note(Tag.CONSENT_GIVEN, consent.case, [*rows, *ended], by)
    return consent


def _answer_question(consent: Consent, by: Actor) -> None:
    """She said it to somebody instead of on her page: then the question there is answered too."""
    asked = ConsentRequest.objects.filter(
        case_id=consent.case_id,
        receiver_unit_id=consent.receiver_unit_id,
        answered_at__isnull=True,
        taken_back_at__isnull=True,
    )
    asked.update(
        answered_at=now(),
        answered_by_id=by.id,
        consent=consent,
        manner=consent.manner,
        heard_by=consent.heard_by,
    )


def _end(consent: Consent, by: Actor) -> None:
    """Close one row. None hit means that another was first: a row once closed is never changed again."""
    hit = Consent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=now(), withdrawn_by_id=by.id
    )
    if not hit:
        raise Stale(Consent.objects.get(pk=consent.pk))
    consent.withdrawn_at, consent.withdrawn_by_id = now(), by.id


def _end_what_rested_on(consent: Consent) -> list[Item]:
    """What was on its way under it, for the trail: summonses, the lead offered, what had not left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT what, which FROM end_what_rested_on(%s)", [consent.pk])
        return [(what, which, 0) for what, which in cursor.fetchall()]


def _in_order(categories: Collection[str]) -> list[str]:
    """As they are stored: with who it is about, which any yes implies, and always in the same order."""
    chosen = {*categories, Category.IDENTITY}
    return [category.value for category in RELEASABLE if category in chosen]


def _note(tag: Tag, case: Case, items: list[Item], by: Actor) -> None:
    record(tag, case=case.pk, person=case.person_id, items=items, allowed_by=my_right_in(case, by))
