"""Who waits for whom: the first sentence of a case, and its life as a line of steps.

Here: what is known about a case (`stage_of`), and how both follow from it, as pure functions of `Stage`.
Not here: the page (`humla.web.cases`), nor the rules that say what may be done next. Steps that do not
exist in the program yet are not drawn: a line with dead ends would promise what nobody can do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from humla.cases.models import Case, CaseAssignment, CaseRole, CaseState
from humla.consents.models import Consent, ConsentState
from humla.consents.visibility import consents_of, latest_plan_answer, state_of
from humla.core.context import now
from humla.core.dates import day_of, written_date
from humla.disclosures.models import Disclosure
from humla.disclosures.visibility import disclosures_of
from humla.people.models import Person
from humla.people.naming import display_name
from humla.plans.models import Plan
from humla.plans.rules import missing_parts
from humla.plans.visibility import versions_of


@dataclass(frozen=True)
class Stage:
    """What decides whose turn it is. `answer` is None until the person has been asked about a plan."""

    person: str
    responsible: str
    is_mine: bool
    opened_on: date
    is_closed: bool = False
    answer: bool | None = None
    missing: int = 0
    version: int = 0
    is_changed: bool = False
    follow_up_on: date | None = None
    consented: Sequence[str] = field(default_factory=tuple)
    waiting: Sequence[str] = field(default_factory=tuple)
    unread: Sequence[str] = field(default_factory=tuple)
    withdrawn: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class NextStep:
    """What the reader does now: the words on the button, and the page with what its address needs."""

    label: str
    page: str
    parts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Receiver:
    """A unit that may read, or could: what it has been handed, and whether its consent is in force."""

    unit: str
    authority: str
    party_kind: str
    version: int
    at: datetime | None
    is_open: bool
    is_withdrawn: bool
    is_current: bool
    has_reader: bool


def who_waits(stage: Stage) -> str:
    """One sentence, or two short ones: whose turn it is, and who waits meanwhile."""
    if stage.is_closed:
        return _("Ärendet är avslutat. Ingen väntar på någon.")
    if stage.answer is None:
        return _said(
            stage,
            _("Du frågar %(person)s om en plan ska göras. Skriv sedan in svaret."),
            _("%(responsible)s frågar %(person)s om en plan ska göras."),
        )
    if not stage.answer:
        return _("%(person)s har sagt nej till en plan. Ingen väntar på någon.") % {"person": stage.person}
    if not stage.version:
        return _before_adoption(stage)
    if stage.is_changed:
        return _said(
            stage,
            _("Planen är ändrad sedan version %(version)s. Du fastställer den på nytt."),
            _("Planen är ändrad sedan version %(version)s. %(responsible)s fastställer den på nytt."),
        )
    return _after_adoption(stage)


def next_step(stage: Stage) -> NextStep | None:
    """What the sentence asks of the reader, as one button; none when it is somebody else's turn."""
    if stage.is_closed or not stage.is_mine or stage.answer is False:
        return None
    if stage.answer is None:
        return NextStep(_("Skriv in svaret"), "answer_plan")
    if not stage.version and stage.missing:
        return NextStep(_("Skriv planen"), "plan")
    if not stage.version or stage.is_changed:
        return NextStep(_("Fastställ planen"), "adopt_plan")
    if stage.waiting:
        return NextStep(_("Lämna ut planen"), "plan_version", {"version": stage.version})
    return None if stage.consented else NextStep(_("Nytt samtycke"), "give_consent")


def case_steps(stage: Stage, urls: Mapping[str, str]) -> list[dict[str, str]]:
    """Behov, samtycke, plan, utlämnat: where each stands, and the page where it is moved on."""
    steps = [
        {
            "label": _("Behov"),
            "state": "done",
            "text": written_date(stage.opened_on),
            "url": urls.get("need", ""),
        },
        {"label": _("Samtycke"), "url": urls.get("consent", ""), **_consent_step(stage)},
        {"label": _("Plan"), "url": urls.get("plan", ""), **_plan_step(stage)},
        {"label": _("Utlämnat"), "url": urls.get("handed_over", ""), **_handed_over_step(stage)},
    ]
    if stage.is_closed:
        # Nothing stands or waits anywhere any more: what was not reached was not reached.
        return [step if step["state"] == "done" else {**step, "state": "ahead", "text": ""} for step in steps]
    return steps


def stage_of(
    case: Case,
    person: Person,
    plan: Plan | None,
    working: Sequence[CaseAssignment],
    receivers: Sequence[Receiver],
    *,
    is_mine: bool,
) -> Stage:
    """What is known about the case now, for those whose authority holds it."""
    answer = latest_plan_answer(case)
    reading = [one for one in receivers if one.is_open]
    return Stage(
        person=person.given_name or display_name(person),
        responsible=next((one.professional.name for one in working if one.role == CaseRole.RESPONSIBLE), ""),
        is_mine=is_mine,
        opened_on=day_of(case.opened_at),
        is_closed=case.state == CaseState.CLOSED,
        answer=None if answer is None else answer.agrees,
        missing=4 if plan is None else len(missing_parts(plan)),
        version=plan.adopted_version if plan else 0,
        is_changed=bool(plan and plan.is_changed),
        follow_up_on=plan.follow_up_on if plan else None,
        consented=[one.unit for one in reading],
        waiting=[one.unit for one in reading if not one.is_current],
        unread=[one.unit for one in reading if one.is_current and not one.has_reader],
        withdrawn=[one.unit for one in receivers if one.is_withdrawn],
    )


def receivers_of(case: Case, plan: Plan | None, working: Sequence[CaseAssignment]) -> list[Receiver]:
    """Every unit that has a consent in force or has been handed something, and how far it has come."""
    current = plan.adopted_version if plan else 0
    handed = _newest_handed_over(case) if current else {}
    readers = {one.unit_id for one in working}
    newest: dict[UUID, Consent] = {}
    reading = set()
    for consent in consents_of(case):
        newest.setdefault(consent.receiver_unit_id, consent)
        if state_of(consent, now()) == ConsentState.IN_FORCE:
            reading.add(consent.receiver_unit_id)
    return [
        _receiver(consent, handed.get(unit), current, is_open=unit in reading, has_reader=unit in readers)
        for unit, consent in newest.items()
        if unit in reading or unit in handed
    ]


def in_words(names: Sequence[str]) -> str:
    """A, B och C; many are counted after the first two."""
    if len(names) > 3:
        return _("%(some)s och %(count)s till") % {"some": ", ".join(names[:2]), "count": len(names) - 2}
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s och %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def _before_adoption(stage: Stage) -> str:
    if stage.missing:
        return _said(
            stage,
            _("%(person)s har sagt ja och väntar på planen. Du skriver klart den."),
            _("%(person)s har sagt ja och väntar på planen. %(responsible)s skriver klart den."),
        )
    return _said(
        stage,
        _("Planen är skriven. Du går igenom den med %(person)s och fastställer den."),
        _("Planen är skriven. %(responsible)s går igenom den med %(person)s och fastställer den."),
    )


def _after_adoption(stage: Stage) -> str:
    if stage.waiting:
        return _said(
            stage,
            ngettext(
                "%(waiting)s väntar på att du lämnar ut planen.",
                "%(waiting)s väntar på att du lämnar ut planen till dem.",
                len(stage.waiting),
            ),
            _("%(waiting)s väntar på att %(responsible)s lämnar ut planen."),
        )
    if stage.withdrawn and not stage.consented:
        return _("%(person)s har tagit tillbaka samtycket till %(units)s. Ingen annan får läsa planen.") % {
            "person": stage.person,
            "units": in_words(stage.withdrawn),
        }
    if not stage.consented:
        return _("Planen är fastställd. Ingen annan får läsa den förrän %(person)s samtycker.") % {
            "person": stage.person
        }
    if stage.unread:
        return _("%(units)s har fått planen. Ingen där har tagit emot den än.") % {
            "units": in_words(stage.unread)
        }
    if stage.follow_up_on:
        return _("Alla som ska ha planen har fått den. Nästa uppföljning är %(day)s.") % {
            "day": written_date(stage.follow_up_on)
        }
    return _("Alla som ska ha planen har fått den.")


def _said(stage: Stage, to_me: str, of_her: str) -> str:
    return (to_me if stage.is_mine else of_her) % {
        "person": stage.person,
        "responsible": stage.responsible,
        "version": stage.version,
        "waiting": in_words(stage.waiting),
    }


def _consent_step(stage: Stage) -> dict[str, str]:
    if stage.answer is None:
        return {"state": "now", "text": _("Frågan är inte ställd än.")}
    if not stage.answer:
        return {"state": "stopped", "text": _("Nej till en plan.")}
    if not stage.consented:
        # Once the plan is there, a missing consent is what it all stops at.
        text = (
            _("Samtycket är återkallat.") if stage.withdrawn else _("Ja till en plan. Ingen får läsa den än.")
        )
        return {"state": "stopped" if stage.version else "done", "text": text}
    count = len(stage.consented)
    return {
        "state": "done",
        "text": ngettext("%(count)s enhet får läsa.", "%(count)s enheter får läsa.", count)
        % {"count": count},
    }


def _plan_step(stage: Stage) -> dict[str, str]:
    if not stage.answer:
        return {"state": "ahead", "text": ""}
    if stage.version and not stage.is_changed:
        return {"state": "done", "text": _("Version %(version)s") % {"version": stage.version}}
    if stage.version:
        return {"state": "now", "text": _("Ändrad sedan version %(version)s") % {"version": stage.version}}
    if stage.missing:
        text = ngettext("%(count)s av fyra delar saknas.", "%(count)s av fyra delar saknas.", stage.missing)
        return {"state": "now", "text": text % {"count": stage.missing}}
    return {"state": "now", "text": _("Klar att fastställa.")}


def _handed_over_step(stage: Stage) -> dict[str, str]:
    if not stage.answer or not stage.version:
        return {"state": "ahead", "text": ""}
    if stage.waiting:
        return {"state": "now", "text": _("Kvar: %(units)s") % {"units": in_words(stage.waiting)}}
    if not stage.consented:
        return {"state": "ahead", "text": ""}
    if stage.unread:
        return {"state": "waiting", "text": _("Väntar på %(units)s") % {"units": in_words(stage.unread)}}
    count = len(stage.consented)
    text = ngettext("Till %(count)s enhet", "Till %(count)s enheter", count) % {"count": count}
    return {"state": "done", "text": text}


def _receiver(
    consent: Consent, handed: tuple[int, Disclosure] | None, current: int, *, is_open: bool, has_reader: bool
) -> Receiver:
    return Receiver(
        unit=consent.receiver_unit.name,
        authority=consent.receiver.name,
        party_kind=consent.receiver.party.kind,
        version=handed[0] if handed else 0,
        at=handed[1].disclosed_at if handed else None,
        is_open=is_open,
        is_withdrawn=not is_open and state_of(consent, now()) == ConsentState.WITHDRAWN,
        is_current=bool(current) and handed is not None and handed[0] == current,
        has_reader=has_reader,
    )


def _newest_handed_over(case: Case) -> dict[UUID, tuple[int, Disclosure]]:
    versions = {one.pk: one.version for one in versions_of(case)}
    newest: dict[UUID, tuple[int, Disclosure]] = {}
    for one in disclosures_of(case.pk):
        version = versions.get(one.document_id, 0)
        if version > newest.get(one.receiver_unit_id, (0, one))[0]:
            newest[one.receiver_unit_id] = (version, one)
    return newest
