"""The window: rail, header, banners, one page at a time, a word at the foot. It knows no screen by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QCloseEvent, QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from jobdesk.host.strings import text
from jobdesk.ui import shortcuts, theme
from jobdesk.ui.header import Header
from jobdesk.ui.hub import AppHub, GoTo, Notice
from jobdesk.ui.kit import Toast, column, row
from jobdesk.ui.notices import NoticeBar
from jobdesk.ui.rail import Place, Rail


@runtime_checkable
class Guided(Protocol):
    """A page that can be led to a subject, a part or a filter in it."""

    def guide(self, to: GoTo) -> None: ...


@runtime_checkable
class Visited(Protocol):
    """A page that wants to know when it comes into sight (to ask anew for what is old)."""

    def visited(self) -> None: ...


class MainWindow(QWidget):
    """The one window. Made empty and shown at once; ``set_places`` fills it when the rest is loaded.

    Args:
        may_close: asked before closing; False keeps the window (a save is under way).
    """

    def __init__(self, hub: AppHub, may_close: Callable[[], bool] | None = None) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setProperty("look", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(text("app.name"))
        self._hub = hub
        self._may_close = may_close
        self._places: dict[str, Place] = {}
        self._pages: dict[str, QWidget] = {}
        self._at = ""
        self.rail = Rail(())
        self.header = Header()
        self.notices = NoticeBar(hub)
        self.stack = QStackedWidget()
        self._waiting = QWidget()
        self.stack.addWidget(self._waiting)
        self._work = column(self.header, self.notices, (self.stack, 1), gap=0)
        self._whole = row(self.rail, (self._work, 1), gap=0)
        self.setLayout(self._whole)
        self._mark = _Watermark(self)
        self.toast = Toast(self)
        shortcuts.bind(self, shortcuts.SEARCH.keys, self.header.search.take_focus)
        hub.notice.connect(self._notice)
        hub.go_to.connect(self.go_to)

    def sizeHint(self) -> QSize:
        return QSize(1366, 768)

    def minimumSizeHint(self) -> QSize:
        return QSize(900, 560)

    # ---- what the composition root does

    def set_places(self, places: Sequence[Place], first: str) -> None:
        """Fill the rail (only with places that work) and show one. Pages are built at the first visit."""
        self._places = {place.key: place for place in places}
        rail = Rail(places)
        self._whole.replaceWidget(self.rail, rail)
        self.rail.deleteLater()
        self.rail = rail
        rail.chosen.connect(lambda key: self.go_to(GoTo(key)))
        self._show_frame(True)
        self.go_to(GoTo(first))

    def show_alone(self, page: QWidget) -> None:
        """One page without rail and header: first start, opening with the recovery code."""
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self._show_frame(False)

    def remove_page(self, page: QWidget) -> None:
        """Take away a page shown by ``show_alone``."""
        self.stack.removeWidget(page)
        page.deleteLater()

    def set_station(self, name: str) -> None:
        """The unit's name, in the header and in the title."""
        self.header.set_station(name)
        self.setWindowTitle(f"{name} - {text('app.name')}" if name else text("app.name"))

    def set_marks(self, *, practice: bool, trial: bool) -> None:
        """练习 across the window and in the header; 试用版 in the header."""
        self.header.set_marks(practice=practice, trial=trial)
        self._mark.set_words(text("window.practice") if practice else "")

    def go_to(self, to: GoTo) -> None:
        """Show a place and lead its page to what is meant. An unknown place is a bug of the caller."""
        place = self._places[to.place]
        page = self._pages.get(to.place)
        if page is None:
            page = place.make()
            self._pages[to.place] = page
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self.rail.set_at(to.place)
        self._at = to.place
        if isinstance(page, Visited):
            page.visited()
        if isinstance(page, Guided) and (to.subject or to.part or to.detail):
            page.guide(to)

    @property
    def at(self) -> str:
        """Key of the place shown."""
        return self._at

    def page(self, key: str) -> QWidget | None:
        """The page of a place, None before its first visit."""
        return self._pages.get(key)

    # ---- Qt

    def closeEvent(self, event: QCloseEvent, /) -> None:
        if self._may_close is not None and not self._may_close():
            event.ignore()
            return
        super().closeEvent(event)

    def _notice(self, notice: Notice) -> None:
        self.toast.say(notice.text, notice.undo)

    def _show_frame(self, shown: bool) -> None:
        self.rail.setVisible(shown)
        self.header.setVisible(shown)


class _Watermark(QFrame):
    """A quiet word over the whole window, through which every click goes."""

    def __init__(self, host: MainWindow) -> None:
        super().__init__(host)
        self._host = host
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        host.installEventFilter(self)

    def set_words(self, words: str) -> None:
        self._words = words
        self.setGeometry(self._host.rect())
        self.setVisible(bool(words))
        self.raise_()

    def eventFilter(self, watched, event, /) -> bool:  # type: ignore[no-untyped-def]
        if watched is self._host and event.type() == event.Type.Resize:
            self.setGeometry(self._host.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        colour = QColor(theme.palette().ink)
        colour.setAlphaF(0.045)
        painter.setPen(colour)
        font = QFont(self.font())
        font.setPixelSize(64)
        font.setBold(True)
        painter.setFont(font)
        for at in range(0, self.height() + 300, 300):
            for across in range(160, self.width() + 300, 420):
                painter.save()
                painter.translate(across, at)
                painter.rotate(-20)
                area = QRectF(-200, -50, 400, 100)
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._words)
                painter.restore()
