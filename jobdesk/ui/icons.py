"""SVG icons, drawn in a colour of the theme and kept once drawn."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap

from jobdesk.host import assets
from jobdesk.ui import theme


@lru_cache(maxsize=128)
def _svg(name: str) -> str:
    return assets.path(f"icons/{name}.svg").read_text("utf-8")


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    source = _svg(name).replace("currentColor", colour).replace('stroke-width="2"', 'stroke-width="1.8"')
    pixels = max(1, round(size * ratio))
    picture = QPixmap(pixels, pixels)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def pixmap(name: str, tone: str = "ink_2", size: int = 16) -> QPixmap:
    """The icon in a colour of the present theme (a token name or ``#RRGGBB``); ``size`` in logical pixels."""
    application = QGuiApplication.instance()
    ratio = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
    colour = tone if tone.startswith("#") else theme.palette().tone(tone)
    return _drawn(name, colour, size, ratio)


def icon(name: str, tone: str = "ink_2", size: int = 16, faint: str = "ink_3") -> QIcon:
    """The same as a QIcon; ``faint`` is the colour while disabled. Ask again when the theme changes."""
    result = QIcon(pixmap(name, tone, size))
    result.addPixmap(pixmap(name, faint, size), QIcon.Mode.Disabled)
    return result
