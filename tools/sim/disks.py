"""What happens to PCs: disks, clocks, other programs, thieves."""

from __future__ import annotations

from tools.sim import copies, upgrades
from tools.sim.machine import Machine
from tools.sim.plan import Step
from tools.sim.world import DAY_MS, Violation, World

YEAR_MS = 365 * DAY_MS
SINCE = ("open", "set", "serve", "sync", "broken_sync", "undo")
"""What happens at a PC between its backup and its restore."""


def backup(_world: World, machine: Machine, _step: Step) -> None:
    machine.back_up()


def restore(world: World, machine: Machine, step: Step) -> bool:
    """A backup and the journal: nothing may be missing."""
    if machine.busy:
        return False
    backed_up(world, machine, step)
    before, of_erased = machine.op_ids() & world.oracle.saved, machine.of_erased()
    machine.restore(world.at.randrange(3), journal=True)
    restored(machine)
    lost = before - machine.op_ids() - (of_erased & machine.every_op_id())
    if lost:
        raise Violation(f"S2: {machine.name} restored with its journal has {len(lost)} operations less")
    return True


def bare_restore(world: World, machine: Machine, step: Step) -> bool:
    """Only an old backup is left."""
    if machine.busy:
        return False
    backed_up(world, machine, step)
    machine.restore(world.at.randrange(3), journal=False)
    restored(machine)
    copies.counted_anew(world)
    return True


def backed_up(world: World, machine: Machine, step: Step) -> None:
    """A PC that has no backup makes one, and goes on with its work: what is younger is what a restore is about."""
    if machine.backups():
        return
    machine.back_up()
    for _ in range(world.at.randrange(1, 4)):
        world.also(world.at.choice(SINCE), machine, step)


def restored(machine: Machine) -> None:
    machine.last_action = []
    if machine.fact("device"):
        machine.org, machine.role = machine.wants
    else:
        machine.org, machine.code = "", ""


def clone(world: World, machine: Machine, _step: Step) -> bool:
    """Somebody copies this PC's disk onto another PC of the same organisation; where it has none, one of two others
    onto the other, and where nobody has a colleague a PC of another station becomes one.
    """
    free = [m for m in world.machines if not m.busy]
    pairs = [(m, o) for m in free for o in free if m is not o and m.wants == o.wants]
    pairs = [p for p in pairs if p[0] is machine] or pairs
    if not pairs and not machine.busy:
        pairs = [(machine, o) for o in free if o is not machine and o.wants[1] == machine.wants[1] == "desk"]
    if not pairs:
        world.say("(nobody)")
        return False
    one, other = world.at.choice(pairs)
    other.clone_from(one)
    world.say(f"{one.name} -> {other.name}")
    copies.counted_anew(world)
    return True


def destroyed(world: World, machine: Machine, _step: Step) -> bool:
    """The disk is gone, no backup: a new station file, enrolled anew."""
    if world.spare >= len(world.ground.templates) or machine.busy:
        return False
    machine.begin_anew(world.ground.templates[world.spare])
    world.spare += 1
    world.begins(machine)
    copies.counted_anew(world)
    return True


def copy_server(world: World, _machine: Machine, _step: Step) -> None:
    world.server.back_up()


def server_back(world: World, _machine: Machine, _step: Step) -> bool:
    return _server_restored(world, told=True)


def server_back_silent(world: World, _machine: Machine, _step: Step) -> bool:
    """The operator leaves the new epoch out."""
    return _server_restored(world, told=False)


def _server_restored(world: World, *, told: bool) -> bool:
    """The database, and now and then the folder of contents with it; then the epoch is told (M-9.4)."""
    if not world.server.kept:
        return False
    which = world.at.randrange(3)
    contents = told and world.at.random() < 0.4
    if contents:
        world.say("with contents")
    world.server.restore(which, told=told, contents=contents)
    copies.counted_anew(world)
    return True


def drift(_world: World, machine: Machine, _step: Step) -> bool:
    """What a bug of long ago may have left: a digest that is not the stream's."""
    query = "UPDATE stream_state SET digest = ?, agreed_ms = 0 WHERE loading IS NULL"
    return machine.station.file.write(lambda w: w.con.execute(query, (bytes(32),)).rowcount > 0).result()


def revoke(world: World, machine: Machine, _step: Step) -> bool:
    """A PC is reported stolen; what it still sends waits for a person."""
    device = machine.fact("device")
    if device:
        world.server.revoke(device)
    return bool(device)


def upgrade(_world: World, machine: Machine, _step: Step) -> bool:
    """A newer program on this PC: from now on it writes what older ones cannot read."""
    if machine.busy or machine.program == upgrades.NEWER:
        return False
    machine.program = upgrades.NEWER
    machine.reopen()
    return True


def upgrade_server(world: World, _machine: Machine, _step: Step) -> None:
    upgrades.upgrade_server(world.server)


def clock(world: World, machine: Machine, _step: Step) -> None:
    """A wrong clock, mostly by hours, sometimes by years."""
    hour = 3_600_000
    machine.clock.skew = world.at.choice(
        (0, 0, hour, -hour, 2 * YEAR_MS, -2 * YEAR_MS, -40 * YEAR_MS, 9 * YEAR_MS)
    )


def server_clock(world: World, _machine: Machine, _step: Step) -> None:
    """The server's own clock is put wrong, and stays so until the faults stop."""
    hour = 3_600_000
    skew = world.at.choice((0, hour, -hour, 3 * DAY_MS, -3 * DAY_MS, YEAR_MS, -YEAR_MS))
    world.server.clock.skew = skew
    world.say(f"{skew // hour} h")


def week(world: World, _machine: Machine, _step: Step) -> None:
    world.time.ms += world.at.randrange(1, 14) * DAY_MS


def reopen(_world: World, machine: Machine, _step: Step) -> bool:
    if machine.busy:
        return False
    machine.reopen()
    return True
