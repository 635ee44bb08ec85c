"""How this visitor writes times and dates: the language of the page, with the habits of the country they come from."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from flask import request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from vcardapp.web import language_for


def visitor_locale(page: Locale | None) -> Locale:
    """Return the first accepted locale of the page's language (en-GB writes 17:00, en-US 5 PM), else the page's own."""
    return _locale_among(request.accept_languages, page or Locale("en"))


@lru_cache(maxsize=2048)
def spoken_by(accept_language: str, wished: str, default: str) -> str:
    """Return what tells the variants of a page apart: its language and the habits of the visitor's country."""
    accepted = parse_accept_header(accept_language, LanguageAccept)
    language = language_for(wished, accepted, default)
    return f"{language} {_locale_among(accepted, Locale(language))}"


def _locale_among(accepted: LanguageAccept, page: Locale) -> Locale:
    for tag in accepted.values():
        try:
            found = Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        if found.language == page.language:
            return found
    return page
