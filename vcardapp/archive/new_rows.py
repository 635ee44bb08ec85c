"""Rows of an archive as they are stored here: with ids, links and secrets of this server."""

from __future__ import annotations

import uuid
from typing import Any

from vcardapp.archive import tables
from vcardapp.archive.reading import ODD_ROWS
from vcardapp.archive.refused import ArchiveRefused
from vcardapp.booking.links import hash_of, token_of
from vcardapp.cards import pictures
from vcardapp.cards.content import Content
from vcardapp.db import now
from vcardapp.fetching import NotFetched, clean_address
from vcardapp.store.baskets import hash_of as order_hash
from vcardapp.store.baskets import new_token

Ids = dict[tuple[str, Any], Any]  # a table and an id there -> the id here
SOFT = {  # columns that name rows without a foreign key
    "albums.cover_id": "album_items",
    "appointment_types.service_id": "services",
    "appointment_types.picture": "media_files",
    "booking_hosts.picture": "media_files",
}


def with_pictures(content: Content, ids: Ids) -> Content:
    """Return a card's content with the pictures of this server in place of those it had."""
    for sort in pictures.ALL_SORTS:
        content = content.with_picture(sort, ids.get(("pictures", content.picture(sort)), ""))
    return content


def new_row(name: str, row: dict[str, Any], card_id: uuid.UUID, ids: Ids) -> dict[str, Any] | None:
    """Return a row with ids of this server, None where what it needs is not there; raise ArchiveRefused for foreign ids."""
    found, table = dict(row), tables.table(name)
    for column in table.columns:
        if column.name == "card_id":
            found["card_id"] = card_id
            continue
        parents = [key.column.table.name for key in column.foreign_keys] or [SOFT.get(f"{name}.{column.name}", "")]
        if column.name in found and parents[0] and found[column.name]:
            new = ids.get((parents[0], found[column.name]))
            if new is None and parents[0] != "media_files" and f"{name}.{column.name}" not in SOFT:
                raise ArchiveRefused(ODD_ROWS, file=name)
            if new is None and name in ("product_pictures", "album_items"):
                return None
            found[column.name] = new if new is not None or column.nullable else ""
    if name == "order_changes":
        del found["id"]
    elif "id" in found:
        found["id"] = ids[name, row["id"]]
    return _with_secrets(name, found, ids)


def _with_secrets(name: str, row: dict[str, Any], ids: Ids) -> dict[str, Any] | None:
    """Add what only this server can make: hashes of links, groups of seats."""
    if name == "orders":
        row["token_hash"] = order_hash(new_token())
    elif name == "order_lines":
        row["held"] = 0  # nothing is taken from the stock here, so nothing is given back
    elif name == "booking_hosts":
        row["feed_hash"], row["feed_number"] = hash_of(token_of("feed", row["id"], 1)), 1
    elif name == "appointments":
        row["token_hash"], row["form_token"] = hash_of(token_of("appointment", row["id"])), None
        row["group_key"] = ids.setdefault(("groups", row["group_key"]), uuid.uuid4())
    elif name == "booking_waiting":
        row["token_hash"] = hash_of(token_of("waiting", row["id"]))
    elif name == "imported_calendars":
        try:
            row["url"] = clean_address(row["url"])
        except NotFetched:
            return None
        row |= {"next_try_at": now(), "fetched_at": None, "read_at": None, "tried_at": None, "failures": 0, "error": ""}
    elif name == "card_versions":
        row["content"] = with_pictures(row["content"], ids)
    return row
