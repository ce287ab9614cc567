"""An exchange as files on a stick: taken out, carried by anybody, brought back; twice, late, out of order, damaged."""

from __future__ import annotations

from jobdesk.cases.errors import BadInput, Refused, Trouble
from jobdesk.protocol.codes import ErrorCode
from jobdesk.store import sync_facts
from jobdesk.sync import carried_in, carried_out
from jobdesk.sync.client import Client, Declined, hand_over
from tools.sim.machine import Machine
from tools.sim.plan import Step
from tools.sim.world import Paper, Violation, World

MOST = 6
"""Files that lie about; the oldest is thrown away."""


def out(world: World, machine: Machine, _step: Step) -> bool:
    """Written and told."""
    if not machine.org or machine.busy:
        return False
    made = carried_out.compose(machine.station.file, machine.clock)
    carried_out.written(machine.station.file, made.file.exchange, made.file.name)
    _lies_about(world, Paper(machine.fact("device"), made.data))
    world.say(f"{made.file.ops} operations")
    return True


def _lies_about(world: World, paper: Paper) -> None:
    kept = [p for p in world.papers if p.back == paper.back]
    if len(kept) >= MOST:
        world.papers.remove(kept[0])
    world.papers.append(paper)


def _picked(world: World, *, back: bool, device: str = "") -> tuple[Paper, bytes, bool] | None:
    """One of them as it is read, and whether it was damaged on the way. It may be used again."""
    there = [p for p in world.papers if p.back == back and device in ("", p.device)]
    if not there:
        return None
    paper = world.at.choice(there)
    if world.at.random() < 0.6:
        world.papers.remove(paper)
    if world.at.random() >= 0.15:
        return paper, paper.data, False
    at = world.at.randrange(len(paper.data))
    if world.at.random() < 0.5:
        return paper, paper.data[:at], True
    return paper, paper.data[:at] + bytes([paper.data[at] ^ 1]) + paper.data[at + 1 :], True


def carried(world: World, machine: Machine, step: Step) -> bool:
    """Whoever has a line hands one over: this PC in its name, or nobody in particular."""
    found = _picked(world, back=False)
    if found is None:
        return False
    paper, data, damaged = found
    wire = world.wire(machine, step, 0.0)
    try:
        if machine.org and world.at.random() < 0.5:
            key = bytes.fromhex(machine.fact("device_key"))
            answer = Client(wire, machine.fact("device"), key).carried(data)
        else:
            answer = hand_over(wire, data)
    except Declined as declined:
        world.say(f"declined: {declined.refusal.detail or declined.error}")
        if declined.error is ErrorCode.BODY and not damaged:
            raise Violation(f"M-12.4: a sound file was refused: {declined.refusal.detail}") from None
        return damaged
    except Trouble as trouble:
        world.say(trouble.code)
        return False
    if damaged:
        raise Violation("M-12.2: the server took a damaged file")
    for one in world.machines:
        if one.fact("device") == paper.device:
            world.watch.carried(paper.device, one.read(sync_facts.all_facts), answer)
            break
    _lies_about(world, Paper(paper.device, answer, True))
    world.say("answered")
    return True


def back(world: World, machine: Machine, step: Step) -> bool:
    """Mostly its own answers; at times any that lies about. Who waits for none has one fetched first."""
    if not machine.org or machine.busy:
        return False
    mine = machine.fact("device")
    if not any(paper.back and paper.device == mine for paper in world.papers):
        world.also("stick_out", machine, step)
        world.also("stick_carried", world.at.choice(world.machines), step)
    found = _picked(world, back=True, device=mine if world.at.random() < 0.8 else "")
    if found is None:
        return False
    paper, data, damaged = found
    try:
        brought = carried_in.take(machine.station.file, data, machine.clock, "回执.jobdesk")
    except (BadInput, Refused) as problem:
        world.say(problem.code)
        if problem.code == "carried_damaged" and not damaged:
            raise Violation(f"M-12.9: a sound answer is damaged to {machine.name}") from None
        return False
    if damaged or paper.device != mine:
        raise Violation(f"M-12.2: {machine.name} read {'a damaged answer' if damaged else 'of another PC'}")
    if data in machine.answers:
        raise Violation(f"M-12.9: {machine.name} read an answer twice")
    receipt = brought.receipt
    if not receipt.error and not brought.ahead:
        machine.answers.append(data)
    if receipt.error in ("sync_unknown_device", "sync_revoked"):
        machine.org, machine.code = "", ""
    world.say(f"sent {receipt.sent_ops} came {receipt.came_ops} {' '.join(receipt.repaired)} {receipt.error}")
    return not receipt.error
