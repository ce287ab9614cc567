"""规则包: what is in use, a new file with what it would change for whom, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from jobdesk.cases.errors import Refused
from jobdesk.services.policies import Taken
from jobdesk.services.rule_packs import PacksHere, load_packs, roll_back
from jobdesk.services.staffing import staff_of
from jobdesk.store.station_file import Changes
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Banner, Button, Card, Chip, Field, Text, TextInput, clear, column, flow, frame, row
from jobdesk.ui.settings.beside import Beside, page
from jobdesk.ui.settings.pack_offer import PackOffer
from jobdesk.ui.settings.packs_state import PackLine, left_out_words, lines_of, shipped_words, t
from jobdesk.ui.settings.section import Section


class PacksPage(Section):
    """Taking in and rolling back are acts of their own, each told and kept."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.told = column(gap=6)
        self.now = column(gap=10)
        self.past = column(gap=8)
        self.shipped = Text("", "caption", "ink_2", wrap=True)
        self.choose = Button(t("choose"), "primary", icon="folder", on_click=self._choose)
        self.offer = PackOffer(ctx, self._taken, self.choose)
        self.beside = Beside()
        self.reason = TextInput("", placeholder=t("reason_placeholder"))
        self.go_back = Button(t("rollback_now"), "danger", on_click=self._roll_back)
        self.keep = Button(t("rollback_not"), on_click=self._ask_no_more)
        self._asking: Taken | None = None
        self.asked = Text("", wrap=True)
        self.question = frame(
            column(self.asked, Field(t("reason"), self.reason), row(self.go_back, self.keep, None), gap=8,
                   pad=(10, 8, 10, 10)), "warn_soft",
        )  # fmt: skip
        self.question.hide()
        self.past_card = Card(self.past, title=t("past_title"))
        self.hold(
            page(
                t("title"),
                t("note"),
                frame(self.told),
                Card(
                    column(
                        row(self.choose, (Text(t("choose_note"), "caption", "ink_2", wrap=True), 1), gap=12),
                        self.beside,
                        self.offer,
                        gap=10,
                    ),
                    title=t("new_title"),
                ),
                Card(column(self.now, self.question, self.shipped, gap=10), title=t("now_title")),
                self.past_card,
            )
        )

    def arrive(self, detail: str = "") -> None:
        desk = self.ctx.desk
        people = desk.read(lambda con: {s.id: s.name for s in staff_of(con, desk)})

        def with_names(names: Mapping[str, str]) -> None:
            self.ctx.ask(load_packs(desk), self, lambda here: self._loaded(here, names), self.beside.fail)

        self.ctx.ask(people, self, with_names, self.beside.fail)
        if detail:
            self.read(Path(detail))

    def leave(self) -> None:
        self.offer.stop()

    def read(self, path: Path) -> None:
        """Look at a file that was chosen."""
        self.beside.quiet()
        self.offer.read(path, self.beside.fail)

    def _choose(self) -> None:
        chosen = QFileDialog.getOpenFileName(self, t("choose"), "", t("choose_filter"))[0]
        if chosen:
            self.read(Path(chosen))

    def _loaded(self, here: PacksHere, names: Mapping[str, str]) -> None:
        clear(self.told)
        for left in here.left_out:
            said, more = left_out_words(left)
            self.told.addWidget(Banner("trouble", said, more=more))
        now, past = lines_of(here, names)
        for layout, lines in ((self.now, now), (self.past, past)):
            clear(layout)
            for line in lines:
                layout.addWidget(self._line(line))
        if not now:
            self.now.addWidget(Text(t("now_none"), "body", "ink_2", wrap=True))
        self.past_card.setVisible(bool(past))
        self.shipped.set_text(t("shipped", packs=shipped_words(here)))

    def _line(self, line: PackLine) -> QWidget:
        words = column(
            flow(Text(line.title, bold=line.in_use, wrap=True), *self._marks(line)),
            Text(line.about, "caption", "ink_2", wrap=True, selectable=True), gap=2,
        )  # fmt: skip
        if not line.in_use:
            return frame(words)
        back = Button(t("rollback"), icon="undo", on_click=lambda: self._ask(line))
        return frame(row((words, 1), back, gap=12))

    def _marks(self, line: PackLine) -> list[QWidget]:
        if line.in_use:
            return [Chip(t("in_use"), "ok") if line.usable else Chip(t("not_usable"), "bad")]
        return [Chip(t("was_rolled_back" if line.taken.rolled_back_on else "was_replaced"))]

    def _ask(self, line: PackLine) -> None:
        self._asking = line.taken
        self.asked.set_text(t("rollback_what", name=line.title))
        self.reason.set_value("")
        self.question.show()
        self.reason.setFocus()

    def _ask_no_more(self) -> None:
        self._asking = None
        at = cast("QWidget | None", self.window().focusWidget())
        if at is not None and self.question.isAncestorOf(at):
            self.choose.setFocus(Qt.FocusReason.OtherFocusReason)
        self.question.hide()

    def _roll_back(self) -> None:
        taken = self._asking
        if taken is None:
            return
        try:
            future = roll_back(self.ctx.desk, taken.kind, taken.name, self.reason.value())
        except Refused as error:
            self.beside.fail(error)
            return
        self._ask_no_more()
        self.ctx.save(future, self, t("rolled_back", name=taken.name), self._taken, self.beside.fail)

    def _taken(self, _changes: Changes) -> None:
        self.ctx.renew_calendar()
        self.arrive()
