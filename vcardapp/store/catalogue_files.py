"""A catalogue in and out as a file: CSV, or a zip with a CSV and its pictures; a report row by row."""

from __future__ import annotations

import io
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from vcardapp import csv_cells, fetching
from vcardapp.accounts.owner import Owner
from vcardapp.cards.models import Card
from vcardapp.db import db, now
from vcardapp.i18n import N_
from vcardapp.media import addresses
from vcardapp.media import service as media
from vcardapp.storage import StorageFull
from vcardapp.store import catalogue, money, product_rows
from vcardapp.store.catalogue_checks import BadValue, product_values
from vcardapp.store.models import Category, Product, Shop
from vcardapp.store.packed import NotUnpacked, Packed, is_zip
from vcardapp.store.product_rows import COLUMNS, Fault, ProductRow

MOST_PICTURE = 20_000_000  # bytes
MOST_ROWS = 2 * catalogue.MOST_PRODUCTS  # each is reported on
_OURS = re.compile(r"https?://[^/?#]*/media/([0-9a-f]{32})/[^?#]+(?:[?#].*)?", re.DOTALL)
WIDEST = 100_000  # pixels: the largest size there is
PICTURES_FOR = 45.0  # seconds that one import may fetch pictures

NO_TABLE = N_("This is no CSV file that we can read. Save the table as “CSV UTF-8”.")
TOO_MANY = N_("A catalogue holds no more products.")
NOT_INSIDE = N_("The picture “%(name)s” is not in the zip.")
NO_TIME = N_("There was no time left for this picture. Please add it on the page of the product.")
FULL = N_("Your account has no room for this picture.")
NO_PRICE = N_("A new product needs a price.")
UNKNOWN = N_("No product of this shop has this id.")


class NoPicture(Exception):
    """A picture named in a row was not taken; reason is an English sentence for the catalogue."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotACatalogue(Exception):
    """The whole file cannot be read; reason is an English sentence for the catalogue."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Remark:
    """What there is to say about a cell: its column, an English sentence for the catalogue, and what fills its gaps."""

    column: str
    reason: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of a row: added, changed, or left out; remarks on pictures do not keep a product out."""

    number: int
    name: str
    outcome: str  # added, changed, left out
    remarks: tuple[Remark, ...] = ()


def export_products(card: Card, shop: Shop, absolute: Callable[[str], str]) -> str:
    """Return the whole catalogue as CSV; `absolute` makes a picture's path an address."""
    names = {category.id: category.name for category in catalogue.categories_of(card)}
    exponent, rows = money.exponent_of(shop.currency), []
    for product in catalogue.products_of(card, hidden=True):
        pictures = {file.id: absolute(addresses.fitting(file, WIDEST)) for file in product.files if file.is_ready}
        category = names.get(product.category_id, "") if product.category_id else ""
        rows.append(product_rows.row_of(product, category, exponent, pictures))
    return csv_cells.write_table(COLUMNS, rows)


def import_products(
    owner: Owner, card: Card, shop: Shop, source: IO[bytes], *, only_look: bool = False,
    fetch: Callable[[str, int], bytes] | None = None,
) -> list[RowReport]:
    """Add the products of a CSV or zip file, change those whose id it names; return a report row by row.

    Rows with a fault are left out, the others are stored, with `only_look` none; raise NotACatalogue where nothing can be read.
    """
    try:
        inside = Packed(source) if is_zip(source) else None
        table = inside.table(csv_cells.MOST_BYTES) if inside else source.read(csv_cells.MOST_BYTES + 1)
        rows = csv_cells.read_table(table)
        columns = product_rows.columns_of(rows[0] if rows else [])
        if len(rows) > MOST_ROWS:
            raise NotACatalogue(TOO_MANY)
    except NotUnpacked as damaged:
        raise NotACatalogue(damaged.reason) from None
    except csv_cells.NotATable:
        raise NotACatalogue(NO_TABLE) from None
    except ValueError as wrong:
        raise NotACatalogue(str(wrong)) from None
    importing = _Import(card, shop)
    reports = [importing.take(product_rows.read_row(n, columns, cells, shop.currency)) for n, cells in enumerate(rows[1:], 2)]
    if only_look:
        db.session.rollback()
        return reports
    db.session.commit()
    return [_with_pictures(owner, importing, report, inside, fetch or _fetched) for report in reports]


class _Import:
    """What is known while the rows are read: nothing is asked of the database row by row."""

    def __init__(self, card: Card, shop: Shop) -> None:
        self.card, self.shop = card, shop
        self.categories = {category.name.casefold(): category for category in catalogue.categories_of(card)}
        self.products = {str(product.id): product for product in catalogue.products_of(card, hidden=True)}
        self.position = max((product.position for product in self.products.values()), default=-1) + 1
        self.pictures: dict[int, tuple[Product, tuple[str, ...]]] = {}
        self.end = time.monotonic() + PICTURES_FOR

    def take(self, row: ProductRow) -> RowReport:
        """Add or change one product, without committing."""
        name = str(row.values.get("name", ""))
        old = self.products.get(row.id)
        try:
            values = self._values(row, old)
            category = self._category(row.category)
        except BadValue as bad:
            gaps = tuple((key, str(value)) for key, value in bad.values.items())
            return RowReport(row.number, name, "left out", (Remark(bad.field, bad.reason, gaps),))
        faults = [Remark(fault.column, fault.reason) for fault in row.faults]
        if row.id and old is None and _is_id(row.id):
            faults.append(Remark("id", UNKNOWN))
        if old is None and "price" not in values and not any(fault.column == "price" for fault in row.faults):
            faults.append(Remark("price", NO_PRICE))
        if old is None and len(self.products) >= catalogue.MOST_PRODUCTS:
            faults.append(Remark("name", TOO_MANY))
        if faults:
            return RowReport(row.number, name, "left out", tuple(faults))
        product = old or self._new()
        for key, value in values.items():
            setattr(product, key, value)
        if row.category is not None:
            product.category_id = category.id if category else None
        product.changed_at = now()
        if row.pictures:
            self.pictures[row.number] = (product, row.pictures)
        return RowReport(row.number, product.name, "changed" if old else "added")

    def _values(self, row: ProductRow, old: Product | None) -> dict[str, Any]:
        given = dict(row.values)
        if row.options is not None:
            read = product_rows.read_options(row.options, self.shop.currency, old.options if old else ())
            if isinstance(read, Fault):
                raise BadValue(read.column, read.reason)
            given["options"] = read
        return product_values(given)

    def _new(self) -> Product:
        product = Product(id=uuid.uuid4(), card_id=self.card.id, position=self.position)
        self.position += 1
        self.products[str(product.id)] = product
        db.session.add(product)
        return product

    def _category(self, name: str | None) -> Category | None:
        if not name:
            return None
        known = self.categories.get(name.casefold())
        if known is None:
            try:
                known = self.categories[name.casefold()] = catalogue.new_category(self.card, name)
            except catalogue.TooMany:
                raise BadValue("category", TOO_MANY) from None
            db.session.flush()
        return known


def _with_pictures(
    owner: Owner, importing: _Import, report: RowReport, inside: Packed | None, fetch: Callable[[str, int], bytes]
) -> RowReport:
    product, names = importing.pictures.get(report.number, (None, ()))
    if product is None:
        return report
    found, remarks = [], list(report.remarks)
    for name in names[: catalogue.MOST_PICTURES]:
        try:
            if own := _own_file(owner, name):
                found.append(own)
                continue
            data = _picture(name, importing, inside, fetch)
            found.append(media.add_file(owner, io.BytesIO(data), name.rpartition("/")[2][:200], "picture").id)
        except (fetching.NotFetched, NoPicture, NotUnpacked, media.FileRefused) as refused:
            remarks.append(Remark("pictures", refused.reason, (("name", name),)))
        except (media.AccountFull, StorageFull):
            remarks.append(Remark("pictures", FULL))
            break
    if found:
        catalogue.set_pictures(product, found)
        db.session.commit()
    return RowReport(report.number, report.name, report.outcome, tuple(remarks))


def _fetched(url: str, most_bytes: int) -> bytes:
    return fetching.fetch(url, most_bytes=most_bytes, may_lead_elsewhere=True).data or b""


def _picture(
    name: str, importing: _Import, inside: Packed | None, fetch: Callable[[str, int], bytes]
) -> bytes:
    if time.monotonic() > importing.end:
        raise NoPicture(NO_TIME)
    if name.startswith(("http://", "https://")):
        return fetch(name, MOST_PICTURE)
    data = inside.find(name, MOST_PICTURE) if inside else None
    if data is None:
        raise NoPicture(NOT_INSIDE)
    return data


def _own_file(owner: Owner, name: str) -> str | None:
    """Return the id of the owner's file at an address of ours: an export that comes back needs no fetching."""
    own = _OURS.fullmatch(name)
    file = media.find_file(owner, own[1]) if own else None
    return file.id if file else None


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
