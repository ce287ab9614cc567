"""The station of the pictures of 同步: enrolled somewhere, with receipts, and things that wait for somebody.

Nobody is asked for any of it: what a server would have told is written into the file as told.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jobdesk.cases.clock import FixedClock, local_date
from jobdesk.cases.ids import seeded_ids
from jobdesk.cases.ops import Subject, opened
from jobdesk.host.paths import StationPaths
from jobdesk.protocol.carried_names import out_name
from jobdesk.store import sync_carried, sync_facts, sync_moves, sync_state, sync_told
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_carried import OUT, READ, CarriedFile
from jobdesk.store.sync_moves import Ask, KnownStation
from jobdesk.sync.receipts import Receipt, StreamLine

STATION = "南岭街道综合服务中心"
MINUTE = 60 * 1000
DAY = 24 * 60 * MINUTE


def make_linked(data: Path, clock: FixedClock) -> None:
    """The station file of the pictures, closed again."""
    paths = StationPaths(data)
    paths.data.mkdir()
    values = {"name": STATION, "code": "229901001", "region": "示例市示例区南岭街道"}
    ids = seeded_ids(11, clock)
    new = NewStation(values, "于晓梅")
    station, _key, staff = create_station(paths, new, clock, ids, key_file=data.parent / "linked.key")
    file = station.file

    def people(w: Writing) -> list[str]:
        cases: list[str] = []
        for name in ("查文斌", "解春梅", "单秀英", "曾庆海"):
            case = w.new_id()
            w.append(
                staff, [opened(Subject("case", case), "case", case, {"name": name, "help_state": "open"})]
            )
            cases.append(case)
        return cases

    cases = file.write(people).result()
    file.write(_told).result()
    file.write(lambda w: _moves(w, staff, cases)).result()
    station.close()


def _told(w: Writing) -> None:
    """What a server said until 08:52."""
    con, now = w.con, w.clock.now_ms() - 13 * MINUTE
    facts: dict[sync_facts.Key, str | int] = {
        "server": "https://sync.example.cn", "device": "01a1cd30-5400-7a3e-9c11-2f0c9d7b6e51", "role": "desk",
        "station": "a", "valid_until_ms": now + 170 * DAY, "last_good_ms": now, "last_try_ms": now,
    }  # fmt: skip
    for key, value in facts.items():
        sync_facts.put(con, key, value)
    sync_state.know_stream(con, "a", STATION, "229901001")
    sync_state.own_all_lives(con)
    own = sync_state.own_marks(con)[-1]
    last = sync_state.last_seq(con, own.replica)
    sync_state.put_mark(con, sync_state.Mark(own.replica, last - 3, own.hash, 0, True))
    newest = con.execute("SELECT DISTINCT action_id FROM op ORDER BY position DESC LIMIT 2").fetchall()
    for (action,), reason in zip(newest, ("newer_schema", "out_of_scope"), strict=False):
        sync_told.put_apart(con, action, own.replica, reason, now - DAY)
    message = "县就业局：本周五前请把各站的零就业家庭再核对一遍。"
    sync_told.put_notice(con, sync_told.Notice("m", "message", (), message, now - DAY, 0))
    _carried(con, now)
    for number in range(24):
        sync_told.put_receipt(con, at := now - (23 - number) * 200 * MINUTE, _receipt(number, at).body())


def _moves(w: Writing, staff: str, cases: list[str]) -> None:
    """Another station offers somebody, asks for somebody, has a file of the same person; one request of ours."""
    con, now = w.con, w.clock.now_ms()
    stations = [("b", "柳河街道综合服务中心"), ("c", "锦程街道综合服务中心"), ("d", "平阳镇就业服务站")]
    sync_moves.put_stations(con, [KnownStation(s, name, "示例市示例区") for s, name in stations])
    offered = {"subject": "x1", "name": "尉迟*", "id_number": "229901********0018", "birth": "1972",
               "opened_on": "2025-03-11", "help_state": "open"}  # fmt: skip
    twin = {"subject": "x2", "name": "曾**", "id_number": "229901********131X", "birth": "1975",
            "opened_on": "2026-02-09", "help_state": "open", "same": ["name", "birth", "sex"]}  # fmt: skip
    told = (
        ("o", "transfer_request", ("x1",), "已随子女搬到贵街道居住", "b", {"target": "a", "facts": [offered]}),
        ("w", "transfer_request", (cases[0],), "户籍已迁来我街道", "c", {"target": "c", "facts": []}),
        ("d", "duplicate", (cases[3], "x2"), "", "d", {"facts": [twin]}),
    )  # fmt: skip
    for key, kind, subjects, said, sender, more in told:
        notice = sync_told.Notice(key, kind, subjects, said, now - DAY, 0, sender=sender, more=more)
        sync_told.put_notice(con, notice)
    body = {"subject": cases[1], "more": [], "to": "b", "text": "已在柳河街道租房居住", "facts": []}
    sync_moves.put_ask(con, Ask("k", "request", staff, body, now - 2 * DAY, epoch="e"))


def _carried(con: Connection, now: int) -> None:
    """Three files: read, overtaken by a line, and one on its way."""
    for number, days, state in ((1, 21, READ), (2, 9, OUT), (3, 0, OUT)):
        made = now - days * DAY + (2 * MINUTE if not days else 0)
        name = out_name(STATION, local_date(made).strftime("%Y%m%d"), number, "51f2a6e51")
        sync_carried.put(con, CarriedFile(
            f"{number:032x}", number, name, made, 48_000, (46, 12, 3)[number - 1], number == 1, state=state,
            read_ms=made + 2 * DAY if state == READ else 0, came=31 if state == READ else 0,
        ))  # fmt: skip


def _receipt(number: int, ended: int) -> Receipt:
    seq = 1840 + 7 * number
    receipt = Receipt(
        ended - 1400 - 90 * number, ended, sent_ops=number * 5 % 9, sent_actions=number * 5 % 9 // 2 + 1,
        came_ops=number * 7 % 13, came_cases=number * 7 % 13 // 3 + 1, bytes_sent=900 + 700 * number,
        bytes_received=2100 + 900 * number, streams=[StreamLine("a", STATION, seq, seq, True)],
    )  # fmt: skip
    if number % 6 == 2:
        receipt.error, receipt.waiting, receipt.sent_ops, receipt.came_ops = "no_line", 4, 0, 0
        receipt.streams = []
    if number in (21, 23):  # this PC was restored; a request to another station went
        receipt.sent_words, receipt.known_ops = (1, 0) if number == 23 else (0, 6)
    if number == 19:
        receipt.apart = [("x", "out_of_scope")]
    return receipt


def _enrol(stage: Any) -> None:
    form = stage.go("sync").panel("overview").form
    form.server.set_value("https://sync.example.cn")
    form.code.set_value("7KQM-2XHD-9RTB")
    form.enrol()


def _moves_tab(name: str) -> Callable[[Any], object]:
    return lambda stage: stage.go("moves", part=name)


def _ask_in(stage: Any) -> None:
    """The question, with what somebody types into it."""
    from jobdesk.ui.casefile.move_ask import MoveInAsk

    screen = stage.go("moves", part="in")
    screen.ask_in()
    stage.settle()
    ask = stage.window.findChild(MoveInAsk)
    ask.number.set_value("229901198001010077")
    ask.reason.set_value("已搬来本街道居住")


def _tab(name: str) -> Callable[[Any], object]:
    return lambda stage: stage.go("sync", part=name)


SYNC_SCENES: dict[str, Callable[[Any], object]] = {
    "sync": _tab("overview"), "sync-receipts": _tab("receipts"), "sync-apart": _tab("apart"),
    "sync-notices": _tab("notices"), "sync-usb": _tab("usb"), "moves": _moves_tab("in"),
    "moves-out": _moves_tab("out"), "moves-twins": _moves_tab("twins"), "moves-ask": _ask_in,
}  # fmt: skip
SYNC_EMPTY_SCENES: dict[str, Callable[[Any], object]] = {"sync-enrol": _enrol}
