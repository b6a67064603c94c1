"""What every edit page of a plan shares: one form from first sight to saved, and fields that several have.

Not here: the forms and what they write (`goals`, `commitments`, `settling`), nor what happens when two
write in the same thing, which other pages have too (`humla.web.two_texts`).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.cases.models import Case
from humla.core.fields import ChoiceField, SwedishDateField
from humla.core.versions import Stale
from humla.drafts.actions import draft_of, drop_draft
from humla.organisation.models import Unit
from humla.plans import rules
from humla.web.door import DoorRequest, case_page
from humla.web.page import render
from humla.web.plans.opening import back, head, looked, plan_or_404
from humla.web.two_texts import TwoTexts, differing, draft_url, prefilled, sent_version


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
    """The kinds that can stand in a plan."""
    return [(one.value, one.label) for one in rules.CATEGORIES]


def asked_category_field(help_text: str | Promise) -> ChoiceField:
    """The same where no kind is likelier than another: it is asked, never guessed."""
    return ChoiceField(
        label=gettext_lazy("Slag av uppgift"),
        help_text=help_text,
        choices=lambda: [("", _("Välj")), *category_choices()],
        missing=gettext_lazy("Välj vilket slag av uppgift det är."),
    )


def by_party(units: Iterable[Unit]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Units as the choices of a form, under the party that each belongs to."""
    parties: dict[str, list[tuple[str, str]]] = {}
    for unit in units:
        parties.setdefault(unit.authority.party.name, []).append((str(unit.pk), unit.name))
    return list(parties.items())


@case_page(methods=("POST",))
def throw_draft(request: DoorRequest, case: Case) -> HttpResponse:
    """What was typed and never sent is thrown away; what is saved in the plan stays."""
    plan_or_404(request, case)
    kept = draft_of(request.POST.get("draft", ""))
    if kept is not None and kept.case_id == case.pk:  # Tries are counted among the drafts, in no case.
        drop_draft(kept.form)
    messages.success(request, _("Utkastet är slängt."))
    return back(case)


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
        mine = {name: form[name].value() for name in form.fields}
        texts = differing(form.fields, mine, theirs)
        form.data = {**mine, "was": was}
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
        conflicts: Sequence[TwoTexts] = (),
    ) -> HttpResponse:
        looked(self.request, self.case, self.plan)
        context = {
            **head(self.case, self.plan),
            "title": self.title,
            "request_path": self.request.path,
            "draft": self.draft,
            "draft_url": draft_url(self.case, self.draft) if self.keeps_draft else "",
            "form": form,
            "version": version,
            "drafted_at": drafted_at,
            "conflicts": conflicts,
            "may_write": rules.may_write(self.request.actor, self.case),
        }
        return render(self.request, self.template, context)


def mark(*values: object) -> str:
    """Which words a form was made for, when they are a part of something that changes more often."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def values(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """What a row says, by the names of the form's fields."""
    return {name: getattr(row, name) for name in names}
