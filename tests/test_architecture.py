"""The shape of the code, as the README's sentences say it: features use only those before them, a library has one door."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "vcardapp"
FEATURES = ["accounts", "media", "design", "cards", "domains", "gallery", "store", "booking"]  # each may use those before it
SEE_ALL = {"public", "editor", "admin", "archive", "operations", "demo", "migrations", "translations"}
TABLE_OF_CONTENTS = {  # put the app together
    "__init__", "loading", "cli", "card_cli", "media_cli", "qr_cli", "secret_cli", "server", "wsgi", "__main__", "jobs",
}  # fmt: skip
DOORS = {
    "csv": {"csv_cells.py"},
    "dns": {"domains/ownership.py"},
    "qrcode": {"cards/qr.py"},
    "reportlab": {"pdf.py"},
    "zxingcpp": {"cards/qr_proof.py"},
    "uharfbuzz": {"fonts.py", "text_runs.py", "lettering.py"},
    "bidi": {"text_runs.py"},
    "PIL": {"images.py", "images_reading.py", "images_sizes.py"},
    "pi_heif": {"images_reading.py"},
    "pypdfium2": {"media/papers.py"},
    "boto3": {"storage_s3.py"},
    "botocore": {"storage_s3.py"},
    "vobject": {"cards/vcard.py", "cards/vcard_lines.py", "cards/vcard_reader.py"},
    "icalendar": {"booking/invitation.py", "booking/feeds.py"},
    "dateutil": {"booking/feeds.py"},
    "huey": {"jobs.py"},
    "phonenumbers": {"cards/phones.py"},
    "nh3": {"markdown.py"},
    "markdown_it": {"markdown.py"},
    "flask_tabler_icons": {"icons.py"},
    "granian": {"server.py"},
    "whitenoise": {"assets.py"},
    "alembic": {"upgrade.py", "migrations/"},
    "psycopg": {"upgrade.py", "operations/"},
    "sqlite3": {"upgrade.py", "jobs.py", "operations/"},
    "smtplib": {"mail.py"},
    "argon2": {"accounts/"},
    "webauthn": {"accounts/"},
    "prometheus_client": {"operations/metrics.py"},
    "flask_security": {"accounts/"},
    "flask_limiter": {"accounts/"},
    "limits": {"accounts/limits.py"},
    "redis": {"accounts/limits.py", "operations/"},
    "email_validator": {"accounts/", "cards/"},
    "flask_sqlalchemy_lite": {"db.py"},
}  # fmt: skip
PURE = {"flask", "flask_babel", "flask_security", "flask_sqlalchemy_lite", "sqlalchemy", "wtforms", "flask_wtf"}
KNOWS_THE_WEB_OR_DATABASE = {"models", "forms", "service", "views", "__init__"}

FILES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> tuple[str, ...]:
    """Return the full name of each module, or thing in it, that a file imports anywhere, also inside functions."""
    found: list[str] = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: imports say the full name"
            found += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(found)


def of_ours(path: Path) -> set[str]:
    """Return the first names below vcardapp that a file imports: features and shared modules."""
    return {name.split(".")[1] for name in imports_of(path) if name.startswith("vcardapp.")}


def test_a_feature_uses_only_the_features_before_it() -> None:
    too_early = {}
    for path in FILES:
        top = name_of(path).split("/")[0].removesuffix(".py")
        if top not in SEE_ALL | TABLE_OF_CONTENTS:
            before = FEATURES[: FEATURES.index(top) + 1] if top in FEATURES else []
            too_early[name_of(path)] = of_ours(path) & ((set(FEATURES) - set(before)) | SEE_ALL)
    assert not {name: used for name, used in too_early.items() if used}, "these come before what they use"


def test_every_folder_has_a_place_in_the_order() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if any(path.glob("*.py"))}
    assert folders - set(FEATURES) - SEE_ALL == set()


def test_each_library_has_one_door() -> None:
    for path in FILES:
        for name in imports_of(path):
            doors = DOORS.get(name.split(".")[0])
            assert not doors or any(name_of(path) == door or door.endswith("/") and name_of(path).startswith(door)
                                    for door in doors), f"{name_of(path)} imports {name}"  # fmt: skip


@pytest.mark.parametrize("library", sorted(DOORS))
def test_every_door_is_a_file_that_is_there(library: str) -> None:
    assert any((PACKAGE / door).exists() for door in DOORS[library])


def test_services_know_no_request() -> None:
    forbidden = {"flask.request", "flask.url_for", "flask.flash", "flask.render_template", "flask.redirect", "flask.session"}
    for path in PACKAGE.rglob("service.py"):
        assert not set(imports_of(path)) & forbidden, name_of(path)


def test_models_and_forms_ask_no_session() -> None:
    for path in [*PACKAGE.rglob("models.py"), *PACKAGE.rglob("forms.py")]:
        assert "vcardapp.db.db" not in set(imports_of(path)), name_of(path)


def test_views_hold_no_query() -> None:
    for path in PACKAGE.rglob("*views.py"):
        found = {name for name in imports_of(path) if name.split(".")[0] == "sqlalchemy" or name == "vcardapp.db.db"}
        assert not found, f"{name_of(path)} imports {found}"


def test_every_module_says_in_one_line_what_it_owns() -> None:
    silent = [name_of(path) for path in FILES if tree_of(path).body and not ast.get_docstring(tree_of(path))]
    assert not silent


def test_no_module_is_called_after_nothing() -> None:
    assert not [path for path in FILES if re.fullmatch(r"utils?|helpers?|common|managers?|misc", path.stem)]
