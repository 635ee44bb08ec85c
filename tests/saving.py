"""Saves and publishes a card for ever, for test_crash.py to kill: `python -m tests.saving CARD_ID`, settings by environment."""

from __future__ import annotations

import dataclasses
import itertools
import sys
import time
import uuid

from vcardapp import create_app
from vcardapp.cards.content import Content, Email, Phone
from vcardapp.cards.models import Card
from vcardapp.cards.service import publish_card
from vcardapp.db import db
from vcardapp.editor.service import save_draft


def state(number: int) -> Content:
    """A content in which everything says the same number, large enough for many pages of a database."""
    word = f"state {number}"
    return Content(
        display_name=word, title=word, note=f"{word}\n" * 2000, phones=(Phone(word),) * 20, emails=(Email(word),) * 20
    )


def main(card_id: str, pause: float = 0) -> None:
    with create_app().app_context():
        card = db.session.get_one(Card, uuid.UUID(card_id))
        begin = int(card.draft.display_name.split()[1]) + 1
        for number in itertools.count(begin):
            save_draft(card, state(number), "crash", card.revision, reason="save")
            print("saved", number, flush=True)
            publish_card(card, frozenset())
            print("published", number, flush=True)
            assert dataclasses.asdict(card.draft) == dataclasses.asdict(state(number))
            time.sleep(pause)


if __name__ == "__main__":
    main(sys.argv[1])
