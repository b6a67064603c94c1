"""Saving one row of a plan: through the program, and as the raw transaction that it must be.

Here: the same commitment changed again and again, each time with a version, a line on the trail and a
durable commit. Not here: reading (`duty.py`) and what is compared (`bench.pages`).
"""

import hashlib
import json
import time
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID, uuid4

import psycopg

from bench.stage.client import Client, Unexpected
from bench.stage.duty import ENTER, TRAIL
from bench.stage.world import World, url_of

CSRF = "b" * 32
"""A token of our own: the cookie and the form say the same, which is all that is asked for over http."""

_LOCK = "SELECT version, plan_id, case_id, person_id FROM plans_commitment WHERE id = %s FOR UPDATE"
_ROW = "UPDATE plans_commitment SET what = %s, version = version + 1 WHERE id = %s AND version = %s"
_PLAN = "UPDATE plans_plan SET version = version + 1, is_changed = true WHERE id = %s"
_KEY = "INSERT INTO drafts_submission (key, owner_id, payload, answer, sent_at) VALUES (%s, %s, '', '', %s)"


@dataclass
class Row:
    """A commitment that is changed, and the version it has now."""

    id: UUID
    case: str
    unit: str
    version: int


def rows(world: World) -> list[Row]:
    """The first commitment of a unit in each of the cases in use; some for the program, some for the raw."""
    with psycopg.connect(url_of("DATABASE_OWNER_URL", world.database)) as owner:
        found = owner.execute(
            "SELECT DISTINCT ON (case_id) id, case_id::text, unit_id::text, version FROM plans_commitment"
            " WHERE case_id = ANY (%s::uuid[]) AND doer = 'unit' ORDER BY case_id, id",
            [world.hot],
        ).fetchall()
    return [Row(*one) for one in found]


class Saves:
    """The form of a row, sent by somebody who is signed in."""

    def __init__(self, world: World, client: Client, some: list[Row]) -> None:
        self.client, self.rows, self.at = client, some, 0
        with psycopg.connect(url_of("DATABASE_OWNER_URL", world.database)) as owner:
            token_hash = hashlib.sha256(world.leader.encode()).hexdigest()
            found = owner.execute(
                "SELECT assignment_id FROM accounts_session WHERE token_hash = %s", [token_hash]
            ).fetchone()
        assert found is not None, "nobody has this session"
        self.acting_as = str(found[0])

    def visits(self, count: int) -> list[float]:
        """Seconds for each of `count` savings."""
        self.client.close()
        self.client.wake()
        return [self._save(self.rows[(self.at + turn) % len(self.rows)]) for turn in range(self._turn(count))]

    def _turn(self, count: int) -> int:
        self.at += count
        return count

    def _save(self, row: Row) -> float:
        fields = {
            "csrfmiddlewaretoken": CSRF,
            "key": str(uuid4()),
            "acting_as": self.acting_as,
            "version": str(row.version),
            "who": row.unit,
            "what": f"Boka ett besök och följa med dit, gång {row.version}.",
            "category": "PLANNING",
        }
        started = time.perf_counter()
        answer = self.client.post(f"/arenden/{row.case}/plan/atagande/{row.id}/", urlencode(fields).encode())
        taken = time.perf_counter() - started
        if answer.status != 302:
            raise Unexpected(f"saving answered {answer.status}")
        row.version += 1
        return taken


class RawSaves:
    """The same transaction by prepared psycopg as the program's role, behind the same wall."""

    def __init__(self, world: World, some: list[Row]) -> None:
        self.connection = psycopg.connect(world.app_url, autocommit=True, prepare_threshold=0)
        self.token_hash = hashlib.sha256(world.leader.encode()).hexdigest()
        self.rows, self.at = some, 0

    def visits(self, count: int) -> list[float]:
        """Seconds for each of `count` savings."""
        taken = []
        for _turn in range(count):
            row = self.rows[self.at % len(self.rows)]
            self.at += 1
            started = time.perf_counter()
            self._save(row)
            taken.append(time.perf_counter() - started)
        return taken

    def close(self) -> None:
        self.connection.close()

    def _save(self, row: Row) -> None:
        request = uuid4()
        with self.connection.transaction():
            entered = self.connection.execute(ENTER, [self.token_hash, request]).fetchone()
            assert entered is not None
            at, kind, association, actor, authority, unit, role = entered[:7]
            self.connection.execute(_KEY, [uuid4(), actor, at])
            locked = self.connection.execute(_LOCK, [row.id]).fetchone()
            assert locked is not None, "the row is not there for her"
            version, plan, case, person = locked
            self.connection.execute(_ROW, [f"Boka ett besök, gång {version}.", row.id, version])
            self.connection.execute(_PLAN, [plan])
            items = json.dumps([["commitment", str(row.id), version + 1]])
            who = [uuid4(), at, association, kind, actor, authority, unit, role]
            self.connection.execute(
                TRAIL, [*who, person, case, "plans:plan:changed", items, "[]", "allowed", request]
            )
