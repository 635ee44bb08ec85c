"""An account deleted for good: its marks are searched for in every column, every stored file, and every byte of the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.archive import people
from tests.archive.people import EMAIL, MARK, SLUG
from tests.archive.test_export import reaching
from vcardapp.accounts import service as accounts
from vcardapp.accounts.models import User
from vcardapp.archive import arrived
from vcardapp.cards import service as cards
from vcardapp.cards.models import Card
from vcardapp.db import Base, db, now
from vcardapp.jobs import Jobs
from vcardapp.mail import Mail
from vcardapp.storage import storage

STAYS = {  # what is left of somebody who has gone, and why
    "cards": "an empty row that the address and the code lead to, so that both say a friendly word",
    "card_addresses": "printed addresses are never given to anybody else",
    "card_codes": "printed codes are never given to anybody else",
    "mails": "the mail that says that the account is deleted, until a month after it was sent",
    "page_changes": "ids of cards whose pages changed, for an hour",
}


def values() -> Iterator[tuple[str, str]]:
    """Everything that stands in the database, as text: table.column and value."""
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(sa.text(f'SELECT * FROM "{table.name}"')).mappings():
            for name, value in row.items():
                yield f"{table.name}.{name}", _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return json.dumps(value, default=str)


def found(*marks: str) -> set[str]:
    return {where for where, value in values() if any(mark.lower() in value.lower() for mark in marks)}


def files_with(folder: Path, *marks: str) -> set[str]:
    """The files below a folder in which one of these texts stands, in UTF-8."""
    wanted = [mark.encode() for mark in marks]
    files = [path for path in folder.rglob("*") if path.is_file() and "static" not in path.parts]
    return {path.name for path in files if any(mark in path.read_bytes() for mark in wanted)}


def stored_with(*marks: str) -> set[str]:
    """The stored files, wherever they are kept, in which one of these texts stands; without a text all of them."""
    stored = {name: storage().open(name) or b"" for name in storage().names()}
    return {name for name, data in stored.items() if not marks or any(mark.encode() in data for mark in marks)}


def sweep(app: Flask) -> None:
    Jobs(app)._sweep()


def test_the_marks_are_in_every_table_of_a_person_before(app: Flask) -> None:
    people.fill()
    without = {"roles_users", "roles", "passkeys", "recovery_codes", "used_challenges", "sign_in_failures", "audit_entries"}
    assert not people.rows_with_nothing(but=without) & reaching("users")
    assert {where.partition(".")[0] for where in found(MARK)} >= {
        "users", "cards", "card_versions", "card_codes", "card_events", "reports", "contact_files", "media_files",
        "media_uploads", "albums", "album_items", "shops", "shop_categories", "services", "products", "orders", "order_lines",
        "booking_hosts",
        "appointment_types", "appointments", "blocked_times", "booking_hours", "imported_calendars", "booking_waiting",
        "domains", "mails", "invitations", "take_downs",
    }  # fmt: skip


def test_nothing_is_left_of_somebody_who_has_gone(app: Flask, tmp_path: Path) -> None:
    user = people.fill()
    arrived.keep(user.id, _file(tmp_path))
    marks = (MARK, EMAIL, user.id.hex, str(user.id), user.fs_uniquifier, SLUG)
    assert stored_with(MARK)
    assert {name.partition("/")[0] for name in storage().names()} >= {"files", "imports", "uploads"}
    accounts.delete_account(user)
    at_once = {where.partition(".")[0] for where in found(*marks)}
    sweep(app)
    assert at_once == {where.partition(".")[0] for where in found(*marks)} == {"mails"}
    (farewell,) = db.session.scalars(sa.select(Mail).where(Mail.recipient == EMAIL)).all()
    assert MARK not in farewell.text + farewell.subject
    others = {mail.recipient for mail in db.session.scalars(sa.select(Mail))} - {EMAIL}
    assert others <= {f"{MARK}-shop@example.org", f"{MARK}-waits@example.org"}  # news to other people: gone in a month
    for mail in db.session.scalars(sa.select(Mail)):
        mail.sent_at, mail.next_try_at = now(), None
    db.session.commit()
    with time_machine.travel(now() + timedelta(days=31)):
        sweep(app)
    assert found(*marks) == set()
    with_rows = {table.name for table in Base.metadata.sorted_tables if not people.rows_with_nothing(but=set()) & {table.name}}
    assert with_rows <= STAYS.keys() | {"alembic_version"}
    assert stored_with() == set()
    db.session.rollback()
    db.engine.dispose()
    assert files_with(tmp_path, *marks) - {"typed.zip"} == set()


def _file(folder: Path) -> Path:
    path = folder / "typed.zip"
    path.write_bytes(MARK.encode())
    return path


def test_what_stays_of_a_deleted_card_holds_no_name_and_gives_its_address_to_nobody(app: Flask, client: FlaskClient) -> None:
    user = people.fill()
    card = db.session.scalars(sa.select(Card).where(Card.slug == SLUG)).one()
    code = card.code
    cards.delete_card(card)
    with time_machine.travel(now() + timedelta(days=31)):
        sweep(app)
    left = found(MARK, SLUG)
    tables = {where.partition(".")[0] for where in left}
    of_the_account = {"users", "mails", "invitations", "contact_files", "domains", "media_files", "media_uploads"}
    assert tables <= of_the_account
    assert client.get(f"/{SLUG}").status_code == 410
    assert client.get(f"/u/{code}").status_code == 410
    taken = cards.create_card(factories.owner(user), factories.content(), SLUG)
    assert not cards.is_free(SLUG, taken)
    with pytest.raises(cards.SlugTaken):
        cards.publish_card(taken, frozenset())


def test_the_page_says_that_backups_are_out_of_reach(app: Flask, sign_in: Callable[[User], FlaskClient]) -> None:
    assert "Backups" in sign_in(factories.alice()).get("/account/delete").text
