"""What happens to sessions: opened, given something to act as, ended.

Lives here: the only code that writes the three tables. Not here: looking a session up on every request
(the database's `enter()`), which assignments there are (`signin_assignments()` and `signin_choose()`, written
with the other walls because they look across concepts), the cookie (web).
"""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from humla.accounts import tokens
from humla.accounts.evidence import Proof, Reason, SignInRefused
from humla.accounts.models import Account, Identity, Session
from humla.core import dates


@dataclass(frozen=True, slots=True)
class OfferedAssignment:
    """One unit assignment that the account's holder can act in."""

    assignment_id: uuid.UUID
    professional_name: str
    unit_name: str
    authority_name: str
    association_name: str
    role: str


@dataclass(frozen=True, slots=True)
class OfferedMandate:
    """Somebody whom the account's holder may act for. `kind` is what the mandate rests on."""

    mandate_id: uuid.UUID
    kind: str
    given_name: str
    family_name: str
    authority_name: str

    @property
    def person_name(self) -> str:
        """Whom it is for."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a session can act as."""

    assignments: list[OfferedAssignment] = field(default_factory=list)
    as_person: bool = False
    #: The one it acts as now: an assignment's or a mandate's id, "person", or nothing.
    acting_as: str = ""
    mandates: list[OfferedMandate] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.assignments) + self.as_person + len(self.mandates)


@transaction.atomic
def sign_in(proof: Proof, *, language: str, replacing: str = "") -> str:
    """Open a session for who the proof is about; returns its token, which is written down nowhere.

    Always a new token, and the browser's former session ends: a token planted before the sign-in is worthless
    after it.
    """
    account = _account_of(proof)
    if not account.is_active:
        raise SignInRefused(Reason.CLOSED)
    _remember_person_key(account, proof)
    if replacing:
        end_session(replacing)
    token = tokens.new_token()
    now = dates.transaction_now(connection)
    Session.objects.create(
        token_hash=tokens.hash_of(token),
        seal=tokens.session_seal(tokens.hash_of(token), account.pk, account.person_key),
        account=account,
        level=proof.level,
        language=language,
        started_at=now,
        seen_at=now,
        ends_at=now + settings.SIGNIN_SESSION_LENGTH,
    )
    return token


def choices(token: str) -> Choices:
    """What the holder of a running session can act as."""
    token_hash = tokens.hash_of(token)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT assignment_id, professional_name, unit_name, authority_name, association_name, role"
            " FROM signin_assignments(%s) ORDER BY authority_name, unit_name, role",
            [token_hash],
        )
        assignments = [OfferedAssignment(*row) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT mandate_id, kind, given_name, family_name, authority_name FROM signin_mandates(%s)",
            [token_hash],
        )
        mandates = [OfferedMandate(*row) for row in cursor.fetchall()]
    session = _running(token).select_related("account").first()
    if session is None or not session.account.is_active:
        return Choices()
    return Choices(assignments, bool(session.account.person_key), _acting_as(session), mandates)


def choose_assignment(token: str, assignment_id: uuid.UUID) -> bool:
    """Act in one assignment from now on. No when it is not the account's own, or has ended."""
    return _answered_yes("SELECT signin_choose(%s, %s)", [tokens.hash_of(token), assignment_id])


def choose_person(token: str) -> bool:
    """Act as the private person the number points at. No when the issuer gave no number."""
    return _answered_yes("SELECT signin_choose_person(%s)", [tokens.hash_of(token)])


def choose_mandate(token: str, mandate_id: uuid.UUID) -> bool:
    """Act for somebody else, by one mandate. No when it is not the account's own, or opens nothing now."""
    return _answered_yes("SELECT signin_choose_mandate(%s, %s)", [tokens.hash_of(token), mandate_id])


def choose_the_only(token: str) -> bool:
    """When there is only one thing to act as, nobody should have to choose it."""
    offered = choices(token)
    if len(offered) != 1:
        return False
    if offered.as_person:
        return choose_person(token)
    if offered.mandates:
        return choose_mandate(token, offered.mandates[0].mandate_id)
    return choose_assignment(token, offered.assignments[0].assignment_id)


@transaction.atomic
def end_session(token: str) -> bool:
    """Sign out one browser. No when it was already out."""
    return _running(token).update(ends_at=dates.transaction_now(connection)) == 1


@transaction.atomic
def end_other_sessions(account_id: uuid.UUID, *, token: str, name: str = "") -> int:
    """End the account's sessions in other browsers, or the one of that name; returns how many ended."""
    at = dates.transaction_now(connection)
    others = Session.objects.filter(account=account_id, ends_at__gt=at).exclude(
        token_hash=tokens.hash_of(token)
    )
    return others.filter(token_hash__startswith=name).update(ends_at=at)


@transaction.atomic
def end_sessions_of(account_id: uuid.UUID) -> int:
    """End all of an account's sessions, whatever they act as: any of them could change to something else."""
    at = dates.transaction_now(connection)
    return Session.objects.filter(account=account_id, ends_at__gt=at).update(ends_at=at)


def forget_ended_sessions() -> int:
    """Delete sessions that ended more than thirty days ago; returns how many."""
    long_ago = dates.transaction_now(connection) - timedelta(days=30)
    deleted, _by_model = Session.objects.filter(ends_at__lt=long_ago).delete()
    return deleted


def _running(token: str) -> QuerySet[Session]:
    """The session of a token, while it lasts. Whether it has been idle too long, `enter()` says."""
    return Session.objects.filter(
        token_hash=tokens.hash_of(token), ends_at__gt=dates.transaction_now(connection)
    )


def _acting_as(session: Session) -> str:
    if session.kind == Session.Kind.PERSON:
        return "person"
    return str(session.assignment_id or session.mandate_id or "")


def _account_of(proof: Proof) -> Account:
    known = Identity.objects.select_related("account").filter(issuer=proof.issuer, subject=proof.subject)
    if identity := known.first():
        if identity.seal != tokens.identity_seal(proof.issuer, proof.subject, identity.account_id):
            raise SignInRefused(Reason.CLOSED, "the identity row is not ours")
        return identity.account
    try:
        with transaction.atomic():
            account = Account.objects.create()
            seal = tokens.identity_seal(proof.issuer, proof.subject, account.pk)
            Identity.objects.create(account=account, issuer=proof.issuer, subject=proof.subject, seal=seal)
            return account
    except IntegrityError:  # the same person's other tab came first: her row is asked like any other
        return _account_of(proof)


def _remember_person_key(account: Account, proof: Proof) -> None:
    """What the issuer vouches for now is what counts: a key that it does not vouch for is forgotten.

    Otherwise a key written into the row by somebody else would be sealed into the next session.
    """
    if proof.person_key != account.person_key:
        account.person_key = proof.person_key
        account.save(update_fields=["person_key"])


def _answered_yes(sql: str, parameters: list[str | uuid.UUID]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    return bool(row and row[0])
