"""A finished follow-up and a closing as documents: their parts by category, how they are shown and printed.

Lives here: which answer belongs to which category. Not here: freezing and releasing (`humla.disclosures`),
nor how a page or a PDF looks.

A part is released by itself, so what was found of a commitment about health stands in the part about health.
The steps and the person's own words are about what she needs; what she lives on is economy.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from humla.cases.models import Case, Category
from humla.core import document as printing
from humla.core.dates import written_date
from humla.disclosures.models import DocumentPart
from humla.followups.models import (
    Before,
    CloseReason,
    Closing,
    FollowUp,
    Hinder,
    Livelihood,
    LivelihoodLine,
    Outcome,
)
from humla.followups.visibility import AskedCommitment, AskedGoal, Sheet
from humla.people.models import Person
from humla.people.naming import BULLETS, display_name, whole_number
from humla.plans.document import LANGUAGE, NUMBERS, READ_IN_ORDER

Block = dict[str, Any]
"""One thing said: `kind` facts, own_words, goal_result, commitment_result, livelihood or text."""

ENDS: dict[str, str | Promise] = {
    Before.BEFORE: gettext_lazy("När planen började"),
    Before.AFTER: gettext_lazy("Vid avslut"),
}
"""Headings for what the person lived on."""


# --- by category --------------------------------------------------------------------------------------------


def follow_up_parts(
    sheet: Sheet, person: Person, *, number: int, words_category: str, before: FollowUp | None
) -> dict[Category, list[Block]]:
    """Everything a finished follow-up says, by category. `before` is what the steps are compared with."""
    with override(LANGUAGE):
        said = [
            (Category.IDENTITY, _facts(_of_whom(person, sheet.follow_up.case) + _which(sheet, number))),
            *((one.category, _commitment(one)) for one in sheet.commitments),
            *((one.category, _goal(one)) for one in sheet.goals),
            *_steps_and_words(sheet.follow_up, before, words_category),
            (Category.PLANNING, _facts([_next(sheet.follow_up)])),
        ]
        return _by_category(said)


def closing_parts(
    closing: Closing, lines: Iterable[LivelihoodLine], person: Person
) -> dict[Category, list[Block]]:
    """Everything a closing says, by category."""
    with override(LANGUAGE):
        head = [*_of_whom(person, closing.case), [_("Avslutat"), written_date(closing.closed_on)]]
        return _by_category(
            [
                (Category.IDENTITY, _facts(head)),
                (Category.PLANNING, _facts(_how_it_ended(closing))),
                *_outcome(closing),
                *((Category.ECONOMY, _line(one)) for one in lines),
            ]
        )


def _by_category(said: Iterable[tuple[str, Block]]) -> dict[Category, list[Block]]:
    made: dict[Category, list[Block]] = {}
    for category, block in said:
        made.setdefault(Category(category), []).append(block)
    return {category: made[category] for category in Category if category in made}


def _facts(rows: list[list[str]]) -> Block:
    return {"kind": "facts", "rows": rows}


def _of_whom(person: Person, case: Case) -> list[list[str]]:
    """The name first: it is what a receiver calls the case (`humla.disclosures.naming`)."""
    return [
        [_("Namn"), display_name(person)],
        *([] if person.is_protected else [[str(NUMBERS[person.number_kind]), whole_number(person)]]),
        [_("Ärende"), case.reference],
    ]


def _which(sheet: Sheet, number: int) -> list[list[str]]:
    one = sheet.follow_up
    words = {"number": number, "day": written_date(one.held_on)}
    return [
        [_("Uppföljning"), _("nummer %(number)s, %(day)s") % words],
        [_("Av planen"), _("version %(number)s") % {"number": one.document.version}],
    ]


def _commitment(one: AskedCommitment) -> Block:
    result = one.result
    return {
        "kind": "commitment_result",
        "id": str(one.id),
        "who": one.block["who"],
        "what": one.block["what"],
        "outcome": str(Outcome(result.outcome).label) if result else "",
        "hinder": str(Hinder(result.hinder).label) if result and result.hinder else "",
        "why": result.why if result else "",
    }


def _goal(one: AskedGoal) -> Block:
    result = one.result
    return {
        "kind": "goal_result",
        "id": str(one.id),
        "area": one.block["area"],
        "text": one.block["text"],
        "by_person": result.by_person if result else None,
        "by_staff": result.by_staff if result else None,
    }


def _steps_and_words(one: FollowUp, before: FollowUp | None, words: str) -> Iterator[tuple[str, Block]]:
    by_person, by_staff = (before.step_by_person, before.step_by_staff) if before else (None, None)
    rows = [
        [_("Steg enligt personen"), step(one.step_by_person, by_person)],
        [_("Steg enligt personalen"), step(one.step_by_staff, by_staff)],
    ]
    yield Category.NEEDS, _facts(rows)
    if one.person_words:
        yield words, {"kind": "own_words", "text": one.person_words, "said_on": one.held_on.isoformat()}


def _next(one: FollowUp) -> list[str]:
    if one.next_on:
        return [_("Nästa uppföljning"), written_date(one.next_on)]
    return [_("Nästa uppföljning"), _("behövs inte, bestämt av %(who)s") % {"who": one.no_next_by}]


def _how_it_ended(closing: Closing) -> list[list[str]]:
    rows = [
        [_("Varför"), str(CloseReason(closing.reason).label)],
        [_("Annan väg framåt"), closing.other_way],
        [_("Tar vid"), closing.takes_over],
    ]
    return [row for row in rows if row[1]]


def _outcome(closing: Closing) -> Iterator[tuple[str, Block]]:
    if closing.result:
        yield (
            Category.NEEDS,
            {"kind": "text", "heading": _("Vad det blev av planen"), "text": closing.result},
        )
    if closing.verdict is not None:
        verdict = _("%(mark)s av 5") % {"mark": closing.verdict}
        yield Category.NEEDS, _facts([[_("Personens omdöme"), verdict]])
    if closing.verdict_words:
        said = {"kind": "own_words", "text": closing.verdict_words, "said_on": closing.closed_on.isoformat()}
        yield Category.NEEDS, said


def _line(one: LivelihoodLine) -> Block:
    details = []
    if one.percent is not None:
        details.append(_("%(percent)s procent") % {"percent": one.percent})
    if one.decided_on:
        details.append(_("beslut %(day)s") % {"day": written_date(one.decided_on)})
    if one.is_pending:
        details.append(_("väntar på beslut"))
    return {
        "kind": "livelihood",
        "end": str(ENDS[one.end]),
        "what": str(Livelihood(one.kind).label),
        "details": ", ".join(details),
    }


def step(now: int | None, before: int | None) -> str:
    """Where somebody stands on the ladder, and how far that is from last time."""
    if now is None:
        return _("inget svar")
    if before is None:
        return _("%(step)s av 5") % {"step": now}
    words = {"step": now, "count": abs(now - before)}
    if now == before:
        return _("%(step)s av 5, samma som förra gången") % words
    return (_("%(step)s av 5, %(count)s upp") if now > before else _("%(step)s av 5, %(count)s ner")) % words


# --- what a reader is shown ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownChapter:
    """One category as a chapter, for the macro `paper` and for printing."""

    category: str
    label: str
    blocks: list[Block]


def shown(parts: Iterable[DocumentPart], *, to_person: bool = False) -> list[ShownChapter]:
    """What a reader who has exactly these parts is shown, in order; to the person her number is masked."""
    by = {part.category: part.content["blocks"] for part in parts}
    return [
        ShownChapter(category, str(category.label), [_shown(block, to_person) for block in by[category]])
        for category in READ_IN_ORDER
        if by.get(category)
    ]


def _shown(block: Mapping[str, Any], to_person: bool) -> Block:
    told = dict(block)
    if told.get("said_on"):
        told["said_on"] = date.fromisoformat(told["said_on"])
    if told["kind"] == "facts":
        # A label has no language until somebody reads it; the number is never whole behind her back.
        told["told"] = [(_(label), _masked(value) if to_person else value) for label, value in told["rows"]]
    return told


def _masked(value: str) -> str:
    day, _dash, rest = value.partition("-")
    return f"{day}-{BULLETS}" if len(day) == 8 and day.isdigit() and len(rest) == 4 else value


# --- on paper -----------------------------------------------------------------------------------------------


def printed(
    chapters: Sequence[ShownChapter],
    *,
    title: str,
    reference: str,
    dated: date,
    issuer: str,
    footer: tuple[str, ...] = (),
) -> printing.PrintedDocument:
    """What the reader is shown, as a document to print, in the same order."""
    with override(LANGUAGE):
        sections = tuple(
            printing.Section(str(Category(one.category).label), tuple(_printed(one.blocks)))
            for one in chapters
        )
    return printing.PrintedDocument(
        title=title,
        reference=reference,
        dated=dated,
        issuer=issuer,
        language=LANGUAGE,
        sections=sections,
        footer=footer,
    )


def _printed(blocks: Sequence[Block]) -> Iterator[printing.Block]:
    for block in blocks:
        if block["kind"] == "own_words":
            yield printing.Quote(block["text"], _("egna ord"), block["said_on"] or None)
        elif block["kind"] == "text":
            yield printing.Rows(((block["heading"], block["text"]),))
    yield from _printed_table(
        [block for block in blocks if block["kind"] == "commitment_result"],
        (_("Vem"), _("Gör vad"), _("Blev det gjort?")),
        _("Vad som blev gjort"),
        lambda one: (one["who"], one["what"], _lines(one["outcome"], one["hinder"], one["why"])),
    )
    yield from _printed_table(
        [block for block in blocks if block["kind"] == "goal_result"],
        (_("Livsområde"), _("Mål"), _("Hur nära? (1 till 5)")),
        _("Hur nära målen är"),
        lambda one: (one["area"], one["text"], _both_views(one)),
    )
    yield from _printed_table(
        [block for block in blocks if block["kind"] == "livelihood"],
        (_("När"), _("Försörjning eller sysselsättning"), _("Omfattning och beslut")),
        _("Vad personen lever på"),
        lambda one: (one["end"], one["what"], one["details"]),
    )
    for block in blocks:
        if block["kind"] == "facts" and block["rows"]:
            yield printing.Rows(tuple((label, value) for label, value in block["rows"]))


def _printed_table(
    blocks: Sequence[Block], columns: tuple[str, str, str], caption: str, row: Any
) -> Iterator[printing.Block]:
    if blocks:
        rows = tuple(row(one) for one in blocks)
        yield printing.Table(columns=columns, rows=rows, widths=(3, 6, 3), caption=caption)


def _both_views(one: Block) -> str:
    def word(mark: int | None) -> str:
        return str(mark) if mark is not None else _("inget svar")

    return "\n".join(
        (
            _("Personen: %(mark)s") % {"mark": word(one["by_person"])},
            _("Personalen: %(mark)s") % {"mark": word(one["by_staff"])},
        )
    )


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
