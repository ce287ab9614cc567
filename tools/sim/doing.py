"""The steps: what a clerk, an operator, a thief, a power cut do."""

from __future__ import annotations

from collections.abc import Callable

from jobdesk.cases import settling
from jobdesk.cases.errors import Refused
from jobdesk.cases.id_number import check_digit
from jobdesk.cases.ops import Json, Kind, NewOp, Subject, fields_set, opened, withdrawn
from jobdesk.cases.state import SubjectState
from tools.sim import inline, upgrades
from tools.sim.machine import Form, Machine
from tools.sim.plan import Step
from tools.sim.world import DAY_MS, Violation, World

YEAR_MS = 365 * DAY_MS
BETWEEN = (
    "set",
    "serve",
    "open",
    "sync",
    "sync",
    "sync",
    "copy_server",
    "server_back",
    "server_back_silent",
    "ghost",
)
FIELDS = ("phone", "phone", "address", "name", "id_number")


def _case(world: World, machine: Machine) -> SubjectState | None:
    """A file of this PC; the few oldest more often, so that clerks meet in them."""
    cases = machine.cases()
    if not cases:
        world.say("(nobody)")
        return None
    wanted = cases[:3] if world.at.random() < 0.7 else cases
    return machine.state(Subject("case", world.at.choice(wanted)))


def _act(world: World, machine: Machine, ops: list[NewOp]) -> None:
    """Save, and be told so."""
    changes = machine.act(ops)
    machine.last_action = list(changes.ops)
    world.oracle.note_saved(op.op_id for op in changes.ops)
    for op in changes.ops:
        world.oracle.begun.setdefault(op.subject.id, machine.wants[0])


def open_case(world: World, machine: Machine, _step: Step) -> None:
    """A new file; sometimes with a household in the same action."""
    if machine.wants[1] != "desk":  # nobody is at home at a county
        return
    case = machine.station.file.ids()
    subject = Subject("case", case)
    ops = [
        opened(subject, "case", case, {"name": f"某{case[-4:]}", "help_state": "open"}),
        opened(subject, "service", machine.station.file.ids(), {"content": "登记"}),
    ]
    if world.at.random() < 0.3:
        home = Subject("household", machine.station.file.ids())
        member = {"case": case, "relation": "self"}
        ops += [
            opened(home, "household", home.id, {}),
            opened(home, "member", machine.station.file.ids(), member),
        ]
    _act(world, machine, ops)


def set_field(world: World, machine: Machine, step: Step) -> None:
    """A form loaded and saved at once: what was typed is what is shown (S6)."""
    state = _case(world, machine)
    if state is None:
        return
    name = world.at.choice(FIELDS)
    value = (
        id_number(world.at.randrange(900))
        if name == "id_number"
        else f"{name}-{step.n}-{world.at.randrange(99)}"
    )
    _act(
        world,
        machine,
        [fields_set(state.subject, "case", state.subject.id, {name: value}, state.root.bases(name))],
    )
    held = machine.state(state.subject).root
    if held.get(name) != value or name in held.conflicts:
        raise Violation(f"S6: {machine.name} typed {name} into {state.subject.id} and sees {held.get(name)}")


def serve(world: World, machine: Machine, step: Step) -> None:
    state = _case(world, machine)
    if state is not None:
        record = machine.station.file.ids()
        values: dict[str, Json] = {"content": f"服务{step.n}", "served_on": "2026-07-01"}
        _act(world, machine, [opened(state.subject, "service", record, values, kind=Kind.SERVICE_RECORDED)])


def load_form(world: World, machine: Machine, _step: Step) -> None:
    state = _case(world, machine)
    if state is not None:
        machine.forms.append(Form(state.subject.id, state.root.bases("phone", "address")))


def save_form(world: World, machine: Machine, step: Step) -> None:
    """A form that lay open while others went on: its bases are those of its loading."""
    if not machine.forms:
        return
    form = machine.forms.pop(0)
    if form.case not in machine.cases():
        return
    values: dict[str, Json] = {"phone": f"alt-{step.n}", "address": f"dort-{step.n}"}
    _act(world, machine, [fields_set(Subject("case", form.case), "case", form.case, values, form.bases)])


def undo(world: World, machine: Machine, _step: Step) -> None:
    ops, machine.last_action = machine.last_action, []
    by: dict[Subject, list[str]] = {}
    for op in ops:
        by.setdefault(op.subject, []).append(op.op_id)
    if by and ops[0].kind not in (Kind.ERASED, Kind.TRANSFERRED, Kind.MERGED):
        _act(world, machine, [withdrawn(subject, ids) for subject, ids in by.items()])


def big(world: World, machine: Machine, step: Step) -> None:
    """An action of many operations: it goes, comes and stands whole."""
    state = _case(world, machine)
    if state is not None:
        new = [
            opened(state.subject, "service", machine.station.file.ids(), {"content": f"{step.n}/{n}" * 9})
            for n in range(world.at.randrange(5, 40))
        ]
        _act(world, machine, new)


def settle_conflict(world: World, machine: Machine, _step: Step) -> None:
    for case in machine.cases():
        state = machine.state(Subject("case", case))
        for conflict in state.root.conflicts:
            try:
                ops = settling.keep_shown(state, ("case", case), conflict)
            except Refused:
                continue
            if ops:
                _act(world, machine, ops)
                return


def help_state(world: World, machine: Machine, _step: Step) -> None:
    state = _case(world, machine)
    if state is not None:
        ended = state.root.get("help_state") == "ended"
        kind = Kind.HELP_RESUMED if ended else Kind.HELP_ENDED
        to = {"help_state": "open" if ended else "ended"}
        _act(
            world,
            machine,
            [
                fields_set(
                    state.subject, "case", state.subject.id, to, state.root.bases("help_state"), kind=kind
                )
            ],
        )


def _root(
    world: World, machine: Machine, kind: Kind, name: str, choose: Callable[[SubjectState], Json]
) -> None:
    state = _case(world, machine)
    if state is None:
        return
    value = choose(state)
    if value == state.root.get(name):
        return
    world.say(f"{state.subject.id[-6:]} {name}={value}")
    _act(
        world,
        machine,
        [
            fields_set(
                state.subject, "case", state.subject.id, {name: value}, state.root.bases(name), kind=kind
            )
        ],
    )


def transfer(world: World, machine: Machine, _step: Step) -> None:
    """The file moves; who has it at home says so."""
    here = machine.org if machine.role == "desk" else ""
    places = [s for s in ("a", "b", "d") if s != here]
    _root(world, machine, Kind.TRANSFERRED, "station", lambda _s: world.at.choice(places))


def merge(world: World, machine: Machine, _step: Step) -> None:
    cases = machine.cases()
    _root(world, machine, Kind.MERGED, "merged_into",
          lambda s: world.at.choice([c for c in cases if c != s.subject.id] or [None]))  # fmt: skip


def unmerge(world: World, machine: Machine, _step: Step) -> None:
    _root(world, machine, Kind.UNMERGED, "merged_into", lambda _s: None)


def erase(world: World, machine: Machine, _step: Step) -> None:
    state = _case(world, machine)
    if state is not None:
        world.say(state.subject.id[-6:])
        _act(world, machine, [NewOp(Kind.ERASED, state.subject, {"reason": "request"})])


def id_number(n: int) -> str:
    body = f"22990119800101{n:03}"
    return body + check_digit(body)


def same_person(world: World, machine: Machine, _step: Step) -> None:
    """One of two real people comes to one more desk, which opens a file."""
    if machine.wants[1] != "desk":
        return
    subject = Subject("case", machine.station.file.ids())
    values: dict[str, Json] = {
        "name": "同一人",
        "id_number": id_number(990 + world.at.randrange(2)),
        "help_state": "open",
    }
    _act(world, machine, [opened(subject, "case", subject.id, values)])


# ---------------------------------------------------------------------- lines


def sync(world: World, machine: Machine, step: Step) -> None:
    world.exchange(machine, world.wire(machine, step, 0.0))


def bad_sync(world: World, machine: Machine, step: Step) -> None:
    world.exchange(machine, world.wire(machine, step, world.plan.share))


def killed_sync(world: World, machine: Machine, step: Step) -> None:
    """The program dies at one of its commits."""
    wire = world.wire(machine, step, world.plan.share / 3)
    with inline.dying(0 if step.calm else world.at.randrange(1, 14), before=world.at.random() < 0.5):
        try:
            world.exchange(machine, wire)
        except inline.Killed:
            world.say("killed")
            with inline.alive():
                world.died(machine)


def killed_save(world: World, machine: Machine, step: Step) -> None:
    with inline.dying(0 if step.calm else 1, before=world.at.random() < 0.5):
        try:
            serve(world, machine, step)
        except inline.Killed:
            with inline.alive():
                world.died(machine)


def ghost(world: World, _machine: Machine, _step: Step) -> None:
    """Delayed requests arrive, in any order."""
    for _ in range(world.at.randrange(1, 4)):
        world.line.haunt(world.at)


# ---------------------------------------------------------------------- disks


def backup(_world: World, machine: Machine, _step: Step) -> None:
    machine.back_up()


def restore(world: World, machine: Machine, step: Step) -> None:
    """A backup and the journal: nothing may be missing."""
    if machine.backups() and not machine.busy:
        machine.restore(world.at.randrange(3), journal=True)
        restored(machine)


def bare_restore(world: World, machine: Machine, step: Step) -> None:
    """Only an old backup is left."""
    if machine.backups() and not machine.busy:
        machine.restore(world.at.randrange(3), journal=False)
        restored(machine)
        world.destroyed()


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
        world.destroyed()


def destroyed(world: World, machine: Machine, _step: Step) -> None:
    """The disk is gone, no backup: a new station file, enrolled anew."""
    if world.spare < len(world.ground.templates) and not machine.busy:
        machine.begin_anew(world.ground.templates[world.spare])
        world.spare += 1
        world.begins(machine)
        world.destroyed()


def copy_server(world: World, _machine: Machine, _step: Step) -> None:
    world.server.back_up()


def server_back(world: World, _machine: Machine, _step: Step) -> None:
    if world.server.kept:
        world.server.restore(world.at.randrange(3), told=True)
        world.destroyed()


def server_back_silent(world: World, _machine: Machine, _step: Step) -> None:
    """The operator leaves the new epoch out."""
    if world.server.kept:
        world.server.restore(world.at.randrange(3), told=False)
        world.destroyed()


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


def week(world: World, _machine: Machine, _step: Step) -> None:
    world.time.ms += world.at.randrange(1, 14) * DAY_MS


def reopen(_world: World, machine: Machine, _step: Step) -> None:
    if not machine.busy:
        machine.reopen()


STEPS: dict[str, Callable[[World, Machine, Step], None]] = {
    "open": open_case, "set": set_field, "serve": serve, "form": load_form, "save_form": save_form, "undo": undo,
    "big": big, "settle": settle_conflict, "help": help_state, "transfer": transfer, "merge": merge,
    "unmerge": unmerge, "erase": erase, "same_person": same_person, "sync": sync, "bad_sync": bad_sync,
    "killed_sync": killed_sync, "killed_save": killed_save, "backup": backup, "restore": restore,
    "bare_restore": bare_restore, "clone": clone, "destroyed": destroyed, "copy_server": copy_server,
    "server_back": server_back, "server_back_silent": server_back_silent, "clock": clock, "ghost": ghost,
    "week": week, "upgrade": upgrade, "upgrade_server": upgrade_server, "drift": drift, "revoke": revoke, "reopen": reopen,
}  # fmt: skip
