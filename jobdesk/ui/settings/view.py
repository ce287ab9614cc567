"""Layout of the settings: sections at the left, the page of one at the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget, QWidget

from jobdesk.ui.icons import icon
from jobdesk.ui.kit import Text, column, frame, row, rule
from jobdesk.ui.settings.state import SECTIONS, t

WIDTH = 172


class SettingsView:
    """The list and the stack of pages, laid into a screen."""

    def __init__(self, owner: QWidget) -> None:
        self.places = QListWidget()
        self.places.setProperty("look", "inside")
        self.places.setAccessibleName(t("title"))
        self.places.setIconSize(QSize(16, 16))
        self.places.setUniformItemSizes(True)
        self.places.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.places.setTextElideMode(Qt.TextElideMode.ElideRight)
        for key, name in SECTIONS:
            item = QListWidgetItem(icon(name, "ink_2", 16), t(f"section.{key}"))
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setSizeHint(QSize(WIDTH - 20, 36))
            item.setToolTip(t(f"section.{key}"))
            self.places.addItem(item)
        self.pages = QStackedWidget()
        left = frame(
            column(Text(t("title"), "strong"), (self.places, 1), gap=8, pad=(12, 16, 8, 12)), "surface"
        )
        left.setFixedWidth(WIDTH)
        owner.setLayout(row(left, rule(vertical=True), (self.pages, 1), gap=0))
