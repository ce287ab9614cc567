"""Two transactions that say something of one person at the same moment, in streams that neither shares.

The locks of streams keep apart who writes into one stream. Who erases somebody, and who writes of him into a
stream that never had him, lock none in common, and neither sees what the other has not committed: each of
the two holds a fence of that person instead, and whoever comes second sees what the first one did.

Fences are asked for before streams, all at once: nobody waits for one with a stream in his hands. So it is
with words of stations about somebody, and with what is kept apart of him, who may be erased or move just now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from zlib import crc32

from sqlalchemy import ARRAY, BigInteger, Boolean, Connection, bindparam, text

from province.db.writing import is_postgres

SUBJECTS, NUMBERS = 1507, 1508
"""The first of the two numbers of our advisory locks: nobody else's of this database (own figures)."""
_FENCES = 64
"""So many at most (own figure): the database keeps one table of locks, and an import speaks of thousands."""
_HOLD = text(
    "SELECT CASE WHEN alone THEN pg_advisory_xact_lock(:space, n::int)::text "
    "ELSE pg_advisory_xact_lock_shared(:space, n::int)::text END "
    "FROM unnest(:nums, :alone) AS fence(n, alone)"
).bindparams(bindparam("nums", type_=ARRAY(BigInteger)), bindparam("alone", type_=ARRAY(Boolean)))

_AT_HAND = text(
    f"SELECT bool_and(pg_try_advisory_xact_lock_shared({SUBJECTS}, n::int)) FROM unnest(:nums) AS fence(n)"
).bindparams(bindparam("nums", type_=ARRAY(BigInteger)))


def hold(con: Connection, *, shared: Collection[str] = (), alone: Collection[str] = ()) -> None:
    """Until the transaction ends.

    Args:
        shared: of whom something is written: with others who do so, and with nobody who erases one of them.
        alone: who is erased, moves, or is asked for.
    """
    wanted = dict.fromkeys(map(_fence, shared), False) | dict.fromkeys(map(_fence, alone), True)
    take(con, SUBJECTS, wanted)


def take(con: Connection, space: int, wanted: Mapping[int, bool]) -> None:
    """Number → whether it is held alone, until the transaction ends; what it holds already is not waited for.
    On SQLite there is one writer, and nothing to hold.
    """
    if not wanted or not is_postgres(con):
        return
    nums = sorted(wanted)  # in one order: two transactions never wait for each other
    con.execute(_HOLD, {"space": space, "nums": nums, "alone": [wanted[n] for n in nums]})


def at_hand(con: Connection, shared: Collection[str]) -> bool:
    """The same late, where nobody is waited for: whether they were free, or held already."""
    if not shared or not is_postgres(con):
        return True
    return bool(con.execute(_AT_HAND, {"nums": sorted(set(map(_fence, shared)))}).scalar_one())


def _fence(subject: str) -> int:
    return crc32(subject.encode()) % _FENCES
