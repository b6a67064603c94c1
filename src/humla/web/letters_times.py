"""The times to choose among, on paper: for the person and others who have no mailbox with us.

Here: one page, a pdf with a slip to send back. Not here: the offer and noting what came back
(`humla.web.times`), the other letters (`letters`).
"""

from uuid import UUID

from django.http import Http404, HttpResponse

from humla.agreements.words import words_in_force
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.core.post_paper import render_letters
from humla.letters.document import posted_times
from humla.letters.visibility import addressee_of
from humla.scheduling.visibility import offered
from humla.web.door import DoorRequest, case_page, only_where_held


@case_page()
def times_letter(request: DoorRequest, case: Case, offer_id: UUID, invitee_id: UUID) -> HttpResponse:
    """To somebody who still is asked; the others only get times that the person can."""
    only_where_held(request, case)
    found = offered(case, offer_id)
    invitee = next((one for one in found.asked if one.pk == invitee_id), None) if found else None
    if found is None or invitee is None or found.offer.closed_at is not None:
        raise Http404
    if invitee != found.person and not any(found.is_told_of(one) for one in found.open_slots):
        raise Http404
    request.looked_in(case, Tag.LETTERS_PRINTED, items=[("time_offer", found.offer.pk, 0)])
    made = posted_times(found, invitee, addressee_of(invitee), case=case, words=words_in_force())
    return HttpResponse(
        render_letters([made], title=made.document.title),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="tider-{case.reference}.pdf"',
            "Cache-Control": "no-store",
        },
    )
