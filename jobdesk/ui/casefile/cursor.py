"""Where the cursor is in a file, and that it stays there while a page is drawn anew."""

from __future__ import annotations

from collections.abc import Collection, Generator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from jobdesk.ui.kit import TextArea, TextInput


def holds_cursor(widget: QWidget) -> bool:
    """The cursor is in it."""
    now = QApplication.focusWidget()
    return now is not None and (now is widget or widget.isAncestorOf(now))


def composes(widget: QWidget) -> bool:
    """An input method shows words in a line of it that the line has not yet."""
    now = QApplication.focusWidget()
    return isinstance(now, (TextInput, TextArea)) and holds_cursor(widget) and now.composing


@contextmanager
def held_still() -> Generator[None, None, None]:
    """Around laying out anew what stands about the cursor: what it stands in keeps its place on the screen,
    and is not scrolled away under the hands.
    """
    cursor = QApplication.focusWidget()
    area = _area_of(cursor)
    before = cursor.mapToGlobal(QPoint(0, 0)).y() if cursor is not None else 0
    yield
    if cursor is None or area is None:
        return

    def back() -> None:
        if isValid(cursor) and cursor is QApplication.focusWidget() and area.isAncestorOf(cursor):
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            bar = area.verticalScrollBar()
            bar.setValue(bar.value() + cursor.mapToGlobal(QPoint(0, 0)).y() - before)

    QTimer.singleShot(0, area, back)  # Qt shows what was laid out just now only then


def _area_of(widget: QWidget | None) -> QScrollArea | None:
    at = widget.parentWidget() if widget is not None else None
    while at is not None and not isinstance(at, QScrollArea):
        at = at.parentWidget()
    return at


@contextmanager
def cursor_kept(place: QWidget, lifted: Collection[QWidget] = ()) -> Generator[None, None, None]:
    """Around clearing a page and laying it out anew: whoever types there goes on typing. Else Qt would carry
    the cursor into the search line of the window, and what is typed next would show somebody else.

    Args:
        place: the page; the cursor stays on it, where no key types, when what it stood in is gone.
        lifted: what is taken out before the page is cleared and laid out again.

    Whoever moves the cursor within the page meanwhile has it there.
    """
    cursor = QApplication.focusWidget()
    here = cursor is not None and place.isAncestorOf(cursor)
    with held_still():
        if any(holds_cursor(part) for part in lifted):
            place.setFocus(Qt.FocusReason.OtherFocusReason)
        yield
    now = QApplication.focusWidget()
    if not here or cursor is None or (now is not place and holds_cursor(place)):
        return
    if isValid(cursor) and _shown(cursor, place):
        cursor.setFocus(Qt.FocusReason.OtherFocusReason)
    elif now is not place:
        place.setFocus(Qt.FocusReason.OtherFocusReason)


def _shown(widget: QWidget, place: QWidget) -> bool:
    """Whether it can be seen on the page. What was laid out just now is shown at once: Qt would do it only
    after the keys that are pressed meanwhile.
    """
    parts: list[QWidget] = []
    at: QWidget | None = widget
    while at is not None and at is not place:
        parts.append(at)
        at = at.parentWidget()
    if at is None:
        return False
    for part in reversed(parts):
        if part.isHidden():
            if part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
                return False
            part.show()
    return widget.isVisible()
