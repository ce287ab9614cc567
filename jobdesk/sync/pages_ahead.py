"""The pages of a bootstrap one after the other; the next ones come while somebody is busy with one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType

from jobdesk.protocol.messages import BootstrapAsk, BootstrapHead, Place
from jobdesk.sync.client import Client

AHEAD = 8
"""Own figure: pages that may have come and wait; two megabytes at most."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: its head and its lines, unread."""

    head: BootstrapHead
    lines: list[bytes]


class Pages:
    """All pages of one stream from a mark on. The client is nobody else's until it was left.

    Args:
        at, mark: of the page that came last; None and empty before the first.
        ahead: ask on a thread of its own before somebody wants the answer.
    """

    def __init__(
        self, client: Client, stream: str, max_bytes: int, at: Place | None, mark: str, *, ahead: bool
    ) -> None:
        self._client = client
        self._ask = BootstrapAsk(stream=stream, at=at, after=mark, max_bytes=max_bytes)
        self._over = False
        self._pool = ThreadPoolExecutor(1, "sync-ahead") if ahead else None
        self._asked: deque[Future[Page | None]] = deque()

    def next(self) -> Page:
        """The next page; waits for it. Not to be asked for behind the last one.

        Raises:
            NotSpoken, Unanswered, Declined, Trouble: as ``Client.bootstrap``, where that page stands.
        """
        if self._pool is None:
            page = self._fetch()
        else:
            self._order(self._pool)
            page = self._asked.popleft().result()
        assert page is not None
        return page

    def next_if(self, wanted: Callable[[Page], bool]) -> Page | None:
        """The next page where it has come and is wanted; else it stays, whatever became of it."""
        if self._pool is None or not self._asked or not self._asked[0].done():
            return None
        first = self._asked[0]
        page = None if first.exception() else first.result()
        if page is None or not wanted(page):
            return None
        self._asked.popleft()
        self._order(self._pool)
        return page

    def _order(self, pool: ThreadPoolExecutor) -> None:
        while len(self._asked) < AHEAD:
            self._asked.append(pool.submit(self._fetch))

    def _fetch(self) -> Page | None:
        """The page behind the last that was fetched; None behind the end or behind a failure."""
        if self._over:
            return None
        self._over = True
        head, lines = self._client.bootstrap(self._ask)
        stuck = head.mark == self._ask.after
        self._ask = self._ask.model_copy(update={"at": head.at, "after": head.mark})
        self._over = head.complete or stuck
        return Page(head, lines)

    def __enter__(self) -> Pages:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._over = True
            self._pool.shutdown(cancel_futures=True)
