"""The embedded database: made once, started fast, stopped cleanly, and gone when its holder is killed."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from humla.ops import install
from humla.ops.cluster import SUPERUSER, Cluster
from humla.ops.sentences import Stop

from .conftest import all_gone, is_alive

AS_ROOT = os.geteuid() == 0


def answer(cluster: Cluster, question: str) -> object:
    with psycopg.connect(cluster.url(SUPERUSER, "postgres")) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def test_it_answers_on_a_socket_that_only_its_owner_may_enter(cluster: Cluster) -> None:
    assert answer(cluster, "SHOW listen_addresses") == ""
    assert answer(cluster, "SELECT lower('ÅÄÖ')") == "åäö"
    assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700


def test_what_was_written_is_there_after_stop_and_start(tmp_path: Path) -> None:
    first = Cluster(tmp_path, durable=True)
    first.start()
    with psycopg.connect(first.url(SUPERUSER, "postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    first.stop()

    second = Cluster(tmp_path, durable=True)
    second.start()

    assert answer(second, "SELECT n FROM kept") == 7
    second.stop()


def test_an_interrupted_initdb_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "pg18.partial" / "base").mkdir(parents=True)
    cluster = Cluster(tmp_path, durable=False)

    cluster.start()

    assert answer(cluster, "SELECT 1") == 1
    cluster.stop()
    assert not (tmp_path / "pg18.partial").exists()


@pytest.mark.parametrize("folder", ["pg18", "pg17"])
def test_data_of_another_version_is_refused_and_not_touched(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "PG_VERSION").write_text("17\n")

    with pytest.raises(Stop, match=r"gjord av PostgreSQL 17, men programmet är 18\. Inget är rört"):
        Cluster(tmp_path, durable=False).start()

    assert [path.name for path in tmp_path.iterdir()] == [folder]


def test_a_path_too_long_for_a_socket_gets_a_short_one_that_is_removed_again(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / ("lång" * 25), durable=False)
    cluster.start()

    assert answer(cluster, "SELECT 1") == 1
    assert cluster.sockets.parent == Path(tempfile.gettempdir())
    assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700

    short = cluster.sockets
    cluster.stop()
    assert not short.exists()


def test_killing_the_holder_leaves_no_database_behind(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from humla.ops.cluster import Cluster;"
        "c = Cluster(Path(sys.argv[1]), durable=False); c.start();"
        "print(c.process.pid, flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    postmaster = int(holder.stdout.readline())
    assert is_alive(postmaster)

    holder.kill()
    holder.communicate()

    assert all_gone([postmaster])


def test_a_pid_file_whose_number_is_another_program_now_is_ignored(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, durable=False)
    cluster.start()
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(
        f"{os.getpid()}\n{cluster.data}\n1\n5432\n{tmp_path}\n\n1 1\nready\n"
    )

    cluster.start()

    assert answer(cluster, "SELECT 1") == 1
    cluster.stop()


def test_a_database_that_was_killed_recovers(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, durable=True)
    cluster.start()
    with psycopg.connect(cluster.url(SUPERUSER, "postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    assert cluster.process is not None
    os.killpg(cluster.process.pid, signal.SIGKILL)
    cluster.process.wait()

    cluster.start()

    assert answer(cluster, "SELECT n FROM kept") == 7
    cluster.stop()


@pytest.mark.skipif(not AS_ROOT, reason="only root may become nobody")
def test_root_without_user_namespaces_runs_a_copy_as_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUMLA_NO_UNSHARE", "1")
    # pytest's own folders may be entered by root alone, and nobody must be able to.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder), durable=False)
        cluster.start()

        assert answer(cluster, "SELECT 1") == 1
        assert cluster.data.owner() == "nobody"
        cluster.stop()


def test_keys_are_made_once_and_read_by_us_alone(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"

    install.make_keys(keys, data_exists=False)
    first = keys.read_text()
    install.make_keys(keys, data_exists=True)

    assert keys.read_text() == first
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_lost_keys_are_not_quietly_replaced(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="saknas men databasen finns"):
        install.make_keys(tmp_path / "keys.json", data_exists=True)

    assert list(tmp_path.iterdir()) == []
