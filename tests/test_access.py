"""Who may open what: walks every address of the app, so that a new page is covered, or refused here, from its first day."""

from __future__ import annotations

import dataclasses
import io
import uuid
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.routing import Rule

from tests import factories
from tests.accounts import owned as accounts
from tests.booking import owned as booking
from tests.gallery import owned as albums
from tests.store.owned import named_by
from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.cards import pictures, service
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.domains import service as domains
from vcardapp.domains.models import Domain
from vcardapp.editor.service import save_draft
from vcardapp.media import service as media
from vcardapp.media import uploads
from vcardapp.media.models import MediaFile, MediaUpload

PUBLIC = {
    "accounts.ask_to_confirm", "accounts.confirm", "accounts.login", "accounts.logout", "accounts.new_email_by_link",
    "accounts.register", "accounts.reset", "accounts.reset_by_link", "accounts.sign_in_by_link", "editor.create",
    "public.card", "public.card_by_code", "public.card_code", "public.code_pdf", "public.code_png", "public.code_svg",
    "public.contact", "public.contact_code", "public.contact_code_pdf", "public.contact_code_png",
    "public.contact_code_svg", "public.contact_in_json",
    "public.album", "public.album_item", "public.gallery",
    "public.domain_allowed", "public.domain_proof", "public.embed", "public.favicon",
    "public.hold_up_worker", "public.icon", "public.imprint", "public.manifest",
    "public.landing", "public.media_file", "public.part_of_sitemap", "public.sitemap",
    "public.picture", "public.preview_picture", "public.printed_code", "public.printed_pdf",
    "public.printed_png", "public.printed_svg", "public.privacy", "public.report", "public.robots", "public.send",
    "public.add_to_basket", "public.basket", "public.cancel_order", "public.change_basket", "public.checkout",
    "public.claim_paid", "public.order", "public.place_order", "public.product", "public.shop",
    "shop.answer_by_link",
    "booking.feed_file", "operations.alive", "operations.metrics", "operations.ready", "doctor.seen",
    "public.appointment", "public.appointment_file", "public.book", "public.book_at", "public.book_time", "public.book_times",
    "public.cancel_appointment", "public.choose_move", "public.is_waiting", "public.join_waiting", "public.leave_waiting",
    "public.move_appointment", "public.take_place", "public.wait_for_place", "public.waiting_place",
}  # fmt: skip
SIGNED_IN = {"accounts.change", "accounts.delete", "accounts.new_email", "accounts.show", "editor.cards", "domains.list_domains"}
SIGNED_IN |= {"media.begin", "media.files", "media.status"}
SIGNED_IN |= {"archive.bring", "archive.export", "archive.forget", "archive.take"}
PUBLIC |= {"accounts.passkey_question", "accounts.second_step", "accounts.sign_in_by_passkey"}
SIGNED_IN |= {f"accounts.{name}" for name in (
    "end_other_sign_ins", "list_passkeys", "mail_proof_link", "new_passkey_question", "prove", "prove_by_link",
    "prove_by_passkey", "renew_recovery_codes", "second_factor_page", "set_up_second_factor", "sign_ins",
    "switch_second_factor_off",
)}  # fmt: skip


def is_owned(rule: Rule) -> bool:
    return bool(rule.arguments & {"card_id", "domain_id", "file_id", "upload_id"} | rule.arguments & accounts.NAMES)


def is_for_admins(rule: Rule) -> bool:
    return rule.endpoint.startswith("admin.")


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def asked(app: Flask, wanted: Callable[[Rule], bool]) -> Iterator[tuple[Rule, str]]:
    """Yield the rules wanted, with each of their methods."""
    for rule in app.url_map.iter_rules():
        if wanted(rule):
            yield from ((rule, method) for method in methods(rule))


def address(app: Flask, rule: Rule, card: Card) -> str:
    values = {
        "card_id": card.id,
        "picture_id": card.draft.photo,
        "number": 1,
        "code": card.code,
        "domain_id": domain_of(card).id if "domain_id" in rule.arguments else None,
        "file_id": file_of(card).id if "file_id" in rule.arguments else None,
        "upload_id": upload_of(card).id if "upload_id" in rule.arguments else None,
        "mail_id": uuid.uuid4(),
        "report_id": uuid.uuid4(),
        **dict.fromkeys(("person_id", "shown_id", "work_id"), uuid.uuid4()),
        **{name: make() for name, make in {**named_by(card), **albums.named_by(card)}.items() if name in rule.arguments},
        **{name: make() for name, make in booking.named_by(card).items() if name in rule.arguments},
        **{name: make() for name, make in accounts.named_by(card.owner_id).items() if name in rule.arguments},
    }
    with app.test_request_context():
        return str(rule.build({name: values[name] for name in rule.arguments})[1])  # type: ignore[index]


def domain_of(card: Card) -> Domain:
    """The domain of a card's owner, made on first use."""
    owner = Owner(user_id=card.owner_id)
    return next(iter(domains.domains_of(owner)), None) or domains.add_domain(owner, "cards.example.com")


def file_of(card: Card) -> MediaFile:
    """A file of a card's owner, made on first use."""
    owner = Owner(user_id=card.owner_id)
    square = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(square, "PNG")
    return next(iter(media.files_of(owner)), None) or media.add_file(owner, io.BytesIO(square.getvalue()), "a.png")


def upload_of(card: Card) -> MediaUpload:
    """An upload of a card's owner that has just begun."""
    begun = uploads.begin(Owner(user_id=card.owner_id), 1000, "a.png")
    assert isinstance(begun, MediaUpload)
    return begun


def full_card(person: User, slug: str = "") -> Card:
    """A card with all that an address can name: a picture, a version."""
    card = service.create_card(factories.owner(person), factories.content(), slug)
    square = io.BytesIO()
    Image.new("RGB", (200, 200), "teal").save(square, "PNG")
    photo = pictures.store_picture(card, "photo", square.getvalue())
    return save_draft(card, dataclasses.replace(card.draft, photo=photo.id), slug, card.revision, reason="save")


def stored(card: Card) -> dict[str, object]:
    db.session.refresh(card)
    return {column.name: getattr(card, column.name) for column in Card.__table__.columns}


def test_every_address_is_public_owned_or_behind_a_sign_in(app: Flask) -> None:
    rules = list(app.url_map.iter_rules())
    unknown = {rule.endpoint for rule in rules if not is_owned(rule) and not is_for_admins(rule)} - PUBLIC - SIGNED_IN
    assert not unknown, "say in this file who may open them"
    assert {rule.endpoint for rule in rules} >= PUBLIC | SIGNED_IN


def test_nobody_opens_or_changes_anothers_card(
    app: Flask, client: FlaskClient, alice: User, bob: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    card = service.publish_card(full_card(alice, "ada"), frozenset())
    before = stored(card)
    guest = app.test_client()
    assert guest.post("/new").status_code in (302, 303)
    browsers = {"stranger": client, "guest": guest, "bob": sign_in(bob)}
    wrong = []
    for rule, method in asked(app, is_owned):
        path = address(app, rule, card)
        for name, browser in browsers.items():
            answer = browser.open(path, method=method, data={"revision": "1"} if method == "POST" else None)
            is_sent_away = answer.status_code in (302, 303) and answer.location.startswith("/login")
            if answer.status_code != 404 and not (name != "bob" and is_sent_away):
                wrong.append(f"{name}: {method} {path} gave {answer.status}")
    assert not wrong
    assert stored(card) == before


def test_an_owner_reaches_each_of_these_addresses(
    app: Flask, alice: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    browser, wrong = sign_in(alice), []
    for rule, method in asked(app, is_owned):
        card = full_card(alice)
        if "code" in rule.arguments:
            service.publish_card(card, frozenset())
        path = address(app, rule, card)
        if rule.endpoint == "editor.undelete":
            service.delete_card(card)
        if rule.endpoint == "editor.published":
            service.publish_card(card, frozenset())
        answer = browser.open(path, method=method)
        if answer.status_code in (403, 404, 405) or answer.status_code >= 500:
            wrong.append(f"{method} {path} gave {answer.status}")
    assert not wrong


def test_what_is_behind_a_sign_in_sends_strangers_to_it(app: Flask, client: FlaskClient) -> None:
    for rule, method in asked(app, lambda rule: rule.endpoint in SIGNED_IN):
        answer = client.open(rule.rule, method=method)
        assert answer.status_code in (302, 303), rule
        assert answer.location.startswith("/login"), rule


def test_only_an_admin_sees_the_admins_pages(
    app: Flask, client: FlaskClient, alice: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    card, owner = full_card(alice), sign_in(alice)
    for rule, method in asked(app, is_for_admins):
        path = address(app, rule, card)
        assert owner.open(path, method=method).status_code in (403, 404), rule
        answer = client.open(path, method=method)
        assert answer.status_code == 404 or answer.location.startswith("/login"), rule


@pytest.mark.parametrize("with_token", [False, True])
def test_every_form_wants_its_token(
    make_app: Callable[..., Flask], with_token: bool, sign_in_to: Callable[[Flask, User], FlaskClient]
) -> None:
    app = make_app()
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context():
        alice = factories.alice()
        browser, wrong = sign_in_to(app, alice), []
        card = full_card(alice)
        before = stored(card)
        for rule, _ in asked(app, lambda rule: "POST" in (rule.methods or set())):
            known = {"card_id", "domain_id", "file_id", "upload_id", "picture_id", "number", "mail_id", "report_id"}
            known |= {"person_id", "shown_id", "work_id"}
            if not rule.arguments <= known:
                continue
            answer = browser.post(address(app, rule, card), data={"csrf_token": "wrong"} if with_token else {})
            if answer.status_code != 400:
                wrong.append(f"POST {rule.rule} gave {answer.status}")
        assert not wrong
        assert stored(card) == before
