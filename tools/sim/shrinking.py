"""A failing plan made short: steps go, then faults inside steps, as long as the same kind of thing stays wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from tools.sim.plan import Plan, Step

MOST_RUNS = 150
MOST_SECONDS = 90
"""Own figures: after so many tries, or so long, the shortest found so far is shown."""


def kind_of(wrong: str) -> str:
    """What must stay the same: the invariant, or the place of a crash."""
    if wrong.startswith("crash: "):
        return " ".join(wrong.split()[:2]) + wrong.rpartition(" at ")[2]
    return wrong.split(":")[0]


def shrink(plan: Plan, wrong: str, judge: Callable[[Plan], str]) -> Plan:
    """The shortest plan found that fails alike."""
    kind, left, end = kind_of(wrong), [MOST_RUNS], time.monotonic() + MOST_SECONDS

    def fails(steps: tuple[Step, ...]) -> bool:
        left[0] = left[0] - 1 if time.monotonic() < end else -1
        return left[0] >= 0 and kind_of(judge(plan.with_steps(steps))) == kind

    steps = plan.steps
    size = max(1, len(steps) // 2)
    while size and left[0] > 0:
        at, shorter = len(steps), False
        while at > 0 and left[0] > 0:
            start = max(0, at - size)
            fewer = steps[:start] + steps[at:]
            if fails(fewer):
                steps, shorter = fewer, True
            at = start
        if size == 1 and not shorter:
            break
        size = max(1, size // 2) if not shorter or size > 1 else 1
    for n, step in enumerate(steps):
        calmer = (*steps[:n], replace(step, calm=True), *steps[n + 1 :])
        if left[0] > 0 and fails(calmer):
            steps = calmer
    return plan.with_steps(steps)
