"""Finds templates/ and static/, in a checkout or inside a wheel; serves static files under an address that never goes stale."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from vcardapp.web import HARMLESS

_HERE = Path(__file__).parent
_HOME = _HERE if (_HERE / "templates").is_dir() else _HERE.parent
TEMPLATES = _HOME / "templates"
STATIC = _HOME / "static"
_IMPORT = re.compile(r'@import url\("([^"]+)"\)(?: layer\((\w+)\))?;\n?')
_GAP = r"(?:\s|/\*.*?\*/)"
_CSS_PARTS = re.compile(
    rf"""(?P<text>"[^"]*"|'[^']*')|{_GAP}*(?P<mark>[{{}};,>]){_GAP}*|(?P<after>(?<=:)){_GAP}+|{_GAP}+""", re.DOTALL
)
_SHRINKS = {".css", ".js", ".svg", ".json"}


def init_app(app: Flask) -> None:
    """Serve static/ at /static/<digest of all of it>/ for ever; modules import each other by relative names."""
    digest = _digest()
    folder = _prepared(app.config["SETTINGS"].data / "static", digest)

    def asset(name: str) -> str:
        return f"/static/{digest}/{name}"

    files = WhiteNoise(
        app.wsgi_app,
        allow_all_origins=False,
        mimetypes={".svg": "image/svg+xml; charset=utf-8"},
        add_headers_function=lambda headers, _path, _url: [headers.setdefault(*pair) for pair in HARMLESS.items()],
        immutable_file_test=lambda _path, _url: True,
    )
    files.add_files(str(folder), prefix=f"static/{digest}/")
    app.wsgi_app = files  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["inline_css"] = _inline_css(app.debug)


def _digest() -> str:
    whole = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            whole.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:12]


def _prepared(home: Path, digest: str) -> Path:
    """Return a folder with the same files, style sheets without imports, and compressed siblings; made once a release."""
    done = home / digest
    if not done.is_dir():
        home.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".", dir=home))
        shutil.copytree(STATIC, fresh, dirs_exist_ok=True)
        for path in [path for path in fresh.rglob("*") if path.suffix in _SHRINKS]:
            if path.suffix == ".css":
                path.write_text(_flat(path.relative_to(fresh)), encoding="utf-8")
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        fresh.chmod(0o755)
        try:
            os.rename(fresh, done)
        except OSError:  # another process was first
            shutil.rmtree(fresh)
        for old in home.iterdir():
            if old.name not in (digest, fresh.name) and not old.name.startswith("."):
                shutil.rmtree(old, ignore_errors=True)
    return done


def _flat(name: Path) -> str:
    """Return a style sheet with what it imports written into it, in its layer."""

    def written(found: re.Match[str]) -> str:
        text = _flat(name.parent / found.group(1))
        return f"@layer {found.group(2)} {{\n{text}}}\n" if found.group(2) else text

    return _IMPORT.sub(written, (STATIC / name).read_text(encoding="utf-8"))


def minified(css: str) -> str:
    """Return a style sheet without comments and white space that say nothing."""

    def shortened(found: re.Match[str]) -> str:
        return found["text"] or found["mark"] or ("" if found["after"] is not None else " ")

    return _CSS_PARTS.sub(shortened, css).strip().replace(";}", "}")


def _inline_css(debug: bool) -> Any:
    kept: dict[tuple[str, ...], str] = {}

    def inline_css(*names: str) -> str:
        """Return these style sheets as one text, for pages that must be whole in one request."""
        if debug or names not in kept:
            kept[names] = "".join(minified((STATIC / "css" / name).read_text(encoding="utf-8")) for name in names)
        return kept[names]

    return inline_css
