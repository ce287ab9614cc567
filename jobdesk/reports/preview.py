"""Pages of a PDF as pictures, for the preview in the window and for printers that want pictures."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Any

_PDFIUM = Lock()
"""pdfium is not made for two threads at once."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One page.

    Attributes:
        rgb: rows from the top, three bytes a pixel, ``stride`` bytes a row.
    """

    width: int
    height: int
    stride: int
    rgb: bytes


class Pages:
    """An open PDF; close it, or use it in a ``with`` block."""

    def __init__(self, data: bytes) -> None:
        import pypdfium2  # pyright: ignore[reportMissingTypeStubs]

        with _PDFIUM:
            self._doc: Any = pypdfium2.PdfDocument(data)
            self.count: int = len(self._doc)

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        with _PDFIUM:
            self._doc.close()

    def size(self, index: int) -> tuple[float, float]:
        """Width and height of a page in points."""
        with _PDFIUM:
            wide, high = self._doc.get_page_size(index)
        return float(wide), float(high)

    def picture(self, index: int, dpi: float = 96.0) -> Picture:
        """The page drawn at this resolution on white."""
        with _PDFIUM:
            page = self._doc[index]
            bitmap = page.render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=False)
            try:
                return Picture(
                    int(bitmap.width), int(bitmap.height), int(bitmap.stride), bytes(bitmap.buffer)
                )
            finally:
                bitmap.close()
                page.close()

    def text(self, index: int) -> str:
        """The page's text as a reader would copy it."""
        with _PDFIUM:
            page = self._doc[index]
            words = page.get_textpage()
            try:
                return str(words.get_text_range())
            finally:
                words.close()
                page.close()
