"""A card with all that a public address can name."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from typing import Any

from flask import Flask
from PIL import Image
from werkzeug.routing import Rule

from tests.booking import cast as booking
from tests.gallery.owned import album_with
from tests.store import cast as store
from vcardapp.accounts.models import User
from vcardapp.cards import card_codes, pictures, service
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.editor.service import save_draft
from vcardapp.gallery import items
from vcardapp.media.models import MediaFile
from vcardapp.storage import storage
from vcardapp.store import service as shops

Address = Callable[[Rule], str]


def full(app: Flask, person: User) -> tuple[Card, Address]:
    """A published card with photo, shop, album, appointments and a code of its own; and what makes its addresses."""
    card = booking.practice(person)
    square = io.BytesIO()
    Image.new("RGB", (200, 200), "teal").save(square, "PNG")
    photo = pictures.store_picture(card, "photo", square.getvalue()).id
    save_draft(card, dataclasses.replace(card.draft, photo=photo), "ada", card.revision, reason="save")
    service.publish_card(card, frozenset())
    shops.change_shop(shops.open_shop(card), whatsapp="+49 151 23456789", deliveries=(store.PICK_UP,), currency="EUR")
    album = album_with(card, "house")
    [item] = items.items_of(album)
    file = db.session.get_one(MediaFile, item.file_id)
    storage().put(f"{file.folder}/{file.mark}/320.webp", b"RIFF")
    values: dict[str, Any] = {
        "slug": "ada", "code": card_codes.add_code(card, "Badge", base_url="http://localhost").code, "mark": "x", "kind": "192",
        "product_id": store.bread(card).id, "album": album.key, "item": item.key, "type_key": booking.kind_of(card).key,
        "picture_id": photo, "size": "m", "form": "webp", "media_id": file.id, "name": "320.webp",
    }  # fmt: skip

    def address(rule: Rule) -> str:
        known = {**values, "mark": file.mark} if "media_id" in rule.arguments else values
        with app.test_request_context():
            return str(rule.build({name: known[name] for name in rule.arguments})[1])  # type: ignore[index]

    return card, address
