"""Those who are looked at: a coordinator, a receiver, a person, and whole plans of three sizes.

Here: their rows, written by the owner through the models, so that a document holds exactly what the program
would have frozen (`humla.plans.document`). Run by `world.py` as a process of its own. Not here: everybody
else (`crowd.sql`), whose ids are md5 of what they name.

Every person number is from Skatteverket's published test series.
"""

import hashlib
import sys
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import django

HOT_CASES = 60
LOOKS_PER_CASE = 30
START = datetime.now(UTC) - timedelta(days=30)


def known(*words: object) -> uuid.UUID:
    """The id that the crowd's statements give to the same words."""
    return uuid.UUID(hashlib.md5(" ".join(map(str, words)).encode()).hexdigest())


@dataclass
class Made:
    """Unsaved rows by model, in the order that they may be saved in."""

    rows: dict[Any, list[Any]] = field(default_factory=dict)

    def add(self, row: Any) -> Any:
        self.rows.setdefault(type(row), []).append(row)
        return row

    def save(self) -> None:
        for model, rows in self.rows.items():
            model.objects.bulk_create(rows, batch_size=500)
        self.rows = {}


def main(words: list[str]) -> None:
    django.setup()
    from bench.stage import world

    people, database, kept = int(words[0]), words[1], Path(words[2])
    made = Made()
    leader = _somebody(made, "Siv Sandberg", 1, "socialsekreterare", "coordinator")
    receiver = _somebody(made, "Amir Haddad", 7, "arbetsförmedlare", "receiver")
    made.save()
    numbers = _numbers()
    sizes = [(6, 24)] * HOT_CASES + [(1, 4), (10, 40)]
    cases = [
        _case(made, leader, receiver, numbers[at], at, goals=goals, commitments=commitments)
        for at, (goals, commitments) in enumerate(sizes)
    ]
    made.save()
    _freeze(made, receiver, cases)
    made.save()
    told = world.World(
        people=people,
        database=database,
        leader=_session(leader),
        receiver=_session(receiver),
        person=_own_session(numbers[0]),
        leader_django=_django_session(leader),
        receiver_django=_django_session(receiver),
        hot=[str(case.pk) for case in cases[:HOT_CASES]],
        small=str(cases[HOT_CASES].pk),
        large=str(cases[HOT_CASES + 1].pk),
    )
    world.keep(told, kept)


def _numbers() -> list[str]:
    series = Path(__file__).resolve().parents[2] / "data" / "testnummer.txt"
    return [line for line in series.read_text().splitlines() if line.isdigit() and len(line) == 12]


def _somebody(made: Made, name: str, authority: int, profession: str, role: str) -> Any:
    from humla.accounts.models import Account
    from humla.organisation.models import Professional, UnitAssignment

    account = made.add(Account())
    professional = made.add(
        Professional(
            association_id=known("association", 1),
            authority_id=known("authority", 1, authority),
            account=account,
            profession_id=known("profession", 1, profession),
            name=name,
        )
    )
    assignment = UnitAssignment(
        association_id=known("association", 1),
        professional=professional,
        unit_id=known("unit", 1, authority, 1),
        role=role,
        starts_at=START - timedelta(days=300),
    )
    return made.add(assignment)


def _case(
    made: Made, leader: Any, receiver: Any, number: str, at: int, *, goals: int, commitments: int
) -> Any:
    from humla.cases.models import Case

    person = _person(made, leader, number, at)
    held = {"association_id": leader.association_id, "authority_id": leader.professional.authority_id}
    opened = START + timedelta(minutes=at)
    case = made.add(
        Case(
            **held,
            person=person,
            unit_id=leader.unit_id,
            reference=f"HX{at}",
            reason="Många kontakter, ingen gemensam plan.",
            opened_at=opened,
            opened_by=leader.professional,
        )
    )
    held |= {"person": person, "case": case}
    _meeting(made, held, leader, receiver, at)
    _assignments(made, held, leader, receiver)
    _consents(made, held, leader, receiver)
    _plan(made, held, leader, goals=goals, commitments=commitments)
    _looks(made, held, leader)
    return case


def _meeting(made: Made, held: dict[str, Any], leader: Any, receiver: Any, at: int) -> None:
    """How it began, and a meeting ahead that one unit has not answered."""
    from humla.cases.models import Initiation
    from humla.meetings.models import Meeting, Summons

    by = leader.professional
    made.add(Initiation(**held, initiator_profession_id=by.profession_id, initiator_unit_id=leader.unit_id))
    now = datetime.now(UTC)
    meeting = made.add(
        Meeting(
            **held,
            kind="follow_up",
            starts_at=now + timedelta(days=3 + at % 20),
            place="Rum 2",
            answer_by=now.date() - timedelta(days=at % 3),
            chair=by,
            note_taker=by,
            planned_at=START,
            planned_by=by,
        )
    )
    made.add(
        Summons(
            **held,
            meeting=meeting,
            called="unit",
            unit_id=receiver.unit_id,
            duty="obliged",
            bring="Ta med vad ni kan erbjuda under våren.",
            sent_at=START,
            leaves_at=START,
            sent_by=by,
        )
    )


def _person(made: Made, leader: Any, number: str, at: int) -> Any:
    from humla.core.secrets import person_key, person_lookup
    from humla.people.models import NumberKind, Person, PersonKey

    authority = leader.professional.authority_id
    kind = NumberKind.SAMORDNINGSNUMMER if int(number[6:8]) > 60 else NumberKind.PERSONNUMMER
    person = made.add(
        Person(
            association_id=leader.association_id,
            authority_id=authority,
            given_name="Eva",
            family_name=f"Ek-{at}",
            number_kind=kind,
            number=number,
            number_lookup=person_lookup(authority, number),
            born_year=int(number[:4]),
            communication_support="Korta meningar, en fråga i taget.",
            wants_contact_by="Sms först, ring efter klockan tio.",
        )
    )
    made.add(PersonKey(person=person, key=person_key(number)))
    return person


def _assignments(made: Made, held: dict[str, Any], leader: Any, receiver: Any) -> None:
    from humla.cases.models import CaseAssignment

    for one, role in ((leader, "responsible"), (receiver, "member")):
        made.add(
            CaseAssignment(
                **held | {"authority_id": one.professional.authority_id},
                professional=one.professional,
                unit_id=one.unit_id,
                role=role,
                starts_at=START,
                assigned_by=one.professional,
            )
        )


def _consents(made: Made, held: dict[str, Any], leader: Any, receiver: Any) -> None:
    from humla.consents.models import Consent, Manner, PlanConsent

    answer = {
        **held,
        "manner": Manner.ORAL,
        "heard_by": leader.professional.name,
        "given_at": START,
        "recorded_by_id": leader.professional_id,
    }
    made.add(PlanConsent(**answer, agrees=True))
    to = {7: (receiver.professional.authority_id, receiver.unit_id), 8: _first_unit(8), 9: _first_unit(9)}
    for authority, unit in to.values():
        made.add(
            Consent(
                **answer,
                receiver_id=authority,
                receiver_unit_id=unit,
                categories=["IDENTITY", "PLANNING", "NEEDS", "HEALTH"],
                starts_at=START,
                ends_at=START + timedelta(days=730),
            )
        )


def _first_unit(authority: int) -> tuple[uuid.UUID, uuid.UUID]:
    return known("authority", 1, authority), known("unit", 1, authority, 1)


def _plan(made: Made, held: dict[str, Any], leader: Any, *, goals: int, commitments: int) -> None:
    from humla.plans.models import Goal, Plan

    plan = made.add(
        Plan(
            **held,
            own_goal="Jag vill orka vara med barnen på sportlovet, och slippa berätta allt från början igen.",
            own_goal_said_on=date(2026, 11, 20),
            own_goal_told_to=leader.professional.name,
            # A plan without anything by others says so, or it would not be whole.
            nothing_by_others=commitments < 6,
            accountable_party_id=_party(1),
            lead=leader.professional,
            follow_up_on=date(2027, 2, 20),
            adopted_version=1,
            version=9,
        )
    )
    kinds = ["NEEDS", "PLANNING", "HEALTH", "NEEDS", "ECONOMY", "NEEDS"]
    every = [
        made.add(
            Goal(
                **held,
                plan=plan,
                life_area_id=known("area", 1, at % 6 + 1),
                situation="Försörjningsstöd sedan två år, sover dåligt och har tappat vännerna.",
                text="En egen inkomst, och ork kvar när dagen är slut.",
                category=kinds[at % 6],
            )
        )
        for at in range(goals)
    ]
    for at in range(commitments):
        _commitment(made, held, plan, every[at % goals], at)


def _commitment(made: Made, held: dict[str, Any], plan: Any, goal: Any, at: int) -> None:
    from humla.plans.models import Commitment, Doer

    kinds = ["PLANNING"] * 6 + ["HEALTH", "HEALTH", "NEEDS", "ECONOMY", "PLANNING", "INTERNAL"]
    doer = [Doer.UNIT] * 4 + [Doer.PERSON, Doer.OTHER]
    mine = doer[at % 6]
    made.add(
        Commitment(
            **held,
            plan=plan,
            goal=goal,
            doer=mine,
            unit_id=known("unit", 1, at % 9 + 1, 1) if mine == Doer.UNIT else None,
            other="Arbetsgivaren" if mine == Doer.OTHER else "",
            responsible="Maja Moberg" if mine == Doer.UNIT else "",
            what="Boka ett studiebesök, följa med dit och prata igenom det dagen efter.",
            category=kinds[at % 12],
            starts_on=date(2026, 12, 1),
            due_on=date(2027, 1, 1 + at % 28),
            known_by="Besöket är gjort och båda har skrivit vad de tänkte.",
            person_does="Säger till i tid om det inte går." if at % 3 == 0 else "",
        )
    )


def _party(authority: int) -> Any:
    from humla.organisation.models import Authority

    return Authority.objects.values_list("party_id", flat=True).get(pk=known("authority", 1, authority))


def _looks(made: Made, held: dict[str, Any], leader: Any) -> None:
    from humla.audit.models import Event

    for at in range(LOOKS_PER_CASE):
        made.add(
            Event(
                at=START + timedelta(hours=at),
                association_id=leader.association_id,
                kind="professional",
                actor_id=leader.professional_id,
                authority_id=leader.professional.authority_id,
                unit_id=leader.unit_id,
                role=leader.role,
                person_id=held["person"].pk,
                case_id=held["case"].pk,
                tag="plans:plan:read",
                request_id=uuid.uuid4(),
            )
        )


def _freeze(made: Made, receiver: Any, cases: list[Any]) -> None:
    """One adopted version of each plan, handed over to the receiver; the words are the program's own."""
    from humla.disclosures.models import Disclosure, Document, DocumentPart
    from humla.plans.document import parts_of
    from humla.plans.models import Plan

    consents = {one.case_id: one for one in _consents_to(receiver)}
    for case in cases:
        parts = parts_of(Plan.objects.get(case=case), adopted_on=START.date())
        row = {name: getattr(case, name) for name in ("association_id", "authority_id", "person_id")}
        row |= {"case": case}
        shared = {"kind": "plan", "version": 1, "title": "Samordnad individuell plan"}
        by = case.opened_by_id
        document = made.add(
            Document(
                **row,
                **shared,
                sha256=hashlib.sha256(repr(parts).encode()).hexdigest(),
                frozen_at=START,
                frozen_by_id=by,
            )
        )
        for category, blocks in parts.items():
            made.add(
                DocumentPart(
                    **row, **shared, document=document, category=category, content={"blocks": blocks}
                )
            )
        made.add(
            Disclosure(
                **row,
                document=document,
                receiver_id=receiver.professional.authority_id,
                receiver_unit_id=receiver.unit_id,
                categories=["IDENTITY", "PLANNING", "NEEDS", "HEALTH"],
                ground="consent",
                consent=consents[case.pk],
                disclosed_at=START + timedelta(hours=1),
                opens_at=START + timedelta(hours=1),
                disclosed_by_id=by,
            )
        )


def _consents_to(receiver: Any) -> list[Any]:
    from humla.consents.models import Consent

    return list(Consent.objects.filter(receiver_unit_id=receiver.unit_id, given_at=START))


def _session(assignment: Any) -> str:
    return _signed_in(assignment.professional.account_id, kind="professional", assignment_id=assignment.pk)


def _own_session(number: str) -> str:
    from humla.accounts.models import Account
    from humla.core.secrets import person_key

    account = Account.objects.create(person_key=person_key(number))
    return _signed_in(account.pk, kind="person", person_key=person_key(number))


def _signed_in(account_id: uuid.UUID, **as_whom: Any) -> str:
    from humla.accounts import tokens
    from humla.accounts.models import Session

    token = tokens.new_token()
    instant = datetime.now(UTC)
    Session.objects.create(
        token_hash=tokens.hash_of(token),
        seal=tokens.session_seal(tokens.hash_of(token), account_id, as_whom.get("person_key", "")),
        account_id=account_id,
        level="loa3",
        started_at=instant,
        seen_at=instant,
        ends_at=instant + timedelta(hours=10),
        **as_whom,
    )
    return token


def _django_session(assignment: Any) -> str:
    """An ordinary Django session for the ordinary page."""
    store = import_module("django.contrib.sessions.backends.db").SessionStore()
    store["_auth_user_id"] = str(assignment.professional.account_id)
    store["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    store["actor"] = {
        "association": str(assignment.association_id),
        "professional": str(assignment.professional_id),
        "authority": str(assignment.professional.authority_id),
        "unit": str(assignment.unit_id),
        "assignment": str(assignment.pk),
        "role": assignment.role,
    }
    store.save()
    key: str = store.session_key
    return key


if __name__ == "__main__":
    main(sys.argv[1:])
