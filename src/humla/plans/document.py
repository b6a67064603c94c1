"""A plan as a document: its parts by category, how two versions differ, and how it is printed.

Lives here: which words of a plan belong to which category, what any reader's page and PDF show of the
parts she has, and the difference between two versions in plain words. Not here: freezing and releasing
(`humla.disclosures`), when a plan may be adopted (`rules`), nor how a page or a PDF looks.

A part is released by itself, so a part may say nothing of another category. A commitment therefore names
its goal by id only; the words of the goal and its life area stand in the goal's own part ("Missbruksvård"
is health, though who-does-what is planning). Whoever has both parts gets them joined by `shown`.

Read in one order everywhere: the person's own words, the goals and who does what, last whom it is about.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from humla.cases.models import Category
from humla.core import dates
from humla.core import document as printing
from humla.disclosures.models import DocumentPart
from humla.people.models import NumberKind
from humla.people.naming import BULLETS, display_name, whole_number
from humla.plans.models import Commitment, Doer, Goal, Plan

Block = dict[str, Any]
"""One thing said: `kind` facts, own_goal, goal, commitment or statement; its dates as ISO texts."""

Blocks = Mapping[Any, Sequence[Block]]
"""Blocks by category, as they are frozen; the category as itself or as the text it is in the database."""

LANGUAGE = "sv"
"""What is frozen is frozen in one language: the authority's."""

HEADINGS: dict[str, str | Promise] = {
    Category.IDENTITY: gettext_lazy("Personen och ärendet"),
    Category.PLANNING: gettext_lazy("Vem som gör vad och när"),
    Category.NEEDS: gettext_lazy("Läget, behoven och målen"),
    Category.HEALTH: gettext_lazy("Hälsa"),
    Category.ECONOMY: gettext_lazy("Ekonomi"),
    Category.INTERNAL: gettext_lazy("Myndighetens egna anteckningar"),
    Category.PROTECTED: gettext_lazy("Skyddade kontaktuppgifter"),
}
"""What each part is called as a chapter; the category's own name speaks to the person about consent."""

READ_IN_ORDER = (
    Category.NEEDS,
    Category.PLANNING,
    Category.HEALTH,
    Category.ECONOMY,
    Category.INTERNAL,
    Category.PROTECTED,
    Category.IDENTITY,
)
"""How the chapters follow, after the person's own words. Whom it is about is known; it comes last."""

NUMBERS: dict[str, str | Promise] = {
    NumberKind.PERSONNUMMER: gettext_lazy("Personnummer"),
    NumberKind.SAMORDNINGSNUMMER: gettext_lazy("Samordningsnummer"),
    NumberKind.CODE: gettext_lazy("Tillfällig kod"),
}

_WHOLE_NUMBER = re.compile(r"(\d{8})-[\dA-Z]{4}")


# --- a plan, by category ------------------------------------------------------------------------------------


def parts_of(plan: Plan, *, adopted_on: date | None = None) -> dict[Category, list[Block]]:
    """Everything the plan says, by category. Without `adopted_on` it says of itself that it is a draft."""
    prefetch_related_objects([plan], *with_everything())
    made: dict[Category, list[Block]] = {}
    with override(LANGUAGE):
        for category, block in _said(plan, adopted_on):
            made.setdefault(Category(category), []).append(block)
    return {category: made[category] for category in Category if category in made}


def with_everything() -> "tuple[str | Prefetch[str], ...]":
    """What a whole plan needs, in a number of questions that does not grow with it."""
    commitments = Commitment.objects.select_related("unit__authority__party")
    goals = Goal.objects.select_related("life_area")
    return (
        "case",
        "person",
        "lead",
        "accountable_party",
        Prefetch("goals", goals, to_attr="all_goals"),
        Prefetch("commitments", commitments, to_attr="all_commitments"),
    )


def goals_in(plan: Plan) -> list[Goal]:
    """The goals that stand, in the order of the life areas."""
    prefetch_related_objects([plan], *with_everything())
    return [goal for goal in plan.all_goals if not goal.is_removed]  # type: ignore[attr-defined]


def commitments_in(plan: Plan) -> list[Commitment]:
    """The commitments that stand; those of a struck goal are struck with it."""
    prefetch_related_objects([plan], *with_everything())
    struck = {goal.pk for goal in plan.all_goals if goal.is_removed}  # type: ignore[attr-defined]
    everything: list[Commitment] = plan.all_commitments  # type: ignore[attr-defined]
    return [one for one in everything if not one.is_removed and one.goal_id not in struck]


def _said(plan: Plan, adopted_on: date | None) -> Iterator[tuple[str, Block]]:
    yield (
        Category.IDENTITY,
        # The lead by id too: a telephone number is looked up when it is read, or it would be an old one.
        {"kind": "facts", "rows": _identity(plan, adopted_on), "lead": str(plan.lead_id or "")},
    )
    rows = _answered_for(plan)
    if rows:
        yield Category.PLANNING, {"kind": "facts", "rows": rows}
    if plan.own_goal:
        yield (
            plan.own_goal_category,
            {
                "kind": "own_goal",
                "text": plan.own_goal,
                "said_on": _iso(plan.own_goal_said_on),
                "told_to": plan.own_goal_told_to,
            },
        )
    for goal in goals_in(plan):
        yield goal.category, _goal(goal)
    for commitment in commitments_in(plan):
        yield commitment.category, _commitment(commitment)
    if plan.nothing_by_others:
        yield (
            Category.PLANNING,
            {
                "kind": "statement",
                "heading": _("Det här gör andra"),
                "text": _("Ingen annan ska göra något."),
            },
        )


def _identity(plan: Plan, adopted_on: date | None) -> list[list[str]]:
    person = plan.person
    version = plan.adopted_version + 1
    draft = _("utkast till version %(version)d") % {"version": version}
    rows = [
        [_("Namn"), display_name(person)],
        [str(NUMBERS[person.number_kind]), whole_number(person)],
        [_("Ärende"), plan.case.reference],
        [_("Version"), str(version) if adopted_on else draft],
    ]
    if adopted_on:
        rows.append([_("Fastställd"), dates.written_date(adopted_on)])
    if plan.lead:
        rows.append([_("Huvudansvarig"), plan.lead.name])
    return rows


def _answered_for(plan: Plan) -> list[list[str]]:
    rows = []
    if plan.accountable_party:
        rows.append([_("Övergripande ansvar"), plan.accountable_party.name])
    if plan.follow_up_on:
        rows.append([_("Nästa uppföljning"), dates.written_date(plan.follow_up_on)])
    return rows


def _goal(goal: Goal) -> Block:
    return {
        "kind": "goal",
        "id": str(goal.pk),
        "area": goal.life_area.name,
        "situation": goal.situation,
        "text": goal.text,
    }


def _commitment(commitment: Commitment) -> Block:
    return {
        "kind": "commitment",
        "id": str(commitment.pk),
        "goal": str(commitment.goal_id or ""),
        "doer": commitment.doer,
        "unit": str(commitment.unit_id or ""),
        "who": who_does(commitment),
        "party": commitment.unit.authority.party.name if commitment.unit else "",
        "responsible": commitment.responsible,
        "what": commitment.what,
        "starts_on": _iso(commitment.starts_on),
        "due_on": _iso(commitment.due_on),
        "known_by": commitment.known_by,
        "person_does": commitment.person_does,
        # Filled in by `shown` for the reader who also has the part that the goal stands in.
        "area": "",
    }


def who_does(commitment: Commitment) -> str:
    """The unit, the person, or the other's own name."""
    if commitment.unit:
        return commitment.unit.name
    return commitment.other or _("Personen själv")


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""


# --- what a reader is shown ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One category as a chapter, for the macro `plan_parts` and for printing; her own words stand alone."""

    category: str
    label: str
    blocks: list[Block]
    is_own_words: bool = False

    @property
    def has_ours(self) -> bool:
        """Is there something here for the reader's own unit to do?"""
        return any(block.get("is_ours") for block in self.blocks)


def blocks_of(parts: Iterable[DocumentPart]) -> dict[str, list[Block]]:
    """The blocks of frozen parts, by category."""
    return {part.category: part.content["blocks"] for part in parts}


def shown(blocks: Blocks, *, unit: UUID | None = None, to_person: bool = False) -> list[ShownPart]:
    """What a reader who has exactly these parts is shown: in order, dates as dates, areas joined in.

    What the reader's own unit does is marked. Said to the person it is "du", her number masked: somebody
    may stand behind her.
    """
    areas = {
        block["id"]: block["area"] for every in blocks.values() for block in every if block["kind"] == "goal"
    }
    words: list[ShownPart] = []
    chapters: list[ShownPart] = []
    for category in READ_IN_ORDER:
        told = [_shown(block, areas, unit, to_person) for block in blocks.get(category) or ()]
        own = [block for block in told if block["kind"] == "own_goal"]
        rest = [block for block in told if block["kind"] != "own_goal"]
        if own:
            words.append(ShownPart(category, _("Egna ord"), own, is_own_words=True))
        if rest:
            chapters.append(ShownPart(category, str(HEADINGS[category]), rest))
    return [*words, *chapters]


def _shown(block: Block, areas: Mapping[str, str], unit: UUID | None, to_person: bool) -> Block:
    told = dict(block)
    for name in ("said_on", "starts_on", "due_on"):
        if told.get(name):
            told[name] = date.fromisoformat(told[name])
    if told["kind"] == "facts":
        # Beside the frozen rows, which a print takes: a label has no language until somebody reads it.
        told["told"] = [(_(label), _masked(value) if to_person else value) for label, value in told["rows"]]
    if told["kind"] == "commitment":
        told["area"] = areas.get(told.get("goal", ""), "")
        told["is_ours"] = unit is not None and told.get("unit") == str(unit)
        told["is_you"] = to_person and told["doer"] == Doer.PERSON
        told["self"] = _("Du") if to_person else _("Personen själv")
        if told["is_you"]:
            told["who"] = _("Du")
    return told


def _masked(value: str) -> str:
    return _WHOLE_NUMBER.sub(rf"\1-{BULLETS}", value)


def lead_of(blocks: Blocks) -> UUID | None:
    """Who holds the plan together, by what the reader has of it."""
    named = [block.get("lead") for block in blocks.get(Category.IDENTITY) or () if block["kind"] == "facts"]
    return next((UUID(one) for one in named if one), None)


# --- how two versions differ --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, in plain words. `details` say what it was and what it is."""

    kind: str
    what: str
    details: list[str] = field(default_factory=list)

    @property
    def kind_label(self) -> str:
        """nytt, ändrat or struket."""
        return {"new": _("nytt"), "changed": _("ändrat"), "struck": _("struket")}[self.kind]


def difference(before: Blocks, after: Blocks) -> list[Change]:
    """What is new, changed and struck from one version to the next; goals and commitments by their id."""
    old, new = dict(_things(before)), dict(_things(after))
    changes = [Change("new", _named(block)) for key, (_where, block) in new.items() if key not in old]
    for key, (category, block) in new.items():
        if key in old and (details := _details(*old[key], category, block)):
            changes.append(Change("changed", _named(block), details))
    changes += [Change("struck", _named(block)) for key, (_where, block) in old.items() if key not in new]
    return changes


def _things(blocks: Blocks) -> Iterator[tuple[str, tuple[str, Block]]]:
    with override(LANGUAGE):  # Labels are frozen in it.
        own = (_("Version"), _("Fastställd"))
    for category, every in blocks.items():
        for block in every:
            if block["kind"] == "facts":
                # The version's own number and date differ always; who and what for is what can change.
                for label, value in block["rows"]:
                    if label not in own:
                        yield f"fact {label}", (category, {"kind": "fact", "label": label, "value": value})
            else:
                yield block.get("id") or block["kind"], (category, block)


def _named(block: Block) -> str:
    match block["kind"]:
        case "fact":
            return str(block["label"])
        case "own_goal":
            return _("Eget mål")
        case "goal":
            return f"{block['area']}: {block['text']}"
        case "commitment":
            return f"{block['who']}: {block['what']}"
    return str(block["text"])


def _details(old_category: str, old: Block, category: str, new: Block) -> list[str]:
    details = [
        _("%(field)s: %(new)s (förut: %(old)s)")
        % {"field": label, "new": _word(new.get(name)), "old": _word(old.get(name))}
        for name, label in _fields().items()
        if old.get(name, "") != new.get(name, "")
    ]
    if category != old_category:
        details.append(
            _("Flyttat till %(new)s (förut: %(old)s)")
            % {"new": HEADINGS[category], "old": HEADINGS[old_category]}
        )
    return details


def _fields() -> dict[str, str]:
    return {
        "value": _("Nu"),
        "area": _("Livsområde"),
        "situation": _("Nuläge"),
        "text": _("Text"),
        "said_on": _("Sagt den"),
        "told_to": _("Berättat för"),
        "who": _("Vem"),
        "responsible": _("Vem på enheten"),
        "what": _("Vad"),
        "starts_on": _("Börjar"),
        "due_on": _("Klart senast"),
        "known_by": _("Så vet vi att det är klart"),
        "person_does": _("Det här gör personen"),
    }


def _word(value: str | None) -> str:
    if not value:
        return _("inget")
    try:
        return dates.written_date(date.fromisoformat(value))
    except ValueError:
        return value


# --- on paper -----------------------------------------------------------------------------------------------


def printed(
    parts: Sequence[ShownPart],
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
            printing.Section(_printed_heading(part), tuple(_printed(part.blocks))) for part in parts
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


def _printed_heading(part: ShownPart) -> str:
    """Named anew: part.label is in the reader's language, and a print is in the authority's."""
    return _("Egna ord") if part.is_own_words else str(HEADINGS[part.category])


def _printed(blocks: Sequence[Block]) -> Iterator[printing.Block]:
    """Goals, who does what, and last the facts, as on the page."""
    for block in blocks:
        if block["kind"] == "own_goal":
            by = _("berättat för %(who)s") % {"who": block["told_to"]} if block["told_to"] else ""
            yield printing.Quote(block["text"], by, block["said_on"] or None)
        elif block["kind"] == "goal":
            yield printing.Rows(tuple(_goal_rows(block)))
    commitments = [block for block in blocks if block["kind"] == "commitment"]
    if commitments:
        yield printing.Table(
            columns=(_("Vem"), _("Gör vad"), _("När")),
            rows=tuple(_commitment_row(block) for block in commitments),
            widths=(3, 6, 3),
            caption=_("Vem gör vad"),
        )
    for block in blocks:
        if block["kind"] == "statement":
            yield printing.Paragraph(f"{block['heading']}: {block['text']}")
    for block in blocks:
        if block["kind"] == "facts":
            yield printing.Rows(tuple((label, value) for label, value in block["rows"]))


def _goal_rows(block: Block) -> Iterator[tuple[str, str]]:
    yield _("Livsområde"), block["area"]
    if block["situation"]:
        yield _("Nuläge"), block["situation"]
    yield _("Mål"), block["text"]


def _commitment_row(block: Block) -> tuple[str, str, str]:
    # Who does it in a paragraph of its own, which the print sets apart from party and person.
    beside = "\n".join(each for each in (block["party"], block["responsible"]) if each)
    who = f"{block['who']}\n\n{beside}" if beside else block["who"]
    what = [f"{block['area']}: {block['what']}" if block["area"] else block["what"]]
    if block["known_by"]:
        what.append(_("Klart när: %(what)s") % {"what": block["known_by"]})
    if block["person_does"]:
        what.append(_("Personen själv: %(what)s") % {"what": block["person_does"]})
    when = []
    if block["starts_on"]:
        when.append(_("Börjar %(on)s") % {"on": dates.written_date(block["starts_on"])})
    if block["due_on"]:
        when.append(_("Klart senast %(on)s") % {"on": dates.written_date(block["due_on"])})
    return who, "\n\n".join(what), "\n".join(when) or _("Ingen tid satt")
