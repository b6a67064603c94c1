"""Accounts, the identities that open them, and the sessions they have open.

Lives here: three tables without a name, a number or a claim in them. Not here: professionals and their
assignments (organisation), persons (people), how an identity is proved (`evidence.py`).

The tables are open to the web process, with a reason: they hold random ids and keyed hashes only, and
without them nobody could become anybody.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

_HASH = r"^[0-9a-f]{64}$"


class Account(models.Model):
    """One way into Humla. The same human with two e-legitimations has two; nothing is joined by e-mail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_active = models.BooleanField(_("öppet"), default=True)
    #: `core.secrets.person_key` of the number the issuer vouched for last; empty when it gave none.
    person_key = models.CharField(max_length=64, blank=True, default="", editable=False)

    # What Django asks of a user model. There is no password, no user name and no permission to look up.
    USERNAME_FIELD: ClassVar[str] = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_anonymous = False
    is_authenticated = True

    class Meta:
        verbose_name = _("konto")
        verbose_name_plural = _("konton")
        constraints = [
            models.CheckConstraint(
                name="account_person_key_is_a_hash", condition=Q(person_key="") | Q(person_key__regex=_HASH)
            ),
        ]

    def __str__(self) -> str:
        # USERNAME_FIELD is a UUID, and allauth wants a string of everybody.
        return str(self.id)


class Identity(models.Model):
    """An issuer's name for somebody: the pair is the identity, a subject alone means nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(_("utfärdare"), max_length=255)
    subject = models.CharField(_("beteckning hos utfärdaren"), max_length=255)
    seal = models.CharField(max_length=64, editable=False)  # tokens.identity_seal

    class Meta:
        verbose_name = _("identitet")
        verbose_name_plural = _("identiteter")
        constraints = [
            models.UniqueConstraint(
                name="identity_is_one_account",
                fields=["issuer", "subject"],
                violation_error_message=_("Identiteten hör redan till ett konto."),
            ),
            models.CheckConstraint(name="identity_is_whole", condition=~Q(issuer="") & ~Q(subject="")),
        ]


class Session(models.Model):
    """A signed-in browser, and what its holder acts as just now."""

    class Kind(models.TextChoices):
        """The context the session opens (design: the eight contexts; link, public and system have none)."""

        NONE = "none", _("har inte valt")
        PROFESSIONAL = "professional", _("handläggare")
        PERSON = "person", _("privatperson")
        REPRESENTATIVE = "representative", _("ombud")
        FORBUND = "forbund", _("förbundet")
        ADMIN = "admin", _("administratör")

    token_hash = models.CharField(primary_key=True, max_length=64, editable=False)
    seal = models.CharField(max_length=64, editable=False)  # tokens.session_seal
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    level = models.CharField(_("tillitsnivå"), max_length=20)
    kind = models.CharField(_("inloggad som"), max_length=20, choices=Kind.choices, default=Kind.NONE)
    #: The active UnitAssignment. No foreign key: organisation lies above accounts, and arrows point down.
    assignment_id = models.UUIDField(null=True, blank=True)
    #: The mandate that a representative acts by. No foreign key either.
    mandate_id = models.UUIDField(null=True, blank=True)
    person_key = models.CharField(max_length=64, blank=True, default="")
    language = models.CharField(_("språk"), max_length=20, blank=True, default="")
    started_at = models.DateTimeField(_("inloggad"))
    seen_at = models.DateTimeField(_("senast sedd"))
    #: Half-open: at this very instant the session is over. Signing out moves it to now.
    ends_at = models.DateTimeField(_("slutar"))

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessioner")
        constraints = [
            models.CheckConstraint(name="session_token_is_a_hash", condition=Q(token_hash__regex=_HASH)),
            models.CheckConstraint(
                name="session_kind_is_known",
                condition=Q(
                    kind__in=["none", "professional", "person", "representative", "forbund", "admin"]
                ),
            ),
            models.CheckConstraint(
                name="session_professional_has_an_assignment",
                condition=~Q(kind="professional") | Q(assignment_id__isnull=False),
            ),
            models.CheckConstraint(
                name="session_acts_as_one_thing",
                condition=~Q(kind__in=["none", "person", "representative"]) | Q(assignment_id__isnull=True),
            ),
            models.CheckConstraint(
                name="session_representative_has_a_mandate",
                condition=Q(kind="representative", mandate_id__isnull=False)
                | ~Q(kind="representative") & Q(mandate_id__isnull=True),
            ),
            models.CheckConstraint(
                name="session_person_key_is_the_persons",
                condition=Q(kind="person", person_key__regex=_HASH)
                | Q(kind="representative")
                | (~Q(kind="person") & Q(person_key="")),
            ),
        ]
