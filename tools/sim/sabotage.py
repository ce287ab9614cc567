"""Deliberate bugs: each takes one defence of the program away, and the simulator must find it.

The program does not know of it: named functions are replaced in a worker of their own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from jobdesk.cases import state
from jobdesk.cases.errors import Trouble
from jobdesk.protocol.codes import ErrorCode, Verdict
from jobdesk.protocol.messages import Place, PushAnswer
from jobdesk.store import blanking, opening, rechaining, sync_scope, sync_state, taking_in
from jobdesk.sync import client, offering, recovering
from province import accept, doubles, listing, moving, pull, scope, streams
from province.db import engine
from province.refusing import Refused
from tools.sim.server import ServerDied

Commit = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Sabotage:
    """``what`` is done wrong by ``commit``."""

    name: str
    what: str
    commit: Commit


SABOTAGES: dict[str, Sabotage] = {}


def _bug(what: str) -> Callable[[Commit], Commit]:
    def kept(commit: Commit) -> Commit:
        SABOTAGES[commit.__name__] = Sabotage(commit.__name__, what, commit)
        return commit

    return kept


def _swap(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Replace a function by what ``make`` makes of it."""
    setattr(owner, name, make(getattr(owner, name)))


# ---------------------------------------------------------------------- the desk


@_bug("a form forgets what it knew when it was loaded")
def lost_base() -> None:
    def bases(_self: object, *names: str) -> dict[str, list[str]]:
        return {name: [] for name in names}

    _swap(state.RecordState, "bases", lambda _f: bases)


@_bug("what was sent counts as acknowledged although no answer came, and the server believes it")
def ack_without_answer() -> None:
    def make(push: Any) -> Any:
        def sent(self: Any, head: Any, lines: Any) -> PushAnswer:
            try:
                return push(self, head, lines)
            except Trouble as trouble:
                if trouble.code != "no_line" or not lines or head.witness:
                    raise
                last = taking_in.read_lines([lines[-1]])[0]
                seq = last.op.replica_seq if last.op else 0
                return PushAnswer(epoch=head.epoch or "x", acked=Place(seq=seq, hash=last.hash.hex()), safe=0,
                                  verdicts=[], now_ms=0, skew_ms=0, next_sync_s=300)  # fmt: skip

        return sent

    def believing(lock: Any) -> Any:
        def believed(con: Any, caller: Any, head: Any) -> Any:
            row = con.exec_driver_sql("SELECT acked, hash FROM replica WHERE id = ?", (head.replica,)).first()
            if row is not None and row[0] < head.acked.seq:
                at = Place(seq=row[0], hash=bytes(row[1]).hex())
                head = head.model_copy(update={"acked": at})
            return lock(con, caller, head)

        return believed

    _swap(client.Client, "push", make)
    _swap(accept, "_lock_replica", believing)


@_bug("nothing is offered to a server that was restored")
def no_refill() -> None:
    _swap(offering, "refill_wanted", lambda _f: lambda _ex: "")


@_bug("what others wrote is never offered to a restored server")
def no_witness() -> None:
    _swap(offering, "offer_as_witness", lambda _f: lambda _ex: False)


@_bug("a fork goes on in the same life")
def no_rotation() -> None:
    _swap(rechaining, "begin_new_life", lambda _f: lambda w: w.chain.replica_id)


@_bug("a restored file goes on in the life of its backup")
def no_new_life_after_restore() -> None:
    _swap(opening, "new_replica", lambda _f: lambda _path, _key, _ids: None)


@_bug("a restored file does not take its journal in")
def journal_ignored() -> None:
    def replay(_station: object, renewal: Any) -> int:
        renewal.unlink()
        return 0

    _swap(opening, "replay", lambda _f: replay)


@_bug("what waits behind a fork is never taken up")
def fork_not_settled() -> None:
    _swap(recovering, "settle_forks", lambda _f: lambda _ex: False)


@_bug("what is taken up by another life gets a new id")
def fresh_ids_after_fork() -> None:
    _swap(rechaining, "_placed", lambda f: lambda w, op: f(w, replace(op, op_id=w.new_id())))


@_bug("payloads of who left go as soon as they are acknowledged")
def blanked_at_ack() -> None:
    def left(con: Any) -> list[str]:
        return [
            r[0] for r in con.execute("SELECT subject_id FROM left_subject WHERE blanked_ms = 0").fetchall()
        ]

    _swap(sync_scope, "left_and_safe", lambda _f: left)
    _swap(sync_scope, "who_came_back", lambda _f: lambda _con: [])


@_bug("who was erased stays readable in the files of others")
def erased_stay_on_desk() -> None:
    _swap(blanking, "blank", lambda _f: lambda _con, _op_ids: None)


@_bug("a digest that differs is passed over")
def digest_ignored() -> None:
    def make(take: Any) -> Any:
        def taken(w: Any, page: Any, lines: Any, now_ms: int) -> Any:
            made = take(w, page, lines, now_ms)
            made.agreed = True if made.agreed is False else made.agreed
            return made

        return taken

    _swap(taking_in, "take_page", make)


@_bug("an operation that is here under another header stays as it is")
def server_word_ignored() -> None:
    _swap(rechaining, "set_header", lambda _f: lambda _w, _ops: set())


# ---------------------------------------------------------------------- the province


@_bug("a page begins one place too late")
def cursor_off_by_one() -> None:
    _swap(pull, "_lines", lambda f: lambda con, num, after, left: f(con, num, after + 1, left))


@_bug("an answer goes out although its transaction did not stand")
def ack_before_commit() -> None:
    @contextmanager
    def writing(self: Any, scope: Any) -> Generator[Any]:
        with self.engine.connect() as con:
            begun = con.begin()
            con.exec_driver_sql("BEGIN IMMEDIATE")
            yield con
            try:
                begun.commit()
            except ServerDied:
                begun.rollback()

    _swap(engine.Database, "writing", lambda _f: writing)


@_bug("an operation that came before is listed once more")
def no_op_dedupe() -> None:
    def alone(self: Any, action: Any) -> None:
        for one in action.items:
            one.op_id = f"{os.urandom(16).hex()}"
            one.op = replace(one.sound, op_id=one.op_id)
        try:
            self._write([action])
        except listing.Collision:  # the same place of the same chain: the table itself has it once
            action.verdict = Verdict.ALREADY

    _swap(listing.Listing, "_alone", lambda _f: alone)


@_bug("bad content is refused, and the queue waits behind it")
def no_quarantine() -> None:
    def keep(_con: object, _caller: object, actions: Any, _now: int, **_more: object) -> None:
        if actions:
            raise Refused(ErrorCode.BODY, detail="bad")

    _swap(accept, "_keep_apart", lambda _f: keep)


@_bug("nobody compares hashes of a chain")
def no_hash_comparison() -> None:
    def make(lock: Any) -> Any:
        def believed(con: Any, caller: Any, head: Any) -> Any:
            row = con.exec_driver_sql("SELECT acked, hash FROM replica WHERE id = ?", (head.replica,)).first()
            if row is not None and row[0] == head.acked.seq:
                head = head.model_copy(update={"acked": Place(seq=row[0], hash=bytes(row[1]).hex())})
            return lock(con, caller, head)

        return believed

    _swap(accept, "_lock_replica", make)
    _swap(sync_state, "hash_at", lambda _f: lambda _con, _replica, _seq: None)
    _swap(accept, "_hashes", lambda _f: lambda _con, _replica, _seqs: {})
    _swap(accept._Tip, "known", lambda _f: property(lambda _self: False))


@_bug("the end of an action is not listed")
def half_an_action() -> None:
    def make(actions: Any) -> Any:
        def halved(items: Any, tip: Any) -> Any:
            for one in actions(items, tip):
                one.items = one.items[:-1] if len(one.items) > 1 else one.items
                yield one

        return halved

    _swap(accept, "_actions", make)


@_bug("a page ends in the middle of an action")
def page_splits_an_action() -> None:
    def make(lines: Any) -> Any:
        def split(con: Any, num: int, after: int, left: int) -> Any:
            found, end = lines(con, num, after, left)
            if len(found) < 2:
                return found, end
            seq = end.seq - 1
            query = "SELECT hash FROM listing WHERE stream = ? AND seq = ?"
            (hashed,) = con.exec_driver_sql(query, (num, seq)).one()
            return found[:-1], Place(seq=seq, hash=bytes(hashed).hex())

        return split

    _swap(pull, "_lines", make)


@_bug("the streams of an answer are told in another order than their operations")
def wrong_order_of_streams() -> None:
    def make(answer: Any) -> Any:
        def turned(con: Any, caller: Any, cursors: Any, max_bytes: int) -> Any:
            found = answer(con, caller, cursors, max_bytes)
            found.pages.reverse()
            return found

        return turned

    _swap(pull, "answer", make)


@_bug("a desk is answered the streams of its neighbours")
def scope_leak() -> None:
    _swap(scope, "streams_of", lambda f: lambda con, _org: f(con, "220102"))


@_bug("nobody is told that two files are one person")
def duplicates_not_told() -> None:
    _swap(doubles, "tell", lambda _f: lambda _con, _people, _now: None)


@_bug("who moves leaves the past behind")
def move_without_the_past() -> None:
    def make(move: Any) -> Any:
        return lambda con, plan, heads, now: move(con, plan, heads, now)[-1:]

    _swap(moving, "move", make)


@_bug("an erasure is told in one stream only")
def erasure_in_one_stream() -> None:
    def make(plan: Any) -> Any:
        def planned(con: Any, op: Any, home: int, caller: Any) -> Any:
            made = plan(con, op, home, caller)
            return replace(made, others=frozenset()) if made.erases else made

        return planned

    _swap(moving, "plan", make)


@_bug("late operations of the erased are listed with their payloads")
def erased_come_back_on_server() -> None:
    def make(row: Any) -> Any:
        def whole(self: Any, one: Any, home: int) -> Any:
            return {**row(self, one, home), "line": one.line}

        return whole

    _swap(listing.Listing, "_row", make)


@_bug("late work of the former station is kept apart")
def late_work_refused() -> None:
    _swap(listing._Known, "home", lambda _f: lambda self, subject: self.homes.get(subject))

    def make(look: Any) -> Any:
        def without(self: Any, subjects: Any) -> Any:
            known = look(self, subjects)
            known.late.clear()
            return known

        return without

    _swap(listing.Listing, "_look", make)


@_bug("the digest of a stream is not carried on")
def digest_lost() -> None:
    def make(list_ops: Any) -> Any:
        def lagging(head: Any, ops: Any) -> Any:
            rows = list_ops(head, ops)
            if len(rows) > 3:
                head.digest = bytes(32)
            return rows

        return lagging

    _swap(streams, "list_ops", make)
