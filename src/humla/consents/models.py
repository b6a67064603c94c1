"""What is true of a consent: who may receive what, during which time, and how the person said so.

Here: consent to the plan being made, and consent per receiver. Not here: consent to surveys (another
record, another time), nor what has been handed over (`humla.disclosures`).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.cases.models import InCase
from humla.core.sealed_field import SealedTextField
from humla.core.states import Transition
from humla.organisation.models import Authority, Unit


class Manner(models.TextChoices):
    """How the answer was given. The law asks for no form; an oral yes says who heard it."""

    ORAL = "oral", _("muntligt")
    PAPER = "paper", _("på papper")
    EID = "eid", _("med e-legitimation")


class AnswerGiven(InCase):
    """What every answer of the person says about itself."""

    manner = models.CharField(_("hur svaret gavs"), max_length=10, choices=Manner)
    heard_by = models.CharField(_("vem hörde det?"), max_length=120, blank=True)
    language = models.CharField(_("på vilket språk?"), max_length=10, default="sv")
    with_interpreter = models.BooleanField(_("med tolk"), default=False)
    # When the person said it; none means the day it was written down. The record itself is of `given_at`.
    said_on = models.DateField(_("gavs den"), null=True, blank=True)
    given_at = models.DateTimeField()
    recorded_by_id = models.UUIDField()

    class Meta:
        abstract = True


class PlanConsent(AnswerGiven):
    """The answer to "får vi göra en plan tillsammans med dig?". A no is recorded with the same dignity."""

    agrees = models.BooleanField(_("ja till att en plan görs"))
    instead = models.CharField(_("vad händer i stället?"), max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "-given_at"], name="plan_consent_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(manner="oral") | ~Q(heard_by=""),
                name="plan_consent_oral_heard",
                violation_error_message=_("Skriv vem som hörde det muntliga svaret."),
            ),
        ]


class ConsentState(models.TextChoices):
    """Where a consent stands; derived from its instants, never stored."""

    AHEAD = "ahead", _("börjar senare")
    IN_FORCE = "in_force", _("gäller")
    ENDED = "ended", _("tiden är slut")
    WITHDRAWN = "withdrawn", _("återkallat")


CONSENT_TRANSITIONS = (
    Transition("", "give", ConsentState.IN_FORCE),
    Transition(ConsentState.IN_FORCE, "narrow", ConsentState.WITHDRAWN),
    Transition(ConsentState.IN_FORCE, "withdraw", ConsentState.WITHDRAWN),
    Transition(ConsentState.IN_FORCE, "", ConsentState.ENDED),
)


class Consent(AnswerGiven):
    """That one unit at another authority may get certain kinds of information during [starts_at, ends_at).

    Never general (10 kap. 1 § OSL): one row is one receiver. Withdrawn or narrowed at an instant; a
    narrowing withdraws this row and opens another with less in it.
    """

    receiver = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="consents_received")
    receiver_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="consents_received")
    categories = ArrayField(models.CharField(max_length=12), verbose_name=_("vad mottagaren får veta"))
    # Sealed: the receiver's connection may read the row, and what she must not be told stands here.
    exceptions = SealedTextField(_("det här får inte lämnas ut"), blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by_id = models.UUIDField(null=True, blank=True)
    narrows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="narrowed_to"
    )

    class Meta:
        verbose_name = _("samtycke")
        indexes = [models.Index(fields=["case", "receiver"], name="consent_receiver")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="consent_ends_after_start",
                violation_error_message=_("Samtycket måste sluta efter att det börjar."),
            ),
            models.CheckConstraint(
                condition=Q(categories__contains=["IDENTITY"])
                & ~Q(categories__overlap=["INTERNAL", "PROTECTED"]),
                name="consent_categories_releasable",
                violation_error_message=_("Egna anteckningar och skyddade uppgifter kan aldrig lämnas ut."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by_id__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by_id__isnull=False),
                name="consent_withdrawn_when_and_by",
            ),
            models.CheckConstraint(
                condition=~Q(manner="oral") | ~Q(heard_by=""),
                name="consent_oral_heard",
                violation_error_message=_("Skriv vem som hörde det muntliga samtycket."),
            ),
            models.CheckConstraint(
                condition=~Q(receiver=F("authority")), name="consent_to_another_authority"
            ),
        ]
