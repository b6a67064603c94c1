"""What is true of a disclosure: the frozen document, its parts by category, the act of release, the copy.

Here: documents, acts, and what lies in the receiver's own record afterwards. Not here: how a plan becomes a
document (`humla.plans.document`), nor the consent that allows the release (`humla.consents`).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.cases.models import Category, InCase
from humla.consents.models import Consent
from humla.core.sealed_field import SealedTextField
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


class RecallCause(models.TextChoices):
    """Why something that was handed over is taken back. A code: the wrong receiver reads it too."""

    RECEIVER = "receiver", _("den gick till fel enhet")
    CONTENT = "content", _("innehållet var fel")


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
    received_at = models.DateTimeField(null=True)
    """The receiver's receipt. It stays when the receiver has archived its copy, and when this is recalled."""
    received_by_id = models.UUIDField(null=True)
    recalled_at = models.DateTimeField(null=True)
    recalled_by_id = models.UUIDField(null=True)
    recalled_why = models.CharField(_("varför?"), max_length=10, choices=RecallCause, blank=True)

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
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, received_by_id__isnull=True)
                | Q(received_at__isnull=False, received_by_id__isnull=False, received_at__gte=F("opens_at")),
                name="disclosure_received_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(recalled_at__isnull=True, recalled_by_id__isnull=True, recalled_why="")
                | Q(recalled_at__isnull=False, recalled_by_id__isnull=False, undone_at__isnull=True)
                & ~Q(recalled_why="")
                & Q(recalled_at__gte=F("opens_at")),
                name="disclosure_recalled_when_left",
                violation_error_message=_("Det som inte har lämnat ångras. Det återkallas inte."),
            ),
        ]


class ReceivedCopy(InCase):
    """What a unit was given, in its own record: held by the receiver until it has archived it itself.

    What was lawfully received needs no exception in the rule: when the consent ends the live pages close,
    and this stays. It is laid by the owner of the tables (`lay_copy` in the walls) from the frozen parts, so
    neither side can write in it. Emptied when it is recalled or archived; the receipt is the act's.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="copy")
    giver = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    giver_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(_("ärendekod"), max_length=10)
    kind = models.CharField(max_length=12, choices=DocumentKind)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    parts = models.JSONField()
    """What each category says, by category."""
    opens_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    archived_by_id = models.UUIDField(null=True)
    archive_reference = models.CharField(_("er beteckning"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("mottagen handling")
        indexes = [
            models.Index(fields=["unit", "-opens_at", "id"], name="copy_newest"),
            models.Index(fields=["case"], name="copy_in_case"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(archived_at__isnull=True, archived_by_id__isnull=True, archive_reference="")
                | Q(archived_at__isnull=False, archived_by_id__isnull=False, parts={})
                & ~Q(archive_reference=""),
                name="copy_archived_is_emptied",
                violation_error_message=_("Skriv var ni har arkiverat handlingen."),
            ),
        ]


class Reply(InCase):
    """What a unit without an account wrote back about what it read with a code; held by the giver."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="replies")
    text = SealedTextField(_("ert svar"))
    written_at = models.DateTimeField()
    link_id = models.UUIDField()

    class Meta:
        verbose_name = _("svar på en handling")
        ordering = ["written_at", "id"]
