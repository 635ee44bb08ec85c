"""Random styles of codes, sensible and hostile, and small logos, for tests."""

from __future__ import annotations

import base64
import io
import random
from functools import cache
from typing import Any

from hypothesis import strategies as st
from PIL import Image

from vcardapp.cards.qr_style import Style

COLOURS = st.one_of(
    st.integers(0, 0xFFFFFF).map("#{:06x}".format),
    st.sampled_from(["#000000", "#ffffff", "#ffd54f", "#ff9800", "#777777", "#1a1714", "#fffaf0", "#0000ff"]),
)
WORDS = st.sampled_from(["AB", "M", "Zoé", "مرحبا", "名片", "Scan me"])
PLACES = st.sampled_from(["below", "above"])


@cache
def logo(colour: str, side: int = 64) -> str:
    """Return a disc on nothing as a PNG in base64."""
    picture = Image.radial_gradient("L").resize((side, side)).point(lambda value: 255 if value < 180 else 0)
    whole = Image.new("RGBA", (side, side), colour)
    whole.putalpha(picture)
    file = io.BytesIO()
    whole.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def records(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields)


STYLES = st.fixed_dictionaries(
    {},
    optional={
        "shape": st.sampled_from(["square", "soft", "dots", "bars"]),
        "eye_frame": st.floats(0, 0.5),
        "eye_ball": st.floats(0, 1),
        "dark": COLOURS,
        "gradient": st.none() | records(to=COLOURS, kind=st.sampled_from(["linear", "radial"]), angle=st.integers(0, 359)),
        "light": COLOURS,
        "page": COLOURS,
        "zone": st.sampled_from([2, 3, 4]),
        "logo": st.none()
        | records(kind=st.just("initials"), text=WORDS, colour=COLOURS)
        | records(kind=st.just("picture"), png=st.sampled_from(["#d02020", "#000000", "#ffffff"]).map(logo)),
        "logo_side": st.floats(0.1, 0.31),
        "frame": st.none() | records(text=WORDS, place=PLACES, colour=COLOURS),
    },
).map(Style.from_dict)


def hostile(chance: random.Random) -> Any:
    """Return what a style's JSON is not meant to be: wrong types, huge numbers, long texts, broken and heavy pictures."""
    junk: list[Any] = [None, True, -1, 0, 3.5, 1e308, float("nan"), float("inf"), 10**400, "", "x" * 5000, "#GGGGGG", "#fff",
                       "url(x)", "\x00", "\u202e" * 40, "\ud800", [], [[[]]], {}, {"to": "#fff"}, "😀" * 40]  # fmt: skip
    heavy = base64.b64encode(chance.randbytes(chance.choice((10, 1000, 199_000, 260_000)))).decode()
    colour = f"#{chance.randrange(1 << 24):06x}"
    logos: list[Any] = [
        {"kind": "picture", "png": heavy},
        {"kind": "picture", "png": logo("#d02020", chance.choice((31, 33, 512, 513)))},
        {"kind": "initials", "text": chance.choice(("W" * 8, "﷽" * 8, "à́̂̃", "W" * 9)), "colour": colour},
    ]
    frames: list[Any] = [{"text": chance.choice(("﷽" * 40, "Scan", "x" * 41)), "place": "below", "colour": "#000000"}]
    sensible: dict[str, list[Any]] = {
        "shape": ["bars", "dots"], "eye_frame": [0.5, 0.5000001], "eye_ball": [1], "dark": [colour, colour.upper()],
        "gradient": [{"to": colour, "kind": "linear", "angle": chance.choice((0, 359, 360, 45.5))}], "light": [colour, "#ffffff"],
        "page": [colour], "zone": [2, 4, 0, 4.0], "logo": logos, "logo_side": [0.31, 0.1, 0.32], "frame": frames, "evil": [1],
    }  # fmt: skip
    if chance.random() < 0.02:
        return chance.choice(junk)
    fields = chance.sample(sorted(sensible), chance.randrange(1, 9))
    return {field: chance.choice(junk if chance.random() < 0.12 else sensible[field]) for field in fields}
