"""Prove that nothing is seen without a context, that each kind sees its tables only, and that none stays.

`./humla prove context`. Four questions to a filled database, all as the limited role: what is seen without a
context; what each kind sees, table by table; which context `enter()` gives each session; and whether six
threads that share four connections, with errors and rollbacks in between, ever meet somebody else's context.
Then the walls are altered on purpose, and each fault must be noticed by one of the four.

Lives here: the programme. Not here: the filled database (`prove/ground/filled.py`); which rows a context
sees of a table it may see (`prove/authorisation.py`).
"""

import random
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from time import monotonic
from uuid import uuid4

import django

django.setup()

import psycopg  # noqa: E402
from psycopg import sql  # noqa: E402

from prove.ground import database, faults, filled, readers, world  # noqa: E402

_THREADS, _CONNECTIONS, _TURNS = 6, 4, 100
_ALL_PERSON = {
    "people_person", "people_personkey", "people_personlink", "cases_case", "cases_caseassignment",
    "consents_planconsent", "consents_consent", "disclosures_document", "disclosures_documentpart",
    "disclosures_disclosure", "plans_plan", "plans_goal", "plans_commitment", "drafts_draft",
    "drafts_submission", "audit_event", "cases_initiation", "cases_handover", "cases_note", "plans_milestone",
    "plans_reservation", "plans_unmetneed", "plans_otherplan", "plans_leadtransfer", "meetings_meeting",
    "meetings_summons", "meetings_summonsanswer", "meetings_attendance", "meetings_preparation",
    "scheduling_timeoffer", "scheduling_slot", "scheduling_invitee", "scheduling_slotanswer",
    "letters_addressee", "letters_paperletter", "evidence_evidencerequest", "evidence_evidenceanswer",
    "evidence_ownview", "followups_progress", "followups_followup", "followups_commitmentresult",
    "followups_goalresult",
    "followups_closing", "followups_livelihoodline", "consultations_consultation",
    "representatives_mandate", "representatives_withheld", "protection_marking", "protection_clearance",
    "protection_protectedcontact", "meetings_placeapproval", "consents_consentrequest", "consents_keptaway",
    "consents_surveyconsent", "consents_signedpaper", "disclosures_receivedcopy", "disclosures_reply",
}  # fmt: skip
# Rows of a förbund that not everybody in it sees.
_OUTBOX = {"notifications_notice", "links_link", "notifications_reminderstop", "notifications_delivery"}
_OWN_LETTERS = {"notifications_delivery"}
_HELD_LETTERS = {"notifications_notice", "notifications_reminderstop", *_OWN_LETTERS}
_WORKING = {"cases_handover", "cases_note", "consultations_consultation", "letters_addressee"}
_UNSENT = {"drafts_draft", "drafts_submission"}

# Who asked and who opened: those who work in the case. What was reviewed and questioned: others.
_CAME_NEAR = {"access_arrivedrequest", "access_manageropening"}
# Who asks for a plan: everybody of the unit who works in cases.
_ASKED_HERE = {"initiations_planrequest"}
_GONE_THROUGH = {"access_logreview", "access_lookquestion"}
# Which tables about persons each reader sees anything in; tenant tables follow from having a förbund.
SEES = {
    "innehavarens handläggare": _ALL_PERSON
    - {"people_personkey", "audit_event", "consultations_consultation", "disclosures_receivedcopy"}
    | _HELD_LETTERS
    | _CAME_NEAR
    | _ASKED_HERE,
    "samordnaren": _ALL_PERSON
    - {"people_personkey", "audit_event", "disclosures_receivedcopy"}
    | _HELD_LETTERS
    | _CAME_NEAR
    | _ASKED_HERE,
    "mottagarens handläggare": {
        "cases_case", "cases_caseassignment", "consents_consent", "disclosures_disclosure",
        "disclosures_documentpart", "cases_note", "followups_progress", "meetings_summons",
        "meetings_summonsanswer", "plans_leadtransfer", "disclosures_receivedcopy", "protection_clearance",
        "access_accessrequest", *_OWN_LETTERS,
    },
    "innehavarens chef": {"access_manageropening", "access_lookquestion", *_OWN_LETTERS, *_ASKED_HERE},
    "innehavarens loggranskare": {"audit_event", "access_manageropening", *_GONE_THROUGH, *_OWN_LETTERS},
    "mottagare för enheten": {"disclosures_disclosure", "cases_caseassignment", *_OWN_LETTERS},
    "personen": (_ALL_PERSON - {"people_personlink"} - _UNSENT - _WORKING) | _CAME_NEAR | _GONE_THROUGH,
    "ombud": set(),
    "ombud med uppdrag": {
        "people_person", "cases_case", "consents_consent", "consents_planconsent", "disclosures_document",
        "disclosures_documentpart", "disclosures_disclosure", "representatives_mandatekey",
        "consents_consentrequest",
    },
    # These carry Hanna's own id: what she has not sent is hers in these roles too.
    "förbundet": _UNSENT,
    "administratör": _UNSENT | {"notifications_notice", *_OWN_LETTERS},
    "länk": set(),
    "allmänheten": set(),
    # Text that nobody sent is cleared away after thirty days.
    "systemet": _UNSENT | _OUTBOX - {"notifications_reminderstop"},
    "utan sammanhang": set(),
    "förfalskad handläggare": set(),
    "förfalskad person": set(),
    "utgånget sammanhang": set(),
}  # fmt: skip
# Without a valid context, and for those whose context has no förbund, the tenant's tables are empty too.
_NOT_OURS = ("förfalskad handläggare", "förfalskad person", "utgånget sammanhang")
# A link has a förbund and is anybody who got the letter.
_NO_TENANT = {"ombud", "länk", "utan sammanhang", *_NOT_OURS}


@dataclass(frozen=True)
class Planted:
    """A fault and how it gets in: an altered text, or an order from the owner."""

    name: str
    edit: faults.Edit | None = None
    order: str = ""


_CONTEXT, _SESSION = "00_context.sql", "        SELECT CASE WHEN s.kind"
PLANTED = [
    Planted(
        "sammanhanget blir kvar (enter)",
        faults.Edit(
            _CONTEXT,
            "    PERFORM set_config('humla.ctx', line || ",
            "wall_mac(line), true)",
            "wall_mac(line), false)",
        ),
    ),
    Planted(
        "sammanhanget blir kvar (open_context)",
        faults.Edit(_CONTEXT, "    PERFORM set_config('humla.ctx', line, true)", "line, true", "line, false"),
    ),
    Planted(
        "en förfalskning tas emot",
        faults.Edit(_CONTEXT, "    IF NOT ctx_ok() THEN\n        PERFORM", "NOT ctx_ok()", "false"),
    ),
    Planted(
        "signaturen prövas inte",
        faults.Edit(
            _CONTEXT, "    RETURN right(line, 64)", "right(line, 64) = wall_mac(left(line, -65))", "true"
        ),
    ),
    Planted(
        "tiden prövas inte",
        faults.Edit(
            _CONTEXT,
            "    RETURN right(line, 64)",
            "AND split_part(line, '|', 9)::bigint >= extract(epoch FROM transaction_timestamp())",
            "",
        ),
    ),
    Planted(
        "någon annans uppdrag som ombud gäller",
        faults.Edit(
            "25_representatives.sql",
            "CREATE OR REPLACE FUNCTION wall_mandate(",
            "k.key = the_key AND ",
            "",
        ),
    ),
    Planted("stängda konton släpps in", faults.Edit(_CONTEXT, _SESSION, " AND c.is_active", "")),
    Planted("avslutade sessioner släpps in", faults.Edit(_CONTEXT, _SESSION, " AND s.ends_at > at", "")),
    Planted(
        "sessionens slut räknas med", faults.Edit(_CONTEXT, _SESSION, "s.ends_at > at", "s.ends_at >= at")
    ),
    Planted(
        "orörda sessioner släpps in",
        faults.Edit(_CONTEXT, _SESSION, " AND s.seen_at > at - interval '30 minutes'", ""),
    ),
    Planted(
        "avslutade uppdrag gäller",
        faults.Edit(_CONTEXT, _SESSION, "(a.ends_at IS NULL OR a.ends_at > at)", "true"),
    ),
    Planted("uppdrag gäller innan de börjar", faults.Edit(_CONTEXT, _SESSION, "AND a.starts_at <= at ", "")),
    Planted(
        "någon annans uppdrag gäller", faults.Edit(_CONTEXT, _SESSION, " AND p.account_id = s.account_id", "")
    ),
    Planted("kontots nyckel krävs inte", faults.Edit(_CONTEXT, _SESSION, " AND c.person_key <> ''", "")),
    Planted(
        "sessionen säger själv vad den är",
        faults.Edit(_CONTEXT, _SESSION, "ELSE 'professional' END", "ELSE s.kind END"),
    ),
    Planted(
        "administratören blir handläggare",
        faults.Edit(_CONTEXT, _SESSION, "WHEN a.role = 'administrator' THEN 'admin'", ""),
    ),
    Planted(
        "förbundet blir handläggare",
        faults.Edit(_CONTEXT, _SESSION, "WHEN a.role = 'association' THEN 'forbund'", ""),
    ),
    Planted("en tabell utan radregler", order="ALTER TABLE plans_goal DISABLE ROW LEVEL SECURITY"),
    Planted(
        "en öppen regel bredvid",
        order="CREATE POLICY wide ON cases_case FOR SELECT TO humla_app USING (true)",
    ),
    Planted(
        "en regel utan krav på sammanhang",
        order="CREATE POLICY wide ON organisation_unit FOR SELECT"
        " TO humla_app USING (association_id IS NOT NULL)",
    ),
    Planted(
        "ombud läser nycklar",
        faults.Edit(
            "30_facts.sql",
            "CREATE POLICY own_key",
            "ctx_kind() = 'person'",
            "ctx_kind() IN ('person', 'representative')",
        ),
    ),
    Planted(
        "länken läser förbundets organisation",
        faults.Edit(
            "20_organisation.sql",
            "CREATE POLICY same_tenant ON organisation_association",
            " AND ctx_kind() <> 'link'",
            "",
        ),
    ),
    Planted(
        "alla läser utkorgen",
        order="CREATE POLICY wide ON notifications_notice FOR SELECT TO humla_app"
        " USING ((SELECT ctx_ok()) AND association_id = ctx_tenant())",
    ),
    Planted(
        "förbundet läser spåret",
        order="CREATE POLICY wide ON audit_event FOR SELECT TO humla_app"
        " USING ((SELECT ctx_ok()) AND ctx_kind() = 'forbund')",
    ),
]


def main() -> int:
    """Ask, plant, ask again; the exit code."""
    begun = monotonic()
    with database.cloned("c") as name:
        with database.as_owner(name) as owner:
            database.apply(owner, database.the_walls())
            database.lift_checks(owner)
            database.load(owner, filled.rows())
            complaints = _emptiness(owner)
        complaints += _ask(name, aloud=True)
        if not complaints:
            complaints = _plant(name)
    for complaint in complaints:
        print(f"FEL: {complaint}")
    print(f"\n{len(complaints)} fel. {monotonic() - begun:.1f} s".replace(".", ","))
    return 1 if complaints else 0


def _ask(name: str, *, aloud: bool = False) -> list[str]:
    """The four questions; what was wrong. With a planted fault the first complaint is enough."""
    found: list[str] = []
    for question in (_tables, _sign_ins, _refusals, _leaks):
        told, complaints = question(name)
        found += complaints
        if aloud:
            print("\n".join(told) + "\n")
        elif found:
            break
    return found


def _emptiness(owner: database.Connection) -> list[str]:
    """A table without rows proves nothing."""
    walled = owner.execute("SELECT name FROM humla_list WHERE list <> 'open'").fetchall()
    empty = [str(one) for (one,) in walled if not _count(owner, str(one))]
    return [f"{table} har inga rader att dölja" for table in empty]


def _tables(name: str) -> tuple[list[str], list[str]]:
    """Every kind of context and none, every walled table: how many rows."""
    cast = {reader.name: reader for reader in readers.readers()}
    told, found = [], []
    with database.as_app(name) as app:
        tables = dict.fromkeys(database.listed(app, "person"), "person")
        tables |= dict.fromkeys(database.listed(app, "tenant"), "tenant")
        for who, expected in SEES.items():
            counts = _counted(app, cast[who], list(tables))
            sees = {table for table, count in counts.items() if count}
            tenant = {table for table, kind in tables.items() if kind == "tenant"} - _OUTBOX
            should = expected | (set() if who in _NO_TENANT else tenant)
            told.append(f"{who:28}{len(sees):3} tabeller, {sum(counts.values()):6} rader")
            found += [f"{who} ser {table}" for table in sorted(sees - should)]
            found += [f"{who} ser inget i {table}" for table in sorted(should - sees)]
    return [f"{len(tables)} tabeller och {len(SEES)} sammanhang", *told], found


def _counted(app: database.Connection, reader: readers.Reader, tables: Sequence[str]) -> dict[str, int]:
    with app.transaction():
        _set_clock(app)
        app.execute("SELECT set_config('humla.ctx', %s, true)", [reader.line()])
        return {table: _count(app, table) for table in tables}


def _sign_ins(name: str) -> tuple[list[str], list[str]]:
    """The context that each session gets; a token nobody has, and none at all, are the public's."""
    told, found = [], []
    expected = {one.token: (one.name, one.becomes) for one in filled.SIGN_INS}
    expected |= {"0" * 64: ("gissad session", "public"), "": ("ingen session", "public")}
    with database.as_app(name) as app:
        for token, (who, kind) in expected.items():
            with app.transaction():
                _set_clock(app)
                row = app.execute("SELECT kind, actor FROM enter(%s, %s)", [token, uuid4()]).fetchone()
                seen = _count(app, "cases_case")
            got = str(row[0]) if row else ""
            told.append(f"{who:32}{got}")
            if got != kind or (kind in ("public", "none") and seen):
                found.append(f"{who}: sammanhanget blev {got}, skulde vara {kind}; {seen} ärenden")
    return told, found


def _refusals(name: str) -> tuple[list[str], list[str]]:
    """open_context takes a line of ours and no other."""
    cast = {reader.name: reader for reader in readers.readers()}
    found = []
    with database.as_app(name) as app:
        for who in (*_NOT_OURS, "innehavarens handläggare"):
            try:
                with app.transaction():
                    app.execute("SELECT open_context(%s)", [cast[who].line()])
                taken = True
            except psycopg.errors.InsufficientPrivilege:
                taken = False
            if taken != (who == "innehavarens handläggare"):
                found.append(f"open_context: {who} {'togs emot' if taken else 'avvisades'}")
    return ["open_context avvisar det som inte är signerat"], found


def _leaks(name: str) -> tuple[list[str], list[str]]:
    """Threads, shared connections, and every way a transaction can end."""
    free: SimpleQueue[database.Connection] = SimpleQueue()
    shared = [database.as_app(name) for _ in range(_CONNECTIONS)]
    try:
        for app in shared:
            free.put(app)
        with ThreadPoolExecutor(_THREADS) as pool:
            found = [
                one for some in pool.map(lambda seed: _turns(free, seed), range(_THREADS)) for one in some
            ]
    finally:
        for app in shared:
            app.close()
    told = f"{_THREADS * _TURNS} transaktioner i {_THREADS} trådar över {_CONNECTIONS} anslutningar"
    return [f"{told}: {len(found)} läckor"], sorted(set(found))


def _turns(free: "SimpleQueue[database.Connection]", seed: int) -> list[str]:
    """One thread's work: enter as somebody, look, end it somehow, and see what the connection still knows."""
    chance = random.Random(seed)
    cast = {reader.name: reader for reader in readers.readers()}
    people = [cast[who] for who in ("innehavarens handläggare", "mottagarens handläggare", "personen")]
    found = []
    for _turn in range(_TURNS):
        app = free.get()
        try:
            who, way, end = chance.choice(people), chance.choice(_WAYS), chance.choice(_ENDS)
            _one_transaction(app, who, way, end)
            left = app.execute("SELECT coalesce(current_setting('humla.ctx', true), '')").fetchone()
            if left != ("",) or _count(app, "people_person") or _count(app, "cases_case"):
                found.append("ett sammanhang fanns kvar på anslutningen")
                app.execute("RESET humla.ctx")
        finally:
            free.put(app)
    return found


class _Upset(Exception):
    """What a page may raise in the middle of a transaction."""


def _one_transaction(app: database.Connection, who: readers.Reader, way: str, end: str) -> None:
    try:
        with app.transaction():
            _set_clock(app)
            if way == "enter":
                token = filled.SIGN_INS[1 if who.name == "personen" else 0].token
                app.execute("SELECT kind FROM enter(%s, %s)", [token, uuid4()])
            else:
                app.execute("SELECT open_context(%s)", [who.line()])
            _ENDINGS[end](app)
    except (_Upset, psycopg.errors.DivisionByZero):
        pass


def _raise(_app: database.Connection) -> None:
    raise _Upset


def _fail(app: database.Connection) -> None:
    app.execute("SELECT 1 / 0")


def _fail_inside(app: database.Connection) -> None:
    """A failed savepoint that the page survives."""
    try:
        with app.transaction():
            app.execute("SELECT 1 / 0")
    except psycopg.errors.DivisionByZero:
        app.execute("SELECT count(*) FROM cases_case")


def _roll_back(_app: database.Connection) -> None:
    raise psycopg.Rollback


def _look(app: database.Connection) -> None:
    app.execute("SELECT count(*) FROM cases_case")


_ENDINGS: dict[str, Callable[[database.Connection], None]] = {
    "commit": _look,
    "rollback": _roll_back,
    "exception": _raise,
    "database error": _fail,
    "savepoint": _fail_inside,
}
_ENDS, _WAYS = list(_ENDINGS), ["enter", "open_context"]


def _plant(name: str) -> list[str]:
    """Each fault by itself; the walls are put up anew for every one."""
    missed = []
    for planted in PLANTED:
        with database.as_owner(name) as owner:
            texts = database.the_walls()
            database.apply(owner, faults.changed(texts, [planted.edit]) if planted.edit else texts)
            if planted.order:
                owner.execute(planted.order.encode())
        complaints = _ask(name)
        print(f"{planted.name:44}{complaints[0] if complaints else 'MISSAT'}")
        if not complaints:
            missed.append(f"{planted.name}: inte upptäckt")
    print(f"\n{len(PLANTED) - len(missed)} av {len(PLANTED)} planterade fel upptäckta")
    return missed


def _set_clock(app: database.Connection) -> None:
    app.execute("SELECT set_config('humla.test_clock', %s, true)", [world.NOW.isoformat()])


def _count(connection: database.Connection, table: str) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(str(row[0])) if row else 0


if __name__ == "__main__":
    sys.exit(main())
