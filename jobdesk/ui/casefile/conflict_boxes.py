"""The boxes of 两处填写不一致 on a page that is drawn anew with every save: the box stays the same one."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from jobdesk.cases.ops import Subject
from jobdesk.cases.state import RecordState
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile.conflict import ConflictBox
from jobdesk.ui.context import Context


class ConflictBoxes:
    """Those of one page or section, by subject, record and field."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._shown: dict[tuple[Subject, str, str, str], ConflictBox] = {}
        self._before: dict[tuple[Subject, str, str, str], ConflictBox] = {}

    @contextmanager
    def redrawn(self) -> Generator[None, None, None]:
        """Around clearing a page and laying it out anew: what is typed in a box stays, with the cursor."""
        self._before = {k: b for k, b in self._shown.items() if isValid(b)}
        self._shown = {}
        cursor = QApplication.focusWidget()
        for box in self._before.values():
            box.lift(cursor)
        yield
        for box in self._before.values():
            box.deleteLater()
        self._before = {}

    def show(self, subject: Subject, about: RecordState, name: str, words: Words) -> ConflictBox:
        """The box of a field, as it stands now; only within ``redrawn``."""
        key = (subject, about.kind, about.id, name)
        box = self._before.pop(key, None) or ConflictBox(self._ctx)
        self._shown[key] = box
        box.show_conflict(subject, about, name, words)
        return box
