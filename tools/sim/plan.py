"""From a seed to a plan: who is there, and what happens in which order. A plan is what shrinking takes apart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from random import Random

from tools.sim import stories
from tools.sim.entropy import keyed
from tools.sim.wire import FAULTS

WORK = {
    "open": 7, "set": 9, "serve": 8, "form": 2, "save_form": 2, "undo": 2, "big": 1, "settle": 1.2, "help": 2,
    "meet": 1.5,
}  # fmt: skip
FAULTY = {
    "transfer": 3, "merge": 1.7, "unmerge": 0.7, "erase": 1.8, "same_person": 4, "bad_sync": 9, "broken_sync": 3,
    "killed_sync": 4, "killed_save": 2, "backup": 2, "restore": 2.6, "bare_restore": 1, "clone": 1.2,
    "destroyed": 1.1, "copy_server": 4, "server_back": 1.5, "server_back_silent": 1, "clock": 2, "ghost": 3,
    "week": 3, "reopen": 1, "drift": 1.5, "revoke": 0.8, "upgrade": 1, "upgrade_server": 0.5,
}  # fmt: skip
"""Kinds of which a seed has some: a seed without restores sees other things than one with many."""
FURTHER = {
    "attach": 5,
    "regroup": 1,
    "ask": 4,
    "answer": 6,
    "stick_out": 3,
    "stick_carried": 4,
    "stick_back": 4,
}
"""Of half of the seeds; numbered behind the others, so that what a number meant before goes on in it."""
_OFTEN = 4
PLACES = (("a", "desk"), ("a", "desk"), ("b", "desk"), ("t1", "county"), ("d", "desk"), ("220102", "county"))


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens. ``calm``: without faults inside, and nobody comes between."""

    n: int
    kind: str
    who: int
    calm: bool = False

    def __str__(self) -> str:
        return f"{self.n}{'c' if self.calm else ''}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole run.

    Attributes:
        places: organisation and role of each PC.
        busy: share of requests before which somebody else does something.
        share: of requests of a bad line that something happens to; kinds: what.
    """

    seed: int
    places: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    share: float
    busy: float
    kinds: tuple[str, ...]
    page_bytes: int
    by_web: bool = False

    def with_steps(self, steps: tuple[Step, ...]) -> Plan:
        return replace(self, steps=steps)


def plan_of(seed: int, often: Collection[str] = ()) -> Plan:
    """The plan of a seed, always the same.

    Args:
        often: steps that it has many of, and at all: another plan than the seed's own. A bug that only a rare meeting
            of some steps shows is hunted so.
    """
    random = keyed(seed, "plan")
    places = _places(random)
    weights: dict[str, float] = {**WORK, "sync": random.choice((4, 10, 16))}
    weights |= {kind: weight for kind, weight in FAULTY.items() if random.random() < 0.55}
    weights |= {kind: _OFTEN * FAULTY[kind] for kind in often if kind in FAULTY}
    kinds, chances = list(weights), list(weights.values())
    count = random.choice((10, 18, 30, 44))
    listed = [(random.choices(kinds, chances)[0], random.randrange(len(places))) for _ in range(count)]
    for _ in range(random.choice((0, 1, 1, 1, 2))):
        at = random.randrange(len(listed) + 1)
        listed[at:at] = stories.told(places, random)
    steps = [Step(n, kind, who) for n, (kind, who) in enumerate(listed)]
    steps = _further(seed, steps, len(places), [kind for kind in often if kind in FURTHER])
    steps = tuple(_server_clock(seed, _restricted(seed, steps, len(places))))
    faults = tuple(k for k in FAULTS if random.random() < 0.7) or FAULTS
    return Plan(
        seed, places, steps, random.choice((0.1, 0.3, 0.6)), random.choice((0.0, 0.0, 0.1, 0.3)), faults,
        random.choice((1, 700, 3000, 100_000)), random.random() < 0.1,
    )  # fmt: skip


def _further(seed: int, steps: list[Step], places: int, often: list[str]) -> list[Step]:
    """What was added to the simulator later, among the others."""
    random = keyed(seed, "further")
    if random.random() < 0.5 and not often:
        return steps
    groups = (("attach",), ("regroup",), ("ask", "answer"), ("stick_out", "stick_carried", "stick_back"))
    kinds = [kind for group in groups if random.random() < 0.6 for kind in group]
    kinds += _OFTEN * often
    for n in range(random.randrange(4, 6 + len(steps) // 2) if kinds else 0):
        kind = random.choices(kinds, [FURTHER[k] for k in kinds])[0]
        step = Step(_BEHIND + n, kind, random.randrange(places))
        steps.insert(random.randrange(len(steps) // 4, len(steps) + 1), step)
    return steps


def _restricted(seed: int, steps: list[Step], places: int) -> list[Step]:
    """Restricted facts, now and then and in all kinds of seeds."""
    random = keyed(seed, "restricted")
    if random.random() < 0.3:
        return steps
    for n in range(random.randrange(2, 5 + len(steps) // 5)):
        step = Step(_LAST + n, "restricted", random.randrange(places))
        steps.insert(random.randrange(len(steps) // 5, len(steps) + 1), step)
    return steps


def _server_clock(seed: int, steps: list[Step]) -> list[Step]:
    """In few seeds: where the server's clock leaps, much else is refused for its hour."""
    random = keyed(seed, "server clock")
    if random.random() < 0.8:
        return steps
    for n in range(random.randrange(1, 4)):
        steps.insert(random.randrange(len(steps) + 1), Step(_CLOCKS + n, "server_clock", 0))
    return steps


_BEHIND, _LAST, _CLOCKS = 100, 200, 300


def _places(random: Random) -> tuple[tuple[str, str], ...]:
    count = random.choice((2, 3, 3, 4, 4, 5))
    return tuple(random.sample(PLACES, count)) if random.random() < 0.6 else PLACES[:count]


def chosen(plan: Plan, text: str) -> Plan:
    """The plan with only these steps (``3,17c,22``)."""
    by = {s.n: s for s in plan.steps}
    steps: list[Step] = []
    for part in filter(None, text.split(",")):
        steps.append(replace(by[int(part.rstrip("c"))], calm=part.endswith("c")))
    return plan.with_steps(tuple(steps))
