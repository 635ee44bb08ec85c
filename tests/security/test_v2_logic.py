"""What the server checks whatever a browser has checked, what only one may get, and what machines could flood (ASVS V2)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.booking.cast import kind_of, practice
from tests.hostile import forms_on
from tests.store import cast
from vcardapp.accounts.models import User
from vcardapp.booking.models import Appointment
from vcardapp.db import db, now
from vcardapp.store.models import Order, Product

SignIn = Callable[[User], FlaskClient]
MOST_TRIES = 250


def monday() -> datetime:
    """Return ten o'clock, UTC, of the Monday after the next."""
    day = now().replace(hour=10, minute=0, second=0, microsecond=0)
    return day + timedelta(days=14 - day.weekday())


def book(browser: FlaskClient, start: datetime, **over: str) -> TestResponse:
    sent = {"name": "Zoë", "email": "zoe@example.org", "start": f"{start:%Y%m%dT%H%M%SZ}"}
    return browser.post("/ada/book/consultation/at", data={**sent, **over})


def order(browser: FlaskClient, **over: str) -> TestResponse:
    """Send the checkout as its page has it, with these fields changed."""
    path = "/bakery/store/checkout"
    fields = {name: value for name, (_, value) in forms_on(browser, path)[path].items()}
    sent = {**fields, "delivery": "pickup:0", "name": "Mara", "phone": "0151 98765432", **over}
    return browser.post(path, data=sent)


def together(app: Flask, *visits: Callable[[], TestResponse]) -> list[int]:
    """Make these visits at the same moment and return what they were answered."""
    start, statuses = threading.Barrier(len(visits)), []

    def run(visit: Callable[[], TestResponse]) -> None:
        with app.app_context():
            start.wait(30)
            statuses.append(visit().status_code)

    threads = [threading.Thread(target=run, args=(visit,)) for visit in visits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(statuses)


def test_what_a_browser_would_not_let_through_is_refused(app: Flask, client: FlaskClient, alice: User, sign_in: SignIn) -> None:
    """ASVS 2.2.1, 2.2.3 (1, 2). Lengths, ranges, and what must fit together: end after start, notice, choices, sums."""
    card = practice(alice)
    kind_of(card, "Consultation", notice_minutes=3 * 1440, window_days=60)
    owner, start = sign_in(alice), monday()
    assert book(client, start, name="").status_code == 422
    assert book(client, start, name="x" * 121).status_code == 422
    assert book(client, start, email="x" * 300 + "@example.org").status_code == 422
    soon = now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=1)
    year, odd = timedelta(days=365), timedelta(minutes=7)
    for wrong in (soon, start - year, start + year, start + odd, start.replace(hour=3)):
        assert book(client, wrong).status_code == 409, wrong
    backwards = {"who": "", "first": f"{start:%Y-%m-%d}", "last": f"{start - timedelta(days=1):%Y-%m-%d}"}
    backwards |= {"start": "12:00", "end": "09:00", "start-time": "12:00", "end-time": "09:00"}
    assert owner.post(f"/cards/{card.id}/booking/blocked", data=backwards).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Appointment)) == 0
    too_long = {"display_name": "x" * 5000, "revision": str(card.revision), "action": "publish", "force": "1"}
    assert owner.post(f"/cards/{card.id}/edit", data=too_long).status_code == 422


def test_an_order_is_what_the_shop_says_it_is(app: Flask, client: FlaskClient, alice: User) -> None:
    """ASVS 2.2.1, 2.2.3 (1, 2). No quantity below one or beyond all bounds, no price, no delivery that is not offered."""
    card, _ = cast.bakery(alice)
    rye = cast.bread(card, stock_kind="counted", stock=5)
    for quantity in ("-1", "0", "1e9", "9" * 40, "٣x", "1.5"):
        sent = {"product": str(rye.id), "quantity": quantity, "price": "0", "total": "0", "unit_price": "1"}
        assert client.post("/bakery/store/add", data=sent).status_code in (303, 422), quantity
    assert client.post("/bakery/store/basket", data={"empty": "1"}).status_code < 500
    fresh = app.test_client()
    fresh.post("/bakery/store/add", data={"product": str(rye.id), "quantity": "2"})
    for over in ({"delivery": "helicopter:0"}, {"delivery": "pickup:99999"}, {"name": ""}, {"phone": "x" * 500}):
        assert order(fresh, **over).status_code in (409, 422), over
    assert order(fresh, total="1", price="1", state="paid", discount="100").status_code == 303
    db.session.rollback()
    placed = db.session.scalars(sa.select(Order)).one()
    assert placed.total == 980
    assert db.session.get_one(Product, rye.id, populate_existing=True).stock == 3


def test_of_two_who_book_one_time_one_gets_it(app: Flask, alice: User) -> None:
    """ASVS 2.3.3, 2.3.4 (2). At the same moment, from two browsers; tests/booking/test_races.py has eight processes."""
    kind_of(practice(alice))
    starts = [monday() + timedelta(hours=hour) for hour in (0, 2)]
    for start in starts:
        visits = [lambda start=start, name=name: book(app.test_client(), start, name=name) for name in ("Mara", "Zoë")]
        assert together(app, *visits) == [303, 409]
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Appointment)) == 2


def test_of_two_who_want_the_last_piece_one_gets_it(app: Flask, alice: User) -> None:
    """ASVS 2.3.3, 2.3.4 (2). And the stock never falls below none; tests/store/test_races.py has eight processes."""
    card, _ = cast.bakery(alice)
    rye = cast.bread(card, stock_kind="counted", stock=1)
    browsers = [app.test_client() for _ in range(2)]
    for browser in browsers:
        assert browser.post("/bakery/store/add", data={"product": str(rye.id), "quantity": "1"}).status_code == 303
    answers = together(app, *[lambda browser=browser: order(browser) for browser in browsers])
    assert answers[0] == 303
    assert answers[1] in (409, 422)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 1
    assert db.session.get_one(Product, rye.id, populate_existing=True).stock == 0


AT = "20300101T100000Z"
FLOODS: dict[str, Callable[[FlaskClient, str, int], TestResponse]] = {
    "sign-up": lambda who, _card, number: who.post("/register", data={"email": f"a{number}@x.example", "password": "short"}),
    "sign-in": lambda who, _card, number: who.post("/login", data={"email": f"a{number}@x.example", "password": "x"}),
    "forgotten": lambda who, _card, number: who.post("/reset", data={"email": f"a{number}@x.example"}),
    "new card": lambda who, _card, _number: who.post("/new"),
    "report": lambda who, _card, number: who.post("/ada/report", data={"reason": "spam", "text": str(number)}),
    "send": lambda who, _card, number: who.post("/ada/send", data={"email": f"a{number}@x.example"}),
    "book": lambda who, _card, number: who.post("/ada/book/consultation/at", data={"start": AT, "name": str(number)}),
    "order": lambda who, _card, _number: who.post("/ada/store/checkout", data={"name": "x"}),
    "QR in PNG": lambda who, _card, number: who.get(f"/ada/qr.png?size={300 + number}"),
    "QR in PDF": lambda who, _card, _number: who.get("/ada/qr.pdf"),
    "to print": lambda who, card, _number: who.get(f"/cards/{card}/print.pdf"),
    "a picture": lambda who, card, _number: who.post(f"/cards/{card}/pictures", data={"sort": "photo"}),
}
OF_OWNERS = {"to print", "a picture"}


@pytest.fixture
def flooded(
    make_app: Callable[..., Flask], sign_in_to: Callable[[Flask, User], FlaskClient]
) -> Iterator[tuple[Flask, str, FlaskClient]]:
    app = make_app(rate_limits=True, smtp_url="smtp://127.0.0.1:9", mail_from="cards@example.org")
    with app.app_context():
        alice = factories.alice()
        card = practice(alice)
        kind_of(card)
        cast.service.open_shop(card)
        yield app, str(card.id), sign_in_to(app, alice)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_machines_could_flood_ends_in_a_pause(flooded: tuple[Flask, str, FlaskClient]) -> None:
    """ASVS 2.4.1 (2). Sign-up, sign-in, booking, orders, reports, mails, uploads, and what is costly to draw."""
    app, card, owner = flooded
    endless = []
    for place, (name, ask) in enumerate(FLOODS.items()):
        who, statuses = owner if name in OF_OWNERS else app.test_client(), []
        who.environ_base["REMOTE_ADDR"] = f"192.0.2.{place}"  # what is counted for all drawings together is counted anew
        while 429 not in statuses and len(statuses) < MOST_TRIES:
            statuses.append(ask(who, card, len(statuses)).status_code)
        if statuses[-1] != 429:
            endless.append(f"{name}: {len(statuses)} times {statuses[-1]}")
        assert statuses[0] < 429, name
    assert not endless, "\n".join(endless)
