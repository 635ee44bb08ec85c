"""Readers of contact files that others wrote. Those that Debian packages are asked by `make test-interop` only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.interop.debian import DebianReader
from tests.interop.node import NodeReaders

collect_ignore = [] if os.environ.get("VCARDAPP_TEST_INTEROP") else ["test_debian_readers.py"]


@pytest.fixture(scope="session")
def node_readers() -> Iterator[NodeReaders]:
    readers = NodeReaders()
    yield readers
    readers.stop()


@pytest.fixture(scope="session")
def debian_reader() -> Iterator[Callable[[str], DebianReader]]:
    """Return what gives a reader by its name."""
    started: dict[str, DebianReader] = {}

    def find(name: str) -> DebianReader:
        if name not in started:
            started[name] = DebianReader(name)
        return started[name]

    yield find
    for reader in started.values():
        reader.stop()
