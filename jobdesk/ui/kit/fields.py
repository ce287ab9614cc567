"""Editors, and the Field that puts label, hint and problem around one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Literal, Protocol, TypeVar, cast

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from jobdesk.host.strings import text
from jobdesk.ui import paint, theme
from jobdesk.ui.kit.labels import Icon, Text
from jobdesk.ui.kit.layouts import column, row
from jobdesk.ui.palette import tokens
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal

T = TypeVar("T")
_UNBOUNDED = 16_000


class TextInput(QLineEdit):
    """One line of text. What an input method is still composing is never reported.

    Args:
        blank: shown dashed while empty (未填); empty means a plain field.

    Signals:
        typed: the text after each change by a person (not while composing).
        left: the focus went elsewhere or Enter was pressed.
    """

    typed: TypedSignal[str] = signal()
    left: BareSignal = bare_signal()

    def __init__(self, value: str = "", *, placeholder: str = "", blank: str = "", width: int = 0) -> None:
        super().__init__(value)
        self._composing = False
        self._told = value
        self._blank = blank
        self.setFixedHeight(tokens().shape.control)
        self.setMinimumWidth(width or 60)
        if width:
            self.setMaximumWidth(width)
        self.setPlaceholderText(blank or placeholder)
        self.textChanged.connect(self._changed)
        self.editingFinished.connect(self.left.emit)
        self._mark()

    def value(self) -> str:
        """The text without blanks around it."""
        return self.text().strip()

    def set_value(self, value: str) -> None:
        """Show a text without ``typed``."""
        self._told = value
        if self.text() != value:
            self.setText(value)
        self.setCursorPosition(0)

    def say_blank(self, words: str) -> None:
        """Other words for what stands while it is empty."""
        if words != self._blank:
            self._blank = words
            self.setPlaceholderText(words)
            self._mark()

    @property
    def composing(self) -> bool:
        """An input method shows text that is not committed yet."""
        return self._composing

    def inputMethodEvent(self, event: QInputMethodEvent, /) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        if not self._composing:
            self._changed(self.text())

    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        if self.property("blank") and not self.hasFocus() and not self.property("problem"):
            paint.dashed(QPainter(self), QRectF(self.rect()), theme.palette().warn, 6)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if self._composing and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.accept()
            return
        super().keyPressEvent(event)

    def _changed(self, now: str) -> None:
        self._mark()
        if not self._composing and now != self._told:
            self._told = now
            self.typed.emit(now)

    def _mark(self) -> None:
        blank = bool(self._blank) and not self.text()
        if bool(self.property("blank")) != blank:
            self.setProperty("blank", blank)
            theme.restyle(self)


class TextArea(QPlainTextEdit):
    """Several lines; grows with its text between ``lines`` and ``most`` lines. Tab leaves it.

    Signals:
        typed: the text after each change by a person (not while composing).
        left: the focus went elsewhere.
    """

    typed: TypedSignal[str] = signal()
    left: BareSignal = bare_signal()

    def __init__(
        self, value: str = "", *, placeholder: str = "", blank: str = "", lines: int = 2, most: int = 8
    ) -> None:
        super().__init__(value)
        self._composing, self._told, self._blank, self._lines, self._most = False, value, blank, lines, most
        self.setPlaceholderText(blank or placeholder)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(4)
        self.textChanged.connect(self._changed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._changed()

    def value(self) -> str:
        """The text without blanks around it."""
        return self.toPlainText().strip()

    def set_value(self, value: str) -> None:
        """Show a text without ``typed``."""
        self._told = value
        if self.toPlainText() != value:
            self.setPlainText(value)

    @property
    def composing(self) -> bool:
        """As ``TextInput.composing``."""
        return self._composing

    def inputMethodEvent(self, event: QInputMethodEvent, /) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        if not self._composing:
            self._changed()

    def event(self, event: QEvent, /) -> bool:
        """Paint events of the frame come here, those of the text inside to paintEvent."""
        done = super().event(event)
        framed = event.type() == QEvent.Type.Paint and self.property("blank")
        if framed and not self.hasFocus() and not self.property("problem"):
            paint.dashed(QPainter(self), QRectF(self.rect()), theme.palette().warn, 6)
        return done

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.minimumHeight())

    def _changed(self) -> None:
        blank = bool(self._blank) and not self.toPlainText()
        if bool(self.property("blank")) != blank:
            self.setProperty("blank", blank)
            theme.restyle(self)
        self._fit()
        if not self._composing and self.toPlainText() != self._told:
            self._told = self.toPlainText()
            self.typed.emit(self._told)

    def _fit(self, _size: object = None) -> None:
        shown = min(max(round(self.document().size().height()), self._lines), self._most)
        height = shown * self.fontMetrics().lineSpacing() + 20
        if height != self.height():
            self.setFixedHeight(height)
        full = self.document().size().height() > self._most
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if full else policy.ScrollBarAlwaysOff)


_INSET = 13
"""Pixels a line of text keeps from the border of its field."""


class DateInput(TextInput, Generic[T]):
    """A date as people write it (2026.3, 26-3-1, 2026年3月, 20260301): read when the field is left.

    Args:
        parse: the value a spelling means, or None when it means none. A month stays a month.
        show: the program's spelling of a value.
        unreadable: the problem text for a spelling without meaning.

    Signals:
        dated: the new value, None when emptied; not sent for an unreadable spelling.
        unclear: the problem text, or "" when the spelling is fine; a Field shows it by itself.
    """

    dated: TypedSignal[object] = signal()
    unclear: TypedSignal[str] = signal()

    def __init__(
        self, parse: Callable[[str], T | None], show: Callable[[T], str], *, unreadable: str = "",
        blank: str = "", width: int = 150,
    ) -> None:  # fmt: skip
        super().__init__(placeholder=text("kit.date_example"), blank=blank, width=width)
        self._parse, self._show = parse, show
        self._exemplary = not blank
        self._unreadable = unreadable or text("kit.date_unreadable")
        self._date: T | None = None
        self.left.connect(self.read)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Both examples where there is room for them, else one."""
        super().resizeEvent(event)
        if self._exemplary:
            both = text("kit.date_example")
            fits = self.fontMetrics().horizontalAdvance(both) <= self.width() - 2 * _INSET
            self.setPlaceholderText(both if fits else both.partition("、")[0])

    def date(self) -> T | None:
        """The value last read; None when empty or unreadable."""
        return self._date

    @property
    def readable(self) -> bool:
        """False while something stands here that means no date."""
        return not self.value() or self._date is not None

    def set_date(self, value: T | None) -> None:
        """Show a value without signals."""
        self._date = value
        self.set_value("" if value is None else self._show(value))
        self.unclear.emit("")

    def read(self) -> T | None:
        """Understand what stands in the field now, spell it anew, and tell."""
        typed = self.value()
        value = self._parse(typed) if typed else None
        before = self._date
        self._date = value
        if typed and value is None:
            self.unclear.emit(self._unreadable)
            return None
        if value is not None:
            self.set_value(self._show(value))
        self.unclear.emit("")
        if value != before:
            self.dated.emit(value)
        return value


class _Named(Protocol):
    def set_name(self, name: str) -> None: ...


class Field(QWidget):
    """A label, an editor, a hint, and the problem in plain words beside it or under it, never a dialog.

    Args:
        where: ``beside`` puts the label left of the editor in a column of ``label_width``; ``above`` over it.
        problem_below: where there is no room at the right (side panels), the problem stands under the editor.
    """

    def __init__(
        self, label: str, editor: QWidget, *, hint: str = "", needed: bool = False,
        where: Literal["beside", "above"] = "beside", label_width: int = 76, problem_below: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        self.editor = editor
        self.label = Text(label, tone="ink_2")
        if where == "beside" and self.label.sizeHint().width() > label_width - 10:
            self.label = Text(label, tone="ink_2", wrap=True)
        self.label.setBuddy(editor)
        self._star = Text("*", tone="bad")
        if not needed:
            self._star.hide()  # never shown here: without a parent yet it would be a window of its own
        self._star.setToolTip(text("kit.needed"))
        self._hint = Text(hint, "caption", "ink_3", wrap=True)
        if not hint:
            self._hint.hide()
        self._problem = Text("", "caption", "bad", wrap=True)
        self._mark = Icon("alert", "bad")
        self._trouble = QWidget()
        self._trouble.setLayout(row((self._mark), (self._problem, 1), gap=6))
        self._trouble.hide()
        self._name(label)
        name = row((self.label, 1 if self.label.wordWrap() else 0), self._star, None, gap=2)
        narrow = editor.maximumWidth() < _UNBOUNDED
        held: QWidget | QBoxLayout = row(editor, None) if narrow else editor
        if problem_below or where == "above":
            body = column(held, self._trouble, self._hint, gap=3)
        else:
            body = column(row(editor, (self._trouble, 1), gap=8), self._hint, gap=3)
        if where == "beside":
            left = QWidget()
            left.setFixedWidth(label_width)
            left.setMinimumHeight(tokens().shape.control)
            left.setLayout(name)
            lines = row(left, (body, 1), gap=8)
            lines.setAlignment(left, Qt.AlignmentFlag.AlignTop)
            self.setLayout(lines)
        else:
            self.setLayout(column(name, body, gap=4))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if isinstance(editor, DateInput):
            editor.unclear.connect(self.set_problem)

    @property
    def problem(self) -> str:
        """The problem shown now, or an empty text."""
        return self._problem.text() if not self._trouble.isHidden() else ""

    def set_problem(self, problem: str | None) -> None:
        """Show a problem beside the editor; None or "" takes it away."""
        shown = problem or ""
        if shown == self.problem:
            return
        self._problem.setText(shown)
        self._trouble.setVisible(bool(shown))
        self.editor.setAccessibleDescription(shown or self._hint.text())
        # An editor of several parts shows its border on the part that takes the focus.
        bordered = self.editor.focusProxy() or self.editor
        bordered.setProperty("problem", bool(shown))
        theme.restyle(bordered)

    def set_hint(self, hint: str) -> None:
        """Change the quiet words under the editor."""
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))

    def _name(self, label: str) -> None:
        if hasattr(self.editor, "set_name"):
            cast(_Named, self.editor).set_name(label)
        elif not self.editor.accessibleName():
            self.editor.setAccessibleName(label)
