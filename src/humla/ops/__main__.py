"""The commands of `./humla`: their names, their help, and where each of them lives.

Lives here: reading the words on the command line. Not here: what the commands do (`supervisor.py`,
`checks.py`, `environment.py`), which is imported first when needed, so that help needs nothing installed.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from humla.ops.sentences import Stop, say, stop_for

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Command:
    """One word after ./humla."""

    summary: str
    usage: str
    work: Callable[[list[str]], int]


def main(words: list[str]) -> int:
    """Find the command, do it, and turn every foreseen failure into its two sentences."""
    if not words or words[0] in ("-h", "--help", "help"):
        _overview()
        return 0
    command = COMMANDS.get(words[0])
    if command is None:
        say(f"Kommandot {words[0]} finns inte. / There is no command {words[0]}.\n")
        _overview()
        return 2
    if words[1:2] in (["-h"], ["--help"]):
        print(f"./humla {words[0]} {command.usage}\n\n{command.summary}")
        return 0
    try:
        return command.work(words[1:])
    except Stop as stop:
        stop.show()
        return 1
    except OSError as error:
        stop_for(error, ROOT).show()
        return 1
    except KeyboardInterrupt:
        say("Avbrutet / Interrupted")
        return 130


def _overview() -> None:
    print("./humla <kommando>   (./humla <kommando> --help säger mer)\n")
    for name, command in COMMANDS.items():
        print(f"  {name:7} {command.summary.splitlines()[0]}")


def _run(words: list[str]) -> int:
    from humla.ops import supervisor

    parser = argparse.ArgumentParser(prog="./humla run")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    chosen = parser.parse_args(words)
    return supervisor.run(host=chosen.host, port=chosen.port)


def _test(words: list[str]) -> int:
    from humla.ops import environment, install

    with environment.scratch() as surroundings:
        install.collect_static(Path(surroundings["HUMLA_VAR"]))
        return _foreground([sys.executable, "-m", "pytest", *_shared_out(words), *words], surroundings)


def _shared_out(words: list[str]) -> list[str]:
    """Two processes cost a second to start: only for the whole suite."""
    narrowed = any(
        word.startswith(("-k", "-m", "-n")) or Path(word.split("::")[0]).exists() for word in words
    )
    return [] if narrowed else ["-n", "2", "--dist", "loadgroup"]


def _check(words: list[str]) -> int:
    from humla.ops import checks

    argparse.ArgumentParser(prog="./humla check").parse_args(words)
    return checks.check()


def _fix(words: list[str]) -> int:
    from humla.ops import checks

    parser = argparse.ArgumentParser(prog="./humla fix")
    parser.add_argument("--requirements", action="store_true")
    return checks.fix(requirements=parser.parse_args(words).requirements)


def _manage(words: list[str]) -> int:
    from humla.ops import environment

    # Everything else is done by the limited role, as the pages do it.
    as_owner = words[:1] and words[0] in ("migrate", "makemigrations", "showmigrations", "sqlmigrate")
    with environment.database() as surroundings:
        chosen = (
            surroundings | {"HUMLA_AS_OWNER": "1"} if as_owner else environment.without_owner(surroundings)
        )
        return _foreground([sys.executable, "-m", "django", *words], chosen)


def _demo(words: list[str]) -> int:
    from humla.ops import environment, install, supervisor

    parser = argparse.ArgumentParser(prog="./humla demo")
    parser.add_argument(
        "path", nargs="?", help="en fil eller mapp; utan den läses det påhittade förbundet in"
    )
    parser.add_argument("--persons", type=int, default=0, help="kopiera året tills så många personer finns")
    asked = parser.parse_args(words)
    path = asked.path
    with environment.database() as surroundings:
        install.migrate_and_wall(surroundings["DATABASE_OWNER_URL"])
        loaded = supervisor.load_demo(surroundings, *([os.path.abspath(path)] if path else []))
        return loaded or (supervisor.fill_demo(surroundings, asked.persons) if asked.persons else 0)


def _keys(words: list[str]) -> int:
    from humla.core.secrets import RINGS
    from humla.ops import environment

    parser = argparse.ArgumentParser(prog="./humla keys")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--rotate", choices=RINGS, help="ny nyckel, och allt förseglas om under den")
    what.add_argument("--reseal", action="store_true", help="det som ligger kvar under äldre nycklar")
    what.add_argument("--forget", metavar="NYCKEL", help="ta bort en gammal nyckel som inget ligger under")
    asked = parser.parse_args(words)
    chosen = ["rotate", asked.rotate] if asked.rotate else ["forget", asked.forget] if asked.forget else []
    with environment.database() as surroundings:
        as_owner = surroundings | {"HUMLA_AS_OWNER": "1"}
        return _foreground(
            [sys.executable, "-m", "humla.ops.keys", *(["reseal"] if asked.reseal else chosen)], as_owner
        )


def _bench(words: list[str]) -> int:
    return _programme("bench", words, durable=True)


def _prove(words: list[str]) -> int:
    return _programme("prove", words, durable=False)


def _programme(folder: str, words: list[str], *, durable: bool) -> int:
    """Run bench/NAME.py or prove/NAME.py against a migrated cluster of its own."""
    from humla.ops import environment, install

    names = sorted(file.stem for file in (ROOT / folder).glob("*.py") if not file.stem.startswith("_"))
    if not words or words[0] not in names:
        say(f"./humla {folder} NAMN: {', '.join(names) or '(inga / none)'}")
        return 2
    with environment.scratch(folder, durable=durable) as surroundings:
        install.migrate_and_wall(surroundings["DATABASE_OWNER_URL"])
        install.collect_static(Path(surroundings["HUMLA_VAR"]))
        return _foreground([sys.executable, "-m", f"{folder}.{words[0]}", *words[1:]], surroundings)


def _foreground(command: Sequence[str], environment: dict[str, str]) -> int:
    """A child that owns the terminal: Ctrl-C is its to answer; TERM and HUP are handed on to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = subprocess.Popen(
        command,
        env=environment,
        cwd=ROOT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda number, _frame: child.send_signal(number))
    return child.wait()


COMMANDS = {
    "run": Command(
        "Startar databas, webb och arbetare, med påhittade ärenden första gången.\n"
        "Med DATABASE_URL i miljön används den databasen och inget är demonstration (docs/drift.md).",
        "[--port 8000] [--host 127.0.0.1]",
        _run,
    ),
    "test": Command(
        "Kör alla tester i en egen databas. Allt efter ordet går till pytest.", "[-k UTTRYCK] [fil …]", _test
    ),
    "check": Command(
        "Säger om koden kan lämnas vidare: form, typer, lager, migreringar, murar, dokument.", "", _check
    ),
    "fix": Command(
        "Rättar det som kan rättas: form, genererade dokument, kompilerade översättningar.\n"
        "Med --requirements löses paketens versioner om (behöver nätverk).",
        "[--requirements]",
        _fix,
    ),
    "manage": Command("Djangos kommandon mot samma databas som run.", "KOMMANDO …", _manage),
    "demo": Command("Laddar en organisation och dess ärenden ur filer (data/).", "[fil eller mapp]", _demo),
    "keys": Command(
        "Säger hur många texter som ligger under varje nyckel, och byter nyckel (docs/drift.md).",
        "[--rotate fields|protected] [--reseal] [--forget NYCKEL]",
        _keys,
    ),
    "bench": Command("Mäter hastighet; slutar med fel när ett mål missas.", "NAMN", _bench),
    "prove": Command("Bevisar tillförlitlighet, med planterade fel som ska hittas.", "NAMN", _prove),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
