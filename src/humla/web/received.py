"""The receiving side: what has come to the unit, taking it in, and reading what was handed over.

Here: the arrivals, the received plan and its PDF with the summonses above it, and the head of that page,
which the preview before a consent uses too (`humla.web.consents`): the preview is this page. Not here:
handing over (`humla.web.handover`), how a summons is read (`humla.web.meetings.receiving`).

Nothing on these pages is filtered by them. They show the parts that the row policies let through, so when
a consent ends the next request finds no case and answers as for an address that never was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.cases.models import Case, CaseState
from humla.cases.naming import holder
from humla.cases.visibility import is_held
from humla.consents.models import Consent
from humla.consents.rules import last_day
from humla.consents.visibility import consents_received
from humla.consents.wording import in_words
from humla.core.context import Actor
from humla.core.dates import day_of, written_date
from humla.core.document import PrintedDocument
from humla.core.fields import ChoiceField, offer
from humla.disclosures import actions
from humla.disclosures.intake import arrival, arrived, colleagues_in
from humla.disclosures.models import Disclosure, DocumentKind, DocumentPart
from humla.disclosures.naming import names_received
from humla.disclosures.visibility import ArrivalMark, disclosures_of, parts_in, parts_seen
from humla.followups.visibility import given_documents, progress_in
from humla.organisation.models import Professional, Role, Unit, UnitAssignment
from humla.organisation.visibility import professionals_by_id
from humla.plans.document import Change, blocks_of, difference, lead_of, shown
from humla.plans.models import LeadTransfer
from humla.plans.paper import printed
from humla.plans.visibility import lead_transfers_in
from humla.scheduling.asked import all_asked_times
from humla.web.door import DoorRequest, case_page, staff_page
from humla.web.followups.progress import going_in
from humla.web.jinja import day, moment
from humla.web.meetings.receiving import ReceivedSummons, looked_at, summons_on_paper, summonses_to_us
from humla.web.page import pdf, render
from humla.web.plain import plain_copy

PAGE = 50
"""So many of what has come stand on one page: what costs is drawing them, not finding them."""


@dataclass(frozen=True)
class Head:
    """What stands around the plan: whom to call, and from whom, to whom, on which yes, until when."""

    title: str
    reference: str
    from_unit: str
    from_authority: str
    to_unit: str
    may_know: str
    handed_by: str = ""
    handed_at: datetime | None = None
    until: date | None = None
    call: str = ""
    phone: str = ""

    @property
    def facts(self) -> list[dict[str, str]]:
        """The lines below the plan; those that are not known yet are left out."""
        rows = [
            (gettext("Från"), f"{self.from_unit}, {self.from_authority}"),
            (gettext("Till"), self.to_unit),
            (gettext("Lämnat av"), self.handed_by),
            (gettext("Lämnat"), moment(self.handed_at, year=True)),
            (gettext("Samtycket gäller"), self.may_know),
            (gettext("Till och med"), day(self.until)),
        ]
        return [{"label": label, "value": value} for label, value in rows if value]


@dataclass(frozen=True)
class Version:
    """One version that was handed over, and what differs since the one before, of what this reader sees."""

    number: int
    document_id: UUID
    parts: list[DocumentPart]
    disclosure: Disclosure | None
    since: int | None
    changes: list[Change]


class TakeInForm(forms.Form):
    """Who at the unit takes care of it."""

    professional = ChoiceField(
        label=_("Vem tar hand om det?"), widget=forms.RadioSelect, missing=_("Välj vem som tar hand om det.")
    )

    def __init__(
        self, *args: Any, colleagues: Sequence[UnitAssignment], actor: Actor, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        labelled = [(str(one.professional_id), _labelled(one, actor)) for one in colleagues]
        offer(self, "professional", labelled)


@staff_page()
def arrivals(request: DoorRequest) -> HttpResponse:
    """What has come to the unit: from whom and when, but not about whom."""
    _only_for_the_way_in(request.actor)
    before = _mark_in(request.GET.get("fore", ""))
    found = arrived(request.actor, before=before, limit=PAGE + 1)
    came, more = found[:PAGE], len(found) > PAGE
    request.looked(Tag.ARRIVALS_LISTED, items=[("disclosure", one.id, 0) for one in came if not one.taken_by])
    first_page = reverse("arrivals")
    context = {
        "waiting": [one for one in came if not one.taken_by],
        "taken": [one for one in came if one.taken_by],
        "first_page": first_page if before else "",
        "next_page": f"{first_page}?{urlencode({'fore': _written_mark(came[-1].mark)})}" if more else "",
        "kind": gettext("handling"),
        "times": [] if before else all_asked_times(),
    }
    return render(request, "received/arrivals.html", context)


@staff_page(methods=("GET", "POST"))
def take_in(request: DoorRequest, disclosure_id: UUID) -> HttpResponse:
    """Let a colleague read what has come, or take it oneself."""
    _only_for_the_way_in(request.actor)
    came = arrival(disclosure_id, request.actor)
    if came is None:
        raise Http404
    form = TakeInForm(
        request.POST or None,
        colleagues=colleagues_in(request.actor),
        actor=request.actor,
        initial={"professional": str(request.actor.id)},
    )
    if request.method == "POST" and form.is_valid():
        chosen = UUID(form.cleaned_data["professional"])
        actions.take_in(came, chosen, by=request.actor)
        if chosen == request.actor.id:
            messages.success(request, gettext("Du tar hand om det som har kommit. Nu kan du läsa det."))
            return redirect("received", case_id=came.case_id)
        messages.success(request, gettext("Din kollega kan läsa det nu och ser det bland sina ärenden."))
        return redirect("arrivals")
    if request.method == "GET":
        request.looked(Tag.ARRIVALS_LISTED, items=[("disclosure", came.pk, 0)])
    return render(request, "received/take_in.html", {"came": came, "form": form, "kind": gettext("handling")})


@case_page(ahead=(parts_in, disclosures_of, consents_received, progress_in, lead_transfers_in))
def received(request: DoorRequest, case: Case) -> HttpResponse:
    """The plan as it was handed over to the reader's unit: exactly the parts that the yes covers.

    Read between two calls: what the unit does, whom to call and what is new come first.
    """
    summonses = _summonses(request, case)
    versions = _versions(request.actor, case)
    others = given_documents(parts_in(case.pk))
    if others and not versions and not summonses:
        return redirect("received_document", case_id=case.pk, paper_id=others[0].document_id)
    if not versions:
        return _summoned_only(request, case, summonses)
    one = _asked_for(request, versions)
    consent = _consent_for(case)
    _looked(request, Tag.DOCUMENT_READ, case, one, consent)
    looked_at(request, case, summonses)
    context = {
        "case": case,
        "summonses": summonses,
        "head": _head(case, one, consent, request.actor),
        "parts": shown(blocks_of(one.parts), unit=request.actor.unit_id),
        "consent": consent,
        "disclosure": one.disclosure,
        "is_preview": False,
        "version": one,
        "versions": versions,
        "newest": versions[0],
        "going": going_in(case, request.actor),
        "others": others,
        "goes_on": case.state == CaseState.OPEN,
        **asked_to_lead(case, request.actor),
    }
    return render(request, "received/plan.html", context)


@case_page(ahead=(parts_in, disclosures_of, consents_received))
def received_pdf(request: DoorRequest, case: Case) -> HttpResponse:
    """The same on paper, or with ?kallelse= a summons: only the parts that this reader has."""
    if request.GET.get("kallelse"):
        return _summons_pdf(request, case)
    one = _asked_for(request, _versions(request.actor, case))
    consent = _consent_for(case)
    _looked(request, Tag.DOCUMENT_PRINTED, case, one, consent)
    document = _printed(case, one, _head(case, one, consent, request.actor))
    return pdf(document, name=f"plan-{case.reference}-version-{one.number}")


@case_page(ahead=(parts_in, disclosures_of, consents_received))
def received_text(request: DoorRequest, case: Case) -> HttpResponse:
    """The same as plain text, for the receiver's own case system: only the parts that this reader has."""
    one = _asked_for(request, _versions(request.actor, case))
    consent = _consent_for(case)
    _looked(request, Tag.DOCUMENT_PRINTED, case, one, consent)
    document = _printed(case, one, _head(case, one, consent, request.actor))
    back = reverse("received", kwargs={"case_id": case.pk}) + f"?version={one.number}"
    name = f"plan-{case.reference}-version-{one.number}"
    return plain_copy(request, case.reference, document, name=name, back=back)


def asked_to_lead(case: Case, actor: Actor) -> dict[str, LeadTransfer | None]:
    """The question to the reader's unit to take over the lead, and the lead that it took over."""
    ours = [one for one in lead_transfers_in(case.pk) if one.to_unit_id == actor.unit_id]
    open_one = (one for one in ours if one.answered_at is None and one.taken_back_at is None)
    taken = (one for one in ours if one.is_accepted)
    return {"lead_offered": next(open_one, None), "lead_taken": next(taken, None)}


def _only_for_the_way_in(actor: Actor) -> None:
    if actor.role != Role.RECEIVER:
        raise Http404


def _written_mark(mark: ArrivalMark) -> str:
    was_taken, at, last = mark
    return f"{int(was_taken)}_{at.astimezone(UTC).isoformat()}_{last}"


def _mark_in(written: str) -> ArrivalMark | None:
    try:
        was_taken, at, last = written.split("_")
        instant = datetime.fromisoformat(at)
        return None if instant.tzinfo is None else (was_taken == "1", instant, UUID(last))
    except ValueError:
        return None


def _labelled(one: UnitAssignment, actor: Actor) -> str:
    if one.professional_id == actor.id:
        return gettext("Jag själv (%(name)s)") % {"name": one.professional.name}
    profession = one.professional.profession
    return f"{one.professional.name}, {profession.name}" if profession else one.professional.name


def _versions(actor: Actor, case: Case) -> list[Version]:
    """Every version of the plan of which the reader sees something, newest first."""
    if is_held(case, actor):
        raise Http404
    handed = {
        one.document_id: one
        for one in reversed(disclosures_of(case.pk))
        if one.receiver_unit_id == actor.unit_id
    }
    plans = [part for part in parts_seen(case.pk) if part.kind == DocumentKind.PLAN]
    seen = [(key, list(parts)) for key, parts in groupby(plans, lambda part: part.document_id)]
    return [
        Version(
            number=parts[0].version,
            document_id=key,
            parts=parts,
            disclosure=handed.get(key),
            since=seen[at + 1][1][0].version if at + 1 < len(seen) else None,
            changes=difference(blocks_of(seen[at + 1][1]), blocks_of(parts)) if at + 1 < len(seen) else [],
        )
        for at, (key, parts) in enumerate(seen)
    ]


def _summonses(request: DoorRequest, case: Case) -> list[ReceivedSummons]:
    """What the reader's unit has been summoned to."""
    if is_held(case, request.actor):
        raise Http404
    return summonses_to_us(request.actor, case, parts_in(case.pk))


def _summoned_only(request: DoorRequest, case: Case, summonses: Sequence[ReceivedSummons]) -> HttpResponse:
    """Summoned before there is a plan to read. Nothing to see is not to be there."""
    if not summonses:
        raise Http404
    looked_at(request, case, summonses)
    first = summonses[0]
    caller = professionals_by_id({first.caller}).get(first.caller) if first.caller else None
    call, phone = calling(caller, case.unit)
    context = {
        "case": case,
        "summonses": summonses,
        "person": names_received([case.pk]).get(case.pk, ""),
        "call": call,
        "phone": phone,
        "from_whom": holder(case),
    }
    return render(request, "received/summons.html", context)


def _summons_pdf(request: DoorRequest, case: Case) -> HttpResponse:
    summonses = _summonses(request, case)
    one = next((each for each in summonses if str(each.summons.pk) == request.GET["kallelse"]), None)
    if one is None:
        raise Http404
    looked_at(request, case, [one])
    return pdf(summons_on_paper(case, one), name=f"kallelse-{case.reference}")


def _asked_for(request: DoorRequest, versions: Sequence[Version]) -> Version:
    asked = request.GET.get("version", "")
    if not asked and versions:
        return versions[0]
    for one in versions:
        if str(one.number) == asked:
            return one
    raise Http404


def _consent_for(case: Case) -> Consent | None:
    """The yes that the reader's right rests on: the longest one to her unit."""
    return consents_received.first(case.pk)


def _looked(request: DoorRequest, tag: Tag, case: Case, one: Version, consent: Consent | None) -> None:
    rights = [(kind, row.pk) for kind, row in (("consent", consent), ("disclosure", one.disclosure)) if row]
    request.looked_in(case, tag, items=[("document", one.document_id, one.number)], rights=rights)


def calling(lead: Professional | None, unit: Unit) -> tuple[str, str]:
    """Whom to call about a plan, and the number: who holds it together, else the unit it comes from."""
    if lead is not None and (lead.phone or not unit.phone):
        return lead.name, lead.phone
    return (unit.name, unit.phone) if unit.phone else ("", "")


def _head(case: Case, one: Version, consent: Consent | None, actor: Actor) -> Head:
    given, lead = one.disclosure, lead_of(blocks_of(one.parts))
    people = professionals_by_id({who for who in (lead, given.disclosed_by_id if given else None) if who})
    by = people.get(given.disclosed_by_id) if given else None
    call, phone = calling(people.get(lead) if lead else None, case.unit)
    return Head(
        title=one.parts[0].title,
        reference=case.reference,
        from_unit=case.unit.name,
        from_authority=case.authority.name,
        to_unit=given.receiver_unit.name if given else actor.unit_name,
        may_know=in_words(consent.categories) if consent else "",
        handed_by=by.name if by else "",
        handed_at=given.disclosed_at if given else None,
        until=last_day(consent.ends_at) if consent else None,
        call=call,
        phone=phone,
    )


def _printed(case: Case, one: Version, head: Head) -> PrintedDocument:
    handed_on = day_of(head.handed_at) if head.handed_at else None
    return printed(
        shown(blocks_of(one.parts)),
        title=head.title,
        reference=case.reference,
        dated=handed_on or day_of(case.opened_at),
        issuer=f"{head.from_unit}, {head.from_authority}",
        footer=_footer(head, handed_on),
    )


def _footer(head: Head, handed_on: date | None) -> tuple[str, ...]:
    words = {
        "unit": head.to_unit,
        "name": head.handed_by,
        "day": written_date(handed_on) if handed_on else "",
    }
    lines = [gettext("Utlämnad till %(unit)s av %(name)s den %(day)s.") % words]
    if head.until:
        until = {"day": written_date(head.until)}
        lines.append(gettext("Med stöd av samtycke som gäller till och med den %(day)s.") % until)
    if head.may_know:
        lines.append(gettext("Samtycket gäller: %(what)s.") % {"what": head.may_know})
    return tuple(lines)
