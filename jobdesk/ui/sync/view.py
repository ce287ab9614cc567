"""Layout of 同步: its name, the tabs, the tab in sight."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit import Button, Tab, Tabs, Text, column, frame, row, rule
from jobdesk.ui.sync.state import t

TABS = ("overview", "receipts", "apart", "notices", "usb")


class SyncView:
    """Builds the parts into ``owner``."""

    def __init__(self, owner: QWidget) -> None:
        self.tabs = Tabs([Tab(key, t(f"tab_{key}")) for key in TABS])
        self.pages = QStackedWidget()
        self.to_conflicts = Button(text("conflicts.title"), "bare", icon="split")
        self.to_moves = Button(text("moves.title"), "bare", icon="export")
        name = row(Text(t("title"), "title"), None, self.to_conflicts, self.to_moves, gap=12)
        head = column(name, self.tabs, gap=6, pad=(20, 14, 20, 0))
        owner.setLayout(column(frame(head, "surface"), rule(), (self.pages, 1), gap=0))
