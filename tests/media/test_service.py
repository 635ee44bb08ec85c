"""Files of an account: the same one once, within its room, gone once nothing shows them."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.media.makers import added, paper, picture, ready
from tests.test_full_disk import no_room
from tests.test_images import HEIC
from vcardapp.accounts import service as accounts
from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.db import db, now
from vcardapp.media import removing, service, uploads, work
from vcardapp.media.models import MediaFile, MediaUpload
from vcardapp.media.service import AccountFull, FileRefused, NeedsAccount
from vcardapp.storage import LocalStorage, StorageFull, storage
from vcardapp.store.models import Service


def shows(person: User, file: MediaFile) -> Service:
    """Something on a card that shows a file."""
    card = factories.draft_card(person)
    row = Service(card_id=card.id, name="Boats", position=0, file_id=file.id, price_kind="on request", action="none")
    db.session.add(row)
    db.session.commit()
    return row


def sweep_after(wait: timedelta) -> None:
    """Sweep now, and again as if so much time had passed since."""
    removing.sweep()
    db.session.execute(sa.update(MediaFile).values(unused_since=MediaFile.unused_since))
    for file in db.session.scalars(sa.select(MediaFile).where(MediaFile.unused_since.is_not(None))):
        assert file.unused_since
        file.unused_since -= wait
    db.session.commit()
    removing.sweep()


def test_a_picture_is_stored_whole_before_anything_is_made_of_it(app: Flask, alice: User) -> None:
    file = added(alice, name="C:\\photos\\boat\n.jpg")
    assert (file.state, file.kind, file.name, file.bytes) == ("waiting", "picture", "boat.jpg", len(picture()))
    assert storage().open(file.upload) == picture()


def test_the_same_picture_twice_is_stored_once_and_counted_once(app: Flask, alice: User, bob: User) -> None:
    first = ready(alice)
    again = added(alice, name="another name.jpg")
    bobs = added(bob)
    assert again.id == first.id
    assert again.is_ready
    assert bobs.id != first.id
    assert len(service.files_of(factories.owner(alice))) == 1
    assert service.room_of(factories.owner(alice)).used == first.bytes


def test_one_account_never_sees_anothers_file(app: Flask, alice: User, bob: User) -> None:
    file = added(alice)
    assert service.find_file(factories.owner(alice), file.id) is file
    for other in (factories.owner(bob), Owner(), Owner(guest="x" * 64)):
        assert service.find_file(other, file.id) is None
        assert service.files_of(other) == []
    with pytest.raises(NeedsAccount):
        service.add_file(Owner(guest="x" * 64), io.BytesIO(picture()), "a.jpg")


def test_what_an_account_may_keep_is_limited(app: Flask, alice: User) -> None:
    owner = factories.owner(alice)
    room = service.room_of(owner)
    assert (room.used, room.allowed, room.is_full) == (0, 500_000_000, False)
    db.session.add(MediaFile(owner_id=alice.id, sha256="0" * 64, kind="picture", bytes=room.allowed - len(picture())))
    db.session.commit()
    file = added(alice)
    with pytest.raises(AccountFull):
        added(alice, paper())
    with pytest.raises(AccountFull):
        uploads.begin(owner, 1, "a.jpg")
    assert added(alice).id == file.id  # it is there already
    assert service.room_of(owner).is_full
    assert [name for name in storage().names() if name.startswith("files/")] == [file.upload]


@pytest.mark.parametrize(
    ("data", "wanted", "words"),
    [
        (b"", "", "empty"),
        (b"hello", "picture", "not a picture"),
        (b"hello", "paper", "not a PDF"),
        (b"hello", "", "neither"),
        (paper(), "picture", "This is a PDF"),
        (picture(), "paper", "not a PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture", "SVG"),
        (b"%PDF-1.7" + bytes(50_000_000), "", "50 MB"),
    ],
)
def test_what_is_not_wanted_is_refused_at_once_in_words(
    app: Flask, alice: User, data: bytes, wanted: str, words: str
) -> None:
    with pytest.raises(FileRefused, match=words):
        added(alice, data, wanted=wanted)
    assert list(storage().names()) == []
    assert service.files_of(factories.owner(alice)) == []


def test_what_was_refused_may_be_tried_again(app: Flask, alice: User) -> None:
    data = picture()[:2000]
    file = ready(alice, data)
    assert (file.state, file.bytes) == ("refused", 0)
    assert "broken" in file.reason
    assert list(storage().names()) == []
    again = added(alice, data)
    assert (again.id, again.state, again.attempts) == (file.id, "waiting", 0)
    assert storage().exists(again.upload)


def test_a_file_goes_a_day_after_the_last_thing_that_shows_it(app: Flask, alice: User) -> None:
    kept, gone = ready(alice), ready(alice, HEIC)
    first, second = shows(alice, kept), shows(alice, kept)
    sweep_after(timedelta(hours=23))
    assert {file.id for file in service.files_of(factories.owner(alice))} == {kept.id, gone.id}
    sweep_after(timedelta(hours=25))
    assert service.files_of(factories.owner(alice)) == [kept]
    assert all(name.startswith(kept.folder) for name in storage().names())
    db.session.delete(first)
    db.session.commit()
    sweep_after(timedelta(hours=25))
    assert service.files_of(factories.owner(alice)) == [kept]
    db.session.delete(second)
    db.session.commit()
    sweep_after(timedelta(hours=25))
    assert service.files_of(factories.owner(alice)) == []
    assert list(storage().names()) == []


def test_what_is_used_again_starts_its_grace_time_anew(app: Flask, alice: User) -> None:
    file = ready(alice)
    removing.sweep()
    file.unused_since = now() - timedelta(hours=25)
    db.session.commit()
    assert added(alice).unused_since is None
    removing.sweep()
    assert service.files_of(factories.owner(alice)) == [file]


def test_who_leaves_takes_files_and_uploads_along(app: Flask, alice: User, bob: User) -> None:
    row_id, bobs = shows(alice, ready(alice)).id, ready(bob)
    begun = uploads.begin(factories.owner(alice), 100, "a.jpg")
    assert isinstance(begun, MediaUpload)
    uploads.append(factories.owner(alice), begun, 0, picture()[:60])
    accounts.delete_account(alice)
    assert all(name.startswith(bobs.folder) for name in storage().names())
    assert db.session.scalars(sa.select(MediaFile)).all() == [bobs]
    assert db.session.scalars(sa.select(MediaUpload)).all() == []
    assert db.session.scalar(sa.select(Service.file_id).where(Service.id == row_id)) is None


def test_what_was_cut_short_while_removing_is_done_by_the_next_sweep(app: Flask, alice: User) -> None:
    file = ready(alice)
    file.state, file.owner_id = "removed", None
    db.session.commit()
    assert service.find_any(file.id) is None or not file.is_ready
    removing.sweep()
    assert list(storage().names()) == []
    assert db.session.scalars(sa.select(MediaFile)).all() == []


def test_pages_that_show_a_file_are_drawn_anew_when_it_is_ready(app: Flask, alice: User) -> None:
    from vcardapp.public.models import PageChange

    row = shows(alice, added(alice))
    db.session.execute(sa.delete(PageChange))
    db.session.commit()
    assert work.work_on_waiting() == 1
    assert row.card_id in db.session.scalars(sa.select(PageChange.card_id)).all()


def test_what_never_arrived_and_what_killed_processes_left_is_removed_a_day_later(app: Flask, alice: User) -> None:
    """As if the process had been killed while it stored an upload, and another one while it worked on one."""
    lost = MediaFile(owner_id=alice.id, sha256="0" * 64, kind="picture", state="arriving", bytes=1000)
    db.session.add(lost)
    db.session.commit()
    storage().put(lost.upload, b"half of it, perhaps")
    left = app.config["SETTINGS"].data / "work" / "upload-x"
    left.mkdir(parents=True)
    (left / "file").write_bytes(b"x")
    removing.sweep()
    assert left.exists()
    assert storage().exists(lost.upload)
    assert service.files_of(factories.owner(alice)) == []
    lost.created_at -= timedelta(hours=25)
    db.session.commit()
    os.utime(left, (0, 0))
    removing.sweep()
    assert not left.exists()
    assert list(storage().names()) == []
    assert service.room_of(factories.owner(alice)).used == 0


class NoRoom(LocalStorage):
    def put_file(self, name: str, path: Path) -> None:
        with no_room():
            super().put_file(name, path)


def test_a_full_storage_leaves_no_trace(app: Flask, alice: User) -> None:
    fine = app.extensions["storage"]
    app.extensions["storage"] = NoRoom(fine.folder)
    with pytest.raises(StorageFull):
        added(alice)
    app.extensions["storage"] = fine
    assert service.room_of(factories.owner(alice)).used == 0
    assert list(storage().names()) == []
    assert added(alice).state == "waiting"
