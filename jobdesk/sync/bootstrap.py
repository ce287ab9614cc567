"""A new PC of a station that exists: its stream subject by subject, open files first, usable at once.

A page is one transaction, or several pages that have come while nobody waits to save; what is here can be
worked with while the rest loads. At the end the whole is held against the chain and the digest of the place
it stands at; if it is not the same, the stream is pulled from its beginning instead.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from jobdesk.cases.errors import Trouble
from jobdesk.protocol.chains import EMPTY, StreamPoint
from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.messages import BootstrapHead, Place
from jobdesk.store import recounting, sync_moves, sync_state, sync_told, taking_in
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_state import NEW, StreamState
from jobdesk.sync import recovering
from jobdesk.sync.client import Declined, NotSpoken, Unanswered
from jobdesk.sync.exchange import Exchange
from jobdesk.sync.pages_ahead import Page, Pages
from jobdesk.sync.pulling import count

MOST_TOGETHER = 8
"""Own figure: pages in one transaction, a megabyte or two of operations; the first ones come alone."""


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
    loading = Loading.of(state.loading)
    most = 1
    ex.begins("load")
    with Pages(ex.client, stream, ex.page_bytes, _place(loading), loading.mark if loading else "",
               ahead=ex.ahead) as pages:  # fmt: skip
        while True:
            try:
                page = pages.next()
            except NotSpoken:
                ex.write(lambda w: sync_state.restart_stream(w.con, stream))
                return
            except Unanswered:
                return
            except Declined as declined:
                if not loading or declined.error is ErrorCode.BUSY:
                    raise
                # the place it stood at is no place of this server any more: it was restored in between
                recovering.stream_diverged(ex, stream, declined.error.value)
                return
            recovering.epoch_told(ex, page.head.epoch)
            if not _belongs(page.head, stream, loading):
                raise Trouble("sync_page_damaged", what="bootstrap")
            job = _Taking(ex, pages, state.num, stream, loading, most)
            ex.write(lambda w, job=job, page=page: job.run(w, page))
            for taken, head in job.taken:
                count(ex, taken)
                ex.tally("load", stream, head.subjects, head.total_subjects)
            if job.same is not None:
                if not job.same:
                    recovering.stream_diverged(ex, stream, "digest")
                return
            loading, most = job.loading, min(2 * most, MOST_TOGETHER)


def _place(loading: Loading | None) -> Place | None:
    return Place(seq=loading.seq, hash=loading.hash) if loading else None


def _belongs(head: BootstrapHead, stream: str, loading: Loading | None) -> bool:
    return head.stream == stream and (loading is None or head.at == _place(loading))


@dataclass(slots=True)
class _Taking:
    """One transaction: a page, and those that have come behind it while nobody waits to save.

    Attributes:
        most: pages, this one and those behind it.
        taken: of each what it came to.
        same: at the end whether all of it is what the server has, None before.
    """

    ex: Exchange
    pages: Pages
    num: int
    stream: str
    loading: Loading | None
    most: int
    taken: list[tuple[taking_in.TakenIn, BootstrapHead]] = field(
        default_factory=list[tuple[taking_in.TakenIn, BootstrapHead]]
    )
    same: bool | None = None

    def run(self, w: Writing, page: Page) -> None:
        placed = self._placed(page)
        while True:
            head = page.head
            if not head.complete:
                self.loading = Loading(head.at.seq, head.at.hash, head.mark, head.subjects)
            following, found = None, list[_Placed]()
            if not head.complete and len(self.taken) + 1 < self.most and not w.somebody_waits:
                following = self.pages.next_if(lambda p, found=found: self._follows(p, found))
            held = _last_subject(placed) if following else []
            self._page(w, head, placed[: len(placed) - len(held)])
            if following is None:
                return
            page, placed = following, [*held, *found]

    def _follows(self, page: Page, placed: list[_Placed]) -> bool:
        """Whether a page belongs behind this one; one that is not sound gets its turn alone, so that it
        takes nobody with it.
        """
        if page.head.epoch != self.ex.epoch or not _belongs(page.head, self.stream, self.loading):
            return False
        try:
            placed += self._placed(page)
        except Trouble:
            return False
        return True

    def _placed(self, page: Page) -> list[_Placed]:
        head, lines = page.head, page.lines
        if len(head.seqs) != len(lines):
            raise Trouble("sync_page_damaged", what="count")
        if not head.complete and self.loading and self.loading.mark == head.mark:
            raise Trouble("sync_page_damaged", what="mark")
        return list(zip(head.seqs, taking_in.read_lines(lines), strict=True))

    def _page(self, w: Writing, head: BootstrapHead, placed: list[_Placed]) -> None:
        sync_moves.put_homes(w.con, ((h.subject, h.stream) for h in head.homes))
        self.taken.append((taking_in.absorb(w, [line for _, line in placed], self.ex.now_ms), head))
        w.con.executemany(
            "INSERT OR REPLACE INTO stream_op(stream, seq, op_id) VALUES (?,?,?)",
            [(self.num, seq, line.op_id) for seq, line in placed],
        )
        if head.complete:
            self.same = _settled(w, self.ex, self.num, self.stream, head)
        elif self.loading:
            sync_state.set_loading(w.con, self.num, self.loading.text)


_Placed = tuple[int, taking_in.Line]
"""An operation and its place in the stream."""


def _last_subject(placed: list[_Placed]) -> list[_Placed]:
    """What the page ends with of one subject: it waits for the rest of it on the page behind."""
    last = placed[-1][1].op if placed else None
    start = len(placed)
    while last and start and (op := placed[start - 1][1].op) and op.subject == last.subject:
        start -= 1
    return placed[start:]


def _settled(w: Writing, ex: Exchange, num: int, stream: str, head: BootstrapHead) -> bool:
    """After the last page: whether what stands in the log is what the server has at that place."""
    at, digest = recounting.recount(w.con, stream)
    same = (at.seq, at.hash.hex(), digest.hex()) == (head.at.seq, head.at.hash, head.digest)
    if head.at.seq == 0:
        at, digest, same = StreamPoint(), EMPTY, True
    sync_state.set_loading(w.con, num, None)
    if same:
        sync_state.move_stream(w.con, num, at, digest, at.seq, ex.now_ms)
        sync_told.listed_in(w.con, num)
    return same
