"""Uploads in parts: gone on with after a lost connection, harmless when repeated, whole or not at all."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.media.makers import added, picture
from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.db import db
from vcardapp.media import service, uploads
from vcardapp.media.models import MediaFile, MediaUpload
from vcardapp.media.service import FileRefused
from vcardapp.storage import storage

DATA = picture(600, 500, "PNG")


@pytest.fixture
def owner(alice: User) -> Owner:
    return factories.owner(alice)


def begun(owner: Owner, data: bytes = DATA, sha256: str = "") -> MediaUpload:
    upload = uploads.begin(owner, len(data), "boat.png", sha256)
    assert isinstance(upload, MediaUpload)
    return upload


def test_parts_become_one_file(app: Flask, owner: Owner) -> None:
    upload = begun(owner, sha256=hashlib.sha256(DATA).hexdigest().upper())
    assert uploads.append(owner, upload, 0, DATA[:700]) is None
    assert uploads.append(owner, upload, 700, DATA[700:1000]) is None
    assert (upload.received, service.room_of(owner).used) == (1000, len(DATA))
    file = uploads.append(owner, upload, 1000, DATA[1000:])
    assert file is not None
    assert storage().open(file.upload) == DATA
    assert service.room_of(owner).used == len(DATA)
    assert list(storage().names("uploads")) == []
    assert uploads.file_of(owner, upload) is file


def test_repeated_parts_change_nothing_and_wrong_ones_are_told_where_it_stands(app: Flask, owner: Owner) -> None:
    upload = begun(owner)
    for _ in range(2):
        uploads.append(owner, upload, 0, DATA[:800])
        assert upload.received == 800
    for offset, data in ((801, DATA[801:]), (0, DATA[:900]), (799, DATA[799:]), (800, DATA[800:] + b"x")):
        with pytest.raises(uploads.NotHere) as told:
            uploads.append(owner, upload, offset, data)
        assert told.value.offset == 800
    assert len(list(storage().names("uploads"))) == 1
    file = uploads.append(owner, upload, 800, DATA[800:])
    assert uploads.append(owner, upload, 800, DATA[800:]) is file  # the answer was lost, the browser asks again
    assert uploads.append(owner, upload, len(DATA), b"") is file


def test_an_upload_whose_last_answer_never_came_is_finished_by_asking_again(app: Flask, owner: Owner) -> None:
    upload = begun(owner)
    uploads._store_part(upload, 0, DATA)  # and then the process was killed
    file = uploads.append(owner, upload, len(DATA), b"")
    assert file is not None
    assert storage().open(file.upload) == DATA


def test_the_same_bytes_need_not_be_sent_again(app: Flask, owner: Owner, alice: User) -> None:
    file = added(alice, DATA)
    assert uploads.begin(owner, len(DATA), "again.png", hashlib.sha256(DATA).hexdigest()) == file
    upload = begun(owner)
    assert uploads.append(owner, upload, 0, DATA) == file
    assert [name for name in storage().names() if name.endswith("upload")] == [file.upload]


def test_what_was_damaged_on_its_way_is_not_kept(app: Flask, owner: Owner) -> None:
    upload = begun(owner, sha256=hashlib.sha256(DATA).hexdigest())
    with pytest.raises(FileRefused, match="damaged"):
        uploads.append(owner, upload, 0, DATA[:-1] + b"x")
    assert list(storage().names()) == []
    assert uploads.find_upload(owner, upload.id) is None


@pytest.mark.parametrize(
    ("size", "wanted", "words"), [(0, "", "empty"), (150_000_001, "", "150 MB"), (50_000_001, "paper", "50 MB")]
)
def test_sizes_that_are_too_much_are_refused_before_a_byte_is_sent(
    app: Flask, owner: Owner, size: int, wanted: str, words: str
) -> None:
    with pytest.raises(FileRefused, match=words):
        uploads.begin(owner, size, "a", wanted=wanted)


def test_what_is_no_picture_is_refused_with_its_first_part(app: Flask, owner: Owner) -> None:
    upload = begun(owner, b"x" * 5000)
    with pytest.raises(FileRefused, match="neither"):
        uploads.append(owner, upload, 0, b"x" * 1000)
    assert list(storage().names()) == []
    assert service.room_of(owner).used == 0


def test_uploads_under_way_are_bounded(app: Flask, owner: Owner, bob: User) -> None:
    for _ in range(uploads.MOST_OPEN):
        begun(owner)
    with pytest.raises(uploads.TooManyUploads):
        begun(owner)
    assert begun(factories.owner(bob))


def test_uploads_are_cancelled_or_forgotten_after_two_days(app: Flask, owner: Owner, bob: User) -> None:
    first, second, third = begun(owner), begun(owner), begun(owner)
    for upload in (first, second, third):
        uploads.append(owner, upload, 0, DATA[:100])
    assert uploads.find_upload(factories.owner(bob), first.id) is None
    uploads.cancel(first)
    second.touched_at -= timedelta(hours=49)
    third.touched_at -= timedelta(hours=47)
    db.session.commit()
    uploads.sweep()
    assert db.session.scalars(sa.select(MediaUpload)).all() == [third]
    assert all(name.startswith(third.folder) for name in storage().names())


def test_the_same_part_from_two_tabs_at_once_counts_once(app: Flask, owner: Owner) -> None:
    upload_id = begun(owner).id
    told: list[object] = []

    def send() -> None:
        with app.app_context():
            upload = uploads.find_upload(owner, upload_id)
            assert upload
            try:
                told.append(uploads.append(owner, upload, 0, DATA))
            except uploads.NotHere as problem:
                told.append(problem.offset)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = db.session.scalars(sa.select(MediaFile)).all()
    assert len(told) == 4
    assert len(files) == 1
    assert storage().open(files[0].upload) == DATA
    assert [name for name in storage().names() if name.startswith("files/")] == [files[0].upload]
