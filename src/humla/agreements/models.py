"""What is true of a local agreement: its parties, their duties, who may start, deadlines, words and law.

Here: the data of the agreement (S3). Not here: editing it (the förbund's pages), nor the plan.
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.core.states import Transition
from humla.organisation.models import Association, Party, Profession


class AgreementState(models.TextChoices):
    """Where an agreement stands; derived from its signatures and dates, never stored."""

    UNSIGNED = "unsigned", _("väntar på underskrifter")
    IN_FORCE = "in_force", _("gäller")
    ENDED = "ended", _("har upphört")
    AHEAD = "ahead", _("börjar gälla senare")


AGREEMENT_TRANSITIONS = (
    Transition("", "sign", AgreementState.UNSIGNED),
    Transition(AgreementState.UNSIGNED, "sign", AgreementState.IN_FORCE),
    Transition(AgreementState.UNSIGNED, "sign", AgreementState.AHEAD),
    Transition(AgreementState.AHEAD, "", AgreementState.IN_FORCE),
    Transition(AgreementState.IN_FORCE, "", AgreementState.ENDED),
)


class LocalAgreement(models.Model):
    """Lokal överenskommelse: in force as soon as all its parties have signed, during its period."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="agreements")
    title = models.CharField(_("titel"), max_length=200)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    target_group = models.TextField(_("målgrupp"))
    from_age = models.PositiveSmallIntegerField(_("från ålder"), default=16)
    starts_on = models.DateField(_("gäller från"))
    ends_on = models.DateField(_("gäller till och med"))
    renewal_decided_by = models.DateField(_("förlängning beslutas senast"), null=True, blank=True)
    answer_days = models.PositiveSmallIntegerField(_("dagar att svara på en kallelse"))
    meeting_days = models.PositiveSmallIntegerField(_("dagar till möte"))
    follow_up_months = models.PositiveSmallIntegerField(_("månader mellan uppföljningar"))
    reminder_days = models.PositiveSmallIntegerField(_("dagar före påminnelse"))
    # No act gives these: they are what the parties agree on, suggested as numbers to change (domain §2.2).
    reminders = models.PositiveSmallIntegerField(_("påminnelser innan någon ringer"), default=2)
    request_days = models.PositiveSmallIntegerField(_("arbetsdagar att svara på en begäran"), default=5)
    times_days = models.PositiveSmallIntegerField(_("arbetsdagar att svara på förslag om tider"), default=3)
    input_days = models.PositiveSmallIntegerField(_("arbetsdagar före mötet som underlag behövs"), default=5)

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = _("lokal överenskommelse")
        constraints = [
            models.UniqueConstraint(
                fields=["association", "title", "version"], name="agreement_version_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="agreement_ends_after_start",
                violation_error_message=_("Överenskommelsen måste sluta efter att den börjar."),
            ),
        ]


class Duty(models.TextChoices):
    """Whether a party must come or may come. Before it has signed, every party is only invited."""

    OBLIGED = "obliged", _("kallad (ska delta)")
    INVITED = "invited", _("inbjuden (får delta)")


class AgreementParty(models.Model):
    """One party of the agreement, its duty and its signature with name in clear."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT)
    agreement = models.ForeignKey(LocalAgreement, on_delete=models.PROTECT, related_name="parties")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="agreements")
    duty = models.CharField(_("skyldighet"), max_length=10, choices=Duty)
    signed_on = models.DateField(_("underskriven"), null=True, blank=True)
    signed_by = models.CharField(_("namnförtydligande"), max_length=120, blank=True)

    class Meta:
        ordering = ["party__name"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "party"], name="agreement_party_once"),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True, signed_by="")
                | Q(signed_on__isnull=False) & ~Q(signed_by=""),
                name="agreement_signed_when_and_by",
                violation_error_message=_("En underskrift har både datum och namn."),
            ),
        ]


class InitiatingProfession(models.Model):
    """A profession that may start a SAMSIP by this agreement; the others ask somebody who may (S4)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT)
    agreement = models.ForeignKey(LocalAgreement, on_delete=models.PROTECT, related_name="initiating")
    profession = models.ForeignKey(Profession, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "profession"], name="agreement_profession_once"),
        ]


class LifeArea(models.Model):
    """A part of life that the plan looks at (livsområde), with its ICF chapter where there is one."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT)
    agreement = models.ForeignKey(LocalAgreement, on_delete=models.PROTECT, related_name="life_areas")
    name = models.CharField(_("livsområde"), max_length=80)
    icf = models.CharField(max_length=10, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["agreement", "name"], name="life_area_once")]


class NeedsGroup(models.Model):
    """A group that the förbund has chosen to look at (behovsgrupp: unga, nyanlända); never a diagnosis."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT)
    agreement = models.ForeignKey(LocalAgreement, on_delete=models.PROTECT, related_name="needs_groups")
    name = models.CharField(_("behovsgrupp"), max_length=80)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["agreement", "name"], name="needs_group_once")]


class LawReference(models.Model):
    """Which act and section a step rests on, as text that can be edited: sections move (SoL did in 2025)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT)
    agreement = models.ForeignKey(LocalAgreement, on_delete=models.PROTECT, related_name="law")
    subject = models.CharField(max_length=40)
    text = models.CharField(_("hänvisning"), max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "subject"], name="law_subject_once")]


class LegalGround(models.Model):
    """What one kind of processing rests on, as the förbund has written it: a version is added, never changed.

    A subject without a row says what the program came with (`grounds.standard`). Not tied to an agreement:
    acts move when they move, and an agreement runs for years.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="grounds")
    subject = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    text = models.CharField(_("vad det innebär"), max_length=2000)
    reference = models.CharField(_("lagrum"), max_length=500)
    written_at = models.DateTimeField()
    written_by_id = models.UUIDField()

    class Meta:
        verbose_name = _("rättslig grund")
        constraints = [
            models.UniqueConstraint(fields=["association", "subject", "version"], name="ground_version_once"),
        ]
