"""The window: rail, header, banners, one page at a time, a word at the foot. It knows no screen by name.

It is on screen before anything else is imported, its own parts too: until they are asked for (or the
first turn of the event loop is over) it paints an empty frame.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QCloseEvent, QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from jobdesk.ui import theme
from jobdesk.ui.hub import AppHub, GoTo, Notice

if TYPE_CHECKING:
    from jobdesk.ui.header import Header
    from jobdesk.ui.kit import Toast
    from jobdesk.ui.notices import NoticeBar
    from jobdesk.ui.rail import Place, Rail


LEAST_PAGE = 240
"""Logical pixels of height that every page keeps (own figure)."""


@runtime_checkable
class Visited(Protocol):
    """A page that wants to know when it comes into sight, and for what, and when it goes."""

    def arrive(self, where: GoTo, /) -> None: ...

    def leave(self) -> None: ...


class _Pages(QStackedWidget):
    """As low as what stands over it asks for: under a banner the page in sight gives way inside, and the
    window does not grow beyond the screen. Pages out of sight ask for nothing."""

    def minimumSizeHint(self) -> QSize:
        return QSize(self.currentWidget().minimumSizeHint().width(), LEAST_PAGE)


class _Parts:
    """Everything inside the window, made once."""

    def __init__(self, window: MainWindow, hub: AppHub) -> None:
        from jobdesk.host.strings import text
        from jobdesk.ui import shortcuts
        from jobdesk.ui.header import Header
        from jobdesk.ui.kit import Toast, column, row
        from jobdesk.ui.notices import NoticeBar
        from jobdesk.ui.rail import Rail

        self.rail = Rail(())
        self.header = Header()
        self.notices = NoticeBar(hub)
        self.stack = _Pages()
        self.stack.addWidget(QWidget())
        self.whole = row(self.rail, (column(self.header, self.notices, (self.stack, 1), gap=0), 1), gap=0)
        window.setLayout(self.whole)
        window.setWindowTitle(text("app.name"))
        self.mark = _Watermark(window)
        self.toast: Toast = Toast(window, lambda: self.rail.width() if self.rail.isVisible() else 0)
        shortcuts.bind(window, shortcuts.SEARCH.keys, self.header.search.take_focus)


class MainWindow(QWidget):
    """The one window. Made empty and shown at once; ``set_places`` fills it when the rest is loaded.

    Args:
        may_close: asked before closing; False keeps the window (a save is under way).
    """

    def __init__(self, hub: AppHub, may_close: Callable[[], bool] | None = None) -> None:
        super().__init__()
        self.setObjectName("window")
        self._hub = hub
        self._may_close = may_close
        self._places: dict[str, Place] = {}
        self._pages: dict[str, QWidget] = {}
        self._at = ""
        self._built = False
        hub.trouble.connect(self._trouble)
        hub.notice.connect(self._notice)
        hub.go_to.connect(self.go_to)

    @cached_property
    def _parts(self) -> _Parts:
        self._built = True
        return _Parts(self, self._hub)

    @property
    def rail(self) -> Rail:
        return self._parts.rail

    @property
    def header(self) -> Header:
        return self._parts.header

    @property
    def notices(self) -> NoticeBar:
        return self._parts.notices

    @property
    def stack(self) -> QStackedWidget:
        return self._parts.stack

    @property
    def toast(self) -> Toast:
        return self._parts.toast

    def sizeHint(self) -> QSize:
        return QSize(1366, 768)

    def minimumSizeHint(self) -> QSize:
        return QSize(900, 560)

    # ---- what the composition root does

    def set_places(self, places: Sequence[Place], first: str) -> None:
        """Fill the rail (only with places that work) and show one. Pages are built at the first visit."""
        self._places = {place.key: place for place in places}
        from jobdesk.ui.rail import Rail

        rail = Rail([place for place in places if not place.within])
        self._parts.whole.replaceWidget(self.rail, rail)
        self.rail.deleteLater()
        self._parts.rail = rail
        rail.chosen.connect(lambda key: self.go_to(GoTo(key)))
        self._show_frame(True)
        self.go_to(GoTo(first))

    def forget_places(self) -> None:
        """The station was closed: no page of it stays, and no word that was searched in it."""
        for page in self._pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self._places = {}
        self._at = ""
        self.header.search.set_text("")
        self.stack.setCurrentIndex(0)
        self._show_frame(False)

    def set_may_close(self, may_close: Callable[[], bool] | None) -> None:
        """Who is asked before the window closes."""
        self._may_close = may_close

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
        from jobdesk.host.strings import text

        self.header.set_station(name)
        self.setWindowTitle(f"{name} - {text('app.name')}" if name else text("app.name"))

    def set_marks(self, *, practice: bool, trial: bool) -> None:
        """练习 across the window and in the header; 试用版 in the header."""
        from jobdesk.host.strings import text

        self.header.set_marks(practice=practice, trial=trial)
        self._parts.mark.set_words(text("window.practice") if practice else "")

    def go_to(self, to: GoTo) -> None:
        """Show a place and lead its page to what is meant. An unknown place is a bug of the caller; between
        two stations there is none to go to.
        """
        if not self._places:
            return
        place = self._places[to.place]
        page, before = self._pages.get(to.place), self._pages.get(self._at)
        if before is not None and before is not page and isinstance(before, Visited):
            before.leave()
        if page is None:
            page = place.make()
            self._pages[to.place] = page
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self.rail.set_at(place.within or to.place)
        self._at = to.place
        if isinstance(page, Visited):
            page.arrive(to)

    @property
    def at(self) -> str:
        """Key of the place shown."""
        return self._at

    def page(self, key: str) -> QWidget | None:
        """The page of a place, None before its first visit."""
        return self._pages.get(key)

    # ---- Qt

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The ground, and until the parts are there the outline of rail and header."""
        colours, shape = theme.palette(), theme.tokens().shape
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.canvas))
        if not self._built:
            for area in (QRect(0, 0, shape.rail, self.height()), QRect(0, 0, self.width(), shape.header)):
                painter.fillRect(area, QColor(colours.surface))
            painter.fillRect(QRect(shape.rail - 1, 0, 1, self.height()), QColor(colours.line))
            painter.fillRect(QRect(shape.rail, shape.header - 1, self.width(), 1), QColor(colours.line))

    def closeEvent(self, event: QCloseEvent, /) -> None:
        if self._may_close is not None and not self._may_close():
            event.ignore()
            return
        super().closeEvent(event)

    def _trouble(self, error: BaseException) -> None:
        # A banner bar made by this very error has not heard of it: it connects itself from now on.
        if not self._built:
            self.notices.show_error(error)

    def _notice(self, notice: Notice) -> None:
        self.toast.say(notice.text, notice.undo, done=notice.done)

    def _show_frame(self, shown: bool) -> None:
        cursor = cast("QWidget | None", self.focusWidget())
        if not shown and cursor is not None and (
            self.header.isAncestorOf(cursor) or self.rail.isAncestorOf(cursor)
        ):  # fmt: skip
            cursor.clearFocus()  # else keys would go on into a line that nobody sees
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

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        host = self.parentWidget()  # asked of Qt: while the window goes, Python attributes are gone first
        if host is not None and watched is host and event.type() == QEvent.Type.Resize:
            self.setGeometry(host.rect())
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
