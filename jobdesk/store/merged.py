"""Two files of one person: which one points to which, now and earlier.

Two desks that merged apart from each other can leave a file that points to one that points on: what stands
there is the last one's. Files in a ring (each merged into the other) are on no list until an exchange has
taken it apart at the smallest id (``services.moving.crossed``).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping

from jobdesk.cases.ops import Kind
from jobdesk.store.log import Connection
from jobdesk.store.many import in_parts

_PAIRS = "SELECT case_id, merged_into FROM case_row WHERE merged_into > ''"


def pairs(con: Connection, into: Collection[str] | None = None) -> dict[str, str]:
    """File that was merged away → the one that was kept: all of them, or those that lead to one of these."""
    if into is None:
        ends = _ends(dict(con.execute(_PAIRS).fetchall()))
        return {a: k for a, k in ends.items() if a != k}
    found: dict[str, str] = {}
    wanted: Collection[str] = into
    while wanted:
        new = {a: k for a, k in _asked(con, "merged_into", wanted).items() if a not in found}
        found.update(new)
        wanted = new.keys()
    return {a: k for a, k in _ends(found).items() if a != k and k in into}


def rings(con: Connection) -> list[str]:
    """The smallest id of each ring of files that were merged into each other."""
    pointing: dict[str, str] = dict(con.execute(_PAIRS).fetchall())
    return sorted(case_id for case_id, end in _ends(pointing).items() if case_id == end)


def aliases_of(con: Connection, case_id: str) -> list[str]:
    """Files that were merged into this one, by id."""
    return sorted(pairs(con, (case_id,)))


def kept_for(con: Connection, case_ids: Collection[str]) -> dict[str, str]:
    """Of these the files that were merged away → the one that was kept."""
    ends = _ends(_upward(con, case_ids))
    return {i: ends[i] for i in case_ids if ends.get(i, i) != i}


def upward(con: Connection, case_ids: Iterable[str]) -> set[str]:
    """These and every file to which they lead: what is said there counts what stands here."""
    found = set(case_ids)
    return found | set(_upward(con, found).values()) if found else found


def kept_among(con: Connection, case_ids: Collection[str]) -> set[str]:
    """Of these the files into which another one was merged. Few files ever are, of however many."""
    rows = con.execute("SELECT DISTINCT merged_into FROM case_row WHERE merged_into > ''")
    return {r[0] for r in rows.fetchall()} & set(case_ids)


def ever_kept_for(con: Connection, case_ids: Collection[str]) -> set[str]:
    """Files to which one of these points or once pointed: what stands there changes with it."""
    found = {kept for _, kept in ever_merged(con, case_ids)}
    return found | set(kept_for(con, case_ids).values()) | set(kept_for(con, found).values())


def ever_merged(con: Connection, case_ids: Collection[str]) -> set[tuple[str, str]]:
    """(file, the one that was kept) of every merge of these, also where it was taken apart again."""
    found: set[tuple[str, str]] = set()
    for marks, part in in_parts(case_ids):
        rows = con.execute(
            f"SELECT subject_id, payload FROM op WHERE subject_id IN ({marks}) AND kind = ? "
            "AND payload IS NOT NULL",
            (*part, Kind.MERGED.value),
        )
        for case_id, payload in rows:
            kept = json.loads(payload).get("set", {}).get("merged_into")
            if isinstance(kept, str):
                found.add((case_id, kept))
    return found


def _upward(con: Connection, case_ids: Collection[str]) -> dict[str, str]:
    """Each of these that points somewhere, with all further ones → the next one."""
    found: dict[str, str] = {}
    wanted: Collection[str] = case_ids
    while wanted:
        found.update(_asked(con, "case_id", wanted))
        wanted = {k for k in found.values() if k not in found} - set(wanted)
    return found


def _ends(pointing: Mapping[str, str]) -> dict[str, str]:
    """The same with the last one instead of the next; a ring leads to its smallest id."""
    out: dict[str, str] = {}
    for alias in pointing:
        seen = [alias]
        while (following := pointing.get(seen[-1])) is not None and following not in seen:
            seen.append(following)
        out[alias] = seen[-1] if following is None else min(seen[seen.index(following) :])
    return out


def _asked(con: Connection, column: str, ids: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for marks, part in in_parts(ids):
        found.update(con.execute(f"{_PAIRS} AND {column} IN ({marks})", part).fetchall())
    return found
