"""What is true of a link: which one thing it opens, until when, and whether it has been taken back.

Here: the token's hash and its subject's id. Not here: what the link shows (the concept above), nor how a
request by a link gets its context (`humla.web.door`).
"""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from humla.organisation.models import Association, Unit


class LinkSubject(models.TextChoices):
    """What a link can lead to."""

    SUMMONS = "summons", _("svar på kallelse")


class Link(models.Model):
    """A neutral link: no name, no case. Whoever holds the token may answer for the unit, in codes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    subject = models.CharField(_("leder till"), max_length=12, choices=LinkSubject)
    subject_id = models.UUIDField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("länk")
        indexes = [models.Index(fields=["subject_id"], name="link_subject")]
