"""What the clock does: found by the worker, each job through the door.

Here: which jobs there are and when. Not here: what they do to a concept (its `actions`).
"""

from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app

from humla.accounts.actions import forget_ended_sessions
from humla.core.context import Actor, Kind
from humla.drafts.actions import forget_old
from humla.ops.door import job_door


@app.periodic(cron="17 3 * * *")
@app.task(name="tidy", queueing_lock="tidy")
def tidy(timestamp: int) -> None:
    """Every night: drafts and used keys older than thirty days, and sessions that ended as long ago.

    Sign-ins that were begun and never finished go too.
    """
    with job_door(Actor(Kind.SYSTEM)):
        forget_old()
        forget_ended_sessions()
        SessionStore.clear_expired()
