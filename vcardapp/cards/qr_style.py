"""How a QR code is dressed: shapes, colours, logo, frame; as JSON, checked by one schema, and our own presets."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from vcardapp import images
from vcardapp.colours import rgb
from vcardapp.i18n import N_

MOST_PICTURE_BYTES = 200_000
MOST_PICTURE_SIDE = 512  # pixels
_COLOUR = {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}
_TEXT = r"^(?=.*\S)[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"  # one line, not blank


def _record(**fields: dict[str, Any]) -> dict[str, Any]:
    needed = [name for name, schema in fields.items() if "default" not in schema]
    return {"type": "object", "properties": fields, "required": needed, "additionalProperties": False}


def _or_none(*kinds: dict[str, Any]) -> dict[str, Any]:
    return {"oneOf": [{"type": "null"}, *kinds]}


SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Style of a QR code",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "shape": {"enum": ["square", "soft", "dots", "bars"], "default": "square"},
        "eye_frame": {"type": "number", "minimum": 0, "maximum": 0.5, "default": 0, "description": "radius in modules"},
        "eye_ball": {"type": "number", "minimum": 0, "maximum": 1, "default": 0, "description": "radius in modules"},
        "dark": {**_COLOUR, "default": "#000000"},
        "gradient": {
            **_or_none(
                _record(
                    to=_COLOUR,
                    kind={"enum": ["linear", "radial"], "default": "linear"},
                    angle={"type": "integer", "minimum": 0, "maximum": 359, "default": 0},
                )
            ),
            "default": None,
            "description": "from dark to this colour; angle 0 runs to the right, 90 down",
        },
        "light": {**_COLOUR, "default": "#ffffff", "description": "behind the code and its quiet zone"},
        "page": {**_COLOUR, "default": "#ffffff", "description": "of what the code is printed on"},
        "zone": {"enum": [2, 3, 4], "default": 4, "description": "quiet zone in modules"},
        "logo": {
            **_or_none(
                _record(
                    kind={"const": "initials"},
                    text={"type": "string", "maxLength": 8, "pattern": _TEXT},
                    colour={**_COLOUR, "default": "#000000"},
                ),
                _record(
                    kind={"const": "picture"},
                    png={
                        "type": "string",
                        "contentEncoding": "base64",
                        "contentMediaType": "image/png",
                        "maxLength": (MOST_PICTURE_BYTES + 2) // 3 * 4,
                    },
                ),
            ),
            "default": None,
        },
        "logo_side": {
            "type": "number",
            "minimum": 0.1,
            "maximum": 0.31,
            "default": 0.2,
            "description": "share of the code's side, without its zone",
        },
        "frame": {
            **_or_none(
                _record(
                    text={"type": "string", "maxLength": 40, "pattern": _TEXT},
                    place={"enum": ["below", "above"], "default": "below"},
                    colour={**_COLOUR, "default": "#000000"},
                )
            ),
            "default": None,
        },
    },
}
WORDS = {
    "": N_("A style is an object with names and values."),
    "shape": N_("Choose one of the shapes."),
    "eye_frame": N_("The corners of the three eyes can be rounded by half a module at most."),
    "eye_ball": N_("The centres of the three eyes can be rounded by one module at most."),
    "dark": N_("Give a colour as # and six digits, such as #1a1714."),
    "gradient": N_("A gradient needs a second colour, a kind and an angle from 0 to 359 degrees."),
    "light": N_("Give a colour as # and six digits, such as #1a1714."),
    "page": N_("Give a colour as # and six digits, such as #1a1714."),
    "zone": N_("The quiet zone is 2, 3 or 4 modules wide."),
    "logo": N_(
        "A logo is initials of up to 8 characters with a colour, or a PNG picture of at most 200 KB and 512 pixels."
    ),
    "logo_side": N_("A logo takes from 10 to 31 percent of the code's side."),
    "frame": N_("The text of a frame has up to 40 characters on one line, a place (below or above) and a colour."),
}
UNKNOWN = N_("There is no such setting.")


class WrongStyle(ValueError):
    """A style that cannot be drawn: the field that is wrong, and an English sentence that says what it may be."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(f"{field}: {words}" if field else words)
        self.field, self.words = field, words


@dataclass(frozen=True, slots=True)
class Gradient:
    to: str
    kind: str = "linear"
    angle: int = 0  # degrees, clockwise from "to the right"


@dataclass(frozen=True, slots=True)
class Initials:
    text: str
    colour: str = "#000000"


@dataclass(frozen=True, slots=True)
class Picture:
    png: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    text: str
    place: str = "below"
    colour: str = "#000000"


@dataclass(frozen=True, slots=True)
class Style:
    shape: str = "square"
    eye_frame: float = 0.0  # radii in modules
    eye_ball: float = 0.0
    dark: str = "#000000"
    gradient: Gradient | None = None
    light: str = "#ffffff"
    page: str = "#ffffff"
    zone: int = 4  # modules
    logo: Initials | Picture | None = None
    logo_side: float = 0.2  # of the symbol's side
    frame: Frame | None = None

    @classmethod
    def from_dict(cls, values: Any) -> Style:
        """Return the style that JSON describes, the rest as in the plain one; raise WrongStyle."""
        if not isinstance(values, Mapping):
            raise WrongStyle("", WORDS[""])
        fields: dict[str, Any] = {}
        for field, value in values.items():
            if field not in SCHEMA["properties"]:
                raise WrongStyle(str(field)[:40], UNKNOWN)
            if not _fits(value, SCHEMA["properties"][field]):
                raise WrongStyle(field, WORDS[field])
            fields[field] = _taken(field, value)
        return cls(**fields)

    def to_dict(self) -> dict[str, Any]:
        """Return the style as JSON takes it, every field named; from_dict gives the same style back."""
        values = asdict(self)
        if isinstance(self.logo, Initials):
            values["logo"] = {"kind": "initials", **values["logo"]}
        elif isinstance(self.logo, Picture):
            values["logo"] = {"kind": "picture", "png": base64.b64encode(self.logo.png).decode("ascii")}
        return values

    @property
    def darks(self) -> tuple[str, ...]:
        """The colours that dark modules have: one, or both ends of the gradient."""
        return (self.dark, self.gradient.to) if self.gradient else (self.dark,)


def luma(colour: str) -> float:
    """Return what a camera sees of "#rrggbb", 0 to 255: Y' of ITU-R BT.601."""
    red, green, blue = rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Tell whether a value keeps to that part of JSON Schema that SCHEMA uses."""
    if "oneOf" in schema:
        return any(_fits(value, kind) for kind in schema["oneOf"])
    if "enum" in schema or "const" in schema:
        return not isinstance(value, bool) and any(
            value == choice for choice in schema.get("enum") or [schema["const"]]
        )
    match schema["type"]:
        case "null":
            return value is None
        case "string":
            right = isinstance(value, str) and len(value) <= schema.get("maxLength", 7) and _is_text(value)
            return right and bool(re.fullmatch(schema.get("pattern", ".*"), value))
        case "object":
            parts = schema["properties"]
            return (
                isinstance(value, Mapping)
                and value.keys() <= parts.keys()
                and all(name in value for name in schema["required"])
                and all(_fits(part, parts[name]) for name, part in value.items())
            )
        case kind:
            right = isinstance(value, int | float) and not isinstance(value, bool)
            right = right and schema["minimum"] <= value <= schema["maximum"]
            return right and (kind == "number" or value == int(value))


def _is_text(value: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _taken(field: str, value: Any) -> Any:
    if value is None:
        return None
    match field:
        case "dark" | "light" | "page":
            return value.lower()
        case "zone":
            return int(value)
        case "eye_frame" | "eye_ball" | "logo_side":
            return float(value)
        case "gradient":
            return Gradient(value["to"].lower(), value.get("kind", "linear"), int(value.get("angle", 0)))
        case "frame":
            return Frame(value["text"].strip(), value.get("place", "below"), value.get("colour", "#000000").lower())
        case "logo" if value["kind"] == "initials":
            return Initials(value["text"].strip(), value.get("colour", "#000000").lower())
        case "logo":
            return Picture(_checked(value["png"]))
    return value


def _checked(encoded: str) -> bytes:
    """Return the bytes of a PNG that opens and is neither too large nor too long; raise WrongStyle."""
    try:
        png = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise WrongStyle("logo", WORDS["logo"]) from None
    sides = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")  # IHDR comes first, PNG §5.6
    if png[:8] != b"\x89PNG\r\n\x1a\n" or len(png) > MOST_PICTURE_BYTES or max(sides) > MOST_PICTURE_SIDE:
        raise WrongStyle("logo", WORDS["logo"])
    try:
        images.open_upright(png)
    except images.PictureRefused as problem:
        raise WrongStyle("logo", problem.reason) from None
    return png


_ROUND = Style(eye_frame=0.25, eye_ball=1.0)  # rounder frames cost more reads than they give looks
_DOTS = replace(_ROUND, shape="dots", eye_ball=0.5)
_BARS = replace(_ROUND, shape="bars", eye_ball=0.75)
PRESETS: Final[dict[str, Style]] = {
    "plain": Style(),
    "ink": Style(dark="#1a1714", light="#fffaf0", eye_frame=0.25, eye_ball=0.5),
    "soft": replace(_ROUND, shape="soft", dark="#111827"),
    "dots": replace(_DOTS, dark="#1a1714"),
    "bars": replace(_BARS, dark="#1c1917"),
    "navy": replace(_ROUND, shape="soft", dark="#172554"),
    "forest": replace(_BARS, dark="#0f3d26", light="#fbfdf7"),
    "wine": replace(_DOTS, dark="#5b0f1d", light="#fffafa"),
    "sunset": replace(_ROUND, shape="soft", dark="#3b0764", gradient=Gradient("#7a1712", "linear", 45)),
    "ocean": replace(_DOTS, dark="#03263d", gradient=Gradient("#0a4250", "radial", 0)),
    "graphite": Style(
        shape="bars", dark="#1f2937", gradient=Gradient("#000000", "linear", 90), eye_frame=0.25, eye_ball=0.5
    ),
}
