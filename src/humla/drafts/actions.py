"""What happens to what a user is sending: a draft kept and thrown away, a key used once, tries counted.

Here: the verbs, which know forms by their names only. Not here: which forms there are (`humla.web`).
"""

import json
from datetime import date, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from humla.core.context import now, standing
from humla.core.questions import Told, prepared
from humla.core.rulings import NotAllowed
from humla.drafts.models import Draft, Submission

MOST_DRAFTS = 50
"""So many drafts has one user at most at each unit. Nobody writes in fifty forms at once; a script might."""

KEPT = timedelta(days=30)
"""How long what was never sent, and the keys of what was, are kept; the row policies say the same."""


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
    with connection.cursor() as cursor:
        cursor.execute("UPDATE drafts_submission SET answer = %s WHERE key = %s", [answer, key])


def keep_draft(form: str, fields: dict[str, str], *, case: UUID | None = None) -> Draft:
    """Keep what the user has typed in a form so far, sealed; one draft per user, unit acted for and form."""
    place = standing()
    kept = set(_mine().values_list("form", flat=True))
    if form not in kept and len(kept) >= MOST_DRAFTS:
        raise NotAllowed(_("Du har för många utkast. Spara något av det du har börjat skriva."))
    draft, _made = Draft.objects.update_or_create(
        owner_id=place.actor.id,
        unit_id=place.actor.unit_id,
        form=form,
        defaults={"case_id": case, "fields": json.dumps(fields), "saved_at": place.at},
    )
    return draft


def drop_draft(form: str) -> None:
    """The form was sent or given up: its draft is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM drafts_draft WHERE owner_id = %s AND form = %s", [standing().actor.id, form]
        )


def throw_draft(draft_id: UUID) -> bool:
    """Throw one of the user's own drafts away, by its id. No when there is none, or it is frozen."""
    deleted, _by_model = _mine().filter(pk=draft_id).delete()
    return deleted == 1


def all_drafts() -> QuerySet[Draft]:
    """What the user has begun to write, the latest first; without what is typed in it."""
    return _mine().defer("fields").order_by("-saved_at")


def draft_of(form: str) -> Draft | None:
    """What the user typed in this form last time, if it was never sent."""
    return _mine().filter(form=form).first()


@prepared
def drafts_in(case_id: UUID) -> QuerySet[Draft]:
    """In which forms about a case a professional has a draft, for her unit; without what is typed in them."""
    mine = Draft.objects.filter(owner_id=Told("ctx_actor"), unit_id=Told("ctx_unit"))
    return mine.filter(case_id=case_id).defer("fields")


def typed_in(draft: Draft) -> dict[str, str]:
    """The fields of a draft."""
    fields: dict[str, str] = json.loads(draft.fields)
    return fields


@transaction.atomic
def count_up(what: str, day: date) -> int:
    """One more try of the user's on this day, and how many that makes; yesterday's are forgotten.

    Kept among the drafts, where only she has it and nobody else reads how often she tried; the same count
    whichever unit she acts for.
    """
    place, name = standing(), f"{what}:{day}"
    _tallies().filter(form__startswith=f"{what}:").exclude(form=name).delete()
    none_yet = {"fields": json.dumps({"count": "0"}), "saved_at": place.at}
    Draft.objects.get_or_create(owner_id=place.actor.id, unit_id=None, form=name, defaults=none_yet)
    # Locked, so that two tries at once are two.
    tally = _tallies().select_for_update().get(form=name)
    count = int(typed_in(tally)["count"]) + 1
    tally.fields, tally.saved_at = json.dumps({"count": str(count)}), place.at
    tally.save(force_update=True)
    return count


def counted(what: str, day: date) -> int:
    """How many tries of the user's there have been on this day."""
    tally = _tallies().filter(form=f"{what}:{day}").first()
    return int(typed_in(tally)["count"]) if tally else 0


def forget_old() -> tuple[int, int]:
    """Delete drafts and used keys past their thirty days; how many of each."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM drafts_draft WHERE saved_at < %s", [now() - KEPT])
        drafts = cursor.rowcount
        cursor.execute("DELETE FROM drafts_submission WHERE sent_at < %s", [now() - KEPT])
        return drafts, cursor.rowcount


def _mine() -> QuerySet[Draft]:
    actor = standing().actor
    return Draft.objects.filter(owner_id=actor.id, unit_id=actor.unit_id)


def _tallies() -> QuerySet[Draft]:
    return Draft.objects.filter(owner_id=standing().actor.id, unit_id=None)
