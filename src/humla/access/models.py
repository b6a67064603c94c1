"""What is true of access: what was asked for, what a manager opened, what was reviewed, what the person asks.

Here: the rows. Not here: the looks themselves, which are the trail's (`humla.audit`), nor the consent or the
assignment that a yes leads to (`humla.consents`, `humla.cases`).
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.cases.models import Case, CaseAssignment, InCase
from humla.core.sealed_field import SealedTextField
from humla.core.states import Transition
from humla.organisation.models import Association, Authority, Professional, Unit
from humla.people.models import AboutPerson


class OpennessPolicy(models.Model):
    """What an authority has decided about being looked into: data, edited by the administrator.

    Without a row the defaults hold.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    authority = models.OneToOneField(Authority, on_delete=models.PROTECT, related_name="openness")
    names_staff = models.BooleanField(_("personen ser medarbetarens namn"), default=False)
    answer_days = models.PositiveSmallIntegerField(_("arbetsdagar att svara en person"), default=5)
    weekly_sample = models.PositiveSmallIntegerField(_("visningar att granska per vecka"), default=20)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("regler för insyn")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_days__gte=1, answer_days__lte=60),
                name="openness_answer_days",
                violation_error_message=_("Skriv ett antal arbetsdagar från 1 till 60."),
            ),
            models.CheckConstraint(
                condition=Q(weekly_sample__gte=1, weekly_sample__lte=200),
                name="openness_weekly_sample",
                violation_error_message=_("Skriv ett antal från 1 till 200."),
            ),
        ]


class AccessRequest(models.Model):
    """What somebody asked to be let in to, as she wrote it. Never changed, and the same whether there is such
    a case or not: what came to a case is another row, which the asker does not see."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(_("ärendekod"), max_length=10)
    reason = SealedTextField(_("varför behöver du läsa?"))
    asked_at = models.DateTimeField()
    closes_on = models.DateField()

    class Meta:
        verbose_name = _("begäran om åtkomst")
        indexes = [models.Index(fields=["asked_by", "-asked_at"], name="access_request_mine")]


class RequestAnswer(models.TextChoices):
    """What was answered."""

    OPEN = "", _("inget svar än")
    YES = "yes", _("ja")
    NO = "no", _("nej")


ANSWER_TRANSITIONS = (
    Transition(RequestAnswer.OPEN, "say_yes", RequestAnswer.YES),
    Transition(RequestAnswer.OPEN, "say_no", RequestAnswer.NO),
    Transition(RequestAnswer.OPEN, "person_says", RequestAnswer.NO),
    Transition(RequestAnswer.NO, "say_yes", RequestAnswer.YES),
)


class ArrivedRequest(InCase):
    """The same as it came to a case: for those who hold it and for the person, who decide."""

    request = models.ForeignKey(AccessRequest, on_delete=models.PROTECT, related_name="+")
    asking_professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    asking_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = SealedTextField(_("varför vill de läsa?"))
    arrived_at = models.DateTimeField()
    person_says = models.CharField(
        _("vad personen säger"), max_length=3, choices=RequestAnswer, default=RequestAnswer.OPEN, blank=True
    )
    person_said_at = models.DateTimeField(null=True)
    answer = models.CharField(
        _("svar"), max_length=3, choices=RequestAnswer, default=RequestAnswer.OPEN, blank=True
    )
    why = SealedTextField(_("varför inte?"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.UUIDField(null=True)

    class Meta:
        ordering = ["-arrived_at"]
        verbose_name = _("begäran om åtkomst till ett ärende")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by_id__isnull=True)
                | ~Q(answer="") & Q(answered_at__isnull=False, answered_by_id__isnull=False),
                name="arrived_request_answered_when",
            ),
            models.CheckConstraint(
                condition=Q(person_says="", person_said_at__isnull=True)
                | ~Q(person_says="") & Q(person_said_at__isnull=False),
                name="arrived_request_said_when",
            ),
        ]


class ManagerOpening(InCase):
    """That a manager opened a case of her own unit for four hours, and why. Always reviewed."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    assignment = models.ForeignKey(CaseAssignment, on_delete=models.PROTECT, related_name="+")
    reason = SealedTextField(_("varför öppnar du ärendet?"))
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = _("chefens öppning")
        indexes = [models.Index(fields=["authority", "-opened_at"], name="manager_opening_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("opened_at")), name="manager_opening_ends")
        ]


class ReviewResult(models.TextChoices):
    """What a log reviewer found."""

    IN_ORDER = "in_order", _("i sin ordning")
    NOT_IN_ORDER = "not", _("inte i sin ordning")
    ASKED = "asked", _("har frågat enheten")


class LogReview(AboutPerson):
    """What a log reviewer found about one opening or one look. Never changed: a new one is written after it,
    and the newest counts. One that only asked leaves the matter open."""

    opening = models.ForeignKey(ManagerOpening, on_delete=models.PROTECT, null=True, related_name="reviews")
    event_id = models.UUIDField(null=True)
    result = models.CharField(_("vad kom du fram till?"), max_length=10, choices=ReviewResult)
    why = SealedTextField(_("varför?"), blank=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-reviewed_at"]
        verbose_name = _("logggranskning")
        indexes = [models.Index(fields=["event_id"], name="log_review_of_event")]
        constraints = [
            models.CheckConstraint(
                condition=Q(opening__isnull=True, event_id__isnull=False)
                | Q(opening__isnull=False, event_id__isnull=True),
                name="log_review_of_one_thing",
            ),
        ]


class LookQuestion(AboutPerson):
    """The person asks about one look: it seems wrong to her. Held by the authority whose people looked."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    event_id = models.UUIDField()
    about_id = models.UUIDField()
    """The professional who looked."""
    words = SealedTextField(_("vad är det som ser fel ut?"), blank=True)
    asked_at = models.DateTimeField()
    answer_by = models.DateField(_("svar senast"))
    answer = SealedTextField(_("svar"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Professional, on_delete=models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("fråga om en visning")
        indexes = [models.Index(fields=["unit", "-asked_at"], name="look_question_of_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["event_id"],
                condition=Q(taken_back_at__isnull=True),
                name="look_question_once",
                violation_error_message=_("Du har redan frågat om den visningen."),
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="look_question_answered_when",
            ),
        ]
