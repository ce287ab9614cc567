"""A plan from its beginning to the checks, and what came of it in a line."""

from __future__ import annotations

import traceback
from pathlib import Path

from tools.sim import doing, inline, settling
from tools.sim.ground import Ground
from tools.sim.plan import Plan
from tools.sim.wire import EndlessExchange
from tools.sim.world import Violation, World

_HERE = f"{Path(__file__).parents[2]}/"


def begun(ground: Ground, plan: Plan) -> World:
    """A world in which nothing has happened yet."""
    return World(ground, plan, doing.STEPS, doing.BETWEEN)


def judged(ground: Ground, plan: Plan) -> tuple[str, World]:
    """Run a plan; what is wrong in one line and more, empty when all is well."""
    world = begun(ground, plan)
    try:
        world.run()
        settling.settle(world)
    except Violation as wrong:
        return str(wrong), world
    except EndlessExchange as endless:
        return f"L1: {endless}", world
    except (Exception, inline.Killed) as bug:  # noqa: BLE001 - whatever the program raises is a finding
        tail = traceback.extract_tb(bug.__traceback__)[-1]
        return (
            f"crash: {type(bug).__name__} {bug} at {tail.filename.removeprefix(_HERE)}:{tail.lineno}",
            world,
        )
    finally:
        world.close()
    return "", world
