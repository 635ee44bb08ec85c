"""How this visitor writes times and dates: the language of the page, with the habits of the country they come from."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError
from flask import request


def visitor_locale(page: Locale | None) -> Locale:
    """Return the first accepted locale of the page's language (en-GB writes 17:00, en-US 5 PM), else the page's own."""
    page = page or Locale("en")
    for tag in request.accept_languages.values():
        try:
            found = Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        if found.language == page.language:
            return found
    return page
