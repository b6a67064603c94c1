"""What is true of a consultation: who asked, about what, what was answered, what it led to.

Here: the coordinator's own record. Not here: the case that it may have led to, which is pointed at.
"""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from humla.cases.models import Case
from humla.core.sealed_field import SealedTextField
from humla.organisation.models import Association, Authority, Profession, Professional, Unit


class Theme(models.TextChoices):
    """What was asked about."""

    IS_SIP_RIGHT = "is_sip_right", _("är SIP rätt?")
    EVIDENCE = "evidence", _("underlag från vården")
    BENEFIT = "benefit", _("annan ersättning")
    ADAPTATION = "adaptation", _("anpassning i arbete")
    CONTACT = "contact", _("vem ska kontaktas?")
    HOLDING = "holding", _("hålla i ett möte")
    OTHER = "other", _("annat")


class ConsultationResult(models.TextChoices):
    """What it led to."""

    SIP = "sip", _("SIP")
    ADVICE = "advice", _("råd")
    EVIDENCE = "evidence", _("underlag hämtas in")
    OTHER_SUPPORT = "other_support", _("annan insats")


class ConsultationForm(models.TextChoices):
    """How it was held."""

    IN_PERSON = "in_person", _("på plats")
    PHONE = "phone", _("telefon")
    VIDEO = "video", _("video")
    MAIL = "mail", _("skriftligt")


class Consultation(models.Model):
    """One consultation, held by the coordinator's authority. It names nobody, or is tied to a case."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField(_("dag"))
    asker = models.ForeignKey(
        Professional,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("vem frågade?"),
    )
    asker_profession = models.ForeignKey(
        Profession, on_delete=models.PROTECT, related_name="+", verbose_name=_("yrke")
    )
    asker_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("enhet"))
    theme = models.CharField(_("vad gällde det?"), max_length=14, choices=Theme)
    form = models.CharField(_("hur"), max_length=10, choices=ConsultationForm)
    result = models.CharField(_("resultat"), max_length=14, choices=ConsultationResult)
    advice = SealedTextField(_("råd, utan att nämna någon"), blank=True)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="consultations"
    )
    registered_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    is_removed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("konsultation")
        ordering = ["-held_on", "-registered_at"]
        indexes = [models.Index(fields=["unit", "-held_on"], name="consultation_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=True) | Q(result="sip"), name="consultation_with_case_led_to_sip"
            ),
        ]
