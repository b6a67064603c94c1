"""Prove that every address answers every reader as the table says, and that no form has its effect twice.

`./humla prove routes`. Every address of the site map, asked by twelve readers on committed data as the
limited role: who sees it, who is told that it is absent, and that absence has the same bytes as an address
nobody has. Then every form: sent by those who may not know of it nothing in the database changes; sent by one
who may, the same form again changes nothing more, and one made for an older version overwrites nothing.

Then the program is broken on purpose: a page in no row of the table, a page open to one too many, keys that
are forgotten, versions that are not asked for. Each must be noticed.

Lives here: the programme. Not here: the table (`tests/test_who_may_see_what.py`), how forms are read and
filled (`prove/ground/forms.py`).
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import django

django.setup()

from django.db import connections, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.urls import path  # noqa: E402

from humla.cases.models import Case  # noqa: E402
from humla.core.dates import today  # noqa: E402
from humla.ops import walls  # noqa: E402
from humla.web import people, start  # noqa: E402
from humla.web.urls import urlpatterns  # noqa: E402
from prove.ground import database, forms, stage  # noqa: E402
from tests import test_who_may_see_what as table  # noqa: E402
from tests.doors import signed_in  # noqa: E402

PATTERNS: list[Any] = urlpatterns

_BESIDE = (
    *("audit_event", "drafts_draft", "drafts_submission", "accounts_session", "django_session"),
    *("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers"),
)
"""What every visit may touch: the trail, used keys, when somebody was seen."""

_TWO_MINUTES_LATER = """
CREATE OR REPLACE FUNCTION humla_now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$SELECT transaction_timestamp() + interval '2 minutes'$$
"""
"""Everybody's clock once the world is made: before that its letters had not left."""

_WRITERS = ("siv", "amir", "eva", "olof")
"""In this order: the first who may use a form sends it."""

_BARE = {"take_in": "amir", "report_progress": "amir", "hand_in_preparation": "eva", "retry_notices": "olof"}
"""Who sends a form that no page of this world offers, where it is not Siv."""

_SIGN_IN = ("openid_connect_login", "openid_connect_callback", "sign_out", "choose_assignment")
"""Whose effect is on the session alone; tests/web/test_signin.py tries them."""


@dataclass
class Told:
    """What was found: figures to print, and what is wrong."""

    asked: int = 0
    posts: int = 0
    had_effect: int = 0
    stale: int = 0
    unoffered: list[str] = field(default_factory=list)
    unmoved: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def main(_words: Sequence[str]) -> int:
    """Walk, send, break; the exit code."""
    begun = time.monotonic()
    setup_test_environment()
    with stage.staged("r") as cast:
        world = _world(cast)
        with _pristine() as fresh:
            told = Told()
            walk(world, told)
            offered = _offered(world)
            for one in _posted():
                with fresh():
                    _send_denied(one, world, told)
                    _send_allowed(one, world, offered, told)
            missed = _broken(world, offered, fresh)
    print(f"{len(PATTERNS)} adresser × {len(table.EVERYBODY)} läsare: {told.asked} frågor")
    print(
        f"{told.posts} sändningar till {len(_posted())} formuläradresser; {told.had_effect} av dem ändrade"
        f" något första gången, {told.stale} prövades med en gammal version"
    )
    print(f"ingen sida i världen bjuder ut: {', '.join(told.unoffered) or 'ingen'}")
    print(f"ändrade ingenting ifyllda så här: {', '.join(told.unmoved) or 'ingen'}")
    for one in [*told.wrong, *missed]:
        print(f"FEL: {one}")
    print(
        f"{len(told.wrong)} fel, {len(missed)} planterade fel missade av 4. {time.monotonic() - begun:.0f} s"
    )
    return 1 if told.wrong or missed else 0


def _world(cast: Any) -> table.World:
    name = stage.name_of_the_stage()
    with database.as_owner(name) as owner:
        database.apply(owner, database.the_walls())
        walls.seal(owner)
    with transaction.atomic():
        world = table.the_world(cast, lambda who: signed_in(who, cast), Client(), lambda _left: None)
    with database.as_owner(name) as owner:
        owner.execute(_TWO_MINUTES_LATER)
        walls.seal(owner)
    connections.close_all()
    return world


@contextmanager
def _pristine() -> Iterator[Callable[[], Any]]:
    """Gives what makes a copy of the world as it is now, to be spoiled by one form and thrown away."""
    original = stage.name_of_the_stage()
    connections.close_all()

    @contextmanager
    def fresh() -> Iterator[None]:
        connections.close_all()
        with database.cloned("one", of=original) as copy, stage.speaking(copy, as_user="humla_app"):
            yield

    yield fresh


def walk(world: table.World, told: Told) -> None:
    """Every address, every reader, and the same with ids that nobody has."""
    for name in _undeclared_names():
        told.wrong.append(f"{name} står inte både i webbkartan och i tabellen")
    made_up = {key: uuid4() if isinstance(value, UUID) else value for key, value in world.ids.items()}
    for one in PATTERNS:
        may = table.MAY_LOOK.get(one.name)
        if may is None:
            continue
        told.asked += len(world.doors)
        if wrong := table.wrongly_answered(one.name, world):
            told.wrong.append(f"{one.name}: {wrong}")
        if "uuid" in str(one.pattern):
            for who in table.SIGNED_IN - may:
                door = world.doors[who]
                real, other = (door.get(table.address(one, ids)) for ids in (world.ids, made_up))
                if (real.status_code, real.content) != (other.status_code, other.content):
                    told.wrong.append(f"{one.name}: {who} kan skilja den från en adress som inte finns")


def _undeclared_names() -> set[str]:
    """In the site map or in the table, and not in both."""
    return {one.name for one in PATTERNS} ^ set(table.MAY_LOOK)


def _posted() -> list[Any]:
    return [
        one
        for one in PATTERNS
        if one.name not in _SIGN_IN and "POST" in getattr(one.callback, "door_methods", ())
    ]


def _send_denied(one: Any, world: table.World, told: Told) -> None:
    """Nothing changes when those send it who may not know of the case."""
    if "uuid" not in str(one.pattern):
        return
    before = _sums()
    for who in {"maja", "lena", "nils", "stranger", "adam"} - (table.MAY_LOOK.get(one.name) or set()):
        answer = world.doors[who].send(table.address(one, world.ids))
        told.posts += 1
        if answer.status_code != 404:
            told.wrong.append(f"{one.name}: {who} fick {answer.status_code} på en sändning")
    if changed := _changed(before):
        told.wrong.append(f"{one.name}: någon utan rätt ändrade {changed}")


def _offered(world: table.World) -> dict[str, dict[str, forms.Form]]:
    """Which forms each writer is offered on the pages of this world: by reader and where they go."""
    found: dict[str, dict[str, forms.Form]] = {who: {} for who in _WRITERS}
    for who in _WRITERS:
        for one in PATTERNS:
            if not isinstance(table.MAY_LOOK.get(one.name), set):
                continue
            address = table.address(one, world.ids)
            page = world.doors[who].get(address)
            if page.status_code == 200 and "html" in page.headers.get("Content-Type", ""):
                for form in forms.forms_in(page.content.decode()):
                    if form.method == "post":
                        found[who].setdefault(form.action or address, form)
    return found


def _send_allowed(
    one: Any, world: table.World, offered: Mapping[str, Mapping[str, forms.Form]], told: Told
) -> None:
    """Once, the same again, and once more as if somebody else had saved meanwhile."""
    address = table.address(one, world.ids)
    who = next((who for who in _WRITERS if address in offered[who]), "")
    if who:
        door, form = world.doors[who], offered[who][address]
    else:
        # A button of a state that this world is not in: sent bare by whom it is for.
        told.unoffered.append(one.name)
        door, form = world.doors[_BARE.get(one.name, "siv")], forms.Form(address, "post")
        form.values["acting_as"] = [str(door.actor.assignment_id or door.actor.id)]
    before = _sums()
    first, sent = _as_in_a_hurry(door, address, form, before)
    after = _sums()
    again = door.post(address, sent)
    told.posts += 2
    if first.status_code >= 500 or again.status_code >= 500:
        told.wrong.append(f"{one.name}: {first.status_code} och {again.status_code}")
    if changed := _changed(after):
        told.wrong.append(f"{one.name}: samma formulär två gånger ändrade {changed}")
    had_effect = before != after
    told.had_effect += had_effect
    if not had_effect:
        told.unmoved.append(f"{one.name} ({first.status_code})")
    late = form.otherwise(sent)
    if had_effect and late and form.values.get("version", [""])[0] not in ("", "0"):
        told.stale += 1
        # The page was made before the first sending: its version is the older one now.
        answer = door.post(address, late)
        told.posts += 1
        if answer.status_code >= 500:
            told.wrong.append(f"{one.name}: {answer.status_code} med en gammal version")
        if changed := _changed(after):
            told.wrong.append(f"{one.name}: en gammal version skrev över {changed}")


def _as_in_a_hurry(
    door: Any, address: str, form: forms.Form, before: Mapping[str, str]
) -> tuple[Any, dict[str, list[str]]]:
    """Sent as it is; then with what the page says is missing; then with something in every field."""
    names: list[str] = []
    for _try in range(4):
        sent = form.filled(names, today())
        answer = door.post(address, sent)
        if answer.status_code != 200 or _changed(before):
            return answer, sent
        back = next((one for one in forms.forms_in(answer.content.decode()) if one.faulty), None)
        more = [name for name in (back.faulty if back else form.empty) if name not in names]
        names += more or [name for name in form.empty if name not in names]
    return answer, sent


def _sums() -> dict[str, str]:
    """A sum over every table's rows, as owner."""
    with database.as_owner(stage.name_of_the_stage()) as owner:
        names = [
            str(name)
            for (name,) in owner.execute("SELECT name FROM humla_list ORDER BY name")
            if name not in _BESIDE
        ]
        each = " UNION ALL ".join(
            f"SELECT '{name}', coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {name} t"
            for name in names
        )
        return {str(name): str(total) for name, total in owner.execute(each.encode())}


def _changed(before: Mapping[str, str]) -> list[str]:
    now = _sums()
    return [name for name in now if now[name] != before.get(name)]


def _broken(
    world: table.World, offered: Mapping[str, Mapping[str, forms.Form]], fresh: Callable[[], Any]
) -> list[str]:
    """The positive controls: names of those that nobody noticed."""
    tried = {
        "en adress utan rad i tabellen": _undeclared(),
        "en läsare för lite i tabellen": _narrower(world),
        "nycklar som glöms": _keyless(world, offered, fresh),
        "versioner som inte frågas efter": _versionless(world, offered, fresh),
    }
    return [f"planterat men inte märkt: {name}" for name, noticed in tried.items() if not noticed]


def _undeclared() -> bool:
    PATTERNS.append(path("ett-hal/", start.home, name="a_hole"))
    try:
        return _undeclared_names() == {"a_hole"}
    finally:
        PATTERNS.pop()


def _narrower(world: table.World) -> bool:
    with mock.patch.dict(table.MAY_LOOK, {"plan": set()}):
        return "siv" in table.wrongly_answered("plan", world)


def _keyless(
    world: table.World, offered: Mapping[str, Mapping[str, forms.Form]], fresh: Callable[[], Any]
) -> bool:
    told = Told()
    with mock.patch("humla.web.door.start_submission", return_value=None):
        _only("add_commitment", world, offered, fresh, told)
    return any("två gånger" in one for one in told.wrong)


def _versionless(
    world: table.World, offered: Mapping[str, Mapping[str, forms.Form]], fresh: Callable[[], Any]
) -> bool:
    told = Told()
    with mock.patch.object(people, "sent_version", side_effect=lambda _request: _version_now(world)):
        _only("person", world, offered, fresh, told)
    return any("skrev över" in one for one in told.wrong)


def _version_now(world: table.World) -> int:
    return Case.objects.select_related("person").get(pk=world.ids["case_id"]).person.version


def _only(
    name: str,
    world: table.World,
    offered: Mapping[str, Mapping[str, forms.Form]],
    fresh: Callable[[], Any],
    told: Told,
) -> None:
    with fresh():
        _send_allowed(next(one for one in _posted() if one.name == name), world, offered, told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
