"""What stays in the quarantine once all is quiet, before a person lists anything: nothing that a server may list by
itself.
"""

from __future__ import annotations

from jobdesk.cases.codec import decode, op_hash
from jobdesk.cases.ops import Op
from tools.sim.world import Violation, World


def nobody_is_kept_out(world: World) -> None:
    """M-6.3, M-6.13: work on a file that is at the sender's station, or once was, is listed by itself."""
    con = world.ground.con
    here: dict[str, set[int]] = {}
    for query in ("SELECT id, home FROM subject", "SELECT subject, stream FROM moved"):
        for subject, num in con.execute(query).fetchall():
            here.setdefault(subject, set()).add(num)
    actions: dict[str, list[bool]] = {}
    query = (
        "SELECT q.action, q.subject, q.home FROM quarantine q JOIN device d ON d.id = q.device "
        "JOIN replica r ON r.id = q.replica AND r.device = d.id "
        "WHERE q.settled_ms IS NULL AND q.reason = 'out_of_scope' AND d.role = 'desk'"
    )
    for action, subject, home in con.execute(query).fetchall():
        actions.setdefault(action, []).append(home in here.get(subject, ()))
    kept = [action for action, places in actions.items() if all(places)]
    if kept:
        raise Violation(f"M-6.3: action {kept[0]} on a file of its own station is kept apart")


def nothing_waits_for_an_upgrade(world: World) -> None:
    """M-4.10: once the server is of the newer program, nobody has to list what was kept apart for it. Of two ends
    of one chain the one that is not listed is for a person.
    """
    con = world.ground.con
    waits: dict[str, bool] = {}
    query = (
        "SELECT action, replica, replica_seq, line FROM quarantine WHERE settled_ms IS NULL AND reason = ?"
    )
    for action, replica, seq, line in con.execute(query, ("newer_schema",)).fetchall():
        waits[action] = waits.get(action, True) and _fits(world, replica, seq, decode(bytes(line)))
    kept = [action for action, fits in waits.items() if fits]
    if kept:
        raise Violation(f"M-4.10: action {kept[0]} still waits for an upgrade that was made")


def _fits(world: World, replica: str, seq: int, op: Op) -> bool:
    """Whether nothing listed of its chain says another neighbour."""
    query = "SELECT replica_seq, line FROM op WHERE replica = ? AND abs(replica_seq - ?) < 2"
    near = {n: decode(bytes(x)) for n, x in world.ground.con.execute(query, (replica, seq)).fetchall()}
    before, here, after = (near.get(n) for n in (seq - 1, seq, seq + 1))
    return (
        (here is None or op_hash(here) == op_hash(op))
        and (before is None or op_hash(before) == op.prev_hash)
        and (after is None or after.prev_hash == op_hash(op))
    )
