"""The fonts that pictures are lettered with: the system's and those of the extra `fonts`, found once, ranked, kept open."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import uharfbuzz as hb  # type: ignore[import-untyped]

WEIGHTS = {"regular": 400, "bold": 700}
MOST_FILES = 3000
SUFFIXES = {".ttf": 1, ".otf": 1, ".ttc": 64, ".otc": 64}  # and how many faces are looked at
OUTLINES = {"glyf", "CFF ", "CFF2"}  # tables: pictures of emoji have none
PACKAGES = (  # of the extra `fonts`
    "fontpkg_noto_sans", "fontpkg_noto_sans_arabic", "fontpkg_noto_sans_devanagari", "fontpkg_noto_sans_khmer",
    "fontpkg_noto_sans_tamil", "fontpkg_noto_sans_telugu", "fontpkg_noto_sans_thai", "fontpkg_hind_siliguri",
    "manimgx_fonts_cjk", "pylopdf_fonts_he",
)  # fmt: skip
IN_EXTRA = {  # ISO 15924
    "Latn", "Cyrl", "Grek", "Arab", "Hebr", "Deva", "Khmr", "Taml", "Telu", "Thai", "Beng",
    "Hani", "Hira", "Kana", "Hang", "Bopo",
}  # fmt: skip
FIRST = ("noto sans", "inter", "roboto", "open sans", "dejavu sans", "liberation sans", "arial", "helvetica", "segoe ui")
LAST = {
    "mono", "serif", "display", "symbols", "symbols2", "math", "emoji", "fallback", "naskh", "nastaliq", "kufi", "rashi",
    "looped", "unjoined", "slanted", "narrow", "ui",
}  # fmt: skip
HAN = {"ja": "JP", "ko": "KR", "zh-tw": "TC", "zh-hant": "TC", "zh-mo": "HK", "zh-hk": "HK"}  # else SC


@dataclass(frozen=True, eq=False, slots=True)
class Typeface:
    """One face of a font file; a variable one has every weight."""

    path: Path
    index: int  # in its file
    face: Any
    family: str
    weight: int
    is_upright: bool
    is_variable: bool
    rank: int  # lower is better
    nominal: Any

    def has(self, char: str) -> bool:
        return self.nominal.get_nominal_glyph(ord(char)) is not None


_folders: tuple[Path, ...] | None = None


def look_in(folders: Sequence[Path] | None) -> None:
    """Take fonts from these folders alone; None for the system's and those of the extra."""
    global _folders
    now = None if folders is None else tuple(folders)
    if now == _folders:
        return
    _folders = now
    for cached in (signature, faces, ranked, face_for, font_at):
        cached.cache_clear()


def chosen() -> tuple[Path, ...] | None:
    """Return what look_in was told: whatever is kept of lettered text is kept for these fonts."""
    return _folders


def folders() -> tuple[Path, ...]:
    """Return where fonts are looked for: packages first, so that they look alike on every machine."""
    return (*package_folders(), *system_folders()) if _folders is None else _folders


def package_folders() -> tuple[Path, ...]:
    """Return the folders of the installed packages of the extra `fonts`."""
    specs = (find_spec(name) for name in PACKAGES)
    return tuple(Path(place) for spec in specs if spec for place in spec.submodule_search_locations or ())


def system_folders() -> tuple[Path, ...]:
    """Return the folders that fontconfig, macOS and Windows keep fonts in."""
    home = Path.home() if os.environ.get("HOME") or sys.platform == "win32" else Path("/nonexistent")
    if sys.platform == "darwin":
        return (home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts"))
    if sys.platform == "win32":
        return (Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",)
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    own = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / "fonts"
    return (own, home / ".fonts", *(Path(place) / "fonts" for place in shared.split(":") if place))


def helps(script: str) -> str:
    """Return the package that letters this script (ISO 15924), "" where none does."""
    if script == "emoji":
        return ""
    return "vcardapp[fonts]" if script in IN_EXTRA else "fonts-noto-core"


@lru_cache(maxsize=1)
def signature() -> str:
    """Return a short text that changes where fonts come or go."""
    return hashlib.sha256("\n".join(map(str, _files())).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def faces() -> tuple[Typeface, ...]:
    """Return every face with outlines; broken files are passed over."""
    found = (face for path in _files() for face in _faces_of(path))
    return tuple(found)


@lru_cache(maxsize=16)
def ranked(weight: str, han: str) -> tuple[Typeface, ...]:
    """Return the faces, best first; `han` is the region whose forms Han characters take, such as JP."""

    def key(face: Typeface) -> tuple[Any, ...]:
        off = 0 if face.is_variable else abs(face.weight - WEIGHTS[weight])
        return (not face.is_upright, face.rank, not face.family.endswith(han), face.family, off)

    return tuple(sorted(faces(), key=key))


@lru_cache(maxsize=8192)
def face_for(chars: str, weight: str, han: str) -> Typeface | None:
    """Return the best face that has all of these characters."""
    return next((face for face in ranked(weight, han) if all(map(face.has, chars))), None)


@lru_cache(maxsize=256)
def font_at(face: Typeface, weight: str) -> Any:
    """Return the face at a weight, ready to shape and draw."""
    font = hb.Font(face.face)
    if face.is_variable:
        font.set_variations({"wght": float(WEIGHTS[weight])})
    return font


def han_of(language: str) -> str:
    """Return whose forms of Han characters a language (BCP 47) uses."""
    tag = language.lower().replace("_", "-")
    return next((region for start, region in HAN.items() if tag == start or tag.startswith(start + "-")), "SC")


def _files() -> Iterator[Path]:
    left = MOST_FILES
    for folder in folders():
        for place, _, names in os.walk(folder):
            for name in sorted(names):
                if os.path.splitext(name)[1].lower() in SUFFIXES and left:
                    left -= 1
                    yield Path(place) / name


def _faces_of(path: Path) -> Iterator[Typeface]:
    try:
        with path.open("rb") as file:
            head = file.read(12)
        blob = hb.Blob.from_file_path(str(path))  # mapped, not read
    except (OSError, hb.HarfBuzzError):
        return
    count = int.from_bytes(head[8:12], "big") if head[:4] == b"ttcf" else 1
    for index in range(min(count, SUFFIXES[path.suffix.lower()])):
        face = hb.Face(blob, index)
        if OUTLINES & set(face.table_tags) and face.upem:
            yield _typeface(path, index, face)


def _typeface(path: Path, index: int, face: Any) -> Typeface:
    family = str(face.get_name(16) or face.get_name(1) or "")
    style = str(face.get_name(17) or face.get_name(2) or "").lower()
    font = hb.Font(face)
    weight = int(font.get_style_value(hb.StyleTag.WEIGHT))
    is_variable = any(axis.tag == "wght" for axis in face.axis_infos)
    return Typeface(
        path=path,
        index=index,
        face=face,
        family=family,
        weight=700 if style == "bold" else weight,  # some bold files call themselves 400
        is_upright=not font.get_style_value(hb.StyleTag.ITALIC) and font.get_style_value(hb.StyleTag.WIDTH) == 100,
        is_variable=is_variable,
        rank=_rank(family.lower()),
        nominal=font,
    )


def _rank(family: str) -> int:
    if family in FIRST:
        return FIRST.index(family)
    if LAST & set(family.split()):
        return 40
    return 20 if family.startswith("noto sans") else 30
