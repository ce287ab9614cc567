"""What a move is called afterwards: who went, from where and where to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jobdesk.cases.errors import Refused
from jobdesk.host.strings import text
from jobdesk.store import conflict_reads, moved, sync_moves, sync_scope
from jobdesk.store.log import Connection
from jobdesk.store.signing import is_above


@dataclass(frozen=True, slots=True)
class MoveTold:
    """One action that moved files.

    Attributes:
        names: of the files by id; masked where a file is at another station now, a household by its head.
        origin, target: names of stations; empty where nobody wrote or knows them.
        streams: of both.
    """

    names: Mapping[str, str] = field(default_factory=dict[str, str])
    origin: str = ""
    target: str = ""
    streams: frozenset[str] = frozenset()


def moves_told(con: Connection, subjects: Iterable[str]) -> dict[str, MoveTold]:
    """By action, the moves in all actions that wrote on one of these subjects."""
    return _told(con, moved.moves_beside(con, subjects))


def _told(con: Connection, moves: list[moved.Move]) -> dict[str, MoveTold]:
    if not moves:
        return {}
    stations = sync_moves.station_names(con, {s for m in moves for s in (m.origin, m.target)} - {""})
    names = names_of(con, {m.subject for m in moves})
    found: dict[str, MoveTold] = {}
    for move in moves:
        before = found.get(move.action_id, MoveTold())
        found[move.action_id] = MoveTold(
            {**before.names, move.subject: names.get(move.subject, "")},
            before.origin or stations.get(move.origin, ""),
            before.target or stations.get(move.target, ""),
            before.streams | {move.origin, move.target} - {""},
        )
    return found


def names_of(con: Connection, subjects: Iterable[str]) -> dict[str, str]:
    """Names by id: masked for whoever is at another station, as its stub says them."""
    wanted = set(subjects)
    gone = {s.id: s.name for s in sync_scope.stubs(con) if s.id in wanted}
    return {i: w.name for i, w in conflict_reads.people(con, wanted - gone.keys()).items()} | gone


def refusal(con: Connection, action_id: str, subjects: Iterable[str]) -> Refused:
    """Why the action that moved these files is not undone, and the way that is open instead from here."""
    told = moves_told(con, subjects).get(action_id, MoveTold())
    unknown = text("casefile.another_station")
    if is_above(con):
        code = "undo_transferred_above"
    elif any(s.id in told.names for s in sync_scope.stubs(con)):
        code = "undo_transferred"
    else:
        code = "undo_transferred_here"
    return Refused(code, origin=told.origin or unknown, target=told.target or unknown)
