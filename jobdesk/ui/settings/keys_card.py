"""恢复码与账户: a new recovery code (printed, two groups asked back), and who can open the file."""

from __future__ import annotations

import random
from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from jobdesk.cases.errors import JobdeskError
from jobdesk.reports.preview import Picture
from jobdesk.services.key_access import SlotLine, give_me_a_slot, install_recovery, slot_lines, take_slot
from jobdesk.services.staffing import staff_of
from jobdesk.store import reads
from jobdesk.store.log import Connection
from jobdesk.store.recovery_code import RecoveryCode, new_recovery_code
from jobdesk.ui.context import Context
from jobdesk.ui.first_run.state import asked_groups, same_group
from jobdesk.ui.kit import Button, Card, Chip, Field, Text, TextInput, clear, column, flow, frame, row
from jobdesk.ui.recovery_sheet import code_sheet, pictures_of, print_pictures
from jobdesk.ui.settings.beside import Beside
from jobdesk.ui.settings.state import day, t


class KeysCard(Card):
    """The code in sight exists nowhere else until its groups were asked back."""

    def __init__(self, ctx: Context) -> None:
        self.slots = column(gap=6)
        self.new_code = Button(t("code_new"), icon="key")
        self.give = Button(t("slot_give"), icon="user-plus")
        self.beside = Beside()
        self.grid = QGridLayout()
        self.grid.setSpacing(6)
        self.print = Button(t("code_print"), icon="printer")
        self.lines = (TextInput(width=150), TextInput(width=150))
        self.fields = tuple(Field(t("code_group", number=0), line, label_width=64) for line in self.lines)
        self.install = Button(t("code_install"), "primary")
        self.told = Beside()
        cancel = Button(t("cancel"))
        self.panel = frame(
            column(
                Text(t("code_note"), wrap=True),
                frame(column(self.grid, pad=(14, 10, 14, 10)), "soft"),
                row(self.print, None),
                Text(t("code_ask"), bold=True, wrap=True),
                flow(*self.fields, gap=16),
                self.told,
                flow(self.install, cancel),
                gap=10,
            )
        )
        self.panel.hide()
        super().__init__(
            column(self.slots, flow(self.new_code, self.give), self.beside, self.panel, gap=10),
            title=t("keys_title"), note=t("keys_note"),
        )  # fmt: skip
        self.ctx = ctx
        self._code: RecoveryCode | None = None
        self._asked = (0, 1)
        self.new_code.clicked.connect(lambda _c=False: self._begin())
        self.give.clicked.connect(lambda _c=False: self._give())
        self.print.clicked.connect(lambda _c=False: self._print())
        self.install.clicked.connect(lambda _c=False: self._install())
        cancel.clicked.connect(lambda _c=False: self.forget())
        for line, field in zip(self.lines, self.fields, strict=True):
            line.typed.connect(lambda _typed, one=field: one.set_problem(None))

    def load(self) -> None:
        """Read the slots; asks the credential store which is this account's."""
        self.ctx.ask(slot_lines(self.ctx.station), self, self._loaded, self.beside.fail)

    def forget(self) -> None:
        """A code that was shown and not installed is gone."""
        self._code = None
        clear(self.grid)
        self.panel.hide()
        for line in self.lines:
            line.set_value("")

    def _loaded(self, slots: Sequence[SlotLine]) -> None:
        clear(self.slots)
        numbers: dict[str, int] = {}
        for slot in slots:
            numbers[slot.kind] = numbers.get(slot.kind, 0) + 1
            self.slots.addWidget(self._slot(slot, numbers[slot.kind]))
        self.give.setVisible(not any(s.is_mine for s in slots))

    def _slot(self, slot: SlotLine, number: int) -> QWidget:
        name = t(f"slot_{slot.kind}", number=number)
        made = Text(t("slot_made", day=day(slot.created_ms)), "caption", "ink_2")
        parts: list[QWidget] = []
        if slot.is_mine:
            parts.append(Chip(t("slot_mine"), "ok"))
        if slot.removable:
            parts.append(Button(t("slot_remove"), on_click=lambda: self._remove(slot, parts[-1])))
        return frame(row(Text(name, bold=True), made, None, *parts, gap=10))

    def _remove(self, slot: SlotLine, button: QWidget) -> None:
        """Asked once more on the same button: there is no way to undo it from here."""
        if isinstance(button, Button) and not button.property("asked"):
            button.setProperty("asked", True)
            button.set_text(t("slot_remove_sure"))
            self.beside.say("info", t("slot_remove_what"))
            return
        self.ctx.ask(
            take_slot(self.ctx.station, slot.slot_id), self, lambda _n: self._removed(), self.beside.fail
        )

    def _removed(self) -> None:
        self.beside.say("ok", t("slot_removed"))
        self.load()

    def _give(self) -> None:
        self.ctx.ask(give_me_a_slot(self.ctx.station), self, lambda _id: self._given(), self.beside.fail)

    def _given(self) -> None:
        self.beside.say("ok", t("slot_given"))
        self.load()

    # ---- a new code

    def _begin(self) -> None:
        self._code = new_recovery_code()
        groups = self._code.groups
        clear(self.grid)
        for number, group in enumerate(groups):
            name = Text(t("code_group", number=number + 1), "caption", "ink_3")
            value = Text(group, "title", selectable=True)
            value.setAccessibleName(" ".join(group))
            self.grid.addWidget(frame(column(name, value, gap=0)), number // 4, number % 4)
        pick = random.SystemRandom()
        self._asked = asked_groups(len(groups), lambda count: pick.sample(range(count), 2))
        for field, line, number in zip(self.fields, self.lines, self._asked, strict=True):
            field.label.setText(t("code_group", number=number + 1))
            line.setAccessibleName(t("code_group", number=number + 1))
            line.set_value("")
            field.set_problem(None)
        self.told.quiet()
        self.beside.quiet()
        self.panel.show()
        self.print.setFocus()

    def _print(self) -> None:
        code, desk, paths = self._code, self.ctx.desk, self.ctx.station.paths
        if code is None:
            return

        def facts(con: Connection) -> tuple[str, str, str]:
            root = reads.subject_state(con, desk.station).root
            by = next((s.name for s in staff_of(con, desk) if s.id == desk.actor), "")
            return root.text("name"), root.text("code"), by

        def draw() -> list[Picture]:
            unit, number, by = desk.read(facts).result()
            second = str(paths.second or "")
            return pictures_of(code_sheet(code.groups, unit, number, second, by, desk.clock, desk.practice))

        self.told.wait(t("code_printing"))
        self.ctx.ask(self.ctx.station.file.work.aside(draw), self, self._drawn, self.told.fail)

    def _drawn(self, pictures: list[Picture]) -> None:
        try:
            sent = print_pictures(self, pictures, t("code_print"))
        except JobdeskError as error:
            self.told.fail(error)
            return
        if sent:
            self.told.say("ok", t("code_printed"))
        else:
            self.told.quiet()

    def _install(self) -> None:
        code = self._code
        if code is None:
            return
        wrong = False
        for field, line, number in zip(self.fields, self.lines, self._asked, strict=True):
            right = same_group(line.value(), code.groups[number])
            field.set_problem(None if right else t("code_group_wrong"))
            wrong = wrong or not right
        if wrong:
            return
        self.told.wait(t("code_installing"))
        self.ctx.ask(
            install_recovery(self.ctx.station, code), self, lambda _n: self._installed(), self.told.fail
        )

    def _installed(self) -> None:
        self.forget()
        self.beside.say("info", t("code_installed"), t("code_installed_more"))
        self.load()
