"""What is true of a protected person: the marking, who is cleared for which case, and where she is reached.

Here: three tables that are written by the database's own functions alone (`walls/63_protection.sql`). Not
here: that a case and the assignments in it are protected (`humla.cases`, columns copied from the marking),
nor the second pair of eyes on a meeting's place (`humla.meetings`).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.cases.models import InCase
from humla.core.sealed_field import SealedTextField
from humla.core.secrets import PROTECTED
from humla.organisation.models import Professional, Unit
from humla.people.models import AboutPerson


class MarkingKind(models.TextChoices):
    """Why she is protected. Fingerade uppgifter is none of these: they must look like anybody's."""

    SECRECY = "secrecy", _("sekretessmarkering")
    REGISTRATION = "registration", _("skyddad folkbokföring")
    THREAT = "threat", _("hot eller våld, utan markering i folkbokföringen")


class Marking(AboutPerson):
    """That an authority's person is protected, in all of her cases there. Taken away by two."""

    kind = models.CharField(_("vad gäller?"), max_length=14, choices=MarkingKind)
    reason = SealedTextField(_("hur vet du det?"))
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    removal_reason = SealedTextField(_("varför ska skyddet tas bort?"), blank=True)
    removal_asked_at = models.DateTimeField(null=True)
    removal_asked_by = models.ForeignKey(Professional, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(Professional, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("markering om skyddade personuppgifter")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(removed_at__isnull=True), name="marked_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(removal_asked_at__isnull=True, removal_asked_by__isnull=True)
                | Q(removal_asked_at__isnull=False, removal_asked_by__isnull=False),
                name="removal_asked_when_and_by",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removal_asked_by__isnull=False, removed_by__isnull=False)
                & ~Q(removed_by=F("removal_asked_by")),
                name="marking_removed_by_two",
                violation_error_message=_("Två personer tar bort skyddet tillsammans."),
            ),
        ]


class ClearanceGround(models.TextChoices):
    """Why one is cleared."""

    MARKING = "marking", _("ansvarig när skyddet sattes")
    GIVEN = "given", _("given av chef eller ansvarig")


class Clearance(InCase):
    """That one professional may work in one protected case for one unit, until an instant.

    Held by the authority she acts for. Nobody gives it to herself; only when the marking is set does the one
    who is responsible keep the case for a week, or nobody could read it to give it to anybody.
    """

    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=8, choices=ClearanceGround)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Professional, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("behörighet till skyddat ärende")
        ordering = ["-given_at"]
        indexes = [models.Index(fields=["case", "professional"], name="clearance_in_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ground="marking") | ~Q(given_by=F("professional")),
                name="clearance_never_to_oneself",
                violation_error_message=_("Ingen ger sig själv behörighet."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("given_at")), name="clearance_ends_after_it_was_given"
            ),
        ]


class ProtectedContact(AboutPerson):
    """Where a protected person is, sealed with a key of its own: another file opens nothing of it."""

    reached_by = SealedTextField(_("så når ni personen säkert"), ring=PROTECTED, blank=True)
    phone = SealedTextField(_("telefon"), ring=PROTECTED, blank=True)
    address = SealedTextField(_("adress"), ring=PROTECTED, blank=True)
    school = SealedTextField(_("skola eller förskola"), ring=PROTECTED, blank=True)
    workplace = SealedTextField(_("arbetsplats"), ring=PROTECTED, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("skyddade kontaktuppgifter")
        constraints = [models.UniqueConstraint(fields=["person"], name="one_protected_contact")]
