"""The person's own pages: what happens next, the plan, who may know what, and who has looked.

Here: the pages and their sentences, said to "du". Not here: the queries (`humla.plans.own`,
`humla.audit.visibility`), who has looked in words (`looks`), nor what withdrawing does
(`humla.consents.actions`).

The tab says "Min sida" and the file "min-plan": somebody may stand behind her.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from markupsafe import Markup, escape

from humla.access.visibility import is_protected_herself, own_questions
from humla.audit.tags import Tag
from humla.audit.visibility import MOST, acts_about_me, last_visit, looks_at_me, looks_in_groups
from humla.consents.afterwards import may_be_asked, newest_by_purpose, survey_answers_by_case
from humla.consents.asking import requests_by_case, stands
from humla.consents.kept_away import kept_away_by_case
from humla.consents.models import (
    Consent,
    ConsentRequest,
    ConsentState,
    KeptAway,
    RequestState,
    SurveyConsent,
)
from humla.consents.rules import ends_soon, last_day, may_withdraw
from humla.consents.visibility import state_of
from humla.consents.wording import names_of, said_of
from humla.core.context import Actor, now
from humla.core.dates import day_of
from humla.core.rulings import Ruling
from humla.disclosures.models import Disclosure, Document, DocumentKind
from humla.evidence.visibility import Asked, own_evidence
from humla.evidence.wording import KINDS
from humla.followups.visibility import own_documents, own_progress
from humla.meetings.models import Called
from humla.meetings.own import OwnSummons, own_summonses
from humla.people.models import Person
from humla.plans.document import LANGUAGE
from humla.plans.own import (
    NextStep,
    OwnCase,
    own_cases,
    own_parts,
    own_persons,
    own_version,
)
from humla.plans.paper import printed
from humla.scheduling.asked import all_asked_times
from humla.web.door import DoorRequest, person_page
from humla.web.followups.progress import Told, told_to_her
from humla.web.jinja import day, moment
from humla.web.looks import by_day, in_words, swedish
from humla.web.meetings.hers import NextMeeting, her_next_meetings
from humla.web.own_access import told_of, what_is_new
from humla.web.own_answer import answered_in_words
from humla.web.page import pdf, render_own

_TONES = {
    ConsentState.IN_FORCE: "done",
    ConsentState.AHEAD: "info",
    ConsentState.ENDED: "neutral",
    ConsentState.WITHDRAWN: "stop",
}
_SOON = 3
_LATEST = 3
"""So many of those who have looked stand on the first page."""


@dataclass(frozen=True)
class Going:
    """One commitment of her plan, and what has been said last of how it goes."""

    who: str
    what: str
    told: Told


@dataclass(frozen=True)
class ConsentCard:
    """One yes of hers: to whom, what, until when, what they have got, and whether it can be taken back."""

    consent: Consent
    unit: str
    authority: str
    state: ConsentState
    tone: str
    until: date
    kinds: dict[str, str]
    """What they may know: each kind of information, and what it holds."""
    handed: list["Handed"]
    may_withdraw: Ruling
    ends_soon: bool = False

    @property
    def is_standing(self) -> bool:
        """Does it hold, or will it? Whoever acts for her may not always take it back."""
        return self.state in (ConsentState.AHEAD, ConsentState.IN_FORCE)


@dataclass(frozen=True)
class Handed:
    """What a receiver was given."""

    disclosure: Disclosure
    at: datetime
    kinds: list[str]

    @property
    def told(self) -> str:
        """That it left the authority, in a sentence: the plan, a summons, a follow-up."""
        when = {"when": moment(self.at, year=True)}
        match self.disclosure.document.kind:
            case DocumentKind.SUMMONS:
                return _("En kallelse lämnades ut %(when)s.") % when
            case DocumentKind.FOLLOW_UP:
                return _("En uppföljning lämnades ut %(when)s.") % when
            case DocumentKind.CLOSING:
                return _("Avslutet lämnades ut %(when)s.") % when
        return _("Planen lämnades ut %(when)s.") % when

    @property
    def since(self) -> str:
        """What has become of it: called back because it was wrong, or received."""
        act = self.disclosure
        if act.recalled_at is not None:
            when = {"when": moment(act.recalled_at, year=True)}
            return _("Det blev fel, så den är återkallad sedan %(when)s. De kan inte läsa den längre.") % when
        if act.received_at is not None:
            return _("De har sagt att den kom fram %(when)s.") % {"when": moment(act.received_at, year=True)}
        return ""


@dataclass(frozen=True)
class CaseCard:
    """One case on her page."""

    own: OwnCase
    holder: str
    soon: list[NextStep]
    mine: list[str]
    open_consents: list[ConsentCard]
    closed_consents: list[ConsentCard]
    by_law: list[Handed]
    meeting: NextMeeting | None = None
    called: OwnSummons | None = None
    """Her summons to that meeting, while she can answer it."""
    answered: str = ""
    beside: "Beside | None" = None


@dataclass(frozen=True)
class Beside:
    """What she is asked and has said beside her consents, in one case."""

    asked: list[ConsentRequest]
    kept_away: list[KeptAway]
    afterwards: list[SurveyConsent]


@person_page()
def own_page(request: DoorRequest) -> HttpResponse:
    """First what happens next; then the plan, what has been handed over, and who has looked."""
    persons = own_persons()
    cases = own_cases()
    at = now()
    ids = [one.pk for one in persons]
    visit = last_visit(ids, at)
    looks = looks_in_groups(ids, since=visit)
    _looked(request, persons, [one.version for one in cases if one.version])
    meetings = her_next_meetings({one.case.pk: (one.case, one.consents) for one in cases})
    beside, called = _beside(cases, at), own_summonses()
    context = {
        "name": persons[0].given_name if persons else "",
        "first": _meets_next(cases, meetings, at) or _what_happens_next(cases, at),
        "cards": [
            _card(one, at, request.actor, meetings.get(one.case.pk), called, beside[one.case.pk])
            for one in cases
        ],
        "looks": len(looks),
        "latest": in_words(looks[:_LATEST], day_of(at), hides_places=_is_protected(cases)),
        "access": what_is_new(visit),
        "going": _going(cases),
        "papers": _papers(cases),
        "visit": visit,
        "has_person": bool(persons),
        "times": [one for one in all_asked_times() if one.is_open],
        **_underlag(own_evidence()),
    }
    return render_own(request, "own/page.html", persons, context)


def _underlag(asked: Sequence[Asked]) -> dict[str, list[tuple[str, Asked]]]:
    """What she is to bring, and what the others have said before the meeting, each with its kind in words."""
    words = [(str(KINDS[one.request.kind]), one) for one in asked]
    return {
        "brings": [(what, one) for what, one in words if one.request.called == Called.PERSON and one.is_open],
        "views": [(what, one) for what, one in words if one.views],
    }


def _is_protected(cases: Sequence[OwnCase]) -> bool:
    return any(one.case.is_protected for one in cases)


def _going(cases: Sequence[OwnCase]) -> dict[UUID, list[Going]]:
    """How it goes with what stands in her plans, as far as anybody has said, by case."""
    told = own_progress([one.case.pk for one in cases])
    return {
        one.case.pk: [
            Going(block["who"], block["what"], told_to_her(told[block["id"]]))
            for part in one.parts
            for block in part.blocks
            if block["kind"] == "commitment" and block["id"] in told
        ]
        for one in cases
    }


def _beside(cases: Sequence[OwnCase], at: datetime) -> dict[UUID, Beside]:
    """The questions that wait for her, who must not come, and what she may be asked afterwards, by case."""
    ids = [one.case.pk for one in cases]
    asked, kept, answers = requests_by_case(ids), kept_away_by_case(ids), survey_answers_by_case(ids)
    return {
        case_id: Beside(
            asked=[one for one in asked.get(case_id, []) if stands(one, at) is RequestState.OPEN],
            kept_away=kept.get(case_id, []),
            afterwards=[
                one for one in newest_by_purpose(answers.get(case_id, [])).values() if may_be_asked(one, at)
            ],
        )
        for case_id in ids
    }


def _papers(cases: Sequence[OwnCase]) -> dict[UUID, list[Document]]:
    """What has been followed up, and how it ended, by case."""
    papers: dict[UUID, list[Document]] = {}
    for paper in own_documents([one.case.pk for one in cases]):
        papers.setdefault(paper.case_id, []).append(paper)
    return papers


@person_page()
def own_looks(request: DoorRequest) -> HttpResponse:
    """Who has looked at what is about her, by day: where they work, how often, at what, with which right."""
    persons = own_persons()
    ids, at = [one.pk for one in persons], now()
    everything = request.GET.get("visa") == "allt"
    events = acts_about_me(ids) if everything else looks_at_me(ids)
    visit = last_visit(ids, at)
    new = looks_in_groups(ids, since=visit)
    _looked(request, persons, [])
    questions = own_questions()
    context = {
        "days": by_day(events, visit, day_of(at), questions=questions, hides_places=is_protected_herself()),
        "questions": told_of(questions),
        "everything": everything,
        "visit": visit,
        "new": len(new),
        "new_times": sum(one.times for one in new),
        "most": MOST if len(events) == MOST else 0,
    }
    return render_own(request, "own/looks.html", persons, context)


@person_page()
def own_plan(request: DoorRequest, document_id: UUID) -> HttpResponse:
    """One adopted version of her plan, whole."""
    version = _version_or_404(document_id)
    persons = own_persons()
    _looked(request, persons, [version])
    return render_own(request, "own/plan.html", persons, {"version": version, "parts": own_parts(version)})


@person_page()
def own_plan_pdf(request: DoorRequest, document_id: UUID) -> HttpResponse:
    """The same on paper, to save or to show."""
    version = _version_or_404(document_id)
    case = version.case
    request.looked_in(case, Tag.DOCUMENT_PRINTED, items=[("document", version.pk, version.version)])
    with override(LANGUAGE):  # As the rest of what is printed.
        own_copy = _("Ditt eget exemplar. Version %(version)s.") % {"version": version.version}
    document = printed(
        own_parts(version, on_paper=True),
        title=version.title,
        reference=case.reference,
        dated=day_of(version.frozen_at),
        issuer=f"{case.unit.name}, {case.authority.name}",
        footer=(own_copy,),
    )
    return pdf(document, name=f"min-plan-{version.version}")


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


def _meets_next(cases: list[OwnCase], meetings: dict[UUID, NextMeeting], at: datetime) -> Markup:
    """The nearest meeting, unless something in a plan comes before its day."""
    if not meetings:
        return Markup()
    soonest = min(meetings.values(), key=lambda one: one.at)
    days = [step.on for one in cases for step in one.next_steps(at) if step.is_known]
    if days and min(days) < day_of(soonest.at):
        return Markup()
    words = {
        "at": moment(soonest.at),
        "who": swedish(", ".join(soonest.who)),
        "where": swedish(soonest.place),
    }
    if soonest.place:
        return _sentence(_("Nästa möte är %(at)s med %(who)s. Det är på %(where)s."), **words)
    return _sentence(_("Nästa möte är %(at)s med %(who)s."), **words)


def _what_happens_next(cases: list[OwnCase], at: datetime) -> Markup:
    """The first line of the page: the nearest day ahead in any plan, else where it stands.

    What a unit is to do that has not got the plan is nobody's promise yet: such a step comes first only
    when there is no other, and then says who will talk to them.
    """
    steps = [(step, one) for one in cases for step in one.next_steps(at)]
    if steps:
        step, own = min(steps, key=lambda each: (not each[0].is_known, each[0].on))
        return _step_sentence(step, own)
    going_on = [one for one in cases if not one.is_closed]
    return _standing_sentence((going_on or cases)[0]) if cases else Markup()


def _step_sentence(step: NextStep, own: OwnCase) -> Markup:
    on = day(step.on)
    if step.is_follow_up:
        return _sentence(_("På %(day)s följer ni upp planen tillsammans."), day=on)
    what = Markup(" ") + swedish(step.what)
    if step.is_mine:
        return _sentence(_("Senast %(day)s gör du det här:"), day=on) + what
    if not step.is_known:
        words = {"who": swedish(_holder(own)), "unit": swedish(step.who)}
        return _sentence(_("%(who)s ska prata med %(unit)s om det här:"), **words) + what
    words = {"who": swedish(step.who)}
    return _sentence(_("Senast %(day)s ska %(who)s ha gjort det här:"), day=on, **words) + what


def _standing_sentence(own: OwnCase) -> Markup:
    words = {"who": swedish(_holder(own))}
    if own.is_closed:
        return _sentence(_("Ditt ärende är avslutat. Vill du ha hjälp igen, säg till %(who)s."), **words)
    if own.answer is None:
        return _sentence(_("%(who)s frågar dig om du vill ha en gemensam plan. Du bestämmer."), **words)
    if not own.answer.agrees:
        said = _sentence(_("Du har sagt nej till en gemensam plan. Du kan ändra dig när du vill."))
        return said + Markup(" ") + swedish(own.answer.instead) if own.answer.instead else said
    if own.version is None:
        return _sentence(_("%(who)s skriver planen tillsammans med dig. Inget är bestämt än."), **words)
    return _sentence(_("Det finns ingen ny dag bestämd i planen. Fråga %(who)s vad som händer nu."), **words)


def _sentence(words: str, **given: str) -> Markup:
    """A sentence with what is filled in marked as the Swedish it is."""
    return escape(words) % given


def _holder(own: OwnCase) -> str:
    return own.responsible.professional.name if own.responsible else own.case.unit.name


def _card(
    own: OwnCase,
    at: datetime,
    actor: Actor,
    meeting: NextMeeting | None,
    called: Mapping[UUID, OwnSummons],
    beside: Beside,
) -> CaseCard:
    mine = called.get(meeting.meeting.pk) if meeting else None
    consents = sorted(
        (consent_card(one, own.handed_on(one), at, actor) for one in own.consents),
        key=lambda card: card.unit,
    )
    return CaseCard(
        own=own,
        holder=_holder(own),
        soon=own.next_steps(at)[:_SOON],
        mine=own.mine(),
        open_consents=[one for one in consents if one.may_withdraw],
        closed_consents=[one for one in consents if not one.may_withdraw],
        by_law=[as_handed(one) for one in own.by_law()],
        meeting=meeting,
        called=mine,
        answered=answered_in_words(mine),
        beside=beside,
    )


def consent_card(consent: Consent, handed: list[Disclosure], at: datetime, actor: Actor) -> ConsentCard:
    """One yes as it is shown to the one who may take it back: her, or whoever acts for her."""
    state = state_of(consent, at)
    return ConsentCard(
        consent=consent,
        unit=consent.receiver_unit.name,
        authority=consent.receiver.name,
        state=state,
        tone=_TONES[state],
        until=last_day(consent.ends_at),
        kinds=said_of(consent.categories),
        handed=[as_handed(one) for one in handed],
        may_withdraw=may_withdraw(actor, consent),
        ends_soon=ends_soon(consent, at),
    )


def as_handed(disclosure: Disclosure) -> Handed:
    """One handing-over as she reads of it."""
    return Handed(disclosure, disclosure.disclosed_at, names_of(disclosure.categories))
