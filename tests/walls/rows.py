"""Rows that the holder may write, as columns, to be changed in one thing; and the words for how it went."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connection

from humla.core.context import Actor, acting, now
from tests.walls.conftest import Held, attempt


def insert(by: Actor, table: str, columns: dict[str, Any]) -> str:
    """The word for how the insert went."""
    names = ", ".join(columns)
    marks = ", ".join("%s::jsonb" if one == "content" else "%s" for one in columns)
    return attempt(by, f"INSERT INTO {table} ({names}) VALUES ({marks})", list(columns.values()))


def keep(by: Actor, table: str, columns: dict[str, Any]) -> None:
    """An insert that stands."""
    marks = ", ".join(["%s"] * len(columns))
    with acting(by), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", list(columns.values()))


def update(by: Actor, table: str, row: Any, **columns: Any) -> str:
    """The word for how the update of one row went."""
    sets = ", ".join(f"{one} = %s" for one in columns)
    return attempt(by, f"UPDATE {table} SET {sets} WHERE id = %s", [*columns.values(), row])


# --- rows that the holder may write, to be changed in one thing ---


def moment(held: Held) -> Any:
    with acting(held.by):
        return now()


def assignment(held: Held, who: Actor) -> dict[str, Any]:
    return {
        "id": uuid4(),
        **held.about,
        "professional_id": who.id,
        "unit_id": who.unit_id,
        "role": "member",
        "is_protected": False,
        "has_clearance": False,
        "starts_at": moment(held),
        "assigned_by_id": held.by.id,
    }


def consent(held: Held, to: Actor) -> dict[str, Any]:
    at = moment(held)
    return {
        "id": uuid4(),
        **held.about,
        "receiver_id": to.authority_id,
        "receiver_unit_id": to.unit_id,
        "categories": ["IDENTITY", "HEALTH"],
        "exceptions": "",
        "manner": "paper",
        "heard_by": "",
        "language": "sv",
        "with_interpreter": False,
        "given_at": at,
        "recorded_by_id": held.by.id,
        "starts_at": at,
        "ends_at": at + timedelta(days=30),
    }


def plan_answer(held: Held) -> dict[str, Any]:
    return {
        "id": uuid4(),
        **held.about,
        "agrees": True,
        "instead": "",
        "manner": "paper",
        "heard_by": "",
        "language": "sv",
        "with_interpreter": False,
        "given_at": moment(held),
        "recorded_by_id": held.by.id,
    }


def document(held: Held) -> dict[str, Any]:
    return {
        "id": uuid4(),
        **held.about,
        "kind": "plan",
        "version": 2,
        "title": "t",
        "sha256": "0" * 64,
        "frozen_at": moment(held),
        "frozen_by_id": held.by.id,
    }


def disclosure(held: Held, to: Actor) -> dict[str, Any]:
    return {
        "id": uuid4(),
        **held.about,
        "document_id": held.document.pk,
        "receiver_id": to.authority_id,
        "receiver_unit_id": to.unit_id,
        "categories": ["IDENTITY", "PLANNING"],
        "ground": "consent",
        "consent_id": held.consent.pk,
        "law": "",
        "disclosed_at": moment(held),
        "disclosed_by_id": held.by.id,
    }


def goal(held: Held) -> dict[str, Any]:
    return {
        "id": uuid4(),
        **held.about,
        "plan_id": held.plan.pk,
        "life_area_id": held.goal.life_area_id,
        "situation": "",
        "text": "t",
        "category": "NEEDS",
        "position": 1,
        "is_removed": False,
        "version": 1,
    }


def commitment(held: Held) -> dict[str, Any]:
    return {
        "id": uuid4(),
        **held.about,
        "plan_id": held.plan.pk,
        "goal_id": held.goal.pk,
        "doer": "person",
        "other": "",
        "responsible": "",
        "what": "t",
        "category": "PLANNING",
        "known_by": "",
        "person_does": "",
        "position": 1,
        "is_removed": False,
        "version": 1,
    }


def person(by: Actor) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "association_id": by.association_id,
        "authority_id": by.authority_id,
        "given_name": "n",
        "family_name": "n",
        "number_kind": "pnr",
        "number": "x",
        "number_lookup": uuid4().hex,
        "code": "",
        "sex": "x",
        "household_role": "none",
        "language": "sv",
        "needs_interpreter": False,
        "communication_support": "",
        "wants_contact_by": "",
        "version": 1,
    }


def a_case(by: Actor, about: Any) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "association_id": by.association_id,
        "authority_id": by.authority_id,
        "person_id": about,
        "unit_id": by.unit_id,
        "reference": uuid4().hex[:10],
        "state": "open",
        "is_protected": False,
        "reason": "",
        "opened_at": None,
        "opened_by_id": by.id,
        "version": 1,
    }


def event(by: Actor, **change: Any) -> dict[str, Any]:
    with acting(by):
        at = now()
    return {
        "id": uuid4(),
        "at": at,
        "association_id": by.association_id,
        "kind": by.kind.value,
        "actor_id": by.id,
        "authority_id": by.authority_id,
        "unit_id": by.unit_id,
        "role": by.role,
        "tag": "t",
        "items": "[]",
        "allowed_by": "[]",
        "decision": "allowed",
        "request_id": uuid4(),
    } | change
