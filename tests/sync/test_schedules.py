"""Random schedules of two PCs and their server: edits, exchanges over a bad line, restores, deaths."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobdesk.cases.clock import FixedClock
from jobdesk.store.safekeeping import back_up
from jobdesk.store.station_file import StationFile
from tests.sync.ground import DAY_MS, PC, Killed, Server, random_faults, same
from tests.sync.test_recovery import restore

STEPS = ("open", "set", "serve", "sync", "bad_sync", "killed_sync", "backup", "restore", "bare_restore",
         "server_copy", "server_back", "server_back_told", "week")  # fmt: skip


class World:
    def __init__(self, folder: object, seed: int) -> None:
        from pathlib import Path

        root = Path(str(folder))
        self.clock = FixedClock.at(2026, 7, 1)
        self.server = Server(root / "server", self.clock)
        self.pcs = [PC(root / n, self.server, self.clock, n) for n in ("甲", "乙")]
        self.random = Random(seed)
        self.backed = [False, False]
        self.copies = 0
        self.copy: object = None
        self.acknowledged: set[str] = set()
        self.pcs[0].open_case("c1")
        for pc in self.pcs:
            pc.enrol().sync_well()
        self.pcs[0].sync_well()

    def step(self, who: int, what: str) -> None:
        pc, n = self.pcs[who], self.random.randrange(10**6)
        self.clock.tick(60_000)
        match what:
            case "open":
                pc.open_case(f"case-{n}")
            case "set":
                pc.set("c1", phone=f"199{n:08}")
            case "serve":
                pc.serve("c1", f"记录{n}")
            case "sync":
                pc.sync(page_bytes=1000)
            case "bad_sync":
                pc.wire.fault = random_faults(n, 0.5)
                pc.sync(page_bytes=1000)
                pc.wire.fault = lambda _n: ""
            case "killed_sync":
                self.killed(pc, n)
            case "backup":
                back_up(pc.station, "test").result()
                self.backed[who] = True
            case "restore" | "bare_restore" if self.backed[who]:
                restore(pc, journal=what == "restore")
            case "server_copy":
                self.copies += 1
                self.copy = self.server.copy(f"copy-{self.copies}.db")
            case "server_back" | "server_back_told" if self.copy is not None:
                self.server.restore(self.copy, epoch=what == "server_back_told")  # type: ignore[arg-type]
            case "week":
                self.clock.tick(7 * DAY_MS)
            case _:
                pass

    def killed(self, pc: PC, n: int) -> None:
        whole: Callable[[StationFile, object], object] = getattr(StationFile, "write")  # noqa: B009
        left = [1 + n % 9]

        def dying(file: StationFile, job: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return whole(file, job)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(StationFile, "write", dying)
            try:
                pc.sync(page_bytes=1000)
            except Killed:
                pass
            else:
                return
        pc.reopen()

    def settle(self) -> None:
        for _ in range(4):
            for pc in self.pcs:
                receipt = pc.sync()
                assert receipt.error == "", receipt
        for pc in self.pcs:
            assert pc.waiting() == 0
        same(self.server, *self.pcs)

    def close(self) -> None:
        for pc in self.pcs:
            pc.close()
        self.server.db.engine.dispose()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 10**6),
    st.lists(st.tuples(st.integers(0, 1), st.sampled_from(STEPS)), min_size=3, max_size=25),
)
def test_whatever_happens_they_agree_in_the_end(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: list[tuple[int, str]]
) -> None:
    world = World(tmp_path_factory.mktemp("w"), seed)
    try:
        for who, what in steps:
            world.step(who, what)
        world.settle()
    finally:
        world.close()
