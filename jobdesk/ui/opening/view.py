"""Layout of the page that opens a station: a card for each way in, one of them in sight."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit import Button, Field, Icon, Scroll, Text, TextInput, column, flow, frame, row
from jobdesk.ui.opening.state import t

LABEL = 102


class Heading:
    """An icon, a title and what to do."""

    def __init__(self, picture: str, title: str, note: str) -> None:
        self.title = Text(title, "strong", wrap=True)
        self.note = Text(note, "body", "ink_2", wrap=True)
        words = column(self.title, self.note, gap=4)
        self.layout = row(Icon(picture, "warn", 24), (words, 1), gap=12)


class CodeForm(QWidget):
    """The recovery code, its groups checked while it is typed."""

    def __init__(self) -> None:
        super().__init__()
        self.heading = Heading("key", t("code_title"), t("code_note"))
        self.line = TextInput(placeholder=t("code_hint"))
        self.field = Field(t("code"), self.line, label_width=LABEL)
        self.go = Button(t("code_do"), "primary", keys="Ctrl+Enter")
        self.setLayout(column(self.heading.layout, self.field, row(self.go, None), gap=14))


class LockedForm(QWidget):
    """Who holds the file."""

    def __init__(self) -> None:
        super().__init__()
        self.heading = Heading("lock", t("locked_title"), "")
        self.setLayout(column(self.heading.layout, gap=14))


class OtherForm(QWidget):
    """Anything else in the way, in its own words."""

    def __init__(self) -> None:
        super().__init__()
        self.heading = Heading("alert", t("other_title"), "")
        self.setLayout(column(self.heading.layout, gap=14))


class DamagedForm(QWidget):
    """Backups on offer, the journal, the code."""

    def __init__(self) -> None:
        super().__init__()
        self.heading = Heading("error", t("damaged_title"), t("damaged_note"))
        self.backups = QListWidget()
        self.backups.setAccessibleName(t("damaged_backups"))
        self.backups.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.backups.setFixedHeight(148)
        self.nothing = Text(t("damaged_none"), "body", "ink_2", wrap=True)
        self.choose = Button(t("damaged_choose"), icon="folder")
        self.journal_line = TextInput(placeholder=t("damaged_journal_hint"))
        self.journal_choose = Button(t("damaged_journal_choose"), icon="folder")
        journal = frame(row((self.journal_line, 1), self.journal_choose))
        journal.setFocusProxy(self.journal_line)
        self.journal = Field(t("damaged_journal"), journal, label_width=LABEL)
        self.line = TextInput(placeholder=t("code_hint"))
        self.field = Field(t("code"), self.line, hint=t("damaged_code_note"), label_width=LABEL)
        self.go = Button(t("damaged_do"), "primary", keys="Ctrl+Enter")
        self.setLayout(
            column(
                self.heading.layout, Text(t("damaged_backups"), bold=True), self.backups, self.nothing,
                row(self.choose, None), self.journal, self.field, row(self.go, None), None, gap=10,
            )
        )  # fmt: skip


class OpeningView(QWidget):
    """Title over a card; the other ways stand at its foot."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.setProperty("look", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.code, self.locked, self.damaged, self.other = (
            CodeForm(),
            LockedForm(),
            DamagedForm(),
            OtherForm(),
        )
        self.forms: dict[str, QWidget] = {
            "code": self.code, "locked": self.locked, "damaged": self.damaged, "other": self.other,
        }  # fmt: skip
        self.pages = frame(column(*self.forms.values(), gap=0))
        self.notices = column(gap=6)
        self.retry = Button(t("retry"), icon="sync")
        self.use_code = Button(t("use_code"), icon="key")
        self.use_backup = Button(t("use_backup"), icon="undo")
        body = column(
            self.notices, self.pages, flow(self.retry, self.use_code, self.use_backup), None,
            gap=14, pad=(24, 20, 24, 20),
        )  # fmt: skip
        card = frame(body, "card")
        where = Text(t("place", path=folder), "caption", "ink_2", wrap=True, selectable=True)
        inside = frame(
            column(Text(text("app.name"), "display"), Text(t("title"), "body", "ink_2"), card, where, None,
                   gap=10, pad=(28, 28, 28, 22))
        )  # fmt: skip
        inside.setMaximumWidth(760)
        self.setLayout(column((Scroll(frame(row(None, (inside, 20), None, gap=0))), 1), gap=0))
