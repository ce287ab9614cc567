"""One post being typed, put right, or checked again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.cases.ops import Json
from jobdesk.cases.partial_date import exact_day
from jobdesk.cases.problems import problems_of
from jobdesk.cases.state import RecordState
from jobdesk.host import template_files
from jobdesk.host.strings import text
from jobdesk.ui import shortcuts
from jobdesk.ui.kit import Button, DateInput, Field, Scroll, Text, TextArea, TextInput, column, frame, row
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal
from jobdesk.ui.vacancies.state import t

LABEL = 72
_LONG = ("requirement", "note")
_DAYS = ("checked_on", "valid_until")
_NEEDED = ("unit", "post")


class PostForm(QFrame):
    """The fields of a post. Ctrl+Enter saves, Esc goes back.

    Signals:
        kept: the values, without blocking problems.
        cancelled: Esc or 取消. typed: something was changed.
        check_asked: 今天核实. end_asked: 停止招聘.

    Attributes:
        figures: as the station has set them, once its owner has read them.
    """

    kept: TypedSignal[Mapping[str, Json]] = signal()
    cancelled: BareSignal = bare_signal()
    typed: BareSignal = bare_signal()
    check_asked: BareSignal = bare_signal()
    end_asked: BareSignal = bare_signal()

    def __init__(
        self,
        names: tuple[str, ...],
        behind: Callable[[str], date | None],
        ahead: Callable[[str], date | None],
    ) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self._today = date.min
        self.figures = template_files.figures()
        self.loaded: RecordState | None = None
        self.title = Text("", "title", wrap=True)
        self.boxes: dict[str, TextInput | TextArea] = {}
        self.days: dict[str, DateInput[date]] = {}
        self.fields: dict[str, Field] = {}
        for name in names:
            box: TextInput | TextArea
            if name in _DAYS:
                read = behind if name == "checked_on" else ahead
                box = self.days[name] = DateInput(read, date.isoformat, width=140)
                self.days[name].dated.connect(lambda _d: self.typed.emit())
            elif name in _LONG:
                box = TextArea(lines=2, most=5)
            else:
                box = TextInput()
            box.typed.connect(lambda _t: self.typed.emit())
            self.boxes[name] = box
            self.fields[name] = Field(t(f"label_{name}"), box, label_width=LABEL, needed=name in _NEEDED)
        self.check = Button(t("check_today"), icon="check", on_click=self.check_asked.emit)
        self.end = Button(t("end_today"), on_click=self.end_asked.emit)
        self.again = frame(row(self.check, self.end, None))
        self.save = Button(f"{text('service.save')}  {shortcuts.SAVE.keys}", "primary", on_click=self.keep)
        cancel = Button(f"{text('service.cancel')}  Esc", "bare", on_click=self.cancelled.emit)
        shortcuts.bind(self, shortcuts.SAVE.keys, self.keep, window=False)
        page = column(self.title, self.again, *self.fields.values(), None, gap=10, pad=(18, 16, 18, 16))
        self.draft = Text("", "caption", "ok")
        foot = frame(row(self.save, cancel, None, self.draft, pad=(18, 10, 18, 12)), "foot")
        self.setLayout(column((Scroll(page), 1), foot, gap=0))

    def begin(self, loaded: RecordState | None, values: Mapping[str, Json], today: date) -> None:
        """Show a post; ``loaded`` is what its edit is based on, None for a new one."""
        self.loaded, self._today = loaded, today
        for name, box in self.boxes.items():
            value = values.get(name)
            if name in self.days:
                day = exact_day(value) if isinstance(value, str) else None
                self.days[name].set_date(day)
                if day is None and isinstance(value, str):
                    box.set_value(value)
            else:
                box.set_value("" if value is None else str(value))
            self.fields[name].set_problem(None)
        self.title.set_text(t("edit_title") if loaded is not None else t("new_title"))
        self.again.setVisible(loaded is not None)
        self.draft.set_text("")

    def take_focus(self) -> None:
        """The cursor to the first field."""
        self.boxes["unit"].setFocus(Qt.FocusReason.OtherFocusReason)

    def values(self) -> dict[str, Json]:
        """What stands here; blanks are None."""
        out: dict[str, Json] = {}
        for name, box in self.boxes.items():
            out[name] = box.value() or None
        for name, picked in self.days.items():
            day = picked.date()
            out[name] = day.isoformat() if day else None
        count = out.get("headcount")
        if isinstance(count, str) and count.isascii() and count.isdecimal():
            out["headcount"] = int(count)
        return out

    def keep(self) -> None:
        """Check and tell."""
        for picked in self.days.values():
            picked.read()
        values = self.values()
        found = problems_of("vacancy", values, self._today, self.figures)
        told = {p.field: text(f"problem.{p.code}", **dict(p.params)) for p in reversed(found)}
        if isinstance(values.get("headcount"), str):
            told["headcount"] = t("count_needed")
        first: QWidget | None = None
        for name, field in self.fields.items():
            box = self.boxes[name]
            unread = name in self.days and not self.days[name].readable
            if not unread:
                field.set_problem(told.get(name))
            if (name in told or unread) and first is None:
                first = box
        if first is None:
            self.kept.emit(values)
        else:
            first.setFocus()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)
