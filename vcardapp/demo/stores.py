"""Shops of two demo cards: a bakery's goods with its first orders, and what a bicycle workshop does."""

from __future__ import annotations

import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from vcardapp.accounts.owner import Owner
from vcardapp.cards.models import Card
from vcardapp.db import db, now
from vcardapp.media import service as media
from vcardapp.store import baskets, catalogue, ordering, orders, service
from vcardapp.store.delivery import Area, Delivery
from vcardapp.store.models import Product, Shop
from vcardapp.store.options import Choice, OptionGroup
from vcardapp.store.ordering import Details

BREADS, SAVOURY, SWEET, DRINKS = "خبز", "مناقيش ومعجنات", "حلويات", "مشروبات"
SIZE = OptionGroup("size", "الحجم", (Choice("small", "صغير"), Choice("large", "كبير", 400)), required=True)
EXTRAS = OptionGroup(
    "extra", "إضافات", (Choice("mint", "نعناع"), Choice("olives", "زيتون", 150), Choice("salad", "خضار", 200)), most=3
)  # fmt: skip
WITH = OptionGroup("with", "معه", (Choice("zaatar", "زعتر"), Choice("egg", "بيضة", 200), Choice("cheese", "جبنة", 250)), most=2)
SLICED = OptionGroup("cut", "التقطيع", (Choice("whole", "كامل"), Choice("cut", "مقطّع")), required=True)


@dataclass(frozen=True, slots=True)
class Ware:
    picture: str
    category: str
    name: str
    price: int  # fils: thousandths of a dinar
    text: str = ""
    options: tuple[OptionGroup, ...] = ()
    compare_at: int | None = None
    left: int | None = None  # None: not counted


WARES = (
    Ware("loaf", BREADS, "خبز بلدي", 400, "ربطة من خمسة أرغفة، من الفرن الحجري.", (SLICED,)),
    Ware("flat", BREADS, "خبز طابون", 300, "على الحصى الساخن، رغيف كبير."),
    Ware("ring", BREADS, "كعك القدس بالسمسم", 500, "يُخبز كل ساعة حتى الظهر.", (WITH,)),
    Ware("grain", BREADS, "خبز القمح الكامل", 600, "بلا سكر ولا إضافات.", (SLICED,)),
    Ware("oats", BREADS, "خبز الشوفان", 750, "طري حتى اليوم الثالث.", compare_at=900),
    Ware("zaatar", SAVOURY, "مناقيش زعتر", 600, "زعتر من عجلون وزيت زيتون بكر.", (SIZE, EXTRAS)),
    Ware("cheese", SAVOURY, "مناقيش جبنة", 850, "جبنة نابلسية.", (SIZE, EXTRAS)),
    Ware("meat", SAVOURY, "لحم بعجين", 1000, "بدبس الرمان.", left=4),
    Ware("spinach", SAVOURY, "فطائر السبانخ", 450, "بالسماق والبصل، مثلثات صغيرة."),
    Ware("dates", SWEET, "معمول بالتمر", 3500, "نصف كيلو.", compare_at=4000),
    Ware("nuts", SWEET, "معمول بالجوز", 4500, "نصف كيلو، بماء الزهر."),
    Ware("tray", SWEET, "صينية كعك العيد", 9000, "تكفي عشرة. في الأعياد فقط.", left=0),
    Ware("tea", DRINKS, "شاي بالنعناع", 750),
)
SERVICES = (
    ("Inspektion", 4900, "fixed", 60, "book", "Bremsen, Schaltung, Lager, Licht: alles geprüft und eingestellt."),
    ("Reifen wechseln", 1800, "from", 20, "whatsapp", "Mit Schlauch und Altreifenentsorgung."),
    ("Laufrad zentrieren", 2200, "fixed", 45, "book", ""),
    ("Kette und Kassette", 6500, "from", 90, "whatsapp", "Wir sagen vorher, was Ihr Rad braucht."),
    ("Oldtimer wieder zum Fahren bringen", None, "on request", None, "call", "Auch wenn es die Teile nicht mehr gibt."),
    ("Abholen und bringen", 1200, "fixed", None, "call", "Im Stadtgebiet, am selben Tag."),
)  # fmt: skip
DELIVERIES = (
    Delivery("pickup", "pick-up"),
    Delivery(
        "bike", "delivery", free_from=10_000, minimum=3000, needs_address=True,
        areas=(
            Area("luweibdeh", "جبل اللويبدة", 1000), Area("amman", "جبل عمّان", 1500), Area("abdoun", "عبدون", 2500, None, 8000),
        ),
    ),
)  # fmt: skip
ORDERS = (  # goods by picture with choices and number, who, by which way, which states it has come to, hours ago
    (
        (("dates", (), 1), ("ring", ("cheese",), 4)),
        Details("bike", "luweibdeh", "رنا", "0795550147", address="شارع كلية الشريعة 8"),
        ("accepted", "ready", "completed"), 26,
    ),
    (
        (("zaatar", ("large", "olives"), 3), ("tea", (), 3)),
        Details("pickup", "", "أبو سامر", "0795550188", note="بدون بصل، لو سمحت."),
        ("accepted",), 3,
    ),
    ((("loaf", ("whole",), 2), ("meat", (), 1)), Details("pickup", "", "ليلى", "0795550112"), (), 0),
)  # fmt: skip


def pictures_for(subject: str) -> list[str]:
    """Return what draw() is to be asked for, for the shop of a card."""
    return [ware.picture for ware in WARES] if subject == "jasmine" else []


def fill(card: Card, subject: str, drawn: Mapping[str, bytes]) -> None:
    """Make a card's shop; doing it again, or after a power cut, makes it whole and no more."""
    if subject == "jasmine":
        _fill_bakery(card, drawn)
    elif subject == "kellner":
        _fill_workshop(card)


def _fill_workshop(card: Card) -> None:
    service.open_shop(card)
    made = {one.name for one in catalogue.services_of(card, hidden=True)}
    for name, price, kind, minutes, action, text in SERVICES:
        if name not in made:
            catalogue.add_service(
                card, name=name, price=price, price_kind=kind, minutes=minutes, action=action, text=text
            )


def _fill_bakery(card: Card, drawn: Mapping[str, bytes]) -> None:
    shop = service.open_shop(card)
    words = "نقدًا عند الاستلام، أو CliQ إلى YASMIN."
    pay = {"text": {"text": words}}
    service.change_shop(shop, deliveries=DELIVERIES, pay=pay, footer="نبدأ الخبز قبل الفجر.", lapse_hours=0)
    categories = {one.name: one for one in catalogue.categories_of(card)}
    made = {one.name: one for one in catalogue.products_of(card, hidden=True)}
    by_picture = {}
    for ware in WARES:
        if ware.category not in categories:
            categories[ware.category] = catalogue.add_category(card, ware.category)
        by_picture[ware.picture] = made.get(ware.name) or _add(card, ware, categories[ware.category].id, drawn)
    if not orders.counts_of(shop):
        for goods, details, states, hours in ORDERS:
            _order(shop, [(by_picture[name], chosen, count) for name, chosen, count in goods], details, states, hours)


def _add(card: Card, ware: Ware, category_id: object, drawn: Mapping[str, bytes]) -> Product:
    pictures = []
    if ware.picture in drawn:
        owner = Owner(user_id=card.owner_id)
        pictures = [media.add_file(owner, io.BytesIO(drawn[ware.picture]), f"{ware.picture}.png", "picture").id]
    return catalogue.add_product(
        card, pictures=pictures, name=ware.name, text=ware.text, price=ware.price, compare_at=ware.compare_at,
        category_id=category_id, options=ware.options, stock_kind="off" if ware.left is None else "counted", stock=ware.left or 0,
    )  # fmt: skip


def _order(
    shop: Shop, goods: list[tuple[Product, tuple[str, ...], int]], details: Details, states: tuple[str, ...], hours: int
) -> None:
    token = secrets.token_urlsafe(16)
    for product, chosen, count in goods:
        basket = baskets.add_to_basket(shop, token, product.id, chosen, count)
    priced = baskets.price(shop, basket, details.delivery_id, details.area_id)
    opening = service.opening_of(shop, service.card_of(shop), now())
    order = ordering.place_order(shop, token, basket.key, details, ordering.seen(priced, opening)).order
    for state in states:
        order = orders.change_state(order, state)
    order.created_at -= timedelta(hours=hours)
    for change in order.history:
        change.at -= timedelta(hours=hours)
    if "completed" in states:
        orders.mark_paid(order)
    db.session.commit()
