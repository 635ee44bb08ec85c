"""An archive brought along: the same content in another installation, nothing overwritten, nothing half done."""

from __future__ import annotations

import contextvars
import io
import json
import os
import threading
import uuid
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
from tests.archive.people import MARK, SLUG
from vcardapp.accounts.models import User
from vcardapp.archive import bringing, reading, service
from vcardapp.archive.refused import ArchiveRefused
from vcardapp.booking.models import Appointment, AppointmentType
from vcardapp.booking.reminders import send_reminders
from vcardapp.cards.models import Card, CardCode, Picture
from vcardapp.db import Base, db, now
from vcardapp.mail import Mail
from vcardapp.media import removing
from vcardapp.media.models import MediaFile
from vcardapp.storage import storage
from vcardapp.store.models import Order

FULL = os.environ.get("VCARDAPP_TEST_ROUNDS") == "full"
NEW = {  # what is made anew here
    "id", "card_id", "uid", "slug", "draft_slug", "code", "revision", "changed_at", "published_at", "look", "group_key", "scans",
    "held", "settled_at", "fetched_at", "read_at", "tried_at", "failures", "error", "cover_id",
}  # fmt: skip


def packed(user: User) -> bytes:
    return b"".join(service.archive_of(user.id))


def rows_in(data: bytes) -> dict[str, list[Any]]:
    """Everything that an archive says of live cards, without what is new in each installation; ids become places in lists."""
    archive, found = zipfile.ZipFile(io.BytesIO(data)), {}
    for name in archive.namelist():
        folder = name.split("/")[1] if name.startswith("cards/") and name.endswith(".json") else ""
        if not folder or json.loads(archive.read(f"cards/{folder}/card.json"))["card"]["deleted_at"]:
            continue
        for table, rows in json.loads(archive.read(name)).items():
            found.setdefault(table, []).extend(_known(table, row) for row in (rows if isinstance(rows, list) else [rows]))
    for table in ("card_addresses", "pictures", "take_downs"):
        found.pop(table, None)
    return {table: sorted(rows, key=json.dumps) for table, rows in found.items() if rows}


def _known(table: str, row: dict[str, Any]) -> dict[str, Any]:
    new = NEW | {"created_at"} if table == "card_codes" else NEW
    plain = {name: value for name, value in row.items() if name not in new and not name.endswith("_id") and name != "picture"}
    text = json.dumps(plain, sort_keys=True)
    for value in (row.get("draft"), row.get("live"), row.get("content")):
        if value and value["photo"]:
            text = text.replace(value["photo"], "photo")
    return json.loads(text)


def changed(data: bytes, **files: Any) -> bytes:
    """An archive with some of its files in another form; None leaves one out."""
    old, new = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(new, "w") as archive:
        for name in old.namelist():
            if name not in files:
                archive.writestr(name, old.read(name))
        for name, text in files.items():
            if text is not None:
                archive.writestr(name, text)
    return new.getvalue()


def counts() -> dict[str, int]:
    return {table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables if table.name != "page_changes"}  # fmt: skip


def kept_files() -> set[str]:
    return set(storage().names())


def test_an_account_is_the_same_in_another_installation(
    app: Flask, make_app: Callable[..., Flask], tmp_path: Path, fresh_other: str
) -> None:
    data = packed(people.fill())
    before = rows_in(data)
    (tmp_path / "other").mkdir()
    other = make_app(database_url=fresh_other, data=tmp_path / "other")
    with other.app_context():
        bob = factories.bob()
        mails = db.session.scalar(sa.select(sa.func.count()).select_from(Mail))
        told = service.bring(bob, io.BytesIO(data))
        assert [(made.slug, made.state, made.had_slug) for made in told.cards] == [(SLUG, "published", "")]
        assert told.left_out["deleted"] == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == mails  # nobody was written to
        after = rows_in(packed(db.session.get_one(User, bob.id)))
        assert after == before
        card = db.session.scalars(sa.select(Card)).one()
        assert card.live is not None
        assert storage().exists(f"{card.live.photo}/contact.jpg")
        assert db.session.scalars(sa.select(MediaFile.state)).all() == ["waiting"] * 3


@pytest.fixture
def fresh_other(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The other sort of database, with every table."""
    from tests.conftest import new_postgresql_database
    from vcardapp.upgrade import migrate

    if database_url.startswith("sqlite"):
        url = new_postgresql_database(request.getfixturevalue("postgresql"))
    else:
        url = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    migrate(url, "head")
    return url


def test_the_same_archive_twice_makes_nothing_twice_unless_asked(app: Flask) -> None:
    data = packed(people.fill())
    bob = factories.bob()
    first = service.bring(bob, io.BytesIO(data))
    (made,) = first.cards
    assert (made.had_slug, made.slug) == (SLUG, f"{SLUG}-2")  # alice is here, too
    before = counts()
    again = service.bring(bob, io.BytesIO(data))
    assert (again.cards, again.left_out["here already"]) == ([], 1)
    assert counts() == before
    wished = service.bring(bob, io.BytesIO(data), again=True)
    assert [card.slug for card in wished.cards] == [f"{SLUG}-3"]
    assert len(set(db.session.scalars(sa.select(CardCode.code)))) == counts()["card_codes"]


def test_whoever_brings_their_own_archive_home_finds_it_all_here(app: Flask) -> None:
    alice = people.fill()
    data, before = packed(alice), counts()
    assert service.bring(alice, io.BytesIO(data)).left_out["here already"] == 1
    assert counts() == before


def test_links_of_brought_appointments_and_orders_are_new(app: Flask) -> None:
    data = packed(people.fill())
    service.bring(factories.bob(), io.BytesIO(data))
    for column in (Appointment.token_hash, Order.token_hash):
        assert len(set(db.session.scalars(sa.select(column)))) == 2
    assert db.session.scalars(sa.select(Appointment.state)).all() == ["confirmed"] * 2


def _card_json(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(zipfile.ZipFile(io.BytesIO(data)).read(f"cards/{SLUG}/card.json"))
    return found


def _with(data: bytes, name: str, change: Callable[[dict[str, Any]], Any]) -> bytes:
    found = json.loads(zipfile.ZipFile(io.BytesIO(data)).read(name))
    change(found)
    return changed(data, **{name: json.dumps(found)})


def _bomb(data: bytes) -> bytes:
    new = io.BytesIO()
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("account.json", b" " * (reading.MOST_JSON + 10))
    return new.getvalue()


def _many(data: bytes) -> bytes:
    new = io.BytesIO()
    with zipfile.ZipFile(new, "w") as archive:
        archive.writestr("account.json", "{}")
        for number in range(100_000):
            archive.writestr(zipfile.ZipInfo(f"n/{number}"), b"")
    return new.getvalue()


ORDERS, SHOP, APPOINTMENTS, BOOKING = (
    f"cards/{SLUG}/{name}"
    for name in ("store/orders.json", "store/catalogue.json", "booking/appointments.json", "booking/settings.json")
)
HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "no zip": lambda data: b"PK\x03\x04" + b"\0" * 300,
    "cut short": lambda data: data[: len(data) // 2],
    "a byte of the index changed": lambda data: data[:-40] + bytes([data[-40] ^ 255]) + data[-39:],
    "nothing inside": lambda data: changed(data, **{"account.json": None}),
    "a bomb": _bomb,
    "a bomb of lists": lambda data: changed(data, **{"account.json": '{"x": [' + "[]," * 2_000_000 + "0]}"}),
    "100,000 files": _many,
    "a path out": lambda data: changed(data, **{"../../etc/passwd": "x"}),
    "an absolute path": lambda data: changed(data, **{"/etc/passwd": "x"}),
    "a newer version": lambda data: _with(data, "account.json", lambda one: one.update(version=99)),
    "a version in words": lambda data: _with(data, "account.json", lambda one: one.update(version="1")),
    "not JSON": lambda data: changed(data, **{f"cards/{SLUG}/card.json": "{"}),
    "deep JSON": lambda data: changed(data, **{f"cards/{SLUG}/card.json": "[" * 100_000}),
    "NaN": lambda data: changed(data, **{SHOP: '{"products": [NaN]}'}),
    "a number for a text": lambda data: _with(data, f"cards/{SLUG}/card.json", lambda one: one["card"]["draft"].update(given=1)),
    "a list for a text": lambda data: _with(data, f"cards/{SLUG}/card.json", lambda one: one["card"]["draft"].update(given=[])),
    "an object for a list": lambda data: _with(data, SHOP, lambda one: one.update(products={})),
    "a price below nothing": lambda data: _with(data, SHOP, lambda one: one["products"][0].update(price=-5)),
    "a price beyond counting": lambda data: _with(data, SHOP, lambda one: one["products"][0].update(price=10**30)),
    "a sum that is none": lambda data: _with(data, ORDERS, lambda one: one["orders"][0].update(total=1)),
    "lines of another sum": lambda data: _with(data, ORDERS, lambda one: one["order_lines"][0].update(unit=7)),
    "a foreign product": lambda data: _with(
        data, ORDERS, lambda one: one["order_lines"][0].update(product_id="00000000-0000-4000-8000-000000000000")),
    "minutes beyond all bounds": lambda data: _with(
        data, BOOKING, lambda one: one["appointment_types"][0].update(move_minutes=2**31 - 1)),
    "a week of eight days": lambda data: _with(
        data, f"cards/{SLUG}/card.json", lambda one: one["card"]["draft"]["hours"].update(week=[[]] * 8)),
    "more spans than a day has": lambda data: _with(
        data, f"cards/{SLUG}/card.json", lambda one: one["card"]["draft"]["hours"].update(
            week=[[{"start": "09:00", "end": "10:00"}] * 7] + [[]] * 6)),
    "more numbers than a card takes": lambda data: _with(
        data, f"cards/{SLUG}/card.json", lambda one: one["card"]["draft"].update(phones=[{"number": "+44 20 7946 0018"}] * 101)),
    "a state that is none": lambda data: _with(data, ORDERS, lambda one: one["orders"][0].update(state="stolen")),
    "the same order twice": lambda data: _with(data, ORDERS, lambda one: one["orders"].append(dict(one["orders"][0]))),
    "an end before the start": lambda data: _with(
        data, APPOINTMENTS, lambda one: one["appointments"][0].update(ends_at="1999-01-01T00:00:00+00:00")),
    "two lines in an address": lambda data: _with(
        data, APPOINTMENTS, lambda one: one["appointments"][0].update(email="a@example.org\r\nBcc: b@example.org")),
    "NUL in a text": lambda data: _with(data, APPOINTMENTS, lambda one: one["appointments"][0].update(name="a\0b")),
    "half a character": lambda data: _with(data, APPOINTMENTS, lambda one: one["appointments"][0].update(name="\ud800")),
    "script as a link": lambda data: _with(data, SHOP, lambda one: one["services"][0].update(link="javascript:alert(1)")),
    "a picture that is none": lambda data: _with(data, f"cards/{SLUG}/card.json",
                                                 lambda one: one["pictures"][0].update(id="../../../etc/passwd")),
}  # fmt: skip


def test_a_hostile_archive_is_a_sentence_and_nothing_is_half_done(app: Flask, archive: bytes) -> None:
    bob = factories.bob()
    before, files, faults = counts(), kept_files(), []
    turns = list(HOSTILE) if FULL else list(HOSTILE)[db.engine.dialect.name == "sqlite" :: 2]
    for which in turns:
        try:
            service.bring(bob, io.BytesIO(HOSTILE[which](archive)))
            faults.append(f"{which}: it was taken")
        except ArchiveRefused as refused:
            faults += [] if str(refused).endswith(".") else [f"{which}: {refused}"]
        db.session.rollback()
        if (counts(), kept_files()) != (before, files):
            faults.append(f"{which}: something is half done")
            before, files = counts(), kept_files()
    assert not faults, "\n".join(faults)


def test_two_appointments_at_one_time_are_refused_whole(app: Flask, archive: bytes) -> None:
    def twice(kept: dict[str, Any]) -> None:
        again = dict(kept["appointments"][0], id="00000000-0000-4000-8000-000000000001",
                     group_key="00000000-0000-4000-8000-000000000002")  # fmt: skip
        kept["appointments"].append(again)

    data = _with(archive, APPOINTMENTS, twice)
    bob = factories.bob()
    before, files = counts(), kept_files()
    with pytest.raises(ArchiveRefused, match="two appointments at one time"):
        service.bring(bob, io.BytesIO(data))
    assert (counts(), kept_files()) == (before, files)


@pytest.mark.parametrize("at", ["INSERT INTO card_addresses", "UPDATE cards", "INSERT INTO card_codes", "UPDATE card_codes"])
def test_where_the_database_goes_away_nothing_is_there_and_a_second_try_brings_it_all(
    app: Flask, archive: bytes, at: str
) -> None:
    bob = factories.bob()
    before, files = counts(), kept_files()

    def go_away(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(at):
            raise sa.exc.OperationalError(statement, None, OSError("gone"))

    sa.event.listen(db.engine, "before_cursor_execute", go_away)
    with pytest.raises(sa.exc.OperationalError):
        service.bring(bob, io.BytesIO(archive))
    sa.event.remove(db.engine, "before_cursor_execute", go_away)
    db.session.rollback()
    assert (counts(), kept_files()) == (before, files)
    (made,) = service.bring(bob, io.BytesIO(archive)).cards
    assert (made.state, made.slug) == ("published", SLUG)
    styles = [style for style in db.session.scalars(sa.select(CardCode.style).where(CardCode.card_id == made.card_id)) if style]
    assert [style["frame"]["text"] for style in styles] == [MARK]


def test_two_cards_with_one_uid_both_come_in_whoever_has_it(app: Flask) -> None:
    data = packed(people.fill())
    old = zipfile.ZipFile(io.BytesIO(data))
    names = [name for name in old.namelist() if name.startswith(f"cards/{SLUG}/")]
    data = changed(data, **{name.replace(SLUG, "twin"): old.read(name) for name in names})
    bob = factories.bob()
    told = service.bring(bob, io.BytesIO(data))
    assert sorted(made.slug for made in told.cards) == [f"{SLUG}-2", f"{SLUG}-3"]
    assert len(set(db.session.scalars(sa.select(Card.uid)))) == counts()["cards"]
    again = service.bring(bob, io.BytesIO(data))
    assert (again.cards, again.left_out["here already"]) == ([], 2)


def test_an_archive_taken_in_two_tabs_at_once_is_there_once_with_all_its_pictures(app: Flask, archive: bytes) -> None:
    bob_id = factories.bob().id
    both = threading.Barrier(2)

    def take() -> int:
        with app.app_context():
            both.wait()
            try:
                return len(service.bring(db.session.get_one(User, bob_id), io.BytesIO(archive)).cards)
            except ArchiveRefused:
                return 0

    with ThreadPoolExecutor(2) as pool:
        assert sum(one.result() for one in [pool.submit(contextvars.Context().run, take) for _ in range(2)]) == 1
    kept = db.session.scalars(sa.select(MediaFile).where(MediaFile.owner_id == bob_id)).all()
    assert len(kept) == 3
    assert all(storage().exists(file.upload) for file in kept)


def test_a_file_reminds_only_so_many_people_and_nobody_twice(app: Flask, archive: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def many(found: dict[str, Any]) -> None:
        (first,) = found["appointments"]
        start = now() + timedelta(minutes=90)
        for number in range(4):
            begin, end = start + timedelta(days=number), start + timedelta(days=number, minutes=30)
            at = {"starts_at": begin, "blocked_from": begin, "ends_at": end, "blocked_until": end}
            row = {**first, **{name: moment.isoformat() for name, moment in at.items()}}
            found["appointments"].append({**row, "id": str(uuid.uuid4()), "group_key": str(uuid.uuid4())})
        del found["appointments"][0]

    data = _with(archive, APPOINTMENTS, many)
    monkeypatch.setattr(bringing, "MOST_REMINDED", 2)
    service.bring(factories.bob(), io.BytesIO(data))
    db.session.execute(sa.update(AppointmentType).values(reminders=[60, 1440]))
    db.session.commit()
    assert send_reminders() == 0  # a day before was due where it comes from
    sent = 0
    for hours in (1, 25, 49, 73, 97):
        with time_machine.travel(now() + timedelta(hours=hours)):
            sent += send_reminders()
    assert sent == 2  # an hour before the first two; the others are not reminded


def test_markup_in_an_archive_is_text_on_the_page(app: Flask, archive: bytes, client: FlaskClient) -> None:
    evil = '"><svg onload=alert(1)><script>alert(2)</script>'
    data = _with(archive, f"cards/{SLUG}/card.json",
                 lambda one: one["card"]["live"].update(display_name=evil, about=evil))  # fmt: skip
    (made,) = service.bring(factories.bob(), io.BytesIO(data)).cards
    page = client.get(f"/{made.slug}").text
    assert "&lt;svg onload" in page
    assert "<svg onload" not in page
    assert "<script>alert" not in page


def test_a_published_card_whose_fields_are_wrong_stays_a_draft(app: Flask, archive: bytes) -> None:
    data = _with(archive, f"cards/{SLUG}/card.json",
                 lambda one: one["card"]["live"].update(websites=[{"url": "javascript:alert(1)", "kind": "work"}]))  # fmt: skip
    (made,) = service.bring(factories.bob(), io.BytesIO(data)).cards
    assert (made.state, made.slug) == ("draft", "")


def test_a_zone_and_a_language_that_nobody_knows_are_none(
    app: Flask, archive: bytes, sign_in: Callable[[User], FlaskClient]
) -> None:
    data = _with(archive, f"cards/{SLUG}/card.json",
                 lambda one: one["card"]["draft"].update(time_zone="Moon/Sea", language='"x', country="Narnia"))  # fmt: skip
    bob = factories.bob()
    made = service.bring(bob, io.BytesIO(data)).cards[0]
    assert sign_in(bob).get(f"/cards/{made.card_id}/edit").status_code == 200


def test_a_card_that_was_taken_down_is_not_published_by_moving(app: Flask, archive: bytes) -> None:
    data = _with(archive, f"cards/{SLUG}/card.json",
                 lambda one: one["card"].update(taken_down_at="2026-01-01T00:00:00+00:00"))  # fmt: skip
    (made,) = service.bring(factories.bob(), io.BytesIO(data)).cards
    assert made.state == "draft"


def test_a_damaged_picture_is_left_out_and_told(app: Flask, archive: bytes) -> None:
    photo = _card_json(archive)["card"]["draft"]["photo"]
    names = {f"cards/{SLUG}/pictures/{photo}/{name}": b"<script>" for name in ("l.webp", "original.webp")}
    told = service.bring(factories.bob(), io.BytesIO(changed(archive, **names)))
    assert told.left_out["pictures"] == 1
    assert len(told.cards) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Picture)) == 0


def test_an_account_without_room_takes_nothing(make_app: Callable[..., Flask], archive: bytes) -> None:
    with make_app(account_megabytes=0).app_context():
        bob = factories.bob()
        before, files = counts(), kept_files()
        with pytest.raises(ArchiveRefused, match="no room"):
            service.bring(bob, io.BytesIO(archive))
        assert (counts(), kept_files()) == (before, files)


def test_the_pages_show_first_and_make_then(app: Flask, archive: bytes, sign_in: Callable[[User], FlaskClient]) -> None:
    factories.published_card(factories.alice(), SLUG)
    browser = sign_in(factories.bob())
    assert browser.post("/account/import", data={}).status_code == 422
    wrong = browser.post("/account/import", data={"file": (io.BytesIO(b"no"), "a.zip")})
    assert (wrong.status_code, "no zip file" in wrong.text) == (422, True)
    before = counts()
    assert browser.post("/account/import", data={"file": (io.BytesIO(archive), "a.zip")}).status_code == 303
    page = browser.get("/account/import").text
    assert f"{MARK} Lovelace" in page
    assert "1 order" in page
    assert counts() == before
    done = browser.post("/account/import/take").text
    assert f"/{SLUG}-2" in done
    assert "Its address was taken here" in done
    assert not list(storage().names("imports"))
    assert browser.post("/account/import/take").status_code == 303
    browser.post("/account/import", data={"file": (io.BytesIO(archive), "a.zip")})
    assert "already" in browser.get("/account/import").text
    browser.post("/account/import/forget")
    assert not list(storage().names("imports"))


def test_the_picture_of_an_appointment_type_stays_while_it_is_shown(app: Flask) -> None:
    people.fill()
    file_id = db.session.scalars(sa.select(MediaFile.id)).first()
    alone = [MediaFile.id == file_id, removing.is_used()]
    for column in removing.uses():
        if column.nullable:
            db.session.execute(sa.update(column.table).values({column.name: None}))
        elif column.table.name != "appointment_types":
            db.session.execute(sa.delete(column.table))
    assert db.session.scalar(sa.select(MediaFile.id).where(*alone)) is None
    db.session.execute(sa.update(AppointmentType).values(picture=file_id))
    assert db.session.scalar(sa.select(MediaFile.id).where(*alone)) == file_id


def test_looking_into_what_was_brought_has_a_limit(
    make_app: Callable[..., Flask], sign_in_to: Callable[[Flask, User], FlaskClient]
) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        owner = sign_in_to(app, factories.alice())
        looked = [owner.get("/account/import").status_code for _time in range(121)]
        removed = [owner.post("/account/import/forget").status_code for _time in range(31)]
    assert looked == [200] * 120 + [429]
    assert removed == [303] * 30 + [429]
