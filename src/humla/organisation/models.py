"""What is true of the organisation: förbund, parties, authorities, units, and who acts for which unit.

Here: the tables and their words. Not here: what the parties have agreed (`humla.agreements`), nor who
works in a case (`humla.cases`).
"""

from uuid import uuid4

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Association(models.Model):
    """A samordningsförbund: the tenant. It finances and learns; it is not a party to anyone's plan."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(_("namn"), max_length=120)
    short_name = models.SlugField(_("kortnamn"), max_length=40, unique=True)
    contact = models.CharField(_("kontakt"), max_length=200, blank=True)


class PartyKind(models.TextChoices):
    """The kinds of party. Employers, schools and projects take part without being members."""

    EMPLOYMENT_SERVICE = "af", _("Arbetsförmedlingen")
    SOCIAL_INSURANCE = "fk", _("Försäkringskassan")
    REGION = "region", _("Region")
    MUNICIPALITY = "kommun", _("Kommun")
    SCHOOL = "skola", _("Skola")
    EMPLOYER = "arbetsgivare", _("Arbetsgivare")
    PROJECT = "projekt", _("Projekt")
    ASSOCIATION = "forbund", _("Samordningsförbundets kansli")
    OTHER = "annan", _("Annan")


class Party(models.Model):
    """A member of the förbund, or another organisation around a person."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="parties")
    kind = models.CharField(_("slag"), max_length=20, choices=PartyKind)
    name = models.CharField(_("namn"), max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["association", "name"], name="party_name_once"),
        ]


class Authority(models.Model):
    """What is bound by secrecy towards the others: a nämnd, the region, Försäkringskassan, AF.

    Each nämnd is an authority of its own, so "the kommun" is never one (8 kap. 2 § OSL).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="authorities")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="authorities")
    name = models.CharField(_("namn"), max_length=120)

    class Meta:
        ordering = ["name"]
        verbose_name = _("myndighet")
        constraints = [
            models.UniqueConstraint(fields=["party", "name"], name="authority_name_once"),
        ]


class Unit(models.Model):
    """Where people work and where letters go; a project is a unit with an end and perhaps a successor."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="units")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(_("namn"), max_length=120)
    place = models.CharField(_("ort"), max_length=80, blank=True)
    takes_on = models.CharField(_("tar emot"), max_length=300, blank=True)
    phone = models.CharField(_("telefon"), max_length=40, blank=True)
    mail = models.EmailField(_("funktionsbrevlåda"), blank=True)
    """A mailbox of the unit, not of somebody who works there; gets notices that say nothing of anybody."""
    code_phone = models.CharField(
        _("telefon för engångskoder"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^\+?\d[\d -]{6,18}$", _("Skriv ett telefonnummer, med siffror."))],
    )
    """Registered in advance: what a letter's link leads to is opened with a code that comes here."""
    ends_on = models.DateField(_("upphör"), null=True, blank=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("enhet")
        constraints = [
            models.UniqueConstraint(fields=["authority", "name"], name="unit_name_once"),
        ]


class Profession(models.Model):
    """What somebody is (socialsekreterare, arbetskonsulent, …), in the förbund's own list."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="professions")
    name = models.CharField(_("yrke"), max_length=80)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["association", "name"], name="profession_name_once"),
        ]


class Professional(models.Model):
    """Somebody who works at an authority. One human may be two professionals; they are never added up."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="professionals")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="professionals")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="professionals"
    )
    profession = models.ForeignKey(Profession, on_delete=models.PROTECT, null=True)
    name = models.CharField(_("namn"), max_length=120)
    phone = models.CharField(_("telefon"), max_length=40, blank=True)

    class Meta:
        ordering = ["name"]


class Role(models.TextChoices):
    """In which role one acts for a unit. There is no role that opens another authority's cases."""

    HANDLER = "handler", _("handläggare")
    COORDINATOR = "coordinator", _("SIP-samordnare")
    CHAMPION = "champion", _("SAMSIP-ombud")
    RECEIVER = "receiver", _("mottagare och handläggare")
    MANAGER = "manager", _("chef")
    LOG_REVIEWER = "log_reviewer", _("loggranskare")
    ASSOCIATION = "association", _("förbundets tjänsteman")
    ADMINISTRATOR = "administrator", _("administratör")


CASE_ROLES = frozenset({Role.HANDLER, Role.COORDINATOR, Role.RECEIVER, Role.MANAGER})
"""Roles that may hold or work in a case."""


class UnitAssignment(models.Model):
    """That a professional acts for a unit in a role during [starts_at, ends_at)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT)
    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(_("roll"), max_length=20, choices=Role)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="unit_assignment_ends_after_start",
                violation_error_message=_("Uppdraget måste sluta efter att det börjar."),
            ),
        ]
