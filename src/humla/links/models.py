"""What is true of a link: which one thing it leads to, until when, and whether it has been taken back.

Here: the token's hash and its subject's id, and each time somebody asked for the code of an opening link.
Not here: what the link shows (the concept above), nor how a request by a link gets its context
(`humla.web.door`).
"""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from humla.organisation.models import Association, Unit


class LinkSubject(models.TextChoices):
    """What a link can lead to."""

    SUMMONS = "summons", _("svar på kallelse")
    DOCUMENT = "document", _("en utlämnad handling")
    TIMES = "times", _("svar på förslag om tider")
    EVIDENCE = "evidence", _("svar på en fråga om underlag")


class LinkKind(models.TextChoices):
    """What a link shows to whoever holds its token, and nothing else."""

    NEUTRAL = "neutral", _("visar inte vem det gäller")
    OPENING = "opening", _("öppnas med engångskod")


class Link(models.Model):
    """A neutral link: no name, no case. Whoever holds the token may answer for the unit, in codes.

    An opening link shows no more until a code has come to the telephone that the unit registered in advance.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    kind = models.CharField(_("slag"), max_length=8, choices=LinkKind, default=LinkKind.NEUTRAL)
    subject = models.CharField(_("leder till"), max_length=12, choices=LinkSubject)
    subject_id = models.UUIDField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("länk")
        indexes = [models.Index(fields=["subject_id"], name="link_subject")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject="document") | Q(kind="opening"), name="link_to_content_is_opening"
            ),
        ]


class LinkOpening(models.Model):
    """One code that was asked for, and the short reading that it opened.

    The code is derived from the row's own id (`tokens.code_of`) and kept as a keyed hash: ten minutes, five
    tries, once. Right, it becomes a reading of twenty minutes in one browser; that browser's token is hashed
    too.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="openings")
    code_hash = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    browser_hash = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("öppning med engångskod")
        indexes = [models.Index(fields=["link", "-asked_at"], name="opening_of_link")]
        constraints = [
            models.UniqueConstraint(
                fields=["browser_hash"], condition=~Q(browser_hash=""), name="opening_of_one_browser"
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, browser_hash="", closed_at__isnull=True)
                | Q(opened_at__isnull=False) & ~Q(browser_hash=""),
                name="opening_by_its_code",
            ),
        ]
