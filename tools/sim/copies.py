"""Disks are lost: what has no copy left cannot be asked for."""

from __future__ import annotations

from tools.sim import papers
from tools.sim.world import World


def counted_anew(world: World) -> None:
    """After a disk was lost, or went back to what it held before."""
    left = {row[0] for row in world.ground.con.execute("SELECT op_id FROM op")}
    for (line,) in world.ground.con.execute("SELECT line FROM quarantine WHERE length(line) > 0"):
        left |= {i for i in world.oracle.saved if i.encode() in bytes(line)}
    for machine in world.machines:
        left |= machine.op_ids() - machine.gone_with_stream()
    world.oracle.destroyed(left)
    kept = papers.left(world)
    world.oracle.contents = {d: s for d, s in world.oracle.contents.items() if d in kept}
