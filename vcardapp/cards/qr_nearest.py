"""The nearest style that scans to the one that was asked for, and in words what was changed and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any

from vcardapp.cards import qr, qr_rules
from vcardapp.cards.qr_colours import darkened, lightened
from vcardapp.cards.qr_drawing import dressed
from vcardapp.cards.qr_proof import Proof, Remark, certificate_of, prove
from vcardapp.cards.qr_style import SCHEMA, UNKNOWN, WORDS, Style, WrongStyle, luma
from vcardapp.colours import distance, name
from vcardapp.i18n import N_

MOST_PROOFS = 8  # of candidates, before the plain dress
MOST_FIELDS = 40  # of values that are no style, that are looked at
CONTRASTS = (0.5, 0.56, 0.61, 0.66, 0.7, 0.74, 0.78, 0.85, 0.92, 1.0)  # of 1, that a darker colour may be made for
LIGHTS = (0.95, 0.97, 0.985, 1.0)  # luma of 1, that a background may be lightened to
LOGO_SIDES = (0.25, 0.2, 0.15, 0.1)
# What a change costs: how much of the look is lost, as a person would say. A colour's is its distance in OKLab.
ZONE, EYES, COLOURS, SWAP, LOGO_STEP, NO_GRADIENT, NO_LOGO = 0.1, 0.3, 6.0, 0.5, 0.4, 2.0, 4.0
SHAPE = {"soft": 0.9, "square": 1.2}

TOO_LIGHT = {
    "pink": N_("This pink is too light for about %(count)s of 10 phones; this darker one keeps them all."),
    "red": N_("This red is too light for about %(count)s of 10 phones; this darker one keeps them all."),
    "orange": N_("This orange is too light for about %(count)s of 10 phones; this darker one keeps them all."),
    "yellow": N_("This yellow is too light for about %(count)s of 10 phones; this darker one keeps them all."),
    "green": N_("This green is too light for about %(count)s of 10 phones; this darker one keeps them all."),
    "turquoise": N_("This turquoise is too light for about %(count)s of 10 phones; this darker one keeps them all."),
    "blue": N_("This blue is too light for about %(count)s of 10 phones; this darker one keeps them all."),
    "purple": N_("This purple is too light for about %(count)s of 10 phones; this darker one keeps them all."),
    "brown": N_("This brown is too light for about %(count)s of 10 phones; this darker one keeps them all."),
    "grey": N_("This grey is too light for about %(count)s of 10 phones; this darker one keeps them all."),
}
A_LITTLE_DARKER = N_("A little darker, this colour leaves every phone enough to read.")
BACKGROUND = N_("On white paper, this background is too dark for about %(count)s of 10 phones; this lighter one keeps them all.")
A_LITTLE_LIGHTER = N_("A little lighter, this background leaves every phone enough to read.")
SWAPPED = N_("Most phones look for dark on light, so the two colours have changed places.")
NARROWER_ZONE = N_("A border of %(zone)s modules instead of %(asked)s lets every module be larger in the same space.")
STRAIGHTER = N_("Phones find a code by the straight edges of its three eyes, so their corners are less round.")
FULLER = N_("Fuller modules are easier to read from far away.")
ONE_COLOUR = N_("One colour instead of two: the lighter end of the gradient is lost first.")
SMALLER_LOGO = N_("A smaller logo, because the larger one covers what the code needs to correct itself.")
WITHOUT_LOGO = N_("No logo: this code has no room left to correct what a logo covers.")
WITHOUT_FRAME = N_("No frame: this code has no reserve left for anything beside it.")


@dataclass(frozen=True, slots=True)
class Change:
    """A style that passes, what is different from the one asked for, and its proof."""

    style: Style
    words: tuple[Remark, ...]
    proof: Proof


def nearest(text: str, style: Style, plain_text: str) -> Change:
    """Return the style itself where it passes, or else the one with the least visible changes that does.

    Candidates are tried from the smallest change on: the rules first, which cost nothing, and the proof of the few that
    they let through.
    """
    proof = prove(dressed(text, style), plain_text)
    if proof.passes:
        return Change(style, (), proof)
    for candidate in _candidates(text, style, plain_text):
        proof = prove(dressed(text, candidate), plain_text)
        if proof.passes:
            break
    return Change(candidate, tuple(_words(style, candidate)), proof)


def mended(values: Any) -> tuple[Style, tuple[Remark, ...]]:
    """Return a style of values that are not one, each field brought into its bounds or left out, and what was wrong."""
    known = SCHEMA["properties"]
    left = {field: value for field, value in values.items() if field in known} if isinstance(values, Mapping) else {}
    if isinstance(values, Mapping):
        remarks = [Remark(UNKNOWN, {}, str(field)[:40]) for field in islice(values, MOST_FIELDS) if field not in known]
    else:
        remarks = [Remark(WORDS[""], {})]
    while True:
        try:
            return Style.from_dict(left), tuple(remarks)
        except WrongStyle as problem:
            remarks.append(Remark(problem.words, {}, problem.field))
            bounded = _bounded(known[problem.field], left.pop(problem.field))
            if bounded is not None:
                left[problem.field] = bounded


def _bounded(schema: Mapping[str, Any], value: Any) -> float | None:
    """Return the nearest number that a field may have; None where it takes none, or this is none."""
    numbers = [schema["minimum"], schema["maximum"]] if schema.get("type") == "number" else schema.get("enum", ())
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and value == value  # not NaN
    if not is_number or not numbers or isinstance(numbers[0], str):
        return None
    bounded: float = min(max(value, min(numbers)), max(numbers))
    return bounded if bounded != value else None


def _candidates(text: str, style: Style, plain_text: str) -> Iterator[Style]:
    """Yield styles that the rules let through, the least changed first, then ever plainer ones; some are tried in vain."""
    plain = qr.plain_code(plain_text)
    worn: dict[tuple[object, float], tuple[qr.Code, float]] = {}  # by logo: its code, and how much it uses

    def scans(candidate: Style) -> bool:
        logo = candidate.logo, candidate.logo_side
        if logo not in worn:
            drawing = dressed(text, candidate)
            worn[logo] = drawing.code, max(certificate_of(drawing).used) if drawing.plate else 0.0
        code, used = worn[logo]
        sound = used <= qr_rules.MOST_USED and qr_rules.finds_eyes(candidate)
        return sound and qr_rules.expected(code, candidate, plain, used) >= qr_rules.ENOUGH

    combined = sorted(product(*_options(style)), key=lambda parts: sum(cost for cost, _ in parts))
    changed = (replace(style, **{name: value for _, part in parts for name, value in part.items()}) for parts in combined)
    yield from islice(filter(scans, changed), MOST_PROOFS)
    fullest = replace(style, **{name: value for options in _options(style) for name, value in options[-1][1].items()})
    yield replace(fullest, frame=None)
    yield Style(dark=fullest.dark, light=fullest.light, zone=2)
    yield Style(zone=2)
    yield Style()


Options = list[tuple[float, dict[str, Any]]]


def _options(style: Style) -> list[Options]:
    """Return for each part of the look what it could become and at what cost, itself first."""
    unchanged: tuple[float, dict[str, Any]] = (0.0, {})
    zones: Options = [unchanged, *([(ZONE, {"zone": 2})] if style.zone > 2 else [])]
    eyes: Options = [unchanged]
    if style.eye_frame or style.eye_ball:
        eyes += [
            (EYES * step, {"eye_frame": style.eye_frame * (1 - step / 2), "eye_ball": style.eye_ball * (1 - step / 2)})
            for step in (1, 2)
        ]
    better = [shape for shape in SHAPE if qr_rules.MODULES[shape] > qr_rules.MODULES[style.shape]]
    shapes: Options = [unchanged, *((SHAPE[shape], {"shape": shape}) for shape in better)]
    logos: Options = [unchanged]
    if style.logo:
        sides = [side for side in LOGO_SIDES if side < style.logo_side]
        logos += [(LOGO_STEP * step, {"logo_side": side}) for step, side in enumerate(sides, 1)]
        logos += [(NO_LOGO, {"logo": None})]
    return [zones, _colours(style), eyes, shapes, logos]


def _colours(style: Style) -> Options:
    """Return colours that read better and better, and cost more and more, down to what reads best."""
    found = [(0.0, _colour_share(style), _differences(style, style))]
    for made in _shades(style):
        found.append((_colour_cost(style, made), _colour_share(made), _differences(style, made)))
    if qr_rules.contrast(style) < 0:
        swapped = replace(style, dark=style.light, light=max(style.darks, key=luma), gradient=None)
        for made in _shades(swapped):
            cost = SWAP + (NO_GRADIENT if style.gradient else 0) + _colour_cost(swapped, made)
            found.append((cost, _colour_share(made), _differences(style, made)))
    options: Options = []
    best = 0.0
    for cost, share, change in sorted(found, key=lambda option: (option[0], -option[1], str(option[2]))):
        if not change or share > best:
            options.append((cost, change))
            best = share
    return options


def _shades(style: Style) -> Iterator[Style]:
    """Yield the colours with darker dark and lighter light ones, as far as they can be told apart, with their hues."""
    for least in (0.0, *LIGHTS):
        light = lightened(style.light, 255 * least)
        for contrast, gradient in product(CONTRASTS, dict.fromkeys((style.gradient, None))):
            most = max(0.0, luma(light) - 255 * contrast)
            to = gradient and replace(gradient, to=darkened(gradient.to, most))
            made = replace(style, light=light, dark=darkened(style.dark, most), gradient=to)
            if qr_rules.contrast(made) >= qr_rules.LEAST_CONTRAST:
                yield made


def _colour_cost(asked: Style, made: Style) -> float:
    cost = distance(asked.dark, made.dark) + distance(asked.light, made.light)
    if asked.gradient and made.gradient:
        cost += distance(asked.gradient.to, made.gradient.to)
    return COLOURS * cost + (NO_GRADIENT if asked.gradient and not made.gradient else 0)


def _colour_share(style: Style) -> float:
    share = qr_rules.ink_share(style) * qr_rules.background_share(style.light, style.page)
    share *= qr_rules.page_share(style)
    return share * (qr_rules.GRADIENT if style.gradient else 1)


def _differences(asked: Style, made: Style) -> dict[str, Any]:
    fields = ("dark", "light", "gradient")
    return {field: getattr(made, field) for field in fields if getattr(asked, field) != getattr(made, field)}


def _words(asked: Style, made: Style) -> Iterator[Remark]:
    """Yield a sentence for each change, in the order of the form."""
    if asked.shape != made.shape:
        yield Remark(FULLER, {}, "shape")
    if (asked.eye_frame, asked.eye_ball) != (made.eye_frame, made.eye_ball):
        yield Remark(STRAIGHTER, {}, "eye_frame")
    yield from _colour_words(asked, made)
    if asked.zone != made.zone:
        yield Remark(NARROWER_ZONE, {"zone": made.zone, "asked": asked.zone}, "zone")
    if asked.logo and not made.logo:
        yield Remark(WITHOUT_LOGO, {}, "logo")
    elif asked.logo_side != made.logo_side:
        yield Remark(SMALLER_LOGO, {}, "logo_side")
    if asked.frame and not made.frame:
        yield Remark(WITHOUT_FRAME, {}, "frame")


def _colour_words(asked: Style, made: Style) -> Iterator[Remark]:
    kept = distance(asked.dark, made.dark) + distance(asked.light, made.light)
    if distance(asked.light, made.dark) + distance(asked.dark, made.light) < kept:
        yield Remark(SWAPPED, {}, "dark")
        return
    ends = (asked.gradient.to, made.gradient.to) if asked.gradient and made.gradient else (asked.dark, asked.dark)
    for before, after in ((asked.dark, made.dark), ends):
        if before != after:
            lost = 1 - qr_rules.contrast_share((luma(asked.light) - luma(before)) / 255)
            yield _lost(lost, TOO_LIGHT[name(before)], A_LITTLE_DARKER, "dark" if before == asked.dark else "gradient")
    if asked.gradient and not made.gradient:
        yield Remark(ONE_COLOUR, {}, "gradient")
    if asked.light != made.light:
        lost = 1 - qr_rules.background_share(asked.light, asked.page)
        yield _lost(lost, BACKGROUND, A_LITTLE_LIGHTER, "light")


def _lost(share: float, words: str, little: str, field: str) -> Remark:
    return Remark(words, {"count": min(10, round(10 * share))}, field) if share >= 0.1 else Remark(little, {}, field)
