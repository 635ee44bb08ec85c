"""A text split into runs of one direction, script and face, in the order they are seen: the only door to python-bidi."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import uharfbuzz as hb  # type: ignore[import-untyped]
from bidi import algorithm  # type: ignore[import-untyped]

from vcardapp import fonts

LONGEST = 200  # characters of a text that is drawn
MOST_MARKS = 3  # combining marks on one letter: Hebrew and Arabic need them, towers of marks are cut
JOINERS = "\u200c\u200d"
EMOJI = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0xE0020, 0xE007F))
PICTURE = "\ufe0f"  # what follows is a colour picture


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that are shaped together."""

    text: str
    level: int  # of embedding; odd is right-to-left
    script: str  # ISO 15924
    face: fonts.Typeface


def runs_of(text: str, direction: str, weight: str, language: str) -> tuple[list[Run], tuple[str, ...]]:
    """Return the runs from left to right, and what no font has: scripts, "Zsym" for signs, "emoji"."""
    han = _region(text, language)
    missing: dict[str, None] = {}
    kept: list[str] = []
    for cluster in clusters(text):
        if cluster.isspace() or _face(cluster, weight, han):
            kept.append(cluster)
        elif _seen(cluster):
            is_picture = PICTURE in cluster or any(map(is_emoji, cluster))
            missing.setdefault("emoji" if is_picture else own_script(cluster) or "Zsym")
    text = " ".join("".join(kept).split())
    return _in_sight(_split(text, direction, weight, han) if text else []), tuple(missing)


def direction_of(text: str) -> str:
    """Return "rtl" where the first letter with a direction is of a right-to-left script, else "ltr"."""
    return "rtl" if algorithm.get_base_level(text) else "ltr"


@lru_cache(maxsize=4096)
def script_of(char: str) -> str:
    """Return the script of a character (ISO 15924), "" for signs, digits and marks that all scripts share."""
    buffer = hb.Buffer()
    buffer.add_str(char)
    buffer.guess_segment_properties()
    return buffer.script or ""


def clusters(text: str) -> list[str]:
    """Split a text where a reader sees one letter end: marks, joiners and what they join stay together."""
    found: list[str] = []
    for char in text:
        joins = bool(found) and (found[-1][-1] == JOINERS[1] and is_emoji(char) or is_flag(char) and is_flag(found[-1]))
        if found and (joins or char in JOINERS or unicodedata.category(char)[0] == "M" or 0x1F3FB <= ord(char) <= 0x1F3FF):
            found[-1] += char
        else:
            found.append(char)
    return found


def is_emoji(char: str) -> bool:
    """True for signs of the blocks that hold pictures, parts of flags among them."""
    return any(first <= ord(char) <= last for first, last in EMOJI)


def is_flag(text: str) -> bool:
    """True for one of the letters that flags are written with."""
    return len(text) == 1 and 0x1F1E6 <= ord(text) <= 0x1F1FF


def drawable(text: str) -> str:
    """Return a text on one line, without controls, overrides and towers of marks, and not longer than is drawn."""
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", " ".join(text[: 4 * LONGEST].split())):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        is_sign = category[0] != "C" or char in JOINERS or category == "Cn"
        if is_sign and marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept[:LONGEST])


def own_script(cluster: str) -> str:
    """Return the script of a letter with its marks, "" for what all scripts share."""
    return next(filter(None, map(script_of, cluster)), "")


def _region(text: str, language: str) -> str:
    scripts = {script_of(char) for char in text}
    if scripts & {"Hira", "Kana"}:
        return "JP"
    return "KR" if "Hang" in scripts else fonts.han_of(language)


def _split(text: str, direction: str, weight: str, han: str) -> list[Run]:
    levels = _levels(text, direction)
    parts: list[Run] = []
    at = 0
    script = next(filter(None, map(script_of, text)), "Latn")
    before: fonts.Typeface | None = None
    for cluster in clusters(text):
        own = own_script(cluster)
        script = own or script
        chosen, before = _lettered(cluster, weight, han, None if own else before)
        parts.append(Run(chosen, levels[at], script, before))
        at += len(cluster)
    same = groupby(parts, key=lambda part: (part.level, part.script, part.face))
    return [Run("".join(part.text for part in group), *key) for key, group in same]


def _face(cluster: str, weight: str, han: str) -> fonts.Typeface | None:
    """Return the face for a letter, if need be without its marks; none for pictures of several signs."""
    seen = _seen(cluster)
    if PICTURE in cluster or not seen or len(seen) > 1 and any(map(is_emoji, seen)):
        return None
    return fonts.face_for(seen, weight, han) or fonts.face_for(seen[0], weight, han)


def _lettered(cluster: str, weight: str, han: str, before: fonts.Typeface | None) -> tuple[str, fonts.Typeface]:
    """Return what is drawn of the cluster and its face: the one before where it will do."""
    seen = _seen(cluster)
    face = before if before and all(map(before.has, seen)) else _face(cluster, weight, han)
    if face is None:  # a space that no font has is still a space
        face = fonts.ranked(weight, han)[0]
    return cluster if all(map(face.has, seen)) else seen[0], face


def _seen(cluster: str) -> str:
    return "".join(char for char in cluster if char not in JOINERS and not 0xFE00 <= ord(char) <= 0xFE0F)


def _levels(text: str, direction: str) -> list[int]:
    """Return the embedding level of each character (UAX #9); those that it ignores take the level before them."""
    storage = algorithm.get_empty_storage()
    storage["base_level"] = level = int(direction == "rtl")
    storage["base_dir"] = "LR"[level]
    counts = [unicodedata.bidirectional(char) != "BN" for char in text]
    algorithm.get_embedding_levels("".join(char for char, is_in in zip(text, counts, strict=True) if is_in), storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    found = (char["level"] for char in storage["chars"])
    levels: list[int] = []
    for is_in in counts:
        level = next(found) if is_in else level
        levels.append(level)
    return levels


def _in_sight(runs: list[Run]) -> list[Run]:
    """Put the parts in the order they are seen, from the left (UAX #9, L2)."""
    for level in range(max((run.level for run in runs), default=0), 0, -1):
        groups = groupby(runs, key=lambda run, level=level: run.level >= level)  # type: ignore[misc]
        runs = [run for is_turned, group in groups for run in (reversed(list(group)) if is_turned else group)]
    return runs


