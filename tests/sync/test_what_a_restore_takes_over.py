"""Receipts, and notices somebody has read, are of this PC alone: a restore takes them from the replaced file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.figures import Figures
from jobdesk.cases.ops import Kind, NewOp, Subject, opened
from jobdesk.services.day_in_use import believe_today, doubt_of
from jobdesk.services.drafting import find_drafts, keep_draft
from jobdesk.services.moving import answering, asking
from jobdesk.services.moving.reading import load_moves
from jobdesk.services.sync_wishes import LineWish, line_wish, wish_for_line
from jobdesk.services.syncing import notice_done, notices, receipts, sync_now
from jobdesk.store import sync_facts, sync_told
from jobdesk.store.cipher import connect
from jobdesk.store.manifest import BackupInfo
from jobdesk.store.renewing import restore_station
from jobdesk.store.safekeeping import back_up
from jobdesk.store.sync_told import Notice
from jobdesk.ui.sync.receipts_state import sentence_of
from tests.sync.ground import DAY_MS, PC, Server
from tests.sync.test_moves import move
from tests.sync.test_transfers import number, waits


def lived_on(pc: PC) -> BackupInfo:
    """A backup, and after it an exchange and a notice that was read."""
    pc.enrol().open_case("c1")
    pc.sync_well()
    tell(pc, "before", "message")
    older = back_up(pc.station, "manual").result()
    pc.clock.tick(1000)
    pc.open_case("c2")
    pc.sync_well()
    pc.clock.tick(1000)
    pc.sync_well()
    tell(pc, "after", "message")
    tell(pc, "asked", "transfer_request")
    for one in ("before", "after", "asked"):
        notice_done(pc.desk, one).result()
    return older


def tell(pc: PC, notice_id: str, kind: str) -> None:
    told = Notice(notice_id, kind, ("c1",), "请看", 1, 0)
    pc.station.file.write(lambda w: sync_told.put_notice(w.con, told)).result()


def restored(pc: PC, backup: BackupInfo) -> None:
    pc.close()
    restore_station(pc.paths, backup, pc.station.key, pc.clock)
    pc.reopen_closed()


def times(pc: PC) -> list[int]:
    return [at for at, _body in receipts(pc.desk, 1000).result()]


def read(pc: PC) -> set[str]:
    return {n.id for n in notices(pc.desk).result() if n.seen_ms}


def replaced(pc: PC) -> Path:
    return max(pc.paths.data.glob("station.replaced-*-restore.jobdesk.db"))


def test_receipts_and_what_was_read_since_the_backup_stay(pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    older = lived_on(one)
    before = times(one)
    restored(one, older)
    assert times(one) == before and len(before) == 3
    assert read(one) == {"before", "after"}
    tell(one, "after", "message")  # as the server says it again
    tell(one, "asked", "transfer_request")  # what it led to is looked up, not taken over
    assert read(one) == {"before", "after"}
    one.sync_well()
    assert times(one)[1:] == before


def test_offline_since_is_told_by_the_receipts_taken_over(pcs: tuple[PC, PC]) -> None:
    """After a restore of a backup three weeks old it was said that there had been no line for three weeks."""
    one, _ = pcs
    one.enrol().sync_well()
    older = back_up(one.station, "manual").result()
    one.clock.tick(21 * DAY_MS)
    one.sync_well()
    good = sync_now(one.desk).result().last_good_ms
    one.clock.tick(1000)
    one.wire.fault = lambda _n: "lost"
    assert one.sync().error == "no_line"
    restored(one, older)
    now = sync_now(one.desk).result()
    assert now.last_good_ms == good
    assert one.sync().error == "no_line"
    assert sync_now(one.desk).result().offline_since_ms == good


def test_what_is_apart_and_was_looked_at_stays_looked_at(pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    one.enrol().open_case("c1")
    older = back_up(one.station, "manual").result()
    one.open_case("c2")
    (action,) = one.station.file.read(
        lambda con: con.execute("SELECT action_id FROM op WHERE subject_id = 'c2'").fetchone()
    ).result()

    def put(w: object) -> None:
        for name in (action, "unknown"):
            sync_told.put_apart(w.con, name, "r", "clock", 1)  # type: ignore[attr-defined]
            sync_told.mark_seen(w.con, name, 7)  # type: ignore[attr-defined]

    one.station.file.write(put).result()
    restored(one, older)
    assert [(a.action, a.seen_ms) for a in one.station.file.read(sync_told.apart).result()] == [(action, 7)]


def test_once_more_restored_before_the_first_was_taken_up(pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    older = lived_on(one)
    before = times(one)
    one.close()
    for _n in range(2):
        restore_station(one.paths, older, one.station.key, one.clock)
    one.reopen_closed()
    assert times(one) == before and read(one) == {"before", "after"}


def test_an_earlier_restore_is_not_asked_again(pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    older = lived_on(one)
    restored(one, older)
    before = times(one)
    replaced(one).write_bytes(b"\0" * 9000)
    restored(one, older)
    assert times(one) == before


def test_the_log_of_a_killed_process_is_read_and_stays(pcs: tuple[PC, PC], tmp_path: Path) -> None:
    one, _ = pcs
    older = lived_on(one)
    before = times(one)
    crashed = tmp_path / "crashed"
    shutil.copytree(one.paths.data, crashed)
    log = crashed / (one.paths.station.name + "-wal")
    assert log.stat().st_size > 0
    one.close()
    for end in ("", "-wal"):
        shutil.copy(crashed / f"{one.paths.station.name}{end}", f"{one.paths.station}{end}")
    restore_station(one.paths, older, one.station.key, one.clock)
    one.reopen_closed()
    assert times(one) == before
    kept = replaced(one)
    assert kept.with_name(kept.name + "-wal").read_bytes() == log.read_bytes()
    assert not kept.with_name(kept.name + "-shm").exists()


@pytest.mark.parametrize("damage", ["zeros", "short", "a page", "gone", "tables"])
def test_a_damaged_file_hinders_no_restore(pcs: tuple[PC, PC], damage: str) -> None:
    one, _ = pcs
    older = lived_on(one)
    one.close()
    live = one.paths.station
    if damage == "tables":
        con = connect(live, one.station.key)
        con.execute("DROP TABLE receipt")
        con.close()
    whole = live.read_bytes()
    spoilt = {"zeros": b"\0" * len(whole), "short": whole[:100], "gone": b"", "tables": whole}.get(damage)
    if spoilt is None:
        spoilt = whole[:4096] + b"\xff" * (len(whole) - 4096)
    live.write_bytes(spoilt)
    restore_station(one.paths, older, one.station.key, one.clock)
    kept = replaced(one)
    if damage == "gone":
        kept.unlink()
    one.reopen_closed()
    assert len(times(one)) >= 1 and one.case("c2").exists
    assert damage == "gone" or kept.read_bytes() == spoilt
    one.sync_well()


def test_an_import_that_another_pc_is_in_the_middle_of_is_not_taken_back(pcs: tuple[PC, PC]) -> None:
    """A restore at one PC of the station made an end of the work at the other."""
    one, two = pcs
    older = [back_up(pc.enrol().station, "manual").result() for pc in (one, two)]
    subject = Subject("import", one.desk.new_id())
    one.desk.act([opened(subject, "import", subject.id, {"state": "applying", "file": "台账.xlsx"})]).result()
    for pc in (one, two):
        pc.sync_well()

    def taken_back(pc: PC, backup: BackupInfo) -> list[str]:
        restored(pc, backup)
        rows = pc.station.file.read(lambda con: con.execute("SELECT import_id FROM import_plan").fetchall())
        return [row[0] for row in rows.result()]

    assert taken_back(two, older[1]) == []
    assert taken_back(one, older[0]) == [subject.id]


def test_what_the_other_station_had_wanted_stays_beside_its_refusal(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    here, there = pcs[0].enrol("a"), pcs[1].enrol("b")
    here.open_case("c1")
    here.sync_well()
    older = back_up(here.station, "manual").result()
    there.sync_well()
    here.set("c1", id_number=number(1))
    here.sync_well()
    asking.ask_in(there.desk, number(1), "已在我街道租房").result()
    there.sync_well()
    here.sync_well()
    answering.refuse(here.desk, waits(here)[0].id, "没有搬走").result()
    for pc in (here, here):
        pc.sync_well()
    assert [a.asked.text for a in load_moves(here.desk).result().refused if a.asked] == ["已在我街道租房"]
    restored(here, older)
    here.sync_well()
    (answer,) = load_moves(here.desk).result().refused
    assert answer.ours and answer.asked is not None and answer.asked.text == "已在我街道租房"
    assert not load_moves(here.desk).result().wanted


def test_what_was_being_typed_since_the_backup_stays(pcs: tuple[PC, PC]) -> None:
    """A half-filled form and a number had been kept as drafts, and stood in the replaced file only."""
    one, _ = pcs
    one.enrol().open_case("c1")
    one.open_case("gone")
    keep_draft(one.desk, "case/c1/phone", {"value": "1"}).result()
    older = back_up(one.station, "manual").result()
    one.clock.tick(1000)
    keep_draft(one.desk, "case/c1/phone", {"value": "19900000001"}).result()
    keep_draft(one.desk, "service/c1", {"content": "电话"}).result()
    keep_draft(one.desk, "service/gone", {"content": "电话"}).result()
    one.desk.act([NewOp(Kind.ERASED, Subject("case", "gone"), {"reason": "request"})]).result()
    restored(one, older)
    found = {d.key: d.body for d in find_drafts(one.desk).result()}
    assert found == {"case/c1/phone": {"value": "19900000001"}, "service/c1": {"content": "电话"}}


def test_who_moved_away_is_told_to_the_screens_though_nothing_comes(pcs: tuple[PC, PC]) -> None:
    """The journal had brought the move, the exchange only noted it: 今日 kept the person until a restart."""
    one, two = pcs
    one.enrol().open_case("c1")
    one.sync_well()
    two.enrol().sync_well()
    older = back_up(one.station, "manual").result()
    move(two, "c1", "b")
    two.sync_well()
    assert "c1" in one.sync_well().touched
    restored(one, older)
    receipt = one.sync_well()
    assert receipt.touched == {"c1"} and receipt.came_ops == 0
    assert one.sync_well().touched == set()


def test_files_are_counted_of_what_came_and_not_of_what_was_here(pcs: tuple[PC, PC]) -> None:
    """改动 1 条，涉及 5 份档案、1 户家庭: the journal had brought the others, the exchange only wrote them anew."""
    one, two = pcs
    house = Subject("household", "h1")
    one.desk.act([opened(house, "household", "h1", {"head_name": "赵某"})]).result()
    one.enrol().open_case("c1")
    one.open_case("erased")
    older = back_up(one.station, "manual").result()
    one.clock.tick(1000)
    erased = [NewOp(Kind.ERASED, who, {"reason": "request"}) for who in (Subject("case", "erased"), house)]
    one.desk.act(erased).result()
    one.sync_well()
    two.enrol().sync_well()
    one.sync_well()
    two.serve("c1", "电话")
    two.sync_well()
    restored(one, older)
    told = one.sync_well()
    assert told.touched == {"c1", "erased", "h1"}
    assert (told.came_ops, told.came_subjects, told.came_cases, told.came_households) == (1, 1, 1, 0)
    assert "收到 1 条（1 份档案）" in sentence_of(told)


def test_the_last_exchange_of_a_wrong_clock_is_told_by_the_servers(
    pcs: tuple[PC, PC], server: Server
) -> None:
    """Found by window: 上次同步：12月4日 on 23 November, after a restore for good."""
    one, _ = pcs
    one.enrol().sync_well()
    older = back_up(one.station, "manual").result()
    right = FixedClock(one.clock.ms)
    server.clock = right
    server._open()  # pyright: ignore[reportPrivateUsage]
    one.clock.tick(12 * DAY_MS)
    one.sync_well()
    one.clock.ms = right.ms
    assert sync_now(one.desk).result().last_good_ms == right.ms
    restored(one, older)
    right.tick(DAY_MS)
    one.clock.tick(DAY_MS)
    assert sync_now(one.desk).result().last_good_ms == right.ms - DAY_MS
    one.sync_well()
    assert sync_now(one.desk).result().last_good_ms == right.ms
    assert not one.station.file.read(lambda con: sync_facts.get(con, "good_before_ms")).result()


@pytest.mark.parametrize(("before", "after"), [("system", "always"), ("always", "system"), ("go", "always")])
def test_what_was_said_of_the_line_stays(pcs: tuple[PC, PC], before: LineWish, after: LineWish) -> None:
    """A line that is paid by volume was used freely again after a restore."""
    one, _ = pcs
    one.enrol().sync_well()
    wish_for_line(one.desk, before).result()
    older = back_up(one.station, "manual").result()
    wish_for_line(one.desk, after).result()
    restored(one, older)
    assert line_wish(one.desk).result() == after


def test_a_doubt_about_the_day_that_was_settled_stays_settled(pcs: tuple[PC, PC]) -> None:
    """A day was believed and kept under a fast clock, put right, and asked about anew after a restore."""
    one, _ = pcs

    def doubt() -> object:
        return one.station.file.read(lambda con: doubt_of(con, one.desk, Figures({}))).result()

    one.clock.tick(12 * DAY_MS)
    one.open_case("c1")
    believe_today(one.desk).result()
    older = back_up(one.station, "manual").result()
    one.clock.tick(-12 * DAY_MS)
    assert doubt() is not None
    believe_today(one.desk).result()
    assert doubt() is None
    restored(one, older)
    assert doubt() is None
