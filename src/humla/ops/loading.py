"""Loads a förbund from files: its organisation as the owner, its first cases through the real actions.

Lives here: that all of it happens or nothing, that a second loading changes nothing, and the report of
what was done. Not here: what the files may say (`organisation_file.py`, `cases_file.py`; the form is
described in data/README.md).

Two database roles write, so there are two transactions: the owner's rows are committed first, since the
limited role cannot see them before. When the cases are refused, the owner takes its rows back.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction
from django.db.models import Model
from django.utils import translation
from psycopg.conninfo import conninfo_to_dict

from humla.accounts.models import Account, Identity
from humla.accounts.tokens import identity_seal
from humla.audit.models import Event
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Actor, Kind, acting
from humla.core.rulings import NotAllowed
from humla.ops.cases_file import SECTION, FirstCase, read_cases, walk
from humla.ops.organisation_file import SECTIONS, TENANT_MODELS, Organisation, SignIn, read_organisation
from humla.ops.reading import Fault, Refused, read_folder
from humla.organisation.models import Association

OWNER = "owner"
"""The name of the owner's connection, which exists only while a file is being loaded."""

_LOCK = 7203


@dataclass(frozen=True)
class Report:
    """What a loading did."""

    name: str
    is_new: bool
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """One line for whoever typed the command."""
        if not self.is_new:
            return f"{self.name} finns redan. Inget är ändrat."
        made = ", ".join(f"{number} {what}" for what, number in self.counts.items())
        return f"{self.name} är inläst: {made}."


def load(folder: Path) -> Report:
    """Load the files of a folder (or one file). Raises Refused with every fault; then nothing is loaded."""
    with translation.override("sv"):
        organisation, cases = read(folder)
        with _owner():
            if not _write(organisation):
                return Report(organisation.association.name, is_new=False)
            try:
                _walk(organisation, cases)
            except BaseException:
                _take_back(organisation)
                raise
        return Report(organisation.association.name, is_new=True, counts=_counts(organisation, cases))


def read(folder: Path) -> tuple[Organisation, list[FirstCase]]:
    """What the files say, tried in full before anything is written."""
    faults: list[Fault] = []
    sections = read_folder(folder, faults)
    for unknown in sorted(set(sections) - {*SECTIONS, SECTION}):
        faults.append(Fault(sections[unknown][0].file, unknown, "är inget avsnitt som finns."))
    organisation = read_organisation(sections, faults)
    if organisation is None:
        raise _refused(faults)
    cases = read_cases(sections.get(SECTION, []), organisation)
    if faults:
        raise _refused(faults)
    return organisation, cases


def _refused(faults: list[Fault]) -> Refused:
    return Refused(list(dict.fromkeys(faults)))


@contextmanager
def _owner() -> Iterator[None]:
    """The owner's connection, to the same database as ours."""
    given = conninfo_to_dict(os.environ["DATABASE_OWNER_URL"])
    names = {"USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    place = connections["default"].settings_dict
    connections.databases[OWNER] = {
        **place,
        **{key: str(given.get(name, "") or "") for key, name in names.items()},
        "OPTIONS": {},
    }
    try:
        yield
    finally:
        connections[OWNER].close()
        del connections[OWNER]
        del connections.databases[OWNER]


def _write(organisation: Organisation) -> bool:
    """The organisation and the accounts, in one transaction. False when the förbund is there already."""
    try:
        with transaction.atomic(using=OWNER):
            with connections[OWNER].cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])  # Two that load at once.
            if _is_there(organisation.association.short_name):
                return False
            for sign_in in organisation.sign_ins:
                sign_in.professional.account_id = _account(sign_in, organisation).pk
            for rows in organisation.rows():
                if rows:
                    type(rows[0])._base_manager.using(OWNER).bulk_create(rows, batch_size=500)
                for row in rows:
                    row._state.db = DEFAULT_DB_ALIAS  # From here on they are the limited role's to point at.
    except IntegrityError as error:
        # Every rule that a file can break is tried while reading; what is left is told as it is.
        raise Refused([Fault("", "", f"databasen tar inte emot filen: {error}")]) from error
    return True


def _is_there(short_name: str) -> bool:
    """Whether the förbund is loaded. What a killed loading left behind is removed first.

    The mark of a whole loading is its line on the trail, which is committed together with the cases.
    """
    there = Association.objects.using(OWNER).filter(short_name=short_name).first()
    if there is None:
        return False
    whole = Event.objects.using(OWNER).filter(tag=Tag.ORGANISATION_LOADED, association_id=there.pk)
    if whole.exists():
        return True
    for model in reversed(TENANT_MODELS):
        _delete(model, association=there.pk)
    _delete(Association, pk=there.pk)
    return False


def _account(sign_in: SignIn, organisation: Organisation) -> Account:
    """The account of an identity: the one that is there (a human with two posts), or a new one."""
    known = Identity.objects.using(OWNER).filter(issuer=sign_in.issuer, subject=sign_in.subject)
    if identity := known.select_related("account").first():
        return identity.account
    account = Account.objects.using(OWNER).create()
    seal = identity_seal(sign_in.issuer, sign_in.subject, account.pk)
    Identity.objects.using(OWNER).create(
        account=account, issuer=sign_in.issuer, subject=sign_in.subject, seal=seal
    )
    organisation.new_accounts.append(account)
    return account


def _walk(organisation: Organisation, cases: list[FirstCase]) -> None:
    """The first cases, in one transaction of the limited role; and that the file was loaded, on the trail."""
    try:
        with transaction.atomic():
            with acting(Actor(Kind.SYSTEM, association_id=organisation.association.pk)):
                record(Tag.ORGANISATION_LOADED, items=[("association", organisation.association.pk, 0)])
            for case in cases:
                walk(case)
    except (NotAllowed, ValidationError) as refused:
        raise _refused(cases[0].row.faults) from refused


def _take_back(organisation: Organisation) -> None:
    """Remove exactly the rows that this loading made; nobody has had time to build on them."""
    with transaction.atomic(using=OWNER):
        for rows in reversed(list(organisation.rows())):
            if rows:
                _delete(type(rows[0]), pk__in=[row.pk for row in rows])
        accounts = [account.pk for account in organisation.new_accounts]
        _delete(Identity, account__in=accounts)
        _delete(Account, pk__in=accounts)


def _delete(model: type[Model], **which: object) -> None:
    """Straight in the database, whose foreign keys say no when anybody points at the rows."""
    rows = model._base_manager.using(OWNER).filter(**which)
    rows._raw_delete(OWNER)  # Django's own, past its collecting of relations


def _counts(organisation: Organisation, cases: list[FirstCase]) -> dict[str, int]:
    return {
        "parter": len(organisation.parties),
        "myndigheter": len(organisation.authorities),
        "enheter": len(organisation.units),
        "medarbetare": len(organisation.professionals),
        "ärenden": len(cases),
    }
