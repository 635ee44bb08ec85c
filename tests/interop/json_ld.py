"""What a reader of JSON-LD (PyLD, on lxml) finds in a page."""

from __future__ import annotations

from typing import Any

from pyld import jsonld

SCHEMA = "https://schema.org/"
TERMS = {"@vocab": SCHEMA, **{name: {"@type": "@id"} for name in ("url", "sameAs", "image")}}
OPTIONS = {"extractAllScripts": True, "contentType": "application/ld+json", "base": ""}


def read_json_ld(page: str) -> list[dict[str, Any]]:
    """Return the things that a page describes, fully spelled out; no address is fetched."""
    found = jsonld.load_html(page, "https://page.example/", None, OPTIONS)
    return [_plain(thing) for thing in jsonld.expand(found, {"documentLoader": _terms})]


def _terms(url: str, options: dict[str, Any]) -> dict[str, Any]:
    assert url == "https://schema.org", url
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": {"@context": TERMS},
    }


def _plain(node: Any) -> Any:
    """Return a node as names and lists of texts, in which every name must be of schema.org."""
    if "@value" in node:
        return node["@value"]
    if set(node) == {"@id"}:
        return node["@id"]
    assert all(name == "@type" or name.startswith(SCHEMA) for name in node), node
    return {
        name.removeprefix(SCHEMA): [word.removeprefix(SCHEMA) for word in values]
        if name == "@type"
        else [_plain(value) for value in values]
        for name, values in node.items()
    }
