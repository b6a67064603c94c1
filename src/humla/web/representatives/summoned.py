"""Whoever may receive her summonses answers for her: the same form as her own, by the mandate of the session.

Not here: how far a mandate reaches (the walls), nor her own page (`humla.web.own_answer`).
"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from humla.audit.tags import Tag
from humla.representatives.visibility import ActedBy
from humla.web.door import DoorRequest, representative_page
from humla.web.own_answer import OwnAnswerForm, about, answered, is_sent, summons_or_404
from humla.web.representatives.acting import render_for


@representative_page(methods=("GET", "POST"))
def represented_summons(request: DoorRequest, acting: ActedBy, called_id: UUID) -> HttpResponse:
    """The answer for the person. She sees that it was given, and by whom."""
    found = summons_or_404(called_id)
    form = OwnAnswerForm(request.POST or None, for_her=True, initial=answered(found))
    if request.method == "POST" and form.is_valid() and is_sent(request, found, form):
        return redirect("represented", person_id=acting.person_id)
    request.looked(
        Tag.REPRESENTED_PAGE_READ,
        person=acting.person_id,
        items=[("summons", found.id, 0)],
        allowed_by=[("mandate", acting.id)],
    )
    context = {
        **about(request, found, form),
        "draft_url": "",
        "drafted_at": None,
        "holder": request.actor.authority_name,
        "back": "represented",
        "back_to": {"person_id": acting.person_id},
        "letter": None,
    }
    return render_for(request, "own/summons.html", acting, context)
