"""What a receiver would see if the person said yes to just this: the receiver's own page, before the yes.

Here: putting it together, for the staff's form and for the person's. Not here: the page itself
(`received/plan.html`) nor the plan (`humla.plans.document`).
"""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext

from humla.cases.models import CHOSEN, Case, Category
from humla.consents import wording
from humla.organisation.models import Unit
from humla.plans.document import parts_of, shown
from humla.plans.models import Plan
from humla.web.received import Head, calling

CODES = [category.value for category in CHOSEN]


def chosen_in(asked: Collection[str]) -> list[str]:
    """The kinds that were ticked, in their order; anything else in an address is nothing."""
    return [code for code in CODES if code in asked]


def preview_of(
    case: Case, plan: Plan | None, *, unit: Unit | None, chosen: Collection[str]
) -> dict[str, Any]:
    """What the page is drawn from: the plan as it stands now, cut as the ticks stand now."""
    visible = {Category.IDENTITY, *map(Category, chosen)}
    parts = {key: blocks for key, blocks in parts_of(plan).items() if key in visible} if plan else {}
    return {
        "case": case,
        "head": _head(case, unit, [Category.IDENTITY.value, *chosen], plan),
        "parts": shown(parts, unit=unit.pk if unit else None),
        "consent": None,
        "disclosure": None,
        "is_preview": True,
    }


def _head(case: Case, unit: Unit | None, categories: Collection[str], plan: Plan | None) -> Head:
    call, phone = calling(plan.lead if plan else None, case.unit)
    return Head(
        title=gettext("Plan, utkast"),
        reference=case.reference,
        from_unit=case.unit.name,
        from_authority=case.authority.name,
        to_unit=unit.name if unit else "",
        may_know=wording.in_words(categories),
        call=call,
        phone=phone,
    )
