"""What is true of a request for a plan: who asks whom, in which words, what was answered and why.

Here: the row. Not here: the case that it may have led to (`humla.cases`), who saw the need in that case
(`humla.cases.models.Initiation`), nor asking to read a case that there is (`humla.access`).
"""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from humla.cases.models import Case
from humla.core.sealed_field import SealedTextField
from humla.core.states import Transition
from humla.organisation.models import Association, Authority, Professional, Unit
from humla.people.models import Language


class AskedBy(models.TextChoices):
    """Who asks for a plan."""

    PERSON = "person", _("personen själv")
    RELATIVE = "relative", _("någon som hjälper personen")
    PROFESSIONAL = "professional", _("någon som arbetar hos en part")


class RequestTheme(models.TextChoices):
    """What it is about, in one word: all that another authority learns before the person has said yes."""

    WORK = "work", _("arbete eller praktik")
    STUDIES = "studies", _("studier")
    LIVELIHOOD = "livelihood", _("försörjning")
    HEALTH = "health", _("vård eller hälsa")
    HOUSING = "housing", _("boende")
    FAMILY = "family", _("familj")
    SEVERAL = "several", _("flera saker samtidigt")


class RequestState(models.TextChoices):
    """What was answered."""

    WAITING = "", _("väntar på svar")
    TAKEN = "taken", _("övertagen")
    DECLINED = "declined", _("nej")
    THROWN = "thrown", _("slängd som skräp")


REQUEST_TRANSITIONS = (
    Transition("", "ask_for_plan", "waiting"),
    Transition("waiting", "pass_on", "waiting"),
    Transition("waiting", "take_over", RequestState.TAKEN),
    Transition("waiting", "decline", RequestState.DECLINED),
    Transition("waiting", "throw", RequestState.THROWN),
    Transition(RequestState.TAKEN, "undo", "waiting"),
    Transition(RequestState.DECLINED, "undo", "waiting"),
    Transition(RequestState.THROWN, "undo", "waiting"),
    Transition(RequestState.TAKEN, "decline", RequestState.DECLINED),
)


class DeclineGround(models.TextChoices):
    """Why not. Fixed, so that it can be counted (INI-4)."""

    ONE_PARTY = "one_party", _("behovet klaras av en part")
    OTHER_PLACE = "other_place", _("en annan kommun eller region ansvarar")
    OTHER_MEETING = "other_meeting", _("ett annat slags möte är rätt")
    TARGET_GROUP = "target_group", _("utanför överenskommelsens målgrupp")
    NO_CONTACT = "no_contact", _("vi har inte fått kontakt")
    PERSON_SAYS_NO = "person_says_no", _("personen vill inte")
    PLAN_EXISTS = "plan_exists", _("det finns redan en plan")
    OTHER = "other", _("annat")


class PlanRequest(models.Model):
    """One request, at the unit that is to answer it.

    Who it is about is not known when it comes, so it points at no person. A request without account is found
    again by `code_lookup`, a keyed sum of its number and its code; the code itself is kept nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(_("nummer"), max_length=12)
    code_lookup = models.CharField(max_length=64, blank=True)
    asked_by = models.CharField(_("vem frågar?"), max_length=12, choices=AskedBy)
    asker = models.ForeignKey(Professional, on_delete=models.PROTECT, null=True, related_name="+")
    asker_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    theme = models.CharField(_("vad gäller det?"), max_length=12, choices=RequestTheme, blank=True)
    words = SealedTextField(_("med egna ord"), blank=True)
    name = SealedTextField(_("personens namn"), blank=True)
    reach = SealedTextField(_("hur personen nås"), blank=True)
    helper = SealedTextField(_("den som hjälper personen"), blank=True)
    language = models.CharField(_("språk"), max_length=10, choices=Language, blank=True)
    needs_interpreter = models.BooleanField(_("vill ha tolk"), default=False)
    may_pass_on = models.BooleanField(_("får skickas vidare till en annan part"), default=False)
    arrived_at = models.DateTimeField()
    answer_by = models.DateField(_("svar senast"))
    passed_from = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    passed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    answer = models.CharField(
        _("svar"), max_length=10, choices=RequestState, default=RequestState.WAITING, blank=True
    )
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Professional, on_delete=models.PROTECT, null=True, related_name="+")
    ground = models.CharField(_("varför inte?"), max_length=14, choices=DeclineGround, blank=True)
    why = SealedTextField(_("förklaring"), blank=True)
    instead = SealedTextField(_("vad personen kan göra i stället"), blank=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True)
    """When everything about the person was taken out of it. What is left is counted, and is about nobody."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-arrived_at"]
        verbose_name = _("begäran om en samordnad plan")
        indexes = [
            models.Index(fields=["unit", "-arrived_at"], name="plan_request_of_unit"),
            models.Index(fields=["asker", "-arrived_at"], name="plan_request_of_asker"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code_lookup"], condition=~Q(code_lookup=""), name="plan_request_code_once"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | ~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False),
                name="plan_request_answered_when",
            ),
            models.CheckConstraint(
                condition=Q(answer="declined") & ~Q(ground="") | ~Q(answer="declined") & Q(ground=""),
                name="plan_request_ground_of_a_no",
                violation_error_message=_("Ett nej har en grund."),
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=True) | Q(answer="taken"), name="plan_request_case_of_taken"
            ),
            models.CheckConstraint(
                condition=Q(asked_by="professional", asker_unit__isnull=False)
                | ~Q(asked_by="professional") & Q(asker__isnull=True, asker_unit__isnull=True),
                name="plan_request_asker_is_somebody",
            ),
        ]

    @property
    def is_waiting(self) -> bool:
        """Does somebody still wait for an answer?"""
        return self.answer == RequestState.WAITING and self.taken_back_at is None

    @property
    def is_by_professional(self) -> bool:
        """Does a colleague or another party's professional ask?"""
        return self.asked_by == AskedBy.PROFESSIONAL
