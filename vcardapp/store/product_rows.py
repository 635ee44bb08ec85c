"""A catalogue as a table: one row a product, read with what is wrong in which column. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vcardapp.i18n import N_
from vcardapp.store import money, option_words
from vcardapp.store.options import OptionGroup

COLUMNS = ("id", "name", "category", "text", "price", "compare_at", "stock", "most", "hidden", "options", "pictures")
_ALSO = {
    "title": "name", "product": "name", "description": "text", "details": "text", "image": "pictures", "images": "pictures",
    "picture": "pictures", "photo": "pictures", "photos": "pictures", "compare at": "compare_at",
    "compare-at price": "compare_at", "old price": "compare_at", "quantity": "stock", "inventory": "stock", "max": "most",
    "maximum": "most",
}  # fmt: skip
_YES, _NO = {"yes", "1", "true", "x", "y"}, {"", "no", "0", "false", "n"}
SOLD_OUT = "sold out"
MOST_DIGITS = 12

NO_NAME_COLUMN = N_("The first line has to name the columns, “name” among them.")
NO_PRICE = N_("This is no price.")
NO_NUMBER = N_("This is no whole number.")
NO_OPTIONS = N_("These options cannot be read. They look like “Size*: Small | Large +2.00”.")
YES_OR_NO = N_("This has to be yes or no.")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell: an English sentence for the catalogue."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A row as it was understood; only columns that the file has are among the values."""

    number: int  # in the file, the line of the columns being 1
    values: dict[str, Any]
    id: str = ""
    category: str | None = None  # None: the file does not say
    options: str | None = None
    pictures: tuple[str, ...] | None = None  # addresses, or names of files in a zip
    faults: tuple[Fault, ...] = ()


def columns_of(head: list[str]) -> list[str]:
    """Return which of COLUMNS the columns of a file are, "" for those that we do not know; raise ValueError without a name."""
    names = [cell.strip().casefold().replace("\ufeff", "") for cell in head]
    found = [name if name in COLUMNS else _ALSO.get(name, "") for name in names]
    if "name" not in found:
        raise ValueError(NO_NAME_COLUMN)
    return found


def read_row(number: int, columns: list[str], cells: list[str], currency: str) -> ProductRow:
    """Read one row; prices are read as people type them."""
    said = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
    values: dict[str, Any] = {name: said[name] for name in ("name", "text") if name in said}
    faults: list[Fault] = []
    for name in ("price", "compare_at"):
        if name in said:
            _take(values, faults, name, lambda cell: money.read_amount(cell, currency), said[name], NO_PRICE)
    if said.get("most"):
        _take(values, faults, "most", int, said["most"], NO_NUMBER)
    if "hidden" in said:
        _take(values, faults, "hidden", _yes, said["hidden"], YES_OR_NO)
    if "stock" in said:
        _read_stock(values, faults, said["stock"])
    pictures = tuple(said["pictures"].split()) if "://" in said.get("pictures", "") else _listed(said.get("pictures"))
    return ProductRow(number, values, said.get("id", ""), said.get("category"), said.get("options"), pictures, tuple(faults))


def read_options(text: str, currency: str, before: tuple[OptionGroup, ...]) -> tuple[OptionGroup, ...] | Fault:
    """Read the options of a row; a Fault says that they are none."""
    try:
        return option_words.read(text, currency, before)
    except option_words.NotOptions:
        return Fault("options", NO_OPTIONS)


def row_of(product: Any, category: str, exponent: int, pictures: Mapping[str, str]) -> list[str]:
    """Return a product as cells; `pictures` are the addresses of its files by their ids."""
    stock = {"off": "", "sold out": SOLD_OUT}.get(product.stock_kind, str(product.stock))
    compare_at = "" if product.compare_at is None else money.plain(product.compare_at, exponent)
    shown = " ".join(pictures[file.id] for file in product.files if file.id in pictures)
    return [
        str(product.id), product.name, category, product.text, money.plain(product.price, exponent), compare_at, stock,
        str(product.most), "yes" if product.hidden else "no", option_words.written(product.options, exponent), shown,
    ]  # fmt: skip


def _take(values: dict[str, Any], faults: list[Fault], name: str, read: Any, cell: str, reason: str) -> None:
    if not cell and name == "compare_at":
        values[name] = None
        return
    try:
        values[name] = read(cell)
    except ValueError:
        faults.append(Fault(name, reason))


def _read_stock(values: dict[str, Any], faults: list[Fault], cell: str) -> None:
    if cell.casefold() in ("", "off"):
        values["stock_kind"] = "off"
    elif cell.casefold() == SOLD_OUT:
        values["stock_kind"] = "sold out"
    elif cell.isdecimal() and len(cell) < MOST_DIGITS:
        values["stock_kind"], values["stock"] = "counted", int(cell)
    else:
        faults.append(Fault("stock", NO_NUMBER))


def _yes(cell: str) -> bool:
    if cell.casefold() not in _YES | _NO:
        raise ValueError(cell)
    return cell.casefold() in _YES


def _listed(cell: str | None) -> tuple[str, ...] | None:
    return None if cell is None else tuple(part for part in (piece.strip() for piece in cell.split(";")) if part)
