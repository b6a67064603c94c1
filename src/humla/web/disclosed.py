"""One act of handing over, as the giver sees it afterwards: has it come, what came back, calling it back.

Here: the page of one disclosure. Not here: handing over and undoing within the minute (`handover`), nor what
the receiver sees of it (`received`, `received_copies`).
"""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.visibility import is_held
from humla.consents.wording import names_of
from humla.core.fields import ChoiceField
from humla.disclosures import actions
from humla.disclosures.models import Disclosure, DocumentKind, RecallCause
from humla.disclosures.rules import may_recall
from humla.disclosures.visibility import disclosures_of, replies_to
from humla.organisation.visibility import names_of_professionals
from humla.web.door import DoorRequest, case_page
from humla.web.page import render


class RecallForm(forms.Form):
    """Why it is called back. No free words: whoever got it by mistake reads the reason."""

    why = ChoiceField(
        label=_("Varför återkallas handlingen?"),
        choices=[
            (RecallCause.RECEIVER, _("Den gick till fel enhet")),
            (RecallCause.CONTENT, _("Innehållet var fel")),
        ],
        widget=forms.RadioSelect,
        missing=_("Välj varför handlingen återkallas."),
    )


@case_page(methods=("GET", "POST"))
def disclosed(request: DoorRequest, case: Case, disclosure_id: UUID) -> HttpResponse:
    """What was handed over, whether it has come, what came back; and the button that calls it back."""
    act = _act_or_404(request, case, disclosure_id)
    form = RecallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.recall(act, why=form.cleaned_data["why"], by=request.actor)
        messages.success(
            request,
            gettext("Återkallad. %(unit)s kan inte läsa den längre och får veta det.")
            % {"unit": act.receiver_unit.name},
        )
        return redirect("disclosed", case_id=case.pk, disclosure_id=act.pk)
    # By her assignment alone: the consent let the receiver read, and not her.
    request.looked_in(case, Tag.DOCUMENT_READ, items=[("disclosure", act.pk, 0)])
    people = {one for one in (act.disclosed_by_id, act.received_by_id, act.recalled_by_id) if one}
    context = {
        "case": case,
        "act": act,
        "names": names_of_professionals(people),
        "replies": replies_to(act),
        "categories": names_of(act.categories),
        "why": RecallCause(act.recalled_why).label if act.recalled_why else "",
        "may_recall": may_recall(request.actor, case, act),
        "form": form,
        "document_url": _document_url(case, act),
    }
    return render(request, "plans/disclosed.html", context)


def _act_or_404(request: DoorRequest, case: Case, disclosure_id: UUID) -> Disclosure:
    acts = disclosures_of(case.pk) if is_held(case, request.actor) else []
    for act in acts:
        if act.pk == disclosure_id:
            act.case = case
            return act
    raise Http404


def _document_url(case: Case, act: Disclosure) -> str:
    document = act.document
    if document.kind == DocumentKind.PLAN:
        return reverse("plan_version", kwargs={"case_id": case.pk, "version": document.version})
    if document.kind == DocumentKind.SUMMONS:
        return reverse("meetings", kwargs={"case_id": case.pk})
    return reverse("case_document", kwargs={"case_id": case.pk, "paper_id": document.pk})
