"""What happens to mandates: attested, rested, let stand, ended; and what is kept from them or given back.

Here: every way such a row comes to be or ends. Not here: the answers given with a mandate
(`humla.consents.actions`). A mandate is never widened. What changes is ended and another attested in the
same step, with what was withheld.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from humla.audit.record import Item, record
from humla.audit.tags import Tag
from humla.cases.models import RELEASABLE, Case
from humla.cases.visibility import my_right_in
from humla.core.context import Actor, now, today
from humla.core.dates import start_of
from humla.core.numbers import Number
from humla.core.rulings import YES, NotAllowed, Ruling, all_of
from humla.core.secrets import person_key
from humla.core.versions import Stale
from humla.organisation.models import Authority
from humla.people.models import Person
from humla.representatives import rules
from humla.representatives.models import (
    GuardianPolicy,
    Mandate,
    MandateKey,
    MandateKind,
    Withheld,
    WithheldKind,
)
from humla.representatives.policy import Policy


@dataclass(frozen=True)
class MandateDetails:
    """What is said of a mandate when it is attested."""

    kind: str
    name: str
    evidence: str
    number: Number | None = None
    evidence_on: date | None = None
    reached_by: str = ""
    categories: Collection[str] = ()
    may_consent: bool = False
    may_receive_summons: bool = False
    may_represent_at_meeting: bool = False
    starts_on: date | None = None
    ends_on: date | None = None


@transaction.atomic
def attest(case: Case, details: MandateDetails, *, replaces: Mandate | None = None, by: Actor) -> Mandate:
    """Say, for one's authority and with what one has seen, that somebody acts for the person."""
    rules.may_attest(by, case).enforce()
    person = case.person
    _ruling(person, details).enforce()
    if replaces is not None:
        rules.may_end(by, replaces).enforce()
        _end(replaces, by)
    mandate = _mandate(case, person, details, by)
    mandate.replaces = replaces
    mandate.save(force_insert=True)
    if details.number is not None:
        key = MandateKey(mandate=mandate, key=person_key(details.number.digits12))
        key.save(force_insert=True)
    if replaces is not None:
        _keep_withheld(replaces, mandate, by)
    _note(Tag.MANDATE_ATTESTED, case, mandate, by)
    return mandate


@transaction.atomic
def end(case: Case, mandate: Mandate, *, why: str, by: Actor) -> None:
    """It opens nothing from the next statement on."""
    rules.may_end(by, mandate).enforce()
    _said(why)
    _end(mandate, by, why)
    _note(Tag.MANDATE_ENDED, case, mandate, by)


@transaction.atomic
def object_to(mandate: Mandate, *, why: str, case: Case | None = None, by: Actor) -> None:
    """The person does not want it: it rests at once, and a human decides. `case`: where it was said."""
    rules.may_rest(by, mandate).enforce()
    resting = Mandate.objects.filter(pk=mandate.pk, rested_at__isnull=True, ended_at__isnull=True)
    _hit(mandate, resting.update(rested_at=now(), rested_by_id=by.id, rested_why=why))
    if case is not None:
        _note(Tag.MANDATE_OBJECTED, case, mandate, by)
    else:
        record(Tag.MANDATE_OBJECTED, person=mandate.person_id, items=[("mandate", mandate.pk, 0)])


@transaction.atomic
def let_stand(case: Case, mandate: Mandate, *, why: str, by: Actor) -> None:
    """Decided by a human: it stands although the person said no. The reason is kept beside her words."""
    rules.may_let_stand(by, mandate).enforce()
    _said(why)
    resting = Mandate.objects.filter(pk=mandate.pk, rested_at__isnull=False, ended_at__isnull=True)
    _hit(mandate, resting.update(rested_at=None, rested_by_id=None, decided_why=why))
    _note(Tag.MANDATE_LET_STAND, case, mandate, by)


@transaction.atomic
def withhold(
    case: Case, mandate: Mandate, *, kind: str, subject_id: UUID, category: str = "", reason: str, by: Actor
) -> Withheld:
    """Keep one thing from one mandate. The representative cannot tell that it is there."""
    rules.may_withhold(by, case, mandate).enforce()
    _said(reason)
    if (kind == WithheldKind.PART) != (category in RELEASABLE):
        raise NotAllowed(_("Välj vilken del av handlingen det gäller."))
    withheld = Withheld(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person_id=case.person_id,
        case=case,
        mandate=mandate,
        kind=kind,
        subject_id=subject_id,
        category=category,
        reason=reason,
        withheld_at=now(),
        withheld_by_id=by.id,
    )
    try:
        with transaction.atomic():
            withheld.save(force_insert=True)
    except IntegrityError:
        raise NotAllowed(_("Det är redan undantaget för det här ombudet.")) from None
    _note(Tag.WITHHELD, case, mandate, by)
    return withheld


@transaction.atomic
def give_back(case: Case, withheld: Withheld, *, by: Actor) -> None:
    """What was kept from a mandate is within it again."""
    rules.may_undo_withholding(by, case, withheld).enforce()
    standing = Withheld.objects.filter(pk=withheld.pk, undone_at__isnull=True)
    if standing.update(undone_at=now(), undone_by_id=by.id) != 1:
        raise NotAllowed(_("Det är redan ångrat."))
    _note(Tag.WITHHOLDING_UNDONE, case, withheld.mandate, by)


@transaction.atomic
def write_policy(authority: Authority, policy: Policy, *, version: int, by: Actor) -> GuardianPolicy:
    """A new version of whose yes an authority asks for, unless another was written since `version`."""
    rules.may_write_policy(by).enforce()
    written = GuardianPolicy(
        association_id=authority.association_id,
        authority=authority,
        version=version + 1,
        bands=[{"from_age": one.from_age, "needed": one.needed.value} for one in policy.bands],
        if_disagree=policy.if_disagree,
        starts_from=policy.starts_from,
        reference=policy.reference,
        written_at=now(),
        written_by_id=by.id,
    )
    try:
        with transaction.atomic():
            written.save(force_insert=True)
    except IntegrityError:
        newest = GuardianPolicy.objects.filter(authority=authority).order_by("-version")
        raise Stale(newest[0]) from None
    record(Tag.GUARDIAN_POLICY_WRITTEN, items=[("guardian_policy", written.pk, written.version)])
    return written


def _ruling(person: Person, details: MandateDetails) -> Ruling:
    starts_on = details.starts_on or today()
    return all_of(
        rules.may_be_guardian(person) if details.kind == MandateKind.GUARDIAN else YES,
        rules.may_be_represented_by(person, details.number),
        rules.may_reach(details.kind, categories=details.categories, may_consent=details.may_consent),
        rules.may_begin(starts_on),
        rules.may_last(details.kind, starts_on=starts_on, ends_on=details.ends_on),
    )


def _mandate(case: Case, person: Person, details: MandateDetails, by: Actor) -> Mandate:
    starts_on = details.starts_on or today()
    chosen = set(details.categories)
    return Mandate(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person=person,
        kind=details.kind,
        name=details.name,
        number=details.number.digits12 if details.number else "",
        reached_by=details.reached_by,
        categories=[one.value for one in RELEASABLE if one in chosen],
        may_consent=details.may_consent,
        may_receive_summons=details.may_receive_summons,
        may_represent_at_meeting=details.may_represent_at_meeting,
        evidence=details.evidence,
        evidence_on=details.evidence_on,
        attested_at=now(),
        attested_by_id=by.id,
        starts_at=max(now(), start_of(starts_on)),
        ends_at=rules.ends_at_of(details.kind, person, details.ends_on),
    )


def _keep_withheld(before: Mandate, after: Mandate, by: Actor) -> None:
    """What was kept from the old one is kept from the new: a changed phone number opens nothing."""
    for one in Withheld.objects.filter(mandate=before, undone_at__isnull=True):
        again = Withheld(
            association_id=one.association_id,
            authority_id=one.authority_id,
            person_id=one.person_id,
            case_id=one.case_id,
            mandate=after,
            kind=one.kind,
            subject_id=one.subject_id,
            category=one.category,
            reason=one.reason,
            withheld_at=now(),
            withheld_by_id=by.id,
        )
        again.save(force_insert=True)


def _end(mandate: Mandate, by: Actor, why: str = "") -> None:
    told = {"decided_why": why} if why else {}
    standing = Mandate.objects.filter(pk=mandate.pk, ended_at__isnull=True)
    _hit(mandate, standing.update(ended_at=now(), ended_by_id=by.id, **told))
    mandate.ended_at, mandate.ended_by_id = now(), by.id


def _hit(mandate: Mandate, changed: int) -> None:
    """None hit means that another was first."""
    if changed != 1:
        raise Stale(Mandate.objects.get(pk=mandate.pk))


def _said(why: str) -> None:
    if not why.strip():
        raise NotAllowed(_("Skriv varför, så att en kollega kan förstå det senare."))


def _note(tag: Tag, case: Case, mandate: Mandate, by: Actor) -> None:
    items: list[Item] = [("mandate", mandate.pk, 0)]
    record(tag, case=case.pk, person=case.person_id, items=items, allowed_by=my_right_in(case, by))
