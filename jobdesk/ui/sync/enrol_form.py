"""Enrolling by hand: the server's address and the code of the county, errors with the way out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from jobdesk.cases.enrolment_code import parse_enrolment_code
from jobdesk.cases.errors import BadInput, JobdeskError
from jobdesk.host.strings import has, text
from jobdesk.sync.transport import Transport
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Notice
from jobdesk.ui.kit import Button, Field, Text, TextInput, column, row
from jobdesk.ui.settings.beside import Beside
from jobdesk.ui.sync.making import enrol_now, http
from jobdesk.ui.sync.state import t


class EnrolForm(QWidget):
    """Typed by whoever holds the code. What was typed stays where it did not work."""

    def __init__(self, ctx: Context, line: Callable[[str], Transport] = http) -> None:
        super().__init__()
        self.ctx, self._line = ctx, line
        self.server = TextInput(placeholder="https://")
        self.code = TextInput(placeholder="XXXX-XXXX-XXXX-XXXX", width=260)
        self.server_field = Field(t("its_server"), self.server, needed=True, label_width=96)
        self.code_field = Field(t("code"), self.code, hint=t("code_hint"), needed=True, label_width=96)
        self.go = Button(t("enrol"), "primary", on_click=self.enrol)
        self.beside = Beside()
        self.note = Text(t("enrol_note"), "caption", "ink_2", wrap=True)
        self.setLayout(
            column(
                self.note,
                self.server_field,
                self.code_field,
                row(104, self.go, None, gap=0),
                self.beside,
                gap=10,
            )
        )
        self.server.returnPressed.connect(self.enrol)
        self.code.returnPressed.connect(self.enrol)
        self.server.typed.connect(lambda _text: self.server_field.set_problem(None))
        self.code.typed.connect(lambda _text: self.code_field.set_problem(None))

    def offer_server(self, server: str) -> None:
        """IT has set it: nobody types it, nobody changes it here."""
        if server:
            self.server.set_value(server)
        self.server.setEnabled(not server)
        self.server.setToolTip(text("policy.by_unit") if server else "")

    def again(self, server: str) -> None:
        """The server knows this machine no longer: the same server, another code."""
        self.note.set_text(t("enrol_again"))
        if not self.server.value():
            self.server.set_value(server)

    def enrol(self) -> None:
        """Check what can be checked here, then ask the server."""
        from jobdesk.sync.enrolling import checked_server

        if not self.go.isEnabled():
            return
        self.beside.quiet()
        server = self._held(self.server_field, self.server.value(), lambda v: checked_server(v))
        code = self._held(self.code_field, self.code.value(), lambda v: parse_enrolment_code(v).text)
        if not server or not code:
            return
        if self.go.hasFocus():
            self.code.setFocus()  # a button that cannot be pressed hands the cursor on, out of this page
        self.go.refuse(t("enrolling"))
        self.beside.wait(t("enrolling"))
        station, desk = self.ctx.station, self.ctx.desk
        self.ctx.ask(enrol_now(station, desk, server, code, self._line), self, self._enrolled, self._failed)

    def _held(self, field: Field, value: str, check: Callable[[str], str]) -> str:
        """The value as it is used; empty where it will not do, and the field says why."""
        if not value:
            field.set_problem(t("needed"))
            return ""
        try:
            field.set_problem(None)
            return check(value)
        except BadInput as error:
            field.set_problem(text(f"error.{error.code}", **error.params))
            return ""

    def _enrolled(self, station: str) -> None:
        self.go.refuse("")
        self.beside.quiet()
        self.code.set_value("")
        self.ctx.hub.notice.emit(Notice(t("enrolled", name=station)))
        if self.ctx.sync is not None:
            self.ctx.sync.now()
            self.ctx.sync.renew()

    def _failed(self, error: Exception) -> None:
        self.go.refuse("")
        way = f"sync.page.way_enrol_{getattr(error, 'code', '')}"
        if isinstance(error, JobdeskError) and has(way):
            line = error.code == "no_line"  # its usual sentence is about what was saved, not about enrolling
            server = self.server.value()
            said = t("enrol_no_line", server=server) if line else text(f"error.{error.code}", **error.params)
            self.beside.say("trouble", said, text(way))
        else:
            self.beside.fail(error)
