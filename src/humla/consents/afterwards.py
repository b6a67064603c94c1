"""May somebody ask the person afterwards how it was? A record of its own, with a life of its own (CON-6).

Here: the answer, how long a yes lasts, and taking it back. Not here: consent to the plan and to receivers
(`actions`), which this is never written down with: a yes to the one says nothing of the other. Nor the
questions themselves.
"""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.visibility import my_right_in
from humla.consents import rules
from humla.consents.models import ConsentState, SurveyConsent, WordingKind
from humla.consents.reviewed import row_for
from humla.core.context import Actor, Kind, now, today
from humla.core.dates import end_of
from humla.core.rulings import YES, Ruling, all_of, no
from humla.core.versions import Stale

LONGEST_MONTHS = 24
"""Follow-up a year after the plan ended is the longest that anybody has asked for; then nobody remembers."""


def survey_answers_of(case: Case) -> list[SurveyConsent]:
    """Every answer there has been, newest first."""
    return survey_answers_by_case([case.pk]).get(case.pk, [])


def survey_answers_by_case(cases: Collection[UUID]) -> dict[UUID, list[SurveyConsent]]:
    """The same for several cases, in one question."""
    found: dict[UUID, list[SurveyConsent]] = {}
    for one in SurveyConsent.objects.filter(case__in=cases).order_by("-given_at", "-id"):
        found.setdefault(one.case_id, []).append(one)
    return found


def survey_answer(row_id: UUID) -> SurveyConsent | None:
    """One answer, with its case."""
    return SurveyConsent.objects.select_related("case__unit").filter(pk=row_id).first()


def newest_by_purpose(answers: Collection[SurveyConsent]) -> dict[str, SurveyConsent]:
    """What counts: the last thing she said about each purpose. Given newest first."""
    newest: dict[str, SurveyConsent] = {}
    for one in answers:
        newest.setdefault(one.purpose, one)
    return newest


def state_of_yes(one: SurveyConsent, at: datetime) -> ConsentState:
    """Where a yes stands at an instant; a no is never in force."""
    if one.withdrawn_at is not None or one.ends_at is None:
        return ConsentState.WITHDRAWN
    return ConsentState.ENDED if one.ends_at <= at else ConsentState.IN_FORCE


def may_be_asked(one: SurveyConsent | None, at: datetime) -> bool:
    """May she be contacted now, by what she said last?"""
    return one is not None and one.agrees and state_of_yes(one, at) is ConsentState.IN_FORCE


def may_write_down(actor: Actor, case: Case, *, agrees: bool, ends_on: date | None) -> Ruling:
    """May this answer be written down?"""
    return all_of(rules.may_record(actor, case), _ends_right(ends_on) if agrees else YES)


def may_take_back(actor: Actor, one: SurveyConsent) -> Ruling:
    """May the yes be taken back? By the person always, also afterwards; else where it is held."""
    if not one.agrees:
        return no(_("Svaret var redan nej."))
    match state_of_yes(one, now()):
        case ConsentState.WITHDRAWN:
            return no(_("Det är redan tillbakataget."))
        case ConsentState.ENDED:
            return no(_("Tiden är redan slut."))
    is_ours = actor.authority_id == one.authority_id and actor.kind is Kind.PROFESSIONAL
    return (
        YES
        if is_ours or actor.kind is Kind.PERSON
        else no(_("Bara personen och de som har ärendet kan det."))
    )


@transaction.atomic
def answer_survey(
    case: Case,
    *,
    purpose: str,
    agrees: bool,
    ends_on: date | None,
    manner: str,
    heard_by: str,
    language: str,
    with_interpreter: bool,
    said_on: date | None = None,
    by: Actor,
) -> SurveyConsent:
    """Write down whether she may be asked afterwards, for one purpose. The newest answer counts."""
    may_write_down(by, case, agrees=agrees, ends_on=ends_on).enforce()
    rules.is_offered(case, WordingKind.SURVEY, language, with_interpreter=with_interpreter).enforce()
    rules.was_said(said_on or today()).enforce()
    one = SurveyConsent(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person_id=case.person_id,
        case=case,
        purpose=purpose,
        agrees=agrees,
        ends_at=end_of(ends_on) if agrees and ends_on else None,
        manner=manner,
        heard_by=heard_by,
        language=language,
        wording=row_for(case.association_id, WordingKind.SURVEY, language),
        with_interpreter=with_interpreter,
        said_on=said_on or today(),
        given_at=now(),
        recorded_by_id=by.id,
    )
    one.save(force_insert=True)
    _note(Tag.SURVEY_ANSWERED, one, by)
    return one


@transaction.atomic
def withdraw_survey(one: SurveyConsent, *, by: Actor) -> SurveyConsent:
    """Nobody asks her anything more. It changes nothing else."""
    may_take_back(by, one).enforce()
    hit = SurveyConsent.objects.filter(pk=one.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=now(), withdrawn_by_id=by.id
    )
    if not hit:
        raise Stale(one)
    one.withdrawn_at, one.withdrawn_by_id = now(), by.id
    _note(Tag.SURVEY_WITHDRAWN, one, by)
    return one


def _ends_right(ends_on: date | None) -> Ruling:
    if ends_on is None:
        return no(_("Skriv till och med vilken dag någon får höra av sig."))
    if ends_on < today():
        return no(_("Den dagen har redan varit. Välj en dag framåt."))
    if ends_on > rules.months_after(today(), LONGEST_MONTHS):
        return no(_("Ett ja gäller i högst %(months)s månader.") % {"months": LONGEST_MONTHS})
    return YES


def _note(tag: Tag, one: SurveyConsent, by: Actor) -> None:
    items = [("survey_consent", one.pk, 0)]
    record(tag, case=one.case_id, person=one.person_id, items=items, allowed_by=my_right_in(one.case, by))
