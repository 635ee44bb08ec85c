"""The job: one process at a time is at a file, none is lost when processes die, nothing half-made is ever shown."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.cases import FULL
from tests.media.makers import added, paper, picture, ready
from tests.processes import environment, free_port
from tests.test_full_disk import FullAfterTwo
from tests.test_images import png_of_size
from tests.test_jobs import eventually
from tests.test_mail import PostOffice, running
from vcardapp import jobs
from vcardapp.accounts.models import User
from vcardapp.db import db, now
from vcardapp.mail import queue_mail
from vcardapp.media import removing, service, work
from vcardapp.media.models import MediaFile
from vcardapp.media.pressing import Press
from vcardapp.storage import LocalStorage, StorageAway, storage


def files(person: User) -> list[MediaFile]:
    db.session.rollback()
    return service.files_of(factories.owner(person))


def test_sizes_are_made_and_the_upload_goes(app: Flask, alice: User) -> None:
    file = ready(alice, picture(800, 600))
    assert (file.state, file.kind, file.width, file.height, file.widths) == ("ready", "picture", 800, 600, [320, 640, 800])
    names = list(storage().names())
    wanted = [f"{file.folder}/{file.mark}/{width}.{form}" for width in file.widths for form in ("avif", "webp", "jpg")]
    assert names == sorted(wanted)
    assert file.bytes == sum(storage().size(name) or 0 for name in names)
    assert file.claimed_until is None
    assert list((app.config["SETTINGS"].data / "work").iterdir()) == []


def test_a_paper_is_drawn_and_kept_as_it_is(app: Flask, alice: User) -> None:
    file = ready(alice, paper(3), "menu.pdf")
    assert (file.state, file.kind, file.pages, file.paper_bytes) == ("ready", "paper", 3, len(paper(3)))
    assert (file.width, file.height) == (1354, 1920)
    assert storage().open(file.upload) == paper(3)
    assert storage().exists(f"{file.folder}/{file.mark}/320.webp")


def test_what_cannot_be_made_is_refused_in_a_sentence(app: Flask, alice: User) -> None:
    broken = [
        (picture()[:-3000], "broken"),
        (png_of_size(30_000, 30_000), "64 megapixels"),
        (paper()[:400], "broken"),
        (b"%PDF-1.7\n" + os.urandom(5000), "broken"),
        (paper(password="secret"), "locked"),
        (paper(2001), "2000 pages"),
    ]
    sent = [added(alice, data) for data, _words in broken]
    work.work_on_waiting()
    assert [(file.state, file.bytes) for file in sent] == [("refused", 0)] * len(broken)
    assert [words for file, (_data, words) in zip(sent, broken, strict=True) if words not in file.reason] == []
    assert list(storage().names()) == []


def test_each_file_is_made_once_however_many_processes_there_are(app: Flask, alice: User) -> None:
    for number in range(6):
        added(alice, picture(320, 200 + number))
    settled: list[int] = []

    def run() -> None:
        with app.app_context():
            settled.append(work.work_on_waiting())

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(settled) == 6
    assert [(file.state, file.attempts) for file in files(alice)] == [("ready", 1)] * 6


def test_a_file_whose_process_died_waits_for_its_lease_and_is_then_made(app: Flask, alice: User) -> None:
    file = added(alice)
    assert work._claim()  # and then the process was killed
    assert work.work_on_waiting() == 0
    file.claimed_until = now() - timedelta(seconds=1)
    db.session.commit()
    assert work.work_on_waiting() == 1
    assert (file.state, file.attempts) == ("ready", 2)


def test_a_claim_is_renewed_while_somebody_is_at_it_and_lost_when_the_file_is_removed(app: Flask, alice: User) -> None:
    file = added(alice)
    claimed = work._claim()
    assert claimed
    first = claimed.claimed_until
    work._renew(claimed)
    assert first
    assert claimed.claimed_until
    assert claimed.claimed_until > first
    removing.remove_files(MediaFile.id == file.id)
    with pytest.raises(work.ClaimLost):
        work._renew(claimed)
    assert work.work_on_waiting() == 0


class Dying(Press):
    """A press whose process is killed with each task."""

    def make(
        self, kind: str, source: Path, target: Path, still_at_it: Callable[[], None] = lambda: None
    ) -> dict[str, object] | None:
        process = self._start()
        process.kill()
        process.wait()
        self.process = process
        return super().make(kind, source, target, still_at_it)


def test_a_file_on_which_the_press_dies_three_times_is_refused(app: Flask, alice: User) -> None:
    file, settled = added(alice), 0
    with Dying(threading.Event()) as press:
        while claimed := work._claim():
            settled += work._settle(claimed, press)
    file = files(alice)[0]
    assert (settled, file.state, file.attempts) == (1, "refused", 3)
    assert "more memory" in file.reason
    assert ready(alice, picture(400, 301)).is_ready


def test_a_task_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(picture(1600, 1200))
    (tmp_path / "made").mkdir()
    with Press(threading.Event(), time_limit=0.01) as press:
        assert press.make("picture", tmp_path / "a", tmp_path / "made") is None
        assert press.process is None
        press.time_limit = 60
        assert (press.make("picture", tmp_path / "a", tmp_path / "made") or {})["width"] == 1600


def test_the_press_may_not_take_more_memory_than_it_is_given() -> None:
    code = "from vcardapp.media.press import limit_memory; limit_memory(200_000_000); bytearray(300_000_000)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "MemoryError" in done.stderr


def test_a_stopping_server_lets_go_of_what_it_has_not_made(app: Flask, alice: User) -> None:
    file, stopping = added(alice, picture(1000, 750)), threading.Event()
    threading.Timer(0.15, stopping.set).start()
    begun = time.monotonic()
    assert work.work_on_waiting(stopping) == 0
    assert time.monotonic() - begun < 5
    db.session.refresh(file)
    assert (file.state, file.claimed_until, file.attempts) == ("waiting", None, 0)
    assert work.work_on_waiting() == 1


class Away(LocalStorage):
    def put_file(self, name: str, path: Path) -> None:
        raise StorageAway(name)


@pytest.mark.parametrize("trouble", [FullAfterTwo, Away])
def test_a_full_disk_or_a_storage_that_is_away_only_puts_it_off(
    app: Flask, alice: User, trouble: type[LocalStorage]
) -> None:
    file, fine = added(alice, picture(800, 600)), app.extensions["storage"]
    app.extensions["storage"] = trouble(fine.folder)
    if isinstance(app.extensions["storage"], FullAfterTwo):
        app.extensions["storage"].put_file = lambda name, path: app.extensions["storage"].put(name, path.read_bytes())
    assert work.work_on_waiting() == 0
    app.extensions["storage"] = fine
    db.session.refresh(file)
    assert (file.state, file.attempts) == ("waiting", 0)
    assert file.claimed_until
    assert storage().exists(file.upload)
    file.claimed_until = now()
    db.session.commit()
    assert work.work_on_waiting() == 1
    assert file.is_ready


def test_an_upload_left_behind_by_a_killed_process_goes_with_the_sweep(app: Flask, alice: User) -> None:
    file, leaflet = ready(alice), ready(alice, paper())
    for left in (file, leaflet):
        left.claimed_until = now() - timedelta(minutes=1)
        storage().put(left.upload, b"left")
    db.session.commit()
    work.sweep()
    assert not storage().exists(file.upload)
    assert storage().exists(leaflet.upload)
    assert file.claimed_until is leaflet.claimed_until is None


def test_jobs_take_up_what_waits_and_mail_does_not_wait_for_them(make_app: Callable[..., Flask]) -> None:
    port, office = free_port(), PostOffice()
    with running(office, port):
        app = make_app(jobs=True, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="cards@example.org")
        with app.app_context():
            alice = factories.alice()
            for number in range(3):
                added(alice, picture(2400, 1600 + number))
            jobs.start(app)
            try:
                eventually(lambda: app.extensions["jobs"].consumer)
                eventually(lambda: any(file.attempts for file in files(alice)))
                queue_mail("zoe@example.org", "Hello", "text")
                db.session.commit()
                app.extensions["jobs"].begin_soon(app.extensions["jobs"].send_mail)
                eventually(lambda: office.received)
                assert any(file.state == "waiting" for file in files(alice))
                eventually(lambda: all(file.is_ready for file in files(alice)), 90)
            finally:
                jobs.stop(app)
            assert [file.attempts for file in files(alice)] == [1] * 3


def test_killed_at_any_moment_nothing_is_lost_and_nothing_is_half(app: Flask, alice: User, database_url: str) -> None:
    """kill -9 for the whole process, again and again, while it makes sizes; all are made in the end, all whole."""
    wanted = 4 if FULL else 3
    for number in range(wanted):
        added(alice, picture(900, 700 + number))
    env = environment(app.config["SETTINGS"].data, 1, VCARDAPP_DATABASE_URL=database_url.replace("+psycopg", ""))
    code = (
        "from vcardapp import create_app\n"
        "from vcardapp.media import work\n"
        "with create_app().app_context():\n"
        "    print('begun', flush=True)\n"
        "    work.work_on_waiting()\n"
    )
    rounds = 12 if FULL else 2
    for number in range(rounds):
        with subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            assert process.stdout.readline() == "begun\n"
            time.sleep(0.15 + 0.5 * number / rounds)
            process.send_signal(signal.SIGKILL)
        waiting = sa.update(MediaFile).where(MediaFile.state == "waiting")
        db.session.execute(waiting.values(claimed_until=None, attempts=0))  # as if the lease had passed
        db.session.commit()
        for file in files(alice):
            assert file.state in ("waiting", "ready")
            if file.is_ready:
                assert all(storage().size(f"{file.folder}/{file.mark}/{width}.jpg") for width in file.widths)
            else:
                assert storage().open(file.upload)
    work.work_on_waiting()
    assert [file.state for file in files(alice)] == ["ready"] * wanted
    db.session.execute(sa.update(MediaFile).values(claimed_until=now() - timedelta(minutes=1)))
    db.session.commit()
    work.sweep()
    stored = {name.rpartition("/")[0] for name in storage().names()}
    assert stored == {f"{file.folder}/{file.mark}" for file in files(alice)}
