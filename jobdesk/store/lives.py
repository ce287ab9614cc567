"""Which lives of station files wrote what is here: the computers that a list names."""

from __future__ import annotations

from dataclasses import dataclass

from jobdesk.store.log import Connection
from jobdesk.store.whose import Evidence, Whose


@dataclass(frozen=True, slots=True)
class Life:
    """A life of a station file, as far as a list names the computer.

    Attributes:
        stream: station it wrote for first; empty before anything of it was listed.
        first_ms: of its first operation here.
        first_at: where that stream lists it; 0 for nowhere.
        last_ms, last_at: of its last operation, and where that stream lists the last it lists of it; 0 where
            nothing is listed, the chain is not whole, or only other streams list its latest work.
        whole: its chain is here from the beginning. Of a station's own computer it may not be: what it wrote
            first may be kept apart.
        whose, station: whose computer, as far as that is known for certain.
    """

    replica: str
    stream: str
    first_ms: int
    whole: bool
    own: bool
    whose: Whose = Whose.UNKNOWN
    station: str = ""
    last_ms: int = 0
    first_at: int = 0
    last_at: int = 0

    def is_apart_from(self, other: Life) -> bool:
        """Whether the two are certainly no lives of one file: the earlier went on after the later had begun.
        By their stamps and by the stream: a clock may be wrong, and a server may be told things late.
        """
        if not self.stream or self.stream != other.stream:
            return False
        one, two = sorted((self, other), key=lambda x: x.first_at)
        return two.first_at > 0 and one.last_at > two.first_at and one.last_ms > two.first_ms


def lives(con: Connection) -> list[Life]:
    """Every life that wrote something here, in the order the stream first heard of it (everywhere the same),
    then by its own first word; a few index steps each."""
    ids = con.execute(
        "WITH RECURSIVE r(id) AS (SELECT min(replica_id) FROM op UNION ALL "
        "SELECT (SELECT min(replica_id) FROM op WHERE replica_id > r.id) FROM r WHERE r.id IS NOT NULL) "
        "SELECT id FROM r WHERE id IS NOT NULL"
    ).fetchall()
    own = own_lives(con)
    told = Evidence(con)
    found: list[tuple[int, Life]] = []
    for (replica,) in ids:
        op_id, seq, ms = con.execute(
            "SELECT op_id, replica_seq, ms FROM op WHERE replica_id = ? ORDER BY replica_seq LIMIT 1",
            (replica,),
        ).fetchone()
        row = con.execute(
            "SELECT s.stream, p.seq, s.num FROM stream_op p JOIN stream_state s ON s.num = p.stream "
            "WHERE p.op_id = ? ORDER BY p.seq LIMIT 1",
            (op_id,),
        ).fetchone()
        mine, whole = replica in own, seq == 1
        whose, station = (Whose.STATION, told.mine) if mine else told.of(replica)
        last_ms, last_at = _last(con, replica, row[2]) if row and (whole or mine) else (0, 0)
        life = Life(
            replica, row[0] if row else "", ms, whole, mine, whose, station, last_ms,
            row[1] if row else 0, last_at,
        )  # fmt: skip
        found.append((row[1] if row else 2**62, life))
    return [life for _, life in sorted(found, key=lambda f: (f[0], f[1].first_ms, f[1].replica))]


def own_lives(con: Connection) -> set[str]:
    """Every life of this file."""
    return {r[0] for r in con.execute(
        "SELECT replica FROM replica_mark WHERE own = 1 UNION "
        "SELECT value FROM setting WHERE key = 'fact.replica_id'"
    ).fetchall()}  # fmt: skip


_BACK = 200
"""Own figure: operations looked through for one that the stream lists. Without it nobody is told apart."""


def _last(con: Connection, replica: str, stream: int) -> tuple[int, int]:
    ms = con.execute(
        "SELECT ms FROM op WHERE replica_id = ? ORDER BY replica_seq DESC LIMIT 1", (replica,)
    ).fetchone()[0]
    row = con.execute(  # CROSS: from the last operation that can be listed backwards, mostly one step
        "SELECT p.seq FROM (SELECT op_id, replica_seq FROM op WHERE replica_id = ?1 AND replica_seq <= "
        "coalesce((SELECT acked FROM replica_mark WHERE replica = ?1 AND own = 1), 1 << 62) "
        "ORDER BY replica_seq DESC LIMIT ?3) o "
        "CROSS JOIN stream_op p ON p.op_id = o.op_id AND p.stream = ?2 ORDER BY o.replica_seq DESC LIMIT 1",
        (replica, stream, _BACK),
    ).fetchone()
    return ms, row[0] if row else 0
