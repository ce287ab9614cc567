"""The household as a small drawing: generations in lines, who lives together in one frame, work by colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from jobdesk.ui import theme
from jobdesk.ui.palette import tokens

WIDTH, HEIGHT, GAP, LINE_GAP, PAD, INSIDE = 112, 54, 12, 26, 12, 8
_GENERATION = {
    "grandparent": 0, "father": 1, "mother": 1, "parent_in_law": 1, "head": 2, "spouse": 2, "sibling": 2,
    "son": 3, "daughter": 3, "child_in_law": 3, "grandchild": 4,
}  # fmt: skip
_ELSEWHERE = 9
_COLOURS = {
    "works": ("ok_soft", "ok"),
    "unemployed": ("warn_soft", "warn"),
    "unknown": ("surface", "warn"),
    "outside": ("canvas", "ink_2"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One member.

    Attributes:
        relation: code; ``look``: ``works``, ``unemployed``, ``unknown``, ``outside``.
        lives_here: None when it is not known; who lives elsewhere stands outside the frame.
    """

    name: str
    relation: str
    relation_words: str
    work_words: str
    look: str
    lives_here: bool | None = True

    @property
    def line(self) -> str:
        """What stands under the name."""
        return " ".join(w for w in (self.relation_words, self.work_words) if w)


@dataclass(frozen=True, slots=True)
class Placed:
    figure: Figure
    box: QRectF


def arranged(figures: Sequence[Figure], width: float, box: float = WIDTH) -> tuple[list[Placed], float]:
    """Each member's box and the whole height: one line a generation, the eldest above; a line that is too
    long goes on below. Who lives elsewhere stands under them all.

    Args:
        box: width of a box.
    """
    lines: dict[int, list[Figure]] = {}
    for figure in figures:
        generation = _GENERATION.get(figure.relation, 5)
        lines.setdefault(_ELSEWHERE if figure.lives_here is False else generation, []).append(figure)
    most = max(1, int((width - 2 * PAD + GAP) // (box + GAP)))
    placed: list[Placed] = []
    y = float(PAD)
    for generation in sorted(lines):
        here = sorted(lines[generation], key=lambda f: f.relation != "head")
        for start in range(0, len(here), most):
            part = here[start : start + most]
            whole = len(part) * box + (len(part) - 1) * GAP
            x = max(float(PAD), (width - whole) / 2)
            for figure in part:
                placed.append(Placed(figure, QRectF(x, y, box, HEIGHT)))
                x += box + GAP
            y += HEIGHT + LINE_GAP
    return placed, y - LINE_GAP + PAD if placed else 0.0


class HouseholdDrawing(QWidget):
    """Reads as text too: the accessible description names every member."""

    def __init__(self) -> None:
        super().__init__()
        self._figures: tuple[Figure, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_figures(self, figures: Sequence[Figure], name: str, said: str) -> None:
        """Show these members; ``said`` is the whole drawing in words."""
        self._figures = tuple(figures)
        self.setAccessibleName(name)
        self.setAccessibleDescription(said)
        self.setToolTip(said)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int, /) -> int:
        return int(self.arranged_in(width)[1])

    def sizeHint(self) -> QSize:
        return QSize(3 * WIDTH, self.heightForWidth(3 * WIDTH + 2 * GAP + 2 * PAD))

    def arranged_in(self, width: int) -> tuple[list[Placed], float]:
        """As ``arranged``; no word is cut where the page has the room."""
        words = QFontMetrics(_sized(self.font(), tokens().type.caption))
        widest = max((words.horizontalAdvance(f.line) for f in self._figures), default=0)
        return arranged(self._figures, width, min(max(WIDTH, widest + 2 * INSIDE + 1), width - 2 * PAD))

    def minimumSizeHint(self) -> QSize:
        return QSize(WIDTH + 2 * PAD, HEIGHT + 2 * PAD if self._figures else 0)

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.update()

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        placed, _height = self.arranged_in(self.width())
        if not placed:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.palette()
        home = [p.box for p in placed if p.figure.lives_here is not False]
        if home:
            whole = home[0]
            for box in home[1:]:
                whole = whole.united(box)
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.setBrush(QColor(colours.surface))
            painter.drawRoundedRect(whole.adjusted(-8, -8, 8, 8), 8, 8)
        self._links(painter, placed)
        for one in placed:
            self._member(painter, one)
        painter.end()

    def _links(self, painter: QPainter, placed: Sequence[Placed]) -> None:
        """Couples beside each other, generations below each other."""
        painter.setPen(QPen(QColor(theme.palette().line_strong), 1.5))
        head = next((p for p in placed if p.figure.relation == "head"), None)
        if head is None or head.figure.lives_here is False:
            return
        top = head.box.top()
        for one in placed:
            if one is head or one.figure.lives_here is False:
                continue
            if one.figure.relation == "spouse" and one.box.top() == top:
                painter.drawLine(head.box.center(), one.box.center())
            elif one.box.top() > head.box.bottom():
                middle = one.box.top() - LINE_GAP / 2
                self._elbow(
                    painter,
                    head.box.center().x(),
                    head.box.bottom(),
                    middle,
                    one.box.center().x(),
                    one.box.top(),
                )
            elif one.box.bottom() < top:
                middle = top - LINE_GAP / 2
                self._elbow(
                    painter, one.box.center().x(), one.box.bottom(), middle, head.box.center().x(), top
                )

    @staticmethod
    def _elbow(painter: QPainter, x: float, y: float, middle: float, to_x: float, to_y: float) -> None:
        painter.drawLine(int(x), int(y), int(x), int(middle))
        painter.drawLine(int(x), int(middle), int(to_x), int(middle))
        painter.drawLine(int(to_x), int(middle), int(to_x), int(to_y))

    def _member(self, painter: QPainter, one: Placed) -> None:
        colours, figure, box = theme.palette(), one.figure, one.box
        ground, edge = (colours.tone(n) for n in _COLOURS[figure.look])
        pen = QPen(QColor(edge), 1)
        if figure.look == "unknown":
            pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        font = _sized(self.font(), tokens().type.body)
        font.setBold(True)
        self._line(painter, font, colours.ink, box.adjusted(INSIDE, 5, -INSIDE, -HEIGHT / 2 + 3), figure.name)
        font = _sized(self.font(), tokens().type.caption)
        ink = colours.tone(edge_tone(figure.look))
        self._line(painter, font, ink, box.adjusted(INSIDE, HEIGHT / 2, -INSIDE, -5), figure.line)

    @staticmethod
    def _line(painter: QPainter, font: QFont, ink: str, box: QRectF, words: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(ink))
        fitting = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)


def _sized(font: QFont, pixels: int) -> QFont:
    made = QFont(font)
    made.setPixelSize(pixels)
    return made


def edge_tone(look: str) -> str:
    """The colour of the second line."""
    return _COLOURS[look][1]
