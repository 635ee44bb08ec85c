"""A site of nginx, with TLS, in front of one server or several."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from vcardapp.config import Settings
from vcardapp.media import MOST_OF_A_FORM
from vcardapp.operations.deploy import CannotBeWritten

HEADROOM = 1_000_000  # bytes by which the proxy lets more through: the page that says "too much" is ours


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
        servers=upstream_servers(backends),
        certificate=_nginx_quoted(certificate or f"{folder}/fullchain.pem"),
        key=_nginx_quoted(key or f"{folder}/privkey.pem"),
        redirect=REDIRECT.format(host=host) if port == 443 else "",
        shared=shared,
    )


def upstream_servers(backends: list[str]) -> str:
    """Return the lines that name the servers, each HOST:PORT; raise CannotBeWritten."""
    return "\n".join(f"    server {_backend(one)} max_fails=1 fail_timeout=2s;" for one in backends)


def _backend(text: str) -> str:
    found = re.fullmatch(r"(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):([0-9]{1,5})", text)
    if not found or not 0 < int(found[1]) < 65536:
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
