"""What stations say to each other about a file: ask, agree, refuse, withdraw (M-6.6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jobdesk.cases.errors import Refused
from jobdesk.host.calendar_file import working_days
from jobdesk.services.desk import Desk
from jobdesk.services.moving import answering, asking
from jobdesk.store import sync_moves, sync_told
from tools.sim.clerk import case_of
from tools.sim.ground import STATIONS
from tools.sim.machine import Machine
from tools.sim.plan import Step
from tools.sim.world import DAY_MS, Violation, World

TOLD_MS = 90 * DAY_MS


def _desk(machine: Machine) -> Desk | None:
    """Only a station's own desk speaks for it."""
    if machine.role != "desk" or not machine.org or not machine.fact("station"):
        return None
    return Desk(machine.station.file, machine.template.staff, working_days())


def _say(world: World, what: str, job: Callable[[], Any]) -> None:
    try:
        done = job().result()
    except Refused as refused:
        world.say(f"{what}: {refused.code}")
        return
    world.say(what)
    world.oracle.note_saved(op.op_id for op in getattr(done, "ops", ()))


def ask(world: World, machine: Machine, _step: Step) -> None:
    """Give one of ours away, have one that is elsewhere, or take a request back."""
    desk = _desk(machine)
    if desk is None:
        return
    mine = machine.read(lambda con: sync_moves.asks(con, open_only=True))
    if mine and world.at.random() < 0.2:
        chosen = world.at.choice(mine)
        _say(world, "take back", lambda: asking.take_back(desk, chosen.id))
    elif world.at.random() < 0.5:
        others = sorted(s for s, home in world.oracle.begun.items() if home != machine.org)
        if others:
            subject = world.at.choice(others)
            _say(world, f"ask for {subject[-6:]}", lambda: asking.ask_for(desk, subject, "要"))
    else:
        state = case_of(world, machine)
        if state is not None:
            to = world.at.choice([s for s in STATIONS if s != machine.org])
            _say(world, f"ask out {state.subject.id[-6:]} to {to}",
                 lambda: asking.ask_out(desk, state.subject.id, to, "搬家"))  # fmt: skip


def answer(world: World, machine: Machine, _step: Step) -> None:
    """Yes or no to one that waits; carry out what others agreed to."""
    desk = _desk(machine)
    if desk is None:
        return
    told = [n for n in machine.read(sync_told.notices) if not n.seen_ms]
    waiting = [n for n in told if n.kind in ("transfer_request", "transfer_accept")]
    if not waiting:
        return
    chosen = world.at.choice(waiting)
    if chosen.kind == "transfer_accept":
        _say(world, "carry out", lambda: answering.carry_out(desk, chosen.id))
    elif world.at.random() < 0.6:
        _say(world, "accept", lambda: answering.accept(desk, chosen.id))
    else:
        _say(world, "refuse", lambda: answering.refuse(desk, chosen.id, "户口不在"))


def check(world: World) -> None:
    """M-6.6: what was said is on the server, and both stations were told."""
    con = world.ground.con
    here = {r[0] for r in con.execute("SELECT id FROM notice").fetchall()}
    told: dict[str, set[str]] = {}
    query = (
        "SELECT n.id, s.id FROM notice n JOIN stream s ON s.num = n.home "
        "WHERE n.settled_ms IS NULL AND n.at_ms > ? AND n.kind LIKE 'transfer%'"
    )
    for notice, stream in con.execute(query, (world.time.ms - TOLD_MS,)).fetchall():
        told.setdefault(stream, set()).add(notice)
    for machine in world.machines:
        if machine.role != "desk":
            continue
        known = {n.id for n in machine.read(sync_told.notices)}
        silent = told.get(machine.org, set()) - known
        if silent:
            raise Violation(f"M-6.6: {machine.name} was not told {min(silent)}")
        for one in machine.read(lambda c: sync_moves.asks(c, open_only=True)):
            if one.step == "request" and not one.error and not one.is_sent:
                raise Violation(f"M-6.6: {machine.name} never said {one.id}")
            lost = one.step == "request" and not one.error and one.id not in here
            if lost and not world.server.silent:  # of a restore that nobody told nobody can know it
                raise Violation(f"M-6.6: the server does not have {one.id} that {machine.name} said")
            if one.step != "request" and not one.error and not one.is_sent and one.body["answers"] in here:
                raise Violation(f"M-6.6: {machine.name} never answered {one.body['answers']}")
