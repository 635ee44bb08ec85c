"""The cast, the app and the databases: whatever asks for a database runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextvars
import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Map, Rule
from werkzeug.test import TestResponse
from whitenoise import WhiteNoise

from tests.cases import FULL
from tests.dns_server import NameServer
from tests.processes import start_postgresql
from tests.servers import SERVERS, is_local, new_postgresql_database, started
from vcardapp import assets, create_app
from vcardapp.config import Settings
from vcardapp.db import db
from vcardapp.upgrade import migrate

if TYPE_CHECKING:
    from vcardapp.accounts.models import User

DATABASES = ("sqlite", "postgresql")
ON_BOTH = re.compile(r"race|service|kill|crash|fault|scale|migrat|expand|turns|limits|throttle|backup|restore|archive|rounds")
SELDOM = (
    "test_no_page_of_a_shop_has_a_fault[light", "test_no_page_of_a_shop_has_a_fault[dark",
    "test_no_page_of_booking_has_a_fault[light", "test_no_page_of_booking_has_a_fault[right",
    "test_no_page_of_albums_has_a_fault[light",
)  # fmt: skip
if SERVERS:
    DATABASES = ("postgresql",)


def pytest_configure(config: pytest.Config) -> None:
    """An app that a test makes beside a server keeps its connections until it is forgotten; those of SQLite go silently."""
    config.addinivalue_line("filterwarnings", "ignore:.*psycopg.Connection.* deleted while still open:ResourceWarning")
    for message in ("Exception ignored in. <function BaseConnection.__del__", ".*psycopg.Connection"):
        config.addinivalue_line("filterwarnings", f"ignore:{message}:pytest.PytestUnraisableExceptionWarning")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let tests of pages, and the cases of any one test, take turns on the databases; what is about these runs on both.

    Pages of one feature are looked at in one look. In full rounds everything runs.
    """
    if FULL or any("::" in argument for argument in config.args):
        return
    cases: dict[str, dict[str, list[pytest.Function]]] = {}
    for item in items:
        if isinstance(item, pytest.Function) and hasattr(item, "callspec") and "database_url" in item.callspec.params:
            case = repr([pair for pair in item.callspec.params.items() if pair[0] != "database_url"])
            cases.setdefault(item.nodeid.partition("[")[0], {}).setdefault(case, []).append(item)
    spared: set[pytest.Item] = set()
    for place, (name, grid) in enumerate(cases.items()):
        if len(grid) == 1 and not ON_BOTH.search(name):
            (on_each,) = grid.values()
            spared |= set(on_each) - {on_each[place % len(on_each)]}
        for number, on_each in enumerate(grid.values()):
            if len(grid) > 1 and len(on_each) == len(DATABASES):
                spared |= set(on_each) - {on_each[number % len(DATABASES)]}
    spared |= {item for item in items if any(seldom in item.nodeid for seldom in SELDOM)}
    items[:] = [item for item in items if item not in spared]
    config.hook.pytest_deselected(items=list(spared))


class Client(FlaskClient):
    """A visitor's browser: each request stands alone, as on a server, and what the test looked at before is old."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        db.session.rollback()
        return contextvars.Context().run(super().open, *args, **options)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL, without a database name."""
    url, stop = start_postgresql()
    yield url
    stop()


@pytest.fixture(scope="session")
def empty_databases(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str, pytest.FixtureRequest], Any]]:
    """Return what finds, for each sort of database, one with every table and no row; made on first use."""
    made: dict[str, Any] = {}

    def find(sort: str, request: pytest.FixtureRequest) -> Any:
        if sort not in made and sort == "sqlite":
            made[sort] = tmp_path_factory.mktemp("sqlite") / "empty.sqlite3"
            migrate(f"sqlite:///{made[sort]}", "head")
        elif sort not in made:
            made[sort] = EmptyPostgresql(request.getfixturevalue("postgresql"))
        return made[sort]

    yield find
    if "postgresql" in made:
        made["postgresql"].connection.close()


class EmptyPostgresql:
    """One database for all tests of a run, emptied before each: quicker than making one a test."""

    def __init__(self, server: str) -> None:
        self.url = new_postgresql_database(server)
        migrate(self.url, "head")
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        tables = [name for name in sa.inspect(engine).get_table_names() if name != "alembic_version"]
        self.connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")  # kept: it knows the tables
        self.connection.exec_driver_sql("SET session_replication_role = replica")  # in any order
        emptying = " ".join(f'DELETE FROM "{name}";' for name in tables)
        self.connection.exec_driver_sql(
            f"CREATE FUNCTION pg_temp.empty() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {emptying} END $$"
        )

    def emptied(self) -> str:
        self.connection.exec_driver_sql("SELECT pg_temp.empty()")
        return self.url


@pytest.fixture(params=DATABASES)
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, empty_databases: Callable[[str, pytest.FixtureRequest], Any]
) -> str:
    """The address of a database with every table and no row: a test that asks for it runs twice."""
    empty = empty_databases(request.param, request)
    if request.param == "postgresql":
        url: str = empty.emptied()
        return url
    shutil.copy(empty, tmp_path / "vcardapp.sqlite3")
    return f"sqlite:///{tmp_path / 'vcardapp.sqlite3'}"


@pytest.fixture(params=DATABASES)
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that no migration has seen."""
    if request.param == "postgresql":
        return new_postgresql_database(request.getfixturevalue("postgresql"))
    return f"sqlite:///{tmp_path / 'fresh.sqlite3'}"


@pytest.fixture(scope="session")
def of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what all processes of this run can share."""
    mine = tmp_path_factory.getbasetemp()
    shared = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / "of_the_run"
    shared.mkdir(exist_ok=True)
    return shared


@pytest.fixture(scope="session")
def compiled_templates(of_the_run: Path) -> FileSystemBytecodeCache:
    (of_the_run / "templates").mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(of_the_run / "templates"))


@pytest.fixture(scope="session")
def prepared_files(of_the_run: Path) -> Path:
    """The folder where apps of tests find the static files prepared, as at the second start of a server."""
    (of_the_run / "static").mkdir(exist_ok=True)
    return of_the_run / "static"


@pytest.fixture(scope="session", autouse=True)
def parts_of_apps() -> Iterator[None]:
    """Make once what is the same in all apps of a run: the name of the static files, and the answers with them."""
    answers: dict[tuple[str, str], dict[str, Any]] = {}
    look_for_files = WhiteNoise.update_files_dictionary

    def find_files(files: WhiteNoise, root: str, prefix: str) -> None:
        key = os.path.realpath(root) + os.sep, prefix
        if key not in answers:
            look_for_files(files, *key)
            answers[key] = dict(files.files)
        files.files.update(answers[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", find_files)
        patch.setattr(assets, "_digest", cache(assets._digest))
        patch.setattr(DefaultDialect, "__eq__", lambda one, other: type(one) is type(other))  # one compiles for all
        patch.setattr(DefaultDialect, "__hash__", lambda one: hash(type(one)))
        yield


def app_with_known_routes(settings: Settings, maps: dict[object, Map]) -> Flask:
    """Make an app; if one before had the very same routes, it takes theirs: to compile them is a third of all its work."""
    rules: list[Rule] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Map, "add", lambda _, rule: rules.append(rule))
        app = create_app(settings)
    same = ("rule", "endpoint", "methods", "defaults", "strict_slashes", "redirect_to", "provide_automatic_options")
    key = repr([[getattr(rule, name) for name in same] for rule in rules])
    if key not in maps:
        for rule in rules:
            app.url_map.add(rule)
        maps[key] = app.url_map
    app.url_map = maps[key]
    return app


@pytest.fixture(scope="session")
def compiled_queries() -> LRUCache[Any, Any]:
    """What all engines of the run have compiled: without it each app does that again, a tenth of all its work."""
    return LRUCache(3000)


@pytest.fixture(scope="session")
def known_routes() -> dict[object, Map]:
    """Which routes apps of this run had; see app_with_known_routes."""
    return {}


@pytest.fixture(scope="session")
def only_name_server() -> Iterator[NameServer]:
    server = NameServer()
    yield server
    server.stop()


@pytest.fixture
def name_server(only_name_server: NameServer) -> NameServer:
    """The name server that apps of tests ask; it knows nothing yet."""
    only_name_server.forget()
    return only_name_server


@pytest.fixture
def costly_passwords() -> Iterator[None]:
    """Asked for by what looks at the hashes of passwords: everywhere else they are cheap."""
    from vcardapp.accounts import service

    service._nobodys_hash.cache_clear()
    yield
    service._nobodys_hash.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def all_servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], dict[str, str]]]:
    """What else the apps of tests use where all servers are real; nothing where they are not."""
    if not SERVERS:
        yield dict
        return
    try:
        with started(tmp_path_factory.mktemp("swift"), request.getfixturevalue("postgresql")) as settings:
            yield settings
    except RuntimeError as problem:
        request.session.shouldfail = str(problem)
        raise


@pytest.fixture
def shared_by_apps(all_servers: Callable[[], dict[str, str]]) -> dict[str, str]:
    """The settings of a test's apps that name servers."""
    return {} if is_local() else all_servers()


@pytest.fixture
def make_app(
    request: pytest.FixtureRequest,
    database_url: str,
    shared_by_apps: dict[str, str],
    tmp_path: Path,
    prepared_files: Path,
    compiled_templates: FileSystemBytecodeCache,
    known_routes: dict[object, Map],
    compiled_queries: LRUCache[Any, Any],
    name_server: NameServer,
) -> Iterator[Callable[..., Flask]]:
    """Return what makes an app with settings of the test's choice."""
    made: list[Flask] = []

    def make(**over: Any) -> Flask:
        data = tmp_path / "data"
        data.mkdir(exist_ok=True)
        if not (data / "static").exists():
            (data / "static").symlink_to(prepared_files)
        values: dict[str, Any] = {
            "data": data,
            "database_url": database_url,
            "url": "http://localhost",
            "secret_key": "a secret of tests",
            "rate_limits": False,
            "jobs": False,
            "ready_megabytes": 0,
            "dns": (name_server.address,),
            **shared_by_apps,
        }
        app = app_with_known_routes(Settings(**{**values, **over}), known_routes)
        app.jinja_env.bytecode_cache = compiled_templates
        app.test_client_class = Client
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=True, WTF_CSRF_ENABLED=False)
        if "costly_passwords" not in request.fixturenames:
            app.extensions["security"].pwd_context.update(argon2__memory_cost=8, argon2__time_cost=1)
        with app.app_context():
            db.engine._compiled_cache = compiled_queries
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The app, with its context open: services can be called at once. Forms need no token here."""
    app = make_app()
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A stranger's browser."""
    return app.test_client()


@pytest.fixture
def alice(app: Flask) -> User:
    from tests import factories

    return factories.alice()


@pytest.fixture
def bob(app: Flask) -> User:
    from tests import factories

    return factories.bob()


@pytest.fixture
def sign_in_to() -> Callable[[Flask, User], FlaskClient]:
    """Return what gives a browser of an app in which a person is signed in."""

    def browser_of(app: Flask, user: User) -> FlaskClient:
        from vcardapp.accounts.service import make_sign_in_link

        client = app.test_client()
        assert client.get(make_sign_in_link(user)).status_code == 303
        return client

    return browser_of


@pytest.fixture
def sign_in(app: Flask, sign_in_to: Callable[[Flask, User], FlaskClient]) -> Callable[[User], FlaskClient]:
    """Return what gives a browser in which a person is signed in."""
    return partial(sign_in_to, app)
