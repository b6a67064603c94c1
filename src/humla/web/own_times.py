"""Which times can you? The person says it first, or whoever receives summonses for her; then the others are
asked.

Here: her page, said to "du", and the same for a representative. Not here: the answer itself
(`humla.scheduling.actions`), nor the others' pages (`times_link`, `times`).
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from humla.audit.tags import Tag
from humla.core.context import Kind
from humla.meetings.models import MeetingForm, MeetingKind
from humla.plans.own import own_persons
from humla.representatives.models import MandateKind
from humla.representatives.visibility import ActedBy
from humla.scheduling.asked import AskedTimes, asked_times
from humla.scheduling.visibility import Offered, called_by, own_offer
from humla.web.door import DoorRequest, person_page, representative_page
from humla.web.page import Me, render, render_own
from humla.web.times_link import TapForm, answered


class OwnTapForm(TapForm):
    """The same, said to one person."""

    def __init__(self, data: Any = None, *, asked: AskedTimes) -> None:
        super().__init__(data, asked=asked)
        self.fields["yes"].label = _("Vilka tider kan du?")
        self.fields["if_needed"].label = _("Vilka kan du om det behövs?")

    def nothing_chosen(self) -> str:
        """What to do instead, when the button was pressed with nothing ticked."""
        return _("Tryck på tiderna som du kan, eller välj Ingen av tiderna.")


@person_page(methods=("GET", "POST"))
def own_times(request: DoorRequest, invitee_id: UUID) -> HttpResponse:
    """The times, who will be asked about them, and two buttons."""
    asked = _asked_or_404(invitee_id)
    form = OwnTapForm(request.POST or None, asked=asked)
    if request.method == "POST" and (not asked.is_open or _answered(request, asked, form)):
        return redirect("own_times", invitee_id=asked.invitee_id)
    found = own_offer(asked.offer_id)
    if found is None:
        raise Http404
    request.looked_in(found.offer.case, Tag.OWN_PAGE_READ, items=[("time_offer", asked.offer_id, 0)])
    return render_own(request, "own/times.html", own_persons(), _context(request, asked, form, found))


@representative_page(methods=("GET", "POST"))
def represented_times(request: DoorRequest, acting: ActedBy, invitee_id: UUID) -> HttpResponse:
    """The same for whoever receives summonses for her."""
    asked = _asked_or_404(invitee_id)
    if asked.person_id != acting.person_id:
        raise Http404
    form = OwnTapForm(request.POST or None, asked=asked)
    if request.method == "POST" and (not asked.is_open or _answered(request, asked, form)):
        return redirect("represented_times", person_id=acting.person_id, invitee_id=asked.invitee_id)
    request.looked(
        Tag.REPRESENTED_PAGE_READ,
        person=acting.person_id,
        items=[("time_offer", asked.offer_id, 0)],
        allowed_by=[("mandate", acting.id)],
    )
    me = Me(acting.name, "", str(MandateKind(acting.kind).label), Kind.REPRESENTATIVE.value)
    context = {"me": me, "acting": acting, **_context(request, asked, form, None)}
    return render(request, "representatives/times.html", context)


def _answered(request: DoorRequest, asked: AskedTimes, form: TapForm) -> bool:
    if not answered(request, asked, form, asked.invitee_id, is_unit=False):
        return False
    if form.was_taken:
        messages.success(request, _("Tack. Ditt svar är sparat. Du kan ändra det tills tiden är bestämd."))
    return True


def _asked_or_404(invitee_id: UUID) -> AskedTimes:
    asked = asked_times(invitee_id)
    if asked is None:
        raise Http404
    return asked


def _context(
    request: DoorRequest, asked: AskedTimes, form: TapForm, found: Offered | None
) -> Mapping[str, Any]:
    offer = found.offer if found else None
    return {
        "here": request.path,
        "asked": asked,
        "form": form,
        "kind": MeetingKind(asked.kind).label,
        "how": MeetingForm(asked.form).label,
        "place": offer.place if offer and offer.form in (MeetingForm.IN_PERSON, MeetingForm.HYBRID) else "",
        "purpose": offer.purpose if offer else "",
        "interpreter": offer.interpreter if offer else "",
        "who": [called_by(one) for one in found.others] if found else [],
        "settled": offer.settled_meeting.starts_at if offer and offer.settled_meeting else None,
    }
