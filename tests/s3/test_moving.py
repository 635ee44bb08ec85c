"""vcardapp media move: interrupted and started again, with checksums, and said in figures."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path

import pytest

from tests.cases import FULL
from tests.processes import PROGRAM, environment, free_port
from vcardapp.media.moving import copy_all
from vcardapp.storage import LocalStorage, StorageAway
from vcardapp.storage_s3 import S3Storage


@pytest.fixture
def here(tmp_path: Path) -> LocalStorage:
    """A media folder with 40 files of many sizes."""
    storage = LocalStorage(tmp_path / "data" / "media")
    for number in range(40):
        storage.put(f"files/{number:02}/m.webp", random.Random(number).randbytes(number * 997))
    return storage


def same(one: LocalStorage, other: LocalStorage | S3Storage) -> bool:
    return list(one.names()) == list(other.names()) and all(one.open(name) == other.open(name) for name in one.names())


def move(here: LocalStorage, *arguments: str, code: int = 0) -> str:
    env = environment(here.folder.parent, free_port())
    done = subprocess.run([PROGRAM, "media", "move", *arguments], env=env, capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def test_everything_is_copied_there_and_back(here: LocalStorage, bucket: str, s3: S3Storage, tmp_path: Path) -> None:
    assert move(here, "--to", bucket).endswith("40 files copied (0.8 MB), 0 were there already, 0 failed.\n")
    assert same(here, s3)
    assert move(here, "--to", bucket).endswith("0 files copied (0.0 MB), 40 were there already, 0 failed.\n")
    back = f"file://{tmp_path / 'back'}"
    assert "40 files copied" in move(here, "--from", bucket, "--to", back)
    assert same(here, LocalStorage(tmp_path / "back"))


def test_what_differs_at_the_target_is_copied_anew(here: LocalStorage, tmp_path: Path) -> None:
    target = LocalStorage(tmp_path / "there")
    list(copy_all(here, target))
    target.put("files/07/m.webp", b"x" * (7 * 997))  # as long, but other bytes
    target.put("files/08/m.webp", b"short")
    target.delete("files/09/m.webp")
    results = [result for _, result, _ in copy_all(here, target)]
    assert (results.count("copied"), results.count("there")) == (3, 37)
    assert same(here, target)


class Losing(LocalStorage):
    """A disk that keeps other bytes than it was given."""

    def put_file(self, name: str, path: Path) -> None:
        self.put(name, path.read_bytes()[:-1] + b"?")


def test_bytes_that_arrive_changed_are_noticed(here: LocalStorage, tmp_path: Path) -> None:
    results = {result for _, result, size in copy_all(here, Losing(tmp_path / "there")) if size}
    assert results == {"differs"}


def test_killed_at_any_moment_it_goes_on_where_it_was(here: LocalStorage, bucket: str, s3: S3Storage) -> None:
    env = environment(here.folder.parent, free_port())
    for _ in range(6 if FULL else 2):
        with subprocess.Popen([PROGRAM, "media", "move", "--to", bucket], env=env, stdout=subprocess.DEVNULL) as process:
            time.sleep(random.uniform(0.6, 1.2))
            process.kill()
        for name in s3.names():
            assert s3.open(name) == here.open(name)
    assert "0 failed" in move(here, "--to", bucket)
    assert same(here, s3)


def test_a_storage_that_does_not_answer_is_said_in_a_sentence(here: LocalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    url = f"s3://bucket?endpoint=http://127.0.0.1:{free_port()}"
    assert "does not answer" in move(here, "--to", url, code=1)
    assert "must look like" in move(here, "--to", "s3://b?x=y", code=1)
    storage = S3Storage(url)
    with pytest.raises(StorageAway):
        storage.open("a")
    storage.client.close()


@pytest.mark.parametrize(("option", "where"), [("--to", "s3://bucket?endpoint=nowhere"), ("--from", "folder")])
def test_a_place_that_cannot_be_meant_names_the_option(option: str, where: str, here: LocalStorage, tmp_path: Path) -> None:
    other = ["--to", f"file://{tmp_path}/there"] if option == "--from" else []
    assert move(here, option, where, *other, code=1).startswith(f"{option} must look like s3://bucket")


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(here: LocalStorage) -> None:
    assert move(here, "--to", "file:///proc/nowhere", code=1) == "/proc/nowhere cannot be used: No such file or directory.\n"
