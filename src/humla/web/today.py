"""Idag: what must I do now, for whom, by when, on one screen; each line leads to the page where it is done.

Here: what each row that somebody must act on is called, where it leads and in which part of the page it
stands. Not here: which rows those are (`humla.followups.today`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from humla.access.rules import may_answer_look, may_read_questions
from humla.access.visibility import (
    how_many_openings_wait,
    questioned_looks,
    questions_here,
    requests_waiting,
)
from humla.agreements.visibility import to_renew
from humla.audit.tags import Tag
from humla.cases.beside import asked_to_look
from humla.cases.models import Case
from humla.cases.visibility import my_assignments_in
from humla.core.context import Actor, now, today
from humla.core.dates import day_of, written_date
from humla.disclosures.intake import how_many_wait
from humla.evidence.asked import all_asked_evidence
from humla.evidence.models import Said
from humla.evidence.wording import KINDS
from humla.followups import today as questions
from humla.followups.models import Hinder, Status
from humla.initiations.models import RequestState
from humla.initiations.visibility import my_answers, requests_to_do
from humla.letters import visibility as letters
from humla.meetings.models import Answer
from humla.organisation.models import CASE_ROLES, Role
from humla.organisation.reaching import is_due
from humla.organisation.visibility import units_looked_after
from humla.people.visibility import names_of
from humla.plans.document import who_does
from humla.plans.models import Doer
from humla.representatives.visibility import objections_waiting
from humla.scheduling.asked import all_asked_times
from humla.web.door import DoorRequest, staff_page
from humla.web.jinja import clock, short_day
from humla.web.page import render
from humla.web.preview import chosen_in

CAP = 15
"""So many lines of a part are drawn at first; the rest are one tap away."""

NOW, WEEK, OTHERS = "nu", "veckan", "andra"


@dataclass(frozen=True)
class Line:
    """One thing to do: what, for whom, by when, and the page where it is done."""

    part: str
    what: str
    url: str
    by: date | None = None
    late: bool = False
    detail: str = ""
    case_id: UUID | None = None
    person_id: UUID | None = None
    reference: str = ""
    is_mine: bool = True
    is_held: bool = True
    is_protected: bool = False


@dataclass(frozen=True)
class Part:
    """One part of the page: its lines that are drawn, and how many there are."""

    name: str
    title: str
    lines: Sequence[Line]
    count: int
    empty: str
    all_url: str = ""


@dataclass
class _Reader:
    """Who asks, and the day it is: what every line is worked out from."""

    actor: Actor
    day: date
    told: dict[UUID, str] = field(default_factory=dict)

    def line(self, case: Case, what: str, page: str, **more: Any) -> Line:
        """A line about a case; its part follows from its day when it is not given."""
        where = {"case_id": case.pk, **more.pop("where", {})}
        by: date | None = more.get("by")
        late = by is not None and by < self.day
        part = more.pop("part", None) or (NOW if by is None or by <= self.day else WEEK)
        return Line(
            part=part,
            what=what,
            url=reverse(page, kwargs=where) + more.pop("place", ""),
            late=late,
            case_id=case.pk,
            person_id=case.person_id,
            reference=case.reference,
            is_held=case.authority_id == self.actor.authority_id,
            is_protected=case.is_protected,
            **more,
        )


@staff_page(
    ahead=(
        *questions.EVERYTHING,
        requests_waiting,
        objections_waiting,
        requests_to_do,
        letters.unsent,
        asked_to_look,
        units_looked_after,
        to_renew,
    )
)
def today_page(request: DoorRequest) -> HttpResponse:
    """The first page of a professional: now, this week, and what she waits for."""
    whose = "enheten" if request.GET.get("vems") == "enheten" else "mina"
    reader = _Reader(request.actor, today())
    everything = list(_arrived(reader)) + [line for make in _MAKERS for line in make(reader)]
    lines = [one for one in everything if whose == "enheten" or one.is_mine]
    parts = _parts(lines, whole=request.GET.get("visa", ""), whose=whose)
    shown = [one for part in parts for one in part.lines]
    names = names_of({one.person_id for one in shown if one.person_id and one.is_held})
    _looked(request, shown)
    context = {
        "parts": parts,
        "names": names,
        "day": reader.day,
        "is_empty": not everything,
        "whose": whose,
        "others": sum(not one.is_mine for one in everything),
        "works_in_cases": request.actor.role in CASE_ROLES,
    }
    return render(request, "today/today.html", context)


def _looked(request: DoorRequest, shown: Sequence[Line]) -> None:
    """One line on the trail for each case that something is said of: it is read here as on its own page."""
    persons = {one.case_id: one.person_id for one in shown if one.case_id and one.person_id}
    rights = my_assignments_in(persons)
    for case_id, person_id in persons.items():
        allowed_by = [("assignment", rights[case_id])] if case_id in rights else []
        request.looked(Tag.TODAY_READ, case=case_id, person=person_id, allowed_by=allowed_by)
    if not persons:
        request.looked(Tag.TODAY_READ)


def _parts(lines: Sequence[Line], *, whole: str, whose: str) -> list[Part]:
    titles = {
        NOW: (_("Nu"), _("Inget väntar på dig just nu.")),
        WEEK: (_("Den här veckan"), _("Inget mer den här veckan.")),
        OTHERS: (_("Väntar på andra"), _("Du väntar inte på någon.")),
    }
    return [
        _part(name, title, empty, [one for one in lines if one.part == name], whole=whole, whose=whose)
        for name, (title, empty) in titles.items()
    ]


def _part(name: str, title: str, empty: str, lines: list[Line], *, whole: str, whose: str) -> Part:
    # What is latest first: what has no day is to be decided today.
    lines.sort(key=lambda one: (one.by or date.min, one.reference))
    cut = len(lines) > CAP and whole != name
    shown = lines[:CAP] if cut else lines
    address = f"?vems={whose}&visa={name}#{name}" if cut else ""
    return Part(name, title, shown, len(lines), empty, address)


# --- what each row is called, and where it leads ------------------------------------------------------------


def _arrived(reader: _Reader) -> Iterator[Line]:
    if reader.actor.role != Role.RECEIVER:
        return
    count = how_many_wait(reader.actor)
    if count:
        words = ngettext(
            "Ta emot det som har kommit till enheten",
            "Ta emot de %(count)s som har kommit till enheten",
            count,
        )
        yield Line(NOW, words % {"count": count}, reverse("arrivals"))
    # By their days only: which cases they are about is read, and written down, where they are answered.
    times = [one.answer_by for one in all_asked_times() if one.is_open and not one.has_answered]
    papers = [one.by_when for one in all_asked_evidence() if one.is_open and not one.said]
    for days, what, page in (
        (times, _("Vilka tider kan ni?"), "arrivals"),
        (papers, _("Underlag som enheten är tillfrågad om"), "unit_evidence_list"),
    ):
        if days:
            by = min(days)
            yield Line(NOW if by <= reader.day else WEEK, what, reverse(page), by=by, late=by < reader.day)


def _letters(_reader: _Reader) -> Iterator[Line]:
    count = len(letters.unsent(None))
    if count:
        words = ngettext("Skriv ut och lämna ett brev", "Skriv ut och lämna %(count)s brev", count)
        yield Line(NOW, words % {"count": count}, reverse("letters"))


def _commitments(reader: _Reader) -> Iterator[Line]:
    for one in questions.commitments_due(None):
        row: Any = one
        if one.unit_id == reader.actor.unit_id:
            what = _("Gör det ni har åtagit er: %(what)s") % {"what": _short(one.what)}
            where = {"commitment_id": one.pk}
            yield reader.line(one.case, what, "progress", where=where, by=one.due_on, is_mine=row.is_mine)
        elif one.due_on and one.due_on < reader.day and row.status != Status.HINDERED:
            who = _("Personen") if one.doer == Doer.PERSON else who_does(one)
            what = _("%(who)s skulle ha varit klar: %(what)s") % {"who": who, "what": _short(one.what)}
            where = {"commitment_id": one.pk}
            yield reader.line(
                one.case, what, "progress", where=where, by=one.due_on, is_mine=row.is_mine, part=OTHERS
            )


def _hindered(reader: _Reader) -> Iterator[Line]:
    for one in questions.hinders(None):
        row: Any = one
        who = who_does(one.commitment)
        words = {"who": who, "what": _short(one.commitment.what)}
        yield reader.line(
            one.case,
            _("%(who)s har ett hinder: %(what)s") % words,
            "progress",
            where={"commitment_id": one.commitment_id},
            part=NOW,
            detail=str(Hinder(one.hinder).label),
            is_mine=row.is_mine,
        )


def _undertaken(reader: _Reader) -> Iterator[Line]:
    said = {one.commitment_id: one.status for one in questions.told_by_us(None)}
    for part in questions.undertaken(None):
        row: Any = part
        for block in row.ours or ():
            due = date.fromisoformat(block["due_on"]) if block.get("due_on") else None
            if due is None or due > reader.day + questions.WEEK or said.get(UUID(block["id"])) == Status.DONE:
                continue
            what = _("Gör det ni har åtagit er: %(what)s") % {"what": _short(block["what"])}
            place = f"#gor-{block['id']}"
            yield reader.line(part.case, what, "received", place=place, by=due)


def _meetings(reader: _Reader) -> Iterator[Line]:
    for one in questions.meetings_ahead(None):
        row: Any = one
        day, where = day_of(one.starts_at), {"meeting_id": one.pk}
        is_mine = row.is_mine or row.is_led
        if one.starts_at < now():
            what = _("Skriv in vilka som var på mötet")
            yield reader.line(one.case, what, "hold_meeting", where=where, by=day, is_mine=is_mine)
            continue
        words = {"kind": str(one.get_kind_display()), "at": clock(one.starts_at)}
        what = _("Möte kl. %(at)s: %(kind)s") % words
        part = NOW if day == reader.day else WEEK
        yield reader.line(one.case, what, "meeting", where=where, by=day, is_mine=is_mine, part=part)


def _times(reader: _Reader) -> Iterator[Line]:
    for one in questions.times_to_choose(None):
        row: Any = one
        where = {"offer_id": one.pk}
        told: dict[str, Any] = {"by": one.answer_by, "is_mine": row.is_mine, "where": where}
        yield reader.line(one.case, _("Dags att välja tid för mötet"), "time_offer", part=NOW, **told)


def _evidence(reader: _Reader) -> Iterator[Line]:
    for one in questions.late_evidence(None):
        row: Any = one
        who = one.unit.name if one.unit else one.name or _("Personen")
        words = {"who": who, "what": str(KINDS[one.kind])}
        if row.said == Said.REFUSED:
            what = _("%(who)s kan inte lämna %(what)s. Prata med varandra.") % words
        elif row.said == Said.WRONG_UNIT:
            what = _("%(who)s är fel enhet för %(what)s. Fråga rätt enhet.") % words
        else:
            what = _("%(what)s från %(who)s är försenat. Ring.") % words
        where, by = {"evidence_id": one.pk}, row.promised_on or one.by_when
        what = what[:1].upper() + what[1:]
        yield reader.line(one.case, what, "one_evidence", part=NOW, where=where, by=by, is_mine=row.is_mine)


def _unanswered(reader: _Reader) -> Iterator[Line]:
    for one in questions.unanswered(None):
        row: Any = one
        who = one.unit.name if one.unit else one.name or _("Personen")
        by = one.meeting.answer_by
        where = {"summons_id": one.pk}
        told: dict[str, Any] = {"is_mine": row.is_mine or one.sent_by_id == reader.actor.id, "where": where}
        if row.wish:
            what = _("%(who)s vill att något på mötet är annorlunda. Läs och svara.") % {"who": who}
            yield reader.line(one.case, what, "summons", part=NOW, **told)
        elif row.answer == Answer.DECLINED:
            what = _("%(who)s vill inte komma på mötet. Prata med varandra.") % {"who": who}
            yield reader.line(one.case, what, "summons", part=NOW, **told)
        elif row.answer == Answer.OTHER_TIME:
            what = _("%(who)s kan inte den tiden. Föreslå en annan.") % {"who": who}
            yield reader.line(one.case, what, "summons", part=NOW, **told)
        elif row.answer == Answer.WRONG_UNIT:
            what = _("%(who)s är fel enhet. Kalla rätt enhet.") % {"who": who}
            yield reader.line(one.case, what, "summons", part=NOW, **told)
        elif row.has_failed:
            what = _("Brevet till %(who)s gick inte fram. Ring.") % {"who": who}
            yield reader.line(one.case, what, "summons", part=NOW, **told)
        elif row.reminders_spent:
            what = _("%(who)s har påmints och har inte svarat på kallelsen. Ring.") % {"who": who}
            yield reader.line(one.case, what, "summons", part=NOW, **told)
        elif by is not None and by < reader.day:
            what = _("%(who)s har inte svarat på kallelsen. Ring.") % {"who": who}
            yield reader.line(one.case, what, "summons", by=by, **told)
        else:
            what = _("%(who)s ska svara på kallelsen") % {"who": who}
            yield reader.line(one.case, what, "summons", by=by, part=OTHERS, **told)


def _summoned(reader: _Reader) -> Iterator[Line]:
    for one in questions.summoned(None):
        what = _("Svara på kallelsen som kom %(day)s") % {"day": short_day(day_of(one.leaves_at))}
        yield reader.line(one.case, what, "received", part=NOW)


def _not_met(reader: _Reader) -> Iterator[Line]:
    for one in questions.meetings_late(None):
        row: Any = one
        what = _("Bestäm mötet. Enligt överenskommelsen skulle ni redan ha träffats.")
        yield reader.line(
            one, what, "plan_meeting", by=row.due_on, part=NOW, is_mine=row.is_mine, place="?slag=first"
        )


def _agreement(reader: _Reader) -> Iterator[Line]:
    """Whoever coordinates is the one that notices first when every party is only invited."""
    if reader.actor.role not in (Role.COORDINATOR, Role.MANAGER):
        return
    for one in to_renew(None):
        by = one.renewal_decided_by or one.ends_on
        told = {"until": written_date(one.ends_on)}
        what = _("Överenskommelsen gäller till och med %(until)s. Be förbundet förlänga den.") % told
        part = NOW if by <= reader.day else WEEK
        yield Line(part, what, reverse("agreement"), by=by, late=by < reader.day)


def _plans(reader: _Reader) -> Iterator[Line]:
    for one in questions.plans_to_follow_up(None):
        row: Any = one
        if one.follow_up_on is None:
            what = _("Bestäm när planen ska följas upp")
            yield reader.line(one.case, what, "settle_plan", part=NOW, is_mine=row.is_mine)
        else:
            what = _("Följ upp planen")
            yield reader.line(one.case, what, "begin_follow_up", by=one.follow_up_on, is_mine=row.is_mine)


def _begun(reader: _Reader) -> Iterator[Line]:
    for one in questions.begun_follow_ups(None):
        row: Any = one
        what = _("Gör klar uppföljningen från %(day)s") % {"day": short_day(one.held_on)}
        where = {"follow_up_id": one.pk}
        yield reader.line(one.case, what, "follow_up", where=where, part=NOW, is_mine=row.is_mine)


def _woken(reader: _Reader) -> Iterator[Line]:
    for one in questions.woken(None):
        row: Any = one
        what = _("Ta upp ärendet som har vilat")
        yield reader.line(one, what, "case", by=one.resting_until, is_mine=row.is_mine)


def _consents(reader: _Reader) -> Iterator[Line]:
    for one in questions.consents_ending(None):
        row: Any = one
        last = day_of(one.ends_at - timedelta(microseconds=1))
        what = _("Fråga om samtycket till %(unit)s, som snart går ut") % {"unit": one.receiver_unit.name}
        asked = {"unit": one.receiver_unit_id, "categories": chosen_in(one.categories)}
        place = f"?{urlencode(asked, doseq=True)}"
        yield reader.line(
            one.case, what, "give_consent", by=last, part=WEEK, is_mine=row.is_mine, place=place
        )


def _answered(reader: _Reader) -> Iterator[Line]:
    for one in questions.answered_by_her(None):
        row: Any = one
        words = {"unit": one.receiver_unit.name}
        said_yes, said_no = _("Personen har sagt ja till %(unit)s"), _("Personen har sagt nej till %(unit)s")
        what = (said_yes if one.consent_id else said_no) % words
        yield reader.line(one.case, what, "consents", part=WEEK, is_mine=row.is_mine)


def _handed_in(reader: _Reader) -> Iterator[Line]:
    for one in questions.handed_in_by_her(None):
        row: Any = one
        assert one.handed_in_at is not None
        what = _("Läs förberedelsen som personen lämnade in %(day)s") % {
            "day": short_day(day_of(one.handed_in_at))
        }
        yield reader.line(one.case, what, "preparation", part=NOW, is_mine=row.is_mine)


def _withdrawn(reader: _Reader) -> Iterator[Line]:
    for one in questions.withdrawn_by_her(None):
        row: Any = one
        assert one.withdrawn_at is not None
        words = {"unit": one.receiver_unit.name, "day": short_day(day_of(one.withdrawn_at))}
        what = _("Personen tog tillbaka samtycket till %(unit)s %(day)s") % words
        yield reader.line(one.case, what, "consents", part=NOW, is_mine=row.is_mine)


def _objected(reader: _Reader) -> Iterator[Line]:
    for one in objections_waiting(None):
        row: Any = one
        what = _("Personen säger nej till ett ombud. Bestäm vad som gäller.")
        yield reader.line(one, what, "mandates", part=NOW, is_mine=row.is_mine)


def _offers(reader: _Reader) -> Iterator[Line]:
    for one in questions.lead_offers(None):
        what = _("Svara på om ni tar över ledningen av planen")
        yield reader.line(one.case, what, "answer_lead", part=NOW)


def _asks_to_read(reader: _Reader) -> Iterator[Line]:
    for one in requests_waiting(None):
        row: Any = one
        what = _("%(unit)s vill läsa ärendet. Svara ja eller nej.") % {"unit": one.asking_unit.name}
        where = {"arrived_id": one.pk}
        yield reader.line(one.case, what, "answer_request", where=where, part=NOW, is_mine=row.is_mine)


def _asks_for_plan(reader: _Reader) -> Iterator[Line]:
    """Who waits for the unit's answer, what one has taken over oneself, and what others have answered."""
    for one in requests_to_do(None):
        where, late = reverse("plan_request", args=[one.pk]), one.answer_by < reader.day
        if one.answer == RequestState.TAKEN:
            what = _("Kontakta personen bakom begäran %(number)s. Du har tagit över den.")
            yield Line(WEEK, what % {"number": one.reference}, where)
        else:
            what = _("Svara på begäran %(number)s om en plan") % {"number": one.reference}
            part = NOW if one.answer_by <= reader.day else WEEK
            yield Line(part, what, where, by=one.answer_by, late=late)
    for asked in my_answers():
        what = _("%(unit)s har svarat på din begäran %(number)s") % {
            "unit": asked.unit,
            "number": asked.reference,
        }
        yield Line(WEEK, what, reverse("my_plan_request", args=[asked.id]))


def _beside(reader: _Reader) -> Iterator[Line]:
    """A colleague does this for the first time and has asked the coordinator to look."""
    for one in asked_to_look(None):
        assert one.ends_at is not None
        what = _("Titta i ärendet: %(name)s har bett dig") % {"name": one.assigned_by.name}
        yield reader.line(one.case, what, "guide", by=day_of(one.ends_at), part=NOW)


def _to_review(reader: _Reader) -> Iterator[Line]:
    """For the log reviewer: what is reviewed every time. About nobody by name."""
    if reader.actor.role != Role.LOG_REVIEWER:
        return
    count = how_many_openings_wait()
    if count:
        words = ngettext(
            "Granska den öppning som en chef har gjort",
            "Granska de %(count)s öppningar som chefer har gjort",
            count,
        )
        yield Line(NOW, words % {"count": count}, reverse("review"))


def _to_answer(reader: _Reader) -> Iterator[Line]:
    """For the manager whose answer a person waits for, and for the reviewer what no manager can or did."""
    if not may_read_questions(reader.actor):
        return
    is_reviewer = reader.actor.role == Role.LOG_REVIEWER
    looks = questioned_looks() if is_reviewer else {}
    for one in questions_here(only_open=True):
        late = one.answer_by < reader.day
        look = looks.get(one.pk)
        is_of_manager = look is not None and look.role == Role.MANAGER
        if not may_answer_look(reader.actor, one) or (is_reviewer and not late and not is_of_manager):
            continue
        what = _("Svara en person som undrar varför någon på %(unit)s har läst") % {"unit": one.unit.name}
        part = NOW if one.answer_by <= reader.day else WEEK
        yield Line(part, what, reverse("answer_question", args=[one.pk]), by=one.answer_by, late=late)


def _to_confirm(reader: _Reader) -> Iterator[Line]:
    """For whoever looks after a unit's details: are they still true?"""
    for one in units_looked_after(None):
        if is_due(one, reader.day):
            what = _("Stämmer uppgifterna om %(unit)s?") % {"unit": one.name}
            yield Line(WEEK, what, reverse("unit", args=[one.pk]))


def _unsent(reader: _Reader) -> Iterator[Line]:
    for one in questions.unsent(None):
        row: Any = one
        if row.reference is None or one.case_id is None:
            continue  # About a case that she does not work in for the unit that she acts for now.
        yield Line(
            NOW,
            _("Du började skriva men skickade det inte: %(form)s") % {"form": _form_named(one.form)},
            _form_url(one.form, one.case_id),
            case_id=one.case_id,
            person_id=row.person,
            reference=row.reference,
            is_held=row.authority == reader.actor.authority_id,
            is_protected=row.is_protected,
        )


_MAKERS: tuple[Callable[[_Reader], Iterator[Line]], ...] = (
    _commitments,
    _hindered,
    _undertaken,
    _meetings,
    _times,
    _evidence,
    _unanswered,
    _summoned,
    _letters,
    _not_met,
    _plans,
    _agreement,
    _begun,
    _woken,
    _consents,
    _answered,
    _handed_in,
    _withdrawn,
    _objected,
    _offers,
    _asks_to_read,
    _beside,
    _asks_for_plan,
    _to_review,
    _to_answer,
    _to_confirm,
    _unsent,
)


_SIDE_ROWS = ("milestone", "reservation", "unmet_need", "other_plan")
"""The rows of a plan whose page is called as their draft is."""


def _form_named(form: str) -> str:
    """What a form with a draft is called; one that is not named here is a text."""
    names = {
        "own_goal": _("personens eget mål"),
        "add_goal": _("ett mål"),
        "goal": _("ett mål"),
        "add_commitment": _("vem som gör vad"),
        "meeting": _("mötet"),
        "commitment": _("vem som gör vad"),
        "follow_up": _("uppföljningen"),
        "close": _("avslutet"),
        "note": _("en anteckning"),
        "told": _("det personen har berättat"),
        "person": _("uppgifter om personen"),
    }
    return names.get(form.partition(":")[0], _("en text"))


def _form_url(form: str, case_id: UUID) -> str:
    """The page that the form stands on, which shows the draft; else the case."""
    name, _sign, row = form.partition(":")
    here = {"case_id": case_id}
    if name in _SIDE_ROWS:
        return reverse(name, kwargs={**here, f"{name}_id": row})
    match name:
        case "goal":
            return reverse("goal", kwargs={**here, "goal_id": row})
        case "commitment":
            return reverse("commitment", kwargs={**here, "commitment_id": row})
        case "follow_up":
            return reverse("follow_up", kwargs={**here, "follow_up_id": row})
        case "close":
            return reverse("close_case", kwargs=here)
        case "meeting" if row != str(case_id):
            return reverse("change_meeting", kwargs={**here, "meeting_id": row})
        case "meeting":
            return reverse("plan_meeting", kwargs=here)
        case "own_goal" | "add_goal" | "person" | "settle_plan":
            return reverse(name, kwargs=here)
        case "note":
            return reverse("notes", kwargs=here)
        case "told":
            return reverse("preparation", kwargs=here)
    return reverse("plan" if name.startswith("add_") else "case", kwargs=here)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79].rstrip()}…"
