"""Deliberate bugs of what stations agree on, and of what a desk tells its clerk: see ``sabotage``."""

from __future__ import annotations

from typing import Any

from jobdesk.services.moving import answering, following
from jobdesk.store import sync_told
from jobdesk.store.station_file import Changes
from tools.sim.sabotage import bug, swap


@bug("what another station agreed to take never leaves")
def agreed_moves_never_happen() -> None:
    swap(following, "_leave", lambda _f: lambda *_given: False)


@bug("who says yes to giving a file away keeps it")
def given_and_stays() -> None:
    swap(answering, "give", lambda _f: lambda *_given: Changes("", frozenset()))


@bug("nobody at a desk is told that work is kept apart")
def kept_apart_not_told() -> None:
    swap(sync_told, "put_apart", lambda _f: lambda *_given: None)


@bug("what was listed after all is told as kept apart for ever")
def apart_for_ever() -> None:
    swap(sync_told, "listed_after_all", lambda _f: lambda _con, _actions: None)


@bug("what was listed after all is told as kept apart where no stream of the desk lists it")
def released_not_heard() -> None:
    def make(put: Any) -> Any:
        def kept(con: Any, notice: Any) -> bool:
            if notice.kind != "released":
                return bool(put(con, notice))
            heard = con.execute("SELECT * FROM verdict").fetchall()
            fresh = put(con, notice)
            con.executemany("INSERT OR IGNORE INTO verdict VALUES (?,?,?,?,?,?)", [tuple(r) for r in heard])
            return bool(fresh)

        return kept

    swap(sync_told, "put_notice", make)


@bug("a desk throws away that two files are one person")
def duplicates_thrown_away() -> None:
    def make(put: Any) -> Any:
        return lambda con, notice: notice.kind != "duplicate" and put(con, notice)

    swap(sync_told, "put_notice", make)
