"""What every tab of the file is: shown a file, told its history, asked to keep what is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from jobdesk.cases.history import Entry
from jobdesk.services.case_files import CaseFile
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile.revealing import Looks
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Chip, Text
from jobdesk.ui.kit.chips import BlankChip


@dataclass(frozen=True, slots=True)
class Tools:
    """What a page is given.

    Attributes:
        go: shows another tab of the same file, at a record or a field.
        paper: shows a printed paper of this person: its key.
    """

    ctx: Context
    looks: Looks
    go: Callable[[str, str], None]
    paper: Callable[[str], None]


class Page(QWidget):
    """One tab."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self.tools = tools
        self.ctx = tools.ctx

    def begin(self, case_id: str) -> None:
        """Another person from now on; the one before was kept."""

    def show_file(self, file: CaseFile, words: Words) -> None:
        """Show the file, or what changed in it; typed values stay."""

    def told(self, entries: Sequence[tuple[str, Entry]]) -> None:
        """The history of the file, newest first."""

    def open_at(self, detail: str) -> None:
        """Bring a record or field into sight."""

    def keep(self) -> None:
        """Keep what is being typed."""


def mark_chip(words: str, look: str, tip: str = "") -> QWidget:
    """A chip, dashed for ``blank``."""
    return BlankChip(words, tip) if look == "blank" else Chip(words, look, tip)  # type: ignore[arg-type]


def note(sentence: str) -> Text:
    """A quiet sentence over several lines."""
    return Text(sentence, "caption", "ink_2", wrap=True)
