"""The same requests through the web application itself: its limits, its reading of bodies, its errors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import fields
from types import SimpleNamespace
from typing import Any, TypeVar

from jobdesk.sync.transport import Answered
from province.config import Config
from province.serving import Province
from province.web import app as application
from province.web import faults
from tools.sim.machine import MachineClock

T = TypeVar("T")
PER_MINUTE = 30
"""Requests of one device in a simulated minute: few, so that desks meet it."""


_made: list[Web] = []


async def _at_once(job: Callable[..., T], *given: Any) -> T:
    """In place of a thread of its own: one seed is one history."""
    return job(*given)


class _Fits:
    """In place of ``province.schema.Schema``: tables here are made by the program, and no clock of the process
    is asked when it looked last.
    """

    is_known_to_fit = True

    def __init__(self, _db: object) -> None: ...


def web(province: Province, clock: MachineClock) -> Web:
    """The web process of this worker, as if it had just been started for this province: making one anew takes
    longer than a whole seed.
    """
    if not _made:
        _made.append(Web())
    _made[0].begin(province, clock)
    return _made[0]


class Web:
    """One process of the server, without a socket. Not under everybody: it costs several milliseconds."""

    def __init__(self) -> None:
        module: Any = application
        now = lambda: self._clock() / 1000  # noqa: E731
        module.time = SimpleNamespace(monotonic=now, perf_counter=now)
        rooms: tuple[Any, ...] = (application, faults)
        for room in rooms:
            room.run_in_threadpool = _at_once
        gates: list[Any] = []

        class Gate(application.Gate):
            def __init__(self, *given: Any) -> None:
                super().__init__(*given)
                gates.append(self)

        kept, module.Gate = application.Gate, Gate
        whole, module.Schema = application.Schema, _Fits
        self._province: Any = Province(*(None for _ in range(4)))  # type: ignore[arg-type]
        self._clock: Callable[[], int] = lambda: 0
        self._app = application.make_app(self._province, Config(per_minute=PER_MINUTE))
        module.Gate, module.Schema = kept, whole
        self._gates = gates
        self._loop = asyncio.new_event_loop()

    def begin(self, province: Province, clock: MachineClock) -> None:
        """Nothing is left of what it was before."""
        for one in fields(Province):
            setattr(self._province, one.name, getattr(province, one.name))
        self._clock = lambda: clock.time.ms  # monotonic time: nobody can put it wrong
        for gate in self._gates:
            gate._seen.clear()

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
