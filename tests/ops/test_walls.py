"""The walls are applied whole, known again, and missed when somebody has changed them."""

from pathlib import Path

import psycopg
import pytest

from humla.ops import install, walls
from humla.ops.cluster import SUPERUSER, Cluster
from humla.ops.sentences import Stop

pytestmark = pytest.mark.xdist_group("ops_walls")  # One process makes what these share.
ALTERED = ["Murarna i databasen har ändrats för hand sedan de sattes upp."]


def refusal(connection: walls.Connection) -> str:
    """Why nobody may serve through this connection; empty when one may."""
    try:
        walls.refuse_wrong_role(connection)
    except Stop as stop:
        return stop.swedish
    return ""


def test_a_second_installation_changes_nothing(walled: Cluster) -> None:
    assert install.migrate_and_wall(walled.url("humla_owner")) is False


def test_applied_walls_are_whole_also_to_the_limited_role(walled: Cluster) -> None:
    with psycopg.connect(walled.url("humla_app")) as connection:
        assert walls.verify(connection) == []


def test_applying_again_gives_the_same_sums(owner: walls.Connection) -> None:
    before = owner.execute("SELECT files, live FROM humla_wall").fetchone()

    walls.apply(owner)

    assert owner.execute("SELECT files, live FROM humla_wall").fetchone() == before


@pytest.mark.parametrize(
    "by_hand",
    [
        "GRANT DELETE ON audit_event TO humla_app",
        "ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY wide_open ON cases_case USING (true)",
        "CREATE OR REPLACE FUNCTION humla_now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT now()'",
        "GRANT UPDATE (id) ON cases_case TO humla_app",
        "GRANT CREATE ON SCHEMA public TO PUBLIC",
        "CREATE VIEW everybody AS SELECT * FROM people_person",
        "ALTER FUNCTION ctx_ok() SECURITY INVOKER",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO humla_app",
    ],
)
def test_what_somebody_altered_by_hand_is_found(owner: walls.Connection, by_hand: str) -> None:
    owner.execute(by_hand.encode())

    assert walls.verify(owner) == ALTERED


def test_a_dropped_policy_is_found(owner: walls.Connection) -> None:
    row = owner.execute("SELECT policyname, tablename FROM pg_policies LIMIT 1").fetchone()
    assert row is not None
    owner.execute(f'DROP POLICY "{row[0]}" ON "{row[1]}"'.encode())

    assert walls.verify(owner) == ALTERED


def test_an_altered_wall_file_is_found(
    owner: walls.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in walls.FILES.glob("*.sql"):
        (tmp_path / file.name).write_bytes(file.read_bytes() + b"-- one comment more\n")
    monkeypatch.setattr(walls, "FILES", tmp_path)

    assert walls.verify(owner) == ["Murarna i databasen är gjorda av andra filer än dem i src/humla/walls."]


def test_a_database_without_walls_is_said_to_have_none(walled: Cluster) -> None:
    with psycopg.connect(walled.url(SUPERUSER, "postgres")) as connection:
        assert walls.verify(connection) == ["Murarna i databasen är inte uppsatta."]


@pytest.mark.parametrize("role", [SUPERUSER, "humla_owner", "humla_backup"])
def test_nobody_who_passes_the_walls_may_serve(walled: Cluster, role: str) -> None:
    with psycopg.connect(walled.url(role)) as connection:
        assert f"databasrollen {role}" in refusal(connection)


@pytest.mark.parametrize(
    ("url", "goes"),
    [
        ("postgresql://humla_app@/humla?host=/var/run/postgresql", True),
        ("postgresql://humla_app@/humla", True),
        ("postgresql://humla_app@127.0.0.1:5432/humla", True),
        ("postgresql://humla_app@db.example/humla", False),
        ("postgresql://humla_app@db.example/humla?sslmode=require", False),
        ("postgresql://humla_app@db.example/humla?sslmode=verify-full", True),
        ("postgresql://humla_app@/humla?host=/tmp,db.example", False),
        ("postgresql://humla_app@localhost/humla?hostaddr=192.0.2.7", False),
    ],
)
def test_a_database_elsewhere_is_spoken_to_over_a_checked_wire_or_not_at_all(url: str, goes: bool) -> None:
    try:
        walls.refuse_an_open_wire(url)
        went = True
    except Stop as stop:
        went = "verify-full" not in stop.swedish

    assert went is goes


def test_the_limited_role_may_serve(walled: Cluster) -> None:
    with psycopg.connect(walled.url("humla_app")) as connection:
        assert refusal(connection) == ""


def test_production_refuses_a_replaced_clock(walled: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUMLA_DEMO", "0")
    with psycopg.connect(walled.url(SUPERUSER)) as connection:
        connection.execute("SET SESSION AUTHORIZATION humla_app")
        assert refusal(connection) == ""
        connection.execute("RESET SESSION AUTHORIZATION")

        connection.execute(
            "CREATE OR REPLACE FUNCTION humla_now() RETURNS timestamptz LANGUAGE sql STABLE AS "
            "$$SELECT coalesce(current_setting('humla.test_clock', true)::timestamptz, now())$$"
        )

        connection.execute("SET SESSION AUTHORIZATION humla_app")
        assert "klocka humla_now() är utbytt" in refusal(connection)
        connection.rollback()


def test_walls_that_fail_halfway_leave_those_that_stood(
    owner: walls.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in walls.FILES.glob("*.sql"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "95_broken.sql").write_text("SELECT 1;\nSELECT no_such_function();\n")
    before = owner.execute("SELECT wall_fingerprint()").fetchone()
    owner.commit()
    monkeypatch.setattr(walls, "FILES", tmp_path)

    with pytest.raises(psycopg.errors.UndefinedFunction) as raised:
        walls.apply(owner)

    assert raised.value.__notes__ == ["walls/95_broken.sql:2"]
    owner.rollback()
    assert owner.execute("SELECT wall_fingerprint()").fetchone() == before
