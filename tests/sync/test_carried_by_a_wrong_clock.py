"""What a desk knows of its files on sticks does not hang on its clock (M-2.4)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import Refused
from jobdesk.store import sync_carried
from province.db import tables as t
from province.db.engine import EVERYTHING
from tests.sync import sticks
from tests.sync.ground import DAY_MS, PC, Server


def test_a_clock_years_ahead_forgets_no_answer_that_was_read(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    """The next file was made years later by this PC's clock, the answer was forgotten as old and read again."""
    one, _ = pcs
    one.enrol().sync_well()
    data = sticks.answer(server, sticks.out(one, tmp_path / "stick"))
    assert sticks.back(one, data).receipt.error == ""
    one.clock.tick(2 * 365 * DAY_MS)
    sticks.out(one, tmp_path / "stick")
    with pytest.raises(Refused, match="carried_read_before"):
        sticks.back(one, data)


def test_only_the_newest_files_are_known(pcs: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_carried, "KEEP", 2)
    one, _ = pcs
    for n in range(1, 5):
        made = sync_carried.CarriedFile(f"x{n}", n, "", 1)
        one.station.file.write(lambda w, m=made: sync_carried.put(w.con, m)).result()
    assert [f.number for f in one.station.file.read(sync_carried.files).result()] == [4, 3]


def test_days_on_the_way_are_no_wrong_clock(
    server: Server, pcs: tuple[PC, PC], clock: FixedClock, tmp_path: Path
) -> None:
    """The county's view said 4 天 beside every station whose stick had been on the way for four days."""
    server.clock = FixedClock(clock.now_ms())
    server._open()
    one, _ = pcs
    one.enrol()
    server.clock.tick(-600_000)
    one.sync_well()
    assert skews(server) == [600_000]
    one.open_case("c1")
    path = sticks.out(one, tmp_path / "stick")
    server.clock.tick(4 * DAY_MS)
    assert sticks.back(one, sticks.answer(server, path)).receipt.sent_ops
    assert skews(server) == [600_000]
    clock.tick(4 * DAY_MS - 600_000)
    one.sync_well()
    assert skews(server) == [0]


def skews(server: Server) -> list[int]:
    with server.db.reading(EVERYTHING) as con:
        return list(con.execute(select(t.device.c.skew_ms)).scalars())
