"""延期 and 转交: what is done with a line of 今日 by whoever does not do it now, or not himself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from jobdesk.cases.due import DueLine
from jobdesk.cases.errors import Refused
from jobdesk.services.handing_over import hand_over
from jobdesk.services.staffing import StaffMember
from jobdesk.services.today import OF_NO_PERSON, Board, put_off_all
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Notice
from jobdesk.ui.today import kinds, saying, state, words
from jobdesk.ui.today.beside import Beside
from jobdesk.ui.today.keeping import BoardKeeper
from jobdesk.ui.today.side import Side
from jobdesk.ui.today.tasklist import TaskList
from jobdesk.ui.today.words import t


class PassingOn:
    """Has the two cards.

    Args:
        place: the page; answers come only as long as it stands.
        go_on: called with the line once it is saved.

    Attributes:
        staff: whom a person may be handed to.
    """

    def __init__(
        self, ctx: Context, place: QWidget, keeper: BoardKeeper, tasks: TaskList, side: Side,
        beside: Beside, go_on: Callable[[DueLine], None],
    ) -> None:  # fmt: skip
        self._ctx, self._place, self._keeper = ctx, place, keeper
        self._tasks, self._beside, self._go_on = tasks, beside, go_on
        self._put_off_card, self._hand_over_card = side.put_off, side.hand_over
        self.staff: Sequence[StaffMember] = ()
        side.put_off.put_off.connect(self._put_off_now)
        side.hand_over.handed.connect(self._hand_over_now)

    def put_off(self, board: Board, line: DueLine) -> None:
        """Ask until when, and why."""
        if line.kind in OF_NO_PERSON:
            self._ctx.hub.notice.emit(Notice(t("put_off_none")))
            return
        said, chosen = saying.words_of(board, line), self._chosen()
        original = words.day_and_weekday(line.original, self._ctx.desk.today)
        what = t("put_off_what", what=said.what, day=original)
        if len(chosen) > 1:
            what = t("put_off_all", count=len(chosen), what=state.named(chosen))
        self._beside.show_card(self._put_off_card)
        self._put_off_card.begin(f"{said.who}  {what}")

    def hand_over(self, board: Board, line: DueLine) -> None:
        """Ask to whom."""
        if line.kind in OF_NO_PERSON or kinds.is_household(board, line):
            self._ctx.hub.notice.emit(Notice(t("hand_over_none")))
            return
        item = board.items.get(line.subject)
        self._beside.show_card(self._hand_over_card)
        self._hand_over_card.begin(saying.words_of(board, line).who, item.owner if item else "", self.staff)

    def _chosen(self) -> tuple[DueLine, ...]:
        """What is put off: the reason the cursor is on, or every reason of the line."""
        if self._tasks.entry is not None and self._tasks.whole:
            return self._tasks.entry.lines
        return (self._tasks.line,) if self._tasks.line is not None else ()

    def _put_off_now(self, wanted: tuple[date, str]) -> None:
        line, board = self._tasks.line, self._keeper.board
        if line is None or board is None:
            return
        until, reason = wanted
        try:
            saved = put_off_all(self._ctx.desk, self._chosen(), until, reason)
        except Refused:
            self._put_off_card.refuse_day()
            return
        day, who = words.day(until, self._ctx.desk.today), saying.words_of(board, line).who
        self._ctx.save(saved, self._place, t("put_off_saved", day=day, who=who))
        self._go_on(line)

    def _hand_over_now(self, staff_id: str) -> None:
        line, board = self._tasks.line, self._keeper.board
        if line is None or board is None:
            return
        name = next((s.name for s in self.staff if s.id == staff_id), "")
        said = t("hand_over_saved", who=saying.words_of(board, line).who, to=name)
        self._ctx.save(hand_over(self._ctx.desk, line.subject, staff_id), self._place, said)
        self._go_on(line)
