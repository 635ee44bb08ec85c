"""The suite on real servers, where asked for with VCARDAPP_TEST_SERVERS=all: PostgreSQL, Valkey, and S3 on a real Swift."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import processes
from tests.s3 import swift

SERVERS = os.environ.get("VCARDAPP_TEST_SERVERS") == "all"  # every app has all three, `vcardapp run` included
LOCAL = {  # how the name of a test begins that is about the folder or SQLite itself and runs as ever, and the reason
    "tests/admin/test_machine.py::test_storage_says_who_takes_most": "looks for the folder and the room on its disk",
    "tests/faults/test_killed.py::test_what_was_answered_is_stored[sqlite]": "kills writers on SQLite",
    "tests/media/test_service.py::test_a_full_storage": "lets the disk of the folder be full",
    "tests/media/test_work.py::test_a_full_disk_or_a_storage": "lets the disk of the folder be full",
    "tests/operations/test_health.py::test_a_folder_that_cannot_be_written": "takes the folder away",
    "tests/test_full_disk.py::test_a_full_disk_for_pictures": "lets the disk of the folder be full",
    "tests/test_full_disk.py::test_a_running_server": "fills the disk on which SQLite lies",
}


def is_local() -> bool:
    """True if the test that runs now has no use for the servers."""
    return not SERVERS or os.environ.get("PYTEST_CURRENT_TEST", "").startswith(tuple(LOCAL))


def new_postgresql_database(server: str) -> str:
    """Make a database with a name of its own and return its address."""
    engine = sa.create_engine(server.replace("postgresql:", "postgresql+psycopg:") + "postgres", poolclass=sa.NullPool)
    name = f"test{uuid.uuid4().hex}"  # by lot: servers are started at once
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return str(engine.url.set(database=name).render_as_string(hide_password=False))


@contextlib.contextmanager
def started(folder: Path, postgresql: str) -> Iterator[Callable[[], dict[str, str]]]:
    """Start Valkey and Swift; yield what gives settings with their addresses: empty, a folder of its own in a bucket."""
    import redis

    from vcardapp.storage_s3 import S3Storage

    with contextlib.ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        valkey, stop_valkey = processes.start_valkey()
        stack.callback(stop_valkey)
        endpoint, stop_swift = swift.start(folder)
        stack.callback(stop_swift)
        for name, value in {**swift.KEYS, "AWS_EC2_METADATA_DISABLED": "true"}.items():
            patch.setenv(name, value)
        with contextlib.closing(S3Storage(f"s3://tests?endpoint={endpoint}").client) as client:
            client.create_bucket(Bucket="tests")

        def of_a_test() -> dict[str, str]:
            with redis.Redis.from_url(valkey) as store:
                store.flushall()
            return {"redis_url": valkey, "storage": f"s3://tests/{uuid.uuid4().hex}?endpoint={endpoint}"}

        known: dict[Path, dict[str, str]] = {}

        def of_a_folder(data: Path) -> dict[str, str]:
            """Name the servers for `vcardapp run`; who starts again in the same folder finds what was there."""
            if is_local():
                return {}
            if data not in known:
                known[data] = {
                    "VCARDAPP_DATABASE_URL": new_postgresql_database(postgresql),
                    "VCARDAPP_REDIS_URL": valkey,
                    "VCARDAPP_STORAGE": f"s3://tests/{uuid.uuid4().hex}?endpoint={endpoint}",
                }
            return known[data]

        patch.setattr(processes, "servers_of", of_a_folder)
        yield of_a_test
