"""What is done to a draft is on the trail, where the administrator herself cannot read it."""

import os
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import transaction

from humla.agreements.chapters import Chapter, content, mark
from humla.agreements.drafting import begin_draft, throw_draft, write_chapter
from humla.agreements.models import LocalAgreement
from humla.agreements.visibility import agreement_of
from humla.core.context import acting
from tests.cast import Cast


def test_what_is_done_to_a_draft_is_there_and_what_changes_nothing_is_not(
    committed_db: str, cast: Cast
) -> None:
    draft = _done(cast, lambda: begin_draft(by=cast.olof))
    for _ in range(2):
        _done(cast, lambda: _write(draft, cast))
    _done(cast, lambda: throw_draft(draft, by=cast.olof))

    url = os.environ["DATABASE_OWNER_URL"].replace("/humla?", f"/{committed_db}?")
    with psycopg.connect(url) as owner:
        rows = owner.execute("SELECT tag, actor_id FROM audit_event ORDER BY at").fetchall()
    assert rows == [
        ("agreements:draft:begun", cast.olof.id),
        ("agreements:draft:changed", cast.olof.id),
        ("agreements:draft:thrown", cast.olof.id),
    ]


def _done(cast: Cast, deed: Callable[[], Any]) -> Any:
    with transaction.atomic(), acting(cast.olof):
        return deed()


def _write(draft: LocalAgreement, cast: Cast) -> None:
    now = agreement_of(draft.pk)
    assert now is not None
    seen = mark(content(now, Chapter.GROUPS))
    write_chapter(now, Chapter.GROUPS, ["nyanlända"], seen=seen, by=cast.olof)
