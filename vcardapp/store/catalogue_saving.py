"""A seller's form is stored: once however often it is sent, and never over what another window has changed meanwhile."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.store import catalogue, catalogue_checks
from vcardapp.store.models import Category, Product, Service

T = TypeVar("T")
WITHOUT_STOCK = tuple(name for name in catalogue_checks.PRODUCT if name != "stock")  # orders change it at any moment


def revision_of(item: Product | Service | None) -> str:
    """Return a text that changes with whatever a form shows of an item, "" for one that is not there yet."""
    if item is None:
        return ""
    names = WITHOUT_STOCK if isinstance(item, Product) else catalogue_checks.SERVICE
    files = [picture.file_id for picture in item.pictures] if isinstance(item, Product) else []
    values = repr([*(getattr(item, name) for name in names), files])
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def save_product(
    card: Card, product: Product | None, values: dict[str, Any], pictures: Sequence[str], *, key: uuid.UUID, category: str = ""
) -> Product:
    """Store a product, a new one under `key`: the same key again is the same product. `category` is the name of a new one.

    Raise catalogue.TooMany or catalogue_checks.BadValue.
    """
    if product is None and (found := catalogue.find_product(card, key)):
        return found
    try:
        if category:
            values = {**values, "category_id": _category(card, category).id}
        if product is None:
            return catalogue.add_product(card, pictures=pictures, key=key, **values)
        return catalogue.change_product(product, pictures=pictures, **values)
    except (catalogue.TooMany, catalogue_checks.BadValue):
        db.session.rollback()
        raise
    except IntegrityError:  # the other half of a double click was first
        db.session.rollback()
        return _stored(catalogue.find_product(card, key))


def save_service(card: Card, service: Service | None, values: dict[str, Any], *, key: uuid.UUID) -> Service:
    """Store a service, a new one under `key`: the same key again is the same service. Raise TooMany or BadValue."""
    if service is not None:
        return catalogue.change_service(service, **values)
    if found := catalogue.find_service(card, key):
        return found
    try:
        return catalogue.add_service(card, key=key, **values)
    except IntegrityError:
        db.session.rollback()
        return _stored(catalogue.find_service(card, key))


def _category(card: Card, name: str) -> Category:
    """Return the category of this name, made without committing where there is none."""
    wanted = name.casefold()
    found = next((one for one in catalogue.categories_of(card) if one.name.casefold() == wanted), None)
    if found is None:
        found = catalogue.new_category(card, name)
        db.session.flush()
    return found


def _stored(item: T | None) -> T:
    if item is None:
        raise StaleDataError  # the key is that of somebody else's thing
    return item
