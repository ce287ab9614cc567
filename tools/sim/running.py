"""Seeds in worker processes, their failures shrunk, and what came of all of them."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tools.sim.ground import Ground, make_ground
from tools.sim.judging import judged
from tools.sim.plan import Plan, chosen, plan_of
from tools.sim.shrinking import shrink
from tools.sim.world import World


@dataclass
class Outcome:
    """Of one seed.

    Attributes:
        wrong: empty when every invariant held.
        replay: the steps of the shrunk plan, for ``STEPS=``.
        counts, done: as in ``World``.
    """

    seed: int
    wrong: str = ""
    replay: str = ""
    trace: list[str] = field(default_factory=list[str])
    steps: int = 0
    operations: int = 0
    counts: dict[str, int] = field(default_factory=dict[str, int])
    done: dict[str, int] = field(default_factory=dict[str, int])


_ground: list[Ground] = []
_often: list[str] = []


def _begin(sabotages: tuple[str, ...], often: tuple[str, ...] = ()) -> None:
    """In a fresh worker. What the program is made to do wrong is said before anything runs."""
    _ground.append(make_ground())
    _often[:] = often
    if sabotages:
        from tools.sim import sabotage

        for name in sabotages:
            sabotage.sabotages()[name].commit()


def outcome(seed: int, steps: str = "", *, shrinks: bool = True) -> Outcome:
    """Run one seed here; a failure is shrunk and told with its trace."""
    plan = plan_of(seed, _often)
    if steps:
        plan = chosen(plan, steps)
    wrong, world = judged(_ground[0], plan)
    made = _told(seed, wrong, plan, world)
    if wrong and shrinks and not steps:
        short = shrink(plan, wrong, lambda p: judged(_ground[0], p)[0])
        wrong, world = judged(_ground[0], short)
        made = _told(seed, wrong or made.wrong, short, world)
    return made


def _told(seed: int, wrong: str, plan: Plan, world: World) -> Outcome:
    return Outcome(
        seed, wrong, ",".join(map(str, plan.steps)) if wrong else "", list(world.trace),
        len(plan.steps), len(world.oracle.made), dict(world.counts), dict(world.done),
    )  # fmt: skip


def _one(job: tuple[int, bool]) -> Outcome:
    made = outcome(job[0], shrinks=job[1])
    return made if made.wrong else replace(made, trace=[])


def here(sabotages: tuple[str, ...] = ()) -> None:
    """Make this process a worker."""
    if not _ground:
        _begin(sabotages)


def close() -> None:
    for ground in _ground:
        ground.close()
    _ground.clear()


def outcomes(
    first: int, seeds: int, minutes: float, least: int, workers: int, *,
    sabotages: tuple[str, ...] = (), often: tuple[str, ...] = (), shrinks: bool = True,
) -> Generator[Outcome]:  # fmt: skip
    """In the order they finish. With ``minutes`` as many as fit, at least ``least``; ``seeds`` at most."""
    end = time.monotonic() + minutes * 60 if minutes else 0.0

    def numbers() -> Iterator[tuple[int, bool]]:
        for n in range(seeds):
            if end and n >= least and time.monotonic() > end:
                return
            yield first + n, shrinks

    context: Any = multiprocessing.get_context("fork")  # everything is imported, nothing runs yet
    with context.Pool(workers, _begin, (sabotages, often)) as pool:
        try:
            yield from _in_turn(pool, numbers(), workers)
        finally:
            pool.terminate()
            pool.join()
    _sweep()


def _in_turn(pool: Any, numbers: Iterator[tuple[int, bool]], workers: int) -> Iterator[Outcome]:
    """Hand out no more than is worked on, so that a time limit means something."""
    waiting: list[Any] = []
    for job in numbers:
        waiting.append(pool.apply_async(_one, (job,)))
        while len(waiting) >= 2 * workers:
            done = [w for w in waiting if w.ready()]
            for one in done:
                waiting.remove(one)
                yield one.get()
            if not done:
                waiting[0].wait(0.2)
    for one in waiting:
        yield one.get()


def _sweep() -> None:
    """Folders of workers that were ended."""
    import shutil
    from pathlib import Path

    for folder in Path("/dev/shm").glob(f"sim-{os.getpid()}-*"):
        shutil.rmtree(folder, ignore_errors=True)


LONG = 2000
"""Own figure: in so many seeds every kind of step that is tried comes to something."""


@dataclass
class Row:
    """What happened in a row of seeds.

    Attributes:
        tried: steps of each kind, those inside others too, and what exchanges put right; done: those steps that came
            to something.
    """

    seeds: int = 0
    steps: int = 0
    operations: int = 0
    tried: Counter[str] = field(default_factory=Counter[str])
    done: Counter[str] = field(default_factory=Counter[str])

    def add(self, made: Outcome) -> None:
        self.seeds += 1
        self.steps += made.steps
        self.operations += made.operations
        self.tried.update(made.counts)
        self.done.update(made.done)

    def idle(self) -> list[str]:
        """Kinds that a long row tried and never did: it proves nothing about them. Of a short one none."""
        if self.seeds < LONG:
            return []
        return sorted(k for k, n in self.tried.items() if n and k in self.done and not self.done[k])

    def summary(self, seconds: float) -> str:
        """What came of it, so that nobody takes an idle run for a proof."""
        parts = ", ".join(
            f"{k} {self.done[k]} of {n}" if k in self.done else f"{k} {n}"
            for k, n in sorted(self.tried.items())
        )
        rate = self.seeds / seconds if seconds else 0.0
        return (
            f"{self.seeds} seeds, {self.steps} steps, {self.operations} operations in {seconds:.0f} s "
            f"({rate:.1f} seeds/s); done of tried: {parts}"
        )
