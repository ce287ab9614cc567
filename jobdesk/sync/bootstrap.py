"""A new PC of a station that exists: its stream subject by subject, open files first, usable at once.

Each page is one transaction; what has come can be worked with while the rest loads. At the end the whole is
held against the chain and the digest of the place it stands at; if it is not the same, the stream is pulled
from its beginning instead.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from jobdesk.cases.errors import Trouble
from jobdesk.protocol.chains import EMPTY, StreamPoint
from jobdesk.protocol.messages import BootstrapAsk, BootstrapHead, Place
from jobdesk.store import sync_moves, sync_state, taking_in
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_state import NEW, StreamState
from jobdesk.sync import recovering
from jobdesk.sync.client import Declined, NotSpoken, Unanswered
from jobdesk.sync.exchange import Exchange, Progress
from jobdesk.sync.pulling import count


@dataclass(frozen=True, slots=True)
class Loading:
    """How far a bootstrap has come; kept in the file with each page."""

    seq: int
    hash: str
    mark: str
    subjects: int

    @classmethod
    def of(cls, text: str | None) -> Loading | None:
        if text is None or text == NEW:
            return None
        return cls(**json.loads(text))

    @property
    def text(self) -> str:
        return json.dumps({"seq": self.seq, "hash": self.hash, "mark": self.mark, "subjects": self.subjects})


def load_all(ex: Exchange) -> None:
    """Every stream whose bootstrap has not come to its end."""
    for state in ex.read(sync_state.streams):
        if state.loading is not None and not state.gone:
            _load(ex, state)


def _load(ex: Exchange, state: StreamState) -> None:
    stream = state.stream
    while True:
        loading = Loading.of(state.loading)
        at = Place(seq=loading.seq, hash=loading.hash) if loading else None
        ask = BootstrapAsk(
            stream=state.stream, at=at, after=loading.mark if loading else "", max_bytes=ex.page_bytes
        )
        try:
            head, lines = ex.client.bootstrap(ask)
        except NotSpoken:
            ex.write(lambda w: sync_state.restart_stream(w.con, stream))
            return
        except Unanswered:
            return
        except Declined as declined:
            if not loading:
                raise
            # the place it stood at is no place of this server any more: it was restored in between
            recovering.stream_diverged(ex, state.stream, declined.error.value)
            return
        recovering.epoch_told(ex, head.epoch)
        if head.stream != state.stream or (at is not None and head.at != at):
            raise Trouble("sync_page_damaged", what="bootstrap")
        done = ex.write(lambda w, h=head, p=lines, s=state: _take(w, ex, s, h, p))
        ex.progress(Progress("load", head.subjects, head.total_subjects))
        if done is not None:
            if not done:
                recovering.stream_diverged(ex, state.stream, "digest")
            return
        found = ex.read(lambda con: sync_state.stream(con, stream))
        assert found is not None
        state = found


def _take(
    w: Writing, ex: Exchange, state: StreamState, head: BootstrapHead, lines: list[bytes]
) -> bool | None:
    """One page; at the end whether all of it is what the server has, None before."""
    if len(head.seqs) != len(lines):
        raise Trouble("sync_page_damaged", what="count")
    read = taking_in.read_lines(lines)
    sync_moves.put_homes(w.con, ((h.subject, h.stream) for h in head.homes))
    taken = taking_in.absorb(w, read, ex.now_ms)
    count(ex, taken)
    w.con.executemany(
        "INSERT OR REPLACE INTO stream_op(stream, seq, op_id) VALUES (?,?,?)",
        [(state.num, seq, line.op_id) for seq, line in zip(head.seqs, read, strict=True)],
    )
    before = Loading.of(state.loading)
    if not head.complete:
        if before and before.mark == head.mark:
            raise Trouble("sync_page_damaged", what="mark")
        now = Loading(head.at.seq, head.at.hash, head.mark, head.subjects)
        sync_state.set_loading(w.con, state.num, now.text)
        return None
    at, digest = taking_in.recount(w.con, state.stream)
    same = (at.seq, at.hash.hex(), digest.hex()) == (head.at.seq, head.at.hash, head.digest)
    if head.at.seq == 0:
        at, digest, same = StreamPoint(), EMPTY, True
    sync_state.set_loading(w.con, state.num, None)
    if same:
        sync_state.move_stream(w.con, state.num, at, digest, at.seq, ex.now_ms)
    return same
