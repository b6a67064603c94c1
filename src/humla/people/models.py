"""What is true of a person: one row per authority that knows her, and how she wants to be met.

Here: the person, the pseudonym of her own session, two rows said to be one human. Not here: the case
around her (`humla.cases`), nor what she has consented to (`humla.consents`).
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from humla.core.sealed_field import SealedTextField
from humla.organisation.models import Association, Authority


class NumberKind(models.TextChoices):
    """What the person is registered by."""

    PERSONNUMMER = "pnr", _("personnummer")
    SAMORDNINGSNUMMER = "snr", _("samordningsnummer")
    CODE = "code", _("tillfällig kod")


class Sex(models.TextChoices):
    """Sex as the statistics need it; never guessed from a number."""

    WOMAN = "k", _("kvinna")
    MAN = "m", _("man")
    UNSTATED = "x", _("anges inte")


class HouseholdRole(models.TextChoices):
    """The role in a household that applies together: an attribute, never the key (S4)."""

    NONE = "none", _("ingen uppgift")
    ALONE = "alone", _("ensam sökande")
    MAIN = "main", _("registerledare")
    CO_APPLICANT = "co", _("medsökande")


class Language(models.TextChoices):
    """The person's language, which travels with every letter."""

    SWEDISH = "sv", _("svenska")
    ENGLISH = "en", _("engelska")
    ARABIC = "ar", _("arabiska")
    SOMALI = "so", _("somaliska")
    UKRAINIAN = "uk", _("ukrainska")
    TIGRINYA = "ti", _("tigrinja")
    DARI = "prs", _("dari")
    FINNISH = "fi", _("finska")
    SIGN = "sgn", _("svenskt teckenspråk")
    OTHER = "other", _("annat språk")


class Person(models.Model):
    """The person in focus, as one authority knows her."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    given_name = models.CharField(_("förnamn"), max_length=80)
    family_name = models.CharField(_("efternamn"), max_length=80)
    number_kind = models.CharField(_("registrerad med"), max_length=10, choices=NumberKind)
    number = SealedTextField(_("personnummer eller samordningsnummer"), blank=True)
    number_lookup = models.CharField(max_length=64, blank=True)
    number_reason = SealedTextField(_("hur vet du vilket nummer som är rätt?"), null=True, blank=True)
    """Why the number was corrected last; null when it never was."""
    code = models.CharField(_("tillfällig kod"), max_length=12, blank=True)
    born_year = models.PositiveSmallIntegerField(_("födelseår"), null=True, blank=True)
    sex = models.CharField(_("kön"), max_length=1, choices=Sex, default=Sex.UNSTATED)
    household_role = models.CharField(
        _("roll i hushållet"), max_length=10, choices=HouseholdRole, default=HouseholdRole.NONE
    )
    language = models.CharField(_("språk"), max_length=10, choices=Language, default=Language.SWEDISH)
    needs_interpreter = models.BooleanField(_("behöver tolk"), default=False)
    communication_support = models.CharField(
        _("stöd för att förstå och bli förstådd"), max_length=300, blank=True
    )
    wants_contact_by = models.CharField(_("vill bli nådd så här"), max_length=300, blank=True)
    is_protected = models.BooleanField(_("skyddade personuppgifter"), default=False)
    """Copied from the marking that stands (`humla.protection`), so that a list never needs to ask for it."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("person")
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "number_lookup"],
                # One with protected identity stands beside: whoever is not cleared registers the number as if
                # nobody had it, and a refusal would tell that she is here.
                condition=~Q(number_lookup="") & Q(is_protected=False),
                name="person_once_per_authority",
            ),
            models.UniqueConstraint(
                fields=["authority", "code"], condition=~Q(code=""), name="person_code_once_per_authority"
            ),
            models.CheckConstraint(
                condition=Q(number_kind="code", number_lookup="") & ~Q(code="")
                | ~Q(number_kind="code") & ~Q(number_lookup="") & Q(code=""),
                name="person_has_number_or_code",
                violation_error_message=_("En person har antingen ett nummer eller en tillfällig kod."),
            ),
        ]

    @property
    def full_name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}"


class PersonKey(models.Model):
    """The keyed pseudonym by which the person's own session finds her rows in every authority.

    Apart from `Person`: no professional may read it, or two authorities could tell that they know the
    same human. So it is changed by the database's own `set_person_key()` only (an UPDATE that names its row
    must be allowed to read it). A key that has ended opens nothing.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True)
    key = models.CharField(max_length=64, db_index=True)
    ended_at = models.DateTimeField(null=True)


class PersonLink(models.Model):
    """Two rows of one authority said to be the same human: an act with an author that can be undone."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links")
    same_as = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="linked_from")
    reason = models.CharField(_("hur vet du det?"), max_length=300)
    linked_at = models.DateTimeField()
    linked_by_id = models.UUIDField()
    undone_at = models.DateTimeField(null=True)
    undone_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(undone_at__isnull=True), name="person_linked_once"
            ),
            models.CheckConstraint(condition=~Q(person=F("same_as")), name="person_not_linked_to_self"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by_id__isnull=True)
                | Q(undone_at__isnull=False, undone_by_id__isnull=False),
                name="link_undone_when_and_by",
            ),
        ]


class AboutPerson(models.Model):
    """Every row about a person says who holds it and whom it is about: what the row policies read."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
