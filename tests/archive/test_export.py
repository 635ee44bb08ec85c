"""An account as one file: all that is the person's is in it, nothing of anybody else, and no secret."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from tests import factories
from tests.archive import people
from tests.archive.people import EMAIL, MARK
from tests.store import cast as store
from vcardapp.accounts.models import SignIn, User
from vcardapp.archive import stream, tables, writing
from vcardapp.archive.service import archive_of
from vcardapp.cards import service as cards
from vcardapp.db import Base, db
from vcardapp.mail import Mail
from vcardapp.store.models import Shop


def opened(user: User) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(archive_of(user.id))))
    assert archive.testzip() is None
    return archive


def reaching(target: str) -> set[str]:
    """The tables that refer to a table, directly or through others."""
    found, before = {target}, set()
    while found != before:
        before = set(found)
        for table in Base.metadata.tables.values():
            if {key.column.table.name for key in table.foreign_keys} & found:
                found.add(table.name)
    return found


def test_every_table_of_a_person_is_in_the_archive_or_has_a_reason_not_to_be(app: Flask) -> None:
    theirs = reaching("users")
    assert theirs >= {"cards", "orders", "appointments", "media_files"}
    unknown = theirs - set(tables.ROWS) - set(tables.NOT_ROWS)
    assert not unknown, "say in archive/tables.py where they stand, or why not"
    assert not set(tables.ROWS) & set(tables.NOT_ROWS)
    gone = (set(tables.ROWS) | set(tables.NOT_ROWS)) - set(Base.metadata.tables)
    assert not gone
    assert not {key for key in tables.NOT_COLUMNS if key.partition(".")[2] not in tables.table(key.partition(".")[0]).c}


def test_all_of_one_person_is_in_the_file_and_no_secret_no_formula_and_nobody_else(app: Flask) -> None:
    user, bob = people.fill(), people.fill("bob@example.org", "bobs-address")
    archive = opened(user)
    everything_is_in(archive)
    no_secret_is_in(archive, user)
    no_cell_is_a_formula_in(archive)
    only_bob_is_in(opened(bob))


def everything_is_in(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    account = json.loads(archive.read("account.json"))
    assert (account["format"], account["version"], account["account"]["email"]) == ("vcardapp account", 1, EMAIL)
    written = {name for data in (json.loads(archive.read(one)) for one in names if one.endswith(".json")) for name in data}
    assert written >= set(tables.ROWS) - {"users", "cards"} | {"card"}
    everything = b"".join(archive.read(name) for name in names if name.endswith((".json", ".vcf", ".csv", ".ics"))).decode()
    for text in ("fair", "hall", "badge", "houses", "caption", "bread", "cake", "loaves", "catering", "host", "talk", "guest",
                 "waits", "pay", "-buyer@example.org", ".example.com", "gone", " subject"):  # fmt: skip
        assert f"{MARK}{text}" in everything or f"{MARK} {text}" in everything, text
    of_card = [name for name in names if name.endswith(".json") and "/printed-address/" in name]
    for name, rows in ((name, json.loads(archive.read(name))) for name in of_card):
        for table in rows.keys() & set(tables.ROWS):
            assert rows[table], f"{name} holds no {table}"
    card = json.loads(archive.read("cards/printed-address/card.json"))
    assert {one["scans"] for one in card["card_codes"]} == {0}
    assert f"pictures/{card['card']['draft']['photo']}/original.webp" in " ".join(names)
    assert archive.read("cards/printed-address/card.vcf").startswith(b"BEGIN:VCARD\r\n")
    assert EMAIL in archive.read("README.txt").decode()
    (calendar,) = (name for name in names if name.endswith(".ics"))
    assert f"{MARK} guest" in str(Calendar.from_ical(archive.read(calendar)).walk("VEVENT")[0]["SUMMARY"])


def no_secret_is_in(archive: zipfile.ZipFile, user: User) -> None:
    everything = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (user.fs_uniquifier, user.password or "", f"{MARK} text\n", "token_hash", "feed_hash", f"{MARK} report"):
        assert secret.encode() not in everything
    assert Mail.__table__.c.text not in tables.columns("mails")


def no_cell_is_a_formula_in(archive: zipfile.ZipFile) -> None:
    table = archive.read("cards/printed-address/store/orders.csv").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(table, newline="")) for cell in row]
    assert any(MARK in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]


def only_bob_is_in(archive: zipfile.ZipFile) -> None:
    everything = "".join(archive.namelist())
    assert "bobs-address" in everything
    assert "printed-address" not in everything
    account = json.loads(archive.read("account.json"))
    assert EMAIL not in json.dumps(account["account"])
    assert {domain["name"] for domain in account["domains"]} == {f"{MARK}.example.com"}


def test_while_a_part_is_sent_no_transaction_is_open(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "ENOUGH", 1)
    whole = b""
    for part in archive_of(people.fill().id):
        assert not db.session.in_transaction()
        whole += part
    archive = zipfile.ZipFile(io.BytesIO(whole))
    assert archive.testzip() is None
    assert {name.rpartition(".")[2] for name in archive.namelist()} >= {"json", "vcf", "csv", "ics", "webp"}


@pytest.mark.parametrize(
    ("name", "file", "column", "mark"),
    [("sign_ins", "account.json", "id", "FROM sign_ins"), ("orders", "store/orders.csv", "number", "orders.token_hash")],
)
def test_a_row_that_goes_while_the_archive_is_written_takes_no_other_along(
    app: Flask, monkeypatch: pytest.MonkeyPatch, name: str, file: str, column: str, mark: str
) -> None:
    monkeypatch.setattr(writing, "AT_ONCE", 2)
    user, rows, reads = people.fill(), tables.table(name), 0
    db.session.execute(sa.delete(rows))
    shop = db.session.scalars(sa.select(Shop)).one()
    bread = store.bread(cards.find_card(factories.owner(user), shop.card_id))
    for _number in range(6):
        db.session.add(SignIn(user_id=user.id))
        store.order(shop, (bread, 1))

    def remove_first(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        nonlocal reads
        reads += statement.startswith("SELECT") and mark in statement.replace("\n", " ")
        if reads == 2:
            reads = 3
            first = sa.select(rows.c.id).order_by(rows.c.created_at if "created_at" in rows.c else rows.c.id).limit(1)
            with db.engine.begin() as other:
                other.execute(sa.delete(rows).where(rows.c.id == other.scalar(first)))

    sa.event.listen(db.engine, "before_cursor_execute", remove_first)
    archive = opened(user)
    sa.event.remove(db.engine, "before_cursor_execute", remove_first)
    left = [str(one) for one in db.session.scalars(sa.select(rows.c[column]))]
    (found,) = (archive.read(one).decode() for one in archive.namelist() if one.endswith(file))
    assert [found.count(one) for one in left] == [1] * 5


def test_the_page_gives_the_file_to_its_owner_alone(
    app: Flask, client: FlaskClient, sign_in: Callable[[User], FlaskClient]
) -> None:
    browser = sign_in(people.fill())
    assert "everything that is yours" in browser.get("/account/export").text
    answer = browser.post("/account/export", buffered=True)
    assert answer.mimetype == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=vcardapp-")
    assert "account.json" in zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert client.post("/account/export").status_code == 303


@pytest.mark.parametrize("language", ["es", "ar"])
def test_the_readme_speaks_the_persons_language(app: Flask, language: str) -> None:
    english = opened(factories.user("eve@example.org", language="en")).read("README.txt").decode()
    own = opened(factories.user("bob@example.org", language=language)).read("README.txt").decode()
    assert "bob@example.org" in own
    assert own.count("\r\n") == english.count("\r\n")
