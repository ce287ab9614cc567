"""What reaches beyond one file and one station: moves, merges, erasures, one person at two desks."""

from __future__ import annotations

from collections.abc import Callable

from jobdesk.cases.ops import Json, Kind, NewOp, Subject, fields_set, opened
from jobdesk.cases.state import SubjectState
from tools.sim.clerk import act, case_of, id_number
from tools.sim.machine import Machine
from tools.sim.plan import Step
from tools.sim.world import World


def _root(
    world: World, machine: Machine, kind: Kind, name: str, choose: Callable[[SubjectState], Json]
) -> None:
    state = case_of(world, machine)
    if state is None:
        return
    value = choose(state)
    if value == state.root.get(name):
        return
    world.say(f"{state.subject.id[-6:]} {name}={value}")
    act(
        world,
        machine,
        [
            fields_set(
                state.subject, "case", state.subject.id, {name: value}, state.root.bases(name), kind=kind
            )
        ],
    )


def transfer(world: World, machine: Machine, _step: Step) -> None:
    """The file moves; who has it at home says so."""
    here = machine.org if machine.role == "desk" else ""
    places = [s for s in ("a", "b", "d") if s != here]
    _root(world, machine, Kind.TRANSFERRED, "station", lambda _s: world.at.choice(places))


def merge(world: World, machine: Machine, _step: Step) -> None:
    cases = machine.cases()
    _root(world, machine, Kind.MERGED, "merged_into",
          lambda s: world.at.choice([c for c in cases if c != s.subject.id] or [None]))  # fmt: skip


def unmerge(world: World, machine: Machine, _step: Step) -> None:
    _root(world, machine, Kind.UNMERGED, "merged_into", lambda _s: None)


def erase(world: World, machine: Machine, _step: Step) -> None:
    state = case_of(world, machine)
    if state is not None:
        world.say(state.subject.id[-6:])
        act(world, machine, [NewOp(Kind.ERASED, state.subject, {"reason": "request"})])


def same_person(world: World, machine: Machine, _step: Step) -> None:
    """One of two real people comes to one more desk, which opens a file."""
    if machine.wants[1] != "desk":
        return
    subject = Subject("case", machine.station.file.ids())
    values: dict[str, Json] = {
        "name": "同一人",
        "id_number": id_number(990 + world.at.randrange(2)),
        "help_state": "open",
    }
    act(world, machine, [opened(subject, "case", subject.id, values)])
