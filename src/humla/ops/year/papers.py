"""The follow-ups and closings of the year as the documents that the program freezes of them.

Here: what is made of rows that already lie in the database. Not here: the rows (`frozen.py`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from humla.cases.models import Category
from humla.disclosures.models import Document, DocumentKind
from humla.followups.document import closing_parts, follow_up_parts
from humla.followups.models import Closing, FollowUp, FollowUpState
from humla.followups.visibility import sheet_of
from humla.ops.year.frozen import freeze, hand_over
from humla.ops.year.held import Held
from humla.ops.year.setting import Setting


def write(setting: Setting, held: Held) -> None:
    """A document for each follow-up that is done and for each closing, in their order."""
    done = FollowUp.objects.filter(case=held.case, state=FollowUpState.DONE).select_related(
        "document", "case"
    )
    before = None
    for number, one in enumerate(done.order_by("held_on"), 1):
        words = held.plan.own_goal_category if held.plan else Category.NEEDS
        parts = follow_up_parts(
            sheet_of(one), held.person, number=number, words_category=words, before=before
        )
        at = one.done_at or one.begun_at
        document = freeze(setting, held, DocumentKind.FOLLOW_UP, "Uppföljning av planen", parts, at, number)
        _hand_over(setting, held, document, parts)
        before = one
    closings = Closing.objects.filter(case=held.case).select_related("case").order_by("closed_at")
    for number, closing in enumerate(closings, 1):
        parts = closing_parts(closing, closing.livelihood.all(), held.person)
        at = closing.closed_at
        document = freeze(setting, held, DocumentKind.CLOSING, "Avslut av planen", parts, at, number)
        _hand_over(setting, held, document, parts)


def _hand_over(
    setting: Setting, held: Held, document: Document, parts: Mapping[Category, Sequence[Any]]
) -> None:
    """To the units that read the plan, while their consent was in force."""
    for unit in held.consented:
        hand_over(setting, held, document, unit, parts, document.frozen_at, is_first=False)
