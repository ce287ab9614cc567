"""What a clerk does with the files in front of him."""

from __future__ import annotations

from collections.abc import Sequence

from jobdesk.cases.errors import Refused
from jobdesk.cases.id_number import check_digit
from jobdesk.cases.ops import Json, Kind, NewOp, Subject, fields_set, opened, withdrawn
from jobdesk.cases.state import SubjectState
from tools.sim import upgrades
from tools.sim.machine import Machine
from tools.sim.plan import Step
from tools.sim.world import Violation, World

REFUSED = ("household_moved", "only_stations", "subject_erased")
"""What a clerk is told at once: nothing was saved, and nobody is asked for it."""
FIELDS = ("phone", "phone", "address", "name", "id_number")


def case_of(world: World, machine: Machine) -> SubjectState | None:
    """A file of this PC; the few oldest more often, so that clerks meet in them."""
    cases = machine.cases()
    if not cases:
        world.say("(nobody)")
        return None
    wanted = cases[:3] if world.at.random() < 0.7 else cases
    case = world.at.choice(wanted)
    if world.met in cases and world.at.random() < 0.8:
        case = world.met
    return machine.state(Subject("case", case))


def meet(world: World, machine: Machine, _step: Step) -> bool:
    """From now on everybody has to do with one file of this PC, its newest more often."""
    cases = machine.cases()
    if cases:
        world.met = cases[-1] if world.at.random() < 0.6 else world.at.choice(cases)
        world.say(world.met[-6:])
    return bool(cases)


def act(world: World, machine: Machine, ops: list[NewOp], contents: Sequence[bytes] = ()) -> bool:
    """Save, and be told so; False where the program said that it cannot be saved here."""
    try:
        with upgrades.program(machine.program):  # the step under way may be another PC's
            changes = machine.act(ops, contents)
    except Refused as refused:
        if refused.code not in REFUSED:
            raise
        world.say(f"refused: {refused.code}")
        return False
    machine.last_action = list(changes.ops)
    world.oracle.note_saved(op.op_id for op in changes.ops)
    for op in changes.ops:
        world.oracle.begun.setdefault(op.subject.id, machine.wants[0])
    return True


def open_case(world: World, machine: Machine, _step: Step) -> bool:
    """A new file; sometimes with a household in the same action."""
    if machine.wants[1] != "desk":  # nobody is at home at a county
        return False
    case = machine.station.file.ids()
    subject = Subject("case", case)
    ops = [
        opened(subject, "case", case, {"name": f"某{case[-4:]}", "help_state": "open"}),
        opened(subject, "service", machine.station.file.ids(), {"content": "登记"}),
    ]
    if world.at.random() < 0.3:
        home = Subject("household", machine.station.file.ids())
        member = {"case": case, "relation": "self"}
        ops += [
            opened(home, "household", home.id, {}),
            opened(home, "member", machine.station.file.ids(), member),
        ]
    return act(world, machine, ops)


def id_number(n: int) -> str:
    body = f"22990119800101{n:03}"
    return body + check_digit(body)


def set_field(world: World, machine: Machine, step: Step) -> bool:
    """A form loaded and saved at once: what was typed is what is shown (S6)."""
    state = case_of(world, machine)
    if state is None:
        return False
    name = world.at.choice(FIELDS)
    value = (
        id_number(world.at.randrange(900))
        if name == "id_number"
        else f"{name}-{step.n}-{world.at.randrange(99)}"
    )
    ops = [fields_set(state.subject, "case", state.subject.id, {name: value}, state.root.bases(name))]
    if not act(world, machine, ops):
        return False
    held = machine.state(state.subject).root
    if held.get(name) != value or name in held.conflicts:
        raise Violation(f"S6: {machine.name} typed {name} into {state.subject.id} and sees {held.get(name)}")
    return True


def serve(world: World, machine: Machine, step: Step) -> bool:
    state = case_of(world, machine)
    if state is None:
        return False
    record = machine.station.file.ids()
    values: dict[str, Json] = {"content": f"服务{step.n}", "served_on": "2026-07-01"}
    return act(world, machine, [opened(state.subject, "service", record, values, kind=Kind.SERVICE_RECORDED)])


def undo(world: World, machine: Machine, _step: Step) -> bool:
    ops, machine.last_action = machine.last_action, []
    by: dict[Subject, list[str]] = {}
    for op in ops:
        by.setdefault(op.subject, []).append(op.op_id)
    if by and ops[0].kind not in (Kind.ERASED, Kind.TRANSFERRED, Kind.MERGED):
        return act(world, machine, [withdrawn(subject, ids) for subject, ids in by.items()])
    return False


def big(world: World, machine: Machine, step: Step) -> bool:
    """An action of many operations: it goes, comes and stands whole."""
    state = case_of(world, machine)
    if state is None:
        return False
    new = [
        opened(state.subject, "service", machine.station.file.ids(), {"content": f"{step.n}/{n}" * 9})
        for n in range(world.at.randrange(5, 40))
    ]
    return act(world, machine, new)


def help_state(world: World, machine: Machine, _step: Step) -> bool:
    state = case_of(world, machine)
    if state is None:
        return False
    ended = state.root.get("help_state") == "ended"
    kind = Kind.HELP_RESUMED if ended else Kind.HELP_ENDED
    to: dict[str, Json] = {"help_state": "open" if ended else "ended"}
    bases = state.root.bases("help_state")
    return act(world, machine, [fields_set(state.subject, "case", state.subject.id, to, bases, kind=kind)])
