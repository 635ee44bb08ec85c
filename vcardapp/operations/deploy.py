"""Files with which this installation runs for real: a unit of systemd, a site of nginx, a compose file with its image."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from vcardapp.config import Settings
from vcardapp.media import MOST_OF_A_FORM
from vcardapp.operations.shown import secrets_of, shown
from vcardapp.server import PATIENCE

HEADROOM = 1_000_000  # bytes by which the proxy lets more through: the page that says "too much" is ours
MOST_WORKERS = 8
STOP_WITHIN = PATIENCE + 10  # seconds
SECRETS_FILE = "/etc/vcardapp.env"
ESCAPES = {"\\": "\\\\", '"': '\\"', "%": "%%", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
PLAIN = re.compile(r"[A-Za-z0-9_@:./+=-]+", re.ASCII)
HIDDEN_BY_PROTECT_HOME = [("home",), ("root",)]  # the first part of a path; systemd.exec(5), ProtectHome


class CannotBeWritten(Exception):
    """A value that has no place in such a file; the message is one sentence."""


def workers_here() -> int:
    """Return how many processes fit this machine."""
    return min(os.cpu_count() or 1, MOST_WORKERS)


def environment(settings: Settings, env: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return what is set and may be seen, and the names of what is secret."""
    hidden = [name for name in secrets_of(settings) if name in env]
    open_ = {name: value for name, value in shown(settings).items() if name in env and name not in hidden}
    return {**open_, "VCARDAPP_DATA": str(settings.data), "VCARDAPP_URL": settings.url, "VCARDAPP_PROXIES": "1"}, hidden


def systemd(settings: Settings, env: Mapping[str, str], user: str, port: int, workers: int) -> str:
    """Return a unit that starts this program with these settings and lets it write into its data folder only."""
    values, hidden = environment(settings, env)
    program = Path(sys.executable).with_name("vcardapp")
    at_home = any(path.parts[1:2] in HIDDEN_BY_PROTECT_HOME for path in (program, settings.data))
    writes = [str(settings.data)]
    if settings.storage.startswith("file://"):
        writes.append(settings.storage.removeprefix("file://"))
    if settings.database_url.startswith("sqlite:///"):
        folder = str(Path(settings.database_url.removeprefix("sqlite:///").partition("?")[0]).absolute().parent)
        writes += [folder] if folder not in writes else []
    lines = [f"Environment={_unit_quoted(f'{name}={value}')}" for name, value in sorted(values.items())]
    return UNIT.format(
        data=_unit(str(settings.data)),
        user=_unit(user),
        environment="\n".join(lines),
        secrets=_note(hidden),
        secrets_file=SECRETS_FILE,
        program=_unit_quoted(str(program)).replace("$", "$$"),
        port=port,
        workers=workers,
        stop=STOP_WITHIN,
        home="read-only" if at_home else "yes",
        writes=" ".join(map(_unit_quoted, writes)),
    )


def _unit(text: str) -> str:
    if "\n" in text or text != text.strip():
        raise CannotBeWritten(
            "A path with a line break, or with a space at its end, cannot stand in a unit of systemd."
        )
    return text.replace("%", "%%")


def _unit_quoted(text: str) -> str:
    """Quote as systemd.syntax(7) has it; a percent sign would be a specifier."""
    return '"' + "".join(ESCAPES.get(char, char) for char in text) + '"'


def _note(hidden: list[str]) -> str:
    if not hidden:
        return "# Secrets, if there will be any, belong into this file (mode 0600), one NAME=value a line."
    return f"# To be written there (mode 0600), one NAME=value a line: {', '.join(hidden)}"


UNIT = """\
# /etc/systemd/system/vcardapp.service; then: systemctl daemon-reload && systemctl enable --now vcardapp
# Once before: useradd --system --home-dir {data} {user} && chown -R {user} {data}
[Unit]
Description=vcardapp, digital business cards
Wants=network-online.target
After=network-online.target postgresql.service valkey.service

[Service]
Type=exec
User={user}
WorkingDirectory={data}
{environment}
{secrets}
EnvironmentFile=-{secrets_file}
ExecStart={program} run --host 127.0.0.1 --port {port} --workers {workers}
Restart=always
RestartSec=1
TimeoutStopSec={stop}
KillMode=mixed
LimitNOFILE=65536
UMask=0077

# It reads the system, writes its own folder, and may do nothing else.
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths={writes}
ProtectHome={home}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
CapabilityBoundingSet=
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


def nginx(settings: Settings, backends: list[str], certificate: str, key: str) -> str:
    """Return a site of nginx in front of one or more servers; raise CannotBeWritten."""
    if not settings.is_secure:
        raise CannotBeWritten("Set VCARDAPP_URL to the public address first, such as https://cards.example.org.")
    parts = urlsplit(settings.url)
    host, port = parts.hostname or "", parts.port or 443
    folder = f"/etc/letsencrypt/live/{host}"
    asked = "$host" if port == 443 else f"$host:{port}"  # the port belongs to where a form may come from
    shared = SHARED.format(most=MOST_OF_A_FORM + HEADROOM, asked=asked)
    return SITE.format(
        host=f"[{host}]" if ":" in host else host,
        port=port,
        servers="\n".join(f"    server {_backend(one)} max_fails=1 fail_timeout=2s;" for one in backends),
        certificate=_nginx_quoted(certificate or f"{folder}/fullchain.pem"),
        key=_nginx_quoted(key or f"{folder}/privkey.pem"),
        redirect=REDIRECT.format(host=host) if port == 443 else "",
        shared=shared,
    )


def _backend(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.-]+:[0-9]{1,5}|\[[0-9a-fA-F:]+\]:[0-9]{1,5}", text):
        raise CannotBeWritten("A server must be a host and a port, such as 127.0.0.1:8000.")
    return text


def _nginx_quoted(path: str) -> str:
    if "$" in path or any(ord(char) < 32 for char in path):
        raise CannotBeWritten("A path with a $ or a line break cannot stand in a file of nginx.")
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


SHARED = """\
    client_max_body_size {most};  # a little more than the app takes: it says itself that something is too much
    gzip off;                     # what is worth it comes compressed

    location = /healthz {{ return 404; }}  # for those who ask the servers themselves
    location = /readyz {{ return 404; }}
    location = /metrics {{ return 404; }}

    location / {{
        proxy_pass http://vcardapp;
        proxy_http_version 1.1;
        proxy_set_header Connection close;  # a kept connection may end just as a POST is sent on it, which is then lost
        proxy_set_header Host {asked};
        proxy_set_header X-Forwarded-For $remote_addr;  # set, not appended: what visitors send is not believed
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_connect_timeout 2s;
        proxy_read_timeout 60s;
        proxy_next_upstream error timeout;  # never "non_idempotent": what was sent by POST is sent once
        proxy_next_upstream_tries 2;
    }}"""

REDIRECT = """
server {{
    listen 80;
    listen [::]:80;
    server_name {host};
    location /.well-known/acme-challenge/ {{ root /var/www/html; }}
    location / {{ return 301 https://{host}$request_uri; }}
}}
"""

SITE = """\
# /etc/nginx/conf.d/vcardapp.conf; then: nginx -t && systemctl reload nginx
# The servers need VCARDAPP_PROXIES=1, so that limits count visitors and not this proxy.
upstream vcardapp {{
{servers}
}}
{redirect}
server {{
    listen {port} ssl http2;
    listen [::]:{port} ssl http2;
    server_name {host};
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:vcardapp:10m;
    ssl_session_tickets off;
    server_tokens off;

{shared}
}}

# People's own domains: nginx fetches no certificates by itself. Either put Caddy in front, which asks /domains/allowed and
# fetches them on demand, or have certbot fetch one for each domain and add a server like the one above with
#     listen {port} ssl http2 default_server;
#     server_name _;
#     ssl_certificate /etc/letsencrypt/live/$ssl_server_name/fullchain.pem;
#     ssl_certificate_key /etc/letsencrypt/live/$ssl_server_name/privkey.pem;
"""


def compose(settings: Settings, env: Mapping[str, str], source: Path, port: int, workers: int) -> str:
    """Return a compose file: the app with PostgreSQL and Valkey; secrets come from the file .env beside it."""
    values, hidden = environment(settings, env)
    given = {
        **values,
        "VCARDAPP_DATA": "/data",
        "VCARDAPP_REDIS_URL": "redis://valkey:6379/0",
    }
    given.pop("VCARDAPP_DATABASE_URL", None)
    names = ["POSTGRES_PASSWORD", "VCARDAPP_SECRET_KEY"]
    names += [name for name in hidden if name not in {*names, "VCARDAPP_DATABASE_URL", "VCARDAPP_REDIS_URL"}]
    return COMPOSE.format(
        secrets=", ".join(names),
        source=_yaml(str(source)),
        environment="\n".join(f"      {name}: {_yaml(value)}" for name, value in sorted(given.items())),
        port=port,
        workers=workers,
        stop=STOP_WITHIN,
    )


def _yaml(text: str) -> str:
    """Quote as JSON, which YAML reads as it is; compose would put variables where a dollar sign stands."""
    return json.dumps(text.replace("$", "$$"), ensure_ascii=False)


COMPOSE = """\
# compose.yaml; then: docker compose up -d
# Beside it a file .env (mode 0600) with one NAME=value a line: {secrets}
# POSTGRES_PASSWORD and VCARDAPP_SECRET_KEY: openssl rand -hex 32 for each, kept for ever.
services:
  app:
    build:
      context: {source}
      dockerfile_inline: |
        FROM python:3.11-slim
        RUN useradd --system --uid 10001 vcardapp && mkdir /data && chown vcardapp /data
        COPY requirements.lock /source/
        RUN pip install --no-cache-dir --require-hashes -r /source/requirements.lock
        COPY pyproject.toml README.md LICENSE /source/
        COPY vcardapp /source/vcardapp
        COPY templates /source/templates
        COPY static /source/static
        RUN pip install --no-cache-dir "/source[scale,fonts]"
        USER vcardapp
        WORKDIR /data
        VOLUME /data
        CMD ["vcardapp", "run"]
    command: ["vcardapp", "run", "--host", "0.0.0.0", "--port", "8000", "--workers", "{workers}"]
    env_file: [.env]
    environment:
{environment}
      VCARDAPP_DATABASE_URL: "postgresql://vcardapp:${{POSTGRES_PASSWORD:?set it in .env}}@database/vcardapp"
    ports: ["127.0.0.1:{port}:8000"]
    volumes: ["data:/data"]
    tmpfs: [/tmp]
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    restart: unless-stopped
    stop_grace_period: {stop}s
    depends_on:
      database: {{condition: service_healthy}}
      valkey: {{condition: service_started}}
    healthcheck:
      test: ["CMD", "python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=3)"]
      interval: 10s
      start_period: 60s
  database:
    image: postgres:17
    environment:
      POSTGRES_USER: vcardapp
      POSTGRES_DB: vcardapp
      POSTGRES_PASSWORD: "${{POSTGRES_PASSWORD:?set it in .env}}"
    volumes: ["database:/var/lib/postgresql/data"]
    restart: unless-stopped
    healthcheck:
      test: ["CMD", "pg_isready", "-U", "vcardapp"]
      interval: 5s
  valkey:
    image: valkey/valkey:8
    command: ["valkey-server", "--save", "", "--appendonly", "no"]
    restart: unless-stopped
volumes:
  data:
  database:
"""
