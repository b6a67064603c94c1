"""What is true of the trail: one line for each act and each look, never changed.

Here: the line. Not here: the words of its tag (`tags`), who writes it (`record`), nor what it leads to.
"""

from uuid import uuid4

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class Event(models.Model):
    """One act or look: what was done, at which unit, when, by whom and about whom.

    Holds ids and versions of what was touched, never content, and no foreign keys: it can neither block
    nor vanish with live data. The fields are those of HSLF-FS 2016:40 4 kap. 9 § and the reason besides.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    at = models.DateTimeField()
    association_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    authority_id = models.UUIDField(null=True)
    unit_id = models.UUIDField(null=True)
    role = models.CharField(max_length=30, blank=True)
    person_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    tag = models.CharField(max_length=80)
    items = models.JSONField(default=list)
    allowed_by = models.JSONField(default=list)
    decision = models.CharField(max_length=10, default="allowed")
    request_id = models.UUIDField()

    class Meta:
        # Few indexes: a line is written for every look, and read seldom.
        indexes = [
            models.Index(fields=["person_id", "at"], name="event_person"),
            BrinIndex(fields=["at"], name="event_at"),
        ]
