"""Brings the catalogues up to date with the texts in the code: python -m vcardapp.translations.update."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from vcardapp.assets import TEMPLATES
from vcardapp.i18n import LANGUAGES

HERE = Path(__file__).parent
PACKAGE = HERE.parent
METHODS = [("**/translations/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true", "encoding": "utf-8"}, "**.txt": {"trimmed": "true", "encoding": "utf-8"}}
KEYWORDS = {"_": None, "_l": None, "_n": (1, 2), "N_": None, "gettext": None, "lazy_gettext": None,
            "ngettext": (1, 2), "lazy_ngettext": (1, 2)}  # fmt: skip


def texts() -> Catalog:
    """Return every text in code and templates that is to be translated."""
    catalog = Catalog(project="vcardapp", charset="utf-8")
    for folder in (PACKAGE, TEMPLATES):
        found = extract_from_dir(str(folder), METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",))
        for name, _line, message, comments, context in found:
            if "common_passwords" not in name:
                catalog.add(message, None, [(f"{folder.name}/{name}", 0)], auto_comments=comments, context=context)
    return catalog


def path_of(language: str) -> Path:
    """Return where a language's catalogue lies."""
    return HERE / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """Return a language's catalogue as it stands, an empty one if there is none."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="vcardapp", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as gettext reads it."""
    written = io.BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """Return the texts that a catalogue does not translate, or only perhaps."""
    return [str(m.id) for m in catalog if m.id and (m.fuzzy or not m.string or not all(m.string))]


def main() -> int:
    """Update and compile every catalogue; say what is not translated yet."""
    template, open_texts = texts(), 0
    for language in LANGUAGES:
        if language == "en":
            continue
        catalog = read(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=0, omit_header=False, sort_output=True, include_lineno=False)
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        left = missing(catalog)
        open_texts += len(left)
        print(f"{language}: {len(catalog) - len(left)} translated, {len(left)} missing")
    return 1 if open_texts else 0


if __name__ == "__main__":
    sys.exit(main())
