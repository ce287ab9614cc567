"""Values in and out of the editors of the register form."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QWidget

from jobdesk.cases.ops import Json
from jobdesk.cases.partial_date import PartialDate
from jobdesk.ui.kit import DateInput, DropDown, Segments, TextArea, TextInput
from jobdesk.ui.register.state import read_partial


def date_box(editor: QWidget) -> DateInput[PartialDate] | None:
    """The editor where it is one for dates."""
    return cast("DateInput[PartialDate]", editor) if isinstance(editor, DateInput) else None


def readable_of(editor: QWidget) -> bool:
    """False while a date stands here that nobody understands."""
    box = date_box(editor)
    return box is None or box.readable


def value_of(editor: QWidget) -> Json:
    """What stands there: a date as ISO text of stated precision, or as typed while it means none."""
    box = date_box(editor)
    if box is not None:
        typed = box.value()
        known = read_partial(typed) if typed else None
        return known.iso() if known else typed or None
    if isinstance(editor, TextInput | TextArea | Segments | DropDown):
        return editor.value() or None
    return None


def put_into(editor: QWidget, value: Json) -> None:
    """Show a value without a signal."""
    shown = value if isinstance(value, str) else ""
    box = date_box(editor)
    if box is not None:
        known = PartialDate.parse(shown)
        box.set_date(known)
        if known is None:
            box.set_value(shown)
    elif isinstance(editor, TextInput | TextArea | Segments | DropDown):
        editor.set_value(shown)


def from_words(words: str) -> dict[str, Json]:
    """What was searched for and not found becomes the first field it can be."""
    plain = words.strip()
    if plain.isascii() and plain[:1].isdigit():
        return {"id_number" if len(plain) > 11 else "phone": plain}
    return {} if plain.isascii() else {"name": plain}
