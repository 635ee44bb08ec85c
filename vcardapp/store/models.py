"""What is stored of a shop: its settings, services, products; baskets, orders and their history."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vcardapp.cards.content import Hours
from vcardapp.db import Base, now
from vcardapp.media.models import MediaFile
from vcardapp.store import states
from vcardapp.store.columns import HoursType, Values
from vcardapp.store.delivery import Delivery
from vcardapp.store.options import OptionGroup, is_orderable
from vcardapp.store.pricing import BasketLine

ASKS = {"name": "required", "phone": "optional", "email": "off", "note": "optional"}
FEW = 5  # pieces: from here on pages say how many are left


class Shop(Base):
    """How a card sells. A card has at most one; it is made when its owner first opens the store's settings."""

    __tablename__ = "shops"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), unique=True)
    is_open: Mapped[bool] = mapped_column(default=True)  # switched off by its owner: the catalogue stays, orders do not come
    title: Mapped[str] = mapped_column(sa.String(120), default="")  # empty: the card's name
    currency: Mapped[str] = mapped_column(sa.String(3), default="EUR")
    shows_decimals: Mapped[bool] = mapped_column(default=True)
    whatsapp: Mapped[str] = mapped_column(sa.String(80), default="")  # as typed
    whatsapp_digits: Mapped[str] = mapped_column(sa.String(15), default="")  # as wa.me wants them
    language: Mapped[str] = mapped_column(sa.String(16), default="en")  # of the message
    header: Mapped[str] = mapped_column(sa.String(200), default="")
    footer: Mapped[str] = mapped_column(sa.String(200), default="")
    deliveries: Mapped[tuple[Delivery, ...]] = mapped_column(Values(Delivery), default=())
    own_hours: Mapped[Hours | None] = mapped_column(HoursType(none_as_null=True))  # None: the card's
    takes_ahead: Mapped[bool] = mapped_column(default=True)  # while closed, for the next opening
    asks: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=lambda: dict(ASKS))  # off, optional, required
    pay: Mapped[dict[str, dict[str, str]]] = mapped_column(sa.JSON, default=dict)  # see payments.py
    order_email: Mapped[str] = mapped_column(sa.String(255), default="")  # empty: the owner's own
    lapse_hours: Mapped[int] = mapped_column(default=24)  # 0: orders wait for ever
    created_at: Mapped[datetime] = mapped_column(default=now)

    def delivery(self, delivery_id: str) -> Delivery | None:
        """Return one of the ways that are offered now."""
        return next((way for way in self.offered_deliveries if way.id == delivery_id), None)

    @property
    def offered_deliveries(self) -> tuple[Delivery, ...]:
        return tuple(way for way in self.deliveries if not way.is_off)


class Category(Base):
    __tablename__ = "shop_categories"
    __mapper_args__ = {"confirm_deleted_rows": False}  # two windows may remove it

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int] = mapped_column(default=0)


class Service(Base):
    """What somebody does for people, with one button."""

    __tablename__ = "services"
    __mapper_args__ = {"confirm_deleted_rows": False}  # two windows may remove it

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    hidden: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    file_id: Mapped[str | None] = mapped_column(sa.ForeignKey("media_files.id", ondelete="SET NULL"), index=True)
    price: Mapped[int | None] = mapped_column(sa.BigInteger)  # minor units
    price_kind: Mapped[str] = mapped_column(sa.String(12), default="fixed")  # fixed, from, on request
    minutes: Mapped[int | None]  # how long it takes
    action: Mapped[str] = mapped_column(sa.String(10), default="whatsapp")  # book, whatsapp, call, link, none
    link: Mapped[str] = mapped_column(sa.String(2000), default="")

    file: Mapped[MediaFile | None] = relationship(MediaFile)


class Product(Base):
    __tablename__ = "products"
    __mapper_args__ = {"confirm_deleted_rows": False}  # two windows may remove it

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    category_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("shop_categories.id", ondelete="SET NULL"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    hidden: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    price: Mapped[int] = mapped_column(sa.BigInteger, default=0)  # minor units
    compare_at: Mapped[int | None] = mapped_column(sa.BigInteger)  # the price that is struck through
    options: Mapped[tuple[OptionGroup, ...]] = mapped_column(Values(OptionGroup), default=())
    stock_kind: Mapped[str] = mapped_column(sa.String(8), default="off")  # off, counted, sold out
    stock: Mapped[int] = mapped_column(default=0)  # pieces, where they are counted
    most: Mapped[int] = mapped_column(default=99)  # pieces in one order
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    pictures: Mapped[list[ProductPicture]] = relationship(
        order_by="ProductPicture.position", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def files(self) -> list[MediaFile]:
        """Its pictures in order, the first one leads."""
        return [picture.file for picture in self.pictures]

    @property
    def left(self) -> int | None:
        """Pieces that can be had: 0 is sold out, None is as many as one likes."""
        if self.stock_kind == "sold out" or not is_orderable(self.options):
            return 0
        return self.stock if self.stock_kind == "counted" else None

    @property
    def is_sold_out(self) -> bool:
        return self.left == 0

    @property
    def few_left(self) -> int | None:
        """How many are left where that is worth saying."""
        return self.left if self.left is not None and 0 < self.left <= FEW else None

    @property
    def is_reduced(self) -> bool:
        return self.compare_at is not None and self.compare_at > self.price


class ProductPicture(Base):
    __tablename__ = "product_pictures"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    product_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("products.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[str] = mapped_column(sa.ForeignKey("media_files.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)

    file: Mapped[MediaFile] = relationship(MediaFile)


class Basket(Base):
    """What a browser has laid in at one shop; the cookie holds the token, this its hash."""

    __tablename__ = "baskets"
    __table_args__ = (sa.UniqueConstraint("shop_id", "token_hash"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    shop_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("shops.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    lines: Mapped[tuple[BasketLine, ...]] = mapped_column(Values(BasketLine), default=())
    key: Mapped[str] = mapped_column(sa.String(32))  # of the order that it will become: one basket is ordered once
    changed_at: Mapped[datetime] = mapped_column(default=now, index=True)


class Order(Base):
    """An order as it was placed. All sums are minor units of its own currency with its own exponent, and never change."""

    __tablename__ = "orders"
    __table_args__ = (
        sa.UniqueConstraint("shop_id", "number"),
        sa.Index("ix_orders_shop_id_created_at", "shop_id", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    shop_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("shops.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(sa.String(7))  # M7K-2Q4
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10), default="prepared")
    currency: Mapped[str] = mapped_column(sa.String(3))
    exponent: Mapped[int]
    subtotal: Mapped[int] = mapped_column(sa.BigInteger)
    fee: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    total: Mapped[int] = mapped_column(sa.BigInteger)
    delivery_kind: Mapped[str] = mapped_column(sa.String(10), default="")
    delivery_name: Mapped[str] = mapped_column(sa.String(40), default="")
    area_name: Mapped[str] = mapped_column(sa.String(40), default="")
    name: Mapped[str] = mapped_column(sa.String(80), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    email: Mapped[str] = mapped_column(sa.String(255), default="")
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    table: Mapped[str] = mapped_column(sa.String(20), default="")
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    language: Mapped[str] = mapped_column(sa.String(16), default="en")  # the buyer's
    wanted_for: Mapped[datetime | None]  # ordered while closed: the next opening
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    paid_at: Mapped[datetime | None]  # as the seller says
    claimed_paid_at: Mapped[datetime | None]  # as the buyer says

    shop: Mapped[Shop] = relationship()
    lines: Mapped[list[OrderLine]] = relationship(order_by="OrderLine.position", back_populates="order", passive_deletes=True)
    history: Mapped[list[OrderChange]] = relationship(order_by="OrderChange.id", passive_deletes=True)

    @property
    def is_waiting(self) -> bool:
        """True until the seller answers."""
        return self.state == "prepared"

    @property
    def can_be_cancelled(self) -> bool:
        """True while the buyer may take it back."""
        return states.may(self.state, "cancelled", states.BUYER)

    @property
    def next_states(self) -> tuple[str, ...]:
        """What the seller may do with it now."""
        return states.next_states(self.state, states.SELLER)

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)


class OrderLine(Base):
    """A line of an order: names and prices as they were."""

    __tablename__ = "order_lines"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    order_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    product_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("products.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    choices: Mapped[list[list[Any]]] = mapped_column(sa.JSON, default=list)  # question, choice, difference
    unit: Mapped[int] = mapped_column(sa.BigInteger)
    quantity: Mapped[int]
    held: Mapped[int] = mapped_column(default=0)  # pieces taken from the stock, to be given back

    order: Mapped[Order] = relationship(back_populates="lines")

    @property
    def total(self) -> int:
        return self.unit * self.quantity

    @property
    def details(self) -> tuple[str, ...]:
        """The names of its choices."""
        return tuple(str(name) for _question, name, _difference in self.choices)


class OrderChange(Base):
    """One step in an order's life: who, when, from which state to which."""

    __tablename__ = "order_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[str] = mapped_column(sa.String(6))  # buyer, seller, server
    old: Mapped[str] = mapped_column(sa.String(10))
    new: Mapped[str] = mapped_column(sa.String(10))
