"""Which languages the interface speaks, and the marker for texts that are translated later."""

from __future__ import annotations

LANGUAGES = {"en": "English", "es": "Español", "ar": "العربية"}
RIGHT_TO_LEFT = {"ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv", "ckb", "syr"}


def N_(text: str) -> str:  # noqa: N802 - gettext's customary name
    """Mark a text for the catalogue; it is translated where it is shown."""
    return text


def direction(language: str) -> str:
    """Return "rtl" or "ltr" for a language tag such as "ar-EG"."""
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"
