"""How a frozen summons is read and printed: by the one who sent it, by its receiver, by the person.

Here: one order for all of them (when and what to bring first), and the block that stands on top. Not here:
what it says (`humla.meetings.document`), who may read which part (the row policies).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from humla.cases.models import Category
from humla.core.document import PrintedDocument
from humla.meetings.document import when_in
from humla.meetings.models import MeetingForm
from humla.plans.document import ShownPart, shown
from humla.plans.paper import printed

Blocks = Mapping[Any, Sequence[dict[str, Any]]]


@dataclass(frozen=True)
class When:
    """The top of a summons: when, where, how, and what to bring."""

    starts_at: datetime
    minutes: int
    form: str
    place: str
    video_link: str
    answer_by: date | None
    bring: str

    @property
    def is_safe_link(self) -> bool:
        """Only an address of the web becomes a link: what was typed may be anything."""
        return self.video_link.startswith(("https://", "http://")) and " " not in self.video_link


def when(blocks: Blocks) -> When | None:
    """What the summons says of the time, for a reader who has that part."""
    told = when_in(blocks.get(Category.PLANNING) or ())
    if told is None:
        return None
    by = told["answer_by"]
    return When(
        starts_at=datetime.fromisoformat(told["starts_at"]),
        minutes=told["minutes"],
        form=str(MeetingForm(told["form"]).label),
        place=told["place"],
        video_link=told["video_link"],
        answer_by=date.fromisoformat(by) if by else None,
        bring=told["bring"],
    )


def summons_parts(blocks: Blocks, *, to_person: bool = False) -> list[ShownPart]:
    """What it says, when and where first; then her own words and why."""
    parts = shown(blocks, to_person=to_person)
    return sorted(parts, key=lambda part: part.category != Category.PLANNING or part.is_own_words)


def only(blocks: Blocks, categories: Iterable[str]) -> dict[str, Sequence[dict[str, Any]]]:
    """The blocks in these categories: exactly what one receiver has."""
    given = set(categories)
    return {str(key): value for key, value in blocks.items() if key in given}


def on_paper(
    blocks: Blocks, *, title: str, reference: str, dated: date, issuer: str, footer: tuple[str, ...]
) -> PrintedDocument:
    """The same as a document to print."""
    return printed(
        summons_parts(blocks), title=title, reference=reference, dated=dated, issuer=issuer, footer=footer
    )
