"""What is true of the underlag asked for: who is asked for which kind by which day, and what each answered.

Here: the questions, the answers and a party's own view. Not here: the kinds (`meetings.models.EvidenceKind`),
nor where a question stands now (`visibility`).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from humla.cases.models import InCase
from humla.core.sealed_field import SealedTextField
from humla.core.states import Transition
from humla.meetings.models import Called, EvidenceKind, Meeting
from humla.organisation.models import Professional, Unit


class EvidenceState(models.TextChoices):
    """Where a question stands; derived from its instants, its day and the newest answer."""

    LEAVING = "leaving", _("skickas strax")
    ASKED = "asked", _("väntar på svar")
    PROMISED = "promised", pgettext_lazy("underlag", "utlovat")
    SENT = "sent", pgettext_lazy("underlag", "skickat till oss")
    LATE = "late", pgettext_lazy("underlag", "försenat")
    ARRIVED = "arrived", pgettext_lazy("underlag", "har kommit")
    REFUSED = "refused", _("kan inte lämna")
    WRONG_UNIT = "wrong_unit", _("fel enhet")
    WITHDRAWN = "withdrawn", _("behövs inte")


EVIDENCE_TRANSITIONS = (
    Transition("", "ask_all", EvidenceState.LEAVING),
    Transition(EvidenceState.LEAVING, "", EvidenceState.ASKED),
    Transition(EvidenceState.LEAVING, "withdraw", EvidenceState.WITHDRAWN),
    Transition(EvidenceState.ASKED, "", EvidenceState.LATE),
    Transition(EvidenceState.ASKED, "answer_asked", EvidenceState.SENT),
    Transition(EvidenceState.ASKED, "answer_asked", EvidenceState.PROMISED),
    Transition(EvidenceState.ASKED, "answer_asked", EvidenceState.REFUSED),
    Transition(EvidenceState.ASKED, "answer_asked", EvidenceState.WRONG_UNIT),
    Transition(EvidenceState.ASKED, "withdraw", EvidenceState.WITHDRAWN),
    Transition(EvidenceState.PROMISED, "", EvidenceState.LATE),
    Transition(EvidenceState.PROMISED, "note", EvidenceState.ARRIVED),
    Transition(EvidenceState.SENT, "note", EvidenceState.ARRIVED),
    Transition(EvidenceState.LATE, "note", EvidenceState.ARRIVED),
    Transition(EvidenceState.ARRIVED, "note", EvidenceState.ASKED),
)


class EvidenceRequest(InCase):
    """One receiver asked for one kind of underlag by a day."""

    called = models.CharField(_("vem frågas?"), max_length=10, choices=Called)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("namn"), max_length=120, blank=True)
    kind = models.CharField(_("vilket underlag?"), max_length=14, choices=EvidenceKind)
    by_when = models.DateField(_("behövs senast"))
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, related_name="evidence_requests"
    )
    where_it_lies = models.CharField(_("var det finns hos oss"), max_length=200, blank=True)
    """In the holder's own record: a binder, a file number. Nobody else reads it."""
    asked_at = models.DateTimeField()
    leaves_at = models.DateTimeField()
    asked_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("fråga om underlag")
        ordering = ["by_when", "asked_at", "id"]
        indexes = [models.Index(fields=["case", "by_when"], name="evidence_in_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(called="unit", unit__isnull=False, name="")
                | Q(called="person", unit__isnull=True, name="")
                | Q(called__in=["relative", "employer", "other"], unit__isnull=True) & ~Q(name=""),
                name="evidence_asked_of_somebody",
                violation_error_message=_("Välj vem som frågas."),
            ),
            models.CheckConstraint(
                condition=Q(leaves_at__gte=F("asked_at")), name="evidence_leaves_after_asked"
            ),
        ]


class Said(models.TextChoices):
    """What is answered; the last two only by whoever asked."""

    SENT = "sent", pgettext_lazy("svar om underlag", "har skickat det")
    PROMISED = "promised", pgettext_lazy("svar om underlag", "skickar det senare")
    REFUSED = "refused", pgettext_lazy("svar om underlag", "kan inte lämna det")
    WRONG_UNIT = "wrong_unit", pgettext_lazy("svar om underlag", "fel enhet")
    ARRIVED = "arrived", pgettext_lazy("svar om underlag", "har kommit")
    MISSING = "missing", pgettext_lazy("svar om underlag", "har inte kommit")


class RefusalCause(models.TextChoices):
    """Why somebody cannot."""

    NOT_OURS = "not_ours", _("det finns inte hos oss")
    NO_TIME = "no_time", _("vi hinner inte före mötet")
    NO_CONSENT = "no_consent", _("vi behöver personens samtycke hos oss först")
    OTHER = "other", _("annat")


class AnsweredHow(models.TextChoices):
    """How the answer came."""

    LINK = "link", _("med länken")
    SIGNED_IN = "signed_in", _("inloggad")
    NOTED = "noted", _("antecknat")


class EvidenceAnswer(InCase):
    """What was answered; the newest counts, the others stay. Codes and a day: the content is the owner's."""

    request = models.ForeignKey(EvidenceRequest, on_delete=models.PROTECT, related_name="answers")
    said = models.CharField(_("svar"), max_length=10, choices=Said)
    promised_on = models.DateField(_("kommer den"), null=True, blank=True)
    cause = models.CharField(_("varför?"), max_length=10, choices=RefusalCause, blank=True)
    how = models.CharField(_("hur svaret kom"), max_length=10, choices=AnsweredHow)
    answered_at = models.DateTimeField()
    answered_by_id = models.UUIDField()

    class Meta:
        verbose_name = _("svar om underlag")
        ordering = ["answered_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(said="promised", promised_on__isnull=False)
                | ~Q(said="promised") & Q(promised_on__isnull=True),
                name="evidence_promised_for_a_day",
                violation_error_message=_("Välj vilken dag det kommer."),
            ),
            models.CheckConstraint(
                condition=Q(said="refused") & ~Q(cause="") | ~Q(said="refused") & Q(cause=""),
                name="evidence_refused_for_a_cause",
                violation_error_message=_("Välj varför det inte går."),
            ),
        ]


class OwnView(InCase):
    """A party's own view before the meeting, in its own words (PRE-3). Another one is another row."""

    request = models.ForeignKey(EvidenceRequest, on_delete=models.PROTECT, related_name="views")
    text = SealedTextField(_("er syn inför mötet"))
    written_at = models.DateTimeField()
    written_by_id = models.UUIDField()

    class Meta:
        verbose_name = _("en parts syn inför mötet")
        ordering = ["-written_at", "id"]
