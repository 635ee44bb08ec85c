"""A person with something in every table that can be theirs, every text of it marked so that it can be searched for."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from PIL import Image

from tests import factories
from tests.booking import cast as booking
from tests.booking import owned as booked
from tests.gallery.owned import YOUTUBE, paper, picture
from tests.store import cast as store
from vcardapp.accounts import service as accounts
from vcardapp.accounts.models import SignIn, User
from vcardapp.accounts.owner import Owner
from vcardapp.booking import set_up, waiting
from vcardapp.booking.models import (
    Appointment,
    AppointmentMail,
    BlockedTime,
    BookingHours,
    BusyTime,
    ImportedCalendar,
    Reminder,
)
from vcardapp.cards import card_codes, events, importing, pictures
from vcardapp.cards import service as cards
from vcardapp.cards.content import Address, Email, Link, Phone, Website
from vcardapp.cards.models import Card, TakeDown
from vcardapp.cards.qr_style import Frame, Style
from vcardapp.db import db, now
from vcardapp.domains import service as domains
from vcardapp.editor import service as editor
from vcardapp.gallery import items
from vcardapp.gallery import service as gallery
from vcardapp.mail import queue_mail
from vcardapp.media import service as media
from vcardapp.media import uploads
from vcardapp.store import baskets, catalogue
from vcardapp.store import service as shops

MARK = "zqmarkq"  # stands in every text that is typed here
EMAIL = f"{MARK}-owner@example.org"
SLUG = "printed-address"


def fill(email: str = EMAIL, slug: str = SLUG) -> User:
    """Make the person, and everything that a person can have."""
    user = factories.user(email, password="not a hash", language="en")
    owner = Owner(user_id=user.id)
    card = _card(owner, slug)
    _albums(owner, card)
    _shop(card)
    _booking(card)
    _loose(user, owner, card)
    return db.session.get_one(User, user.id)


def _card(owner: Owner, slug: str) -> Card:
    content = factories.content(
        display_name=f"{MARK} Lovelace", given=MARK, company=f"{MARK} Ltd", about=f"{MARK} **about**", note=f"{MARK} note",
        time_zone="UTC", emails=(Email(f"{MARK}@example.org"),), addresses=(Address(f"1 {MARK} Road", "London"),),
        websites=(Website(f"https://{MARK}.example.org/"),), links=(Link("github", MARK),), phones=(Phone("+44 7700 900123"),),
    )  # fmt: skip
    card = cards.create_card(owner, content, slug)
    photo = pictures.store_picture(card, "photo", png("teal"))
    editor.put_picture(card, "photo", photo.id)
    cards.publish_card(card, frozenset())
    event = events.add_event(card, f"{MARK} fair", f"{MARK} hall", date(2030, 2, 1))
    card_codes.add_code(card, f"{MARK} badge", Style(frame=Frame(MARK)), event, base_url="http://localhost")
    editor.save_draft(card, card.draft.with_picture("photo", photo.id), slug, card.revision, reason="save")
    cards.report_card(card, "other", f"{MARK} report", f"{MARK}-reporter@example.org")
    db.session.add(TakeDown(card_id=card.id, reason=f"{MARK} why", answer=f"{MARK} because", restored_at=now()))
    gone = cards.create_card(owner, factories.content(display_name=f"{MARK} gone"))
    cards.delete_card(gone)
    return card


def _albums(owner: Owner, card: Card) -> None:
    album = gallery.add_album(card, f"{MARK} houses")
    album.text = f"{MARK} text"
    shown = media.add_file(owner, picture("red"), f"{MARK}.png")
    items.add_file(album, shown).caption = f"{MARK} caption"
    items.add_file(album, media.add_file(owner, paper(), f"{MARK}.pdf")).alt = f"{MARK} alt"
    items.add_video(album, YOUTUBE)
    db.session.commit()


def _shop(card: Card) -> None:
    shop = shops.open_shop(card)
    values: dict[str, Any] = {"whatsapp": "+49 151 23456789", "deliveries": (store.PICK_UP, store.TOWN), "currency": "EUR"}
    values |= {"asks": dict.fromkeys(("name", "phone", "email", "note"), "optional"), "pay": {"text": {"text": f"{MARK} pay"}}}
    shops.change_shop(shop, title=f"{MARK} shop", header=f"{MARK} head", order_email=f"{MARK}-shop@example.org", **values)
    category = catalogue.add_category(card, f"{MARK} loaves")
    file = media.add_file(Owner(user_id=card.owner_id), picture("green"), f"{MARK} loaf.png")
    options = (store.SIZES, store.TOPPINGS)
    bread = store.bread(card, name=f"{MARK} bread", text=f"=1+1 {MARK}", category_id=category.id, stock_kind="counted", stock=9)
    cake = store.bread(card, name=f"{MARK} cake", options=options)
    catalogue.set_pictures(cake, [file.id])
    catalogue.add_service(card, name=f"{MARK} catering", text=MARK, file_id=file.id)
    store.order(shop, (bread, 2), (cake, 1, "whole"), name=f"=cmd|' /C {MARK}", email=f"{MARK}-buyer@example.org", note=MARK)
    token, _basket = store.filled(shop, (bread, 1))
    assert baskets.find_basket(shop, token)


def _booking(card: Card) -> None:
    set_up.begin_booking(card)
    host = booking.first_host(card)
    set_up.change_host(host, name=f"{MARK} host", email=f"{MARK}-host@example.org")
    questions = [{"key": "q1", "sort": "text", "label": f"{MARK}?", "required": False, "choices": []}]
    kind = booking.kind_of(card, f"{MARK} talk", text=MARK, questions=questions, place_sort="address", place=f"{MARK} street")
    appointment_id = booked.appointment_of(card)
    appointment = db.session.get_one(Appointment, appointment_id)
    appointment.name, appointment.email, appointment.note = f"{MARK} guest", f"{MARK}-guest@example.org", f"{MARK} note"
    appointment.answers = [{"question": f"{MARK}?", "answer": f"{MARK}!"}]
    db.session.commit()
    day = now().date()
    visitor = booking.zoe(name=f"{MARK} waits", email=f"{MARK}-waits@example.org")
    waiting.wait(card, kind, day, day + timedelta(days=3), visitor)
    told = queue_mail(f"{MARK}-guest@example.org", f"{MARK} reminder", f"{MARK} words")
    db.session.flush()
    calendar = ImportedCalendar(card_id=card.id, host_id=host.id, name=MARK, url=f"https://{MARK}.example.org/a.ics")
    db.session.add_all([
        BookingHours(card_id=card.id, host_id=host.id, weekday=0, start=540, end=1020, note=MARK),
        BlockedTime(card_id=card.id, host_id=host.id, starts_at=now(), ends_at=now() + timedelta(hours=1), note=MARK),
        AppointmentMail(mail_id=told.id, appointment_id=appointment.id),
        Reminder(appointment_id=appointment.id, minutes=60, sequence=0),
        calendar,
    ])  # fmt: skip
    db.session.flush()
    db.session.add(BusyTime(calendar_id=calendar.id, starts_at=now(), ends_at=now() + timedelta(hours=1)))
    db.session.commit()


def _loose(user: User, owner: Owner, card: Card) -> None:
    domains.add_domain(owner, f"{MARK}.example.com", card)
    importing.keep_file(user.id, f"BEGIN:VCARD {MARK}".encode(), "utf-8", 1)
    begun = uploads.begin(owner, 2000, f"{MARK}.png")
    assert isinstance(begun, uploads.MediaUpload)
    uploads.append(owner, begun, 0, picture("navy").getvalue()[:50])
    accounts.make_sign_in_link(user)
    accounts.invite(f"{MARK}-owner@example.org")
    db.session.add(SignIn(user_id=user.id))
    queue_mail(user.email, f"{MARK} subject", f"{MARK} text")
    db.session.commit()


def png(colour: str, side: int = 64) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(file, "PNG")
    return file.getvalue()


def rows_with_nothing(*, but: set[str]) -> set[str]:
    """Return the tables that have no row."""
    from vcardapp.db import Base

    tables = [table for table in Base.metadata.sorted_tables if table.name not in but]
    return {table.name for table in tables if not db.session.scalar(sa.select(sa.func.count()).select_from(table))}
