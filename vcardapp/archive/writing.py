"""An account as one zip: what the person typed, uploaded, sold and agreed upon, as JSON and in the formats of each trade."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale

from vcardapp.accounts.models import User
from vcardapp.archive import tables
from vcardapp.archive.readme import readme_of
from vcardapp.archive.stream import Entry, json_parts, zip_stream
from vcardapp.booking import invitation, post
from vcardapp.booking.models import Appointment, BookingPage, Host
from vcardapp.cards.models import Card
from vcardapp.cards.service import contact_for
from vcardapp.cards.vcard import write_vcard
from vcardapp.db import db, now
from vcardapp.domains.service import address_base
from vcardapp.media.addresses import ANIMATED
from vcardapp.media.models import ANIMATION, PAPER, READY, WAITING, MediaFile
from vcardapp.storage import PART, open_stored, storage
from vcardapp.store.models import Order, Shop
from vcardapp.store.order_files import orders_csv
from vcardapp.store.service import zone_of
from vcardapp.web import settings

AT_ONCE = 200  # rows
PICTURE_FILES = ("original.webp", "l.webp")


def archive_of(user_id: uuid.UUID) -> Iterator[bytes]:
    """Yield the zip with everything that is a person's; it is read from the database while it is sent."""
    for part in zip_stream(_entries(user_id, now())):
        db.session.close()  # what is sent slowly keeps no transaction open
        yield part


def file_name(at: datetime) -> str:
    """Return what the archive is called when it is saved."""
    return f"vcardapp-{at:%Y-%m-%d}.zip"


def _entries(user_id: Any, at: datetime) -> Iterator[Entry]:
    user = db.session.get_one(User, user_id)
    cards = list(db.session.scalars(_cards_of(user_id).with_only_columns(Card.id)))
    with force_locale(user.language or settings().language):
        yield "README.txt", at, [readme_of(user.email, at, len(cards), settings().url).encode()]
    yield "account.json", at, _account(user, at)
    for name, make in _of_files(user_id):
        yield name, at, make
    for card_id in cards:
        card = db.session.get(Card, card_id)
        if card is not None:  # it may be gone meanwhile
            for name, parts in _of_card(card):
                yield f"cards/{folder_of(card)}/{name}", at, parts
        db.session.expunge_all()


def _cards_of(user_id: Any) -> Any:
    return sa.select(Card).where(Card.owner_id == user_id, Card.erased_at.is_(None)).order_by(Card.created_at, Card.id)


def folder_of(card: Card) -> str:
    """Return the folder of a card: its address, or its id while it has none."""
    return card.slug or str(card.id)


def _account(user: User, at: datetime) -> Iterator[bytes]:
    head = {
        "format": tables.FORMAT,
        "version": tables.VERSION,
        "archive": secrets.token_hex(8),
        "server": settings().url,
        "written_at": at,
        "account": _plain_row(user, "users"),
    }
    mails = tables.table("mails").c
    theirs = sa.func.lower(mails.recipient) == user.email.lower()
    links, booked = tables.table("appointment_mails").c, tables.table("appointments").c
    own_cards = sa.select(Card.id).where(Card.owner_id == user.id)
    of_appointments = sa.select(links.mail_id).join(booked.id.table, booked.id == links.appointment_id)
    told = mails.id.in_(of_appointments.where(booked.card_id.in_(own_cards)))
    lists = {
        "domains": tables.keys("domains", tables.table("domains").c.owner_id == user.id),
        "sign_ins": tables.keys("sign_ins", tables.table("sign_ins").c.user_id == user.id),
        "mails": tables.keys("mails", sa.or_(theirs, told)),
    }
    return json_parts(head, _lists(lists))


def _plain_row(row: Any, name: str) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in tables.columns(name)}


def _lists(keys: dict[str, sa.Select[Any]]) -> list[tuple[str, Iterator[dict[str, Any]]]]:
    """Return the rows of tables by the names of these, all as of one moment: an order has its lines.

    Only their keys are read now, so none is missed or given twice while others come and go, and each is looked up once.
    """
    with db.engine.connect().execution_options(isolation_level="SERIALIZABLE") as connection:
        found = {name: connection.execute(query).all() for name, query in keys.items()}
    return [(name, _rows(name, some)) for name, some in found.items()]


def _rows(name: str, keys: Sequence[sa.Row[Any]]) -> Iterator[dict[str, Any]]:
    """Yield rows a few at a time, on a connection of their own: what is sent slowly keeps no transaction open."""
    for some in _batches(keys):
        with db.engine.connect() as connection:
            rows = connection.execute(tables.rows(name, some)).mappings().all()
        yield from (dict(row) for row in rows)


def _batches(keys: Sequence[sa.Row[Any]]) -> Iterator[Sequence[sa.Row[Any]]]:
    for place in range(0, len(keys), AT_ONCE):
        yield keys[place : place + AT_ONCE]


def _of_files(user_id: Any) -> Iterator[tuple[str, Iterable[bytes]]]:
    files = sa.and_(MediaFile.owner_id == user_id, MediaFile.state.in_((READY, WAITING)))
    yield "files/files.json", json_parts({}, _lists({"media_files": tables.keys("media_files", files)}))
    for file in db.session.scalars(sa.select(MediaFile).where(files).order_by(MediaFile.created_at, MediaFile.id)).all():
        stored = stored_name(file)
        if storage().exists(stored):
            yield f"files/{file_in_archive(file.id, file.kind, file.state)}", _stored(stored)


def stored_name(file: MediaFile) -> str:
    """Return the best that is kept of a file: of a picture its largest size, of a paper what was uploaded."""
    if file.kind == PAPER or file.state != READY:
        return file.upload
    moving = file.kind == ANIMATION and file.animation_width
    return f"{file.folder}/{file.mark}/" + (ANIMATED if moving else f"{file.widths[-1]}.webp")


def file_in_archive(file_id: str, kind: str, state: str) -> str:
    """Return the name of a file in the folder `files` of an archive."""
    return f"{file_id}.pdf" if kind == PAPER else f"{file_id}.webp" if state == READY else f"{file_id}.upload"


def _stored(name: str) -> Iterator[bytes]:
    file = open_stored(storage(), name)
    try:
        while file and (part := file.read(PART)):
            yield part
    except FileNotFoundError:
        return  # removed meanwhile: the rest is not there any more


def _of_card(card: Card) -> Iterator[tuple[str, Iterable[bytes]]]:
    for name, kept in tables.OF_A_CARD.items():
        head = {"card": _plain_row(card, "cards")} if name == tables.CARD else {}
        if name == tables.CARD or any(_has_rows(one, card.id) for one in kept):
            yield name, json_parts(head, _lists({one: tables.keys_of_card(one, card.id) for one in kept}))
    if card.live is not None and card.slug is not None and card.published_at is not None:
        yield "card.vcf", [write_vcard(contact_for(card, address_base(card)))]
    for picture_id in _ids("pictures", card.id):
        for file in PICTURE_FILES:
            if storage().exists(f"{picture_id}/{file}"):
                yield f"pictures/{picture_id}/{file}", _stored(f"{picture_id}/{file}")
    if shop_id := db.session.scalar(sa.select(Shop.id).where(Shop.card_id == card.id)):
        yield "store/orders.csv", _orders_csv(shop_id, card)
    if db.session.get(BookingPage, card.id):
        for host_id in _ids("booking_hosts", card.id):
            yield f"booking/{host_id}.ics", _calendar(host_id)


def _has_rows(name: str, card_id: Any) -> bool:
    return db.session.execute(tables.keys_of_card(name, card_id).limit(1)).first() is not None


def _ids(name: str, card_id: Any) -> list[Any]:
    return [row.id for row in db.session.execute(tables.keys_of_card(name, card_id))]


def _some(query: sa.Select[Any], key: sa.orm.InstrumentedAttribute[Any]) -> Iterator[list[Any]]:
    """Yield what a query finds a few at a time, each by its key."""
    for some in _batches(db.session.execute(query.with_only_columns(key)).all()):
        yield list(db.session.scalars(query.where(key.in_([row[0] for row in some]))))
        db.session.expunge_all()


def _orders_csv(shop_id: Any, card: Card) -> Iterator[bytes]:
    zone = zone_of(card)
    query = sa.select(Order).where(Order.shop_id == shop_id).order_by(Order.created_at, Order.id)
    query = query.options(sa.orm.selectinload(Order.lines))
    head = orders_csv([])
    yield head.encode()
    for some in _some(query, Order.id):
        yield orders_csv(some, zone).removeprefix(head).encode("utf-8", "replace")


def _calendar(host_id: Any) -> Iterator[bytes]:
    """Yield all appointments of a person as one .ics; the events of each batch are cut out of a calendar of their own."""
    host = db.session.get_one(Host, host_id)
    empty = invitation.write_feed([], host.name)
    end = b"END:VCALENDAR"
    yield empty.partition(end)[0]
    query = sa.select(Appointment).where(Appointment.host_id == host_id).order_by(Appointment.starts_at, Appointment.id)
    query = query.options(sa.orm.joinedload(Appointment.type), sa.orm.joinedload(Appointment.host))
    for some in _some(query, Appointment.id):
        text = invitation.write_feed([post.event_of(row, for_host=True) for row in some], "")
        first, last = text.find(b"BEGIN:VEVENT"), text.rfind(b"END:VEVENT")
        if first >= 0:
            yield text[first : last + len(b"END:VEVENT\r\n")]
    yield end + b"\r\n"


