"""What was said to other stations is kept and said again by the server's clock: a PC's may be years wrong."""

from __future__ import annotations

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.protocol.validity import TOLD_DAYS
from jobdesk.services.moving import answering, asking
from jobdesk.store import sync_facts, sync_moves
from jobdesk.store.sync_moves import Ask
from tests.sync.ground import DAY_MS, PC, Server
from tests.sync.test_transfers import waits

YEAR_MS = 365 * DAY_MS


@pytest.fixture
def ab(server: Server, pcs: tuple[PC, PC], clock: FixedClock) -> tuple[PC, PC]:
    """A station each, and a server with a clock of its own."""
    server.clock = FixedClock(clock.now_ms())
    server._open()
    one, two = pcs
    one.enrol("a").sync_well()
    two.enrol("b").sync_well()
    return one, two


def words(pc: PC) -> dict[str, str]:
    """Every word of ours by its step, with what it came to."""
    found: list[Ask] = pc.station.file.read(sync_moves.asks).result()
    return {f"{a.step} {a.body.get('subject', '')}".strip(): a.error or "-x"[bool(a.done_ms)] for a in found}


def asked_and_taken_back(pc: PC, case: str) -> None:
    asking.ask_out(pc.desk, case, "b", "户籍已迁往乙站辖区").result()
    pc.sync_well()
    (ask,) = [a for a in pc.station.file.read(sync_moves.asks).result() if a.subjects == (case,)]
    asking.take_back(pc.desk, ask.id).result()
    pc.sync_well()


def test_a_clock_years_ahead_forgets_no_word(ab: tuple[PC, PC], server: Server, clock: FixedClock) -> None:
    """The next word that ended took all the others of this year with it."""
    one, _ = ab
    for case in ("c1", "c2", "c3", "c4"):
        one.open_case(case)
    asked_and_taken_back(one, "c1")
    clock.tick(9 * YEAR_MS)
    asked_and_taken_back(one, "c2")
    assert words(one) == {"request c1": "x", "request c2": "x", "withdraw": "x"}
    clock.tick(-9 * YEAR_MS)
    for _ in range(2):  # the PC's stands: the time is over by the server's
        server.clock.tick((TOLD_DAYS // 2 + 1) * DAY_MS)
        one.sync_well()
    asked_and_taken_back(one, "c3")
    assert words(one) == {"request c3": "x", "withdraw": "x"}


def test_an_answer_is_said_again_to_a_restored_server_whatever_the_clock_says(
    ab: tuple[PC, PC], server: Server, clock: FixedClock
) -> None:
    """The clock had gone ahead since: the other station waited for a word that was said."""
    one, two = ab
    one.open_case("c1")
    one.sync_well()
    asking.ask_out(one.desk, "c1", "b", "户籍已迁往乙站辖区").result()
    one.sync_well()
    two.sync_well()
    copy = server.copy("before")
    (asked,) = waits(two, "transfer_request")
    answering.refuse(two.desk, asked.id, "仍在本站辖区").result()
    two.sync_well()
    server.restore(copy, epoch=True)
    clock.tick(2 * YEAR_MS)
    two.sync_well()
    one.sync_well()
    assert words(one) == {"request c1": "x"} and words(two) == {"refuse": "x"}


def test_an_answer_whose_request_is_lost_waits_for_it_whatever_the_clock_says(
    ab: tuple[PC, PC], server: Server, clock: FixedClock
) -> None:
    one, two = ab
    one.open_case("c1")
    one.sync_well()
    copy = server.copy("before")
    asking.ask_out(one.desk, "c1", "b", "户籍已迁往乙站辖区").result()
    one.sync_well()
    two.sync_well()
    (asked,) = waits(two, "transfer_request")
    answering.refuse(two.desk, asked.id, "仍在本站辖区").result()
    server.restore(copy, epoch=True)
    clock.tick(2 * YEAR_MS)
    two.sync()
    assert words(two) == {"refuse": "-"}
    for pc in (one, two, one):
        pc.sync_well()
    assert words(one) == {"request c1": "x"} and words(two) == {"refuse": "x"}


def test_the_list_of_stations_is_looked_at_again_after_a_clock_was_ahead(
    ab: tuple[PC, PC], clock: FixedClock
) -> None:
    """It was not for years, until the day came that the clock had said."""
    one, _ = ab
    clock.tick(9 * YEAR_MS)
    one.sync_well()
    clock.tick(-9 * YEAR_MS)
    one.wire.paths.clear()
    one.sync_well()
    assert "/v1/stations" in one.wire.paths
    assert one.station.file.read(lambda con: sync_facts.number(con, "stations_ms")).result() == clock.now_ms()
