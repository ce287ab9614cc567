"""Deliberate bugs of a desk: see ``sabotage``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jobdesk.cases import fold_record, state
from jobdesk.cases.errors import Trouble
from jobdesk.protocol.chains import StreamPoint, add, element
from jobdesk.protocol.messages import Place, PushAnswer
from jobdesk.store import (
    blanking,
    local,
    opening,
    rechaining,
    renewing,
    sync_carried,
    sync_scope,
    sync_state,
    taking_in,
    unread,
)
from jobdesk.sync import client, contents, offering, pulling, recovering
from province import accept
from tools.sim.sabotage import bug, swap


@bug("a form forgets what it knew when it was loaded")
def lost_base() -> None:
    def bases(_self: object, *names: str) -> dict[str, list[str]]:
        return {name: [] for name in names}

    swap(state.RecordState, "bases", lambda _f: bases)


@bug("of versions that did not know of each other only the one that is shown is kept")
def others_forgotten() -> None:
    def make(fold_field: Any) -> Any:
        def shown_only(kind: str, name: str, writes: Any) -> Any:
            made = fold_field(kind, name, writes)
            return replace(made, heads=made.heads[:1])

        return shown_only

    swap(fold_record, "fold_field", make)


@bug("what was sent counts as acknowledged although no answer came, and the server believes it")
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

    swap(client.Client, "push", make)
    swap(accept, "_lock_replica", believing)


@bug("nothing is offered to a server that was restored")
def no_refill() -> None:
    swap(offering, "refill_wanted", lambda _f: lambda _ex: "")


@bug("another epoch of the server is passed over")
def skipped_epoch() -> None:
    swap(recovering, "epoch_told", lambda told: lambda ex, epoch: not ex.epoch and told(ex, epoch))


@bug("what others wrote is never offered to a restored server")
def no_witness() -> None:
    swap(offering, "offer_as_witness", lambda _f: lambda _ex: False)


@bug("a fork goes on in the same life")
def no_rotation() -> None:
    swap(rechaining, "begin_new_life", lambda _f: lambda w: w.chain.replica_id)


@bug("what a copy wrote behind our end is taken in, and we go on in the same life")
def copy_not_noticed() -> None:
    swap(taking_in, "_a_copy_goes_on", lambda _f: lambda _w, _replica, _last: False)


@bug("a restored file goes on in the life of its backup")
def no_new_life_after_restore() -> None:
    swap(opening, "new_replica", lambda _f: lambda _path, _key, _ids: None)


@bug("a restored file does not take its journal in")
def journal_ignored() -> None:
    def replay(_station: object, renewal: Any) -> int:
        renewal.unlink()
        return 0

    swap(opening, "replay", lambda _f: replay)


@bug("a restored file does without what only a newer program can read")
def unread_not_restored() -> None:
    swap(renewing._Taking, "add_line", lambda _f: lambda _taking, _line: None)


@bug("what waits behind a fork is never taken up")
def fork_not_settled() -> None:
    swap(recovering, "settle_forks", lambda _f: lambda _ex: False)


@bug("what is taken up by another life gets a new id")
def fresh_ids_after_fork() -> None:
    swap(rechaining, "_placed", lambda f: lambda w, op: f(w, replace(op, op_id=w.new_id())))


@bug("payloads of who left go as soon as they are acknowledged")
def blanked_at_ack() -> None:
    def left(con: Any) -> list[str]:
        return [
            r[0] for r in con.execute("SELECT subject_id FROM left_subject WHERE blanked_ms = 0").fetchall()
        ]

    swap(sync_scope, "left_and_safe", lambda _f: left)
    swap(sync_scope, "who_came_back", lambda _f: lambda _con: [])


@bug("who moved away stays readable at the station he left")
def left_never_blanked() -> None:
    swap(sync_scope, "left_and_safe", lambda _f: lambda _con: [])


@bug("who was erased stays readable in the files of others")
def erased_stay_on_desk() -> None:
    swap(blanking, "blank", lambda _f: lambda _con, _op_ids: None)


@bug("a digest that differs is passed over")
def digest_ignored() -> None:
    def make(take: Any) -> Any:
        def taken(w: Any, page: Any, lines: Any, now_ms: int) -> Any:
            made = take(w, page, lines, now_ms)
            made.agreed = True if made.agreed is False else made.agreed
            return made

        return taken

    swap(taking_in, "take_page", make)


@bug("a page that brings nothing puts the cursor one back")
def cursor_back() -> None:
    seen: dict[tuple[str, int], bytes] = {}

    def make(page_in: Any) -> Any:
        def taken(ex: Any, page: Any, lines: Any) -> bool:
            again = page_in(ex, page, lines)
            here = ex.read(lambda con: sync_state.stream(con, page.stream))
            if here is not None:
                seen[page.stream, here.at.seq] = here.at.hash
                before = seen.get((page.stream, here.at.seq - 1))
                if before is not None and not page.count:
                    back = "UPDATE stream_state SET seq = seq - 1, hash = ? WHERE num = ?"
                    ex.write(lambda w: w.con.execute(back, (before, here.num)))
            return again

        return taken

    swap(pulling, "_page", make)


@bug("an operation that is here under another header stays as it is")
def server_word_ignored() -> None:
    swap(rechaining, "set_header", lambda _f: lambda _w, _ops: set())


@bug("an attachment of which a part was sent counts as sent")
def part_counts_as_whole() -> None:
    def sent(ex: Any, digest: str, held: int) -> bool:
        content = ex.read(lambda con: local.blob(con, digest)) or b""
        chunk = content[held : held + contents.BLOB_CHUNK_BYTES]
        ex.client.put_blob(digest, held, len(content), chunk)
        return True

    swap(contents, "_send_one", lambda _f: sent)


@bug("a stream that left the scope is followed on")
def left_stream_stays() -> None:
    swap(sync_state, "scope_is", lambda _f: lambda _con, _streams: [])
    swap(sync_state, "leave_scope", lambda _f: lambda _con, _stream: None)


@bug("a desk above keeps what it held of a stream that left")
def left_stream_kept() -> None:
    swap(sync_scope, "left_with_stream", lambda _f: lambda _con, _most: [])


@bug("an answer from a stick is read again as if it were new")
def answer_read_twice() -> None:
    swap(sync_carried, "find", lambda _f: lambda _con, _exchange: None)


@bug("a page is two transactions: the cursor stands before its operations do")
def cursor_before_page() -> None:
    def make(take: Any) -> Any:
        def later(ex: Any, page: Any, lines: Any) -> bool:
            known = ex.read(lambda con: sync_state.stream(con, page.stream))
            if known is None or known.loading is not None or not page.count:
                return take(ex, page, lines)

            def cursor(w: Any) -> None:
                read = taking_in.read_lines(lines)
                digest = add(
                    known.digest, (element(known.at.seq + 1 + n, x.hash) for n, x in enumerate(read))
                )
                end = StreamPoint(page.end.seq, bytes.fromhex(page.end.hash))
                sync_state.move_stream(w.con, known.num, end, digest, page.head, ex.now_ms)

            def operations(w: Any) -> Any:
                read = taking_in.read_lines(lines)
                first = known.at.seq + 1
                taken = taking_in.absorb(w, read, ex.now_ms)
                w.con.executemany(
                    "INSERT OR REPLACE INTO stream_op(stream, seq, op_id) VALUES (?,?,?)",
                    [(known.num, first + n, line.op_id) for n, line in enumerate(read)],
                )
                taking_in._note_who_left(w.con, page, ex.now_ms)
                return taken

            ex.write(cursor)
            pulling.count(ex, ex.write(operations))
            return False

        return later

    swap(pulling, "_page", make)


@bug("what only a newer program can read is not kept")
def newer_lines_dropped() -> None:
    swap(unread, "keep", lambda _f: lambda _con, _lines, _erased: [])


@bug("every exchange takes the streams in from their beginning")
def taken_in_anew() -> None:
    def make(pull_all: Any) -> Any:
        def anew(ex: Any) -> None:
            streams = [s.stream for s in ex.read(sync_state.streams) if s.at.seq and s.loading is None]
            ex.write(lambda w: [sync_state.restart_stream(w.con, s) for s in streams])
            pull_all(ex)

        return anew

    swap(pulling, "pull_all", make)
