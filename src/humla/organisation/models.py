"""What is true of the organisation: förbund, parties, authorities, units, and who acts for which unit.

Here: the tables and their words. Not here: what the parties have agreed (`humla.agreements`), nor who
works in a case (`humla.cases`).
"""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
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
    """Where people work and where letters go; a project is a unit with an end and perhaps a successor.

    What stands here is what others need to find the right one and to reach it. That is told by those who
    work there, so it has a day when somebody last said that it is true.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="units")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(_("namn"), max_length=120)
    also_called = models.CharField(_("kallas också"), max_length=200, blank=True)
    """Everyday words that people type when they look for it: soc, psyk, kassan."""
    place = models.CharField(_("ort"), max_length=80, blank=True)
    serves = ArrayField(
        models.CharField(max_length=80), verbose_name=_("tar emot från"), default=list, blank=True
    )
    """The places whose people it takes on; none means that it does not go by place."""
    takes_on = models.CharField(_("tar emot"), max_length=300, blank=True)
    from_age = models.PositiveSmallIntegerField(_("från ålder"), null=True, blank=True)
    to_age = models.PositiveSmallIntegerField(_("till och med ålder"), null=True, blank=True)
    is_way_in = models.BooleanField(_("en väg in"), default=False)
    """Where one turns when one does not know which unit of the authority it is."""
    phone = models.CharField(_("telefon"), max_length=40, blank=True)
    phone_hours = models.CharField(_("telefontid"), max_length=120, blank=True)
    hours = models.CharField(_("öppet"), max_length=200, blank=True)
    mail = models.EmailField(_("funktionsbrevlåda"), blank=True)
    """A mailbox of the unit, not of somebody who works there; gets notices that say nothing of anybody."""
    mail_failed_at = models.DateTimeField(_("brevlådan svarade inte"), null=True, blank=True)
    """When a notice last came back for good; empty again when one has arrived."""
    code_phone = models.CharField(
        _("telefon för engångskoder"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^\+?\d[\d -]{6,18}$", _("Skriv ett telefonnummer, med siffror."))],
    )
    """Registered in advance: what a letter's link leads to is opened with a code that comes here."""
    code_phone_before = models.CharField(max_length=20, blank=True, editable=False)
    """The one that is told that codes no longer come there; its SMS leaves after the change."""
    stand_in_unit = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stands_in_for",
        verbose_name=_("enhet som svarar i stället"),
    )
    stand_in = models.CharField(_("den som svarar i stället"), max_length=120, blank=True)
    stand_in_phone = models.CharField(_("telefon till den som svarar i stället"), max_length=40, blank=True)
    owner = models.ForeignKey(
        "Professional",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_units",
        verbose_name=_("den som sköter uppgifterna"),
    )
    confirmed_at = models.DateTimeField(_("bekräftad"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        "Professional", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ends_on = models.DateField(_("upphör"), null=True, blank=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        verbose_name = _("enhet")
        constraints = [
            models.UniqueConstraint(fields=["authority", "name"], name="unit_name_once"),
            models.CheckConstraint(
                condition=Q(from_age__isnull=True) | Q(to_age__isnull=True) | Q(to_age__gte=F("from_age")),
                name="unit_ages_in_order",
                violation_error_message=_("Den lägre åldern måste stå först."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="unit_confirmed_by_somebody",
                violation_error_message=_("En bekräftelse har både dag och namn."),
            ),
            models.CheckConstraint(
                condition=Q(stand_in_unit__isnull=True) | ~Q(stand_in_unit=F("id")),
                name="unit_stands_in_for_another",
                violation_error_message=_("En enhet svarar inte i stället för sig själv."),
            ),
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
