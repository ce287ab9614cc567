"""Nobody settles a card they have not seen: a key or a click meant for the one before it decides nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

LOOK_MS = 400
"""How long a card stands before its keys and buttons decide: below that nobody has read it (own figure)."""


class Sight(QObject):
    """Of one card. Time counts from its first paint: scrolled out of sight nothing is seen."""

    def __init__(self, card: QWidget) -> None:
        super().__init__(card)
        self._painted = self._seen = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._stood)
        card.installEventFilter(self)

    @property
    def seen(self) -> bool:
        """It has stood long enough."""
        return self._seen

    def begin(self) -> None:
        """The keys have come to it by themselves: it is to be looked at first."""
        self._seen = False
        if self._painted:
            self._timer.start(LOOK_MS)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.Paint and not self._painted:
            self._painted = True
            self._timer.start(LOOK_MS)
            watched.removeEventFilter(self)
        return False

    def _stood(self) -> None:
        self._seen = True
