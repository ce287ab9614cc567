"""Layout of the first-run page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QListWidget, QStackedWidget, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit import (
    Button,
    Card,
    Field,
    Icon,
    Scroll,
    Stages,
    Text,
    TextInput,
    column,
    frame,
    row,
    rule,
)

LABEL = 102
FORM, UNDER_FORM = (4, 2, 10, 2), (4, 0, 0, 0)
"""Room around a form and around the buttons under it: they begin on one line."""


class PlaceEditor(QWidget):
    """A line to type in, the finds under it, and the place taken."""

    def __init__(self) -> None:
        super().__init__()
        self.line = TextInput(placeholder=text("first_run.place_hint"))
        self.line.setAccessibleName(text("first_run.place"))
        self.finds = QListWidget()
        self.finds.setUniformItemSizes(True)
        self.finds.setAccessibleName(text("first_run.place_finds"))
        self.finds.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.finds.hide()
        self.setFocusProxy(self.line)
        self.setLayout(column(self.line, self.finds, gap=4))


class FolderEditor(QWidget):
    """A folder typed or chosen."""

    def __init__(self, name: str, hint: str = "first_run.folder_hint") -> None:
        super().__init__()
        self.line = TextInput(placeholder=text(hint))
        self.line.setAccessibleName(name)
        self.browse = Button(text("first_run.browse"), icon="folder")
        self.setFocusProxy(self.line)
        self.setLayout(row((self.line, 1), self.browse))


class StartView(QWidget):
    """Who we are and where the second copy goes."""

    def __init__(self) -> None:
        super().__init__()
        self.unit = Field(
            text("first_run.unit"), TextInput(placeholder=text("first_run.unit_hint")), label_width=LABEL
        )
        self.place_editor = PlaceEditor()
        self.place = Field(text("first_run.place"), self.place_editor, label_width=LABEL)
        self.community = Field(
            text("first_run.community"),
            TextInput(placeholder=text("first_run.community_hint")),
            label_width=LABEL,
        )
        self.clerk = Field(text("first_run.clerk"), TextInput(width=180), label_width=LABEL)
        self.folder_editor = FolderEditor(text("first_run.second"))
        self.second = Field(
            text("first_run.second"),
            self.folder_editor,
            hint=text("first_run.second_hint"),
            label_width=LABEL,
        )
        self.next = Button(text("first_run.next"), "primary", keys="Ctrl+Enter")
        self.waiting = Text("", "caption", "ink_2", wrap=True)
        form = column(
            Text(text("first_run.start_title"), "strong"),
            Text(text("first_run.start_note"), "caption", "ink_2", wrap=True),
            2,
            self.unit,
            self.place,
            self.community,
            self.clerk,
            self.second,
            None,
            gap=10,
            pad=FORM,
        )
        self.setLayout(
            column((Scroll(frame(form)), 1), row(self.next, (self.waiting, 1), pad=UNDER_FORM), gap=10)
        )


class CodeView(QWidget):
    """The recovery code, shown once; two of its groups asked back."""

    def __init__(self) -> None:
        super().__init__()
        self.grid = QGridLayout()
        self.grid.setSpacing(8)
        self.print = Button(text("first_run.print_code"), icon="printer")
        self.first = Field("", TextInput(width=170), label_width=56)
        self.second = Field("", TextInput(width=170), label_width=56)
        self.back = Button(text("first_run.back"))
        self.make = Button(text("first_run.create"), "primary", keys="Ctrl+Enter")
        self.waiting = Text("", "caption", "ink_2", wrap=True)
        self.printed = Text("", "caption", "ok", wrap=True)
        form = column(
            Text(text("first_run.code_title"), "strong"),
            Text(text("first_run.code_note"), "body", "ink_2", wrap=True),
            frame(column(self.grid, pad=(16, 14, 16, 14)), "soft"),
            row(self.print, (self.printed, 1)),
            rule(),
            Text(text("first_run.code_ask"), bold=True, wrap=True),
            row((self.first, 1), (self.second, 1)),
            None,
            gap=10,
            pad=FORM,
        )
        self.setLayout(
            column(
                (Scroll(frame(form)), 1), row(self.back, self.make, (self.waiting, 1), pad=UNDER_FORM), gap=10
            )
        )


class RestoreView(QWidget):
    """Backup, journal, recovery code."""

    def __init__(self) -> None:
        super().__init__()
        self.backup_editor = FolderEditor(text("first_run.backup"), "first_run.backup_hint")
        self.backup = Field(text("first_run.backup"), self.backup_editor, label_width=LABEL)
        self.journal_editor = FolderEditor(text("first_run.journal"))
        self.journal = Field(
            text("first_run.journal"),
            self.journal_editor,
            hint=text("first_run.journal_hint"),
            label_width=LABEL,
        )
        self.code = Field(
            text("first_run.code"), TextInput(placeholder=text("first_run.code_hint")), label_width=LABEL
        )
        self.back = Button(text("first_run.back"))
        self.restore = Button(text("first_run.restore_do"), "primary", keys="Ctrl+Enter")
        self.waiting = Text("", "caption", "ink_2", wrap=True)
        form = column(
            Text(text("first_run.restore_title"), "strong"),
            Text(text("first_run.restore_note"), "caption", "ink_2", wrap=True),
            2,
            self.backup,
            self.journal,
            self.code,
            None,
            gap=10,
            pad=FORM,
        )
        self.setLayout(
            column(
                (Scroll(frame(form)), 1),
                row(self.back, self.restore, (self.waiting, 1), pad=UNDER_FORM),
                gap=10,
            )
        )


class OtherWays(QWidget):
    """Beside the form: restore, practise, and what is promised."""

    def __init__(self) -> None:
        super().__init__()
        self.restore = Button(text("first_run.restore"), icon="undo")
        self.practice = Button(text("first_run.practice"), icon="users")
        promises = column(
            *(_promise(name) for name in ("promise_local", "promise_twice", "promise_nobody")), gap=10
        )
        ways = frame(
            column(
                Card(
                    column(
                        Text(text("first_run.practice_note"), "caption", "ink_2", wrap=True),
                        self.practice,
                        gap=8,
                    ),
                    title=text("first_run.practice_title"),
                ),
                Card(
                    column(
                        Text(text("first_run.restore_short"), "caption", "ink_2", wrap=True),
                        self.restore,
                        gap=8,
                    ),
                    title=text("first_run.restore_card"),
                ),
                frame(promises, "clear"),
                None,
                gap=12,
            ),
            "clear",
        )
        self.setLayout(column((Scroll(ways), 1)))


def _promise(name: str) -> QWidget:
    return frame(
        row(Icon("check", "ok", 16), (Text(text(f"first_run.{name}"), "caption", "ink_2", wrap=True), 1))
    )


class FirstRunView(QWidget):
    """The whole page: title and stages over a card and the other ways."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.stages = Stages(
            [text("first_run.stage_unit"), text("first_run.stage_code"), text("first_run.stage_done")]
        )
        self.start, self.code, self.restore = StartView(), CodeView(), RestoreView()
        self.ways = OtherWays()
        self.pages = QStackedWidget()
        for page in (self.start, self.code, self.restore):
            self.pages.addWidget(page)
        self.notices = column(gap=6)
        self.card = frame(column(self.notices, (self.pages, 1), gap=8, pad=(22, 18, 14, 14)), "card")
        self.card.setMaximumWidth(680)
        self.ways.setFixedWidth(300)
        head = column(
            row(Text(text("app.name"), "display"), None, gap=12),
            row((Text(text("first_run.welcome"), "body", "ink_2", wrap=True), 1), self.stages),
            gap=4,
        )
        body = frame(
            column(head, 4, (row((self.card, 1), self.ways, gap=20), 1), gap=10, pad=(28, 22, 28, 22))
        )
        body.setMaximumWidth(1060)
        self.setLayout(row(None, (body, 20), None, gap=0))
