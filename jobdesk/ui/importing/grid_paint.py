"""How cells, row numbers and headings of the sheet are drawn. No state of its own but fonts."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF

from jobdesk.ui import icons, theme
from jobdesk.ui.importing.sheet import GridCell, GridRow, Mark
from jobdesk.ui.palette import tokens

PAD = 8
GUTTER = 64
LETTERS = 26
HEADER_ROW = 28
_GROUND = {Mark.NEW: "ok_soft", Mark.CHANGED: "accent_soft", Mark.CHECK: "warn_soft", Mark.SINCE: "canvas"}
_SIGN = {Mark.NEW: "plus", Mark.CHANGED: "arrow-right", Mark.CHECK: "alert", Mark.SINCE: "history"}
_TONE = {Mark.NEW: "ok", Mark.CHANGED: "accent", Mark.CHECK: "warn", Mark.SINCE: "ink_2"}
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine)


class Brush:
    """Draws with the fonts of the view and the colours of now."""

    def __init__(self, base: QFont) -> None:
        sizes = tokens().type
        self.body = QFont(base)
        self.body.setPixelSize(sizes.body)
        self.bold = QFont(self.body)
        self.bold.setBold(True)
        self.small = QFont(base)
        self.small.setPixelSize(sizes.caption)
        self.small_bold = QFont(self.small)
        self.small_bold.setBold(True)
        self._metrics = {id(f): QFontMetrics(f) for f in (self.body, self.bold, self.small, self.small_bold)}

    def metrics(self, font: QFont) -> QFontMetrics:
        """Metrics of one of the four fonts, made once."""
        return self._metrics[id(font)]

    # ---- cells

    def cell(self, p: QPainter, area: QRect, cell: GridCell, row: GridRow, taken: bool) -> None:
        """One cell of the body with its ground, its lines and its signs."""
        colours = theme.palette()
        ground = _GROUND.get(cell.mark, "surface")
        p.fillRect(area, QColor(colours.tone(ground if taken else "raised")))
        p.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), QColor(colours.line))
        p.fillRect(QRect(area.right(), area.top(), 1, area.height()), QColor(colours.line))
        box = area.adjusted(PAD, 0, -PAD, -1)
        if cell.mark is Mark.CHECK or cell.hint:
            self._corner(p, area, filled=cell.mark is Mark.CHECK)
        if cell.mark is Mark.CHANGED and cell.before:
            self._change(p, box, cell)
        elif cell.mark is Mark.SINCE:
            self._since(p, box, cell)
        elif cell.lost:
            self._lost(p, box, cell)
        else:
            self._plain(p, box, cell, row, taken)

    def _plain(self, p: QPainter, box: QRect, cell: GridCell, row: GridRow, taken: bool) -> None:
        if not cell.text:
            return
        strong = cell.mark is Mark.CHECK or (cell.mark is Mark.NEW and row.mark is Mark.CHANGED)
        tone = "ink" if taken else "ink_3"
        if cell.concealed:
            tone = "ink_2"
        elif cell.mark is Mark.CHECK:
            tone = "warn"
        elif strong:
            tone = "ok"
            picture = icons.pixmap("plus", "ok", 12)
            p.drawPixmap(box.left(), box.center().y() - 5, picture)
            box = box.adjusted(16, 0, 0, 0)
        self._write(p, box, cell.text, self.bold if strong else self.body, tone)

    def _change(self, p: QPainter, box: QRect, cell: GridCell) -> None:
        """old → new, the old one smaller and the first to be shortened."""
        old, new = self.metrics(self.small), self.metrics(self.bold)
        wanted = new.horizontalAdvance(cell.text)
        room = max(20, box.width() - min(wanted, box.width() - 44) - 24)
        before = old.elidedText(cell.before, Qt.TextElideMode.ElideRight, room)
        self._write(p, box, before, self.small, "ink_2")
        x = box.left() + old.horizontalAdvance(before) + 4
        p.drawPixmap(x, box.center().y() - 6, icons.pixmap("arrow-right", "accent", 14))
        self._write(
            p, QRect(x + 19, box.top(), box.right() - x - 18, box.height()), cell.text, self.bold, "accent"
        )

    def _since(self, p: QPainter, box: QRect, cell: GridCell) -> None:
        """What stands here stays; what the sheet says is shown crossed out behind it."""
        p.drawPixmap(box.left(), box.center().y() - 6, icons.pixmap("history", "ink_2", 13))
        rest = box.adjusted(18, 0, 0, 0)
        shown = self._write(p, rest, cell.before or "—", self.body, "ink")
        rest = rest.adjusted(shown + 8, 0, 0, 0)
        if rest.width() > 24:
            width = self._write(p, rest, cell.text, self.small, "ink_3")
            y = rest.center().y() + 1
            p.fillRect(QRect(rest.left(), y, width, 1), QColor(theme.palette().ink_3))

    def _lost(self, p: QPainter, box: QRect, cell: GridCell) -> None:
        """The end of the number apart: it is not what was typed."""
        kept, lost = cell.text[: -cell.lost], cell.text[-cell.lost :]
        width = self._write(p, box, kept, self.bold, "warn")
        self._write(p, box.adjusted(width, 0, 0, 0), lost, self.bold, "bad")

    def _corner(self, p: QPainter, area: QRect, *, filled: bool) -> None:
        right, top, size = float(area.right()), float(area.top()), 9.0 if filled else 7.0
        shape = QPolygonF([QPointF(right - size, top), QPointF(right, top), QPointF(right, top + size)])
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(theme.palette().warn)
        p.setPen(QPen(colour, 1))
        p.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
        p.drawPolygon(shape)
        p.restore()

    def _write(self, p: QPainter, box: QRect, words: str, font: QFont, tone: str) -> int:
        """The text, shortened where it must; how wide it became."""
        metrics = self.metrics(font)
        line = words.replace("\n", " ")
        shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, max(0, box.width()))
        p.setFont(font)
        p.setPen(QColor(theme.palette().tone(tone)))
        p.drawText(box, _MIDDLE, shown)
        return metrics.horizontalAdvance(shown)

    def needs(self, cell: GridCell) -> int:
        """The width at which nothing is shortened."""
        if cell.mark is Mark.CHANGED and cell.before:
            old = self.metrics(self.small).horizontalAdvance(cell.before)
            return old + 24 + self.metrics(self.bold).horizontalAdvance(cell.text)
        if cell.mark is Mark.SINCE:
            return 20 + self.metrics(self.body).horizontalAdvance(f"{cell.before}  {cell.text}")
        return self.metrics(self.bold).horizontalAdvance(cell.text) + (16 if cell.mark is Mark.NEW else 0)

    # ---- edges

    def gutter(self, p: QPainter, area: QRect, row: GridRow, current: bool) -> None:
        """Sign and number of a row; a hidden row carries a crossed eye and a dashed edge."""
        colours = theme.palette()
        p.fillRect(area, QColor(colours.accent_soft if current else colours.raised))
        p.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), QColor(colours.line))
        p.fillRect(QRect(area.right(), area.top(), 1, area.height()), QColor(colours.line_strong))
        middle = area.center().y()
        if row.mark in _SIGN:
            p.drawPixmap(area.left() + 8, middle - 6, icons.pixmap(_SIGN[row.mark], _TONE[row.mark], 14))
        elif row.mark is Mark.SAME:
            p.setFont(self.body)
            p.setPen(QColor(colours.ink_3))
            p.drawText(QRect(area.left() + 8, area.top(), 14, area.height()), _CENTRE, "=")
        if row.hidden:
            p.drawPixmap(area.left() + 25, middle - 6, icons.pixmap("eye-off", "ink_2", 12))
            pen = QPen(QColor(colours.ink_3), 1, Qt.PenStyle.DashLine)
            p.setPen(pen)
            p.drawLine(area.left() + 2, area.top() + 3, area.left() + 2, area.bottom() - 3)
        p.setFont(self.small_bold if current else self.small)
        p.setPen(QColor(colours.accent if current else colours.ink_2))
        box = area.adjusted(36, 0, -7, 0)
        p.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), str(row.number))

    def letter(self, p: QPainter, area: QRect, letter: str, current: bool, taken: bool) -> None:
        """The column's letter."""
        colours = theme.palette()
        p.fillRect(area, QColor(colours.accent_soft if current else colours.canvas))
        self._edges(p, area)
        p.setFont(self.small_bold if current else self.small)
        p.setPen(QColor(colours.accent if current else colours.ink_2 if taken else colours.ink_3))
        p.drawText(area, _CENTRE, letter)
        if not taken:
            width = self.metrics(self.small).horizontalAdvance(letter)
            y = area.center().y() + 1
            p.fillRect(QRect(area.center().x() - width // 2 - 2, y, width + 4, 1), QColor(colours.ink_3))

    def heading(self, p: QPainter, area: QRect, words: str, taken: bool) -> None:
        """A cell of the header; wraps where it is high enough."""
        colours = theme.palette()
        p.fillRect(area, QColor(colours.raised))
        self._edges(p, area)
        font = self.small_bold
        p.setFont(font)
        p.setPen(QColor(colours.ink_2 if taken else colours.ink_3))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWrapAnywhere
        box = area.adjusted(5, 1, -5, -2)
        metrics = self.metrics(font)
        lines = max(1, box.height() // metrics.lineSpacing())
        room = box.width() * lines - (metrics.averageCharWidth() * 2 * (lines - 1))
        p.save()
        p.setClipRect(area)
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(12, room))
        p.drawText(QRectF(box), int(flags), shown)
        p.restore()

    def blank(self, p: QPainter, area: QRect, words: str = "") -> None:
        """The corner, or the number of a header row."""
        p.fillRect(area, QColor(theme.palette().canvas))
        self._edges(p, area)
        if words:
            p.setFont(self.small)
            p.setPen(QColor(theme.palette().ink_2))
            box = area.adjusted(0, 0, -7, 0)
            p.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), words)

    def _edges(self, p: QPainter, area: QRect) -> None:
        line = QColor(theme.palette().line)
        p.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), line)
        p.fillRect(QRect(area.right(), area.top(), 1, area.height()), line)
