"""Saved views of the ledger: a name, what is shown, which columns in which order. Shared by the station."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from typing import cast

from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change, opening
from jobdesk.store import local, reads
from jobdesk.store.ledger import LedgerQuery
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes, Writing

KEY = "ledger.view"
COLUMNS_HERE = "ledger.columns"
"""Setting of this PC: the columns last chosen outside a view."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """One view.

    Attributes:
        id: of its setting record; empty for one that came with the program.
        columns: keys in order; None is the usual choice.
    """

    id: str
    name: str
    query: LedgerQuery
    columns: tuple[str, ...] | None = None


def views_of(con: Connection, desk: Desk) -> list[SavedView]:
    """The station's views by name. One that a newer version wrote and we cannot read is left out."""
    state = reads.subject_state(con, desk.station)
    found = [_read(r) for r in state.of("setting") if r.text("key") == KEY]
    return sorted((v for v in found if v is not None), key=lambda v: v.name)


def save_view(desk: Desk, view: SavedView) -> Future[Changes]:
    """Keep a view; one of the same name is replaced."""
    body: dict[str, Json] = {
        "name": view.name,
        "query": cast("Json", asdict(view.query)),
        "columns": None if view.columns is None else list[Json](view.columns),
    }

    def job(w: Writing) -> Changes:
        old = _of_name(w.con, desk, view.name)
        op = (
            change(desk.station, old, {"value": body})
            if old
            else opening(desk.station, "setting", w.new_id(), {"key": KEY, "value": body})
        )
        return w.append(desk.actor, [op] if op else [])

    return desk.write(job)


def drop_view(desk: Desk, view_id: str) -> Future[Changes]:
    """Take a view off the menu; undo brings it back."""

    def job(w: Writing) -> Changes:
        record = reads.subject_state(w.con, desk.station).record("setting", view_id)
        op = change(desk.station, record, {"value": None})
        return w.append(desk.actor, [op] if op else [])

    return desk.write(job)


def keep_columns(desk: Desk, columns: tuple[str, ...]) -> Future[None]:
    """Remember on this PC which columns are shown."""
    return desk.write(lambda w: local.set_setting(w.con, COLUMNS_HERE, "\n".join(columns)))


def columns_here(con: Connection) -> tuple[str, ...] | None:
    """Columns last chosen on this PC; None when nobody chose."""
    kept = local.settings(con).get(COLUMNS_HERE, "")
    return tuple(kept.split("\n")) if kept else None


def _of_name(con: Connection, desk: Desk, name: str) -> RecordState | None:
    for record in reads.subject_state(con, desk.station).of("setting"):
        view = _read(record) if record.text("key") == KEY else None
        if view is not None and view.name == name:
            return record
    return None


def _read(record: RecordState) -> SavedView | None:
    body = record.get("value")
    if not isinstance(body, dict):
        return None
    query, columns = body.get("query"), body.get("columns")
    if not isinstance(query, dict) or not isinstance(body.get("name"), str):
        return None
    usual: Mapping[str, object] = asdict(LedgerQuery())
    kept = {k: v for k, v in query.items() if k in usual and type(v) is type(usual[k])}
    shown = tuple(str(c) for c in columns) if isinstance(columns, list) else None
    return SavedView(record.id, str(body["name"]), LedgerQuery(**kept), shown)  # type: ignore[arg-type]
