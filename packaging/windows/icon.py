"""Draws the program's icon in the sizes Windows asks for, into one ``.ico``."""

from __future__ import annotations

import os
import struct
from pathlib import Path

DRAWING = Path(__file__).parents[1] / "common" / "jobdesk.svg"
SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
PACKED_FROM = 64
"""Side from which Windows reads PNG instead of a bitmap."""


def write_icon(target: Path) -> None:
    """Write the icon; the same drawing gives the same bytes."""
    pictures = [_png(side) if side >= PACKED_FROM else _bitmap(side) for side in SIZES]
    at = 6 + 16 * len(pictures)
    head = struct.pack("<HHH", 0, 1, len(pictures))
    for side, picture in zip(SIZES, pictures, strict=True):
        head += struct.pack("<BBBBHHII", side % 256, side % 256, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    target.write_bytes(head + b"".join(pictures))


def write_png(target: Path, side: int) -> None:
    """The drawing as one PNG, for desktops that want files by size."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(_png(side))


def _drawn(side: int):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(DRAWING)).render(painter)
    painter.end()
    return image


def _png(side: int) -> bytes:
    from PySide6.QtCore import QBuffer, QByteArray

    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    _drawn(side).save(buffer, "PNG", 0)  # type: ignore[call-overload]
    return bytes(data.data())


def _bitmap(side: int) -> bytes:
    """A 32-bit bitmap, bottom row first, and an empty mask."""
    image = _drawn(side)
    rows = bytes(image.constBits())
    step = side * 4
    flipped = b"".join(rows[y * step : (y + 1) * step] for y in reversed(range(side)))
    mask = bytes(((side + 31) // 32) * 4 * side)
    return struct.pack("<IiiHHIIiiII", 40, side, side * 2, 1, 32, 0, 0, 0, 0, 0, 0) + flipped + mask
