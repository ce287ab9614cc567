"""What one machine may leave apart has an end (M-3.4), told as ``busy``; nothing of others waits for it."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import func, select

from jobdesk.cases.codec import encode
from jobdesk.protocol.bodies import write_lines
from jobdesk.protocol.codes import Verdict
from jobdesk.protocol.messages import PushHead
from province import bounding, quarantine, viewing
from province.bounding import Bound
from province.config import Config
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.refusing import Refused
from province.web.app import make_app
from province.web.gauges import Gauges
from tests.province.ground import NOW, DeskHere
from tests.province.http import Http
from tests.province.test_web import Device, Server


def kept(db: Database) -> int:
    with db.reading(EVERYTHING) as con:
        return int(con.execute(select(func.count()).select_from(t.quarantine)).scalar_one())


def test_a_stolen_machine_fills_no_disk(db: Database) -> None:
    bound = Bound(5)
    thief, desk = DeskHere(db, "a", "r1", bound=bound), DeskHere(db, "a", "r2", bound=bound)
    for n in range(6):
        thief.act(f"x{n}")
    thief.push(revoked=True)  # one push may go over it
    assert kept(db) == 6 and thief.acked.seq == 6
    thief.act("more")
    for _ in range(2):
        with pytest.raises(Refused, match="busy") as told:
            thief.push(revoked=True)
        assert (told.value.detail, told.value.retry_after_s) == ("kept_apart", 3600)
    assert kept(db) == 6
    desk.act("case-1")
    assert [v.verdict for v in desk.push().verdicts] == [Verdict.ACCEPTED]
    with db.writing(EVERYTHING) as con:
        assert quarantine.discard_of(con, "dev-r1", NOW) == 6
    thief.bound = Bound(5)  # another process, or a minute later
    thief.push(revoked=True)
    assert kept(db) == 7 and thief.acked.seq == 7


def test_what_came_before_and_what_is_listed_asks_nothing_of_the_bound(db: Database) -> None:
    desk = DeskHere(db, "a", "r1", bound=Bound(1))
    desk.push([b"no operation"])
    lines = [encode(op) for op in DeskHere(db, "a", "r3").act("case-9")]
    with pytest.raises(Refused):
        desk.push(lines)  # of another replica: foreign
    desk = DeskHere(db, "a", "r2", bound=Bound(1))
    desk.act("case-1")
    desk.push(revoked=True)
    desk.act("case-2")
    assert [v.verdict for v in desk.push().verdicts] == [Verdict.ACCEPTED]
    desk.acked = type(desk.acked)()
    assert [v.verdict for v in desk.push().verdicts] == [Verdict.QUARANTINED, Verdict.ALREADY]


def test_a_long_line_counts_as_several(db: Database) -> None:
    desk = DeskHere(db, "a", "r1")
    desk.act("case-1", text="字" * 6000)
    desk.push(revoked=True)
    with db.reading(EVERYTHING) as con:
        assert bounding.full(con, 5) == {"dev-r1"} and bounding.full(con, 6) == set()
        assert bounding.full(con, 5, ["other"]) == set() and bounding.waiting(con) == 1


def test_short_lines_count_one_each(db: Database) -> None:
    """A part of an operation each, and a machine stood at the bound before it had left so many."""
    desk = DeskHere(db, "a", "r1")
    for n in range(30):
        desk.act(f"x{n}", text="字" * 300)
    desk.push(revoked=True)
    with db.reading(EVERYTHING) as con:
        assert bounding.full(con, 30) == {"dev-r1"} and bounding.full(con, 31) == set()


@pytest.mark.parametrize(("length", "count"), [(4095, 1), (4096, 1), (4097, 2), (8192, 2), (8193, 3)])
def test_a_line_over_4_kib_counts_as_so_many(db: Database, length: int, count: int) -> None:
    DeskHere(db, "a", "r1").push([b"x" * length])
    with db.reading(EVERYTHING) as con:
        assert bounding.full(con, count) == {"dev-r1"} and bounding.full(con, count + 1) == set()


def test_the_county_and_whoever_watches_are_told(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("province.web.gauges._PATIENCE_S", 60)  # however busy the machine is
    server = Server(db)
    server.province.bound = Bound(2)
    device = Device(server)
    device.enrol(server.code())
    gauges = "jobdesk_kept_apart_operations {}\n", "jobdesk_kept_apart_full_machines {}\n"
    said = make_http(server).get("/metrics").text
    assert gauges[0].format(0) in said and gauges[1].format(0) in said and said.endswith("# EOF\n")
    head = PushHead(replica="r9", last_seq=2, now_ms=NOW, count=2)
    assert device.ask("/v1/push", write_lines(head, [b"x", b"y"])).status_code == 200
    more = PushHead(replica="r8", last_seq=1, now_ms=NOW, count=1)
    told = device.ask("/v1/push", write_lines(more, [b"z"]))
    assert (told.status_code, told.headers["retry-after"]) == (429, "3600")
    assert (told.json()["error"], told.json()["detail"]) == ("busy", "kept_apart")
    said = make_http(server).get("/metrics").text
    assert gauges[0].format(2) in said and gauges[1].format(1) in said
    with db.writing(EVERYTHING) as con:
        link = viewing.link(con, "220102", server.ms)
    entered = server.http.post(f"/view/in/{link}", content=b"", headers={})
    cookie = {"Cookie": entered.headers["set-cookie"].split(";")[0]}
    page = server.http.request("GET", "/view", b"", cookie).text
    assert "2（1 台已到上限）" in page and f"已到上限的电脑：{device.id}。" in page
    seen = server.http.request("GET", "/view/streams.json", b"", cookie).json()
    assert seen["full"] == [device.id] and [s["full"] for s in seen["stations"] if s["stream"] == "a"] == [1]


def make_http(server: Server) -> Http:
    """Another process."""
    return Http(make_app(server.province, Config()))


def test_figures_do_not_wait_for_a_database_that_is_away(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(db)
    monkeypatch.setattr("province.web.gauges._PATIENCE_S", 0.05)
    ended = threading.Event()

    def slow(_gauges: Gauges) -> dict[str, int]:
        time.sleep(1)
        ended.set()
        return {"jobdesk_kept_apart_operations": 0}

    monkeypatch.setattr(Gauges, "_ask", slow)
    said = server.http.get("/metrics").text
    assert "kept_apart" not in said and said.endswith("# EOF\n")
    assert ended.wait(30)


def test_who_stands_at_the_bound_is_counted_once_a_minute(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A count of all that waits takes long, and a thief asks as often as he may."""
    counted: list[str] = []

    def count(_con: object, _most: int, devices: list[str]) -> set[str]:
        counted.extend(devices)
        return set(devices)

    monkeypatch.setattr(bounding, "full", count)
    bound = Bound(5)
    with db.reading(EVERYTHING) as con:
        for now in (NOW, NOW + 59_000, NOW + 61_000, NOW - 3_600_000):
            with pytest.raises(Refused):
                bound.check(con, "d", now)
    assert counted == ["d"] * 3
