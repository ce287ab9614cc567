"""Lines for the table, read beside the window's thread: what is not here yet shows ``…`` for a moment."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer

from jobdesk.services.listing import Line, Rules, lines
from jobdesk.ui.context import Context
from jobdesk.ui.ledger.state import Look, row_of
from jobdesk.ui.table import Row

KEPT = 6000
"""Own figure: rows kept; some 20 MB."""
_WAITING = 2


class RowSource(QObject):
    """Answers ``Table``'s fetch from memory and asks the station file for what is missing.

    One question is under way at a time and the two latest wait: windows that were only scrolled past
    are not read at all.

    Args:
        owner: answers that come after its end reach nobody.
        look: the look of now (day, staff); asked at each answer.
        arrived: called with the ids that were read, to be drawn again.
    """

    def __init__(
        self, ctx: Context, owner: QObject, rules: Callable[[], Rules], look: Callable[[], Look],
        arrived: Callable[[Collection[str]], object],
    ) -> None:  # fmt: skip
        super().__init__(owner)
        self._ctx, self._rules, self._look, self._arrived = ctx, rules, look, arrived
        self._rows: OrderedDict[str, Row | None] = OrderedDict()
        self._queue: list[tuple[str, ...]] = []
        self._asked: tuple[str, ...] = ()
        self._life = 0

    def fetch(self, ids: Sequence[str]) -> Sequence[Row]:
        """Rows known now; the others are asked for."""
        if any(one not in self._rows for one in ids):
            self._want(tuple(ids))
        found = (self._rows.get(one) for one in ids)
        return [row for row in found if row is not None]

    def put(self, known: Iterable[Line]) -> None:
        """Lines that came along with an answer."""
        look = self._look()
        for line in known:
            self._rows[line.item.case_id] = row_of(line, look)
            self._rows.move_to_end(line.item.case_id)
        while len(self._rows) > KEPT:
            self._rows.popitem(last=False)

    def forget(self, ids: Collection[str] | None = None) -> None:
        """These have changed; None means all."""
        self._life += 1
        self._asked = ()
        if ids is None:
            self._rows.clear()
        for one in ids or ():
            self._rows.pop(one, None)

    def _want(self, ids: tuple[str, ...]) -> None:
        if ids == self._asked or ids in self._queue:
            return
        self._queue.append(ids)
        dropped = self._queue[:-_WAITING]
        del self._queue[:-_WAITING]
        if not self._asked:
            self._next()
        for window in dropped:
            # fetch is asked from inside a paint: the table must not hear of it before that is over
            QTimer.singleShot(0, self, partial(self._arrived, window))

    def _next(self) -> None:
        if not self._queue:
            self._asked = ()
            return
        ids = self._asked = self._queue.pop()
        rules, life = self._rules(), self._life
        asked = self._ctx.desk.read(lambda con: lines(con, ids, rules))

        def read(found: list[Line]) -> None:
            if life == self._life:
                self.put(found)
                for one in ids:
                    self._rows.setdefault(one, None)
            self._asked = ()
            self._arrived(ids)
            self._next()

        def failed(error: Exception) -> None:
            self._asked = ()
            self._ctx.hub.trouble.emit(error)

        self._ctx.ask(asked, self, read, failed)
