"""What a receiver calls a case: the name that was handed over with it.

Here: names read out of the frozen IDENTITY parts, since a receiver may not read the person's own row. Not
here: how those parts are written (`humla.plans.document`), nor who may read them (the row policies).
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from humla.cases.models import Category
from humla.core.questions import prepared
from humla.disclosures.models import DocumentPart


def names_received(case_ids: Collection[UUID]) -> dict[UUID, str]:
    """The name in the newest version that the reader may read of each case; one question for all of them."""
    if not case_ids:
        return {}
    # Oldest first: the newest has the last word.
    return {case_id: _name_in(content) for case_id, content in _identities(tuple(set(case_ids)))}


@prepared
def _identities(case_ids: tuple[UUID, ...]) -> QuerySet[DocumentPart, tuple[UUID, dict[str, Any]]]:
    parts = DocumentPart.objects.filter(case_id__any=case_ids, category=Category.IDENTITY)
    return parts.order_by("version").values_list("case_id", "content")


def _name_in(content: dict[str, Any]) -> str:
    """The first fact of the part is the name; anything else is no name."""
    rows: list[list[str]] = next(
        (block["rows"] for block in content.get("blocks", []) if block.get("kind") == "facts"), []
    )
    return str(rows[0][1]) if rows else ""
