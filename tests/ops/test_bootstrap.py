"""The bootstrap on bare machines: what is missing is said in two sentences, and run again it continues."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from .conftest import ROOT

pytestmark = pytest.mark.xdist_group("ops_bootstrap")  # One process makes what these share.
# What the virtual environment hands over to, in place of the real commands: it says who runs it.
ECHO = "import sys\nprint('handed over', sys.prefix, sys.argv[1:])\n"
CLOSED = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0"}
MAY_UNSHARE = subprocess.run(["unshare", "-r", "-m", "true"], capture_output=True).returncode == 0


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A fresh copy of the bootstrap that has nothing to install, so that each test takes seconds."""
    return _copy_to(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy where `./humla manage check` has been run once."""
    folder = _copy_to(tmp_path_factory.mktemp("made"))
    first = command(folder, "manage", "check")
    assert first.stdout == f"handed over {folder}/.venv ['manage', 'check']\n"
    assert "Skapar .venv / Making .venv" in first.stderr
    return folder


def _copy_to(folder: Path) -> Path:
    (folder / "requirements").mkdir()
    (folder / "src/humla/ops").mkdir(parents=True)
    shutil.copy2(ROOT / "humla", folder / "humla")
    (folder / "src/humla/ops/__main__.py").write_text(ECHO)
    for name in ("run", "dev"):
        (folder / "requirements" / f"{name}.txt").write_text("")
    return folder


def begin(bare: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("HUMLA_", "PYTHON"))}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([str(bare / "humla"), *words], env=ours | environment, text=True, **pipes)


def command(bare: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    process = begin(bare, *words, **environment)
    output, errors = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def test_help_needs_nothing_installed(bare: Path) -> None:
    shutil.copytree(ROOT / "src/humla/ops", bare / "src/humla/ops", dirs_exist_ok=True)

    answers = [command(bare, "--help"), command(bare, "run", "--help"), command(bare, "fel")]

    assert [answer.returncode for answer in answers] == [0, 0, 2]
    assert "[--port 8000]" in answers[1].stdout
    assert "There is no command fel." in answers[2].stderr
    assert not (bare / ".venv").exists()


def test_the_second_time_goes_straight_on(made: Path) -> None:
    second = command(made, "manage", "check")

    assert second.stdout == f"handed over {made}/.venv ['manage', 'check']\n"
    assert second.stderr == ""
    assert sorted(path.name for path in made.iterdir()) == [".venv", "humla", "requirements", "src", "var"]


def test_what_tests_need_is_enough_for_run_but_not_the_other_way_round(made: Path) -> None:
    assert "Installerar" in command(made, "test").stderr

    (made / ".venv/.humla-run").unlink()
    assert command(made, "run").stderr == ""


def test_no_network_is_said_and_the_next_try_does_not_begin_from_the_start(made: Path) -> None:
    (made / "requirements/run.txt").write_text(f"no-such-thing==1 --hash=sha256:{'0' * 64}\n")

    answer = command(made, "run", **CLOSED)

    assert answer.returncode == 1
    assert "Paketen gick inte att hämta: finns det nätverk?" in answer.stderr
    assert "The packages could not be fetched: is there a network?" in answer.stderr
    assert "Skapar .venv" not in answer.stderr
    (made / "requirements/run.txt").write_text("")


def test_a_half_installed_package_is_forgotten_so_that_it_is_installed_again(made: Path) -> None:
    packages = next((made / ".venv").glob("lib*/python*/site-packages"))
    (packages / "half-1.dist-info").mkdir()
    (made / "requirements/run.txt").write_text("# changed\n")

    command(made, "run")

    assert not (packages / "half-1.dist-info").exists()
    assert list(packages.glob("pip-*.dist-info")) != []


def test_a_moved_folder_gets_a_new_environment(made: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(made, moved, symlinks=True)

    assert "Making .venv" in command(moved, "run").stderr


def test_a_link_to_another_environment_is_refused_and_what_it_leads_to_is_left_alone(
    bare: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    others = tmp_path_factory.mktemp("others")
    (others / "precious").write_text("theirs")
    (bare / ".venv").symlink_to(others)

    answer = command(bare, "run")

    assert answer.returncode == 1
    assert ".venv är en länk till en annan mapp" in answer.stderr
    assert ".venv is a link to another folder" in answer.stderr
    assert (others / "precious").read_text() == "theirs"


def test_a_killed_bootstrap_is_waited_for_and_continued(bare: Path) -> None:
    killed = begin(bare, "run")
    while not (bare / ".venv").exists():
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()

    again = command(bare, "run")

    assert again.returncode == 0
    assert "handed over" in again.stdout
    # The child that the killed one left behind holds the lock until it has finished.
    assert "Waiting for another ./humla" in again.stderr


def test_two_at_once_install_once(bare: Path) -> None:
    both = [begin(bare, "run"), begin(bare, "run")]

    said = [one.communicate() for one in both]

    assert [one.returncode for one in both] == [0, 0]
    assert sum("Making .venv" in errors for _output, errors in said) == 1


def test_a_python_without_venv_gives_the_line_to_type(
    bare: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Debian's python3 without python3-venv has no ensurepip.
    debian = tmp_path_factory.mktemp("debian")
    (debian / "ensurepip.py").write_text("raise ImportError\n")

    answer = command(bare, "run", PYTHONPATH=str(debian))

    assert answer.returncode == 1
    assert answer.stderr.count("sudo apt-get install -y python3-venv") == 2
    assert not (bare / ".venv").exists()


@pytest.mark.skipif(not MAY_UNSHARE, reason="needs a mount of its own")
def test_a_read_only_folder_is_said(bare: Path) -> None:
    answer = _in_own_mounts(f"mount --bind {bare} {bare} && mount -o remount,bind,ro {bare}", bare)

    assert answer.returncode == 1
    assert f"Mappen {bare} går inte att skriva i." in answer.stderr
    assert f"The folder {bare} cannot be written to." in answer.stderr


@pytest.mark.skipif(not MAY_UNSHARE, reason="needs a mount of its own")
def test_a_full_disk_is_said_before_anything_is_made(
    bare: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    small = tmp_path_factory.mktemp("small")
    answer = _in_own_mounts(f"mount -t tmpfs -o size=4m none {small} && cp -r {bare}/. {small}", small)

    assert answer.returncode == 1
    assert "Disken är full: Humla behöver ungefär 1 GB" in answer.stderr
    assert "The disk is full: Humla needs about 1 GB" in answer.stderr


def _in_own_mounts(preparation: str, folder: Path) -> subprocess.CompletedProcess[str]:
    script = f"{preparation} && exec {folder}/humla run"
    return subprocess.run(["unshare", "-r", "-m", "sh", "-c", script], capture_output=True, text=True)
