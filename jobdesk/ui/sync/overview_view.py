"""Layout of the first tab: the state of the line, who has to do something, who this machine is."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.ui.kit import (
    Button,
    Card,
    Choice,
    Icon,
    ProgressLine,
    Scroll,
    Segments,
    Text,
    column,
    flow,
    frame,
    row,
)
from jobdesk.ui.sync.enrol_form import EnrolForm
from jobdesk.ui.sync.state import t


class OverviewView:
    """Builds the parts into ``owner``."""

    def __init__(self, owner: QWidget, form: EnrolForm) -> None:
        self.picture = Icon("sync", "ink_2", 26)
        self.sentence = Text("", "strong", wrap=True)
        self.why = Text("", "body", "ink_2", wrap=True)
        self.way = Text("", "body", "ink_2", wrap=True)
        self.now = Button(t("now"), "primary", icon="sync")
        self.pause = Button(t("pause"))
        self.line = ProgressLine()
        self.line.cancel.hide()
        self.line.words.hide()
        self.line.hide()
        words = column(self.sentence, self.why, self.way, gap=2)
        head = row(self.picture, (words, 1), flow(self.pause, self.now, gap=8), gap=14)
        self.last = Text("", "body", "ink_2", wrap=True)
        self.to_receipts = Button(t("to_receipts"), "link")
        self.last_line = frame(row((self.last, 1), self.to_receipts, gap=10))
        self.doors = column(gap=0)
        self.doors_card = Card(self.doors, title=t("person_title"))
        self.facts = column(gap=6)
        self.form = form
        self.form_opener = Button(t("practice_enrol"), icon="link")
        self.form_part = frame(column(row(self.form_opener, None), self.form, gap=8))
        self.device = Card(column(self.facts, self.form_part, gap=8), title=t("device_title"))
        wishes = [Choice(w, t(f"line_{w}"), t(f"line_{w}_tip")) for w in ("system", "always", "go")]
        self.line_wish = Segments(wishes, "system", name=t("line_title"))
        self.line_now = Text("", "caption", "ink_2", wrap=True)
        self.wishes = Card(
            column(
                row(self.line_wish, None),
                self.line_now,
                Text(t("line_note"), "caption", "ink_2", wrap=True),
                gap=6,
            ),
            title=t("line_title"),
        )
        self.state = Card(column(head, self.line, self.last_line, gap=10))
        body = frame(
            column(self.state, self.doors_card, self.device, self.wishes, None, gap=12, pad=(20, 16, 20, 20))
        )
        body.setMaximumWidth(900)
        owner.setLayout(column((Scroll(frame(row((body, 20), None, gap=0))), 1), gap=0))


class Door(QFrame):
    """One line of what waits for a person: how many, what it is, and the way there."""

    def __init__(self, number: int, name: str, note: str, go: Button) -> None:
        super().__init__()
        self.go = go
        count = Text(str(number), "title", "warn" if number else "ink_3")
        count.setMinimumWidth(44)
        words = column(Text(name, bold=True), Text(note, "caption", "ink_2", wrap=True), gap=1)
        self.setLayout(row(count, (words, 1), go, gap=10, pad=(0, 8, 0, 8)))
