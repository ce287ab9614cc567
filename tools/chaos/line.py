"""A bad line: a proxy of TCP that delays, cuts, drops, stalls and repeats bytes, by chance and by a weather.

It also spreads connections over the processes of the server. What befalls a request is drawn when its first
bytes come; a kept connection is drawn for again at every request.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random

_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad the line is now; shares are of requests.

    Attributes:
        latency_s, jitter_s: before each piece of bytes, either way.
        bytes_per_s: 0 for as fast as it goes; ``slice_bytes``: pieces of an answer, 0 for whole.
        refuse: a connection ends by RST at once; ``black_hole``: it is taken and never answered.
        cut: RST after some bytes of the answer; ``cut_ask``: after some bytes of the request.
        drop: the request arrives, the answer never comes; ``replay``: its bytes are sent once more later.
    """

    latency_s: float = 0.0
    jitter_s: float = 0.0
    bytes_per_s: int = 0
    slice_bytes: int = 0
    refuse: float = 0.0
    black_hole: float = 0.0
    cut: float = 0.0
    cut_ask: float = 0.0
    drop: float = 0.0
    replay: float = 0.0


CALM = Weather()
STORM = Weather(0.005, 0.02, 400_000, 700, 0.05, 0.04, 0.15, 0.08, 0.12, 0.2)


def some_weather(rng: Random) -> Weather:
    """Between calm and storm; one thing at a time, or everything."""
    kinds = (
        CALM,
        STORM,
        Weather(latency_s=0.03, jitter_s=0.1),
        Weather(bytes_per_s=30_000, slice_bytes=97),
        Weather(refuse=0.5),
        Weather(black_hole=0.3),
        Weather(cut=0.5, slice_bytes=200),
        Weather(cut_ask=0.4),
        Weather(drop=0.5),
        Weather(replay=1.0),
        replace(STORM, drop=0.4, cut=0.4),
    )
    return rng.choice(kinds)


@dataclass
class Line:
    """Listens on a port of its own in a thread of its own.

    Attributes:
        upstreams: ports of the server's processes; a dead one is passed over.
    """

    upstreams: list[int]
    seed: int
    weather: Weather = CALM
    port: int = 0
    counted: Counter[str] = field(default_factory=Counter[str])

    def __post_init__(self) -> None:
        self._rng = Random(self.seed)
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the line does not listen")

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._taken, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.counted["connections"] += 1
        talk = _Talk(self, reader, writer)
        try:
            await talk.run()
        except (OSError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:
            return  # the line closes; asyncio would tell of every connection that still hung
        finally:
            talk.close()

    def happens(self, share: float, name: str) -> bool:
        if self._rng.random() >= share:
            return False
        self.counted[name] += 1
        return True

    def some(self, most: int) -> int:
        return self._rng.randrange(1, most)

    async def wait(self, size: int) -> None:
        w = self.weather
        pause = w.latency_s + self._rng.random() * w.jitter_s
        pause += size / w.bytes_per_s if w.bytes_per_s else 0
        if pause:
            await asyncio.sleep(pause)

    async def upstream(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        ports = list(self.upstreams)
        self._rng.shuffle(ports)
        for port in ports:
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return None

    def later(self, bytes_sent: bytes) -> None:
        """The same bytes once more, on another connection; nobody reads the answer."""
        task = self._loop.create_task(self._replay(bytes_sent))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _replay(self, bytes_sent: bytes) -> None:
        await asyncio.sleep(self._rng.random() * 0.5)
        found = await self.upstream()
        if found is None:
            return
        reader, writer = found
        with contextlib.suppress(OSError, TimeoutError):
            writer.write(bytes_sent)
            await writer.drain()
            await asyncio.wait_for(reader.read(_PIECE), 5)
        writer.transport.abort()


class _Talk:
    """One connection: what came from the desk since the last answer, and what is to befall it."""

    def __init__(self, line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.line, self.reader, self.writer = line, reader, writer
        self.up: asyncio.StreamWriter | None = None
        self.request = bytearray()
        self.answering = True  # the next bytes of the desk begin a request
        self.dropped = False
        self.cut_at = self.cut_ask_at = 0

    def close(self) -> None:
        for writer in (self.writer, self.up):
            if writer is not None and not writer.is_closing():
                writer.close()

    def reset(self) -> None:
        """RST, not FIN: the desk's system throws away what it has not read."""
        plug = self.writer.get_extra_info("socket")
        if plug is not None:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def run(self) -> None:
        if self.line.happens(self.line.weather.refuse, "refused"):
            self.reset()
            return
        found = await self.line.upstream()
        if found is None:
            self.line.counted["nobody there"] += 1
            self.reset()
            return
        reader, self.up = found
        back = asyncio.ensure_future(self._back(reader))
        try:
            await self._there()
        finally:
            back.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await back

    def _drawn(self) -> None:
        line, weather = self.line, self.line.weather
        self.request.clear()
        self.answering = False
        self.dropped = line.happens(weather.drop, "answers dropped")
        self.cut_at = line.some(3000) if line.happens(weather.cut, "answers cut") else 0
        self.cut_ask_at = line.some(2000) if line.happens(weather.cut_ask, "requests cut") else 0

    async def _there(self) -> None:
        assert self.up is not None
        while piece := await self.reader.read(_PIECE):
            if self.answering:
                self._drawn()
                if self.line.happens(self.line.weather.black_hole, "black holes"):
                    await asyncio.sleep(30)
                    return
            await self.line.wait(len(piece))
            if self.cut_ask_at and len(self.request) + len(piece) > self.cut_ask_at:
                self.up.write(piece[: max(0, self.cut_ask_at - len(self.request))])
                await self.up.drain()
                self.reset()
                return
            self.request += piece
            self.up.write(piece)
            await self.up.drain()

    async def _back(self, reader: asyncio.StreamReader) -> None:
        sent = 0
        while piece := await reader.read(_PIECE):
            if not self.answering:
                sent, self.answering = 0, True
                if self.line.happens(self.line.weather.replay, "requests repeated"):
                    self.line.later(bytes(self.request))
            if self.dropped:
                self.reset()
                return
            step = self.line.weather.slice_bytes or len(piece)
            for at in range(0, len(piece), step):
                part = piece[at : at + step]
                await self.line.wait(len(part))
                if self.cut_at and sent + len(part) >= self.cut_at:
                    self.writer.write(part[: self.cut_at - sent])
                    with contextlib.suppress(OSError):
                        await self.writer.drain()
                    self.reset()
                    return
                self.writer.write(part)
                await self.writer.drain()
                sent += len(part)
        self.writer.close()
