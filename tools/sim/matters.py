"""What reaches beyond one file and one station: moves, merges, erasures, one person at two desks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from jobdesk.cases.ops import Json, Kind, NewOp, Subject, fields_set, opened
from jobdesk.cases.state import SubjectState
from tools.sim import papers
from tools.sim.clerk import act, case_of, id_number, open_case
from tools.sim.machine import Machine
from tools.sim.plan import Step
from tools.sim.world import World


def _root(
    world: World, machine: Machine, kind: Kind, name: str, choose: Callable[[SubjectState], Json]
) -> bool:
    state = case_of(world, machine)
    return state is not None and _write(world, machine, state, kind, name, choose(state))


def _write(world: World, machine: Machine, state: SubjectState, kind: Kind, name: str, value: Json) -> bool:
    if value == state.root.get(name):
        return False
    world.say(f"{state.subject.id[-6:]} {name}={value}")
    bases = state.root.bases(name)
    return act(
        world, machine, [fields_set(state.subject, "case", state.subject.id, {name: value}, bases, kind=kind)]
    )


def transfer(world: World, machine: Machine, _step: Step) -> bool:
    """The file moves; who has it at home says so."""
    here = machine.org if machine.role == "desk" else ""
    places = [s for s in ("a", "b", "d") if s != here]
    return _root(world, machine, Kind.TRANSFERRED, "station", lambda _s: world.at.choice(places))


def merge(world: World, machine: Machine, step: Step) -> bool:
    cases = _two(world, machine, step)
    return _root(world, machine, Kind.MERGED, "merged_into",
                 lambda s: world.at.choice([c for c in cases if c != s.subject.id] or [None]))  # fmt: skip


def unmerge(world: World, machine: Machine, step: Step) -> bool:
    """Two files are taken apart again. A PC that sees none of this kind merges two first, and an exchange may come
    between: of files drawn among all hardly one was merged, and many a PC had none yet.
    """
    cases = _two(world, machine, step)
    if not (merged := _merged(machine, cases)):
        one, *others = world.at.sample(cases, len(cases)) or [""]
        if not others:
            world.say("(nobody)")
            return False
        state = machine.state(Subject("case", one))
        _write(world, machine, state, Kind.MERGED, "merged_into", others[0])
        if world.at.random() < 0.6 and not machine.busy:
            world.exchange(machine, world.wire(machine, step, world.plan.share))
        merged = _merged(machine, [one])
    if not merged:
        return False
    state = machine.state(Subject("case", world.at.choice(merged)))
    return _write(world, machine, state, Kind.UNMERGED, "merged_into", None)


def _two(world: World, machine: Machine, step: Step) -> list[str]:
    """Files of this PC; who has too few opens some, or has them sent, as nobody is at home at a county."""
    few = 2 - len(machine.cases())
    for _ in range(few if machine.wants[1] == "desk" else 0):
        open_case(world, machine, step)
    if few > 0 and machine.wants[1] != "desk" and not machine.busy:
        world.exchange(machine, world.wire(machine, step, 0.0))
    return machine.cases()


def _merged(machine: Machine, cases: Iterable[str]) -> list[str]:
    """Those of these files that lead to another one, as this PC sees them."""
    return [c for c in cases if machine.state(Subject("case", c)).root.get("merged_into")]


def erase(world: World, machine: Machine, step: Step) -> bool:
    """Most of them have a paper by then, and mostly its bytes are on the server already."""
    state = case_of(world, machine)
    if state is None:
        return False
    if world.at.random() < 0.7:
        papers.attach_to(world, machine, state.subject)
        if world.at.random() < 0.7 and not machine.busy:
            world.also("sync", machine, step)
        if state.subject.id not in machine.cases():  # it moved away, or somebody else was first
            return False
    world.say(state.subject.id[-6:])
    return act(world, machine, [NewOp(Kind.ERASED, state.subject, {"reason": "request"})])


def same_person(world: World, machine: Machine, _step: Step) -> bool:
    """One of two real people comes to one more desk, which opens a file."""
    if machine.wants[1] != "desk":
        return False
    subject = Subject("case", machine.station.file.ids())
    values: dict[str, Json] = {
        "name": "同一人",
        "id_number": id_number(990 + world.at.randrange(2)),
        "help_state": "open",
    }
    return act(world, machine, [opened(subject, "case", subject.id, values)])
