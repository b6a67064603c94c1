"""What happens to a local agreement: a party's signature is recorded.

Here: the administrator's verb. Not here: loading an agreement from a file (`humla.ops.loading`), nor what
a signature leads to (`rules`: an agreement is in force as soon as all its parties have signed).
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from humla.agreements.models import AgreementParty
from humla.agreements.rules import may_sign
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Actor, today
from humla.core.rulings import NotAllowed


@transaction.atomic
def sign(row: AgreementParty, *, name: str, signed_on: date, by: Actor) -> AgreementParty:
    """Record that a party has signed, with the name in clear. Raises ValidationError with the sentence."""
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
