"""Small parts of a question: the sentence with its bold words, the little time line, a line of the list."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from jobdesk.ui import paint, theme
from jobdesk.ui.conflicts.question import Dot, VersionCard
from jobdesk.ui.conflicts.saying import Sentence, plain, t
from jobdesk.ui.conflicts.state import Item
from jobdesk.ui.kit import Chip, Icon, Text, column, frame, row

ITEM = Qt.ItemDataRole.UserRole + 1
ITEM_HEIGHT = 82


class SentenceLabel(QLabel):
    """A sentence with bold runs. The runs are escaped: what people typed is shown as typed."""

    def __init__(self, sentence: Sentence = ()) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setProperty("role", "body")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_sentence(sentence)

    def set_sentence(self, sentence: Sentence) -> None:
        runs = (f"<b>{escape(p.words)}</b>" if p.bold else escape(p.words) for p in sentence)
        self.setText(f'<p style="line-height:120%;margin:0">{"".join(runs)}</p>')
        self.setAccessibleName(plain(sentence))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.fontMetrics().lineSpacing())


def _font(size: int, bold: bool = False) -> QFont:
    font = QFont(theme.tokens().type.family)
    font.setPixelSize(size)
    font.setBold(bold)
    return font


class TimeLine(QWidget):
    """How it came about: what all knew, then those who did not know of each other, dotted between them.
    Under the value of a point stands what it is, on as many lines as that takes.
    """

    _STEP = 150
    _LINE = 19

    def __init__(self, dots: Sequence[Dot]) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_dots(dots)

    def set_dots(self, dots: Sequence[Dot]) -> None:
        self._dots = tuple(dots)
        self.updateGeometry()
        self.update()
        self.setAccessibleName("；".join(d.whole for d in dots))
        self.setToolTip("\n".join(f"{d.when}　{d.value}　{d.note}".rstrip() for d in dots))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._STEP, self._tall(1))

    def sizeHint(self) -> QSize:
        return QSize(self._STEP * max(1, len(self._dots)), self.heightForWidth(max(self.width(), self._STEP)))

    def heightForWidth(self, width: int, /) -> int:
        return self._tall(max((len(self.lines(d, width)) for d in self.shown(width)), default=1))

    def _tall(self, lines: int) -> int:
        return 21 + lines * self._LINE

    def shown(self, width: int) -> tuple[Dot, ...]:
        """The points there is room for: what all knew, and the latest."""
        room = max(1, min(len(self._dots), width // self._STEP))
        if len(self._dots) <= room:
            return self._dots
        return (*self._dots[:1], *self._dots[len(self._dots) - room + 1 :]) if room > 1 else self._dots[-1:]

    def lines(self, dot: Dot, width: int) -> list[str]:
        """Value and note of a point as they are drawn: the value elided on one line, the note whole."""
        metrics = QFontMetrics(_font(theme.tokens().type.caption, dot.on))
        wide = int(width / len(self.shown(width))) - 26
        return [
            metrics.elidedText(dot.value, Qt.TextElideMode.ElideRight, wide),
            *_broken(dot.note, metrics, wide),
        ]

    def paintEvent(self, event: QPaintEvent, /) -> None:
        colours, scale = theme.palette(), theme.tokens().type
        dots = self.shown(self.width())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step = self.width() / max(1, len(dots))
        for n in range(1, len(dots)):
            style = Qt.PenStyle.DotLine if dots[n].apart else Qt.PenStyle.SolidLine
            painter.setPen(QPen(QColor(colours.line_strong), 1.5, style))
            painter.drawLine(QPointF((n - 1) * step + 10, 9), QPointF(n * step, 9))
        for n, dot in enumerate(dots):
            x = n * step
            painter.setPen(QPen(QColor(colours.accent if dot.on else colours.ink_3), 1.5))
            painter.setBrush(QColor(colours.accent if dot.on else colours.surface))
            painter.drawEllipse(QPointF(x + 5, 9), 4, 4)
            painter.setFont(_font(scale.caption))
            small = QFontMetrics(painter.font())
            when = small.elidedText(dot.when, Qt.TextElideMode.ElideRight, int(step - 26))
            taken = QRectF(x + 14, 0, small.horizontalAdvance(when) + 10, 18)
            painter.fillRect(taken, QColor(colours.surface))
            painter.setPen(QColor(colours.ink_2))
            painter.drawText(QRectF(x + 18, 0, step, 18), Qt.AlignmentFlag.AlignVCenter, when)
            painter.setFont(_font(scale.caption, dot.on))
            painter.setPen(QColor(colours.ink if dot.on else colours.ink_2))
            for place, words in enumerate(self.lines(dot, self.width())):
                box = QRectF(x + 18, 20 + place * self._LINE, step, 18)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)


def _broken(words: str, metrics: QFontMetrics, wide: int) -> list[str]:
    """The words on lines of that width, none lost; no line begins with a comma."""
    lines: list[str] = []
    for letter in words:
        fits = bool(lines) and metrics.horizontalAdvance(lines[-1] + letter) <= wide
        if fits or (lines and letter in "，。；"):
            lines[-1] += letter
        else:
            lines.append(letter)
    return lines


def note_of(item: Item, metrics: QFontMetrics, wide: int) -> str:
    """Whose and when as there is room for: a long name is cut, the day stands."""
    if not item.day:
        return item.note
    tail = t("list_day", day=item.day)
    room = wide - metrics.horizontalAdvance(tail) - 1
    return metrics.elidedText(item.note, Qt.TextElideMode.ElideRight, room) + tail


class ItemPainter(QStyledItemDelegate):
    """A person in the list: name with mark and count, what differs, whose and when."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /) -> QSize:
        return QSize(200, ITEM_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /
    ) -> None:
        item = index.data(ITEM)
        if not isinstance(item, Item):
            return
        colours, scale = theme.palette(), theme.tokens().type
        state, rect = _state_of(option), _rect_of(option)
        on = bool(state & QStyle.StateFlag.State_Selected)
        box = QRectF(rect).adjusted(0, 1, 0, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if on or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_soft if on else colours.canvas))
            painter.drawRoundedRect(box, theme.tokens().shape.radius, theme.tokens().shape.radius)
        if on and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colours.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)
        left, right, y = rect.left() + 12, rect.right() - 12, rect.top() + 9
        small = _font(scale.caption)
        painter.setFont(small)
        count = QFontMetrics(small).horizontalAdvance(item.count)
        painter.setPen(QColor(colours.ink_3))
        painter.drawText(QRect(right - count, y, count + 2, 22), Qt.AlignmentFlag.AlignVCenter, item.count)
        mark = paint.chip_width(item.mark, small) + 8 if item.mark else 0
        name = _font(scale.body, True)
        metrics = QFontMetrics(name)
        room = int(right - left - count - mark - 10)
        words = metrics.elidedText(item.name, Qt.TextElideMode.ElideRight, room)
        painter.setFont(name)
        painter.setPen(QColor(colours.accent if on else colours.ink))
        painter.drawText(QRect(left, y, room, 22), Qt.AlignmentFlag.AlignVCenter, words)
        if item.mark:
            paint.chip(painter, left + metrics.horizontalAdvance(words) + 8, y + 11, item.mark, "warn", small)
        wide = right - left
        self._line(painter, QRect(left, y + 24, wide, 20), item.what, _font(scale.body), colours.ink_2)
        note = note_of(item, QFontMetrics(small), wide)
        self._line(painter, QRect(left, y + 46, wide, 18), note, small, colours.ink_3)
        painter.restore()

    def _line(self, painter: QPainter, box: QRect, words: str, font: QFont, colour: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)


def _state_of(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    return option.state  # type: ignore[attr-defined]


def _rect_of(option: QStyleOptionViewItem) -> QRect:
    return option.rect  # type: ignore[attr-defined]


def version_card(version: VersionCard) -> QFrame:
    """Who, what, when and where; tinted while it is what is shown."""
    tag = Chip(version.tag, "solid" if version.on else "plain")
    who = Text(version.who, "body", "ink_2", wrap=True)
    meta = Text(version.meta, "caption", "ink_2", wrap=True)
    value = Text(version.value, "title", wrap=True, selectable=True)
    clock = [Text(version.clock, "caption", "warn")] if version.clock else []
    return frame(
        column(row((who, 1), tag), value, *clock, meta, None, gap=3, pad=(16, 10, 16, 10)),
        "card_on" if version.on else "card",
    )


def handed_line(words: str) -> QWidget:
    return frame(row(Icon("flag", "warn"), (Text(words, "body", "warn", wrap=True), 1), pad=(10, 6, 10, 6)),
                 "warn_soft")  # fmt: skip
