"""Attachments: bytes that operations name. In the end whoever wants them has them, and nobody those of the erased."""

from __future__ import annotations

from jobdesk.cases.ops import Json, Kind, Subject, opened
from jobdesk.store import local, sync_blobs
from tools.sim.clerk import act, case_of
from tools.sim.ground import CHUNK
from tools.sim.machine import Machine
from tools.sim.plan import Step
from tools.sim.standing import Province
from tools.sim.world import Violation, World


def attach(world: World, machine: Machine, _step: Step) -> bool:
    """A picture of a paper; hardly two are alike."""
    state = case_of(world, machine)
    return state is not None and attach_to(world, machine, state.subject)


def attach_to(world: World, machine: Machine, subject: Subject) -> bool:
    content = world.at.randbytes(world.at.choice((1, CHUNK, CHUNK + 1, 900, 2500)))
    digest = local.digest(content)
    values: dict[str, Json] = {"digest": digest, "file_name": "p.pdf", "media_type": "application/pdf"}
    op = opened(subject, "attachment", machine.station.file.ids(), values, kind=Kind.ATTACHMENT_ADDED)
    if not act(world, machine, [op], [content]):
        return False
    world.oracle.contents.setdefault(digest, set()).add(subject.id)
    world.say(f"{len(content)} bytes")
    return True


def held(machine: Machine) -> set[str]:
    """Digests of what is in its file."""
    return machine.read(lambda con: {r[0] for r in con.execute("SELECT digest FROM blob").fetchall()})


def left(world: World) -> set[str]:
    """What stands anywhere, after disks were lost."""
    known = world.oracle.contents
    here = {d for d in known if world.server.has_content(d)}
    return here.union(*(held(machine) for machine in world.machines))


def check(world: World, province: Province) -> None:
    """M-9.4, M-9.5: by digest, on the server and in every file."""
    contents = world.oracle.contents
    erased = {d for d, subjects in contents.items() if subjects <= province.erased}
    named = {
        digest
        for op in province.ops.values()
        if op.payload is not None and (digest := local.digest_of(op)) in contents
    }
    for digest in sorted(named - erased):
        if not world.server.has_content(digest):
            raise Violation(f"M-9.4: the server lacks content {digest[:8]} of {min(contents[digest])}")
    for digest in sorted(erased):
        if world.server.store.state(digest).held:  # half of it too
            raise Violation(f"M-7.1: the server keeps content {digest[:8]} of erased {min(contents[digest])}")
    for machine in world.machines:
        scope = world.ground.scope(machine.org)
        mine = {
            d for d, subjects in contents.items() if any(province.homes.get(s) in scope for s in subjects)
        }
        _file(machine, contents, erased, mine)


def _file(machine: Machine, contents: dict[str, set[str]], erased: set[str], mine: set[str]) -> None:
    wanted = sorted(mine.intersection(machine.read(sync_blobs.wanted)))
    if wanted:
        raise Violation(f"M-9.4: {machine.name} lacks content {wanted[0][:8]} of {min(contents[wanted[0]])}")
    for digest in sorted(held(machine)):
        if digest in erased:
            raise Violation(
                f"M-7.2: {machine.name} keeps content {digest[:8]} of erased {min(contents[digest])}"
            )
        content = machine.read(lambda con, d=digest: local.blob(con, d))
        if content is None or local.digest(content) != digest:
            raise Violation(f"M-9.5: content {digest[:8]} of {machine.name} is another one")
