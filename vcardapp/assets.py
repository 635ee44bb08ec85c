"""Finds templates/ and static/, in a checkout or inside a wheel; serves static files under an address that never goes stale."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
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
_OF_A_RELEASE = re.compile(r"\A/static/[0-9a-f]{12}/")
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
        immutable_file_test=lambda _path, _url: True,
    )
    files.add_files(str(folder), prefix=f"static/{digest}/")
    app.wsgi_app = _AnyRelease(files, f"/static/{digest}/")  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["inline_css"] = _inline_css(app.debug)


class _AnyRelease:
    """Gives pages of another release what they ask for as it is here: servers are upgraded one after the other."""

    def __init__(self, files: WhiteNoise, ours: str) -> None:
        self.files = files
        self.ours = ours

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        wanted = _OF_A_RELEASE.sub(self.ours, path)
        if wanted not in self.files.files:
            found: Iterable[bytes] = self.files(environ, start_response)
            return found

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            ours = HARMLESS if wanted == path else {**HARMLESS, "Cache-Control": "no-cache"}
            kept = [pair for pair in headers if pair[0] not in ours]
            return start_response(status, [*kept, *ours.items()], *rest)  # refusals as well

        found = self.files({**environ, "PATH_INFO": wanted}, start)
        return found


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
        with suppress(FileNotFoundError):  # another process clears up as well
            others = [path for path in home.glob("[!.]*") if path.name != digest]
            for old in sorted(others, key=os.path.getmtime)[:-1]:  # the release before may be running still
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
