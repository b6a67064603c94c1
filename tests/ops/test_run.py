"""`./humla run`: starts all, stops all, and a killed supervisor blocks nothing."""

import http.client
import os
import signal
import socket
import time

import pytest

from humla.ops.cluster import Cluster
from humla.ops.environment import for_run
from humla.ops.sentences import Stop

from .conftest import Humla, all_gone, free_port, is_alive

pytestmark = pytest.mark.xdist_group("ops_run")  # One process makes what these share.
READY = "Ctrl-C"


def status(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/halsa/redo/")
    return connection.getresponse().status


def test_it_serves_and_ctrl_c_stops_everything(humla: Humla) -> None:
    humla.start().until(READY)
    pids = list(humla.pids().values())
    assert status(humla.port) == 200

    humla.kill(signal.SIGINT)
    code, said = humla.ended()

    assert code == 0
    assert "Stoppat / Stopped" in said
    assert all_gone(pids, within=0.5)
    assert not (humla.var / "run.json").exists()


def test_web_and_worker_never_hold_the_owners_address(humla: Humla) -> None:
    humla.start().until(READY)

    for name in ("web", "worker"):
        with open(f"/proc/{humla.pids()[name]}/environ") as file:
            names = {word.split("=")[0] for word in file.read().split("\0")}
        assert "DATABASE_URL" in names
        assert not names & {"DATABASE_OWNER_URL", "HUMLA_AS_OWNER", "HUMLA_TESTER_URL"}


def test_a_second_one_in_the_same_folder_is_told_so(humla: Humla) -> None:
    humla.start().until(READY)

    second = Humla(humla.var).start()

    code, said = second.ended()
    assert code == 1
    assert "Humla körs redan i den här mappen." in said
    assert "Humla is already running in this folder." in said
    assert status(humla.port) == 200


def test_a_busy_port_is_found_before_the_database_is_started(humla: Humla) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", humla.port))
        other.listen()

        code, said = humla.start().ended()

    assert code == 1
    assert f"Porten {humla.port} på 127.0.0.1 går inte att använda" in said
    assert f"Choose another: ./humla run --port {humla.port + 10}" in said
    assert not (humla.var / "run.json").exists()


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_works(humla: Humla) -> None:
    humla.start().until(READY)
    pids = list(humla.pids().values())

    humla.kill(signal.SIGKILL)
    humla.ended()
    humla.start().until(READY)

    assert all_gone(pids)
    assert status(humla.port) == 200


def test_what_a_killed_supervisor_left_running_is_stopped_at_the_next_start(humla: Humla) -> None:
    humla.start().until(READY)
    web = humla.pids()["web"]
    # A stopped process cannot follow the kernel's death signal: it is still there, holding the port.
    os.kill(web, signal.SIGSTOP)
    humla.kill(signal.SIGKILL)
    humla.ended()
    assert is_alive(web)

    humla.start().until(READY)

    assert "What was left from last time is stopped" in humla.said
    assert not is_alive(web)
    assert status(humla.port) == 200


def test_a_web_process_that_dies_is_started_again(humla: Humla) -> None:
    humla.start().until(READY)
    first = humla.pids()["web"]

    # Granian's own worker outlives it and would hold the port for ever.
    os.kill(first, signal.SIGKILL)
    humla.until("startas om")

    _until_served(humla.port)
    assert humla.pids()["web"] != first


def test_when_the_database_dies_everything_stops_with_a_sentence(humla: Humla) -> None:
    humla.start().until(READY)
    pids = humla.pids()

    os.killpg(pids["postgres"], signal.SIGKILL)
    code, said = humla.ended()

    assert code == 1
    assert "Databasen dog, så allt stoppades." in said
    assert "The database died, so everything was stopped." in said
    assert all_gone(list(pids.values()), within=0.5)


def test_with_an_address_given_nothing_is_demonstration(humla: Humla, walled: Cluster) -> None:
    humla.start(
        DATABASE_URL=walled.url("humla_app"),
        DATABASE_OWNER_URL=walled.url("humla_owner"),
        HUMLA_KEYS=os.environ["HUMLA_KEYS"],
    ).until(READY)

    assert set(humla.pids()) == {"web", "worker"}
    assert status(humla.port) == 200


def test_serving_as_the_owner_is_refused(humla: Humla, walled: Cluster) -> None:
    keys = os.environ["HUMLA_KEYS"]

    code, said = humla.start(DATABASE_URL=walled.url("humla_owner"), HUMLA_KEYS=keys).ended()

    assert code == 1
    assert "Webb och arbetare får inte köra som databasrollen humla_owner: den går förbi murarna." in said
    assert "Web and worker must not run as the database role humla_owner" in said


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_while_starting_it_stops(humla: Humla, sign: signal.Signals) -> None:
    humla.port = free_port()
    humla.start()
    while not (humla.var / "run.json").exists():
        assert humla.process is not None
        assert humla.process.poll() is None
    pids = list(humla.pids().values())

    humla.kill(sign)

    assert humla.ended()[0] == 0
    assert all_gone(pids, within=0.5)


def _until_served(port: int) -> None:
    for _ in range(400):
        try:
            assert status(port) == 200
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
    pytest.fail("the web never came back")


def test_a_real_database_is_never_a_demonstration(monkeypatch):
    monkeypatch.setenv("HUMLA_DEMO", "1")

    with pytest.raises(Stop, match="HUMLA_DEMO"):
        for_run(None)
