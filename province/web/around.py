"""What stands around every answer: the version that is spoken, no cache, its line in the log, its figures."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jobdesk.protocol.signing import VERSION
from jobdesk.protocol.versions import is_answered
from province.serving import Province
from province.web.metrics import Metrics
from province.web.telling import log


class Around:
    """In the request's own task: FastAPI's ``middleware("http")`` makes one more for each request and two for
    each piece of a body, up to half a millisecond of CPU where a pull takes three.

    Args:
        instead: an answer that is given without asking the application; None: it is asked.
    """

    def __init__(
        self, app: ASGIApp, province: Province, metrics: Metrics,
        instead: Callable[[Request], Awaitable[Response | None]],
    ) -> None:  # fmt: skip
        self._app, self._province, self._metrics, self._instead = app, province, metrics, instead

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, started, told = Request(scope), time.perf_counter(), False

        def tell(status: int) -> None:
            nonlocal told
            told, seconds = True, time.perf_counter() - started
            self._metrics.request(request.url.path, status, seconds)
            log(request, status, seconds)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                tell(message["status"])
                self._mark(request, MutableHeaders(scope=message))
            elif message.get("body") and not message.get("more_body"):
                # its end by itself: an answer is under way until the line has taken it (``Line``)
                await send({**message, "more_body": True})
                message = {"type": message["type"], "body": b"", "more_body": False}
            await send(message)

        try:
            await (await self._instead(request) or self._app)(scope, receive, sent)
        finally:
            if not told:
                tell(500)

    def _mark(self, request: Request, headers: MutableHeaders) -> None:
        said, spoken = request.headers.get(VERSION, ""), self._province.spoken
        known = is_answered(said, request.url.path, spoken)
        headers[VERSION] = said if known else str(max(spoken))
        headers["Cache-Control"] = "no-store"
