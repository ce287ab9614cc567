"""A PC whose operations the server keeps no more of (M-3.4): nothing of it is lost, others' work comes, it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.services.syncing import Pill, sync_now
from province import quarantine
from province.bounding import Bound
from tests.sync.ground import PC, Server, same
from tests.sync.sticks import answer, back, out, trip


def test_a_newer_pc_waits_for_the_servers_upgrade_and_loses_nothing(
    server: Server, both: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = both
    server.province.bound = Bound(2)
    with monkeypatch.context() as older:
        older.setattr("province.reading.SCHEMA", 0)
        one.serve("c1", "第一次")
        one.serve("c1", "第二次")
        receipt = one.sync_well()
        assert [reason for _, reason in receipt.apart] == ["newer_schema"] * 2
        one.serve("c1", "第三次")
    two.serve("c1", "同事的")
    two.sync_well()
    with monkeypatch.context() as older:
        older.setattr("province.reading.SCHEMA", 0)
        told = one.sync()
        assert (told.error, told.waiting, told.apart) == ("sync_kept_apart", 1, [])
        now = sync_now(one.desk).result()
        assert now.pill is Pill.PERSON and now.waiting == 1
        known = repr(one.case("c1").records)
        assert "同事的" in known and "第三次" in known
    outcome = quarantine.ask_again(server.db, server.province.me().person_secret, server.clock.now_ms())
    assert outcome == {"accepted": 2}
    one.clock.tick(61_000)
    one.sync_well()
    two.sync_well()
    one.sync_well()
    same(server, one, two)
    assert sync_now(one.desk).result().error == ""


def test_so_it_is_by_a_stick(
    server: Server, both: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one, two = both
    server.province.bound = Bound(1)
    with monkeypatch.context() as older:
        older.setattr("province.reading.SCHEMA", 0)
        one.serve("c1", "第一次")
        one.sync_well()
    two.serve("c1", "同事的")
    two.sync_well()
    with monkeypatch.context() as older:
        older.setattr("province.reading.SCHEMA", 0)
        one.serve("c1", "第二次")
        told = back(one, answer(server, out(one, tmp_path / "u"))).receipt
        assert (told.error, told.waiting) == ("sync_kept_apart", 1)
        assert "同事的" in repr(one.case("c1").records)
    quarantine.ask_again(server.db, server.province.me().person_secret, server.clock.now_ms())
    one.clock.tick(61_000)
    trip(one, server, tmp_path / "u")
    trip(two, server, tmp_path / "u")
    trip(one, server, tmp_path / "u")
    same(server, one, two)
