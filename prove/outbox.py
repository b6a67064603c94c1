"""Prove that what was done is told and what was undone is not, whatever dies on the way.

`./humla prove outbox [ACTS] [SEED]`. Siv acts: some of her transactions commit, some roll back, and some die
with their process. The clock's own job carries the letters to a real mail server, in a process that is
killed: at any moment, or between the server's taking of the letter and our marking of it. The server refuses
for now and for good, hangs, hangs up when it has the letter, and is away. What was promised, counted from
the trail that was written in the same transaction as the act:

- committed = sent at last;
- rolled back = never sent;
- a letter comes twice only when something died between the taking and the marking, and then under the same
  Message-ID.

Then the same is done by a build that queues before its act, by one that queues after, and by one that names
each try anew: each must be heard, or nought means nothing.

Lives here: the programme. Not here: the outbox (`humla.notifications`), the short form that runs with every
test (`tests/prove/test_outbox.py`).
"""

import asyncio
import contextlib
import multiprocessing
import os
import random
import re
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID, uuid4

import django

django.setup()

from aiosmtpd.controller import Controller  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connections, transaction  # noqa: E402

from humla.audit.record import record  # noqa: E402
from humla.audit.tags import Tag  # noqa: E402
from humla.core.context import acting, now  # noqa: E402
from humla.links.tokens import token_of  # noqa: E402
from humla.meetings.models import Summons  # noqa: E402
from humla.notifications import post as the_post  # noqa: E402
from humla.notifications.actions import queue, try_again  # noqa: E402
from humla.notifications.models import NoticeKind  # noqa: E402
from humla.notifications.visibility import failed  # noqa: E402
from humla.ops.jobs import send  # noqa: E402
from prove.ground import database, stage  # noqa: E402
from tests import cast as the_cast  # noqa: E402
from tests import factories  # noqa: E402

ACTS, SEED = 600, 5
_CONTROL_ACTS = 80
_AT_A_TIME = 20
"""So many acts at a time, and then so many visits of the clock: a visit ends when the server is the fault."""

_VISITS = 3

_LONGEST_VISIT = 180.0
"""Seconds: a sender that is still there has stopped."""

_HOW_ACTS_END = ("commits",) * 6 + ("rolls back",) * 3 + ("dies",)
_FAULTS = ("",) * 9 + ("not now", "not this letter now", "never", "hangs up", "killed", "killed", "hangs")
_LEADS_TO = re.compile(r"/svar/([\w-]+)/")
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Build:
    """The program as it is, or broken in one way."""

    name: str = "som det är"
    queues: str = "with the act"
    names_each_try_anew: bool = False


BROKEN = (
    Build("köar före handlingen", queues="before"),
    Build("köar efter handlingen", queues="after"),
    Build("nytt Message-ID vid varje försök", names_each_try_anew=True),
)


@dataclass
class Told:
    """What came of it. All but the first five must stay at nought."""

    acts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    letters: int = 0
    twice: int = 0
    killed: int = 0
    lost: int = 0
    never_done: int = 0
    twice_without_cause: int = 0
    twice_under_another_name: int = 0

    @property
    def complaints(self) -> int:
        """How many promises were broken."""
        return self.lost + self.never_done + self.twice_without_cause + self.twice_under_another_name


class Post:
    """A mail server with bad days, which keeps every letter that it has had in its hands."""

    def __init__(self, chance: random.Random) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.chance, self.calm = chance, False
        self.sender = 0
        self.had: list[tuple[str, str]] = []
        """The token of the letter's link, which says which notice it is, and its Message-ID."""
        self.died_with: set[str] = set()
        """Those that were taken and perhaps not marked: they may come again."""
        self.faults: Counter[str] = Counter()
        self.controller: Controller | None = None

    def up(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def down(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    async def handle_RCPT(  # noqa: N802 (the library's name)
        self, _server: Any, session: Any, envelope: Any, address: str, _how: Any
    ) -> str:
        session.fault = self._fault()
        match session.fault:
            case "not now":
                return "450 later"
            case "never":
                return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if session.fault == "not this letter now":
            return "451 later"
        token = self._keep(envelope.content)
        match session.fault:
            case "hangs up":
                self.died_with.add(token)
                server.transport.abort()
            case "killed":
                self.died_with.add(token)
                self.kill()
            case "hangs":
                self.died_with.add(token)
                await asyncio.sleep(settings.EMAIL_TIMEOUT + 1)
        return "250 OK"

    def kill(self) -> None:
        """The sender, without warning."""
        with contextlib.suppress(ProcessLookupError):
            if self.sender:
                os.kill(self.sender, signal.SIGKILL)

    def _keep(self, content: bytes) -> str:
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        words = message.get_body(("plain",))
        found = _LEADS_TO.search(words.get_content() if words else "")
        token = found[1] if found else ""
        self.had.append((token, str(message["Message-ID"])))
        return token

    def _fault(self) -> str:
        fault = "" if self.calm else self.chance.choice(_FAULTS)
        self.faults[fault] += bool(fault)
        return fault


def main(words: Sequence[str]) -> int:
    """As it is, then each broken build; the exit code."""
    acts, seed = int(words[0]) if words else ACTS, int(words[1]) if len(words) > 1 else SEED
    begun = time.monotonic()
    with stage.staged("o") as cast:
        told = run(cast, summons_of(cast), acts, seed)
    print(f"{sum(told.acts.values())} handlingar, frö {seed}: " + _listed(told.acts))
    print(f"fel hos servern: {_listed(told.faults)}; {told.killed} avsändare dödade")
    print(f"{told.letters} brev framme, {told.twice} av dem mer än en gång")
    print(f"bekräftat men aldrig skickat: {told.lost} (mål 0)")
    print(f"ogjort men skickat: {told.never_done} (mål 0)")
    print(f"två gånger utan att något dog emellan: {told.twice_without_cause} (mål 0)")
    print(f"två gånger med olika Message-ID: {told.twice_under_another_name} (mål 0)")
    unheard = []
    for build in BROKEN:
        with stage.staged("o") as cast:
            control = run(cast, summons_of(cast), _CONTROL_ACTS, seed, build)
        print(f"{build.name}: {control.complaints} brutna löften (ska vara fler än 0)")
        unheard += [] if control.complaints else [build.name]
    print(f"{time.monotonic() - begun:.0f} s")
    tried = told.acts["rolls back"] and told.acts["dies"] and told.twice and told.killed
    return 0 if tried and not told.complaints and not unheard else 1


def summons_of(cast: the_cast.Cast) -> Summons:
    """What Siv's letters are about: a summons that stands, whose own letter is none of ours."""
    with transaction.atomic():
        summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    with database.as_owner(stage.name_of_the_stage()) as owner:
        owner.execute("UPDATE notifications_notice SET state = 'cancelled'")
    return summons


def run(cast: the_cast.Cast, summons: Summons, acts: int, seed: int, build: Build = Build()) -> Told:
    """Acts and visits of the clock by turns; then calm weather until nothing waits; then it is counted."""
    chance, told = random.Random(seed), Told()
    with _mail_to(Post(random.Random(seed + 1))) as server:
        for _turn in range(-(-acts // _AT_A_TIME)):
            told.acts += _acted(cast, summons, chance, build)
            for _visit in range(_VISITS):
                told.killed += _visited(server, chance, build)
                _time_passes()
        server.calm = True
        for _turn in range(40):
            _put_right(cast)
            told.killed += _visited(server, chance, build, may_be_killed=False)
            _time_passes()
            if not _some_wait():
                break
    _count(told, server)
    return told


def _acted(cast: the_cast.Cast, summons: Summons, chance: random.Random, build: Build) -> Counter[str]:
    """One process of Siv's; where it is to die it dies before the commit, or by the broken build after it."""
    ends = [chance.choice(_HOW_ACTS_END) for _act in range(_AT_A_TIME)]
    rest = list(ends)
    while rest:
        several = rest[: rest.index("dies") + 1] if "dies" in rest else rest
        _finish(_started(_acts, cast, summons, several, build))
        rest = rest[len(several) :]
    return Counter(ends)


def _acts(cast: the_cast.Cast, summons: Summons, ends: Sequence[str], build: Build) -> None:
    for end in ends:
        act = uuid4()
        if build.queues == "before":
            with transaction.atomic():
                _queue(cast, summons, act)
        with contextlib.suppress(_Undone), transaction.atomic():
            with acting(cast.siv):
                record(Tag.SUMMONS_SENT, case=summons.case_id, items=[("act", act, 0)])
            if build.queues == "with the act":
                _queue(cast, summons, act)
            if end == "rolls back":
                raise _Undone
            if end == "dies" and build.queues != "after":
                os.kill(os.getpid(), signal.SIGKILL)
        if end == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if build.queues == "after" and end == "commits":
            with transaction.atomic():
                _queue(cast, summons, act)


def _queue(cast: the_cast.Cast, summons: Summons, act: UUID) -> None:
    """By the program's own verb; which notice came of which act stands on the trail with it."""
    with acting(cast.siv):
        made = queue(
            NoticeKind.SUMMONS, unit=cast.units["amir"], about=summons.pk, leaves_at=now(), by=cast.siv
        )
        assert made is not None
        record(Tag.SUMMONS_SENT, case=summons.case_id, items=[("told", act, 0), ("notice", made.pk, 0)])


def _visited(server: Post, chance: random.Random, build: Build, *, may_be_killed: bool = True) -> int:
    """The clock comes once, in a process of its own; was it killed?"""
    is_away = not server.calm and chance.random() < 0.1
    # Forked before the server's thread is there: a lock that a thread holds is held for ever in a fork.
    ready = _FORK.Event()
    sender = _started(_sends, build, ready)
    server.sender = sender.pid or 0
    if not is_away:
        server.up()
    ready.set()
    if may_be_killed and chance.random() < 0.4:
        time.sleep(chance.uniform(0.05, 0.6))
        server.kill()
    _finish(sender)
    server.sender = 0
    was_killed = sender.exitcode == -signal.SIGKILL
    if was_killed and server.had:
        server.died_with.add(server.had[-1][0])
    server.down()
    server.faults["away"] += is_away
    return int(was_killed)


def _sends(build: Build, ready: Any) -> None:
    ready.wait()
    if build.names_each_try_anew:
        setattr(the_post, "message_id", lambda _notice: f"<{uuid4()}@humla>")  # noqa: B010
    send(timestamp=0)


class _Undone(Exception):
    """She changed her mind."""


def _started(work: Callable[..., None], *given: Any) -> Any:
    connections.close_all()
    process = _FORK.Process(target=_alone, args=(work, *given))
    process.start()
    return process


def _alone(work: Callable[..., None], *given: Any) -> None:
    try:
        work(*given)
    finally:
        connections.close_all()


def _finish(process: Any) -> None:
    process.join(_LONGEST_VISIT)
    if process.is_alive():
        process.kill()
        process.join()
        raise AssertionError("en process blev hängande")


def _time_passes() -> None:
    """What waits has waited so long that its next try is due."""
    with database.as_owner(stage.name_of_the_stage()) as owner:
        owner.execute(
            "UPDATE notifications_notice SET leaves_at = leaves_at - interval '5 hours',"
            " queued_at = queued_at - interval '5 hours' WHERE state = 'waiting'"
        )


def _put_right(cast: the_cast.Cast) -> None:
    """What was given up is tried again by the administrator, when the mailbox is there."""
    with transaction.atomic(), acting(cast.olof):
        for one in failed():
            try_again(one, by=cast.olof)


def _some_wait() -> bool:
    with database.as_owner(stage.name_of_the_stage()) as owner:
        row = owner.execute(
            "SELECT count(*) FROM notifications_notice WHERE state IN ('waiting', 'failed')"
        ).fetchone()
    return bool(row and row[0])


def _count(told: Told, server: Post) -> None:
    """The trail says what was done, and which notice came of it; the server what it got."""
    with database.as_owner(stage.name_of_the_stage()) as owner:
        rows = owner.execute(
            "SELECT items->0->>0, items->0->>1, items->1->>1 FROM audit_event"
            " WHERE items->0->>0 IN ('act', 'told')"
        ).fetchall()
    done = {UUID(str(act)) for kind, act, _notice in rows if kind == "act"}
    act_of = {token_of(UUID(str(notice))): UUID(str(act)) for kind, act, notice in rows if kind == "told"}
    names: dict[str, list[str]] = {}
    for token, message_id in server.had:
        names.setdefault(token, []).append(message_id)
    came = {act_of[token] for token in names}
    several = {token: ids for token, ids in names.items() if len(ids) > 1}
    told.faults, told.letters, told.twice = +server.faults, len(names), len(several)
    told.lost, told.never_done = len(done - came), len(came - done)
    told.twice_without_cause = len(several.keys() - server.died_with)
    told.twice_under_another_name = sum(len(set(ids)) > 1 for ids in several.values())


@contextlib.contextmanager
def _mail_to(server: Post) -> Iterator[Post]:
    """The program's letters go there while it lasts."""
    names = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": server.port,
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": False,
        "EMAIL_TIMEOUT": 2,
        "MAIL_LEAVES": True,
    }
    before = {name: getattr(settings, name) for name in names}
    for name, value in names.items():
        setattr(settings, name, value)
    try:
        yield server
    finally:
        server.down()
        for name, value in before.items():
            setattr(settings, name, value)


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counted.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
