"""Finds templates/ and static/, in a checkout or inside a wheel; serves static files under an address that never goes stale."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

_HERE = Path(__file__).parent
_HOME = _HERE if (_HERE / "templates").is_dir() else _HERE.parent
TEMPLATES = _HOME / "templates"
STATIC = _HOME / "static"


def init_app(app: Flask) -> None:
    """Serve static/ at /static/<digest of all of it>/ for ever; modules import each other by relative names."""
    digest = _digest()

    def asset(name: str) -> str:
        return f"/static/{digest}/{name}"

    files = WhiteNoise(app.wsgi_app, allow_all_origins=False, immutable_file_test=lambda _path, _url: True)
    files.add_files(str(STATIC), prefix=f"static/{digest}/")
    app.wsgi_app = files  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["inline_css"] = _inline_css(app.debug)


def _digest() -> str:
    whole = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            whole.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:12]


def _inline_css(debug: bool) -> Any:
    kept: dict[tuple[str, ...], str] = {}

    def inline_css(*names: str) -> str:
        """Return these style sheets as one text, for pages that must be whole in one request."""
        if debug or names not in kept:
            kept[names] = "".join((STATIC / "css" / name).read_text(encoding="utf-8") for name in names)
        return kept[names]

    return inline_css
