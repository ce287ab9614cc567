"""The same requests through the web application itself: its limits, its reading of bodies, its errors."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from jobdesk.sync.transport import Answered
from province.config import Config
from province.serving import Province
from province.web import app as application
from tools.sim.machine import MachineClock

PER_MINUTE = 30
"""Requests of one device in a simulated minute: few, so that desks meet it."""


class Web:
    """One process of the server, without a socket. Not under everybody: it costs several milliseconds."""

    def __init__(self, province: Province, clock: MachineClock) -> None:
        module: Any = application
        module.time = SimpleNamespace(
            monotonic=lambda: clock.now_ms() / 1000, perf_counter=lambda: clock.now_ms() / 1000
        )
        self._app = application.make_app(province, Config(per_minute=PER_MINUTE))
        self._loop = asyncio.new_event_loop()

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        return self._loop.run_until_complete(self._asked(method, path, headers, body))

    async def _asked(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        where, _, query = path.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
            "scheme": "http", "path": where, "raw_path": where.encode(), "query_string": query.encode(),
            "root_path": "", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 1),
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
        }  # fmt: skip
        pieces = [body[n : n + 1000] for n in range(0, len(body), 1000)] or [b""]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if not pieces:
                await asyncio.Event().wait()  # nothing more comes: who waits for it is told the end otherwise
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

        async def send(message: Any) -> None:
            sent.append(dict(message))

        await self._app(scope, receive, send)
        told = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
        return Answered(int(sent[0]["status"]), b"".join(m.get("body", b"") for m in sent[1:]), told)

    def close(self) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
