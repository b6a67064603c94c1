"""What is true of a disclosure: the frozen document, its parts by category, and the act of release.

Here: documents and acts. Not here: how a plan becomes a document (`humla.plans.document`), nor the
consent that allows the release (`humla.consents`).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.cases.models import Category, InCase
from humla.consents.models import Consent
from humla.organisation.models import Authority, Unit


class DocumentKind(models.TextChoices):
    """What has been frozen."""

    PLAN = "plan", _("plan")
    SUMMONS = "summons", _("kallelse")
    FOLLOW_UP = "follow_up", _("uppföljning")
    CLOSING = "closing", _("avslut")


class Document(InCase):
    """A frozen version; its hash covers every part, so an altered copy can be told."""

    kind = models.CharField(max_length=12, choices=DocumentKind)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "version"], name="document_version_once")
        ]


class DocumentPart(InCase):
    """What a document says in one category; the unit of release.

    Kind, version and title are copied here: a receiver reads parts without joining the document, since
    planning the policy of a join costs more than the reading.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=12, choices=DocumentKind)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    category = models.CharField(max_length=12, choices=Category)
    content = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "category"], name="part_once_per_category")
        ]


class Ground(models.TextChoices):
    """What a release rests on."""

    CONSENT = "consent", _("samtycke")
    LAW = "law", _("stöd i lag")


class Disclosure(InCase):
    """The act of handing a document over: who released which parts to whom, on which ground, when."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="disclosures")
    receiver = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="disclosures_received")
    receiver_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="disclosures_received")
    categories = ArrayField(models.CharField(max_length=12))
    ground = models.CharField(max_length=10, choices=Ground)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="disclosures")
    law = models.CharField(_("lagrum"), max_length=200, blank=True)
    disclosed_at = models.DateTimeField()
    disclosed_by_id = models.UUIDField()
    opens_at = models.DateTimeField()
    """From then on it has left; until then it can be taken back and the receiver sees nothing (SUM-10)."""
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("utlämnande")
        indexes = [
            models.Index(fields=["document", "receiver"], name="disclosure_of_document"),
            models.Index(fields=["case", "receiver"], name="disclosure_in_case"),
            models.Index(fields=["receiver_unit", "-disclosed_at"], name="disclosure_arrivals"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ground="consent", consent__isnull=False, law="")
                | Q(ground="law", consent__isnull=True) & ~Q(law=""),
                name="disclosure_has_its_ground",
                violation_error_message=_("Ett utlämnande vilar på ett samtycke eller ett lagrum."),
            ),
            models.CheckConstraint(
                condition=~Q(categories__overlap=["INTERNAL", "PROTECTED"]),
                name="disclosure_categories_releasable",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__gte=F("disclosed_at")), name="disclosure_opens_after_the_act"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__lt=F("opens_at")),
                name="disclosure_undone_before_it_left",
                violation_error_message=_("Det har redan lämnat myndigheten och kan inte ångras."),
            ),
        ]
