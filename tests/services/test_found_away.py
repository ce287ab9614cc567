"""Of whom only surname and stars are left here."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.services.moving import finding
from jobdesk.store.sync_scope import Stub
from tests.stations import make_station


@pytest.mark.parametrize(
    ("name", "words", "found"),
    [
        ("尉迟**", "尉迟志远", True), ("尉迟**", "尉迟", True), ("尉迟**", "尉迟明", False),
        ("尉***", "尉迟志远", True), ("尉***", "尉迟明", False), ("王**", "王秀兰", True), ("王**", "王明", False),
    ],
)  # fmt: skip
def test_who_moved_away_is_found_by_the_name_and_by_a_compound_surname(
    tmp_path: Path, name: str, words: str, found: bool
) -> None:
    made = make_station(tmp_path, FixedClock.at(2026, 7, 15))
    stub = Stub("c", "b", 0, True, name=name)
    said = made.desk.read(lambda con: finding._is_so(con, stub, words))  # pyright: ignore[reportPrivateUsage]
    assert said.result() is found
    made.station.close()
