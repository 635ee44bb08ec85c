"""A compose file: an image of this program, with PostgreSQL and Valkey."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from vcardapp.config import Settings
from vcardapp.operations.deploy import STOP_WITHIN, environment


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
# Beside it a file .env (mode 0600) with one NAME='value' a line: {secrets}
# POSTGRES_PASSWORD and VCARDAPP_SECRET_KEY: openssl rand -hex 32 for each, kept for ever.
services:
  app:
    build:
      context: {source}
      dockerfile_inline: |
        FROM python:3.11-slim
        RUN useradd --system --uid 10001 vcardapp && mkdir /data && chown vcardapp /data
        COPY vcardapp/operations/requirements.lock /source/
        RUN pip install --no-cache-dir --require-hashes -r /source/requirements.lock
        COPY pyproject.toml README.md LICENSE /source/
        COPY vcardapp /source/vcardapp
        COPY templates /source/templates
        COPY static /source/static
        RUN pip install --no-cache-dir --no-deps --no-build-isolation /source
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
