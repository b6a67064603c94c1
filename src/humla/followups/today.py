"""What is to be done: everything with a day that somebody must act on, asked in one round trip.

Here: the questions and the rows they answer with, for the one who asks and the unit she acts for. Not here:
what a row is called and where it leads (`humla.web.today`), nor what she may see at all (the row policies).

Every question finds only rows that are somebody's turn, so how many cases she has costs little and how many
rows there are costs no question more. They have no argument: who asks and what day it is, the database knows
(`humla.core.questions`), and the door asks them all when it opens.
"""

from datetime import timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, TruncDate

from humla.agreements.models import LocalAgreement
from humla.agreements.visibility import deciding
from humla.cases.models import Case, CaseRole, CaseState, Initiation
from humla.cases.visibility import mine_now
from humla.consents.models import Consent, ConsentRequest, Manner, PlanConsent
from humla.consents.rules import ASK_AGAIN
from humla.core.dates import STOCKHOLM
from humla.core.periods import holds
from humla.core.questions import NOW, TODAY, Told, prepared
from humla.disclosures.models import DocumentKind, DocumentPart
from humla.drafts.models import Draft
from humla.evidence.models import EvidenceAnswer, EvidenceRequest, Said
from humla.followups.models import FollowUp, FollowUpState, Progress, Status
from humla.meetings.models import (
    BY_HERSELF,
    Answer,
    Meeting,
    MeetingKind,
    MeetingState,
    Preparation,
    Summons,
    SummonsAnswer,
)
from humla.meetings.preparation import FIELDS
from humla.meetings.visibility import TAKES_ANSWERS
from humla.notifications.models import Notice, NoticeState
from humla.organisation.models import Professional
from humla.plans.models import Commitment, LeadTransfer, Plan
from humla.scheduling.models import Invitee, SlotAnswer, TimeOffer

WEEK = timedelta(days=7)
"""So far ahead the page looks."""

NEWS = timedelta(days=7)
"""So long the page tells what a person has done herself: nobody is rung up about it."""

UNANSWERED = timedelta(days=60)
"""So long a summons that was never answered is reminded of; the receiver may not read when the meeting is."""

MOST = 400
"""So many rows of one kind at most: what costs is drawing them, not finding them."""

_TODAY = "(humla_now() AT TIME ZONE 'Europe/Stockholm')::date"


def _day(ahead: timedelta) -> Func:
    """A day as the database counts: today in Sweden, and so many days ahead."""
    return Func(template=f"({_TODAY} + {ahead.days})", output_field=DateField())


@prepared
def commitments_due(_none: None) -> QuerySet[Commitment]:
    """In the plans that the reader's authority holds: what is due by then, and not said to be done."""
    newest = Progress.objects.filter(case=OuterRef("case_id"), commitment=OuterRef("pk"))
    said = newest.order_by("-reported_at", "-id").values("status")[:1]
    rows = Commitment.objects.filter(_mine(), _goes_on(), _stands(), plan__adopted_version__gt=0)
    rows = rows.filter(due_on__lte=_day(WEEK)).annotate(status=Subquery(said), is_mine=_responsible())
    rows = rows.filter(Q(status__isnull=True) | ~Q(status=Status.DONE)).select_related("case", "unit")
    return _without_reasons(rows.order_by("due_on", "id"))


@prepared
def hinders(_none: None) -> QuerySet[Progress]:
    """In the same plans: what somebody has said is stuck, and nothing has been said since."""
    later = Progress.objects.filter(case=OuterRef("case_id"), commitment=OuterRef("commitment_id"))
    is_newest = ~Exists(later.filter(reported_at__gt=OuterRef("reported_at")))
    rows = Progress.objects.filter(_mine(), _goes_on(), is_newest, status=Status.HINDERED)
    rows = rows.filter(_stands("commitment__"), case__authority=Told("ctx_authority"))
    rows = rows.annotate(is_mine=_responsible()).select_related("case", "commitment__unit")
    return _without_reasons(rows.order_by("-reported_at", "id"))


@prepared
def undertaken(_none: None) -> QuerySet[DocumentPart]:
    """Of the plans that the reader's unit has received: what it does by then (`ours`), newest version.

    Taken out of the frozen part by the database: the rest of the part is nothing that this page shows.
    """
    path = '$.blocks[*] ? (@.kind == "commitment" && @.unit == $unit && @.due_on != "" && @.due_on <= $by)'
    ours = Func(
        F("content"),
        template=f"jsonb_path_query_array(%(expressions)s, '{path}', jsonb_build_object("
        f"'unit', ctx_unit()::text, 'by', ({_TODAY} + {WEEK.days})::text))",
        output_field=JSONField(),
    )
    received = DocumentPart.objects.filter(kind=DocumentKind.PLAN).exclude(authority=Told("ctx_authority"))
    newer = received.filter(case=OuterRef("case_id"), version__gt=OuterRef("version"))
    rows = received.filter(_mine(), ~Exists(newer), case__state=CaseState.OPEN).annotate(ours=ours)
    rows = rows.exclude(ours=Value([], JSONField())).select_related("case").defer("content")
    return _without_reasons(rows.order_by("case", "category"))


@prepared
def told_by_us(_none: None) -> QuerySet[Progress]:
    """What the reader's unit has said last of each of its own commitments at other authorities."""
    ours = Progress.objects.filter(_mine(), unit=Told("ctx_unit"), authority=Told("ctx_authority"))
    return ours.order_by("commitment_id", "-reported_at", "-id").distinct("commitment_id")


@prepared
def meetings_ahead(_none: None) -> QuerySet[Meeting]:
    """Planned meetings by then, and those that were and nobody has written down."""
    led = Q(chair=Told("ctx_actor")) | Q(note_taker=Told("ctx_actor")) | Q(planned_by=Told("ctx_actor"))
    rows = Meeting.objects.filter(_mine(), _goes_on(), state=MeetingState.PLANNED)
    rows = rows.filter(starts_at__lt=NOW + Value(WEEK)).annotate(is_mine=_responsible(), is_led=_as_bool(led))
    return _without_reasons(rows.select_related("case").order_by("starts_at", "id"))


@prepared
def times_to_choose(_none: None) -> QuerySet[TimeOffer]:
    """Offers of times where everybody has answered, or the day to answer by has passed (`is_late`)."""
    answers = SlotAnswer.objects.filter(invitee=OuterRef("pk"))
    silent = Invitee.objects.filter(offer=OuterRef("pk"), withdrawn_at__isnull=True).filter(~Exists(answers))
    rows = TimeOffer.objects.filter(_mine(), _goes_on(), closed_at__isnull=True)
    rows = rows.filter(Q(answer_by__lt=_day(timedelta(0))) | ~Exists(silent))
    rows = rows.annotate(is_mine=_responsible()).select_related("case")
    return _without_reasons(rows.order_by("answer_by", "id"))


@prepared
def late_evidence(_none: None) -> QuerySet[EvidenceRequest]:
    """Underlag whose day has passed unsent, and what was refused or asked of the wrong unit."""
    answers = EvidenceAnswer.objects.filter(request=OuterRef("pk")).order_by("-answered_at", "-id")
    newest = {name: Subquery(answers.values(name)[:1]) for name in ("said", "promised_on")}
    rows = EvidenceRequest.objects.filter(_mine(), _goes_on(), withdrawn_at__isnull=True, leaves_at__lte=NOW)
    before = _day(timedelta(0))
    waits = Q(said__isnull=True) | Q(said=Said.MISSING.value)
    late = waits & Q(by_when__lt=before) | Q(said=Said.PROMISED.value, promised_on__lt=before)
    rows = rows.annotate(**newest, is_mine=_responsible())
    stuck = Q(said__in=[Said.REFUSED.value, Said.WRONG_UNIT.value], by_when__gte=before)
    rows = rows.filter(late | stuck)
    return _without_reasons(rows.select_related("case", "unit").order_by("by_when", "id"))


@prepared
def unanswered(_none: None) -> QuerySet[Summons]:
    """Summonses to meetings ahead that nobody has answered, or with an answer that asks for something."""
    answers = SummonsAnswer.objects.filter(summons=OuterRef("pk")).order_by("-answered_at", "-id")
    asks = Q(answer__isnull=True) | Q(answer__in=[Answer.OTHER_TIME.value, Answer.WRONG_UNIT.value])
    # Her no, or what she wants otherwise, waits for somebody until it is noted or the meeting is changed.
    asks |= Q(answered_by__in=BY_HERSELF) & (Q(answer=Answer.DECLINED.value) | ~Q(wish=""))
    rows = Summons.objects.filter(_mine(), _goes_on(), cancelled_at__isnull=True, leaves_at__lte=NOW)
    rows = rows.filter(meeting__state=MeetingState.PLANNED, meeting__starts_at__gt=NOW)
    newest = {name: Subquery(answers.values(name)[:1]) for name in ("answer", "answered_by", "wish")}
    rows = rows.annotate(**newest, is_mine=_responsible()).filter(asks)
    told = Notice.objects.filter(about_id=OuterRef("pk"))
    # The last reminder says from when somebody rings; a letter that came back says it at once.
    spent = told.filter(state=NoticeState.SENT, staff_from__lte=_day(timedelta(0)))
    came_back = told.filter(state=NoticeState.FAILED)
    rows = rows.annotate(reminders_spent=Exists(spent), has_failed=Exists(came_back))
    return _without_reasons(
        rows.select_related("case", "meeting", "unit").order_by("meeting__answer_by", "id")
    )


@prepared
def summoned(_none: None) -> QuerySet[Summons]:
    """Summonses to the reader's own unit from other authorities that it has not answered, and still may."""
    answers = SummonsAnswer.objects.filter(summons=OuterRef("pk"))
    rows = Summons.objects.filter(_mine(), ~Exists(answers), unit=Told("ctx_unit"), cancelled_at__isnull=True)
    rows = rows.exclude(authority=Told("ctx_authority")).filter(case__state=CaseState.OPEN)
    rows = rows.filter(TAKES_ANSWERS, leaves_at__gt=NOW - Value(UNANSWERED))
    return _without_reasons(rows.select_related("case").order_by("leaves_at", "id"))


@prepared
def meetings_late(_none: None) -> QuerySet[Case]:
    """Where she has said yes, nobody has met, no meeting is planned, and the agreement's days are over."""
    yes = PlanConsent.objects.filter(case=OuterRef("pk")).order_by("-given_at", "-id")
    seen = Initiation.objects.filter(case=OuterRef("pk")).values("need_seen_on")[:1]
    days = LocalAgreement.objects.filter(pk=deciding(TODAY)).values("meeting_days")[:1]
    met = Meeting.objects.filter(case=OuterRef("pk")).exclude(kind=MeetingKind.PREPARATORY)
    rows = Case.objects.filter(pk__in=mine_now().values("case"), state=CaseState.OPEN)
    rows = rows.filter(Q(resting_until=None) | Q(resting_until__lte=TODAY), authority=Told("ctx_authority"))
    rows = rows.filter(~Exists(met.filter(state__in=[MeetingState.PLANNED, MeetingState.HELD])))
    # Whoever made the plan without a meeting in Humla is asked for none.
    rows = rows.filter(~Exists(Plan.objects.filter(case=OuterRef("pk"), adopted_version__gt=0)))
    rows = rows.annotate(
        agrees=Subquery(yes.values("agrees")[:1]),
        due_on=Func(
            Coalesce(Subquery(seen), TruncDate("opened_at", tzinfo=STOCKHOLM)),
            Subquery(days),
            template="(%(expressions)s)",
            arg_joiner=" + ",
            output_field=DateField(),
        ),
        is_mine=_responsible("pk"),
    )
    rows = rows.filter(agrees=True, due_on__lt=TODAY).order_by("due_on", "id")
    return rows.defer("reason", "resting_reason")[:MOST]


@prepared
def plans_to_follow_up(_none: None) -> QuerySet[Plan]:
    """Adopted plans that are to be followed up by then, and those where nobody has said when."""
    undecided = Q(follow_up_on__isnull=True, no_follow_up_by="")
    begun = FollowUp.objects.filter(case=OuterRef("case_id"), state=FollowUpState.OPEN, is_removed=False)
    rows = Plan.objects.filter(_mine(), _goes_on(), ~Exists(begun), adopted_version__gt=0)
    rows = rows.filter(undecided | Q(follow_up_on__lte=_day(WEEK))).annotate(is_mine=_responsible())
    return _without_reasons(rows.select_related("case").order_by("follow_up_on", "id"))


@prepared
def begun_follow_ups(_none: None) -> QuerySet[FollowUp]:
    """Follow-ups that somebody began and nobody has finished."""
    rows = FollowUp.objects.filter(_mine(), _goes_on(), state=FollowUpState.OPEN, is_removed=False)
    rows = rows.annotate(is_mine=_responsible()).select_related("case")
    return _without_reasons(rows.order_by("held_on", "id"))


@prepared
def woken(_none: None) -> QuerySet[Case]:
    """Cases whose rest is over by then, and nobody has taken them up."""
    rows = Case.objects.filter(pk__in=mine_now().values("case"), state=CaseState.OPEN)
    rows = rows.filter(authority=Told("ctx_authority"), resting_until__lte=_day(WEEK))
    rows = rows.annotate(is_mine=_responsible("pk")).defer("reason", "resting_reason")
    return rows.order_by("resting_until", "id")[:MOST]


@prepared
def consents_ending(_none: None) -> QuerySet[Consent]:
    """Consents that end soon, and nothing has taken their place."""
    in_force = holds(NOW) & Q(withdrawn_at__isnull=True)
    longer = Consent.objects.filter(
        in_force, case=OuterRef("case_id"), receiver_unit=OuterRef("receiver_unit_id")
    )
    rows = Consent.objects.filter(_mine(), _goes_on(), in_force, authority=Told("ctx_authority"))
    rows = rows.filter(~Exists(longer.filter(ends_at__gt=OuterRef("ends_at"))))
    rows = rows.filter(ends_at__lte=NOW + Value(ASK_AGAIN)).annotate(is_mine=_responsible())
    rows = rows.select_related("case", "receiver_unit").defer("exceptions")
    return _without_reasons(rows.order_by("ends_at", "id"))


@prepared
def handed_in_by_her(_none: None) -> QuerySet[Preparation]:
    """What a person handed in herself these last days, before the meeting that it is for has been held."""
    held = Meeting.objects.filter(case=OuterRef("case_id"), state=MeetingState.HELD)
    rows = Preparation.objects.filter(_mine(), _goes_on(), case__authority=Told("ctx_authority"), told_to="")
    rows = rows.filter(~Exists(held.filter(held_at__gt=OuterRef("handed_in_at"))))
    rows = rows.filter(handed_in_at__gt=NOW - Value(NEWS)).annotate(is_mine=_responsible())
    return _without_reasons(rows.select_related("case").defer(*FIELDS).order_by("handed_in_at", "id"))


@prepared
def withdrawn_by_her(_none: None) -> QuerySet[Consent]:
    """The consents that a person took back herself these last days, and nothing has taken their place."""
    by_staff = Professional.objects.filter(pk=OuterRef("withdrawn_by_id"))
    given_anew = Consent.objects.filter(
        holds(NOW), case=OuterRef("case_id"), receiver_unit=OuterRef("receiver_unit_id")
    ).filter(withdrawn_at__isnull=True)
    rows = Consent.objects.filter(_mine(), _goes_on(), ~Exists(by_staff), ~Exists(given_anew))
    rows = rows.filter(authority=Told("ctx_authority"), withdrawn_at__gt=NOW - Value(NEWS))
    rows = rows.annotate(is_mine=_responsible()).select_related("case", "receiver_unit").defer("exceptions")
    return _without_reasons(rows.order_by("withdrawn_at", "id"))


@prepared
def answered_by_her(_none: None) -> QuerySet[ConsentRequest]:
    """What the person has lately answered by herself on her own page."""
    rows = ConsentRequest.objects.filter(_mine(), _goes_on(), manner=Manner.EID)
    rows = rows.filter(answered_at__gt=NOW - Value(NEWS)).annotate(is_mine=_responsible())
    rows = rows.select_related("case", "receiver_unit").defer("why", "instead")
    return _without_reasons(rows.order_by("-answered_at", "id"))


@prepared
def lead_offers(_none: None) -> QuerySet[LeadTransfer]:
    """Questions to the reader's unit to take over the lead of a plan, not answered."""
    rows = LeadTransfer.objects.filter(_mine(), to_unit=Told("ctx_unit"), answered_at__isnull=True)
    rows = rows.filter(taken_back_at__isnull=True).select_related("case").defer("note")
    return _without_reasons(rows.order_by("offered_at", "id"))


@prepared
def unsent(_none: None) -> QuerySet[Draft]:
    """What the reader has typed in a case and never sent, by the case's reference; not what she typed."""
    case = Case.objects.filter(pk=OuterRef("case_id"))
    mine = Draft.objects.filter(owner_id=Told("ctx_actor"), unit_id=Told("ctx_unit"))
    rows = mine.filter(case_id__isnull=False).annotate(
        reference=Subquery(case.values("reference")[:1]),
        person=Subquery(case.values("person")[:1]),
        authority=Subquery(case.values("authority")[:1]),
        is_protected=Subquery(case.values("is_protected")[:1]),
    )
    return rows.defer("fields").order_by("-saved_at")[:MOST]


EVERYTHING = (
    commitments_due,
    hinders,
    undertaken,
    told_by_us,
    meetings_ahead,
    times_to_choose,
    late_evidence,
    unanswered,
    summoned,
    meetings_late,
    plans_to_follow_up,
    begun_follow_ups,
    woken,
    consents_ending,
    handed_in_by_her,
    withdrawn_by_her,
    lead_offers,
    unsent,
)


def _mine() -> Q:
    # From the assignments to the rows: the other way around, the policy would be asked for every row.
    return Q(case__in=mine_now().values("case"))


def _goes_on() -> Q:
    """The case is open and does not rest."""
    return Q(case__state=CaseState.OPEN) & (
        Q(case__resting_until__isnull=True) | Q(case__resting_until__lte=_day(timedelta(0)))
    )


def _stands(commitment: str = "") -> Q:
    """Neither the commitment nor the goal that it serves is struck."""
    is_struck, goal = f"{commitment}is_removed", f"{commitment}goal"
    return Q(**{is_struck: False}) & (Q(**{f"{goal}__isnull": True}) | Q(**{f"{goal}__is_removed": False}))


def _responsible(case: str = "case_id") -> Exists:
    return Exists(mine_now().filter(case=OuterRef(case), role=CaseRole.RESPONSIBLE))


def _as_bool(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _without_reasons(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The sealed words of the case are nothing that the page shows, and cost a key each."""
    return rows.defer("case__reason", "case__resting_reason")[:MOST]
