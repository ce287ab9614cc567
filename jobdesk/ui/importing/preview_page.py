"""预览: tiles, reasons, the sheet, the panel. Layout only; ``previewing`` fills it."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from jobdesk.host.strings import text
from jobdesk.services.importing.verdicts import Counts, Verdict
from jobdesk.ui.importing.grid import SheetGrid
from jobdesk.ui.importing.panel import ProblemPanel
from jobdesk.ui.importing.reasons import ReasonList
from jobdesk.ui.importing.state import Filter
from jobdesk.ui.kit import ElidedText, EmptyState, StatTile, Text, column, frame, key_hints, row
from jobdesk.ui.palette import Tone
from jobdesk.ui.signals import TypedSignal, signal

WIDE, TALL = 1180, 600
_LOOK: tuple[tuple[Verdict, str, Tone], ...] = (
    (Verdict.NEW, "plus", "ok"),
    (Verdict.CHANGED, "arrow-right", "accent"),
    (Verdict.UNCHANGED, "check", "ink_2"),
    (Verdict.HELD, "alert", "warn"),
)


class PreviewPage(QWidget):
    """All parts of the preview.

    Signals:
        narrowed: a tile was pressed.
    """

    narrowed: TypedSignal[Filter] = signal()

    def __init__(self) -> None:
        super().__init__()
        self.tiles: dict[Verdict, StatTile] = {}
        for verdict, icon, tone in _LOOK:
            tile = StatTile(
                text(f"import_ui.tile_{verdict.value}"),
                "0",
                note=text(f"import_ui.tile_{verdict.value}_note"),
                icon=icon,
                tone=tone,
            )
            tile.note.setWordWrap(False)
            tile.opened.connect(partial(self.narrowed.emit, Filter(verdict)))
            self.tiles[verdict] = tile
        self.tabs = row(gap=8)
        self.reasons = ReasonList()
        self.grid = SheetGrid()
        self.grid.setAccessibleName(text("import_ui.title_preview"))
        self.panel = ProblemPanel()
        hints = key_hints(("F8", text("import_ui.next_problem")))
        self.side = frame(column((self.reasons, 1), frame(row(hints, pad=(8, 4, 4, 8))), gap=0), "card")
        self.empty = EmptyState("check-circle", text("import_ui.no_rows"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self.empty)
        legend = Text(text("import_ui.legend_note"), "caption", "ink_3")
        self.legend = frame(row(legend, None, pad=(10, 4, 8, 6)))
        sheet = frame(column((self.stack, 1), self.legend, gap=0, pad=(1, 1, 1, 1)), "card")
        self.body = row(self.side, (sheet, 1), self.panel, gap=12)
        self.notes = ElidedText("", "caption", "ink_2")
        self.notes.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.notes.hide()
        self._tiles = row(*((tile, 1) for tile in self.tiles.values()), gap=12)
        self.setLayout(column(self._tiles, self.tabs, self.notes, (self.body, 1), gap=10))

    def show_counts(self, counts: Counts) -> None:
        """The numbers of the tiles."""
        for verdict, number in (
            (Verdict.NEW, counts.new),
            (Verdict.CHANGED, counts.changed),
            (Verdict.UNCHANGED, counts.unchanged),
            (Verdict.HELD, counts.held),
        ):
            self.tiles[verdict].set_number(str(number))

    def show_notes(self, sentences: list[str]) -> None:
        """What is to be known of the whole file; nothing takes no room."""
        self.notes.set_text("　".join(sentences))
        self.notes.setVisible(bool(sentences))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        wide, tall = self.width() >= WIDE, self.height() >= TALL
        self.side.setFixedWidth(148 if wide else 126)
        self.panel.setFixedWidth(320 if wide else 292)
        for tile in self.tiles.values():
            tile.note.setVisible(wide)
            tile.setFixedHeight(62 if tall else 42)
            layout = tile.layout()
            if layout is not None:
                layout.setContentsMargins(14, 6 if tall else 2, 14, 6 if tall else 2)
        self.legend.setVisible(tall)
        whole = self.layout()
        if whole is not None:
            whole.setSpacing(10 if tall else 6)
