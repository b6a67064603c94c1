"""How the walls are built: every table has its place, nobody more rights than its list says, no back door."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from humla.ops import walls

pytestmark = pytest.mark.django_db

# The rights that go beyond a table's list, column by column, each with its reason in walls/10_lists.sql.
MAY_CHANGE = {
    "agreements_agreementparty": {"signed_by", "signed_on"},
    "agreements_localagreement": {
        "answer_days", "ends_on", "follow_up_months", "from_age", "input_days", "is_draft", "meeting_days",
        "reminder_days", "reminders", "renewal_decided_by", "request_days", "sent_at", "sent_by_id",
        "starts_on", "target_group", "thrown_at", "times_days", "title",
    },
    "cases_case": {
        "closed_at", "reason", "resting_reason", "resting_until", "state", "version",
    },
    "cases_caseassignment": {"ends_at"},
    "consents_consent": {"withdrawn_at", "withdrawn_by_id"},
    "consents_surveyconsent": {"withdrawn_at", "withdrawn_by_id"},
    "consents_consentrequest": {
        "answered_at", "answered_by_id", "consent_id", "heard_by", "manner", "taken_back_at",
    },
    "consents_keptaway": {"ended_at", "ended_by_id"},
    "consents_signedpaper": {"content", "removed_at", "removed_by_id"},
    "consents_consentwording": {"ended_at", "reviewed_by_name", "reviewed_by_role", "reviewed_on"},
    "organisation_unit": {
        "also_called", "confirmed_at", "confirmed_by_id", "from_age", "hours", "is_way_in", "mail",
        "owner_id", "phone", "phone_hours", "place", "serves", "stand_in", "stand_in_phone",
        "stand_in_unit_id", "takes_on", "to_age", "version",
    },
    "people_personlink": {"undone_at", "undone_by_id"},
    "cases_note": {"is_removed", "stage", "text", "version"},
    "disclosures_disclosure": {"undone_at"},
    "meetings_summons": {"cancelled_at"},
    "meetings_attendance": {"cause", "form", "name", "was_present"},
    "scheduling_timeoffer": {"answer_by", "close_reason", "closed_at", "settled_meeting_id"},
    "scheduling_slot": {"withdrawn_at"},
    "scheduling_invitee": {"withdrawn_at"},
    "evidence_evidencerequest": {"by_when", "version", "where_it_lies", "withdrawn_at"},
    "letters_addressee": {"address", "version", "way", "written_at", "written_by_id"},
    "letters_paperletter": {"sent_by_id", "sent_on", "way", "withdrawn_at"},
    "meetings_preparation": {
        "handed_in_at", "important", "practical", "questions", "should_come", "should_not_come", "strengths",
        "version", "worries", "written_at",
    },
    "plans_leadtransfer": {
        "answered_at", "answered_by_id", "declined_why", "is_accepted", "taken_back_at",
    },
    "followups_closing": {"reopened_at", "reopened_why"},
    "followups_livelihoodline": {"decided_on", "is_pending", "percent"},
    "representatives_mandate": {
        "decided_why", "ended_at", "ended_by_id", "rested_at", "rested_by_id", "rested_why",
    },
    "representatives_withheld": {"undone_at", "undone_by_id"},
    "notifications_notice": {
        "digest_id", "fault", "is_collected", "leaves_at", "sent_at", "state", "tries",
    },
    "notifications_reminderstop": {"ended_at"},
    "initiations_planrequest": {
        "answer", "answered_at", "answered_by_id", "case_id", "ground", "instead", "version", "why",
    },
    "notifications_delivery": {"chosen_at", "chosen_by_id", "is_collected", "urgent_days", "version"},
}  # fmt: skip
# Nobody changes these: what hangs on a case is never turned towards another.
NEVER = {
    "cases_handover", "consents_planconsent", "disclosures_document",
    "disclosures_documentpart", "followups_progress", "links_link", "meetings_summonsanswer",
    "scheduling_slotanswer", "evidence_evidenceanswer",
}  # fmt: skip
WHOM_AND_WHERE = {
    "id", "association_id", "authority_id", "person_id", "case_id", "plan_id", "meeting_id", "follow_up_id",
    "planned_by_id", "planned_at", "begun_by_id", "begun_at", "registered_by_id", "registered_at",
}  # fmt: skip
# Of an agreement, only what stands in a draft of the next version (walls/66_agreements.sql).
MAY_DELETE = {
    "agreements_agreementparty", "agreements_agreementtext", "agreements_initiatingprofession",
    "agreements_lawreference", "agreements_lifearea", "agreements_needsgroup", "accounts_session",
    "django_session", "drafts_draft", "drafts_submission", "procrastinate_events",
    "procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_workers",
}  # fmt: skip


def asked(question: str, *parameters: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, list(parameters))
        return cursor.fetchall()


def names(question: str, *parameters: object) -> set[object]:
    return {row[0] for row in asked(question, *parameters)}


def test_every_table_stands_in_exactly_one_list():
    tables = names("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    listed = asked("SELECT name, list FROM humla_list")

    assert {name for name, _ in listed} >= tables
    assert len({name for name, _ in listed}) == len(listed)
    assert {kind for _, kind in listed} == {"person", "tenant", "open"}


def test_no_list_names_a_table_that_is_not_there():
    tables = names("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")

    assert names("SELECT name FROM humla_list") == tables


def test_every_walled_table_has_row_security_and_a_policy_for_reading():
    walled = names("SELECT name FROM humla_list WHERE list <> 'open'")

    assert (
        names("SELECT relname FROM pg_class WHERE relrowsecurity AND relname = ANY (%s)", [*walled]) == walled
    )
    assert names("SELECT tablename FROM pg_policies WHERE cmd IN ('SELECT', 'ALL')") >= walled


def test_a_table_with_a_person_or_a_forbund_in_it_is_walled():
    walled = names("SELECT name FROM humla_list WHERE list <> 'open'")
    about = names(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name IN ('person_id', 'association_id', 'authority_id', 'case_id', 'owner_id')"
    )

    assert about - walled == set()


def test_every_policy_asks_for_a_valid_context():
    unasked = asked(
        "SELECT tablename, policyname, cmd FROM pg_policies WHERE schemaname = 'public'"
        " AND (cmd <> 'INSERT' AND coalesce(qual, '') NOT LIKE '%%ctx_ok()%%'"
        "  OR cmd IN ('INSERT', 'ALL') AND coalesce(with_check, '') NOT LIKE '%%ctx_ok()%%')"
    )

    assert unasked == []


def test_every_policy_is_for_the_limited_role_and_can_only_open():
    assert names(
        "SELECT DISTINCT roles::text || permissive FROM pg_policies WHERE schemaname = 'public'"
    ) == {"{humla_app}PERMISSIVE"}


def test_a_nested_question_cannot_become_a_list_of_everything_the_receiver_has():
    """Without OFFSET 0 last in each, an EXISTS inside an OR is hashed over all rows."""
    policies = asked(
        "SELECT tablename, policyname, qual FROM pg_policies WHERE cmd = 'SELECT' AND qual LIKE '%%EXISTS%%'"
    )

    open_ended = [
        (t, p) for t, p, qual in policies if str(qual).count("EXISTS") != str(qual).count("OFFSET 0")
    ]
    assert policies != []
    assert open_ended == []


def test_the_limited_role_owns_nothing_and_is_nobody_special():
    role = asked(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
        " WHERE rolname = 'humla_app'"
    )

    assert names("SELECT relname FROM pg_class WHERE relowner = 'humla_app'::regrole") == set()
    assert names("SELECT proname FROM pg_proc WHERE proowner = 'humla_app'::regrole") == set()
    assert role == [(False,) * 5]
    assert (
        names("SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'humla_app'::regrole")
        == set()
    )
    assert asked("SELECT has_schema_privilege('humla_app', 'public', 'CREATE')") == [(False,)]


def test_its_rights_are_those_of_the_list_and_no_others():
    for table, rights in asked("SELECT name, rights FROM humla_list"):
        has = names(
            "SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE',"
            " 'REFERENCES', 'TRIGGER']) AS privilege"
            " WHERE has_table_privilege('humla_app', %s::text, privilege)",
            table,
        )
        assert (table, has) == (table, {one for one in str(rights).split(", ") if one})


def test_it_deletes_only_its_own_tools_and_empties_nothing():
    tables = [str(name) for name in names("SELECT name FROM humla_list")]
    may = "SELECT t FROM unnest(%s::text[]) AS t WHERE has_table_privilege('humla_app', t, %s)"

    assert names(may, tables, "DELETE") == MAY_DELETE
    assert names(may, tables, "TRUNCATE") == set()


def test_columns_that_say_whom_a_row_is_about_are_never_changed():
    changeable: dict[object, set[object]] = {}
    for table, column in asked(
        "SELECT table_name, column_name FROM information_schema.column_privileges WHERE grantee = 'humla_app'"
        " AND privilege_type = 'UPDATE' AND table_name IN (SELECT name FROM humla_list WHERE list <> 'open')"
    ):
        changeable.setdefault(table, set()).add(column)

    drafts = {"drafts_draft", "drafts_submission"}
    assert {t: c for t, c in changeable.items() if t in MAY_CHANGE} == MAY_CHANGE
    assert changeable.keys() & NEVER == set()
    turned = {t: c & WHOM_AND_WHERE for t, c in changeable.items() if c & WHOM_AND_WHERE and t not in drafts}
    # A consultation that led to a case is tied to it afterwards; its policy asks whether one works there.
    # Which follow-up was held at which meeting is said afterwards too, about meetings of the same case.
    # So is a request for a plan.
    assert turned == {"consultations_consultation": {"case_id"}, "initiations_planrequest": {"case_id"}}


def test_definer_functions_fix_their_search_path_and_answer_only_the_program():
    definer = asked(
        "SELECT proname, proconfig, array(SELECT DISTINCT grantee FROM aclexplode(coalesce(proacl,"
        " acldefault('f', proowner)))) AS answers FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND prosecdef"
    )

    assert len(definer) > 10
    for name, config, answers in definer:
        path = [one for one in (config or []) if str(one).startswith("search_path=")]  # type: ignore[attr-defined]
        assert (name, len(path), str(path).endswith("pg_temp']")) == (name, 1, True)
        assert (name, 0 in answers) == (name, False)  # type: ignore[operator]


def test_no_view_passes_the_walls_for_its_reader():
    assert (
        asked(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND (relkind = 'm'"
            " OR relkind = 'v' AND NOT coalesce(reloptions::text LIKE '%%security_invoker=true%%', false))"
        )
        == []
    )


def test_the_signing_key_is_the_owners_alone():
    roles = ["humla_app", "humla_sealer", "humla_counter", "humla_backup"]
    may = "SELECT r FROM unnest(%s::text[]) AS r WHERE has_table_privilege(r, 'humla_key', 'SELECT')"

    assert names(may, roles) == set()


@pytest.fixture
def as_owner(committed_db: str) -> Iterator[walls.Connection]:
    import os

    from psycopg.conninfo import make_conninfo

    with psycopg.connect(make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=committed_db)) as owner:
        yield owner


def test_a_table_in_no_list_is_closed(as_owner: walls.Connection):
    as_owner.execute("CREATE TABLE forgotten (person_id uuid)")
    walls.apply(as_owner)

    row = as_owner.execute("SELECT has_table_privilege('humla_app', 'forgotten', 'SELECT')").fetchone()
    assert row == (False,)
