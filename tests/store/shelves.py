"""A shop of 60 products with pictures that weigh what photographs do."""

from __future__ import annotations

import io
import uuid

import numpy as np
from PIL import Image

from tests.media.makers import ready
from tests.store.cast import SIZES, TOPPINGS, bakery
from vcardapp.accounts.models import User
from vcardapp.cards.models import Card
from vcardapp.store import catalogue

PICTURES = 5


def photo(seed: int) -> bytes:
    """A picture with soft colours, edges and grain, so that it weighs what a photograph does."""
    random, side = np.random.default_rng(seed), 640
    soft = Image.fromarray((random.random((7, 7, 3)) * 255).astype("uint8")).resize((side, side), Image.Resampling.BICUBIC)
    pixels = np.asarray(soft).astype(float)
    down, right = np.mgrid[0:side, 0:side]
    for x, y, radius in random.integers(40, side, (14, 3)):
        disc = (right - x) ** 2 + (down - y) ** 2 < (radius / 3) ** 2
        pixels[disc] = pixels[disc] * 0.4 + random.random(3) * 255 * 0.6
    pixels += random.normal(0, 9, pixels.shape)
    file = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype("uint8")).save(file, "JPEG", quality=88)
    return file.getvalue()


def sixty_products(person: User) -> tuple[Card, dict[str, uuid.UUID]]:
    """Fill a bakery: two categories, every tenth product without a picture; return the ids of its products by name."""
    files = [ready(person, photo(seed)).id for seed in range(PICTURES)]
    card, _ = bakery(person, "bakery")
    cakes, bread = (catalogue.add_category(card, name) for name in ("Cakes and tarts", "Bread"))
    made = {}
    for number in range(60):
        name = ("Apple cake", "Rye bread", "Roll")[number] if number < 3 else f"Loaf number {number}"
        made[name] = catalogue.add_product(
            card, name=name, price=490 + 10 * number, pictures=[] if number % 10 == 9 else [files[number % PICTURES]],
            category_id=(cakes if number < 20 else bread).id, options=(SIZES, TOPPINGS) if number == 0 else (),
            text="With flour from the mill next door.",
        ).id  # fmt: skip
    catalogue.add_service(card, name="Baking course", price=4500, minutes=180)
    return card, made
