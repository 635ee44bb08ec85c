"""Pictures for the demo's cards, drawn here and the same every time."""

from __future__ import annotations

from collections.abc import Callable

from vcardapp.demo import covers, people, shops

PICTURES: dict[str, dict[str, Callable[[], bytes]]] = {
    "maria": {"photo": people.maria, "cover": covers.maria},  # an architect
    "jasmine": {"photo": shops.bakery_photo, "cover": shops.bakery_cover},  # a bakery
    "dana": {"photo": people.dana, "cover": covers.dana},  # a physiotherapist
    "taro": {"photo": people.taro, "cover": covers.taro},  # a potter
    "somchai": {"photo": people.somchai, "cover": covers.somchai},  # a boatman
    "ananya": {"photo": people.ananya, "cover": covers.ananya},  # a tailor
    "kellner": {"logo": shops.kellner_logo, "cover": shops.kellner_cover},  # a bicycle repair
    "ngozi": {"cover": covers.ngozi},  # a bassist, shown by an initial
}


def draw(subject: str) -> dict[str, bytes]:
    """Return PNG files by sort: "photo" or "logo" of 1200 by 1200 pixels, "cover" of 1500 by 500."""
    return {sort: print_picture() for sort, print_picture in PICTURES[subject].items()}
