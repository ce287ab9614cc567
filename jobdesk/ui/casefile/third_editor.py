"""What 另填 takes in a file and on 两处填写不一致: an editor of the field, and the button that sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from jobdesk.cases import schema
from jobdesk.host.strings import text
from jobdesk.ui.case_words import label
from jobdesk.ui.casefile.editors import Editor, make_editor
from jobdesk.ui.kit import Button

SEND_LONG = "Ctrl+Enter"
"""Sends where Enter begins another line of the text."""


def third_editor(kind: str, name: str, staff: Mapping[str, str], today: date) -> Editor | None:
    """Of this field of such a record; None where a later program knows it only.

    Args:
        staff: names by id of those whom a field that names a clerk may name.
    """
    declared = schema.field(kind, name)
    if declared is None:
        return None
    editor = make_editor(kind, declared, list(staff.items()), today, blank="", look=_at_once, names=staff)
    editor.set_name(label(kind, name))
    return editor


def keys_of(kind: str, name: str) -> str:
    """What presses the button from within; blank where it is the Enter of every line."""
    declared = schema.field(kind, name)
    return SEND_LONG if declared is not None and declared.type is schema.FieldType.LONG_TEXT else ""


def _at_once(_name: str, shown: Callable[[], None]) -> None:
    """Nothing of it is hidden: the versions stand open beside it."""
    shown()


class SendButton(Button):
    """Says what stands against what was typed, else which keys press it where Enter does not."""

    def __init__(self, words: str, do: Callable[[], object], keys: str = "", against: str = "") -> None:
        super().__init__(words, "primary", on_click=do)
        self._told = text("conflicts.third_keys", keys=keys) if keys else ""
        self.stand_against(against)

    def stand_against(self, words: str) -> None:
        """Why nothing typed can be sent any longer; blank: it can."""
        self.refuse(words)
        if self._told and not words:
            self.setToolTip(self._told)
            self.setAccessibleDescription(self._told)
