"""Saves a card and replaces its pictures for ever: `python -m tests.operations.replacing CARD_ID`, settings by environment."""

from __future__ import annotations

import itertools
import secrets
import sys
import threading
import time
import uuid

from tests import saving
from vcardapp import create_app
from vcardapp.cards.models import Picture
from vcardapp.cards.pictures import ORIGINAL, storage
from vcardapp.db import db

PAUSE = 0.03  # seconds


def main(card_id: str) -> None:
    app = create_app()  # one after the other: Python 3.11 stumbles where two threads read routes at once
    threading.Thread(target=saving.main, args=(card_id, PAUSE), daemon=True).start()
    with app.app_context():
        old: list[Picture] = []
        for number in itertools.count():
            new = [add(card_id) for _ in range(2)]
            forgotten = [picture.id for picture in old]
            for picture in old:
                db.session.delete(picture)
            db.session.commit()
            for picture_id in forgotten:
                storage().delete_folder(picture_id)
            old = new
            print("replaced", number, flush=True)
            time.sleep(PAUSE)


def add(card_id: str) -> Picture:
    picture = Picture(id=secrets.token_hex(16), card_id=uuid.UUID(card_id), sort="photo", size=4, width=1, height=1)
    for name in (ORIGINAL, "s.webp", "m.webp", "l.webp"):
        storage().put(f"{picture.id}/{name}", secrets.token_bytes(2000))
    db.session.add(picture)
    return picture


if __name__ == "__main__":
    main(sys.argv[1])
