"""A PDF being written: text, rules, tints and tick boxes at absolute places, page after page.

The operators are written straight into the page's stream; encoded strings and fonts are remembered for the
whole document, because the labels of a thousand sheets are the same. Lengths are points, y grows upwards.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, Literal

from jobdesk.cases.clock import Clock, local_datetime
from jobdesk.reports import fonts
from jobdesk.reports.fonts import width

MM = 72 / 25.4
INK = 0.0
FAINT = 0.36
TINT = 0.955
HAIR = 0.45
FRAME = 1.3

Align = Literal["l", "c", "r"]


class Paper:
    """One PDF document.

    The bytes depend on nothing but what is drawn and on ``clock``, so the same paper printed at the same
    instant is the same file. ``watermark`` (the practice station's 练习) lies behind the text of every page.
    """

    def __init__(self, title: str, author: str, clock: Clock, watermark: str = "") -> None:
        from reportlab.pdfgen.canvas import Canvas

        fonts.load(fonts.SONG)
        self._out = BytesIO()
        make: Any = Canvas
        self._canvas: Any = make(
            self._out,
            initialFontName=fonts.SONG,
            initialFontSize=9,
            invariant=1,
            lang="zh-CN",
            pageCompression=1,
        )
        stamp = local_datetime(clock.now_ms()).strftime("D:%Y%m%d%H%M%S+08'00'")

        def when(*_now: int) -> str:
            return stamp

        self._canvas.setDateFormatter(when)
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setCreator("jobdesk")
        self._canvas.setProducer("jobdesk")
        self._watermark = watermark
        self._doc = self._canvas._doc
        self._known: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._ops: list[str] = []
        self._gray = INK
        self._pen = 0.0
        self.pages = 0

    def begin(self, page_width: float, page_height: float) -> None:
        """Start a page of this size."""
        self._canvas.setPageSize((page_width, page_height))
        self._ops = []
        self._gray, self._pen = INK, 0.0
        if self._watermark:
            self._mark(page_width, page_height)

    def _mark(self, page_width: float, page_height: float) -> None:
        size = 96.0
        half = width(self._watermark, fonts.HEI_BOLD, size) / 2
        for at in (0.22, 0.52, 0.82):
            x, y = page_width / 2, page_height * at
            self._ops.append(f"q .87 .5 -.5 .87 {x:.2f} {y:.2f} cm")
            self.text(-half, -size * 0.35, self._watermark, fonts.HEI_BOLD, size, gray=0.925)
            self._ops.append("Q")
            self._gray = INK

    def end(self) -> None:
        """Finish the page."""
        self._canvas.addLiteral("\n".join(self._ops))
        self._canvas.showPage()
        self.pages += 1

    def data(self) -> bytes:
        """The finished file."""
        with fonts.WRITING:
            self._canvas.save()
        return self._out.getvalue()

    def text(
        self,
        x: float,
        y: float,
        text: str,
        face: str,
        size: float,
        align: Align = "l",
        gray: float = INK,
        space: float = 0.0,
    ) -> None:
        """One line with its base at y; ``x`` is its left edge, middle or right edge.

        ``space`` is put after each character.
        """
        if align != "l":
            wide = width(text, face, size) + space * (len(text) - 1)
            x -= wide if align == "r" else wide / 2
        pieces = self._known.get((face, text))
        if pieces is None:
            pieces = self._encode(text, face)
        if not pieces:
            return
        if gray != self._gray:
            self._ops.append(f"{gray:g} g")
            self._gray = gray
        spread = f"{space:.3f} Tc " if space else ""
        shown = " ".join([f"{ref} {size:g} Tf <{code}> Tj" for ref, code in pieces])
        self._ops.append(f"BT {spread}{x:.2f} {y:.2f} Td {shown}{' 0 Tc' if space else ''} ET")

    def _encode(self, text: str, face: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for name, piece in fonts.runs(text, face):
            font = fonts.load(name).font
            for subset, codes in font.splitString(piece, self._doc):
                found.append((font.getSubsetInternalName(subset, self._doc), codes.hex()))
        self._known[face, text] = found
        return found

    def line(self, x1: float, y1: float, x2: float, y2: float, pen: float = HAIR) -> None:
        """A black rule."""
        if pen != self._pen:
            self._ops.append(f"{pen:g} w")
            self._pen = pen
        self._ops.append(f"{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S")

    def box(self, x: float, y: float, w: float, h: float, pen: float = HAIR) -> None:
        """An empty rectangle; (x, y) is its lower left corner."""
        if pen != self._pen:
            self._ops.append(f"{pen:g} w")
            self._pen = pen
        self._ops.append(f"{x:.2f} {y:.2f} {w:.2f} {h:.2f} re S")

    def tint(self, x: float, y: float, w: float, h: float, gray: float = TINT) -> None:
        """A filled rectangle without a border."""
        self._ops.append(f"{gray:g} g {x:.2f} {y:.2f} {w:.2f} {h:.2f} re f")
        self._gray = gray

    def tick(self, x: float, y: float, side: float, on: bool) -> None:
        """A tick box, drawn: no Chinese font has the ticked one."""
        self.box(x, y, side, side)
        if on:
            a, b, c = (0.2, 0.5), (0.42, 0.25), (0.82, 0.78)
            path = " ".join(
                f"{x + side * px:.2f} {y + side * py:.2f} {op}"
                for (px, py), op in zip((a, b, c), "mll", strict=True)
            )
            self._ops.append(f"q 1 J 1 j 1 w {path} S Q")
