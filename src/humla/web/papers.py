"""A frozen document of any kind, from its parts alone: what a page shows of it, and the same to print.

Here: which concept's words belong to which kind. Not here: who may read the parts, and where they come from:
from a copy in the reader's own record (`received_copies`), or from behind a one-time code (`opening_link`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from humla.core.dates import day_of, written_date
from humla.core.document import PrintedDocument
from humla.disclosures.models import DocumentKind, DocumentPart
from humla.followups import document as followups
from humla.plans.document import blocks_of, shown
from humla.plans.paper import printed
from humla.web.meetings.reading import on_paper, summons_parts, when


@dataclass(frozen=True)
class Paper:
    """What has been read, and of which document."""

    kind: str
    title: str
    reference: str
    parts: Sequence[DocumentPart]
    unit: UUID | None = None

    def shown(self) -> dict[str, Any]:
        """For `received/frozen.html`: parts of a plan or a summons, or chapters of another paper."""
        blocks = blocks_of(self.parts)
        if self.kind in _CHAPTERED:
            return {"chapters": followups.shown(self.parts), "parts": [], "when": None}
        if self.kind == DocumentKind.SUMMONS:
            return {"chapters": [], "parts": summons_parts(blocks), "when": when(blocks)}
        return {"chapters": [], "parts": shown(blocks, unit=self.unit), "when": None}

    def printed(self, *, given_at: datetime, issuer: str, to: str) -> PrintedDocument:
        """The same on paper, and at its foot to which unit it was handed over and when."""
        given_on = day_of(given_at)
        handed_over = gettext("Utlämnad till %(unit)s den %(day)s, med stöd av samtycke.")
        words: dict[str, Any] = {
            "title": self.title,
            "reference": self.reference,
            "dated": given_on,
            "issuer": issuer,
            "footer": (handed_over % {"unit": to, "day": written_date(given_on)},),
        }
        if self.kind in _CHAPTERED:
            return followups.printed(followups.shown(self.parts), **words)
        blocks = blocks_of(self.parts)
        if self.kind == DocumentKind.SUMMONS:
            return on_paper(blocks, **words)
        return printed(shown(blocks, unit=self.unit), **words)


_CHAPTERED = (DocumentKind.FOLLOW_UP, DocumentKind.CLOSING)
