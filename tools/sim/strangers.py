"""What stands where it has no business: operations in streams of others, merges that were taken apart in one stream
only, people who left and are readable still.
"""

from __future__ import annotations

from jobdesk.cases.ops import RULES, Kind, Op, Shape
from jobdesk.store import local, sync_scope, sync_state
from jobdesk.store.log import Connection, ops_of_subject
from tools.sim.machine import Machine
from tools.sim.standing import Province
from tools.sim.world import Violation, World


def check(world: World, province: Province) -> None:
    """Raises Violation."""
    nothing_of_others(world, province)
    taken_apart(world, province)
    for machine in world.machines:
        let_go(world, machine, province)


def nothing_of_others(world: World, province: Province) -> None:
    """S7, M-5.5: a stream lists of a subject only what is, or ever was meant to be, at its station; besides, who is
    erased (M-7.3) and merges with files of it (M-6.5). By what clerks did, not by what the server keeps of homes.
    A server that lost its past hears of somebody erased from whoever comes first, and that may be where he was
    merged into a file: then his blank lines stand there.
    """
    places, into = _places(world)
    forgot = _forgot(world)
    for stream, ids in province.listed.items():
        for op in (province.ops[i] for i in ids):
            subject = op.subject.id
            if stream in places.get(subject, {stream}) or RULES[op.kind].shape is Shape.ERASE:
                continue
            blank = forgot and op.payload is None and subject in province.gone
            merges = op.kind in (Kind.MERGED, Kind.UNMERGED)
            if (merges or blank) and any(
                stream in places.get(other, {stream}) for other in into.get(subject, ())
            ):
                continue
            raise Violation(f"S7: {stream} lists {op.kind.value} of {subject}, which never was there")


def _forgot(world: World) -> bool:
    """Whether the server ever lost some of its past."""
    return bool(world.counts.get("server_back") or world.counts.get("server_back_silent"))


def taken_apart(world: World, province: Province) -> None:
    """M-6.5: that a merge was taken apart is listed wherever the merge is that it names. As with merges, on a server
    that was never restored.
    """
    if _forgot(world):
        return
    for op in province.ops.values():
        match op.payload:
            case {"bases": {"merged_into": list(known)}} if op.kind is Kind.UNMERGED:
                for stream, ids in province.places.items():
                    if op.op_id not in ids and not ids.isdisjoint(map(str, known)):
                        raise Violation(
                            f"M-6.5: {stream} lists a merge of {op.subject.id}, not that it was undone"
                        )
            case _:
                continue


def let_go(world: World, machine: Machine, province: Province) -> None:
    """M-5.6: who moved on is no longer readable at the station he left, once all of him is safe as its PC was told.
    Of desks: of those above them nobody moves away but with a stream.
    """
    scope = world.ground.scope(machine.org)
    if machine.role != "desk":
        _left_with_stream(machine, province, scope)
        return
    left = {
        province.ops[i].subject.id
        for stream in scope for i in province.listed[stream] if province.ops[i].kind is Kind.TRANSFERRED
    }  # fmt: skip
    left = {subject for subject in left if province.homes[subject] not in scope}

    def job(con: Connection) -> list[str]:
        own = {mark.replica: mark.safe for mark in sync_state.own_marks(con)}
        safe = sync_scope.stream_safe(con)
        told = {i for stream in scope for i in province.listed[stream][: safe.get(stream, 0)]}
        return [s for s in sorted(left) if _readable(world, ops_of_subject(con, s), own, told)]

    kept = machine.read(job) if left else []
    if kept:
        raise Violation(f"M-5.6: {machine.name} still reads {kept[0]}, who is at {province.homes[kept[0]]}")


def _left_with_stream(machine: Machine, province: Province, scope: frozenset[str]) -> None:
    """What others wrote of somebody of whom no stream of the scope lists anything."""
    here = {province.ops[i].subject.id for stream in scope for i in province.listed[stream]}
    away = {s for s, home in province.homes.items() if home not in scope} - here

    def job(con: Connection) -> list[str]:
        own = {mark.replica for mark in sync_state.own_marks(con)}
        rows = con.execute(
            "SELECT DISTINCT subject_id, replica_id FROM op WHERE payload IS NOT NULL AND kind <> 'Erased'"
        )
        return sorted({s for s, replica in rows.fetchall() if s in away and replica not in own})

    kept = machine.read(job)
    if kept:
        raise Violation(
            f"M-5.6: {machine.name} still reads {kept[0]} of {province.homes[kept[0]]}, which left"
        )


def _places(world: World) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Subject → stations it began at or was meant to move to; subject → files it was merged into."""
    places = {subject: {station} for subject, station in world.oracle.begun.items()}
    into: dict[str, set[str]] = {}
    for op in world.oracle.made.values():
        match op.payload:
            case {"set": {"station": str(to)}} if op.subject.id in places:
                places[op.subject.id].add(to)
            case {"set": {"merged_into": str(other)}}:
                into.setdefault(op.subject.id, set()).add(other)
            case _:
                continue
    return places, into


def _readable(world: World, found: list[Op], own: dict[str, int], told: set[str]) -> bool:
    """Whether payloads are here though none of them could be the last copy."""
    ops = [op for op in found if op.payload and RULES[op.kind].shape is not Shape.ERASE]
    return bool(ops) and not any(_may_be_the_last(world, op, own, told) for op in ops)


def _may_be_the_last(world: World, op: Op, own: dict[str, int], told: set[str]) -> bool:
    """``own``: replica of this file → up to where it is safe; ``told``: others' operations that are."""
    digest = local.digest_of(op)
    if digest is not None and not world.server.has_content(digest):
        return True
    return op.replica_seq > own[op.replica_id] if op.replica_id in own else op.op_id not in told
