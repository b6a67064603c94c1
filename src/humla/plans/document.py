"""A plan as a document: its parts by category, how two versions differ, and how it is printed.

Lives here: which words of a plan belong to which category, what any reader's page and PDF show of the
parts she has, and the difference between two versions in plain words. Not here: freezing and releasing
(`humla.disclosures`), when a plan may be adopted (`rules`), nor how a page or a PDF looks.

A part is released by itself, so a part may say nothing of another category. A commitment therefore names
its goal by id only; the words of the goal and its life area stand in the goal's own part ("Missbruksvård"
is health, though who-does-what is planning). Whoever has both parts gets them joined by `shown`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from humla.cases.models import Category
from humla.core import dates
from humla.core import document as printing
from humla.disclosures.models import DocumentPart
from humla.people.naming import display_name, number_label, whole_number
from humla.plans.models import Commitment, Goal, Plan

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
    yield Category.IDENTITY, {"kind": "facts", "rows": _identity(plan, adopted_on)}
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
        [number_label(person), whole_number(person)],
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
    """One category as a chapter, for the macro `plan_parts` and for printing."""

    category: str
    label: str
    blocks: list[Block]


def blocks_of(parts: Iterable[DocumentPart]) -> dict[str, list[Block]]:
    """The blocks of frozen parts, by category."""
    return {part.category: part.content["blocks"] for part in parts}


def shown(blocks: Blocks) -> list[ShownPart]:
    """What a reader who has exactly these parts is shown: in order, dates as dates, areas joined in."""
    areas = {
        block["id"]: block["area"] for every in blocks.values() for block in every if block["kind"] == "goal"
    }
    return [
        ShownPart(category, str(HEADINGS[category]), [_shown(block, areas) for block in blocks[category]])
        for category in Category.values
        if blocks.get(category)
    ]


def _shown(block: Block, areas: Mapping[str, str]) -> Block:
    told = dict(block)
    for name in ("said_on", "starts_on", "due_on"):
        if told.get(name):
            told[name] = date.fromisoformat(told[name])
    if told["kind"] == "commitment":
        told["area"] = areas.get(told.get("goal", ""), "")
    return told


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
    for category, every in blocks.items():
        for block in every:
            if block["kind"] == "facts":
                # The version's own number and date differ always; who and what for is what can change.
                for label, value in block["rows"]:
                    if label not in (_("Version"), _("Fastställd")):
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
    """What the reader is shown, as a document to print: the facts of who it is about first."""
    with override(LANGUAGE):
        head = tuple(
            (label, value)
            for part in parts
            if part.category == Category.IDENTITY
            for block in part.blocks
            for label, value in block["rows"]
        )
        sections = tuple(
            printing.Section(part.label, tuple(_printed(part.blocks)))
            for part in parts
            if part.category != Category.IDENTITY
        )
    return printing.PrintedDocument(
        title=title,
        reference=reference,
        dated=dated,
        issuer=issuer,
        language=LANGUAGE,
        head=head,
        sections=sections,
        footer=footer,
    )


def _printed(blocks: Iterable[Block]) -> Iterator[printing.Block]:
    commitments = [block for block in blocks if block["kind"] == "commitment"]
    for block in blocks:
        match block["kind"]:
            case "facts":
                yield printing.Rows(tuple((label, value) for label, value in block["rows"]))
            case "own_goal":
                by = _("berättat för %(who)s") % {"who": block["told_to"]} if block["told_to"] else ""
                yield printing.Quote(block["text"], by, block["said_on"] or None)
            case "goal":
                yield printing.Rows(tuple(_goal_rows(block)))
            case "statement":
                yield printing.Paragraph(f"{block['heading']}: {block['text']}")
    if commitments:
        yield printing.Table(
            columns=(_("Vem"), _("Gör vad"), _("När")),
            rows=tuple(_commitment_row(block) for block in commitments),
            widths=(3, 6, 3),
            caption=_("Vem gör vad"),
        )


def _goal_rows(block: Block) -> Iterator[tuple[str, str]]:
    yield _("Livsområde"), block["area"]
    if block["situation"]:
        yield _("Nuläge"), block["situation"]
    yield _("Mål"), block["text"]


def _commitment_row(block: Block) -> tuple[str, str, str]:
    who = "\n".join(each for each in (block["who"], block["party"], block["responsible"]) if each)
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
