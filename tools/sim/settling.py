"""After the faults: everybody exchanges until nothing moves, then everything is held against everything."""

from __future__ import annotations

from jobdesk.store import sync_told
from tools.sim import checks, entropy, kept_apart, told, upgrades
from tools.sim.machine import Machine
from tools.sim.wire import Wire
from tools.sim.world import Violation, World

ROUNDS = 8
"""Own figure: exchanges of every PC after which all must be quiet (L1)."""


def settle(world: World) -> None:
    """Raises Violation."""
    world.at = entropy.keyed(world.plan.seed, "settle")
    entropy.entropy.source = entropy.keyed(world.plan.seed, "settle", "e")
    for machine in world.machines:
        machine.program = upgrades.NEWER
    upgrades.upgrade_server(world.server)
    world.server.clock.skew = 0  # those of the desks stay wrong: nobody looks after them
    with upgrades.program(upgrades.NEWER):
        _agree(world)


def _agree(world: World) -> None:
    _quiet(world)
    kept_apart.nobody_is_kept_out(world)
    kept_apart.nothing_waits_for_an_upgrade(world)
    told.check(world)
    if world.server.release_all(world.oracle.belongs()):
        _quiet(world)
    checks.check(world)


def _quiet(world: World) -> None:
    """Until every PC, one after the other, has exchanged and nothing moved."""
    count, still = len(world.machines), 0
    for n in range(ROUNDS * count):
        still = 0 if _calm(world, world.machines[n % count]) else still + 1
        if still == count:
            return
    raise Violation(f"L1: still not quiet after {ROUNDS} rounds: {world.trace[-count:]}")


def _calm(world: World, machine: Machine) -> bool:
    """One exchange over a good line; whether anything moved.

    What the server's limit a minute cuts goes on in the next minutes as the same exchange: who has pages of a byte
    to take in has not stalled. One that gets nowhere is over with the requests that an exchange may have (L1).
    What is offered for others, or for a life of this file that a restore forgot, moves too: who exchanged before
    has not seen it yet. So does what was said to another station, which a receipt does not count as told: its copy
    comes back (M-6.6).
    """
    wire, cut = Wire(world.line, world.at), False
    told = _told(machine)
    while True:
        world.time.ms += 60_000
        world.trace.append(f"settle {machine.name}")
        receipt = world.exchange(machine, wire)
        if receipt is None or not machine.org:  # enrolled with a fresh code the next time
            return True
        if receipt.error != "sync_busy" or not world.server.by_web:
            break
        cut = True
    if receipt.error:
        raise Violation(f"L1: {machine.name} ends with {receipt.error}")
    return bool(
        cut
        or receipt.sent_ops
        or receipt.known_ops
        or receipt.refilled_ops
        or receipt.came_ops
        or receipt.waiting
        or receipt.repaired
        or not receipt.agreed
        or receipt.contents_sent
        or receipt.contents_came
        or _told(machine) - told
    )


def _told(machine: Machine) -> set[str]:
    return {n.id for n in machine.read(sync_told.notices)}
