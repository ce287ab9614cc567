"""Deliberate bugs of the province: see ``sabotage``."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from jobdesk.cases.ops import Kind
from jobdesk.cases.restricting import is_withheld
from jobdesk.protocol.codes import ErrorCode, Verdict
from jobdesk.protocol.messages import Place
from jobdesk.store import outbox, sync_state
from jobdesk.store.withheld import HEADER_ONLY
from province import (
    accept,
    apart,
    bootstrap,
    contents,
    doubles,
    headers,
    known,
    listing,
    moving,
    notices,
    pull,
    reading,
    restricted,
    scope,
    streams,
)
from province.db import engine
from province.db.writing import widened
from province.refusing import Refused
from tools.sim.sabotage import bug, swap
from tools.sim.server import ServerDied


@bug("a page begins one place too late")
def cursor_off_by_one() -> None:
    swap(pull, "_lines", lambda f: lambda con, num, after, *more: f(con, num, after + 1, *more))


@bug("an answer goes out although its transaction did not stand")
def ack_before_commit() -> None:
    @contextmanager
    def writing(self: Any, scope: Any, **_how: Any) -> Generator[Any]:
        with self.engine.connect() as con:
            begun = con.begin()
            con.exec_driver_sql("BEGIN IMMEDIATE")
            yield con
            try:
                begun.commit()
            except ServerDied:
                begun.rollback()

    swap(engine.Database, "writing", lambda _f: writing)


@bug("an operation that came before is listed once more")
def no_op_dedupe() -> None:
    def alone(self: Any, action: Any) -> None:
        for one in action.items:
            one.op_id = f"{os.urandom(16).hex()}"
            one.op = replace(one.sound, op_id=one.op_id)
        try:
            self._write([action])
        except listing.Collision:  # the same place of the same chain: the table itself has it once
            action.verdict = Verdict.ALREADY

    swap(listing.Listing, "_alone", lambda _f: alone)


@bug("bad content is refused, and the queue waits behind it")
def no_quarantine() -> None:
    def keep(_con: object, _caller: object, actions: Any, _now: int, **_more: object) -> None:
        if actions:
            raise Refused(ErrorCode.BODY, detail="bad")

    swap(apart, "keep", lambda _f: keep)


@bug("nobody compares hashes of a chain")
def no_hash_comparison() -> None:
    def make(lock: Any) -> Any:
        def believed(con: Any, caller: Any, head: Any) -> Any:
            row = con.exec_driver_sql("SELECT acked, hash FROM replica WHERE id = ?", (head.replica,)).first()
            if row is not None and row[0] == head.acked.seq:
                head = head.model_copy(update={"acked": Place(seq=row[0], hash=bytes(row[1]).hex())})
            return lock(con, caller, head)

        return believed

    swap(accept, "_lock_replica", make)
    swap(sync_state, "hash_at", lambda _f: lambda _con, _replica, _seq: None)
    swap(accept, "_hashes", lambda _f: lambda _con, _replica, _seqs: {})
    swap(accept._Tip, "known", lambda _f: property(lambda _self: False))


@bug("the end of an action is not listed")
def half_an_action() -> None:
    def make(actions: Any) -> Any:
        def halved(items: Any, tip: Any) -> Any:
            for one in actions(items, tip):
                one.items = one.items[:-1] if len(one.items) > 1 else one.items
                yield one

        return halved

    swap(accept, "_actions", make)


@bug("a page ends in the middle of an action")
def page_splits_an_action() -> None:
    def make(lines: Any) -> Any:
        def split(con: Any, num: int, *more: Any) -> Any:
            found, end = lines(con, num, *more)
            if len(found) < 2:
                return found, end
            seq = end.seq - 1
            query = "SELECT hash FROM listing WHERE stream = ? AND seq = ?"
            (hashed,) = con.exec_driver_sql(query, (num, seq)).one()
            return found[:-1], Place(seq=seq, hash=bytes(hashed).hex())

        return split

    swap(pull, "_lines", make)


@bug("the streams of an answer are told in another order than their operations")
def wrong_order_of_streams() -> None:
    def make(answer: Any) -> Any:
        def turned(con: Any, caller: Any, cursors: Any, max_bytes: int) -> Any:
            found = answer(con, caller, cursors, max_bytes)
            found.pages.reverse()
            return found

        return turned

    swap(pull, "answer", make)


@bug("a desk is answered the streams of its neighbours")
def scope_leak() -> None:
    swap(scope, "streams_of", lambda f: lambda con, _org: f(con, "220102"))


@bug("nobody is told that two files are one person")
def duplicates_not_told() -> None:
    swap(doubles, "tell", lambda _f: lambda _con, _people, _now: None)


@bug("who moves leaves the past behind")
def move_without_the_past() -> None:
    def make(move: Any) -> Any:
        return lambda con, plan, heads, now: move(con, plan, heads, now)[-1:]

    swap(moving, "move", make)


@bug("an erasure is told in one stream only")
def erasure_in_one_stream() -> None:
    def make(plan: Any) -> Any:
        def planned(con: Any, op: Any, home: int, caller: Any) -> Any:
            made = plan(con, op, home, caller)
            return replace(made, others=frozenset()) if made.erases else made

        return planned

    swap(moving, "plan", make)


@bug("whose a content is stands nowhere but in the log", "attach", "copy_server", "server_back", "erase")
def owners_not_noted() -> None:
    swap(contents, "note_owners", lambda _f: lambda _con, _store, _digests: None)


@bug("late operations of the erased are listed with their payloads")
def erased_come_back_on_server() -> None:
    def make(row: Any) -> Any:
        def whole(self: Any, one: Any, home: int) -> Any:
            return {**row(self, one, home), "line": one.line}

        return whole

    swap(listing.Listing, "_row", make)


@bug("late work of the former station is kept apart")
def late_work_refused() -> None:
    swap(known.Known, "home", lambda _f: lambda self, subject: self.homes.get(subject))

    def make(look: Any) -> Any:
        def without(self: Any, subjects: Any) -> Any:
            found = look(self, subjects)
            found.late.clear()
            return found

        return without

    swap(listing.Listing, "_look", make)


@bug("the digest of a stream is not carried on")
def digest_lost() -> None:
    def make(list_ops: Any) -> Any:
        def lagging(head: Any, ops: Any) -> Any:
            rows = list_ops(head, ops)
            if len(rows) > 3:
                head.digest = bytes(32)
            return rows

        return lagging

    swap(streams, "list_ops", make)


@bug("the bytes of who was erased stay")
def contents_of_the_erased_stay() -> None:
    swap(contents.Store, "drop", lambda _f: lambda _self, _digests: None)


@bug("nobody is told what another station said")
def words_not_told() -> None:
    def make(of: Any) -> Any:
        def silent(con: Any, caller: Any, now_ms: int) -> Any:
            return [n for n in of(con, caller, now_ms) if not n.kind.startswith("transfer")]

        return silent

    swap(notices, "of", make)


@bug("a desk above the stations is answered what is restricted")
def restricted_told_above() -> None:
    for part in (pull, bootstrap):
        swap(part, "line_for", lambda _f: lambda _caller: restricted.WHOLE)


@bug("the header of a restricted operation is offered as if it were the thing, and listed")
def header_for_the_thing() -> None:
    swap(outbox, "UNLISTED", lambda sql: sql.replace(f"AND NOT {HEADER_ONLY} ", ""))
    swap(headers, "left_out", lambda _f: lambda items, _tip, **_how: items)
    swap(reading, "fault", lambda f: lambda op: None if is_withheld(op) else f(op))


@bug("a merge is listed in one of the two streams only")
def merge_in_one_stream() -> None:
    def make(plan: Any) -> Any:
        def planned(con: Any, op: Any, home: int, caller: Any) -> Any:
            made = plan(con, op, home, caller)
            return replace(made, others=frozenset()) if op.kind is Kind.MERGED else made

        return planned

    swap(moving, "plan", make)


@bug("that a merge was taken apart is listed in one stream only")
def unmerge_in_one_stream() -> None:
    def make(plan: Any) -> Any:
        def planned(con: Any, op: Any, home: int, caller: Any) -> Any:
            made = plan(con, op, home, caller)
            return replace(made, others=frozenset()) if op.kind is Kind.UNMERGED else made

        return planned

    swap(moving, "plan", make)


@bug("a merge is listed in every stream of the province")
def merge_told_to_all() -> None:
    def make(plan: Any) -> Any:
        def planned(con: Any, op: Any, home: int, caller: Any) -> Any:
            made = plan(con, op, home, caller)
            if op.kind is not Kind.MERGED:
                return made
            with widened(con):
                everywhere = con.exec_driver_sql("SELECT num FROM stream").scalars().all()
            return replace(made, others=frozenset(everywhere) - {home})

        return planned

    swap(moving, "plan", make)
