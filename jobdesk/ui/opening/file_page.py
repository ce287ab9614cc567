"""A ``.jobdesk`` file was opened by a double click: what it is, who signed it, what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLayout, QWidget

from jobdesk.host.opened_file import Opened
from jobdesk.host.strings import text
from jobdesk.ui.kit import Banner, Button, Icon, Scroll, Text, column, flow, frame, row

LABEL = 92


class OpenedFilePage(QWidget):
    """Shown alone, before any station is opened; the file is only looked at.

    Args:
        go_on: open the station as usual.
        leave: close the window.
    """

    def __init__(self, found: Opened, go_on: Callable[[], object], leave: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("look", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.to_station = Button(text("opened.to_station"), "primary", on_click=go_on)
        self.leave = Button(text("opened.leave"), on_click=leave)
        picture = ("error", "bad") if found.problem and found.header is None else ("file", "accent")
        head = row(Icon(picture[0], picture[1], 24), (Text(found.title, "strong", wrap=True), 1), gap=12)  # type: ignore[arg-type]
        self.told = Banner("problem" if found.problem else "info", found.problem or found.way_on,
                           more=found.way_on if found.problem else "")  # fmt: skip
        body = column(head, *_facts(found), self.told, flow(self.to_station, self.leave), None,
                      gap=12, pad=(24, 20, 24, 20))  # fmt: skip
        inside = frame(
            column(Text(text("app.name"), "display"), Text(text("opened.title"), "body", "ink_2"),
                   frame(body, "card"), None, gap=10, pad=(28, 28, 28, 22))
        )  # fmt: skip
        inside.setMaximumWidth(760)
        self.setLayout(column((Scroll(frame(row(None, (inside, 20), None, gap=0))), 1), gap=0))

    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        self.to_station.setFocus()


def _facts(found: Opened) -> list[QLayout]:
    """File, and where it could be read name, version and publisher."""
    facts = [("file", str(found.path))]
    head = found.header
    if head is not None:
        unproven = text("opened.publisher_unproven", key_id=head.key_id)
        facts += [
            ("name", head.name),
            ("version", text("opened.version_value", version=head.version, day=head.issued_on.isoformat())),
            ("publisher", found.publisher or unproven),
        ]
    return [_pair(text(f"opened.{name}"), value) for name, value in facts]


def _pair(name: str, value: str) -> QLayout:
    label = Text(name, "body", "ink_2")
    label.setFixedWidth(LABEL)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    return row(label, (Text(value, wrap=True, selectable=True), 1), gap=10)
