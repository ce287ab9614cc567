"""Nothing of a page stands on the screen by itself for a moment while the page is made."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from jobdesk.ui.hub import GoTo
from tests.ui.whole_window import WholeWindow


class Windows(QObject):
    """Every window of its own that was shown since it began to look."""

    def __init__(self, of: QWidget) -> None:
        super().__init__()
        self.of, self.seen = of, list[str]()
        QApplication.instance().installEventFilter(self)  # pyright: ignore[reportOptionalMemberAccess]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only looks."""
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        if shown and watched is not self.of and not isinstance(watched, QMenu):
            self.seen.append(f"{type(watched).__name__} {getattr(watched, 'text', str)()!r}")
        return False


def test_no_part_of_a_page_is_a_window_of_its_own_first(whole: WholeWindow) -> None:
    """A part that was shown before it had its place flashed up beside the window."""
    case = whole.person("单秀英", phone="19900000001")
    looking = Windows(whole.window)
    whole.begin()
    for name in ("ledger", "households", "walk_ins", "vacancies", "policies", "month", "settings"):
        whole.window.go_to(GoTo(name))
        QApplication.processEvents()
    for name in ("sync", "conflicts", "moves", "register"):
        whole.window.go_to(GoTo(name))
        QApplication.processEvents()
    whole.window.go_to(GoTo("ledger", case))
    whole.until(lambda: "单秀英" in [w.property("text") for w in whole.window.findChildren(QWidget)])
    for part in ("staff", "backup", "rules", "packs", "privacy", "conflicts", "imports", "practice"):
        whole.window.go_to(GoTo("settings", part=part))
        QApplication.processEvents()
    QApplication.instance().removeEventFilter(looking)  # pyright: ignore[reportOptionalMemberAccess]
    assert looking.seen == []
