"""Cards that visitors look at."""

from __future__ import annotations

import pytest

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.cards.models import Card


@pytest.fixture
def ada(alice: User) -> Card:
    """Alice's published card at /ada."""
    return factories.published_card(alice)
