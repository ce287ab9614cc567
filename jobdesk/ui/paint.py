"""What is drawn by hand, both by widgets and by table delegates: dashed blanks, chips, progress segments."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from jobdesk.ui import theme

Steps = Sequence[tuple[int, int]]
"""Per step (done, owed)."""


def dashed(painter: QPainter, box: QRectF, colour: str, radius: float = 4) -> None:
    """The border of a visible blank."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(colour), 1)
    pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.restore()


CHIP_ROOM, CHIPS_APART = 14, 4
"""Within a chip beside its words, and between chips."""
_CHIP = {
    "plain": ("canvas", "ink_2", "line"),
    "outline": ("surface", "ink", "line_strong"),
    "accent": ("accent_soft", "accent", "accent_soft"),
    "solid": ("accent", "accent_ink", "accent"),
    "ok": ("ok_soft", "ok", "ok_soft"),
    "warn": ("warn_soft", "warn", "warn_soft"),
    "bad": ("bad_soft", "bad", "bad_soft"),
}


def chip_width(text: str, font: QFont) -> float:
    """How wide ``chip`` will draw it."""
    return QFontMetricsF(font).horizontalAdvance(text) + CHIP_ROOM


def chip(painter: QPainter, x: float, middle: float, text: str, look: str, font: QFont) -> float:
    """Draw a chip 20 px high at ``x`` around the line ``middle``; looks as of ``kit.Chip``. Its width."""
    colours = theme.palette()
    width = chip_width(text, font)
    box = QRectF(x, middle - 10, width, 20)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    if look == "blank":
        dashed(painter, box, colours.warn)
        painter.setPen(QColor(colours.warn))
    else:
        ground, ink, edge = (colours.tone(name) for name in _CHIP[look])
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
    return width


def chips(
    painter: QPainter, x: float, right: float, middle: float, names: Sequence[str], blanks: Sequence[str],
    look: str, font: QFont,
) -> None:  # fmt: skip
    """Chips of a row from ``x`` on. Those without room give way to +N; the first is shortened instead where
    there is none even for it. ``blanks`` say something of every chip: they keep their room always.
    """
    right -= sum(chip_width(one, font) + CHIPS_APART for one in blanks)
    for number, name in enumerate(names):
        left = len(names) - number - 1
        spare = chip_width(f"+{left}", font) + CHIPS_APART if left else 0
        if x + chip_width(name, font) + spare > right:
            room = int(max(right - x - spare - CHIP_ROOM, 0))
            shown = QFontMetricsF(font).elidedText(name, Qt.TextElideMode.ElideRight, room)
            if number == 0 and len(shown) > 1:
                x += chip(painter, x, middle, shown, look, font) + CHIPS_APART
            else:
                left += 1
            if left:
                x += chip(painter, x, middle, f"+{left}", look, font) + CHIPS_APART
            break
        x += chip(painter, x, middle, name, look, font) + CHIPS_APART
    for one in blanks:
        x += chip(painter, x, middle, one, "blank", font) + CHIPS_APART


def step_blocks(
    painter: QPainter, x: float, middle: float, steps: Steps, block: int = 6, height: int = 10
) -> float:
    """The small 1311 of a table: one block per owed service, steps apart. Returns the width."""
    colours = theme.palette()
    start = x
    for done, owed in steps:
        for number in range(owed):
            box = QRectF(x, middle - height / 2, block, height)
            if number < done:
                painter.fillRect(box, QColor(colours.accent))
            else:
                painter.fillRect(box, QColor(colours.line_strong))
                painter.fillRect(box.adjusted(1, 1, -1, -1), QColor(colours.surface))
            x += block + 1
        x += 4
    return x - start - 5


def step_bars(
    painter: QPainter, area: QRectF, steps: Steps, weights: Sequence[int] = (), *,
    gap: float = 2, apart: float = 8,
) -> None:  # fmt: skip
    """The wide 1311: one bar per owed service; the steps share the width by weight, alike without any."""
    colours = theme.palette()
    if not steps:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    heavy = weights or [1] * len(steps)
    room = area.width() - (len(steps) - 1) * apart
    left = area.x()
    for (done, owed), weight in zip(steps, heavy, strict=True):
        share = room * weight / sum(heavy)
        width = (share - (owed - 1) * gap) / max(owed, 1)
        for number in range(owed):
            box = QRectF(left + number * (width + gap), area.y(), width, area.height())
            if number < done:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colours.accent))
            else:
                painter.setPen(QPen(QColor(colours.line_strong), 1))
                painter.setBrush(QColor(colours.surface))
                box = box.adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(box, 2, 2)
        left += share + apart
    painter.restore()
