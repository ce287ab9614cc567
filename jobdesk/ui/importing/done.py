"""完成: what went in, what waits, how to take it back, what to do with the file."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from jobdesk.host.strings import text
from jobdesk.services.importing.verdicts import Counts
from jobdesk.ui.kit import Banner, Button, Icon, Scroll, Text, clear, column, flow, frame, row, rule
from jobdesk.ui.palette import Tone
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal


@dataclass(frozen=True, slots=True)
class Finished:
    """An import that went in.

    Attributes:
        waiting: held rows listed as work left.
        posts: the rows were posts, not people.
    """

    import_id: str
    file_name: str
    counts: Counts
    waiting: int
    pasted: bool = False
    posts: bool = False


class DonePage(QWidget):
    """The result.

    Signals:
        to_list, settle, another: where to go on.
        undo: id of the import, agreed to.
    """

    to_list: BareSignal = bare_signal()
    settle: TypedSignal[str] = signal()
    another: BareSignal = bare_signal()
    undo: TypedSignal[str] = signal()

    def __init__(self) -> None:
        super().__init__()
        self._body = column(gap=12)
        inner = frame(column(self._body, None, pad=(0, 4, 0, 12)))
        inner.setMaximumWidth(820)
        self.setLayout(column((Scroll(row(None, (inner, 12), None)), 1)))
        self._done: Finished | None = None

    def show_done(self, done: Finished, *, asking: bool = False) -> None:
        """The counts and the ways on; ``asking`` shows the question before 整批撤销."""
        self._done = done
        clear(self._body)
        counts = done.counts
        went = counts.new + counts.changed
        sentence = (
            text("import_ui.done_sentence", count=went) if went else text("import_ui.done_sentence_none")
        )
        head = row(Icon("check-circle", "ok", 30), (Text(sentence, "title"), 1), gap=12)
        lines = column(gap=6)
        for key, number, icon, tone in _lines(counts):
            if number:
                lines.addLayout(
                    row(
                        Icon(icon, tone, 16),
                        (Text(text(f"import_ui.done_{key}", count=number), wrap=True), 1),
                        gap=8,
                    )
                )
        buttons = [
            Button(text("import_ui.done_to_list"), "primary", icon="ledger", on_click=self.to_list.emit)
        ]
        if done.waiting:
            buttons.append(
                Button(
                    text("import_ui.done_settle", count=done.waiting),
                    icon="alert",
                    on_click=lambda: self.settle.emit(done.import_id),
                )
            )
        buttons.append(Button(text("import_ui.done_another"), icon="import", on_click=self.another.emit))
        if went:
            buttons.append(
                Button(
                    text("import_ui.undo_all"),
                    "bare",
                    icon="undo",
                    on_click=lambda: self.show_done(done, asking=True),
                )
            )
        card = column(head, lines, rule(), flow(*buttons, gap=8), gap=14, pad=(22, 18, 22, 18))
        if asking:
            card.addWidget(self._question(done))
        self._body.addWidget(frame(card, "card"))
        if not done.pasted:
            self._body.addWidget(
                Banner(
                    "trouble",
                    text("import_ui.done_keep_safe"),
                    more=text("import_ui.done_keep_safe_more", file=done.file_name),
                )
            )
        if counts.new and not done.posts:
            self._body.addWidget(
                Banner(
                    "info",
                    text("import_ui.done_first_round"),
                    more=text("import_ui.done_first_round_more", count=counts.new),
                )
            )

    def _question(self, done: Finished) -> QWidget:
        return frame(
            row(
                (Text(text("import_ui.undo_ask"), "caption", wrap=True), 1),
                Button(text("import_ui.undo_now"), "danger", on_click=lambda: self.undo.emit(done.import_id)),
                Button(text("import_ui.undo_leave"), on_click=lambda: self.show_done(done)),
                gap=8,
                pad=(12, 8, 12, 8),
            ),
            "warn_soft",
        )


def _lines(counts: Counts) -> list[tuple[str, int, str, Tone]]:
    return [
        ("new", counts.new, "plus", "ok"),
        ("changed", counts.changed, "arrow-right", "accent"),
        ("unchanged", counts.unchanged, "minus", "ink_2"),
        ("held", counts.held, "alert", "warn"),
    ]
