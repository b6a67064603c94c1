"""The next version of the agreement: begin, see what is changed, send for signature, throw, take back.

Here: the draft's own page and its deeds. Not here: its chapters (`humla.web.agreement_chapters`) and texts
(`humla.web.agreement_texts`), the signatures (`humla.web.agreement`).
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.agreements.chapters import LABELS, Chapter
from humla.agreements.comparing import changes
from humla.agreements.drafting import (
    begin_draft,
    pick_up_draft,
    send_for_signature,
    take_back_draft,
    throw_draft,
)
from humla.agreements.models import LocalAgreement, TextKind
from humla.agreements.rules import may_send
from humla.agreements.visibility import agreement_of, agreements, draft_agreement
from humla.web.agreement import agreement_or_404, by_chapter
from humla.web.door import DoorRequest, administrator_page
from humla.web.page import render


@administrator_page()
def agreement_draft(request: DoorRequest) -> HttpResponse:
    """Everything that can be written, what is otherwise than now, and what is missing before it is sent."""
    draft = draft_agreement()
    if draft is None:
        thrown = agreements().filter(is_draft=True).order_by("-thrown_at").first()
        return render(request, "agreement/no_draft.html", {"thrown": thrown})
    before = agreement_of(draft.follows_id) if draft.follows_id else None
    found = changes(before, draft) if before else []
    changed = {one.where for one in found}
    context = {
        "draft": draft,
        "before": before,
        "chapters": [(one, LABELS[one], str(LABELS[one]) in changed) for one in Chapter],
        "texts": [(kind.value, TEXTS[kind], str(kind.label).capitalize() in changed) for kind in TextKind],
        "changes": by_chapter(found),
        "count": len(found),
        "may_send": may_send(request.actor, draft),
    }
    return render(request, "agreement/draft.html", context)


@administrator_page(methods=("POST",))
def begin_agreement_draft(request: DoorRequest) -> HttpResponse:
    """A copy of the version in force to write in; whoever comes second comes to the same one."""
    begin_draft(by=request.actor)
    return redirect("agreement_draft")


@administrator_page(methods=("POST",))
def send_agreement_draft(request: DoorRequest) -> HttpResponse:
    """The parties can sign it; nobody can change it after the first of them has."""
    draft = draft_or_404()
    send_for_signature(draft, by=request.actor)
    messages.success(
        request, _("Versionen är skickad för underskrift. Skriv in varje part när den har skrivit under.")
    )
    return redirect("agreement_version", agreement_id=draft.pk)


@administrator_page(methods=("POST",))
def throw_agreement_draft(request: DoorRequest) -> HttpResponse:
    """It goes away from here, and can be picked up again."""
    throw_draft(draft_or_404(), by=request.actor)
    messages.success(request, _("Utkastet är kastat. Du kan ta tillbaka det här."))
    return redirect("agreement_draft")


@administrator_page(methods=("POST",))
def pick_up_agreement_draft(request: DoorRequest, agreement_id: UUID) -> HttpResponse:
    """What was thrown is there again as it was."""
    pick_up_draft(agreement_or_404(agreement_id), by=request.actor)
    messages.success(request, _("Utkastet är tillbaka."))
    return redirect("agreement_draft")


@administrator_page(methods=("POST",))
def take_back_agreement(request: DoorRequest, agreement_id: UUID) -> HttpResponse:
    """What was sent is a draft again, while nobody has signed it."""
    take_back_draft(agreement_or_404(agreement_id), by=request.actor)
    messages.success(request, _("Versionen är ett utkast igen. Ändra och skicka den på nytt."))
    return redirect("agreement_draft")


def draft_or_404() -> LocalAgreement:
    """The draft that is being written."""
    found = draft_agreement()
    if found is None:
        raise Http404
    return found


TEXTS = {
    TextKind.LETTER: gettext_lazy("Breven"),
    TextKind.GUIDANCE: gettext_lazy("Vägledningen för varje steg"),
    TextKind.QUESTION: gettext_lazy("Frågorna i ”Är SIP rätt?”"),
}
