"""One run: PCs, lines, a province, and what a plan does to them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from jobdesk.cases.errors import JobdeskError, Refused, Trouble
from jobdesk.sync.engine import Setup, synchronise
from jobdesk.sync.enrolling import enrol
from jobdesk.sync.receipts import Receipt
from tools.sim import cursors, entropy, inline, oracle, upgrades
from tools.sim.ground import BEGIN, Ground
from tools.sim.machine import Machine, MachineClock, Time
from tools.sim.plan import Plan, Step
from tools.sim.scope import Watch
from tools.sim.server import Server
from tools.sim.wire import Line, Wire

HERE = "http://127.0.0.1:1"
DAY_MS = 24 * 3600 * 1000
DEEPEST = 2
"""How far somebody may come between somebody who came between."""
MOST_BETWEEN = 24
"""How often inside one step: pages of one byte are hundreds of requests, and who comes between asks as many."""


class Violation(Exception):
    """An invariant does not hold."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file on a stick: of which device, and whether it is an answer."""

    device: str
    data: bytes
    back: bool = False


Play = Callable[["World", Machine, Step], bool | None]
"""What a step does: False where it came to nothing, so that no idle run is taken for a proof. What says nothing
always comes to something.
"""


@dataclass
class World:
    """Everything of one run.

    Attributes:
        steps: what the plan's kinds of steps do; ``meanwhile``: those that others do before a request arrives.
        at: randomness of the step under way.
        trace: what happened, a line a step.
        between: how often somebody came between in the step under way.
        within: the step under way, by all steps that it came between: no two have the same.
        met: the file that everybody has to do with at present; may be empty.
        papers: files of exchanges that lie about on sticks.
        counts: how often each kind of step was tried, and what exchanges put right; ``done``: how often a step came
            to something.
        told: the line of the trace that the step under way talks in.
    """

    ground: Ground
    plan: Plan
    steps: Mapping[str, Play]
    meanwhile: Sequence[str]
    at: Random = field(default_factory=Random)
    trace: list[str] = field(default_factory=list[str])
    counts: dict[str, int] = field(default_factory=dict[str, int])
    done: dict[str, int] = field(default_factory=dict[str, int])
    told: int = -1
    depth: int = 0
    between: int = 0
    met: str = ""
    within: str = ""

    papers: list[Paper] = field(default_factory=list[Paper])

    def __post_init__(self) -> None:
        self.folder = self.ground.fresh_folder()
        entropy.entropy.source = entropy.keyed(self.plan.seed, "begin")
        upgrades.server_is(upgrades.OLDER)
        self.time = Time(BEGIN.ms)
        self.oracle = oracle.Oracle()
        oracle.listen(self.oracle)
        self.server = Server(self.ground, MachineClock(self.time), entropy.keyed(self.plan.seed, "processes"))
        self.server.by_web = self.plan.by_web
        self.line = Line(self.server)
        self.watch = Watch(self.ground, self.oracle, self.server)
        self.line.watch = self.watch.answered
        self.machines: list[Machine] = []
        for n, (org, role) in enumerate(self.plan.places):
            made = Machine.new(
                f"{n}:{org}", self.folder / f"pc{n}", self.ground.templates[n], MachineClock(self.time)
            )
            made.wants = (org, role)
            self.machines.append(made)
            self.begins(made)
        self.spare = len(self.machines)

    def begins(self, machine: Machine) -> None:
        """A fresh station file: what its making wrote belongs to its station, where it has one."""
        ops = machine.read(_all_ops)
        self.oracle.note_made(ops)
        self.oracle.note_saved(op.op_id for op in ops)
        if machine.wants[1] == "desk":
            self.oracle.begun.update({op.subject.id: machine.wants[0] for op in ops})

    # ------------------------------------------------------------------ steps

    def run(self) -> None:
        """Every step of the plan."""
        for step in self.plan.steps:
            self.step(step)

    def step(self, step: Step, within: str = "") -> None:
        """One step with randomness of its own, so that it does the same whatever else is left out."""
        kept, self.at = self.at, entropy.keyed(self.plan.seed, within, step.n)
        outer, self.within = self.within, f"{within}/{step.n}"
        line, self.told = self.told, len(self.trace)
        source, entropy.entropy.source = (
            entropy.entropy.source,
            entropy.keyed(self.plan.seed, within, step.n, "e"),
        )
        if not within:
            self.between = 0
            self.time.ms += self.at.randrange(1, self.at.choice((20_000, 120_000, 3_600_000)))
        machine = self.machines[step.who]
        self.trace.append(f"{'  ' * self.depth}{step} {step.kind} {machine.name}")
        self.counts[step.kind] = self.counts.get(step.kind, 0) + 1
        self.done.setdefault(step.kind, 0)
        try:
            with upgrades.program(machine.program):
                self.done[step.kind] += self.steps[step.kind](self, machine, step) is not False
        finally:
            self.at, entropy.entropy.source, self.within, self.told = kept, source, outer, line

    def also(self, kind: str, machine: Machine, step: Step) -> None:
        """What the step under way lacks is done first, by this PC or another, as a step of its own inside it: calm, as
        one that were torn again would seldom bring what is lacking.
        """
        who = next(n for n, one in enumerate(self.machines) if one is machine)
        self.depth += 1
        self.between += 1
        try:
            self.step(Step(step.n, kind, who, calm=True), within=f"{self.within}/{self.between}")
        finally:
            self.depth -= 1

    def say(self, text: str) -> None:
        """Behind the line of the step under way."""
        self.trace[self.told] += f" {text}"

    # ------------------------------------------------------------------ exchanges

    def wire(self, machine: Machine, step: Step, share: float) -> Wire:
        busy = 0.0 if step.calm or self.depth >= DEEPEST else self.plan.busy
        made = Wire(self.line, self.at, 0.0 if step.calm else share, self.plan.kinds)
        if busy:
            made.between = lambda: self._between(machine, step, made.asked, busy)
        return made

    def _between(self, machine: Machine, step: Step, asked: int, busy: float) -> None:
        """Before a request arrives others do something; this PC's clerk may go on typing too."""
        if self.at.random() >= busy or self.between >= MOST_BETWEEN:
            return
        kind = self.at.choice(self.meanwhile)
        who = self.at.randrange(len(self.machines))
        if self.machines[who] is machine:
            kind = self.at.choice(("set", "serve", "open", "big"))
        elif self.machines[who].busy:
            return
        self.depth += 1
        self.between += 1
        try:
            with inline.alive():
                self.step(Step(asked, kind, who), within=f"{self.within}/{self.between}")
        finally:
            self.depth -= 1

    def exchange(self, machine: Machine, wire: Wire) -> Receipt | None:
        """Enrol where that is not done, then one exchange. None when enrolling met trouble."""
        machine.busy = True
        try:
            if not machine.org and not self._enrol(machine, wire):
                return None
            setup = Setup(machine.station.file, wire, machine.clock, page_bytes=self.plan.page_bytes)
            before, asked = cursors.places(machine), len(wire.cursors)
            receipt = synchronise(setup)
        finally:
            machine.busy = False
        for after in (*wire.cursors[asked:], cursors.places(machine)):
            back = cursors.gone_back(before, after)
            if back and not receipt.repaired:
                raise Violation(f"S6: {machine.name} took its cursor back: {back}")
        if "digest" in receipt.repaired and not self.counts.get("drift"):
            raise Violation(
                f"M-5.4: {machine.name} had another digest than the server, and nothing spoiled it"
            )
        if wire.log:
            self.say("[" + " ".join(wire.log) + "]")
        self.say(
            f"sent {receipt.sent_ops} came {receipt.came_ops} {' '.join(receipt.repaired)} {receipt.error}"
        )
        if receipt.error in ("sync_unknown_device", "sync_revoked"):  # a person asks for a new code
            machine.org, machine.code = "", ""
        if receipt.repaired:
            met = f"repaired {'/'.join(sorted(set(receipt.repaired)))}"
            self.counts[met] = self.counts.get(met, 0) + 1
        return receipt

    def _enrol(self, machine: Machine, wire: Wire) -> bool:
        org, role = machine.wants
        if not machine.code:
            machine.code = self.server.code(org, role)
        try:
            file = machine.station.file
            enrol(file, wire, HERE, machine.code, machine.clock, machine.template.staff)
        except Trouble as trouble:
            self.say(f"not enrolled: {trouble.code}")
            if trouble.code == "sync_bad_code":
                machine.code = ""
            return False
        except Refused as refused:
            if refused.code != "sync_enrolled":
                raise
        machine.org, machine.role = org, role
        return True

    # ------------------------------------------------------------------ deaths

    def died(self, machine: Machine, before: set[str]) -> None:
        """The process of a PC ended in the middle; it begins again, and what stands there is saved.

        Args:
            before: operations that stood there when the step began.
        """
        machine.died()
        machine.open()
        machine.busy = False
        lost = before - machine.every_op_id()
        if lost:
            raise Violation(f"S1: {machine.name} has {len(lost)} operations less after a death")
        self.oracle.note_saved(machine.op_ids() & self.oracle.made.keys())
        if machine.fact("device"):
            machine.org, machine.role = machine.wants

    def close(self) -> None:
        for machine in self.machines:
            try:
                machine.close()
            except (JobdeskError, inline.Killed):
                continue
        shutil.rmtree(self.folder, ignore_errors=True)


def _all_ops(con: object) -> list[oracle.Op]:
    from jobdesk.store.log import all_ops

    return [op for _, op in all_ops(con)]
