"""Connections that bring no head, or take no answer, do not stay; a slow line that moves does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from province.cli.serving import Prompt
from province.web import lines

GET = b"GET / HTTP/1.1\r\nHost: x\r\n"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """``/large`` answers more than any socket takes by itself, ``/slow`` after a while."""
    if scope["path"] == "/slow":
        await asyncio.sleep(0.6)
    body = bytes(32 << 20) if scope["path"] == "/large" else b"ok"
    length = str(len(body)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def served() -> AsyncGenerator[int]:
    made = uvicorn.Config(app, timeout_keep_alive=20)
    made.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Prompt(made, state, {}), "127.0.0.1", 0)
    async with server:
        yield int(server.sockets[0].getsockname()[1])
        for line in set(state.connections):
            assert line.transport is not None
            line.transport.abort()
        for writer in _MADE:
            writer.transport.abort()
        await asyncio.sleep(0)
        _MADE.clear()


def run(job: Callable[[int], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        async with served() as port:
            await job(port)

    asyncio.run(whole())


@pytest.fixture(autouse=True)
def clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "HEAD_S", 0.3)
    monkeypatch.setattr(lines, "STILL_S", 0.3)


Opened = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_MADE: list[asyncio.StreamWriter] = []


async def opened(port: int) -> Opened:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    _MADE.append(writer)
    return reader, writer


async def closed_after(reader: asyncio.StreamReader) -> float:
    began = time.monotonic()
    with suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), 10) == b""
    return time.monotonic() - began


def test_one_that_never_speaks_is_closed() -> None:
    async def job(port: int) -> None:
        reader, _ = await opened(port)
        assert await closed_after(reader) < 5

    run(job)


@pytest.mark.parametrize("before", [0, 1], ids=["first", "further"])
def test_a_head_that_never_ends_is_closed_whatever_drips(before: int) -> None:
    async def job(port: int) -> None:
        reader, writer = await opened(port)
        for _ in range(before):
            writer.write(GET + b"\r\n")
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
        writer.write(GET)

        async def drip() -> None:
            while True:
                writer.write(b"X-A: b\r\n")
                await asyncio.sleep(0.05)

        dripping = asyncio.create_task(drip())
        assert await closed_after(reader) < 5
        dripping.cancel()
        await asyncio.sleep(0)

    run(job)


def test_a_request_under_way_has_its_own_time_and_the_connection_goes_on() -> None:
    async def job(port: int) -> None:
        reader, writer = await opened(port)
        for path in (b"/slow", b"/", b"/slow"):
            writer.write(GET.replace(b"/ ", path + b" ", 1) + b"\r\n")
            assert (await asyncio.wait_for(reader.readuntil(b"ok"), 10)).startswith(b"HTTP/1.1 200")

    run(job)


def test_an_answer_that_nobody_takes_is_given_up_and_one_taken_slowly_is_not() -> None:
    async def job(port: int) -> None:
        ask = GET.replace(b"/ ", b"/large ", 1) + b"\r\n"
        _, gone = await opened(port)
        gone.write(ask)
        slow, writer = await opened(port)
        writer.write(ask)
        size = 0
        while size < 32 << 20:
            some = await slow.read(1 << 20)
            assert some, "cut off while it moved"
            size += len(some)
            await asyncio.sleep(0.0005)
        with pytest.raises(ConnectionError):
            while True:
                gone.write(b"x")
                await gone.drain()
                await asyncio.sleep(0.05)

    run(job)


def test_beyond_the_bound_who_waits_longest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "HEAD_S", 60.0)
    monkeypatch.setattr(lines, "MOST_WAITING", 3)

    async def job(port: int) -> None:
        made = [await opened(port) for _ in range(5)]
        for reader, _ in made[:2]:
            assert await closed_after(reader) < 5
        made[-1][1].write(GET + b"\r\n")
        assert b"200" in await made[-1][0].readline()

    run(job)
