"""A fresh station for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.services.desk import Desk
from jobdesk.store.open_station import OpenStation

from .stations import open_station


@pytest.fixture
def station(tmp_path: Path) -> Iterator[tuple[OpenStation, Desk]]:
    with open_station(tmp_path / "station") as opened:
        yield opened


@pytest.fixture
def desk(station: tuple[OpenStation, Desk]) -> Desk:
    return station[1]
