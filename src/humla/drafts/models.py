"""What is true of what a user is sending: text not yet sent, and what was sent with which key.

Here: sealed drafts and used keys. Not here: the forms themselves (`humla.web`), nor what they change.
"""

from uuid import uuid4

from django.db import models

from humla.core.sealed_field import SealedTextField


class Draft(models.Model):
    """What one user has typed in one form and not yet sent; sealed, so that nobody else can read it.

    Typed for one unit it is not there when she acts for another: rights never add up, and her own text must
    not carry what she read for the one into the other's form.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner_id = models.UUIDField()
    unit_id = models.UUIDField(null=True)
    """The unit that she acted for; none for the person, and for a count that follows her everywhere."""
    case_id = models.UUIDField(null=True)
    form = models.CharField(max_length=120)
    fields = SealedTextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner_id", "unit_id", "form"], nulls_distinct=False, name="one_draft_per_form"
            )
        ]


class Submission(models.Model):
    """A form that was sent: the same key never has a second effect, whatever the browser does."""

    key = models.UUIDField(primary_key=True)
    owner_id = models.UUIDField()
    payload = models.CharField(max_length=64)
    answer = models.CharField(max_length=2000)
    """Where it led. Addresses carry sealed words, so they are long."""
    sent_at = models.DateTimeField()
