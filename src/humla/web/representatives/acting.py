"""The pages of whoever acts for the person: what happens next, the plan, the meeting, and the yes of others.

Here: the pages, said to the representative about the person. Not here: how far a mandate reaches (the row
policies: what is not within it is not there), the person's own pages (`humla.web.own`), whose parts they use.

She reads that she was looked at: each page stands on the trail as the representative's, and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import override

from humla.audit.record import Item
from humla.audit.tags import Tag
from humla.consents import wording
from humla.consents.actions import withdraw
from humla.consents.asking import answer_no, answer_yes, may_answer, request_of, requests_by_case, stands
from humla.consents.models import ConsentRequest, RequestState
from humla.consents.rules import last_day
from humla.core.context import Kind, now
from humla.core.dates import day_of
from humla.core.rulings import NotAllowed, all_of
from humla.core.versions import Stale
from humla.disclosures.models import Document
from humla.meetings.models import Answer, MeetingForm, MeetingKind
from humla.meetings.own import OwnSummons, own_summonses
from humla.people.models import Language, Person
from humla.plans.document import LANGUAGE
from humla.plans.own import NextStep, OwnCase, own_cases, own_consent, own_parts, own_persons, own_version
from humla.plans.paper import printed
from humla.representatives.models import MandateKind
from humla.representatives.rules import may_answer_by_mandate
from humla.representatives.visibility import ActedBy, MeetingAhead, mandate_acted_by, meetings_ahead
from humla.scheduling.asked import all_asked_times
from humla.web.door import DoorRequest, acting_page, representative_page
from humla.web.own import ConsentCard, consent_card
from humla.web.own_consents import TicksForm
from humla.web.page import Me, pdf, render

_SOON = 5


@dataclass(frozen=True)
class ShownMeeting:
    """A meeting as the mandate lets it be known."""

    meeting: MeetingAhead
    called: OwnSummons | None = None
    """The summons that can be answered for the person, when there is one."""

    @property
    def kind(self) -> str:
        """What sort of meeting."""
        return str(MeetingKind(self.meeting.kind).label)

    @property
    def answered(self) -> str:
        """What was answered last, by the person or for her."""
        return str(Answer(self.called.answer).label) if self.called and self.called.is_answered else ""

    @property
    def how(self) -> str:
        """In a room, by video or on the phone."""
        return str(MeetingForm(self.meeting.form).label)

    @property
    def place(self) -> str:
        """The room, when there is one to go to."""
        return "" if self.meeting.form in (MeetingForm.VIDEO, MeetingForm.PHONE) else self.meeting.place

    @property
    def why(self) -> list[str]:
        """What it is about, as far as the mandate reaches."""
        one = self.meeting
        return [text for text in (one.purpose, one.questions, one.health_questions) if text]


@dataclass(frozen=True)
class RepresentedCase:
    """One case of the person's at the authority, with what the mandate opens of it."""

    own: OwnCase
    questions: list[ConsentRequest]
    soon: list[NextStep]
    meetings: list[ShownMeeting]
    open_consents: list[ConsentCard]
    closed_consents: list[ConsentCard]


@acting_page
def acting_for(request: DoorRequest) -> HttpResponse:
    """On to the page of the one person that the session acts for."""
    acting = mandate_acted_by()
    if acting is None:
        return redirect("choose_assignment")
    return redirect("represented", person_id=acting.person_id)


@representative_page()
def represented(request: DoorRequest, acting: ActedBy) -> HttpResponse:
    """What happens next for the person, as far as the mandate reaches."""
    person, cases = _person(acting), own_cases()
    called = own_summonses()
    meetings = [ShownMeeting(one, called.get(one.id)) for one in meetings_ahead()]
    asked = requests_by_case([one.case.pk for one in cases])
    versions = [one.version for one in cases if one.version]
    items: list[Item] = [("document", one.pk, one.version) for one in versions]
    _looked(request, acting, Tag.REPRESENTED_PAGE_READ, [*items, *_meetings_seen(meetings)])
    context = {
        "cards": [_card(one, request, meetings, asked) for one in cases],
        "reads": wording.names_of(acting.categories),
        "times": [one for one in all_asked_times() if one.is_open],
    }
    return _render(request, "representatives/for.html", acting, person, context)


@representative_page()
def represented_plan(request: DoorRequest, acting: ActedBy, document_id: UUID) -> HttpResponse:
    """One adopted version of the plan: its parts within the mandate."""
    version = _version(document_id)
    _looked(request, acting, Tag.REPRESENTED_PLAN_READ, [("document", version.pk, version.version)])
    context = {"version": version, "parts": own_parts(version)}
    return _render(request, "representatives/for_plan.html", acting, _person(acting), context)


@representative_page()
def represented_plan_pdf(request: DoorRequest, acting: ActedBy, document_id: UUID) -> HttpResponse:
    """The same on paper."""
    version = _version(document_id)
    case = version.case
    _looked(request, acting, Tag.DOCUMENT_PRINTED, [("document", version.pk, version.version)])
    with override(LANGUAGE):
        whose_copy = _("Ombudets exemplar: bara det som uppdraget omfattar. Version %(version)s.") % {
            "version": version.version
        }
    document = printed(
        own_parts(version, on_paper=True),
        title=version.title,
        reference=case.reference,
        dated=day_of(version.frozen_at),
        issuer=f"{case.unit.name}, {case.authority.name}",
        footer=(whose_copy,),
    )
    return pdf(document, name=f"plan-{case.reference}-{version.version}")


@representative_page(methods=("GET", "POST"))
def represented_withdraw(request: DoorRequest, acting: ActedBy, consent_id: UUID) -> HttpResponse:
    """Take back a yes that was given by mandate: first what it means, then one button."""
    consent = own_consent(consent_id)
    if consent is None:
        raise Http404
    if request.method == "POST":
        try:
            withdraw(consent, by=request.actor)
        except Stale:
            messages.info(request, _("Samtycket var redan återkallat."))
        except NotAllowed as refused:
            messages.info(request, refused.reason)
        else:
            messages.success(request, _("Samtycket är tillbakataget. De kan inte läsa planen längre."))
        return redirect("represented", person_id=acting.person_id)
    _looked(request, acting, Tag.REPRESENTED_PAGE_READ, [("consent", consent.pk, 0)])
    one = consent_card(consent, [], now(), request.actor)
    return _render(request, "representatives/for_withdraw.html", acting, _person(acting), {"one": one})


@representative_page(methods=("GET", "POST"))
def represented_question(request: DoorRequest, acting: ActedBy, request_id: UUID) -> HttpResponse:
    """May this unit know this about the person? Yes to some of it or all, or no."""
    asked = request_of(request_id)
    if asked is None:
        raise Http404
    posted = request.POST if request.method == "POST" and request.POST.get("svar") != "nej" else None
    form = TicksForm(posted, among=asked.categories, initial={"ends_on": last_day(asked.ends_at)})
    if request.method == "POST" and _answered(asked, form, request):
        return redirect("represented", person_id=acting.person_id)
    person = _person(acting)
    _looked(request, acting, Tag.REPRESENTED_PAGE_READ, [("consent_request", asked.pk, 0)])
    context = {
        "asked": asked,
        "form": form,
        "hints": wording.hints(),
        "may_answer": all_of(may_answer(request.actor, asked), may_answer_by_mandate(person, acting.kind)),
    }
    return _render(request, "representatives/for_question.html", acting, person, context)


def _answered(asked: ConsentRequest, form: TicksForm, request: DoorRequest) -> bool:
    """Does what was sent; what it was refused for stands on the form."""
    try:
        if request.POST.get("svar") == "nej":
            answer_no(asked, by=request.actor)
            messages.success(request, _("Ditt nej är sparat."))
            return True
        if not form.is_valid():
            return False
        answer_yes(asked, **form.cleaned_data, language=Language.SWEDISH, by=request.actor)
    except NotAllowed as refused:
        if form.is_bound:
            form.add_error(None, refused.reason)
            return False
        messages.info(request, refused.reason)
    except Stale:
        messages.info(request, _("Frågan var redan besvarad."))
    else:
        messages.success(request, _("Ditt ja är sparat. Det går att ta tillbaka."))
    return True


def _card(
    own: OwnCase,
    request: DoorRequest,
    meetings: Sequence[ShownMeeting],
    asked: Mapping[UUID, Sequence[ConsentRequest]],
) -> RepresentedCase:
    at = now()
    consents = [consent_card(one, own.handed_on(one), at, request.actor) for one in own.consents]
    return RepresentedCase(
        own=own,
        questions=[one for one in asked.get(own.case.pk, ()) if stands(one, at) is RequestState.OPEN],
        soon=own.next_steps(at)[:_SOON],
        meetings=[one for one in meetings if one.meeting.case_id == own.case.pk],
        open_consents=[one for one in consents if one.state in ("in_force", "ahead")],
        closed_consents=[one for one in consents if one.state not in ("in_force", "ahead")],
    )


def render_for(request: DoorRequest, template: str, acting: ActedBy, context: dict[str, Any]) -> HttpResponse:
    """A page for whoever acts for the person, as all of them begin."""
    person = _person(acting)
    return _render(request, template, acting, person, {"for_name": person.full_name, **context})


def _person(acting: ActedBy) -> Person:
    found = next(iter(own_persons()), None)
    if found is None:
        raise Http404
    return found


def _version(document_id: UUID) -> Document:
    found = own_version(document_id)
    if found is None:
        raise Http404
    return found


def _meetings_seen(meetings: Sequence[ShownMeeting]) -> list[Item]:
    return [("meeting", one.meeting.id, 0) for one in meetings]


def _looked(request: DoorRequest, acting: ActedBy, tag: Tag, items: Sequence[Item]) -> None:
    """On the person's own page it says that her representative looked, and by which mandate."""
    request.looked(tag, person=acting.person_id, items=items, allowed_by=[("mandate", acting.id)])


def _render(
    request: DoorRequest, template: str, acting: ActedBy, person: Person, context: dict[str, Any]
) -> HttpResponse:
    label = str(MandateKind(acting.kind).label)
    about = {
        "me": Me(acting.name, "", label, Kind.REPRESENTATIVE.value),
        "acting": acting,
        "name": person.full_name,
        "person_id": person.pk,
        "as_what": label,
        "authority": request.actor.authority_name,
        "until": last_day(acting.ends_at),
    }
    return render(request, template, {**about, **context})
