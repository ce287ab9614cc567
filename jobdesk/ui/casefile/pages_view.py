"""Pictures of pages inside the window: a PDF page by page, a photo or scan, as wide as the panel."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from jobdesk.reports.preview import Pages, Picture
from jobdesk.services.desk import Desk
from jobdesk.ui.case_words import t
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, Scroll, Text, clear, column, row

DPI = 110.0
AT_ONCE = 6
"""Pages drawn at once; more on request."""
LARGEST = 2400
"""Own figure: longer side in pixels to which a photo is brought down while it is read."""


class _Page(QLabel):
    """One picture, as wide as there is room and never wider than it is."""

    def __init__(self, picture: QPixmap) -> None:
        super().__init__()
        self._whole = picture
        self.setMinimumWidth(80)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)

    def heightForWidth(self, width: int, /) -> int:
        shown = min(width, self._whole.width())
        return round(self._whole.height() * shown / max(1, self._whole.width()))

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        return QSize(min(460, self._whole.width()), self.heightForWidth(460))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        ratio = self.devicePixelRatioF()
        width = min(self.width(), self._whole.width())
        shown = self._whole.scaledToWidth(
            max(1, round(width * ratio)), Qt.TransformationMode.SmoothTransformation
        )
        shown.setDevicePixelRatio(ratio)
        self.setPixmap(shown)
        self.setFixedHeight(self.heightForWidth(self.width()))


class PagesView(QWidget):
    """Shows one PDF or picture at a time."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._asked = 0
        self._data = b""
        self._list = column(gap=10)
        self._scroll = Scroll(column(self._list, None, gap=0, pad=(16, 10, 16, 16)))
        self.setLayout(column(self._scroll))

    @property
    def data(self) -> bytes:
        """The PDF shown; empty for a picture."""
        return self._data

    def rest(self) -> None:
        """Show nothing, and forget what was shown."""
        self._asked += 1
        self._data = b""
        clear(self._list)

    def show_waiting(self) -> None:
        self.rest()
        self._list.addWidget(Text(t("drawing"), "caption", "ink_2"))

    def show_words(self, sentence: str) -> None:
        """Say why there is nothing to see."""
        self.rest()
        self._list.addWidget(Text(sentence, tone="ink_2", wrap=True))

    def show_pdf(self, data: bytes) -> None:
        """Pages of a PDF."""
        self.rest()
        self._data = data
        self._more(0)

    def show_picture(self, data: bytes) -> None:
        """A photo or scan, turned as its camera says."""
        self.rest()
        image = read_picture(data)
        if image.isNull():
            self.show_words(t("file_unreadable"))
        else:
            self._list.addWidget(_Page(QPixmap.fromImage(image)))

    def _more(self, first: int) -> None:
        asked, data = self._asked, self._data

        def drawn(found: tuple[int, list[Picture]]) -> None:
            if asked == self._asked:
                self._show_pages(first, *found)

        def failed(_error: Exception) -> None:
            if asked == self._asked:
                self.show_words(t("file_unreadable"))

        self._ctx.ask(draw(self._ctx.desk, data, first), self, drawn, failed)

    def _show_pages(self, first: int, count: int, pictures: list[Picture]) -> None:
        for picture in pictures:
            self._list.addWidget(_Page(QPixmap.fromImage(image_of(picture))))
        left = count - first - len(pictures)
        if left > 0:
            more = Button(t("more_pages", count=left), "link")
            line = QWidget()
            line.setLayout(row(None, more, None))
            more.clicked.connect(_once(line, lambda: self._more(first + AT_ONCE)))
            self._list.addWidget(line)


def _once(line: QWidget, call: Callable[[], None]) -> Callable[[], None]:
    def go() -> None:
        line.hide()
        line.deleteLater()
        call()

    return go


def draw(
    desk: Desk, data: bytes, first: int, many: int = AT_ONCE, dpi: float = DPI
) -> Future[tuple[int, list[Picture]]]:
    """How many pages there are, and pictures of some, drawn on another thread."""

    def job() -> tuple[int, list[Picture]]:
        with Pages(data) as pages:
            last = min(pages.count, first + many)
            return pages.count, [pages.picture(n, dpi) for n in range(first, last)]

    return desk.read(lambda _con: job())


def image_of(picture: Picture) -> QImage:
    """The page as an image of its own memory."""
    image = QImage(picture.rgb, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB888)
    return image.copy()


def read_picture(data: bytes) -> QImage:
    """A picture no larger than is worth showing; a null image when it cannot be read."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LARGEST:
        reader.setScaledSize(size.scaled(LARGEST, LARGEST, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
