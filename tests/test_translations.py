"""Spanish and Arabic say everything, with the same placeholders, and what is compiled is what is written."""

import re
from functools import cache

import pytest

from vcardapp.i18n import LANGUAGES
from vcardapp.translations.update import compiled, missing, path_of, read, texts

OTHERS = [language for language in LANGUAGES if language != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
MARKUP = re.compile(r"</?\w+|https?://\S+")


@cache
def said() -> set[tuple[object, object]]:
    """Return what the app says, with its context; to read all files for it takes seconds."""
    return {(m.id if isinstance(m.id, str) else tuple(m.id), m.context) for m in texts() if m.id}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    catalog = read(language)
    assert missing(catalog) == []
    there = {(m.id if isinstance(m.id, str) else tuple(m.id), m.context) for m in catalog if m.id}
    assert said() == there, "run: make translations"


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_placeholders(language: str) -> None:
    for message in read(language):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        for string in strings:
            found = set(PLACEHOLDER.findall(string))
            assert found <= wanted, string
            assert wanted - found <= {"%(num)d"} if len(ids) > 1 else found == wanted, string
            assert set(MARKUP.findall(string)) == set(MARKUP.findall(ids[-1])), string


@pytest.mark.parametrize("language", OTHERS)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    assert path_of(language).with_suffix(".mo").read_bytes() == compiled(read(language))
