"""What stations say to each other about a file: ask, agree, refuse, withdraw (M-6.6)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Kind, Op
from jobdesk.host.calendar_file import working_days
from jobdesk.protocol.validity import TOLD_MS
from jobdesk.services.desk import Desk
from jobdesk.services.moving import answering, asking
from jobdesk.store import sync_moves, sync_told
from jobdesk.store.sync_told import Notice
from tools.sim import upgrades
from tools.sim.clerk import case_of
from tools.sim.ground import STATIONS
from tools.sim.machine import Machine
from tools.sim.plan import Step
from tools.sim.standing import Province
from tools.sim.world import Violation, World

_ENDS = ("transfer_refuse", "transfer_over", "transfer_withdraw")


def _desk(machine: Machine) -> Desk | None:
    """Only a station's own desk speaks for it."""
    if machine.role != "desk" or not machine.org or not machine.fact("station"):
        return None
    return Desk(machine.station.file, machine.template.staff, working_days())


def _say(world: World, what: str, job: Callable[[], Any]) -> Any:
    """What came of it; None where the program said no."""
    try:
        done = job().result()
    except Refused as refused:
        world.say(f"{what}: {refused.code}")
        return None
    world.say(what)
    ops: Sequence[Op] = getattr(done, "ops", ())
    world.oracle.note_saved(op.op_id for op in ops)
    return done if done is not None else ops


def ask(world: World, machine: Machine, _step: Step) -> bool:
    """Give one of ours away, have one that is elsewhere, or take a request back."""
    desk = _desk(machine)
    if desk is None:
        return False
    mine = machine.read(lambda con: sync_moves.asks(con, open_only=True))
    if mine and world.at.random() < 0.2:
        chosen = world.at.choice(mine)
        return _say(world, "take back", lambda: asking.take_back(desk, chosen.id)) is not None
    if world.at.random() < 0.5:
        others = sorted(s for s, home in world.oracle.begun.items() if home != machine.org)
        if others:
            subject = world.at.choice(others)
            return (
                _say(world, f"ask for {subject[-6:]}", lambda: asking.ask_for(desk, subject, "要"))
                is not None
            )
    else:
        state = case_of(world, machine)
        if state is not None:
            to = world.at.choice([s for s in STATIONS if s != machine.org])
            made = _say(world, f"ask out {state.subject.id[-6:]} to {to}",
                        lambda: asking.ask_out(desk, state.subject.id, to, "搬家"))  # fmt: skip
            return made is not None
    return False


def answer(world: World, machine: Machine, step: Step) -> bool:
    """Yes or no to one that waits; carry out what others agreed to. Where nothing waits somebody asks first. Where
    this PC speaks for no station, one does that does.
    """
    desk = _desk(machine)
    if desk is None:
        stations = [m for m in world.machines if _desk(m) and not m.busy]
        if world.depth or not stations:
            return False
        chosen = world.at.choice(stations)
        world.say(chosen.name)
        with upgrades.program(chosen.program):
            return answer(world, chosen, step)
    if not (waiting := _waiting(machine)) and not world.depth and _asked_first(world, machine, step):
        waiting = _waiting(machine)
    if not waiting:
        world.say("(nothing waits)")
        return False
    return _answer(world, machine, desk, world.at.choice(waiting))


def _waiting(machine: Machine) -> list[Notice]:
    """What a clerk finds in front of him."""
    told = [n for n in machine.read(sync_told.notices) if not n.seen_ms]
    return [n for n in told if n.kind in ("transfer_request", "transfer_accept")]


def _answer(world: World, machine: Machine, desk: Desk, chosen: Notice) -> bool:
    """Whether it was taken for an answer."""
    if chosen.kind == "transfer_accept":
        made = _say(world, "carry out", lambda: answering.carry_out(desk, chosen.id))
        _leaves(world, machine, chosen, made, "carried out")
    elif world.at.random() < 0.6:
        made = _say(world, "accept", lambda: answering.accept(desk, chosen.id))
        _counted(world, made, "accepted")
        if chosen.more.get("target") != machine.org:
            _leaves(world, machine, chosen, made, "given away")
    else:
        made = _say(world, "refuse", lambda: answering.refuse(desk, chosen.id, "户口不在"))
        _counted(world, made, "refused")
    return made is not None


def _counted(world: World, made: Any, what: str) -> None:
    if made is not None:
        world.counts[f"request {what}"] = world.counts.get(f"request {what}", 0) + 1


def _leaves(world: World, machine: Machine, agreed: Notice, made: Any, what: str) -> None:
    """M-6.6: what a station says that it gives away leaves with the word."""
    _counted(world, made, what)
    if made is None:
        return
    to = {op.subject.id: _target(op) for op in getattr(made, "ops", ())}
    if not any(to.get(subject) == agreed.more.get("target") for subject in agreed.subjects):
        raise Violation(f"M-6.6: {machine.name} agreed to give {agreed.subjects[0]} away, and it stays")


def _target(op: Op) -> str:
    """The station that an operation moves its subject to; empty for others."""
    match op.payload:
        case {"set": {"station": str(to)}} if op.kind is Kind.TRANSFERRED:
            return to
        case _:
            return ""


def _asked_first(world: World, machine: Machine, step: Step) -> bool:
    """Another station's PC wants a file from here, or has one to give; or a colleague of this PC offered one, it was
    agreed to, and he has gone home. Exchanges bring the words; whether any was said.
    """
    others = [m for m in world.machines if m.wants[1] == "desk" and m.wants[0] != machine.org and not m.busy]
    if not others or machine.busy:
        return False
    other = world.at.choice(others)
    if _desk(other) is None:
        _exchanged(world, step, other)  # it enrols with it
    twins = [
        m for m in world.machines if m.org == machine.org and m is not machine and _desk(m) and not m.busy
    ]
    if twins and world.at.random() < 0.5:
        twin = world.at.choice(twins)
        if not _offers(world, twin, other.org):
            return False
        _exchanged(world, step, twin, other)
        agreed, desk = _waiting(other), _desk(other)
        if desk is not None and agreed:
            _answer(world, other, desk, world.at.choice(agreed))
            _exchanged(world, step, other, machine)
        return True
    offers = world.at.random() < 0.5 and _offers(world, other, machine.org)
    said = offers or _wants(world, other, machine)
    if said:
        _exchanged(world, step, other, machine)
    return said


def _offers(world: World, machine: Machine, to: str) -> bool:
    """A file of this PC, newer ones as well as the old that everybody has to do with."""
    desk, cases = _desk(machine), machine.cases()
    if desk is None or not cases:
        return False
    chosen = world.at.choice(cases)
    what = f"{machine.name} asks out {chosen[-6:]} to {to}"
    return _say(world, what, lambda: asking.ask_out(desk, chosen, to, "搬家")) is not None


def _wants(world: World, machine: Machine, other: Machine) -> bool:
    desk, cases = _desk(machine), other.cases()
    if desk is None or not cases:
        return False
    chosen = world.at.choice(cases)
    what = f"{machine.name} asks for {chosen[-6:]}"
    return _say(world, what, lambda: asking.ask_for(desk, chosen, "要")) is not None


def _exchanged(world: World, step: Step, *machines: Machine) -> None:
    """One after the other over a good line, each with the program that is on it."""
    step = replace(step, calm=True)  # nobody comes between: it is for the words, and dear enough
    for one in machines:
        if not one.busy:
            world.say(one.name)
            with upgrades.program(one.program):
                world.exchange(one, world.wire(one, step, 0.0))


def check(world: World) -> None:
    """M-6.6: what was said is on the server, and both stations were told."""
    con = world.ground.con
    notices = "SELECT n.id, s.id FROM notice n LEFT JOIN stream s ON s.num = n.home"
    here: dict[str, str | None] = dict(con.execute(notices).fetchall())
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
            if lost:
                raise Violation(f"M-6.6: the server does not have {one.id} that {machine.name} said")
            if one.step != "request" and not one.error and not one.is_sent and _waits_for(one, machine, here):
                raise Violation(f"M-6.6: {machine.name} never answered {one.body['answers']}")


def agreed(world: World, province: Province) -> None:
    """M-6.6, M-6.9: what both sides agreed on has moved, or a clerk is told that it is over, or that it is for him to
    carry out: his colleague's PC with the request may be gone.
    """
    moves: dict[str, set[str]] = {}
    for op in province.ops.values():
        moves.setdefault(op.subject.id, set()).add(_target(op))
    for machine in world.machines:
        if machine.role == "desk":
            _given(machine, province, moves)
    query = (
        "SELECT a.id, r.subjects, r.sender, r.more FROM notice a JOIN notice r ON r.id = a.answers "
        "WHERE a.kind = 'transfer_accept' AND a.id NOT LIKE 'own-%'"
    )
    for word, subjects, asker, more in world.ground.con.execute(query).fetchall():
        if not more or json.loads(more).get("target") != asker:  # blank of the erased
            continue
        stay = [s for s in json.loads(subjects) if not _went(province, moves, s, asker)]
        if stay:
            raise Violation(f"M-6.6: by {word} {stay[0]} was given to {asker}, and nothing moves it")


def _given(machine: Machine, province: Province, moves: dict[str, set[str]]) -> None:
    """What one desk offered to others, and they said yes."""
    asks = {a.id: a for a in machine.read(sync_moves.asks)}
    told = machine.read(sync_told.notices)
    ended = {n.answers for n in told if n.kind in _ENDS}
    for one in told:
        target = str(one.more.get("target"))
        if one.kind != "transfer_accept" or one.sender == machine.org or target == machine.org:
            continue
        ask = asks.get(one.answers or "")
        if ask is not None and not ask.done_ms:
            raise Violation(f"M-6.6: {machine.name} goes on asking {ask.id}, which was agreed to")
        over = one.answers in ended or (ask is not None and ask.error)
        if one.seen_ms and not over and not all(_went(province, moves, s, target) for s in one.subjects):
            raise Violation(f"M-6.6: {machine.name} tells nobody of {one.id}: agreed to, and it stays")


def _went(province: Province, moves: dict[str, set[str]], subject: str, target: str) -> bool:
    """Whether a move there is listed, and where it is the only one led there; of the erased nothing is asked."""
    if subject in province.erased or subject in province.gone:
        return True
    listed = moves.get(subject, set()) - {""}
    return target in listed and (len(listed) > 1 or province.homes.get(subject) == target)


def _waits_for(one: sync_moves.Ask, machine: Machine, here: Mapping[str, str | None]) -> bool:
    """Whether the server has what this answers. Of who is at home elsewhere since a restore, another station is
    asked now.
    """
    request = one.body["answers"]
    return request in here and (one.step == "withdraw" or here[request] == machine.org)
