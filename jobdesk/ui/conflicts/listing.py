"""The left side: tabs with their counts, the same question of many, the list and its cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QListWidgetItem

from jobdesk.services.conflict_board import Board, Same
from jobdesk.ui.conflicts.pieces import ITEM
from jobdesk.ui.conflicts.same import same_of
from jobdesk.ui.conflicts.saying import Saying, t
from jobdesk.ui.conflicts.state import Item
from jobdesk.ui.conflicts.view import ConflictsView
from jobdesk.ui.kit import Button, ElidedText, Icon, clear, column, frame, row

_MOST_SAME = 2


class Listing:
    """Fills it.

    Attributes:
        seek: who or which decision is meant, until it was found.
        from_top: the next list begins at its top: it is another tab's.
    """

    def __init__(self, view: ConflictsView) -> None:
        self._view = view
        self.seek = ""
        self.from_top = False

    def fill_tabs(self, board: Board, tab: str) -> None:
        """Counts, and the words that depend on who looks."""
        view = self._view
        counts = {"here": board.counts.here, "handed": board.counts.above, "settled": board.counts.settled}
        for key, chip in view.tabs.items():
            if key != "settled":
                chip.rename(t(f"tab_{key}_above") if board.above else t(f"tab_{key}"))
            chip.set_count(counts[key])
            chip.setChecked(key == tab)
        view.intro.set_text(t("intro_above") if board.above else t("intro"))
        view.print.setVisible(tab == "settled" and bool(board.counts.decided))
        view.foot.setVisible(tab != "settled")

    def fill_same(self, groups: Sequence[Same], saying: Saying, opened: Callable[[str], object]) -> None:
        """The first questions that many share. ``opened`` is told the key of one."""
        view = self._view
        clear(view.same)
        for group in groups[:_MOST_SAME]:
            card = same_of(group, saying)
            head = ElidedText(card.head, "caption", "ink")
            values = ElidedText(card.line, "caption", "ink_2")
            button = Button(t("same_open"), "link", on_click=lambda g=group: opened(g.key))
            button.setAccessibleName(f"{t('same_open')}：{card.head}，{card.line}")
            top = row(Icon("users", "accent"), (head, 1), button, gap=8)
            line = column(top, row((values, 1), pad=(24, 0, 0, 0)), gap=2, pad=(10, 4, 10, 6))
            view.same.addWidget(frame(line, "accent_soft"))
        view.same_frame.setVisible(bool(groups))

    def set_items(self, items: Sequence[Item]) -> None:
        """Keep the cursor with its person; where that one is done, with who took its place. Another tab
        begins at its top. Nobody is told of the cursor.
        """
        listing = self._view.list
        now = None if self.from_top else self.current()
        at = listing.currentRow() if now is not None else 0
        before = self.seek or (now.data(ITEM).key if now is not None else "")
        listing.blockSignals(True)
        listing.clear()
        for item in items:
            line = QListWidgetItem(item.spoken)
            line.setData(ITEM, item)
            listing.addItem(line)
        keys = [i.key for i in items]
        row_ = keys.index(before) if before in keys else min(max(at, 0), len(keys) - 1)
        listing.setCurrentRow(row_)
        listing.blockSignals(False)

    def current(self) -> QListWidgetItem | None:
        """Qt answers None where nobody is chosen, whatever its stubs say."""
        return self._view.list.currentItem()

    def at(self) -> str:
        """Key of who is chosen; empty where nobody is."""
        item = self.current()
        return item.data(ITEM).key if item is not None else ""
