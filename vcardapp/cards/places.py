"""What a language says about a country and its time zone, as a first guess that can be changed."""

from __future__ import annotations

import importlib.resources
from functools import lru_cache

from babel import Locale, UnknownLocaleError


def guess_country(accepted: list[str]) -> str:
    """Return the alpha-2 country of the first accepted language that names one, or ""."""
    for tag in accepted:
        for part in tag.replace("_", "-").split("-")[1:]:
            if len(part) == len("GB") and part.isalpha():
                return part.upper()
    return ""


def guess_language(accepted: list[str], fallback: str) -> str:
    """Return the first accepted language that is one, without its country, or the fallback."""
    for tag in accepted:
        language = tag.replace("_", "-").split("-")[0].lower()
        try:
            return Locale.parse(language).language
        except (UnknownLocaleError, ValueError):
            continue
    return fallback


def guess_time_zone(country: str) -> str:
    """Return the zone of a country that has just one, or ""."""
    zones = _zones_by_country().get(country, ())
    return zones[0] if len(zones) == 1 else ""


@lru_cache(maxsize=1)
def _zones_by_country() -> dict[str, tuple[str, ...]]:
    table = (importlib.resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _place, zone = line.split("\t")[:3]
            found[country] = (*found.get(country, ()), zone)
    return found
