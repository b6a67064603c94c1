"""The clock's jobs: run by the real worker, as the limited role, through the door."""

import os
import subprocess
import sys
from datetime import timedelta

import psycopg
import pytest
from django.db import transaction

from humla.core.context import Actor, Kind, acting
from humla.drafts.actions import keep_draft
from humla.drafts.models import Draft
from humla.ops import install
from humla.ops.door import job_door
from humla.ops.jobs import tidy
from tests.conftest import _owner


def _age(database: str, days: int) -> None:
    with psycopg.connect(_owner(database)) as owner:
        owner.execute(
            "UPDATE drafts_draft SET saved_at = saved_at - %s WHERE form = 'gammal'", [timedelta(days=days)]
        )


def _kept(cast) -> list[str]:
    with transaction.atomic(), acting(cast.siv):
        return [draft.form for draft in Draft.objects.order_by("form")]


def test_the_worker_forgets_at_night_what_is_old_enough(cast, committed_db):
    with transaction.atomic(), acting(cast.siv):
        keep_draft("gammal", {"text": "x"})
        keep_draft("ny", {"text": "y"})
    _age(committed_db, 31)
    tidy.defer(timestamp=0)
    environment = dict(
        os.environ,
        DATABASE_URL=os.environ["DATABASE_URL"].replace("/humla?", f"/{committed_db}?"),
        PYTHONPATH=os.pathsep.join(["src", "."]),
    )
    command = [sys.executable, "-m", "django", "procrastinate", "worker", "--one-shot"]
    done = subprocess.run(
        command, env=environment, cwd=install.ROOT, capture_output=True, text=True, timeout=60
    )

    assert (done.returncode, done.stderr if done.returncode else "") == (0, "")
    assert _kept(cast) == ["ny"]


def test_a_job_that_fails_undoes_the_whole_of_it(cast, committed_db):
    with pytest.raises(RuntimeError), job_door(cast.siv):  # noqa: PT012 (what fails is the job, not one call)
        keep_draft("halv", {"text": "x"})
        raise RuntimeError

    assert _kept(cast) == []


def test_the_clock_reads_nobody(cast, committed_db):
    with transaction.atomic(), acting(cast.siv):
        keep_draft("ny", {"text": "y"})
    with job_door(Actor(Kind.SYSTEM)):
        assert Draft.objects.count() == 0
