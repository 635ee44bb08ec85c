"""Links that let people in, and what people change about their account (ASVS 6.4, 6.5, 9.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.cast import (
    BETTER,
    GOOD,
    grow_stale,
    is_signed_in,
    link_in,
    log_in,
    mails_to,
    with_password,
    without_tokens,
)
from tests.accounts.owned import passkey_of
from tests.factories import draft_card, published_card
from vcardapp.accounts import security, service
from vcardapp.accounts.models import SignIn, SignInLink, User
from vcardapp.accounts.passkeys import passkeys_of
from vcardapp.accounts.signals import leaving
from vcardapp.db import db, now


def test_known_and_unknown_people_get_the_same_answer(client: FlaskClient, alice: User) -> None:
    known = client.post("/reset", data={"email": "alice@example.org"})
    said = without_tokens(client.get("/login").text)
    unknown = client.post("/reset", data={"email": "zoe@example.org"})
    assert (known.status_code, known.location, known.data) == (unknown.status_code, unknown.location, unknown.data)
    assert without_tokens(client.get("/login").text) == said
    assert len(mails_to("alice@example.org")) == 1
    assert mails_to("zoe@example.org") == []


def test_a_reset_link_works_once_and_ends_every_sign_in(app: Flask, client: FlaskClient, alice: User) -> None:
    with_password(alice)
    thief = app.test_client()
    log_in(thief, "alice@example.org")
    client.post("/reset", data={"email": "alice@example.org"})
    link = link_in(mails_to("alice@example.org")[0])
    assert "alice@example.org" in client.get(link).text
    assert client.post(link, data={"password": "short"}).status_code == 422
    assert client.post(link, data={"password": "alice@example.org"}).status_code == 422
    assert client.post(link, data={"password": BETTER}).location == "/cards"
    assert is_signed_in(client)
    assert not is_signed_in(thief)
    copied = app.test_client()
    assert copied.get(link).status_code == 410
    assert copied.post(link, data={"password": "a third password"}).status_code == 410
    assert log_in(copied, "alice@example.org", GOOD).status_code == 422
    assert log_in(copied, "alice@example.org", BETTER).status_code == 303


def test_what_was_set_up_before_an_address_was_confirmed_lets_nobody_in_after_a_reset(
    app: Flask, client: FlaskClient, alice: User, bob: User
) -> None:
    """Somebody may have signed up with the address of another, and added a passkey and a second step of their own."""
    alice.confirmed_at = None
    alice.totp_secret = bob.totp_secret = "of whoever signed up"
    passkey_of(alice.id)
    passkey_of(bob.id)
    for person in (alice, bob):
        service.request_reset(person)
        path = link_in(mails_to(person.email)[-1])
        assert app.test_client().post(path, data={"password": BETTER}).status_code == 303
    assert not passkeys_of(alice)
    assert any("passkey does not sign you in any more" in mail.text for mail in mails_to(alice.email))
    assert (alice.has_second_factor, bob.has_second_factor) == (False, True)
    assert len(passkeys_of(bob)) == 1, "whose address was known to be theirs"


def test_whoever_never_had_a_password_sets_one_by_the_same_link(client: FlaskClient) -> None:
    service.ensure_user("zoe@example.org")
    client.post("/reset", data={"email": "zoe@example.org"})
    assert client.post(link_in(mails_to("zoe@example.org")[0]), data={"password": GOOD}).status_code == 303
    zoe = service.find_user("zoe@example.org")
    assert zoe is not None
    assert zoe.is_confirmed  # the link came by mail
    assert service.check_password("zoe@example.org", GOOD)


def test_a_reset_link_ends_after_four_hours(client: FlaskClient, alice: User) -> None:
    link = "/reset/" + security.reset_token(alice)
    with time_machine.travel(now() + timedelta(hours=5)):
        assert client.get(link).status_code == 410


def test_no_token_passes_for_another(client: FlaskClient, alice: User) -> None:
    """ASVS 9.2.2: one salt for each purpose."""
    reset, confirm = security.reset_token(alice), security.confirmation_token(alice)
    new_email = security.new_email_token(alice, "new@example.org")
    for path in ("/reset/" + confirm, "/reset/" + new_email, "/confirm/" + reset, "/confirm/" + new_email):
        assert client.get(path).status_code == 410
    assert client.get("/account/email/" + reset).status_code == 410
    for hostile in ("x", "%00", "a.b.c", "é", "x" * 4000, "W10.x.y", "..%2f"):
        for path in ("/reset/", "/confirm/", "/account/email/"):
            assert client.get(path + hostile).status_code in (404, 410), path + hostile


def test_the_sign_in_link_works_once_and_on_this_computer_only(app: Flask, client: FlaskClient, alice: User) -> None:
    link = service.make_sign_in_link(alice)
    for stranger in ("192.0.2.7", "10.0.0.1", "::ffff:192.0.2.7", "2001:db8::1", "", "localhost"):
        assert client.get(link, environ_base={"REMOTE_ADDR": stranger}).status_code == 404
    forged = {"X-Forwarded-For": "127.0.0.1", "Host": "localhost"}
    assert client.get(link, headers=forged, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
    assert client.get(link).location == "/cards"
    assert is_signed_in(client)
    assert app.test_client().get(link).status_code == 410


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_this_computer_has_several_addresses(client: FlaskClient, alice: User, address: str) -> None:
    link = service.make_sign_in_link(alice)
    assert client.get(link, environ_base={"REMOTE_ADDR": address}).status_code == 303


def test_the_sign_in_link_ends_and_only_its_hash_is_kept(client: FlaskClient, alice: User) -> None:
    link = service.make_sign_in_link(alice, timedelta(minutes=5))
    assert db.session.scalar(sa.select(SignInLink.token_hash)) not in link
    with time_machine.travel(now() + timedelta(minutes=6)):
        assert client.get(link).status_code == 410


def test_changing_the_password_asks_for_the_present_one_and_ends_other_sign_ins(app: Flask, alice: User) -> None:
    """ASVS 6.2.3, 7.4.3."""
    with_password(alice)
    laptop, phone = app.test_client(), app.test_client()
    log_in(laptop, "alice@example.org")
    log_in(phone, "alice@example.org")
    grow_stale()
    asked = laptop.post("/change", data={"password": BETTER})
    assert (asked.status_code, asked.location) == (303, "/account/prove?next=/change")
    wrong = laptop.post(asked.location, data={"present": "wrong"})
    assert wrong.status_code == 422
    assert "not your present password" in wrong.text
    assert laptop.get("/change").location == asked.location
    assert laptop.post(asked.location, data={"present": GOOD}).location == "/change"
    assert laptop.post("/change", data={"password": "password"}).status_code == 422
    assert laptop.post("/change", data={"password": BETTER}).location == "/account"
    assert is_signed_in(laptop)
    assert not is_signed_in(phone)
    assert log_in(phone, "alice@example.org", BETTER).status_code == 303
    assert "has just been changed" in mails_to("alice@example.org")[0].text


def test_without_a_password_one_can_be_chosen(client: FlaskClient, alice: User) -> None:
    client.get(service.make_sign_in_link(alice))
    assert "You have none yet" in client.get("/account").text
    assert client.post("/change", data={"password": GOOD}).location == "/account"
    assert service.check_password("alice@example.org", GOOD)


def test_a_new_address_counts_once_its_link_is_opened(client: FlaskClient, alice: User) -> None:
    with_password(alice)
    log_in(client, "alice@example.org")
    client.post("/account/email", data={"email": "New@example.org"})
    link = link_in(mails_to("new@example.org")[0])
    client.get(link)
    assert service.find_user("alice@example.org") is not None
    assert client.post(link).location == "/account"
    assert "new@example.org" in client.get("/account").text
    assert "new@example.org" in mails_to("alice@example.org")[0].text
    assert client.post(link).status_code == 410
    assert log_in(client.application.test_client(), "new@example.org").status_code == 303


def test_a_link_mailed_to_an_address_of_before_sets_no_password(client: FlaskClient, alice: User) -> None:
    service.request_reset(alice)
    service.request_new_email(alice, "new@example.org")
    [reset], [wish] = mails_to("alice@example.org"), mails_to("new@example.org")
    assert client.get(link_in(reset)).status_code == 200
    assert client.post(link_in(wish)).status_code == 303
    assert client.get(link_in(reset)).status_code == 410
    assert client.post(link_in(reset), data={"password": BETTER}).status_code == 410


def test_nobody_learns_or_takes_the_address_of_another(client: FlaskClient, alice: User, bob: User) -> None:
    with_password(alice)
    log_in(client, "alice@example.org")
    taken = client.post("/account/email", data={"email": "bob@example.org"})
    free = client.post("/account/email", data={"email": "free@example.org"})
    assert (taken.status_code, taken.location) == (free.status_code, free.location)
    assert mails_to("bob@example.org") == []
    raced = "/account/email/" + security.new_email_token(alice, "bob@example.org")
    assert client.post(raced).status_code == 410
    assert service.find_user("alice@example.org") is not None


def test_deleting_an_account_deletes_what_is_known_of_its_person(client: FlaskClient, alice: User) -> None:
    with_password(alice)
    draft_card(alice)
    published_card(alice, "alice")
    log_in(client, "alice@example.org")
    assert client.get("/account/delete").status_code == 200
    assert client.post("/account/delete").location == "/"
    assert not is_signed_in(client)
    assert service.find_user("alice@example.org") is None
    assert db.session.scalar(sa.select(User.id)) is None
    assert db.session.scalar(sa.select(SignIn.id)) is None
    assert client.get("/alice").status_code == 410
    assert log_in(client, "alice@example.org").status_code == 422


def test_later_features_hear_of_it_before_the_person_is_gone(app: Flask, alice: User) -> None:
    heard: list[str] = []

    def listen(_app: Flask, user: User) -> None:
        heard.append(user.email)

    with leaving.connected_to(listen, app):
        service.delete_account(alice)
    assert heard == ["alice@example.org"]


def test_used_up_links_are_swept_away(app: Flask, alice: User) -> None:
    service.make_sign_in_link(alice)
    with time_machine.travel(now() + timedelta(days=1)):
        service.sweep()
    assert db.session.scalar(sa.select(SignInLink.token_hash)) is None


def test_asking_for_resets_is_throttled_for_known_and_unknown_alike(make_app: object) -> None:
    app = make_app(rate_limits=True)  # type: ignore[operator]
    with app.app_context():
        service.ensure_user("alice@example.org")
        for email in ("alice@example.org", "zoe@example.org"):
            answers = [app.test_client().post("/reset", data={"email": email}).status_code for _time in range(6)]
            assert answers == [303] * 5 + [429]
        assert len(mails_to("alice@example.org")) == 5


def test_nobodys_post_is_flooded_by_signing_up_or_moving_to_their_address(make_app: Callable[..., Flask]) -> None:
    """However many visitors type the address; known and unknown ones are answered alike."""
    app = make_app(rate_limits=True, proxies=1)
    with app.app_context():
        service.ensure_user("alice@example.org")
        for email in ("alice@example.org", "zoe@example.org"):
            data = {"email": email, "password": GOOD}
            visitors = [{"X-Forwarded-For": f"192.0.2.{number}"} for number in range(6)]
            assert app.test_client().post("/register", data={"email": email, "password": "short"}).status_code == 422
            answers = [app.test_client().post("/register", data=data, headers=one).status_code for one in visitors]
            assert answers == [303] * 5 + [429]
        assert len(mails_to("alice@example.org")) == 5
        browser = app.test_client()
        browser.get(service.make_sign_in_link(service.ensure_user("bob@example.org")))
        answers = [browser.post("/account/email", data={"email": "new@example.org"}, headers=one).status_code for one in visitors]
        assert answers == [303] * 5 + [429]
        assert len(mails_to("new@example.org")) == 5
