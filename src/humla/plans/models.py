"""What is true of a plan while it is being written: the person's goal, needs by life area, who does what.

Here: the draft that the lead authority holds. Not here: its frozen versions (`humla.disclosures`), nor
when it may be adopted (`rules`).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.agreements.models import LifeArea
from humla.cases.models import Case, Category, InCase
from humla.core.states import Transition
from humla.disclosures.models import Disclosure
from humla.organisation.models import Party, Professional, Unit
from humla.people.models import AboutPerson


class PlanState(models.TextChoices):
    """Where a plan stands; derived from its versions, never stored."""

    DRAFT = "draft", _("utkast")
    ADOPTED = "adopted", _("fastställd")
    CHANGED = "changed", _("ändrad sedan den fastställdes")


PLAN_TRANSITIONS = (
    Transition("", "start_plan", PlanState.DRAFT),
    Transition(PlanState.DRAFT, "adopt", PlanState.ADOPTED),
    Transition(PlanState.ADOPTED, "say_own_goal", PlanState.CHANGED),
    Transition(PlanState.ADOPTED, "add_goal", PlanState.CHANGED),
    Transition(PlanState.ADOPTED, "add_commitment", PlanState.CHANGED),
    Transition(PlanState.ADOPTED, "add_milestone", PlanState.CHANGED),
    Transition(PlanState.ADOPTED, "add_reservation", PlanState.CHANGED),
    Transition(PlanState.ADOPTED, "add_unmet_need", PlanState.CHANGED),
    Transition(PlanState.ADOPTED, "add_other_plan", PlanState.CHANGED),
    Transition(PlanState.ADOPTED, "settle", PlanState.CHANGED),
    Transition(PlanState.CHANGED, "adopt", PlanState.ADOPTED),
)


class PersonSays(models.TextChoices):
    """What the person says of the plan as a whole. Silence is never yes."""

    YES = "yes", _("ja")
    NO = "no", _("nej")
    COULD_NOT = "could_not", _("kunde inte svara")


class Plan(AboutPerson):
    """The plan of a case. One row for its whole life; every adoption freezes a version of it."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="plan")
    own_goal = models.TextField(_("personens eget mål, med egna ord"), blank=True)
    own_goal_said_on = models.DateField(_("sagt den"), null=True, blank=True)
    own_goal_told_to = models.CharField(_("berättat för"), max_length=120, blank=True)
    own_goal_category = models.CharField(max_length=12, choices=Category, default=Category.NEEDS)
    nothing_by_others = models.BooleanField(_("ingen annan ska göra något"), default=False)
    accountable_party = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("huvudman med övergripande ansvar"),
    )
    lead = models.ForeignKey(
        Professional,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("huvudansvarig"),
    )
    stand_in = models.ForeignKey(
        Professional,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ersättare för huvudansvarig"),
    )
    if_worse = models.CharField(_("om det blir sämre: vem ringer man?"), max_length=300, blank=True)
    # A number to a psychiatric ward tells what may get worse: so it has a kind of its own.
    if_worse_category = models.CharField(max_length=12, choices=Category, default=Category.NEEDS)
    follow_up_on = models.DateField(_("nästa uppföljning"), null=True, blank=True)
    no_follow_up_by = models.CharField(_("vem har bestämt att ingen behövs?"), max_length=120, blank=True)
    person_says = models.CharField(
        _("är personen med på planen?"), max_length=12, choices=PersonSays, blank=True
    )
    person_says_why = models.CharField(_("med egna ord"), max_length=500, blank=True)
    adopted_version = models.PositiveIntegerField(default=0)
    is_changed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("plan")
        constraints = [
            models.CheckConstraint(
                condition=Q(own_goal="") | Q(own_goal_said_on__isnull=False),
                name="own_goal_is_dated",
                violation_error_message=_("Skriv när personen sa det."),
            ),
            models.CheckConstraint(
                condition=Q(follow_up_on__isnull=True) | Q(no_follow_up_by=""),
                name="plan_followed_up_or_not",
                violation_error_message=_("Antingen finns en dag för uppföljning, eller så behövs ingen."),
            ),
        ]

    @property
    def state(self) -> PlanState:
        """Draft until first adopted; afterwards adopted, or changed since."""
        if not self.adopted_version:
            return PlanState.DRAFT
        return PlanState.CHANGED if self.is_changed else PlanState.ADOPTED


class Goal(InCase):
    """What is wanted in one life area, and how it is there now."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="goals")
    life_area = models.ForeignKey(LifeArea, on_delete=models.PROTECT, verbose_name=_("livsområde"))
    situation = models.TextField(_("nuläge"), blank=True)
    text = models.TextField(_("mål"))
    category = models.CharField(_("slag av uppgift"), max_length=12, choices=Category, default=Category.NEEDS)
    position = models.PositiveIntegerField(default=0)  # the plan's version when the row was written
    is_removed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["life_area__position", "position", "id"]
        verbose_name = _("mål")


class Doer(models.TextChoices):
    """Who does it. The statute keeps insatser by the huvudmän apart from åtgärder by others."""

    UNIT = "unit", _("en enhet hos en part")
    PERSON = "person", _("personen själv")
    OTHER = "other", _("någon annan")


class Commitment(InCase):
    """Who does what by when. Each has its own category: a referral is health though it is also planning."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="commitments")
    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    doer = models.CharField(_("vem gör det?"), max_length=10, choices=Doer)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("enhet"),
    )
    other = models.CharField(_("vilken annan?"), max_length=120, blank=True)
    responsible = models.CharField(_("vem på enheten?"), max_length=120, blank=True)
    what = models.TextField(_("vad ska göras?"))
    category = models.CharField(
        _("slag av uppgift"), max_length=12, choices=Category, default=Category.PLANNING
    )
    starts_on = models.DateField(_("börjar"), null=True, blank=True)
    starts_when = models.CharField(_("börjar när"), max_length=200, blank=True)
    due_on = models.DateField(_("klart senast"), null=True, blank=True)
    known_by = models.CharField(_("så vet vi att det är klart"), max_length=300, blank=True)
    person_does = models.CharField(_("det här gör personen"), max_length=300, blank=True)
    position = models.PositiveIntegerField(default=0)  # the plan's version when the row was written
    is_removed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due_on", "position", "id"]
        verbose_name = _("åtagande")
        constraints = [
            models.CheckConstraint(
                condition=Q(doer="unit", unit__isnull=False, other="")
                | Q(doer="person", unit__isnull=True, other="")
                | Q(doer="other", unit__isnull=True) & ~Q(other=""),
                name="commitment_has_its_doer",
                violation_error_message=_("Välj vem som gör det."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(due_on__isnull=True) | Q(due_on__gte=F("starts_on")),
                name="commitment_due_after_start",
                violation_error_message=_("Det måste vara klart efter att det börjar."),
            ),
        ]


class Milestone(InCase):
    """A step on the way to a goal (delmål)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="milestones")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="milestones")
    text = models.CharField(_("delmål"), max_length=500)
    due_on = models.DateField(_("när?"), null=True, blank=True)
    position = models.PositiveIntegerField(default=0)  # the plan's version when the row was written
    is_removed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due_on", "position", "id"]
        verbose_name = _("delmål")


class Reservation(InCase):
    """What a party does not undertake, and why: plan text and statistics, never a quarrel (PLA-6)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reservations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("enhet"))
    what = models.CharField(_("åtar sig inte"), max_length=500)
    why = models.CharField(_("för att"), max_length=500)
    category = models.CharField(
        _("slag av uppgift"), max_length=12, choices=Category, default=Category.PLANNING
    )
    position = models.PositiveIntegerField(default=0)
    is_removed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("reservation")


class NeedLeft(models.TextChoices):
    """Why nobody met a need."""

    NOT_OFFERED = "not_offered", _("insatsen finns inte här")
    QUEUE = "queue", _("kön är för lång")
    NOBODY = "nobody", _("ingen part åtar sig det")
    NOT_ENTITLED = "not_entitled", _("personen har inte rätt till insatsen")
    DECLINED = "declined", _("personen tackade nej")


class UnmetNeed(InCase):
    """A need that the plan has no answer to: written down, and counted for the förbund (PLA-6)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="unmet_needs")
    life_area = models.ForeignKey(LifeArea, on_delete=models.PROTECT, verbose_name=_("livsområde"))
    what = models.CharField(_("behov som ingen möter"), max_length=500)
    why = models.CharField(_("varför"), max_length=14, choices=NeedLeft)
    category = models.CharField(_("slag av uppgift"), max_length=12, choices=Category, default=Category.NEEDS)
    position = models.PositiveIntegerField(default=0)
    is_removed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["life_area__position", "position", "id"]
        verbose_name = _("otillgodosett behov")


class OtherPlanKind(models.TextChoices):
    """Plans that stand beside this one. Pointed at, never copied (PLA-9)."""

    ACTION_PLAN = "handlingsplan", _("Arbetsförmedlingens handlingsplan")
    REHABILITATION = "rehab", _("Försäkringskassans plan för rehabilitering")
    CARE_PLAN = "vardplan", _("vårdplan")
    IMPLEMENTATION = "genomforande", _("genomförandeplan i socialtjänsten")
    LSS = "lss", _("individuell plan enligt LSS")
    EMPLOYER = "atergang", _("arbetsgivarens plan för återgång i arbete")
    STUDY = "studieplan", _("skolans studieplan")


class OtherPlan(InCase):
    """Another plan of the person's: what it is, whose, from when. No content."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="other_plans")
    kind = models.CharField(_("vilken plan?"), max_length=16, choices=OtherPlanKind)
    owner = models.CharField(_("vem har den?"), max_length=120)
    dated_on = models.DateField(_("daterad"), null=True, blank=True)
    reference = models.CharField(_("beteckning"), max_length=60, blank=True)
    category = models.CharField(
        _("slag av uppgift"), max_length=12, choices=Category, default=Category.PLANNING
    )
    position = models.PositiveIntegerField(default=0)
    is_removed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("annan plan")


class LeadTransferState(models.TextChoices):
    """Where an offered change of lead stands; derived from its instants."""

    OFFERED = "offered", _("väntar på svar")
    ACCEPTED = "accepted", _("övertagen")
    DECLINED = "declined", _("avböjd")
    TAKEN_BACK = "taken_back", _("återtagen")


LEAD_TRANSFER_TRANSITIONS = (
    Transition("", "offer_lead", LeadTransferState.OFFERED),
    Transition(LeadTransferState.OFFERED, "take_over", LeadTransferState.ACCEPTED),
    Transition(LeadTransferState.OFFERED, "decline_lead", LeadTransferState.DECLINED),
    Transition(LeadTransferState.OFFERED, "take_back_lead", LeadTransferState.TAKEN_BACK),
)


class LeadTransfer(InCase):
    """That the lead is offered to a unit at another authority, which takes over or says no.

    The old rows are never moved: the new lead opens a case of its own that continues the old one, and writes
    on from the document that was handed over to it (`disclosure`). Still one SIP (`Case.series`).
    """

    to_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("till enhet")
    )
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("att veta för den som tar över"), max_length=1000, blank=True)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.UUIDField(null=True)
    is_accepted = models.BooleanField(null=True)
    declined_why = models.CharField(_("varför inte?"), max_length=500, blank=True)
    taken_back_at = models.DateTimeField(null=True)
    to_case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("byte av ledning")
        ordering = ["-offered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(answered_at__isnull=True, taken_back_at__isnull=True),
                name="lead_offered_to_one_at_a_time",
                violation_error_message=_("Ledningen är redan erbjuden till en enhet."),
            ),
        ]
