"""A server and two PCs of its first station, not yet enrolled."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from jobdesk.cases.clock import FixedClock
from jobdesk.host.system_clock import SystemClock
from province.config import Config
from province.web.app import make_app
from tests.sync.ground import PC, Server


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock.at(2026, 7, 1)


@pytest.fixture
def server(tmp_path: Path, clock: FixedClock) -> Iterator[Server]:
    made = Server(tmp_path / "server", clock)
    yield made
    made.db.engine.dispose()


@pytest.fixture
def pcs(tmp_path: Path, server: Server, clock: FixedClock) -> Iterator[tuple[PC, PC]]:
    made = (PC(tmp_path / "one", server, clock), PC(tmp_path / "two", server, clock, "孙立国"))
    yield made
    for pc in made:
        pc.close()


@pytest.fixture
def both(server: Server, pcs: tuple[PC, PC]) -> tuple[PC, PC]:
    """Both PCs know 单秀英 with a phone; nothing waits."""
    one, two = pcs
    one.open_case("c1", "单秀英")
    one.set("c1", phone="19900000033")
    one.enrol().sync_well()
    two.enrol().sync_well()
    return one, two


@pytest.fixture
def county(tmp_path: Path, server: Server, clock: FixedClock) -> Iterator[PC]:
    made = PC(tmp_path / "county", server, clock, "李主任")
    yield made
    made.close()


@pytest.fixture
def now() -> FixedClock:
    """The real hour: signatures over HTTP are judged by it."""
    return FixedClock(SystemClock().now_ms())


@pytest.fixture
def live(tmp_path: Path, now: FixedClock) -> Iterator[tuple[Server, str]]:
    """A server on a port of this machine, and its address."""
    made = Server(tmp_path / "server", now)
    made.province.now_ms = SystemClock().now_ms
    config = uvicorn.Config(make_app(made.province, Config()), port=0, log_level="error", lifespan="off")
    serving = uvicorn.Server(config)
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    while not serving.started:
        time.sleep(0.02)
    port = serving.servers[0].sockets[0].getsockname()[1]
    yield made, f"http://127.0.0.1:{port}"
    serving.should_exit = True
    thread.join()
    made.db.engine.dispose()
