"""nginx in front of some servers, as `vcardapp deploy nginx` prints it, but for TLS."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import free_port, wait_until_answered
from vcardapp.operations.deploy_nginx import SHARED, upstream_servers

MEND = "apt install nginx-light"
CONFIG = """
worker_processes 1; pid {folder}/pid; daemon off; error_log {folder}/error.log; user {user};
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  upstream vcardapp {{ {servers} }}
  server {{
    listen 127.0.0.1:{port};
{shared}
  }}
}}
"""


class Nginx:
    """A running nginx; which servers it asks may change while it runs."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.url = folder, port, f"http://127.0.0.1:{port}"
        found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
        assert found, f"nginx is not installed: run `{MEND}`."
        self.command = [found, "-c", str(folder / "conf"), "-e", str(folder / "error.log")]

    def pass_to(self, ports: list[int]) -> None:
        """Ask these servers from now on; requests under way end where they are."""
        self._write(ports)
        subprocess.run([*self.command, "-s", "reload"], check=True)

    def _write(self, ports: list[int]) -> None:
        user = "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")
        servers = upstream_servers([f"127.0.0.1:{port}" for port in ports])
        shared = SHARED.format(most=20_000_000, asked="$http_host")
        values = {"folder": self.folder, "port": self.port, "user": user, "servers": servers, "shared": shared}
        (self.folder / "conf").write_text(CONFIG.format(**values))

    @contextmanager
    def running(self, ports: list[int]) -> Iterator[None]:
        self._write(ports)
        with subprocess.Popen(self.command) as nginx:
            try:
                wait_until_answered(self.url, nginx)
                yield
            finally:
                nginx.terminate()


@contextmanager
def start_nginx(folder: Path, ports: list[int]) -> Iterator[Nginx]:
    nginx = Nginx(folder, free_port())
    with nginx.running(ports):
        yield nginx
