"""What a unit is told by mail: it is asked for underlag, or need not send it. Never about whom.

Not here: the words and the sending (`humla.notifications`). The person and relatives have no mailbox with us.
"""

from humla.core.context import Actor, now
from humla.evidence.models import EvidenceRequest
from humla.notifications.actions import queue
from humla.notifications.actions import stop as stop_notices
from humla.notifications.models import Notice, NoticeKind


def asked(request: EvidenceRequest, *, by: Actor) -> Notice | None:
    """The question: leaves when it can no longer be undone."""
    if request.unit is None:
        return None
    return queue(
        NoticeKind.EVIDENCE_ASKED,
        unit=request.unit,
        about=request.pk,
        leaves_at=request.leaves_at,
        answer_by=request.by_when,
        by=by,
    )


def withdrawn(request: EvidenceRequest, *, by: Actor) -> Notice | None:
    """It is not needed; at once."""
    if request.unit is None:
        return None
    return queue(NoticeKind.EVIDENCE_WITHDRAWN, unit=request.unit, about=request.pk, leaves_at=now(), by=by)


def stop(request: EvidenceRequest) -> int:
    """Whatever was on its way about it stays, and the links to it close."""
    return stop_notices(request.pk)
