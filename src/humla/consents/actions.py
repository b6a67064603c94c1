"""What happens to consents: an answer is written down, a yes is given, narrowed, taken back.

Here: every way a consent's row comes to be or ends. Not here: what has been handed over under it
(`humla.disclosures`), which stays with the receiver, nor the closing of pages: reading follows from the
consent at read time, so a withdrawal closes everything with no code at all.

A receiver has at most one consent in force per case: the person's latest word is the one that counts, and
two that overlap would add up to more than she said last. So a new yes to the same unit replaces the old
one, and those who change the receivers of one case do it one at a time (the case's row is held).
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction

from humla.audit.record import Item, record
from humla.audit.tags import Tag
from humla.cases.models import RELEASABLE, Case, Category
from humla.cases.turns import take_turn
from humla.cases.visibility import my_assignment
from humla.consents import rules
from humla.consents.models import Consent, Manner, PlanConsent
from humla.consents.visibility import latest_plan_answer
from humla.core.context import Actor, Kind, now, today
from humla.core.versions import Stale
from humla.organisation.models import Unit


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
    by: Actor,
) -> PlanConsent:
    """Write down whether the person wants a plan. Every answer is kept; the latest one counts."""
    rules.may_answer_plan(by, case, agrees=agrees, instead=instead).enforce()
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
        with_interpreter=with_interpreter,
        said_on=said_on,
        given_at=now(),
        recorded_by_id=by.id,
    )
    answer.save(force_insert=True)
    _note(Tag.PLAN_CONSENT_GIVEN, case, [("plan_consent", answer.pk, 0)], by)
    return answer


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
    knowing: Collection[UUID] | None = None,
    by: Actor,
) -> Consent:
    """Write down the person's yes to one receiver, from now until the end of a day.

    An earlier yes to the same unit ends at the same instant. `knowing` is the consents that the recorder
    had before her: when another has been written since, `Stale` is raised with it and nothing is changed.
    """
    said_on, answer = _said_on(said_on), latest_plan_answer(case)
    rules.may_give(by, case, unit=unit, categories=categories, ends_on=ends_on, answer=answer).enforce()
    take_turn(case)
    replaced = list(
        Consent.objects.filter(
            case_id=case.pk, receiver_unit_id=unit.pk, withdrawn_at__isnull=True, ends_at__gt=now()
        )
    )
    for one in replaced:
        if knowing is not None and one.pk not in knowing:
            raise Stale(one)
        _end(one, by)
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
        ends_at=rules.end_of(ends_on),
        manner=manner,
        heard_by=heard_by,
        language=language,
        with_interpreter=with_interpreter,
        said_on=said_on,
        given_at=now(),
        recorded_by_id=by.id,
    )
    consent.save(force_insert=True)
    _note(Tag.CONSENT_GIVEN, case, [("consent", one.pk, 0) for one in (consent, *replaced)], by)
    return consent


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
    take_turn(case)
    _end(consent, by)
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
        ends_at=rules.end_of(ends_on) if ends_on else consent.ends_at,
        narrows=consent,
        manner=manner,
        heard_by=heard_by or by.name,
        language=consent.language,
        with_interpreter=consent.with_interpreter,
        said_on=_said_on(said_on),
        given_at=now(),
        recorded_by_id=by.id,
    )
    less.save(force_insert=True)
    _note(Tag.CONSENT_NARROWED, case, [("consent", less.pk, 0), ("consent", consent.pk, 0)], by)
    return less


@transaction.atomic
def withdraw(consent: Consent, *, by: Actor) -> Consent:
    """Take a consent back: the receiver's pages are closed in the next statement that anybody runs.

    Waits for a handing-over that is under way (it holds the row, see `humla.disclosures.actions`). Raises
    `Stale` when somebody else has taken it back meanwhile.
    """
    rules.may_withdraw(by, consent).enforce()
    _end(consent, by)
    _note(Tag.CONSENT_WITHDRAWN, consent.case, [("consent", consent.pk, 0)], by)
    return consent


def _said_on(day: date | None) -> date:
    """The day when the person answered: today, when nothing else is said, and never ahead."""
    said_on = day or today()
    rules.was_said(said_on).enforce()
    return said_on


def _end(consent: Consent, by: Actor) -> None:
    """Close one row. None hit means that another was first: a row once closed is never changed again."""
    hit = Consent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=now(), withdrawn_by_id=by.id
    )
    if not hit:
        raise Stale(Consent.objects.get(pk=consent.pk))
    consent.withdrawn_at, consent.withdrawn_by_id = now(), by.id


def _in_order(categories: Collection[str]) -> list[str]:
    """As they are stored: with who it is about, which any yes implies, and always in the same order."""
    chosen = {*categories, Category.IDENTITY}
    return [category.value for category in RELEASABLE if category in chosen]


def _note(tag: Tag, case: Case, items: list[Item], by: Actor) -> None:
    mine = my_assignment(case, by) if by.kind is Kind.PROFESSIONAL else None
    right = [("assignment", mine.pk)] if mine else []
    record(tag, case=case.pk, person=case.person_id, items=items, allowed_by=right)
