"""Jobs, storage and settings as an admin sees them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import published_card
from tests.gallery.owned import ready_file
from vcardapp.accounts.models import User
from vcardapp.admin import machine, people
from vcardapp.cards.models import Picture
from vcardapp.config import Settings, read_settings
from vcardapp.db import db, now
from vcardapp.operations.shown import shown
from vcardapp.turns import turn

HIDDEN = "a-word-that-nobody-may-read"


def test_jobs_show_when_they_ran_how_long_and_what_failed(app: Flask, admin: FlaskClient) -> None:
    assert 'class="empty"' in admin.get("/admin/jobs").text
    with turn("mail", timedelta(minutes=1)) as mine:
        assert mine
    with pytest.raises(OSError, match="gone"), turn("sweep", timedelta(hours=1)):
        raise OSError("gone")
    text = admin.get("/admin/jobs").text
    for part in ("Sending mails", "Well", "Tidying up", "Failed", "OSError", "Has not gone well yet."):
        assert part in text
    assert "Jobs that failed last time" in admin.get("/admin/").text


def test_a_file_that_waits_is_tried_again(app: Flask, admin: FlaskClient, alice: User) -> None:
    file = ready_file(alice.id, "big.png", state="waiting", attempts=2, claimed_until=now() + timedelta(minutes=1))
    refused = ready_file(alice.id, "odd.png", state="refused", reason="This file is empty. Please choose another one.")
    text = admin.get("/admin/jobs").text
    assert "big.png" in text
    assert "This file is empty." in text
    assert admin.post(f"/admin/jobs/files/{file.id}/again").status_code == 303
    db.session.refresh(file)
    assert (file.attempts, file.claimed_until) == (0, None)
    assert admin.post(f"/admin/jobs/files/{refused.id}/again").status_code == 404


def test_storage_says_who_takes_most_and_what_goes(app: Flask, admin: FlaskClient, alice: User, bob: User) -> None:
    card = published_card(bob, "shop")
    db.session.add(Picture(id="a" * 32, card_id=card.id, sort="photo", size=2_000_000, width=1, height=1))
    ready_file(alice.id, "small.png", bytes=1_000_000)
    ready_file(bob.id, "large.png", bytes=9_000_000, unused_since=now())
    room = machine.room()
    assert [(one.email, one.bytes) for one in room.most] == [("bob@example.org", 11_000_000), ("alice@example.org", 1_000_000)]
    assert (room.kind, room.total, room.to_remove, room.to_remove_bytes) == ("folder", 12_000_000, 1, 9_000_000)
    assert room.free is not None
    assert room.free > 0
    text = admin.get("/admin/storage").text
    for part in ("11.0 MB", "12.0 MB", "One file", str(app.config["SETTINGS"].media)):
        assert part in text


def test_every_setting_is_shown_with_its_variable_and_no_secret_is(
    make_app: Callable[..., Flask], sign_in_to: Callable[..., FlaskClient]
) -> None:
    """A field that is added tomorrow and holds a secret is covered by its name, or fails here."""
    app = make_app(
        secret_key=HIDDEN * 2, old_secret_keys=(HIDDEN,), metrics_token=HIDDEN, smtp_url=f"smtp://me:{HIDDEN}@mail.example.org",
        redis_url=f"redis://:{HIDDEN}@cache.example.org/0",
    )  # fmt: skip
    with app.app_context():
        text = sign_in_to(app, people.create_admin("root@example.org")).get("/admin/settings").text
    assert HIDDEN not in text
    for field in dataclasses.fields(Settings):
        assert f">{machine.variable_of(field.name)}</bdi>" in text
    for address in ("smtp://***@mail.example.org", "redis://***@cache.example.org/0"):
        assert address in text


def test_the_page_shows_what_the_doctor_shows_and_nothing_of_a_name_like_a_secret(tmp_path: Path) -> None:
    """Whatever is called key, token, secret or password shows nothing; of an address its password is masked."""
    known = read_settings({"VCARDAPP_DATA": str(tmp_path)})
    for field in dataclasses.fields(Settings):
        filled = dataclasses.replace(known, **{field.name: f"https://me:{HIDDEN}@example.org/?token={HIDDEN}"})
        found = {one.variable: one for one in machine.shown_settings(filled, {})}
        one, name = found[machine.variable_of(field.name)], field.name
        assert one.is_secret == any(part in name for part in ("key", "token", "secret", "pass", "credential", "private"))
        assert HIDDEN not in one.value
        assert {variable: one.value for variable, one in found.items() if not one.is_secret} == shown(filled)


def test_a_setting_says_whence_it_comes(tmp_path_factory: pytest.TempPathFactory) -> None:
    env = {"VCARDAPP_DATA": str(tmp_path_factory.mktemp("data")), "VCARDAPP_LANGUAGE": "es", "VCARDAPP_DNS": "9.9.9.9"}
    found = {one.variable: one for one in machine.shown_settings(read_settings(env), env)}
    assert (found["VCARDAPP_LANGUAGE"].value, found["VCARDAPP_LANGUAGE"].is_set) == ("es", True)
    assert (found["VCARDAPP_SIGN_UP"].value, found["VCARDAPP_SIGN_UP"].is_set) == ("open", False)
    assert found["VCARDAPP_DNS"].value == "9.9.9.9:53"
    assert not found["VCARDAPP_METRICS_TOKEN"].is_set
