"""What is damaged, hostile, newer, or comes where something is already, is refused in a sentence, and nothing is kept of it."""

from __future__ import annotations

import gzip
import io
import json
import os
import stat
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.operations.filling import engine_of, fill_every_table
from tests.processes import DATABASE, environment, prepare
from tests.test_run import here as run_here
from vcardapp.config import Settings
from vcardapp.operations import rows
from vcardapp.operations.backup import write_backup
from vcardapp.operations.parcel import Damaged, Packer, Sums, members
from vcardapp.operations.restore import NotEmpty, restore
from vcardapp.operations.rows import DoesNotFit
from vcardapp.storage import LocalStorage, StorageFull
from vcardapp.upgrade import migrate, newest_revision, stored_revision

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup with rows in every table and two files."""
    settings = empty(tmp_path_factory.mktemp("whole"))
    prepare(settings.data)
    fill_every_table(settings.database_url)
    for name in ("a/l.webp", "b/l.webp"):
        LocalStorage(settings.media).put(name, os.urandom(3000))
    file = io.BytesIO()
    write_backup(settings, file, with_secrets=True)
    return file.getvalue()


def empty(folder: Path) -> Settings:
    return Settings(data=folder, database_url=f"sqlite:///{folder / DATABASE}", url="http://localhost", secret_key="k" * 40)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Settings]:
    """An empty installation, and afterwards still an empty one that can be used."""
    settings = empty(tmp_path)
    yield settings
    if stored_revision(settings.database_url):
        with rows.snapshot(settings.database_url) as connection:
            assert rows.count_rows(connection) == {}
        assert stored_revision(settings.database_url) == newest_revision()
    assert list(LocalStorage(settings.media).names()) == []
    assert not (settings.data / "secret").exists()


def unpacked(data: bytes) -> Files:
    return {member.name: member.whole(10**8) for member in members(io.BytesIO(data), Sums())}


def packed(files: Files, honest: bool = True) -> io.BytesIO:
    """Pack files again, with a manifest that fits them if that is wished."""
    out = io.BytesIO()
    packer = Packer(out)
    manifest = json.loads(files["manifest.json"])
    for name, data in files.items():
        if name == "manifest.json":
            kept = {**manifest, "sums": packer.sums.all()} if honest else manifest
            data = json.dumps(kept).encode()
        packer.add_bytes(name, data)
    packer.close()
    return io.BytesIO(out.getvalue())


def test_the_whole_one_is_taken(whole: bytes, tmp_path: Path) -> None:
    assert restore(empty(tmp_path), io.BytesIO(whole), False).files == 2
    assert (tmp_path / "secret").read_text() == "k" * 40


def test_what_stands_in_a_backup_moves_no_cursor(whole: bytes, tmp_path: Path) -> None:
    files = unpacked(whole)
    settings = {"VCARDAPP_OPERATOR": "Ada\x1b[2J\nsudo evil", "\x1b]0;x\x07": "1"}
    changes = {"fits": with_json("settings.json", **settings), "newer": with_json("backup.json", format=2, vcardapp="\x1b[2J")}
    for name, change in changes.items():
        file = tmp_path / name
        file.write_bytes(packed(change(files)).read())
        env = environment(tmp_path / f"data {name}", 8000)
        said = run_here(env, "restore", str(file)).stderr.decode()
        assert "\\x1b[2J" in said
        assert "\x1b" not in said
        assert "\nsudo" not in said
    assert stat.S_IMODE((tmp_path / "data fits").stat().st_mode) == 0o700


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.7, 0.99, 0.9999])
def test_one_that_was_cut_off_is_refused(whole: bytes, here: Settings, share: float) -> None:
    with pytest.raises(Damaged, match="cut off"):
        restore(here, io.BytesIO(whole[: int(len(whole) * share)]), False)


def test_one_bit_that_is_wrong_is_found(whole: bytes, here: Settings) -> None:
    for place in range(100, len(whole), len(whole) // 12):
        damaged = bytearray(whole)
        damaged[place] ^= 4
        with pytest.raises((Damaged, DoesNotFit)):
            restore(here, io.BytesIO(bytes(damaged)), False)


NO_BACKUPS = {
    "empty": b"", "a word": b"hello", "noise": os.urandom(5000), "words": gzip.compress(b"hello" * 500),
    "zeros": gzip.compress(bytes(100_000)),
}  # fmt: skip


@pytest.mark.parametrize("data", NO_BACKUPS.values(), ids=NO_BACKUPS)
def test_what_is_no_backup_is_refused(data: bytes, here: Settings) -> None:
    with pytest.raises(Damaged):
        restore(here, io.BytesIO(data), False)


def changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[Files], Files]:
    return lambda files: {key: change(value) if key == name else value for key, value in files.items()}


def put_before_database(name: str) -> Callable[[Files], Files]:
    def put(files: Files) -> Files:
        made: Files = {}
        for key, value in files.items():
            if key == "database.json":
                made[name] = b"evil"
            made[key] = value
        return made

    return put


def with_json(name: str, **values: object) -> Callable[[Files], Files]:
    return changed(name, lambda data: json.dumps({**json.loads(data), **values}).encode())


USERS = "database/users/000001.jsonl"
HOSTILE: dict[str, tuple[Callable[[Files], Files], str]] = {
    "way out": (put_before_database("media/../../evil"), "does not belong there"),
    "from the root": (put_before_database("/etc/passwd"), "does not belong there"),
    "hidden": (put_before_database("media/.hidden"), "does not belong there"),
    "large letters": (put_before_database("media/A/../b"), "does not belong there"),
    "no name": (put_before_database("media/"), "does not belong there"),
    "newer format": (with_json("backup.json", format=2), "cannot read: install that one"),
    "newer release": (with_json("database.json", revision="9999"), "made by a newer vcardapp"),
    "no release": (with_json("database.json", revision="; DROP"), "does not say which release"),
    "no tables": (with_json("database.json", tables=[1]), "tables are not described"),
    "header is no JSON": (changed("backup.json", lambda _: b"{"), "its backup.json cannot be read"),
    "header is a list": (changed("backup.json", lambda _: b"[]"), "its backup.json cannot be read"),
    "deep JSON": (changed("settings.json", lambda _: b"[" * 100_000), "its settings.json cannot be read"),
    "row is no JSON": (changed(USERS, lambda data: data[:-5]), "a row of users that cannot be read"),
    "row is short": (changed(USERS, lambda data: b"[1]\n" + data), "a row of users that cannot be read"),
    "row of wrong sorts": (changed(USERS, lambda data: data.replace(b"true", b'"yes"')), "a row of users that cannot be read"),
    "row too many": (changed(USERS, lambda data: data + data.splitlines(True)[0]), "rows is not what its manifest says"),
    "rows left out": (lambda files: {key: value for key, value in files.items() if key != USERS}, "rows is not what"),
    "part out of order": (
        lambda files: {USERS.replace("1.", "2.") if key == USERS else key: value for key, value in files.items()},
        "not where it should be",
    ),
    "table that is not described": (
        lambda files: {"database/evil/000001.jsonl" if key == USERS else key: value for key, value in files.items()},
        "not where it should be",
    ),
    "something after the end": (lambda files: {**files, "x.json": b"{}"}, "not in their order"),
    "no header": (lambda files: {key: value for key, value in files.items() if key != "backup.json"}, "not in their order"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_in_a_sentence(name: str, whole: bytes, here: Settings) -> None:
    change, sentence = HOSTILE[name]
    with pytest.raises((Damaged, DoesNotFit), match=sentence):
        restore(here, packed(change(unpacked(whole))), False)
    assert not (here.data.parent / "evil").exists()


def test_checksums_that_do_not_fit_are_named(whole: bytes, here: Settings) -> None:
    files = unpacked(whole)
    for name, section in (("media/a/l.webp", "media"), ("settings.json", "settings.json")):
        data = bytes(reversed(files[name])) if name.startswith("media") else b"{}"
        with pytest.raises(Damaged, match=f"damaged: {section} is not what its manifest says"):
            restore(here, packed({**files, name: data}, honest=False), False)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}, "no plain file"),
        ({"type": tarfile.LNKTYPE, "linkname": "backup.json"}, "no plain file"),
        ({"type": tarfile.DIRTYPE}, "no plain file"),
        ({"type": tarfile.CHRTYPE}, "no plain file"),
        ({"type": tarfile.GNUTYPE_LONGNAME, "size": 8_000_000_000}, "no plain file"),
        ({"type": tarfile.XHDTYPE, "size": 8_000_000_000}, "no plain file"),
        ({"size": 8_000_000_000}, "more than can be"),
        ({"size": 1_500_000_000, "name": "backup.json"}, "more than can be"),
    ],
    ids=["symlink", "hard link", "folder", "device", "long name", "pax", "huge", "huge list"],
)
def test_only_plain_files_of_some_size_are_read(change: dict[str, object], sentence: str, here: Settings) -> None:
    info = tarfile.TarInfo("media/a/l.webp")
    for key, value in change.items():
        setattr(info, key, value)
    first = tarfile.TarInfo("backup.json")
    first.size = len(b'{"format": 1, "vcardapp": "1"}')
    block = first.tobuf(tarfile.USTAR_FORMAT) + b'{"format": 1, "vcardapp": "1"}'.ljust(512, b"\0")
    start = b"" if info.name == "backup.json" else block
    data = gzip.compress(start + info.tobuf(tarfile.GNU_FORMAT) + bytes(10_000))
    with pytest.raises(Damaged, match=sentence):
        restore(here, io.BytesIO(data), False)


def test_a_bomb_is_not_unpacked_into_memory_or_disk(here: Settings) -> None:
    import tracemalloc

    info = tarfile.TarInfo("media/a/l.webp")
    info.size = 300_000_000
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as file:
        first = tarfile.TarInfo("backup.json")
        first.size = len(b'{"format": 1, "vcardapp": "1"}')
        file.write(first.tobuf(tarfile.USTAR_FORMAT) + b'{"format": 1, "vcardapp": "1"}'.ljust(512, b"\0"))
        file.write(info.tobuf(tarfile.USTAR_FORMAT))
        for _ in range(60):
            file.write(bytes(1_000_000))
    tracemalloc.start()
    with pytest.raises(Damaged, match="cut off"):
        restore(here, io.BytesIO(out.getvalue()), False)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_nothing_is_overwritten(whole: bytes, tmp_path: Path) -> None:
    used = empty(tmp_path)
    restore(used, io.BytesIO(whole), False)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(NotEmpty, match="holds .* rows already"):
        restore(used, io.BytesIO(whole), False)
    other = replace(used, database_url=f"sqlite:///{tmp_path / 'other'}")
    (used.media / "c").mkdir()
    (used.media / "c/l.webp").write_bytes(b"somebody's")
    with pytest.raises(NotEmpty, match="1 files that are not in the backup"):
        restore(other, io.BytesIO(whole), False)
    (used.media / "c/l.webp").rename(used.media / "a/l.webp")
    with pytest.raises(NotEmpty, match="holds another a/l.webp already"):
        restore(other, io.BytesIO(whole), False)
    assert (used.media / "a/l.webp").read_bytes() == b"somebody's"
    assert {path for path in before if path.exists() and path.read_bytes() != before[path]} == {used.media / "a/l.webp"}


def test_one_that_was_killed_can_be_begun_again(whole: bytes, tmp_path: Path) -> None:
    files = unpacked(whole)
    LocalStorage(tmp_path / "media").put("a/l.webp", files["media/a/l.webp"])  # as far as it came
    migrate(f"sqlite:///{tmp_path / DATABASE}", "head")
    assert restore(empty(tmp_path), io.BytesIO(whole), False).files == 2
    assert (tmp_path / "media/b/l.webp").read_bytes() == files["media/b/l.webp"]


def test_where_the_disk_is_full_nothing_is_left(whole: bytes, here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    put, calls = LocalStorage.put_file, iter(range(10))

    def full(storage: LocalStorage, name: str, path: Path) -> None:
        if next(calls):
            raise StorageFull(name)
        put(storage, name, path)

    monkeypatch.setattr(LocalStorage, "put_file", full)
    with pytest.raises(StorageFull):
        restore(here, io.BytesIO(whole), False)


def test_rows_that_another_database_refuses_are_named_and_undone(whole: bytes, here: Settings) -> None:
    files = unpacked(whole)
    table = "database/card_codes/000001.jsonl"
    listed = [json.loads(line) for line in files[table].splitlines()]
    described = json.loads(files["database.json"])["tables"]
    columns = [column["name"] for table in described if table["name"] == "card_codes" for column in table["columns"]]
    listed[0][columns.index("card_id")] = "0" * 32  # nobody's
    files[table] = b"".join(json.dumps(row).encode() + b"\n" for row in listed)
    with pytest.raises(DoesNotFit, match="refer to nothing"):
        restore(here, packed(files), False)


def test_a_key_that_was_here_stays_as_an_old_one(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a key that another database needs\n")
    restore(empty(tmp_path), io.BytesIO(whole), secret_is_set=False)
    assert (tmp_path / "secret").read_text().splitlines() == ["k" * 40, "a key that another database needs"]


def test_a_secret_that_is_set_stays(whole: bytes, tmp_path: Path) -> None:
    restore(empty(tmp_path), io.BytesIO(whole), secret_is_set=True)
    assert not (tmp_path / "secret").exists()


def test_postgresql_undoes_all_as_well(whole: bytes, tmp_path: Path, postgresql: str) -> None:
    from tests.conftest import new_postgresql_database

    settings = replace(empty(tmp_path), database_url=new_postgresql_database(postgresql))
    files = unpacked(whole)
    name = "database/card_codes/000001.jsonl"
    files[name] = files[name].replace(b'"', b'"\\u0000', 1)
    with pytest.raises(DoesNotFit, match="A row of card_codes cannot be stored here"):
        restore(settings, packed(files), False)
    with engine_of(settings.database_url).connect() as connection:
        assert rows.count_rows(connection) == {}
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == newest_revision()
    assert list(LocalStorage(settings.media).names()) == []
