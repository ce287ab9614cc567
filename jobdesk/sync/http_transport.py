"""The line: HTTP with time limits, the system's proxies and the system's certificates."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from types import TracebackType

import httpx

from jobdesk.sync.transport import Answered, no_line

CONNECT_S, READ_S = 10.0, 90.0
"""Own figures: a page of a megabyte over a line of 128 kbit/s takes 65 seconds."""
MOST_BYTES = 16 * 1024 * 1024
"""An answer longer than this is none of ours."""


class HttpTransport:
    """One server by its address; connections are kept between requests.

    Args:
        server: ``https://host[:port][/path]``; plain http only for this machine itself.
    """

    def __init__(self, server: str, *, read_s: float = READ_S, most_bytes: int = MOST_BYTES) -> None:
        self._server = server.rstrip("/")
        self._most = most_bytes
        limits = httpx.Timeout(read_s, connect=CONNECT_S)
        verify: ssl.SSLContext | bool = ssl.create_default_context() if server.startswith("https") else True
        self._client = httpx.Client(timeout=limits, verify=verify, trust_env=True, follow_redirects=False)

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        try:
            with self._client.stream(
                method, self._server + path, content=body or None, headers=dict(headers)
            ) as answer:
                parts: list[bytes] = []
                size = 0
                for chunk in answer.iter_bytes():
                    size += len(chunk)
                    if size > self._most:
                        raise no_line("answer_too_long")
                    parts.append(chunk)
                told = {k.lower(): v for k, v in answer.headers.items()}
                return Answered(answer.status_code, b"".join(parts), told)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise no_line(type(error).__name__) from error

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def __enter__(self) -> HttpTransport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
