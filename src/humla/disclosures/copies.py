"""What a unit has been given, as it lies in its own record: the list, one of them, and what it says.

Here: the queries of "Mottagna handlingar". Not here: the acts (`actions`), who may read a copy (`visibility`,
the row policies), how a page shows it (`humla.web.received_copies`).

Nothing of the giver's is asked for: the case may be closed to the receiver since long, and the copy stays.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from humla.cases.models import CaseAssignment, Category
from humla.core.context import Actor, now
from humla.core.periods import holds
from humla.disclosures.models import DocumentPart, ReceivedCopy
from humla.people.naming import protected_name

PAGE = 50
"""So many copies stand on one page."""


class Stage(StrEnum):
    """Where a copy stands."""

    NEW = "new"
    RECEIVED = "received"
    ARCHIVED = "archived"
    RECALLED = "recalled"


_STAGES = {
    Stage.NEW: Q(disclosure__received_at=None, disclosure__recalled_at=None),
    Stage.RECEIVED: Q(disclosure__received_at__isnull=False, disclosure__recalled_at=None, archived_at=None),
    Stage.ARCHIVED: Q(archived_at__isnull=False, disclosure__recalled_at=None),
    Stage.RECALLED: Q(disclosure__recalled_at__isnull=False),
}
_NAME = "parts__IDENTITY__blocks__0__rows__0__1__icontains"


def copies(*, stage: Stage, words: str = "", page: int = 1) -> Sequence[ReceivedCopy]:
    """One page of the unit's copies that the reader works with, newest first, and one more if there is."""
    found = _ours().filter(_STAGES[stage])
    if words:
        found = found.filter(
            Q(title__icontains=words)
            | Q(reference__icontains=words)
            | Q(giver__name__icontains=words)
            | Q(giver_unit__name__icontains=words)
            | Q(archive_reference__icontains=words)
            | Q(is_protected=False, **{_NAME: words})
        )
    return list(found.order_by("-opens_at", "id")[(page - 1) * PAGE : page * PAGE + 1])


def how_many() -> Mapping[Stage, int]:
    """How many copies there are in each stage; one question."""
    counted = {stage.value: Count("pk", filter=which) for stage, which in _STAGES.items()}
    found = ReceivedCopy.objects.aggregate(**counted)
    return {stage: found[stage.value] for stage in Stage}


def copy_seen(copy_id: UUID) -> ReceivedCopy | None:
    """One copy that the reader may open."""
    return _ours().filter(pk=copy_id).first()


def stage_of(copy: ReceivedCopy) -> Stage:
    """Where it stands."""
    if copy.disclosure.recalled_at is not None:
        return Stage.RECALLED
    if copy.archived_at is not None:
        return Stage.ARCHIVED
    return Stage.RECEIVED if copy.disclosure.received_at is not None else Stage.NEW


def name_in(copy: ReceivedCopy) -> str:
    """Whom it is about, as it says itself; nothing when it has been emptied. What was frozen before she was
    protected says her name still: that stands in the document, and on no list."""
    if copy.parts and getattr(copy, "is_protected", False):
        return protected_name()
    blocks = copy.parts.get(Category.IDENTITY, {}).get("blocks", [])
    rows: list[list[str]] = next((block["rows"] for block in blocks if block.get("kind") == "facts"), [])
    return str(rows[0][1]) if rows else ""


def parts_of(copy: ReceivedCopy) -> list[DocumentPart]:
    """What it says, in the shape that every frozen document is read in. Nothing of it is in the database."""
    return [
        DocumentPart(
            kind=copy.kind, version=copy.version, title=copy.title, category=category, content=content
        )
        for category, content in copy.parts.items()
    ]


def my_right_to(copy: ReceivedCopy, actor: Actor) -> list[tuple[str, UUID]]:
    """What her reading rests on, for the trail: her own work with it, and the act that gave it."""
    mine = CaseAssignment.objects.filter(
        holds(now()), case=copy.case_id, professional=actor.id, unit=actor.unit_id
    )
    found = mine.order_by("starts_at").values_list("pk", flat=True).first()
    return [*([("assignment", found)] if found else []), ("disclosure", copy.disclosure_id)]


def _ours() -> QuerySet[ReceivedCopy]:
    # The case itself may be closed to the reader; her own work in it says whether it is protected.
    protected = CaseAssignment.objects.filter(case=OuterRef("case_id"), is_protected=True)
    found = ReceivedCopy.objects.select_related("disclosure", "giver", "giver_unit")
    return found.annotate(is_protected=Exists(protected))
