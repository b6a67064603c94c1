"""The first cases of a förbund: what the file says, and walking them through the real actions.

Lives here: the sections about people and plans, and their walk as role app in the contexts of those who
act, so that the rules, the walls and the trail are the real ones. Not here: reading TOML (`reading.py`),
the organisation (`organisation_file.py`), that all of it happens or nothing (`loading.py`).

The walk takes its time from the database like every other act: nothing in a file can be backdated.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from humla.cases.actions import assign, open_case
from humla.cases.beside import ask_to_look, coordinators_near
from humla.cases.models import Case, CaseRole, Category
from humla.consents import actions as consents
from humla.consents.models import Consent, Manner
from humla.core import numbers
from humla.core.context import Actor, Kind, acting
from humla.core.dates import today
from humla.core.rulings import NotAllowed
from humla.disclosures.actions import disclose, take_in
from humla.disclosures.models import Disclosure
from humla.ops.organisation_file import Organisation
from humla.ops.reading import Row, gather
from humla.organisation.models import Professional, Role, Unit, UnitAssignment
from humla.people.actions import PersonDetails, register
from humla.people.models import HouseholdRole, Language, Sex
from humla.plans import actions as plans
from humla.plans.models import Doer
from humla.representatives.actions import MandateDetails, attest
from humla.representatives.models import MandateKind

SECTION = "arenden"
CATEGORIES = {
    "planering": Category.PLANNING,
    "behov": Category.NEEDS,
    "hälsa": Category.HEALTH,
    "ekonomi": Category.ECONOMY,
}
_DOERS = {"enhet": Doer.UNIT, "personen": Doer.PERSON, "annan": Doer.OTHER}
_LANGUAGES = {one.value: one for one in Language} | {str(one.label): one for one in Language}

Words = dict[str, Any]


@dataclass(frozen=True)
class TakenIn:
    """That the receiving unit's way in has let somebody read what came."""

    row: Row
    by: Actor
    unit: Unit
    professional: Professional


@dataclass
class FirstCase:
    """One case of the file, its references already found."""

    row: Row
    by: Actor
    person: PersonDetails
    reason: str
    colleagues: list[tuple[Professional, Unit, CaseRole]] = field(default_factory=list)
    answer: Words | None = None
    consents: list[tuple[Words, bool]] = field(default_factory=list)
    plan: Words | None = None
    goals: dict[str, Words] = field(default_factory=dict)
    commitments: list[tuple[str, Words]] = field(default_factory=list)
    settled: Words | None = None
    is_adopted: bool = False
    handed_to: list[Unit] = field(default_factory=list)
    taken_in: list[TakenIn] = field(default_factory=list)
    mandates: list[MandateDetails] = field(default_factory=list)
    looks: Professional | None = None
    """The coordinator who is asked to look."""


def read_cases(rows: list[Row], organisation: Organisation) -> list[FirstCase]:
    """Every case of the files, with every fault noted."""
    read: Callable[[Row], FirstCase] = lambda row: _case(row, organisation)  # noqa: E731
    return list(gather(rows, read).values())


def _case(row: Row, organisation: Organisation) -> FirstCase:
    found = FirstCase(
        row=row,
        by=_actor(row, "av", "enhet", organisation),
        person=_person(row),
        reason=row.text("skal", required=False),
        handed_to=[
            organisation.units[name]
            for name in row.words("utlamnad_till", required=False)
            if name in organisation.units
        ],
        is_adopted=row.flag("faststalld"),
    )
    for name in row.words("utlamnad_till", required=False):
        if name not in organisation.units:
            row.fault("utlamnad_till", f"«{name}» finns inte i filerna.")
    _read_colleagues(found, row, organisation)
    found.looks = row.refer("titta", organisation.professionals, required=False)
    _read_answers(found, row, organisation)
    _read_plan(found, row, organisation)
    for each in row.rows("mottagen"):
        found.taken_in.append(_taken_in(each, organisation))
    found.mandates = [_mandate(each) for each in row.rows("ombud")]
    return found


def _person(row: Row) -> PersonDetails:
    about = row.row("person", required=True)
    if about is None:
        return PersonDetails("", "")
    number = _number(about)
    details = PersonDetails(
        given_name=about.text("fornamn"),
        family_name=about.text("efternamn"),
        number=number,
        born_year=about.number("fodelsear", 0) or None,
        sex=about.choice("kon", Sex, Sex.UNSTATED),
        household_role=about.choice("hushall", HouseholdRole, HouseholdRole.NONE),
        language=about.word("sprak", _LANGUAGES, Language.SWEDISH) or Language.SWEDISH,
        needs_interpreter=about.flag("tolk"),
        communication_support=about.text("stod", required=False),
        wants_contact_by=about.text("vill_bli_nadd", required=False),
    )
    about.finish()
    return details


def _number(row: Row) -> numbers.Number | None:
    written = row.text("nummer", required=False)
    try:
        return numbers.parse(written, today()) if written else None
    except numbers.NotANumber as refused:
        row.fault("nummer", str(refused))
        return None


def _mandate(row: Row) -> MandateDetails:
    """Who acts for the person, as whoever opens the case has seen it."""
    details = MandateDetails(
        kind=row.choice("slag", MandateKind, MandateKind.POWER),
        name=row.text("namn"),
        number=_number(row),
        evidence=row.text("visat"),
        categories=[one for one in (_category(row, name) for name in row.words("far_lasa")) if one],
        may_consent=row.flag("far_samtycka"),
        may_receive_summons=row.flag("far_kallelser"),
        may_represent_at_meeting=row.flag("far_delta"),
        ends_on=row.day("till"),
    )
    row.finish()
    return details


def _read_colleagues(found: FirstCase, row: Row, organisation: Organisation) -> None:
    for each in row.rows("medarbetare"):
        professional = each.refer("personal", organisation.professionals)
        unit = each.refer("enhet", organisation.units)
        role = each.choice("roll", CaseRole, CaseRole.MEMBER)
        if professional is not None and unit is not None:
            found.colleagues.append((professional, unit, role))
        each.finish()


def _read_answers(found: FirstCase, row: Row, organisation: Organisation) -> None:
    answer = row.row("svar")
    if answer is not None:
        found.answer = {
            "agrees": answer.flag("ja", True),
            "instead": answer.text("i_stallet", required=False),
            **_manner(answer),
        }
        answer.finish()
    for each in row.rows("samtycken"):
        words = {
            "unit": each.refer("enhet", organisation.units),
            "categories": [one for one in (_category(each, name) for name in each.words("slag")) if one],
            "exceptions": each.text("undantag", required=False),
            "ends_on": each.day("till"),
            **_manner(each),
        }
        found.consents.append((words, each.flag("atertaget")))
        each.finish()


def _manner(row: Row) -> Words:
    return {
        "manner": row.choice("satt", Manner, Manner.ORAL),
        "heard_by": row.text("hort_av", required=False),
        "language": row.word("sprak", _LANGUAGES, Language.SWEDISH),
        "with_interpreter": row.flag("tolk"),
    }


def _category(row: Row, name: str) -> Category | None:
    if name not in CATEGORIES:
        row.fault("slag", f"«{name}» går inte att välja. Välj något av: {', '.join(CATEGORIES)}.")
    return CATEGORIES.get(name)


def _read_plan(found: FirstCase, row: Row, organisation: Organisation) -> None:
    plan = row.row("plan")
    if plan is None:
        if found.is_adopted:
            row.fault("faststalld", "det finns ingen plan att fastställa.")
        return
    found.plan = {}
    own_goal = plan.text("eget_mal", required=False, multiline=True)
    if own_goal:
        found.plan = {
            "text": own_goal,
            "said_on": plan.day("sagt"),
            "told_to": plan.text("berattat_for", required=False),
        }
    areas = {area.name: area for area in organisation.life_areas}
    found.goals = gather(
        plan.rows("mal"),
        lambda each: {
            "life_area": each.refer("livsomrade", areas),
            "situation": each.text("nulage", required=False, multiline=True),
            "text": each.text("mal", multiline=True),
            **_kind(each),
        },
    )
    for each in plan.rows("ataganden"):
        found.commitments.append(_commitment(each, found, organisation))
    found.settled = _settled(plan, organisation)
    plan.finish()


def _settled(plan: Row, organisation: Organisation) -> Words | None:
    row = plan.row("ansvar")
    if row is None:
        return None
    lead = row.refer("huvudansvarig", organisation.professionals)
    words = {
        "accountable_party": row.refer("huvudman", organisation.parties),
        "lead_id": lead.pk if lead else None,
        "nothing_by_others": row.flag("ingen_annan"),
        "follow_up_on": row.day("uppfoljning"),
    }
    row.finish()
    return words


def _commitment(row: Row, found: FirstCase, organisation: Organisation) -> tuple[str, Words]:
    goal = row.text("mal", required=False)
    if goal and goal not in found.goals:
        row.fault("mal", f"«{goal}» finns inte bland planens mål.")
    doer = row.word("vem", _DOERS) or Doer.PERSON
    words = {
        "doer": doer,
        "unit": row.refer("enhet", organisation.units, required=doer is Doer.UNIT),
        "other": row.text("annan", required=doer is Doer.OTHER),
        "responsible": row.text("ansvarig", required=False),
        "what": row.text("vad", multiline=True),
        "starts_on": row.day("borjar", required=False),
        "due_on": row.day("klart", required=False),
        "known_by": row.text("vet_att_klart", required=False),
        "person_does": row.text("personen_gor", required=False),
        **_kind(row),
    }
    row.finish()
    return goal, words


def _kind(row: Row) -> Words:
    chosen = row.word("slag", CATEGORIES, None) if "slag" in row.content else None
    return {"category": chosen} if chosen else {}


def _taken_in(row: Row, organisation: Organisation) -> TakenIn:
    by = _actor(row, "av", "enhet", organisation)
    unit = row.refer("enhet", organisation.units)
    professional = row.refer("till", organisation.professionals)
    row.finish()
    return TakenIn(row, by, unit or Unit(), professional or Professional())


def _actor(row: Row, key: str, unit_key: str, organisation: Organisation) -> Actor:
    """Who acts, for the unit that is named or the first one that she is assigned to."""
    professional = row.refer(key, organisation.professionals)
    unit = row.refer(unit_key, organisation.units, required=False)
    given = [
        one
        for one in organisation.assignments
        if one.professional is professional and (unit is None or one.unit is unit)
    ]
    if professional is not None and not given:
        row.fault(key, f"«{row.content.get(key)}» har inget uppdrag för enheten.")
    return actor_of(given[0]) if professional is not None and given and given[0].unit else Actor(Kind.PUBLIC)


def actor_of(assignment: UnitAssignment) -> Actor:
    """Who acts in an assignment, as the door would say it."""
    kinds = {Role.ASSOCIATION: Kind.FORBUND, Role.ADMINISTRATOR: Kind.ADMIN}
    return Actor(
        kind=kinds.get(Role(assignment.role), Kind.PROFESSIONAL),
        association_id=assignment.association_id,
        id=assignment.professional_id,
        authority_id=assignment.unit.authority_id,
        unit_id=assignment.unit_id,
        role=assignment.role,
        assignment_id=assignment.pk,
        name=assignment.professional.name,
        unit_name=assignment.unit.name,
        authority_name=assignment.unit.authority.name,
    )


def walk(first: FirstCase) -> Case:
    """Open the case and bring it as far as the file says. A refusal is told at the case's row."""
    try:
        with acting(first.by):
            case, released = _walk_as_holder(first)
        for each in first.taken_in:
            _walk_as_receiver(each, released)
        withdrawn = [words["unit"] for words, is_withdrawn in first.consents if is_withdrawn]
        with acting(first.by):
            for consent in Consent.objects.filter(case=case, receiver_unit__in=withdrawn):
                consents.withdraw(consent, by=first.by)
    except NotAllowed as refused:
        first.row.fault("", refused.reason)
        raise
    except ValidationError as refused:
        first.row.fault("", " ".join(refused.messages))
        raise
    return case


def _walk_as_holder(first: FirstCase) -> tuple[Case, list[Disclosure]]:
    by = first.by
    person = register(first.person, by=by).person
    case = open_case(person=person, reason=first.reason, by=by)
    for professional, unit, role in first.colleagues:
        assign(case, professional, unit, role=role, by=by)
    for one in coordinators_near(by):
        if one.professional == first.looks:
            ask_to_look(case, one, by=by)
    for details in first.mandates:
        attest(case, details, by=by)
    if first.answer is not None:
        consents.answer_plan(case, **first.answer, by=by)
    for words, _is_withdrawn in first.consents:
        consents.give(case, **words, by=by)
    if first.plan is None:
        return case, []
    return case, _walk_plan(first, case)


def _walk_plan(first: FirstCase, case: Case) -> list[Disclosure]:
    by = first.by
    plan = plans.start_plan(case, by=by)
    if first.plan:
        plan = plans.say_own_goal(plan, **first.plan, version=plan.version, by=by)
    goals = {name: plans.add_goal(plan, **words, by=by) for name, words in first.goals.items()}
    for goal, words in first.commitments:
        plans.add_commitment(plan, goal=goals.get(goal), **words, by=by)
    plan.refresh_from_db()
    if first.settled is not None:
        plan = plans.settle(plan, **first.settled, version=plan.version, by=by)
    if not first.is_adopted:
        return []
    document = plans.adopt(plan, version=plan.version, by=by)
    return [disclose(document, unit=unit, by=by) for unit in first.handed_to]


def _walk_as_receiver(taken: TakenIn, released: list[Disclosure]) -> None:
    arrived = next((one for one in released if one.receiver_unit_id == taken.unit.pk), None)
    if arrived is None:
        raise NotAllowed(f"Inget har lämnats ut till {taken.unit.name}.")
    with acting(taken.by):
        take_in(arrived, taken.professional.pk, by=taken.by)
