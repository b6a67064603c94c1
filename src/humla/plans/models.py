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
    Transition(PlanState.ADOPTED, "settle", PlanState.CHANGED),
    Transition(PlanState.CHANGED, "adopt", PlanState.ADOPTED),
)


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
    follow_up_on = models.DateField(_("nästa uppföljning"), null=True, blank=True)
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
