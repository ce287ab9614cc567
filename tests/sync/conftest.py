"""A server and two PCs of its first station, not yet enrolled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
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
