"""One case of the year as rows: the person, how it began, who works in it and what the person said yes to.

Here: the beginning, and the order of the rest. Not here: the meetings (`gatherings.py`), the plan
(`planning.py`), and what is frozen and handed over (`frozen.py`), since a document is made of the rows as
they lie in the database.
"""

from datetime import datetime, timedelta
from typing import Any

from humla.cases.models import (
    Case,
    CaseAssignment,
    CaseRole,
    Category,
    Handover,
    Initiation,
    Initiator,
    Note,
    NoteStage,
)
from humla.consents.models import Consent, Manner, PlanConsent
from humla.core.secrets import person_key, person_lookup
from humla.ops.year import answers, gatherings, planning, words
from humla.ops.year.cases import Course, Reach
from humla.ops.year.held import RECEIVERS, Held
from humla.ops.year.setting import Setting, Workers
from humla.organisation.models import Professional, Unit
from humla.people.models import HouseholdRole, NumberKind, Person, PersonKey, Sex
from humla.protection.models import Clearance, ClearanceGround, Marking, MarkingKind, ProtectedContact

_CARE = ("Hälsocentralen Humlesund", "Psykiatriska mottagningen Humlesund")
"""What a child's guardians are asked about: a child has no case with the others."""

MANAGER, SECOND = "Birgit Boström", "Céline Chahine"
"""Who says who reads the protected case, and who beside the responsible does."""


def write(setting: Setting, course: Course, workers: Workers) -> Held:
    """The rows of a case, as far as it has come."""
    held = _open(setting, course, workers)
    if course.reach == Reach.OPENED:
        return held
    _agree(setting, held)
    if course.reach == Reach.DECLINED:
        return held
    _consent(setting, held)
    if course.has_preparatory or course.reach in (Reach.PREPARED, Reach.CALLED):
        gatherings.prepare(setting, held)
    if course.reach >= Reach.CALLED:
        gatherings.call(setting, held)
    if course.reach == Reach.CALLED:
        planning.begin(setting, held)
    if course.reach >= Reach.PLANNED:
        planning.write(setting, held)
        _note(setting, held)
    return held


def _open(setting: Setting, course: Course, workers: Workers) -> Held:
    opened_on = setting.before(course.days_ago)
    unit, by = _holder(setting, course)
    person = _person(setting, course, unit)
    opened_at = setting.at(opened_on, 9, course.days_ago % 60)
    case = setting.add(
        Case,
        association_id=unit.association_id,
        authority_id=unit.authority_id,
        person=person,
        unit=unit,
        reference=setting.code(),
        series=setting.id(),
        reason=words.LONG if course.is_long else setting.next("reasons", words.REASONS),
        is_protected=course.is_protected,
        opened_at=opened_at,
        opened_by=by,
        **_resting(setting, course),
    )
    about = {
        "association_id": unit.association_id,
        "authority_id": unit.authority_id,
        "person": person,
        "case": case,
    }
    held = Held(course, case, person, by, unit, opened_on, about)
    _initiation(setting, held, workers)
    if course.is_protected:
        _protect(setting, held)
    _responsible(setting, held, workers)
    return held


def _holder(setting: Setting, course: Course) -> tuple[Unit, Professional]:
    if not course.is_of_care:
        return setting.units["Arbetsmarknadstorget"], setting.staff["Siv Sandberg"]
    if course.initiator == "rehabkoordinator":
        return setting.units["Hälsocentralen Humlesund"], setting.staff["Rakel Rosén"]
    return setting.units["Psykiatriska mottagningen Humlesund"], setting.staff["Lena Lind"]


def _resting(setting: Setting, course: Course) -> dict[str, Any]:
    if not course.rests:
        return {}
    until = setting.today + timedelta(days=setting.dice.randint(5, 60))
    return {"resting_until": until, "resting_reason": "Personen vill vänta tills utredningen är klar."}


def _person(setting: Setting, course: Course, unit: Unit) -> Person:
    person: Person = setting.add(
        Person,
        association_id=unit.association_id,
        authority_id=unit.authority_id,
        given_name=course.given_name,
        family_name=course.family_name,
        born_year=course.born or setting.today.year - course.age,
        sex=Sex.UNSTATED if course.is_unstated else Sex.WOMAN if course.is_woman else Sex.MAN,
        household_role=setting.next("household", HouseholdRole),
        language=course.language,
        needs_interpreter=course.language not in ("sv", "en", "fi"),
        communication_support=setting.next(
            "support", ("", "", "Korta meningar, en fråga i taget.", "Bildstöd.")
        ),
        wants_contact_by=setting.next("contact", ("Sms först.", "Ring efter tio.", "Brev.", "")),
        is_protected=course.is_protected,
        **_number(setting, course, unit),
    )
    if course.number:
        # The key is found by the person's own row, which has no id of another kind.
        key = PersonKey(person=person, key=person_key(course.number))
        setting.rows.setdefault(PersonKey, []).append(key)
    return person


def _number(setting: Setting, course: Course, unit: Unit) -> dict[str, Any]:
    if not course.number:
        return {"number_kind": NumberKind.CODE, "code": setting.code()}
    return {
        "number_kind": NumberKind.PERSONNUMMER,
        "number": course.number,
        "number_lookup": person_lookup(unit.authority_id, course.number),
    }


def _initiation(setting: Setting, held: Held, workers: Workers) -> None:
    who = held.course.initiator
    own = {"person": Initiator.PERSON, "relative": Initiator.RELATIVE}.get(who)
    unit = held.unit if who not in workers else setting.units["Ekonomiskt bistånd"]
    setting.add(
        Initiation,
        **held.about,
        **held.then,
        need_seen_on=held.opened_on - timedelta(days=setting.dice.randint(1, 20)),
        initiator=own or Initiator.PROFESSIONAL,
        initiator_profession=None if own else setting.professions[who],
        initiator_unit=None if own else unit,
        via_coordinator=not held.course.is_of_care,
        needs_group=setting.next("groups", [None, None, *setting.needs_groups]),
    )


def _responsible(setting: Setting, held: Held, workers: Workers) -> None:
    """The coordinator keeps some; others go on to a socialsekreterare when the plan is made (INI-9)."""
    starts = held.case.opened_at
    first = _assign(setting, held, held.by, held.unit, CaseRole.RESPONSIBLE, starts)
    if held.course.is_protected:
        # A second who is cleared reads the place of a meeting before anybody is summoned.
        _assign(setting, held, setting.staff[SECOND], held.unit, CaseRole.MEMBER, starts)
        return
    if held.course.is_of_care or held.course.reach < Reach.FOLLOWED or setting.dice.random() < 0.5:
        return
    at = starts + timedelta(days=40)
    first.ends_at = at
    heir = setting.next("heirs", workers["socialsekreterare"])
    _assign(setting, held, heir, setting.units["Ekonomiskt bistånd"], CaseRole.RESPONSIBLE, at)
    _assign(setting, held, held.by, held.unit, CaseRole.MEMBER, at)
    setting.add(
        Handover,
        **held.about,
        from_professional=held.by,
        to_professional=heir,
        note="Planen är klar och nästa möte bokat. Ring på måndagar.",
        handed_over_at=at,
        handed_over_by_id=held.by.pk,
    )


def _protect(setting: Setting, held: Held) -> None:
    """Marked the day the case was opened; who reads it is said by the unit's manager (`_assign`)."""
    at = held.case.opened_at + timedelta(hours=1)
    about = {name: value for name, value in held.about.items() if name != "case"}
    setting.add(
        Marking,
        **about,
        kind=MarkingKind.SECRECY,
        reason="Markeringen syns i folkbokföringen. Personen berättade själv vid första samtalet.",
        marked_at=at,
        marked_by=held.by,
    )
    setting.add(
        ProtectedContact,
        **about,
        reached_by="Ring personens jurist. Skicka aldrig brev hem.",
        address="Ett påhittat ställe 1, 000 00 Ingenstans",
        written_at=at,
        written_by=held.by,
    )


def _cleared_until(setting: Setting, held: Held, who: Professional, unit: Unit) -> datetime | None:
    """Until when she may work in a protected case: given by the unit's manager for half a year."""
    if not held.course.is_protected:
        return None
    given_at, until = setting.now - timedelta(days=30), setting.now + timedelta(days=150)
    setting.add(
        Clearance,
        **{**held.about, "authority_id": unit.authority_id},
        professional=who,
        unit=unit,
        ground=ClearanceGround.GIVEN,
        given_at=given_at,
        given_by=setting.staff[MANAGER],
        ends_at=until,
    )
    return until


def _assign(
    setting: Setting, held: Held, who: Professional, unit: Unit, role: CaseRole, starts: datetime
) -> CaseAssignment:
    made: CaseAssignment = setting.add(
        CaseAssignment,
        **{**held.about, "authority_id": unit.authority_id},
        professional=who,
        unit=unit,
        role=role,
        is_protected=held.course.is_protected,
        cleared_until=_cleared_until(setting, held, who, unit),
        starts_at=starts,
        assigned_by=who,
    )
    return made


def _answered(setting: Setting, held: Held, at: datetime) -> dict[str, Any]:
    acting = answers.for_whom(setting, held)
    # Whoever answers for somebody signs a paper here: guardians have no answer of their own by e-id.
    manner = Manner.PAPER if acting else setting.next("manner", Manner)
    return {
        **held.about,
        "manner": manner,
        "heard_by": held.by.name if manner == Manner.ORAL else "",
        "language": held.person.language,
        "with_interpreter": held.person.needs_interpreter,
        "given_at": at,
        "recorded_by_id": held.by.pk,
        **acting,
    }


def _agree(setting: Setting, held: Held) -> None:
    at = setting.at(held.opened_on + timedelta(days=1), 13)
    agrees = held.course.reach != Reach.DECLINED
    instead = "" if agrees else "Fortsätter som förut med sin arbetskonsulent. Får frågan igen till våren."
    setting.add(PlanConsent, **_answered(setting, held, at), agrees=agrees, instead=instead)


def _consent(setting: Setting, held: Held) -> None:
    others = [
        setting.units[name]
        for name in RECEIVERS
        if setting.units[name].authority_id != held.unit.authority_id
    ]
    if held.course.is_child:
        others = [one for one in others if one.name in _CARE]
    count = 1 if held.course.is_protected else setting.dice.randint(1, len(others))
    # Arbetsförmedlingen is nearly always asked first; the others in turn.
    held.consented = others[:1] + setting.dice.sample(others[1:], count - 1)
    if held.course.transfer:
        held.consented = others[:2]
    for unit in held.consented:
        held.consents[unit.pk] = _yes(setting, held, unit)


def _yes(setting: Setting, held: Held, unit: Unit) -> Consent:
    given = setting.at(held.opened_on + timedelta(days=1), 14)
    starts, ends, withdrawn = given, given + timedelta(days=500), None
    match held.course.consent:
        case "withdrawn":
            withdrawn = setting.at(held.opened_on + timedelta(days=min(100, held.course.days_ago - 1)), 15)
        case "ended":
            ends = setting.at(setting.before(2), 0)
        case "ahead":
            starts = setting.at(setting.today + timedelta(days=10), 0)
    made: Consent = setting.add(
        Consent,
        **_answered(setting, held, given),
        receiver_id=unit.authority_id,
        receiver_unit=unit,
        categories=[Category.IDENTITY, *setting.next("categories", _CATEGORIES)],
        exceptions=setting.next("exceptions", ("", "", "", "Inget om barnen.")),
        starts_at=starts,
        ends_at=ends,
        withdrawn_at=withdrawn,
        withdrawn_by_id=held.by.pk if withdrawn else None,
    )
    return made


_CATEGORIES = (
    (Category.PLANNING, Category.NEEDS),
    (Category.PLANNING, Category.NEEDS, Category.HEALTH),
    (Category.PLANNING,),
    (Category.PLANNING, Category.NEEDS, Category.HEALTH, Category.ECONOMY),
)


def _note(setting: Setting, held: Held) -> None:
    stage = setting.next("note stages", NoteStage)
    at = setting.at(held.opened_on + timedelta(days=19), 16)
    text = "Kom ihåg att ringa dagen före mötet."
    setting.add(Note, **held.about, unit=held.unit, stage=stage, text=text, written_by=held.by, written_at=at)
