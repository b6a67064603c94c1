"""The signed paper beside the answer that it proves: laid in, opened as a file, taken out.

Here: the pages. Not here: what a scan may be and how it is made safe (`humla.consents.papers`).

A scan is never shown inside a page of ours: it is sent as a file to save, in a box that may run nothing.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.consents import wording
from humla.consents.models import Consent, PaperKind, PlanConsent
from humla.consents.papers import content_of, lay_in, may_remove, may_scan, paper_of, papers_in, take_out
from humla.consents.visibility import consent_in, plan_answers
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.web.consent_ways import whose
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.page import render

_ENDINGS = {PaperKind.PDF: "pdf", PaperKind.JPEG: "jpg"}


class ScanForm(forms.Form):
    """One file."""

    scan = forms.FileField(
        label=_("Det inskannade papperet"),
        help_text=_("En pdf eller en bild, högst 5 MB. Kontrollera att det är rätt person."),
        error_messages={
            "required": _("Välj en fil på högst 5 MB."),
            "empty": _("Filen är tom. Välj en annan."),
            "invalid": _("Välj en fil på högst 5 MB."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
    )


@case_page(methods=("GET", "POST"))
def signed_papers(request: DoorRequest, case: Case, answer_id: UUID) -> HttpResponse:
    """The papers of one answer, and room for one more."""
    only_where_held(request, case)
    answer = _answer_or_404(case, answer_id)
    form = ScanForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            lay_in(case, answer, form.cleaned_data["scan"].read(), by=request.actor)
        except NotAllowed as refused:
            form.add_error("scan", refused.reason)
        else:
            messages.success(request, gettext("Papperet är sparat, krypterat."))
            return redirect("signed_papers", case_id=case.pk, answer_id=answer.pk)
    every = papers_in(case)
    mine = [one for one in every if answer.pk in (one.consent_id, one.plan_consent_id)]
    for one in mine:
        one.case = case
    request.looked_in(case, Tag.CASE_READ, items=[("consent", answer.pk, 0)])
    context: dict[str, Any] = {
        **whose(case),
        "answer": answer,
        "of_whom_to": answer.receiver_unit.name if isinstance(answer, Consent) else "",
        "how": wording.how_given(answer),
        "rows": [{"paper": one, "may_remove": may_remove(request.actor, one)} for one in mine],
        "form": form,
        "may_scan": may_scan(request.actor, case, answer, every),
    }
    return render(request, "consents/papers.html", context)


@case_page()
def signed_paper(request: DoorRequest, case: Case, scan_id: UUID) -> HttpResponse:
    """The file itself, to save."""
    only_where_held(request, case)
    paper = paper_of(case, scan_id)
    if paper is None:
        raise Http404
    request.looked_in(case, Tag.PAPER_READ, items=[("paper", paper.pk, 0)])
    name = f"samtycke-{case.reference}.{_ENDINGS[PaperKind(paper.kind)]}"
    return HttpResponse(
        content_of(paper),
        content_type=paper.kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


@case_page(methods=("POST",))
def remove_signed_paper(request: DoorRequest, case: Case, scan_id: UUID) -> HttpResponse:
    """It was the wrong paper."""
    only_where_held(request, case)
    paper = paper_of(case, scan_id)
    if paper is None:
        raise Http404
    answer_id = paper.consent_id or paper.plan_consent_id
    try:
        take_out(paper, by=request.actor)
    except Stale:
        messages.info(request, gettext("Papperet var redan borttaget."))
    else:
        messages.success(request, gettext("Papperet är borttaget. Att det fanns står kvar på spåret."))
    return redirect("signed_papers", case_id=case.pk, answer_id=answer_id)


def _answer_or_404(case: Case, answer_id: UUID) -> Consent | PlanConsent:
    consent = consent_in(case, answer_id)
    if consent is not None:
        return consent
    found = next((one for one in plan_answers(case) if one.pk == answer_id), None)
    if found is None:
        raise Http404
    return found
