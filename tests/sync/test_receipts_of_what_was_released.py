"""A receipt tells what is kept apart when its exchange ends: a server repeats what it said of a save (M-4.3), also
when a person has listed that since.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from jobdesk.cases.codec import GENESIS
from jobdesk.cases.ops import Subject, fields_set
from jobdesk.services.syncing import receipts, sync_now
from jobdesk.store import sync_state, sync_told
from jobdesk.store.manifest import BackupInfo
from jobdesk.store.safekeeping import back_up
from jobdesk.store.station_file import Writing
from jobdesk.sync.receipts import Receipt, receipt_of
from jobdesk.ui.sync.receipts_state import Clock, row_of, sentence_of
from province import quarantine
from province.db import tables as t
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server, same
from tests.sync.sticks import trip
from tests.sync.test_what_a_restore_takes_over import restored


@pytest.fixture
def older(pcs: tuple[PC, PC]) -> BackupInfo:
    """A backup of the first PC before anything of it was refused."""
    one, _ = pcs
    one.enrol().open_case("c1")
    one.sync_well()
    return back_up(one.station, "manual").result()


@pytest.fixture
def action(server: Server, pcs: tuple[PC, PC], older: BackupInfo, monkeypatch: pytest.MonkeyPatch) -> str:
    """What it wrote then, and the server keeps apart."""
    one, _ = pcs
    with monkeypatch.context() as before:
        before.setattr("province.reading.SCHEMA", 0)
        one.serve("c1", "先前未被接收")
        receipt = one.sync_well()
    assert said(receipt) == ("完成，1 次保存未被接收", "1 次未被接收")
    ((action, _reason),) = receipt.apart
    return action


def release(server: Server, action: str) -> None:
    secret = server.province.me().person_secret
    assert quarantine.release(server.db, action, secret, server.clock.now_ms()) is None


def said(receipt: Receipt) -> tuple[str, str]:
    cells = row_of("k", 1, receipt, Clock(1)).cells
    return cells["how"].text, cells["agreed"].text


def all_well(pc: PC, receipt: Receipt) -> None:
    assert not pc.station.file.read(sync_told.apart).result()
    assert (receipt.apart, receipt.stands_apart) == ([], 0)
    assert said(receipt)[1] == "内容一致" and "未被接收" not in said(receipt)[0] + sentence_of(receipt)
    assert receipt_of(receipts(pc.desk, 1).result()[0][1]).apart == []
    assert sync_now(pc.desk).result().counts.stands_apart == 0


@pytest.mark.parametrize("known", [True, False])
def test_a_restored_pc_is_told_of_no_refusal_that_is_over(
    server: Server, pcs: tuple[PC, PC], older: BackupInfo, action: str, known: bool
) -> None:
    """完成，1 次保存未被接收 stood among the receipts for a year, over an empty 未被接收 and a record in its place.

    Args:
        known: the file that was replaced had heard of the release.
    """
    one, two = pcs
    release(server, action)
    if known:
        one.sync_well()
    restored(one, older)
    one.serve("c1", "恢复以后写的")
    all_well(one, one.sync_well())
    assert "先前未被接收" in repr(one.case("c1").records)
    two.enrol().sync_well()
    one.sync_well()
    same(server, one, two)


def test_so_it_is_by_a_stick(
    server: Server, pcs: tuple[PC, PC], older: BackupInfo, action: str, tmp_path: Path
) -> None:
    one, _ = pcs
    restored(one, older)
    release(server, action)
    all_well(one, trip(one, server, tmp_path / "u").receipt)


def test_what_is_listed_with_others_alone_is_told_by_the_notice(
    server: Server, pcs: tuple[PC, PC], older: BackupInfo
) -> None:
    """The line itself never comes here."""
    one, two = pcs
    two.enrol("b").open_case("far")
    two.sync_well()
    far = Subject("case", "far")
    one.desk.act([fields_set(far, "case", "far", {"phone": "19900000001"}, {})]).result()
    ((action, reason),) = one.sync_well().apart
    assert reason == "out_of_scope"
    release(server, action)
    restored(one, older)
    all_well(one, one.sync_well())


def test_what_is_asked_about_once_more_and_stands_in_the_stream_is_not_apart(
    server: Server, pcs: tuple[PC, PC], older: BackupInfo, action: str
) -> None:
    """Behind a loss of the server all is sent again; nothing tells of what was listed long before."""
    one, _ = pcs
    release(server, action)
    one.sync_well()

    def again(w: object) -> None:
        for mark in sync_state.own_marks(w.con):  # type: ignore[attr-defined]
            sync_state.put_mark(w.con, replace(mark, acked=0, hash=GENESIS))  # type: ignore[attr-defined]

    one.station.file.write(again).result()
    with server.db.writing(EVERYTHING) as con:
        con.execute(delete(t.notice))  # they are told for weeks, no longer
    all_well(one, one.sync_well())


def test_what_waits_still_is_told_as_before(
    server: Server, pcs: tuple[PC, PC], older: BackupInfo, action: str
) -> None:
    one, _ = pcs
    restored(one, older)
    told = one.sync_well()
    assert told.apart == [(action, "newer_schema")]
    assert said(told) == ("完成，1 次保存未被接收", "1 次未被接收")
    assert [a.action for a in one.station.file.read(sync_told.apart).result()] == [action]


@pytest.mark.parametrize(
    "left", ["gone = 1", "loading = '{}'", "seq = head - 1", "agreed_ms = 0"], ids=lambda s: s.split()[0]
)
def test_what_a_stream_lists_that_nobody_compared_says_nothing(
    pcs: tuple[PC, PC], action: str, left: str
) -> None:
    """Found by sim (410000063): a stream had left the scope, and the server that kept the action apart had been
    taken back to before it listed it. The PC told nobody any more.
    """
    one, _ = pcs

    def listed(w: Writing) -> list[str]:
        w.con.execute(
            "INSERT INTO stream_op(stream, seq, op_id) SELECT s.num, s.seq + o.position, o.op_id "
            "FROM stream_state s, op o WHERE o.action_id = ?",
            (action,),
        )
        w.con.execute(f"UPDATE stream_state SET {left}")
        sync_told.listed_by_now(w.con)
        return [a.action for a in sync_told.apart(w.con)]

    assert one.station.file.write(listed).result() == [action]
