"""What the wall refuses when something is written, said as any other no.

Here: the one place that knows how the database says it. Not here: the reasons (each verb has its own), nor
the walls themselves (`humla.walls`).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import ProgrammingError, transaction

from humla.core.rulings import NotAllowed

_INSUFFICIENT_PRIVILEGE = "42501"
"""A row policy said no. PostgreSQL has no other name for it."""


@contextmanager
def refused_by_the_wall(reason: str) -> Iterator[None]:
    """For what only the wall can see: a savepoint, and NotAllowed with this reason when it says no."""
    try:
        with transaction.atomic():
            yield
    except ProgrammingError as refused:
        if getattr(refused.__cause__, "sqlstate", "") != _INSUFFICIENT_PRIVILEGE:
            raise
        raise NotAllowed(reason) from None
