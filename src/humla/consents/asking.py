"""The person is asked about one receiver, and answers herself: yes to as much as she wants, or no.

Here: the question, who may ask it, her yes and her no, and a no that somebody heard and writes down. Not
here: a yes that is written down for her (`actions.give`), nor the pages.

The question says in advance what happens if she says no: a no is as informed as a yes, costs one tap, and is
answered with nothing but that sentence. Whoever was asked about never learns that there was a question.
"""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from humla.audit.record import Item, record
from humla.audit.tags import Tag
from humla.cases.models import RELEASABLE, Case, CaseState, Category
from humla.cases.visibility import my_right_in
from humla.consents import rules
from humla.consents.actions import give_herself, turn_in
from humla.consents.models import Consent, ConsentRequest, Manner, PlanConsent, RequestState
from humla.consents.visibility import latest_plan_answer
from humla.core.context import Actor, Kind, now
from humla.core.dates import end_of
from humla.core.questions import prepared
from humla.core.rulings import YES, NotAllowed, Ruling, all_of, no
from humla.core.versions import Stale
from humla.organisation.models import Unit
from humla.representatives.visibility import mandate_acted_by

# --- what there is ------------------------------------------------------------------------------------------


def requests_of(case: Case) -> list[ConsentRequest]:
    """Every question there has been in the case, newest first."""
    return requests_in(case.pk)


@prepared
def requests_in(case_id: UUID) -> QuerySet[ConsentRequest]:
    """The same by the case's id."""
    found = ConsentRequest.objects.filter(case_id=case_id).select_related("receiver__party", "receiver_unit")
    return found.order_by("-asked_at", "-id")


def requests_by_case(cases: Collection[UUID]) -> dict[UUID, list[ConsentRequest]]:
    """The same for several cases, in one question."""
    found: dict[UUID, list[ConsentRequest]] = {}
    rows = ConsentRequest.objects.filter(case__in=cases).select_related("receiver", "receiver_unit")
    for one in rows.order_by("-asked_at", "-id"):
        found.setdefault(one.case_id, []).append(one)
    return found


def request_of(request_id: UUID) -> ConsentRequest | None:
    """One question, with its case and the unit that it is about; the row policies say whose."""
    found = ConsentRequest.objects.select_related(
        "receiver__party", "receiver_unit", "case__unit", "case__authority", "consent"
    )
    return found.filter(pk=request_id).first()


def stands(one: ConsentRequest, at: datetime) -> RequestState:
    """Where a question stands at an instant."""
    if one.taken_back_at is not None:
        return RequestState.TAKEN_BACK
    if one.answered_at is not None:
        return RequestState.YES if one.consent_id else RequestState.NO
    return RequestState.PASSED if one.ends_at <= at else RequestState.OPEN


# --- what may happen ----------------------------------------------------------------------------------------


def may_ask_person(
    actor: Actor,
    case: Case,
    *,
    unit: Unit,
    categories: Collection[str],
    ends_on: date,
    answer: PlanConsent | None,
) -> Ruling:
    """May the person be asked this? As far as a yes could be written down, and no further."""
    return rules.may_give(actor, case, unit=unit, categories=categories, ends_on=ends_on, answer=answer)


def may_answer(actor: Actor, one: ConsentRequest) -> Ruling:
    """May this question be answered now? By the person, or by the holder who heard her."""
    if actor.kind not in (Kind.PERSON, Kind.REPRESENTATIVE):
        return all_of(rules.may_record(actor, one.case), _is_open(one))
    return all_of(_is_open(one), _goes_on(one.case))


def may_say_yes(actor: Actor, one: ConsentRequest, *, categories: Collection[str], ends_on: date) -> Ruling:
    """A yes to what was asked or to less: never to more, and never for longer."""
    return all_of(
        may_answer(actor, one),
        YES if categories else no(_("Kryssa i det du säger ja till, eller välj nej.")),
        _is_asked_for(one, categories),
        _is_within_mandate(actor, categories),
        rules.ends_within_reach(ends_on),
        _is_not_longer(one, ends_on),
    )


def may_take_back(actor: Actor, one: ConsentRequest) -> Ruling:
    """May the question be taken back before she has answered?"""
    return all_of(rules.may_record(actor, one.case), _is_open(one))


def _is_within_mandate(actor: Actor, categories: Collection[str]) -> Ruling:
    """Nobody opens for others what her mandate does not open for herself."""
    if actor.kind is not Kind.REPRESENTATIVE:
        return YES
    acting = mandate_acted_by()
    if acting is not None and set(categories) <= {*acting.categories, Category.IDENTITY}:
        return YES
    return no(_("Uppdraget räcker inte till allt det. Kryssa bara i det som du själv får läsa."))


def _is_open(one: ConsentRequest) -> Ruling:
    match stands(one, now()):
        case RequestState.TAKEN_BACK:
            return no(_("Frågan är återtagen och behöver inget svar."))
        case RequestState.PASSED:
            return no(_("Frågan är för gammal. Dagen som den gällde till har varit."))
        case RequestState.YES | RequestState.NO:
            return no(_("Frågan är redan besvarad."))
    return YES


def _goes_on(case: Case) -> Ruling:
    return (
        YES if case.state == CaseState.OPEN else no(_("Ärendet är avslutat, så frågan behöver inget svar."))
    )


def _is_asked_for(one: ConsentRequest, categories: Collection[str]) -> Ruling:
    if set(categories) <= {*one.categories, Category.IDENTITY}:
        return YES
    return no(_("Det frågades aldrig om det. Säg till den som frågar om du vill att de ska få veta mer."))


def _is_not_longer(one: ConsentRequest, ends_on: date) -> Ruling:
    if end_of(ends_on) <= one.ends_at:
        return YES
    return no(_("Frågan gällde inte så länge. Välj en tidigare dag."))


# --- what happens -------------------------------------------------------------------------------------------


@transaction.atomic
def ask_person(
    case: Case,
    *,
    unit: Unit,
    categories: Collection[str],
    ends_on: date,
    why: str,
    instead: str,
    by: Actor,
) -> ConsentRequest:
    """Put the question to the person; it stands on her own page until she answers or it is taken back."""
    answer = latest_plan_answer(case)
    may_ask_person(by, case, unit=unit, categories=categories, ends_on=ends_on, answer=answer).enforce()
    turn_in(case, by=by)
    one = _question(case, unit, categories, ends_on, why, instead, by)
    _insert(one)
    _note(Tag.CONSENT_ASKED, one, by)
    return one


@transaction.atomic
def answer_yes(
    one: ConsentRequest, *, categories: Collection[str], ends_on: date, language: str, by: Actor
) -> Consent:
    """Her own yes, from this second: to what she ticked and until the day that she chose."""
    may_say_yes(by, one, categories=categories, ends_on=ends_on).enforce()
    turn_in(one.case, by=by)
    now_it_is = _locked(one)
    may_say_yes(by, now_it_is, categories=categories, ends_on=ends_on).enforce()
    consent = give_herself(
        one.case, unit=one.receiver_unit, categories=categories, ends_on=ends_on, language=language, by=by
    )
    _answer(one, by, consent=consent, manner=Manner.EID)
    return consent


@transaction.atomic
def answer_no(
    one: ConsentRequest, *, manner: str = Manner.EID, heard_by: str = "", by: Actor
) -> ConsentRequest:
    """No, with nothing more to say. By her, or as somebody heard it."""
    may_answer(by, one).enforce()
    turn_in(one.case, by=by)
    may_answer(by, _locked(one)).enforce()
    _answer(one, by, consent=None, manner=manner, heard_by=heard_by)
    return one


@transaction.atomic
def record_no(
    case: Case,
    *,
    unit: Unit,
    categories: Collection[str],
    ends_on: date,
    why: str,
    instead: str,
    manner: str,
    heard_by: str,
    by: Actor,
) -> ConsentRequest:
    """She was asked face to face and said no: what was asked, and what happens instead."""
    answer = latest_plan_answer(case)
    may_ask_person(by, case, unit=unit, categories=categories, ends_on=ends_on, answer=answer).enforce()
    turn_in(case, by=by)
    one = _question(case, unit, categories, ends_on, why, instead, by)
    one.answered_at, one.answered_by_id, one.manner, one.heard_by = now(), by.id, manner, heard_by
    _insert(one)
    _note(Tag.CONSENT_ANSWERED, one, by)
    return one


@transaction.atomic
def take_back_request(one: ConsentRequest, *, by: Actor) -> ConsentRequest:
    """The question is no longer asked; nothing else has changed."""
    may_take_back(by, one).enforce()
    turn_in(one.case, by=by)
    open_still = ConsentRequest.objects.filter(
        pk=one.pk, answered_at__isnull=True, taken_back_at__isnull=True
    )
    if not open_still.update(taken_back_at=now()):
        raise Stale(ConsentRequest.objects.get(pk=one.pk))
    one.taken_back_at = now()
    _note(Tag.CONSENT_ASKED_BACK, one, by)
    return one


def _question(
    case: Case, unit: Unit, categories: Collection[str], ends_on: date, why: str, instead: str, by: Actor
) -> ConsentRequest:
    chosen = {*categories, Category.IDENTITY}
    return ConsentRequest(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person_id=case.person_id,
        case=case,
        receiver_id=unit.authority_id,
        receiver_unit=unit,
        categories=[category.value for category in RELEASABLE if category in chosen],
        ends_at=end_of(ends_on),
        why=why,
        instead=instead,
        asked_at=now(),
        asked_by_id=by.id,
    )


def _insert(one: ConsentRequest) -> None:
    try:
        with transaction.atomic():
            one.save(force_insert=True)
    except IntegrityError as taken:
        if "request_open_once" not in str(taken):
            raise
        raise NotAllowed(
            _("Personen har redan fått frågan om %(unit)s och har inte svarat än.")
            % {"unit": one.receiver_unit.name}
        ) from None


def _locked(one: ConsentRequest) -> ConsentRequest:
    """As it stands now that our turn has come."""
    found = request_of(one.pk)
    if found is None:
        raise NotAllowed(_("Frågan finns inte längre."))
    return found


def _answer(
    one: ConsentRequest, by: Actor, *, consent: Consent | None, manner: str, heard_by: str = ""
) -> None:
    open_still = ConsentRequest.objects.filter(
        pk=one.pk, answered_at__isnull=True, taken_back_at__isnull=True
    )
    hit = open_still.update(
        answered_at=now(), answered_by_id=by.id, consent=consent, manner=manner, heard_by=heard_by
    )
    if not hit:
        raise Stale(ConsentRequest.objects.get(pk=one.pk))
    one.answered_at, one.answered_by_id, one.consent = now(), by.id, consent
    one.manner, one.heard_by = manner, heard_by
    _note(Tag.CONSENT_ANSWERED, one, by)


def _note(tag: Tag, one: ConsentRequest, by: Actor) -> None:
    items: list[Item] = [("consent_request", one.pk, 0)]
    if one.consent_id:
        items.append(("consent", one.consent_id, 0))
    record(tag, case=one.case_id, person=one.person_id, items=items, allowed_by=my_right_in(one.case, by))
