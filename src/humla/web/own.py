"""The person's own pages: what happens next, the plan, who may know what, and who has looked.

Here: the pages and their sentences, said to "du". Not here: the queries (`humla.plans.own`,
`humla.audit.visibility`), nor what withdrawing does (`humla.consents.actions`).

The tab says "Min sida" and the file "min-plan": somebody may stand behind her.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from humla.audit.models import Event
from humla.audit.tags import LOOKS, SENTENCES, Tag
from humla.audit.visibility import acts_about_me, last_visit, looks_at_me, looks_since
from humla.cases.models import Category
from humla.consents.actions import withdraw
from humla.consents.models import Consent, ConsentState
from humla.consents.rules import last_day, may_withdraw
from humla.consents.visibility import state_of
from humla.core.context import Kind, now
from humla.core.dates import STOCKHOLM
from humla.core.document import render_pdf
from humla.core.versions import Stale
from humla.disclosures.models import Disclosure, Document
from humla.organisation.models import Role, Unit
from humla.organisation.visibility import units_named
from humla.people.models import Person
from humla.plans.document import printed
from humla.plans.own import (
    NextStep,
    OwnCase,
    own_cases,
    own_consent,
    own_consents,
    own_parts,
    own_persons,
    own_version,
)
from humla.web.door import DoorRequest, person_page
from humla.web.jinja import day, short_day
from humla.web.page import Me, render

_TONES = {
    ConsentState.IN_FORCE: "done",
    ConsentState.AHEAD: "info",
    ConsentState.ENDED: "neutral",
    ConsentState.WITHDRAWN: "stop",
}
_SOON = 3


@dataclass(frozen=True)
class ConsentCard:
    """One yes of hers: to whom, what, until when, what they have got, and whether it can be taken back."""

    consent: Consent
    unit: str
    authority: str
    state: ConsentState
    tone: str
    until: date
    kinds: list[str]
    handed: list["Handed"]
    can_withdraw: bool


@dataclass(frozen=True)
class Handed:
    """What a receiver was given."""

    disclosure: Disclosure
    at: datetime
    kinds: list[str]


@dataclass(frozen=True)
class CaseCard:
    """One case on her page."""

    own: OwnCase
    soon: list[NextStep]
    mine: list[str]
    open_consents: list[ConsentCard]
    closed_consents: list[ConsentCard]
    by_law: list[Handed]


@person_page()
def own_page(request: DoorRequest) -> HttpResponse:
    """First what happens next; then the plan, what has been handed over, and how many have looked."""
    persons = own_persons()
    cases = own_cases()
    at = now()
    ids = [one.pk for one in persons]
    visit = last_visit(ids, at)
    _looked(request, persons, [one.version for one in cases if one.version])
    context = {
        "name": persons[0].given_name if persons else "",
        "first": _what_happens_next(cases, at),
        "cards": [_card(one, at) for one in cases],
        "looks": looks_since(ids, visit),
        "visit": visit,
        "has_person": bool(persons),
    }
    return _render(request, "own/page.html", persons, context)


@person_page()
def own_looks(request: DoorRequest) -> HttpResponse:
    """Who has looked at what is about her: where they work, when, what, and what gave them the right."""
    persons = own_persons()
    ids = [one.pk for one in persons]
    everything = request.GET.get("visa") == "allt"
    events = acts_about_me(ids) if everything else looks_at_me(ids)
    visit = last_visit(ids, now())
    _looked(request, persons, [])
    context = {
        "entries": _entries(events, visit),
        "everything": everything,
        "visit": visit,
        "new": looks_since(ids, visit),
    }
    return _render(request, "own/looks.html", persons, context)


@person_page()
def own_plan(request: DoorRequest, document_id: UUID) -> HttpResponse:
    """One adopted version of her plan, whole."""
    version = _version_or_404(document_id)
    persons = own_persons()
    _looked(request, persons, [version])
    return _render(request, "own/plan.html", persons, {"version": version, "parts": own_parts(version)})


@person_page()
def own_plan_pdf(request: DoorRequest, document_id: UUID) -> HttpResponse:
    """The same on paper, to save or to show."""
    version = _version_or_404(document_id)
    request.looked(
        Tag.DOCUMENT_PRINTED,
        case=version.case_id,
        person=version.person_id,
        items=[("document", version.pk, version.version)],
    )
    case = version.case
    document = printed(
        own_parts(version),
        title=version.title,
        reference=case.reference,
        dated=version.frozen_at.astimezone(STOCKHOLM).date(),
        issuer=f"{case.unit.name}, {case.authority.name}",
        footer=(_("Ditt eget exemplar. Version %(version)s.") % {"version": version.version},),
    )
    # A name of a person in a file name would lie in the downloads of a borrowed telephone.
    return HttpResponse(
        render_pdf(document),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="min-plan-{version.version}.pdf"',
            "Cache-Control": "no-store",
        },
    )


@person_page(methods=("GET", "POST"))
def own_withdraw(request: DoorRequest, consent_id: UUID) -> HttpResponse:
    """Take back a yes: first what it means, then one button."""
    consent = own_consent(consent_id)
    if consent is None:
        raise Http404
    if request.method == "POST":
        try:
            withdraw(consent, by=request.actor)
        except Stale:
            messages.info(request, _("Samtycket var redan återkallat."))
        else:
            messages.success(request, _("Ditt samtycke är tillbakataget. De kan inte läsa din plan längre."))
        return redirect("own_page")
    persons = own_persons()
    _looked(request, persons, [])
    context = {
        "one": _consent_card(consent, [], now()),
        "ruling": may_withdraw(request.actor, consent),
    }
    return _render(request, "own/withdraw.html", persons, context)


def _render(
    request: DoorRequest, template: str, persons: Sequence[Person], context: dict[str, object]
) -> HttpResponse:
    """The sign-in keeps no name, so the foot of the page gets it from what is about her."""
    name = persons[0].full_name if persons else _("privatperson")
    return render(request, template, {"me": Me(name, "", "", Kind.PERSON.value), **context})


def _version_or_404(document_id: UUID) -> Document:
    version = own_version(document_id)
    if version is None:
        raise Http404
    return version


def _looked(request: DoorRequest, persons: Iterable[Person], versions: Iterable[Document]) -> None:
    """Her own visits stand on the trail too: that is how the page knows when she was here last."""
    items = [("document", version.pk, version.version) for version in versions]
    for person in persons:
        request.looked(Tag.OWN_PAGE_READ, person=person.pk, items=items)


# --- what happens next --------------------------------------------------------------------------------------


def _what_happens_next(cases: list[OwnCase], at: datetime) -> str:
    """The first line of the page: the nearest day ahead in any plan, else where it stands."""
    on = at.astimezone(STOCKHOLM).date()
    steps = sorted((step for one in cases for step in one.next_steps(on)), key=lambda step: step.on)
    if steps:
        return _step_sentence(steps[0])
    return _standing_sentence(cases[0]) if cases else ""


def _step_sentence(step: NextStep) -> str:
    words = {"day": day(step.on), "who": step.who}
    if step.is_follow_up:
        return _("På %(day)s följer ni upp planen tillsammans.") % words
    if step.is_mine:
        return _("Senast %(day)s gör du det här:") % words + " " + step.what
    return _("Senast %(day)s ska %(who)s ha gjort det här:") % words + " " + step.what


def _standing_sentence(own: OwnCase) -> str:
    who = own.responsible.professional.name if own.responsible else own.case.unit.name
    words = {"who": who}
    if own.answer is None:
        return _("%(who)s frågar dig om du vill ha en gemensam plan. Du bestämmer.") % words
    if not own.answer.agrees:
        instead = f" {own.answer.instead}" if own.answer.instead else ""
        return _("Du har sagt nej till en gemensam plan. Du kan ändra dig när du vill.") + instead
    if own.version is None:
        return _("%(who)s skriver planen tillsammans med dig. Inget är bestämt än.") % words
    return _("Det finns ingen ny dag bestämd i planen. Fråga %(who)s vad som händer nu.") % words


def _card(own: OwnCase, at: datetime) -> CaseCard:
    consents = sorted(
        (_consent_card(one, own.handed_on(one), at) for one in own.consents), key=lambda card: card.unit
    )
    is_open = {ConsentState.IN_FORCE, ConsentState.AHEAD}
    return CaseCard(
        own=own,
        soon=own.next_steps(at.astimezone(STOCKHOLM).date())[:_SOON],
        mine=own.mine(),
        open_consents=[one for one in consents if one.state in is_open],
        closed_consents=[one for one in consents if one.state not in is_open],
        by_law=[_handed(one) for one in own.by_law()],
    )


def _consent_card(consent: Consent, handed: list[Disclosure], at: datetime) -> ConsentCard:
    state = state_of(consent, at)
    return ConsentCard(
        consent=consent,
        unit=consent.receiver_unit.name,
        authority=consent.receiver.name,
        state=state,
        tone=_TONES[state],
        until=last_day(consent.ends_at),
        kinds=_kinds(consent.categories),
        handed=[_handed(one) for one in handed],
        can_withdraw=state in {ConsentState.IN_FORCE, ConsentState.AHEAD},
    )


def _handed(disclosure: Disclosure) -> Handed:
    return Handed(disclosure, disclosure.disclosed_at, _kinds(disclosure.categories))


def _kinds(categories: Iterable[str]) -> list[str]:
    return [str(category.label) for category in Category if category in set(categories)]


# --- who has looked -----------------------------------------------------------------------------------------


def _entries(events: list[Event], visit: datetime | None) -> list[dict[str, object]]:
    units = units_named({event.unit_id for event in events if event.unit_id})
    consents = own_consents(
        {UUID(one) for event in events for kind, one in event.allowed_by if kind == "consent"}
    )
    return [_entry(event, units, consents, visit) for event in events]


def _entry(
    event: Event, units: Mapping[UUID, Unit], consents: Mapping[UUID, Consent], visit: datetime | None
) -> dict[str, object]:
    unit = units.get(event.unit_id) if event.unit_id else None
    role = str(Role(event.role).label) if event.role in Role.values else ""
    authority = unit.authority.name if unit else ""
    said = str(SENTENCES[Tag(event.tag)])
    return {
        "at": event.at,
        "who": unit.name if unit else _("En myndighet"),
        "unit": ", ".join(
            part for part in (authority if unit and authority != unit.name else "", role) if part
        ),
        "what": said[:1].upper() + said[1:],
        "right": _right(event, consents),
        "is_new": event.tag in LOOKS and (visit is None or event.at > visit),
    }


def _right(event: Event, consents: Mapping[UUID, Consent]) -> str:
    """What gave the right to look, in plain words."""
    allowed = [(kind, UUID(one)) for kind, one in event.allowed_by]
    given = [consents[one] for kind, one in allowed if kind == "consent" and one in consents]
    if given:
        words = {"unit": given[0].receiver_unit.name, "day": short_day(given[0].given_at)}
        return _("Fick läsa genom ditt samtycke till %(unit)s, %(day)s.") % words
    if any(kind == "disclosure" for kind, _one in allowed):
        return _("Fick läsa för att planen har lämnats ut dit.")
    if any(kind == "assignment" for kind, _one in allowed):
        return _("Arbetar i ditt ärende.")
    return ""
