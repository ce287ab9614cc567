"""What a receipt says went: new to the server, there already, and said to other stations; and how long it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Subject, opened
from jobdesk.services.moving import answering, asking
from jobdesk.services.station_facts import change_station, load_station_facts
from jobdesk.services.syncing import receipts
from jobdesk.store import sync_told
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Writing
from jobdesk.sync.receipts import Receipt, receipt_of
from jobdesk.ui.sync.receipts_state import Clock, row_of, sentence_of, whole
from tests.sync.ground import DAY_MS, PC, Server
from tests.sync.sticks import answer, back, out, trip
from tests.sync.test_transfers import waits

YEAR_MS = 365 * DAY_MS


def went(receipt: Receipt) -> dict[str, str]:
    return {f.name: f.value for f in dict(whole(receipt, Clock(1)).parts)["上传"]}


def test_what_the_server_had_before_a_restore_of_this_pc_did_not_go_anew(pcs: tuple[PC, PC]) -> None:
    """上传 5 条, said the receipt, although the server answered that it had them."""
    one, _ = pcs
    one.enrol().open_case("c1")
    copy = one.copied()
    one.sync_well()
    one.put_back(copy)
    one.open_case("new")
    told = one.sync_well()
    had = told.known_ops
    assert (told.sent_ops, told.sent_actions, told.refilled_ops) == (1, 1, 0) and had == 3
    assert sentence_of(told).startswith("上传 1 条 · 服务器已有 3 条")
    assert went(told)["改动"] == "1 条，共 1 次保存"
    assert went(told)["服务器已有"] == "3 条，以前已送达"
    row = row_of("k", 1, told, Clock(1)).cells
    assert (row["sent"].text, row["how"].text) == ("1", "完成，3 条服务器已有")
    assert receipt_of(receipts(one.desk, 1).result()[0][1]).known_ops == 3
    after = one.sync_well()
    assert (after.sent_ops, after.known_ops) == (0, 0)


def test_an_answer_that_was_lost_leaves_what_the_server_has(pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    one.enrol().open_case("c1")
    one.wire.fault = lambda _n: "answer_lost" if one.wire.paths[-1] == "/v1/push" else ""
    assert one.sync().sent_ops == 0
    one.wire.fault = lambda _n: ""
    told = one.sync_well()
    assert (told.sent_ops, told.known_ops) == (0, 3)


def test_a_stick_of_a_restored_pc_says_the_same(server: Server, pcs: tuple[PC, PC], tmp_path: Path) -> None:
    one, _ = pcs
    one.enrol().open_case("c1")
    copy = one.copied()
    trip(one, server, tmp_path / "stick")
    one.put_back(copy)
    brought = trip(one, server, tmp_path / "stick")
    assert (brought.receipt.sent_ops, brought.receipt.known_ops) == (0, 3)
    assert not brought.nothing_new


@pytest.fixture
def ab(pcs: tuple[PC, PC]) -> tuple[PC, PC]:
    """A station each."""
    here, there = pcs
    here.enrol("a").open_case("c1", "王小梅")
    here.sync_well()
    there.enrol("b").sync_well()
    return here, there


def test_a_word_to_another_station_went(ab: tuple[PC, PC]) -> None:
    """A request went, and its receipt said that there was nothing new."""
    here, there = ab
    here.wire.fault = lambda _n: "lost"
    asking.ask_out(here.desk, "c1", "b", "已搬走").result()
    waited = here.sync()
    assert (waited.sent_words, waited.waiting, waited.waiting_words) == (0, 0, 1)
    assert sentence_of(waited) == "没有连上服务器 · 还有 1 条等着"
    assert "转入转出 1 件未送达" in {f.name for f in dict(whole(waited, Clock(1)).parts)["还等着"]}
    here.wire.fault = lambda _n: ""
    told = here.sync_well()
    assert (told.sent_words, told.sent_ops, told.waiting_words) == (1, 0, 0)
    assert sentence_of(told).startswith("转入转出 1 件")
    assert went(told)["转入转出"] == "1 件请求或答复"
    row = row_of("k", 1, told, Clock(1)).cells
    assert (row["sent"].text, row["how"].text) == ("1", "完成")
    assert here.sync_well().sent_words == 0
    there.sync_well()
    (asked,) = waits(there, "transfer_request")
    answering.refuse(there.desk, asked.id, "仍住在甲站辖区").result()
    assert there.sync_well().sent_words == 1


def test_a_word_of_another_station_came(ab: tuple[PC, PC]) -> None:
    """收到 said — of an exchange that brought a request, though 上传 counts one that went."""
    here, there = ab
    asking.ask_out(here.desk, "c1", "b", "已搬走").result()
    here.sync_well()
    told = there.sync_well()
    row = row_of("k", 1, told, Clock(1)).cells
    assert (told.came_ops, row["came"].text, row["how"].text) == (0, "1", "完成")
    (asked,) = waits(there, "transfer_request")
    answering.refuse(there.desk, asked.id, "仍住在甲站辖区").result()
    there.sync_well()
    assert row_of("k", 1, here.sync_well(), Clock(1)).cells["came"].text == "1"


def test_a_word_goes_by_stick_as_well(ab: tuple[PC, PC], server: Server, tmp_path: Path) -> None:
    here, _ = ab
    asking.ask_out(here.desk, "c1", "b", "已搬走").result()
    brought = back(here, answer(server, out(here, tmp_path / "stick")))
    assert brought.receipt.sent_words == 1 and not brought.nothing_new


def test_a_word_said_again_to_a_restored_server_is_no_new_one(ab: tuple[PC, PC], server: Server) -> None:
    here, _ = ab
    copy = server.copy("before.db")
    asking.ask_out(here.desk, "c1", "b", "已搬走").result()
    assert here.sync_well().sent_words == 1
    server.restore(copy, epoch=True)
    assert here.sync_well().sent_words == 0


# ---------------------------------------------------------------------- a year


def count(pc: PC) -> int:
    return len(receipts(pc.desk, 1000).result())


def test_a_clock_years_ahead_keeps_the_receipts_of_this_year(
    server: Server, pcs: tuple[PC, PC], clock: FixedClock
) -> None:
    one, _ = pcs
    server.clock = FixedClock(clock.now_ms())
    server._open()
    one.enrol().sync_well()
    one.sync_well()
    for years in (9, -18):  # ahead, then behind
        clock.tick(years * YEAR_MS)
        one.sync_well()
    assert count(one) == 4
    clock.tick(9 * YEAR_MS + 200 * DAY_MS)
    server.clock.tick(200 * DAY_MS)
    one.sync_well()
    assert count(one) == 5
    server.clock.tick(200 * DAY_MS)
    one.sync_well()  # its own clock stands: the year is over by the server's
    assert count(one) == 2


def test_who_hears_no_server_forgets_nothing_of_a_year(
    pcs: tuple[PC, PC], clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = pcs
    one.enrol().sync_well()
    one.wire.fault = lambda _n: "lost"
    clock.tick(9 * YEAR_MS)
    for _ in range(3):
        one.sync()
    assert count(one) == 4
    monkeypatch.setattr(sync_told, "MOST_RECEIPTS", 3)
    one.sync()
    assert count(one) == 3


def test_what_was_kept_between_two_words_of_the_server_goes_with_the_later(pcs: tuple[PC, PC]) -> None:
    one, _ = pcs

    def job(w: Writing) -> list[int]:
        for at, years in enumerate((0, 1, 0, 2, 0, 3), 1):
            server_ms = years * YEAR_MS + DAY_MS * (years > 2)
            sync_told.put_receipt(w.con, at, {"server_ms": server_ms})
        return kept(w.con)

    def kept(con: Connection) -> list[int]:
        return [at for at, _ in sync_told.receipts(con)]

    assert one.station.file.write(job).result() == [6, 5, 4, 3]


def test_files_of_people_and_households_are_counted_and_nothing_else(pcs: tuple[PC, PC]) -> None:
    """收到 101 条（40 份档案）, said a new PC of a station of 37 people: its record and two imports were among them."""
    one, two = pcs
    for name in ("c1", "c2"):
        one.open_case(name)
    house = Subject("household", "h1")
    one.desk.act([opened(house, "household", "h1", {"head_name": "赵某"})]).result()
    one.enrol().sync_well()
    told = two.enrol().sync_well()
    assert (told.came_cases, told.came_households) == (2, 1) and told.came_subjects > 3
    assert "（2 份档案、1 户家庭）" in sentence_of(told)
    change_station(two.desk, load_station_facts(two.desk).result().loaded, "另一个名称", None, "").result()
    two.sync_well()
    told = one.sync_well()
    assert told.came_ops and "档案" not in sentence_of(told)
    assert receipt_of(receipts(two.desk, 9).result()[-1][1]).came_cases == 2
