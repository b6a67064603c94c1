"""What is true of a representative: who, by which mandate, how far and how long, and what is kept from her.

Here: the mandate, the key by which her own session finds it, what has been withheld from her, and whose yes
an authority asks for when the person is a child. Not here: the consents themselves (`humla.consents`).
"""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.cases.models import InCase
from humla.core.sealed_field import SealedTextField
from humla.core.states import Transition
from humla.organisation.models import Association, Authority, Professional
from humla.people.models import AboutPerson


class MandateKind(models.TextChoices):
    """What the right to act for somebody rests on."""

    GUARDIAN = "guardian", _("vårdnadshavare")
    GOD_MAN = "god_man", _("god man")
    ADMINISTRATOR = "forvaltare", _("förvaltare")
    FUTURE_POWER = "future_power", _("framtidsfullmaktshavare")
    POWER = "power", _("ombud med fullmakt")
    PERSONAL = "personal", _("personligt ombud")
    RELATIVE = "relative", _("närstående som personen har valt")


BY_LAW = (MandateKind.GUARDIAN, MandateKind.GOD_MAN, MandateKind.ADMINISTRATOR, MandateKind.FUTURE_POWER)
"""Appointed by somebody else than the person as she is now: her no does not end them, a human decides."""


class MandateState(models.TextChoices):
    """Where a mandate stands; derived from its instants, never stored."""

    AHEAD = "ahead", _("börjar senare")
    IN_FORCE = "in_force", _("gäller")
    RESTING = "resting", _("vilar: personen vill inte")
    ENDED = "ended", _("har slutat")


MANDATE_TRANSITIONS = (
    Transition("", "attest", MandateState.IN_FORCE),
    Transition("", "attest", MandateState.AHEAD),
    Transition(MandateState.AHEAD, "", MandateState.IN_FORCE),
    Transition(MandateState.AHEAD, "object_to", MandateState.RESTING),
    Transition(MandateState.AHEAD, "end", MandateState.ENDED),
    Transition(MandateState.IN_FORCE, "object_to", MandateState.RESTING),
    Transition(MandateState.RESTING, "let_stand", MandateState.IN_FORCE),
    Transition(MandateState.RESTING, "end", MandateState.ENDED),
    Transition(MandateState.RESTING, "", MandateState.ENDED),
    Transition(MandateState.IN_FORCE, "end", MandateState.ENDED),
    Transition(MandateState.IN_FORCE, "", MandateState.ENDED),
)


class Mandate(AboutPerson):
    """That somebody may act for the person towards one authority, as far as the ticks say, for a time.

    Never widened: what changes is ended, and another is attested in its place. So whatever was done with it
    can be laid beside what it said then. Each authority tests the right for itself (14 and 15 §§
    förvaltningslagen).
    """

    kind = models.CharField(_("vad är ombudet?"), max_length=14, choices=MandateKind)
    name = SealedTextField(_("ombudets namn"))
    number = SealedTextField(_("ombudets personnummer"), blank=True)
    reached_by = SealedTextField(_("så når ni ombudet"), blank=True)
    categories = ArrayField(
        models.CharField(max_length=12), verbose_name=_("vad ombudet får läsa"), default=list
    )
    may_consent = models.BooleanField(_("får lämna och ta tillbaka samtycke"), default=False)
    may_receive_summons = models.BooleanField(_("får veta när möten är"), default=False)
    may_represent_at_meeting = models.BooleanField(_("får föra personens talan på möten"), default=False)
    evidence = SealedTextField(_("vad har du sett som visar det?"))
    evidence_on = models.DateField(_("handlingens datum"), null=True, blank=True)
    attested_at = models.DateTimeField()
    attested_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    rested_at = models.DateTimeField(null=True)
    """Since when the person has said no to it. A human decides; until then it opens nothing."""
    rested_by_id = models.UUIDField(null=True)
    rested_why = SealedTextField(_("vad säger personen?"), blank=True)
    decided_why = SealedTextField(_("vad har bestämts, och varför?"), blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("uppdrag som ombud")
        indexes = [models.Index(fields=["person", "authority"], name="mandate_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="mandate_ends_after_start",
                violation_error_message=_("Uppdraget måste sluta efter att det börjar."),
            ),
            models.CheckConstraint(
                condition=~Q(categories__overlap=["INTERNAL", "PROTECTED"]),
                name="mandate_categories_releasable",
                violation_error_message=_("Egna anteckningar och skyddade uppgifter öppnas inte för ombud."),
            ),
            models.CheckConstraint(
                condition=Q(rested_at__isnull=True, rested_by_id__isnull=True)
                | Q(rested_at__isnull=False, rested_by_id__isnull=False),
                name="mandate_rested_when_and_by",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by_id__isnull=True)
                | Q(ended_at__isnull=False, ended_by_id__isnull=False),
                name="mandate_ended_when_and_by",
            ),
        ]


class MandateKey(models.Model):
    """The keyed pseudonym by which the representative's own session finds the mandate.

    Apart from `Mandate` for the same reason as `people.PersonKey`: no professional may read it. One without a
    number has no row here, and no way in: she is met on paper and by phone.
    """

    mandate = models.OneToOneField(Mandate, on_delete=models.PROTECT, primary_key=True, related_name="+")
    key = models.CharField(max_length=64, db_index=True)


class WithheldKind(models.TextChoices):
    """What can be kept from a representative although the mandate reaches it."""

    DOCUMENT = "document", _("en hel handling")
    PART = "part", _("en del av en handling")
    MEETING = "meeting", _("ett möte")


class Withheld(InCase):
    """That one thing is kept from one mandate. For a child by her maturity, else what is markedly personal.

    `subject_id` has no foreign key: documents and meetings lie above, and arrows point down. The
    representative cannot tell what is withheld from what never was.
    """

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="withheld")
    kind = models.CharField(_("vad?"), max_length=10, choices=WithheldKind)
    subject_id = models.UUIDField()
    category = models.CharField(max_length=12, blank=True)
    reason = SealedTextField(_("varför?"))
    withheld_at = models.DateTimeField()
    withheld_by_id = models.UUIDField()
    undone_at = models.DateTimeField(null=True)
    undone_by_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("undantag för ett ombud")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="part") & ~Q(category="") | ~Q(kind="part") & Q(category=""),
                name="withheld_part_has_a_category",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by_id__isnull=True)
                | Q(undone_at__isnull=False, undone_by_id__isnull=False),
                name="withheld_undone_when_and_by",
            ),
            models.UniqueConstraint(
                fields=["mandate", "kind", "subject_id", "category"],
                condition=Q(undone_at__isnull=True),
                name="withheld_once",
            ),
        ]


class Needed(models.TextChoices):
    """Whose yes is asked for."""

    CHILD = "child", _("barnet själv")
    CHILD_AND_ONE = "child_and_one", _("barnet och en vårdnadshavare")
    CHILD_AND_ALL = "child_and_all", _("barnet och alla vårdnadshavare")
    ALL = "all", _("alla vårdnadshavare, och barnets egen åsikt skrivs ner")


class Disagreement(models.TextChoices):
    """What holds when guardians answer differently."""

    NO = "no", _("det är ett nej")
    CHILD_DECIDES = "child", _("barnets eget svar gäller, om barnet får svara själv")
    ONE_IS_ENOUGH = "one", _("det räcker att en säger ja")


class GuardianPolicy(models.Model):
    """Whose yes an authority asks for when the person is under 18: a version is added, never changed.

    Practice for 15 to 17 differs and no law settles it once for all, so it is the authority's own text. One
    that has written none has what the program came with (`policy.standard`).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="guardian_policies")
    version = models.PositiveIntegerField()
    bands = models.JSONField()
    """[{"from_age": 0, "needed": "all"}, …] by age; each holds until the next begins, the last until 18."""
    if_disagree = models.CharField(_("när vårdnadshavarna svarar olika"), max_length=10, choices=Disagreement)
    starts_from = models.PositiveSmallIntegerField(_("barnet startar själv en plan från"), default=16)
    """From this age the child alone says yes to a plan being made; what others may know is still `bands`."""
    reference = models.CharField(_("vad det vilar på"), max_length=500)
    written_at = models.DateTimeField()
    written_by_id = models.UUIDField()

    class Meta:
        verbose_name = _("vem som svarar för ett barn")
        constraints = [
            models.UniqueConstraint(fields=["authority", "version"], name="guardian_policy_version_once"),
        ]


class GivenBy(models.TextChoices):
    """Who answered for the person, on every answer about consent."""

    PERSON = "person", _("personen själv")
    GUARDIAN = "guardian", _("en vårdnadshavare")
    GUARDIANS = "guardians", _("två vårdnadshavare")
    REPRESENTATIVE = "representative", _("ett ombud som får samtycka")
