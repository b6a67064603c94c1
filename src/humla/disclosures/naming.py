"""What a receiver calls a case: the name that was handed over with it.

Here: names read out of the frozen IDENTITY parts, since a receiver may not read the person's own row. Not
here: how those parts are written (`humla.plans.document`), nor who may read them (the row policies).
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from humla.cases.models import Category
from humla.disclosures.models import DocumentPart


def names_received(case_ids: Collection[UUID]) -> dict[UUID, str]:
    """The name in the newest version that the reader may read of each case; one question for all of them."""
    if not case_ids:
        return {}
    parts = DocumentPart.objects.filter(case_id__in=set(case_ids), category=Category.IDENTITY)
    # Oldest first: the newest has the last word.
    found = parts.order_by("version").values_list("case_id", "content")
    return {case_id: _name_in(content) for case_id, content in found}


def _name_in(content: dict[str, Any]) -> str:
    """The first fact of the part is the name; anything else is no name."""
    rows: list[list[str]] = next(
        (block["rows"] for block in content.get("blocks", []) if block.get("kind") == "facts"), []
    )
    return str(rows[0][1]) if rows else ""
