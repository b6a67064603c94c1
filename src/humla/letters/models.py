"""What is true of letters on paper: how each who is called gets hers, and which have been sent.

Here: the way and the address of one receiver in one case, and the letters that have left. Not here: which
letters wait (`visibility`: they follow from the summonses), what they say (`document`).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.agreements.models import LetterOccasion
from humla.cases.models import InCase
from humla.core.sealed_field import SealedTextField
from humla.meetings.models import Called, Summons
from humla.organisation.models import Professional, Unit

OCCASIONS = (
    LetterOccasion.CALLED,
    LetterOccasion.CHANGED,
    LetterOccasion.CANCELLED,
    LetterOccasion.REMINDER,
)
"""What a letter about a summons can say. Times to choose among are printed where they are offered."""


class Way(models.TextChoices):
    """How somebody without a mailbox gets what she is to know (PER-3)."""

    POST = "post", _("brev med posten")
    BY_HAND = "by_hand", _("brevet lämnas i handen")
    PHONE = "phone", _("vi ringer och berättar")
    PAGE = "page", _("läser själv på Min sida")
    FORWARDED = "forwarded", _("genom Skatteverkets förmedling")


class Addressee(InCase):
    """One who gets letters in a case: how, and where to. Asked for once, kept for the letters that follow."""

    called = models.CharField(_("vem"), max_length=10, choices=Called)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("namn"), max_length=120, blank=True)
    way = models.CharField(_("hur får mottagaren brevet?"), max_length=10, choices=Way)
    address = SealedTextField(_("adress"), blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("brevmottagare")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "called", "unit", "name"], nulls_distinct=False, name="addressee_once_in_case"
            ),
            models.CheckConstraint(
                condition=~Q(way="page") | Q(called="person"),
                name="addressee_page_is_hers",
                violation_error_message=_("Bara personen själv har en egen sida."),
            ),
        ]


class PaperLetter(InCase):
    """One letter about a summons that has been sent, or a reminder that somebody has asked for."""

    summons = models.ForeignKey(Summons, on_delete=models.PROTECT, related_name="letters")
    occasion = models.CharField(
        _("brev"), max_length=10, choices=[(one.value, one.label) for one in OCCASIONS]
    )
    queued_at = models.DateTimeField()
    queued_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(_("hur det lämnades"), max_length=10, choices=Way, blank=True)
    sent_on = models.DateField(_("lämnat"), null=True)
    sent_by = models.ForeignKey(Professional, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("brev")
        ordering = ["-queued_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["summons", "occasion"],
                condition=Q(withdrawn_at__isnull=True),
                name="letter_once_about_a_summons",
            ),
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True, sent_by__isnull=True, way="")
                | Q(sent_on__isnull=False, sent_by__isnull=False) & ~Q(way=""),
                name="letter_sent_when_by_and_how",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("queued_at")),
                name="letter_withdrawn_after_it_was_queued",
            ),
        ]
