"""Servers end and others begin while visitors are at it: nobody notices, and nothing that was acknowledged is lost."""

from __future__ import annotations

import contextlib
import shutil
import signal
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

import vcardapp
from tests import factories
from tests.cases import FULL
from tests.scale.conftest import Installation
from tests.scale.load import Load
from tests.test_run import done_here
from vcardapp.db import db
from vcardapp.upgrade import newest_revision, stored_revision

ROUNDS = 5 if FULL else 1
Asking = Callable[..., Any]
MADE_UP = '''
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{next}", "{newest}"


def upgrade() -> None:
    op.add_column("reports", sa.Column("made_up", sa.String(9), nullable=False, server_default="new"))
    op.create_table("made_up", sa.Column("id", sa.Integer(), primary_key=True))
'''


@pytest.fixture
def load(installation: Installation) -> Load:
    """Visitors of a card of its own; when they are gone, all they were told is stored must be stored."""
    slug = f"busy{time.monotonic_ns()}"
    with installation.app.app_context():
        factories.published_card(factories.user(f"{slug}@example.org"), slug)
    return Load(installation, slug)


def check_stored(load: Load, ask: Asking) -> None:
    stored = [row[0] for row in ask(f"SELECT text FROM reports WHERE text LIKE 'load {id(load)} %'")]
    assert len(load.acknowledged) > 10
    assert load.looks > 30
    assert set(load.acknowledged) <= set(stored)
    assert len(stored) == len(set(stored)), "something was stored twice"


def kill(installation: Installation, number: int) -> None:
    """Kill a server and its workers, as a machine that loses its power."""
    process = psutil.Process(installation.servers[number].process.pid)
    for one in [process, *process.children(recursive=True)]:
        one.send_signal(signal.SIGKILL)
    installation.servers[number].process.wait()


def test_an_old_server_beside_the_newer_database_has_its_worker_again(installation: Installation) -> None:
    """It could be started again as well: it takes the database as it is."""
    write_revision(installation, f"{int(newest_revision()) + 1:04}")
    server = installation.servers[0]
    [killed, kept] = psutil.Process(server.process.pid).children()
    killed.kill()
    until = time.monotonic() + 60
    while not {one.pid for one in psutil.Process(server.process.pid).children()} - {killed.pid, kept.pid}:
        assert time.monotonic() < until, "no worker came instead"
        time.sleep(0.05)
    kept.suspend()  # so that the new one answers
    try:
        assert answered_in_time(installation)
    finally:
        kept.resume()
    assert done_here(server.env, "upgrade") == "The database is up to date."
    write_revision(installation, newest_revision())


def write_revision(installation: Installation, revision: str) -> None:
    with installation.app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")


def answered_in_time(installation: Installation) -> bool:
    """Ask until there is an answer: while one worker sleeps, what is handed to it waits."""
    for _ in range(60):
        with contextlib.suppress(OSError), urllib.request.urlopen(installation.servers[0].url + "/healthz", timeout=1) as answer:
            return answer.status == 200
    return False


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_server_that_is_killed_fails_no_look_and_loses_no_report(
    installation: Installation, load: Load, ask: Asking, _round: int
) -> None:
    with load.running():
        load.breathe()
        kill(installation, 1)
        load.breathe()
    assert load.failed_looks == []
    assert len(load.failed_reports) <= 2, load.failed_reports  # of each writer at most the one that was under way
    check_stored(load, ask)


@pytest.mark.usefixtures("one_is_enough")
def test_servers_are_upgraded_one_after_the_other(
    installation: Installation, load: Load, ask: Asking, tmp_path: Path
) -> None:
    """With a migration between: old and new serve together, an old one ends gracefully, no request of any sort fails."""
    with load.running():
        load.breathe()
        with load.lighter():
            installation.servers.append(installation.start(PYTHONPATH=str(copy_with_a_migration(tmp_path))))
        installation.nginx.pass_to(installation.ports)
        load.breathe()
        assert installation.servers.pop(0).stop() == 0  # nginx is not even told
        load.breathe()
    assert load.failed_looks == []
    assert load.failed_reports == []
    check_stored(load, ask)
    assert stored_revision(installation.app.config["SETTINGS"].database_url) > newest_revision()
    assert ask("SELECT DISTINCT made_up FROM reports") == [("new",)]


def copy_with_a_migration(folder: Path) -> Path:
    """Copy vcardapp, compiled as it is, with one more migration, as the next release would be."""
    here = Path(vcardapp.__file__).parent
    newer = folder / "newer"
    shutil.copytree(here, newer / "vcardapp", ignore=shutil.ignore_patterns("*.pyc.*"))
    for name in ("templates", "static"):
        (newer / name).symlink_to(here.parent / name)
    newest = newest_revision()
    following = f"{int(newest) + 1:04}"
    path = newer / "vcardapp" / "migrations" / "versions" / f"{following}_made_up.py"
    path.write_text(MADE_UP.format(next=following, newest=newest))
    return newer


if FULL:  # the upgrade stops one as well

    @pytest.mark.parametrize("_round", range(ROUNDS))
    def test_a_server_that_is_stopped_in_the_midst_answers_all_it_was_asked(
        installation: Installation, load: Load, ask: Asking, _round: int
    ) -> None:
        """Even where nginx is not told before: what a server does not take any more another one gets."""
        with load.running():
            load.breathe()
            assert installation.servers[1].stop() == 0
            load.breathe()
        assert load.failed_looks == []
        assert load.failed_reports == []
        check_stored(load, ask)
