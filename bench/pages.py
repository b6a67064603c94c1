"""`./humla bench pages`: the first pages, against the same duty done raw (R+T) and an ordinary page (N).

Here: what is measured, in which order, and which goals it has. Not here: the world, the servers and the
client (`bench.stage`), and the ordinary page (`bench.naive`). How to read the figures: `bench/README.md`.
"""

import argparse
import math
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import psycopg

from bench.stage import saving, server, statements, weight, world
from bench.stage.client import Client, throughput, visits
from bench.stage.duty import PLAN, RECEIVED, Duty, Page
from bench.stage.report import Goal, Report, Rounds
from bench.stage.server import Server
from bench.stage.world import World

WARM = 10
CLIENTS = 8
NAIVE = {"application": "bench.naive.wsgi:application", "settings": "bench.naive.settings"}
MEASURED = ("mottagen", "plan")
"""The two pages with a goal of their own; each has its yardstick and its ordinary page."""
SAVED = "spara ett åtagande"
LIST, FIRST = "mina ärenden", "plan"
"""G7 holds a list against a page: the slow end of the one, the middle of the other."""


@dataclass(frozen=True)
class Effort:
    """How much is measured: a whole run or a quick one."""

    rounds: int
    visits: int
    bursts: int
    seconds: float
    pages: int


WHOLE = Effort(rounds=6, visits=40, bursts=3, seconds=2.0, pages=1_000)
QUICK = Effort(rounds=2, visits=15, bursts=1, seconds=1.0, pages=200)


@dataclass
class Candidate:
    """Something that is visited in every round."""

    name: str
    visit: Callable[[int], list[float]]
    web_cpu: Callable[[], float]
    rounds: Rounds = field(default_factory=Rounds)


@dataclass
class Scene:
    """One world with its two servers and everything that is measured in it."""

    world: World
    ours: Server
    naive: Server
    candidates: list[Candidate]
    rates: dict[str, list[float]] = field(default_factory=dict)

    def named(self, name: str) -> Rounds:
        return next(one.rounds for one in self.candidates if one.name == name)


def main(words: Sequence[str]) -> int:
    chosen = _options(words)
    effort = QUICK if chosen.quick else WHOLE
    report = Report("Sidorna" + (" (snabb körning, inte för jämförelser)" if chosen.quick else ""))
    goals: list[Goal] = []
    with ExitStack() as stack:
        scenes = [_scene(stack, people) for people in chosen.sizes]
        postmaster = _postmaster(scenes[0].world)
        for _ in range(effort.rounds):
            _round(scenes, effort, postmaster)
        for _ in range(effort.bursts):
            _bursts(scenes, effort)
        for scene in scenes:
            _tell_scene(report, scene)
            goals += _goals_of(scene)
        goals += _growth(report, scenes)
        goals += _weights(report, scenes[0])
    last = scenes[-1].world
    goals += _statements(report, last)
    goals += _start_and_memory(report, last, effort)
    met = report.goals(goals)
    if chosen.keep:
        report.keep("pages.txt")
    return 0 if met else 1


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./humla bench pages")
    parser.add_argument("--quick", action="store_true", help="två rundor bland 1 000 personer")
    parser.add_argument("--sizes", default="", help="antal personer, till exempel 1000,100000")
    parser.add_argument("--keep", action=argparse.BooleanOptionalAction, help="skriv bench/results/pages.txt")
    chosen = parser.parse_args(words)
    sizes = chosen.sizes or ("1000" if chosen.quick else "1000,10000,100000")
    chosen.sizes = sorted(int(one) for one in sizes.split(","))
    chosen.keep = not chosen.quick if chosen.keep is None else chosen.keep
    return chosen


# --- what is visited ----------------------------------------------------------------------------------------


def _scene(stack: ExitStack, people: int) -> Scene:
    here = world.prepared(people)
    ours = stack.enter_context(server.serving(here))
    naive = stack.enter_context(server.serving(here, **NAIVE))
    scene = Scene(here, ours, naive, [])
    pages = {"mottagen": Page(RECEIVED, "disclosures:document:read", here.receiver)}
    pages["plan"] = Page(PLAN, "plans:plan:read", here.leader)
    for name, page in pages.items():
        for label, how in (("R", {"walled": False}), ("R+T", {}), ("R+T i rörledning", {"pipelined": True})):
            duty = Duty(here, page, **how)
            stack.callback(duty.close)
            scene.candidates.append(_raw(f"{label} {name}", duty, here))
    for name, (path, cookies) in _asked(here).items():
        scene.candidates.append(_visited(stack, f"sida {name}", ours, _paths(here, path), cookies))
    for name in MEASURED:
        path, cookies = _asked_naively(here)[name]
        scene.candidates.append(_visited(stack, f"N {name}", naive, _paths(here, path), cookies))
    scene.candidates += _savers(stack, here, ours)
    scene.candidates.append(_visited(stack, "golv: lever", ours, ["/halsa/levande/"], ""))
    return scene


def _savers(stack: ExitStack, here: World, ours: Server) -> list[Candidate]:
    """Saving a row through the program, and raw; each in cases of its own: versions are not shared."""
    some = saving.rows(here)
    client = ours.client(f"humla_session={here.leader}; humla_csrf={saving.CSRF}")
    stack.callback(client.close)
    raw = saving.RawSaves(here, some[1::2])
    stack.callback(raw.close)
    return [
        Candidate("R+T spara ett åtagande", raw.visits, time.process_time),
        Candidate("sida spara ett åtagande", saving.Saves(here, client, some[::2]).visits, ours.cpu),
    ]


def _asked(here: World) -> dict[str, tuple[str, str]]:
    """Our pages: address, and who asks. {case} is one of the cases in use."""
    leader, receiver, person = (f"humla_session={one}" for one in (here.leader, here.receiver, here.person))
    return {
        "mottagen": ("/mottagna/{case}/", receiver),
        "plan": ("/arenden/{case}/plan/", leader),
        "plan, ny rad": ("/arenden/{case}/plan/?ny=1", leader),
        "ärende": ("/arenden/{case}/", leader),
        "idag": ("/idag/", leader),
        "mina ärenden": ("/arenden/", leader),
        "min sida": ("/min-sida/", person),
    }


def _asked_naively(here: World) -> dict[str, tuple[str, str]]:
    return {
        "mottagen": ("/mottagna/{case}/", f"sessionid={here.receiver_django}"),
        "plan": ("/arenden/{case}/plan/", f"sessionid={here.leader_django}"),
    }


def _paths(here: World, path: str) -> list[str]:
    return [path.format(case=case) for case in here.hot] if "{case}" in path else [path]


def _raw(name: str, duty: Duty, here: World) -> Candidate:
    return Candidate(name, lambda count: duty.visits(here.hot, count), time.process_time)


def _visited(stack: ExitStack, name: str, from_server: Server, paths: list[str], cookies: str) -> Candidate:
    from_server.await_page(paths[0], cookies)
    client = from_server.client(cookies)
    stack.callback(client.close)
    return Candidate(name, lambda count: visits(client, paths, count), from_server.cpu)


def _postmaster(here: World) -> int:
    with psycopg.connect(here.app_url) as connection:
        return server.parent_of(connection.info.backend_pid)


# --- measuring ----------------------------------------------------------------------------------------------


def _round(scenes: Sequence[Scene], effort: Effort, postmaster: int) -> None:
    """Everything once, interleaved: a slow minute of the machine falls on all alike."""
    for candidates in zip(*(scene.candidates for scene in scenes), strict=True):
        for one in candidates:
            web, database = one.web_cpu(), server.postgres_cpu(postmaster)
            one.visit(WARM)
            taken = one.visit(effort.visits)
            web, database = one.web_cpu() - web, server.postgres_cpu(postmaster) - database
            one.rounds.add(taken, web=web, database=database)


def _bursts(scenes: Sequence[Scene], effort: Effort) -> None:
    """Eight clients at once, ours and the ordinary page by turns."""
    for scene in scenes:
        for name in MEASURED:
            asked = ((scene.ours, _asked(scene.world)), (scene.naive, _asked_naively(scene.world)))
            for label, (from_server, pages) in zip(("sida", "N"), asked, strict=True):
                path, cookies = pages[name]
                rate = _burst(from_server, _paths(scene.world, path), cookies, effort.seconds)
                scene.rates.setdefault(f"{label} {name}", []).append(rate)


def _burst(from_server: Server, paths: list[str], cookies: str, seconds: float) -> float:
    def opened() -> Client:
        return from_server.client(cookies)

    throughput(opened, paths, clients=CLIENTS, seconds=seconds / 4)
    return throughput(opened, paths, clients=CLIENTS, seconds=seconds)


# --- telling ------------------------------------------------------------------------------------------------


def _tell_scene(report: Report, scene: Scene) -> None:
    rows = []
    for one in scene.candidates:
        rounds = one.rounds
        against = next((name for name in (*MEASURED, SAVED) if one.name.endswith(name)), "")
        ratio = f"{rounds.best / scene.named(f'R+T {against}').best:.2f}" if against else ""
        cpu = [f"{rounds.per_visit(spent, WARM):.2f}" for spent in (rounds.web_cpu, rounds.database_cpu)]
        every = " ".join(f"{median:.2f}" for median in rounds.medians)
        rows.append([one.name, f"{rounds.best:.2f}", ratio, f"{rounds.p95:.2f}", *cpu, every])
    heads = [
        "kandidat",
        "bästa p50 ms",
        "× R+T",
        "p95 ms",
        "CPU webb ms",
        "CPU databas ms",
        "p50 i varje runda",
    ]
    report.table(f"{scene.world.people} personer, en klient", heads, rows)
    rates = [
        [name, f"{statistics.median(found):.0f}", " ".join(f"{one:.0f}" for one in found)]
        for name, found in scene.rates.items()
    ]
    report.table(
        f"{scene.world.people} personer, {CLIENTS} klienter", ["sida", "sidor/s", "varje omgång"], rates
    )


def _goals_of(scene: Scene) -> list[Goal]:
    goals = []
    for name in MEASURED:
        where = f"{name}, {scene.world.people} personer"
        ratio = scene.named(f"sida {name}").best / scene.named(f"R+T {name}").best
        goals.append(Goal(f"G2 p50 mot R+T: {where}", 3.5, ratio, "×"))
        goals.append(Goal(f"G2 sträckmål: {where}", 2.5, ratio, "×", is_stretch=True))
        ours, theirs = (statistics.median(scene.rates[f"{label} {name}"]) for label in ("sida", "N"))
        goals.append(Goal(f"G3 sidor/s mot N: {where}", 1, ours / theirs, "×", at_least=True))
        goals.append(Goal(f"G3 sträckmål: {where}", 2.5, ours / theirs, "×", at_least=True, is_stretch=True))
    return goals + _goals_of_lists_and_saves(scene)


def _goals_of_lists_and_saves(scene: Scene) -> list[Goal]:
    where = f"{scene.world.people} personer"
    saved = scene.named(f"sida {SAVED}").best / scene.named(f"R+T {SAVED}").best
    listed = scene.named(f"sida {LIST}").p95 / scene.named(f"sida {FIRST}").best
    return [
        Goal(f"G5 spara mot rå transaktion: {where}", 4, saved, "×"),
        Goal(f"G7 listans p95 mot plansidans p50: {where}", 2, listed, "×"),
    ]


def _growth(report: Report, scenes: Sequence[Scene]) -> list[Goal]:
    """How p50 grows with the number of people, as an exponent: 0 is not at all, 1 is in step."""
    if len(scenes) < 2:
        return []
    first, last = scenes[0], scenes[-1]
    times = math.log(last.world.people / first.world.people)
    rows, goals = [], []
    for one in first.candidates:
        grown = last.named(one.name).best / one.rounds.best
        rows.append([one.name, f"{grown:.2f}", f"{math.log(grown) / times:.3f}"])
        if one.name in [f"sida {name}" for name in (*MEASURED, LIST)]:
            goals.append(
                Goal(
                    f"G6 tillväxt, exponent: {one.name}",
                    0.1 if one.name.endswith(LIST) else 0.08,
                    math.log(grown) / times,
                )
            )
    title = f"Från {first.world.people} till {last.world.people} personer (de öppnade ärendena är i bruk)"
    report.table(title, ["kandidat", "gånger", "exponent"], rows)
    return goals


def _weights(report: Report, scene: Scene) -> list[Goal]:
    rows, heaviest, others = [], weight.Weight(), 0
    for name, (path, cookies) in _asked(scene.world).items():
        client = scene.ours.client(cookies, gzipped=True)
        found = weight.weighed(client, path.format(case=scene.world.hot[0]))
        client.close()
        rows.append([name, str(found.html), str(found.css), str(found.js), str(len(found.third_party))])
        others += len(found.third_party)
        for kind in ("html", "css", "js"):
            setattr(heaviest, kind, max(getattr(heaviest, kind), getattr(found, kind)))
    report.table("Vikt i byte efter gzip", ["sida", "html", "css", "js", "tredje part"], rows)
    return [
        Goal("G12 html, tyngsta sidan", 12, heaviest.html / 1_000, "kB"),
        Goal("G12 css", 25, heaviest.css / 1_000, "kB"),
        Goal("G12 js", 15, heaviest.js / 1_000, "kB"),
        Goal("G12 anrop till tredje part", 0, others),
    ]


def _statements(report: Report, here: World) -> list[Goal]:
    """One goal with four things to do, and ten with forty: the same number of statements."""
    asked = {
        f"{name} {size}": (path.format(case=case), cookies)
        for name, (path, cookies) in _asked(here).items()
        for size, case in (("liten", here.small), ("stor", here.large))
    }
    found = {name: len(said) for name, said in statements.counted(here, asked).items()}
    grown = [name for name, (path, _cookies) in _asked(here).items() if "{case}" in path]
    rows = [[name, str(found[f"{name} liten"]), str(found[f"{name} stor"])] for name in _asked(here)]
    report.table(
        "Satser per sida (utan BEGIN och COMMIT)",
        ["sida", "1 mål, 4 åtaganden", "10 mål, 40 åtaganden"],
        rows,
    )
    goals = [
        Goal(f"G4 annat antal satser för en tio gånger större plan: {name}", 0, abs(int(large) - int(small)))
        for name, small, large in rows
        if name in grown
    ]
    return goals + [
        Goal(f"G4 satser, sträckmål: {name}", 9, found[f"{name} stor"], is_stretch=True) for name in MEASURED
    ]


def _start_and_memory(report: Report, here: World, effort: Effort) -> list[Goal]:
    path, cookies = _asked(here)["mottagen"]
    started = time.perf_counter()
    with server.serving(here) as fresh:
        fresh.await_page(path.format(case=here.hot[0]), cookies)
        seconds = time.perf_counter() - started
        for path, cookies in _asked(here).values():
            client = fresh.client(cookies)
            visits(client, _paths(here, path), effort.pages // len(_asked(here)))
            client.close()
        memory = fresh.memory() / 1_000_000
    report.say(
        f"\nFrån start till första sidan {seconds:.2f} s, efter {effort.pages} sidor {memory:.0f} MB".replace(
            ".", ","
        )
    )
    return [
        Goal("G15 start till första sidan", 2, seconds, "s"),
        Goal("G15 minne i webbprocessen", 120, memory, "MB"),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
