"""vcardapp qr: a picture and its proof, or the nearest style that scans."""

import io
import json

import pypdfium2
import pytest
import zxingcpp
from click.testing import CliRunner
from PIL import Image

from vcardapp.cards.qr_style import SCHEMA, Style
from vcardapp.qr_cli import qr

SHORT = "HTTPS://CARD.EXAMPLE.ORG/U/7K2Q4M"
FULL = "https://card.example.org/jane-smith"


@pytest.fixture
def style(tmp_path):
    """Return what writes a style to a file."""

    def write(values):
        file = tmp_path / "style.json"
        file.write_text(values if isinstance(values, str) else json.dumps(values))
        return str(file)

    return write


def run(*arguments):
    return CliRunner().invoke(qr, arguments)


def read(picture):
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def test_a_style_that_scans_is_drawn_and_its_proof_printed(style, tmp_path):
    file = tmp_path / "code.png"
    dots = style({"shape": "dots", "dark": "#172554"})
    done = run(SHORT, "--style", dots, "--size", "500", "-o", str(file), "--instead-of", FULL)
    assert done.exit_code == 0
    proof = json.loads(done.output)
    assert proof["passes"]
    assert proof["expected"] >= 1
    assert proof["decodes_damaged"] == proof["damages"]
    with Image.open(file) as picture:
        assert 470 < picture.width <= 500
        assert read(picture) == [SHORT]


def test_a_pdf_is_as_wide_as_was_asked(tmp_path):
    file = tmp_path / "code.pdf"
    assert run(SHORT, "--size", "30", "-o", str(file)).exit_code == 0
    with pypdfium2.PdfDocument(file) as document:
        width, _ = document[0].get_size()
        assert width == pytest.approx(30 / 25.4 * 72, abs=0.5)
        assert read(document[0].render(scale=5).to_pil()) == [SHORT]


def test_the_picture_itself_may_go_to_the_screen():
    done = run(SHORT, "--format", "png", "--size", "300", "-o", "-")
    assert done.exit_code == 0
    assert json.loads(done.stderr)["passes"]
    assert read(Image.open(io.BytesIO(done.stdout_bytes))) == [SHORT]


@pytest.mark.parametrize("name", ["code.svg", "code"])
def test_without_a_format_the_name_decides_and_then_it_is_svg(tmp_path, name):
    assert run(SHORT, "-o", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / name).read_bytes().startswith(b"<svg")


def test_without_a_file_there_is_the_proof_alone():
    assert json.loads(run(SHORT).output)["passes"]


def test_a_style_that_does_not_scan_is_refused_with_the_nearest_one(style, tmp_path):
    file = tmp_path / "code.svg"
    done = run(SHORT, "--style", style({"dark": "#ffd54f"}), "-o", str(file), "--instead-of", FULL)
    assert done.exit_code == 2
    assert not file.exists()
    refused = json.loads(done.output)
    assert not refused["passes"]
    assert refused["reasons"]
    assert "yellow" in " ".join(refused["nearest"]["changes"])
    again = run(SHORT, "--style", style(refused["nearest"]["style"]), "-o", str(file), "--instead-of", FULL)
    assert again.exit_code == 0
    assert file.exists()
    assert json.loads(again.output) == refused["nearest"]["proof"]


@pytest.mark.parametrize("values", [{"zone": 0}, {"eye_frame": 3.5}, {"sparkle": 1}, {"dark": "red"}, []])
def test_values_that_are_no_style_are_refused_with_one_that_is(style, values):
    done = run(SHORT, "--style", style(values))
    assert done.exit_code == 2
    refused = json.loads(done.output)
    assert refused["reasons"]
    assert Style.from_dict(refused["nearest"]["style"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 2), (("",), 2), (("x" * 5000,), 1), ((SHORT, "--size", "20", "--format", "png", "-o", "-"), 1),
     ((SHORT, "--size", "0"), 2), ((SHORT, "--format", "gif"), 2), ((SHORT, "-o", "/nowhere/code.svg"), 1)],
)  # fmt: skip
def test_what_cannot_be_done_is_said(arguments, code):
    done = run(*arguments)
    assert done.exit_code == code
    assert done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("text", ["{", "", "[" * 5000 + "]" * 5000, "\x00"])
def test_a_file_that_is_not_json_is_said(style, text):
    done = run(SHORT, "--style", style(text))
    assert done.exit_code == 1
    assert "is not JSON" in done.stderr


def test_a_huge_file_is_not_read(style):
    assert run(SHORT, "--style", style("[" + "1," * 300_000 + "1]")).exit_code == 1


def test_the_schema_is_printed():
    assert json.loads(run("--schema").output) == SCHEMA
