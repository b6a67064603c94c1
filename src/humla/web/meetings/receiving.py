"""The receiver's side of a summons: what has come to the unit, when it is, and the form to answer with.

Here: the summonses among what a unit has received, for its one page about the case (`humla.web.received`).
Not here: the answer itself (`answering`), nor the plan. Nothing is filtered here: these are the parts that
the row policies let through.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from humla.audit.record import Item
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.naming import holder
from humla.core.context import Actor, now
from humla.core.dates import day_of, written_date
from humla.core.document import PrintedDocument
from humla.core.rulings import Ruling
from humla.disclosures.models import DocumentKind, DocumentPart
from humla.meetings import rules
from humla.meetings.models import Summons, SummonsAnswer
from humla.meetings.visibility import summonses_received
from humla.organisation.models import Unit
from humla.organisation.visibility import units_of_same_party
from humla.plans.document import Block, ShownPart, blocks_of, lead_of
from humla.web.door import DoorRequest
from humla.web.meetings.answering import AnswerForm, fresh
from humla.web.meetings.reading import When, on_paper, summons_parts, when


@dataclass(frozen=True)
class ReceivedSummons:
    """One summons to the reader's unit, with what she may read of it."""

    summons: Summons
    blocks: dict[str, list[Block]]
    version: int
    title: str
    when: When | None
    parts: list[ShownPart]
    form: AnswerForm
    may_answer: Ruling
    newer: "ReceivedSummons | None" = None
    """The one that came instead, when it has come: the meeting was moved, or something else in it is new."""

    @property
    def answer(self) -> SummonsAnswer | None:
        """What the unit has answered last."""
        return self.summons.newest

    @property
    def is_ahead(self) -> bool:
        """Has the meeting not been?"""
        return self.when is not None and self.when.starts_at > now()

    @property
    def is_open(self) -> bool:
        """Does it still hold, and lie ahead? What is frozen says what was so when it was sent."""
        return self.summons.takes_answers and self.is_ahead

    @property
    def is_moved(self) -> bool:
        """Has one to another time come instead?"""
        return self.newer is not None and self._time() != self.newer._time()

    def _time(self) -> datetime | None:
        return self.when.starts_at if self.when else None

    @property
    def caller(self) -> UUID | None:
        """Who called, to be telephoned."""
        return lead_of(self.blocks)


def summonses_to_us(actor: Actor, case: Case, parts: Iterable[DocumentPart]) -> list[ReceivedSummons]:
    """Those that have come, the nearest meeting ahead first; no question when there are none."""
    by_document: dict[UUID, list[DocumentPart]] = {}
    for part in parts:
        if part.kind == DocumentKind.SUMMONS:
            by_document.setdefault(part.document_id, []).append(part)
    if not by_document:
        return []
    ours = summonses_received(case, actor.unit_id)
    us = Unit(pk=actor.unit_id, authority_id=actor.authority_id)
    units = list(units_of_same_party(us)) if any(one.takes_answers for one in ours.values()) else []
    found = [_received(actor, ours[key], each, units) for key, each in by_document.items() if key in ours]
    return sorted((_with_newer(one, found) for one in found), key=_nearest)


def looked_at(request: DoorRequest, case: Case, summonses: Sequence[ReceivedSummons]) -> None:
    """Say on the trail which summonses were read, and on which disclosure that rests."""
    for one in summonses:
        items: list[Item] = [("summons", one.summons.pk, 0)]
        if one.summons.document_id:
            items.append(("document", one.summons.document_id, one.version))
        rests_on = [("disclosure", one.summons.disclosure_id)] if one.summons.disclosure_id else []
        request.looked_in(case, Tag.SUMMONS_READ, items=items, rights=rests_on)


def summons_on_paper(case: Case, one: ReceivedSummons, footer: tuple[str, ...] = ()) -> PrintedDocument:
    """The same to print: only the parts that this reader has. Paper lies about: an old one says so."""
    if one.is_ahead and not one.is_open:
        footer = (*footer, gettext("Kallelsen gäller inte längre."))
    return on_paper(
        one.blocks,
        title=one.title,
        reference=case.reference,
        dated=day_of(one.summons.sent_at),
        issuer=f"{holder(case)}, {written_date(day_of(one.summons.sent_at))}",
        footer=footer,
    )


def _with_newer(one: ReceivedSummons, found: Sequence[ReceivedSummons]) -> ReceivedSummons:
    """With the last of those that came instead: each was sent in the act that took the one before back."""
    newer, at = None, one.summons.cancelled_at
    while at is not None:
        after = next((each for each in found if each.summons.sent_at == at), None)
        newer, at = (after, after.summons.cancelled_at) if after else (newer, None)
    return replace(one, newer=newer)


def _received(
    actor: Actor, summons: Summons, parts: Sequence[DocumentPart], units: Sequence[Unit]
) -> ReceivedSummons:
    blocks = blocks_of(parts)
    return ReceivedSummons(
        summons=summons,
        blocks=blocks,
        version=parts[0].version,
        title=parts[0].title,
        when=when(blocks),
        parts=summons_parts(blocks),
        form=AnswerForm(initial=fresh(summons), units=units),
        may_answer=rules.may_answer(actor, summons),
    )


def _nearest(one: ReceivedSummons) -> tuple[bool, float]:
    at = one.when.starts_at.timestamp() if one.when else 0.0
    return (not one.is_open, at if one.is_open else -at)
