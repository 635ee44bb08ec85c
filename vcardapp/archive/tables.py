"""What of the database goes into an archive: which tables stand in which of its files, and why others stay away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from vcardapp.db import Base

FORMAT = "vcardapp account"
VERSION = 1

OF_ACCOUNT = ("domains", "sign_ins", "mails")  # in account.json
FILES = ("media_files",)  # in files/files.json
CARD = "card.json"
OF_A_CARD = {  # files in the folder of each card, with the tables in them; what others refer to comes first
    CARD: ("card_addresses", "card_events", "card_codes", "pictures", "card_versions", "take_downs"),
    "albums.json": ("albums", "album_items"),
    "store/settings.json": ("shops",),
    "store/catalogue.json": ("shop_categories", "services", "products", "product_pictures"),
    "store/orders.json": ("orders", "order_lines", "order_changes"),
    "booking/settings.json": (
        "booking_pages", "booking_hosts", "appointment_types", "appointment_type_hosts", "booking_hours", "blocked_times",
        "imported_calendars",
    ),
    "booking/appointments.json": ("appointments", "booking_waiting"),
}  # fmt: skip
ROWS = (*OF_ACCOUNT, *FILES, "users", "cards", *(name for names in OF_A_CARD.values() for name in names))

THROUGH = {  # a column that leads to a row which belongs to a card; else there is a card_id
    "orders": ("shop_id", "shops"),
    "order_lines": ("order_id", "orders"),
    "order_changes": ("order_id", "orders"),
    "appointment_type_hosts": ("type_id", "appointment_types"),
}
ORDER = {  # by which rows are written, so that the same account gives the same files
    "order_lines": ("order_id", "position"),
    "card_versions": ("number",),
    "mails": ("created_at", "id"),
    "media_files": ("created_at", "id"),
}

NOT_ROWS = {
    "roles_users": "rights are given by those who look after a server, and count there only",
    "sign_in_links": "secrets that let somebody in; they last for minutes",
    "media_uploads": "files that have not arrived whole",
    "contact_files": "a file that the person has just sent and still has; it is forgotten within a day",
    "passkeys": "they let somebody in at this server's address only",
    "recovery_codes": "hashes of secrets",
    "reports": "told to those who look after the server, in confidence",
    "baskets": "of visitors who have ordered nothing",
    "busy_times": "a copy of another calendar, which is fetched anew from its address",
    "appointment_reminders": "which reminders went out: they stand among the mails",
    "appointment_mails": "which mails belong to which appointment: such mails are listed",
}
_KEY = "a secret, or the hash of one"
_HERE = "has a meaning on this server only"
NOT_COLUMNS = {
    "users.password": _KEY,
    "users.fs_uniquifier": _KEY,
    "users.totp_secret": _KEY,
    "users.totp_counter": _HERE,
    "users.active": _HERE,
    "cards.guest": _KEY,
    "cards.owner_id": "the person",
    "cards.erased_at": "cards that are erased are not there",
    "media_files.owner_id": "the person",
    "media_files.attempts": _HERE,
    "media_files.claimed_until": _HERE,
    "media_files.unused_since": _HERE,
    "media_files.mark": _HERE,
    "domains.owner_id": "the person",
    "sign_ins.user_id": "the person",
    "orders.token_hash": _KEY,
    "booking_hosts.feed_hash": _KEY,
    "booking_hosts.feed_number": _HERE,
    "appointments.token_hash": _KEY,
    "appointments.form_token": _KEY,
    "booking_waiting.token_hash": _KEY,
    "imported_calendars.etag": _HERE,
    "imported_calendars.digest": _HERE,
    "imported_calendars.next_try_at": _HERE,
    "mails.text": "mails are there by their heads: their texts hold links that let somebody in",
    "mails.attachment": "as the texts",
    "mails.next_try_at": _HERE,
    "mails.error": _HERE,
    "card_addresses.key": "the same as the address, as it is compared",
    "pictures.size": "of the files beside it",
    **dict.fromkeys(
        ("card_id" if table == "" else f"{table}.card_id" for names in OF_A_CARD.values() for table in names
         if table not in (*THROUGH, "domains")),
        "the card in whose folder it stands",
    ),
}  # fmt: skip


def table(name: str) -> sa.Table:
    return Base.metadata.tables[name]


def columns(name: str) -> list[sa.Column[Any]]:
    """Return the columns of a table that stand in an archive."""
    return [column for column in table(name).columns if f"{name}.{column.name}" not in NOT_COLUMNS]


def keys(name: str, which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the query for the primary keys of some rows of a table, in an order that stays."""
    query: sa.Select[Any] = sa.select(*table(name).primary_key).where(which).order_by(*_order(name))
    return query


def rows(name: str, some: Sequence[sa.Row[Any]]) -> sa.Select[Any]:
    """Return the query for the rows with these keys, in the same order, with the columns that stand in an archive."""
    key = list(table(name).primary_key)
    found = key[0].in_([one[0] for one in some]) if len(key) == 1 else sa.tuple_(*key).in_([tuple(one) for one in some])
    query: sa.Select[Any] = sa.select(*columns(name)).where(found).order_by(*_order(name))
    return query


def keys_of_card(name: str, card_id: object) -> sa.Select[Any]:
    """Return the query for the primary keys of those rows of a table that belong to a card."""
    return keys(name, _belongs(table(name), card_id))


def _order(name: str) -> list[sa.Column[Any]]:
    found = table(name)
    return [found.c[column] for column in ORDER.get(name, ())] or list(found.primary_key)


def _belongs(found: sa.Table, card_id: object) -> sa.ColumnElement[bool]:
    if found.name not in THROUGH:
        return found.c.card_id == card_id
    column, parent = THROUGH[found.name]
    return found.c[column].in_(sa.select(table(parent).c.id).where(_belongs(table(parent), card_id)))
