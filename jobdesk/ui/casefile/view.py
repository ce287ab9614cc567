"""The layout of the file's head."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from jobdesk.ui.case_words import t
from jobdesk.ui.kit import (
    Button,
    Chip,
    ElidedText,
    Icon,
    IconButton,
    StepStrip,
    Text,
    basis_link,
    column,
    flow,
    frame,
    row,
)
from jobdesk.ui.kit.layouts import Flow


class Masked(QWidget):
    """A number behind the eye, with a picture before it."""

    def __init__(self, icon: str, name: str) -> None:
        super().__init__()
        self.value = Text("", selectable=True)
        self.eye = IconButton("eye", name, tone="accent")
        self.eye.setFixedSize(24, 24)
        self.setLayout(row(Icon(icon, "ink_2"), self.value, self.eye, gap=6))


class HeaderView(QFrame):
    """Name and chips, numbers behind the eye, next contact, progress."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self.name = ElidedText("", "title", bold=True)
        self.name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.about = Text("", tone="ink_2")
        self.chips = Flow(gap=6, line_gap=4)
        self.questions = Button("", "link", icon="split")
        self.serve = Button(t("record_service"), "primary", icon="plus")
        self.menu = IconButton("more", t("menu"), bordered=True)
        self.cross = IconButton("close", t("close"), bordered=True)
        self.id_number = Masked("id-card", t("reveal_id"))
        self.phone = Masked("phone", t("reveal_phone"))
        self.contact = Text("", tone="ink_2")
        self.late = Chip("", "bad")
        self.contact_reason = ElidedText("", "caption", "ink_2")
        self.contact_basis = basis_link()
        self.tier = Text("", tone="ink_2")
        self.tier_basis = basis_link()
        self.steps_title = Text("", "caption", "ink_2", bold=True)
        self.steps_mark = Chip("", "warn")
        self.steps_counting = Text("", "caption", "ink_2")
        self.steps_outside = Chip("", "accent")
        self.steps_basis = basis_link()
        self.strip = StepStrip(notes=True)
        self.steps_notes = Text("", "caption", "warn", wrap=True)
        self.steps = frame(
            column(
                row(self._steps_line(), None, self.steps_basis, gap=4), self.strip, self.steps_notes, gap=4
            )
        )
        chips = frame(self.chips)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        chips.setSizePolicy(policy)
        self.chips_frame = chips
        title = flow(self.name, self.about, gap=8, line_gap=0)
        self.about.setMinimumHeight(self.name.sizeHint().height())
        self.tier_line = frame(row(self.tier, self.tier_basis, gap=6))
        self.contact_line = flow(
            self.contact,
            self.late,
            self.contact_reason,
            self.contact_basis,
            self.tier_line,
            gap=6,
            baseline=True,
        )
        self.setLayout(
            column(
                row((title, 1), self.serve, self.menu, self.cross, gap=8),
                chips,
                flow(self.id_number, self.phone, gap=18, line_gap=2),
                self.contact_line,
                self.steps,
                gap=6, pad=(16, 12, 16, 4),
            )
        )  # fmt: skip

    def _steps_line(self) -> QWidget:
        line = flow(self.steps_title, self.steps_mark, self.steps_counting, self.steps_outside, gap=8)
        line.setMinimumWidth(240)
        return line
