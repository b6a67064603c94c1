"""`./humla bench walls`: what row level security and the trail cost a page, with each of them and without.

The same world three times: as it is, without row policies, and without a trail (its rows are written nowhere,
so the commit has nothing to make durable). The same pages are visited by turns in all three. Goal: row
policies add at most 0.5 ms to a page, beside the trail's own commit.

Here: the three worlds and the figures. Not here: the world (`bench.stage.world`), the pages against their
yardstick (`bench.pages`). Nothing but a bench ever has such databases: the program refuses to serve from
walls that it does not know, so these are sealed anew.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from psycopg import sql

from bench.stage import server, world
from bench.stage.client import visits
from bench.stage.report import Goal, Report, Rounds
from bench.stage.world import World
from humla.ops import walls

WARM, VISITS, ROUNDS = 10, 40, 8
GOAL_MS = 0.5
WHOLE, NO_POLICIES, NO_TRAIL = "som den är", "utan radregler", "utan spår"

PAGES = {
    "plan": ("/arenden/{case}/plan/", "leader"),
    "ärende": ("/arenden/{case}/", "leader"),
    "mina ärenden": ("/arenden/", "leader"),
    "mottagen": ("/mottagna/{case}/", "receiver"),
    "min sida": ("/min-sida/", "person"),
}


@dataclass
class Visited:
    """One page in one of the three worlds, round by round."""

    client: Any
    paths: list[str]
    rounds: Rounds = field(default_factory=Rounds)


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./humla bench walls")
    parser.add_argument("--sizes", default="100000,1000000", help="antal personer, till exempel 1000")
    parser.add_argument("--keep", action=argparse.BooleanOptionalAction, default=True)
    chosen = parser.parse_args(words)
    report, goals = Report("Murarna och spåret"), list[Goal]()
    for people in (int(one) for one in chosen.sizes.split(",")):
        goals += _measured(report, people)
    met = report.goals(goals)
    if chosen.keep:
        report.keep("walls.txt")
    return 0 if met else 1


def _measured(report: Report, people: int) -> list[Goal]:
    here = world.prepared(people)
    with ExitStack() as stack:
        variants = {WHOLE: here}
        variants |= {name: stack.enter_context(_without(here, name)) for name in (NO_POLICIES, NO_TRAIL)}
        servers = {name: stack.enter_context(server.serving(one)) for name, one in variants.items()}
        found = {
            (page, name): _visitor(stack, here, serving, page)
            for page in PAGES
            for name, serving in servers.items()
        }
        for turn in range(ROUNDS):
            for page in PAGES:
                names = list(variants)
                for name in names[turn % 3 :] + names[: turn % 3]:
                    one = found[page, name]
                    visits(one.client, one.paths, WARM)
                    one.rounds.add(visits(one.client, one.paths, VISITS), web=0, database=0)
    rows, goals = [], []
    for page in PAGES:
        best = {name: found[page, name].rounds.best for name in variants}
        policies, trail = best[WHOLE] - best[NO_POLICIES], best[WHOLE] - best[NO_TRAIL]
        figures = [best[WHOLE], best[NO_POLICIES], best[NO_TRAIL], policies, trail]
        every = " ".join(f"{one:.2f}" for one in found[page, WHOLE].rounds.medians)
        rows.append([page, *(f"{one:.2f}" for one in figures), every])
        goals.append(Goal(f"radregler, {page}, {people} personer", GOAL_MS, policies, "ms"))
    heads = ["ms, bästa rundans median", *variants, "radreglerna kostar", "spåret kostar", "alla rundor"]
    report.table(f"{people} personer", heads, rows)
    return goals


def _visitor(stack: ExitStack, here: World, serving: server.Server, page: str) -> Visited:
    path, who = PAGES[page]
    paths = [path.format(case=case) for case in here.hot] if "{case}" in path else [path]
    cookies = f"humla_session={getattr(here, who)}"
    serving.await_page(paths[0], cookies)
    client = serving.client(cookies)
    stack.callback(client.close)
    return Visited(client, paths)


@contextmanager
def _without(here: World, what: str) -> Any:
    """A copy of the world that lacks one thing."""
    name = f"{here.database}_{'policies' if what == NO_POLICIES else 'trail'}"
    both = sql.Identifier(name), sql.Identifier(here.database)
    with psycopg.connect(world.url_of("DATABASE_OWNER_URL", "postgres"), autocommit=True) as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(both[0]))
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(*both))
        with psycopg.connect(world.url_of("DATABASE_OWNER_URL", name), autocommit=True) as inside:
            if what == NO_POLICIES:
                _disable(inside)
            else:
                inside.execute("CREATE RULE nowhere AS ON INSERT TO audit_event DO INSTEAD NOTHING")
            walls.seal(inside)
        try:
            yield replace(here, database=name)
        finally:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(both[0]))


def _disable(inside: world.Connection) -> None:
    walled = inside.execute(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    for (table,) in walled:
        inside.execute(
            sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(sql.Identifier(str(table)))
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
