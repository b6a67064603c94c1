"""What is true of a local agreement: its parties, their duties, who may start, deadlines, words and law.

Here: the data of the agreement (S3), also of the next version while it is a draft. Not here: what may be
done to a draft (`drafting`), reading its words (`words`), nor the plan.
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.core.states import Transition
from humla.organisation.models import Association, Party, Profession


class AgreementState(models.TextChoices):
    """Where an agreement stands; derived from its signatures and dates, never stored."""

    DRAFT = "draft", _("utkast")
    THROWN = "thrown", _("kastat utkast")
    UNSIGNED = "unsigned", _("väntar på underskrifter")
    IN_FORCE = "in_force", _("gäller")
    ENDED = "ended", _("har upphört")
    AHEAD = "ahead", _("börjar gälla senare")
    REPLACED = "replaced", _("avlöst av en senare version")


AGREEMENT_TRANSITIONS = (
    Transition("", "begin_draft", AgreementState.DRAFT),
    Transition(AgreementState.DRAFT, "throw_draft", AgreementState.THROWN),
    Transition(AgreementState.THROWN, "pick_up_draft", AgreementState.DRAFT),
    Transition(AgreementState.DRAFT, "send_for_signature", AgreementState.UNSIGNED),
    Transition(AgreementState.UNSIGNED, "take_back_draft", AgreementState.DRAFT),
    Transition("", "sign", AgreementState.UNSIGNED),
    Transition(AgreementState.UNSIGNED, "sign", AgreementState.IN_FORCE),
    Transition(AgreementState.UNSIGNED, "sign", AgreementState.AHEAD),
    Transition(AgreementState.AHEAD, "", AgreementState.IN_FORCE),
    Transition(AgreementState.IN_FORCE, "", AgreementState.ENDED),
    Transition(AgreementState.IN_FORCE, "", AgreementState.REPLACED),
)


class LocalAgreement(models.Model):
    """Lokal överenskommelse: in force as soon as all its parties have signed, during its period."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="agreements")
    title = models.CharField(_("titel"), max_length=200)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    target_group = models.TextField(_("målgrupp"))
    from_age = models.PositiveSmallIntegerField(_("från ålder"), default=16)
    starts_on = models.DateField(_("gäller från"))
    ends_on = models.DateField(_("gäller till och med"))
    renewal_decided_by = models.DateField(_("förlängning beslutas senast"), null=True, blank=True)
    answer_days = models.PositiveSmallIntegerField(_("dagar att svara på en kallelse"))
    meeting_days = models.PositiveSmallIntegerField(_("dagar till möte"))
    follow_up_months = models.PositiveSmallIntegerField(_("månader mellan uppföljningar"))
    reminder_days = models.PositiveSmallIntegerField(_("dagar före påminnelse"))
    # No act gives these: they are what the parties agree on, suggested as numbers to change (domain §2.2).
    reminders = models.PositiveSmallIntegerField(_("påminnelser innan någon ringer"), default=2)
    request_days = models.PositiveSmallIntegerField(_("arbetsdagar att svara på en begäran"), default=5)
    times_days = models.PositiveSmallIntegerField(_("arbetsdagar att svara på förslag om tider"), default=3)
    input_days = models.PositiveSmallIntegerField(_("arbetsdagar före mötet som underlag behövs"), default=5)
    # A next version that the förbund is writing: nothing rests on it, and nobody signs it, until it is sent.
    is_draft = models.BooleanField(_("utkast"), default=False, db_default=False)
    follows = models.ForeignKey(
        "self", verbose_name=_("förra versionen"), on_delete=models.PROTECT, null=True, blank=True
    )
    drafted_at = models.DateTimeField(null=True, blank=True)
    drafted_by_id = models.UUIDField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by_id = models.UUIDField(null=True, blank=True)
    thrown_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = _("lokal överenskommelse")
        constraints = [
            models.UniqueConstraint(
                fields=["association", "title", "version"], name="agreement_version_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="agreement_ends_after_start",
                violation_error_message=_("Överenskommelsen måste sluta efter att den börjar."),
            ),
            models.CheckConstraint(
                condition=Q(drafted_at__isnull=True, drafted_by_id__isnull=True, is_draft=False)
                | Q(drafted_at__isnull=False, drafted_by_id__isnull=False),
                name="agreement_drafted_when_and_by",
                violation_error_message=_("Ett utkast har både dag och den som började på det."),
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, sent_by_id__isnull=True)
                | Q(sent_at__isnull=False, sent_by_id__isnull=False, is_draft=False),
                name="agreement_sent_when_and_by",
                violation_error_message=_("Det som är skickat för underskrift är inget utkast."),
            ),
            models.CheckConstraint(
                condition=Q(thrown_at__isnull=True) | Q(is_draft=True),
                name="agreement_only_drafts_are_thrown",
                violation_error_message=_("Bara ett utkast kan kastas."),
            ),
            models.UniqueConstraint(
                fields=["association"],
                condition=Q(is_draft=True, thrown_at__isnull=True),
                name="agreement_one_draft_at_a_time",
                violation_error_message=_("Det finns redan ett utkast."),
            ),
        ]


class Duty(models.TextChoices):
    """Whether a party must come or may come. Before it has signed, every party is only invited."""

    OBLIGED = "obliged", _("kallad (ska delta)")
    INVITED = "invited", _("inbjuden (får delta)")


class AgreementParty(models.Model):
    """One party of the agreement, its duty and its signature with name in clear."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT)
    agreement = models.ForeignKey(LocalAgreement, on_delete=models.PROTECT, related_name="parties")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="agreements")
    duty = models.CharField(_("skyldighet"), max_length=10, choices=Duty)
    signed_on = models.DateField(_("underskriven"), null=True, blank=True)
    signed_by = models.CharField(_("namnförtydligande"), max_length=120, blank=True)

    class Meta:
        ordering = ["party__name"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "party"], name="agreement_party_once"),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True, signed_by="")
                | Q(signed_on__isnull=False) & ~Q(signed_by=""),
                name="agreement_signed_when_and_by",
                violation_error_message=_("En underskrift har både datum och namn."),
            ),
        ]


class InitiatingProfession(models.Model):
    """A profession that may start a SAMSIP by this agreement; the others ask somebody who may (S4)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT)
    agreement = models.ForeignKey(LocalAgreement, on_delete=models.PROTECT, related_name="initiating")
    profession = models.ForeignKey(Profession, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "profession"], name="agreement_profession_once"),
        ]


class LifeArea(models.Model):
    """A part of life that the plan looks at (livsområde), with its ICF chapter where there is one."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT)
    agreement = models.ForeignKey(LocalAgreement, on_delete=models.PROTECT, related_name="life_areas")
    name = models.CharField(_("livsområde"), max_length=80)
    icf = models.CharField(max_length=10, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["agreement", "name"], name="life_area_once")]


class NeedsGroup(models.Model):
    """A group that the förbund has chosen to look at (behovsgrupp: unga, nyanlända); never a diagnosis."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT)
    agreement = models.ForeignKey(LocalAgreement, on_delete=models.PROTECT, related_name="needs_groups")
    name = models.CharField(_("behovsgrupp"), max_length=80)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["agreement", "name"], name="needs_group_once")]


class LawReference(models.Model):
    """Which act and section a step rests on, as text that can be edited: sections move (SoL did in 2025)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT)
    agreement = models.ForeignKey(LocalAgreement, on_delete=models.PROTECT, related_name="law")
    subject = models.CharField(max_length=40)
    text = models.CharField(_("hänvisning"), max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "subject"], name="law_subject_once")]


class LetterRole(models.TextChoices):
    """Whom a letter is to: what it says differs by that, never by the person (SUM-1)."""

    PERSON = "person", _("personen")
    OBLIGED = "obliged", _("enhet som är kallad")
    INVITED = "invited", _("enhet som är inbjuden")
    RELATIVE = "relative", _("närstående")
    EMPLOYER = "employer", _("arbetsgivare")


class LetterOccasion(models.TextChoices):
    """What has happened when a letter is sent."""

    CALLED = "called", _("kallelse")
    CHANGED = "changed", _("mötet ändras")
    CANCELLED = "cancelled", _("mötet ställs in")
    REMINDER = "reminder", _("påminnelse")
    TIMES = "times", _("förslag på tider")
    MINUTES = "minutes", _("efter mötet")


class GuidanceStep(models.TextChoices):
    """The steps that somebody who does it for the first time is led through (INI-11), in order."""

    NEED = "need", _("Behov")
    CONSENT = "consent", _("Samtycke")
    PREPARATORY = "preparatory", _("Förmöte")
    TIMES = "times", _("Hitta en tid")
    SUMMONS = "summons", _("Kallelse")
    MEETING = "meeting", _("Möte")
    PLAN = "plan", _("Plan")
    FOLLOW_UP = "follow_up", _("Uppföljning")
    CLOSE = "close", _("Avslut")


class TextKind(models.TextChoices):
    """What the förbund may write in its own words (INI-7)."""

    LETTER = "letter", _("brev")
    GUIDANCE = "guidance", _("vägledning")
    QUESTION = "question", _("frågor om SIP är rätt")


class AgreementText(models.Model):
    """One part of a text as the förbund has written it; without a row, the program's own is read (`words`).

    A letter in another language than Swedish is read to nobody until somebody with a name has reviewed it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT)
    agreement = models.ForeignKey(LocalAgreement, on_delete=models.PROTECT, related_name="texts")
    kind = models.CharField(max_length=10, choices=TextKind)
    key = models.CharField(max_length=40)
    language = models.CharField(max_length=12, default="sv")
    part = models.CharField(max_length=12)
    text = models.CharField(max_length=2000)
    reviewed_by = models.CharField(_("granskad av"), max_length=120, blank=True)
    reviewed_on = models.DateField(_("granskad den"), null=True, blank=True)

    class Meta:
        verbose_name = _("förbundets egen text")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "kind", "key", "language", "part"], name="agreement_text_once"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_on__isnull=True, reviewed_by="")
                | Q(reviewed_on__isnull=False) & ~Q(reviewed_by=""),
                name="agreement_text_reviewed_when_and_by",
                violation_error_message=_("En granskning har både dag och namn."),
            ),
        ]


class LegalGround(models.Model):
    """What one kind of processing rests on, as the förbund has written it: a version is added, never changed.

    A subject without a row says what the program came with (`grounds.standard`). Not tied to an agreement:
    acts move when they move, and an agreement runs for years.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="grounds")
    subject = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    text = models.CharField(_("vad det innebär"), max_length=2000)
    reference = models.CharField(_("lagrum"), max_length=500)
    written_at = models.DateTimeField()
    written_by_id = models.UUIDField()

    class Meta:
        verbose_name = _("rättslig grund")
        constraints = [
            models.UniqueConstraint(fields=["association", "subject", "version"], name="ground_version_once"),
        ]
