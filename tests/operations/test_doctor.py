"""The doctor finds what is wrong, says what to do, and tells no secret."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from flask import Flask

from tests import factories
from tests.media.makers import picture
from tests.operations.filling import engine_of
from tests.processes import PROGRAM, Server, free_port, start_server, start_valkey
from vcardapp.cards import pictures
from vcardapp.config import Settings
from vcardapp.db import db, now
from vcardapp.mail import Mail, queue_mail
from vcardapp.operations.doctor import hider, look_at_all
from vcardapp.operations.doctor_servers import look_at_mail_server, look_at_valkey
from vcardapp.operations.doctor_visit import look_at_address
from vcardapp.operations.finding import Finding
from vcardapp.operations.shown import secrets_of, shown
from vcardapp.storage import storage
from vcardapp.turns import Turn

PASSWORD = "hunter2%2Fhunter3"


def found(settings: Settings, name: str, seen: list[Finding] | None = None) -> tuple[str, str]:
    """Return the worst that is found about one thing, and what is said."""
    findings = [finding for finding in seen or look_at_all(settings) if finding.name == name]
    worst = next((finding for state in ("wrong", "note", "ok") for finding in findings if finding.state == state), None)
    assert worst, name
    assert worst.state == "ok" or worst.do
    return worst.state, f"{worst.says} {worst.do}"


@pytest.fixture
def settings(app: Flask) -> Settings:
    known: Settings = app.config["SETTINGS"]
    (known.data / "secret").write_text("a secret of tests that is long enough")
    (known.data / "secret").chmod(0o600)
    return replace(known, secret_key="a secret of tests that is long enough", url=f"http://127.0.0.1:{free_port()}")


def test_what_is_well_is_said_to_be_well(settings: Settings) -> None:
    seen = list(look_at_all(settings))
    for name in ("data folder", "disk", "secret key", "database", "storage", "files", "mails", "fonts"):
        assert found(settings, name, seen)[0] == "ok", name


def test_everything_that_is_wrong_with_files_and_rows_is_found(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    card = factories.published_card(factories.alice())
    shown = pictures.store_picture(card, "photo", picture())
    storage().delete(f"{shown.id}/m.webp")
    mail = queue_mail("bob@example.org", "Hello", "Text")
    db.session.commit()
    mail.next_try_at = None  # given up
    long_ago = now() - timedelta(hours=1)
    db.session.add(Turn(job="mail", period=now(), server="x", began_at=now(), ended_well_at=long_ago, error="OSError"))
    db.session.commit()
    (settings.data / "secret").chmod(0o644)
    monkeypatch.setenv("VCARDAPP_SMPT_URL", "smtp://x")
    said = {finding.name: f"{finding.says} {finding.do}" for finding in look_at_all(settings) if finding.state == "wrong"}
    assert f"{shown.id}/m.webp" in said["files"]
    assert said["files"].startswith("1 of 4 ")
    assert said["mails"].startswith("1 could not be sent")
    assert "mail (mail: OSError)" in said["jobs"]
    assert f"chmod 600 '{settings.data / 'secret'}'" in said["secret key"]
    assert "VCARDAPP_SMTP_URL meant?" in said["settings"]
    assert "Connection refused" in said["address"]


def test_a_folder_that_cannot_be_written_is_found(settings: Settings, tmp_path: Path) -> None:
    assert found(replace(settings, storage="file:///proc/nothing/here"), "storage")[0] == "wrong"
    state, said = found(replace(settings, data=Path("/proc/self")), "data folder")
    assert state == "wrong"
    assert "chown" in said


def test_without_a_database_nothing_is_made_and_one_thing_is_said_to_be_wrong_with_it(settings: Settings, tmp_path: Path) -> None:
    bare = replace(settings, database_url=f"sqlite:///{tmp_path}/none.sqlite3", storage="")
    seen = [finding for finding in look_at_all(bare) if finding.name in ("database", "files", "jobs", "mails")]
    assert [(finding.name, finding.state) for finding in seen] == [
        ("database", "wrong"), ("files", "note"), ("jobs", "note"), ("mails", "note"),
    ]  # fmt: skip
    assert not (tmp_path / "none.sqlite3").exists()
    (tmp_path / "none.sqlite3").write_bytes(b"no database " * 1000)
    assert "Restore the last backup" in found(bare, "database")[1]


def test_a_database_that_others_can_read_is_found(settings: Settings) -> None:
    settings.data.chmod(0o755)
    made = settings.data / "vcardapp.sqlite3"
    made.touch()
    made.chmod(0o644)
    state, said = found(settings, "data folder")
    assert state == "wrong"
    assert said == f"Others can read the database in {settings.data}. chmod -R o= '{settings.data}'"
    settings.data.chmod(0o700)
    assert found(settings, "data folder")[0] == "ok"


def test_a_damaged_or_old_database_is_found(settings: Settings) -> None:
    with engine_of(settings.database_url).begin() as connection:
        kept = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0003'"))
    state, said = found(settings, "database")
    with engine_of(settings.database_url).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :kept"), {"kept": kept})
    assert state == "wrong"
    assert "vcardapp upgrade" in said
    if settings.database_url.startswith("sqlite"):
        with engine_of(settings.database_url).connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("INSERT INTO roles_users VALUES ('00', 1)")
            connection.commit()
        assert "refer to nothing" in found(settings, "database")[1]
        path = Path(settings.database_url.removeprefix("sqlite:///"))
        db.engine.dispose()
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(os.urandom(path.stat().st_size - 8192))
        assert found(settings, "database")[0] == "wrong"


def test_a_database_that_is_away_is_found_and_its_password_is_not_told(settings: Settings) -> None:
    gone = replace(settings, database_url=f"postgresql+psycopg://me:{PASSWORD}@127.0.0.1:{free_port()}/x")
    findings = list(look_at_all(gone))
    assert [finding.state for finding in findings if finding.name == "database"] == ["wrong"]
    assert "hunter2" not in str(findings)


def test_valkey_is_found_there_and_away(settings: Settings) -> None:
    url, stop = start_valkey()
    known = replace(settings, redis_url=url)
    assert found(known, "valkey", list(look_at_valkey(known)))[0] == "ok"
    stop()
    assert found(known, "valkey", list(look_at_valkey(known)))[0] == "wrong"


class Post:
    """A mail server that knows one password."""

    def __init__(self) -> None:
        self.mails = 0

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails += 1
        return "250 OK"


def test_the_mail_server_is_tried_without_sending(settings: Settings) -> None:
    def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: Any, data: Any) -> AuthResult:
        return AuthResult(success=isinstance(data, LoginPassword) and data.password == b"hunter2/hunter3", handled=False)

    post = Post()
    controller = Controller(post, "127.0.0.1", free_port(), authenticator=knows, auth_require_tls=False)
    controller.start()
    try:
        there = f"127.0.0.1:{controller.port}"
        known = replace(settings, smtp_url=f"smtp://me:{PASSWORD}@{there}")
        assert found(known, "mail server", list(look_at_mail_server(known)))[0] == "note"  # no TLS
        state, said = found(settings, "mail server", list(look_at_mail_server(replace(settings, smtp_url=f"smtp://me:wrong-one@{there}"))))
        assert state == "wrong"
        assert "SMTPAuthenticationError" in said
        assert "wrong-one" not in said
    finally:
        controller.stop()
    assert post.mails == 0
    assert found(settings, "mail server", list(look_at_mail_server(replace(settings, smtp_url=f"smtp://{there}"))))[0] == "wrong"


def test_no_secret_is_in_any_text(settings: Settings) -> None:
    known = replace(settings, smtp_url=f"smtp://me:{PASSWORD}@host", metrics_token="token of figures")
    known = replace(known, database_url="postgresql://host/x?user=me&password=as%20asked")
    assert "asked" not in str(shown(known))
    assert "VCARDAPP_DATABASE_URL" in secrets_of(known)
    hide = hider(replace(known, old_secret_keys=("an-old-key",)))
    text = f"{PASSWORD} hunter2/hunter3 token of figures an-old-key {settings.secret_key} smtp://you:pass@host/x as asked"
    assert hide(text) == "*** *** *** *** *** smtp://***@host/x ***"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with start_server(tmp_path_factory.mktemp("running"), VCARDAPP_PROXIES="1") as server:
        yield server


class Proxy(http.server.BaseHTTPRequestHandler):
    """Passes requests on as careful and as careless proxies do; the server behind it stands in `target`."""

    target = ""
    forwards: Callable[[str], str]

    def do_GET(self) -> None:  # noqa: N802 - the library's name
        value = type(self).forwards(self.headers.get("X-Forwarded-For", ""))
        headers = {"Authorization": self.headers.get("Authorization", ""), **({"X-Forwarded-For": value} if value else {})}
        try:
            with urllib.request.urlopen(urllib.request.Request(self.target + self.path, headers=headers)) as answer:
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as problem:
            status, body = problem.code, b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def proxy(running: Server) -> Iterator[Callable[[Callable[[str], str]], Settings]]:
    """Return what puts a proxy in front of the running server, and the settings that name it."""
    made = []

    def put(forwards: Callable[[str], str]) -> Settings:
        handler = type("One", (Proxy,), {"target": running.url, "forwards": staticmethod(forwards)})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        made.append(server)
        return replace(running.settings, url=f"http://127.0.0.1:{server.server_port}")

    yield put
    for server in made:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("forwards", "state", "says"),
    [
        (lambda given: "198.51.100.7", "ok", "known by their own addresses"),
        (lambda given: f"{given}, 198.51.100.7".removeprefix(", "), "ok", "known by their own addresses"),
        (lambda given: given or "198.51.100.7", "wrong", "pretend to have any address"),
        (lambda given: "", "wrong", "arrive with 0 forwarded addresses"),
        (lambda given: "198.51.100.7, 203.0.113.9", "wrong", "arrive with 2 forwarded addresses"),
    ],
    ids=["sets", "appends", "passes on", "takes away", "two of them"],
)
def test_how_the_proxy_hands_on_addresses_is_found(
    proxy: Callable[..., Settings], forwards: Callable[[str], str], state: str, says: str
) -> None:
    known = proxy(forwards)
    seen = list(look_at_address(known))
    assert any("leads to this installation" in finding.says for finding in seen)
    worst, said = found(known, "proxies", seen)
    assert (worst, says in said) == (state, True), said


def test_another_installation_is_not_taken_for_this_one(running: Server, tmp_path: Path) -> None:
    other = replace(running.settings, secret_key="another", url=running.url)
    state, said = found(other, "address")
    assert state == "wrong"
    assert "not this installation" in said
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{running.url}/readyz/seen")


def test_the_command_ends_with_1_and_speaks_json(running: Server) -> None:
    env = {**running.env, "VCARDAPP_URL": running.url, "VCARDAPP_SMTP_URL": f"smtp://me:{PASSWORD}@127.0.0.1:{free_port()}"}
    done = subprocess.run([PROGRAM, "doctor", "--json"], env=env, stdout=subprocess.PIPE, text=True)
    listed = [Finding(**one) for one in json.loads(done.stdout)]
    assert done.returncode == 1
    wrong = {finding.name for finding in listed if finding.state == "wrong"}
    assert {"mail server", "proxies"} <= wrong <= {"mail server", "proxies", "jobs"}  # jobs may not have begun
    assert "hunter2" not in done.stdout


def test_mails_that_wait_too_long_are_told(settings: Settings) -> None:
    db.session.add(Mail(recipient="a@example.org", subject="", text="", created_at=now() - timedelta(hours=2)))
    db.session.commit()
    assert found(settings, "mails")[0] == "ok"  # nothing is sent anyway
    assert found(replace(settings, smtp_url=f"smtp://127.0.0.1:{free_port()}"), "mails")[0] == "wrong"
