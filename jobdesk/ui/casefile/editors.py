"""One editor for each type of field: what is typed goes in and out as the value of an operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from jobdesk.cases.date_spelling import read_date
from jobdesk.cases.ops import Json
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.schema import Field as Declared
from jobdesk.cases.schema import FieldType
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.ui import paint, theme
from jobdesk.ui.case_words import is_veiled, mask, t
from jobdesk.ui.kit import (
    Button,
    Chip,
    Choice,
    DateInput,
    DropDown,
    IconButton,
    Text,
    TextArea,
    TextInput,
    clear,
    column,
    frame,
    row,
)
from jobdesk.ui.kit.layouts import Flow
from jobdesk.ui.kit.picklist import PickPopup
from jobdesk.ui.palette import tokens
from jobdesk.ui.signals import BareSignal, bare_signal

Staff: TypeAlias = Sequence[tuple[str, str]]
"""(id, name) of those who can be chosen."""
Look: TypeAlias = Callable[[str, Callable[[], None]], None]
"""Asks for a line in the access log about a field; calls back when it stands there."""

_DATES = (FieldType.DAY, FieldType.DATE, FieldType.MONTH)


class Editor(QWidget):
    """Something that holds the value of one field.

    Signals:
        changed: a person changed the value (never ``set_value``).
        left: the focus went elsewhere.
    """

    changed: BareSignal = bare_signal()
    left: BareSignal = bare_signal()

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self.inner = inner
        self.setLayout(row((inner, 1), gap=4))
        self.setFocusProxy(inner)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setSizePolicy(policy)
        if inner.maximumWidth() < 1000:
            self.setMaximumWidth(inner.maximumWidth())

    def value(self) -> Json:
        """The value as an operation holds it; None for a blank."""
        raise NotImplementedError

    def set_value(self, value: Json) -> None:
        """Show a value without a signal."""
        raise NotImplementedError

    @property
    def readable(self) -> bool:
        """False while something stands here that means no value."""
        return True

    def say_blank(self, words: str) -> None:
        """What stands there while it is empty; kinds that have no such words keep silent."""

    def set_name(self, name: str) -> None:
        """What the field is called, for screen readers."""
        named = getattr(self.inner, "set_name", None)
        if callable(named):
            named(name)
        else:
            self.inner.setAccessibleName(name)

    def setProperty(self, name: str, value: object, /) -> bool:
        """The mark of a problem belongs on what is drawn."""
        if name == "problem":
            self.inner.setProperty(name, value)
            theme.restyle(self.inner)
        return super().setProperty(name, value)


class TextEditor(Editor):
    """TEXT, LONG_TEXT, PHONE, ID_NUMBER and INT."""

    def __init__(self, declared: Declared, blank: str) -> None:
        long = declared.type is FieldType.LONG_TEXT
        self._number = declared.type is FieldType.INT
        self._box = TextArea(blank=blank, lines=1, most=10) if long else TextInput(blank=blank)
        super().__init__(self._box)
        self._box.typed.connect(lambda _text: self.changed.emit())
        self._box.left.connect(self.left.emit)

    def value(self) -> Json:
        typed = self._box.value()
        if self._number and typed.lstrip("-").isdecimal() and typed.isascii():
            return int(typed)
        return typed or None

    def set_value(self, value: Json) -> None:
        self._box.set_value("" if value is None else str(value))

    def say_blank(self, words: str) -> None:
        if isinstance(self._box, TextInput):
            self._box.say_blank(words)

    @property
    def readable(self) -> bool:
        return not self._number or not isinstance(self.value(), str)


class DateEditor(Editor):
    """DAY, DATE and MONTH: a month stays a month."""

    def __init__(self, declared: Declared, blank: str) -> None:
        exact = declared.type is FieldType.DAY
        self._box: DateInput[PartialDate] = DateInput(
            lambda typed: _partial(typed, exact), PartialDate.iso, blank=blank, width=150,
            unreadable=text("problem.day_needed") if exact else "",
        )  # fmt: skip
        super().__init__(self._box)
        self._box.setMinimumWidth(96)
        self.setMaximumWidth(150)
        self._box.typed.connect(lambda _text: self.changed.emit())
        self._box.dated.connect(lambda _value: self.changed.emit())
        self._box.left.connect(self.left.emit)

    def value(self) -> Json:
        typed = self._box.value()
        found = self._box.date() or (PartialDate.parse(typed) if typed else None)
        if found is not None and typed in ("", found.iso()):
            return found.iso() if typed else None
        read = _partial(typed, False) if typed else None
        return read.iso() if read else typed or None

    def set_value(self, value: Json) -> None:
        partial = PartialDate.parse(value) if isinstance(value, str) else None
        if partial is None and isinstance(value, str):
            self._box.set_date(None)
            self._box.set_value(value)
        else:
            self._box.set_date(partial)

    def say_blank(self, words: str) -> None:
        self._box.say_blank(words)

    @property
    def readable(self) -> bool:
        value = self.value()
        return value is None or PartialDate.parse(str(value)) is not None


def _partial(typed: str, exact: bool) -> PartialDate | None:
    reading = read_date(typed)
    found = None if reading.ranged or reading.problem else reading.start
    return None if found is None or (exact and found.exact is None) else found


class _Pick(DropDown):
    """A drop-down whose blank is dashed like that of a text field."""

    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        if not self.value() and self._nothing and not self.hasFocus() and not self.property("problem"):
            painter = QPainter(self)
            paint.dashed(painter, QRectF(self.rect()), theme.palette().warn, 6)


class ChoiceEditor(Editor):
    """CODE, BOOL and STAFF."""

    def __init__(
        self, options: Sequence[Choice], blank: str, kind: FieldType, names: Mapping[str, str]
    ) -> None:
        self._options = tuple(options)
        self._names = names
        self._bool = kind is FieldType.BOOL
        self._box = _Pick(options, nothing=blank)
        super().__init__(self._box)
        self._box.chosen.connect(self._chosen)

    def value(self) -> Json:
        chosen = self._box.value()
        if self._bool:
            return None if not chosen else chosen == "yes"
        return chosen or None

    def set_value(self, value: Json) -> None:
        shown = ("yes" if value else "no") if isinstance(value, bool) else str(value or "")
        self._offer(shown)

    def _chosen(self, value: str) -> None:
        self._offer(value)
        self.changed.emit()
        self.left.emit()

    def _offer(self, shown: str) -> None:
        """The chosen value with all others; clearing is offered only where there is something to clear."""
        options = [o for o in self._options if o.value or shown]
        if shown and all(o.value != shown for o in options):
            known = self._names.get(shown)
            options.append(Choice(shown, known or t("unknown_value", value=shown)))
        self._box.set_options(options, shown)


class SetEditor(Editor):
    """SET of codes: chips that can be taken off, and a list to add from."""

    def __init__(self, options: Sequence[Choice]) -> None:
        self._options = {o.value: o.label for o in options}
        self._chosen: list[str] = []
        self._flow = Flow(gap=6, line_gap=6)
        holder = frame(self._flow)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        super().__init__(holder)
        self.setSizePolicy(policy)
        self._add = Button(t("add"), "link", icon="plus", on_click=self._open)
        self._name = ""
        self._show()

    def value(self) -> Json:
        return list[Json](sorted(self._chosen))

    def set_value(self, value: Json) -> None:
        self._chosen = [str(v) for v in value] if isinstance(value, list) else []
        self._show()

    def set_name(self, name: str) -> None:
        self._name = name
        self._add.setAccessibleName(f"{name} {t('add')}")

    def setProperty(self, name: str, value: object, /) -> bool:
        return QWidget.setProperty(self, name, value)

    def _show(self) -> None:
        self._add.setParent(None)
        clear(self._flow)
        for value in self._chosen:
            chip = Chip(self._options.get(value, value), "outline")
            off = IconButton("close", t("take_off", value=self._options.get(value, value)),
                             on_click=lambda v=value: self._drop(v))  # fmt: skip
            off.setFixedSize(22, 22)
            self._flow.addWidget(frame(row(chip, off, gap=0)))
        self._flow.addWidget(self._add)
        self._add.show()
        self.updateGeometry()

    def _open(self) -> None:
        left = [(v, n, n) for v, n in self._options.items() if v not in self._chosen]
        popup = PickPopup(self._add, left, "", search=len(left) > 8)
        popup.picked.connect(self._take)
        popup.open_at(self._add.mapToGlobal(self._add.rect().bottomLeft()), 160)

    def _take(self, value: str) -> None:
        if value not in self._chosen:
            self._chosen.append(value)
            self._renew()

    def _drop(self, value: str) -> None:
        self._chosen.remove(value)
        self._renew()

    def _renew(self) -> None:
        """The cursor stays here: with the renewed buttons it would fall to the search box."""
        self._show()
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()
        self.left.emit()


class Veiled(Editor):
    """A value behind the eye: hidden until somebody looks, which is logged first.

    Args:
        look: asks for the log entry; calls back when it is written.
    """

    def __init__(self, record: str, name: str, editor: Editor, look: Look) -> None:
        self._record, self._name, self._editor, self._look = record, name, editor, look
        self._hidden: Json = None
        self._veil = Text("", selectable=False)
        self._eye = IconButton("eye", t("reveal"), on_click=self.reveal)
        line = frame(row(self._veil, self._eye, None, gap=6))
        line.setFixedHeight(tokens().shape.control)
        self._line = line
        body = frame(column(line, editor, gap=0))
        super().__init__(body)
        self.setFocusProxy(editor)
        editor.changed.connect(self.changed.emit)
        editor.left.connect(self.left.emit)
        self._show(False)

    @property
    def is_hidden(self) -> bool:
        return self._hidden is not None

    def value(self) -> Json:
        return self._hidden if self._hidden is not None else self._editor.value()

    def set_value(self, value: Json) -> None:
        self._editor.set_value(value)
        veiled = is_veiled(self._record, self._name, value)
        self._hidden = value if veiled else None
        self._veil.setText(mask(self._record, self._name, str(value)) if veiled else "")
        self._show(veiled)

    def is_open_with(self, value: Json) -> bool:
        """Whether somebody has looked and this is the value in sight."""
        return self._hidden is None and value is not None and self._editor.value() == value

    def say_blank(self, words: str) -> None:
        self._editor.say_blank(words)

    def set_typed(self, value: Json) -> None:
        """What was being typed comes back open: it was open when it was typed."""
        self._editor.set_value(value)
        self._hidden = None
        self._show(False)

    @property
    def readable(self) -> bool:
        return self._editor.readable

    def set_name(self, name: str) -> None:
        self._editor.set_name(name)
        self._eye.set_name(t("reveal_field", field=name))

    def setProperty(self, name: str, value: object, /) -> bool:
        if name == "problem":
            self._editor.setProperty(name, value)
        return QWidget.setProperty(self, name, value)

    def reveal(self) -> None:
        """Show the value once the look stands in the access log."""

        def shown() -> None:
            self._hidden = None
            self._editor.setVisible(True)
            # before the eye goes: Qt would carry the cursor on to what comes next, and scroll there
            self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
            self._show(False)

        self._look(self._name, shown)

    def _show(self, veiled: bool) -> None:
        self._line.setVisible(veiled)
        self._editor.setVisible(not veiled)


def bring_typed(editor: Editor, value: Json) -> None:
    """What was being typed comes back as it stood: what is veiled otherwise was open when it was typed."""
    if isinstance(editor, Veiled):
        editor.set_typed(value)
    else:
        editor.set_value(value)


def to_the_end(editor: Editor) -> None:
    """Whoever was typing goes on there."""
    line: QWidget | None = editor
    while line is not None and not isinstance(line, QLineEdit | QPlainTextEdit):
        line = line.focusProxy()
    if isinstance(line, QLineEdit):
        line.end(False)
    elif isinstance(line, QPlainTextEdit):
        line.moveCursor(QTextCursor.MoveOperation.End)


def choices_of(declared: Declared, staff: Staff, on: date, *, blank: bool = True) -> list[Choice]:
    """What is offered for a CODE, BOOL, STAFF or SET field."""
    first = [Choice("", t("clear_value"))] if blank else []
    if declared.type is FieldType.BOOL:
        return [*first, Choice("yes", t("yes")), Choice("no", t("no"))]
    if declared.type is FieldType.STAFF:
        return [*first, *(Choice(i, n) for i, n in staff)]
    if not declared.table:
        return []
    entries = code_lists.table(declared.table).on(on)
    return [*first, *(Choice(e.code, e.name, e.note) for e in entries)]


def make_editor(
    record: str, declared: Declared, staff: Staff, on: date, *,
    blank: str, look: Look, names: Mapping[str, str], posts: Mapping[str, str] | None = None,
) -> Editor:  # fmt: skip
    """The editor of a field.

    Args:
        blank: shown dashed while empty (未填); empty for a plain field.
        posts: vacancy id → name, for a set without a code list.
        names: id → name of everybody, also of staff who left but stand in old records.
    """
    kind = declared.type
    if kind is FieldType.SET:
        listed = choices_of(declared, staff, on, blank=False)
        return SetEditor(listed or [Choice(i, n) for i, n in (posts or {}).items()])
    made: Editor
    if kind in _DATES:
        made = DateEditor(declared, blank)
    elif kind in (FieldType.CODE, FieldType.BOOL, FieldType.STAFF):
        made = ChoiceEditor(choices_of(declared, staff, on), blank, kind, names)
    else:
        made = TextEditor(declared, blank)
    restricted = bool(declared.table) and any(e.restricted for e in code_lists.table(declared.table).entries)
    return Veiled(record, declared.name, made, look) if declared.masked or restricted else made
