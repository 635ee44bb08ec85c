"""The catalogue and the shop's settings: what an owner makes, moves, hides, and what a currency does to it."""

from __future__ import annotations

import dataclasses
import io
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests import factories
from tests.store.cast import SIZES, TOPPINGS, TOWN, bakery, bread, details, filled, order, seen
from vcardapp.accounts.models import User
from vcardapp.cards import service as cards
from vcardapp.cards.content import Hours, Link
from vcardapp.db import db
from vcardapp.images import canvas, to_png
from vcardapp.media import service as media
from vcardapp.store import baskets, catalogue, messages, orders, payments, service, states, words
from vcardapp.store.catalogue_checks import BadValue
from vcardapp.store.models import Category, Product
from vcardapp.store.options import BadOptions, Choice, OptionGroup
from vcardapp.store.ordering import OrderChanged, place_order
from vcardapp.store.pricing import Change
from vcardapp.store.whatsapp import wa_address


def names(items: list[Any]) -> list[str]:
    return [item.name for item in items]


def test_products_are_moved_copied_hidden_and_removed(app: Flask, alice: User) -> None:
    card, _shop = bakery(alice)
    made = [bread(card, name=name) for name in "ABC"]
    catalogue.move(made[2], -1)
    assert names(catalogue.products_of(card)) == ["A", "C", "B"]
    catalogue.move(made[0], -1)
    catalogue.move(made[1], +5)
    assert names(catalogue.products_of(card)) == ["A", "C", "B"]
    copy = catalogue.duplicate_product(made[0], "A again")
    assert names(catalogue.products_of(card)) == ["A", "C", "B"]
    assert names(catalogue.products_of(card, hidden=True)) == ["A", "A again", "C", "B"]
    catalogue.hide(copy, hidden=False)
    catalogue.remove(made[0])
    assert names(catalogue.products_of(card)) == ["A again", "C", "B"]
    catalogue.put_in_order(card, Product, [made[1].id, uuid.uuid4(), copy.id])
    assert names(catalogue.products_of(card)) == ["B", "A again", "C"]


def test_what_belongs_to_another_card_is_not_found(app: Flask, alice: User, bob: User) -> None:
    card, _shop = bakery(alice)
    other, _other_shop = bakery(bob, "other")
    rye = bread(card)
    assert catalogue.find_product(other, rye.id) is None
    assert catalogue.products_of(other) == []
    catalogue.put_in_order(other, Product, [rye.id])
    assert catalogue.find_product(card, rye.id) is rye


def test_a_product_outlives_its_category(app: Flask, alice: User) -> None:
    card, _shop = bakery(alice)
    cakes = catalogue.add_category(card, "Cakes")
    apple = bread(card, category_id=cakes.id)
    bread(card, name="Rye")
    assert catalogue.products_of(card, category=cakes) == [apple]
    catalogue.remove(cakes)
    assert db.session.get_one(Product, apple.id).category_id is None


def test_products_are_found_in_any_script(app: Flask, alice: User) -> None:
    card, _shop = bakery(alice)
    for name in ("Äpfelkuchen", "خبز الجاودار", "ライ麦パン"):
        bread(card, name=name, text="Frisch & GUT")
    assert names(catalogue.products_of(card, text="äPFEL gut")) == ["Äpfelkuchen"]
    assert names(catalogue.products_of(card, text="الجاودار")) == ["خبز الجاودار"]
    assert catalogue.products_of(card, text="%") == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " \u202e "}, "name"), ({"name": "x" * 121}, "name"), ({"text": "x" * 4001}, "text"), ({"price": -1}, "price"),
        ({"price": 10**13}, "price"), ({"price": "4"}, "price"), ({"compare_at": -5}, "compare_at"), ({"most": 0}, "most"),
        ({"stock": -1}, "stock"), ({"stock_kind": "some"}, "stock_kind"), ({"options": (OptionGroup("", "Size"),)}, "options"),
        ({"options": (OptionGroup("", "", (Choice("", "x"),)),)}, "options"), ({"options": (SIZES,) * 11}, "options"),
        ({"options": (OptionGroup("", "Size", (Choice("", " "),)),)}, "options"),
    ],
)  # fmt: skip
def test_what_cannot_be_sold_is_refused_by_its_field(app: Flask, alice: User, values: dict[str, Any], field: str) -> None:
    card, _shop = bakery(alice)
    with pytest.raises(BadValue) as bad:
        bread(card, **values)
    assert bad.value.field == field
    assert catalogue.products_of(card, hidden=True) == []


def test_nothing_but_known_values_is_stored(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    with pytest.raises(TypeError):
        bread(card, card_id=uuid.uuid4())
    with pytest.raises(TypeError):
        service.change_shop(shop, card_id=uuid.uuid4())


def test_choices_have_ids_of_their_own_that_stay(app: Flask, alice: User) -> None:
    card, _shop = bakery(alice)
    twice = OptionGroup("same", "Size", (Choice("same", "S"), Choice("", "M"), Choice("<b>", "L")))
    cake = bread(card, options=(twice, twice))
    ids = [one.id for group in cake.options for one in (group, *group.choices)]
    assert len(set(ids)) == len(ids) == 8
    assert all(one.isalnum() for one in ids)
    kept = cake.options
    catalogue.change_product(cake, options=kept)
    assert cake.options == kept


def test_pictures_are_seen_where_products_are_seen(app: Flask, alice: User) -> None:
    card, _shop = bakery(alice)
    pngs = [to_png(canvas(9, 9, colour)) for colour in ("red", "blue")]
    files = [media.add_file(factories.owner(alice), io.BytesIO(png), "a.png") for png in pngs]
    rye = bread(card, pictures=[file.id for file in files])
    assert rye.files == files
    catalogue.change_product(rye, pictures=[files[1].id, files[0].id])
    assert db.session.get_one(Product, rye.id, populate_existing=True).files == files[::-1]
    assert list(service.cards_showing(files[0].id)) == [card.id]
    catalogue.hide(rye)
    assert list(service.cards_showing(files[0].id)) == []
    catalogue.add_service(card, name="Catering", file_id=files[0].id)
    assert list(service.cards_showing(files[0].id)) == [card.id]
    cards.pause_card(card)
    assert list(service.cards_showing(files[0].id)) == []


def test_services_have_one_button_and_perhaps_a_price(app: Flask, alice: User) -> None:
    card, _shop = bakery(alice)
    values: dict[str, Any] = {"price": 5000, "price_kind": "from", "minutes": 90, "action": "link", "link": "a.example/x"}
    made = catalogue.add_service(card, name="Catering", **values)
    assert (made.link, made.price, made.minutes) == ("https://a.example/x", 5000, 90)
    for wrong in ({"action": "pay"}, {"link": "javascript:x"}, {"price_kind": "free"}, {"minutes": 0}):
        with pytest.raises(BadValue):
            catalogue.change_service(made, **wrong)
    copy = catalogue.duplicate_service(made, "Parties")
    assert names(catalogue.services_of(card)) == ["Catering"]
    catalogue.move(copy, -1)
    assert names(catalogue.services_of(card, hidden=True)) == ["Parties", "Catering"]


def test_there_is_an_end_to_categories(app: Flask, alice: User) -> None:
    card, _shop = bakery(alice)
    db.session.add_all(Category(card_id=card.id, name=str(n), position=n) for n in range(catalogue.MOST_CATEGORIES))
    db.session.commit()
    with pytest.raises(catalogue.TooMany):
        catalogue.add_category(card, "One more")


def test_a_shop_begins_with_what_the_card_knows(app: Flask, alice: User) -> None:
    card = factories.published_card(alice, country="JP", language="ja-JP", links=(Link("whatsapp", "+819012345678"),))
    shop = service.open_shop(card)
    assert (shop.currency, shop.language, shop.whatsapp_digits) == ("JPY", "ja", "819012345678")
    assert service.open_shop(card) is shop
    assert service.title_of(shop, card) == "Ada Lovelace"


def test_figures_stay_when_the_currency_changes(app: Flask, alice: User) -> None:
    card, shop = bakery(alice, deliveries=(TOWN,))
    rye = bread(card, price=1250, compare_at=1499, options=(SIZES, TOPPINGS))
    placed = order(shop, (rye, 1, "small"), delivery_id="town", area_id="centre", address="x").order
    service.change_shop(shop, currency="KWD")
    assert (rye.price, rye.compare_at, rye.options[0].choices[1].difference) == (12500, 14990, 12000)
    assert (shop.deliveries[0].areas[1].fee, shop.deliveries[0].areas[1].minimum) == (6000, 25000)
    service.change_shop(shop, currency="JPY")
    assert (rye.price, rye.compare_at) == (13, 15)
    assert (placed.total, placed.currency, placed.exponent) == (1600, "EUR", 2)
    assert messages.message_of(placed, card, "http://localhost/o/x").total == "16.00 EUR"


def test_a_shop_is_open_by_its_own_hours_or_the_cards_or_always(app: Flask, alice: User) -> None:
    card, shop = bakery(alice, "hours")
    sunday = datetime(2030, 1, 6, 12, tzinfo=UTC)
    assert service.opening_of(shop, card, sunday).takes_orders
    service.change_shop(shop, own_hours=Hours((factories.WORKDAY,) * 5 + ((), ())))
    opening = service.opening_of(shop, card, sunday)
    assert (opening.is_open, opening.opens_at) == (False, datetime(2030, 1, 7, 9, tzinfo=UTC))
    assert service.opening_of(shop, card, datetime(2030, 1, 7, 10, tzinfo=UTC)).until == datetime(2030, 1, 7, 17, tzinfo=UTC)
    service.change_shop(shop, own_hours=None)
    card.live = dataclasses.replace(card.live, hours=Hours(((),) * 7), time_zone="Nowhere/Town")  # type: ignore[type-var]
    assert service.opening_of(shop, card, sunday).is_open
    service.change_shop(shop, is_open=False)
    assert not service.opening_of(shop, card, sunday).takes_orders


@pytest.mark.parametrize("currency", ["EUR", "KWD", "JPY", "IQD"])
def test_the_message_speaks_the_shops_language_in_its_currency(app: Flask, alice: User, currency: str) -> None:
    card, shop = bakery(alice, currency=currency)
    placed = order(shop, (bread(card, name="Pão 🥖", price=1234567), 3), note="a\nb").order
    for language in ("en", "ar", "he", "hi", "ja", "pt"):
        service.change_shop(shop, language=language)
        message = messages.message_of(placed, card, "http://localhost/o/abc")
        assert "".join(char for char in message.total if char.isdecimal()) == str(3 * 1234567)
        assert message.total.isascii()
        assert message.total.endswith(f" {currency}")
        assert message.words.order.format(number=placed.number) in message.text.replace("*", "")
        assert f"{message.words.phone}: 0049 1519 8765432" in message.text.split("\n")
        assert wa_address(shop.whatsapp_digits, message).startswith("https://wa.me/4915123456789?text=")


def test_an_order_is_paid_by_a_code_with_its_sum_and_number(app: Flask, alice: User) -> None:
    pay = {"epc": {"name": "Lindenhof", "iban": "DE89370400440532013000", "bic": ""}, "upi": {"vpa": "a@b", "name": "x"}}
    card, shop = bakery(alice, pay=pay)
    placed = order(shop, (bread(card), 2)).order
    (code,) = payments.codes_for(placed)
    assert (code.kind, code.payload.split("\n")[5:8]) == ("epc", ["Lindenhof", "DE89370400440532013000", "EUR9.80"])
    assert code.payload.endswith(placed.number)
    placed.total = payments.MOST
    assert "EUR999999999.99" in payments.codes_for(placed)[0].payload
    placed.total += 1
    assert payments.codes_for(placed) == []
    placed.total = 980
    orders.mark_paid(placed)
    assert payments.codes_for(placed) == []
    orders.mark_paid(placed, paid=False)
    orders.change_state(placed, "cancelled", states.BUYER)
    assert payments.codes_for(placed) == []


@pytest.mark.parametrize(
    ("kind", "account", "field"),
    [
        ("epc", {"name": "", "iban": "", "bic": ""}, ""), ("epc", {"name": "A", "iban": "DE1", "bic": ""}, "iban"),
        ("epc", {"name": " ", "iban": "DE89370400440532013000"}, "name"),
        ("epc", {"name": "A", "iban": "DE89370400440532013000", "bic": "X"}, "bic"), ("upi", {"vpa": "ada", "name": "A"}, "vpa"),
        ("pix", {"key": "x", "name": "A", "city": "B"}, "key"), ("pix", {"key": "a@b.co", "name": "A", "city": ""}, "city"),
        ("promptpay", {"target": "1"}, "target"), ("promptpay", {"target": "0812345678"}, ""), ("text", {"text": "Cash"}, ""),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_account_is_said_by_its_field(kind: str, account: dict[str, str], field: str) -> None:
    assert payments.fault_of(kind, account) == field


def test_every_change_is_said_in_a_sentence(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    sorts = ("price", "gone", "sold out", "too few", "too many", "options", "below minimum", "no delivery", "no area", "fee",
             "closed", "hours", "basket", "another", "empty")  # fmt: skip
    monday = datetime(2030, 1, 7, 9, tzinfo=UTC)
    with app.test_request_context():
        said = [words.of_change(Change(sort, name="Rye", before=490, after=3, opens_at=monday), shop, "en") for sort in sorts]
        faults = [words.of_bad_options(BadOptions(fault, "Size")) for fault in ("required", "too many", "sold out", "unknown")]
    assert len(set(said)) == len(sorts)
    assert said[0] == "Rye now costs €0.03 instead of €4.90."
    assert said[3] == "Only 3 pieces of Rye are left."
    assert said[11] == "The shop is closed now. The order would be for Monday 7 January, 09:00."
    assert len(set(faults)) == 4


def test_a_price_that_rises_between_page_and_order_is_seen_before_anything_is_stored(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    rye = bread(card)
    token, basket = filled(shop, (rye, 2))
    saw = seen(shop, token, details())
    catalogue.change_product(rye, price=600)
    with time_machine.travel(datetime.now(UTC), tick=True), pytest.raises(OrderChanged) as changed:
        place_order(shop, token, basket.key, details(), saw)
    assert [(one.before, one.after) for one in changed.value.changes] == [(490, 600)]
    assert changed.value.basket.lines[0].was == 490
    again = baskets.price(shop, baskets.find_basket(shop, token), "pickup")
    assert place_order(shop, token, basket.key, details(), again.seen()).order.total == 1200
