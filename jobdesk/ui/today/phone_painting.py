"""How the heading and a line of a phone round are drawn."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from jobdesk.ui import theme
from jobdesk.ui.palette import tokens
from jobdesk.ui.today.phone_state import ATTEMPTS, PHONE, Call, Way
from jobdesk.ui.today.words import t

ROW = 58
HEAD = 28
PAD = 20


class CallPainter:
    """One paint of a viewport: fonts are made once for it; colours are those of the present theme.

    Args:
        width: of the viewport.
        revealed: numbers are drawn whole.
    """

    def __init__(self, painter: QPainter, font: QFont, width: int, way: Way, *, revealed: bool) -> None:
        self._painter, self._width, self._way, self._revealed = painter, width, way, revealed
        sizes = tokens().type
        self._body, self._bold = _sized(font, sizes.body), _sized(font, sizes.body, bold=True)
        self._small = _sized(font, sizes.caption)
        self._colours = theme.palette()

    def heading(self, columns: Mapping[str, QRect]) -> None:
        """Above all lines."""
        self._painter.fillRect(QRect(0, 0, self._width, HEAD), QColor(self._colours.canvas))
        for name, box in columns.items():
            head = QRect(box.x(), 0, box.width(), HEAD)
            self._draw(head, t(f"round_{_heading(name, self._way)}"), self._small, self._colours.ink_2)

    def line(self, call: Call, top: int, columns: Mapping[str, QRect], *, here: bool) -> None:
        """``here``: the editors stand on it and show what it says."""
        c = self._colours
        self._ground(top, here=here)
        boxes = {name: QRect(b.x(), top, b.width(), ROW) for name, b in columns.items()}
        who, phone = boxes["who"], boxes["phone"]
        wide = self._draw(QRect(who.x(), top + 6, who.width(), 24), call.who, self._bold, c.ink)
        room = QRect(who.x() + wide + 8, top + 6, who.width() - wide - 8, 24)
        self._draw(room, call.about, self._small, c.ink_2)
        free = not here and not call.is_touched and not call.is_saved and not call.problem
        end = boxes["state"].right() if free else phone.right()
        self._draw(QRect(who.x(), top + 31, end - who.x(), 20), call.why, self._small, c.ink_2)
        self._reached(call, QRect(phone.x(), top + 6, phone.width(), 24))
        if not here or call.is_saved:
            for name, words in (
                ("result", call.result_name()), ("content", call.content), ("next", call.next_on)
            ):  # fmt: skip
                self._draw(boxes[name], words, self._body, c.ink)
        words, tone = _state_words(call)
        self._draw(boxes["state"], words, self._small, c.tone(tone))

    def _ground(self, top: int, *, here: bool) -> None:
        c, whole = self._colours, QRect(0, top, self._width, ROW)
        if here:
            self._painter.fillRect(whole, QColor(c.accent_soft))
            self._painter.fillRect(QRect(0, top, 3, ROW), QColor(c.accent))
        self._painter.setPen(QColor(c.line))
        self._painter.drawLine(PAD, whole.bottom(), whole.right() - PAD, whole.bottom())

    def _reached(self, call: Call, box: QRect) -> None:
        """The number to call, or the door to go to."""
        c = self._colours
        if self._way is PHONE:
            self._draw(box, call.shown_phone(self._revealed), self._body, c.ink if call.phone else c.warn)
        else:
            to = call.place or t("round_nowhere")
            # of a long address both ends are wanted at the door
            cut = Qt.TextElideMode.ElideMiddle
            self._draw(box, to, self._body, c.ink if call.place else c.warn, cut)

    def _draw(
        self, box: QRect, words: str, font: QFont, colour: str,
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> int:  # fmt: skip
        """How wide it became."""
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(words, cut, box.width())
        self._painter.setFont(font)
        self._painter.setPen(QColor(colour))
        self._painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        return metrics.horizontalAdvance(shown)


def _state_words(call: Call) -> tuple[str, str]:
    """What the last column says, and its tone."""
    if call.problem:
        return t(f"round_{call.problem}"), "bad"
    if call.is_saved:
        return t("round_attempt" if call.result in ATTEMPTS else "round_saved"), "ok"
    if call.is_touched:
        return t("round_typing"), "warn"
    return "", "ink_3"


def _heading(column: str, way: Way) -> str:
    if column == "who":
        return "name"
    return "place" if column == "phone" and way is not PHONE else column


def _sized(font: QFont, pixels: int, *, bold: bool = False) -> QFont:
    made = QFont(font)
    made.setPixelSize(pixels)
    made.setBold(bold)
    return made
