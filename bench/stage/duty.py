"""The same duty done raw: what a page must read and write, by prepared psycopg with nothing around it.

Here: R (the rows, as owner, no wall) and R+T (as the program's own role behind the same wall: begin, enter,
the same rows, one line on the trail, a durable commit). R+T is the yardstick of the pages
(`docs/decisions/0007-mattstocken-for-sidor.md`). Not here: what it is compared with (`bench.pages`).
"""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg

from bench.stage.world import World, url_of

CASE = """
    SELECT c.id, c.reference, c.person_id, c.authority_id, c.state, c.version, u.name, y.name
      FROM cases_case c JOIN organisation_unit u ON u.id = c.unit_id
      JOIN organisation_authority y ON y.id = c.authority_id
     WHERE c.id = %s"""
MINE = """
    SELECT a.id, a.role, a.starts_at FROM cases_caseassignment a
     WHERE a.case_id = %s AND a.professional_id = %s
       AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())"""
RECEIVED = (
    CASE,
    """
    SELECT d.id, d.document_id, d.disclosed_at, u.name, p.name
      FROM disclosures_disclosure d JOIN organisation_unit u ON u.id = d.receiver_unit_id
      LEFT JOIN organisation_professional p ON p.id = d.disclosed_by_id
     WHERE d.case_id = %s ORDER BY d.disclosed_at DESC""",
    """
    SELECT p.id, p.document_id, p.version, p.title, p.category, p.content FROM disclosures_documentpart p
     WHERE p.case_id = %s ORDER BY p.version DESC""",
    """
    SELECT k.id, k.categories, k.exceptions, k.starts_at, k.ends_at, k.receiver_unit_id
      FROM consents_consent k WHERE k.case_id = %s AND k.withdrawn_at IS NULL AND k.ends_at > humla_now()""",
    MINE,
)
PLAN = (
    CASE,
    """
    SELECT n.id, n.own_goal, n.own_goal_said_on, n.own_goal_told_to, n.own_goal_category,
           n.nothing_by_others, n.follow_up_on, n.adopted_version, n.is_changed, n.version,
           y.name, l.name, e.given_name, e.family_name, e.number
      FROM plans_plan n JOIN people_person e ON e.id = n.person_id
      LEFT JOIN organisation_party y ON y.id = n.accountable_party_id
      LEFT JOIN organisation_professional l ON l.id = n.lead_id
     WHERE n.case_id = %s""",
    """
    SELECT g.id, g.situation, g.text, g.category, g.is_removed, g.version, a.name, a.position
      FROM plans_goal g JOIN agreements_lifearea a ON a.id = g.life_area_id
     WHERE g.case_id = %s ORDER BY a.position, g.id""",
    """
    SELECT m.id, m.goal_id, m.doer, m.other, m.responsible, m.what, m.category, m.starts_on, m.due_on,
           m.known_by, m.person_does, m.is_removed, m.version, u.name, y.name, x.name, x.kind
      FROM plans_commitment m LEFT JOIN organisation_unit u ON u.id = m.unit_id
      LEFT JOIN organisation_authority y ON y.id = u.authority_id
      LEFT JOIN organisation_party x ON x.id = y.party_id
     WHERE m.case_id = %s ORDER BY m.due_on, m.id""",
    """
    SELECT k.id, k.agrees, k.given_at FROM consents_planconsent k
     WHERE k.case_id = %s ORDER BY k.given_at DESC LIMIT 1""",
    "SELECT f.form, f.saved_at FROM drafts_draft f WHERE f.case_id = %s AND f.owner_id = %s",
    MINE,
)
TRAIL = """
    INSERT INTO audit_event (id, at, association_id, kind, actor_id, authority_id, unit_id, role, person_id,
                             case_id, tag, items, allowed_by, decision, request_id)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s, %s)"""
ENTER = "SELECT * FROM enter(%s, %s)"

Rows = list[list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Page:
    """What one page must read, and what it says on the trail."""

    statements: Sequence[str]
    tag: str
    token: str


class Duty:
    """One page's duty in one world, on one connection of its own."""

    def __init__(self, world: World, page: Page, *, walled: bool = True, pipelined: bool = False) -> None:
        self.page, self.walled, self.pipelined = page, walled, pipelined
        address = world.app_url if walled else url_of("DATABASE_OWNER_URL", world.database)
        self.connection = psycopg.connect(address, autocommit=True, prepare_threshold=0)
        self.actor = self._actor()

    def visits(self, cases: Sequence[str], count: int) -> list[float]:
        """Seconds for each of `count` times, one after the other."""
        do = self._read if not self.walled else self._pipelined if self.pipelined else self._sequential
        taken = []
        for at in range(count):
            case = UUID(cases[at % len(cases)])
            started = time.perf_counter()
            rows = do(case)
            taken.append(time.perf_counter() - started)
            assert all(rows[:3]), "a duty that reads nothing is no yardstick"
        return taken

    def close(self) -> None:
        self.connection.close()

    def _read(self, case: UUID) -> Rows:
        return [self.connection.execute(*self._asked(one, case)).fetchall() for one in self.page.statements]

    def _sequential(self, case: UUID) -> Rows:
        with self.connection.transaction():
            request = uuid4()
            standing = self.connection.execute(ENTER, [self._hash, request]).fetchone()
            rows = self._read(case)
            self.connection.execute(TRAIL, self._line(standing, rows, request))
        return rows

    def _pipelined(self, case: UUID) -> Rows:
        request = uuid4()
        with self.connection.pipeline() as pipeline:
            self.connection.execute("BEGIN")
            entered = self.connection.execute(ENTER, [self._hash, request])
            asked = [self.connection.execute(*self._asked(one, case)) for one in self.page.statements]
            pipeline.sync()
            standing, rows = entered.fetchone(), [one.fetchall() for one in asked]
            self.connection.execute(TRAIL, self._line(standing, rows, request))
            self.connection.execute("COMMIT")
        return rows

    def _asked(self, statement: str, case: UUID) -> tuple[str, list[UUID]]:
        return statement, [case, self.actor] if statement.count("%s") == 2 else [case] * statement.count("%s")

    @property
    def _hash(self) -> str:
        return hashlib.sha256(self.page.token.encode()).hexdigest()

    def _actor(self) -> UUID:
        """Whose assignment and draft are read; asked once, as the door asks each time."""
        if self.walled:
            row = self.connection.execute(ENTER, [self._hash, uuid4()]).fetchone()
        else:
            row = self.connection.execute(
                "SELECT NULL, NULL, NULL, a.professional_id FROM accounts_session s"
                " JOIN organisation_unitassignment a ON a.id = s.assignment_id WHERE s.token_hash = %s",
                [self._hash],
            ).fetchone()
        assert row is not None, "nobody has this session"
        return UUID(str(row[3]))

    def _line(self, standing: Any, rows: Rows, request: UUID) -> list[Any]:
        at, kind, association, actor, authority, unit, role = standing[:7]
        case, mine = rows[0][0], rows[-1][0]
        items = json.dumps([["case", str(case[0]), 1], ["row", str(rows[1][0][0]), 1]])
        allowed_by = json.dumps([["assignment", str(mine[0])]])
        who = [uuid4(), at, association, kind, actor, authority, unit, role]
        return [*who, case[2], case[0], self.page.tag, items, allowed_by, "allowed", request]
