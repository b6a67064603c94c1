"""Whose yes each authority asks for when the person is a child: read by staff, written by the administrator.

Here: the two pages. Not here: what follows for an answer (`humla.representatives.rules`).
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.core.context import today
from humla.core.fields import ChoiceField, ProseField
from humla.core.versions import Stale
from humla.representatives.actions import write_policy
from humla.representatives.models import Disagreement, Needed
from humla.representatives.policy import ADULT, Policy, bands_of, policies, policy_of
from humla.representatives.rules import may_write_policy
from humla.representatives.visibility import authorities_with_policy
from humla.web.door import DoorRequest, office_page
from humla.web.page import render
from humla.web.two_texts import sent_version

BANDS = 3
"""So many ages a page can tell apart: small children, those who understand, those who are nearly grown."""


def _needed() -> list[tuple[str, str]]:
    return [(one.value, str(one.label).capitalize()) for one in Needed]


def _disagreements() -> list[tuple[str, str]]:
    return [(one.value, str(one.label).capitalize()) for one in Disagreement]


class PolicyForm(forms.Form):
    """Up to three ages with whose yes is asked for, and what holds when guardians answer differently."""

    starts_from = forms.IntegerField(
        label=_("Från vilken ålder säger barnet själv ja till att en plan görs?"),
        min_value=0,
        max_value=ADULT,
        error_messages={"required": _("Skriv en ålder, till exempel 16.")},
    )
    if_disagree = ChoiceField(
        label=_("När vårdnadshavarna svarar olika"),
        choices=_disagreements,
        widget=forms.RadioSelect,
        missing=_("Välj vad som gäller."),
    )
    reference = ProseField(
        500,
        rows=2,
        label=_("Vad det vilar på"),
        help_text=_("Lagrum och myndighetens eget beslut, med datum."),
        missing=_("Skriv vad ordningen vilar på."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for number in range(BANDS):
            first = number == 0
            self.fields[f"from_age_{number}"] = forms.IntegerField(
                label=gettext("Från år"), min_value=0, max_value=ADULT - 1, required=False, disabled=first
            )
            self.fields[f"needed_{number}"] = ChoiceField(
                label=gettext("Vems ja behövs?"),
                choices=[("", gettext("Används inte")), *_needed()] if not first else _needed(),
                required=first,
            )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        ages: list[int] = []
        for number in range(BANDS):
            age, needed = said.get(f"from_age_{number}"), said.get(f"needed_{number}")
            if needed and age is None and f"from_age_{number}" not in self.errors:
                self.add_error(f"from_age_{number}", gettext("Skriv från vilken ålder det gäller."))
            elif needed and age is not None:
                if age in ages:
                    self.add_error(f"from_age_{number}", gettext("Den åldern står redan. Skriv en annan."))
                ages.append(age)
        return said

    def bands(self) -> list[dict[str, Any]]:
        """What is said of each age."""
        said = self.cleaned_data
        return [
            {"from_age": said[f"from_age_{number}"] or 0, "needed": said[f"needed_{number}"]}
            for number in range(BANDS)
            if said.get(f"needed_{number}")
        ]


@office_page()
def guardian_policies(request: DoorRequest) -> HttpResponse:
    """What each authority of the förbund has decided."""
    found = list(authorities_with_policy())
    told = policies([one.pk for one in found])
    context = {
        "rows": [{"authority": one, "policy": told[one.pk]} for one in found],
        "may_write": may_write_policy(request.actor),
    }
    return render(request, "representatives/policies.html", context)


@office_page(methods=("GET", "POST"))
def guardian_policy(request: DoorRequest, authority_id: UUID) -> HttpResponse:
    """One authority's own text; a new version each time it is saved."""
    authority = authorities_with_policy().filter(pk=authority_id).first()
    if authority is None or not may_write_policy(request.actor):
        raise Http404
    current = policy_of(authority.pk)
    form = PolicyForm(request.POST or None, initial=_as_it_stands(current))
    theirs: Policy | None = None
    version = sent_version(request) if request.method == "POST" else current.version
    if request.method == "POST" and form.is_valid():
        try:
            write_policy(authority, _policy(form), version=version, by=request.actor)
        except Stale:
            theirs, version = policy_of(authority.pk), policy_of(authority.pk).version
        else:
            messages.success(request, gettext("Ordningen är sparad och gäller från nu."))
            return redirect("guardian_policies")
    context = {
        "authority": authority,
        "form": form,
        "bands": [(form[f"from_age_{one}"], form[f"needed_{one}"]) for one in range(BANDS)],
        "theirs": theirs,
        "version": version,
        "policy": current,
        "may_write": may_write_policy(request.actor),
    }
    return render(request, "representatives/policy.html", context)


def _as_it_stands(policy: Policy) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "starts_from": policy.starts_from,
        "if_disagree": policy.if_disagree,
        "reference": policy.reference,
    }
    for number, band in enumerate(policy.bands[:BANDS]):
        initial |= {f"from_age_{number}": band.from_age, f"needed_{number}": band.needed.value}
    return initial


def _policy(form: PolicyForm) -> Policy:
    said = form.cleaned_data
    return Policy(
        bands=bands_of(form.bands()),
        if_disagree=said["if_disagree"],
        starts_from=said["starts_from"],
        reference=said["reference"],
        version=0,
        written=today(),
    )
