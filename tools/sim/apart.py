"""What two clerks write without knowing of each other, and who settles it. A PC that has no such question makes one:
of files and PCs drawn at random hardly two meet in one field.
"""

from __future__ import annotations

from jobdesk.cases import settling
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, NewOp, Subject, fields_set
from tools.sim.clerk import act, case_of, open_case
from tools.sim.machine import Form, Machine
from tools.sim.plan import Step
from tools.sim.world import World

COMMON = ("phone", "address", "name")


def load_form(world: World, machine: Machine, _step: Step) -> bool:
    state = case_of(world, machine)
    if state is None:
        return False
    machine.forms.append(Form(state.subject.id, state.root.bases("phone", "address")))
    return True


def save_form(world: World, machine: Machine, step: Step) -> bool:
    """A form that lay open while others went on: its bases are those of its loading."""
    there = machine.cases()
    machine.forms = [form for form in machine.forms if form.case in there]
    if not machine.forms and not _others_go_on(world, machine, step):
        return False
    form = machine.forms.pop(0)
    if form.case not in machine.cases():  # erased, or moved on, since it was loaded
        return False
    values: dict[str, Json] = {"phone": f"alt-{step.n}", "address": f"dort-{step.n}"}
    return act(
        world, machine, [fields_set(Subject("case", form.case), "case", form.case, values, form.bases)]
    )


def _others_go_on(world: World, machine: Machine, step: Step) -> bool:
    """A form of a file that a colleague has too; he writes in it, and mostly his word comes while it lies open."""
    found = colleague(world, machine, step)
    if found is None:
        return False
    other, case = found
    machine.forms.append(Form(case, machine.state(Subject("case", case)).root.bases("phone", "address")))
    typed(world, other, case, "phone", f"neu-{step.n}")
    world.also("sync", other, step)
    if world.at.random() < 0.7:
        world.also("sync", machine, step)
    return True


def settle_conflict(world: World, machine: Machine, step: Step) -> bool:
    """A question of this PC's is settled; at times at two PCs at once."""
    return settled(world, machine) or (_asked(world, machine, step) and settled(world, machine))


def settled(world: World, machine: Machine) -> bool:
    """The first open question of any file: what is shown stays, or another version is taken."""
    for case in machine.cases():
        state = machine.state(Subject("case", case))
        for name in state.root.conflicts:
            try:
                ops = _decided(world, case, name, machine)
            except Refused:
                continue
            if ops and act(world, machine, ops):
                world.say(f"{case[-6:]} {name}")
                return True
    return False


def _decided(world: World, case: str, name: str, machine: Machine) -> list[NewOp]:
    state = machine.state(Subject("case", case))
    versions = settling.versions(state.root.fields[name])
    if len(versions) < 2 or world.at.random() < 0.5:
        return settling.keep_shown(state, ("case", case), name)
    return settling.take(state, ("case", case), name, world.at.choice(versions).op_id)


def _asked(world: World, machine: Machine, step: Step) -> bool:
    """Two PCs write one field of one file before they hear of each other."""
    found = colleague(world, machine, step)
    if found is None:
        return False
    other, case = found
    name = world.at.choice(COMMON)
    typed(world, machine, case, name, f"{name}-{step.n}-here")
    typed(world, other, case, name, f"{name}-{step.n}-there")
    one, two = world.at.sample((machine, other), 2)
    for who in (one, two, machine) if one is machine else (one, two):
        world.also("sync", who, step)
    if two is other and world.at.random() < 0.5:  # it came to both, and both settle it
        settled(world, other)
    return True


def typed(world: World, machine: Machine, case: str, name: str, value: str) -> None:
    if case in machine.cases():
        root = machine.state(Subject("case", case)).root
        act(
            world, machine, [fields_set(Subject("case", case), "case", case, {name: value}, root.bases(name))]
        )


def colleague(world: World, machine: Machine, step: Step) -> tuple[Machine, str] | None:
    """Another PC and a file that both have: of its own station first, then of those above or below it. Where they
    have none in common yet both exchange, and who has no file opens one.
    """
    free = [m for m in world.machines if m is not machine and not m.busy]
    near = [m for m in free if m.wants == machine.wants]
    near += [m for m in free if m.wants[1] != machine.wants[1]]
    if machine.busy or not near:
        world.say("(nobody)")
        return None
    for other in near:
        if shared := _shared(machine, other):
            return other, world.at.choice(shared)
    other = near[0]
    writer, reader = (machine, other) if machine.wants[1] == "desk" else (other, machine)
    if not writer.cases():
        open_case(world, writer, step)
    for who in (writer, reader):
        world.also("sync", who, step)
    shared = _shared(machine, other)
    return (other, world.at.choice(shared)) if shared else None


def _shared(one: Machine, other: Machine) -> list[str]:
    return sorted({*one.cases()}.intersection(other.cases()))
