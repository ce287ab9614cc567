"""People who moved to another station, streams that left, and what came back of them (M-5.6, M-9.3)."""

from __future__ import annotations

from jobdesk.cases.errors import Trouble
from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.messages import BootstrapAsk, BootstrapHead
from jobdesk.store import blanking, sync_moves, sync_scope, taking_in, went_along
from jobdesk.store.log import ops_named
from jobdesk.store.station_file import Writing
from jobdesk.sync.client import Declined, NotSpoken, Unanswered
from jobdesk.sync.exchange import Exchange
from jobdesk.sync.pulling import count

_TOGETHER = 50
"""Own figure: subjects of a stream let go in one transaction; a clerk's save waits for it."""


def follow_moves(ex: Exchange) -> None:
    """Note who left, let payloads go once they are safe, fetch those of whoever is ours again."""
    for subject, stream, blank in ex.read(sync_scope.who_came_back):
        if not blank or _whole_again(ex, subject, stream):
            ex.write(lambda w, s=subject: sync_scope.is_back(w.con, s))
    if not ex.read(sync_scope.anybody_moved):
        return

    def note(w: Writing) -> None:
        sync_scope.late_payloads(w.con)
        sync_scope.note_who_left(w.con, ex.now_ms)
        ex.receipt.notices += went_along.tell(w.con, ex.receipt.began_ms, ex.now_ms, ex.sent_anew)
        blanking.blank_left(w, sync_scope.left_and_safe(w.con), ex.now_ms)

    def let_go(w: Writing) -> bool:
        """Whether there may be more."""
        parts = sync_scope.left_with_stream(w.con, _TOGETHER)
        for subject, op_ids in parts:
            ops = ops_named(w.con, op_ids).values()
            blanking.blank_some(w, subject, list(ops), ex.now_ms)
            blanking.drop_drafts(w.con, subject)
        return len(parts) == _TOGETHER

    ex.write(note)
    while ex.write(let_go):
        pass


def _whole_again(ex: Exchange, subject: str, stream: str) -> bool:
    return _fetched(ex, subject, stream) and ex.read(lambda con: sync_scope.is_whole(con, subject))


def _fetched(ex: Exchange, subject: str, stream: str) -> bool:
    """All operations of one subject once more, with their payloads; goes on where the line went."""
    at, after = ex.read(lambda con: sync_scope.fetched_to(con, subject, stream))
    while True:
        ask = BootstrapAsk(stream=stream, subjects=[subject], at=at, after=after, max_bytes=ex.page_bytes)
        try:
            head, lines = ex.client.bootstrap(ask)
        except (NotSpoken, Unanswered):
            return False
        except Declined as declined:
            if at is None or declined.error is not ErrorCode.DIVERGED:
                raise
            # the place it stood at is no place of this server any more
            at, after = None, ""
            continue
        if head.mark == after and not head.complete:
            raise Trouble("sync_page_damaged", what="mark")
        at, after = head.at, head.mark

        def take(w: Writing, head: BootstrapHead = head, lines: list[bytes] = lines) -> taking_in.TakenIn:
            sync_moves.put_homes(w.con, ((h.subject, h.stream) for h in head.homes))
            taken = taking_in.absorb(w, taking_in.read_lines(lines), ex.now_ms)
            sync_scope.has_fetched(w.con, subject, stream, None if head.complete else (head.at, head.mark))
            return taken

        count(ex, ex.write(take))
        if head.complete:
            return True
