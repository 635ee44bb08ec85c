"""Cards made of contact files: the same bytes come out again, and of many contacts none twice and none missing."""

from __future__ import annotations

import base64
import dataclasses
import io
import re
import threading
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from PIL import Image

from tests import factories
from tests.cards.contact_cards import CAST
from vcardapp.accounts.models import User
from vcardapp.cards import importing, pictures, service
from vcardapp.cards.content import Content
from vcardapp.cards.models import Card, ContactFile, Picture
from vcardapp.cards.vcard import write_vcard
from vcardapp.cards.vcard_reader import read_vcards
from vcardapp.db import db, now

URL = "https://cards.example.org"
NONE = frozenset[str]()


def picture(kind: str = "PNG", side: int = 300) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((side, side)).convert("RGB").save(file, kind)
    return file.getvalue()


def exported(card: Card) -> bytes:
    return write_vcard(service.contact_for(card, URL))


def without_revision(vcf: bytes) -> bytes:
    return re.sub(rb"REV:[^\r]+", b"REV:", vcf)


def vcf(count: int, photo: bytes = b"") -> bytes:
    shown = b"PHOTO;ENCODING=B;TYPE=PNG:" + base64.b64encode(photo) + b"\r\n" if photo else b""
    cards = (b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Person %d\r\n%sEND:VCARD\r\n" % (n, shown) for n in range(count))
    return b"".join(cards)


def names() -> list[str]:
    db.session.rollback()
    return sorted(card.draft.display_name for card in db.session.scalars(sa.select(Card)))


@pytest.mark.parametrize("name", CAST)
def test_export_import_export_gives_the_same_bytes_but_the_revision(alice: User, bob: User, name: str) -> None:
    first = service.create_card(factories.owner(alice), dataclasses.replace(CAST[name], photo="", logo=""), "same")
    photo = pictures.store_picture(first, "photo", picture())
    first.draft = dataclasses.replace(first.draft, photo=photo.id)
    service.publish_card(first, NONE)
    before, uid = exported(first), first.uid
    service.erase_cards_of(alice.id)
    db.session.execute(sa.text("DELETE FROM card_addresses"))
    db.session.execute(sa.text("DELETE FROM card_codes"))
    db.session.execute(sa.text("DELETE FROM cards"))  # as on another server
    db.session.commit()
    (read,) = read_vcards(before).cards
    second, left_out = importing.make_card(factories.owner(bob), read, "same")
    service.publish_card(second, NONE)
    assert not left_out
    assert second.uid == uid
    assert without_revision(exported(second)) == without_revision(before)


def test_a_photo_made_for_contacts_is_kept_byte_for_byte_and_no_other(alice: User) -> None:
    card = factories.draft_card(alice)
    other = pictures.store_picture(card, "photo", picture("JPEG", 600))
    made = pictures.contact_photo(other.id)
    assert made
    again = pictures.store_picture(card, "photo", made)
    assert pictures.contact_photo(again.id) == made
    commented = made[:2] + b"\xff\xfe\x00\x06evil" + made[2:]
    assert pictures.contact_photo(pictures.store_picture(card, "photo", commented).id) != commented
    assert pictures.contact_photo(pictures.store_picture(card, "logo", made).id) != made


def test_a_uid_is_kept_only_of_our_own_file_and_only_once(alice: User) -> None:
    first = factories.published_card(alice)
    owner, (own,) = factories.owner(alice), read_vcards(exported(first)).cards
    assert own.uid == first.uid
    assert importing.make_card(owner, own)[0].uid != first.uid
    fresh = dataclasses.replace(own, uid=uuid.uuid4())
    assert importing.make_card(owner, fresh)[0].uid == fresh.uid
    foreign = exported(first).replace(b"PRODID:-//vcardapp//vcardapp//EN", b"PRODID:-//Other//EN")
    assert read_vcards(foreign).cards[0].uid is None
    importing.adopt_uid(first, uuid.uuid4())
    assert first.uid == own.uid  # phones know a published card by it
    draft = factories.draft_card(alice)
    importing.adopt_uid(draft, first.uid)
    assert draft.uid != first.uid
    wished = uuid.uuid4()
    importing.adopt_uid(draft, wished)
    assert draft.uid == wished


def test_a_file_of_many_becomes_drafts_with_photos(app: Flask, alice: User) -> None:
    file = importing.keep_file(alice.id, vcf(4, picture()), "", 4)
    assert importing.make_cards(file, Content(country="FR", language="fr"), 60)
    assert names() == [f"Person {n}" for n in range(4)]
    for card in service.cards_of(factories.owner(alice)):
        assert (card.state, card.draft.country, card.draft.language) == ("draft", "FR", "fr")
        assert pictures.contact_photo(card.draft.photo)
    assert (file.made, file.left_out, file.photos_left_out) == (4, 0, 0)


def test_it_goes_on_where_it_stopped(alice: User) -> None:
    file = importing.keep_file(alice.id, vcf(5), "", 5)
    rounds = 1
    while not importing.make_cards(file, Content(), 0):
        rounds += 1
        assert names() == [f"Person {n}" for n in range(rounds - 1)]
    assert rounds == 5
    assert names() == [f"Person {n}" for n in range(5)]
    assert importing.make_cards(file, Content(), 60)
    assert len(names()) == 5


def test_a_crash_in_the_middle_makes_none_twice_and_misses_none(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    file = importing.keep_file(alice.id, vcf(5, picture()), "", 5)
    add, calls = pictures.add_picture, []

    def fails_once(*args: object, **options: object) -> Picture:
        calls.append(args)
        if len(calls) == 3:
            raise OSError("the disk is away")
        return add(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(pictures, "add_picture", fails_once)
    with pytest.raises(OSError, match="away"):
        importing.make_cards(file, Content(), 60)
    assert names() == ["Person 0", "Person 1"]
    assert importing.make_cards(file, Content(), 60)
    assert names() == [f"Person {n}" for n in range(5)]


def test_two_requests_at_once_make_each_card_once(app: Flask, alice: User) -> None:
    file_id, together = str(importing.keep_file(alice.id, vcf(40), "", 40).id), threading.Barrier(2)
    owner, faults = factories.owner(alice), []

    def run() -> None:
        with app.app_context():
            file = importing.find_file(owner, file_id)
            together.wait(20)
            try:
                assert file
                while not importing.make_cards(file, Content(), 60):
                    db.session.refresh(file)
            except Exception as problem:
                faults.append(problem)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert names() == sorted(f"Person {n}" for n in range(40))


def test_what_cannot_be_used_is_counted(alice: User) -> None:
    note = b"NOTE:" + b"x" * 19_000 + b"\r\n"
    long = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Long\r\n" + note * 12 + b"END:VCARD\r\n"
    file = importing.keep_file(alice.id, vcf(1, b"no picture") + long + vcf(1), "", 3)
    assert importing.make_cards(file, Content(), 60)
    assert (file.made, file.left_out, file.photos_left_out) == (3, 1, 1)
    assert len(names()) == 2


def test_a_file_is_its_owners_and_goes_after_a_day(alice: User, bob: User) -> None:
    first = str(importing.keep_file(alice.id, vcf(2), "", 2).id)
    file = importing.keep_file(alice.id, vcf(2), "", 2)
    assert importing.find_file(factories.owner(alice), str(file.id)) is file
    assert importing.find_file(factories.owner(alice), first) is None
    assert importing.find_file(factories.owner(bob), str(file.id)) is None
    for wrong in ("", "x", "\x00", "9" * 5000):
        assert importing.find_file(factories.owner(alice), wrong) is None
    with time_machine.travel(now() + timedelta(hours=25)):
        importing.sweep()
    assert db.session.scalar(sa.select(ContactFile)) is None
