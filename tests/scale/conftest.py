"""Two servers with two workers each behind nginx, on one PostgreSQL, Valkey and S3: started once, mended before each test."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.accounts.cast import GOOD
from tests.cases import FULL
from tests.processes import Server, free_port, start_server, start_valkey
from tests.s3 import swift
from tests.scale.browser import Browser
from tests.scale.nginx import Nginx, start_nginx
from tests.servers import SERVERS, new_postgresql_database
from tests.test_mail import PostOffice
from tests.test_mail import running as post_office
from vcardapp import create_app
from vcardapp.config import read_settings
from vcardapp.storage_s3 import S3Storage
from vcardapp.upgrade import migrate

SECRET = "one secret for all servers of an installation"


class Installation:
    """The servers, what they share, and an app in this process that looks at it."""

    def __init__(self, folder: Path, prepared: Path, nginx: Nginx, shared: dict[str, str], office: PostOffice) -> None:
        self.folder, self.prepared, self.nginx, self.shared, self.office = folder, prepared, nginx, shared, office
        self.servers: list[Server] = []
        self.started, self.people, self.began = 0, 0, time.time()
        (folder / "here").mkdir()
        (folder / "here" / "static").symlink_to(prepared)
        self.app: Flask = create_app(read_settings({**shared, "VCARDAPP_DATA": str(folder / "here"), "VCARDAPP_JOBS": "0"}))

    @property
    def ports(self) -> list[int]:
        return [int(server.env["PORT"]) for server in self.servers]

    def start(self, **more: str) -> Server:
        """Start one more server, with a data folder of its own."""
        self.started += 1
        data = self.folder / f"server{self.started}"
        data.mkdir()
        (data / "static").symlink_to(self.prepared)  # static files as at the second start
        with (data / "log").open("w") as log:
            return start_server(data, "--workers", "2", output=log, **self.shared, **more)

    def mend(self, number: int = 2) -> None:
        """Have this many servers run at least, and nginx know them."""
        before = self.ports
        self.servers = [server for server in self.servers if server.process.poll() is None][:2]
        with ThreadPoolExecutor() as pool:
            self.servers += pool.map(lambda _: self.start(), range(number - len(self.servers)))
        if before and self.ports != before:
            self.nginx.pass_to(self.ports)

    def browser(self, server: int | None = None, source: str = "127.0.0.1") -> Browser:
        """Return a browser that asks one of the servers, or nginx."""
        port = self.nginx.port if server is None else self.ports[server]
        return Browser(f"127.0.0.1:{self.nginx.port}", port, source)

    def person(self) -> str:
        """Return the address of a new person, whose password is GOOD."""
        from vcardapp.accounts import service

        self.people += 1
        email = f"person{self.people}@example.org"
        with self.app.app_context():
            service.sign_up(email, GOOD)
        return email

    def appointment(self, email: str) -> None:
        """Have somebody an appointment in two hours, of which they are to be reminded."""
        from tests import factories
        from tests.booking.cast import first_host, kind_of, practice
        from vcardapp.booking.models import Appointment
        from vcardapp.db import db, now

        with self.app.app_context():
            card = practice(factories.alice(), slug="practice")
            begin, end = now() + timedelta(hours=2), now() + timedelta(hours=3)
            appointment = Appointment(
                card_id=card.id, host_id=first_host(card).id, type_id=kind_of(card).id, starts_at=begin, ends_at=end,
                blocked_from=begin, blocked_until=end, zone="UTC", group_key=uuid.uuid4(), state="confirmed",
                token_hash="0" * 64, name="Zoe", email=email, settled_at=now() - timedelta(days=9),
            )  # fmt: skip
            db.session.add(appointment)
            db.session.commit()

    def stop(self) -> None:
        from vcardapp.db import db

        with self.app.app_context():
            db.engine.dispose()
        for server in self.servers:
            if server.process.poll() is None:
                assert server.stop() == 0


@pytest.fixture(scope="session")
def shared(
    request: pytest.FixtureRequest, postgresql: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[str, str], PostOffice]]:
    """What all servers of an installation share, as their environment names it."""
    keys = {**swift.KEYS, "AWS_EC2_METADATA_DISABLED": "true"}
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        for name, value in keys.items():
            patch.setenv(name, value)
        valkey, stop_valkey = start_valkey()
        stack.callback(stop_valkey)
        if FULL or SERVERS:
            endpoint, stop_swift = swift.start(tmp_path_factory.mktemp("swift"))
            stack.callback(stop_swift)
        else:
            endpoint = request.getfixturevalue("moto")
        bucket = S3Storage(f"s3://scale?endpoint={endpoint}")
        bucket.client.create_bucket(Bucket="scale")
        bucket.client.close()
        database = new_postgresql_database(postgresql)
        migrate(database, "head")
        office, mail_port = PostOffice(), free_port()
        stack.enter_context(post_office(office, mail_port))
        settings = {
            "VCARDAPP_DATABASE_URL": database,
            "VCARDAPP_REDIS_URL": valkey,
            "VCARDAPP_STORAGE": f"s3://scale/cards?endpoint={endpoint}",
            "VCARDAPP_SECRET_KEY": SECRET,
            "VCARDAPP_SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
            "VCARDAPP_MAIL_FROM": "cards@example.org",
            "VCARDAPP_PROXIES": "1",
        }
        yield settings, office


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def only_installation(
    shared: tuple[dict[str, str], PostOffice], prepared_files: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("scale")
    (folder / "nginx").mkdir()
    folder.chmod(0o755)
    settings, office = shared
    with start_nginx(folder / "nginx", [free_port()]) as nginx:
        installation = Installation(folder, prepared_files, nginx, {**settings, "VCARDAPP_URL": nginx.url}, office)
        try:
            installation.appointment("reminded@example.org")
            installation.mend()
            nginx.pass_to(installation.ports)
            yield installation
        finally:
            installation.stop()


@pytest.fixture
def one_is_enough() -> None:
    """Asked for by a test that needs one server at its begin: to start another one costs seconds."""


@pytest.fixture
def installation(request: pytest.FixtureRequest, only_installation: Installation) -> Installation:
    only_installation.mend(1 if "one_is_enough" in request.fixturenames else 2)
    return only_installation


@pytest.fixture
def ask(installation: Installation) -> Callable[..., Any]:
    """Return what asks the database one thing."""
    from vcardapp.db import db

    def ask(statement: Any) -> Any:
        with installation.app.app_context():
            return db.session.execute(sa.text(statement) if isinstance(statement, str) else statement).all()

    return ask
