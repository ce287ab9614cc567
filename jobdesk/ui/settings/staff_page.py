"""人员: who works here, who acts, whose account this is; leaving with a successor."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from jobdesk.services.session import this_account
from jobdesk.services.staffing import (
    HandOver,
    StaffMember,
    WorkLeft,
    add_staff,
    bind_account,
    end_staff,
    rename_staff,
    staff_of,
    take_back_ending,
    work_left,
)
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed, Notice
from jobdesk.ui.kit import (
    Button,
    Card,
    Chip,
    Choice,
    DropDown,
    ElidedText,
    Face,
    Field,
    Text,
    TextInput,
    clear,
    column,
    flow,
    frame,
    row,
    rule,
)
from jobdesk.ui.settings.beside import Beside, page
from jobdesk.ui.settings.section import Section
from jobdesk.ui.settings.state import handed_said, t, work_said


class StaffPage(Section):
    """Everybody at work here, those who left below; one form at a time opens under a person."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._staff: list[StaffMember] = []
        self._open: QWidget | None = None
        self._list = column(gap=6)
        self._former = column(gap=4)
        self.add_name = TextInput(placeholder=t("staff_name_hint"), width=220)
        self.add = Field(t("staff_add"), self.add_name, label_width=84)
        self.add_button = Button(t("staff_add_do"), "primary", on_click=self._add)
        self.beside = Beside()
        self.former_card = Card(self._former, title=t("staff_former"))
        body = column(self._list, rule(), row(self.add, self.add_button, None), self.beside, gap=12)
        self.hold(page(t("section.staff"), t("staff_note"), Card(body), self.former_card))
        self.add_name.typed.connect(lambda _typed: self.add.set_problem(None))
        self.add_name.returnPressed.connect(self._add)
        ctx.desk_changed.connect(lambda _desk: self._show())

    def arrive(self, detail: str = "") -> None:
        desk = self.ctx.desk
        self.ctx.ask(desk.read(lambda con: staff_of(con, desk)), self, self._loaded, self.beside.fail)

    def _loaded(self, staff: list[StaffMember]) -> None:
        self._staff = staff
        self._show()

    def _show(self) -> None:
        clear(self._list)
        clear(self._former)
        self._open = None
        for member in self._staff:
            if member.is_active:
                self._list.addWidget(self._line(member))
            else:
                said = t("staff_until", name=member.name, day=member.until)
                self._former.addWidget(Text(said, "body", "ink_2", wrap=True))
        self.former_card.setVisible(any(not s.is_active for s in self._staff))

    def _line(self, member: StaffMember) -> QWidget:
        acts, account = member.id == self.ctx.desk.actor, this_account()
        chips: list[QWidget] = [Chip(t("staff_acts"), "accent")] if acts else []
        if member.account:
            mine = member.account == account
            chips.append(Chip(t("staff_account", account=member.account), "ok" if mine else "plain"))
        words = column(ElidedText(member.name, bold=True), flow(*chips) if chips else 0, gap=2)
        buttons: list[QWidget] = []
        if not acts:
            buttons.append(Button(t("staff_act"), on_click=lambda: self._act_as(member.id)))
        if account and member.account != account:
            buttons.append(Button(t("staff_bind"), on_click=lambda: self._bind(member, account)))
        elif member.account:
            buttons.append(Button(t("staff_unbind"), on_click=lambda: self._bind(member, "")))
        place = column(gap=6)
        holder = frame(place)
        holder.hide()
        buttons.append(Button(t("staff_rename"), on_click=lambda: self._rename(member, holder)))
        buttons.append(Button(t("staff_end"), on_click=lambda: self._end(member, holder)))
        names = frame(words)
        names.setMinimumWidth(150)
        head = row(Face(member.name), (names, 1), gap=10)
        return frame(column(head, flow(*buttons), holder, gap=8, pad=(12, 10, 12, 10)), "soft")

    def _act_as(self, staff_id: str) -> None:
        self.ctx.set_desk(self.ctx.desk.as_actor(staff_id))
        self._show()

    def _bind(self, member: StaffMember, account: str) -> None:
        said = t("staff_bound", name=member.name) if account else t("staff_unbound", name=member.name)
        future = bind_account(self.ctx.desk, member.id, account)
        self.ctx.save(future, self, said, lambda _c: self.arrive(), self.beside.fail)

    def _add(self) -> None:
        name = self.add_name.value()
        if not name:
            self.add.set_problem(t("staff_name_needed"))
            return
        if any(s.is_active and s.name == name for s in self._staff):
            self.add.set_problem(t("staff_same_name"))
            return
        self.add_name.set_value("")
        future = add_staff(self.ctx.desk, name)
        self.ctx.save(future, self, t("staff_added", name=name), lambda _c: self.arrive(), self.beside.fail)

    # ---- forms under a person

    def _unfold(self, holder: QWidget, *parts: QWidget) -> None:
        if self._open is not None and self._open is not holder:
            self._open.hide()
        layout = holder.layout()
        assert layout is not None
        clear(layout)
        for part in (rule(), *parts):
            layout.addWidget(part)
        holder.show()
        self._open = holder

    def _rename(self, member: StaffMember, holder: QWidget) -> None:
        line = TextInput(member.name, width=220)
        field = Field(t("staff_new_name"), line, hint=t("staff_rename_note"), label_width=84)

        def save() -> None:
            if not line.value():
                field.set_problem(t("staff_name_needed"))
                return
            future = rename_staff(self.ctx.desk, member.id, line.value())
            self.ctx.save(future, self, t("staff_renamed"), lambda _c: self.arrive(), self.beside.fail)

        line.returnPressed.connect(save)
        buttons = frame(row(Button(t("save"), "primary", on_click=save), self._cancel(holder), None))
        self._unfold(holder, field, buttons)
        line.setFocus()
        line.selectAll()

    def _cancel(self, holder: QWidget) -> Button:
        return Button(t("cancel"), on_click=holder.hide)

    def _end(self, member: StaffMember, holder: QWidget) -> None:
        words = Text(t("work_counting"), "body", "ink_2", wrap=True)
        others = [Choice(s.id, s.name) for s in self._staff if s.is_active and s.id != member.id]
        pick = DropDown(others, nothing=t("staff_successor_choose"))
        pick.setMaximumWidth(260)
        field = Field(t("staff_successor"), pick, label_width=84)
        told = Beside()
        do = Button(t("staff_end_do"), "primary")
        do.setEnabled(False)
        self._unfold(holder, words, field, frame(row(do, self._cancel(holder), None)), told)

        def counted(left: WorkLeft) -> None:
            words.set_text(work_said(left), "ink")
            field.setVisible(bool(left.total))
            if left.total and not others:
                do.refuse(t("staff_nobody_else"))
                told.say("problem", t("staff_nobody_else"))
                return
            do.refuse("")

        def end() -> None:
            if not field.isHidden() and not pick.value():
                field.set_problem(t("staff_successor_needed"))
                return
            do.setEnabled(False)
            told.wait(t("staff_handing"))
            future = end_staff(self.ctx.desk, member.id, pick.value() or None)
            self.ctx.ask(future, self, lambda done: self._ended(member, pick.value(), done), told.fail)

        do.clicked.connect(lambda _checked=False: end())
        pick.chosen.connect(lambda _v: field.set_problem(None))
        self.ctx.ask(work_left(self.ctx.desk, member.id), holder, counted, told.fail)

    def _ended(self, member: StaffMember, successor_id: str, done: HandOver) -> None:
        successor = next((s.name for s in self._staff if s.id == successor_id), "")
        self._tell(done)

        def undo() -> None:
            future = take_back_ending(self.ctx.desk, done)
            self.ctx.ask(future, self, lambda _u: self._tell(done), self.beside.fail)

        self.ctx.hub.notice.emit(Notice(handed_said(done, member.name, successor), undo))
        if member.id == self.ctx.desk.actor and successor_id:
            self._act_as(successor_id)

    def _tell(self, done: HandOver) -> None:
        touched = frozenset(s.id for c in done.changes for s in c.subjects)
        self.ctx.hub.changed.emit(Changed(touched))
        self.arrive()
