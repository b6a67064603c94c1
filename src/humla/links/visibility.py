"""Which links lead somewhere: the row policies limit every answer to the reader's own förbund.

Here: the one question that a demonstration's post asks. Not here: what a link shows (the concept above).
"""

from humla.core.context import now
from humla.links.models import Link


def open_hashes() -> set[str]:
    """The hashes of tokens whose time is not out and that nobody has taken back."""
    open_now = Link.objects.filter(revoked_at=None, ends_at__gt=now())
    return set(open_now.values_list("token_hash", flat=True))
