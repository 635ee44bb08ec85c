"""A million cards in minutes: one card that the app made, with everything on it, copied by the database itself."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from tests import factories
from tests.booking.cast import first_host, kind_of, practice, zoe
from tests.gallery.owned import album_with
from tests.store.cast import PICK_UP, bread, order
from vcardapp.accounts.models import SignIn, SignInLink, User
from vcardapp.booking.free import free_times
from vcardapp.booking.service import book
from vcardapp.cards.codes import ALPHABET, LENGTH
from vcardapp.cards.content import Link
from vcardapp.cards.models import Card, CardAddress, CardCode
from vcardapp.db import Base, db, now
from vcardapp.public.models import PageChange
from vcardapp.store import service as store

LINKS = 10
BUSY = 10  # every tenth card has a shop with orders, albums and appointments; the others are cards
EVERYBODY = {model.__tablename__ for model in (User, Card, CardAddress, CardCode)}
LEFT_OUT = {model.__tablename__ for model in (PageChange, SignIn, SignInLink)} | {"mails", "appointment_mails"}
NETWORKS = ("linkedin", "instagram", "github", "mastodon", "youtube", "telegram", "tiktok", "xing", "threads", "x")


def first_of_all() -> Card:
    """Make the card that the others are copies of: ten links, a shop, an order, an album, an appointment."""
    person = factories.user("u0@example.org")
    links = tuple(Link(network, "ada.example") for network in NETWORKS)
    card = practice(person, slug="card-0", links=links, country="DE", language="en")
    kind = kind_of(card, minutes=60)
    slot = free_times(card, kind, now() + timedelta(days=1), now() + timedelta(days=8))[0]
    book(card, kind, slot.start, zoe(), first_host(card))
    shop = store.open_shop(card)
    store.change_shop(shop, whatsapp="+49 151 23456789", currency="EUR", deliveries=(PICK_UP,))
    order(shop, (bread(card), 2))
    album_with(card, "one", "two", "three")
    return card


def copy_it(size: int) -> None:
    """Bring the installation to so many cards, numbered from 0; the caller has made the first of all."""
    bind = db.session.connection()
    for table in Base.metadata.sorted_tables:
        if table.name in LEFT_OUT or not bind.scalar(sa.select(sa.func.count()).select_from(table)):
            continue
        step = 1 if table.name in EVERYBODY else BUSY
        bind.execute(sa.text(f"CREATE TEMPORARY TABLE first_rows AS SELECT * FROM {table.name}"))
        bind.execute(sa.text(_copying(bind, table, size, step)))
        bind.execute(sa.text("DROP TABLE first_rows"))
    db.session.commit()
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()


def code_of(number: int) -> str:
    """Return the short code of a card."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def _copying(bind: Connection, table: sa.Table, size: int, step: int) -> str:
    lite = bind.dialect.name == "sqlite"
    columns = [column for column in table.columns if column is not table.autoincrement_column]
    names = ", ".join(f'"{column.name}"' for column in columns)
    values = ", ".join(_value(table, column, lite) for column in columns)
    series = (
        f"(WITH RECURSIVE n(i) AS (SELECT {step} UNION ALL SELECT i + {step} FROM n WHERE i + {step} < {size}) SELECT i FROM n)"
        if lite
        else f"(SELECT generate_series({step}, {size} - 1, {step}) AS i)"
    )
    return f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {series} AS n, first_rows AS f"


def _value(table: sa.Table, column: sa.Column[object], lite: bool) -> str:
    own, name = f'f."{column.name}"', column.name
    hexed = "printf('%08x', i)" if lite else "lpad(to_hex(i), 8, '0')"
    if isinstance(column.type, sa.Uuid):  # the last digits of the first of all: whatever referred to each other does so again
        return f"{hexed} || substr({own}, 9)" if lite else f"({hexed} || substr(replace({own}::text, '-', ''), 9))::uuid"
    if name in ("slug", "draft_slug") or (table.name, name) == ("card_addresses", "key"):
        return "'card-' || i"
    if name == "code":
        return " || ".join(f"substr('{ALPHABET}', ((i >> {5 * place}) & 31) + 1, 1)" for place in reversed(range(LENGTH)))
    if (table.name, name) == ("users", "email"):
        return "'u' || i || '@example.org'"
    is_key = isinstance(column.type, sa.String) and (name == "id" or name.endswith("_id"))
    if is_key or name == "fs_uniquifier" or name.endswith("_hash"):
        return f"{hexed} || substr({own}, 9)"
    return own

