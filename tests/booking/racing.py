"""Eight processes that book: `python -m tests.booking.racing URL race|book FOLDER`, for test_races.py and test_killed.py.

race: reads rounds from the standard input, eight jobs a line, and writes what came of each.
book: each process books one time after the other for ever, the same form again until it knows that it is booked.
"""

from __future__ import annotations

import gc
import itertools
import json
import multiprocessing
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from vcardapp import create_app
from vcardapp.booking import service, wording
from vcardapp.booking.invitation import REQUEST, Event, write_invitation
from vcardapp.booking.models import Appointment, AppointmentType
from vcardapp.booking.service import SlotGone, Visitor
from vcardapp.cards.models import Card
from vcardapp.config import Settings
from vcardapp.db import db

MANY = 8
fork = multiprocessing.get_context("fork")


def app_for(url: str, folder: Path) -> Any:
    settings = Settings(
        data=folder, database_url=url, url="http://localhost", secret_key="a secret of tests", rate_limits=False, jobs=False
    )
    return create_app(settings)


def book(type_id: str, start: str, email: str, form_token: str = "") -> str:
    kind = db.session.get_one(AppointmentType, uuid.UUID(type_id))
    card = db.session.get_one(Card, kind.card_id)
    visitor = Visitor(name=email.partition("@")[0], email=email, zone="UTC", language="en")
    return str(service.book(card, kind, datetime.fromisoformat(start), visitor, form_token=form_token).id)


def move(appointment_id: str, start: str) -> str:
    service.move(db.session.get_one(Appointment, uuid.UUID(appointment_id)), datetime.fromisoformat(start), service.VISITOR)
    return appointment_id


def confirm(appointment_id: str) -> str:
    service.confirm(db.session.get_one(Appointment, uuid.UUID(appointment_id)))
    return appointment_id


def cancel(appointment_id: str) -> str:
    service.cancel(db.session.get_one(Appointment, uuid.UUID(appointment_id)), service.VISITOR)
    return appointment_id


JOBS = {"book": book, "move": move, "confirm": confirm, "cancel": cancel}


def do(app: Any, name: str, arguments: list[str]) -> list[str]:
    with app.app_context():
        try:
            return ["done", JOBS[name](*arguments)]
        except SlotGone:
            return ["gone"]
        except Exception as problem:
            return ["error", repr(problem)]


def race(app: Any) -> None:
    start = fork.Barrier(MANY)
    ends = [fork.Pipe() for _ in range(MANY)]

    def run(pipe: Any) -> None:
        while (job := pipe.recv()) is not None:
            start.wait(60)
            pipe.send(do(app, job[0], job[1:]))

    processes = [fork.Process(target=run, args=(theirs,), daemon=True) for _ours, theirs in ends]
    for process in processes:
        process.start()
    for line in sys.stdin:
        for (ours, _theirs), job in zip(ends, json.loads(line), strict=True):
            ours.send(job)
        print(json.dumps([ours.recv() for ours, _theirs in ends]), flush=True)
    for ours, _theirs in ends:
        ours.send(None)


def book_for_ever(app: Any, folder: Path, type_id: str, first: str) -> None:
    """Each process writes what it knows to be booked into a file of its own, and goes on from there when started anew."""
    begin = datetime.fromisoformat(first)

    def run(number: int) -> None:
        known = folder / f"known-{number}"
        done = known.read_text().count("\n") if known.exists() else 0
        with known.open("a") as file:
            for turn in itertools.count(done):
                hours = (turn * MANY + number) * 0.5
                token = f"form-{number}-{turn}"
                start = (begin + timedelta(hours=hours)).astimezone(UTC).isoformat()
                answer = do(app, "book", [type_id, start, f"{token}@example.org", token])
                file.write(f"{token} {' '.join(answer)}\n")
                file.flush()

    processes = [fork.Process(target=run, args=(number,)) for number in range(MANY)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


def warm_up(app: Any) -> None:
    """Load once what each process would load for itself; no connection is opened before they part."""
    sa.orm.configure_mappers()
    with app.app_context():
        moment = datetime(2026, 6, 1, tzinfo=UTC)
        event = Event("1", 0, moment, moment, moment, wording.when(moment, moment, "UTC"))
        write_invitation(event, REQUEST)
    gc.freeze()


def main(url: str, what: str, folder: str, *more: str) -> None:
    app = app_for(url, Path(folder))
    warm_up(app)
    if what == "race":
        race(app)
    else:
        book_for_ever(app, Path(folder), *more)


if __name__ == "__main__":
    main(*sys.argv[1:])
