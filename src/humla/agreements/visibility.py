"""Queries of the local agreements, and where an agreement stands on a day.

Here: which agreement there is and whether it is in force. Not here: what follows from it (`rules`). The row
policies limit every answer to the reader's own förbund, and there is nothing about a person in it.

Where it stands is derived from signatures and dates: a stored state would be wrong the day after.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    DateField,
    Exists,
    Func,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from humla.agreements.models import (
    AgreementParty,
    AgreementState,
    InitiatingProfession,
    LocalAgreement,
    NeedsGroup,
)
from humla.core.questions import TODAY, fetched, prepared
from humla.core.workdays import first_working_day, months_after
from humla.notifications.ladder import Rungs
from humla.organisation.models import CASE_ROLES, Profession

USUAL_ANSWER_DAYS = 5
"""Days to answer a summons where nothing is agreed; what else is suggested stands in the model."""

RENEWAL_DAYS = 90
"""So long before the day of decision everybody is told that it is time to renew."""


def agreements() -> QuerySet[LocalAgreement]:
    """All agreements of the förbund with parties and initiating professions: three queries."""
    return LocalAgreement.objects.select_related("association").prefetch_related(
        Prefetch("parties", AgreementParty.objects.select_related("party")),
        Prefetch("initiating", InitiatingProfession.objects.select_related("profession")),
    )


def agreement_in_force(on: date, *, association: UUID | None = None) -> LocalAgreement | None:
    """The agreement that decides on that day: the newest that all have signed and that has begun.

    An older one that has been replaced does not come back when the newer ends. `association`: whose, in a
    session that has none of its own (the person's reads those of every förbund).
    """
    newest = next(
        (
            row
            for row in _newest_first()
            if association in (None, row.association_id) and row.starts_on <= on and _is_signed(row, on)
        ),
        None,
    )
    return newest if newest and is_in_force(newest, on) else None


def deadlines_on(on: date) -> LocalAgreement:
    """Whose days count: the agreement in force, or without one the numbers that a first one begins with."""
    return agreement_in_force(on) or LocalAgreement(answer_days=USUAL_ANSWER_DAYS)


def rungs_of(agreement: LocalAgreement | None) -> Rungs:
    """When the silent are reminded and how often, by the agreement; as the program has it without one."""
    if agreement is None:
        return Rungs()
    return Rungs(days=max(1, agreement.reminder_days), times=agreement.reminders)


def _newest_first() -> list[LocalAgreement]:
    """As `agreements()`, which pages ask for more seldom."""
    rows, parties, initiating = all_agreements(None), all_parties(None), all_initiating(None)
    for row in rows:
        fetched(row, "parties", [one for one in parties if one.agreement_id == row.pk])
        fetched(row, "initiating", [one for one in initiating if one.agreement_id == row.pk])
    return rows


@prepared
def all_agreements(_about: None) -> QuerySet[LocalAgreement]:
    """Every agreement of the förbund that is no draft, newest first."""
    written = LocalAgreement.objects.filter(is_draft=False)
    return written.select_related("association").order_by("-starts_on", "-version")


@prepared
def all_parties(_about: None) -> QuerySet[AgreementParty]:
    """What they say of their parties."""
    return AgreementParty.objects.select_related("party")


@prepared
def all_initiating(_about: None) -> QuerySet[InitiatingProfession]:
    """And of the professions that may begin."""
    return InitiatingProfession.objects.select_related("profession")


IN_FORCE = (all_agreements, all_parties, all_initiating)
"""What `agreement_in_force` asks, for a page that knows that it will."""


def latest_agreement(on: date) -> LocalAgreement | None:
    """The agreement to show: the one in force, else the newest, also before it has been signed."""
    newest = agreements().filter(is_draft=False).order_by("-starts_on", "-version")
    return agreement_in_force(on) or newest.first()


def draft_agreement() -> LocalAgreement | None:
    """The next version that the förbund is writing, if it is."""
    return agreements().filter(is_draft=True, thrown_at=None).first()


def professions_to_choose(also: Iterable[UUID] = ()) -> QuerySet[Profession]:
    """The professions that work in cases, and those already named, which nobody may have at the moment."""
    works = Q(professional__assignments__role__in=CASE_ROLES)
    return Profession.objects.filter(works | Q(pk__in=list(also))).distinct().order_by("name")


def agreement_of(agreement_id: UUID) -> LocalAgreement | None:
    """One version, whatever has become of it."""
    return agreements().filter(pk=agreement_id).first()


@dataclass(frozen=True)
class Renewal:
    """That it is time to decide about the next period: by when, and until when the agreement holds."""

    agreement: LocalAgreement
    by: date
    days_left: int
    is_late: bool


def renewal_due(on: date) -> Renewal | None:
    """Is it time to renew? From ninety days before the day of decision, until a version after it is signed.

    An agreement that ended with nothing after it is as due as can be: everybody is only invited then.
    """
    last = next((row for row in _newest_first() if _is_signed(row, on)), None)
    if last is None:
        return None
    by = last.renewal_decided_by or last.ends_on
    if on < by - timedelta(days=RENEWAL_DAYS):
        return None
    return Renewal(last, by, (last.ends_on - on).days, is_late=on > by)


def sent_agreement(on: date) -> LocalAgreement | None:
    """The version after the one in force that waits for signatures or for its day."""
    holds = agreement_in_force(on)
    later = [row for row in _newest_first() if holds is None or row.version > holds.version]
    return next((row for row in later if state_of(row, on) in _COMING), None)


_COMING = (AgreementState.UNSIGNED, AgreementState.AHEAD)


def agreement_party(row_id: UUID) -> AgreementParty | None:
    """One party's row in an agreement."""
    return AgreementParty.objects.select_related("party", "agreement").filter(pk=row_id).first()


def text_review(agreement: LocalAgreement, kind: str, key: str, language: str) -> tuple[str, date | None]:
    """Who has reviewed a text, and when; nobody, where it is the program's own or is being written."""
    row = agreement.texts.filter(kind=kind, key=key, language=language).order_by("part").first()
    return (row.reviewed_by, row.reviewed_on) if row else ("", None)


def needs_groups(on: date) -> QuerySet[NeedsGroup]:
    """The groups that the förbund looks at by the agreement of that day; often there are none."""
    return NeedsGroup.objects.filter(agreement=deciding(on))


def deciding(on: Any) -> Subquery:
    """Inside a question: the agreement whose lists are chosen from on a day.

    The newest that all have signed. Before any has been signed its lists can be used all the same: a plan
    with a life area binds nobody.
    """
    during = LocalAgreement.objects.filter(is_draft=False, starts_on__lte=on, ends_on__gte=on)
    ordered = during.annotate(waits=Exists(_missing(on))).order_by("waits", "-starts_on", "-version")
    return Subquery(ordered.values("pk")[:1])


@prepared
def deciding_now(_about: None) -> QuerySet[LocalAgreement]:
    """The agreement whose deadlines count today, in one question: it may not have been signed yet."""
    return LocalAgreement.objects.filter(pk=deciding(TODAY))


def meeting_due(known_on: date) -> date | None:
    """The last day to meet by the agreement, when the need was known on that day."""
    found = deciding_now.first(None)
    return known_on + timedelta(days=found.meeting_days) if found else None


def follow_up_due(met_on: date) -> date | None:
    """The day of the next follow-up by the agreement: so many months on, the first working day."""
    found = deciding_now.first(None)
    return first_working_day(months_after(met_on, found.follow_up_months)) if found else None


@prepared
def to_renew(_about: None) -> QuerySet[LocalAgreement]:
    """The agreement that has to be renewed soon, for whoever is to tell the förbund (`renewal_due`)."""
    last = LocalAgreement.objects.filter(is_draft=False, starts_on__lte=TODAY)
    last = last.filter(
        ~Exists(_missing(TODAY)), Exists(AgreementParty.objects.filter(agreement=OuterRef("pk")))
    )
    newest = Subquery(last.order_by("-starts_on", "-version").values("pk")[:1])
    alarm = Func(
        Coalesce("renewal_decided_by", "ends_on"),
        template=f"(%(expressions)s - {RENEWAL_DAYS})",
        output_field=DateField(),
    )
    return LocalAgreement.objects.filter(pk=newest).annotate(alarm=alarm).filter(alarm__lte=TODAY)


def state_of(agreement: LocalAgreement, on: date) -> AgreementState:
    """Where the agreement stands on a day: a missing signature outranks every date."""
    if agreement.is_draft:
        return AgreementState.THROWN if agreement.thrown_at else AgreementState.DRAFT
    if on > agreement.ends_on:
        return AgreementState.ENDED
    # An agreement without parties binds nobody: it is unsigned, with nobody to name.
    if not agreement.parties.all() or missing_signatures(agreement, on):
        return AgreementState.UNSIGNED
    return AgreementState.AHEAD if on < agreement.starts_on else AgreementState.IN_FORCE


def state_beside(agreement: LocalAgreement, holds: LocalAgreement | None, on: date) -> AgreementState:
    """As `state_of`, when it is known which version decides: an older one that would hold is replaced."""
    state = state_of(agreement, on)
    is_other = holds is not None and holds.pk != agreement.pk
    return AgreementState.REPLACED if state is AgreementState.IN_FORCE and is_other else state


def is_in_force(agreement: LocalAgreement, on: date) -> bool:
    """All its parties have signed, and the day is within its period."""
    return state_of(agreement, on) is AgreementState.IN_FORCE


def _missing(on: Any) -> QuerySet[AgreementParty]:
    """Inside a question: the parties of the agreement outside it that have not signed."""
    rows = AgreementParty.objects.filter(agreement=OuterRef("pk"))
    return rows.filter(Q(signed_on=None) | Q(signed_on__gt=on))


def _is_signed(agreement: LocalAgreement, on: date) -> bool:
    """An agreement without parties binds nobody, so it counts as unsigned."""
    return bool(agreement.parties.all()) and not missing_signatures(agreement, on)


def missing_signatures(agreement: LocalAgreement, on: date) -> list[AgreementParty]:
    """The parties that had not signed by that day."""
    return [row for row in agreement.parties.all() if row.signed_on is None or row.signed_on > on]
