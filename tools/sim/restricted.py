"""Restricted facts: clerks write them, and nobody above the stations is ever told one (M-9.6, M-9.7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from jobdesk.cases.codec import decode
from jobdesk.cases.ops import Json, Kind, NewOp, Op, fields_set, opened
from jobdesk.cases.restricting import is_withheld, without
from province.withholding import RESTRICTING
from tools.sim.clerk import act, case_of
from tools.sim.machine import Machine
from tools.sim.plan import Step
from tools.sim.world import Violation, World


def write(world: World, machine: Machine, _step: Step) -> bool:
    """A registration, a group, an absence, an end of help: restricted, or put right since; with other work in
    the same action.
    """
    state = case_of(world, machine)
    if state is None:
        return False
    subject, new_id = state.subject, machine.station.file.ids
    service = opened(subject, "service", new_id(), {"content": "来访"}, kind=Kind.SERVICE_RECORDED)
    match world.at.randrange(5):
        case 0:
            ops = [opened(subject, "registration", new_id(), {"since": "2026-03", "reason": "12"}), service]
        case 1:
            ops = [opened(subject, "group", new_id(), {"kind": "released"})]
        case 2:
            ops = [service, opened(subject, "absence", new_id(), {"kind": "custody", "since": "2026-05"})]
        case 3:
            ops = [_reason(state.subject.id, state.root.bases("help_reason", "address"), world, new_id())]
        case _:
            known = [r for r in state.of("registration") if not r.conflicts]
            if not known:
                return False
            one = world.at.choice(known)
            to: dict[str, Json] = {"reason": world.at.choice(("11", "12"))}
            ops = [fields_set(subject, "registration", one.id, to, one.bases("reason"))]
    if not act(world, machine, [replace(o, subject=subject) for o in ops]):
        return False
    world.say("restricted")
    return True


def _reason(case: str, bases: dict[str, list[str]], world: World, mark: str) -> NewOp:
    """Both in one form: what may be seen and what may not."""
    from jobdesk.cases.ops import Subject

    values: dict[str, Json] = {
        "help_reason": world.at.choice(("imprisoned", "imprisoned", "moved")), "address": f"路{mark[-3:]}",
    }  # fmt: skip
    return fields_set(Subject("case", case), "case", case, values, bases)


def nothing_in_the_log(world: World) -> None:
    """S7: who asks the server's log in a new place is told nothing."""
    for (line,) in world.ground.con.execute("SELECT line FROM op"):
        op = decode(bytes(line))
        if RESTRICTING.tells(op.payload):
            raise Violation(f"S7: the log itself tells a restricted {op.kind.value} of {op.subject.id}")


def seen_above(world: World, lives: set[str], whole: Iterable[Op], here: Iterable[Op]) -> list[Op]:
    """What a desk above may see of a subject; what it wrote itself, in these lives of its file, it may have."""
    own = {o.op_id for o in here if o.payload and world.oracle.made[o.op_id].replica_id in lives}
    return [without(op) if RESTRICTING.tells(op.payload) and op.op_id not in own else op for op in whole]


def rightly_blank(machine: Machine, whole: dict[str, Op], here: Iterable[Op]) -> None:
    """S9: withheld is what is restricted, at desks above, and nothing else."""
    for op in here:
        if not is_withheld(op):
            continue
        thing = whole.get(op.op_id)
        if machine.role == "desk" or (thing is not None and not RESTRICTING.tells(thing.payload)):
            raise Violation(f"S9: {machine.name} has the header of {op.kind.value} of {op.subject.id} only")
