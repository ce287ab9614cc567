"""Organisations move: a station comes under another township, and whoever stands above sees other streams (M-5.6)."""

from __future__ import annotations

from province import orgs
from province.db.engine import EVERYTHING
from tools.sim.ground import ORGS, STATIONS
from tools.sim.machine import Machine
from tools.sim.plan import Step
from tools.sim.world import World

TOWNSHIPS = ("t1", "t2")


def regroup(world: World, _machine: Machine, _step: Step) -> None:
    """One station goes to the other township, by the operator's list."""
    station = world.at.choice(STATIONS)
    name = next(n for i, n, _, _ in ORGS if i == station)
    query = "SELECT parent FROM org WHERE id = ?"
    (before,) = world.ground.con.execute(query, (station,)).fetchone()
    to = TOWNSHIPS[1 - TOWNSHIPS.index(before)]
    with world.server.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org(station, name, "station", to, "")])
    world.say(f"{station} -> {to}")
