"""The ways in, and what was imported before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit import (
    Banner,
    Button,
    Chip,
    ElidedText,
    Icon,
    Scroll,
    Text,
    clear,
    column,
    flow,
    frame,
    row,
    rule,
)
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal

UNDOABLE = frozenset({"applied", "undoing"})
"""An undo that stopped on the way (its PC died) is agreed to once more like the first time."""


@dataclass(frozen=True, slots=True)
class PastImport:
    """One line of 最近导入.

    Attributes:
        state: of the code list ``import_state``.
        waiting: held rows that nobody has settled.
    """

    import_id: str
    file_name: str
    day: str
    state: str
    counts: dict[str, int]
    waiting: int


class StartPage(QWidget):
    """Where an import begins; a file that cannot be read is told here and nothing is lost.

    Signals:
        choose, paste, sample: the buttons; a sample is offered in the practice station only.
        settle: 处理待核对行 of an import.
        undo: 整批撤销 of an import, agreed to.
    """

    choose: BareSignal = bare_signal()
    paste: BareSignal = bare_signal()
    sample: BareSignal = bare_signal()
    settle: TypedSignal[str] = signal()
    undo: TypedSignal[str] = signal()

    def __init__(self) -> None:
        super().__init__()
        self._banners = column(gap=8)
        self.choose_button = Button(
            text("import_ui.choose_file"), "primary", icon="folder", keys="Ctrl+O", on_click=self.choose.emit
        )
        self.paste_button = Button(text("import_ui.paste"), icon="copy", on_click=self.paste.emit)
        self.sample_button = Button(text("import_ui.sample"), "bare", on_click=self.sample.emit)
        sentence = Text(text("import_ui.start_sentence"), "title")
        more = Text(text("import_ui.start_more"), "body", "ink_2", wrap=True)
        words = column(
            sentence,
            more,
            6,
            flow(self.choose_button, self.paste_button, self.sample_button, gap=10),
            gap=6,
        )
        zone = frame(row(_picture(), (words, 1), gap=20, pad=(24, 22, 24, 20)), "card")
        self._list = column(gap=0)
        self._asking = ""
        self._past: tuple[PastImport, ...] = ()
        self.kept = column(gap=8)
        recent = frame(
            column(Text(text("import_ui.recent"), "strong"), self._list, gap=8, pad=(20, 16, 20, 12)), "card"
        )
        inner = frame(column(self._banners, zone, self.kept, recent, None, gap=14, pad=(0, 4, 0, 12)))
        inner.setMaximumWidth(980)
        self.setLayout(column((Scroll(row(None, (inner, 12), None)), 1)))
        self.show_past(())

    def say(self, banner: Banner | None) -> None:
        """A banner above everything; None takes it away."""
        clear(self._banners)
        if banner is not None:
            self._banners.addWidget(banner)

    def say_kept(self, widget: QWidget | None) -> None:
        """What an undo has left, above the list."""
        clear(self.kept)
        if widget is not None:
            self.kept.addWidget(widget)

    def show_past(self, past: Sequence[PastImport]) -> None:
        """The list of 最近导入, newest first."""
        self._past = tuple(past)
        clear(self._list)
        if not past:
            self._list.addWidget(Text(text("import_ui.recent_none"), "body", "ink_2"))
        for number, one in enumerate(past):
            if number:
                self._list.addWidget(rule())
            self._list.addWidget(self._line(one))

    def _line(self, one: PastImport) -> QFrame:
        name = ElidedText(one.file_name or text("import_ui.pasted_name"), bold=True)
        name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        counts = Text(
            text(
                "import_ui.recent_counts",
                **{k: one.counts.get(k, 0) for k in ("rows", "new", "changed", "unchanged", "held")},
            ),
            "caption",
            "ink_2",
            wrap=True,
        )
        chips: list[QWidget] = []
        if one.state == "undone":
            chips.append(Chip(text("import_ui.recent_undone"), "plain"))
        elif one.state == "undoing":
            chips.append(Chip(text("import_ui.recent_undoing"), "accent"))
        elif one.state == "applying":
            chips.append(Chip(text("import_ui.recent_running"), "accent"))
        if one.waiting:
            chips.append(Chip(text("import_ui.recent_left", count=one.waiting), "warn"))
        head = row(Text(one.day, "caption", "ink_2"), (name, 1), *chips, gap=10)
        buttons: list[QWidget] = []
        if one.waiting and one.state == "applied":
            buttons.append(
                Button(text("import_ui.recent_settle"), on_click=lambda: self.settle.emit(one.import_id))
            )
        if one.state in UNDOABLE:
            buttons.append(
                Button(
                    text("import_ui.undo_all"), "bare", icon="undo", on_click=lambda: self._ask(one.import_id)
                )
            )
        body = column(head, row((counts, 1), *buttons, gap=8), gap=4, pad=(0, 8, 0, 8))
        if self._asking == one.import_id and one.state in UNDOABLE:
            body.addWidget(self._question(one))
        return frame(body)

    def _question(self, one: PastImport) -> QFrame:
        return frame(
            row(
                (Text(text("import_ui.undo_ask"), "caption", "ink", wrap=True), 1),
                Button(text("import_ui.undo_now"), "danger", on_click=lambda: self._agreed(one.import_id)),
                Button(text("import_ui.undo_leave"), on_click=lambda: self._ask("")),
                gap=8,
                pad=(12, 8, 12, 8),
            ),
            "warn_soft",
        )

    def _ask(self, import_id: str) -> None:
        self._asking = import_id
        self.show_past(self._past)

    def _agreed(self, import_id: str) -> None:
        self._asking = ""
        self.show_past(self._past)
        self.undo.emit(import_id)


def _picture() -> QFrame:
    picture = frame(column(None, row(None, Icon("import", "accent", 36), None), None), "accent_soft")
    picture.setFixedSize(92, 92)
    whole = frame(column(picture, None))
    whole.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return whole
