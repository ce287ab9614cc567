"""Connections that bring no head, or take no answer, do not stay; a slow line that moves does.

Clocks are short only where a connection is to be closed: a busy machine may stand still for a second.
"""

from __future__ import annotations

import asyncio
import socket
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


SHORT_S = 0.3
LONG_S = 2.0
"""Of a clock that is not to strike."""
CLOSED_WITHIN_S = 30
SIZES = {"/large": 32 << 20, "/middle": 1 << 20, "/page": 8 << 20}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """``/large`` answers more than any socket takes by itself, ``/middle`` what a socket could take whole,
    ``/slow`` answers after a while; behind the answer of ``/short`` the clock is a short one. Nobody reads a
    body.
    """
    if scope["path"] == "/slow":
        await asyncio.sleep(LONG_S * 1.5)
    if scope["path"] == "/short":
        lines.HEAD_S = SHORT_S
    body = bytes(SIZES[scope["path"]]) if scope["path"] in SIZES else b"ok"
    length = str(len(body)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def served() -> AsyncGenerator[int]:
    made = uvicorn.Config(app, timeout_keep_alive=2 * CLOSED_WITHIN_S)
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
    monkeypatch.setattr(lines, "HEAD_S", LONG_S)
    monkeypatch.setattr(lines, "STILL_S", LONG_S)


Opened = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_MADE: list[asyncio.StreamWriter] = []


async def opened(port: int, address: str = "127.0.0.1", takes: int = 0) -> Opened:
    """From this address, with a kernel that takes only so much before it is read."""
    line = socket.socket()
    line.setblocking(False)
    if takes:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)
    line.bind((address, 0))
    await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", port))
    reader, writer = await asyncio.open_connection(sock=line, limit=1024)
    _MADE.append(writer)
    return reader, writer


async def asked(port: int, path: bytes, address: str = "127.0.0.1", takes: int = 4096) -> Opened:
    """The head of the answer is read, the body not."""
    reader, writer = await opened(port, address, takes)
    writer.write(GET.replace(b"/ ", path + b" ", 1) + b"\r\n")
    async with asyncio.timeout(CLOSED_WITHIN_S):
        await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def is_reset(writer: asyncio.StreamWriter) -> None:
    """Without reading: an orderly end would wait behind what is still to be read."""
    line = writer.get_extra_info("socket")
    async with asyncio.timeout(CLOSED_WITHIN_S):
        while not line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            await asyncio.sleep(0.05)


async def taken(reader: asyncio.StreamReader, whole: int, pause_s: float = 0.0) -> int:
    """Bytes of the body until its end or the line's, 64 KiB at a time."""
    size = 0
    with suppress(ConnectionError):
        while size < whole and (some := await reader.read(1 << 16)):
            size += len(some)
            await asyncio.sleep(pause_s)
    return size


async def is_closed(reader: asyncio.StreamReader) -> None:
    """What is still to be read is read."""
    with suppress(ConnectionError):
        async with asyncio.timeout(CLOSED_WITHIN_S):
            while await reader.read(1 << 16):
                pass


async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: bytes = b"/") -> None:
    writer.write(GET.replace(b"/ ", path + b" ", 1) + b"\r\n")
    async with asyncio.timeout(CLOSED_WITHIN_S):
        assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")


def test_one_that_never_speaks_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "HEAD_S", SHORT_S)

    async def job(port: int) -> None:
        reader, _ = await opened(port)
        await is_closed(reader)

    run(job)


@pytest.mark.parametrize("before", [0, 1], ids=["first", "further"])
def test_a_head_that_never_ends_is_closed_whatever_drips(
    monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    if not before:
        monkeypatch.setattr(lines, "HEAD_S", SHORT_S)

    async def job(port: int) -> None:
        reader, writer = await opened(port)
        if before:
            await answered(reader, writer, b"/short")
        writer.write(GET)
        async with dripping(writer, b"X-A: b\r\n"):
            await is_closed(reader)

    run(job)


@asynccontextmanager
async def dripping(writer: asyncio.StreamWriter, drop: bytes) -> AsyncGenerator[None]:
    async def drip() -> None:
        while True:
            writer.write(drop)
            await asyncio.sleep(0.05)

    task = asyncio.create_task(drip())
    yield
    task.cancel()
    await asyncio.sleep(0)


def test_a_request_under_way_has_its_own_time_and_the_connection_goes_on() -> None:
    async def job(port: int) -> None:
        reader, writer = await opened(port)
        for path in (b"/", b"/slow", b"/"):
            await answered(reader, writer, path)

    run(job)


def post(path: bytes, size: int) -> bytes:
    return b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (path, size)


def test_the_rest_of_a_body_that_was_refused_comes_in_and_the_answer_is_read() -> None:
    """It was cut off in the midst, and the reason for the refusal with it."""

    async def job(port: int) -> None:
        reader, writer = await opened(port)
        pieces, size = 30, 10_000
        writer.write(post(b"/", pieces * size))
        for _ in range(pieces):
            writer.write(bytes(size))
            await writer.drain()
            await asyncio.sleep(LONG_S * 2 / pieces)
        async with asyncio.timeout(CLOSED_WITHIN_S):
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
        await answered(reader, writer)

    run(job)


@pytest.mark.parametrize("drops", [0, 1], ids=["no more comes", "it drips"])
def test_a_refused_body_that_never_ends_is_closed(monkeypatch: pytest.MonkeyPatch, drops: int) -> None:
    monkeypatch.setattr(lines, "REST_S", 2 * SHORT_S)

    async def job(port: int) -> None:
        reader, writer = await opened(port)
        writer.write(post(b"/short", 1 << 30))
        async with dripping(writer, b"x" * drops):
            await is_closed(reader)

    run(job)


def test_an_answer_that_nobody_takes_is_given_up_and_one_taken_slowly_is_not() -> None:
    async def job(port: int) -> None:
        ask = GET.replace(b"/ ", b"/large ", 1) + b"\r\n"
        _, gone = await opened(port)
        gone.write(ask)
        slow, writer = await opened(port)
        writer.write(ask)
        size, whole, began = 0, 32 << 20, time.monotonic()
        while size < whole:
            some = await slow.read(1 << 20)
            assert some, "cut off while it moved"
            size += len(some)
            due = began + LONG_S * 1.5 * size / whole
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        with pytest.raises(ConnectionError):
            async with asyncio.timeout(CLOSED_WITHIN_S):
                while True:
                    gone.write(b"x")
                    await gone.drain()
                    await asyncio.sleep(0.05)

    run(job)


def test_a_line_that_takes_one_answer_after_another_is_not_cut_for_the_one_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A rest too small for uvicorn to pause left a clock running, which struck in the midst of a later one."""
    monkeypatch.setattr(lines, "STILL_S", SHORT_S)
    monkeypatch.setitem(SIZES, "/rest", 110_000)

    async def job(port: int) -> None:
        reader, writer = await opened(port, takes=4096)
        until = time.monotonic() + 12 * SHORT_S
        while time.monotonic() < until:
            writer.write(GET.replace(b"/ ", b"/rest ", 1) + b"\r\n")
            await reader.readuntil(b"\r\n\r\n")
            left = SIZES["/rest"]
            while left:
                left -= len(await reader.readexactly(min(left, 2750)))
                await asyncio.sleep(SHORT_S / 100)

    run(job)


def test_an_answer_taken_by_drops_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any byte a minute was enough, and the rest was held for hours."""
    monkeypatch.setattr(lines, "STILL_S", 2 * SHORT_S)
    monkeypatch.setattr(lines, "SLOWEST", 64 << 20, raising=False)

    async def job(port: int) -> None:
        reader, _ = await asked(port, b"/large", takes=0)
        assert 0 < await taken(reader, SIZES["/large"], 0.02) < SIZES["/large"]

    run(job)


def test_the_kernel_does_not_keep_what_nobody_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """It had all of a page, where no clock saw it, also behind the end of the connection."""
    monkeypatch.setattr(lines, "STILL_S", SHORT_S)

    async def job(port: int) -> None:
        _, writer = await asked(port, b"/middle")
        await is_reset(writer)

    run(job)


def test_beyond_the_bound_who_has_its_answer_longest_goes_of_the_address_with_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One machine had as many pages held as it asked for."""
    monkeypatch.setattr(lines, "HEAD_S", 2.0 * CLOSED_WITHIN_S)
    monkeypatch.setattr(lines, "STILL_S", 2.0 * CLOSED_WITHIN_S)
    monkeypatch.setattr(lines, "MOST_UNREAD", 26 << 20, raising=False)

    async def job(port: int) -> None:
        other, _ = await asked(port, b"/page", "127.0.0.2")
        mine = [await asked(port, b"/page") for _ in range(3)]
        await is_reset(mine[0][1])
        for reader in (other, mine[1][0], mine[2][0]):
            assert await taken(reader, SIZES["/page"]) == SIZES["/page"]

    run(job)


def test_beyond_the_bound_who_waits_longest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "HEAD_S", 2.0 * CLOSED_WITHIN_S)
    monkeypatch.setattr(lines, "MOST_WAITING", 3)

    async def job(port: int) -> None:
        made = [await opened(port) for _ in range(5)]
        for reader, _ in made[:2]:
            await is_closed(reader)
        await answered(*made[-1])

    run(job)
