"""Which computer something was written at: one that goes on in another life of its file has one number."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.services.conflict_board import board
from jobdesk.services.conflict_places import Place
from jobdesk.store.safekeeping import back_up
from jobdesk.ui.conflicts.saying import Saying
from tests.sync.ground import DAY_MS, PC, Server
from tests.sync.test_what_a_restore_takes_over import restored


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock.at(2026, 2, 20, 9)


@pytest.fixture
def server(tmp_path: Path, clock: FixedClock) -> Server:
    return Server(tmp_path / "server", clock)


def both_write(clock: FixedClock, *pcs: PC) -> None:
    for pc in (*pcs, *pcs):
        clock.tick(DAY_MS)
        pc.open_case(pc.desk.new_id())
        pc.sync_well()
    for pc in pcs:
        pc.sync_well()


def life(pc: PC) -> str:
    return pc.station.file.write(lambda w: w.chain.replica_id).result()


def places(pc: PC) -> dict[str, Place]:
    return dict(board(pc.desk).result().names.places)


def said(pc: PC, replica: str, *, short: bool = False) -> str:
    return Saying(pc.staff, pc.desk.today, board(pc.desk).result().names).place(replica, short=short)


def test_a_restored_computer_keeps_its_number(tmp_path: Path, server: Server, clock: FixedClock) -> None:
    """It had two at its own station: its latest deed read 在三号电脑 where there are two."""
    one, two = PC(tmp_path / "one", server, clock), PC(tmp_path / "two", server, clock, "郑立群")
    for pc in (one, two):
        pc.enrol().sync_well()
    both_write(clock, one, two)
    first, other, backup = life(one), life(two), back_up(one.station, "manual").result()
    clock.tick(DAY_MS)
    restored(one, backup)
    second = life(one)
    assert second != first
    both_write(clock, one, two)
    assert said(one, first) == said(one, second) == "本站一号电脑（本机）"
    assert said(one, second, short=True) == "一号电脑"
    assert said(one, other) == "本站二号电脑"
    assert said(two, first) == "本站一号电脑" and said(two, other) == "本站二号电脑（本机）"
    assert said(two, second) == said(two, second, short=True) == "本站电脑", "it may be the first one"
    one.close()
    two.close()


def test_a_third_computer_has_a_number_once_it_is_certain(
    tmp_path: Path, server: Server, clock: FixedClock
) -> None:
    pcs = [PC(tmp_path / name, server, clock, name) for name in ("甲", "乙", "丙")]
    for pc in pcs:
        pc.enrol().sync_well()
    both_write(clock, *pcs)
    lives = [life(pc) for pc in pcs]
    told = [[places(pc)[one].number for one in lives] for pc in pcs]
    for pc in pcs:
        pc.close()
    assert sorted(told[0]) == [1, 2, 3] and told == [told[0]] * 3


def test_a_life_that_the_backup_does_not_know_is_not_another_computer(
    tmp_path: Path, server: Server, clock: FixedClock
) -> None:
    """Put back twice to the same backup: of the life between the file knows nothing but what it wrote."""
    one, two = PC(tmp_path / "one", server, clock), PC(tmp_path / "two", server, clock, "郑立群")
    for pc in (one, two):
        pc.enrol().sync_well()
    both_write(clock, one, two)
    first, backup = life(one), back_up(one.station, "manual").result()
    clock.tick(DAY_MS)
    restored(one, backup)
    between = life(one)
    both_write(clock, one, two)
    clock.tick(DAY_MS)
    restored(one, backup)
    both_write(clock, one, two)
    last = life(one)
    assert len({first, between, last}) == 3
    assert not places(one)[between].own, "or this test shows nothing"
    assert said(one, between) == "本站电脑" and said(one, last) == "本站一号电脑（本机）"
    one.close()
    two.close()
