"""The only door to boto3: keeps uploads at a server that speaks S3."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from vcardapp.config import BadSetting
from vcardapp.storage import StorageAway, StorageFull, check_name

T = TypeVar("T")
MISSING = {"NoSuchKey", "404", "NotFound"}
PAST_THE_END = {"InvalidRange", "416"}
NO_ROOM = {"QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "EntityTooLarge", "507", "413"}
PATIENCE = 3  # seconds to connect; three times that for each part of an answer, and all of it twice: 20 seconds, then 503


class S3Storage:
    """Keeps files in a bucket, s3://bucket/folder?endpoint=https://…&region=…; keys come from the environment as AWS has it.

    What is put is there whole or not at all: that is how S3 works.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.bucket = parts.netloc
        self.folder = f"{parts.path.strip('/')}/" if parts.path.strip("/") else ""
        self.endpoint = asked.pop("endpoint", None)
        self.region = asked.pop("region", None)
        if asked or not self.bucket:
            raise BadSetting("VCARDAPP_STORAGE must look like s3://bucket?endpoint=https://storage.example.com&region=eu-1.")
        self._client: Any = None

    @property
    def client(self) -> Any:
        """The client, made on first use: after all forks, and only where it is needed."""
        if self._client is None:
            self._client = self._connect()
        return self._client

    def put(self, name: str, data: bytes) -> None:
        with _understood(name):
            self.client.put_object(Bucket=self.bucket, Key=self._key(name), Body=data)

    def put_file(self, name: str, path: Path) -> None:
        with _understood(name), path.open("rb") as file:
            self.client.put_object(Bucket=self.bucket, Key=self._key(name), Body=file)

    def open(self, name: str) -> bytes | None:
        return self._found(name, lambda key: _body(self.client.get_object(Bucket=self.bucket, Key=key)))

    def read(self, name: str, start: int, length: int) -> bytes | None:
        if length <= 0:
            return b"" if self.exists(name) else None
        part = f"bytes={start}-{start + length - 1}"
        return self._found(name, lambda key: _body(self.client.get_object(Bucket=self.bucket, Key=key, Range=part)))

    def size(self, name: str) -> int | None:
        return self._found(name, lambda key: int(self.client.head_object(Bucket=self.bucket, Key=key)["ContentLength"]))

    def exists(self, name: str) -> bool:
        return self.size(name) is not None

    def names(self, prefix: str = "") -> Iterator[str]:
        inside = self.folder + (f"{check_name(prefix)}/" if prefix else "")
        with _understood(prefix):
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=inside)
            for page in pages:
                yield from (found["Key"].removeprefix(self.folder) for found in page.get("Contents", []))

    def delete(self, name: str) -> None:
        key = self._key(name)
        with _understood(name):
            self.client.delete_object(Bucket=self.bucket, Key=key)

    def delete_folder(self, prefix: str) -> None:
        for name in list(self.names(prefix)):
            self.delete(name)

    def tidy(self) -> None:
        """Do nothing: nothing is left half-written."""

    def _connect(self) -> Any:
        import boto3
        from botocore.config import Config

        only_if_wanted: dict[str, Any] = dict.fromkeys(
            ("request_checksum_calculation", "response_checksum_validation"), "when_required"
        )  # servers other than Amazon's refuse the newer checksums
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if self.endpoint else "auto"},
            connect_timeout=PATIENCE,
            read_timeout=PATIENCE * 3,
            retries={"total_max_attempts": 2, "mode": "standard"},
            **only_if_wanted,
        )
        return boto3.session.Session().client(
            "s3", endpoint_url=self.endpoint, region_name=self.region or ("us-east-1" if self.endpoint else None), config=config
        )

    def _key(self, name: str) -> str:
        return self.folder + check_name(name)

    def _found(self, name: str, ask: Callable[[str], T]) -> T | None:
        """Return what is asked for about a file, None where there is no such file."""
        from botocore.exceptions import ClientError

        key = self._key(name)
        with _understood(name):
            try:
                return ask(key)
            except ClientError as problem:
                code = _code(problem)
                if code in MISSING:
                    return None
                if code in PAST_THE_END:
                    return b""  # type: ignore[return-value]  # only asked for by `read`
                raise
        return None


def _body(answer: dict[str, Any]) -> bytes:
    with_body: IO[bytes] = answer["Body"]
    with with_body as body:
        return body.read()


def _code(problem: Any) -> str:
    return str(problem.response.get("Error", {}).get("Code", ""))


@contextmanager
def _understood(name: str) -> Iterator[None]:
    """Say what went wrong at the server as the rest of the app knows it."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as problem:
        raise (StorageFull if _code(problem) in NO_ROOM else StorageAway)(f"{name}: {_code(problem)}") from problem
    except BotoCoreError as problem:
        raise StorageAway(f"{name}: {type(problem).__name__}") from problem
