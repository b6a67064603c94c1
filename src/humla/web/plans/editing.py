"""What every edit page of a plan shares: the draft, the version it was made for, two texts side by side.

Here: one form from first sight to saved, and the fields that several forms have. Not here: the forms and
what they write (`goals`, `commitments`, `settling`).
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.cases.models import Case
from humla.core.dates import written_date
from humla.core.fields import ChoiceField, SwedishDateField
from humla.core.versions import Stale
from humla.drafts.actions import draft_of, drop_draft, typed_in
from humla.plans import rules
from humla.plans.document import HEADINGS
from humla.web.door import DoorRequest
from humla.web.page import render
from humla.web.plans.opening import back, head, looked, plan_or_404


def date_field(label: str | Promise, *, required: bool = False) -> SwedishDateField:
    """A day, with the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return SwedishDateField(label=label, required=required, widget=widget)


def category_field() -> ChoiceField:
    """Which kind of information it is: what decides who may read it."""
    return ChoiceField(
        label=gettext_lazy("Slag av uppgift"),
        help_text=gettext_lazy("Bara mottagare som får veta det här slaget ser raden."),
        choices=category_choices,
        missing=gettext_lazy("Välj vilket slag av uppgift det är."),
    )


def category_choices() -> list[tuple[str, Any]]:
    """The kinds that can stand in a plan, by the names of its chapters."""
    return [(one.value, HEADINGS[one]) for one in rules.CATEGORIES]


class FormPage:
    """One form of the plan: prefilled from what was never sent, shown, sent back, or done."""

    def __init__(
        self,
        request: DoorRequest,
        case: Case,
        name: str,
        *,
        title: str,
        template: str,
        row: UUID | None = None,
        keeps_draft: bool = True,
    ) -> None:
        self.request, self.case, self.title, self.template = request, case, title, template
        self.plan = plan_or_404(request, case)
        self.draft, self.keeps_draft = f"{name}:{row or self.plan.pk}", keeps_draft
        self.version = sent_version(request)

    def shown(
        self,
        form: type[forms.Form],
        saved: Mapping[str, Any],
        *,
        version: int | None = None,
        **options: Any,
    ) -> HttpResponse:
        """The form for the first time, with what is saved, or with what the user typed and never sent."""
        initial, drafted_at = prefilled(self.request, self.draft, saved)
        if version is not None and str(initial.get("made_for", "")).isdigit():
            # A draft belongs to the version it was typed over: others may have changed the text since.
            version = int(initial["made_for"])
        return self._render(form(initial=initial, **options), version=version, drafted_at=drafted_at)

    def came_back(self, form: forms.Form) -> HttpResponse:
        """The form with its errors and everything that was typed."""
        return self._render(form, version=self.version or None)

    def conflict(
        self, form: forms.Form, theirs: Mapping[str, Any], stale: Stale, *, was: str = ""
    ) -> HttpResponse:
        """Both texts, and the form with mine in it, now made for the version that is there."""
        texts = [
            {"label": str(form[name].label), "mine": mine, "theirs": their}
            for name, value in theirs.items()
            if (mine := _in_words(form, name, form[name].value())) != (their := _in_words(form, name, value))
        ]
        form.data = {**{name: form[name].value() for name in form.fields}, "was": was}
        version: int = stale.theirs.version  # type: ignore[attr-defined]
        return self._render(form, version=version, conflicts=texts)

    def done(self, note: str, where: str = "") -> HttpResponse:
        """Saved: the draft is gone, and the plan is shown where it was changed."""
        drop_draft(self.draft)
        messages.success(self.request, note)
        return back(self.case, where)

    def _render(
        self,
        form: forms.Form,
        *,
        version: int | None,
        drafted_at: datetime | None = None,
        conflicts: Iterable[Mapping[str, str]] = (),
    ) -> HttpResponse:
        looked(self.request, self.case, self.plan)
        context = {
            **head(self.case, self.plan),
            "title": self.title,
            "request_path": self.request.path,
            "draft_url": draft_url(self.case, self.draft) if self.keeps_draft else "",
            "form": form,
            "version": version,
            "drafted_at": drafted_at,
            "conflicts": list(conflicts),
            "may_write": rules.may_write(self.request.actor, self.case),
        }
        return render(self.request, self.template, context)


def prefilled(
    request: DoorRequest, name: str, saved: Mapping[str, Any]
) -> tuple[dict[str, Any], datetime | None]:
    """What the form starts with, and when its draft was kept; `?sparat` asks for what is saved instead."""
    draft = draft_of(name) if "sparat" not in request.GET else None
    return ({**saved, **typed_in(draft)}, draft.saved_at) if draft else (dict(saved), None)


def draft_url(case: Case, name: str) -> str:
    """Where the browser keeps what is being typed."""
    return f"{reverse('save_draft')}?case={case.pk}&form={name}"


def sent_version(request: DoorRequest) -> int:
    """The version that a form was made for. What no page of ours sends conflicts with everything."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def mark(*values: object) -> str:
    """Which words a form was made for, when they are a part of something that changes more often."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def values(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """What a row says, by the names of the form's fields."""
    return {name: getattr(row, name) for name in names}


def _in_words(form: forms.Form, name: str, value: Any) -> str:
    """A value as the reader of the form sees it, to lay beside another."""
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, date):
        return written_date(value)
    sought = str(getattr(value, "pk", value) or "")
    choices = getattr(form.fields[name], "choices", ())
    for key, label in choices:
        for each, words in label if isinstance(label, list | tuple) else [(key, label)]:
            if str(each) == sought:
                return str(words)
    try:
        return written_date(date.fromisoformat(sought))
    except ValueError:
        return sought
