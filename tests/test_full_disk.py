"""A full disk, below the pictures and below the database: a kind page, nothing lost, nothing half-stored, and on it goes."""

from __future__ import annotations

import io
import re
import resource
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests.accounts.cast import GOOD
from tests.processes import Server, start_server
from tests.test_access import full_card
from vcardapp.accounts.models import User
from vcardapp.cards import service
from vcardapp.cards.models import Card
from vcardapp.config import BadSetting, read_settings
from vcardapp.db import Base, db
from vcardapp.operations.doctor import look_at_all
from vcardapp.storage import LocalStorage, storage
from vcardapp.whole_files import appearing_whole

REFUSING = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$
"""  # what PostgreSQL says on a full disk: disk_full


@contextmanager
def no_room() -> Iterator[None]:
    """Let this process write no byte to any file: the nearest to a full disk that needs no rights."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def full_database() -> Iterator[None]:
    """Let the database take no row."""
    if db.engine.dialect.name == "sqlite":
        with no_room():
            yield
        return
    tables = [table.name for table in Base.metadata.sorted_tables]
    with db.engine.begin() as connection:
        connection.exec_driver_sql(REFUSING)
        for table in tables:
            connection.exec_driver_sql(
                f'CREATE TRIGGER no_room BEFORE INSERT OR UPDATE OR DELETE ON "{table}" EXECUTE FUNCTION no_room()'
            )
    try:
        yield
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP FUNCTION no_room() CASCADE")


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 300), "teal").save(file, "PNG")
    return file.getvalue()


@dataclass
class House:
    app: Flask
    card: Card
    live: Card
    owner: FlaskClient

    def stored(self) -> tuple[dict[str, list[str]], list[str]]:
        """Return every row and every file."""
        db.session.rollback()
        rows = {table.name: sorted(map(repr, db.session.execute(sa.select(table)))) for table in Base.metadata.sorted_tables}
        media = self.app.config["SETTINGS"].media
        return rows, [*storage().names(), *sorted(str(path) for path in media.rglob("*"))]

    def requests(self) -> dict[str, tuple[FlaskClient, str, dict[str, Any]]]:
        """Return what people do that stores something, by what it is."""
        here = f"/cards/{self.card.id}"
        typed = {"display_name": "Changed", "revision": str(self.card.revision), "slug": "changed"}
        stranger = self.app.test_client()
        crop = {"size": "50", "x": "0", "y": "0"}
        return {
            "typing": (self.owner, f"{here}/draft", typed),
            "saving": (self.owner, f"{here}/edit", typed),
            "saving a picture": (self.owner, f"{here}/edit", {**typed, "photo_file": (io.BytesIO(picture()), "a.png")}),
            "a picture": (self.owner, f"{here}/pictures", {"sort": "logo", "file": (io.BytesIO(picture()), "a.png")}),
            "a file": (self.owner, "/media/files", {"file": (io.BytesIO(picture()), "a.png")}),
            "cutting": (self.owner, f"{here}/pictures/{self.card.draft.photo}/crop", crop),
            "publishing": (self.owner, f"{here}/publish", {}),
            "duplicating": (self.owner, f"{here}/duplicate", {}),
            "deleting": (self.owner, f"{here}/delete", {}),
            "beginning": (stranger, "/new", {}),
            "signing up": (stranger, "/register", {"email": "zoe@example.org", "password": GOOD}),
            "reporting": (stranger, "/ada/report", {"reason": "spam"}),
            "pausing": (self.owner, f"/cards/{self.live.id}/pause", {}),
            "leaving": (self.owner, "/account/delete", {}),
        }


@pytest.fixture
def house(app: Flask, alice: User, sign_in: Callable[[User], FlaskClient]) -> House:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.jinja_env.bytecode_cache = None  # of tests; it would write, too
    return House(app, full_card(alice), service.publish_card(full_card(alice, "ada"), frozenset()), sign_in(alice))


PICTURES = {"saving a picture", "a picture", "cutting", "duplicating"}


def test_a_full_database_is_said_kindly_and_keeps_what_was_there(house: House) -> None:
    before, faults = house.stored(), []
    with full_database():
        for name, (browser, path, sent) in house.requests().items():
            answer = browser.post(path, data=sent)
            if answer.status_code != 503 or "cannot save right now" not in answer.text:
                faults.append(f"{name}: {answer.status}")
        for path in ("/ada", "/ada.vcf", "/ada/qr.png", f"/u/{house.live.code}", "/", "/login"):
            answer = house.app.test_client().get(path)
            if answer.status_code != 200:
                faults.append(f"{path}: {answer.status}")
        assert house.owner.get(f"/cards/{house.card.id}/edit").status_code == 200
    assert not faults
    assert house.stored() == before
    goes_on(house)


def test_a_full_disk_for_pictures_stores_none_and_nothing_of_one(house: House) -> None:
    requests = house.requests()
    for name in sorted(PICTURES - {"saving a picture"}):
        browser, path, sent = requests[name]
        before = house.stored()
        with full_media(house.app):
            answer = browser.post(path, data=sent)
        assert answer.status_code == 503, name
        assert house.stored() == before, name
    browser, path, sent = requests["saving a picture"]
    with full_media(house.app):
        assert browser.post(path, data=sent).status_code == 503
    db.session.refresh(house.card)
    assert house.card.draft.display_name == "Changed"  # what was typed is saved, although its picture is not
    assert house.card.draft.photo
    db.session.rollback()
    goes_on(house)


class FullAfterTwo(LocalStorage):
    """A disk that has room for two files more."""

    room = 2

    def put(self, name: str, data: bytes) -> None:
        self.room -= 1
        with no_room() if self.room < 0 else nullcontext():
            super().put(name, data)


@contextmanager
def full_media(app: Flask) -> Iterator[None]:
    """Let the disk below the pictures fill up while one is stored."""
    before = app.extensions["storage"]
    app.extensions["storage"] = FullAfterTwo(before.folder)
    try:
        yield
    finally:
        app.extensions["storage"] = before


def goes_on(house: House) -> None:
    """All of it can be done as soon as there is room."""
    db.session.refresh(house.card)
    for name, (browser, path, sent) in house.requests().items():
        if name not in ("saving", "leaving"):
            answer = browser.post(path, data=sent)
            assert answer.status_code in (200, 302, 303, 409), name
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"


@contextmanager
def full_for(server: Server) -> Iterator[None]:
    """Let no file of a running server grow: what full disks do to it, without the rights that making a small one needs."""
    main = psutil.Process(server.process.pid)
    all_of_it = [main, *main.children(recursive=True)]
    before = {one.pid: resource.prlimit(one.pid, resource.RLIMIT_FSIZE) for one in all_of_it}
    for pid, (_soft, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def test_a_running_server_survives_a_full_disk(tmp_path: Path) -> None:
    server = start_server(tmp_path)
    try:
        begin = Visitor(server.url)
        assert begin.create_card() == 200
        with full_for(server):
            assert begin.create_card() == 503
            assert begin.register("zoe@example.org") == 503
            assert begin.open("/")[0] == 200
        assert begin.create_card() == 200
        assert begin.register("zoe@example.org") == 200
        assert server.process.poll() is None
    finally:
        assert server.stop() == 0


class Visitor:
    """A browser with cookies, and nothing of the app."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def open(self, path: str, sent: dict[str, str] | None = None) -> tuple[int, str]:
        data = urllib.parse.urlencode(sent).encode() if sent is not None else None
        try:
            with self.opener.open(self.url + path, data, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def token(self, path: str) -> str:
        return re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', self.open(path)[1])[0]

    def create_card(self) -> int:
        return self.open("/new", {"csrf_token": self.token("/login")})[0]

    def register(self, email: str) -> int:
        sent = {"csrf_token": self.token("/register"), "email": email, "password": GOOD}
        return self.open("/register", sent)[0]


def test_a_file_that_finds_no_room_is_named_and_not_left_half(tmp_path: Path) -> None:
    file = tmp_path / "backup"
    with pytest.raises(OSError, match="File too large") as refused, no_room(), appearing_whole(file, may_replace=False) as opened:
        opened.write(b"x" * 100_000)
    assert refused.value.filename == str(file)
    with pytest.raises(FileNotFoundError) as refused, appearing_whole(tmp_path / "no" / "backup", may_replace=False):
        pass
    assert refused.value.filename == str(tmp_path / "no")
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_asks_for_room_and_leaves_nothing(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    before = sorted(settings.data.iterdir())
    with no_room():
        said = next(finding for finding in look_at_all(settings) if finding.name == "data folder")
    assert (said.state, said.do) == ("wrong", "Make room.")
    assert sorted(settings.data.iterdir()) == before


def test_a_first_start_without_room_says_so_and_leaves_no_half_key(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=f"File too large: {tmp_path}[.] Set VCARDAPP_DATA"), no_room():
        read_settings({"VCARDAPP_DATA": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []
