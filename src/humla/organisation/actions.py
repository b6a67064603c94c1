"""What happens to those who act for a unit.

Here: the administrator's way to end a colleague's sign-ins, when a computer is lost or somebody leaves. Not
here: the organisation itself, which is loaded from the förbund's file (`humla.ops.loading`).
"""

from django.db import transaction

from humla.accounts.actions import end_sessions_of
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Actor
from humla.organisation import rules
from humla.organisation.models import Professional


@transaction.atomic
def sign_out(professional: Professional, *, by: Actor) -> None:
    """End all of a professional's sign-ins. She may sign in again: closing the account is another matter."""
    rules.may_sign_out(professional, by).enforce()
    assert professional.account_id is not None
    end_sessions_of(professional.account_id)
    record(Tag.SIGNED_OUT_BY_OTHER, items=[("professional", professional.pk, 0)])
