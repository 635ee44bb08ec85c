"""The words that cannot be a card's address: they are addresses of the site itself, now or soon."""

from __future__ import annotations

from flask import current_app

from vcardapp.cards.slugs import key_of

KEPT_FREE = {
    "about", "admin", "api", "apple-touch-icon", "app", "apps", "assets", "blog", "book", "card", "contact", "dav",
    "demo", "docs", "download", "embed", "explore", "export", "faq", "feed", "help", "home", "html", "import", "index",
    "info", "invite", "legal", "license", "mail", "manifest", "metrics", "news", "oauth", "order", "orders", "pricing",
    "qr", "root", "rss", "search", "security", "settings", "shop", "sitemap", "status", "store", "support", "system",
    "team", "terms", "vcardapp", "well-known", "www",
}  # fmt: skip


def reserved_slugs() -> frozenset[str]:
    """Return the keys of all reserved words, the first parts of the app's own routes among them."""
    found: frozenset[str] | None = current_app.extensions.get("reserved_slugs")
    if found is None:
        first = (rule.rule.split("/")[1] for rule in current_app.url_map.iter_rules())
        routes = {key_of(part) for part in first if part and "<" not in part}
        found = frozenset(routes | KEPT_FREE | {"static", "media", "u"})
        current_app.extensions["reserved_slugs"] = found
    return found
