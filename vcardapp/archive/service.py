"""Taking an account away as one file, and bringing such a file along."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import IO, Any

from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.archive import arrived, bringing
from vcardapp.archive.bringing import Told
from vcardapp.archive.reading import Arrived, read_archive
from vcardapp.archive.writing import archive_of, file_name
from vcardapp.media.service import Room, received, room_of
from vcardapp.storage import PART

__all__ = ["archive_of", "file_name"]  # a part of what the app does with archives


@dataclass(frozen=True, slots=True)
class Found:
    """What an archive holds, for its owner to see before anything is made of it."""

    email: str
    server: str
    written_at: str
    cards: list[dict[str, Any]]
    here: int  # of them, which are in the account already
    deleted: int
    counts: Counter[str]
    bytes: int
    room: Room

    @property
    def fits(self) -> bool:
        return self.bytes <= self.room.left

    @property
    def new(self) -> int:
        return len(self.cards) - self.here - self.deleted


def keep(user: User, source: IO[bytes]) -> None:
    """Keep a file that has arrived until its owner says what shall become of it; raise ArchiveRefused."""
    with received() as path:
        with path.open("wb") as file:
            while part := source.read(PART):
                file.write(part)
        with path.open("rb") as file:
            read_archive(file)
        arrived.keep(user.id, path)


def look(user: User) -> Found | None:
    """Return what is in the file that a person has brought, None without one; raise ArchiveRefused."""
    with arrived.opened(user.id) as source:
        return None if source is None else found_in(user, read_archive(source))


def found_in(user: User, archive: Arrived) -> Found:
    """Return what is in an archive that was read."""
    live = [card for card in archive.cards if not card.card["deleted_at"]]
    told = archive.head.get("account")
    return Found(
        email=_text(told.get("email") if isinstance(told, dict) else ""),
        server=_text(archive.head.get("server")),
        written_at=_text(archive.head.get("written_at"))[:10],
        cards=[card.card for card in archive.cards],
        here=len(bringing.uids_here(user.id, live)),
        deleted=len(archive.cards) - len(live),
        counts=archive.counts(),
        bytes=archive.bytes_of_files(),
        room=room_of(Owner(user_id=user.id)),
    )


def take(user: User, *, again: bool = False) -> Told | None:
    """Make cards of what a person has brought, None where that is gone; raise ArchiveRefused, and then nothing is made."""
    user_id = user.id
    with arrived.opened(user_id) as source:
        if source is None:
            return None
        told = bringing.bring(user, read_archive(source), again=again)
    arrived.forget(user_id)
    return told


def bring(user: User, source: IO[bytes], *, again: bool = False) -> Told:
    """Make cards of an archive at once, as the command does; raise ArchiveRefused."""
    return bringing.bring(user, read_archive(source), again=again)


def forget(user: User) -> None:
    """Remove the file that a person has brought."""
    arrived.forget(user.id)


def _text(value: object) -> str:
    return value[:255] if isinstance(value, str) else ""
