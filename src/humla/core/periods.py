"""What holds at an instant, asked of the database.

Lives here: the one sentence about the half-open period [starts_at, ends_at). Not here: which instant
(`context.now`), nor periods of whole days, which the local agreement has (`humla.agreements`).
"""

from datetime import datetime

from django.db.models import Q


def holds(at: datetime, prefix: str = "") -> Q:
    """Begun and not ended: at its first instant it holds, at its end it has ended; without one it goes on.

    `prefix` is the way to the row from the one that is asked for: "assignments__".
    """
    goes_on = Q(**{f"{prefix}ends_at__isnull": True}) | Q(**{f"{prefix}ends_at__gt": at})
    return Q(**{f"{prefix}starts_at__lte": at}) & goes_on
