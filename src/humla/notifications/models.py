"""What is true of a notice: its kind, where it goes, when it leaves and how it went.

Here: the outbox. Not here: the words (`wording`), what carries it (`humla.ops.jobs`), nor what it tells of.
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.core.states import Transition
from humla.organisation.models import Association, Unit


class NoticeKind(models.TextChoices):
    """What a notice tells of. The words of each stand in `wording`, and name nobody."""

    SUMMONS = "summons", _("kallelse till möte")
    SUMMONS_CHANGED = "summons_changed", _("ny tid för möte")
    SUMMONS_CANCELLED = "summons_cancelled", _("inställt möte")
    DOCUMENT = "document", _("ny handling")
    LEAD_OFFERED = "lead_offered", _("fråga om att ta över ledningen")
    RECALLED = "recalled", _("återkallad handling")
    REPLY = "reply", _("svar på en handling")
    LINK_CODE = "link_code", _("engångskod")
    CONSENT_CHANGED = "consent_changed", _("ändrat samtycke")
    TIMES_OFFERED = "times_offered", _("förslag på tider")
    TIMES_WITHDRAWN = "times_withdrawn", _("tider som inte gäller längre")
    EVIDENCE_ASKED = "evidence_asked", _("fråga om underlag")
    EVIDENCE_WITHDRAWN = "evidence_withdrawn", _("underlag som inte behövs längre")
    REMINDER = "reminder", _("påminnelse")
    REQUEST_ARRIVED = "request_arrived", _("begäran om en samordnad plan")
    REQUEST_ANSWERED = "request_answered", _("svar på en begäran")
    DIGEST = "digest", _("samlat brev")


class NoticeState(models.TextChoices):
    """Where a notice stands."""

    WAITING = "waiting", _("väntar")
    SENT = "sent", _("skickat")
    FAILED = "failed", _("gick inte fram")
    CANCELLED = "cancelled", _("ångrat")


NOTICE_TRANSITIONS = (
    Transition("", "queue", NoticeState.WAITING),
    Transition(NoticeState.WAITING, "send", NoticeState.SENT),
    Transition(NoticeState.WAITING, "postpone", NoticeState.WAITING),
    Transition(NoticeState.WAITING, "give_up", NoticeState.FAILED),
    Transition(NoticeState.WAITING, "stop", NoticeState.CANCELLED),
    Transition(NoticeState.FAILED, "try_again", NoticeState.WAITING),
)


class Fault(models.TextChoices):
    """What went wrong with a letter, as a code of ours: a server's own answer may quote the address."""

    UNREACHABLE = "unreachable", _("servern svarar inte")
    SIGN_IN = "sign_in", _("inloggningen nekades")
    LATER = "later", _("servern bad oss vänta")
    REFUSED = "refused", _("brevet nekades")
    ADDRESS = "address", _("brevlådan finns inte")


class Notice(models.Model):
    """One notice to a unit's mailbox. It waits `leaves_at` out, so that the act can be taken back.

    `about_id` is the id of the summons or disclosure, for cancelling; it is in no mail.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("slag"), max_length=20, choices=NoticeKind)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateField(_("svara senast"), null=True)
    about_id = models.UUIDField()
    state = models.CharField(_("läge"), max_length=10, choices=NoticeState, default=NoticeState.WAITING)
    queued_at = models.DateTimeField()
    queued_by_id = models.UUIDField()
    leaves_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(_("fel"), max_length=40, choices=Fault, blank=True)
    """What went wrong last."""

    class Meta:
        verbose_name = _("avisering")
        indexes = [
            models.Index(fields=["leaves_at"], condition=Q(state="waiting"), name="notice_due"),
            models.Index(fields=["about_id"], name="notice_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="notice_sent_when",
            ),
            models.CheckConstraint(condition=Q(leaves_at__gte=F("queued_at")), name="notice_leaves_later"),
        ]
