"""本机: what IT has set, greyed, and whose signed files count."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from jobdesk.host import publishers
from jobdesk.host.publisher_key import parse_publisher
from jobdesk.host.strings import text
from jobdesk.ui.context import Context
from jobdesk.ui.kit import (
    Banner,
    Button,
    Card,
    Chip,
    Field,
    Text,
    TextInput,
    clear,
    column,
    frame,
    row,
)
from jobdesk.ui.settings.beside import Beside, page, pair
from jobdesk.ui.settings.machine_state import ManagedLine, PublisherLine, managed_lines, publisher_lines
from jobdesk.ui.settings.section import Section
from jobdesk.ui.settings.state import t


class MachinePage(Section):
    """Read anew whenever it comes in sight: IT may have changed something meanwhile."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.told = column(gap=6)
        self.managed = column(gap=8)
        self.keys = column(gap=6)
        self.line = TextInput(placeholder=t("publisher_hint"))
        self.add = Button(t("publisher_add"), icon="plus", on_click=self._add)
        self.field = Field(t("publisher_new"), frame(row((self.line, 1), self.add)), label_width=100)
        self.beside = Beside()
        keys = column(Text(t("publishers_note"), "caption", "ink_2", wrap=True), self.keys, self.field,
                      self.beside, gap=10)  # fmt: skip
        self.hold(
            page(
                t("section.machine"), t("machine_note"), self.told,
                Card(self.managed, title=text("policy.by_unit")), Card(keys, title=t("publishers")),
            )
        )  # fmt: skip
        self.line.returnPressed.connect(self._add)

    def arrive(self, detail: str = "") -> None:
        config = self.ctx.read_config()
        clear(self.told)
        for complaint in config.policy.complaints:
            self.told.addWidget(Banner("trouble", complaint.said, more=t("unit_tell")))
        clear(self.managed)
        lines = managed_lines(config)
        for line in lines:
            self.managed.addWidget(_managed(line))
        if not lines:
            self.managed.addWidget(Text(t("unit_nothing"), "body", "ink_2", wrap=True))
        clear(self.keys)
        for key in publisher_lines(config):
            self.keys.addWidget(self._key(key))
        locked = config.policy.value("only_publishers") == "on"
        self.line.setEnabled(not locked)
        self.add.refuse(text("policy.by_unit") if locked else "")
        self.field.set_hint(text("policy.by_unit") if locked else t("publisher_beware"))

    def leave(self) -> None:
        self.beside.quiet()

    def _key(self, key: PublisherLine) -> QWidget:
        words = column(
            Text(key.name, wrap=True), Text(t("publisher_id", key_id=key.key_id), "caption", "ink_2"), gap=1
        )
        if key.by_unit:
            return frame(row((words, 1), Chip(text("policy.by_unit")), gap=10))
        remove = Button(t("publisher_remove"), on_click=partial(self._remove, key))
        return frame(row((words, 1), remove, gap=10))

    def _add(self) -> None:
        typed = self.line.value()
        if not typed.strip():
            self.field.set_problem(t("publisher_needed"))
            return
        config = self.ctx.read_config()

        def job() -> str:
            key = parse_publisher(typed)
            publishers.trust(config, key)
            return key.name

        self.field.set_problem(None)
        self.ctx.ask(self.ctx.station.file.work.aside(job), self, self._added, self.beside.fail)

    def _added(self, name: str) -> None:
        self.line.set_value("")
        self.arrive()
        self.beside.say("ok", t("publisher_added", name=name))

    def _remove(self, key: PublisherLine) -> None:
        config = self.ctx.read_config()
        future = self.ctx.station.file.work.aside(lambda: publishers.distrust(config, key.key_id))
        self.ctx.ask(future, self, lambda _none: self._removed(key), self.beside.fail)

    def _removed(self, key: PublisherLine) -> None:
        self.arrive()
        self.beside.say("ok", t("publisher_removed", name=key.name))


def _managed(line: ManagedLine) -> QWidget:
    value = TextInput()
    value.set_value(line.value)
    value.setCursorPosition(0)
    value.setAccessibleName(line.name)
    value.setAccessibleDescription(text("policy.by_unit"))
    value.setEnabled(False)
    if not line.note:
        return frame(pair(line.name, value))
    return Field(line.name, value, hint=line.note, label_width=114)
