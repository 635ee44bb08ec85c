"""The admin's browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from vcardapp.accounts.models import User
from vcardapp.admin import people


@pytest.fixture
def root(app: Flask) -> User:
    """Who looks after the server."""
    return people.create_admin("root@example.org")


@pytest.fixture
def admin(root: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    """The admin's browser."""
    return sign_in(root)
