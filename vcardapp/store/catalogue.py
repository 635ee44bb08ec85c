"""Services, products and categories of a card: listed, found, made, changed, moved, removed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from vcardapp.cards.models import Card
from vcardapp.db import db, now
from vcardapp.store import catalogue_checks as checks
from vcardapp.store.models import Category, Product, ProductPicture, Service

MOST_PRODUCTS, MOST_SERVICES, MOST_CATEGORIES = 2000, 200, 100
MOST_PICTURES = 10  # of a product
Item = TypeVar("Item", bound=Product | Service | Category)


class TooMany(Exception):
    """A card has as many of these as one may have."""


def categories_of(card: Card) -> list[Category]:
    """List a card's categories in their order."""
    return list(db.session.scalars(_ordered(Category, card)))


def services_of(card: Card, *, hidden: bool = False) -> list[Service]:
    """List a card's services in their order; those that are hidden only for their owner."""
    query = _ordered(Service, card).options(selectinload(Service.file))
    return list(db.session.scalars(query if hidden else query.where(Service.hidden.is_(False))))


def products_of(
    card: Card, *, hidden: bool = False, category: Category | None = None, text: str = "", limit: int | None = None
) -> list[Product]:
    """List a card's products in their order, those of one category, those whose name or text holds all words of `text`."""
    query = _ordered(Product, card).options(selectinload(Product.pictures).joinedload(ProductPicture.file))
    if not hidden:
        query = query.where(Product.hidden.is_(False))
    if category is not None:
        query = query.where(Product.category_id == category.id)
    wanted = text.casefold().split()
    found = db.session.scalars(query if wanted else query.limit(limit))
    if not wanted:
        return list(found)
    hits = [one for one in found if all(word in f"{one.name}\n{one.text}".casefold() for word in wanted)]  # of any script
    return hits[:limit]


def count_products(card: Card) -> int:
    """Return how many products visitors see."""
    query = sa.select(sa.func.count()).select_from(Product).where(Product.card_id == card.id, Product.hidden.is_(False))
    return db.session.scalar(query) or 0


def find_product(card: Card, product_id: uuid.UUID) -> Product | None:
    """Find one of a card's products, hidden or not."""
    return _find(Product, card, product_id)


def find_service(card: Card, service_id: uuid.UUID) -> Service | None:
    """Find one of a card's services, hidden or not."""
    return _find(Service, card, service_id)


def find_category(card: Card, category_id: uuid.UUID) -> Category | None:
    """Find one of a card's categories."""
    return _find(Category, card, category_id)


def add_product(card: Card, *, pictures: Sequence[str] = (), key: uuid.UUID | None = None, **values: Any) -> Product:
    """Make a product at the end of its list, with `key` as its id; raise TooMany or BadValue. `pictures` are ids of files."""
    product = new_product(card, **values)
    product.id = key or uuid.uuid4()
    set_pictures(product, pictures)
    db.session.commit()
    return product


def change_product(product: Product, *, pictures: Sequence[str] | None = None, **values: Any) -> Product:
    """Change what is named; raise BadValue. `pictures` (ids) replaces all of them."""
    for name, value in checks.product_values(values).items():
        setattr(product, name, value)
    product.changed_at = now()
    if pictures is not None:
        set_pictures(product, pictures)
    db.session.commit()
    return product


def duplicate_product(product: Product, name: str) -> Product:
    """Make a hidden copy behind the product, under another name."""
    card = db.session.get_one(Card, product.card_id)
    copied = {each: getattr(product, each) for each in checks.PRODUCT if each != "name"}
    copy = new_product(card, **{**copied, "name": name, "hidden": True})
    set_pictures(copy, [picture.file_id for picture in product.pictures])
    others = [one for one in db.session.scalars(_ordered(Product, card)) if one is not copy]
    others.insert(others.index(product) + 1, copy)
    _number(others)
    db.session.commit()
    return copy


def add_service(card: Card, *, key: uuid.UUID | None = None, **values: Any) -> Service:
    """Make a service at the end of its list; raise TooMany or BadValue. `key` is its id."""
    checked = checks.service_values(values)
    service = Service(id=key or uuid.uuid4(), card_id=card.id, **checked, position=_next(Service, card, MOST_SERVICES))
    db.session.add(service)
    db.session.commit()
    return service


def change_service(service: Service, **values: Any) -> Service:
    """Change what is named; raise BadValue."""
    for name, value in checks.service_values(values).items():
        setattr(service, name, value)
    db.session.commit()
    return service


def duplicate_service(service: Service, name: str) -> Service:
    """Make a hidden copy at the end of the list, under another name."""
    card = db.session.get_one(Card, service.card_id)
    copied = {each: getattr(service, each) for each in checks.SERVICE if each != "name"}
    return add_service(card, **{**copied, "name": name, "hidden": True})


def add_category(card: Card, name: str) -> Category:
    """Make a category at the end of the list; raise TooMany or BadValue."""
    category = new_category(card, name)
    db.session.commit()
    return category


def rename_category(category: Category, name: str) -> Category:
    """Give a category another name; raise BadValue."""
    category.name = checks.name_of(name, checks.LONGEST_CATEGORY)
    db.session.commit()
    return category


def hide(item: Product | Service, *, hidden: bool = True) -> None:
    """Take something from the visitors' sight, or show it again."""
    item.hidden = hidden
    db.session.commit()


def remove(item: Product | Service | Category) -> None:
    """Remove something for ever; orders keep their own copy, products of a removed category stay without one."""
    if isinstance(item, Category):
        for product in db.session.scalars(sa.select(Product).where(Product.category_id == item.id)):
            product.category_id = None
    db.session.delete(item)
    db.session.commit()


def move(item: Product | Service | Category, by: int) -> None:
    """Move something up (-1) or down (+1) among its like."""
    everything: list[Any] = list(db.session.scalars(_ordered(type(item), item)))
    at = everything.index(item)
    everything.insert(max(0, min(len(everything) - 1, at + by)), everything.pop(at))
    _number(everything)
    db.session.commit()


def put_in_order(card: Card, kind: type[Product] | type[Service] | type[Category], ids: Sequence[uuid.UUID]) -> None:
    """Give these the order in which their ids come; others keep theirs behind them."""
    places = {each: number for number, each in enumerate(ids)}
    everything: list[Any] = list(db.session.scalars(_ordered(kind, card)))
    everything.sort(key=lambda one: places.get(one.id, len(places)))
    _number(everything)
    db.session.commit()


def new_product(card: Card, **values: Any) -> Product:
    """Add a product to the session without committing."""
    checked = checks.product_values(values)
    product = Product(card_id=card.id, **checked, position=_next(Product, card, MOST_PRODUCTS))
    db.session.add(product)
    return product


def new_category(card: Card, name: str) -> Category:
    """Add a category to the session without committing."""
    checked = checks.name_of(name, checks.LONGEST_CATEGORY)
    category = Category(card_id=card.id, name=checked, position=_next(Category, card, MOST_CATEGORIES))
    db.session.add(category)
    return category


def set_pictures(product: Product, ids: Sequence[str]) -> None:
    """Give a product these pictures in this order, without committing; what it has already stays."""
    db.session.flush()
    have = {picture.file_id: picture for picture in product.pictures}
    wanted = list(dict.fromkeys(ids))[:MOST_PICTURES]
    product.pictures = [
        have.get(each) or ProductPicture(card_id=product.card_id, product_id=product.id, file_id=each) for each in wanted
    ]
    for position, picture in enumerate(product.pictures):
        picture.position = position


def _ordered(kind: type[Item], of: Card | Product | Service | Category) -> sa.Select[Item]:
    card_id = of.id if isinstance(of, Card) else of.card_id
    return sa.select(kind).where(kind.card_id == card_id).order_by(kind.position, kind.id)


def _find(kind: type[Item], card: Card, item_id: uuid.UUID) -> Item | None:
    return db.session.scalar(sa.select(kind).where(kind.id == item_id, kind.card_id == card.id))


def _next(kind: type[Product] | type[Service] | type[Category], card: Card, most: int) -> int:
    query = sa.select(sa.func.count(), sa.func.max(kind.position)).where(kind.card_id == card.id)
    count, last = db.session.execute(query).one()
    if count >= most:
        raise TooMany
    return 0 if last is None else int(last) + 1


def _number(items: Sequence[Product | Service | Category]) -> None:
    for position, item in enumerate(items):
        if item.position != position:
            item.position = position
