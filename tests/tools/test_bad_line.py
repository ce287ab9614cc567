"""The bad line does what its weather says: else a run proves nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from tools.chaos.line import CALM, Line, Weather


@dataclass
class Echo:
    """Answers each request with 5,000 bytes; counts."""

    bodies: list[bytes] = field(default_factory=list[bytes])

    def __post_init__(self) -> None:
        self.plug = socket.create_server(("127.0.0.1", 0))
        self.port = self.plug.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                talk, _ = self.plug.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(talk,), daemon=True).start()

    def _one(self, talk: socket.socket) -> None:
        got = b""
        with talk:
            talk.settimeout(10)
            try:
                while b"\r\n\r\n" not in got or len(got.split(b"\r\n\r\n", 1)[1]) < 3000:
                    piece = talk.recv(65536)
                    if not piece:
                        return
                    got += piece
                self.bodies.append(got)
                talk.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nConnection: close\r\n\r\n" + b"x" * 5000
                )
            except OSError:
                return


@pytest.fixture
def echo() -> Iterator[Echo]:
    made = Echo()
    yield made
    made.plug.close()


def ask(echo: Echo, weather: Weather, *, timeout: float = 3) -> tuple[int | str, Line]:
    line = Line([echo.port], 1, weather)
    try:
        with httpx.Client(trust_env=False, timeout=timeout) as client:
            answer = client.post(f"http://127.0.0.1:{line.port}/", content=b"y" * 3000)
            return len(answer.content), line
    except httpx.HTTPError as error:
        return type(error).__name__, line
    finally:
        line.close()


def test_a_calm_one_changes_nothing(echo: Echo) -> None:
    told, line = ask(echo, CALM)
    assert told == 5000 and len(echo.bodies) == 1 and line.counted == {"connections": 1}


def test_slow_and_in_slices_it_still_arrives(echo: Echo) -> None:
    told, _ = ask(echo, Weather(latency_s=0.001, bytes_per_s=50_000, slice_bytes=100))
    assert told == 5000


@pytest.mark.parametrize(
    ("weather", "name", "arrived"),
    [
        (Weather(refuse=1), "refused", 0),
        (Weather(black_hole=1), "black holes", 0),
        (Weather(cut_ask=1), "requests cut", 0),
        (Weather(cut=1), "answers cut", 1),
        (Weather(drop=1), "answers dropped", 1),
    ],
)
def test_what_breaks_breaks(echo: Echo, weather: Weather, name: str, arrived: int) -> None:
    told, line = ask(echo, weather, timeout=1)
    assert isinstance(told, str) and line.counted[name] == 1 and len(echo.bodies) == arrived


def test_the_same_bytes_come_once_more(echo: Echo) -> None:
    line = Line([echo.port], 1, Weather(replay=1))
    with httpx.Client(trust_env=False, timeout=5) as client:
        assert len(client.post(f"http://127.0.0.1:{line.port}/", content=b"y" * 3000).content) == 5000
        for _ in range(100):
            if len(echo.bodies) == 2:
                break
            threading.Event().wait(0.05)
    line.close()
    assert len(echo.bodies) == 2 and echo.bodies[0] == echo.bodies[1]


def test_nobody_there_is_a_reset() -> None:
    line = Line([1], 1)
    with httpx.Client(trust_env=False) as client, pytest.raises(httpx.HTTPError):
        client.get(f"http://127.0.0.1:{line.port}/")
    line.close()
