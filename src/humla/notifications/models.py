"""What is true of a notice: its kind, where it goes, when it leaves and how it went.

Here: the outbox, who is not to be reminded any more, and how each unit wants its letters. Not here: the words
(`wording`), what carries it (`humla.ops.jobs`), when somebody is reminded (`ladder`), nor what it tells of.
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
    CODE_PHONE = "code_phone", _("ny telefon för engångskoder")


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
    OURS = "ours", _("brevet gick inte att skriva")


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
    queued_by_id = models.UUIDField(null=True)
    """Whoever acted; nobody when the clock did."""
    leaves_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(_("fel"), max_length=40, choices=Fault, blank=True)
    """What went wrong last."""
    reminds_of = models.CharField(_("påminner om"), max_length=20, choices=NoticeKind, blank=True)
    """The kind of the letter that nobody has answered: the reminder leads to the same page."""
    staff_from = models.DateField(null=True)
    """Of the last reminder: the day when somebody rings, if there still is no answer."""
    is_collected = models.BooleanField(default=False)
    """It waits for the next collected letter: the unit has asked for one a day."""
    digest = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="collected", verbose_name=_("samlat brev")
    )
    """The collected letter that it leaves in."""

    class Meta:
        verbose_name = _("avisering")
        indexes = [
            models.Index(fields=["digest"], condition=Q(digest__isnull=False), name="notice_in_digest"),
            models.Index(fields=["leaves_at"], condition=Q(state="waiting"), name="notice_due"),
            models.Index(fields=["about_id"], name="notice_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="notice_sent_when",
            ),
            models.CheckConstraint(condition=Q(leaves_at__gte=F("queued_at")), name="notice_leaves_later"),
            models.CheckConstraint(
                condition=Q(kind="reminder") & ~Q(reminds_of="") | ~Q(kind="reminder") & Q(reminds_of=""),
                name="notice_reminds_of_something",
            ),
            # Two who press at once, or the clock and somebody: one letter.
            models.UniqueConstraint(
                fields=["about_id"],
                condition=Q(kind="reminder", state="waiting"),
                name="notice_one_reminder_on_its_way",
            ),
        ]


class ReminderStop(models.Model):
    """That whoever asked has stopped the reminders of something: she takes it up herself."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    about_id = models.UUIDField()
    stopped_at = models.DateTimeField()
    stopped_by_id = models.UUIDField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("stoppade påminnelser")
        constraints = [
            models.UniqueConstraint(
                fields=["about_id"], condition=Q(ended_at__isnull=True), name="reminders_stopped_once"
            ),
        ]


class Delivery(models.Model):
    """How a unit wants its letters: each at once, or one a day with what can wait."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="+")
    is_collected = models.BooleanField(_("ett samlat brev om dagen"), default=False)
    urgent_days = models.PositiveSmallIntegerField(_("dagar"), default=5)
    """What is to be answered within so many days never waits for the collected letter."""
    chosen_at = models.DateTimeField()
    chosen_by_id = models.UUIDField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("hur enheten vill ha sina brev")
        constraints = [
            models.CheckConstraint(
                condition=Q(urgent_days__gte=1, urgent_days__lte=30),
                name="delivery_urgent_days",
                violation_error_message=_("Mellan en och trettio dagar."),
            ),
        ]
