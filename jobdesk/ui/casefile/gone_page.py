"""What stands where a file would stand that is not here: whose it was, where it is, and the cross."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from jobdesk.ui.case_words import t
from jobdesk.ui.casefile.unsaved_card import UnsavedCard
from jobdesk.ui.kit import ElidedText, EmptyState, IconButton, Scroll, column, frame, row


class GonePage(QWidget):
    """The words of ``empty`` under a head with name and cross, which nobody needs where nobody is chosen.

    Args:
        close: what the cross does.
        unsaved: what was typed about them and is not saved, under the words.
    """

    def __init__(self, empty: EmptyState, close: Callable[[], object], unsaved: UnsavedCard) -> None:
        super().__init__()
        self.name = ElidedText("", "title", bold=True)
        self.cross = IconButton("close", t("close"), bordered=True, on_click=close)
        self._empty, self.unsaved = empty, unsaved
        self._head = frame(row((self.name, 1), self.cross, gap=8, pad=(20, 12, 12, 0)))
        self._head.hide()
        page = column((empty, 1), frame(column(unsaved, pad=(20, 0, 20, 20))), gap=0)
        self.setLayout(column(self._head, (Scroll(page), 1), gap=0))

    def say(self, name: str, sentence: str, more: str) -> None:
        """Of somebody whose file is not here; the name may be unknown."""
        self.name.set_text(name)
        self._empty.say(sentence, more)
        self._head.show()

    def rest(self) -> None:
        """Nobody is chosen."""
        self._empty.say(t("nobody"), t("nobody_more"))
        self.unsaved.show_unsaved(())
        self._head.hide()
