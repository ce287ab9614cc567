"""What a stick brought says nothing about the line."""

from __future__ import annotations

from pathlib import Path

from jobdesk.services.syncing import Pill, sync_now
from tests.sync import sticks
from tests.sync.ground import PC, Server


def test_an_answer_from_a_stick_does_not_say_that_there_is_a_line(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    """Found by window: 已同步 twenty seconds after a try that found no server."""
    one, _ = pcs
    one.enrol().sync_well()
    one.open_case("c1")
    one.wire.fault = lambda _n: "lost"
    assert one.sync().error == "no_line"
    sticks.trip(one, server, tmp_path / "stick")
    now = sync_now(one.desk).result()
    assert (now.error, now.pill, now.waiting) == ("no_line", Pill.OFFLINE, 0)
    assert now.offline_since_ms == now.last_good_ms > 0
    one.wire.fault = lambda _n: ""
    one.sync_well()
    assert sync_now(one.desk).result().pill is Pill.SAVED


def test_what_a_stick_was_told_about_this_pc_a_stick_takes_back(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    one, _ = pcs
    one.enrol().sync_well()
    one.station.file.write(lambda w: w.con.execute(
        "INSERT OR REPLACE INTO sync_fact(key, value) VALUES ('last_error', 'sync_upgrade')")).result()  # fmt: skip
    sticks.trip(one, server, tmp_path / "stick")
    assert sync_now(one.desk).result().pill is Pill.SAVED
