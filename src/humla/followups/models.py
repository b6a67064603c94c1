"""What is true of following up: each party's own status, what a follow-up found, and how a case ended.

Here: progress, follow-ups with their results, and the closing with what changed for the person. Not here: the
plan they speak of (`humla.plans`), whose rows they point at and never change.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from humla.cases.models import InCase
from humla.core.states import Transition
from humla.disclosures.models import Document
from humla.meetings.models import Meeting
from humla.organisation.models import Professional, Unit
from humla.people.models import Sex
from humla.plans.models import Commitment, Goal


class Status(models.TextChoices):
    """Where a commitment stands, by the one who undertook it."""

    NOT_STARTED = "not_started", _("inte börjat")
    UNDER_WAY = "under_way", _("på väg")
    DONE = "done", _("klart")
    HINDERED = "hindered", _("hinder")


PROGRESS_TRANSITIONS = (
    Transition("", "report", Status.UNDER_WAY),
    Transition("", "report", Status.DONE),
    Transition("", "report", Status.HINDERED),
    Transition(Status.UNDER_WAY, "report", Status.DONE),
    Transition(Status.UNDER_WAY, "report", Status.HINDERED),
    Transition(Status.HINDERED, "report", Status.UNDER_WAY),
    Transition(Status.DONE, "report", Status.NOT_STARTED),
)


class Hinder(models.TextChoices):
    """What stands in the way."""

    QUEUE = "queue", _("kö")
    EVIDENCE = "evidence", _("underlag saknas")
    PERSON = "person", _("personen kan eller vill inte nu")
    OTHER_PARTY = "other_party", _("väntar på en annan part")
    RESOURCES = "resources", _("vi hinner inte")
    OTHER = "other", _("annat")


class Progress(InCase):
    """What a party says of its own commitment; the newest counts. Held by that party, told to the lead."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="progress")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(_("läge"), max_length=12, choices=Status)
    hinder = models.CharField(_("vad hindrar?"), max_length=12, choices=Hinder, blank=True)
    note = models.CharField(_("kort, till den som leder planen"), max_length=300, blank=True)
    reported_at = models.DateTimeField()
    reported_by_id = models.UUIDField()

    class Meta:
        verbose_name = _("läge för ett åtagande")
        ordering = ["reported_at", "id"]
        indexes = [models.Index(fields=["case", "commitment", "-reported_at"], name="progress_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="hindered") & ~Q(hinder="") | ~Q(status="hindered") & Q(hinder=""),
                name="progress_hindered_by_something",
                violation_error_message=_("Välj vad som hindrar."),
            ),
        ]


class FollowUpState(models.TextChoices):
    """Where a follow-up stands."""

    OPEN = "open", _("pågår")
    DONE = "done", _("klar")


FOLLOW_UP_TRANSITIONS = (
    Transition("", "begin_follow_up", FollowUpState.OPEN),
    Transition(FollowUpState.OPEN, "finish_follow_up", FollowUpState.DONE),
)


class FollowUp(InCase):
    """One follow-up of one adopted version: what was done, how the person and staff see it, the step.

    The steps are the rungs of the ladder of the activity (S0: stegförflyttning), 1 to 5; a difference is
    computed against the follow-up before, never stored.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="follow_ups")
    state = models.CharField(_("läge"), max_length=8, choices=FollowUpState, default=FollowUpState.OPEN)
    held_on = models.DateField(_("dag"))
    step_by_staff = models.PositiveSmallIntegerField(_("steg enligt personalen"), null=True, blank=True)
    step_by_person = models.PositiveSmallIntegerField(_("steg enligt personen"), null=True, blank=True)
    person_words = models.TextField(_("med personens ord"), blank=True)
    next_on = models.DateField(_("nästa uppföljning"), null=True, blank=True)
    no_next_by = models.CharField(_("vem har bestämt att ingen mer behövs?"), max_length=120, blank=True)
    sex_then = models.CharField(max_length=1, choices=Sex, default=Sex.UNSTATED)
    age_then = models.PositiveSmallIntegerField(null=True)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    is_removed = models.BooleanField(_("borttagen"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("uppföljning")
        ordering = ["-held_on", "-begun_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | Q(state="open", done_at__isnull=True),
                name="follow_up_done_when",
            ),
            models.CheckConstraint(
                condition=(Q(step_by_staff__isnull=True) | Q(step_by_staff__range=(1, 5)))
                & (Q(step_by_person__isnull=True) | Q(step_by_person__range=(1, 5))),
                name="follow_up_step_on_the_ladder",
                violation_error_message=_("Steget är mellan 1 och 5."),
            ),
            models.CheckConstraint(
                condition=Q(is_removed=False) | Q(state="open"),
                name="follow_up_done_is_never_removed",
                violation_error_message=_("Uppföljningen är klar. Rätta den med en ny."),
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="open", is_removed=False), name="follow_up_one_at_a_time"
            ),
        ]


class Outcome(models.TextChoices):
    """How far something was done."""

    DONE = "done", _("gjort")
    PARTLY = "partly", _("delvis")
    NOT = "not", _("inte gjort")


class CommitmentResult(InCase):
    """What a follow-up found of one commitment."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="commitment_results")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="results")
    outcome = models.CharField(_("blev det gjort?"), max_length=8, choices=Outcome)
    hinder = models.CharField(_("vad hindrade?"), max_length=12, choices=Hinder, blank=True)
    why = models.CharField(_("kort om varför"), max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "commitment"], name="commitment_result_once"),
            models.CheckConstraint(
                condition=Q(outcome="done") | ~Q(hinder=""),
                name="commitment_not_done_for_a_cause",
                violation_error_message=_("Välj vad som hindrade."),
            ),
        ]


class GoalResult(InCase):
    """How near a goal is, 1 (inte alls) to 5 (helt), by the person's view and by staff's. None: no answer."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="goal_results")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="results")
    by_person = models.PositiveSmallIntegerField(_("personen"), null=True, blank=True)
    by_staff = models.PositiveSmallIntegerField(_("personalen"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "goal"], name="goal_result_once"),
            models.CheckConstraint(
                condition=(Q(by_person__isnull=True) | Q(by_person__range=(1, 5)))
                & (Q(by_staff__isnull=True) | Q(by_staff__range=(1, 5))),
                name="goal_result_of_five",
            ),
        ]


class CloseReason(models.TextChoices):
    """Why a case ends (domain §3 G)."""

    GOAL_REACHED = "goal_reached", _("målet är nått")
    NO_LONGER_NEEDED = "no_longer_needed", _("samordning behövs inte längre")
    OTHER_PLAN = "other_plan", _("en annan plan ersätter")
    WITHDRAWN = "withdrawn", _("personen tog tillbaka sitt samtycke")
    DECLINED = "declined", _("personen sa nej till en plan")
    MOVED_AWAY = "moved_away", _("personen har flyttat")
    NO_CONTACT = "no_contact", _("ingen kontakt")
    DIED = "died", _("personen har avlidit")
    WRONGLY_OPENED = "wrongly_opened", _("öppnat av misstag")


class Closing(InCase):
    """How a case ended: why, what changed, where the person goes next and who takes over."""

    reason = models.CharField(_("varför avslutas det?"), max_length=18, choices=CloseReason)
    result = models.TextField(_("vad blev det av planen?"), blank=True)
    other_way = models.CharField(_("annan väg framåt"), max_length=500, blank=True)
    takes_over = models.CharField(_("vem tar vid?"), max_length=300, blank=True)
    verdict = models.PositiveSmallIntegerField(_("personens omdöme, 1 till 5"), null=True, blank=True)
    verdict_words = models.TextField(_("med personens ord"), blank=True)
    closed_on = models.DateField(_("dag"))
    sex_then = models.CharField(max_length=1, choices=Sex, default=Sex.UNSTATED)
    age_then = models.PositiveSmallIntegerField(null=True)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField(null=True)
    reopened_why = models.CharField(_("varför öppnas det igen?"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("avslut")
        ordering = ["-closed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(reopened_at__isnull=True), name="case_closed_once"
            ),
            models.CheckConstraint(
                condition=Q(verdict__isnull=True) | Q(verdict__range=(1, 5)), name="closing_verdict_of_five"
            ),
        ]


class Before(models.TextChoices):
    """At which end of the case it was so."""

    BEFORE = "before", _("när planen började")
    AFTER = "after", _("vid avslut")


class Livelihood(models.TextChoices):
    """What somebody lives on and does (modelled on the code set that SUS had)."""

    WORK = "work", _("lön av arbete")
    SUBSIDISED_WORK = "subsidised_work", _("subventionerat arbete")
    STUDIES = "studies", _("studier")
    PRACTICE = "practice", _("praktik eller arbetsträning")
    JOB_SEEKING = "job_seeking", _("söker arbete")
    UNEMPLOYMENT = "unemployment", _("a-kassa")
    INCOME_SUPPORT = "income_support", _("försörjningsstöd")
    SICKNESS_BENEFIT = "sickness_benefit", _("sjukpenning")
    SICKNESS_COMPENSATION = "sickness_compensation", _("sjukersättning")
    ACTIVITY_COMPENSATION = "activity_compensation", _("aktivitetsersättning")
    PENSION = "pension", _("ålderspension")
    NOTHING = "nothing", _("ingen offentlig försörjning")


class LivelihoodLine(InCase):
    """One source of livelihood or occupation before or after, with its extent and what was decided when."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="livelihood")
    end = models.CharField(_("före eller efter"), max_length=6, choices=Before)
    kind = models.CharField(_("försörjning eller sysselsättning"), max_length=22, choices=Livelihood)
    percent = models.PositiveSmallIntegerField(_("omfattning i procent"), null=True, blank=True)
    decided_on = models.DateField(_("beslutsdag"), null=True, blank=True)
    is_pending = models.BooleanField(_("väntar på beslut"), default=False)

    class Meta:
        ordering = ["end", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["closing", "end", "kind"], name="livelihood_once"),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__in=[25, 50, 75, 100]),
                name="livelihood_extent",
                violation_error_message=_("Omfattningen är 25, 50, 75 eller 100 procent."),
            ),
        ]
