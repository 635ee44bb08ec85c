import errno
import itertools
import os
import subprocess
import sys
import threading

import pytest

from vcardapp.storage import LocalStorage, StorageFull


@pytest.fixture
def storage(tmp_path):
    return LocalStorage(tmp_path / "media")


def files_in(storage):
    return sorted(str(path.relative_to(storage.folder)) for path in storage.folder.rglob("*") if path.is_file())


def test_what_was_put_can_be_opened(storage):
    storage.put("cards/4f2a/m.webp", b"picture")
    assert storage.open("cards/4f2a/m.webp") == b"picture"
    assert storage.exists("cards/4f2a/m.webp")


def test_putting_again_replaces_and_leaves_one_file(storage):
    storage.put("a/m.webp", b"first")
    storage.put("a/m.webp", b"second")
    assert storage.open("a/m.webp") == b"second"
    assert files_in(storage) == ["a/m.webp"]


def test_what_is_not_there_is_none(storage):
    storage.put("a/m.webp", b"x")
    for name in ("b", "a", "a/m.webp/x", "a/l.webp"):
        assert storage.open(name) is None
        assert not storage.exists(name)


def test_deleting_removes_one_file_or_a_folder_and_may_be_repeated(storage):
    for name in ("a/1", "a/b/2", "ab/3"):
        storage.put(name, b"x")
    storage.delete("a/1")
    storage.delete("a/1")
    assert files_in(storage) == ["a/b/2", "ab/3"]
    storage.delete_folder("a")
    storage.delete_folder("a")
    assert files_in(storage) == ["ab/3"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../x",
        "a/..",
        "a..b",
        ".hidden",
        "a/.x",
        "a//b",
        "a/",
        "A",
        "a b",
        "a\\b",
        "a\n",
        "é",
    ]
    + ["a\0b", "x" * 201, "~root"],
)
def test_names_that_could_lead_elsewhere_are_refused(storage, name):
    for act in (
        storage.open,
        storage.exists,
        storage.delete,
        storage.delete_folder,
        lambda name: storage.put(name, b""),
    ):
        with pytest.raises(ValueError, match="not a name"):
            act(name)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_keeps_the_old_file_and_nothing_of_the_new_one(storage, monkeypatch, number):
    storage.put("a/m.webp", b"old")

    def full(_handle):
        raise OSError(number, "no room")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        storage.put("a/m.webp", b"new")
    with pytest.raises(StorageFull):
        storage.put("a/other.webp", b"new")
    assert files_in(storage) == ["a/m.webp"]
    assert storage.open("a/m.webp") == b"old"


def test_other_troubles_of_the_disk_are_not_called_full(storage):
    storage.put("a", b"a file")
    with pytest.raises(OSError, match="a"):
        storage.put("a/b", b"below a file")


def test_a_process_killed_while_writing_leaves_the_old_or_the_new_file_whole(storage):
    storage.put("a/big", b"0" * 3_000_000)
    writer = (
        "import sys, pathlib; from vcardapp.storage import LocalStorage; s = LocalStorage(pathlib.Path(sys.argv[1]))\n"
    )
    writer += "print(flush=True)\nwhile True:\n for c in (b'1', b'2'): s.put('a/big', c * 3_000_000)"
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", writer, storage.folder], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            while storage.open("a/big")[:1] == b"0":
                pass
            process.kill()
        found = storage.open("a/big")
        assert len(found) == 3_000_000
        assert len(set(found)) == 1
        storage.put("a/big", b"0" * 3_000_000)


def test_files_are_listed_while_others_remove_folders(storage):
    kept = storage
    for number in range(20):
        kept.put(f"{number:02}/a/l.webp", b"x")
    done = threading.Event()

    def replace_folders():
        for number in itertools.cycle(range(1, 20)):
            kept.delete_folder(f"{number:02}")
            kept.put(f"{number:02}/a/l.webp", b"x")
            if done.is_set():
                return

    other = threading.Thread(target=replace_folders)
    other.start()
    try:
        for _ in range(40):
            assert "00/a/l.webp" in list(kept.names())
            kept.tidy()
    finally:
        done.set()
        other.join()
