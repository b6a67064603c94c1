"""The door for jobs: one transaction, one signed context, like a page's.

A job carries ids only and passes the door once for each authority it works for. What it may do is asked
when it runs, not when it was queued.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from humla.core.context import Actor, Standing, acting


@contextmanager
def job_door(actor: Actor) -> Iterator[Standing]:
    """Work as `actor` in a transaction of its own; what went wrong undoes the whole of it."""
    with transaction.atomic(durable=True), acting(actor) as place:
        yield place
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
