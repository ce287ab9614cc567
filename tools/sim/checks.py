"""The invariants (sync-study §2.1), held against every file and the province once all is quiet."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator

from jobdesk.cases.fold import fold
from jobdesk.cases.ops import RULES, Kind, Op, Shape
from jobdesk.cases.state import SubjectState
from jobdesk.store import check as station_check
from jobdesk.store import reads, recounting, sync_state
from jobdesk.store.log import Connection, ops_by_subject
from province.pairs import MOST_OF_TWO
from province.withholding import RESTRICTING
from tools.sim import as_typed, papers, restricted, sight, strangers, talks, told
from tools.sim.machine import Machine
from tools.sim.standing import Province, read_province
from tools.sim.world import Violation, World


def check(world: World) -> None:
    """Raises Violation with the first invariant that does not hold."""
    if world.watch.leaked:
        first = world.watch.leaked[0]
        raise Violation(first if first.startswith("M-") else f"S7: {first}")
    province = read_province(world)
    restricted.nothing_in_the_log(world)
    _nothing_lost(world, province)
    as_typed.check(world, province)
    _all_at_home(province)
    _merges_told(world, province)
    _told_twice(world, province)
    _erased_everywhere(province)
    states = dict(_states(province))
    _on_some_list(world, province, states)
    for machine in world.machines:
        _file(world, province, machine, states)
    papers.check(world, province)
    talks.check(world)
    talks.agreed(world, province)
    told.check(world)
    strangers.check(world, province)


def _nothing_lost(world: World, province: Province) -> None:
    """S2, S12."""
    oracle = world.oracle
    apart = province.apart - province.ops.keys()
    gone = {i for i in oracle.saved - province.ops.keys() if oracle.made[i].subject.id in province.wiped}
    lost = oracle.saved - province.ops.keys() - apart - gone
    if lost:
        op = oracle.made[min(lost)]
        raise Violation(
            f"S2: {len(lost)} operations are lost, {op.kind.value} of {op.subject.id} by {op.replica_id}"
        )
    actions: dict[str, set[bool]] = {}
    for op_id in oracle.saved - gone:
        actions.setdefault(oracle.made[op_id].action_id, set()).add(op_id in province.ops)
    half = [a for a, seen in actions.items() if len(seen) > 1]
    if half:
        raise Violation(f"S12: half of action {half[0]} is listed")
    apart = {i for i in apart if oracle.made[i].subject.id in oracle.begun}  # not a county PC's own matters
    if apart:
        op = oracle.made[min(apart)]
        reason = world.ground.con.execute("SELECT reason FROM quarantine WHERE settled_ms IS NULL").fetchone()
        raise Violation(
            f"M-4.4: {len(apart)} operations stay apart ({reason[0]}), {op.kind.value} of {op.subject.id}"
        )


def _all_at_home(province: Province) -> None:
    """M-6.2: the stream a subject is at home in lists all of it."""
    for op in province.ops.values():
        home = province.homes[op.subject.id]
        if op.op_id not in province.places[home]:
            raise Violation(f"M-6.2: {op.kind.value} of {op.subject.id} is not listed in {home}")


def _erased_everywhere(province: Province) -> None:
    """M-7.3: whoever has anything of an erased subject is told."""
    for stream, ids in province.listed.items():
        ops = [province.ops[i] for i in ids]
        told = {o.subject.id for o in ops if RULES[o.kind].shape is Shape.ERASE}
        silent = {o.subject.id for o in ops} & province.erased - told
        if silent:
            raise Violation(f"M-7.3: stream {stream} does not tell that {min(silent)} is erased")


def _merges_told(world: World, province: Province) -> None:
    """M-6.5: a merge is listed where the file it leads to is at home. Of files that never moved, on a server that
    was never restored: one that lost that file is told of the merge before it knows where to list it.
    """
    if world.counts.get("server_back") or world.counts.get("server_back_silent"):
        return
    stays = {s for s, home in world.oracle.begun.items() if province.homes.get(s) == home}
    stays -= {row[0] for row in world.ground.con.execute("SELECT subject FROM moved")}
    for op in province.ops.values():
        if op.kind is not Kind.MERGED:
            continue
        match op.payload:
            case {"set": {"merged_into": str(into)}} if into in stays:
                if op.op_id not in province.places[province.homes[into]]:
                    told = f"{province.homes[into]} does not list that {op.subject.id} is {into}"
                    raise Violation(f"M-6.5: {told}")
            case _:
                continue


def _on_some_list(world: World, province: Province, states: dict[str, SubjectState]) -> None:
    """M-6.5: no two files stay merged into each other, where a desk has the one that is to be kept at home."""
    into = {subject: state.root.text("merged_into") for subject, state in states.items()}
    desks = {machine.org for machine in world.machines if machine.role == "desk"}
    for subject, kept in into.items():
        if subject < kept and into.get(kept) == subject and province.homes[subject] in desks:
            raise Violation(f"M-6.5: {subject} and {kept} are merged into each other")


def _told_twice(world: World, province: Province) -> None:
    """M-6.7: one ID number in files of two stations is told to both. Of files that never moved; where they are
    many a few pairs at a time, and that there are more.
    """
    numbers: dict[str, str] = {}
    for stream, ids in province.listed.items():
        for op in (province.ops[i] for i in ids):
            values = (op.payload or {}).get("set")
            number = values.get("id_number") if isinstance(values, dict) else None
            stays = world.oracle.begun.get(op.subject.id) == stream == province.homes[op.subject.id]
            if stays and op.payload and op.payload.get("record") == "case" and isinstance(number, str):
                numbers[op.subject.id] = number
    query = "SELECT subjects, settled_ms IS NULL, more FROM notice WHERE kind = 'duplicate'"
    rows = [(*sorted(json.loads(r[0])), r[1], r[2]) for r in world.ground.con.execute(query)]
    told = Counter((one, two) for one, two, *_ in rows)
    waits = Counter[tuple[str, ...]]()
    for one, two, is_open, more in rows:
        if is_open and "many" in more and one in numbers and numbers[one] == numbers.get(two):
            waits[numbers[one], *sorted((province.homes[one], province.homes[two]))] += 1
    found = sorted((n, s) for s, n in numbers.items() if s not in province.erased)
    for (number, one), (other, two) in itertools.pairwise(found):
        homes = sorted((province.homes[one], province.homes[two]))
        if number != other or homes[0] == homes[1] or told[one, two] >= 2:
            continue
        if waits[number, *homes] < 2 * MOST_OF_TWO:  # each is told to both
            raise Violation(f"M-6.7: nobody is told that {one} and {two} are one person")


def _states(province: Province) -> Iterator[tuple[str, SubjectState]]:
    """Every subject as its home stream folds, nothing of it out of sight (S4)."""
    for subject, ops in province.of_homes.items():
        state = fold(ops, ops[0].subject)
        hidden = sight.out_of_sight(ops, state)
        if hidden:
            raise Violation(f"S4: {hidden}")
        yield subject, state


def _file(world: World, province: Province, machine: Machine, states: dict[str, SubjectState]) -> None:
    """S5, S6, S7, S11, S13 of one PC."""
    scope = world.ground.scope(machine.org)

    def job(con: Connection) -> None:
        known = {s.stream: s for s in sync_state.streams(con) if not s.gone}
        if set(known) != scope:
            raise Violation(f"S7: {machine.name} follows {sorted(known)}")
        for stream in scope:
            at, digest = recounting.recount(con, stream)
            if (at.seq, at.hash, digest) != province.ends[stream]:
                raise Violation(
                    f"S5: {machine.name} stands elsewhere in {stream}: {at.seq} of {province.ends[stream][0]}"
                )
        here = dict(ops_by_subject(con))
        whole = province.of_homes if machine.role != "desk" else {}
        lives = machine.lives | {m.replica for m in sync_state.own_marks(con)}
        for subject, state in states.items():
            if province.homes[subject] in scope:
                mine = here.get(subject, [])
                if any(RESTRICTING.tells(op.payload) for op in whole.get(subject, ())):
                    state = fold(restricted.seen_above(world, lives, whole[subject], mine), state.subject)
                restricted.rightly_blank(machine, province.ops, mine)
                _same(con, machine, state, mine, province)
        for subject, ops in here.items():
            if subject in province.erased:
                left = [o for o in ops if o.payload is not None and RULES[o.kind].shape is not Shape.ERASE]
                if province.homes[subject] not in scope:  # its own work until a backup has it (M-5.6)
                    safe = {m.replica: m.safe for m in sync_state.own_marks(con)}
                    left = [o for o in left if o.replica_seq <= safe.get(o.replica_id, o.replica_seq)]
                if left:
                    raise Violation(
                        f"M-7.2: {machine.name} still has {len(left)} payloads of erased {subject}"
                    )
        for check in (station_check._rows, station_check._chain, station_check._streams):
            ok, detail = check(con)
            if not ok:
                raise Violation(f"S13: {machine.name} {check.__name__} {detail}")

    machine.read(job)
    if machine.waiting():
        raise Violation(f"L1: {machine.waiting()} operations wait on {machine.name}")


def _same(con: Connection, machine: Machine, state: SubjectState, ops: list[Op], province: Province) -> None:
    mine = reads.subject_state(con, state.subject)
    if mine != state:
        blank = sum(o.payload is None for o in ops)
        names = sorted(
            k for k in {*mine.records, *state.records} if mine.records.get(k) != state.records.get(k)
        )
        raise Violation(
            f"S5: {machine.name} sees {state.subject.kind} {state.subject.id} of {province.homes[state.subject.id]} "
            f"otherwise: {names[:3]}, {len(ops)} operations here, {blank} blank"
        )
