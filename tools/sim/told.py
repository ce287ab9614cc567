"""What a desk tells its clerk, held against what the server says: work that is kept apart, one person in files of two
stations.
"""

from __future__ import annotations

from collections.abc import Collection

from jobdesk.cases.codec import decode
from jobdesk.protocol.validity import TOLD_MS
from jobdesk.store import sync_state, sync_told
from jobdesk.store.log import Connection
from tools.sim.machine import Machine
from tools.sim.world import Violation, World

_Key = tuple[str, str]
"""Action and replica."""
_Waits = dict[_Key, set[str]]
MOST = 200
"""Notices that one pull tells; where more wait, the others come by turns."""


def check(world: World) -> None:
    """Raises Violation. Once all is quiet: asked before a person lists anything, and again behind that."""
    waits, over = _unsettled(world), _told_nobody(world)
    listed = _listed(world, waits)
    for machine in world.machines:
        if world.ground.scope(machine.org):  # who hears of no stream hears nothing
            kept_apart(machine, waits, over, listed)
        if machine.role == "desk":
            duplicates(world, machine)


def kept_apart(
    machine: Machine, waits: _Waits, over: Collection[str] = (), listed: Collection[_Key] = ()
) -> None:
    """M-4.4, M-4.10: of the lives of a file its clerk is told of every action that the server keeps apart and this
    file wrote or knows, and of none that waits no longer.

    Args:
        waits: (action, replica) that wait on the server → operations of them.
        over: actions that an erasure has settled: who hears of the file hears of that, and nobody else. And
            those that were listed while the server's clock was months behind: notices end (M-6.6).
        listed: those of ``waits`` that nobody has to tell any more. What a revoked machine sent waits for a
            person; its copy, or the machine itself once it was admitted anew, brought the same operations in
            another life (M-8.4), and its clerk heard in a stream that they are listed.
    """

    def job(con: Connection) -> tuple[set[str], set[str], set[str]]:
        lives = {mark.replica for mark in sync_state.own_marks(con)}
        told = {one.action for one in sync_told.apart(con)}
        mine = {key: ids for key, ids in waits.items() if key[1] in lives}
        open_still = {key: ids for key, ids in mine.items() if key not in listed}
        return told, _here(con, machine, open_still), {action for action, _ in mine}

    told, here, waiting = machine.read(job)
    if here - told:
        raise Violation(f"M-4.4: {machine.name} tells nobody that action {min(here - told)} is kept apart")
    if wrong := told - waiting - set(over):
        raise Violation(f"M-4.10: {machine.name} tells that action {min(wrong)} is kept apart")


def duplicates(world: World, machine: Machine) -> None:
    """M-6.7: who has one of two files of one person at his station is told at his desk too."""
    query = (
        "SELECT n.id FROM notice n JOIN stream s ON s.num = n.home WHERE n.settled_ms IS NULL "
        "AND s.id = ? AND n.at_ms > ? AND n.kind {}"
    )
    given = (machine.org, world.time.ms - TOLD_MS)
    of_server = {r[0] for r in world.ground.con.execute(query.format("= 'duplicate'"), given).fetchall()}
    all_kinds = world.ground.con.execute(query.format("<> ''"), given).fetchall()
    known = {n.id for n in machine.read(sync_told.notices) if n.kind == "duplicate"}
    if of_server - known and len(all_kinds) < MOST:
        raise Violation(
            f"M-6.7: {machine.name} was not told of one person in two files: {min(of_server - known)}"
        )


def _told_nobody(world: World) -> set[str]:
    query = """SELECT action FROM quarantine WHERE subject IN (SELECT subject FROM erased)
        UNION SELECT text FROM notice WHERE kind = 'released' AND at_ms <= ?"""
    return {row[0] for row in world.ground.con.execute(query, (world.time.ms - TOLD_MS,)).fetchall()}


def _unsettled(world: World) -> _Waits:
    waits: _Waits = {}
    query = "SELECT action, replica, line FROM quarantine WHERE settled_ms IS NULL AND length(line) > 0"
    for action, replica, line in world.ground.con.execute(query).fetchall():
        waits.setdefault((action, replica), set()).add(decode(bytes(line)).op_id)
    return waits


def _listed(world: World, waits: _Waits) -> set[_Key]:
    """Those of which every operation is listed, under whatever life of its file."""
    query = "SELECT op_id FROM op WHERE action = ?"
    return {
        (action, replica) for (action, replica), ids in waits.items()
        if ids <= {row[0] for row in world.ground.con.execute(query, (action,)).fetchall()}
    }  # fmt: skip


def _here(con: Connection, machine: Machine, waits: _Waits) -> set[str]:
    """Those that stand in this file whole, of subjects that are not erased; but not a desk's own name and people,
    which are in no stream above the stations.
    """
    found: set[str] = set()
    query = """SELECT count(*), sum(subject_id IN (SELECT subject_id FROM erased)), sum(subject_kind = 'station')
        FROM op WHERE op_id IN ({})"""
    for (action, _), ids in waits.items():
        count, erased, own = con.execute(query.format(",".join("?" * len(ids))), sorted(ids)).fetchone()
        if count == len(ids) and not erased and not (own == count and machine.role != "desk"):
            found.add(action)
    return found
