"""Where updates lie: a folder (a stick, a share), or a folder of a web server.

Nothing that comes from there is believed for where it came from: the manifest counts by its signature, a
package by the manifest. So plain http will do inside a county's own network.
"""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from jobdesk.cases.errors import Trouble
from jobdesk.host.disk import disk_errors
from jobdesk.host.policy_settings import WEB_ADDRESS

PATIENCE_S = 20.0
"""For each answer of the server, not for the whole."""

_CHUNK = 1024 * 1024


class NotThere(Exception):
    """The place answers, and has no file of that name."""


class UpdateSource(Protocol):
    """A place with files, read and never written."""

    @property
    def shown(self) -> str:
        """The place as people call it."""
        ...

    def chunks(self, name: str) -> Iterator[bytes]:
        """The file in pieces.

        Raises:
            NotThere: before the first piece.
            Trouble: the place cannot be read.
        """
        ...


def source_of(place: str | Path) -> UpdateSource:
    """The place that IT named."""
    named = str(place)
    return WebFolder(named) if WEB_ADDRESS.fullmatch(named) else Folder(Path(named))


def whole(source: UpdateSource, name: str, limit: int) -> bytes:
    """A file at once; one that is larger than the limit is cut behind it. Raises as ``chunks`` does."""
    found = bytearray()
    for piece in source.chunks(name):
        found += piece
        if len(found) > limit:
            break
    return bytes(found[: limit + 1])


@dataclass(frozen=True, slots=True)
class Folder:
    """On a disk, a stick or a share."""

    path: Path

    @property
    def shown(self) -> str:
        return str(self.path)

    def chunks(self, name: str) -> Iterator[bytes]:
        file = self.path / name
        with disk_errors(file):
            if not file.is_file():
                raise NotThere(name)
            reading = file.open("rb")
        with reading:
            while True:
                with disk_errors(file):
                    piece = reading.read(_CHUNK)
                if not piece:
                    return
                yield piece


class _StayThere(urllib.request.HTTPRedirectHandler):
    """The address of the policy is the address: whoever sends us on is not it."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class WebFolder:
    """Plain files below an address; through the proxy of the system where it has one."""

    address: str

    @property
    def shown(self) -> str:
        return self.address

    def chunks(self, name: str) -> Iterator[bytes]:
        url = f"{self.address.rstrip('/')}/{urllib.parse.quote(name)}"
        opener = urllib.request.build_opener(_StayThere)
        asked = urllib.request.Request(url, headers={"User-Agent": "jobdesk", "Cache-Control": "no-cache"})
        with self._errors():
            try:
                answer = opener.open(asked, timeout=PATIENCE_S)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code in (404, 410):
                    raise NotThere(name) from None
                raise Trouble("update_web_answer", path=self.address, status=error.code) from None
        with answer:
            while True:
                with self._errors():
                    piece: bytes = answer.read(_CHUNK)
                if not piece:
                    return
                yield piece

    @contextmanager
    def _errors(self) -> Generator[None]:
        """Of the line and of the server, in our words."""
        try:
            yield
        except (OSError, http.client.HTTPException, ValueError) as error:
            why = error.reason if isinstance(error, urllib.error.URLError) else error
            code = "update_web_certificate" if isinstance(why, ssl.SSLError) else "update_web_silent"
            raise Trouble(code, path=self.address) from error
