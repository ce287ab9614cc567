"""Files dropped anywhere on a page: the page says what will happen, then hears the path."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit import Icon, Text, column, frame, row


class DropTarget(QObject):
    """Lets a widget (and everything in it) take a dropped file.

    Keep the object: it lives as long as the widget. The ledger uses it like this::

        DropTarget(self, lambda path: ctx.go("import", part="file", detail=str(path)))

    Args:
        dropped: called with the first local file that was dropped.
    """

    def __init__(self, host: QWidget, dropped: Callable[[Path], object]) -> None:
        super().__init__(host)
        self._host, self._dropped = host, dropped
        self._veil: QFrame | None = None
        self.enabled = True
        host.setAcceptDrops(True)
        host.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        kind = event.type()
        if watched is not self._host or not self.enabled:
            return False
        if kind in (QEvent.Type.DragEnter, QEvent.Type.DragMove):
            entered = cast("QDragEnterEvent", event)
            if file_in(entered.mimeData()) is None:
                return False
            entered.acceptProposedAction()
            self._show(True)
            return True
        if kind is QEvent.Type.DragLeave:
            self._show(False)
            return True
        if kind is QEvent.Type.Drop:
            self._show(False)
            drop = cast("QDropEvent", event)
            path = file_in(drop.mimeData())
            if path is not None:
                drop.acceptProposedAction()
                self._dropped(path)
            return True
        if kind is QEvent.Type.Resize and self._veil is not None:
            self._veil.setGeometry(self._host.rect())
        return False

    def _show(self, shown: bool) -> None:
        if not shown:
            if self._veil is not None:
                self._veil.hide()
            return
        if self._veil is None:
            words = row(
                None,
                Icon("import", "accent", 28),
                Text(text("import_ui.drop_here"), "strong", "accent"),
                None,
                gap=12,
            )
            self._veil = frame(column(None, words, None), "card_on")
            self._veil.setParent(self._host)
            self._veil.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._veil.setGeometry(self._host.rect())
        self._veil.show()
        self._veil.raise_()


def file_in(data: QMimeData) -> Path | None:
    """The first local file of what is dragged or pasted."""
    for url in data.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    return None
