"""The boxes of 两处填写不一致 on a page that is drawn anew with every save: the box stays the same one."""

from __future__ import annotations

from collections.abc import Collection, Container, Generator
from contextlib import contextmanager

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from jobdesk.cases.ops import Subject
from jobdesk.cases.state import RecordState
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile.conflict import ConflictBox
from jobdesk.ui.casefile.cursor import cursor_kept
from jobdesk.ui.context import Context


class ConflictBoxes:
    """Those of one page or section, by subject, record and field.

    Args:
        place: the page or section; the cursor stays in it when the box it stood in goes.
    """

    def __init__(self, ctx: Context, place: QWidget) -> None:
        self._ctx, self._place = ctx, place
        self._shown: dict[tuple[Subject, str, str, str], ConflictBox] = {}
        self._before: dict[tuple[Subject, str, str, str], ConflictBox] = {}

    @contextmanager
    def redrawn(self, editors: Collection[QWidget] = ()) -> Generator[None, None, None]:
        """Around clearing a page and laying it out anew: what is typed in a box stays, with the cursor.

        Args:
            editors: forms that are laid out again too.
        """
        self._before = {k: b for k, b in self._shown.items() if isValid(b)}
        self._shown = {}
        with cursor_kept(self._place, [*self._before.values(), *editors]):
            for box in self._before.values():
                box.lift()
            for editor in editors:
                editor.setParent(None)
            try:
                yield
            finally:  # what is typed in those that nobody laid out again is kept, over a fault of ours too
                for box in self._before.values():
                    box.go()
                    box.deleteLater()
                self._before = {}

    def of(
        self, subject: Subject, about: RecordState, words: Words, but: Container[str] = ()
    ) -> list[ConflictBox]:
        """The boxes of a record: of each of its fields that is in question, and of those that are no more
        while something typed there was not said; only within ``redrawn``.

        Args:
            but: fields that are shown elsewhere.
        """
        found: list[ConflictBox] = []
        before = [k[3] for k in self._before if k[:3] == (subject, about.kind, about.id)]
        for name in dict.fromkeys((*about.conflicts, *before)):
            key = (subject, about.kind, about.id, name)
            if name in but:
                continue
            if name in about.conflicts:
                box = self._before.pop(key, None) or ConflictBox(self._ctx, self._place)
                box.show_conflict(subject, about, name, words)
            elif self._before[key].over(subject, about, name, words):
                box = self._before.pop(key)
            else:
                continue
            self._shown[key] = box
            found.append(box)
        return found
