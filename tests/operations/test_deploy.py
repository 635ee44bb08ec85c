"""The files for running it for real are read by the programs that they are for, whatever the settings hold."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message
from pathlib import Path

import pytest
import yaml

from tests.processes import PROGRAM, Server, environment, free_port, start_server
from vcardapp.config import Settings
from vcardapp.operations.deploy import CannotBeWritten
from vcardapp.operations.deploy_compose import compose
from vcardapp.operations.deploy_nginx import nginx
from vcardapp.operations.deploy_systemd import _unit_quoted, systemd

ODD = 'A "quoted" 100% \\n \\ $HOME ${x} \'é\' سلام: # {y}'
ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = tmp_path / "da ta 100% 'x'"
    data.mkdir()
    return Settings(
        data=data,
        database_url=f"sqlite:///{data / 'vcardapp.sqlite3'}",
        url="https://cards.example.org",
        secret_key="k" * 40,
        operator=ODD,
        imprint=f"# Imprint\n\n{ODD}\n",
        smtp_url="smtp://me:hunter2@mail.example.org",
    )


ENV = {"VCARDAPP_OPERATOR": "", "VCARDAPP_IMPRINT": "", "VCARDAPP_SMTP_URL": "", "VCARDAPP_SECRET_KEY": ""}  # what is set


def unquoted(text: str) -> str:
    """Read a quoted value as systemd.syntax(7) and systemd.unit(5), "Specifiers", have it."""
    assert text[0] == text[-1] == '"'
    read, rest = "", iter(text[1:-1])
    for char in rest:
        if char == "\\":
            read += {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}[next(rest)]
        elif char == "%":
            assert next(rest) == "%"
            read += "%"
        else:
            assert char != '"'
            read += char
    return read


def test_the_unit_holds_every_value_as_it_is_and_no_secret(settings: Settings) -> None:
    unit = systemd(settings, ENV, "vcardapp", 8000, 2)
    values = [unquoted(line.removeprefix("Environment=")) for line in unit.splitlines() if line.startswith("Environment=")]
    assert dict(value.split("=", 1) for value in values) == {
        "VCARDAPP_DATA": str(settings.data),
        "VCARDAPP_IMPRINT": settings.imprint,
        "VCARDAPP_OPERATOR": ODD,
        "VCARDAPP_PROXIES": "1",
        "VCARDAPP_URL": "https://cards.example.org",
    }
    assert "hunter2" not in unit
    assert settings.secret_key not in unit
    assert "VCARDAPP_SECRET_KEY, VCARDAPP_SMTP_URL" in unit
    assert f"ReadWritePaths={_unit_quoted(str(settings.data))}\n" in unit


def test_systemd_knows_every_line_of_the_unit(settings: Settings, tmp_path: Path) -> None:
    def complaints(unit: str) -> str:
        file = tmp_path / "vcardapp.service"
        file.write_text(unit)
        return subprocess.run(["systemd-analyze", "verify", file], capture_output=True, text=True).stderr

    assert shutil.which("systemd-analyze"), "systemd is not installed: run `apt install systemd`."
    unit = systemd(settings, ENV, "root", 8000, 2)
    assert "\nKillMode=mixed\n" in unit  # else the workers would be told to stop before VCARDAPP_STOP_DELAY is over
    assert "vcardapp.service" not in complaints(unit)
    assert "vcardapp.service" in complaints(unit.replace("ProtectClock", "ProtectClocks"))


def test_compose_reads_every_value_as_it_is_and_no_secret(settings: Settings) -> None:
    text = compose(settings, ENV, Path("/srv/vcardapp: #1"), 9000, 3)
    read = yaml.safe_load(text)
    app = read["services"]["app"]
    assert set(read["services"]) == {"app", "database", "valkey"}
    assert app["environment"]["VCARDAPP_OPERATOR"] == ODD.replace("$", "$$")  # which compose reads as one dollar sign
    assert app["environment"]["VCARDAPP_IMPRINT"] == settings.imprint.replace("$", "$$")
    assert app["environment"]["VCARDAPP_DATA"] == "/data"
    assert app["build"]["context"] == "/srv/vcardapp: #1"
    assert app["command"][-1] == "3"
    assert app["ports"] == ["127.0.0.1:9000:8000"]
    steps = [line.split() for line in app["build"]["dockerfile_inline"].splitlines()]
    copied = {name for step in steps if step[0] == "COPY" for name in step[1:-1]}
    assert len(copied) > 5
    assert all((ROOT / name).exists() for name in copied)
    assert "hunter2" not in text
    assert settings.secret_key not in text
    assert "POSTGRES_PASSWORD, VCARDAPP_SECRET_KEY, VCARDAPP_SMTP_URL" in text


def test_nginx_needs_a_public_address_and_paths_that_it_can_read(settings: Settings) -> None:
    with pytest.raises(CannotBeWritten, match="VCARDAPP_URL"):
        nginx(replace(settings, url="http://127.0.0.1:8000"), ["127.0.0.1:8000"], "", "")
    with pytest.raises(CannotBeWritten, match="cannot stand"):
        nginx(settings, ["127.0.0.1:8000"], "/a$b", "")
    for backend in ("127.0.0.1:8000; evil on", "127.0.0.1:99999", "127.0.0.1:0", "127.0.0.1"):
        with pytest.raises(CannotBeWritten, match="host and a port"):
            nginx(settings, [backend], "", "")
    site = nginx(settings, ["127.0.0.1:8000"], "", "")
    assert "listen 80;" in site
    assert "/etc/letsencrypt/live/cards.example.org/fullchain.pem" in site


@dataclass
class Site:
    """The printed site in a real nginx, before a dead server and a living one."""

    url: str
    env: dict[str, str]
    certificate: Path
    backend: Server

    def ask(self, path: str, data: bytes | None = None, **headers: str) -> tuple[int, str, Message]:
        trusting = ssl.create_default_context(cafile=str(self.certificate))
        asked = urllib.request.Request(self.url + path, data, {key.replace("_", "-"): value for key, value in headers.items()})
        try:
            with urllib.request.urlopen(asked, context=trusting) as answer:
                return answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as problem:
            return problem.code, problem.read().decode(), problem.headers


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert found, "nginx is not installed: run `apt install nginx-light`."
    folder = tmp_path_factory.mktemp("ng inx")
    url = f"https://localhost:{free_port()}"
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*make, *named, "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL)
    data = folder / "data"
    data.mkdir()
    with start_server(data, VCARDAPP_PROXIES="1", VCARDAPP_URL=url) as backend:
        wanted = ["--backend", f"127.0.0.1:{free_port()}", "--backend", backend.url.removeprefix("http://")]
        printed = backend.command("deploy", "nginx", *wanted, "--certificate", str(certificate), "--key", str(key))
        (folder / "site.conf").write_text(printed)
        parts = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f'{part}_temp_path "{folder}/{part}"; ' for part in parts)
        user = "user root; " if os.geteuid() == 0 else ""  # who else could not enter this folder
        (folder / "nginx.conf").write_text(
            f'{user}pid "{folder}/pid"; daemon off; error_log "{folder}/log"; events {{}}\n'
            f'http {{ access_log off; {temporary} include "{folder}/site.conf"; }}'
        )
        command = [found, "-c", folder / "nginx.conf", "-p", folder]
        subprocess.run([*command, "-t"], check=True, stderr=subprocess.DEVNULL)
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, text=True) as process:
            wait_for_port(int(url.rpartition(":")[2]), process)
            yield Site(url, {**backend.env, "SSL_CERT_FILE": str(certificate)}, certificate, backend)
            process.terminate()


def wait_for_port(port: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("localhost", port)).close()
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        else:
            return


def test_pages_come_through_the_printed_site(site: Site) -> None:
    for _ in range(4):  # every other one is first sent to the dead server
        status, page, headers = site.ask("/", Accept_Encoding="identity")
        assert (status, "Create your card" in page) == (200, True)
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "nginx/" not in headers["Server"]
    assert [site.ask(path)[0] for path in ("/healthz", "/readyz", "/metrics")] == [404] * 3


def test_a_form_that_is_sent_through_the_printed_site_is_taken(site: Site) -> None:
    page = site.ask("/login", Accept_Encoding="identity")
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page[1])
    cookie = page[2]["Set-Cookie"].partition(";")[0]
    assert token
    sent = urllib.parse.urlencode({"csrf_token": token[1], "email": "a@example.org", "password": "wrong"}).encode()
    assert site.ask("/login", sent, Cookie=cookie, Origin=site.url, Referer=f"{site.url}/login")[0] == 422  # the password


def test_no_connection_is_kept_on_which_a_form_could_be_lost(settings: Settings) -> None:
    site = nginx(settings, ["127.0.0.1:8000"], "", "")
    assert "Connection close;" in site
    assert "keepalive" not in site


def test_what_is_refused_before_it_is_read_is_told_by_the_app_itself(site: Site) -> None:
    """More than once: the answer would be lost where the connection ended while nginx still sent."""
    for size in (21_000_000, 2_100_000):
        for _ in range(6):
            status, page, _headers = site.ask("/login", b"x" * size)
            assert (status, "nginx" in page) == (413, False)


def test_the_doctor_finds_address_and_proxy_right(site: Site) -> None:
    done = subprocess.run([PROGRAM, "doctor", "--json"], env=site.env, stdout=subprocess.PIPE, text=True)
    states = {(one["name"], one["state"]) for one in json.loads(done.stdout)}
    assert {("address", "ok"), ("proxies", "ok")} <= states


def test_the_commands_print_and_refuse(tmp_path: Path) -> None:
    env = environment(tmp_path, 8000, VCARDAPP_OPERATOR="Ada")
    for sort in ("systemd", "compose"):
        done = subprocess.run([PROGRAM, "deploy", sort], env=env, capture_output=True, text=True)
        assert (done.returncode, "VCARDAPP_OPERATOR" in done.stdout) == (0, True)
    done = subprocess.run([PROGRAM, "deploy", "nginx"], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Set VCARDAPP_URL to the public address first, such as https://cards.example.org.\n"


def test_a_unit_names_a_user_that_can_be_one_and_a_folder_that_a_shell_can_read(settings: Settings) -> None:
    with pytest.raises(CannotBeWritten, match="A user must be the name of one"):
        systemd(settings, ENV, "root; rm -rf /", 8000, 1)
    odd = replace(settings, data=Path("/srv/my cards"))
    assert "chown -R cards '/srv/my cards'\n" in systemd(odd, ENV, "cards", 8000, 1)
