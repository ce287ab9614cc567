"""Whether a household may still be written on here: who moved away is worked on by the station it went to."""

from __future__ import annotations

from collections.abc import Iterable

from jobdesk.cases.errors import Refused
from jobdesk.store import sync_moves, sync_scope
from jobdesk.store.log import Connection


def not_away(con: Connection, subject_ids: Iterable[str]) -> None:
    """Raises Refused ``household_moved``: a write would stand in another station's file, unnoticed here."""
    for subject_id in dict.fromkeys(subject_ids):
        if (stub := sync_scope.is_away(con, subject_id)) is not None and stub.kind == "household":
            names = sync_moves.station_names(con, [stub.stream])
            raise Refused("household_moved", station=names.get(stub.stream, stub.stream))
