"""Two transactions that say something of one person at the same moment, in streams that neither shares.

The locks of streams keep apart who writes into one stream. Who erases somebody, and who writes of him into a
stream that never had him, lock none in common, and neither sees what the other has not committed: each of
the two holds a fence of that person instead, and whoever comes second sees what the first one did.

Fences are asked for before streams, all at once: nobody waits for one with a stream in his hands. So it is
with words of stations about somebody, and with what is kept apart of him, who may be erased or move just now.

A line that is kept apart may name nobody and go on with others of its household (``ties``). Whoever keeps
one holds the household's fence of words together with others who do; alone holds it whoever erases somebody
of whom the household speaks, and whoever brings a line of it that is blank or about somebody erased. So the
second of two sees the first. These come after the fences of people: of whom a household speaks is read then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from zlib import crc32

from sqlalchemy import ARRAY, BigInteger, Boolean, Connection, bindparam, text

from province.db.writing import is_postgres

SUBJECTS, NUMBERS, WORDS = 1507, 1508, 1509
"""The first of the two numbers of our advisory locks: nobody else's of this database (own figures)."""
_FENCES = 64
"""So many at most (own figure): the database keeps one table of locks, and an import speaks of thousands."""
_HOLD = text(
    "SELECT CASE WHEN alone THEN pg_advisory_xact_lock(:space, n::int)::text "
    "ELSE pg_advisory_xact_lock_shared(:space, n::int)::text END "
    "FROM unnest(:nums, :alone) AS fence(n, alone)"
).bindparams(bindparam("nums", type_=ARRAY(BigInteger)), bindparam("alone", type_=ARRAY(Boolean)))

_AT_HAND = text(
    "SELECT bool_and(CASE WHEN alone THEN pg_try_advisory_xact_lock(space::int, n::int) "
    "ELSE pg_try_advisory_xact_lock_shared(space::int, n::int) END) "
    "FROM unnest(:spaces, :nums, :alone) AS fence(space, n, alone)"
).bindparams(
    bindparam("spaces", type_=ARRAY(BigInteger)), bindparam("nums", type_=ARRAY(BigInteger)),
    bindparam("alone", type_=ARRAY(Boolean)),
)  # fmt: skip


def hold(
    con: Connection, *, shared: Collection[str] = (), alone: Collection[str] = (), space: int = SUBJECTS
) -> None:
    """Until the transaction ends.

    Args:
        shared: of whom something is written: with others who do so, and with nobody who erases one of them.
        alone: who is erased, moves, or is asked for; of words see above.
    """
    wanted = dict.fromkeys(map(_fence, shared), False) | dict.fromkeys(map(_fence, alone), True)
    take(con, space, wanted)


def take(con: Connection, space: int, wanted: Mapping[int, bool]) -> None:
    """Number → whether it is held alone, until the transaction ends; what it holds already is not waited for.
    On SQLite there is one writer, and nothing to hold.
    """
    if not wanted or not is_postgres(con):
        return
    nums = sorted(wanted)  # in one order: two transactions never wait for each other
    con.execute(_HOLD, {"space": space, "nums": nums, "alone": [wanted[n] for n in nums]})


def at_hand(
    con: Connection, shared: Collection[str] = (), *, words: Collection[str] = (), alone: Collection[str] = ()
) -> bool:
    """The same late, where nobody is waited for: whether they were free, or held already.

    Args:
        words: households (and the like) of which lines are kept apart.
        alone: those whose words are held alone.
    """
    wanted = {(SUBJECTS, _fence(s)): False for s in shared} | {(WORDS, _fence(s)): False for s in words}
    wanted |= {(WORDS, _fence(s)): True for s in alone}
    if not wanted or not is_postgres(con):
        return True
    spaces, nums = zip(*wanted, strict=True)
    given = {"spaces": list(spaces), "nums": list(nums), "alone": list(wanted.values())}
    return bool(con.execute(_AT_HAND, given).scalar_one())


def _fence(subject: str) -> int:
    return crc32(subject.encode()) % _FENCES
