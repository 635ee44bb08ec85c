"""Catalogues as tables: nothing is a formula, everything comes back as it went out, faults are told by row and column."""

from __future__ import annotations

import csv
import io
import time
import uuid
import zipfile

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from tests import factories
from tests.store.cast import SIZES, TOPPINGS, bakery, bread, order
from tests.store.examples import some
from vcardapp import csv_cells
from vcardapp.accounts.models import User
from vcardapp.images import canvas, to_png
from vcardapp.store import (
    catalogue,
    catalogue_files,
    money,
    option_words,
    order_files,
    orders,
    packed,
    product_rows,
)
from vcardapp.store.catalogue_files import NotACatalogue, export_products, import_products
from vcardapp.store.options import Choice, OptionGroup

FORMULAS = ['=HYPERLINK("http://x")', "+49 151", "-1", "@sum", "\tx", "\rx", "'=1", "''@", "\n=1", "\uff1d1+1"]


def png(colour: str) -> bytes:
    return to_png(canvas(40, 30, colour))


def table(*rows: str) -> io.BytesIO:
    return io.BytesIO("\n".join(rows).encode())


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_a_formula_and_each_comes_back(cell: str) -> None:
    escaped = csv_cells.escaped(cell)
    assert escaped.startswith("'")
    assert csv_cells.unescaped(escaped) == cell


@some
@given(st.lists(st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")), min_size=2, max_size=4)))
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    written = csv_cells.write_table(["a", "b"], rows)
    body = [row for row in rows if any(cell.strip() for cell in row)]
    assert csv_cells.read_table(written.encode()) == [["a", "b"], *body]
    for row in csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")):
        assert not any(cell[:1] and cell[0] in "=+-@\t\r\n" for cell in row)


@some
@example(';"=')
@given(st.text(st.sampled_from("=+-@'\";,\t\r\n \uff1da1")))
def test_no_cell_is_a_formula_where_semicolons_part_them_and_it_comes_back(text: str) -> None:
    assert csv_cells.unescaped(csv_cells.escaped(text)) == text
    written = csv_cells.write_table(["a", "b"], [["x", text]]).removeprefix("\ufeff")
    for line in csv.reader(io.StringIO(written, newline=""), delimiter=";"):
        assert not any(cell[:1] in tuple("=+-@\uff1d") for cell in line), line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_are_read_as_spreadsheets_write_them(encoding: str, separator: str) -> None:
    data = separator.join(["name", "price"]) + "\r\n" + separator.join(["Brötchen", "1.20"]) + "\r\n\r\n"
    assert csv_cells.read_table(data.encode(encoding)) == [["name", "price"], ["Brötchen", "1.20"]]


@pytest.mark.parametrize("data", [b"\0\1\2\3" * 9, b"x" * (csv_cells.MOST_BYTES + 1), b'"' + b"x" * 200_000])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(csv_cells.NotATable):
        csv_cells.read_table(data)


def test_options_are_one_readable_line() -> None:
    line = option_words.written((SIZES, TOPPINGS), 2)
    assert line == "Size*: Small | Whole +12.00; Toppings (2): Cream +1.50 | Nuts +0.80"
    assert option_words.read(line, "EUR", (SIZES, TOPPINGS)) == (SIZES, TOPPINGS)
    gone = option_words.read("Size*: !Small | Whole + 12,00", "EUR", (SIZES,))
    assert [(choice.id, choice.sold_out, choice.difference) for choice in gone[0].choices] == [
        ("small", True, 0), ("whole", False, 1200)
    ]  # fmt: skip


names = st.text(st.characters(exclude_categories=("C", "Z")) | st.sampled_from(list("\\;|:*!() +-12.")), min_size=1, max_size=12)
clean = names.map(lambda name: " ".join(name.split())).filter(bool)
choices = st.builds(Choice, st.just(""), clean, st.integers(-10**6, 10**6), st.booleans())
groups = st.builds(
    OptionGroup, st.just(""), clean, st.lists(choices, min_size=1, max_size=4).map(tuple), st.booleans(), st.integers(1, 9)
)


def test_long_cells_are_read_at_once() -> None:
    begun = time.process_time()
    for line in ("Size: A" + " " * 100_000 + "x", "S" + " " * 100_000 + "x: A", "Size: A +1" + " " * 100_000 + "+1 x"):
        assert len(option_words.read(line, "EUR")) == 1
    with pytest.raises(option_words.NotOptions):
        option_words.read("Size: A +" + "9" * 5000, "EUR")
    many = "9" * 5000
    row = product_rows.read_row(2, ["name", "price", "stock", "most"], ["x", many, many, many], "EUR")
    assert [fault.column for fault in row.faults] == ["price", "most", "stock"]
    assert time.process_time() - begun < 2


@some
@given(st.lists(groups, max_size=3).map(tuple), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_any_options_come_back_from_their_line(made: tuple[OptionGroup, ...], currency: str) -> None:
    assert option_words.read(option_words.written(made, money.exponent_of(currency)), currency) == made


@pytest.mark.parametrize("line", ["Size", "a: b: c", "Size: x +1.2.3.4"])
def test_what_says_no_options_is_refused(line: str) -> None:
    with pytest.raises(option_words.NotOptions):
        option_words.read(line, "EUR")


def test_a_catalogue_comes_back_as_it_went_out(app: Flask, alice: User, bob: User) -> None:
    card, shop = bakery(alice)
    cakes = catalogue.add_category(card, "Cakes & more")
    bread(card, name="=Apple cake", text="two\nlines", price=2000, compare_at=2400, options=(SIZES, TOPPINGS),
          category_id=cakes.id, stock_kind="counted", stock=7, most=3, hidden=True)  # fmt: skip
    bread(card, stock_kind="sold out")
    out = export_products(card, shop, str)
    other_card, other = bakery(bob, "other")
    reports = import_products(factories.owner(bob), other_card, other, io.BytesIO(without_ids(out)))
    assert [(one.outcome, one.name, one.remarks) for one in reports] == [
        ("added", "=Apple cake", ()), ("added", "Rye bread", ())
    ]  # fmt: skip
    assert [row[1:] for row in rows_of(export_products(other_card, other, str))] == [row[1:] for row in rows_of(out)]
    again = import_products(factories.owner(alice), card, shop, io.BytesIO(out.replace("Rye bread", "Oat bread").encode()))
    assert [one.outcome for one in again] == ["changed", "changed"]
    assert [one.name for one in catalogue.products_of(card, hidden=True)] == ["=Apple cake", "Oat bread"]
    kept = catalogue.products_of(card, hidden=True)[0]
    assert kept.options == (SIZES, TOPPINGS)


def rows_of(text: str) -> list[list[str]]:
    return csv_cells.read_table(text.encode())


def without_ids(text: str) -> bytes:
    return csv_cells.write_table(rows_of(text)[0], [["", *row[1:]] for row in rows_of(text)[1:]]).encode()


def test_faults_are_told_by_row_and_column_and_the_rest_is_taken(app: Flask, alice: User, bob: User) -> None:
    card, shop = bakery(alice)
    theirs = bread(bakery(bob, "other")[0])
    reports = import_products(
        factories.owner(alice), card, shop,
        table("Title;Price;Stock;Hidden;Options;id;unknown", "Rye;4,90;;no;;;x", ";1;;;;;", "Oat;free;many;perhaps;;;",
              "Bun;1;;;Size;;", f"Bob's;1;;;;{theirs.id};", f"Loaf;{10**13};;;;;", "Short;2", f"{'x' * 121};1;;;;;"),
    )  # fmt: skip
    assert [(one.number, one.outcome, tuple(remark.column for remark in one.remarks)) for one in reports] == [
        (2, "added", ()), (3, "left out", ("name",)), (4, "left out", ("price", "hidden", "stock")),
        (5, "left out", ("options",)), (6, "left out", ("id",)), (7, "left out", ("price",)), (8, "added", ()),
        (9, "left out", ("name",)),
    ]  # fmt: skip
    assert [(one.name, one.price) for one in catalogue.products_of(card)] == [("Rye", 490), ("Short", 200)]
    assert theirs.name == "Rye bread"


def test_nothing_new_is_sold_for_nothing_because_a_column_was_forgotten(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    old = bread(card)
    reports = import_products(factories.owner(alice), card, shop, table("id;name", ";Oat", f"{old.id};Dark rye"))
    found = [(one.outcome, [remark.column for remark in one.remarks]) for one in reports]
    assert found == [("left out", ["price"]), ("changed", [])]
    assert [(one.name, one.price) for one in catalogue.products_of(card)] == [("Dark rye", 490)]


@pytest.mark.parametrize("data", [b"", b"price\n1\n", b"\0\0\0\0", b"PK\x03\x04" + b"\0" * 50, b"name\n" + b"a\n" * 4000])
def test_a_file_that_is_no_catalogue_is_refused_whole(app: Flask, alice: User, data: bytes) -> None:
    card, shop = bakery(alice)
    with pytest.raises(NotACatalogue):
        import_products(factories.owner(alice), card, shop, io.BytesIO(data))


def zipped(method: int = zipfile.ZIP_DEFLATED, **files: bytes) -> io.BytesIO:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as file:
        for name, data in files.items():
            file.writestr(name.replace("__", "/").replace("_", "."), data)
    whole.seek(0)
    return whole


def test_pictures_come_from_the_zip_or_by_address_and_export_leads_back_to_them(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    owner = factories.owner(alice)
    goods = b"name,price,pictures\nRye,1,rye.png; Oat.PNG\nBun,1,http://pictures.example/bun.png\nNone,1,gone.png\nEvil,1,../../rye.png"
    asked: list[str] = []

    def fetched(url: str, _most: int) -> bytes:
        asked.append(url)
        return png("teal")

    whole = zipped(goods_csv=goods, rye_png=png("red"), my__oat_png=png("gold"))
    reports = import_products(owner, card, shop, whole, fetch=fetched)
    assert [(one.name, one.outcome, [remark.reason for remark in one.remarks]) for one in reports] == [
        ("Rye", "added", []), ("Bun", "added", []), ("None", "added", [catalogue_files.NOT_INSIDE]),
        ("Evil", "added", [catalogue_files.NOT_INSIDE]),
    ]  # fmt: skip
    assert asked == ["http://pictures.example/bun.png"]
    rye, bun, *_others = catalogue.products_of(card)
    assert [file.name for file in rye.files] == ["rye.png", "Oat.PNG"]
    back = f"id,name,pictures\n{bun.id},Bun,http://localhost/media/{rye.files[1].id}/x/320.jpg".encode()
    assert import_products(owner, card, shop, io.BytesIO(back), fetch=fetched)[0].remarks == ()
    assert [file.id for file in bun.files] == [rye.files[1].id]
    assert len(asked) == 1
    for odd in ("http://[x", "https://[::1]y/a.png", "tg://[", "https://\u2100/a.png"):  # no address at all
        [told] = import_products(owner, card, shop, table("id,name,pictures", f"{bun.id},Bun,{odd}"))
        assert [remark.column for remark in told.remarks] == ["pictures"], odd


def test_a_zip_that_swells_is_cut_off(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    bomb = zipped(goods_csv=b"name,price,pictures\nRye,1,big.png", big_png=b"\0" * (catalogue_files.MOST_PICTURE + 1))
    assert len(bomb.getvalue()) < 100_000
    (report,) = import_products(factories.owner(alice), card, shop, bomb)
    assert [remark.reason for remark in report.remarks] == [packed.TOO_LARGE]
    assert catalogue.products_of(card)[0].files == []


def test_a_zip_that_wants_memory_is_refused(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        with pytest.raises(NotACatalogue):
            import_products(factories.owner(alice), card, shop, zipped(method, goods_csv=b"name\nRye"))


def test_orders_come_out_as_a_table_without_formulas(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    order(shop, (bread(card, name="@Rye"), 2), name="=cmd()", note="-1")
    head, row = rows_of(order_files.orders_csv(orders.orders_of(shop)))
    said = dict(zip(head, row, strict=True))
    assert (said["name"], said["product"], said["quantity"], said["total"], said["currency"]) == (
        "=cmd()", "@Rye", "2", "9.80", "EUR"
    )  # fmt: skip
    assert "\"'=cmd()\"" in order_files.orders_csv(orders.orders_of(shop))


def test_an_unknown_id_is_a_fault_and_text_in_its_place_is_a_new_product(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    reports = import_products(
        factories.owner(alice), card, shop, table("id,name,price", f"{uuid.uuid4()},Rye,1", "SKU-1,Oat,1")
    )  # fmt: skip
    assert [one.outcome for one in reports] == ["left out", "added"]
