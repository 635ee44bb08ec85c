"""An archive from another installation."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest

from tests.archive import people
from vcardapp import create_app
from vcardapp.archive.service import archive_of
from vcardapp.config import Settings


@pytest.fixture(scope="session")
def archive(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    empty_databases: Callable[[str, pytest.FixtureRequest], Any],
) -> bytes:
    """The archive of somebody with everything, made once: they are not here."""
    data = tmp_path_factory.mktemp("elsewhere")
    shutil.copy(empty_databases("sqlite", request), data / "vcardapp.sqlite3")
    url = f"sqlite:///{data / 'vcardapp.sqlite3'}"
    app = create_app(Settings(data=data, database_url=url, url="http://localhost", secret_key="another", jobs=False))
    with app.app_context():
        return b"".join(archive_of(people.fill().id))
