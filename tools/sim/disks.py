"""What happens to PCs: disks, clocks, other programs, thieves."""

from __future__ import annotations

from tools.sim import copies, upgrades
from tools.sim.machine import Machine
from tools.sim.plan import Step
from tools.sim.world import DAY_MS, Violation, World

YEAR_MS = 365 * DAY_MS


def backup(_world: World, machine: Machine, _step: Step) -> None:
    machine.back_up()


def restore(world: World, machine: Machine, step: Step) -> None:
    """A backup and the journal: nothing may be missing."""
    if machine.backups() and not machine.busy:
        before = machine.op_ids() & world.oracle.saved
        machine.restore(world.at.randrange(3), journal=True)
        restored(machine)
        lost = before - machine.op_ids()
        if lost:
            raise Violation(f"S2: {machine.name} restored with its journal has {len(lost)} operations less")


def bare_restore(world: World, machine: Machine, step: Step) -> None:
    """Only an old backup is left."""
    if machine.backups() and not machine.busy:
        machine.restore(world.at.randrange(3), journal=False)
        restored(machine)
        copies.counted_anew(world)


def restored(machine: Machine) -> None:
    machine.last_action = []
    if machine.fact("device"):
        machine.org, machine.role = machine.wants
    else:
        machine.org, machine.code = "", ""


def clone(world: World, machine: Machine, _step: Step) -> None:
    """Somebody copies this PC's disk onto another PC of the same organisation."""
    others = [m for m in world.machines if m is not machine and m.wants == machine.wants and not m.busy]
    if others and not machine.busy:
        other = world.at.choice(others)
        other.clone_from(machine)
        world.say(f"-> {other.name}")
        copies.counted_anew(world)


def destroyed(world: World, machine: Machine, _step: Step) -> None:
    """The disk is gone, no backup: a new station file, enrolled anew."""
    if world.spare < len(world.ground.templates) and not machine.busy:
        machine.begin_anew(world.ground.templates[world.spare])
        world.spare += 1
        world.begins(machine)
        copies.counted_anew(world)


def copy_server(world: World, _machine: Machine, _step: Step) -> None:
    world.server.back_up()


def server_back(world: World, _machine: Machine, _step: Step) -> None:
    if world.server.kept:
        _server_restored(world, told=True)


def server_back_silent(world: World, _machine: Machine, _step: Step) -> None:
    """The operator leaves the new epoch out."""
    if world.server.kept:
        _server_restored(world, told=False)


def _server_restored(world: World, *, told: bool) -> None:
    """The database, and now and then the folder of contents with it; then the epoch is told (M-9.4)."""
    which = world.at.randrange(3)
    contents = told and world.at.random() < 0.4
    if contents:
        world.say("with contents")
    world.server.restore(which, told=told, contents=contents)
    copies.counted_anew(world)


def drift(_world: World, machine: Machine, _step: Step) -> None:
    """What a bug of long ago may have left: a digest that is not the stream's."""
    machine.station.file.write(
        lambda w: w.con.execute(
            "UPDATE stream_state SET digest = ?, agreed_ms = 0 WHERE loading IS NULL", (bytes(32),)
        )
    ).result()


def revoke(world: World, machine: Machine, _step: Step) -> None:
    """A PC is reported stolen; what it still sends waits for a person."""
    device = machine.fact("device")
    if device:
        world.server.revoke(device)


def upgrade(world: World, machine: Machine, _step: Step) -> None:
    """A newer program on this PC: from now on it writes what older ones cannot read."""
    if not machine.busy:
        machine.program = upgrades.NEWER
        machine.reopen()


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


def reopen(_world: World, machine: Machine, _step: Step) -> None:
    if not machine.busy:
        machine.reopen()
