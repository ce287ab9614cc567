"""Stations are added under a desk above until it has more than a pull can name: its exchanges go on (M-5.5)."""

from __future__ import annotations

import logging
import time
from random import Random

import pytest
from sqlalchemy import select

from jobdesk.services.syncing import sync_now
from jobdesk.store import sync_facts
from jobdesk.sync import pulling, running
from jobdesk.sync.receipts import Receipt
from jobdesk.sync.running import Running
from province import enrolling, orgs, scope
from province.cli import showing
from province.db import tables as t
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server

MOST = 4


@pytest.fixture
def crowded(server: Server, county: PC, monkeypatch: pytest.MonkeyPatch) -> PC:
    """A county's desk that was let in with two stations; then there were nine."""
    county.enrol("220102", "county").sync_well()
    for module in (scope, pulling, enrolling, showing):
        monkeypatch.setattr(module, "MAX_STREAMS", MOST)
    with server.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org(f"n{i}", f"新站{i}", "station", "220102") for i in range(7)])
    return county


def test_a_desk_above_sees_the_first_and_goes_on(server: Server, crowded: PC) -> None:
    for _ in range(3):
        receipt = crowded.sync()
        assert not receipt.error and receipt.agreed
        assert {s.stream for s in receipt.streams} == {"a", "b", "n0", "n1"}


def test_one_that_was_told_of_more_lets_go(
    server: Server, crowded: PC, pcs: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a server of before: what it stood in no message could name."""
    pcs[0].enrol("n6").sync_well()
    with monkeypatch.context() as older:
        for module in (scope, pulling):
            older.setattr(module, "MAX_STREAMS", 100)
        assert len(crowded.sync().streams) == 9
    assert len(crowded.sync().streams) == MOST
    monkeypatch.setattr(scope, "MAX_STREAMS", 100)  # a server that does not heed the limit
    crowded.sync()
    assert crowded.sync().error == "sync_many_stations"  # and not the same questions for ever


def test_who_adds_stations_is_told_what_a_code_would_refuse(
    server: Server, crowded: PC, capsys: pytest.CaptureFixture[str]
) -> None:
    with server.db.reading(EVERYTHING) as con:
        showing.too_many_stations(con)
        assert "220102" in (said := capsys.readouterr().out) and "9" in said and str(MOST) in said
        device = con.execute(select(t.device.c.id).where(t.device.c.org == "220102")).scalar_one()
    with server.db.writing(EVERYTHING) as con:
        enrolling.revoke(con, device, "lost", 1)
        showing.too_many_stations(con)
    assert capsys.readouterr().out == ""


def test_an_exchange_that_nobody_foresaw_is_told_and_tried_again(
    server: Server, pcs: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its thread ended without a word, and with it every exchange until the program was started anew."""
    one, _ = pcs
    one.enrol().sync_well()
    one.open_case("c1")
    came: list[Receipt] = []
    before, broken = running.synchronise, [True]

    def breaks(setup: object) -> Receipt:
        if broken[0]:
            raise ValueError("张某")
        return before(setup)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(running, "synchronise", breaks)
    runner = Running(
        one.station.file, one.clock, lambda _server: one.wire, time.monotonic, Random(1), done=came.append
    )
    with caplog.at_level(logging.ERROR, "jobdesk"):
        runner.start()
        for _ in range(400):
            if one.station.file.read(lambda con: sync_facts.get(con, "last_error")).result():
                break
            time.sleep(0.02)
    assert sync_now(one.desk).result().error == "sync_failed"
    assert "ValueError" in caplog.records[-1].getMessage() and "张某" not in caplog.records[-1].getMessage()
    broken[0] = False
    runner.now()
    for _ in range(400):
        if came:
            break
        time.sleep(0.02)
    runner.stop()
    assert came[0].sent_ops == 1 and not sync_now(one.desk).result().error
