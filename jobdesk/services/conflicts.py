"""两处填写不一致 over all files: which fields of which person wait for somebody to decide."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.services.desk import Desk
from jobdesk.store import ledger, reads
from jobdesk.store.log import Connection

MOST = 500
"""Own figure: more are counted, not listed; they are worked off from the top."""


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """One field with versions that say different things.

    Attributes:
        record: kind and id of the record it stands in; ``field`` its name.
        versions: how many stand side by side.
        actors: staff ids of those who wrote them, newest first, each once.
        at_ms: of the newest version.
    """

    case_id: str
    name: str
    record: tuple[str, str]
    field: str
    versions: int
    actors: tuple[str, ...]
    at_ms: int

    @property
    def key(self) -> str:
        """Unique in the station."""
        return "/".join((self.case_id, *self.record, self.field))


@dataclass(frozen=True, slots=True)
class OpenConflicts:
    """The list; ``files`` counts every file that has one, listed or not."""

    lines: tuple[OpenConflict, ...]
    files: int


def open_conflicts(desk: Desk) -> Future[OpenConflicts]:
    """All of them, by name of the person."""
    return desk.read(_open_conflicts)


def _open_conflicts(con: Connection) -> OpenConflicts:
    ids = ledger.find_ids(con, ledger.LedgerQuery(state="", conflicts_only=True)).ids
    found: list[OpenConflict] = []
    for case_id in ids:
        if len(found) >= MOST:
            break
        state = reads.case_state(con, case_id)
        name = state.root.text("name")
        for record in state:
            for field in record.conflicts:
                held = record.fields[field]
                heads = (*held.heads, *held.proposals)
                actors = tuple(dict.fromkeys(h.actor for h in heads))
                newest = max(h.stamp.ms for h in heads)
                found.append(
                    OpenConflict(case_id, name, (record.kind, record.id), field, len(heads), actors, newest)
                )
    return OpenConflicts(tuple(found[:MOST]), len(ids))
