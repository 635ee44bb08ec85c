"""One suite for every place in which uploads can live: a folder, moto, Swift."""

from __future__ import annotations

import hashlib
import io
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.cases import each
from tests.media.makers import added, paper, picture, ready
from tests.processes import free_port
from tests.s3.conftest import SERVERS
from tests.test_access import full_card
from vcardapp.config import BadSetting
from vcardapp.media import addresses, work
from vcardapp.storage import Storage, StorageAway, make_storage, open_stored
from vcardapp.storage_s3 import S3Storage


def test_what_was_put_can_be_read_whole_and_in_parts(anywhere: Storage, tmp_path: Path) -> None:
    data = os.urandom(300_000)
    anywhere.put("files/4f2a/m.webp", data)
    (tmp_path / "file").write_bytes(data)
    anywhere.put_file("files/4f2a/l.webp", tmp_path / "file")
    for name in ("files/4f2a/m.webp", "files/4f2a/l.webp"):
        assert anywhere.open(name) == data
        assert anywhere.size(name) == len(data)
        assert anywhere.exists(name)
        assert anywhere.read(name, 0, 10) == data[:10]
        assert anywhere.read(name, 299_990, 500) == data[-10:]
        assert anywhere.read(name, 300_000, 5) == b""
        assert anywhere.read(name, 5, 0) == b""
    file = open_stored(anywhere, "files/4f2a/m.webp")
    assert file
    assert hashlib.sha256(io.BufferedReader(file).read()).digest() == hashlib.sha256(data).digest()
    assert file.seek(-3, io.SEEK_END) == 299_997
    assert file.read() == data[-3:]


def test_what_is_not_there_is_none(anywhere: Storage) -> None:
    anywhere.put("a/m.webp", b"x")
    for name in ("b", "a/m.web", "a/m.webp/x", "a"):
        assert anywhere.open(name) is None
        assert anywhere.read(name, 0, 5) is None
        assert anywhere.read(name, 0, 0) is None
        assert anywhere.size(name) is None
        assert not anywhere.exists(name)
    assert open_stored(anywhere, "b") is None


def test_putting_again_replaces(anywhere: Storage) -> None:
    for data in (b"first", b"", b"second, and longer"):
        anywhere.put("a/m.webp", data)
        assert anywhere.open("a/m.webp") == data
    assert list(anywhere.names()) == ["a/m.webp"]


def test_names_are_listed_by_folder_and_in_order(anywhere: Storage) -> None:
    for name in ("b/2", "a/b/2", "ab/3", "a/1"):
        anywhere.put(name, b"x")
    assert list(anywhere.names()) == ["a/1", "a/b/2", "ab/3", "b/2"]
    assert list(anywhere.names("a")) == ["a/1", "a/b/2"]
    assert list(anywhere.names("a/b")) == ["a/b/2"]
    assert list(anywhere.names("none")) == []


def test_deleting_removes_one_file_or_a_folder_and_may_be_repeated(anywhere: Storage) -> None:
    for name in ("a/1", "a/b/2", "ab/3"):
        anywhere.put(name, b"x")
    for _ in range(2):
        anywhere.delete("a/1")
        assert list(anywhere.names()) == ["a/b/2", "ab/3"]
    for _ in range(2):
        anywhere.delete_folder("a")
        assert list(anywhere.names()) == ["ab/3"]
    anywhere.tidy()
    assert list(anywhere.names()) == ["ab/3"]


@each("name", ["", "/etc/passwd", "../x", "a/../x", ".hidden", "a//b", "a/", "A", "a b", "é", "x" * 201])
def test_names_that_could_lead_elsewhere_are_refused(anywhere: Storage, name: str) -> None:
    acts: list[Callable[[str], object]] = [anywhere.open, anywhere.exists, anywhere.size, anywhere.delete]
    acts += [anywhere.delete_folder, lambda name: anywhere.put(name, b""), lambda name: anywhere.read(name, 0, 1)]
    for act in acts:
        if name or act != anywhere.delete_folder:
            with pytest.raises(ValueError, match="not a name"):
                act(name)


def test_many_at_once_are_all_there(anywhere: Storage) -> None:
    threads = [threading.Thread(target=anywhere.put, args=(f"a/{number}", b"%d" % number)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [anywhere.open(f"a/{number}") for number in range(12)] == [b"%d" % number for number in range(12)]


def test_the_app_keeps_cards_pictures_and_papers_in_a_bucket(
    make_app: Callable[..., Flask], bucket: str
) -> None:
    app = make_app(storage=bucket)
    with app.app_context():
        alice = factories.alice()
        card = full_card(alice)
        client = app.test_client()
        for form in ("webp", "avif"):
            answer = client.get(f"/media/{card.draft.photo}/m.{form}")
            assert answer.status_code == 200
            assert client.get(f"/media/{card.draft.photo}/m.{form}").data == answer.data
        file, leaflet = added(alice), ready(alice, paper())
        assert work.work_on_waiting() == 0
        assert file.is_ready
        from tests.media.test_views import shown

        shown(alice, file)
        shown(alice, leaflet, "other")
        assert client.get(addresses.url_of(file, 320)).data
        part = client.get(addresses.paper_url(leaflet), headers={"Range": "bytes=10-19"})
        assert (part.status_code, part.data) == (206, paper()[10:20])
        assert not (app.config["SETTINGS"].media).exists()
        app.extensions["storage"].client.close()


def test_a_server_that_is_away_is_said_kindly_and_nothing_is_half_stored(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 16.5.2."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    app = make_app(storage=f"s3://bucket?endpoint=http://127.0.0.1:{free_port()}")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        alice = factories.alice()
        with pytest.raises(StorageAway):
            added(alice)
        from vcardapp.accounts.service import make_sign_in_link

        browser = app.test_client()
        browser.get(make_sign_in_link(alice))
        answer = browser.post("/media/files", data={"file": (io.BytesIO(picture()), "a.jpg")})
        assert answer.status_code == 503
        assert "cannot save right now" in answer.text
        assert "Nothing here yet" in browser.get("/media/files").text
        app.extensions["storage"].client.close()


def test_a_bucket_that_is_missing_is_a_storage_that_is_away(s3: S3Storage) -> None:
    missing = S3Storage(f"s3://no-such-bucket-here?endpoint={s3.endpoint}")
    with pytest.raises(StorageAway, match="NoSuchBucket"):
        missing.put("a", b"x")
    missing.client.close()


if "swift" in SERVERS:  # moto believes every key

    def test_a_wrong_key_is_a_storage_that_is_away(
        request: pytest.FixtureRequest, make_bucket: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = make_bucket(request.getfixturevalue("swift_server"))
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
        storage = S3Storage(url)
        for act in (lambda: storage.put("a", b"x"), lambda: storage.open("a"), lambda: list(storage.names())):
            with pytest.raises(StorageAway, match="SignatureDoesNotMatch|403"):
                act()
        storage.client.close()


@pytest.mark.parametrize("url", ["s3://", "s3:///x", "s3://bucket?end=x", "s3://bucket?endpoint=http://x&more=1"])
def test_addresses_that_make_no_sense_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="VCARDAPP_STORAGE"):
        make_storage(url, tmp_path)
