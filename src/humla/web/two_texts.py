"""Two who write in the same thing: the version a form was made for, its draft, and both texts side by side.

Here: what every page that edits something shares. Not here: the pages (`humla.web.people`,
`humla.web.plans.editing`), what is done when somebody was first (`humla.core.versions.Stale`), nor how a
draft is kept (`humla.drafts`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from humla.cases.models import Case
from humla.core.dates import written_date
from humla.drafts.actions import draft_of, typed_in


@dataclass(frozen=True)
class TwoTexts:
    """One field where what was typed is not what stands, both as their readers see them."""

    label: str
    mine: str
    theirs: str


def differing(
    fields: Mapping[str, forms.Field], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[TwoTexts]:
    """The fields where the two differ, in the order of the form; what was not asked does not differ."""
    both = [
        TwoTexts(str(field.label), _in_words(field, mine[name]), _in_words(field, theirs[name]))
        for name, field in fields.items()
        if name in mine and name in theirs
    ]
    return [one for one in both if one.mine != one.theirs]


def sent_version(request: HttpRequest) -> int:
    """The version that a form was made for. What no page of ours sends conflicts with everything."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def prefilled(
    request: HttpRequest, name: str, saved: Mapping[str, Any]
) -> tuple[dict[str, Any], datetime | None]:
    """What the form starts with, and when its draft was kept; `?sparat` asks for what is saved instead."""
    draft = draft_of(name) if "sparat" not in request.GET else None
    return ({**saved, **typed_in(draft)}, draft.saved_at) if draft else (dict(saved), None)


def draft_url(case: Case, name: str) -> str:
    """Where the browser keeps what is being typed."""
    return f"{reverse('save_draft')}?case={case.pk}&form={name}"


def _in_words(field: forms.Field, value: Any) -> str:
    """A value as the reader of the form sees it, whether it was saved, sent, or kept in a draft."""
    if isinstance(field, forms.BooleanField):
        return _("ja") if value in (True, "True", "on") else _("nej")
    if isinstance(value, date):
        return written_date(value)
    sought = str("" if value is None else getattr(value, "pk", value))
    for key, label in getattr(field, "choices", ()):
        for each, words in label if isinstance(label, list | tuple) else [(key, label)]:
            if str(each) == sought:
                return str(words)
    if isinstance(field, forms.DateField) and sought:
        try:
            return written_date(date.fromisoformat(sought))
        except ValueError:
            return sought
    return sought or _("inget")
