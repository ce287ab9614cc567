"""Exchanges by themselves: soon after a save, never while somebody types, further apart when there is no line."""

from __future__ import annotations

import threading
import time
from random import Random

import pytest

from jobdesk.host.policy_settings import policy_of
from jobdesk.services.sync_wishes import line_wish, wish_for_line
from jobdesk.services.syncing import Moving, Pill, enrolment, receipts, state_of, sync_now
from jobdesk.sync import pacing
from jobdesk.sync.enrolling import offer_of
from jobdesk.sync.exchange import Progress
from jobdesk.sync.receipts import Receipt, receipt_of
from jobdesk.sync.running import Running
from jobdesk.ui.sync.making import is_paid
from tests.sync.ground import PC, Server

RANDOM = Random(7)


@pytest.mark.parametrize("failures", range(1, 14))
def test_pauses_grow_with_full_jitter_and_end_at_a_quarter_of_an_hour(failures: int) -> None:
    pauses = [pacing.pause_s(pacing.Pace(failures), RANDOM.uniform) for _ in range(200)]
    most = min(pacing.LONGEST_S, pacing.FIRST_S * 2**failures)
    assert 1 <= min(pauses) < most / 4 and most * 0.75 < max(pauses) <= most


def test_the_servers_word_counts() -> None:
    pauses = [pacing.pause_s(pacing.Pace(next_sync_s=600), RANDOM.uniform) for _ in range(50)]
    assert min(pauses) >= 480 and max(pauses) <= 720
    assert pacing.pause_s(pacing.Pace(failures=3, retry_after_s=30), RANDOM.uniform) >= 30
    assert pacing.pause_s(pacing.Pace(next_sync_s=600), RANDOM.uniform, metered=True) == 24 * 3600


def test_a_save_waits_for_whoever_types_and_for_metered_lines() -> None:
    assert pacing.after_save_s(pacing.Pace(), metered=False, quiet_s=0) == pacing.SOON_S
    assert pacing.after_save_s(pacing.Pace(), metered=False, quiet_s=60) == 0.5
    assert pacing.after_save_s(pacing.Pace(), metered=True, quiet_s=60) is None
    assert pacing.after_save_s(pacing.Pace(failures=1), metered=False, quiet_s=60) is None


class Watched:
    """A runner on a PC, with its receipts as they come."""

    def __init__(self, pc: PC, *, metered: bool = False) -> None:
        self.receipts: list[Receipt] = []
        self.came = threading.Event()
        self.running = Running(
            pc.station.file, pc.clock, lambda _server: pc.wire, time.monotonic, Random(1),
            lambda: metered, self._done,
        )  # fmt: skip

    def _done(self, receipt: Receipt) -> None:
        self.receipts.append(receipt)
        self.came.set()

    def next(self, seconds: float = 20) -> Receipt:
        assert self.came.wait(seconds)
        self.came.clear()
        return self.receipts[-1]


def test_it_begins_at_once_goes_on_after_a_save_and_ends(server: Server, pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    one.enrol()
    watched = Watched(one)
    steps: list[str] = []
    watched.running.listen(lambda: steps.append(watched.running.moving.step))
    watched.running.start()
    assert watched.next().sent_ops == 2
    one.open_case("c1")
    watched.running.saved()
    assert watched.next().sent_ops == 1
    watched.running.stop()
    assert "push" in steps and steps[-1] == "" and watched.running.moving == Moving()
    assert len(receipts(one.desk).result()) == 2


def test_typing_holds_it_back_asking_does_not(server: Server, pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    one.enrol()
    watched = Watched(one, metered=True)
    watched.running.typed()
    began = time.monotonic()
    watched.running.start()
    watched.next()
    assert time.monotonic() - began >= pacing.QUIET_S * 0.9
    one.open_case("c1")
    watched.running.saved()
    assert not watched.came.wait(1.0)
    watched.running.typed()
    watched.running.now()
    assert watched.next().sent_ops == 1
    watched.running.stop()


@pytest.mark.parametrize("wish", ["saved", "now"])
def test_what_comes_while_an_exchange_ends_is_not_forgotten(
    server: Server, pcs: tuple[PC, PC], wish: str
) -> None:
    """The pause until the next exchange was set behind it: five minutes for a save, and for the button."""
    one, _ = pcs
    one.enrol()
    watched = Watched(one)

    def once_more(receipt: Receipt) -> None:
        if not watched.receipts:
            one.open_case("c1")
            getattr(watched.running, wish)()
        watched._done(receipt)  # pyright: ignore[reportPrivateUsage]

    watched.running.done = once_more
    watched.running.start()
    watched.next()
    assert watched.next().sent_ops == 1
    watched.running.stop()


def test_without_a_line_it_waits_and_says_since_when(server: Server, pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    one.enrol().sync_well()
    good = one.clock.now_ms()
    one.wire.fault = lambda _n: "lost"
    one.clock.tick(3_600_000)
    one.open_case("c1")
    assert sync_now(one.desk).result().pill is Pill.WAITING
    assert one.sync().error == "no_line"
    now = sync_now(one.desk).result()
    assert (now.pill, now.offline_since_ms, now.waiting) == (Pill.OFFLINE, good, 1)
    one.wire.fault = lambda _n: ""
    one.sync_well()
    assert sync_now(one.desk).result().pill is Pill.SAVED
    assert state_of(now.counts, Moving("push")).pill is Pill.SENDING


def test_another_way_out_of_the_machine_ends_the_long_pause(
    server: Server, pcs: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A PC that stood without a line for a week tried again up to an hour after its cable was plugged in."""
    monkeypatch.setattr(pacing, "WATCH_S", 0.05)
    monkeypatch.setattr(pacing, "BACK_S", 1)
    monkeypatch.setattr(pacing, "pause_s", lambda *_given, **_more: 900.0)
    one, _ = pcs
    one.enrol()
    one.wire.fault = lambda _n: "lost"
    watched, way = Watched(one), ["192.0.2.7"]
    watched.running.way_out = lambda: way[0]
    watched.running.start()
    assert watched.next().error == "no_line"
    one.wire.fault = lambda _n: ""
    way[0] = ""  # the cable was pulled: nobody tries
    assert not watched.came.wait(1.5)
    way[0] = "192.0.2.7"
    assert watched.next().error == ""
    assert not watched.came.wait(1.5)  # nobody looks while all is well
    watched.running.stop()


def test_before_enrolment_nothing_is_shown(pcs: tuple[PC, PC]) -> None:
    assert sync_now(pcs[0].desk).result().pill is Pill.NOT_ENROLLED


def test_a_revoked_pc_is_told_and_what_it_sends_is_kept_apart(server: Server, pcs: tuple[PC, PC]) -> None:
    from province import enrolling
    from province.db.engine import EVERYTHING

    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    device = one.station.file.read(lambda con: con.execute(
        "SELECT value FROM sync_fact WHERE key = 'device'").fetchone()[0]).result()  # fmt: skip
    with server.db.writing(EVERYTHING) as con:
        enrolling.revoke(con, device, "stolen", server.clock.now_ms())
    one.open_case("c1")
    receipt = one.sync()
    assert receipt.error == "sync_revoked" and [r for _, r in receipt.apart] == ["revoked"]
    assert sync_now(one.desk).result().pill is Pill.PERSON
    two.sync_well()
    assert not two.case("c1").exists


def test_receipts_are_kept_for_a_year(server: Server, pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    one.enrol()
    first = one.sync_well()
    kept = receipts(one.desk).result()
    assert receipt_of(kept[0][1]) == first
    one.clock.tick(200 * 24 * 3600 * 1000)
    one.sync_well()
    one.clock.tick(200 * 24 * 3600 * 1000)
    one.sync_well()
    assert len(receipts(one.desk).result()) == 2


def test_a_machine_that_it_prepared_enrols_by_itself(server: Server, pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    policy = policy_of([("install", {"Server": "https://sync.example", "EnrolmentCode": server.code()})])
    watched = Watched(one)
    watched.running.offer, watched.running.actor = offer_of(policy), one.staff
    watched.running.start()
    assert watched.next().sent_ops == 2
    watched.running.stop()
    told = enrolment(one.desk).result()
    assert told is not None and (told.server, told.station_name) == ("https://sync.example", "甲站")


def test_a_line_that_keeps_an_answer_back_holds_up_no_closing(server: Server, pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    one.enrol()
    gate, asked = threading.Event(), threading.Event()
    plain = one.wire.request

    def silent(*given: object) -> object:
        asked.set()
        gate.wait(30)
        return plain(*given)  # type: ignore[arg-type]

    one.wire.request = silent  # type: ignore[method-assign]
    watched = Watched(one)
    faults: list[threading.ExceptHookArgs] = []
    before, threading.excepthook = threading.excepthook, faults.append
    try:
        watched.running.start()
        assert asked.wait(20)
        thread = watched.running._thread  # pyright: ignore[reportPrivateUsage]
        began = time.monotonic()
        watched.running.stop(0.2)
        one.close()
        assert time.monotonic() - began < 10
        gate.set()
        assert thread is not None
        thread.join(20)
        assert not thread.is_alive() and faults == []
    finally:
        threading.excepthook = before
    one.wire.request = plain  # type: ignore[method-assign]
    one.reopen()
    assert one.sync_well().sent_ops == 2


def test_paused_in_the_middle_it_goes_on_where_it_stopped(server: Server, pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    one.enrol()
    watched = Watched(one)

    def pause_in_the_push() -> None:
        if watched.running.moving.step == "push":
            watched.running.pause()

    watched.running.listen(pause_in_the_push)
    watched.running.start()
    assert watched.next().error == "sync_stopped" and watched.running.held == "person"
    assert sync_now(one.desk).result().pill is Pill.WAITING
    watched.running.saved()
    assert not watched.came.wait(1.0)
    watched.running._listeners.clear()  # pyright: ignore[reportPrivateUsage]
    watched.running.resume()
    assert watched.next().error == "" and watched.running.held == ""
    watched.running.stop()


def test_somebody_says_that_the_line_is_paid_by_volume(server: Server, pcs: tuple[PC, PC]) -> None:
    """Where the system cannot tell: from then on once a day, by hand at any time, over a restart too."""
    one, _ = pcs
    one.enrol()
    assert line_wish(one.desk).result() == "system"
    watched = Watched(one)
    watched.running.metered = lambda: is_paid(one.desk)
    watched.running.start()
    watched.next()
    wish_for_line(one.desk, "always").result()
    told = threading.Event()
    watched.running.listen(lambda: told.set() if watched.running.held == "metered" else None)
    watched.running.line_told()
    assert told.wait(20)
    one.open_case("c1")
    watched.running.saved()
    assert not watched.came.wait(1.0)
    watched.running.now()
    assert watched.next().sent_ops == 1 and watched.running.held == "metered"
    watched.running.stop()
    again = Watched(one)
    again.running.metered = lambda: is_paid(one.desk)
    one.open_case("c2")
    again.running.start()
    assert not again.came.wait(1.0)
    wish_for_line(one.desk, "go").result()
    again.running.line_told()
    assert again.next().sent_ops == 1 and again.running.held == ""
    again.running.stop()


def test_what_went_from_here_is_not_told_as_coming(pcs: tuple[PC, PC]) -> None:
    """“正在接收各处的改动 已收 17 项” were one's own 17, sent a moment before."""
    one, two = pcs
    one.enrol().sync_well()
    for n in range(9):
        one.open_case(f"c{n}")
    told: list[Progress] = []
    one.sync(progress=told.append, page_bytes=2_000)
    assert {(p.done, p.of) for p in told if p.step == "pull"} == {(0, 0)}
    assert max(p.done for p in told if p.step == "push") == 9
    two.enrol().sync_well()
    two.open_case("theirs")
    two.sync_well()
    for n in range(4):
        one.open_case(f"d{n}")
    told.clear()
    came = one.sync(progress=told.append).came_ops
    assert came and [(p.done, p.of) for p in told if p.step == "pull"][-1] == (came, came)


@pytest.mark.parametrize("step", ["load", "pull"])
def test_the_step_that_runs_is_told_before_its_answer_comes(pcs: tuple[PC, PC], step: str) -> None:
    """On a slow line a new PC said for a long time that it had sent everything, 100 %."""
    one, two = pcs
    one.open_case("c1")
    one.enrol().sync_well()
    two.enrol()
    if step == "pull":
        two.sync_well()
    last: list[str] = []
    seen: dict[str, str] = {}

    def fault(_n: int) -> str:
        seen.setdefault(two.wire.paths[-1].rpartition("/")[2], last[-1] if last else "")
        return ""

    two.wire.fault = fault
    two.sync(progress=lambda p: last.append(p.step))
    assert seen["bootstrap" if step == "load" else "pull"] == step


def test_progress_counts_what_is_to_come_not_places_of_the_stream(server: Server, pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    one.enrol()
    for n in range(20):
        one.open_case(f"old{n}")
    one.sync_well()
    two.enrol().sync_well()
    one.sync_well()
    for n in range(40):
        one.open_case(f"c{n}")
    one.sync_well()
    told: list[Progress] = []
    two.sync(progress=told.append, page_bytes=2_000)
    pulled = [p for p in told if p.step == "pull" and p.of]
    assert len(pulled) > 3 and {p.of for p in pulled} == {40}
    assert [p.done for p in pulled] == sorted(p.done for p in pulled) and pulled[-1].done == 40
    assert pulled[0].done < 20
