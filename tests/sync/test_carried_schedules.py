"""Random schedules with sticks: files written, carried, read in any order and number, lines in between, restores."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobdesk.cases.errors import BadInput, Refused
from jobdesk.sync import carried_out
from tests.sync.ground import PC, Server, same
from tests.sync.sticks import answer, back, out, trip
from tests.sync.test_schedules import World
from tests.sync.test_transfers import ab, asks, away, waits  # noqa: F401  (fixture)

STEPS = (
    "open", "set", "serve", "out", "out", "carry", "carry", "back", "back", "killed_back", "trip", "sync",
    "backup", "restore", "bare_restore", "server_copy", "server_back_told", "week",
)  # fmt: skip
KNOWN = ("carried_read_before", "carried_before_restore", "carried_not_ours")


class Sticks(World):
    """The same world with a bag of sticks."""

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder, seed)
        self.bag = folder / "bag"
        self.answers: list[list[bytes]] = [[], []]

    def step(self, who: int, what: str) -> None:
        pc = self.pcs[who]
        match what:
            case "out":
                out(pc, self.bag)
            case "carry":
                mine = sorted(self.bag.glob("*")) if self.bag.exists() else []
                if mine:
                    path = self.random.choice(mine)
                    data = answer(self.server, path)
                    for kept in self.answers:
                        kept.append(data)
            case "back":
                self.back(who)
            case "killed_back":
                self.killed(pc, self.random.randrange(9))
            case "trip":
                self.answers[who].append(answer(self.server, out(pc, self.bag)))
                self.back(who, newest=True)
            case _:
                super().step(who, what)

    def back(self, who: int, *, newest: bool = False) -> None:
        if not self.answers[who]:
            return
        data = self.answers[who][-1] if newest else self.random.choice(self.answers[who])
        try:
            brought = back(self.pcs[who], data)
        except (BadInput, Refused) as told:
            assert told.code in KNOWN
        else:
            assert brought.receipt.error == "", brought

    def killed(self, pc: PC, n: int) -> None:
        """A reading dies in the middle, where there is one to read."""
        who = self.pcs.index(pc)
        plain = pc.sync
        pc.sync = lambda **_: self.back(who)  # type: ignore[method-assign,assignment,misc]
        try:
            super().killed(pc, n)
        finally:
            pc.sync = plain  # type: ignore[method-assign]

    def settle(self) -> None:
        for _ in range(5):
            for pc in self.pcs:
                self.clock.tick(60_000)
                trip(pc, self.server, self.bag)
        for pc in self.pcs:
            assert pc.waiting() == 0
        same(self.server, *self.pcs)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 10**6),
    st.lists(st.tuples(st.integers(0, 1), st.sampled_from(STEPS)), min_size=3, max_size=25),
)
def test_whatever_is_carried_they_agree_in_the_end(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: list[tuple[int, str]]
) -> None:
    world = Sticks(tmp_path_factory.mktemp("w"), seed)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(carried_out, "PAGE_BYTES", 1500)
            for who, what in steps:
                world.step(who, what)
            world.settle()
    finally:
        world.close()


def test_a_person_moves_by_stick(ab: tuple[PC, PC], server: Server, tmp_path: Path) -> None:  # noqa: F811
    from jobdesk.services.moving import answering, asking

    here, there = ab
    bag = tmp_path / "bag"
    for pc in ab:
        pc.wire.fault = lambda _n: "lost"
    here.open_case("c1", "王小梅")
    asking.ask_out(here.desk, "c1", "b", "户籍已迁往乙站辖区").result()
    trip(here, server, bag)
    assert asks(here)[0].is_sent
    trip(there, server, bag)
    (asked,) = waits(there, "transfer_request")
    answering.accept(there.desk, asked.id).result()
    for _ in range(3):
        trip(there, server, bag)
        trip(here, server, bag)
    trip(there, server, bag)
    assert away(here) == {"c1": "b"} and there.case("c1").root.text("name") == "王小梅"


def test_the_list_of_stations_comes_by_stick(server: Server, pcs: tuple[PC, PC], tmp_path: Path) -> None:
    from jobdesk.services.moving import asking

    one, _ = pcs
    one.enrol()
    assert asking.find_stations(one.desk).result() == []
    trip(one, server, tmp_path / "bag")
    assert [s.stream for s in asking.find_stations(one.desk).result()] == ["b"]
