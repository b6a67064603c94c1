"""What happens to a local agreement: a party's signature is recorded, a legal ground is written anew.

Here: the administrator's verbs. Not here: writing the next version (`drafting`), loading an agreement from a
file (`humla.ops.loading`), nor what a signature leads to (`rules`: in force as soon as all have signed).
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from humla.agreements.drafting import take_turn
from humla.agreements.models import AgreementParty, LegalGround
from humla.agreements.rules import may_sign, may_write_ground
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Actor, standing, today
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale


@transaction.atomic
def sign(row: AgreementParty, *, name: str, signed_on: date, by: Actor) -> AgreementParty:
    """Record that a party has signed, with the name in clear. Raises ValidationError with the sentence."""
    take_turn(by.association_id)
    row.refresh_from_db(fields=["signed_on"])
    row.agreement.refresh_from_db(fields=["is_draft"])
    may_sign(by, row).enforce()
    if signed_on > today():
        raise ValidationError(
            {"signed_on": _("Datumet ligger framåt i tiden. Skriv dagen då parten skrev under.")}
        )
    row.signed_by, row.signed_on = name, signed_on
    row.full_clean(validate_unique=False)
    # The row policy hides a row that somebody else signed meanwhile: nothing is overwritten.
    written = AgreementParty.objects.filter(pk=row.pk, signed_on=None).update(
        signed_by=name, signed_on=signed_on
    )
    if written != 1:
        raise NotAllowed(_("Parten har redan skrivit under."))
    record(Tag.AGREEMENT_SIGNED, items=[("agreement_party", row.pk, row.agreement.version)])
    return row


@transaction.atomic
def write_ground(subject: str, *, text: str, reference: str, version: int, by: Actor) -> LegalGround:
    """Add a version after the one that was read; earlier ones stand. Raises Stale when somebody was first."""
    may_write_ground(by).enforce()
    place = standing()
    row = LegalGround(
        association_id=by.association_id,
        subject=subject,
        version=version + 1,
        text=text,
        reference=reference,
        written_at=place.at,
        written_by_id=by.id,
    )
    row.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise Stale(LegalGround.objects.filter(subject=subject).latest("version")) from taken
    record(Tag.GROUND_WRITTEN, items=[("legal_ground", row.pk, row.version)])
    return row
