"""What is true of a case: about whom, held by whom, who started it, and who works in it during which time.

Here: the case, the assignments in it, its handovers and a unit's own notes beside it. Not here: what
another authority may read of it (`humla.disclosures`), the meetings, the plan.
"""

from datetime import date
from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.agreements.models import NeedsGroup
from humla.core.sealed_field import SealedTextField
from humla.core.states import Transition
from humla.organisation.models import Profession, Professional, Unit
from humla.people.models import AboutPerson, Sex


class Category(models.TextChoices):
    """The kinds of information that a consent speaks of, each released by itself.

    One word each, the same for the person, on a box, over a column and as a chapter; what it holds is said
    in a sentence beside it (`humla.consents.wording.MEANS`).
    """

    IDENTITY = "IDENTITY", _("Person")
    PLANNING = "PLANNING", _("Planering")
    NEEDS = "NEEDS", _("Behov")
    HEALTH = "HEALTH", _("Hälsa")
    ECONOMY = "ECONOMY", _("Ekonomi")
    INTERNAL = "INTERNAL", _("Anteckningar")
    PROTECTED = "PROTECTED", _("Skyddat")


RELEASABLE = (Category.IDENTITY, Category.PLANNING, Category.NEEDS, Category.HEALTH, Category.ECONOMY)
"""What a consent can open. INTERNAL can never be released and PROTECTED overrides consent."""

CHOSEN = RELEASABLE[1:]
"""What the person chooses among; IDENTITY is implied by any yes to that receiver."""


class CaseState(models.TextChoices):
    """Where a case stands. Resting is derived from its day, so that it comes back by itself."""

    OPEN = "open", _("pågår")
    RESTING = "resting", _("vilar")
    MOVED = "moved", _("ledningen är överlämnad")
    CLOSED = "closed", _("avslutat")


CASE_TRANSITIONS = (
    Transition("", "open_case", CaseState.OPEN),
    Transition(CaseState.OPEN, "rest", CaseState.RESTING),
    Transition(CaseState.RESTING, "wake", CaseState.OPEN),
    Transition(CaseState.RESTING, "", CaseState.OPEN),
    Transition(CaseState.OPEN, "take_over", CaseState.MOVED),
    Transition(CaseState.OPEN, "close", CaseState.CLOSED),
    Transition(CaseState.RESTING, "close", CaseState.CLOSED),
    Transition(CaseState.CLOSED, "reopen", CaseState.OPEN),
)


class Initiator(models.TextChoices):
    """Who saw the need and asked for the plan; another than the one who opens the case, often (S4)."""

    PROFESSIONAL = "professional", _("någon som arbetar hos en part")
    PERSON = "person", _("personen själv")
    RELATIVE = "relative", _("en närstående")


class Case(AboutPerson):
    """Everything around one person's plan; held by the lead authority."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases")
    reference = models.CharField(_("ärendekod"), max_length=10, unique=True)
    series = models.UUIDField(default=uuid4, editable=False)
    """The same for every case that continues another under a new lead: one SIP in the statistics (INI-9)."""
    continues = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="continued_by")
    state = models.CharField(_("läge"), max_length=10, choices=CaseState, default=CaseState.OPEN)
    resting_until = models.DateField(_("vilar till"), null=True, blank=True)
    resting_reason = SealedTextField(_("varför vilar det?"), blank=True)
    is_protected = models.BooleanField(_("skyddade personuppgifter"), default=False)
    # Sealed: a receiver's connection may read the row of the case, and this is the holder's own text.
    reason = SealedTextField(_("varför behövs en samordnad plan?"), blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    my_assignment_id: UUID | None = None
    """Not a column: the reader's own assignment in the case, fetched with it (`visibility.case_seen`)."""

    class Meta:
        verbose_name = _("ärende")
        indexes = [
            models.Index(fields=["authority", "-opened_at", "id"], name="case_newest"),
            models.Index(fields=["series"], name="case_series"),
            models.Index(fields=["association"], name="case_protected", condition=Q(is_protected=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(state="resting"), name="case_resting_is_derived"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | ~Q(state="open") & Q(closed_at__isnull=False),
                name="case_closed_when",
            ),
        ]

    def state_on(self, day: date) -> CaseState:
        """Where it stands on a day: an open case that rests until later is resting."""
        if self.state == CaseState.OPEN and self.resting_until and self.resting_until > day:
            return CaseState.RESTING
        return CaseState(self.state)


class InCase(AboutPerson):
    """A row that belongs to a case. `person` and `authority` are copied from it for the row policies."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class CaseRole(models.TextChoices):
    """What one is in a case. It always has exactly one responsible in the authority that holds it."""

    RESPONSIBLE = "responsible", _("ansvarig")
    MEMBER = "member", _("deltar")
    READER = "reader", _("läser planen")


class CaseAssignment(InCase):
    """That a professional works in a case for a unit during [starts_at, ends_at): the fact of the rule.

    Held by the authority that she acts for. Every row policy reads it, so its own refers to nothing but
    the context and its own columns; `is_protected` is copied from the case for that reason.
    """

    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="case_assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("roll i ärendet"), max_length=12, choices=CaseRole)
    is_protected = models.BooleanField(default=False)
    cleared_until = models.DateTimeField(null=True)
    """While the case is protected: until when she is cleared for it (copied from `humla.protection`)."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    assigned_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["case", "professional"], name="assignment_in_case"),
            models.Index(fields=["professional", "ends_at"], name="assignment_of_professional"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="case_assignment_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["case", "professional", "unit"],
                condition=Q(ends_at__isnull=True),
                name="case_assignment_open_once",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(ends_at__isnull=True, role="responsible"),
                name="case_has_one_responsible",
                violation_error_message=_("Ett ärende har en ansvarig i taget."),
            ),
        ]


class Initiation(InCase):
    """How a case came to be: who saw the need and when. The figures are counted from these (STA-1).

    Beside the case and not in it: a receiver's connection may read the row of the case, and none of this is
    a receiver's. One row, written with the case; what was wrong in it can be corrected.
    """

    need_seen_on = models.DateField(_("när märktes behovet?"), null=True, blank=True)
    initiator = models.CharField(
        _("vem tog initiativet?"), max_length=12, choices=Initiator, default=Initiator.PROFESSIONAL
    )
    initiator_profession = models.ForeignKey(
        Profession, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("yrke")
    )
    initiator_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enhet")
    )
    via_coordinator = models.BooleanField(_("via SIP-samordnaren"), default=False)
    needs_group = models.ForeignKey(
        NeedsGroup, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("behovsgrupp")
    )
    # As they were when the case was opened: what is counted is the event (STA-1).
    sex_then = models.CharField(max_length=1, choices=Sex, default=Sex.UNSTATED)
    age_then = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("initiering")
        constraints = [
            models.UniqueConstraint(fields=["case"], name="initiation_once"),
            models.CheckConstraint(
                condition=~Q(initiator="professional") | Q(initiator_profession__isnull=False),
                name="initiation_says_which_profession",
                violation_error_message=_("Välj yrket hos den som tog initiativet."),
            ),
        ]


class Handover(InCase):
    """That the responsibility went from one to another, with a word on the way. Still one case (INI-9)."""

    from_professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    to_professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    note = SealedTextField(_("att veta för den som tar över"), blank=True)
    handed_over_at = models.DateTimeField()
    handed_over_by_id = models.UUIDField()

    class Meta:
        ordering = ["-handed_over_at"]
        verbose_name = _("överlämning")


class NoteStage(models.TextChoices):
    """What an own note stands beside."""

    PREPARATION = "preparation", _("förberedelsen")
    MEETING = "meeting", _("mötet")
    PLAN = "plan", _("planen")
    FOLLOW_UP = "follow_up", _("uppföljningen")


class Note(InCase):
    """A unit's own working note beside the case, never released to anybody (MEE-7).

    Held by the writer's authority and read by those of her unit who work in the case. A working note is no
    record until it is filed (2 kap. 12 § TF): what the person has a right to read belongs in the plan.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(_("bredvid"), max_length=12, choices=NoteStage, default=NoteStage.MEETING)
    text = SealedTextField(_("anteckning"))
    written_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    is_removed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-written_at"]
        verbose_name = _("egen anteckning")
