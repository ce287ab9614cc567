"""显示: the theme, switched at once; how to get larger letters."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from jobdesk.cases.errors import BadInput
from jobdesk.host.settings_file import read_settings, write_settings
from jobdesk.ui import theme
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Card, Choice, Field, Segments, Text, column
from jobdesk.ui.settings.beside import Beside, page
from jobdesk.ui.settings.section import Section
from jobdesk.ui.settings.state import t

THEMES = ("system", "light", "dark")


class DisplayPage(Section):
    """The theme belongs to this PC and stands in its settings file."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.themes = Segments([Choice(v, t(f"theme_{v}")) for v in THEMES])
        self.themes.setMaximumWidth(360)
        self.beside = Beside()
        looks = Field(t("theme"), self.themes, hint=t("theme_note"))
        size = column(
            Text(t("size_note"), wrap=True), Text(t("size_how"), "caption", "ink_2", wrap=True), gap=4
        )
        self.hold(
            page(
                t("section.display"),
                t("display_note"),
                Card(column(looks, self.beside)),
                Card(size, title=t("size")),
                Card(_keys(), title=t("keys")),
            )
        )
        self.themes.chosen.connect(self._chosen)

    @property
    def settings_file(self) -> Path:
        """The practice station has no settings of its own: those of the PC count."""
        paths = self.ctx.station.paths
        return paths.data.parent / paths.settings.name if self.ctx.desk.practice else paths.settings

    def arrive(self, detail: str = "") -> None:
        def job(_con: object) -> str:
            try:
                return read_settings(self.settings_file).get("theme", "system")
            except BadInput:
                return theme.mode()

        self.ctx.ask(self.ctx.desk.read(job), self, self.themes.set_value, self.beside.fail)

    def _chosen(self, wanted: str) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            mode = theme.system_mode() if wanted == "system" else "dark" if wanted == "dark" else "light"
            theme.apply(application, mode)
        file = self.settings_file
        future = self.ctx.station.file.work.aside(lambda: write_settings(file, theme=wanted))
        self.ctx.ask(future, self, lambda _none: self.beside.quiet(), self.beside.fail)


def _keys() -> Text:
    return Text(t("keys_text"), "body", "ink_2", wrap=True)
