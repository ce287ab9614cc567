"""A failing plan made short: steps go, then faults inside steps, as long as the same kind of thing stays wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tools.sim.plan import Plan, Step

MOST_RUNS = 150
MOST_STEPS = 12_000
"""Own figures: after so many tries, or so many steps done in them (fifty of a usual seed cost some 0.46 s of CPU), the
shortest found so far is shown. Counted and not timed: a seed is shortened to one trace, however busy the machine is.
"""


def kind_of(wrong: str) -> str:
    """What must stay the same: the invariant, or the place of a crash."""
    if wrong.startswith("crash: "):
        return " ".join(wrong.split()[:2]) + wrong.rpartition(" at ")[2]
    return wrong.split(":")[0]


def shrink(plan: Plan, wrong: str, judge: Callable[[Plan], str]) -> Plan:
    """The shortest plan found that fails alike."""
    kind, runs, done = kind_of(wrong), 0, 0

    def goes_on() -> bool:
        return runs < MOST_RUNS and done < MOST_STEPS

    def fails(steps: tuple[Step, ...]) -> bool:
        nonlocal runs, done
        runs, done = runs + 1, done + len(steps)
        return kind_of(judge(plan.with_steps(steps))) == kind

    steps = plan.steps
    size = max(1, len(steps) // 2)
    while size and goes_on():
        at, shorter = len(steps), False
        while at > 0 and goes_on():
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
        if goes_on() and fails(calmer):
            steps = calmer
    return plan.with_steps(steps)
