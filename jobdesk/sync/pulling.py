"""Taking in what is new in every stream of the scope, page by page, each page one transaction."""

from __future__ import annotations

from jobdesk.cases.errors import Trouble
from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.limits import MAX_STREAMS
from jobdesk.protocol.messages import Cursor, Notice, PageHead, Place, PullAsk, PullHead
from jobdesk.store import (
    crossings,
    sync_facts,
    sync_moves,
    sync_scope,
    sync_state,
    sync_told,
    taking_in,
    told_of_erased,
)
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_state import StreamState
from jobdesk.store.taking_in import TakenIn
from jobdesk.sync import recovering
from jobdesk.sync.client import Declined, Unanswered
from jobdesk.sync.exchange import Exchange


def pull_all(ex: Exchange) -> None:
    """Until the server has nothing more. Streams whose bootstrap is under way are left to it.

    Raises:
        Declined: ``revoked`` and whatever else only a person can put right.
    """
    ex.begins("pull")
    cut = False
    while True:
        standing = ex.read(cursors)
        if len(standing) > MAX_STREAMS:  # a server that tells of more than it may; ours did once
            if cut:
                raise Trouble("sync_many_stations")
            standing, cut = standing[:MAX_STREAMS], True
        ask = PullAsk(epoch=ex.epoch or None, cursors=standing, max_bytes=ex.page_bytes)
        try:
            head, lines = ex.client.pull(ask)
        except Unanswered:
            return
        except Declined as declined:
            stream = declined.refusal.stream
            if declined.error is ErrorCode.DIVERGED and stream:
                recovering.stream_diverged(ex, stream, "diverged")
            elif declined.error is ErrorCode.OUT_OF_SCOPE and stream:
                ex.repaired("out_of_scope")
                ex.write(lambda w, s=stream: sync_state.leave_scope(w.con, s))
            else:
                raise
            continue
        recovering.epoch_told(ex, head.epoch)
        _scope(ex, head)
        if sum(page.count for page in head.pages) != len(lines):
            raise Trouble("sync_page_damaged", what="count")
        _safe(ex, head)
        at, restarted = 0, False
        back = _came_back(ex, standing)
        for page in head.pages:
            part, at = lines[at : at + page.count], at + page.count
            restarted |= page.stream in back or _page(ex, page, part)
        if not head.more and not restarted:
            return


def _safe(ex: Exchange, head: PullHead) -> None:
    """What a backup of the server holds of each stream, where that is news."""
    told = {page.stream: page.safe for page in head.pages}
    known = ex.read(sync_scope.stream_safe)
    if any(seq > known.get(stream, 0) for stream, seq in told.items()):
        ex.write(lambda w: sync_scope.is_safe(w.con, told))


def cursors(con: Connection) -> list[Cursor]:
    """Where this file stands in every stream of its scope."""
    return [
        Cursor(stream=s.stream, at=Place(seq=s.at.seq, hash=s.at.hash.hex()))
        for s in sync_state.streams(con)
        if not s.gone
    ]


def _came_back(ex: Exchange, asked: list[Cursor]) -> set[str]:
    """Streams that are in scope again: nobody had asked for them, so that they were answered from their
    beginning. They are asked for once more, from where this file stands.
    """
    named = {cursor.stream for cursor in asked}
    here = [s for s in ex.read(sync_state.streams) if not s.gone]
    return {s.stream for s in here if s.at.seq and s.stream not in named}


def _page(ex: Exchange, page: PageHead, lines: list[bytes]) -> bool:
    """Take one in, and tell of it; whether its stream begins anew because the digests differ."""
    known = ex.read(lambda con: sync_state.stream(con, page.stream))
    if known is not None and known.loading is not None:
        return False  # its bootstrap has the word
    if known is not None and not page.count and _nothing_new(known, page):
        return False

    def job(w: Writing) -> tuple[TakenIn, int]:
        taken = taking_in.take_page(w, page, lines, ex.now_ms)
        return taken, crossings.tell(w, taken.subjects, ex.now_ms)

    taken, told = ex.write(job)
    count(ex, taken)
    ex.receipt.notices += told
    began = known.at.seq if known is not None else 0
    done, _ = ex.tallies.get("pull", {}).get(page.stream, (0, 0))
    mine = ex.echo(page.count - taken.new)  # nobody waits for what went from here a moment ago
    done += max(0, page.end.seq - began - mine)
    ex.tally("pull", page.stream, done, done + max(0, page.head - page.end.seq - ex.to_echo))
    if taken.agreed is False:
        recovering.stream_diverged(ex, page.stream, "digest")
        return True
    return False


def _nothing_new(known: StreamState, page: PageHead) -> bool:
    """The same place, the same digest, told before: not worth a transaction."""
    return bool(
        known.agreed_ms and page.digest == known.digest.hex() and known.head == page.head and not page.left
    )


def count(ex: Exchange, taken: TakenIn) -> None:
    """Into the receipt."""
    ex.receipt.came_ops += taken.new
    ex.came |= {s.id: s.kind for s in taken.of_new}
    ex.touched |= {s.id for s in taken.subjects}


def _scope(ex: Exchange, head: PullHead) -> None:
    """Streams that came, streams that left, and what a person is to be told: one transaction where any."""
    known = {s.stream: s for s in ex.read(sync_state.streams)}
    told = {s.stream for s in head.scope.streams}
    new = [s for s in head.scope.streams if s.stream not in known or known[s.stream].name != s.name]
    left = [s for s in known.values() if s.stream not in told and not s.gone]
    back = [s for s in head.scope.streams if s.stream in known and known[s.stream].gone]
    if not (new or left or back or head.notices or head.homes):
        return

    def job(w: Writing) -> int:
        for s in (*new, *back):
            sync_state.know_stream(w.con, s.stream, s.name, s.region, s.station_subject)
        sync_state.scope_is(w.con, told)
        sync_moves.put_homes(w.con, ((h.subject, h.stream) for h in head.homes))
        own, role = sync_facts.get(w.con, "station"), sync_facts.get(w.con, "role")
        kept = [_told(n, own, role, ex.now_ms) for n in head.notices]
        kept = [told_of_erased.weighed(w.con, n, ex.now_ms) for n in kept]
        kept = [sync_told.of_long_ago(w.con, n, head.now_ms) for n in kept]
        return sum([sync_told.put_notice(w.con, n) and not n.seen_ms for n in kept])

    ex.receipt.notices += ex.write(job)


def _told(n: Notice, own: str, role: str, now_ms: int) -> sync_told.Notice:
    """As it is kept; the copy of what our own station said asks nobody for anything, and what stations say
    to each other nobody at a desk above them.
    """
    more: dict[str, object] = {"target": n.target, "into": n.into,
                               "facts": [f.model_dump(exclude_defaults=True) for f in n.facts],
                               "why": n.why}  # fmt: skip
    mine = n.sender is not None and n.sender == own
    mine |= role != "desk" and n.kind in sync_told.OF_STATIONS
    return sync_told.Notice(
        n.id, n.kind, tuple(n.subjects), n.text, n.at_ms or now_ms, now_ms if mine else 0, n.sender, n.to,
        n.answers, {k: v for k, v in more.items() if v},
    )  # fmt: skip


def read_what_is_newer(ex: Exchange, program: str) -> None:
    """After an update of this program: operations that it can read now."""
    if ex.read(lambda con: sync_facts.get(con, "told")) == program:
        return

    def job(w: Writing) -> None:
        if taking_in.read_again(w, ex.now_ms):
            # nobody could offer it while it was unread: a server may have lost it meanwhile (M-8.2)
            sync_facts.put(w.con, "refill", "newer")
        sync_facts.put(w.con, "told", program)

    ex.write(job)
