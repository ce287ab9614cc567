"""How a heading and a line of 今日 are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from jobdesk.cases.due import Bucket
from jobdesk.host.strings import text
from jobdesk.ui import paint, theme
from jobdesk.ui.palette import tokens
from jobdesk.ui.today.state import LineWords, Section

HEADING = 30
LINE = 57
REASON = 34
HINTS = 27
PAD = 24
_WIDE = 760
_WHO = 164
"""Own figure: the least width for who it is; names of twelve characters stand in it whole, if smaller."""
_GAP = 16


Hints = Sequence[tuple[str, str]]


class LinePainter:
    """Fonts are made once for each paint; colours are those of the present theme."""

    def begin(self, painter: QPainter, font: QFont, width: int, focused: bool) -> None:
        """Ready to draw into a viewport of this width."""
        sizes = tokens().type
        self._p = painter
        self._width, self._focused = width, focused
        self._body, self._bold = _sized(font, sizes.body), _sized(font, sizes.body, bold=True)
        self._small, self._small_bold = _sized(font, sizes.caption), _sized(font, sizes.caption, bold=True)
        self._colours = theme.palette()

    def end(self) -> None:
        """Everything is drawn."""
        self._p.end()

    def ground(self, whole: QRect) -> None:
        """The ground under everything."""
        self._p.fillRect(whole, QColor(self._colours.surface))

    def heading(self, top: int, section: Section) -> None:
        """逾期 2."""
        c = self._colours
        box = QRect(0, top, self._width, HEADING)
        self._p.fillRect(box, QColor(c.canvas))
        bad = section.bucket is Bucket.OVERDUE
        width = self._text(QRect(PAD, top, 200, HEADING), section.title, self._bold, "bad" if bad else "ink")
        number = str(len(section.lines))
        wide = max(22, QFontMetrics(self._small_bold).horizontalAdvance(number) + 12)
        pill = QRectF(PAD + width + 8, top + 6, wide, 18)
        self._p.save()
        self._p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._p.setPen(Qt.PenStyle.NoPen)
        self._p.setBrush(QColor(c.bad_soft if bad else c.surface))
        self._p.drawRoundedRect(pill, 9, 9)
        self._p.restore()
        self._draw(pill.toRect(), number, self._small_bold, "bad" if bad else "ink_2", centre=True)

    def line(
        self, box: QRect, words: LineWords, chosen: bool, hints: Hints = (), opened: bool = False
    ) -> tuple[QRect, QRect]:
        """One line; gives the rectangles of 查看依据 and of what folds its reasons out (empty for one).

        Args:
            hints: (key, what it does) under the chosen line.
        """
        self._row(box, chosen)
        upper, lower = box.top() + 7, box.top() + 30
        who_wide = self._who_width()
        when_wide = max(
            QFontMetrics(self._body).horizontalAdvance(words.when),
            QFontMetrics(self._small_bold).horizontalAdvance(words.late),
        )
        right = self._width - PAD
        self._who(QRect(PAD, upper, who_wide - _GAP, 22), lower, words, chosen)
        at = PAD + who_wide
        room = right - when_wide - _GAP - at
        wide = self._text(QRect(at, upper, room, 22), words.what, self._bold if chosen else self._body, "ink")
        used = at + wide + 10
        if words.manner:
            left = QRect(used, upper, max(0, at + room - used), 22)
            used += 10 + self._text(left, words.manner, self._body, "ink_2")
        fold = QRect()
        if words.more:
            said = f"{'▾' if opened else '▸'} {words.more}"
            left = QRect(used, upper, max(0, at + room - used), 22)
            wide = self._text(left, said, self._small, "accent")
            fold = QRect(used - 4, upper, wide + 8, 22)
            used += 10 + wide
        if words.moved:
            left = QRect(used, upper, max(0, at + room - used), 22)
            self._text(left, words.moved, self._small, "warn")
        self._draw(QRect(right - when_wide, upper, when_wide, 22), words.when, self._body, "ink", right=True)
        font = self._small_bold if words.tone != "ink_2" else self._small
        self._draw(QRect(right - when_wide, lower, when_wide, 20), words.late, font, words.tone, right=True)
        link = self._why(QRect(at, lower, room, 20), words.why, words.mark)
        if chosen:
            self._hints(at, box.top() + LINE + 3, hints)
        return link, fold

    def reason(self, box: QRect, words: LineWords, chosen: bool) -> QRect:
        """One reason of an opened line; gives the rectangle of 查看依据."""
        self._row(box, chosen)
        at, top = PAD + self._who_width(), box.top() + (box.height() - 22) // 2
        when = f"{words.when}  {words.late}" if self._width >= _WIDE else words.late
        when_wide = QFontMetrics(self._small).horizontalAdvance(when)
        right = self._width - PAD
        room = right - when_wide - _GAP - at
        self._draw(QRect(at - 18, top, 16, 22), "·", self._bold, "ink_2")
        wide = self._text(QRect(at, top, room // 2, 22), words.what, self._body, "ink") + 12
        why = f"{words.why}{'；' if words.why and words.moved else ''}{words.moved}"
        link = self._why(QRect(at + wide, top, max(0, room - wide), 22), why, words.mark)
        tone = "bad" if words.tone == "bad" else "ink_2"
        self._draw(QRect(right - when_wide, top, when_wide, 22), when, self._small, tone, right=True)
        return link

    def _who_width(self) -> int:
        return 240 if self._width >= _WIDE else max(_WHO, self._width * 24 // 100)

    def _row(self, box: QRect, chosen: bool) -> None:
        """The ground of a row: the chosen one is tinted, others end in a line."""
        c = self._colours
        if not chosen:
            self._p.setPen(QColor(c.line))
            self._p.drawLine(PAD, box.bottom(), self._width - PAD, box.bottom())
            return
        self._p.fillRect(box, QColor(c.accent_soft))
        self._p.fillRect(QRect(0, box.top(), 3, box.height()), QColor(c.accent))
        if self._focused:
            self._p.setPen(QPen(QColor(c.focus), 1))
            self._p.setBrush(Qt.BrushStyle.NoBrush)
            self._p.drawRect(box.adjusted(0, 0, -1, -1))

    def _who(self, box: QRect, lower: int, words: LineWords, chosen: bool) -> None:
        about = QFontMetrics(self._small).horizontalAdvance(words.about)
        whole = QFontMetrics(self._bold).horizontalAdvance(words.who)
        usual = "outline" if chosen else "plain"
        x = float(box.left())
        if not words.about or whole + 8 + about <= box.width():
            wide = self._text(box, words.who, self._bold, "ink")
            beside = QRect(box.left() + wide + 8, box.top(), about + 2, box.height())
            self._text(beside, words.about, self._small, "ink_2")
        else:  # a long name has the line for itself, smaller where it must
            self._text(box, words.who, self._bold if whole <= box.width() else self._small_bold, "ink")
            self._text(QRect(box.left(), lower, about + 2, 20), words.about, self._small, "ink_2")
            x += about + 8
        paint.chips(self._p, x, box.right(), lower + 10, words.chips, words.blanks, usual, self._small)

    def _why(self, box: QRect, why: str, mark: str) -> QRect:
        label, metrics = text("basis.link"), QFontMetrics(self._small)
        link_wide, mark_wide = metrics.horizontalAdvance(label), metrics.horizontalAdvance(mark)
        gap = 18 if self._width >= _WIDE else 8
        room = max(0, box.width() - link_wide - mark_wide - gap)
        wide = self._text(QRect(box.left(), box.top(), room, box.height()), why, self._small, "ink_2")
        after = QRect(box.left() + wide, box.top(), mark_wide + 2, box.height())
        wide += self._text(after, mark, self._small, "ink_2")
        link = QRect(box.left() + wide + gap, box.top(), link_wide, box.height())
        self._draw(link, label, self._small, "accent")
        return link

    def _hints(self, x: int, y: int, hints: Hints) -> None:
        metrics = QFontMetrics(self._small)
        for key, meaning in hints:
            wide = max(24, metrics.horizontalAdvance(key) + 12)
            if x + wide + 8 + metrics.horizontalAdvance(meaning) > self._width - PAD:
                return
            cap = QRectF(x + 0.5, y + 0.5, wide, 19)
            self._p.save()
            self._p.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._p.setPen(QPen(QColor(self._colours.line_strong), 1))
            self._p.setBrush(QColor(self._colours.surface))
            self._p.drawRoundedRect(cap, 4, 4)
            self._p.restore()
            self._draw(cap.toRect(), key, self._small, "ink_2", centre=True)
            x += wide + 8
            x += self._text(QRect(x, y, 200, 20), meaning, self._small, "ink_2") + 18

    def _text(self, box: QRect, words: str, font: QFont, tone: str) -> int:
        """Draw, shortened where there is no room; the width that was used."""
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        self._draw(box, shown, font, tone)
        return metrics.horizontalAdvance(shown)

    def _draw(
        self, box: QRect, words: str, font: QFont, tone: str, *, right: bool = False, centre: bool = False
    ) -> None:
        self._p.setFont(font)
        self._p.setPen(QColor(self._colours.tone(tone)))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        if centre:
            side = Qt.AlignmentFlag.AlignHCenter
        self._p.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | side), words)


def _sized(font: QFont, pixels: int, *, bold: bool = False) -> QFont:
    made = QFont(font)
    made.setPixelSize(pixels)
    made.setBold(bold)
    return made
