"""The colours of a card's page, light and dark: from its theme and its owner's choice, so that everything on it can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from vcardapp import colours
from vcardapp.colours import BLACK, WHITE, hex_of, mixed, oklab
from vcardapp.design.contrast import SIGN, TEXT, contrast, least, luminance, repaired, stops, way_to
from vcardapp.design.design import Design
from vcardapp.design.themes import Theme, theme_of
from vcardapp.i18n import N_

Colours = dict[str, str]
TOKENS = (
    *("canvas", "raised", "sunk", "ink", "ink-soft", "ink-faint", "line", "edge", "accent", "accent-strong", "on-accent"),
    *("good", "focus", "button", "button-strong", "button-edge", "gradient"),
)  # "gradient" is where the page's background leads to, "" where it is one colour
NIGHT = 0.4  # lightness in OKLab below which a background is dark
EASY = 7.0  # a ratio at which nobody strains, which our own choices reach where they can (WCAG 2.2 §1.4.6)
STEADY = 5.5  # a ratio that leaves room for weaker inks
GOOD = ("#1d663a", "#7fca98")  # the green of what is open, for light and dark
WORDS = {
    ("text", "light", "darker"): N_("We darkened your %(colour)s for text, so that it can be read on your background."),
    ("text", "light", "lighter"): N_("We lightened your %(colour)s for text, so that it can be read on your background."),
    ("text", "dark", "darker"): N_("On phones set to dark we darken your %(colour)s for text."),
    ("text", "dark", "lighter"): N_("On phones set to dark we lighten your %(colour)s for text."),
    ("accent", "light", "darker"): N_("We darkened your %(colour)s for lines and links. The button keeps it as it is."),
    ("accent", "light", "lighter"): N_("We lightened your %(colour)s for lines and links. The button keeps it as it is."),
    ("accent", "dark", "darker"): N_("On phones set to dark we darken your %(colour)s for lines and links."),
    ("accent", "dark", "lighter"): N_("On phones set to dark we lighten your %(colour)s for lines and links."),
}
CLOSER = N_("We brought the second colour of your background closer to the first, so that text can be read on both.")
COLOURS = {
    "pink": N_("pink"),
    "red": N_("red"),
    "orange": N_("orange"),
    "yellow": N_("yellow"),
    "green": N_("green"),
    "turquoise": N_("turquoise"),
    "blue": N_("blue"),
    "purple": N_("purple"),
    "brown": N_("brown"),
    "grey": N_("grey"),
    "black": N_("black"),
    "white": N_("white"),
}


@dataclass(frozen=True, slots=True)
class Repair:
    """What was changed of the owner's colours, in words for gettext(words, colour=gettext(colour))."""

    field: str  # of the Design: text, accent or gradient
    scheme: str  # light or dark
    was: str
    became: str
    words: str
    colour: str  # what people call it, a value of COLOURS


@dataclass(frozen=True, slots=True)
class Palette:
    light: Mapping[str, str]  # each of TOKENS
    dark: Mapping[str, str]
    repairs: tuple[Repair, ...]


@lru_cache(maxsize=256)
def palette(design: Design) -> Palette:
    """Return the colours of a design, each pair that meets on the page with at least the contrast that WCAG 2.2 AA asks for."""
    theme = theme_of(design.theme)
    light, dark = _scheme(design, theme, "light"), _scheme(design, theme, "dark")
    repairs = [*_repairs(design, light, "light"), *_repairs(design, dark, "dark")]
    return Palette(light, dark, tuple(repairs))


def is_dark(colour: str) -> bool:
    """True for a background that suits a dark room."""
    return oklab(colour)[0] < NIGHT


def called(colour: str) -> str:
    """Return what people call a colour, one of COLOURS in English."""
    name = colours.name(colour)
    lightness = oklab(colour)[0]
    return {True: name, lightness < 0.25: "black", lightness > 0.97: "white"}[True] if name == "grey" else name


def _scheme(design: Design, theme: Theme, scheme: str) -> Colours:
    base = _begun(design, theme, scheme)
    base["gradient"] = _legible_end(base["canvas"], base["gradient"])
    papers = stops(base["canvas"], base["gradient"])
    surfaces = [base[name] for name in ("raised", "sunk") if name in base]
    if len(surfaces) < 2 or _best((*papers, *surfaces)) < TEXT:
        surfaces = []
    is_own = base["ink"] == design.text and scheme == "light"
    wish = TEXT if is_own else max(TEXT, min(EASY, _best((*papers, *surfaces)) - 0.1))
    ink = repaired(base["ink"], (*papers, *surfaces), wish if least(base["ink"], papers) < TEXT else TEXT)
    raised, sunk = surfaces or _surfaces(base["canvas"], ink)
    papers = (*papers, raised, sunk)
    made = {**base, "ink": ink, "raised": raised, "sunk": sunk}
    return made | _inks(made, papers) | _accents(made, papers)


def _begun(design: Design, theme: Theme, scheme: str) -> Colours:
    """Return what the owner and the theme say; what would no longer go with it is left out."""
    canvas, gradient = _background(design, theme, scheme)
    said = theme.dark if is_dark(canvas) and scheme == "light" and design.background else getattr(theme, scheme)
    dropped: set[str] = set()
    if design.background:
        dropped |= set(said) - {"ink", "accent", "good"}
    if design.text:
        dropped |= {"ink-soft", "ink-faint"}
    if design.accent:
        dropped |= {"accent-strong", "on-accent", "focus", "button", "button-strong", "button-edge"}
    kept = {token: colour for token, colour in said.items() if token not in dropped}
    own = {token: colour for token, colour in (("ink", design.text), ("accent", design.accent)) if colour}
    return {**kept, **own, "canvas": canvas, "gradient": gradient}


def _background(design: Design, theme: Theme, scheme: str) -> tuple[str, str]:
    said = getattr(theme, scheme)
    canvas, gradient = said["canvas"], said.get("gradient", "")
    if design.background:
        canvas, gradient = design.background, ""
    if design.gradient:
        gradient = design.gradient
    if scheme == "dark":
        canvas = canvas if is_dark(canvas) else _night(canvas, 0.17)
        gradient = gradient if not gradient or is_dark(gradient) else _night(gradient, 0.24)
    return canvas, "" if design.backdrop else gradient


def _night(colour: str, lightness: float) -> str:
    """Return the same hue as it is at night."""
    _, a, b = oklab(colour)
    calm = min(1.0, 0.04 / max(1e-6, (a * a + b * b) ** 0.5))
    return hex_of((lightness, a * calm, b * calm))


def _legible_end(canvas: str, gradient: str) -> str:
    """Return the gradient's end, moved towards its beginning until one colour of text is legible on all of it."""
    if _best(stops(canvas, gradient)) >= TEXT:
        return gradient
    wish = max(TEXT, min(EASY, _best((canvas,)) - 0.1))
    return way_to(gradient, oklab(canvas), lambda end: _best(stops(canvas, end)) >= wish)


def _best(papers: tuple[str, ...]) -> float:
    """Return the contrast that black or white, whichever suits better, has on all of them."""
    return max(least("#000000", papers), least("#ffffff", papers))


def _surfaces(canvas: str, ink: str) -> tuple[str, str]:
    """Return a surface above the canvas and one below it, on which the ink can be read too."""
    lightness, a, b = oklab(canvas)
    lighter, darker = (hex_of((min(1.0, max(0.0, lightness + step)), a, b)) for step in (0.035, -0.03))
    above = next((one for one, ratio in ((lighter, STEADY), (darker, TEXT)) if contrast(ink, one) >= ratio), canvas)
    below = next((one for one, ratio in ((darker, STEADY), (lighter, TEXT)) if contrast(ink, one) >= ratio), canvas)
    return above, below


def _inks(made: Colours, papers: tuple[str, ...]) -> Colours:
    """Return the weaker inks, lines and signs; they are strengthened towards the ink, which is legible."""
    ink, canvas = oklab(made["ink"]), oklab(made["canvas"])
    weaker = {"ink-soft": 0.27, "ink-faint": 0.38, "edge": 0.5, "line": 0.84}
    found = {token: made.get(token) or mixed(ink, canvas, way) for token, way in weaker.items()}
    for token, ratio in (("ink-soft", TEXT), ("ink-faint", TEXT), ("edge", SIGN)):
        strong = repaired(found[token], papers, ratio, (ink,))
        found[token] = strong if least(strong, papers) >= ratio else made["ink"]
    green = made.get("good") or max(GOOD, key=lambda colour: least(colour, papers))
    return {**found, "good": repaired(green, papers, SIGN)}


def _accents(made: Colours, papers: tuple[str, ...]) -> Colours:
    """Return accent and button; the button keeps the owner's colour and gets letters and an edge that stand out."""
    pole = BLACK if luminance(made["ink"]) < luminance(made["canvas"]) else WHITE
    accent = repaired(made["accent"], papers, SIGN)
    button = made.get("button") or made["accent"]
    letters = _letters(made.get("on-accent", ""), button)
    plain_edge = button if least(button, papers) >= SIGN else accent
    return {
        "accent": accent,
        "accent-strong": repaired(made.get("accent-strong") or mixed(oklab(accent), pole, 0.16), papers, TEXT, (pole,)),
        "focus": repaired(made.get("focus") or accent, papers, SIGN),
        "on-accent": letters,
        "button": button,
        "button-strong": _strong(made.get("button-strong", ""), button, letters),
        "button-edge": repaired(made.get("button-edge", plain_edge), papers, SIGN),
    }


def _letters(said: str, button: str) -> str:
    """Return what a button is lettered with: white, or nearly black in the button's hue."""
    choices = (said or "#ffffff", "#ffffff", mixed(oklab(button), BLACK, 0.8), "#000000")
    return next(colour for colour in choices if contrast(colour, button) >= TEXT)


def _strong(said: str, button: str, letters: str) -> str:
    """Return the button under a pointer: a step away from its letters, or towards them where there is no room."""
    away, near = (BLACK, WHITE) if luminance(letters) > luminance(button) else (WHITE, BLACK)
    steps = (said or button, mixed(oklab(button), away, 0.14), mixed(oklab(button), near, 0.14))
    fitting = (step for step in steps if step != button and contrast(letters, step) >= TEXT)
    return next(fitting, button)


def _repairs(design: Design, made: Colours, scheme: str) -> list[Repair]:
    found = []
    for field, became in (("text", made["ink"]), ("accent", made["accent"])):
        was = getattr(design, field)
        if was and was != became:
            change = "darker" if luminance(became) < luminance(was) else "lighter"
            found.append(Repair(field, scheme, was, became, WORDS[field, scheme, change], COLOURS[called(was)]))
    if scheme == "light" and design.gradient and made["gradient"] not in ("", design.gradient):
        was = design.gradient
        found.append(Repair("gradient", scheme, was, made["gradient"], CLOSER, COLOURS[called(was)]))
    return found


