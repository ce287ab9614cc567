"""What the menu of a file needs of the panel it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from jobdesk.services.case_files import CaseFile
from jobdesk.ui.case_words import Words
from jobdesk.ui.context import Context

if TYPE_CHECKING:
    from jobdesk.ui.casefile.paper_page import PaperPage


class Host(Protocol):
    """The panel as its menu sees it."""

    ctx: Context
    file: CaseFile | None
    words: Words
    paper_page: PaperPage | None

    def show_case(self, case_id: str, part: str = "", detail: str = "") -> None: ...
    def setFocus(self, reason: Qt.FocusReason, /) -> None: ...
    def show_strip(self, strip: QFrame) -> None:
        """A question between head and tabs."""
        ...

    def take_paper(self, page: PaperPage) -> None:
        """The page that shows papers."""
        ...

    def show_paper(self) -> None: ...
    def close_paper(self) -> None: ...
