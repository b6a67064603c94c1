"""Planted faults: the walls' own text, changed in one place, which the decision table must notice.

Lives here: the faults and how a text is changed. Not here: how a fault is tried (`prove/authorisation.py`).

A change is found by the sentence it stands in and must fit exactly once there, so that a wall that has been
rewritten makes the programme stop instead of proving nothing. Some faults change nothing as long as another
wall stands in front of them; they are declared with that wall, which is then taken away: alone the fault must
be silent, and without the wall it must be heard.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from prove.ground.database import Texts

HOLDER = "innehavarens handläggare"
HOLDER_OTHER_UNIT = "hon själv för annan enhet"
COLLEAGUE = "hennes kollega utan uppdrag"
RECEIVER = "mottagarens handläggare"
RECEIVERS_COLLEAGUE = "hans kollega utan uppdrag"
WAY_IN = "mottagare för enheten"
OTHER_WAY_IN = "mottagare för annan enhet"
THIRD = "tredje myndighet"
PERSON, OTHER_PERSON = "personen", "annan person"
ADMIN, FORGED, FORGED_PERSON, EXPIRED = (
    "administratör",
    "förfalskad handläggare",
    "förfalskad person",
    "utgånget sammanhang",
)


@dataclass(frozen=True)
class Edit:
    """In the sentence that begins with `where`, the words `old` become `new`."""

    file: str
    where: str
    old: str
    new: str


@dataclass(frozen=True)
class Fault:
    """One change, the table where it must be noticed and by whom; `masked_by` is the wall in front of it."""

    name: str
    table: str
    readers: tuple[str, ...]
    edit: Edit
    masked_by: tuple[Edit, ...] = ()
    why_masked: str = ""
    beside: tuple[str, ...] = ()
    """Other tables that the same words are for: each of them must notice it too."""

    @property
    def tables(self) -> tuple[str, ...]:
        return self.table, *self.beside


class Misfit(Exception):
    """The words to change are not there, or more than once: the fault no longer fits the walls."""


def changed(texts: Texts, edits: Sequence[Edit]) -> dict[str, str]:
    """The walls with these changes."""
    after = dict(texts)
    for edit in edits:
        text = after[edit.file]
        if text.count(edit.where) != 1:
            raise Misfit(f"{edit.file}: {text.count(edit.where)} × {edit.where!r}")
        start = text.index(edit.where)
        end = text.index(";\n", start)
        sentence = text[start:end]
        if sentence.count(edit.old) != 1:
            raise Misfit(f"{edit.file}, {edit.where}: {sentence.count(edit.old)} × {edit.old!r}")
        after[edit.file] = text[:start] + sentence.replace(edit.old, edit.new) + text[end:]
    return after


_P = "CREATE POLICY held_or_disclosed ON disclosures_documentpart"
_C = "CREATE POLICY held_or_disclosed ON cases_case"
_CONSENT = "CREATE POLICY giver_or_receiver ON consents_consent"
_DISCLOSURE = "CREATE POLICY giver_receiver_or_way_in ON disclosures_disclosure"
_LEAF = "CREATE POLICY own_or_holder ON cases_caseassignment"
_KEY = "CREATE POLICY own_key ON people_personkey"
_WORKS_IN = "CREATE OR REPLACE FUNCTION wall_works_in"
_PERSON = "CREATE POLICY works_with_her ON people_person "
_ANSWER = "CREATE POLICY holder ON consents_planconsent"
_HELD = "CREATE POLICY holder_or_person ON %1$I"
_FACTS, _READ, _OWN, _CONTEXT = "30_facts.sql", "40_read.sql", "50_own.sql", "00_context.sql"
_COURSE = "45_course.sql"
_LETTERS = "48_letters.sql"
_TIMES = "46_scheduling.sql"
_EVIDENCE = "47_evidence.sql"
_REMINDERS = "49_notices.sql"

_NO_LEAF_AUTHORITY = Edit(
    _FACTS,
    _LEAF,
    "professional_id = ctx_actor() AND authority_id = ctx_authority()",
    "professional_id = ctx_actor()",
)
_NO_LEAF_UNIT = Edit(
    _FACTS,
    _LEAF,
    "authority_id = ctx_authority() AND unit_id = ctx_unit())",
    "authority_id = ctx_authority())",
)
_NO_LEAF_ACTOR = Edit(_FACTS, _LEAF, "professional_id = ctx_actor() AND ", "")
_OPEN_LEAF = Edit(_FACTS, _LEAF, "USING ((SELECT ctx_ok()) AND CASE", "USING (CASE")
_OPEN_LEAF_KIND = Edit(_FACTS, _LEAF, "CASE ctx_kind()", "CASE replace(ctx_kind(), 'admin', 'professional')")
_OPEN_KEY = Edit(_FACTS, _KEY, " AND key = ctx_person()", "")
_OPEN_CONSENT = Edit(
    _FACTS, _CONSENT, "AND (authority_id = ctx_authority() OR receiver_unit_id = ctx_unit())", ""
)
_OPEN_DISCLOSURE = Edit(_FACTS, _DISCLOSURE, "OR receiver_unit_id = ctx_unit() AND opens_at", "OR opens_at")
# The minute before it leaves, and what was taken back in it, as if they were nothing.
_EARLY_DISCLOSURE, _UNDONE_DISCLOSURE = (
    Edit(
        _FACTS,
        _DISCLOSURE,
        f"OR receiver_unit_id = ctx_unit() AND {whole}",
        f"OR receiver_unit_id = ctx_unit() AND {left}",
    )
    for whole, left in (
        ("opens_at <= humla_now() AND undone_at IS NULL", "undone_at IS NULL"),
        ("opens_at <= humla_now() AND undone_at IS NULL", "opens_at <= humla_now()"),
    )
)
# The unit forgotten and the authority left: what the person allowed one clinic is open to the next.
_WIDE_CONSENT, _WIDE_DISCLOSURE = (
    Edit(_FACTS, where, "OR receiver_unit_id = ctx_unit()", "OR receiver_id = ctx_authority()")
    for where in (_CONSENT, _DISCLOSURE)
)


_MINE = ("samordnaren", "samordnare utan uppdrag")
_LINK = "länk"


def _part(name: str, old: str, new: str, *readers: str) -> Fault:
    return Fault(
        f"del: {name}", "disclosures_documentpart", readers or (RECEIVER,), Edit(_READ, _P, old, new)
    )


def _case(name: str, old: str, new: str, *readers: str) -> Fault:
    return Fault(f"ärende: {name}", "cases_case", readers or (RECEIVER,), Edit(_READ, _C, old, new))


_OF_PARTS = [
    _part("återkallelse glömd", "AND (c.withdrawn_at IS NULL OR c.withdrawn_at > humla_now())", ""),
    _part("återkallelse först efteråt", "c.withdrawn_at > humla_now()", "c.withdrawn_at >= humla_now()"),
    _part("samtyckets slut räknas med", "c.ends_at > humla_now()", "c.ends_at >= humla_now()"),
    _part("samtyckets början räknas inte med", "c.starts_at <= humla_now()", "c.starts_at < humla_now()"),
    _part("samtyckets början glömd", "c.starts_at <= humla_now() AND ", ""),
    _part("samtyckets slut glömt", " AND c.ends_at > humla_now()", ""),
    _part("samtyckets slag glömda", "AND disclosures_documentpart.category = ANY (c.categories)", ""),
    _part("samtyckets givare glömd", "AND c.authority_id = disclosures_documentpart.authority_id", ""),
    _part("samtycke i annat ärende räcker", "c.case_id = disclosures_documentpart.case_id", "true"),
    _part("utlämnandets slag glömda", "AND disclosures_documentpart.category = ANY (d.categories)", ""),
    _part(
        "annan handling räcker",
        "d.document_id = disclosures_documentpart.document_id",
        "d.case_id = disclosures_documentpart.case_id",
    ),
    _part(
        "utlämnande krävs inte",
        "WHERE d.document_id = disclosures_documentpart.document_id",
        "WHERE d.receiver_unit_id = ctx_unit() OR d.document_id = disclosures_documentpart.document_id",
    ),
    _part("samtycke krävs inte", "(d.ground = 'law' OR EXISTS", "(d.ground <> '' OR EXISTS"),
    _part("stöd i lag räcker inte", "(d.ground = 'law' OR EXISTS", "(d.ground = '' OR EXISTS"),
    _part("egen part för vid", "(authority_id = ctx_authority()", "(association_id = ctx_tenant()"),
    _part(
        "anteckningar kan lämnas ut", "category NOT IN ('INTERNAL', 'PROTECTED')", "category <> 'PROTECTED'"
    ),
    _part("skyddat kan lämnas ut", "category NOT IN ('INTERNAL', 'PROTECTED')", "category <> 'INTERNAL'"),
    _part("förbundet glömt", "association_id = ctx_tenant()\n            AND ", "", HOLDER),
    _part("uppdragets slut räknas med", "a.ends_at > humla_now()", "a.ends_at >= humla_now()", HOLDER),
    _part(
        "uppdragets början räknas inte med", "a.starts_at <= humla_now()", "a.starts_at < humla_now()", HOLDER
    ),
    _part("uppdragets slut glömt", "AND (a.ends_at IS NULL OR a.ends_at > humla_now())", "", HOLDER),
    _part("uppdragets början glömd", "AND a.starts_at <= humla_now()", "", HOLDER),
    _part("skydd glömt", "AND (NOT a.is_protected OR a.cleared_until > humla_now())", "", HOLDER),
    _part(
        "behörighet öppnar inte",
        "(NOT a.is_protected OR a.cleared_until > humla_now())",
        "(NOT a.is_protected)",
        HOLDER,
    ),
    _part("uppdrag i annat ärende räcker", "a.case_id = disclosures_documentpart.case_id AND ", "", HOLDER),
    _part("annan persons nyckel räcker", "k.person_id = disclosures_documentpart.person_id AND ", "", PERSON),
    _part("personen ser inget", "WHEN 'person' THEN", "WHEN 'ingen' THEN", PERSON),
]

_OF_CASES = [
    _case("återkallelse glömd", "AND (c.withdrawn_at IS NULL OR c.withdrawn_at > humla_now())", ""),
    _case("samtyckets slut räknas med", "c.ends_at > humla_now()", "c.ends_at >= humla_now()"),
    _case("samtyckets början räknas inte med", "c.starts_at <= humla_now()", "c.starts_at < humla_now()"),
    _case("samtyckets givare glömd", "AND c.authority_id = cases_case.authority_id\n", "\n"),
    _case("samtycke krävs inte", "(d.ground = 'law' OR EXISTS", "(d.ground <> '' OR EXISTS"),
    _case("egen part för vid", "(authority_id = ctx_authority()\n", "(association_id = ctx_tenant()\n"),
    _case("utlämnande i annat ärende räcker", "WHERE d.case_id = cases_case.id AND ", "WHERE "),
    _case("skydd glömt", "AND (NOT cases_case.is_protected OR a.cleared_until > humla_now())", "", HOLDER),
    _case("uppdragets slut räknas med", "a.ends_at > humla_now()", "a.ends_at >= humla_now()", HOLDER),
    _case("uppdrag i annat ärende räcker", "a.case_id = cases_case.id AND ", "", HOLDER),
    _case("förbundet glömt", "association_id = ctx_tenant()\n            AND ", "", HOLDER),
]

_OF_FACTS = [
    Fault("samtycke: alla i ärendet ser alla", "consents_consent", (THIRD,), _OPEN_CONSENT),
    Fault("samtycke: hela myndigheten ser", "consents_consent", (RECEIVER,), _WIDE_CONSENT),
    Fault(
        "samtycke: skydd glömt",
        "consents_consent",
        (RECEIVER,),
        Edit(_FACTS, _CONSENT, "AND (NOT a.is_protected OR a.cleared_until > humla_now())", ""),
    ),
    Fault(
        "samtycke: förbundet glömt",
        "consents_consent",
        (HOLDER,),
        Edit(_FACTS, _CONSENT, "association_id = ctx_tenant()\n            AND ", ""),
    ),
    Fault(
        "utlämnande: mottagare ser andra enheters",
        "disclosures_disclosure",
        (OTHER_WAY_IN,),
        Edit(
            _FACTS,
            _DISCLOSURE,
            "(receiver_unit_id = ctx_unit() AND ctx_role()",
            "(receiver_id = ctx_authority() AND ctx_role()",
        ),
    ),
    Fault(
        "utlämnande: alla på enheten ser",
        "disclosures_disclosure",
        (RECEIVERS_COLLEAGUE,),
        Edit(_FACTS, _DISCLOSURE, " AND ctx_role() = 'receiver'", ""),
    ),
    Fault("utlämnande: alla i ärendet ser", "disclosures_disclosure", (THIRD,), _OPEN_DISCLOSURE),
    Fault("utlämnande: hela myndigheten ser", "disclosures_disclosure", (RECEIVER,), _WIDE_DISCLOSURE),
    Fault(
        "utlämnande: förbundet glömt",
        "disclosures_disclosure",
        (HOLDER,),
        Edit(_FACTS, _DISCLOSURE, "association_id = ctx_tenant()\n", "true\n"),
    ),
    Fault("uppdrag: myndigheten glömd", "cases_caseassignment", (HOLDER,), _NO_LEAF_AUTHORITY),
    Fault("uppdrag: enheten glömd", "cases_caseassignment", (HOLDER_OTHER_UNIT,), _NO_LEAF_UNIT),
    Fault(
        "uppdrag: enheten glömd där innehavet prövas",
        "cases_caseassignment",
        (HOLDER_OTHER_UNIT,),
        Edit(_FACTS, _WORKS_IN, "AND a.unit_id = ctx_unit() ", ""),
    ),
    Fault(
        "uppdrag: myndigheten glömd där innehavet prövas",
        "cases_caseassignment",
        (HOLDER,),
        Edit(_FACTS, _WORKS_IN, " AND a.authority_id = ctx_authority()", ""),
    ),
    Fault("uppdrag: vem glömt", "cases_caseassignment", (COLLEAGUE,), _NO_LEAF_ACTOR),
    Fault(
        "uppdrag: mottagaren ser enhetens alla ärenden",
        "cases_caseassignment",
        (WAY_IN, OTHER_WAY_IN),
        Edit(_FACTS, _LEAF, "\n                     AND wall_came_here(case_id)", ""),
    ),
    Fault(
        "uppdrag: mottagaren ser andra enheters",
        "cases_caseassignment",
        (WAY_IN,),
        Edit(_FACTS, _LEAF, "ctx_role() = 'receiver' AND unit_id = ctx_unit()", "ctx_role() = 'receiver'"),
    ),
    Fault(
        "uppdrag: alla på enheten ser som mottagaren",
        "cases_caseassignment",
        (RECEIVERS_COLLEAGUE,),
        Edit(_FACTS, _LEAF, "ctx_role() = 'receiver' AND ", ""),
        (Edit(_FACTS, "CREATE OR REPLACE FUNCTION wall_came_here", " AND ctx_role() = 'receiver'", ""),),
        "frågan om vad som har kommit prövar rollen",
    ),
    Fault(
        "uppdrag: deltagare räknas som innehavare",
        "cases_caseassignment",
        (RECEIVER,),
        Edit(_FACTS, _LEAF, "wall_holds(case_id, person_id)", "wall_works_in(case_id)"),
    ),
    Fault(
        "uppdrag: innehavet glömt",
        "cases_caseassignment",
        (RECEIVER,),
        Edit(_FACTS, "CREATE OR REPLACE FUNCTION wall_holds", " AND c.authority_id = ctx_authority()", ""),
    ),
    Fault(
        "uppdrag: skydd glömt",
        "cases_caseassignment",
        (HOLDER,),
        Edit(
            _FACTS,
            _WORKS_IN,
            "AND (NOT a.is_protected OR a.cleared_until > humla_now())",
            "",
        ),
    ),
    Fault(
        "uppdrag: förbundet glömt",
        "cases_caseassignment",
        (HOLDER,),
        Edit(_FACTS, _LEAF, "association_id = ctx_tenant()\n            AND ", ""),
    ),
    Fault(
        "uppdrag: administratören räknas som handläggare", "cases_caseassignment", (ADMIN,), _OPEN_LEAF_KIND
    ),
    Fault("uppdrag: signaturen inte prövad", "cases_caseassignment", (FORGED,), _OPEN_LEAF),
    Fault("nyckel: vems glömt", "people_personkey", (PERSON,), _OPEN_KEY),
    Fault(
        "nyckel: en avslutad gäller",
        "people_personkey",
        (PERSON,),
        Edit(_FACTS, _KEY, " AND ended_at IS NULL", ""),
    ),
    Fault(
        "nyckel: signaturen inte prövad",
        "people_personkey",
        (FORGED_PERSON,),
        Edit(_FACTS, _KEY, "(SELECT ctx_ok()) AND ", ""),
    ),
    Fault(
        "nyckel: ombud räknas som personen",
        "people_personkey",
        ("ombud",),
        Edit(_FACTS, _KEY, "ctx_kind() = 'person'", "ctx_kind() IN ('person', 'representative')"),
    ),
]

_OF_THE_REST = [
    Fault(
        "person: myndigheten glömd",
        "people_person",
        (RECEIVER,),
        Edit(_READ, _PERSON, " AND authority_id = ctx_authority()\n            AND EXISTS", "\n AND EXISTS"),
    ),
    Fault(
        "person: skydd glömt",
        "people_person",
        (HOLDER,),
        Edit(_READ, _PERSON, "AND (NOT a.is_protected OR a.cleared_until > humla_now())", ""),
    ),
    Fault(
        "person: inre sekretess glömd",
        "people_person",
        (HOLDER,),
        Edit(_READ, _PERSON, "a.person_id = people_person.id AND ", ""),
    ),
    Fault(
        "svar om plan: myndigheten glömd",
        "consents_planconsent",
        (RECEIVER,),
        Edit(
            _FACTS,
            _ANSWER,
            "association_id = ctx_tenant() AND authority_id = ctx_authority()\n",
            "association_id = ctx_tenant()\n",
        ),
    ),
    *(
        Fault(
            f"{table}: myndigheten glömd",
            table,
            (RECEIVER,),
            Edit(
                _READ,
                _HELD,
                "association_id = ctx_tenant() AND authority_id = ctx_authority()\n",
                "association_id = ctx_tenant()\n",
            ),
        )
        for table in ("disclosures_document", "plans_plan", "plans_goal", "plans_commitment")
    ),
    Fault(
        "handling: förbundet glömt",
        "disclosures_document",
        (HOLDER,),
        Edit(_READ, _HELD, "association_id = ctx_tenant() AND ", ""),
    ),
    Fault(
        "handling: uppdragets slut räknas med",
        "disclosures_document",
        (HOLDER,),
        Edit(_READ, _HELD, "a.ends_at > humla_now()", "a.ends_at >= humla_now()"),
    ),
    Fault(
        "spår: annan persons nyckel räcker",
        "audit_event",
        (PERSON,),
        Edit(_OWN, "CREATE POLICY about_me ON audit_event", "k.person_id = audit_event.person_id AND ", ""),
    ),
    Fault(
        "spår: alla läser det som loggranskare",
        "audit_event",
        (HOLDER,),
        Edit(_OWN, "CREATE POLICY about_me ON audit_event", "ctx_role() = 'log_reviewer' AND ", ""),
    ),
    Fault(
        "sammanhang: signaturen inte jämförd",
        "disclosures_documentpart",
        (FORGED,),
        Edit(
            _CONTEXT,
            "    RETURN right(line, 64)",
            "right(line, 64) = wall_mac(left(line, -65))",
            "length(right(line, 64)) = 64",
        ),
    ),
    Fault(
        "sammanhang: tiden inte prövad",
        "disclosures_documentpart",
        (EXPIRED,),
        Edit(
            _CONTEXT,
            "    RETURN right(line, 64)",
            "AND split_part(line, '|', 9)::bigint >= extract(epoch FROM transaction_timestamp())",
            "",
        ),
    ),
]

_WAY_IN_SEES = (
    "ctx_role() = 'receiver'\n                  AND opens_at <= humla_now() AND undone_at IS NULL\n"
)
_CAME = "CREATE OR REPLACE FUNCTION wall_came_here"
_LEFT_AND_STANDS = (
    ("innan det har lämnat", "{d}opens_at <= humla_now() AND ", ""),
    ("lämnar nu räknas inte", "{d}opens_at <= humla_now()", "{d}opens_at < humla_now()"),
    ("ångrat öppnar", "AND {d}undone_at IS NULL", ""),
)
"""Three ways to forget that something has to leave first."""


def _too_early(what: str, table: str, reader: str, file: str, where: str, d: str = "d.") -> list[Fault]:
    return [
        Fault(
            f"{what}: {name}",
            table,
            (reader,),
            Edit(file, where, old.format(d=d), new.format(d=d)),
        )
        for name, old, new in _LEFT_AND_STANDS
    ]


def _too_early_behind(what: str, table: str, file: str, where: str) -> list[Fault]:
    """Masked: a receiver does not even see an act that has not left."""
    early, _, undone = _LEFT_AND_STANDS
    return [
        Fault(
            f"{what}: {name}",
            table,
            (RECEIVER,),
            Edit(file, where, old.format(d="d."), new.format(d="d.")),
            (behind,),
            "utlämnandets egen regel visar mottagaren bara det som har lämnat",
        )
        for (name, old, new), behind in ((early, _EARLY_DISCLOSURE), (undone, _UNDONE_DISCLOSURE))
    ]


_OF_LEAVING = [
    Fault("utlämnande: syns innan det har lämnat", "disclosures_disclosure", (RECEIVER,), _EARLY_DISCLOSURE),
    Fault("utlämnande: ett ångrat syns", "disclosures_disclosure", (RECEIVER,), _UNDONE_DISCLOSURE),
    Fault(
        "utlämnande: lämnar nu räknas inte",
        "disclosures_disclosure",
        (RECEIVER,),
        Edit(
            _FACTS,
            _DISCLOSURE,
            "OR receiver_unit_id = ctx_unit() AND opens_at <= humla_now()",
            "OR receiver_unit_id = ctx_unit() AND opens_at < humla_now()",
        ),
    ),
    *(
        Fault(
            f"utlämnande: vägen in ser {name}",
            "disclosures_disclosure",
            (WAY_IN,),
            Edit(_FACTS, _DISCLOSURE, _WAY_IN_SEES, f"ctx_role() = 'receiver'{new}\n"),
        )
        for name, new in (
            ("innan det har lämnat", " AND undone_at IS NULL"),
            ("det ångrade", " AND opens_at <= humla_now()"),
        )
    ),
    *_too_early("uppdrag, vägen in", "cases_caseassignment", WAY_IN, _FACTS, _CAME),
    *_too_early_behind("del", "disclosures_documentpart", _READ, _P),
    *_too_early_behind("ärende", "cases_case", _READ, _C),
]

_HELD_HERE = (
    "cases_initiation", "meetings_meeting", "meetings_attendance", "plans_milestone", "plans_reservation",
    "plans_unmetneed", "plans_otherplan", "followups_followup", "followups_commitmentresult",
    "followups_goalresult", "followups_closing", "followups_livelihoodline", "meetings_summons",
)  # fmt: skip
_SUMMONED = "CREATE OR REPLACE FUNCTION wall_summoned"
_SUMMONS, _OFFER = "CREATE POLICY summoned ON meetings_summons", "CREATE POLICY holder_person_or_new_lead"
_HANDOVER, _NOTE = "CREATE POLICY holder ON cases_handover", "CREATE POLICY own_unit ON cases_note"
_WORDS = "CREATE POLICY own_or_handed_in ON meetings_preparation"
_PROGRESS = "CREATE POLICY own_unit_lead_or_person ON followups_progress"
_COORDINATORS = "CREATE POLICY coordinators ON consultations_consultation"
_NOTICES, _LINKS = (
    "CREATE POLICY own_or_due ON notifications_notice",
    "CREATE POLICY of_the_clock ON links_link",
)
_MINE_AND_AUTHORITY = "association_id = ctx_tenant() AND authority_id = ctx_authority()\n"


def _held_here(name: str, old: str, new: str, reader: str, *masked: Edit, why: str = "") -> Fault:
    """In the words that are said once for all that the holder writes."""
    edit = Edit(_COURSE, _HELD, old, new)
    return Fault(f"innehavarens rader: {name}", _HELD_HERE[0], (reader,), edit, masked, why, _HELD_HERE[1:])


def _course(name: str, table: str, reader: str, where: str, old: str, new: str = "") -> Fault:
    return Fault(name, table, (reader,), Edit(_COURSE, where, old, new))


_OF_THE_COURSE = [
    _held_here("myndigheten glömd", _MINE_AND_AUTHORITY, "association_id = ctx_tenant()\n", RECEIVER),
    _held_here("uppdrag i annat ärende räcker", "a.case_id = %1$I.case_id AND ", "", HOLDER),
    _held_here("uppdragets slut räknas med", "a.ends_at > humla_now()", "a.ends_at >= humla_now()", HOLDER),
    _held_here("skydd glömt", "AND (NOT a.is_protected OR a.cleared_until > humla_now())", "", HOLDER),
    _held_here("förbundet glömt", "association_id = ctx_tenant() AND ", "", HOLDER),
    _held_here("annan persons nyckel räcker", "k.person_id = %1$I.person_id AND ", "", PERSON),
    _held_here(
        "uppdragets enhet glömd",
        "AND a.unit_id = ctx_unit()",
        "",
        HOLDER_OTHER_UNIT,
        _NO_LEAF_UNIT,
        why="uppdragets egen regel visar bara den aktiva enhetens",
    ),
    _held_here(
        "vems uppdrag glömt",
        "a.professional_id = ctx_actor()\n",
        "true\n",
        COLLEAGUE,
        _NO_LEAF_ACTOR,
        why="uppdragets egen regel visar bara de egna",
    ),
    *_too_early("kallelse", "meetings_summons", RECEIVER, _COURSE, _SUMMONED),
    *(
        _course(f"kallelse: {name}", "meetings_summons", RECEIVER, _SUMMONED, old, new)
        for name, old, new in (
            ("skickas innan den ska", " AND leaves_at <= humla_now()", ""),
            ("som skickas nu räknas inte", " leaves_at <= humla_now()", " leaves_at < humla_now()"),
            (
                "samtycket glömt",
                " AND wall_consents(the_case, the_holder, 'PLANNING')",
                " AND wall_works_in(the_case)",
            ),
            ("samtyckets slag glömt", "'PLANNING')\n", "'IDENTITY')\n"),
            ("utlämnandets slag glömda", " AND 'PLANNING' = ANY (d.categories)", ""),
            ("utlämnande av annat räcker", "d.id = the_disclosure AND ", ""),
        )
    ),
    _course(
        "kallelse: ångrad innan den lämnade",
        "meetings_summons",
        RECEIVER,
        _SUMMONS,
        "AND (cancelled_at IS NULL OR cancelled_at >= leaves_at)",
    ),
    _course(
        "kallelse: förbundet glömt",
        "meetings_summons",
        RECEIVER,
        _SUMMONS,
        " AND association_id = ctx_tenant()",
    ),
    _course(
        "svar på kallelse: vilken kallelse glömt",
        "meetings_summonsanswer",
        RECEIVER,
        "CREATE POLICY of_a_summons_seen",
        "WHERE s.id = summons_id ",
    ),
    *(
        Fault(
            f"kallelse: {name}",
            "meetings_summons",
            (RECEIVER,),
            Edit(_FACTS, "CREATE OR REPLACE FUNCTION wall_consents", old, new),
        )
        for name, old, new in (
            ("återkallelse glömd", "AND (k.withdrawn_at IS NULL OR k.withdrawn_at > humla_now())", ""),
            ("samtyckets slut räknas med", "k.ends_at > humla_now()", "k.ends_at >= humla_now()"),
            (
                "samtyckets enhet glömd",
                "AND k.receiver_unit_id = ctx_unit()",
                "AND k.receiver_id = ctx_authority()",
            ),
            ("samtyckets givare glömd", "AND k.authority_id = the_holder ", ""),
        )
    ),
    _course(
        "ledning: samtycket glömt",
        "plans_leadtransfer",
        RECEIVER,
        _OFFER,
        "AND wall_consents(case_id, authority_id, 'PLANNING')",
    ),
    _course(
        "ledning: utlämnandet glömt",
        "plans_leadtransfer",
        RECEIVER,
        _OFFER,
        "d.id = plans_leadtransfer.disclosure_id AND ",
    ),
    _course(
        "ledning: enheten glömd",
        "plans_leadtransfer",
        RECEIVER,
        _OFFER,
        "OR to_unit_id = ctx_unit()\n",
        "OR true\n",
    ),
    _course(
        "ledning: myndigheten glömd",
        "plans_leadtransfer",
        RECEIVER,
        _OFFER,
        "authority_id = ctx_authority()\n                 OR",
        "true OR",
    ),
    *_too_early_behind("ledning", "plans_leadtransfer", _COURSE, _OFFER),
    _course(
        "överlämning: myndigheten glömd",
        "cases_handover",
        RECEIVER,
        _HANDOVER,
        "\n        AND authority_id = ctx_authority()",
    ),
    _course(
        "överlämning: inre sekretess glömd",
        "cases_handover",
        HOLDER,
        _HANDOVER,
        "a.case_id = cases_handover.case_id AND ",
    ),
    _course("anteckning: enheten glömd", "cases_note", HOLDER, _NOTE, " AND unit_id = ctx_unit()"),
    _course("anteckning: uppdraget glömt", "cases_note", COLLEAGUE, _NOTE, " AND wall_works_in(case_id)"),
    _course("anteckning: förbundet glömt", "cases_note", HOLDER, _NOTE, " AND association_id = ctx_tenant()"),
    _course(
        "egna ord: läses innan de lämnas in",
        "meetings_preparation",
        HOLDER,
        _WORDS,
        " AND handed_in_at <= humla_now()",
    ),
    _course(
        "egna ord: just inlämnade läses inte",
        "meetings_preparation",
        HOLDER,
        _WORDS,
        "handed_in_at <= humla_now()",
        "handed_in_at < humla_now()",
    ),
    _course(
        "egna ord: myndigheten glömd",
        "meetings_preparation",
        RECEIVER,
        _WORDS,
        " AND authority_id = ctx_authority() AND handed",
        " AND handed",
    ),
    _course(
        "egna ord: inre sekretess glömd",
        "meetings_preparation",
        HOLDER,
        _WORDS,
        "a.case_id = meetings_preparation.case_id AND ",
    ),
    _course(
        "egna ord: annan persons nyckel räcker",
        "meetings_preparation",
        PERSON,
        _WORDS,
        "k.person_id = meetings_preparation.person_id AND ",
    ),
    *(
        Fault(
            f"{what}: {name}",
            table,
            (reader,),
            Edit(_LETTERS, f"CREATE POLICY {policy} ON {table}", old, new),
        )
        for what, table, policy in (
            ("brevmottagare", "letters_addressee", "holder"),
            ("brev", "letters_paperletter", "holder_or_person"),
        )
        for name, reader, old, new in (
            ("uppdraget i just det ärendet glömt", HOLDER, f"a.case_id = {table}.case_id AND ", ""),
            (
                "myndigheten glömd",
                RECEIVER,
                "\n        AND authority_id = ctx_authority()\n"
                if table == "letters_addressee"
                else " AND authority_id = ctx_authority()\n            AND EXISTS",
                "\n" if table == "letters_addressee" else "\n            AND EXISTS",
            ),
        )
    ),
    Fault(
        "brev: annan persons nyckel räcker",
        "letters_paperletter",
        (PERSON,),
        Edit(
            _LETTERS,
            "CREATE POLICY holder_or_person ON letters_paperletter",
            "k.person_id = letters_paperletter.person_id AND ",
            "",
        ),
    ),
    _course(
        "läge: enheten glömd",
        "followups_progress",
        RECEIVER,
        _PROGRESS,
        "authority_id = ctx_authority() AND unit_id = ctx_unit() OR",
        "authority_id = ctx_authority() OR",
    ),
    _course(
        "läge: myndigheten glömd",
        "followups_progress",
        RECEIVER,
        _PROGRESS,
        "authority_id = ctx_authority() AND unit_id = ctx_unit() OR",
        "unit_id = ctx_unit() OR",
    ),
    _course(
        "läge: alla i ärendet läser",
        "followups_progress",
        THIRD,
        _PROGRESS,
        "OR wall_holds(case_id, person_id)",
        "OR wall_works_in(case_id)",
    ),
    _course(
        "läge: uppdrag i annat ärende räcker",
        "followups_progress",
        RECEIVER,
        _PROGRESS,
        "a.case_id = followups_progress.case_id AND ",
    ),
    _course(
        "konsultation: alla på enheten läser",
        "consultations_consultation",
        HOLDER,
        _COORDINATORS,
        " AND ctx_role() = 'coordinator'",
    ),
    _course(
        "konsultation: enheten glömd",
        "consultations_consultation",
        _MINE[0],
        _COORDINATORS,
        " AND unit_id = ctx_unit()",
    ),
    _course(
        "konsultation: ärendet glömt",
        "consultations_consultation",
        _MINE[1],
        _COORDINATORS,
        "(case_id IS NULL OR wall_works_in(case_id))",
        "true",
    ),
    _course(
        "avisering: alla i förbundet läser",
        "notifications_notice",
        RECEIVER,
        _NOTICES,
        "wall_may_tell(about_id, unit_id)",
        "true",
    ),
    Fault(
        "avisering: deltagare räknas som innehavare",
        "notifications_notice",
        (RECEIVER,),
        Edit(
            _COURSE,
            "CREATE OR REPLACE FUNCTION wall_may_tell",
            "wall_holds(x.case_id, x.person_id)",
            "wall_works_in(x.case_id)",
        ),
    ),
    _course(
        "avisering: länken läser",
        "notifications_notice",
        _LINK,
        _NOTICES,
        "WHEN 'admin' THEN true",
        "WHEN 'admin' THEN true WHEN 'link' THEN true",
    ),
    Fault(
        "stoppade påminnelser: alla i förbundet läser",
        "notifications_reminderstop",
        (RECEIVER,),
        Edit(
            _REMINDERS,
            "CREATE POLICY held_or_due ON notifications_reminderstop",
            "AND wall_may_tell(about_id, unit_id)",
            "",
        ),
    ),
    Fault(
        "stoppade påminnelser: länken läser",
        "notifications_reminderstop",
        (_LINK,),
        Edit(
            _REMINDERS,
            "CREATE POLICY held_or_due ON notifications_reminderstop",
            "ctx_kind() = 'professional'\n        AND wall_may_tell(about_id, unit_id)",
            "ctx_kind() IN ('professional', 'link')",
        ),
    ),
    _course(
        "länk: länken läser länkar",
        "links_link",
        _LINK,
        _LINKS,
        "ctx_kind() = 'system'",
        "ctx_kind() IN ('system', 'link')",
    ),
    _course("länk: förbundet glömt", "links_link", "systemet", _LINKS, " AND association_id = ctx_tenant()"),
    Fault(
        "ärende: länken räknas som handläggare",
        "cases_case",
        (_LINK,),
        Edit(_READ, _C, "CASE ctx_kind()", "CASE replace(ctx_kind(), 'link', 'professional')"),
        (Edit(_FACTS, _LEAF, "CASE ctx_kind()", "CASE replace(ctx_kind(), 'link', 'professional')"),),
        "uppdragets egen regel prövar slaget",
    ),
    Fault(
        "anteckning: länken räknas som handläggare",
        "cases_note",
        (_LINK,),
        Edit(_FACTS, _WORKS_IN, "ctx_kind() = 'professional'", "ctx_kind() IN ('professional', 'link')"),
        (Edit(_COURSE, _NOTE, "ctx_kind() = 'professional'", "ctx_kind() IN ('professional', 'link')"),),
        "anteckningens egen regel prövar slaget",
    ),
]

_BEHIND_ANOTHER = [
    Fault(
        "del: samtyckets mottagare glömd",
        "disclosures_documentpart",
        (RECEIVER,),
        Edit(_READ, _P, "AND c.receiver_unit_id = ctx_unit()", ""),
        (_OPEN_CONSENT,),
        "samtyckets egen regel visar bara givarens och mottagarens",
    ),
    Fault(
        "del: utlämnandets mottagare glömd",
        "disclosures_documentpart",
        (RECEIVER,),
        Edit(_READ, _P, "AND d.receiver_unit_id = ctx_unit()", ""),
        (_OPEN_DISCLOSURE,),
        "utlämnandets egen regel visar bara givarens och mottagarens",
    ),
    Fault(
        "del: aktiv myndighet glömd",
        "disclosures_documentpart",
        (HOLDER,),
        Edit(_READ, _P, "AND a.authority_id = ctx_authority()", ""),
        (_NO_LEAF_AUTHORITY,),
        "uppdragets egen regel visar bara den aktiva myndighetens",
    ),
    Fault(
        "del: vems uppdrag glömt",
        "disclosures_documentpart",
        (COLLEAGUE,),
        Edit(_READ, _P, "AND a.professional_id = ctx_actor()", ""),
        (_NO_LEAF_ACTOR,),
        "uppdragets egen regel visar bara de egna",
    ),
    Fault(
        "del: signaturen inte prövad",
        "disclosures_documentpart",
        (FORGED,),
        Edit(_READ, _P, "(SELECT ctx_ok()) AND ", ""),
        (_OPEN_LEAF,),
        "uppdragets egen regel prövar den",
    ),
    Fault(
        "del: administratören räknas som handläggare",
        "disclosures_documentpart",
        (ADMIN,),
        Edit(_READ, _P, "CASE ctx_kind()", "CASE replace(ctx_kind(), 'admin', 'professional')"),
        (_OPEN_LEAF_KIND,),
        "uppdragets egen regel prövar slaget",
    ),
    Fault(
        "del: nyckelns ägare glömd",
        "disclosures_documentpart",
        (OTHER_PERSON,),
        Edit(_READ, _P, " AND k.key = ctx_person()", ""),
        (_OPEN_KEY,),
        "nyckelns egen regel visar bara den egna",
    ),
    Fault(
        "ärende: utlämnandets mottagare glömd",
        "cases_case",
        (RECEIVER,),
        Edit(_READ, _C, "AND d.receiver_unit_id = ctx_unit()", ""),
        (_OPEN_DISCLOSURE,),
        "utlämnandets egen regel visar bara givarens och mottagarens",
    ),
]


def _unit_of_work(what: str, table: str, file: str, where: str) -> Fault:
    """The assignment is asked for its authority only: rights add up between units."""
    return Fault(
        f"{what}: uppdragets enhet glömd",
        table,
        (HOLDER_OTHER_UNIT,),
        Edit(file, where, "AND a.unit_id = ctx_unit()", ""),
        (_NO_LEAF_UNIT,),
        "uppdragets egen regel visar bara den aktiva enhetens",
    )


def _unit_of_receiver(what: str, table: str, where: str) -> list[Fault]:
    """The consent, or the release, is asked for its authority only."""
    return [
        Fault(
            f"{what}: {of_what} enhet glömd",
            table,
            (RECEIVER,),
            Edit(
                _READ, where, f"{row}.receiver_unit_id = ctx_unit()", f"{row}.receiver_id = ctx_authority()"
            ),
            (wide,),
            f"{of_what} egen regel visar bara den mottagande enhetens",
        )
        for of_what, row, wide in (
            ("samtyckets", "c", _WIDE_CONSENT),
            ("utlämnandets", "d", _WIDE_DISCLOSURE),
        )
    ]


_OF_UNITS = [
    *_unit_of_receiver("del", "disclosures_documentpart", _P),
    *_unit_of_receiver("ärende", "cases_case", _C),
    _unit_of_work("del", "disclosures_documentpart", _READ, _P),
    _unit_of_work("ärende", "cases_case", _READ, _C),
    _unit_of_work("samtycke", "consents_consent", _FACTS, _CONSENT),
    _unit_of_work("utlämnande", "disclosures_disclosure", _FACTS, _DISCLOSURE),
    _unit_of_work("person", "people_person", _READ, _PERSON),
    _unit_of_work("svar om plan", "consents_planconsent", _FACTS, _ANSWER),
    *(
        _unit_of_work(table, table, _READ, _HELD)
        for table in ("disclosures_document", "plans_plan", "plans_goal", "plans_commitment")
    ),
]


_ACCESS = "64_access.sql"
_MANAGER, _OTHER_MANAGER = "innehavarens chef", "chef för annan enhet"
_REVIEWER, _RECEIVERS_REVIEWER = "innehavarens loggranskare", "mottagarens loggranskare"
_ASKED = "CREATE POLICY own ON access_accessrequest"
_ARRIVED = "CREATE POLICY holder_or_person ON access_arrivedrequest"
_OPENED = "CREATE POLICY opener_case_reviewer_or_person ON access_manageropening"
_REVIEWED = "CREATE POLICY reviewer_or_person ON access_logreview"
_QUESTION = "CREATE POLICY unit_reviewer_or_person ON access_lookquestion"


def _access(name: str, table: str, reader: str, where: str, old: str, new: str = "") -> Fault:
    return Fault(name, f"access_{table}", (reader,), Edit(_ACCESS, where, old, new))


_OF_ACCESS = [
    _access(
        "begäran: alla på enheten läser",
        "accessrequest",
        RECEIVERS_COLLEAGUE,
        _ASKED,
        " AND asked_by_id = ctx_actor()",
    ),
    _access("begäran: enheten glömd", "accessrequest", RECEIVER, _ASKED, " AND unit_id = ctx_unit()"),
    _access(
        "begäran: förbundet glömt", "accessrequest", RECEIVER, _ASKED, " AND association_id = ctx_tenant()"
    ),
    _access(
        "vill läsa: inre sekretess glömd",
        "arrivedrequest",
        HOLDER,
        _ARRIVED,
        "a.case_id = access_arrivedrequest.case_id AND ",
    ),
    _access(
        "vill läsa: myndigheten glömd",
        "arrivedrequest",
        RECEIVER,
        _ARRIVED,
        "association_id = ctx_tenant() AND authority_id = ctx_authority()\n",
        "association_id = ctx_tenant()\n",
    ),
    _access(
        "vill läsa: skydd glömt",
        "arrivedrequest",
        HOLDER,
        _ARRIVED,
        "AND (NOT a.is_protected OR a.cleared_until > humla_now())",
    ),
    _access(
        "vill läsa: annan persons nyckel räcker",
        "arrivedrequest",
        PERSON,
        _ARRIVED,
        "k.person_id = access_arrivedrequest.person_id AND ",
    ),
    _access(
        "öppning: alla på myndigheten läser",
        "manageropening",
        COLLEAGUE,
        _OPENED,
        "ctx_role() = 'log_reviewer' OR ",
        "true OR ",
    ),
    _access("öppning: enheten glömd", "manageropening", _OTHER_MANAGER, _OPENED, " AND unit_id = ctx_unit()"),
    _access(
        "öppning: myndigheten glömd",
        "manageropening",
        _RECEIVERS_REVIEWER,
        _OPENED,
        "association_id = ctx_tenant() AND authority_id = ctx_authority()\n",
        "association_id = ctx_tenant()\n",
    ),
    _access(
        "öppning: uppdrag i annat ärende räcker",
        "manageropening",
        HOLDER,
        _OPENED,
        "a.case_id = access_manageropening.case_id AND ",
    ),
    _access("granskning: chefen läser", "logreview", _MANAGER, _REVIEWED, "ctx_role() = 'log_reviewer' AND "),
    _access(
        "granskning: myndigheten glömd",
        "logreview",
        _RECEIVERS_REVIEWER,
        _REVIEWED,
        " AND authority_id = ctx_authority()",
    ),
    _access(
        "granskning: annan persons nyckel räcker",
        "logreview",
        PERSON,
        _REVIEWED,
        "k.person_id = access_logreview.person_id AND ",
    ),
    _access("fråga: enheten glömd", "lookquestion", _OTHER_MANAGER, _QUESTION, " AND unit_id = ctx_unit()"),
    _access(
        "fråga: handläggaren läser",
        "lookquestion",
        HOLDER,
        _QUESTION,
        "ctx_role() = 'manager' AND ",
        "true AND ",
    ),
    _access(
        "fråga: förbundet glömt", "lookquestion", _REVIEWER, _QUESTION, "association_id = ctx_tenant() AND "
    ),
    _access(
        "fråga: annan persons nyckel räcker",
        "lookquestion",
        PERSON,
        _QUESTION,
        "k.person_id = access_lookquestion.person_id AND ",
    ),
    Fault(
        "spår: annan myndighets loggranskare läser",
        "audit_event",
        (_RECEIVERS_REVIEWER,),
        Edit(_OWN, "CREATE POLICY about_me ON audit_event", " AND authority_id = ctx_authority()", ""),
    ),
]


_REQUEST = "CREATE POLICY unit ON initiations_planrequest"


def _request(name: str, reader: str, old: str, new: str = "") -> Fault:
    edit = Edit("65_initiations.sql", _REQUEST, old, new)
    return Fault(f"begärd plan: {name}", "initiations_planrequest", (reader,), edit)


_OF_REQUESTS = [
    _request("enheten glömd", HOLDER_OTHER_UNIT, " AND unit_id = ctx_unit()"),
    _request("myndigheten glömd", HOLDER, "authority_id = ctx_authority() AND "),
    _request("förbundet glömt", HOLDER, " AND association_id = ctx_tenant()"),
    _request("loggranskaren läser", _REVIEWER, "'manager')", "'manager', 'log_reviewer')"),
    _request("ärendets läsare glömda", COLLEAGUE, "AND (case_id IS NULL OR wall_works_in(case_id))"),
    _request("slaget glömt", ADMIN, "ctx_kind() = 'professional' AND "),
    _request("signaturen prövas inte", FORGED, "(SELECT ctx_ok()) AND "),
]


_RECEIVED = "62_received.sql"
_COPY = "CREATE POLICY receiver_or_person ON disclosures_receivedcopy"
_REPLY = "CREATE POLICY holder_or_person ON disclosures_reply"
_ACT_BEHIND = "utlämnandets egen regel visar bara det som har kommit till enheten"


def _copy(name: str, reader: str, old: str, new: str = "", *masked: Edit) -> Fault:
    why = _ACT_BEHIND if masked else ""
    return Fault(
        f"kopia: {name}",
        "disclosures_receivedcopy",
        (reader,),
        Edit(_RECEIVED, _COPY, old, new),
        masked,
        why,
    )


_OF_RECEIVED = [
    _part("återkallat öppnar", " AND d.recalled_at IS NULL", ""),
    _case("återkallat visar ärendet", " AND d.recalled_at IS NULL", ""),
    Fault(
        "kallelse: en återkallad läses",
        "meetings_summons",
        (RECEIVER,),
        Edit(_COURSE, _SUMMONED, " AND d.recalled_at IS NULL", ""),
    ),
    _copy("vägen in läser", WAY_IN, " AND a.professional_id = ctx_actor()"),
    _copy(
        "innan den har kommit", RECEIVER, "            AND opens_at <= humla_now()\n", "", _EARLY_DISCLOSURE
    ),
    _copy("en ångrad ligger kvar", RECEIVER, " AND d.undone_at IS NULL", "", _UNDONE_DISCLOSURE),
    _copy(
        "annan enhet i myndigheten",
        "han själv för annan enhet",
        " AND unit_id = ctx_unit()\n            AND opens_at",
        "\n            AND opens_at",
        _WIDE_DISCLOSURE,
    ),
    _copy("personens nyckel glömd", OTHER_PERSON, " AND k.key = ctx_person()", "", _OPEN_KEY),
    Fault(
        "svar: mottagarens handläggare läser",
        "disclosures_reply",
        (RECEIVER,),
        Edit(_RECEIVED, _REPLY, " AND authority_id = ctx_authority()\n", "\n"),
    ),
    Fault(
        "svar: i annat ärende räcker",
        "disclosures_reply",
        (HOLDER,),
        Edit(_RECEIVED, _REPLY, "a.case_id = disclosures_reply.case_id AND ", ""),
    ),
]


_MANDATES, _DEPUTIES = "25_representatives.sql", "60_representatives.sql"
_IN_FORCE = "CREATE OR REPLACE FUNCTION wall_mandate("
_REACHES = "CREATE OR REPLACE FUNCTION wall_represents("
_MANDATE = "CREATE POLICY works_with_her ON representatives_mandate FOR SELECT"
_WITHHELD = "CREATE POLICY holder_or_person ON representatives_withheld FOR SELECT"
_DEPUTY = "ombud med uppdrag"
_ANSWERS_FOR, _REPRESENTS = (
    "wall_answers_for(case_id, person_id)",
    "wall_represents(case_id, person_id, '')",
)
_OF_AUTHORITY = "association_id = ctx_tenant() AND authority_id = ctx_authority()"


def _deputy(name: str, table: str, reader: str, edit: Edit) -> Fault:
    return Fault(f"ombud: {name}", table, (reader,), edit)


_OF_DEPUTIES = [
    _deputy(
        "någon annans nyckel duger",
        "cases_case",
        "ombud med annans nyckel",
        Edit(_MANDATES, _IN_FORCE, "k.key = the_key AND ", ""),
    ),
    _deputy(
        "personens nej glömt",
        "people_person",
        "ombud vars uppdrag vilar",
        Edit(_MANDATES, _IN_FORCE, " AND m.rested_at IS NULL", ""),
    ),
    _deputy(
        "slutet räknas med",
        "cases_case",
        "ombud vars uppdrag slutar nu",
        Edit(_MANDATES, _IN_FORCE, "m.ends_at > humla_now()", "m.ends_at >= humla_now()"),
    ),
    _deputy(
        "den skyddade glömd",
        "cases_case",
        "ombud för en skyddad person",
        Edit(_MANDATES, _IN_FORCE, "c.person_id = m.person_id AND c.is_protected", "false"),
    ),
    _deputy(
        "läser alla slag",
        "disclosures_documentpart",
        _DEPUTY,
        Edit(_READ, _P, "wall_represents(case_id, person_id, category)", _REPRESENTS),
    ),
    _deputy(
        "läser det som är undantaget",
        "disclosures_documentpart",
        _DEPUTY,
        Edit(_READ, _P, "AND NOT wall_withheld(document_id, category)", ""),
    ),
    _deputy(
        "uppdragets slag glömda",
        "disclosures_documentpart",
        _DEPUTY,
        Edit(_MANDATES, _REACHES, "OR the_category = ANY (m.categories)", "OR true"),
    ),
    _deputy(
        "läser samtycken utan kryss",
        "consents_consent",
        "ombud utan att få samtycka",
        Edit(_FACTS, _CONSENT, _ANSWERS_FOR, _REPRESENTS),
    ),
    _deputy(
        "läser svar om planen utan kryss",
        "consents_planconsent",
        "ombud utan att få samtycka",
        Edit(_FACTS, _ANSWER, _ANSWERS_FOR, _REPRESENTS),
    ),
    _deputy(
        "läser utlämnanden utan kryss",
        "disclosures_disclosure",
        "ombud utan att få samtycka",
        Edit(_FACTS, _DISCLOSURE, _ANSWERS_FOR, _REPRESENTS),
    ),
    _deputy(
        "ser alla som arbetar i ärendet",
        "cases_caseassignment",
        _DEPUTY,
        Edit(_FACTS, _LEAF, "role = 'responsible' AND wall_represents", "wall_represents"),
    ),
    _deputy(
        "läser sina andra uppdrags nycklar",
        "representatives_mandatekey",
        _DEPUTY,
        Edit(
            _DEPUTIES,
            "CREATE POLICY own_key ON representatives_mandatekey",
            " AND mandate_id = ctx_actor()",
            "",
        ),
    ),
    _deputy(
        "myndigheten glömd",
        "representatives_mandate",
        RECEIVER,
        Edit(_DEPUTIES, _MANDATE, _OF_AUTHORITY, "true"),
    ),
    _deputy(
        "behörigheten glömd",
        "representatives_mandate",
        HOLDER,
        Edit(_DEPUTIES, _MANDATE, "AND (NOT a.is_protected OR a.cleared_until > humla_now())", ""),
    ),
    _deputy(
        "någon annans ombud",
        "representatives_mandate",
        PERSON,
        Edit(_DEPUTIES, _MANDATE, "k.person_id = representatives_mandate.person_id AND ", ""),
    ),
    _deputy(
        "undantaget: myndigheten glömd",
        "representatives_withheld",
        RECEIVER,
        Edit(_DEPUTIES, _WITHHELD, _OF_AUTHORITY, "true"),
    ),
    _deputy(
        "undantaget: någon annans",
        "representatives_withheld",
        PERSON,
        Edit(_DEPUTIES, _WITHHELD, "k.person_id = representatives_withheld.person_id AND ", ""),
    ),
]


_GUARDED = "63_protection.sql"
_MARKING = "CREATE POLICY cleared ON protection_marking"
_CLEARANCE = "CREATE POLICY own_or_holder ON protection_clearance"
_CONTACT = "CREATE POLICY cleared ON protection_protectedcontact"
_PLACE = "CREATE POLICY holder_or_person ON meetings_placeapproval"
_STILL = "a.cleared_until > humla_now()"


def _guard(name: str, table: str, reader: str, where: str, old: str, new: str = "") -> Fault:
    return Fault(f"skydd: {name}", table, (reader,), Edit(_GUARDED, where, old, new))


_OF_PROTECTION = [
    _guard("markeringen utan behörighet", "protection_marking", HOLDER, _MARKING, _STILL, "true"),
    Fault(
        "skydd: markeringen för den som inte arbetar med henne",
        "protection_marking",
        (COLLEAGUE,),
        Edit(_GUARDED, _MARKING, "a.professional_id = ctx_actor()", "true"),
        (_NO_LEAF_ACTOR,),
        "uppdragets egen regel visar bara de egna",
    ),
    _guard(
        "markeringen med annans nyckel", "protection_marking", PERSON, _MARKING,
        "k.person_id = protection_marking.person_id AND ",
    ),
    _guard("vem som är behörig utan behörighet", "protection_clearance", HOLDER, _CLEARANCE, _STILL, "true"),
    _guard(
        "andras behörighet hos mottagaren", "protection_clearance", RECEIVER, _CLEARANCE,
        "professional_id = ctx_actor() AND unit_id = ctx_unit() OR wall_holds(case_id, person_id)", "true",
    ),
    _guard(
        "egen behörighet för annan enhet", "protection_clearance", RECEIVER, _CLEARANCE,
        "(professional_id = ctx_actor() AND unit_id = ctx_unit() OR", "(professional_id = ctx_actor() OR",
    ),
    _guard(
        "var hon är utan skydd", "protection_protectedcontact", HOLDER, _CONTACT,
        "AND a.is_protected AND a.cleared_until", "AND coalesce(a.cleared_until, 'infinity')",
    ),
    _guard(
        "var hon är till slutögonblicket", "protection_protectedcontact", HOLDER, _CONTACT,
        _STILL, "a.cleared_until >= humla_now()",
    ),
    _guard(
        "var hon är för annan myndighet", "protection_protectedcontact", RECEIVER, _CONTACT,
        " AND authority_id = ctx_authority()\n", "\n",
    ),
    _guard(
        "var hon är med annans nyckel", "protection_protectedcontact", PERSON, _CONTACT,
        "k.person_id = protection_protectedcontact.person_id AND ",
    ),
    _guard("godkänd plats utan behörighet", "meetings_placeapproval", HOLDER, _PLACE, _STILL, "true"),
    _guard(
        "godkänd plats i annat ärende", "meetings_placeapproval", HOLDER, _PLACE,
        "a.case_id = meetings_placeapproval.case_id AND ",
    ),
    Fault(
        "skydd: det som kommit till enheten står på listan",
        "disclosures_disclosure",
        (WAY_IN,),
        Edit(_FACTS, _DISCLOSURE, "AND case_id <> ALL ((SELECT wall_kept_from_way_in())::uuid[])", ""),
    ),
    Fault(
        "skydd: den som tog emot står på listan",
        "cases_caseassignment",
        (WAY_IN,),
        Edit(
            _FACTS,
            "CREATE OR REPLACE FUNCTION wall_came_here",
            "AND NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = the_case AND c.is_protected)",
            "",
        ),
    ),
]  # fmt: skip


_CONSENTING = "61_consent.sql"
_BESIDE = ("consents_consentrequest", "consents_keptaway", "consents_surveyconsent", "consents_signedpaper")


def _beside(name: str, old: str, new: str, reader: str, *masked_by: Edit, why: str = "") -> Fault:
    """In the words that are said once for what stands beside the consents."""
    edit = Edit(_CONSENTING, "CREATE POLICY holder_or_person ON %1$I", old, new)
    return Fault(
        f"bredvid samtycket: {name}", _BESIDE[0], (reader,), edit, masked_by, why, beside=_BESIDE[1:]
    )


_OF_CONSENTING = [
    _beside("myndigheten glömd", " AND authority_id = ctx_authority()\n", "\n", RECEIVER),
    _beside("uppdrag i annat ärende räcker", "a.case_id = %1$I.case_id AND ", "", HOLDER),
    _beside("uppdragets slut räknas med", "a.ends_at > humla_now()", "a.ends_at >= humla_now()", HOLDER),
    _beside("skydd glömt", "AND (NOT a.is_protected OR a.cleared_until > humla_now())", "", HOLDER),
    _beside("förbundet glömt", "association_id = ctx_tenant() AND ", "", HOLDER),
    _beside(
        "uppdragets enhet glömd",
        "AND a.unit_id = ctx_unit()",
        "",
        HOLDER_OTHER_UNIT,
        _NO_LEAF_UNIT,
        why="uppdragets egen regel visar bara den aktiva enhetens",
    ),
    _beside("annan persons nyckel räcker", "k.person_id = %1$I.person_id AND ", "", PERSON),
]


_OF_TIMES = [
    Fault(
        f"tider: {name}",
        "scheduling_timeoffer",
        (reader,),
        Edit(_TIMES, _HELD, old, new),
        beside=("scheduling_slot", "scheduling_invitee", "scheduling_slotanswer"),
    )
    for name, old, new, reader in (
        ("myndigheten glömd", _MINE_AND_AUTHORITY, "association_id = ctx_tenant()\n", RECEIVER),
        ("uppdrag i annat ärende räcker", "a.case_id = %1$I.case_id AND ", "", HOLDER),
        ("uppdragets slut räknas med", "a.ends_at > humla_now()", "a.ends_at >= humla_now()", HOLDER),
        ("skydd glömt", "AND (NOT a.is_protected OR a.cleared_until > humla_now())", "", HOLDER),
        ("förbundet glömt", "association_id = ctx_tenant() AND ", "", HOLDER),
        ("annan persons nyckel räcker", "k.person_id = %1$I.person_id AND ", "", PERSON),
    )
]


_OF_EVIDENCE = [
    Fault(
        f"underlag: {name}",
        "evidence_evidencerequest",
        (reader,),
        Edit(_EVIDENCE, _HELD, old, new),
        beside=("evidence_evidenceanswer", "evidence_ownview"),
    )
    for name, old, new, reader in (
        ("myndigheten glömd", _MINE_AND_AUTHORITY, "association_id = ctx_tenant()\n", RECEIVER),
        ("uppdrag i annat ärende räcker", "a.case_id = %1$I.case_id AND ", "", HOLDER),
        ("uppdragets slut räknas med", "a.ends_at > humla_now()", "a.ends_at >= humla_now()", HOLDER),
        ("skydd glömt", "AND (NOT a.is_protected OR a.cleared_until > humla_now())", "", HOLDER),
        ("förbundet glömt", "association_id = ctx_tenant() AND ", "", HOLDER),
        ("annan persons nyckel räcker", "k.person_id = %1$I.person_id AND ", "", PERSON),
    )
]


def all_faults() -> list[Fault]:
    """Every fault, the slow tables first."""
    return [
        *_BEHIND_ANOTHER,
        *_OF_UNITS,
        *_OF_ACCESS,
        *_OF_REQUESTS,
        *_OF_PROTECTION,
        *_OF_CONSENTING,
        *_OF_DEPUTIES,
        *_OF_RECEIVED,
        *_OF_PARTS,
        *_OF_LEAVING,
        *_OF_CASES,
        *_OF_FACTS,
        *_OF_THE_REST,
        *_OF_THE_COURSE,
        *_OF_TIMES,
        *_OF_EVIDENCE,
    ]
