"""Lines that lose, repeat, cut and mangle; processes that die at every commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Subject, opened
from jobdesk.store import sync_told
from jobdesk.store.station_file import StationFile
from jobdesk.sync.single_flight import one_exchange
from jobdesk.sync.transport import Answered
from tests.sync.ground import DAY_MS, PC, Killed, Server, random_faults, same


def work(one: PC, two: PC) -> None:
    one.open_case("c1")
    one.enrol().sync_well()
    two.enrol().sync_well()
    for n in range(4):
        one.open_case(f"one-{n}")
        two.open_case(f"two-{n}")
    one.set("c1", phone="19900000001")
    two.set("c1", phone="19900000002")


@pytest.mark.parametrize("seed", range(6))
def test_a_line_that_loses_and_mangles(server: Server, pcs: tuple[PC, PC], seed: int) -> None:
    one, two = pcs
    work(one, two)
    for n, pc in enumerate(pcs):
        pc.wire.fault = random_faults(seed * 2 + n, 0.4)
    for _ in range(4):
        for pc in pcs:
            pc.sync(page_bytes=2000)
    for pc in pcs:
        pc.wire.fault = lambda _n: ""
    for pc in (one, two, one):
        pc.sync_well()
    same(server, one, two)


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_every_commit(
    server: Server, pcs: tuple[PC, PC], after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pcs
    work(one, two)
    one.sync_well()
    whole = StationFile.write
    left = [0]

    def dying(self: StationFile, job: object) -> object:
        if self is not two.station.file:
            return whole(self, job)  # type: ignore[arg-type]
        left[0] -= 1
        if left[0] == 0 and after:
            whole(self, job).result()  # type: ignore[arg-type]
        if left[0] == 0:
            raise Killed
        return whole(self, job)  # type: ignore[arg-type]

    monkeypatch.setattr(StationFile, "write", dying)
    deaths = 0
    for commit in range(1, 60):
        if commit % 5 == 0:
            two.open_case(f"more-{commit}-{after}")
            one.open_case(f"other-{commit}-{after}")
            one.sync_well()
        left[0] = commit
        try:
            two.sync(page_bytes=1500)
        except Killed:
            deaths += 1
            left[0] = 0
            two.reopen()
        else:
            break
    left[0] = 0
    assert deaths >= 5
    for pc in (two, one):
        pc.sync_well()
    same(server, one, two)


def test_only_one_exchange_at_a_time(server: Server, pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    one.enrol()
    with one_exchange(one.station.file), pytest.raises(Refused, match="sync_running"):
        one.sync()
    one.sync_well()


def test_an_exchange_that_is_stopped_goes_on_later(server: Server, pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    one.enrol()
    one.open_case("c1")
    assert one.sync(stopped=lambda: True).error == "sync_stopped"
    one.sync_well()
    same(server, one)


@pytest.mark.parametrize("years", [-6, 9])
def test_a_wrong_clock_is_told_and_decides_nothing(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path, years: int
) -> None:
    one, _ = pcs
    one.open_case("c1")
    one.enrol().sync_well()
    wrong = FixedClock(one.clock.ms + years * 365 * DAY_MS)
    late = PC(tmp_path / "late", server, wrong, "周敏")
    late.enrol()
    receipt = late.sync_well()
    assert abs(receipt.skew_ms - years * 365 * DAY_MS) < 1000
    late.set("c1", phone="19900000001")
    one.set("c1", phone="19900000002")
    for pc in (late, one, late):
        assert pc.sync().error == ""
    assert one.case("c1").root.conflicts == ("phone",)
    assert one.digest() == late.digest() == server.digest() and one.folds() == late.folds()
    late.close()


def test_bad_content_is_kept_apart_and_told_once(server: Server, pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    one.open_case("good")
    one.desk.act([opened(Subject("no-such-kind", "bad"), "no-such-kind", "bad", {"name": "x"})]).result()
    one.open_case("later")
    receipt = one.sync_well()
    assert [r for _, r in receipt.apart] == ["bad_payload"] and receipt.sent_actions == 2
    two.sync_well()
    assert two.case("later").exists and two.ops() == one.ops() - 1
    for _ in range(2):
        assert one.sync_well().apart == []
    found = one.station.file.read(sync_told.apart).result()
    assert [a.reason for a in found] == ["bad_payload"]
    counts = one.station.file.read(sync_told.counts).result()
    assert (counts.apart, counts.waiting) == (1, 0)
    assert one.digest() == two.digest() == server.digest()


def test_a_desk_of_another_station_gets_nothing(server: Server, pcs: tuple[PC, PC]) -> None:
    one, other = pcs
    one.open_case("c1")
    one.enrol("a").sync_well()
    other.open_case("c2")
    other.enrol("b").sync_well()
    for pc in (one, other):
        pc.sync_well()
    assert not other.case("c1").exists and not one.case("c2").exists
    assert other.digest("b") == server.digest("b")
    other.open_case("c1", "别人")
    receipt = other.sync_well()
    assert [r for _, r in receipt.apart] == ["out_of_scope"]
    one.sync_well()
    assert one.case("c1").root.text("name") == "赵某"


def test_what_the_server_cannot_read_is_named_by_its_action(server: Server, pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    one.enrol().sync_well()
    changes = one.desk.act([opened(Subject("case", "名字"), "case", "名字", {"name": "x"})]).result()
    one.open_case("later")
    receipt = one.sync_well()
    assert receipt.apart == [(changes.action_id, "unreadable")] and receipt.sent_actions == 1
    assert one.sync_well().repaired == []
    one.open_case("after")
    assert one.sync_well().sent_actions == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
def test_whoever_answers_for_a_stopped_server_is_no_login_page(pcs: tuple[PC, PC], status: int) -> None:
    """An error page of a server or of a proxy before it was told as 网络登录页."""
    one, _ = pcs
    one.enrol().sync_well()
    one.open_case("c1")
    for body in (b"<html>Bad Gateway</html>", b"", b'{"error": "upstream"}'):
        one.wire.request = lambda *_a, body=body: Answered(status, body)  # type: ignore[method-assign]
        assert one.sync().error == "sync_no_answer"
    for portal in (200, 302, 401, 403, 511):
        page = Answered(portal, b"<html>login</html>")
        one.wire.request = lambda *_a, page=page: page  # type: ignore[method-assign]
        assert one.sync().error == "sync_answer_damaged"
