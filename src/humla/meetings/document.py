"""What a summons says, in parts by category: one source for every receiver (SUM-1).

Here: which words belong to which category, and what each receiver may know of the others. Not here: freezing
and handing over (`humla.disclosures.actions`), how the parts are shown and printed (`humla.plans.document`,
whose kinds of block these are).

A part is released by itself, so a part may say nothing of another category. That a clinic has been summoned
tells that there is something to be treated: so who else comes is said by party to whoever may know the
planning, and by unit only in the parts about needs (the region's units: about health).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from humla.agreements.models import Duty
from humla.cases.models import Category
from humla.core.dates import STOCKHOLM, WEEKDAYS, written_date
from humla.disclosures.models import DocumentPart
from humla.meetings.models import Called, Meeting, MeetingForm, MeetingKind
from humla.meetings.rules import Call
from humla.organisation.models import PartyKind, Professional
from humla.people.naming import display_name, number_label, whole_number

Block = dict[str, Any]

LANGUAGE = "sv"
"""What is frozen is frozen in one language: the authority's."""

_TO_OTHERS = frozenset({Category.IDENTITY, Category.PLANNING})
"""Whoever is no unit has no consent that says what may be told: those get time, place and what to bring."""

_NEVER_TOLD = frozenset({Category.INTERNAL, Category.PROTECTED})
"""What can never be released stands in no letter, not even to a unit of our own authority."""


@dataclass(frozen=True)
class OwnWords:
    """The person's long-term goal in her own words, as the plan has it; given by whoever summons.

    The plan is a concept above this one, so the words are handed down and never fetched here.
    """

    text: str
    said_on: date | None = None
    told_to: str = ""
    category: str = Category.NEEDS


def parts_of(
    meeting: Meeting,
    call: Call,
    *,
    duty: Duty,
    caller: Professional,
    others: Iterable[Call] = (),
    own_words: OwnWords | None = None,
) -> dict[Category, list[Block]]:
    """Everything the summons says to this receiver, by category; what a consent covers is cut out of it."""
    made: dict[Category, list[Block]] = {}
    with override(LANGUAGE):
        for category, block in _said(meeting, call, duty, caller, list(others), own_words):
            made.setdefault(Category(category), []).append(block)
    if call.called not in (Called.UNIT, Called.PERSON):
        made = {category: _without_own_words(made[category]) for category in made if category in _TO_OTHERS}
    return {
        category: made[category] for category in Category if category in made and category not in _NEVER_TOLD
    }


def _without_own_words(blocks: list[Block]) -> list[Block]:
    """The person's own words are for those who may know of her needs, whatever kind they were filed as."""
    return [block for block in blocks if block["kind"] != "own_goal"]


def title() -> str:
    """It goes with every part, so it says only what every receiver may know."""
    with override(LANGUAGE):
        return _("Kallelse till möte")


def own_words_in(parts: Iterable[DocumentPart]) -> OwnWords | None:
    """The words that were frozen with a summons, for one that is sent anew."""
    for part in parts:
        for block in part.content["blocks"]:
            if block["kind"] == "own_goal":
                said_on = date.fromisoformat(block["said_on"]) if block["said_on"] else None
                return OwnWords(block["text"], said_on, block["told_to"], part.category)
    return None


def when_in(blocks: Iterable[Block]) -> Block | None:
    """The block that says when, as instants: for the top of a page and for a calendar."""
    return next((block for block in blocks if block.get("starts_at")), None)


def written_time(starts_at: datetime, minutes: int) -> str:
    """tisdag 24 november 2026 kl. 13.00–14.00"""
    local, until = (
        starts_at.astimezone(STOCKHOLM),
        (starts_at + timedelta(minutes=minutes)).astimezone(STOCKHOLM),
    )
    return f"{WEEKDAYS[local.weekday()]} {written_date(local.date())} kl. {local:%H.%M}–{until:%H.%M}"


def _said(
    meeting: Meeting,
    call: Call,
    duty: Duty,
    caller: Professional,
    others: Sequence[Call],
    own_words: OwnWords | None,
) -> Iterator[tuple[str, Block]]:
    yield Category.IDENTITY, _identity(meeting, call, caller)
    yield Category.PLANNING, _planning(meeting, call, duty, others)
    if own_words is not None and own_words.text:
        yield own_words.category, _own_goal(own_words)
    if meeting.purpose:
        yield Category.NEEDS, _statement(_("Varför möts vi?"), meeting.purpose)
    if meeting.questions:
        yield Category.NEEDS, _statement(_("Frågor som mötet ska svara på"), meeting.questions)
    needs, health = _units_named(meeting, others)
    if needs:
        yield Category.NEEDS, _statement(_("Enheter som också är kallade"), ", ".join(needs))
    if meeting.health_questions:
        yield Category.HEALTH, _statement(_("Frågor som rör hälsa"), meeting.health_questions)
    if health:
        yield Category.HEALTH, _statement(_("Vårdenheter som också är kallade"), ", ".join(health))


def _identity(meeting: Meeting, call: Call, caller: Professional) -> Block:
    """Whom it is about, and who calls. Whoever is no unit and not the person herself gets no number."""
    case, person = meeting.case, meeting.case.person
    rows = [[_("Namn"), display_name(person)]]
    if call.called in (Called.UNIT, Called.PERSON) and not person.is_protected:
        rows.append([number_label(person), whole_number(person)])
    rows += [
        [_("Ärende"), case.reference],
        [_("Kallar"), f"{caller.name}, {case.unit.name}, {case.authority.name}"],
    ]
    phone = caller.phone or case.unit.phone
    if phone:
        rows.append([_("Telefon"), phone])
    # By id too: a telephone number is looked up when it is read, or it would be an old one.
    return {"kind": "facts", "rows": rows, "lead": str(caller.pk)}


def _planning(meeting: Meeting, call: Call, duty: Duty, others: Sequence[Call]) -> Block:
    form = call.form or meeting.form
    rows = [
        [_("Möte"), str(MeetingKind(meeting.kind).label)],
        [_("Tid"), written_time(meeting.starts_at, meeting.minutes)],
        [_("Längd"), _("%(minutes)s minuter") % {"minutes": meeting.minutes}],
        [_("Du deltar"), str(MeetingForm(form).label)],
    ]
    if meeting.place and form not in (MeetingForm.VIDEO, MeetingForm.PHONE):
        rows.append([_("Plats"), meeting.place])
    if meeting.video_link and form != MeetingForm.IN_PERSON:
        rows.append([_("Länk till videomötet"), meeting.video_link])
    if call.called == Called.UNIT:
        rows.append([_("Kallad eller inbjuden"), str(duty.label)])
    if call.bring:
        rows.append([_("Det här behöver du ha med dig"), call.bring])
    if call.called == Called.UNIT:
        rows.append([_("Mandat"), _("Den som kommer ska kunna säga vad enheten åtar sig.")])
    parties = _parties(others, is_hers=call.called == Called.PERSON)
    if parties:
        rows.append([_("Fler som är kallade"), ", ".join(parties)])
    rows.append(
        [_("Tolk"), _("Ja, %(what)s") % {"what": meeting.interpreter} if meeting.interpreter else _("Nej")]
    )
    if meeting.answer_by and call.called == Called.UNIT:
        rows.append([_("Svara senast"), written_date(meeting.answer_by)])
    return {
        "kind": "facts",
        "rows": rows,
        "meeting": str(meeting.pk),
        "starts_at": meeting.starts_at.isoformat(),
        "minutes": meeting.minutes,
        "form": form,
        "place": meeting.place,
        "video_link": meeting.video_link if form != MeetingForm.IN_PERSON else "",
        "answer_by": meeting.answer_by.isoformat() if meeting.answer_by else "",
        "bring": call.bring,
    }


def _own_goal(words: OwnWords) -> Block:
    return {
        "kind": "own_goal",
        "text": words.text,
        "said_on": words.said_on.isoformat() if words.said_on else "",
        "told_to": words.told_to,
    }


def _statement(heading: str, text: str) -> Block:
    return {"kind": "statement", "heading": heading, "text": text}


def _parties(others: Iterable[Call], *, is_hers: bool) -> list[str]:
    """The parties and the kinds of other people, each once; the person is always asked."""
    names = [
        one.unit.authority.party.name if one.unit else str(Called(one.called).label)
        for one in others
        if one.called != Called.PERSON
    ]
    return list(dict.fromkeys(names if is_hers else [_("personen själv"), *names]))


def _units_named(meeting: Meeting, others: Iterable[Call]) -> tuple[list[str], list[str]]:
    """The units that are told of with the needs, and those whose name tells of health."""
    units = [one.unit for one in others if one.unit is not None]
    care = [one.name for one in units if one.authority.party.kind == PartyKind.REGION]
    return [one.name for one in units if one.name not in care], care
