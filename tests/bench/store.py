"""Placing orders, eight at once: over HTTP, by the service alone, and beside the same rows written by bare SQLAlchemy."""

from __future__ import annotations

import http.client
import secrets
import statistics
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import local
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.processes import Server, start_postgresql, start_server
from tests.store.buyers import Visit
from tests.store.cast import bakery, bread, details, filled, seen
from vcardapp import create_app
from vcardapp.db import db, engine_options, now
from vcardapp.mail import Mail
from vcardapp.store.models import Basket, Order, OrderChange, OrderLine, Product, Shop
from vcardapp.store.ordering import place_order

BUYERS, ORDERS, ROUNDS = 8, 120, 5
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def show() -> None:
    print(f"\n{'orders a second, 8 at once':34}{'over HTTP':>10}{'service':>10}{'bare':>10}{'ratios':>14}")
    for name, (whole, service, bare) in measure().items():
        print(f"{name:34}{whole:>10.0f}{service:>10.0f}{bare:>10.0f}{whole / bare:>7.2f}{service / bare:>7.2f}")


def measure() -> dict[str, tuple[float, float, float]]:
    """Return, for SQLite and PostgreSQL, orders a second over HTTP (two workers), by place_order, and as bare rows."""
    postgresql, stop = start_postgresql()
    try:
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            address = postgresql.replace("postgresql:", "postgresql+psycopg:") + "postgres"
            return {"SQLite": rates(Path(one)), "PostgreSQL (no fsync)": rates(Path(two), VCARDAPP_DATABASE_URL=address)}
    finally:
        stop()


def rates(data: Path, **more: str) -> tuple[float, float, float]:
    """Return the medians of some rounds, by turns."""
    quiet = {"VCARDAPP_RATE_LIMITS": "0", "VCARDAPP_JOBS": "0", **more}
    with start_server(data, "--workers", "2", output=subprocess.DEVNULL, **quiet) as server:
        app = create_app(server.settings)
        with app.app_context():
            card, shop = bakery(factories.alice())
            rye = bread(card, stock_kind="counted", stock=10**6)
            ways = [over_http(server), by_service(app), bare(app, shop)]
            found: list[list[float]] = [[], [], []]
            for _ in range(ROUNDS):
                for way, times in zip(ways, found, strict=True):
                    visits = [visit(shop, rye) for _ in range(ORDERS)]
                    before = count()
                    times.append(ORDERS / timed(way, visits))
                    assert count() == before + ORDERS, "an order was lost"
            db.engine.dispose()
    whole, service, rows = (statistics.median(times) for times in found)
    return whole, service, rows


def visit(shop: Shop, product: Product) -> Visit:
    token, basket = filled(shop, (product, 2))
    return Visit(shop.id, token, basket.key, details(), seen(shop, token, details()))


def count() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Order)) or 0


def timed(way: Callable[[Visit], None], visits: Sequence[Visit]) -> float:
    db.session.rollback()
    begun = time.perf_counter()
    with ThreadPoolExecutor(BUYERS) as crowd:
        list(crowd.map(way, visits))
    return time.perf_counter() - begun


def over_http(server: Server) -> Callable[[Visit], None]:
    """Return what posts the checkout as a browser does, on kept connections."""
    mine = local()

    def order(visit: Visit) -> None:
        if not hasattr(mine, "line"):
            mine.line = http.client.HTTPConnection("127.0.0.1", int(server.env["PORT"]))
        said = {"key": visit.key, "seen": visit.seen.replace("fee:0", "").strip(), "delivery": "pickup:0",
                "name": visit.details.name, "phone": visit.details.phone}  # fmt: skip
        mine.line.request("POST", "/bakery/store/checkout", urlencode(said), {**FORM, "Cookie": f"basket={visit.token}"})
        answer = mine.line.getresponse()
        assert answer.status == 303, answer.read()[:2000]
        answer.read()

    return order


def by_service(app: Flask) -> Callable[[Visit], None]:
    """Return what calls the service, each order in a context of its own as a request has it."""

    def order(visit: Visit) -> None:
        with app.app_context():
            shop = db.session.get_one(Shop, visit.shop_id)
            place_order(shop, visit.token, visit.key, visit.details, visit.seen)

    return order


def bare(app: Flask, shop: Shop) -> Callable[[Visit], None]:
    """Return what writes the rows of an order and nothing else, in one transaction, with one plain session an order."""
    engine = sa.create_engine(**engine_options(app.config["SETTINGS"].database_url), pool_size=BUYERS)
    shop_id, product = shop.id, db.session.scalars(sa.select(Product)).one()
    product_id, name, price = product.id, product.name, product.price

    def order(visit: Visit) -> None:
        with session_of(engine) as session:
            took = sa.update(Product).where(Product.id == product_id, Product.stock >= 2)
            session.execute(took.values(stock=Product.stock - 2), execution_options={"synchronize_session": False})
            order_id, code = uuid.uuid4(), secrets.token_hex(4)
            placed: dict[str, Any] = {"shop_id": shop_id, "number": code[:7], "token_hash": secrets.token_hex(32)}
            sums = {"currency": "EUR", "exponent": 2, "subtotal": 2 * price, "total": 2 * price}
            session.add(Order(id=order_id, **placed, **sums, name=visit.details.name, phone=visit.details.phone))
            session.flush()
            line = OrderLine(order_id=order_id, position=0, product_id=product_id, name=name, unit=price, quantity=2, held=2)
            session.add_all([line, OrderChange(order_id=order_id, by="buyer", old="", new="prepared")])
            session.add(Mail(recipient="alice@example.org", subject=f"New order {code}", text="x" * 600))
            emptied = sa.update(Basket).where(Basket.shop_id == shop_id, Basket.key == visit.key)
            session.execute(emptied.values(lines=(), key=secrets.token_hex(16), changed_at=now()))

    return order


@contextmanager
def session_of(engine: sa.Engine) -> Iterator[Session]:
    with Session(engine) as session, session.begin():
        yield session


if __name__ == "__main__":
    show()
