"""vcardapp as people start it: the first time, the next time, with Ctrl-C, and where it cannot start."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil
import pytest
from click.testing import CliRunner
from PIL import Image

from tests import processes
from tests.cases import FULL
from tests.processes import PROGRAM, Server, environment, free_port, start_server
from vcardapp import cli, server
from vcardapp.demo.cards import demo_cards

Done = subprocess.CompletedProcess
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Lovelace\r\nN:Lovelace;Ada;;;\r\nTEL;TYPE=CELL:+447700900123\r\nEND:VCARD\r\n"


def get(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.status, answer.read().decode()


def child(env: dict[str, str], *arguments: str) -> Done:
    """Run a command as people do, in a process of its own."""
    return subprocess.run([PROGRAM, *arguments], env=env, capture_output=True, timeout=60)


def here(env: dict[str, str], *arguments: str) -> Done:
    """Run a command in this process, which has loaded long ago what a process of its own would load for seconds."""
    ours = {name: None for name in os.environ if name.startswith("VCARDAPP_")}
    with CliRunner().isolation(env={**ours, **env}) as (out, err, _), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["vcardapp", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        sys.stderr.flush()
        return Done(arguments, ended.value.code or 0, out.getvalue(), err.getvalue())


def done_here(env: dict[str, str], *arguments: str) -> str:
    """Run a command that must succeed in this process, and return what it prints."""
    done = here(env, *arguments)
    assert done.returncode == 0, done.stderr
    return str(done.stdout.decode().strip())


def failed(done: Done) -> str:
    """Return the one sentence of a command that must fail."""
    assert done.returncode != 0
    assert done.stdout == b""
    said = str(done.stderr.decode())
    assert said.count("\n") == 1
    assert "Traceback" not in said
    return said.strip()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="module")
def running(data: Path) -> Iterator[Server]:
    with start_server(data) as found:
        yield found
        found.process.kill()
        found.process.wait()
    see_nothing_holds(int(found.env["PORT"]))


def test_a_card_comes_in_and_goes_out_while_the_server_runs(running: Server, data: Path) -> None:
    (data / "ada.vcf").write_text(CARD)
    take = ("--owner", "ada@example.org", "--slug", "ada", "--publish")
    address = done_here(running.env, "card", "import", str(data / "ada.vcf"), *take)
    assert address == f"http://127.0.0.1:{running.env['PORT']}/ada"
    status, page = get(address)
    assert status == 200
    assert "Ada Lovelace" in page
    exported = subprocess.run([PROGRAM, "card", "export", "ada"], env=running.env, capture_output=True, check=True)
    assert exported.stdout.startswith(b"BEGIN:VCARD\r\n")
    assert b"+447700900123" in exported.stdout
    done_here(running.env, "card", "export", "ada", "-o", str(data / "out.vcf"))
    assert (data / "out.vcf").read_bytes() == exported.stdout


def test_what_an_import_would_take_is_said_before_anything_is_stored(running: Server, data: Path) -> None:
    lines = ("FN:Dry", "TEL:030 123456", "TEL:ask", "GENDER:F", "PHOTO;ENCODING=b:QUJD")
    (data / "dry.vcf").write_text("\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""]))
    options = ("--owner", "dry@example.org", "--slug", "dry", "--publish", "--country", "de", "--dry-run")
    said = done_here(running.env, "card", "import", str(data / "dry.vcf"), *options).splitlines()
    assert said == [
        "Dry",
        "  Display name: Dry",
        "  Phones: +49 30 123456 (Other); ask (Other)",
        "  Photo: 3 bytes",
        "  changed: 030 123456 -> +49 30 123456",
        "  please check: TEL ask (We cannot read this number; it stays as it is. Please check it.)",
        "  left out: GENDER 'F' (There is no field for this.)",
    ]
    assert "no published card" in failed(here(running.env, "card", "export", "dry"))
    assert "Nobody here" in failed(here(running.env, "admin", "reset-link", "dry@example.org"))


def test_a_draft_is_brought_in_and_not_shown(running: Server, data: Path) -> None:
    (data / "bob.vcf").write_text(CARD.replace("Ada", "Bob"))
    address = done_here(running.env, "card", "import", str(data / "bob.vcf"), "--owner", "ada@example.org")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/cards/[0-9a-f-]{36}/edit", address)
    assert "no published card" in failed(here(running.env, "card", "export", "bob-lovelace"))


def test_a_file_of_many_prints_one_address_a_line(running: Server, data: Path) -> None:
    nameless = CARD.replace("FN:Ada Lovelace", "TEL:1").replace("N:Lovelace;Ada;;;", "TEL:2")
    (data / "many.vcf").write_text(CARD.replace("Ada", "Eve") + nameless + CARD.replace("Ada", "Zoe"))
    done = here(running.env, "card", "import", str(data / "many.vcf"), "--owner", "ada@example.org", "--publish")
    addresses = done.stdout.decode().splitlines()
    assert len(addresses) == 3
    assert get(addresses[0])[0] == get(addresses[2])[0] == 200
    assert addresses[1].endswith("/edit")
    assert (done.returncode, done.stderr.decode().strip()) == (1, "The contact has no name, so it stays a draft.")


def test_what_goes_out_comes_in_elsewhere_and_goes_out_the_same(running: Server, data: Path, tmp_path: Path) -> None:
    photo = b64encode(_photo()).decode()
    (data / "same.vcf").write_text(CARD.replace("END:", f"NOTE:Ring twice.\nPHOTO;ENCODING=B;TYPE=JPEG:{photo}\nEND:"))
    take = ("--owner", "a@example.org", "--slug", "same", "--publish")
    elsewhere = {**running.env, **processes.servers_of(tmp_path), "VCARDAPP_DATA": str(tmp_path / "elsewhere")}
    done_here(running.env, "card", "import", str(data / "same.vcf"), *take)
    done_here(running.env, "card", "export", "same", "-o", str(tmp_path / "first.vcf"))
    done_here(elsewhere, "card", "import", str(tmp_path / "first.vcf"), *take)
    done_here(elsewhere, "card", "export", "same", "-o", str(tmp_path / "second.vcf"))
    first, second = ((tmp_path / name).read_bytes() for name in ("first.vcf", "second.vcf"))
    assert b"PHOTO" in first
    assert re.sub(rb"REV:\S+", b"", second) == re.sub(rb"REV:\S+", b"", first)


def test_an_account_goes_out_as_one_file_and_comes_in_elsewhere(running: Server, data: Path, tmp_path: Path) -> None:
    (data / "gone.vcf").write_text(CARD)
    done_here(running.env, "card", "import", str(data / "gone.vcf"), "--owner", "gone@example.org", "--slug", "gone", "--publish")
    file, elsewhere = tmp_path / "account.zip", {**running.env, **processes.servers_of(tmp_path)}
    elsewhere["VCARDAPP_DATA"] = str(tmp_path / "elsewhere")
    file.write_text("an older one")
    assert "Nobody here" in failed(here(running.env, "account", "export", "nobody@example.org", str(file)))
    assert file.read_text() == "an older one"
    done_here(running.env, "account", "export", "gone@example.org", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob(".*")) == []
    assert "Ada Lovelace" in done_here(elsewhere, "account", "import", str(file), "--owner", "new@example.org", "--dry-run")
    done_here(elsewhere, "account", "import", str(file), "--owner", "new@example.org")
    (elsewhere_file := tmp_path / "again.zip").touch()
    done_here(elsewhere, "account", "export", "new@example.org", str(elsewhere_file))
    listed = done_here(running.env, "account", "import", str(elsewhere_file), "--owner", "gone@example.org", "--dry-run")
    assert "Ada Lovelace" in listed
    missing = tmp_path / "no-such-folder" / "account.zip"
    assert "cannot be written" in failed(here(running.env, "account", "export", "gone@example.org", str(missing)))


def _photo() -> bytes:
    file = BytesIO()
    Image.linear_gradient("L").resize((500, 700)).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def test_what_cannot_be_brought_in_is_said_in_a_sentence(running: Server, data: Path) -> None:
    (data / "card.vcf").write_text(CARD)
    (data / "two.vcf").write_text(CARD * 2)
    (data / "none.vcf").write_text("hello")
    take = ["--owner", "ada@example.org", "--publish"]

    def said(name: str, *more: str) -> str:
        return failed(here(running.env, "card", "import", str(data / name), *(more or take)))

    assert get(done_here(running.env, "card", "import", str(data / "card.vcf"), *take, "--slug", "taken"))[0] == 200
    assert said("card.vcf", *take, "--slug", "taken") == "The address taken is taken."
    assert "used by the site itself" in said("card.vcf", *take, "--slug", "login")
    assert "Only letters" in said("card.vcf", *take, "--slug", "a.b")
    assert said("card.vcf", "--owner", "nobody") == "nobody is not an e-mail address."
    assert "holds 2 contacts" in said("two.vcf", *take, "--slug", "two")
    assert said("none.vcf") == "There is no contact in this file."
    assert "does not exist" in said("missing.vcf")


def test_an_admin_is_made_and_gets_a_link_for_a_password(running: Server) -> None:
    link = done_here(running.env, "admin", "create", "root@example.org")
    assert link.startswith(f"http://127.0.0.1:{running.env['PORT']}/reset/")
    assert get(link)[0] == 200
    assert done_here(running.env, "admin", "reset-link", "root@example.org").startswith(link.partition("/reset/")[0])
    assert failed(here(running.env, "admin", "reset-link", "no@example.org")) == "Nobody here has the address no@example.org."


def test_a_port_in_use_is_said_in_a_sentence(running: Server) -> None:
    assert f"Port {running.env['PORT']} is in use" in failed(child(running.env, "run"))


def test_stopping_is_clean_and_the_next_start_has_everything(tmp_path: Path) -> None:
    (tmp_path / "ada.vcf").write_text(CARD)
    log = tmp_path / "log"
    for interrupt, host in ((signal.SIGTERM, "127.0.0.1"), (signal.SIGINT, "0.0.0.0")):
        with log.open("w") as output, start_server(tmp_path, output=output, HOST=host) as found:
            if interrupt == signal.SIGTERM:  # the first time
                take = ("--owner", "a@example.org", "--slug", "ada", "--publish")
                done_here(found.env, "card", "import", str(tmp_path / "ada.vcf"), *take)
                assert "This address works on this computer only." in log.read_text()
            else:
                see_every_address_is_the_lans(found, log.read_text())
            kept_open = http.client.HTTPConnection("127.0.0.1", int(found.env["PORT"]), timeout=10)
            kept_open.request("GET", "/ada")
            assert "Ada Lovelace" in kept_open.getresponse().read().decode()
            found.process.send_signal(interrupt)
            assert found.process.wait(10) == 0
            kept_open.close()
        assert "Traceback" not in log.read_text()


def see_every_address_is_the_lans(found: Server, log: str) -> None:
    """Open to the network, nothing speaks of this computer only."""
    public = server.url_of("0.0.0.0", int(found.env["PORT"]))
    assert f"vcardapp runs at {public} " in log
    assert "this computer only" not in log
    assert f'rel="canonical" href="{public}/ada"' in get(f"{found.url}/ada")[1]
    assert f":{public}/ada\r\n" in get(f"{found.url}/ada.vcf")[1].replace("\r\n ", "")


def see_nothing_holds(port: int) -> None:
    """A killed server leaves nothing behind that holds the port."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            server.check_free("127.0.0.1", port)
            return
        except server.CannotListen:
            time.sleep(0.05)
    raise AssertionError("the port is still held")


def test_ctrl_c_during_the_first_run_stops_everything(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("w") as output, subprocess.Popen(
        [PROGRAM, "run", "--with-demo"], env=environment(tmp_path, free_port()), cwd=tmp_path,
        stdout=output, stderr=output, start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # a run in the background ignores it
    ) as process:  # fmt: skip
        while "Filling in" not in log.read_text():
            assert process.poll() is None
            time.sleep(0.05)
        while len(group := psutil.Process(process.pid).children(recursive=True)) < 2:  # those who draw
            assert process.poll() is None
            time.sleep(0.05)
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(20) == 130
    _, alive = psutil.wait_procs(group, timeout=10)
    assert not alive
    assert "Traceback" not in log.read_text()


def test_the_first_run_fills_in_the_demo_and_lets_its_owner_in_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    more = {} if FULL else {"VCARDAPP_JOBS": "0"}  # which would make the sizes of all pictures meanwhile
    with log.open("w") as output, start_server(tmp_path, "--with-demo", output=output, **more) as first:
        assert "Maria" in get(f"{first.url}/maria")[1]
        shown = [one for one in demo_cards(date.today()) if one.state in ("published", "changed")]
        contacts = [get(f"{first.url}/{quote(one.slug)}.vcf")[1] for one in shown]
        assert sum("\r\nPHOTO;" in contact for contact in contacts) == 7  # the teacher has none
        link = the_link(log)
        assert urlsplit(link).netloc == f"127.0.0.1:{first.env['PORT']}"
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with browser.open(link, timeout=20) as page:
            assert "Kellner" in page.read().decode()
        stranger = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with pytest.raises(urllib.error.HTTPError, match="410"):
            stranger.open(link, timeout=20)
    with start_server(tmp_path, "--with-demo", **more) as second:
        assert get(f"{second.url}/maria")[0] == 200


def the_link(log: Path) -> str:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = re.search(r"http://\S+/sign-in/\S+", log.read_text())
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(log.read_text())


def test_without_being_asked_there_is_no_demo(running: Server) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(f"{running.url}/maria")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("VCARDAPP_SIGN_UP", "maybe", "VCARDAPP_SIGN_UP must be one of open, invitation, closed."),
        ("VCARDAPP_URL", "ftp://example.org", "VCARDAPP_URL must be http"),
        ("VCARDAPP_DATABASE_URL", "mysql://x", "VCARDAPP_DATABASE_URL must begin with"),
        ("VCARDAPP_DATABASE_URL", "sqlite:////nowhere/x.sqlite3", "There is no folder /nowhere"),
        ("VCARDAPP_DATABASE_URL", "postgresql://127.0.0.1:1/x", "The database cannot be reached"),
        ("VCARDAPP_DATA", "/proc/nowhere", "The data folder cannot be used"),
        ("PORT", "many", "is not a valid integer"),
        ("HOST", "no.such.host.invalid", "There is no computer called"),
        ("HOST", "192.0.2.7", "does not have the address 192.0.2.7"),
    ],
)
def test_a_bad_setting_is_said_in_a_sentence(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    assert sentence in failed(child(environment(tmp_path, free_port()) | {name: value}, "run"))


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "vcardapp.sqlite3").write_text("my diary, and nothing else " * 100)
    assert "cannot be read" in failed(child(environment(tmp_path, free_port()), "run"))
    assert (tmp_path / "vcardapp.sqlite3").read_text().startswith("my diary")


@pytest.mark.parametrize("command", ["", "run", "demo", "upgrade", "card", "card import", "card export", "admin create"])
def test_every_command_explains_itself(command: str) -> None:
    done = subprocess.run([PROGRAM, *command.split(), "--help"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: vcardapp")


def test_starting_loads_nothing_that_only_answering_needs() -> None:
    ask = (
        "import sys; import vcardapp.cli, vcardapp.server, vcardapp.upgrade; "
        "heavy = {'flask', 'sqlalchemy', 'alembic', 'PIL', 'wtforms', 'granian'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([PROGRAM.with_name("python"), "-c", ask], check=True)


@pytest.mark.parametrize(
    ("address", "port", "url"),
    [
        ("127.0.0.1", 8000, "http://127.0.0.1:8000"),
        ("192.168.1.5", 80, "http://192.168.1.5"),
        ("::1", 8000, "http://[::1]:8000"),
    ],
)
def test_the_address_is_the_one_listened_on(address: str, port: int, url: str) -> None:
    assert server.url_of(address, port) == url


def test_listening_everywhere_the_address_is_one_that_a_phone_can_open() -> None:
    host = urlsplit(server.url_of("0.0.0.0", 8000)).hostname
    assert host not in ("0.0.0.0", "127.0.0.1", "", None)


def test_large_headers_and_smuggled_bodies_are_refused(running: Server) -> None:
    port = int(running.env["PORT"])
    assert raw(port, f"GET / HTTP/1.1\r\nHost: x\r\nX-Long: {'a' * 100_000}\r\n\r\n").startswith("HTTP/1.1 431")
    chunked = "POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert raw(port, chunked).startswith("HTTP/1.1 400")
    assert raw(port, "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n").startswith("HTTP/1.1 400")


def raw(port: int, request: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request.encode())
        return connection.recv(200).decode("latin-1")


def test_a_command_with_other_settings_says_that_it_sees_an_empty_installation(tmp_path: Path) -> None:
    env = environment(tmp_path / "mistyped", free_port())
    said = failed(here(env, "backup", str(tmp_path / "file")))
    assert said.startswith("There is nothing to back up: nothing was ever stored with these settings")
    first, second = here(env, "admin", "create", "a@example.org"), here(env, "admin", "create", "a@example.org")
    begins = "A new installation begins: nothing was ever stored with these settings"
    assert first.stderr.decode().startswith(f"{begins} (data folder {tmp_path / 'mistyped'})")
    assert (first.returncode, second.returncode, second.stderr) == (0, 0, b"")


def test_no_account_is_made_for_a_file_that_cannot_be_read(running: Server, tmp_path: Path) -> None:
    (broken := tmp_path / "broken.zip").write_bytes(b"PK")
    who = "new-one@example.org"
    assert "no zip file" in failed(here(running.env, "account", "import", str(broken), "--owner", who))
    assert "Nobody here" in failed(here(running.env, "admin", "reset-link", who))
