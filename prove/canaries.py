"""Prove that no word about a person reaches anybody but those whom the table names, by any way out.

`./humla prove canaries`. Every text field about a person gets a word of its own, written through the
program's own actions; then eighteen readers ask for every address there is and every one that their pages
lead to, and send a bare form wherever one is taken. Pages, documents (PDF, text, CSV), refusals, letters as a
real mail server got them, texts to telephones, every line of the log, rows of the queue, the sign-in and the
trail, headers, cookies and addresses are searched. Nobody may see a word that the table does not give her,
and those whom it names must have seen theirs, or nought would mean nothing.

A column of a table about a person without a word and without a reason fails. Then the program is broken on
purpose, and each of it must be noticed.

Lives here: the programme. Not here: the words (`ground/marked.py`), the table (`ground/allowed.py`), the ways
out (`ground/leaving.py`), the short form that runs with every test (`tests/prove/test_canaries.py`).
"""

import logging
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.db import IntegrityError, connections, models  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.urls import reverse  # noqa: E402

from humla.core.dates import today  # noqa: E402
from humla.core.sealed_field import SealedTextField  # noqa: E402
from humla.notifications import actions as notifications  # noqa: E402
from humla.notifications.wording import Letter  # noqa: E402
from humla.ops import jobs, walls  # noqa: E402
from humla.web import organisation  # noqa: E402
from prove.ground import database, leaving, marked, stage  # noqa: E402
from prove.ground.allowed import SAME_WORDS, SEEN, UNMARKED  # noqa: E402
from tests.accounts.provider_process import ProviderProcess  # noqa: E402
from tests.cast import Cast  # noqa: E402
from tests.notifications.conftest import MailServer  # noqa: E402
from tests.web.signin_steps import point_at, way_back  # noqa: E402

_LATER = """
CREATE OR REPLACE FUNCTION humla_now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$SELECT transaction_timestamp() + interval '{} minutes'$$
"""

_HELD_BY_NOBODY = ("audit_event", "drafts_submission", "people_personkey", "representatives_mandatekey")
"""Tables about a person in which no word of hers may stand in any form."""

_WRITTEN_OVER = {"plans_plan.no_follow_up_by"}
"""Stands in the frozen plan; in the draft the follow-up after it has its own."""

_IN_THE_OPEN = {"disclosures_documentpart", "disclosures_receivedcopy"}
"""Frozen documents: what was handed over stands there as it was read, her number too."""

Seen = dict[str, dict[str, list[str]]]
"""Mark to reader to where it stood."""


@dataclass
class Told:
    """What was found: figures to print, and what is wrong."""

    seen: Seen = field(default_factory=dict)
    ways: list[str] = field(default_factory=list)
    """Words in addresses, headers and cookies, and pages that broke."""
    asked: int = 0
    shown: int = 0
    kinds: dict[str, int] = field(default_factory=dict)


# --- the world ----------------------------------------------------------------------------------------------


def written(cast: Cast) -> marked.Marked:
    """The marked world, in the database that Django speaks to. Its clock can be moved, as the owner."""
    name = stage.name_of_the_stage()

    def later(minutes: int) -> None:
        with database.as_owner(name) as owner:
            owner.execute(_LATER.format(minutes).encode())
            walls.seal(owner)
        connections.close_all()

    return marked.write(cast, stage.numbers(6, today())[1:], later)


def uncovered(words: Collection[str]) -> list[str]:
    """Text columns about a person that carry no word and have no reason, and reasons that are of nothing."""
    carried = {mark.partition(":")[0] for mark in words}
    columns = {f"{model._meta.db_table}.{one.column}" for model in about_a_person() for one in _texts(model)}
    return [
        *(f"{one}: varken märkt eller undantagen" for one in sorted(columns - carried - set(UNMARKED))),
        *(f"{one}: undantagen men märkt eller borta" for one in sorted(set(UNMARKED) & carried)),
        *(f"{one}: undantagen men finns inte" for one in sorted(set(UNMARKED) - columns)),
        *(f"{one}: märkt men inte i tabellen över läsare" for one in sorted(set(words) - _known())),
        *(
            f"{one}: i tabellen över läsare men aldrig skriven"
            for one in sorted(set(SEEN) - {*words, *_numbers()})
        ),
    ]


def _known() -> set[str]:
    return {*SEEN, *SAME_WORDS}


def _numbers() -> set[str]:
    return {mark for mark in SEEN if mark.startswith("people_person.number:")}


def about_a_person() -> list[type[models.Model]]:
    """The models of the tables that the walls list as about a person."""
    with database.as_owner(stage.name_of_the_stage()) as owner:
        listed = {str(name) for (name,) in owner.execute("SELECT name FROM humla_list WHERE list = 'person'")}
    return [model for model in apps.get_models() if model._meta.db_table in listed]


_HOLDS_WORDS: tuple[type[Any], ...] = (
    *(models.CharField, models.TextField, models.JSONField, models.BinaryField),
)


def _texts(model: type[models.Model]) -> Iterator[Any]:
    """The columns that can hold what somebody writes: texts, lists of them and JSON without fixed choices."""
    for one in model._meta.concrete_fields:
        base = getattr(one, "base_field", one)
        if isinstance(base, _HOLDS_WORDS) and not one.choices:
            yield one


def unwritten(it: marked.Marked) -> list[str]:
    """Words that do not stand in the column that they are said to stand in, read with the keys."""
    name, missing = stage.name_of_the_stage(), []
    by_column: dict[str, list[str]] = defaultdict(list)
    for mark in it.words:
        by_column[mark.partition(":")[0]].append(mark)
    tables = {model._meta.db_table: model for model in apps.get_models()}
    with stage.speaking(name, as_user="humla_owner"):
        for column, marks in by_column.items():
            table, _, named = column.partition(".")
            rows: Any = tables[table]._default_manager.values_list(named, flat=True)
            held = " ".join(str(row) for row in rows)
            missing += [f"{mark} står inte i sin kolumn" for mark in marks if it.words[mark] not in held]
    return [one for one in missing if one.partition(" ")[0] not in _WRITTEN_OVER]


# --- what leaves to each reader -----------------------------------------------------------------------------

_WORLD: Any = None
"""The marked world and the addresses in it, for the processes that are forked off."""


@dataclass
class _Logged:
    """How many lines the log got, and those with a word in them."""

    count: int = 0
    wrong: list[str] = field(default_factory=list)


def look(readers: Sequence[str]) -> tuple[Told, _Logged]:
    """All that these readers get, and what the log says meanwhile. Fit for a process of its own."""
    it, every = _WORLD
    told, find = Told(), leaving.Finder(it.words, it.numbers)
    with leaving.log() as lines:
        for who in readers:
            left = leaving.Left()
            leaving.looked(it.doors[who], every, left)
            note(told, who, left, find)
    return told, _Logged(len(lines), _words_in(lines, it))


def note(told: Told, who: str, left: leaving.Left, find: leaving.Finder) -> None:
    """Which words stand in what one reader got, and where."""
    for where, text in left.texts:
        for mark in find(text):
            told.seen.setdefault(mark, {}).setdefault(who, []).append(where)
    for where, text in left.ways:
        told.ways += [f"{who}, {where}: {mark} i {text[:120]}" for mark in find(text)]
    told.ways += [f"{who}, {one}" for one in left.broken]
    told.asked += left.asked
    told.shown += left.shown
    for kind, count in left.by_kind.items():
        told.kinds[kind] = told.kinds.get(kind, 0) + count


def _words_in(lines: Sequence[str], it: marked.Marked) -> list[str]:
    """The lines with a word in them."""
    find = leaving.Finder(it.words, it.numbers)
    return [f"{sorted(found)}: {line[:160]}" for line in lines if (found := find(line))]


def judged(
    seen: Mapping[str, Mapping[str, Sequence[str]]], readers: Collection[str]
) -> tuple[list[str], list[str], int]:
    """What somebody saw and should not have, should have seen and did not, and how much was right."""
    forbidden, missing, right = [], [], 0
    met = {SAME_WORDS.get(mark, mark): by for mark, by in seen.items()}
    for mark in sorted({*SEEN, *met}):
        may, did = SEEN.get(mark, frozenset()), met.get(mark, {})
        for who in readers:
            if who in did and who not in may:
                forbidden.append(f"{who} såg {mark} på {', '.join(did[who][:3])}")
            elif who in may and who not in did:
                missing.append(f"{who} såg aldrig {mark}")
            right += who in may and who in did
    return forbidden, missing, right


# --- what leaves otherwise ----------------------------------------------------------------------------------


@contextmanager
def post_office() -> Iterator[tuple[MailServer, Path]]:
    """A real mail server, and a folder for what goes to telephones."""
    server = MailServer()
    server.up()
    with (
        tempfile.TemporaryDirectory() as folder,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=server.port,
            EMAIL_USE_TLS=False,
            EMAIL_USE_SSL=False,
            EMAIL_TIMEOUT=5,
            MAIL_LEAVES=True,
            SMS_FOLDER=folder,
            SMS_LEAVES=True,
        ),
    ):
        yield server, Path(folder)
        server.down()


def letters(server: MailServer, folder: Path) -> list[str]:
    """What is due leaves, by itself and then collected: each letter whole with its envelope, each text."""
    jobs.send(timestamp=0)
    _collected_too()
    whole = [f"{envelope} {one}" for one, envelope in zip(server.letters, server.envelopes, strict=True)]
    parts = [part for one in server.letters for part in one.walk() if not part.is_multipart()]
    bodies = [bytes(part.get_payload(decode=True)).decode() for part in parts]  # The calendar's file too.
    return [*whole, *bodies, *(one.read_text("utf-8") for one in folder.iterdir() if one.is_file())]


def _collected_too() -> None:
    """The same again, as if every unit had asked for one letter a day."""
    name = stage.name_of_the_stage()
    with database.as_owner(name) as owner:
        owner.execute(
            "INSERT INTO notifications_delivery (id, association_id, unit_id, is_collected, urgent_days,"
            " chosen_at, chosen_by_id, version) SELECT gen_random_uuid(), association_id, id, true, 1, now(),"
            " id, 1 FROM organisation_unit"
        )
        owner.execute(
            "UPDATE notifications_notice SET state = 'waiting', sent_at = NULL"
            " WHERE state = 'sent' AND kind NOT IN ('link_code', 'code_phone', 'digest')"
        )
    jobs.send(timestamp=0)
    with database.as_owner(name) as owner:
        owner.execute("UPDATE notifications_notice SET leaves_at = queued_at WHERE is_collected")
    jobs.send(timestamp=0)
    with database.as_owner(name) as owner:
        row = owner.execute("SELECT count(*) FROM notifications_notice WHERE kind = 'digest'").fetchone()
        owner.execute("DELETE FROM notifications_delivery")
    if not row or not row[0]:
        raise AssertionError("inget samlat brev gick: att inget stod i det skulle inte visa något")


def kept_in_the_open(it: marked.Marked) -> tuple[list[str], int]:
    """Words in tables that no person's words belong in, and in the raw text of sealed columns."""
    name, find = stage.name_of_the_stage(), leaving.Finder(it.words, it.numbers)
    with database.as_owner(name) as owner:
        listed = {
            str(table): str(which) for table, which in owner.execute("SELECT name, list FROM humla_list")
        }
        there = {str(row[0]) for row in owner.execute("SELECT tablename FROM pg_tables")}
    others = sorted(
        {table for table, which in listed.items() if which != "person"} & there | set(_HELD_BY_NOBODY)
    )
    wrong = [
        f"{table}: {', '.join(sorted(found))}"
        for table, rows in leaving.raw_rows(name, others).items()
        if (found := find(rows))
    ]
    sealed = [
        (model._meta.db_table, str(one.column))
        for model in apps.get_models()
        for one in model._meta.concrete_fields
        if isinstance(one, SealedTextField)
    ]
    wrong += [
        f"{column} är inte förseglad: {', '.join(sorted(found))}"
        for column, rows in leaving.raw_columns(name, sealed).items()
        if (found := find(rows))
    ]
    secret = {mark for mark in it.words if tuple(mark.partition(":")[0].split(".")) in sealed}
    secret |= _numbers()
    persons = sorted({model._meta.db_table for model in about_a_person()} - _IN_THE_OPEN)
    wrong += [
        f"{table} har i klartext det som är förseglat annorstädes: {', '.join(sorted(found))}"
        for table, rows in leaving.raw_rows(name, persons).items()
        if (found := find(rows) & secret)
    ]
    return wrong, len(others) + len(sealed)


def signed_in_for_real(folder: Path) -> None:
    """Through a provider that says name and number, let in and refused."""
    place = SimpleNamespace()
    with ProviderProcess.running(folder) as provider:
        point_at(place, provider.url)
        with override_settings(**vars(place)):
            for subject in ("eva", "siv", "low", "odd", ""):
                client = Client()
                client.get(way_back(client, provider, subject))


def broken_page(door: Any, words: str) -> None:
    """A page that fails on what the database says of a row that it refuses."""
    refused = IntegrityError(f"violates check constraint\nDETAIL:  Failing row contains ({words}).")
    with mock.patch("humla.web.cases.render", side_effect=refused):
        door.get(reverse("cases"))


# --- the programme ------------------------------------------------------------------------------------------


def main(_words: Sequence[str]) -> int:
    """Write, look, search, break; the exit code."""
    begun = time.monotonic()
    setup_test_environment()
    with ExitStack() as around:
        cast = around.enter_context(stage.staged("k"))
        around.enter_context(mock.patch("humla.web.pace.Pace.allows", return_value=True))
        folder = Path(around.enter_context(tempfile.TemporaryDirectory()))
        wrong, zero = _everything(cast, folder)
    for one in wrong:
        print(f"FEL: {one}")
    print(f"{len(wrong)} fel. {time.monotonic() - begun:.0f} s")
    return 1 if wrong or not zero else 0


def _everything(cast: Cast, folder: Path) -> tuple[list[str], int]:
    """What is wrong, and how often somebody saw what she should."""
    with leaving.log() as lines:
        it = written(cast)
    wrong = [*uncovered(it.words), *unwritten(it)]
    columns = {mark.partition(":")[0] for mark in it.words}
    print(
        f"{len(it.words)} märkta ord i {len(columns)} kolumner, {len(it.numbers)} personnummer;"
        f" {len(UNMARKED)} kolumner undantagna med skäl"
    )
    every = leaving.addresses(stage.name_of_the_stage(), it.links, it.cases)
    told, said = _looked(it, every)
    forbidden, missing, right = judged(told.seen, marked.READERS)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(told.kinds.items()))
    print(
        f"{len(every)} adresser × {len(marked.READERS)} läsare: {told.asked} frågor,"
        f" {told.shown} visade något: {kinds}"
    )
    print(f"förbjudna ord sedda: {len(forbidden)} (mål 0)")
    print(f"tillåtna ord sedda av dem som ska se dem: {right} av {right + len(missing)}")
    wrong += [*forbidden, *missing, *told.ways]
    wrong += _otherwise(it, folder, _Logged(len(lines) + said.count, said.wrong + _words_in(lines, it)))
    missed = _broken(it, cast, every)
    after = _sent(it, every)  # Last: it changes things, also who is signed in.
    print(f"tomma formulär till allt som tar emot ett: {after.asked} svar")
    wrong += [f"formulär: {one}" for one in judged(after.seen, marked.READERS)[0]] + after.ways
    print(f"{len(missed)} planterade fel missade av 5")
    return [*wrong, *missed], right


def _looked(it: marked.Marked, every: Sequence[tuple[str, str]]) -> tuple[Told, "_Logged"]:
    """All readers, in two processes."""
    global _WORLD
    _WORLD = it, every
    told, logged = Told(), _Logged()
    for one, lines in stage.at_once(look, [marked.READERS[0::2], marked.READERS[1::2]]):
        for mark, by in one.seen.items():
            told.seen.setdefault(mark, {}).update(by)
        told.ways += one.ways
        told.asked, told.shown = told.asked + one.asked, told.shown + one.shown
        for kind, count in one.kinds.items():
            told.kinds[kind] = told.kinds.get(kind, 0) + count
        logged.count += lines.count
        logged.wrong += lines.wrong
    return told, logged


def _otherwise(it: marked.Marked, folder: Path, logged: "_Logged") -> list[str]:
    """Letters, texts, the log, and everything that is kept."""
    find = leaving.Finder(it.words, it.numbers)
    with leaving.log() as more, post_office() as (server, texts):
        posted = letters(server, texts)
        jobs.send.defer(timestamp=0)
        signed_in_for_real(folder)
        broken_page(it.doors["siv"], f"{it.words['people_person.given_name']} {it.numbers['eva']}")
        sought, told = leaving.Left(), Told()
        has_found = leaving.searched(
            it.doors["siv"], reverse("cases"), it.words["people_person.family_name"], sought
        )
    note(told, "siv", sought, find)
    in_the_open, searched = kept_in_the_open(it)
    print(
        f"{len(server.letters)} brev, {len(posted) - 2 * len(server.letters)} sms,"
        f" {logged.count + len(more)} rader i loggen, {searched} tabeller och förseglade kolumner i råtext"
    )
    return [
        *(f"brev: {sorted(found)}" for one in posted if (found := find(one))),
        *(f"logg: {one}" for one in [*logged.wrong, *_words_in(more, it)]),
        *in_the_open,
        *told.ways,
        *([] if has_found else ["sökningen på personens namn fann ingenting"]),
    ]


def _sent(it: marked.Marked, every: Sequence[tuple[str, str]]) -> Told:
    """Last, since it changes things: first those who may do least."""
    told, find = Told(), leaving.Finder(it.words, it.numbers)
    few = {name: (name, where) for name, where in reversed(every)}
    for who in reversed([*("eva", "siv", "maja", "ralf", "farid", "amir"), *_others()]):
        left = leaving.Left()
        leaving.sent(it.doors[who], list(few.values()), left)
        note(told, who, left, find)
    return told


def _others() -> list[str]:
    return [one for one in marked.READERS if one not in ("eva", "siv", "maja", "ralf", "farid", "amir")]


# --- broken on purpose --------------------------------------------------------------------------------------


def _broken(it: marked.Marked, cast: Cast, every: Sequence[tuple[str, str]]) -> list[str]:
    """The positive controls: names of those that nobody noticed."""
    tried = {
        "en sida som läcker ett ord till Lena": page_that_leaks(it, every),
        "ett brev med personens namn": letter_with_a_name(it, cast),
        "en rad i loggen med ett nummer": line_with_a_number(it, cast),
        "ett fel som skrivs i loggen med sina ord": fault_in_its_own_words(it, cast),
        "en kolumn utan ord": column_left_out(it),
    }
    return [f"planterat men inte märkt: {name}" for name, noticed in tried.items() if not noticed]


def page_that_leaks(it: marked.Marked, every: Sequence[tuple[str, str]]) -> bool:
    """The unit's organisation page says, where nobody reads it, why Eva's case was opened."""
    real: Any = vars(organisation)["render"]

    def render(*given: Any, **named: Any) -> Any:
        answer = real(*given, **named)
        answer.content += f"<!-- {it.words['cases_case.reason']} -->".encode()
        return answer

    left, told = leaving.Left(), Told()
    with mock.patch.object(organisation, "render", render):
        leaving.asked(it.doors["lena"], [one for one in every if one[0] == "organisation"], left)
    note(told, "lena", left, leaving.Finder(it.words, it.numbers))
    return any("lena såg cases_case.reason" in one for one in judged(told.seen, ["lena"])[0])


def letter_with_a_name(it: marked.Marked, cast: Cast) -> bool:
    """The next letter has the name in its subject."""
    real, find = vars(notifications)["letter"], leaving.Finder(it.words, it.numbers)

    def letter(*given: Any, **named: Any) -> Letter:
        words = real(*given, **named)
        return Letter(f"{words.subject} {it.words['people_person.given_name']}", words.body)

    with database.as_owner(stage.name_of_the_stage()) as owner:
        owner.execute("DELETE FROM notifications_delivery")
        owner.execute(
            "UPDATE notifications_notice SET state = 'waiting', sent_at = NULL, is_collected = false,"
            " digest_id = NULL WHERE state = 'sent' AND kind <> 'digest'"
        )
    with post_office() as (server, texts), mock.patch.object(notifications, "letter", letter):
        return any("people_person.given_name" in find(one) for one in letters(server, texts))


def line_with_a_number(it: marked.Marked, cast: Cast) -> bool:
    """Somebody writes a line of her own."""
    with leaving.log() as lines:
        logging.getLogger("humla.web").warning("Sought %s", f"{cast.eva[:8]}-{cast.eva[8:]}")
    return len(_words_in(lines, it)) == 1


def fault_in_its_own_words(it: marked.Marked, cast: Cast) -> bool:
    """The log without the filter that leaves a fault's message out."""
    with mock.patch("humla.web.log_lines.WithoutValues.filter", return_value=True), leaving.log() as lines:
        broken_page(it.doors["siv"], it.words["people_person.given_name"])
    return bool(_words_in(lines, it))


def column_left_out(it: marked.Marked) -> bool:
    """As if nobody had thought of what the person says herself."""
    return any(
        one.startswith("plans_plan.own_goal:") for one in uncovered(set(it.words) - {"plans_plan.own_goal"})
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
