"""Exchanges: good ones, bad ones, and programs that die in them."""

from __future__ import annotations

from tools.sim import inline
from tools.sim.clerk import serve
from tools.sim.machine import Machine
from tools.sim.plan import Step
from tools.sim.world import World


def sync(world: World, machine: Machine, step: Step) -> bool:
    return world.exchange(machine, world.wire(machine, step, 0.0)) is not None


def bad_sync(world: World, machine: Machine, step: Step) -> bool:
    """Where something happened to a request."""
    wire = world.wire(machine, step, world.plan.share)
    world.exchange(machine, wire)
    return bool(wire.log)


def broken_sync(world: World, machine: Machine, step: Step) -> bool:
    """The line breaks at a request, before it arrived, before its answer did or because the server died at its
    commit, and stays broken. Early ones are those that send.
    """
    wire = world.wire(machine, step, 0.0)
    wire.breaks = world.at.choice((2, 2, 3, 4, world.at.randrange(2, 12)))
    wire.breaks_by = world.at.choice(("lost", "answer_lost", "server_dies"))
    world.say(f"[{wire.breaks_by}@{wire.breaks}]")
    world.exchange(machine, wire)
    return wire.asked >= wire.breaks


def killed_sync(world: World, machine: Machine, step: Step) -> bool:
    """The program dies at one of its commits; most exchanges have no more than a dozen."""
    wire = world.wire(machine, step, world.plan.share / 3)
    before = machine.every_op_id()
    commits = world.at.choice(
        (world.at.randrange(1, 14), world.at.randrange(1, 14), world.at.randrange(14, 80))
    )
    with inline.dying(0 if step.calm else commits, before=world.at.random() < 0.5):
        try:
            world.exchange(machine, wire)
        except inline.Killed:
            world.say("killed")
            with inline.alive():
                world.died(machine, before)
            return True
    return False


def killed_save(world: World, machine: Machine, step: Step) -> bool:
    before = machine.every_op_id()
    with inline.dying(0 if step.calm else 1, before=world.at.random() < 0.5):
        try:
            serve(world, machine, step)
        except inline.Killed:
            with inline.alive():
                world.died(machine, before)
            return True
    return False


def ghost(world: World, _machine: Machine, _step: Step) -> bool:
    """Delayed requests arrive, in any order."""
    any_left = bool(world.line.ghosts)
    for _ in range(world.at.randrange(1, 4)):
        world.line.haunt(world.at)
    return any_left
