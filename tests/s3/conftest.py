"""Three places to keep uploads: a folder, a quick imitation of S3 (moto), and a real server of S3 (Swift).

Where all servers are real, Swift stands in for moto, too.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cases import FULL
from tests.s3 import swift
from tests.servers import SERVERS as ALL_REAL
from vcardapp.storage import LocalStorage, Storage
from vcardapp.storage_s3 import S3Storage

SERVERS = ["swift"] if ALL_REAL else ["moto", "swift"] if FULL else ["moto"]


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def swift_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url, stop = swift.start(tmp_path_factory.mktemp("swift"))
    yield url
    stop()


@pytest.fixture(scope="session")
def s3_server(request: pytest.FixtureRequest) -> str:
    """The address of one server of S3."""
    address: str = request.getfixturevalue("swift_server" if ALL_REAL else "moto")
    return address


@pytest.fixture
def make_bucket(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Return what makes a bucket at a server and returns the address that settings name."""
    for name, value in swift.KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    def make(endpoint: str) -> str:
        bucket = f"test-{uuid.uuid4().hex}"
        storage = S3Storage(f"s3://{bucket}?endpoint={endpoint}")
        storage.client.create_bucket(Bucket=bucket)
        storage.client.close()
        return f"s3://{bucket}/cards/here?endpoint={endpoint}"

    return make


@pytest.fixture(params=SERVERS)
def bucket(request: pytest.FixtureRequest, make_bucket: Callable[[str], str]) -> str:
    """The address of an empty folder in a bucket."""
    return make_bucket(request.getfixturevalue("swift_server" if request.param == "swift" else "moto"))


@pytest.fixture
def s3(bucket: str) -> Iterator[S3Storage]:
    storage = S3Storage(bucket)
    yield storage
    storage.client.close()


@pytest.fixture(params=["local", *SERVERS])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path, make_bucket: Callable[[str], str]) -> Iterator[Storage]:
    """An empty storage of each sort."""
    if request.param == "local":
        yield LocalStorage(tmp_path / "media")
        return
    storage = S3Storage(make_bucket(request.getfixturevalue("swift_server" if request.param == "swift" else "moto")))
    yield storage
    storage.client.close()
