"""What every page of the settings is."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed
from jobdesk.ui.kit import column


class Section(QWidget):
    """One section. Subclasses hand their page to ``hold`` and load in ``arrive``."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx

    def hold(self, inside: QWidget) -> None:
        """Show this page."""
        self.setLayout(column((inside, 1), gap=0))

    def arrive(self, detail: str = "") -> None:
        """The section came in sight."""

    def leave(self) -> None:
        """Another section or place comes in sight."""

    def changed(self, changed: Changed) -> None:
        """Rows were written while this section is in sight."""
        if changed.touches(self.ctx.desk.station.id):
            self.arrive()
