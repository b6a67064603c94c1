"""What is true of a meeting: kind, time, roles, who was summoned and answered, who came, what is next.

Here: meetings, summonses with their answers, attendance, and the person's own preparation. Not here: what a
summoned unit reads (a frozen document in `humla.disclosures`), nor the plan that the meeting makes.
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from humla.agreements.models import Duty
from humla.cases.models import InCase
from humla.core.states import Transition
from humla.disclosures.models import Disclosure, Document
from humla.organisation.models import Professional, Unit
from humla.people.models import Sex


class MeetingKind(models.TextChoices):
    """What a meeting is for. Försäkringskassan's avstämningsmöte is none of these, never mixed with them."""

    PREPARATORY = "preparatory", _("förmöte")
    FIRST = "first", _("första SIP-möte")
    FOLLOW_UP = "follow_up", _("uppföljning")
    CLOSING = "closing", _("avslutande möte")


class MeetingForm(models.TextChoices):
    """How it is held."""

    IN_PERSON = "in_person", _("på plats")
    PHONE = "phone", _("telefon")
    VIDEO = "video", _("video")
    HYBRID = "hybrid", _("på plats och video")


class MeetingState(models.TextChoices):
    """Where a meeting stands."""

    PLANNED = "planned", _("planerat")
    HELD = "held", _("hållet")
    MOVED = "moved", _("flyttat")
    CANCELLED = "cancelled", _("inställt")


MEETING_TRANSITIONS = (
    Transition("", "plan_meeting", MeetingState.PLANNED),
    Transition(MeetingState.PLANNED, "move", MeetingState.MOVED),
    Transition(MeetingState.PLANNED, "cancel", MeetingState.CANCELLED),
    Transition(MeetingState.PLANNED, "hold", MeetingState.HELD),
    Transition(MeetingState.HELD, "correct_attendance", MeetingState.HELD),
    Transition(MeetingState.HELD, "correct_held", MeetingState.HELD),
)


class ChangeCause(models.TextChoices):
    """Why a meeting was moved or cancelled."""

    PERSON = "person", _("personen kan inte")
    PARTY = "party", _("en part kan inte")
    ILLNESS = "illness", _("sjukdom")
    EVIDENCE = "evidence", _("underlag saknas")
    NO_TIME = "no_time", _("vården har ingen tid")
    CONSENT = "consent", _("samtycket är återkallat")
    OTHER = "other", _("annat")


class PreparatoryResult(models.TextChoices):
    """What a förmöte led to."""

    SIP = "sip", _("vi går vidare med SIP")
    LATER = "later", _("inte just nu")
    OTHER_WAY = "other_way", _("en annan väg")
    NO = "no", _("personen vill inte")


class Meeting(InCase):
    """One meeting in a case. A moved one stays as it was and points at the one that came instead."""

    kind = models.CharField(_("slag av möte"), max_length=12, choices=MeetingKind)
    state = models.CharField(_("läge"), max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    starts_at = models.DateTimeField(_("tid"))
    minutes = models.PositiveSmallIntegerField(_("längd i minuter"), default=60)
    form = models.CharField(_("hur"), max_length=10, choices=MeetingForm, default=MeetingForm.IN_PERSON)
    place = models.CharField(_("plats"), max_length=200, blank=True)
    # Set by the database whenever the place is written (walls/63_protection.sql): the second pair of eyes.
    place_by = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    video_link = models.CharField(_("länk till videomötet"), max_length=300, blank=True)
    interpreter = models.CharField(_("tolk"), max_length=120, blank=True)
    purpose = models.TextField(_("varför möts vi?"), blank=True)
    questions = models.TextField(_("frågor som mötet ska svara på"), blank=True)
    health_questions = models.TextField(_("frågor som rör hälsa"), blank=True)
    answer_by = models.DateField(_("svara senast"), null=True, blank=True)
    chair = models.ForeignKey(
        Professional,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mötesledare"),
    )
    note_taker = models.ForeignKey(
        Professional,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dokumenterare"),
    )
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField(null=True)
    change_cause = models.CharField(_("orsak"), max_length=10, choices=ChangeCause, blank=True)
    changed_at = models.DateTimeField(null=True)
    moved_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="moved_from")
    result = models.CharField(
        _("vad ledde förmötet till?"), max_length=10, choices=PreparatoryResult, blank=True
    )
    next_on = models.DateField(_("nästa möte"), null=True, blank=True)
    no_next_by = models.CharField(_("vem har bestämt att inget mer möte behövs?"), max_length=120, blank=True)
    # As they were at the meeting: what is counted is the event (STA-1).
    sex_then = models.CharField(max_length=1, choices=Sex, default=Sex.UNSTATED)
    age_then = models.PositiveSmallIntegerField(null=True)
    # What calendars know it by: kept when it is moved, and the number grows with every change (RFC 5546).
    calendar_uid = models.UUIDField(default=uuid4, editable=False)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("möte")
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["case", "-starts_at"], name="meeting_in_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="held", held_at__isnull=False) | ~Q(state="held") & Q(held_at__isnull=True),
                name="meeting_held_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "held"], change_cause="", changed_at__isnull=True)
                | Q(state__in=["moved", "cancelled"], changed_at__isnull=False) & ~Q(change_cause=""),
                name="meeting_changed_for_a_cause",
                violation_error_message=_("Välj varför mötet flyttas eller ställs in."),
            ),
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | Q(no_next_by=""),
                name="meeting_next_or_not",
                violation_error_message=_("Antingen finns ett nästa möte, eller så behövs inget."),
            ),
            models.CheckConstraint(
                condition=Q(result="") | Q(kind="preparatory"), name="meeting_result_of_preparatory"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=600),
                name="meeting_of_some_length",
                violation_error_message=_("Ett möte är mellan fem minuter och tio timmar långt."),
            ),
        ]


class PlaceApproval(InCase):
    """That somebody other than its writer has read the place of a protected person's meeting (PER-5).

    It is the words that are approved, for this case: a meeting that is moved keeps them, and a place that is
    written otherwise is another place.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="place_approvals")
    place = models.CharField(_("plats"), max_length=200)
    written_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("godkänd plats")
        constraints = [
            models.CheckConstraint(
                condition=~Q(approved_by=F("written_by")),
                name="place_approved_by_another",
                violation_error_message=_("En annan än den som skrev platsen godkänner den."),
            )
        ]


class Called(models.TextChoices):
    """Who can be summoned. Only a unit gets a document through Humla; the others get it on paper."""

    UNIT = "unit", _("en enhet hos en part")
    PERSON = "person", _("personen")
    RELATIVE = "relative", _("närstående")
    EMPLOYER = "employer", _("arbetsgivare")
    OTHER = "other", _("någon annan")


class SummonsState(models.TextChoices):
    """Where a summons stands; derived from its instants and the newest answer."""

    LEAVING = "leaving", _("skickas strax")
    WAITING = "waiting", _("väntar på svar")
    COMES = "comes", pgettext_lazy("svar på kallelse", "kommer")
    OTHER_TIME = "other_time", _("vill ha en annan tid")
    DECLINED = "declined", _("kommer inte")
    READS = "reads", _("deltar inte, vill ha planen")
    WRONG_UNIT = "wrong_unit", _("fel enhet")
    CANCELLED = "cancelled", _("återtagen")


SUMMONS_TRANSITIONS = (
    Transition("", "summon", SummonsState.LEAVING),
    Transition(SummonsState.LEAVING, "", SummonsState.WAITING),
    Transition(SummonsState.LEAVING, "undo_summons", SummonsState.CANCELLED),
    Transition(SummonsState.WAITING, "answer", SummonsState.COMES),
    Transition(SummonsState.WAITING, "answer", SummonsState.OTHER_TIME),
    Transition(SummonsState.WAITING, "answer", SummonsState.DECLINED),
    Transition(SummonsState.WAITING, "answer", SummonsState.READS),
    Transition(SummonsState.WAITING, "answer", SummonsState.WRONG_UNIT),
    Transition(SummonsState.WAITING, "cancel_summons", SummonsState.CANCELLED),
)


class Summons(InCase):
    """One receiver called to one meeting, with what *that* receiver should bring."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="summonses")
    called = models.CharField(_("vem kallas?"), max_length=10, choices=Called)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enhet")
    )
    name = models.CharField(_("namn"), max_length=120, blank=True)
    duty = models.CharField(_("kallad eller inbjuden"), max_length=10, choices=Duty)
    bring = models.TextField(_("det här behöver du ha med dig"), blank=True)
    form = models.CharField(_("hur deltar mottagaren?"), max_length=10, choices=MeetingForm, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, null=True, related_name="summons")
    sent_at = models.DateTimeField()
    leaves_at = models.DateTimeField()
    sent_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    forwarded_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="forwarded_to"
    )
    """The summons of the unit that said it was the wrong one; the clock runs from the first of them."""

    # Not columns: what `visibility.summonses_of` works out. A summons fetched otherwise has none of them.
    state: SummonsState
    newest: "SummonsAnswer | None"
    ended_with_consent: bool = False
    is_reminded_out: bool
    """The reminders are spent: somebody rings."""
    # Only from `visibility.summonses_received`: a receiver does not see the meeting, so the wall says it.
    takes_answers: bool

    class Meta:
        verbose_name = _("kallelse")
        ordering = ["sent_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(called="unit", unit__isnull=False, name="")
                | Q(called="person", unit__isnull=True, name="")
                | Q(called__in=["relative", "employer", "other"], unit__isnull=True) & ~Q(name=""),
                name="summons_has_its_receiver",
                violation_error_message=_("Välj vem som kallas."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "unit"],
                condition=Q(cancelled_at__isnull=True, unit__isnull=False),
                name="summons_once_per_unit",
            ),
            models.CheckConstraint(
                condition=Q(leaves_at__gte=F("sent_at")), name="summons_leaves_after_sent"
            ),
        ]


class Answer(models.TextChoices):
    """What a receiver can answer, also by a neutral link."""

    COMES = "comes", pgettext_lazy("svar på kallelse", "kommer")
    OTHER_TIME = "other_time", _("kan inte den tiden")
    DECLINED = "declined", _("kommer inte")
    READS = "reads", _("deltar inte, vill ha planen")
    WRONG_UNIT = "wrong_unit", _("fel enhet")


class DeclineCause(models.TextChoices):
    """Why somebody does not come."""

    NOT_CONCERNED = "not_concerned", _("personen är inte aktuell hos oss")
    NO_TIME = "no_time", _("ingen tid före mötet")
    ILLNESS = "illness", _("sjukdom")
    WRITTEN = "written", _("lämnar underlag i stället")
    OTHER = "other", _("annat")


class EvidenceKind(models.TextChoices):
    """What a party can bring or send (underlag). The kind is told; what it says stays with its owner."""

    CERTIFICATE = "certificate", _("läkarintyg eller läkarutlåtande")
    INVESTIGATION = "investigation", _("utredning eller bedömning")
    OWN_PLAN = "own_plan", _("vår egen plan")
    DECISION = "decision", _("beslut")
    SUMMARY = "summary", _("slutdokumentation eller sammanfattning")
    VIEW = "view", _("vår syn inför mötet")
    OTHER = "other", _("annat underlag")


class Stay(models.TextChoices):
    """How much of the meeting somebody takes part in."""

    WHOLE = "whole", _("hela mötet")
    START = "start", _("bara i början")
    END = "end", _("bara i slutet")


class AnsweredBy(models.TextChoices):
    """How the answer came."""

    LINK = "link", _("med länken")
    SIGNED_IN = "signed_in", _("inloggad")
    NOTED = "noted", _("antecknat av den som kallade")
    PERSON = "person", _("personen själv")
    MANDATE = "mandate", _("den som företräder personen")


BY_HERSELF = (AnsweredBy.PERSON.value, AnsweredBy.MANDATE.value)
"""Answers to the person's own summons, by her or by whoever may receive it for her. She need not say why."""


class SummonsAnswer(InCase):
    """One answer; the newest counts, the others stay. Held by the authority that summoned."""

    summons = models.ForeignKey(Summons, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(_("svar"), max_length=12, choices=Answer)
    cause = models.CharField(_("varför?"), max_length=14, choices=DeclineCause, blank=True)
    who_comes = models.CharField(_("vem kommer?"), max_length=120, blank=True)
    passed_to = models.CharField(_("rätt enhet"), max_length=120, blank=True)
    passed_unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rätt enhet hos samma huvudman"),
    )
    sends_evidence = models.BooleanField(_("skickar underlag"), default=False)
    brings = models.JSONField(_("det tar vi med oss"), default=list, blank=True)
    """Codes of `EvidenceKind` only: a link's answer holds no free words."""
    form = models.CharField(_("hur är ni med?"), max_length=10, choices=MeetingForm, blank=True)
    stay = models.CharField(_("hur länge är ni med?"), max_length=5, choices=Stay, blank=True)
    wish = models.TextField(_("det här ska vara annorlunda"), blank=True)
    """What the person wants to be otherwise, in her own words; a unit that answers writes none."""
    answered_by = models.CharField(_("hur svaret kom"), max_length=10, choices=AnsweredBy)
    answered_at = models.DateTimeField()
    answered_by_id = models.UUIDField()

    class Meta:
        verbose_name = _("svar på kallelse")
        ordering = ["answered_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(answer="declined") | ~Q(cause="") | Q(answered_by__in=BY_HERSELF),
                name="answer_declined_for_a_cause",
                violation_error_message=_("Välj varför ni inte kommer."),
            ),
            models.CheckConstraint(
                condition=~Q(answered_by="link") | Q(who_comes="", passed_to="", wish=""),
                name="answer_by_link_in_codes_only",
            ),
            models.CheckConstraint(
                condition=Q(answer="comes") | Q(form="", stay=""), name="answer_how_of_those_who_come"
            ),
        ]

    @property
    def brought(self) -> list[str]:
        """What they bring, in words."""
        return [str(EvidenceKind(one).label) for one in self.brings]


class AbsenceCause(models.TextChoices):
    """Why somebody who was to come did not."""

    ILLNESS = "illness", _("sjukdom")
    TIME = "time", _("annat möte eller brist på tid")
    UNKNOWN = "unknown", _("hörde inte av sig")
    DECLINED = "declined", _("hade tackat nej")
    TECHNICAL = "technical", _("tekniken fungerade inte")
    OTHER = "other", _("annat")


class Attendance(InCase):
    """Who was at the meeting, and who was not and why."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    summons = models.ForeignKey(Summons, on_delete=models.PROTECT, null=True, related_name="attendances")
    called = models.CharField(_("vem kallades?"), max_length=10, choices=Called)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("namn"), max_length=120, blank=True)
    was_present = models.BooleanField(_("var med"))
    form = models.CharField(_("hur"), max_length=10, choices=MeetingForm, blank=True)
    cause = models.CharField(_("varför inte?"), max_length=10, choices=AbsenceCause, blank=True)

    class Meta:
        verbose_name = _("närvaro")
        ordering = ["called", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(was_present=True, cause="") | Q(was_present=False) & ~Q(cause=""),
                name="absent_for_a_cause",
                violation_error_message=_("Välj varför den inte kom."),
            ),
        ]


class Preparation(InCase):
    """What the person wants to say before the meeting, in her own words (PRE-2, PER-8).

    Her own space: until she hands it in nobody else reads or counts it. Afterwards it is quoted and dated,
    and never changed. Written down by somebody else it says for whom it was told.
    """

    important = models.TextField(_("det här är viktigt för mig"), blank=True)
    strengths = models.TextField(_("det här är jag bra på, det här fungerar"), blank=True)
    questions = models.TextField(_("det här vill jag fråga mötet"), blank=True)
    should_come = models.TextField(_("de här vill jag ska komma"), blank=True)
    should_not_come = models.TextField(_("de här vill jag inte ska komma"), blank=True)
    worries = models.TextField(_("det här oroar mig"), blank=True)
    practical = models.TextField(_("det här behöver jag för att kunna vara med"), blank=True)
    told_to = models.CharField(_("berättat för"), max_length=120, blank=True)
    written_at = models.DateTimeField()
    written_by_id = models.UUIDField()
    handed_in_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("egen förberedelse")
        ordering = ["-written_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(told_to="") | Q(handed_in_at__isnull=False),
                name="preparation_told_is_handed_in",
            ),
            # One sheet of hers at a time: two tabs go on with the same. Staff have no row in this index.
            models.UniqueConstraint(
                fields=["case"], condition=Q(handed_in_at__isnull=True), name="preparation_one_open"
            ),
        ]
