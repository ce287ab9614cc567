"""A death at every single commit of an exchange, one after another: ``python -m tests.sync.deaths_played NAME``.

The simulator draws where somebody dies; here nothing is drawn. Each run sets the same scene, lets one exchange die
at its n-th commit, before or after it stands, until an exchange has no n-th one, and holds every invariant of
``tools/sim/checks.py`` once all is quiet. It takes over the process that it runs in, as the simulator does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from jobdesk.protocol.chains import StreamPoint, add, element
from jobdesk.store import sync_state, taking_in
from jobdesk.sync import pulling
from tools.sim import inline, running, settling
from tools.sim.ground import Ground
from tools.sim.judging import begun
from tools.sim.plan import Plan, Step
from tools.sim.server import ServerDied
from tools.sim.world import Violation, World

A, OTHER, COUNTY = 0, 1, 2
PLACES = (("a", "desk"), ("a", "desk"), ("220102", "county"))
Told = tuple[tuple[str, int], ...]
WORK: Told = (("open", A), ("meet", A), ("big", A), ("set", A), ("serve", A))

SCENES: dict[str, tuple[Told, int]] = {
    "a colleague's pages": ((("sync", OTHER), *WORK, ("sync", A), ("set", OTHER), ("open", OTHER)), OTHER),
    "a new PC": ((*WORK, ("sync", A), ("open", OTHER)), OTHER),
    "a move and an erasure": (
        (("sync", A), ("sync", OTHER), *WORK, ("sync", A), ("sync", OTHER), ("open", A), ("meet", A),
         ("transfer", A), ("erase", A), ("serve", OTHER)),
        A,
    ),
    "a server that forgot": (
        (("sync", A), ("sync", COUNTY), ("copy_server", A), *WORK, ("sync", A), ("sync", COUNTY), ("set", COUNTY),
         ("server_back_silent", A), ("sync", COUNTY), ("serve", A)),
        A,
    ),
}  # fmt: skip
"""What happens before, and whose exchange it is."""


class Sweep:
    """All deaths of one scene. ``wrong``: what broke, with its place."""

    def __init__(self, ground: Ground, name: str) -> None:
        self.ground, self.name = ground, name
        self.wrong: list[str] = []
        self.deaths = 0

    def run(self) -> None:
        for kill in (self._desk(before=True), self._desk(before=False), self._server):
            n = 1
            while self._once(kill, n):
                n += 1
            self.deaths += n - 1

    def _once(self, kill: Callable[[World, int, int], bool], n: int) -> bool:
        """Whether anything died; with what came of it."""
        scene, who = SCENES[self.name]
        world = begun(self.ground, Plan(1, PLACES, (), 0.0, 0.0, ("lost",), 3000))
        died = False
        try:
            for number, (kind, one) in enumerate(scene):
                world.step(Step(number, kind, one, calm=True))
            died = kill(world, who, n)
            settling.settle(world)
        except Violation as wrong:
            self.wrong.append(f"{kill.__name__} {n}: {wrong}")
        finally:
            world.close()
        return died

    @staticmethod
    def _desk(*, before: bool) -> Callable[[World, int, int], bool]:
        def desk(world: World, who: int, n: int) -> bool:
            machine = world.machines[who]
            stood = machine.every_op_id()
            with inline.dying(n, before=before):
                try:
                    world.exchange(machine, world.wire(machine, Step(99, "sync", who, calm=True), 0.0))
                except inline.Killed:
                    with inline.alive():
                        world.died(machine, stood)
                    return True
            return False

        desk.__name__ = "desk before" if before else "desk after"
        return desk

    def _server(self, world: World, who: int, n: int) -> bool:
        """A process of the server at its n-th commit that writes, whichever request of the exchange that is."""
        machine, left = world.machines[who], [n]
        if not machine.org:
            machine.code = world.server.code(*machine.wants)  # by hand: no request
        kept, written = self.ground.on_commit, [self.ground.con.total_changes]

        def on_commit() -> None:
            if self.ground.con.total_changes > written[0]:
                written[0] = self.ground.con.total_changes
                left[0] -= 1
                if not left[0]:
                    raise ServerDied

        self.ground.on_commit = on_commit
        try:
            world.exchange(machine, world.wire(machine, Step(99, "sync", who, calm=True), 0.0))
        finally:
            self.ground.on_commit = kept
        return left[0] <= 0


def cursor_first() -> None:
    """A deliberate bug that only a death shows: a page's cursor has a transaction of its own, before its operations."""
    take: Any = pulling._page

    def page_in(ex: Any, page: Any, lines: Any) -> bool:
        known = ex.read(lambda con: sync_state.stream(con, page.stream))
        if known is None or known.loading is not None or not page.count:
            return take(ex, page, lines)
        first, read = known.at.seq + 1, taking_in.read_lines(lines)

        def cursor(w: Any) -> None:
            digest = add(known.digest, (element(first + n, x.hash) for n, x in enumerate(read)))
            end = StreamPoint(page.end.seq, bytes.fromhex(page.end.hash))
            sync_state.move_stream(w.con, known.num, end, digest, page.head, ex.now_ms)

        def operations(w: Any) -> Any:
            taken = taking_in.absorb(w, read, ex.now_ms)
            rows = [(known.num, first + n, line.op_id) for n, line in enumerate(read)]
            w.con.executemany("INSERT INTO stream_op(stream, seq, op_id) VALUES (?,?,?)", rows)
            return taken

        ex.write(cursor)
        pulling.count(ex, ex.write(operations))
        return False

    pulling._page = page_in


def main(name: str, bug: str = "") -> int:
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tests.sync.deaths_played", *sys.argv[1:]])
    running.here()
    if bug:
        cursor_first()
    try:
        sweep = Sweep(running._ground[0], name)
        sweep.run()
    finally:
        running.close()
    print("\n".join(sweep.wrong))
    print(f"{sweep.deaths} deaths, {len(sweep.wrong)} wrong")
    return 1 if sweep.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
