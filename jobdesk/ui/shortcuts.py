"""The keys that work everywhere, in one list, so that no two mean different things and help can show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Key:
    """A key and the string key of what it does."""

    keys: str
    meaning: str


SEARCH = Key("Ctrl+K", "window.key_search")
SAVE = Key("Ctrl+Enter", "window.key_save")
UNDO = Key("Ctrl+Z", "window.key_undo")
NEW = Key("Ctrl+N", "window.key_new")
PRINT = Key("Ctrl+P", "window.key_print")
NEXT_PROBLEM = Key("F8", "window.key_next_problem")
HELP = Key("F1", "window.key_help")
EVERYWHERE = (SEARCH, SAVE, NEW, PRINT, NEXT_PROBLEM, HELP)


def place_key(number: int) -> str:
    """Ctrl+1 … Ctrl+9 for the places of the rail, counted from 1."""
    return f"Ctrl+{number}"


def bind(owner: QWidget, keys: str, call: Callable[[], object], *, window: bool = True) -> QShortcut:
    """A shortcut for the whole window, or (``window=False``) only while the focus is inside ``owner``."""
    shortcut = QShortcut(QKeySequence(keys.replace("Enter", "Return")), owner)
    context = Qt.ShortcutContext
    shortcut.setContext(context.WindowShortcut if window else context.WidgetWithChildrenShortcut)
    shortcut.activated.connect(call)
    return shortcut
