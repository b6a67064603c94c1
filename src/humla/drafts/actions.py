"""What happens to what a user is sending: a draft kept and thrown away, a key used once."""

import json
from uuid import UUID

from django.db import connection

from humla.core.context import standing
from humla.drafts.models import Draft, Submission


class KeyUsedForOther(Exception):
    """The key of a form came back with another content: no browser of ours does that."""


def start_submission(key: UUID, *, payload: str) -> str | None:
    """Take the key. None when it is new; where the first sending led when it has been used.

    Two at once: the second waits for the first to commit, by the unique index. Raises KeyUsedForOther.
    """
    place = standing()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO drafts_submission (key, owner_id, payload, answer, sent_at)"
            " VALUES (%s, %s, %s, '', %s) ON CONFLICT (key) DO NOTHING",
            [key, place.actor.id, payload, place.at],
        )
        if cursor.rowcount:
            return None
    used = Submission.objects.filter(key=key).first()
    if used is None or used.payload != payload:
        raise KeyUsedForOther
    return used.answer


def finish_submission(key: UUID, *, answer: str) -> None:
    """Remember where this key led."""
    Submission.objects.filter(key=key).update(answer=answer[:300])


def keep_draft(form: str, fields: dict[str, str], *, case: UUID | None = None) -> Draft:
    """Keep what the user has typed in a form so far, sealed; one draft per user and form."""
    place = standing()
    draft, _made = Draft.objects.update_or_create(
        owner_id=place.actor.id,
        form=form,
        defaults={"case_id": case, "fields": json.dumps(fields), "saved_at": place.at},
    )
    return draft


def drop_draft(form: str) -> None:
    """The form was sent or given up: its draft is gone."""
    Draft.objects.filter(owner_id=standing().actor.id, form=form).delete()


def draft_of(form: str) -> Draft | None:
    """What the user typed in this form last time, if it was never sent."""
    return Draft.objects.filter(owner_id=standing().actor.id, form=form).first()


def typed_in(draft: Draft) -> dict[str, str]:
    """The fields of a draft."""
    fields: dict[str, str] = json.loads(draft.fields)
    return fields


def forget_old() -> tuple[int, int]:
    """Delete drafts and used keys past their thirty days; the row policies let nothing younger be seen."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM drafts_draft")
        drafts = cursor.rowcount
        cursor.execute("DELETE FROM drafts_submission")
        return drafts, cursor.rowcount
