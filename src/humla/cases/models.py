"""What is true of a case: about whom, held by whom, and who works in it during which time.

Here: the case and the assignments in it. Not here: what another authority may read of it
(`humla.disclosures`), nor the plan (`humla.plans`).
"""

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.core.sealed_field import SealedTextField
from humla.core.states import Transition
from humla.organisation.models import Professional, Unit
from humla.people.models import AboutPerson


class Category(models.TextChoices):
    """The kinds of information that a consent speaks of, each released by itself."""

    IDENTITY = "IDENTITY", _("vem du är och att det finns ett ärende")
    PLANNING = "PLANNING", _("vem som gör vad och när")
    NEEDS = "NEEDS", _("hur du har det och vad du behöver")
    HEALTH = "HEALTH", _("hälsa")
    ECONOMY = "ECONOMY", _("ekonomi")
    INTERNAL = "INTERNAL", _("myndighetens egna anteckningar")
    PROTECTED = "PROTECTED", _("skyddade kontaktuppgifter")


RELEASABLE = (Category.IDENTITY, Category.PLANNING, Category.NEEDS, Category.HEALTH, Category.ECONOMY)
"""What a consent can open. INTERNAL can never be released and PROTECTED overrides consent."""

CHOSEN = RELEASABLE[1:]
"""What the person chooses among; IDENTITY is implied by any yes to that receiver."""


class CaseState(models.TextChoices):
    """Where a case stands."""

    OPEN = "open", _("pågår")
    CLOSED = "closed", _("avslutat")


CASE_TRANSITIONS = (Transition("", "open_case", CaseState.OPEN),)


class Case(AboutPerson):
    """Everything around one person's plan; held by the lead authority."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases")
    reference = models.CharField(_("ärendekod"), max_length=10, unique=True)
    state = models.CharField(_("läge"), max_length=10, choices=CaseState, default=CaseState.OPEN)
    is_protected = models.BooleanField(_("skyddade personuppgifter"), default=False)
    # Sealed: a receiver's connection may read the row of the case, and this is the holder's own text.
    reason = SealedTextField(_("varför behövs en samordnad plan?"), blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    my_assignment_id: UUID | None = None
    """Not a column: the reader's own assignment in the case, fetched with it (`visibility.case_seen`)."""

    class Meta:
        verbose_name = _("ärende")
        indexes = [models.Index(fields=["authority", "-opened_at", "id"], name="case_newest")]


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
    has_clearance = models.BooleanField(default=False)
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
