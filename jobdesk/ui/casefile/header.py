"""Wiring of the file's head: masking, looks, 查看依据, the menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMenu, QWidget

from jobdesk.cases.masking import mask_id, mask_phone
from jobdesk.services.case_files import CaseFile
from jobdesk.ui.basis_view import Go
from jobdesk.ui.case_basis import shown_basis
from jobdesk.ui.case_words import Words, t
from jobdesk.ui.casefile.page import mark_chip
from jobdesk.ui.casefile.revealing import Looks
from jobdesk.ui.casefile.state import ContactState, HeaderState, StepsState, header_of
from jobdesk.ui.casefile.view import HeaderView, Masked
from jobdesk.ui.kit import StepState, clear, column, show_basis

MenuLine = tuple[str, Callable[[], object]] | None
"""(words, what it does); None is a line between groups."""


class CaseHeader(QWidget):
    """The head of the file.

    Args:
        menu: the lines of the menu for the file as it stands now.
        go: shows a tab of the file, at a record or a field.
        ask: shows what is in question in the file.
    """

    def __init__(self, looks: Looks, serve: Callable[[], object], menu: Callable[[], Sequence[MenuLine]],
                 close: Callable[[], object], go: Go, ask: Callable[[], object]) -> None:  # fmt: skip
        super().__init__()
        self.view = HeaderView()
        self.setLayout(column(self.view))
        self._looks, self._menu_lines, self._go = looks, menu, go
        self._file: CaseFile | None = None
        self._words: Words | None = None
        self._state: HeaderState | None = None
        self.view.serve.clicked.connect(lambda _checked=False: serve())
        self.view.menu.clicked.connect(lambda _checked=False: self.open_menu())
        self.view.cross.clicked.connect(lambda _checked=False: close())
        self.view.questions.clicked.connect(lambda _checked=False: ask())
        self.view.id_number.eye.clicked.connect(lambda _checked=False: self._toggle("id_number"))
        self.view.phone.eye.clicked.connect(lambda _checked=False: self._toggle("phone"))
        self.view.contact_basis.clicked.connect(lambda _checked=False: self._contact_basis())
        self.view.tier_basis.clicked.connect(lambda _checked=False: self._tier_basis())
        self.view.steps_basis.clicked.connect(lambda _checked=False: self._steps_basis())
        self._open: set[str] = set()

    def begin(self) -> None:
        """Another person: numbers are hidden."""
        self._open.clear()

    def hide_numbers(self) -> None:
        """The place is left."""
        self._open.clear()
        if self._state is not None:
            self._numbers(self._state)

    def show_file(self, file: CaseFile, words: Words) -> None:
        state = header_of(file, words)
        self._file, self._words, self._state = file, words, state
        view = self.view
        view.name.set_text(state.name)
        view.about.set_text(state.about)
        view.chips.removeWidget(view.questions)  # it stays the same one: the cursor may be on it
        clear(view.chips)
        for chip in state.chips:
            view.chips.addWidget(mark_chip(chip.words, "outline"))
            if not chip.verified:
                view.chips.addWidget(mark_chip(t("unverified"), "blank", t("unverified_tip")))
        view.questions.set_text(t("conflicts", count=state.conflicts))
        view.chips.addWidget(view.questions)
        view.questions.setVisible(state.conflicts > 0)
        view.chips_frame.setVisible(bool(state.chips or state.conflicts))
        self._numbers(state)
        self._contact(state.contact)
        view.tier.set_text(state.tier.words if state.tier else "")
        view.tier_line.setVisible(state.tier is not None)
        self._steps(state.steps)
        view.serve.refuse("" if state.is_open else t("ended_no_service"))

    def open_menu(self) -> QMenu:
        """The menu under its button."""
        menu = QMenu(self)
        for line in self._menu_lines():
            if line is None:
                menu.addSeparator()
                continue
            words, do = line
            menu.addAction(words).triggered.connect(_caller(do))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.view.menu.mapToGlobal(self.view.menu.rect().bottomLeft()))
        return menu

    def _numbers(self, state: HeaderState) -> None:
        blank = t("disputed_short" if state.id_disputed else "blank")
        self._number(self.view.id_number, "id_number", state.id_number, mask_id(state.id_number), blank)
        self._number(self.view.phone, "phone", state.phone, mask_phone(state.phone), t("blank"))
        if state.id_is_old:
            self.view.id_number.setToolTip(t("old_number"))

    def _number(self, shown: Masked, name: str, whole: str, masked: str, blank: str) -> None:
        is_open = name in self._open
        shown.value.set_text((whole if is_open else masked) or blank, "ink" if whole else "warn")
        shown.eye.setVisible(bool(whole))
        words = t("hide" if is_open else f"reveal_{'id' if name == 'id_number' else 'phone'}")
        shown.eye.set_icon("eye-off" if is_open else "eye", words)

    def _toggle(self, name: str) -> None:
        if self._state is None:
            return
        if name in self._open:
            self._open.discard(name)
            self._numbers(self._state)
            return

        def shown() -> None:
            self._open.add(name)
            if self._state is not None:
                self._numbers(self._state)

        self._looks.ask(name, shown)

    def _contact(self, contact: ContactState | None) -> None:
        view = self.view
        view.contact.set_text(
            t("next_contact", day=contact.day) if contact else t("next_contact_none"),
            "ink" if contact else "warn",
        )
        view.contact_line.setVisible(self._state is not None and self._state.is_open)
        view.late.setText(contact.late if contact else "")
        view.late.setVisible(bool(contact and contact.late))
        view.contact_basis.setVisible(contact is not None)
        view.contact_reason.set_text(
            t("contact_reason", reason=contact.reason) if contact and contact.reason else ""
        )
        view.contact_reason.setVisible(bool(contact and contact.reason))

    def _steps(self, steps: StepsState | None) -> None:
        view = self.view
        view.steps.setVisible(steps is not None)
        if steps is None:
            return
        view.steps_title.set_text(steps.title)
        view.steps_mark.setText(steps.mark)
        view.steps_mark.setVisible(bool(steps.mark))
        view.steps_counting.set_text(steps.counting)
        view.steps_outside.setText(steps.outside)
        view.steps_outside.setVisible(bool(steps.outside))
        view.strip.set_steps([StepState(s.name, s.done, s.owed, s.note) for s in steps.steps])
        view.steps_notes.set_text(" ".join(steps.notes))
        view.steps_notes.setVisible(bool(steps.notes))

    def _contact_basis(self) -> None:
        if self._state and self._state.contact and self._file and self._words:
            found = shown_basis(self._state.contact.basis, self._file, self._words, self._go)
            show_basis(self.view.contact_basis, found)

    def _tier_basis(self) -> None:
        if self._state and self._state.tier and self._file and self._words:
            found = shown_basis(self._state.tier.basis, self._file, self._words, self._go)
            show_basis(self.view.tier_basis, found)

    def _steps_basis(self) -> None:
        if self._state and self._state.steps and self._file and self._words:
            found = shown_basis(self._state.steps.basis, self._file, self._words, self._go)
            show_basis(self.view.steps_basis, found)


def _caller(do: Callable[[], object]) -> Callable[[bool], None]:
    def call(_checked: bool) -> None:
        do()

    return call
