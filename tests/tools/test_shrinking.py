"""A failure is made as short on a busy machine as on a quiet one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tools.sim import shrinking
from tools.sim.plan import Plan, Step, plan_of

WRONG = "S5: two sides differ"


def plan(steps: int) -> Plan:
    return plan_of(1).with_steps(tuple(Step(n, "set", 0) for n in range(steps)))


def needs(*wanted: int) -> Callable[[Plan], str]:
    """It fails where all of these steps are left."""
    return lambda p: WRONG if {*wanted} <= {s.n for s in p.steps} else "S1: something else"


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Between any two looks at a clock an hour goes by."""
    for name in ("monotonic", "perf_counter", "process_time"):
        hours = count(0, 3600)
        monkeypatch.setattr(time, name, lambda hours=hours: float(next(hours)))
    yield
    monkeypatch.undo()


def test_a_busy_machine_leaves_no_longer_trace(busy: None) -> None:
    """After 90 seconds of the clock on the wall what was left of it was shown."""
    short = shrinking.shrink(plan(60), WRONG, needs(7, 11, 52))
    assert [(s.n, s.calm) for s in short.steps] == [(7, True), (11, True), (52, True)]


def test_of_a_long_plan_some_steps_are_left_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shrinking, "MOST_STEPS", 300)
    runs: list[int] = []

    def judge(p: Plan) -> str:
        runs.append(len(p.steps))
        return needs(*range(0, 200, 3))(p)

    short = shrinking.shrink(plan(200), WRONG, judge)
    assert sum(runs[:-1]) < 300 and {*range(0, 200, 3)} <= {s.n for s in short.steps}
