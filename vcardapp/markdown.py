"""Markdown to harmless HTML: the only door to markdown-it and nh3."""

from __future__ import annotations

import re

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_READER = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "html_block", "html_inline"])
_READER.validateLink = lambda url: bool(re.match("https?://|mailto:|tel:", url, re.I))  # type: ignore[method-assign]
_TAGS = {"p", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "a", "br", "em", "strong", "code", "pre", "hr"}
_LOWER = str.maketrans("123456", "345555")


def to_html(text: str, *, trusted: bool = False) -> Markup:
    """Return Markdown as HTML for below an h2; links of people we do not know are nofollow, the operator's are not."""
    tokens = _READER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h" + token.tag[1].translate(_LOWER)
    html = _READER.renderer.render(tokens, _READER.options, {})
    safe = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener" if trusted else "noopener nofollow ugc",
    )
    return Markup(safe)  # noqa: S704 - cleaned on the line above
