"""What is true of a consent: who may receive what, during which time, and how the person said so.

Here: consent to the plan being made, and consent per receiver; the reviewed words that are read aloud, the
question put to the person herself, who must not come, the signed paper. And, as a record of its own that is
never mixed with the others, consent to be asked afterwards (CON-6). Not here: what has been handed over
(`humla.disclosures`), nor who may answer for a child or with a mandate (`humla.representatives`).
"""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.cases.models import InCase
from humla.core.sealed_field import SealedTextField
from humla.core.states import Transition
from humla.organisation.models import Association, Authority, Unit
from humla.representatives.models import GivenBy, Mandate


class WordingKind(models.TextChoices):
    """What the person is told before she answers."""

    CONSENT = "consent", _("att en enhet får veta")
    PLAN = "plan", _("att en plan görs")
    SURVEY = "survey", _("att få frågor efteråt")


class WordingState(models.TextChoices):
    """Where a text stands; derived from its days and from the versions after it."""

    UNREVIEWED = "unreviewed", _("inte granskad")
    IN_USE = "in_use", _("används")
    REPLACED = "replaced", _("ersatt")
    ENDED = "ended", _("ur bruk")


WORDING_TRANSITIONS = (
    Transition("", "write_wording", WordingState.UNREVIEWED),
    Transition(WordingState.UNREVIEWED, "review_wording", WordingState.IN_USE),
    Transition(WordingState.IN_USE, "review_wording", WordingState.REPLACED),
    Transition(WordingState.IN_USE, "end_wording", WordingState.ENDED),
)


class ConsentWording(models.Model):
    """What a yes is a yes to, word by word, in one language. A version is added, never changed.

    A consent points at the version that was read. A language is offered once somebody with a name has
    reviewed its words: a bad translation of what one agrees to is worse than Swedish with an interpreter.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="consent_wordings")
    about = models.CharField(_("gäller"), max_length=10, choices=WordingKind)
    language = models.CharField(_("språk"), max_length=10)
    version = models.PositiveIntegerField(_("version"))
    text = models.CharField(_("texten"), max_length=4000)
    written_at = models.DateTimeField()
    written_by_id = models.UUIDField(null=True)
    """None when it was loaded with the förbund."""
    reviewed_by_name = models.CharField(_("granskad av"), max_length=120, blank=True)
    reviewed_by_role = models.CharField(_("granskarens roll"), max_length=120, blank=True)
    reviewed_on = models.DateField(_("granskad den"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("samtyckestext")
        constraints = [
            models.UniqueConstraint(
                fields=["association", "about", "language", "version"], name="wording_version_once"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_on__isnull=True, reviewed_by_name="", reviewed_by_role="")
                | Q(reviewed_on__isnull=False) & ~Q(reviewed_by_name="") & ~Q(reviewed_by_role=""),
                name="wording_reviewed_by_somebody",
                violation_error_message=_("Skriv vem som har granskat texten, i vilken roll och när."),
            ),
        ]


class Manner(models.TextChoices):
    """How the answer was given. The law asks for no form; an oral yes says who heard it."""

    ORAL = "oral", _("muntligt")
    PAPER = "paper", _("på papper")
    EID = "eid", _("med e-legitimation")


class AnswerGiven(InCase):
    """What every answer of the person says about itself."""

    manner = models.CharField(_("hur svaret gavs"), max_length=10, choices=Manner)
    heard_by = models.CharField(_("vem hörde det?"), max_length=120, blank=True)
    language = models.CharField(_("på vilket språk?"), max_length=10, default="sv")
    wording = models.ForeignKey(ConsentWording, on_delete=models.PROTECT, null=True, related_name="+")
    """The words that were read, in the version they had; none when the förbund had no reviewed text."""
    with_interpreter = models.BooleanField(_("med tolk"), default=False)
    # When the person said it; none means the day it was written down. The record itself is of `given_at`.
    said_on = models.DateField(_("gavs den"), null=True, blank=True)
    given_by = models.CharField(_("vem svarade?"), max_length=14, choices=GivenBy, default=GivenBy.PERSON)
    # By which mandate somebody else answered; two when both guardians did.
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    second_mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    childs_view = SealedTextField(_("vad säger barnet självt?"), blank=True)
    given_at = models.DateTimeField()
    recorded_by_id = models.UUIDField()

    class Meta:
        abstract = True


_SAYS_FOR_WHOM = (
    Q(given_by="person", mandate__isnull=True, second_mandate__isnull=True)
    | Q(given_by__in=["guardian", "representative"], mandate__isnull=False, second_mandate__isnull=True)
    | Q(given_by="guardians", mandate__isnull=False, second_mandate__isnull=False)
    & ~Q(second_mandate=F("mandate"))
)


class PlanConsent(AnswerGiven):
    """The answer to "får vi göra en plan tillsammans med dig?". A no is recorded with the same dignity."""

    agrees = models.BooleanField(_("ja till att en plan görs"))
    instead = models.CharField(_("vad händer i stället?"), max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "-given_at"], name="plan_consent_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(manner="oral") | ~Q(heard_by=""),
                name="plan_consent_oral_heard",
                violation_error_message=_("Skriv vem som hörde det muntliga svaret."),
            ),
            models.CheckConstraint(
                condition=_SAYS_FOR_WHOM,
                name="plan_consent_by_mandate",
                violation_error_message=_("Välj vem som svarade för personen."),
            ),
        ]


class ConsentState(models.TextChoices):
    """Where a consent stands; derived from its instants, never stored."""

    AHEAD = "ahead", _("börjar senare")
    IN_FORCE = "in_force", _("gäller")
    ENDED = "ended", _("tiden är slut")
    WITHDRAWN = "withdrawn", _("återkallat")


CONSENT_TRANSITIONS = (
    Transition("", "give", ConsentState.IN_FORCE),
    Transition(ConsentState.IN_FORCE, "narrow", ConsentState.WITHDRAWN),
    Transition(ConsentState.IN_FORCE, "withdraw", ConsentState.WITHDRAWN),
    Transition(ConsentState.IN_FORCE, "", ConsentState.ENDED),
)


class Consent(AnswerGiven):
    """That one unit at another authority may get certain kinds of information during [starts_at, ends_at).

    Never general (10 kap. 1 § OSL): one row is one receiver. Withdrawn or narrowed at an instant; a
    narrowing withdraws this row and opens another with less in it.
    """

    receiver = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="consents_received")
    receiver_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="consents_received")
    categories = ArrayField(models.CharField(max_length=12), verbose_name=_("vad mottagaren får veta"))
    # Sealed: the receiver's connection may read the row, and what she must not be told stands here.
    exceptions = SealedTextField(_("det här får inte lämnas ut"), blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by_id = models.UUIDField(null=True, blank=True)
    narrows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="narrowed_to"
    )

    class Meta:
        verbose_name = _("samtycke")
        indexes = [models.Index(fields=["case", "receiver"], name="consent_receiver")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="consent_ends_after_start",
                violation_error_message=_("Samtycket måste sluta efter att det börjar."),
            ),
            models.CheckConstraint(
                condition=Q(categories__contains=["IDENTITY"])
                & ~Q(categories__overlap=["INTERNAL", "PROTECTED"]),
                name="consent_categories_releasable",
                violation_error_message=_("Egna anteckningar och skyddade uppgifter kan aldrig lämnas ut."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by_id__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by_id__isnull=False),
                name="consent_withdrawn_when_and_by",
            ),
            models.CheckConstraint(
                condition=~Q(manner="oral") | ~Q(heard_by=""),
                name="consent_oral_heard",
                violation_error_message=_("Skriv vem som hörde det muntliga samtycket."),
            ),
            models.CheckConstraint(
                condition=~Q(receiver=F("authority")), name="consent_to_another_authority"
            ),
            models.CheckConstraint(
                condition=_SAYS_FOR_WHOM,
                name="consent_by_mandate",
                violation_error_message=_("Välj vem som samtyckte för personen."),
            ),
        ]


class RequestState(models.TextChoices):
    """Where a question to the person stands; derived."""

    OPEN = "open", _("väntar på svar")
    YES = "yes", _("ja")
    NO = "no", _("nej")
    TAKEN_BACK = "taken_back", _("återtagen")
    PASSED = "passed", _("för gammal")


REQUEST_TRANSITIONS = (
    Transition("", "ask_person", RequestState.OPEN),
    Transition(RequestState.OPEN, "answer_yes", RequestState.YES),
    Transition(RequestState.OPEN, "answer_no", RequestState.NO),
    Transition("", "record_no", RequestState.NO),
    Transition(RequestState.OPEN, "take_back_request", RequestState.TAKEN_BACK),
    Transition(RequestState.OPEN, "", RequestState.PASSED),
)


class ConsentRequest(InCase):
    """A question to the person: may this unit know this, until then? And her answer.

    She answers by herself when she has signed in, or it is written down what she said. The question says
    what happens if she says no, so that the no is as informed as the yes.
    """

    receiver = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    receiver_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    categories = ArrayField(models.CharField(max_length=12), verbose_name=_("vad enheten skulle få veta"))
    ends_at = models.DateTimeField()
    # Sealed, both: words about her.
    why = SealedTextField(_("varför behöver de veta?"))
    instead = SealedTextField(_("vad händer om svaret är nej?"))
    asked_at = models.DateTimeField()
    asked_by_id = models.UUIDField()
    taken_back_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.UUIDField(null=True)
    manner = models.CharField(_("hur svaret gavs"), max_length=10, choices=Manner, blank=True)
    heard_by = models.CharField(_("vem hörde det?"), max_length=120, blank=True)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="+")
    """The yes, perhaps to less than was asked for; an answer without one is a no."""

    class Meta:
        verbose_name = _("fråga om samtycke")
        indexes = [models.Index(fields=["case", "-asked_at"], name="request_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "receiver_unit"],
                condition=Q(answered_at__isnull=True, taken_back_at__isnull=True),
                name="request_open_once",
                violation_error_message=_("Personen har redan fått frågan om den enheten."),
            ),
            models.CheckConstraint(
                condition=Q(
                    answered_at__isnull=True, answered_by_id__isnull=True, consent__isnull=True, manner=""
                )
                | Q(answered_at__isnull=False, answered_by_id__isnull=False, taken_back_at__isnull=True)
                & ~Q(manner=""),
                name="request_answered_whole",
            ),
            models.CheckConstraint(
                condition=~Q(manner="oral") | ~Q(heard_by=""),
                name="request_oral_heard",
                violation_error_message=_("Skriv vem som hörde det muntliga svaret."),
            ),
            models.CheckConstraint(
                condition=~Q(categories__overlap=["INTERNAL", "PROTECTED"]),
                name="request_categories_releasable",
            ),
            models.CheckConstraint(
                condition=~Q(receiver=F("authority")), name="request_to_another_authority"
            ),
        ]


class KeptAway(InCase):
    """Somebody whom the person does not want at her meetings: a unit, or a name. She need not say why."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enhet")
    )
    # Sealed: a named human being in somebody else's case.
    name = SealedTextField(_("namn"), null=True, blank=True)
    said_at = models.DateTimeField()
    recorded_by_id = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("ska inte vara med")
        ordering = ["said_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, name__isnull=True) | Q(unit__isnull=True, name__isnull=False),
                name="kept_away_is_somebody",
                violation_error_message=_("Välj en enhet eller skriv ett namn."),
            ),
            models.UniqueConstraint(
                fields=["case", "unit"],
                condition=Q(ended_at__isnull=True, unit__isnull=False),
                name="kept_away_once",
                violation_error_message=_("Enheten står redan på listan."),
            ),
        ]


class SurveyPurpose(models.TextChoices):
    """What the person may be asked to take part in afterwards."""

    SURVEY = "survey", _("svara på en enkät")
    DESIGN = "design", _("berätta för dem som utvecklar stödet")


class SurveyConsent(AnswerGiven):
    """The answer to "får vi höra av oss med frågor efteråt?". Never mixed with the other answers (CON-6).

    It opens nothing of the case to anybody, and a no changes nothing in the help.
    """

    purpose = models.CharField(_("till vad"), max_length=10, choices=SurveyPurpose)
    agrees = models.BooleanField(_("ja"))
    ends_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("samtycke till frågor efteråt")
        indexes = [models.Index(fields=["case", "-given_at"], name="survey_consent_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(manner="oral") | ~Q(heard_by=""),
                name="survey_consent_oral_heard",
                violation_error_message=_("Skriv vem som hörde det muntliga svaret."),
            ),
            models.CheckConstraint(
                condition=Q(agrees=True, ends_at__isnull=False)
                | Q(agrees=False, ends_at__isnull=True, withdrawn_at__isnull=True),
                name="survey_consent_yes_ends",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by_id__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by_id__isnull=False),
                name="survey_consent_withdrawn_when_and_by",
            ),
        ]


class PaperKind(models.TextChoices):
    """What a scanned paper may be; told from its content, never from its name."""

    PDF = "application/pdf", _("pdf")
    JPEG = "image/jpeg", _("foto")


class SignedPaper(InCase):
    """The signed paper, scanned: the proof of an answer that was given on paper. One of the two is set."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="papers")
    plan_consent = models.ForeignKey(PlanConsent, on_delete=models.PROTECT, null=True, related_name="papers")
    kind = models.CharField(max_length=20, choices=PaperKind)
    pages = models.PositiveSmallIntegerField(_("sidor"), default=1)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # Base64 inside the seal; null when it has been taken away.
    content = SealedTextField(null=True)
    scanned_at = models.DateTimeField()
    scanned_by_id = models.UUIDField()
    removed_at = models.DateTimeField(null=True)
    removed_by_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("inskannat papper")
        ordering = ["scanned_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(consent__isnull=False, plan_consent__isnull=True)
                | Q(consent__isnull=True, plan_consent__isnull=False),
                name="paper_of_one_answer",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by_id__isnull=True, content__isnull=False)
                | Q(removed_at__isnull=False, removed_by_id__isnull=False, content__isnull=True),
                name="paper_removed_is_empty",
            ),
        ]
