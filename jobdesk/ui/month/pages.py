"""The pages of a paper, one at a time, each drawn when it is looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from jobdesk.host.strings import text
from jobdesk.ui import theme
from jobdesk.ui.kit import Text, column
from jobdesk.ui.signals import TypedSignal, signal

KEPT = 12
"""Pictures kept; the next and the one before are drawn ahead (own figure)."""
EDGE = 12
A4 = (595.3, 841.9)

Fetch = Callable[[int, float], "Future[QImage]"]
"""(page, dots per inch) → its picture."""
Deliver = Callable[["Future[QImage]", Callable[[QImage], object]], None]


class _Sheet(QWidget):
    """The paper on its ground."""

    def __init__(self) -> None:
        super().__init__()
        self.image: QImage | None = None

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        colours = theme.palette()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillRect(box, QColor("#FFFFFF"))
        if self.image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self.rect()), self.image)
        painter.setPen(QColor(colours.line_strong))
        painter.drawRect(box)


class PageView(QScrollArea):
    """Keys: PgDn PgUp Space for pages, Home End, ↑ ↓ scroll, W and F for width and whole page.

    Signals:
        moved: another page is shown, by its index.
    """

    moved: TypedSignal[int] = signal()

    def __init__(self, fetch: Fetch, deliver: Deliver) -> None:
        super().__init__()
        self._fetch, self._deliver = fetch, deliver
        self._count, self._at, self._edition = 0, 0, 0
        self._size = A4
        self._by_width = False
        self._kept: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self._asked: set[tuple[int, int]] = set()
        self._sheet = _Sheet()
        self.said = Text("", "body", "ink_2", wrap=True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._inside = QWidget()
        self._inside.setProperty("look", "canvas")
        self._inside.setLayout(column((self._sheet, 0), self.said, pad=(EDGE, EDGE, EDGE, EDGE)))
        layout = self._inside.layout()
        assert layout is not None
        layout.setAlignment(self._sheet, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(text("month.screen.preview"))
        self._sheet.hide()
        self.said.hide()

    # ---- what is shown

    @property
    def at(self) -> int:
        return self._at

    @property
    def count(self) -> int:
        return self._count

    @property
    def by_width(self) -> bool:
        return self._by_width

    def image(self) -> QImage | None:
        """The picture in sight; None while it is being drawn."""
        return self._sheet.image

    def open(self, count: int, size: tuple[float, float], at: int = 0) -> None:
        """Another paper of so many pages; ``size`` of a page in points."""
        self._edition += 1
        self._count, self._size = count, size
        self._kept.clear()
        self._asked.clear()
        self._sheet.image = None
        self.said.hide()
        self._sheet.setVisible(count > 0)
        self.show_page(min(at, count - 1) if count else 0)

    def say(self, sentence: str) -> None:
        """No paper, and why."""
        self.open(0, A4)
        self.said.setText(sentence)
        self.said.show()

    def show_page(self, index: int) -> None:
        """Show a page; its picture follows when it is drawn."""
        if not self._count:
            return
        self._at = max(0, min(index, self._count - 1))
        self.verticalScrollBar().setValue(0)
        self._show()
        self.moved.emit(self._at)

    def set_by_width(self, on: bool) -> None:
        """As wide as the room, or the whole page in sight."""
        self._by_width = on
        self._show()

    # ---- pictures

    def _logical(self) -> QSize:
        wide, high = self._size
        # a bar that comes and goes must not change the page it belongs to
        bar = self.verticalScrollBar().sizeHint().width() if self._by_width else 0
        scale = (self.width() - bar - 2 * EDGE - 2) / wide
        if not self._by_width:
            scale = min(scale, (self.height() - 2 * EDGE - 2) / high)
        scale = max(scale, 0.2)
        return QSize(round(wide * scale), round(high * scale))

    def _show(self) -> None:
        if not self._count:
            return
        size = self._logical()
        self._sheet.setFixedSize(size)
        key = (self._at, size.width())
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        older = next((i for (page, _), i in reversed(self._kept.items()) if page == self._at), None)
        self._sheet.image = found or older
        self._sheet.update()
        for page in (self._at, self._at + 1, self._at - 1):
            if 0 <= page < self._count:
                self._ask(page, size.width())

    def _ask(self, page: int, width: int) -> None:
        key = (page, width)
        if key in self._kept or key in self._asked:
            return
        self._asked.add(key)
        edition = self._edition
        dpi = width * self.devicePixelRatioF() / self._size[0] * 72

        def ready(image: QImage) -> None:
            if edition != self._edition:
                return
            self._asked.discard(key)
            self._kept[key] = image
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            if key == (self._at, self._sheet.width()):
                self._sheet.image = image
                self._sheet.update()

        self._deliver(self._fetch(page, dpi), ready)

    # ---- Qt

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._show()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key = Qt.Key
        moves = {
            key.Key_PageDown: self._at + 1, key.Key_Space: self._at + 1, key.Key_Right: self._at + 1,
            key.Key_PageUp: self._at - 1, key.Key_Left: self._at - 1,
            key.Key_Home: 0, key.Key_End: self._count - 1,
        }  # fmt: skip
        pressed = Qt.Key(event.key())
        if pressed in moves:
            self.show_page(moves[pressed])
        elif pressed in (key.Key_W, key.Key_F):
            self.set_by_width(pressed == key.Key_W)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        bar = self.verticalScrollBar()
        down = event.angleDelta().y() < 0
        if (down and bar.value() >= bar.maximum()) or (not down and bar.value() <= bar.minimum()):
            self.show_page(self._at + (1 if down else -1))
            event.accept()
            return
        super().wheelEvent(event)
