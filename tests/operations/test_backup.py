"""A backup holds every row and every file as they were at one moment, and any empty installation takes it."""

from __future__ import annotations

import importlib
import io
import itertools
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.accounts.cast import is_signed_in, log_in, with_password
from tests.conftest import new_postgresql_database
from tests.media.makers import picture
from tests.operations.filling import engine_of, everything_in, fill_every_table
from tests.processes import PROGRAM, environment, prepare
from tests.s3.conftest import make_bucket, moto, s3_server, swift_server  # noqa: F401
from tests.test_run import here
from vcardapp.cards import pictures
from vcardapp.cards.content import Content
from vcardapp.cards.models import Card, Picture
from vcardapp.config import Settings, read_settings
from vcardapp.db import Base
from vcardapp.operations import rows
from vcardapp.operations.backup import write_backup
from vcardapp.operations.references import named_files
from vcardapp.operations.restore import restore
from vcardapp.storage import LocalStorage, make_storage
from vcardapp.upgrade import migrate, newest_revision, stored_revision

for _file in sorted((Path(__file__).parents[2] / "vcardapp").rglob("*.py")):  # whatever has a table, so that none is forgotten
    if "__tablename__" in _file.read_text():
        importlib.import_module(".".join(_file.relative_to(Path(__file__).parents[2]).with_suffix("").parts))

FULL = os.environ.get("VCARDAPP_TEST_ROUNDS") == "full"
ROOT = Path(__file__).parents[2]
Place = Callable[[str], Settings]


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Place:
    """Return what makes a new and empty installation with one sort of database."""
    number = itertools.count()

    def make(sort: str) -> Settings:
        data = tmp_path / f"data{next(number)}"
        data.mkdir()
        url = f"sqlite:///{data / 'vcardapp.sqlite3'}"
        if sort == "postgresql":
            url = new_postgresql_database(request.getfixturevalue("postgresql"))
        return Settings(data=data, database_url=url, url="http://localhost", secret_key="a secret of tests")

    return make


def with_tables(settings: Settings) -> Settings:
    """Give an installation every table, as an upgrade does."""
    prepare(settings.data)
    if not settings.database_url.startswith("sqlite"):
        migrate(settings.database_url, "head")
    return settings


def kept(settings: Settings, with_secrets: bool = False) -> io.BytesIO:
    file = io.BytesIO()
    write_backup(settings, file, with_secrets)
    file.seek(0)
    return file


def files_in(settings: Settings) -> dict[str, bytes | None]:
    storage = make_storage(settings.storage, settings.media)
    return {name: storage.open(name) for name in storage.names()}


@pytest.mark.parametrize("there", ["sqlite", "postgresql"] if FULL else ["sqlite"])
def test_every_row_of_every_table_and_every_file_goes_to_the_other_database_and_back(there: str, place: Place) -> None:
    first, second, third = place(there), place("sqlite" if there == "postgresql" else "postgresql"), place(there)
    with_tables(first)
    assert fill_every_table(first.database_url) == set(Base.metadata.tables)
    for number in range(3):
        LocalStorage(first.media).put(f"files/{number}/l.webp", os.urandom(1000 * number))
    before = everything_in(first.database_url)
    assert set(before) == set(Base.metadata.tables) - rows.OF_THIS_SERVER
    assert all(before.values())
    for source, target in ((first, second), (second, third)):
        restore(target, kept(source), False)
        assert stored_revision(target.database_url) == newest_revision()
    assert everything_in(third.database_url) == before
    assert files_in(third) == files_in(first)
    assert len(files_in(third)) == 3
    see_new_rows_get_numbers_that_no_restored_row_has(second if there == "sqlite" else third)


def see_new_rows_get_numbers_that_no_restored_row_has(restored: Settings) -> None:
    with engine_of(restored.database_url).begin() as connection:
        tables = rows.reflect(connection)
        for table in tables.values():
            key = list(table.primary_key)
            if len(key) == 1 and isinstance(key[0].type, sa.Integer):
                asked = sa.func.nextval(sa.func.pg_get_serial_sequence(table.name, key[0].name))
                assert connection.scalar(sa.select(asked)) == 10, table.name


def test_a_backup_of_the_release_before_is_brought_up_to_date(place: Place) -> None:
    first, second = place("sqlite"), place("postgresql")
    before = f"{int(newest_revision()) - 1:04}"
    migrate(first.database_url, before)
    fill_every_table(first.database_url)
    migrate(second.database_url, "head")
    restore(second, kept(first), False)
    assert stored_revision(first.database_url) == before
    assert stored_revision(second.database_url) == newest_revision()
    with engine_of(second.database_url).connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(Card.__table__)) == 3


def test_pages_files_and_passwords_work_where_a_backup_was_restored(
    app: Flask, make_app: Callable[..., Flask], tmp_path: Path, place: Place
) -> None:
    settings = app.config["SETTINGS"]
    alice = with_password(factories.alice())
    card = factories.published_card(alice)
    shown = pictures.store_picture(card, "photo", picture())
    there = place("postgresql" if settings.database_url.startswith("sqlite") else "sqlite")
    restored = restore(there, kept(settings, with_secrets=True), False)
    assert restored.rows["users"] == 1
    found = make_app(data=there.data, database_url=there.database_url, secret_key=(there.data / "secret").read_text())
    with found.app_context():
        visitor: FlaskClient = found.test_client()
        assert "Ada Lovelace" in visitor.get("/ada").text
        assert "FN:Ada Lovelace" in visitor.get("/ada.vcf").text
        assert visitor.get(f"/media/{shown.id}/l.webp").data == pictures.storage().open(f"{shown.id}/l.webp")
        log_in(visitor, "alice@example.org")
        assert is_signed_in(visitor)


@pytest.mark.parametrize("sort", ["sqlite", "postgresql"])
def test_a_backup_beside_writers_is_one_moment(sort: str, place: Place) -> None:
    settings = with_tables(place(sort))
    env = {**environment(settings.data, 8000), "VCARDAPP_DATABASE_URL": settings.database_url}
    with sa.orm.Session(engine_of(settings.database_url)) as session:
        session.add(card := Card(draft=Content(display_name="state 0"), changed_at=factories.now()))
        session.commit()
        card_id = str(card.id)
    command = [sys.executable, "-m", "tests.operations.replacing", card_id]
    with subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        try:
            assert writer.stdout is not None
            waited_for = {"saved", "replaced"}
            while waited_for:
                line = writer.stdout.readline()
                assert line
                waited_for.discard(line.split()[0])
            seen, drain = [], threading.Thread(target=writer.stdout.read)
            drain.start()
            backups = [kept(settings) for _ in range(11 if FULL else 1)]
            _wait_for_another_state(settings)
            backups.append(kept(settings))
            assert writer.poll() is None
        finally:
            writer.kill()
            drain.join()
    for file in backups:
        there = place("sqlite")
        restore(there, file, False)
        seen.append(_consistent(there))
    assert len(set(seen)) > 1  # it really was written meanwhile


def _wait_for_another_state(settings: Settings) -> None:
    with sa.orm.Session(engine_of(settings.database_url)) as session:
        before, until = session.scalars(sa.select(Card.draft)).one().display_name, time.monotonic() + 30
        while session.scalars(sa.select(Card.draft)).one().display_name == before:
            session.rollback()
            assert time.monotonic() < until, "nothing was written"
            time.sleep(0.05)


def _consistent(settings: Settings) -> tuple[str, ...]:
    """Look whether everything fits together, and return what tells this moment from others."""
    storage = LocalStorage(settings.media)
    with engine_of(settings.database_url).connect() as connection:
        tables = rows.reflect(connection)
        named = list(named_files(connection, tables))
    assert len(named) >= 4
    assert [name for name in named if not storage.exists(name)] == []
    with sa.orm.Session(engine_of(settings.database_url)) as session:
        card = session.scalars(sa.select(Card)).one()
        assert len(session.scalars(sa.select(Picture)).all()) == 2  # replaced in one transaction
        if card.live:
            assert int(card.draft.display_name.split()[1]) - int(card.live.display_name.split()[1]) in (0, 1)
        return card.draft.display_name, *sorted(named)


def test_pictures_kept_at_a_server_of_s3_come_along_and_go_there(place: Place, s3_bucket: Callable[[], str]) -> None:
    first, second = (replace(place("sqlite"), storage=s3_bucket()) for _ in range(2))
    with_tables(first)
    make_storage(first.storage, first.media).put("files/a/upload", bytes(range(256)) * 9000)
    restore(second, kept(first), False)
    assert files_in(second) == {"files/a/upload": bytes(range(256)) * 9000}


@pytest.fixture
def s3_bucket(make_bucket: Callable[[str], str], s3_server: str) -> Callable[[], str]:  # noqa: F811
    """Return what makes a folder of its own at a server of S3."""
    return partial(make_bucket, s3_server)


class TestTheCommand:
    """`vcardapp backup` and `vcardapp restore`, as they are typed."""

    @pytest.fixture
    def env(self, place: Place) -> dict[str, str]:
        settings = with_tables(place("sqlite"))
        LocalStorage(settings.media).put("a/l.webp", b"picture")
        return {
            **environment(settings.data, 8000),
            "VCARDAPP_SMTP_URL": "smtp://me:s3cr3t@mail.example.org:587",
            "VCARDAPP_OPERATOR": "Ada & Söhne",
        }

    def run(self, env: dict[str, str], *arguments: str, code: int = 0) -> str:
        done = here(env, *arguments)
        assert done.returncode == code, done.stderr
        return str(done.stderr.decode())

    def test_is_refused_where_a_file_is_and_says_what_it_lacks(self, env: dict[str, str], tmp_path: Path) -> None:
        file = tmp_path / "file.tar.gz"
        said = self.run(env, "backup", str(file))
        assert "The secret key is NOT in it" in said
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        everything = subprocess.run(["tar", "xzOf", file], check=True, capture_output=True).stdout
        assert b"s3cr3t" not in everything
        assert read_settings(env).secret_key.encode() not in everything
        assert b"smtp://***@mail.example.org:587" in everything
        kept_file = file.read_bytes()
        assert "is there already" in self.run(env, "backup", str(file), code=1)
        assert file.read_bytes() == kept_file
        said = self.run(env, "backup", "--force", "--with-secrets", str(file))
        assert "keep it where nobody else can read it" in said
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        everything = subprocess.run(["tar", "xzOf", file], check=True, capture_output=True).stdout
        assert b"smtp://me:s3cr3t@" in everything
        there = {**env, "VCARDAPP_DATA": str(tmp_path / "there"), "VCARDAPP_OPERATOR": ""}
        said = self.run(there, "restore", str(file))
        assert "VCARDAPP_OPERATOR=Ada & Söhne" in said
        assert "VCARDAPP_SMTP_URL" not in said  # the same here
        assert (tmp_path / "there/secret").read_text().splitlines()[0] == read_settings(env).secret_key
        assert stat.S_IMODE((tmp_path / "there/secret").stat().st_mode) == 0o600
        assert (tmp_path / "there/media/a/l.webp").read_bytes() == b"picture"
        assert "is restored into an empty one" not in said

    def test_writes_to_a_pipe(self, env: dict[str, str], tmp_path: Path) -> None:
        there = {**env, "VCARDAPP_DATA": str(tmp_path / "there")}
        with subprocess.Popen([PROGRAM, "backup", "-"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as writing:
            done = subprocess.run([PROGRAM, "restore", "-"], env=there, stdin=writing.stdout, capture_output=True, text=True)
        assert done.returncode == writing.returncode == 0, done.stderr
        assert (tmp_path / "there/media/a/l.webp").read_bytes() == b"picture"

    def test_killed_leaves_no_file_of_that_name(self, env: dict[str, str], tmp_path: Path) -> None:
        LocalStorage(Path(env["VCARDAPP_DATA"]) / "media").put("b/large.webp", os.urandom(20_000_000))
        file = tmp_path / "file.tar.gz"
        for number in (signal.SIGTERM, signal.SIGKILL):
            assert list(tmp_path.glob(".file*")) == []  # who is told to stop takes away what is half done
            with subprocess.Popen([PROGRAM, "backup", file], env=env, stderr=subprocess.DEVNULL) as writing:
                until = time.monotonic() + 60
                while not (begun := list(tmp_path.glob(".file.tar.gz-*.unfinished"))) or not begun[0].stat().st_size:
                    assert writing.poll() is None
                    assert time.monotonic() < until
                    time.sleep(0.01)
                writing.send_signal(number)
            assert not file.exists()
        assert stat.S_IMODE(begun[0].stat().st_mode) == 0o600
        there = {**env, "VCARDAPP_DATA": str(tmp_path / "there")}
        said = self.run(there, "restore", str(begun[0]), code=1)
        assert said == "The backup is not whole: it was cut off. Nothing was restored.\n"
