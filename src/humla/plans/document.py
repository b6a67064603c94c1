"""A plan as a document: its parts by category, and how two versions differ.

Lives here: which words of a plan belong to which category, what any reader's page and PDF show of the
parts she has, and the difference between two versions in plain words. Not here: freezing and releasing
(`humla.disclosures`), when a plan may be adopted (`rules`), a plan on paper and as plain text (`paper`),
nor how a page looks.

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
from django.utils.translation import gettext_lazy, gettext_noop, override

from humla.cases.models import Category
from humla.core import dates
from humla.disclosures.models import DocumentPart
from humla.people.models import NumberKind
from humla.people.naming import BULLETS, display_name, whole_number
from humla.plans.met import attended, facts_of, latest_held
from humla.plans.models import (
    Commitment,
    Doer,
    Goal,
    Milestone,
    OtherPlan,
    PersonSays,
    Plan,
    Reservation,
    UnmetNeed,
)

Block = dict[str, Any]
"""One thing said: `kind` facts, own_goal, own_answer, goal, milestone, commitment, reservation, unmet_need,
other_plan or statement; its dates as ISO texts. Older versions lack what came later: read with `get`."""

Blocks = Mapping[Any, Sequence[Block]]
"""Blocks by category, as they are frozen; the category as itself or as the text it is in the database."""

LANGUAGE = "sv"
"""What is frozen is frozen in one language: the authority's."""

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

OWN_WORDS = frozenset({"own_goal", "own_answer"})
"""What only the person says: it stands first, and alone."""

IS_WITH_IT = gettext_noop("Är personen med på planen?")
IS_WITH_IT_KEY = f"fact {IS_WITH_IT}"

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
    reservations = Reservation.objects.select_related("unit__authority__party")
    needs = UnmetNeed.objects.select_related("life_area")
    return (
        "case",
        "person",
        "lead",
        "stand_in",
        "accountable_party",
        Prefetch("goals", goals, to_attr="all_goals"),
        Prefetch("commitments", commitments, to_attr="all_commitments"),
        Prefetch("milestones", Milestone.objects.all(), to_attr="all_milestones"),
        Prefetch("reservations", reservations, to_attr="all_reservations"),
        Prefetch("unmet_needs", needs, to_attr="all_unmet_needs"),
        Prefetch("other_plans", OtherPlan.objects.all(), to_attr="all_other_plans"),
    )


def goals_in(plan: Plan) -> list[Goal]:
    """The goals that stand, in the order of the life areas."""
    return [goal for goal in _all(plan, "all_goals") if not goal.is_removed]


def commitments_in(plan: Plan) -> list[Commitment]:
    """The commitments that stand; those of a struck goal are struck with it."""
    struck = {goal.pk for goal in _all(plan, "all_goals") if goal.is_removed}
    everything: list[Commitment] = _all(plan, "all_commitments")
    return [one for one in everything if not one.is_removed and one.goal_id not in struck]


def milestones_in(plan: Plan, goal: Goal) -> list[Milestone]:
    """The steps on the way to a goal that stand, in the order of their days."""
    return [one for one in _all(plan, "all_milestones") if one.goal_id == goal.pk and not one.is_removed]


def standing_in(plan: Plan, name: str) -> list[Any]:
    """The rows of one kind that stand, by its name in `with_everything`."""
    return [one for one in _all(plan, name) if not one.is_removed]


def _all(plan: Plan, name: str) -> list[Any]:
    if not hasattr(plan, name):
        prefetch_related_objects([plan], *with_everything())
    rows: list[Any] = getattr(plan, name)
    return rows


def _said(plan: Plan, adopted_on: date | None) -> Iterator[tuple[str, Block]]:
    yield (
        Category.IDENTITY,
        # The lead by id too: a telephone number is looked up when it is read, or it would be an old one.
        {"kind": "facts", "rows": _identity(plan, adopted_on), "lead": str(plan.lead_id or "")},
    )
    meeting = latest_held(plan.case_id)
    rows = [
        *(facts_of(meeting) if meeting else []),
        *_answered_for(plan, is_adopted=adopted_on is not None),
    ]
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
    if adopted_on and plan.person_says_why:
        yield plan.own_goal_category, _own_answer(plan)
    for goal in goals_in(plan):
        yield goal.category, _goal(goal)
        for step in milestones_in(plan, goal):
            yield goal.category, _milestone(step)
    for commitment in commitments_in(plan):
        yield commitment.category, _commitment(commitment)
    yield from _besides(plan)
    if meeting is not None:
        yield from attended(meeting)
    if plan.if_worse:
        yield (
            plan.if_worse_category,
            {"kind": "statement", "id": "if_worse", "heading": _("Om det blir sämre"), "text": plan.if_worse},
        )
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
        *([] if person.is_protected else [[str(NUMBERS[person.number_kind]), whole_number(person)]]),
        [_("Ärende"), plan.case.reference],
        [_("Version"), str(version) if adopted_on else draft],
    ]
    if adopted_on:
        rows.append([_("Fastställd"), dates.written_date(adopted_on)])
    if plan.lead:
        rows.append([_("Huvudansvarig"), plan.lead.name])
    if plan.stand_in:
        rows.append([_("Ersättare"), plan.stand_in.name])
    return rows


def _answered_for(plan: Plan, *, is_adopted: bool) -> list[list[str]]:
    rows = []
    if plan.accountable_party:
        rows.append([_("Övergripande ansvar"), plan.accountable_party.name])
    if plan.follow_up_on:
        rows.append([_("Nästa uppföljning"), dates.written_date(plan.follow_up_on)])
    if plan.no_follow_up_by:
        none = _("Behövs inte. Bestämt av: %(who)s") % {"who": plan.no_follow_up_by}
        rows.append([_("Nästa uppföljning"), none])
    if is_adopted:
        said = str(PersonSays(plan.person_says).label) if plan.person_says else _("har inte svarat")
        rows.append([_(IS_WITH_IT), said])
    return rows


def _own_answer(plan: Plan) -> Block:
    """What the person says of the plan; why somebody could not answer is not the person's own words."""
    if plan.person_says == PersonSays.COULD_NOT:
        heading = _("Personen kunde inte svara")
        return {"kind": "statement", "id": "own_answer", "heading": heading, "text": plan.person_says_why}
    return {
        "kind": "own_answer",
        "id": "own_answer",
        "says": plan.person_says,
        "text": plan.person_says_why,
    }


def _goal(goal: Goal) -> Block:
    return {
        "kind": "goal",
        "id": str(goal.pk),
        "area": goal.life_area.name,
        "situation": goal.situation,
        "text": goal.text,
    }


def _milestone(step: Milestone) -> Block:
    return {
        "kind": "milestone",
        "id": str(step.pk),
        "goal": str(step.goal_id),
        "text": step.text,
        "due_on": _iso(step.due_on),
    }


def _besides(plan: Plan) -> Iterator[tuple[str, Block]]:
    """What nobody does, and which other plans there are."""
    for refusal in standing_in(plan, "all_reservations"):
        told = {"unit": str(refusal.unit_id), "who": refusal.unit.name}
        told |= {"party": refusal.unit.authority.party.name, "what": refusal.what, "why": refusal.why}
        yield refusal.category, {"kind": "reservation", "id": str(refusal.pk), **told}
    for need in standing_in(plan, "all_unmet_needs"):
        told = {"area": need.life_area.name, "what": need.what, "code": need.why}
        told |= {"why": str(need.get_why_display())}
        yield need.category, {"kind": "unmet_need", "id": str(need.pk), **told}
    for other in standing_in(plan, "all_other_plans"):
        told = {"code": other.kind, "what": str(other.get_kind_display()), "who": other.owner}
        told |= {"reference": other.reference, "dated_on": _iso(other.dated_on)}
        yield other.category, {"kind": "other_plan", "id": str(other.pk), **told}


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
        "starts_when": commitment.starts_when,
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
        own = [block for block in told if block["kind"] in OWN_WORDS]
        rest = _with_milestones(block for block in told if block["kind"] not in OWN_WORDS)
        if own:
            words.append(ShownPart(category, _("Egna ord"), own, is_own_words=True))
        if rest:
            chapters.append(ShownPart(category, str(category.label), rest))
    return [*words, *chapters]


def _with_milestones(told: Iterable[Block]) -> list[Block]:
    """Each goal with the steps on the way to it, which are of the same kind of information."""
    blocks = list(told)
    steps: dict[str, list[Block]] = {}
    for block in blocks:
        if block["kind"] == "milestone":
            steps.setdefault(block["goal"], []).append(block)
    rest = [block for block in blocks if block["kind"] != "milestone"]
    return [
        {**block, "milestones": steps.get(block["id"], [])} if block["kind"] == "goal" else block
        for block in rest
    ]


def _shown(block: Block, areas: Mapping[str, str], unit: UUID | None, to_person: bool) -> Block:
    told = dict(block)
    for name in ("said_on", "starts_on", "due_on", "dated_on"):
        if told.get(name):
            told[name] = date.fromisoformat(told[name])
    if told["kind"] == "facts":
        # Beside the frozen rows, which a print takes: a label has no language until somebody reads it.
        told["told"] = [
            (_to_you(label) if to_person else _(label), _masked(value) if to_person else value)
            for label, value in told["rows"]
        ]
    if told["kind"] == "own_answer":
        told["said"] = said_of_it(told["says"], to_person=to_person)
    if told.get("id") == "own_answer" and told["kind"] == "statement" and to_person:
        told["heading"] = _("Du kunde inte svara")
    if told["kind"] == "commitment":
        told["area"] = areas.get(told.get("goal", ""), "")
        told.setdefault("starts_when", "")  # Not asked in the first versions.
        told["is_ours"] = unit is not None and told.get("unit") == str(unit)
        told["is_you"] = to_person and told["doer"] == Doer.PERSON
        told["self"] = _("Du") if to_person else _("Personen själv")
        if told["is_you"]:
            told["who"] = _("Du")
    return told


def _to_you(label: str) -> str:
    return _("Är du med på planen?") if label == IS_WITH_IT else _(label)


def said_of_it(says: str, *, to_person: bool = False) -> str:
    """Whether the person is with the plan, as a sentence."""
    if to_person:
        return _("Du är med på planen") if says == PersonSays.YES else _("Du är inte med på planen")
    return _("Personen är med på planen") if says == PersonSays.YES else _("Personen är inte med på planen")


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
    if IS_WITH_IT_KEY not in new:  # A draft: the person has not been asked about it yet.
        old = {key: thing for key, thing in old.items() if key not in (IS_WITH_IT_KEY, "own_answer")}
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
        case "milestone":
            return _("Delmål: %(text)s") % block
        case "reservation":
            return _("%(who)s åtar sig inte: %(what)s") % block
        case "unmet_need":
            return _("Behov som ingen möter: %(what)s") % block
        case "other_plan":
            return _("Annan plan: %(what)s, %(who)s") % block
        case "own_answer":
            return _("Personens svar om planen")
    if block.get("id"):
        return f"{block['heading']}: {block['text']}"
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
            % {"new": Category(category).label, "old": Category(old_category).label}
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
        "why": _("Varför"),
        "starts_on": _("Börjar"),
        "starts_when": _("Börjar när"),
        "due_on": _("Klart senast"),
        "known_by": _("Så vet vi att det är klart"),
        "person_does": _("Det här gör personen"),
        "dated_on": _("Daterad"),
        "reference": _("Beteckning"),
    }


def _word(value: str | None) -> str:
    if not value:
        return _("inget")
    try:
        return dates.written_date(date.fromisoformat(value))
    except ValueError:
        return value
