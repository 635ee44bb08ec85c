"""The readers of contact files that Debian packages: ez-vcard, sabre/vobject and GNOME's."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

from tests.interop.fields import Row

HERE = Path(__file__).parent
JARS = ":".join(f"/usr/share/java/{name}.jar" for name in ("ez-vcard", "vinnie", "jackson-core"))
COMMANDS = {
    "ez-vcard": ["java", "-cp", JARS, "Read.java"],
    "sabre": ["php", "read.php"],
    "gnome": ["/usr/bin/python3", "read_gnome.py"],
}
PACKAGES = [
    *("default-jdk-headless", "libez-vcard-java", "libvinnie-java", "libjackson2-core-java"),
    *("php-cli", "php-mbstring", "php-xml", "php-sabre-vobject"),
    *("python3-gi", "gir1.2-ebookcontacts-1.2"),
]


class DebianReader:
    """One process that reads card after card."""

    def __init__(self, name: str) -> None:
        self.process = subprocess.Popen(
            COMMANDS[name], cwd=HERE, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def read(self, data: bytes) -> list[Row]:
        """Return name, types and parts of each property of a file."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(b64encode(data).decode() + "\n")
        self.process.stdin.flush()
        rows: list[Row] = json.loads(self.process.stdout.readline())
        return rows

    def stop(self) -> None:
        self.process.communicate()


def main() -> None:
    """Say which packages are missing, and how they are installed."""
    if not shutil.which("dpkg-query"):
        sys.exit("These tests need Debian or Ubuntu, where the readers are packaged.")
    ask = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *PACKAGES]
    said = subprocess.run(ask, capture_output=True, text=True).stdout.splitlines()
    missing = [name for name in PACKAGES if f"{name} installed" not in said]
    if missing:
        command = f"apt-get install --no-install-recommends {' '.join(missing)}"
        sys.exit(f"These tests need readers that are not installed. Type: {command}")


if __name__ == "__main__":
    main()
