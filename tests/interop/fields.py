"""Contact files field by field: what a contact promises, and what readers made of its file, in the same form."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Any

from vcardapp.cards.contact import Contact
from vcardapp.cards.vcard import GAP, PRODID

Row = tuple[str, list[str], str | list[str]]  # name, types, value or its parts
Fields = dict[str, list[tuple[list[str], list[str]]]]

FILLING = {"CLASS", GAP}  # lines that keep neighbours apart and say nothing


def promised(contact: Contact, version: str = "3.0") -> Fields:
    """Return every field of the preview; types are compared without order and case."""
    n = [contact.family, contact.given, contact.additional, contact.prefix, contact.suffix]
    rows: list[Row] = [
        ("VERSION", [], version),
        ("PRODID", [], PRODID),
        ("UID", [], f"urn:uuid:{contact.uid}"),
        ("REV", [], f"{contact.changed:%Y%m%dT%H%M%SZ}"),
        ("FN", [], contact.display_name),
        ("NICKNAME", [], contact.nickname),
        ("X-PHONETIC-FIRST-NAME", [], contact.phonetic_given),
        ("X-PHONETIC-LAST-NAME", [], contact.phonetic_family),
        ("ORG", [], [contact.company, contact.department] if contact.department else [contact.company]),
        ("X-ABSHOWAS", [], "COMPANY" if contact.is_company else ""),
        ("TITLE", [], contact.title),
        ("ROLE", [], contact.role),
        *(("ADR", [a.type], ["", "", a.street, a.city, a.region, a.code, a.country]) for a in contact.addresses),
        *(("TEL", [*tel.types, *["PREF"][place:]], tel.number) for place, tel in enumerate(contact.phones)),
        *(("EMAIL", ["INTERNET", m.type, *["PREF"][place:]], m.address) for place, m in enumerate(contact.emails)),
        ("URL", ["WORK"], contact.url),
        *(("URL", [url.label], url.url) for url in contact.urls),
        ("BDAY", [], contact.birthday),
        ("CATEGORIES", [], list(contact.categories)),
        ("NOTE", [], contact.note),
        ("PHOTO", ["JPEG"], b64encode(contact.photo or b"").decode()),
    ]
    return as_fields([("N", [], n), *(row for row in rows if "".join(row[2]))])


def as_fields(rows: Iterable[Row]) -> Fields:
    """Gather rows by their names."""
    fields: Fields = {}
    for name, types, value in rows:
        parts = [value] if isinstance(value, str) else value
        fields.setdefault(name.upper(), []).append((parts, sorted(word.upper() for word in types)))
    return {name: found for name, found in fields.items() if name not in FILLING}


def of_version_4(rows: Iterable[Row]) -> Iterator[Row]:
    """Say in terms of 3.0 what 4.0 says otherwise."""
    for name, types, found in rows:
        value = found[0] if len(found) == 1 else found
        match name.upper(), value:
            case "KIND", "org":
                yield "X-ABSHOWAS", [], "COMPANY"
            case "TEL", str():
                yield name, types, value.removeprefix("tel:")
            case "EMAIL", _:
                yield name, ["INTERNET", *types], value
            case "BDAY", str():
                yield name, types, re.sub(r"(\d{4}|--)-?(\d\d)-?(\d\d)", r"\1-\2-\3", value).replace("---", "--")
            case "PHOTO", str():
                yield name, ["JPEG"], value.removeprefix("data:image/jpeg;base64,")
            case _:
                yield name, types, value


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value)


def of_ical(answer: list[Any]) -> Iterator[Row]:
    """Read ical.js's jCard; it keeps the escapes of properties that it does not know."""
    assert answer[0] == "vcard", answer
    for name, params, kind, *values in answer[1]:
        types = [*_listed(params.get("type", [])), *["PREF"][: "pref" in params]]
        parts = values[0] if isinstance(values[0], list) else values
        parts = [part.replace("-", "").replace(":", "") for part in parts] if name == "rev" else parts
        yield name, types, [unescaped(part) if kind == "unknown" else part for part in parts]


def of_vcf(answer: dict[str, Any]) -> Iterator[Row]:
    """Read what vcf found; it keeps escapes, and divides no company."""
    for found in answer.values():
        for key, params, _, value in found if isinstance(found[0], list) else [found]:
            name = re.sub("([A-Z])", r"-\1", key).upper().replace("X-AB-SHOW-AS", "X-ABSHOWAS")
            parts = value.split(";") if name == "ORG" else value if isinstance(value, list) else [value]
            parts = re.split(r"(?<!\\),", value) if name == "CATEGORIES" else parts
            yield name, _listed(params.get("type", [])), [unescaped(part) for part in parts]


def of_vcard_parser(answer: dict[str, Any]) -> Iterator[Row]:
    """Read what vcard-parser found."""
    for name, found in answer.items():
        for one in found:
            types = [word for types in one.get("meta", {}).get("type", []) for word in types.split(",")]
            yield name, types, one["value"]


def of_vcard4_ts(answer: dict[str, Any]) -> Iterator[Row]:
    """Read what vcard4-ts found; it divides no company, nor types in quotes, and keeps the escapes of X- properties."""
    assert not answer["hasErrors"], answer["nags"]
    for name, found in [*answer.items(), *answer.get("x", {}).items()]:
        for one in found if isinstance(found, list) else [found]:
            if name in ("BEGIN", "END", "x", "nags", "hasErrors"):
                continue
            params, value = one.get("parameters", {}), one["value"]
            types = [word for types in params.get("TYPE", []) for word in types.split(",")]
            if isinstance(value, dict):
                value = [",".join(part) for part in value.values()]
            elif name == "ORG":
                value = value[0].split(";")
            elif name.startswith("X_"):
                value = unescaped(value)
            yield name.replace("_", "-"), [*types, *["PREF"][: "PREF" in params]], value


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
