"""What is true while a time is looked for: the times offered, who is asked, what each answered, how it ended.

Here: the offer, its times, those asked and their answers. Not here: the meeting that it leads to
(`humla.meetings`), which time is best (`best`), nor where an offer stands now (`visibility`).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from humla.agreements.models import Duty
from humla.cases.models import InCase
from humla.core.states import Transition
from humla.meetings.models import Called, ChangeCause, Meeting, MeetingForm, MeetingKind
from humla.organisation.models import Professional, Unit


class OfferState(models.TextChoices):
    """Where an offer stands; derived from its instants and the newest answers."""

    PERSON = "person", _("väntar på personen")
    ANSWERS = "answers", _("väntar på svar")
    ENOUGH = "enough", _("dags att välja tid")
    NOBODY = "nobody", _("ingen tid går")
    EXPIRED = "expired", _("svarstiden är slut")
    SETTLED = "settled", _("tiden är bestämd")
    WITHDRAWN = "withdrawn", _("återtaget")


OFFER_TRANSITIONS = (
    Transition("", "offer_times", OfferState.PERSON),
    Transition(OfferState.PERSON, "answer_asked", OfferState.ANSWERS),
    Transition(OfferState.PERSON, "note_answer", OfferState.ANSWERS),
    Transition(OfferState.PERSON, "note_answer", OfferState.NOBODY),
    Transition(OfferState.ANSWERS, "answer_asked", OfferState.ENOUGH),
    Transition(OfferState.ANSWERS, "answer_asked", OfferState.NOBODY),
    Transition(OfferState.ANSWERS, "", OfferState.EXPIRED),
    Transition(OfferState.NOBODY, "add_times", OfferState.PERSON),
    Transition(OfferState.EXPIRED, "add_times", OfferState.PERSON),
    Transition(OfferState.ANSWERS, "settle", OfferState.SETTLED),
    Transition(OfferState.ENOUGH, "settle", OfferState.SETTLED),
    Transition(OfferState.EXPIRED, "settle", OfferState.SETTLED),
    Transition(OfferState.PERSON, "withdraw", OfferState.WITHDRAWN),
    Transition(OfferState.ANSWERS, "withdraw", OfferState.WITHDRAWN),
    Transition(OfferState.ENOUGH, "withdraw", OfferState.WITHDRAWN),
    Transition(OfferState.NOBODY, "withdraw", OfferState.WITHDRAWN),
    Transition(OfferState.EXPIRED, "withdraw", OfferState.WITHDRAWN),
)


class CloseReason(models.TextChoices):
    """How the looking ended."""

    SETTLED = "settled", _("tiden är bestämd")
    WITHDRAWN = "withdrawn", _("återtaget")


class TimeOffer(InCase):
    """Some times for one meeting that is not yet, and what that meeting will be.

    `moves` is the planned meeting that another time is looked for; it stands until the new time is set.
    """

    kind = models.CharField(_("slag av möte"), max_length=12, choices=MeetingKind)
    minutes = models.PositiveSmallIntegerField(_("längd i minuter"), default=60)
    form = models.CharField(_("hur"), max_length=10, choices=MeetingForm, default=MeetingForm.IN_PERSON)
    place = models.CharField(_("plats"), max_length=200, blank=True)
    video_link = models.CharField(_("länk till videomötet"), max_length=300, blank=True)
    interpreter = models.CharField(_("tolk"), max_length=120, blank=True)
    purpose = models.TextField(_("varför möts vi?"), blank=True)
    answer_by = models.DateField(_("svara senast"))
    moves = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="time_offers")
    move_cause = models.CharField(_("varför flyttas mötet?"), max_length=10, choices=ChangeCause, blank=True)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    settled_meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, related_name="settled_by"
    )
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(_("hur det slutade"), max_length=10, choices=CloseReason, blank=True)

    class Meta:
        verbose_name = _("förslag på tider")
        ordering = ["-offered_at", "id"]
        indexes = [
            models.Index(fields=["case", "-offered_at"], name="time_offer_in_case"),
            models.Index(fields=["case"], condition=Q(closed_at__isnull=True), name="time_offer_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(closed_at__isnull=True),
                name="time_offer_one_open",
                violation_error_message=_("Tider är redan föreslagna för ett sådant möte."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, close_reason="")
                | Q(closed_at__isnull=False) & ~Q(close_reason=""),
                name="time_offer_closed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(close_reason="settled", settled_meeting__isnull=False)
                | ~Q(close_reason="settled") & Q(settled_meeting__isnull=True),
                name="time_offer_settled_as",
            ),
            models.CheckConstraint(
                condition=Q(moves__isnull=True, move_cause="") | Q(moves__isnull=False) & ~Q(move_cause=""),
                name="time_offer_moves_for_a_cause",
                violation_error_message=_("Välj varför mötet flyttas."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=600),
                name="time_offer_of_some_length",
                violation_error_message=_("Ett möte är mellan fem minuter och tio timmar långt."),
            ),
        ]


class Slot(InCase):
    """One time of an offer. Nobody but the person sees it until she has said that she can (`told_at`)."""

    offer = models.ForeignKey(TimeOffer, on_delete=models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField(_("tid"))
    added_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("föreslagen tid")
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "starts_at"],
                condition=Q(withdrawn_at__isnull=True),
                name="slot_once",
                violation_error_message=_("Samma tid står två gånger."),
            ),
        ]


class Invitee(InCase):
    """Somebody asked which times would do. The person is one of them, and the first to be asked.

    A unit is told when she has answered: `leaves_at`, a minute later, so that it can be undone (SUM-10).
    """

    offer = models.ForeignKey(TimeOffer, on_delete=models.PROTECT, related_name="invitees")
    called = models.CharField(_("vem frågas?"), max_length=10, choices=Called)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("namn"), max_length=120, blank=True)
    duty = models.CharField(_("kallad eller inbjuden"), max_length=10, choices=Duty)
    asked_at = models.DateTimeField()
    leaves_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("tillfrågad om tider")
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(called="unit", unit__isnull=False, name="")
                | Q(called="person", unit__isnull=True, name="")
                | Q(called__in=["relative", "employer", "other"], unit__isnull=True) & ~Q(name=""),
                name="invitee_is_somebody",
                violation_error_message=_("Välj vem som frågas."),
            ),
            models.CheckConstraint(
                condition=Q(leaves_at__isnull=True) | Q(leaves_at__gte=F("asked_at")),
                name="invitee_told_after_asked",
            ),
            models.UniqueConstraint(
                fields=["offer", "unit"],
                condition=Q(withdrawn_at__isnull=True, unit__isnull=False),
                name="invitee_once_per_unit",
            ),
            models.UniqueConstraint(
                fields=["offer"], condition=Q(called="person"), name="invitee_one_person"
            ),
        ]


class Can(models.TextChoices):
    """What somebody answers about one time, also by a neutral link."""

    YES = "yes", _("kan")
    IF_NEEDED = "if_needed", _("kan om det behövs")
    NO = "no", _("kan inte")
    WRONG_UNIT = "wrong_unit", pgettext_lazy("svar på tider", "fel enhet")


class AnsweredHow(models.TextChoices):
    """How the answer came."""

    HERSELF = "herself", _("personen själv")
    LINK = "link", _("med länken")
    SIGNED_IN = "signed_in", _("inloggad")
    NOTED = "noted", _("antecknat")


class SlotAnswer(InCase):
    """What one of those asked said of one time; the newest counts, the others stay."""

    invitee = models.ForeignKey(Invitee, on_delete=models.PROTECT, related_name="answers")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="answers")
    can = models.CharField(_("svar"), max_length=10, choices=Can)
    answered_how = models.CharField(_("hur svaret kom"), max_length=10, choices=AnsweredHow)
    answered_at = models.DateTimeField()
    answered_by_id = models.UUIDField()

    class Meta:
        verbose_name = _("svar om en tid")
        ordering = ["answered_at", "id"]
        constraints = [
            # A second answer in the same instant would leave it to chance which of them counts.
            models.UniqueConstraint(
                fields=["invitee", "slot", "answered_at"], name="slot_answer_one_at_a_time"
            ),
        ]
