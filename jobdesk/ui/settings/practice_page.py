"""练习站: invented people to try everything on, in a file of their own."""

from __future__ import annotations

from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, Card, Text, column, flow
from jobdesk.ui.settings.beside import Beside, page
from jobdesk.ui.settings.section import Section
from jobdesk.ui.settings.state import t


class PracticePage(Section):
    """Opening it and making it anew."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        here = ctx.desk.practice
        self.words = Text(t("practice_here" if here else "practice_what"), wrap=True)
        self.open = Button(t("practice_open"), "primary", icon="graduate", on_click=self._open)
        self.reset = Button(t("practice_reset"), icon="undo", on_click=self._ask_reset)
        self.sure = Button(t("practice_reset_do"), "danger", on_click=self._reset)
        self.sure.hide()
        self.beside = Beside()
        self.back = Button(t("practice_back"), "primary", icon="log-out", on_click=self._back)
        (self.open if here else self.back).hide()
        body = column(self.words, flow(self.open, self.back, self.reset, self.sure), self.beside, gap=12)
        self.hold(page(t("section.practice"), t("practice_note"), Card(body)))

    def arrive(self, detail: str = "") -> None:
        self.sure.hide()
        self.beside.quiet()
        away = t("practice_unavailable")
        self.open.refuse("" if self.ctx.request_practice else away)
        self.back.refuse("" if self.ctx.request_own_station else away)
        self.reset.refuse("" if self.ctx.request_practice_reset else away)

    def _open(self) -> None:
        if self.ctx.request_practice is not None:
            self.open.setEnabled(False)
            self.beside.wait(t("practice_opening"))
            self.ctx.request_practice()

    def _back(self) -> None:
        if self.ctx.request_own_station is not None:
            self.ctx.request_own_station()

    def _ask_reset(self) -> None:
        self.sure.show()
        self.sure.setFocus()
        self.beside.say("info", t("practice_reset_what"))

    def _reset(self) -> None:
        if self.ctx.request_practice_reset is not None:
            self.sure.hide()
            self.beside.wait(t("practice_resetting"))
            self.ctx.request_practice_reset()
