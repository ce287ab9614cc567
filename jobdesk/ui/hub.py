"""The few signals everybody may need. Everything else goes from a widget to its own screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from jobdesk.ui.signals import TypedSignal, signal


@dataclass(frozen=True, slots=True)
class Changed:
    """What a save, an import or an undo touched.

    Attributes:
        subjects: ids of the subjects whose rows were written.
        whole: too many to name; lists ask anew for everything.
        action_id: the action, for undo; empty when there is none.
    """

    subjects: frozenset[str] = frozenset()
    whole: bool = False
    action_id: str = ""

    def touches(self, subject: str) -> bool:
        return self.whole or subject in self.subjects


@dataclass(frozen=True, slots=True)
class Notice:
    """A word at the foot of the window; ``undo`` makes the button 撤销 appear, ``done`` the tick."""

    text: str
    undo: Callable[[], object] | None = None
    done: bool = True


@dataclass(frozen=True, slots=True)
class GoTo:
    """Show a place, and in it a subject, a part of its file, or a filter.

    Attributes:
        place: key of a place on the rail.
        subject: id of a case or other subject; empty for none.
        part: tab or section (``plan``), or what to do there (``record``).
        detail: more for that part: an id of a record, of an import, the text searched for.
    """

    place: str
    subject: str = ""
    part: str = ""
    detail: str = ""


class AppHub(QObject):
    """The application-wide signals.

    Signals:
        changed: rows were written; screens decide what to load again.
        trouble: an error nobody handled beside its cause; becomes a banner.
        notice: something was done; becomes a toast.
        go_to: somebody wants to be elsewhere.
    """

    changed: TypedSignal[Changed] = signal()
    trouble: TypedSignal[BaseException] = signal()
    notice: TypedSignal[Notice] = signal()
    go_to: TypedSignal[GoTo] = signal()
