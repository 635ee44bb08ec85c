"""What an archive holds, made into cards of an account here: beside what is there, whole or not at all."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.archive import publishing, tables
from vcardapp.archive.new_rows import Ids, new_row, with_pictures
from vcardapp.archive.reading import ODD_ROWS, Arrived, ArrivedCard
from vcardapp.archive.refused import ArchiveRefused
from vcardapp.archive.writing import file_in_archive
from vcardapp.cards import pictures
from vcardapp.cards.models import Card
from vcardapp.db import db, now
from vcardapp.i18n import N_
from vcardapp.images_reading import PictureRefused
from vcardapp.media import service as media
from vcardapp.media.models import MediaFile
from vcardapp.media.removing import is_used, remove_files
from vcardapp.storage import storage

MOST_PICTURE = 15_000_000  # bytes
AT_ONCE = 500  # rows
MOST_REMINDED = 100  # people with appointments to come, of each card
NO_ROOM = N_("Your account has no room for the pictures and papers in this archive. Nothing was taken.")
NOT_TOGETHER = N_("Something in this archive does not fit together, such as two appointments at one time. Nothing was taken.")
NOT_MADE = {"card_addresses", "card_codes", "pictures", "take_downs"}  # made otherwise, or not at all
MADE = [name for names in tables.OF_A_CARD.values() for name in names if name not in NOT_MADE]


@dataclass(slots=True)
class Told:
    """What became of an archive."""

    cards: list[publishing.Made] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)  # here already, deleted, pictures, files, calendars, codes, domains


def bring(user: User, arrived: Arrived, *, again: bool = False) -> Told:
    """Make cards of an archive; those that are here already only where they are wanted `again`. Raise ArchiveRefused."""
    user_id, told = user.id, Told()
    wanted = _wanted(user_id, arrived, told, again=again)
    told.left_out["domains"] = len(arrived.head.get("domains") or ())
    made: list[publishing.Wish] = []
    with _all_or_nothing() as kept, db.session.no_autoflush:
        ids = _files(Owner(user_id=user_id), arrived, wanted, kept, told)
        for card, uid in wanted:
            made.append(_make(user_id, arrived, card, uid, {**ids}, kept, told))
        told.cards = [publishing.publish(wish, told.left_out) for wish in made]
        db.session.commit()
    for stored in told.cards:
        publishing.check_looks(stored, told.left_out)
    return told


def uids_here(user_id: uuid.UUID, cards: list[ArrivedCard]) -> set[uuid.UUID]:
    """Return which of these cards the account has already, whether they were made here or brought before."""
    asked = {found: card.card["uid"] for card in cards for found in (card.card["uid"], _brought(user_id, card))}
    mine = sa.select(Card.uid).where(Card.owner_id == user_id, Card.erased_at.is_(None))
    return {asked[uid] for uid in db.session.scalars(mine) if uid in asked}


def _brought(user_id: uuid.UUID, card: ArrivedCard) -> uuid.UUID:
    """Return the UID that a card gets where its own is taken: always the same, so that it is known when it comes again."""
    return uuid.uuid5(user_id, str(card.card["uid"]))


def _wanted(user_id: uuid.UUID, arrived: Arrived, told: Told, *, again: bool) -> list[tuple[ArrivedCard, uuid.UUID]]:
    """Return the cards to make with their UIDs."""
    here = uids_here(user_id, arrived.cards)
    asked = [uid for card in arrived.cards for uid in (card.card["uid"], _brought(user_id, card))]
    taken = set(db.session.scalars(sa.select(Card.uid).where(Card.uid.in_(asked))))
    found: dict[uuid.UUID, ArrivedCard] = {}
    for card in arrived.cards:
        uid = card.card["uid"]
        if card.card["deleted_at"]:
            told.left_out["deleted"] += 1
        elif uid in here and not again:
            told.left_out["here already"] += 1
        else:
            uids = (uid, _brought(user_id, card), uuid.uuid4())
            found[next(one for one in uids if one not in taken and one not in found)] = card
    return [(card, uid) for uid, card in found.items()]


@contextmanager
def _all_or_nothing() -> Iterator[list[str]]:
    """Take away again what was stored where not all of it can be; what is noted are ids of pictures and files."""
    kept: list[str] = []
    try:
        yield kept
    except BaseException as problem:
        db.session.rollback()
        for name in kept:
            storage().delete_folder(name)
        remove_files(sa.and_(MediaFile.id.in_(kept), ~is_used()))  # the same archive may just have been taken in another tab
        if isinstance(problem, SQLAlchemyError) and not isinstance(problem, sa.exc.OperationalError):
            raise ArchiveRefused(NOT_TOGETHER) from problem
        raise


def _files(
    owner: Owner, arrived: Arrived, wanted: list[tuple[ArrivedCard, uuid.UUID]], kept: list[str], told: Told
) -> Ids:
    """Take in the pictures and papers that the cards show, through the checks of every upload."""
    rows = [row for card, _uid in wanted for some in card.rows.values() for row in some]
    named = {row.get(name) for row in rows for name in ("file_id", "picture")}
    ids: Ids = {}
    before = set(db.session.scalars(sa.select(MediaFile.id).where(MediaFile.owner_id == owner.user_id)))
    for row in arrived.files:
        source = arrived.open(f"files/{file_in_archive(row['id'], row['kind'], row['state'])}") if row["id"] in named else None
        if source is None:
            continue
        try:
            file = media.add_file(owner, source, row["name"])
        except media.FileRefused:
            told.left_out["files"] += 1
            continue
        except media.AccountFull as problem:
            raise ArchiveRefused(NO_ROOM) from problem
        except Exception as problem:  # the zip itself is damaged
            if type(problem).__module__ in ("zlib", "zipfile") or isinstance(problem, EOFError):
                raise ArchiveRefused(ODD_ROWS, file=f"files/{row['id']}") from problem
            raise
        ids["media_files", row["id"]] = file.id
        if file.id not in before:
            kept.append(file.id)
            told.counts["media_files"] += 1
    return ids


def _make(
    user_id: uuid.UUID, arrived: Arrived, card: ArrivedCard, uid: uuid.UUID, ids: Ids,
    kept: list[str], told: Told,
) -> publishing.Wish:  # fmt: skip
    """Put a card with all its rows into the transaction: as a draft, to be published at its end."""
    row, new = card.card, Card(id=uuid.uuid4(), uid=uid, owner_id=user_id, created_at=card.card["created_at"])
    _pictures(arrived, card, new, ids, kept, told)
    draft, live = with_pictures(row["draft"], ids), row["live"] and with_pictures(row["live"], ids)
    values = {"id": new.id, "uid": uid, "owner_id": user_id, "draft": live or draft, "live": None}
    values |= {"draft_slug": row["slug"] or row["draft_slug"], "created_at": row["created_at"]}
    values |= {"changed_at": now(), "revision": 1}
    db.session.execute(sa.insert(Card), [values])
    for name in MADE:
        for one in card.rows[name]:
            if "id" in one and name != "order_changes":
                ids[name, one["id"]] = uuid.uuid4()
    for name in MADE:
        _insert(name, [new_row(name, one, new.id, ids) for one in card.rows[name]], told)
    _check_sums(card)
    _bound_reminders(new.id)
    return publishing.Wish(new.id, user_id, draft, live, row, card.rows["card_codes"], ids)


def _bound_reminders(card_id: uuid.UUID) -> None:
    """Let nobody be reminded again of what was due before, and only so many at all: a file may name anybody's address."""
    table, moment = tables.table("appointments"), now()
    ours = sa.and_(table.c.card_id == card_id, table.c.starts_at > moment)
    next_ones = sa.select(table.c.id).where(ours).order_by(table.c.starts_at).limit(MOST_REMINDED)
    db.session.execute(sa.update(table).where(ours, table.c.id.in_(next_ones)).values(settled_at=moment))
    db.session.execute(sa.update(table).where(ours, table.c.id.not_in(next_ones)).values(settled_at=table.c.starts_at))


def _check_sums(card: ArrivedCard) -> None:
    """Refuse orders whose lines say another sum than they do."""
    sums: Counter[Any] = Counter()
    for line in card.rows["order_lines"]:
        sums[line["order_id"]] += line["unit"] * line["quantity"]
    if any(order["subtotal"] != sums[order["id"]] for order in card.rows["orders"]):
        raise ArchiveRefused(ODD_ROWS, file=f"{card.folder}/store/orders.json")


def _pictures(
    arrived: Arrived, card: ArrivedCard, new: Card, ids: Ids, kept: list[str], told: Told
) -> None:
    for row in card.rows["pictures"]:
        folder = f"{card.folder}/pictures/{row['id']}"
        try:
            data = arrived.picture(f"{folder}/l.webp", MOST_PICTURE) or arrived.picture(f"{folder}/original.webp", MOST_PICTURE)
            picture = pictures.add_picture(new, row["sort"], data) if data else None
        except (PictureRefused, pictures.TooManyPictures):
            picture = None
        except Exception as problem:
            if type(problem).__module__ in ("zlib", "zipfile") or isinstance(problem, EOFError):
                raise ArchiveRefused(ODD_ROWS, file=folder) from problem
            raise
        if picture is None:
            told.left_out["pictures"] += 1
            continue
        kept.append(picture.id)
        ids["pictures", row["id"]] = picture.id
        told.counts["pictures"] += 1


def _insert(name: str, rows: list[dict[str, Any] | None], told: Told) -> None:
    right = [row for row in rows if row is not None]
    told.left_out[name] += len(rows) - len(right)
    told.counts[name] += len(right)
    for place in range(0, len(right), AT_ONCE):
        db.session.execute(sa.insert(tables.table(name)), right[place : place + AT_ONCE])

