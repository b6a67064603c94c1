"""What asks for a sign-in made just now: whoever sits at a screen that was left open does not get it done.

Here: the question, and how old the sign-in may be. Not here: which deeds ask it, and why these and no others
(docs/decisions/0022), nor the page that answers instead (`errors.long_signed_in`).
"""

from datetime import timedelta

from django.conf import settings

from humla.accounts.visibility import signed_in_at
from humla.core.context import now
from humla.web.door import DoorRequest
from humla.web.errors import AnswerInstead, long_signed_in

LATELY = timedelta(minutes=30)


def must_have_signed_in_lately(request: DoorRequest) -> None:
    """Go on when the reader identified herself within the half hour; otherwise she is asked to."""
    at = signed_in_at(request.COOKIES.get(settings.SIGNIN_COOKIE, ""))
    if at is None or at <= now() - LATELY:
        raise AnswerInstead(long_signed_in)
