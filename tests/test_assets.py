"""Static files: for ever at the address of their release, and there for pages of the release before and after as well."""

from __future__ import annotations

import os
from pathlib import Path

from flask.testing import FlaskClient

from vcardapp.assets import _prepared
from vcardapp.web import HARMLESS

LATER, SHEET = "0123456789ab", "css/app.css"


def asset(client: FlaskClient) -> str:
    """Return where the style sheet of this release is."""
    address: str = client.application.jinja_env.globals["asset"](SHEET)  # type: ignore[operator]
    return address


def test_a_page_of_another_release_gets_its_files_as_they_are_here(client: FlaskClient) -> None:
    ours = asset(client)
    theirs = f"/static/{LATER}/{SHEET}"
    with client.get(ours) as here, client.get(theirs) as there:
        assert (here.status_code, there.status_code) == (200, 200)
        assert there.data == here.data
        assert "immutable" in here.headers["Cache-Control"]
        assert there.headers["Cache-Control"] == "no-cache", "asked again once that release is everywhere"
        with client.get(theirs, headers={"If-None-Match": there.headers["ETag"]}) as again:
            assert again.status_code == 304
    for wrong in (f"/static/{LATER}/css/none.css", f"/static/{LATER}/../../pyproject.toml", f"/static/next/{SHEET}"):
        assert client.get(wrong).status_code == 404, wrong


def test_the_files_of_the_release_before_stay_while_it_may_be_running(tmp_path: Path) -> None:
    for day, release in enumerate(("one", "two", "three")):
        _prepared(tmp_path, release)
        os.utime(tmp_path / release, (day, day))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["three", "two"]
    assert (tmp_path / "two" / SHEET).read_bytes()


def test_every_answer_about_a_file_is_guarded(client: FlaskClient) -> None:
    """ASVS 3.4.3, 3.4.4 (2). Short answers and refusals, too, which the library gives by itself."""
    for path in (asset(client), f"/static/{LATER}/{SHEET}"):
        with client.get(path) as whole:
            etag = whole.headers["ETag"]
        asked: list[tuple[str, dict[str, str], int]] = [
            ("GET", {}, 200), ("HEAD", {}, 200), ("GET", {"If-None-Match": etag}, 304), ("POST", {}, 405), ("OPTIONS", {}, 405),
            ("GET", {"Range": "bytes=9-19"}, 206), ("GET", {"Range": "bytes=99999999-"}, 416),
        ]  # fmt: skip
        for method, headers, status in asked:
            with client.open(path, method=method, headers=headers) as answer:
                assert answer.status_code == status, (method, headers)
                for name, value in HARMLESS.items():
                    assert answer.headers.getlist(name) == [value], (method, headers, name)
